//! Another password, user name or email address.

use billing::credentials::{self, SignedIn};
use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::contacts::{EMAIL_MAX, Password, USERNAME_MAX, USERNAME_MIN};
use domain::passwords::{PASSWORD_MAX, PASSWORD_MIN, WeakPassword};
use leptos::prelude::*;
use texts::Texts;

use super::{Change, guarded, place};
use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Field, Input, Place, Problems as Complaint, TokenField};

pub const PASSWORD: Place = place("security/password");
pub const USERNAME: Place = place("security/username");
pub const EMAIL: Place = place("security/email");

/// The new password, and the same again.
pub(crate) fn new_password_inputs(t: Texts) -> [Input; 2] {
    let input = |name, label| Input { kind: "password", ..Input::text(name, label, "new-password") };
    [
        Input { hint: Some(t.new_password_hint()), ..input("new_password", t.new_password()) },
        input("repeated_password", t.new_password_again()),
    ]
}

pub async fn password(mut portal: Portal) -> Result<Page> {
    let (t, flash) = (portal.texts, inside(&mut portal));
    guarded(portal, PASSWORD, t.change_password(), move |portal| {
        let [new, again] = new_password_inputs(t);
        let fields = view! {
            <Field input=new flash=flash.clone()/>
            <Field input=again flash=flash.clone()/>
        };
        form(portal, PASSWORD, (t.change_password(), t.change_password_text()), flash, fields.into_any())
    })
    .await
}

pub async fn username(mut portal: Portal) -> Result<Page> {
    let contact = portal.me.profile().await?.billing_contact;
    let (t, flash) = (portal.texts, inside(&mut portal));
    guarded(portal, USERNAME, t.change_username(), move |portal| {
        let input = Input { is_literal: true, ..Input::text("username", t.username(), "username") };
        let typed = with(flash.clone(), "username", contact.username.unwrap_or_default());
        let fields = view! { <Field input flash=Some(typed)/> };
        form(portal, USERNAME, (t.change_username(), t.change_username_text()), flash, fields.into_any())
    })
    .await
}

pub async fn email(mut portal: Portal) -> Result<Page> {
    let contact = portal.me.profile().await?.billing_contact;
    let (t, flash) = (portal.texts, inside(&mut portal));
    guarded(portal, EMAIL, t.change_email(), move |portal| {
        let input = Input { kind: "email", is_literal: true, ..Input::text("email", t.email_address(), "email") };
        let typed = with(flash.clone(), "email", contact.email_primary);
        let fields = view! { <Field input flash=Some(typed)/> };
        form(portal, EMAIL, (t.change_email(), t.change_email_text()), flash, fields.into_any())
    })
    .await
}

/// What the last action had to say, to be shown inside the form where it belongs to the fields; the question for
/// password or passkey has it otherwise.
fn inside(portal: &mut Portal) -> Option<Flash> {
    if super::confirm::is_done(portal) { portal.flash.take() } else { None }
}

/// The field filled in with what was typed, or else with what is stored.
fn with(flash: Option<Flash>, name: &str, stored: String) -> Flash {
    let mut flash = flash.unwrap_or_default();
    if !flash.values.iter().any(|(field, _)| field == name) {
        flash.values.push((name.to_owned(), stored));
    }
    flash
}

fn form(
    portal: &Portal,
    place: Place,
    (title, text): (&'static str, &'static str),
    flash: Option<Flash>,
    fields: AnyView,
) -> impl IntoView + use<> {
    let (t, token) = (portal.texts, portal.form_token.clone());
    view! {
        <Change t place title>
            <p class="page-intro">{text}</p>
            <form class="entrance-form" method="post" novalidate>
                {flash.map(|flash| view! { <Complaint flash/> })}
                <TokenField token/>
                {fields}
                <div class="checkout-actions">
                    <button class="button button-primary button-large">{t.save()}</button>
                    <a class="button button-large" href=place.to("security")>{t.cancel()}</a>
                </div>
            </form>
        </Change>
    }
}

pub async fn change_password(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let typed = |name| Password::new(form.raw(name).unwrap_or_default());
    let (password, again) = (typed("new_password"), typed("repeated_password"));
    if password.expose() != again.expose() {
        return Ok(wrong(t, "password", ("repeated_password", t.passwords_differ().to_owned()), None));
    }
    Ok(match credentials::change_password(&portal.me, signed_in, &password).await? {
        Ok(()) => done(t.password_changed()),
        Err(weak) => wrong(t, "password", ("new_password", why(t, weak)), None),
    })
}

/// What is wrong with a password, and what to do.
pub(crate) fn why(t: Texts, weak: WeakPassword) -> String {
    match weak {
        WeakPassword::TooShort => t.password_too_short(PASSWORD_MIN),
        WeakPassword::TooLong => t.password_too_long(PASSWORD_MAX),
        WeakPassword::IsUsername => t.password_is_username().to_owned(),
        WeakPassword::TooCommon => t.password_too_common().to_owned(),
    }
}

pub async fn change_username(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Answer> {
    let (t, username) = (portal.texts, form.get("username").unwrap_or_default());
    let message = match credentials::change_username(&portal.me, signed_in, username).await {
        Ok(()) => return Ok(done(t.username_changed())),
        Err(Error::Invalid(_)) => t.username_length(USERNAME_MAX, USERNAME_MIN),
        Err(Error::Conflict(_)) => t.username_taken().to_owned(),
        Err(error) => return Err(error),
    };
    Ok(wrong(t, "username", ("username", message), Some(username)))
}

pub async fn change_email(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Answer> {
    let (t, email) = (portal.texts, form.get("email").unwrap_or_default());
    match credentials::change_email(&portal.me, signed_in, email).await {
        Ok(()) => Ok(done(t.email_changed())),
        Err(Error::Invalid(_)) => Ok(wrong(t, "email", ("email", t.email_wrong().to_owned()), Some(email))),
        Err(error) => Err(error),
    }
}

/// Back to the form, which tells what to correct and has what was typed, unless that is a secret.
fn wrong(t: Texts, page: &str, (field, message): (&str, String), typed: Option<&str>) -> Answer {
    let typed = typed.map(|typed| (field.to_owned(), typed.chars().take(EMAIL_MAX).collect()));
    let flash = complaint(t.correct_fields(1), &Problems::one(field, message));
    Answer::to(format!("security/{page}")).saying(Flash { values: typed.into_iter().collect(), ..flash })
}

/// Back to where it began, which says so.
pub(super) fn done(title: &str) -> Answer {
    Answer::to("security").saying(Flash { title: title.to_owned(), ..Flash::default() })
}
