//! The authenticator app: set up with a first code, taken away, and the recovery codes that come with it.

use std::fmt::Write;

use billing::credentials::SignedIn;
use billing::second_factors::{self, Enrolment, Factors};
use billing::sessions::{Flash, Stage, Standing};
use billing::{Error, Result};
use domain::checks::Problems;
use domain::organizations::SecondFactor;
use leptos::prelude::*;
use qrcode::{Color, QrCode};
use texts::Texts;

use super::overview::{Part, Setting};
use super::{Change, changes, confirm, guarded, only_by_password, place};
use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Field, Input, Place, Problems as Complaint, TokenField};

pub const HERE: Place = place("security/authenticator");
pub const CODES: Place = place("security/codes");

/// Of a code as apps show it, with blanks.
const CODE_MAX: u32 = 12;
/// Modules around the picture that scanners need.
const QUIET: usize = 4;

/// Its part of the overview; none where it is not offered.
pub async fn summary(portal: &Portal) -> Result<Option<AnyView>> {
    let (t, org) = (portal.texts, &portal.me.org);
    let Some(contact) = portal.me.contact.filter(|_| second_factors::is_enabled(org)) else { return Ok(None) };
    let Factors { has_authenticator, codes_left, .. } = portal.me.factors(contact).await?;
    let (note, action) =
        if has_authenticator { (t.authenticator_on(), t.manage()) } else { (t.authenticator_off(), t.set_up()) };
    let left = has_authenticator.then(|| {
        let note = t.recovery_codes_left(codes_left);
        view! { <Setting name=t.recovery_codes() note to=HERE.page action=t.manage()/> }
    });
    let shown = view! {
        <Part id="second-factor" title=t.second_factor() text=t.second_factor_text()>
            <ul class="settings">
                <Setting name=t.authenticator() note to=HERE.page action/>
                {left}
            </ul>
        </Part>
    };
    Ok(Some(shown.into_any()))
}

pub async fn load(mut portal: Portal) -> Result<Page> {
    if !second_factors::is_enabled(&portal.me.org) {
        return Err(Error::NotFound("page"));
    }
    let Some(contact) = portal.me.contact else { return Ok(only_by_password(portal, HERE)) };
    let t = portal.texts;
    let factors = portal.me.factors(contact).await?;
    let username = portal.me.profile().await?.billing_contact.username.unwrap_or_default();
    let signed_in = SignedIn::new(&portal.me, portal.session)?;
    let begun = second_factors::enrolment(&portal.me, signed_in, &portal.standing, &username);
    let flash = if confirm::is_done(&portal) { portal.flash.take() } else { None };
    guarded(portal, HERE, t.authenticator(), move |portal| {
        let content = match begun {
            Some(begun) => adding(portal, &begun, flash),
            None if factors.has_authenticator => added(portal, factors),
            None => beginning(portal),
        };
        view! { <Change t place=HERE title=t.authenticator()>{content}</Change> }
    })
    .await
}

fn beginning(portal: &Portal) -> AnyView {
    let (t, token) = (portal.texts, portal.form_token.clone());
    let is_required = portal.standing.stage == Stage::Enrolment;
    let required = is_required.then(|| {
        let text = t.authenticator_required(&portal.me.org.name);
        view! { <p class="page-intro"><strong>{text}</strong></p> }
    });
    view! {
        {required}
        <p class="page-intro">{t.authenticator_intro()}</p>
        <form class="entrance-form" method="post">
            <TokenField token/>
            <input type="hidden" name="do" value="begin"/>
            <button class="button button-primary button-large">{t.set_up()}</button>
        </form>
    }
    .into_any()
}

fn adding(portal: &Portal, begun: &Enrolment, flash: Option<Flash>) -> AnyView {
    let (t, token) = (portal.texts, portal.form_token.clone());
    let input = Input {
        is_number: true,
        length_max: Some(CODE_MAX),
        ..Input::text("code", t.authenticator_code(), "one-time-code")
    };
    let picture = picture(&begun.url).map(|picture| {
        view! { <p class="page-intro">{t.authenticator_scan()}</p><Qr t picture/> }
    });
    view! {
        {flash.clone().map(|flash| view! { <Complaint flash/> })}
        {picture}
        <p class="page-intro">{t.authenticator_key()}</p>
        <p class="secret"><code>{begun.key.clone()}</code></p>
        <form class="entrance-form" method="post" novalidate>
            <TokenField token/>
            <Field input flash/>
            <div class="checkout-actions">
                <button class="button button-primary button-large">{t.authenticator_add()}</button>
            </div>
        </form>
    }
    .into_any()
}

