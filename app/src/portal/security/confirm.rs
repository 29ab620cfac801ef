//! The current password or a passkey, asked for once more before anything that could take the account away from its
//! owner.

use billing::credentials::{self, SignedIn};
use billing::passkeys::{self, Ceremony};
use billing::sessions::{Stage, Standing};
use billing::{Error, Result};
use domain::checks::Problems;
use domain::contacts::Password;
use leptos::prelude::*;

use super::Change;
use crate::forms::{Answer, Form, complaint};
use crate::guard::{PasskeyRequest, Portal};
use crate::page::Page;
use crate::ui::{
    Field, Input, PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, Place, Problems as Complaint, TokenField, assertion,
};

/// Whoever must set up a second factor has typed the password just before.
pub fn is_done(portal: &Portal) -> bool {
    portal.standing.stage == Stage::Enrolment || credentials::is_confirmed(&portal.me, &portal.standing)
}

/// In place of the page that it leads to, at the same address.
pub async fn page(mut portal: Portal, place: Place) -> Result<Page> {
    let contact = portal.me.contact.ok_or(Error::Denied)?;
    let has_passkey = portal.me.factors(contact).await?.has_passkey;
    let (t, flash) = (portal.texts, portal.flash.take());
    let page = Page::signed_in(portal, place, t.confirm_yourself(), move |portal| {
        let token = portal.form_token.clone();
        let current =
            Input { kind: "password", ..Input::text("current_password", t.current_password(), "current-password") };
        let passkey = has_passkey.then(|| {
            let request = PasskeyRequest::of(portal, Ceremony::Confirm(contact));
            view! { <PasskeyForm words=PasskeyWords::confirm(t) token=token.clone() request/> }
        });
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
                {passkey}
            </Change>
        }
    });
    Ok(if has_passkey { page.with_script(PASSKEYS_SCRIPT) } else { page })
}

pub async fn act(portal: &Portal, signed_in: SignedIn, page: &str, form: &Form) -> Result<Answer> {
    let (t, here) = (portal.texts, Answer::to(format!("security/{page}")));
    let (confirmed, problems) = if form.get("credential_id").is_some() {
        (by_passkey(portal, signed_in, form).await?, Problems::one("", t.passkey_confirm_refused()))
    } else {
        (by_password(portal, signed_in, form).await?, Problems::one("current_password", t.current_password_refused()))
    };
    Ok(match confirmed {
        Some(standing) => here.standing(standing),
        None => here.saying(complaint(t.correct_fields(1), &problems)).failed(),
    })
}

async fn by_password(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Option<Standing>> {
    let password = Password::new(form.raw("current_password").unwrap_or_default());
    credentials::confirm(&portal.me, signed_in, &portal.standing, &password).await
}

async fn by_passkey(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Option<Standing>> {
    passkeys::confirm(&portal.me, signed_in, (&portal.standing, &portal.site), &assertion(form)).await
}
