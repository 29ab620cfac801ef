//! The second step of signing in: a code of the authenticator app, or a recovery code. Until then the session opens
//! nothing else, and says nothing of the customer.

use billing::credentials::SignedIn;
use billing::passkeys::{self, Ceremony};
use billing::second_factors::{self, Factors};
use billing::sessions::Stage;
use billing::{Error, Result};
use domain::checks::Problems;
use leptos::prelude::*;

use crate::forms::{Answer, Form, complaint};
use crate::guard::{PasskeyRequest, Portal};
use crate::page::Page;
use crate::ui::{
    Bare, Field, Input, PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, Place, Problems as Complaint, TokenField, assertion,
};

pub const HERE: Place = Place { page: "secondFactor", tab: None };

/// Of a code as it is typed, with blanks.
const CODE_MAX: u32 = 40;

pub async fn load(portal: Portal) -> Result<Page> {
    let signed_in = SignedIn::new(&portal.me, portal.session)?;
    if portal.standing.stage != Stage::SecondFactor {
        return Err(Error::NotFound("page"));
    }
    let factors = portal.me.factors(signed_in.contact).await?;
    let (t, org) = (portal.texts, portal.me.org.name.clone());
    let is_wrong = portal.flash.is_some();
    let title = if is_wrong { t.error_title(t.second_factor()) } else { t.second_factor().to_owned() };
    let page = Page::new(t, format!("{title} · {org}"), move || view(portal, org, factors));
    Ok(if factors.has_passkey { page.with_script(PASSKEYS_SCRIPT) } else { page })
}

fn view(portal: Portal, org: String, factors: Factors) -> impl IntoView {
    let t = portal.texts;
    let flash = portal.flash.clone().map(|flash| view! { <Complaint flash/> });
    let text = if factors.has_authenticator { t.second_step_text() } else { t.second_step_passkey_text() };
    let code = factors.has_authenticator.then(|| code(&portal));
    let passkey = factors.has_passkey.then(|| {
        let request = PasskeyRequest::of(&portal, Ceremony::SignIn);
        view! { <PasskeyForm words=PasskeyWords::sign_in(t) token=portal.form_token.clone() request/> }
    });
    view! {
        <Bare t org>
            <div class="narrow">
                <h1>{t.second_factor()}</h1>
                <p class="page-intro">{text}</p>
                {flash}
                {code}
                {passkey}
                <form class="entrance-links" method="post" action=HERE.to("logout")>
                    <TokenField token=portal.form_token/>
                    <button class="button button-quiet">{t.cancel()}</button>
                </form>
            </div>
        </Bare>
    }
}

fn code(portal: &Portal) -> impl IntoView + use<> {
    let (t, flash, token) = (portal.texts, portal.flash.clone(), portal.form_token.clone());
    let input = Input {
        is_literal: true,
        length_max: Some(CODE_MAX),
        ..Input::text("code", t.second_step_code(), "one-time-code")
    };
    view! {
        <form class="entrance-form" method="post" novalidate>
            <TokenField token/>
            <Field input flash/>
            <button class="button button-primary button-large button-wide">{t.go_on()}</button>
        </form>
    }
}

pub async fn act(portal: &Portal, form: &Form) -> Result<Answer> {
    if portal.standing.stage != Stage::SecondFactor {
        return Err(Error::NotFound("page"));
    }
    let (t, me, standing) = (portal.texts, &portal.me, &portal.standing);
    let signed_in = SignedIn::new(me, portal.session)?;
    let proven = if form.get("credential_id").is_some() {
        let answer = assertion(form);
        passkeys::prove(me, signed_in, (standing, &portal.site), (&answer, &portal.client)).await?
    } else {
        let code = form.get("code").unwrap_or_default();
        second_factors::prove(me, signed_in, standing, (code, &portal.client)).await?
    };
    if let Some(standing) = proven {
        return Ok(Answer::to("home").standing(standing));
    }
    let problems = Problems::one("code", t.second_step_refused());
    Ok(Answer::to("secondFactor").saying(complaint(t.correct_fields(1), &problems)).failed())
}