fn added(portal: &Portal, factors: Factors) -> AnyView {
    let (t, token) = (portal.texts, portal.form_token.clone());
    let may_remove = portal.me.org.portal.second_factor != SecondFactor::Required;
    let remove = may_remove.then(|| {
        let token = portal.form_token.clone();
        view! {
            <form method="post">
                <TokenField token/>
                <input type="hidden" name="do" value="remove"/>
                <button class="button">{t.authenticator_remove()}</button>
            </form>
        }
    });
    view! {
        <p class="page-intro">{t.authenticator_on()}</p>
        <h2>{t.recovery_codes()}</h2>
        <p class="page-intro">{t.recovery_codes_left(factors.codes_left)}</p>
        <div class="checkout-actions">
            <form method="post">
                <TokenField token/>
                <input type="hidden" name="do" value="renew"/>
                <button class="button">{t.recovery_codes_renew()}</button>
            </form>
            {remove}
        </div>
    }
    .into_any()
}

/// A QR code as a path of unit squares, with the length of its side. None where the text is too long for one.
fn picture(text: &str) -> Option<(usize, String)> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            // Writing to a string does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
        }
    }
    Some((width + 2 * QUIET, path))
}

/// Black on white in any theme: that is what scanners read.
#[component]
fn Qr(t: Texts, picture: (usize, String)) -> impl IntoView {
    let (side, path) = picture;
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=t.authenticator_scan() shape-rendering="crispEdges">
            <rect width=side height=side fill="#fff"></rect>
            <path d=path fill="#000"></path>
        </svg>
    }
}

pub async fn act(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let here = Answer::to(HERE.page);
    match form.get("do") {
        Some("begin") => Ok(here.standing(second_factors::begin(&portal.me, signed_in, &portal.standing)?)),
        Some("remove") => {
            second_factors::remove(&portal.me, signed_in).await?;
            Ok(changes::done(t.authenticator_removed()))
        }
        Some("renew") => {
            let standing = second_factors::renew_codes(&portal.me, signed_in, &portal.standing).await?;
            Ok(Answer::to(CODES.page).standing(standing))
        }
        Some(_) => Err(Error::NotFound("page")),
        None => {
            let code = form.get("code").unwrap_or_default();
            let added = second_factors::add(&portal.me, signed_in, &portal.standing, code).await?;
            if let Some(standing) = added {
                return Ok(Answer::to(CODES.page).standing(standing));
            }
            let problems = Problems::one("code", t.authenticator_code_refused());
            Ok(here.saying(complaint(t.correct_fields(1), &problems)).failed())
        }
    }
}

/// The recovery codes, until they are kept: the session has them sealed, nobody else has them at all.
pub fn codes(portal: Portal) -> Result<Page> {
    let t = portal.texts;
    let signed_in = SignedIn::new(&portal.me, portal.session)?;
    let codes = second_factors::shown_codes(&portal.me, signed_in, &portal.standing).ok_or(Error::NotFound("page"))?;
    Ok(Page::signed_in(portal, CODES, t.recovery_codes_keep(), move |portal| {
        let token = portal.form_token.clone();
        let codes = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
        view! {
            <Change t place=CODES title=t.recovery_codes_keep()>
                <p class="page-intro">{t.recovery_codes_keep_text()}</p>
                <ul class="codes">{codes}</ul>
                <form class="entrance-form" method="post">
                    <TokenField token/>
                    <button class="button button-primary button-large">{t.recovery_codes_kept()}</button>
                </form>
            </Change>
        }
    }))
}

pub fn keep_codes(portal: &Portal) -> Answer {
    Answer::to("security").standing(Standing { recovery_codes: None, ..portal.standing.clone() })
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_picture_has_its_three_corners_and_a_quiet_edge() {
        let (side, path) = picture("otpauth://totp/Acme:jdoe?secret=ABCDEFGH").unwrap();
        for corner in ["M4 4h", &format!("M{} 4h", side - 5), &format!("M4 {}h", side - 5)] {
            assert!(path.contains(corner), "{corner}");
        }
        assert!(!path.contains("M3 ") && !path.contains(" 3h"));
        assert_eq!(picture(&"x".repeat(5000)), None);
    }
}
