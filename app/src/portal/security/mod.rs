//! How the customer signs in, and where it is signed in.

mod authenticator;
mod changes;
mod confirm;
mod overview;
mod passkeys;

use std::future::ready;

use billing::credentials::SignedIn;
use billing::{Error, Result};
use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::Loading;
use crate::ui::{Icon, Place, ResultPage, Tab};

pub(super) use changes::{new_password_inputs, why};

/// A page below `security`.
pub fn load(portal: Portal, page: &str) -> (Place, Loading<'static>) {
    match page {
        "" => (overview::HERE, Box::pin(overview::load(portal))),
        "password" => (changes::PASSWORD, Box::pin(changes::password(portal))),
        "username" => (changes::USERNAME, Box::pin(changes::username(portal))),
        "email" => (changes::EMAIL, Box::pin(changes::email(portal))),
        "authenticator" => (authenticator::HERE, Box::pin(authenticator::load(portal))),
        "passkeys" => (passkeys::HERE, Box::pin(passkeys::load(portal))),
        "codes" => (authenticator::CODES, Box::pin(ready(authenticator::codes(portal)))),
        _ => (Place::nowhere(true), Box::pin(ready(Err(Error::NotFound("page"))))),
    }
}

/// What a form below `security` asks for.
pub async fn act(portal: &Portal, page: &str, form: &Form) -> Result<Answer> {
    if page.is_empty() {
        return overview::act(portal, form).await;
    }
    let signed_in = SignedIn::new(&portal.me, portal.session)?;
    if form.get("current_password").or(form.get("credential_id")).is_some() {
        return confirm::act(portal, signed_in, page, form).await;
    }
    if page == "codes" {
        return Ok(authenticator::keep_codes(portal));
    }
    if !confirm::is_done(portal) {
        return Ok(Answer::to(format!("security/{page}")));
    }
    match page {
        "password" => changes::change_password(portal, signed_in, form).await,
        "username" => changes::change_username(portal, signed_in, form).await,
        "email" => changes::change_email(portal, signed_in, form).await,
        "authenticator" => authenticator::act(portal, signed_in, form).await,
        "passkeys" => passkeys::act(portal, signed_in, form).await,
        _ => Err(Error::NotFound("page")),
    }
}

/// A page that the contact itself must ask for: an explanation for whom the merchant has let in, the question for
/// password or passkey where that was not asked a moment ago, or `content`.
async fn guarded<V: IntoView + 'static>(
    portal: Portal,
    place: Place,
    title: &'static str,
    content: impl FnOnce(&Portal) -> V + Send + 'static,
) -> Result<Page> {
    if portal.me.contact.is_none() {
        return Ok(only_by_password(portal, place));
    }
    if !confirm::is_done(&portal) {
        return confirm::page(portal, place).await;
    }
    Ok(Page::signed_in(portal, place, title, content))
}

fn only_by_password(portal: Portal, place: Place) -> Page {
    let t = portal.texts;
    let content = move |portal: &Portal| {
        let text = t.only_by_password_text(&portal.me.org.name);
        let code = t.error_code(StatusCode::FORBIDDEN.as_u16());
        view! {
            <ResultPage icon="lock" code title=t.only_by_password()>
                <p class="result-note">{text}</p>
                <div class="cluster cluster-wide">
                    <a class="button button-primary" href=place.to("../../login")>{t.sign_in()}</a>
                    <a class="button" href=place.to("account")>{t.back()}</a>
                </div>
            </ResultPage>
        }
    };
    Page::signed_in(portal, place, t.only_by_password(), content).with_status(StatusCode::FORBIDDEN)
}

/// The frame of the pages that change one thing.
#[component]
fn Change(t: Texts, place: Place, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <a class="back-link" href=place.to("security")><Icon name="back" class="icon icon-directed"/>" "{t.security()}</a>
        <div class="narrow narrow-start">
            <h1>{title}</h1>
            {children()}
        </div>
    }
}

const fn place(page: &'static str) -> Place {
    Place::new(Tab::Account, page)
}
