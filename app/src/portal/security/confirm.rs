//! The current password, asked for once more before anything that could take the account away from its owner.

use billing::Result;
use billing::credentials::{self, SignedIn};
use billing::sessions::Stage;
use domain::checks::Problems;
use domain::contacts::Password;
use leptos::prelude::*;

use super::Change;
use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Field, Input, Place, Problems as Complaint, TokenField};

/// Whoever must set up a second factor has typed the password just before.
pub fn is_done(portal: &Portal) -> bool {
    portal.standing.stage == Stage::Enrolment || credentials::is_confirmed(&portal.me, &portal.standing)
}

/// In place of the page that it leads to, at the same address.
pub fn page(mut portal: Portal, place: Place) -> Page {
    let (t, flash) = (portal.texts, portal.flash.take());
    let is_wrong = flash.as_ref().is_some_and(|flash| flash.is_error);
    let title = if is_wrong { t.error_title(t.confirm_yourself()) } else { t.confirm_yourself().to_owned() };
    Page::signed_in(portal, place, &title, move |portal| {
        let token = portal.form_token.clone();
        let current =
            Input { kind: "password", ..Input::text("current_password", t.current_password(), "current-password") };
        view! {
            <Change t place title=t.confirm_yourself()>
                <p class="page-intro">{t.confirm_yourself_text()}</p>
                <form class="entrance-form" method="post" novalidate>
                    {flash.clone().map(|flash| view! { <Complaint flash/> })}
                    <TokenField token/>
                    <Field input=current flash/>
                    <div class="checkout-actions">
                        <button class="button button-primary button-large">{t.go_on()}</button>
                        <a class="button button-large" href=place.to("security")>{t.cancel()}</a>
                    </div>
                </form>
            </Change>
        }
    })
}

pub async fn act(portal: &Portal, signed_in: SignedIn, page: &str, form: &Form) -> Result<Answer> {
    let password = Password::new(form.raw("current_password").unwrap_or_default());
    let here = Answer::to(format!("security/{page}"));
    let confirmed = credentials::confirm(&portal.me, signed_in, &portal.standing, &password).await?;
    if let Some(standing) = confirmed {
        return Ok(here.standing(standing));
    }
    let t = portal.texts;
    let problems = Problems::one("current_password", t.current_password_refused());
    Ok(here.saying(complaint(t.correct_fields(1), &problems)).failed())
}
