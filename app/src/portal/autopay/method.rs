//! Adding or replacing a method on file, without paying.

use billing::portal::{CannotKeep, CannotPay};
use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::organizations::{CardSaving, PortalMethod};
use domain::payment_methods::PREFERENCES;
use leptos::prelude::*;

use super::{done, refusal};
use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::wallet::{self, KeepPlace, KeepSelect, MethodFields, places};
use crate::ui::{Icon, Place, Problems as Complaint, Tab, TokenField};

pub fn page(kind: PortalMethod) -> &'static str {
    match kind {
        PortalMethod::Card => "autopay/card",
        PortalMethod::Ach => "autopay/bank",
    }
}

pub fn place(kind: PortalMethod) -> Place {
    Place::new(Tab::Account, page(kind))
}

pub async fn load(mut portal: Portal, kind: PortalMethod, asked: &Asked) -> Result<Page> {
    if !portal.me.may_keep() || !portal.me.takes(kind) {
        return Err(Error::NotFound("page"));
    }
    let t = portal.texts;
    let places = places(portal.texts, &portal.me.on_file_now().await?);
    let wanted = asked.number("place").filter(|place| PREFERENCES.contains(place));
    // Shown inside the form, where it belongs to the fields.
    let flash = portal.flash.take();
    let title = wallet::title(t, kind);
    let page = Page::signed_in(portal, place(kind), title, move |portal| content(portal, kind, places, wanted, flash));
    Ok(if kind == PortalMethod::Card { page.with_islands() } else { page })
}

fn content(
    portal: &Portal,
    kind: PortalMethod,
    places: Vec<KeepPlace>,
    wanted: Option<i64>,
    flash: Option<Flash>,
) -> impl IntoView + use<> {
    let t = portal.texts;
    let token = portal.form_token.clone();
    let back = place(kind).to("autopay");
    view! {
        <div class="narrow">
            <a class="back-link" href=back.clone()><Icon name="back" class="icon icon-directed"/>{t.autopay()}</a>
            <h1>{wallet::title(t, kind)}</h1>
            <p class="page-intro">{t.keep_method_intro(&portal.me.org.name)}</p>
            <form class="entrance-form" method="post" autocomplete="on" novalidate>
                {flash.clone().map(|flash| view! { <Complaint flash/> })}
                <TokenField token/>
                <MethodFields t kind flash=flash.clone()/>
                <KeepSelect t saving=CardSaving::Force places wanted flash/>
                <div class="checkout-actions">
                    <button class="button button-primary button-large">{t.save()}</button>
                    <a class="button button-large" href=back>{t.cancel()}</a>
                </div>
            </form>
        </div>
    }
}

/// Has the processor check and keep the method.
pub async fn keep(portal: &Portal, kind: PortalMethod, form: &Form) -> Result<Answer> {
    let (t, me) = (portal.texts, &portal.me);
    let preference: Option<i64> = form.get("place").and_then(|place| place.parse().ok());
    let again = match preference {
        Some(preference) => format!("{}?place={preference}", page(kind)),
        None => page(kind).to_owned(),
    };
    let secret = match wallet::read(t, kind, form, me.today()) {
        Ok(secret) => secret,
        Err(problems) => return Ok(Answer::to(again).saying(wallet::again(t, form, &problems))),
    };
    match me.keep_method(preference.unwrap_or_default(), secret).await {
        Ok(_) => Ok(Answer::to("autopay").saying(done(t.method_saved()))),
        Err(CannotKeep::Pay(CannotPay::Failed(Error::Unavailable(cause)))) => {
            tracing::warn!(%cause, "method not kept");
            let flash = complaint(t.method_not_checked(), &Problems::one("", t.nothing_saved_try_again()));
            Ok(Answer::to(again).saying(Flash { values: wallet::remembered(form), ..flash }))
        }
        Err(CannotKeep::Pay(CannotPay::Failed(error))) => Err(error),
        Err(why) => {
            let flash = refusal(portal, &why)?;
            // There is no page for it.
            let again = if matches!(why, CannotKeep::Pay(CannotPay::NotTaken)) { "autopay".to_owned() } else { again };
            Ok(Answer::to(again).saying(Flash { values: wallet::remembered(form), ..flash }))
        }
    }
}
