//! The second step of signing in: a code of the authenticator app, or a recovery code. Until then the session opens
//! nothing else, and says nothing of the customer.

use billing::credentials::SignedIn;
use billing::passkeys::{self, Ceremony};
use billing::second_factors::{self, Factors};
use billing::sessions::Stage;
use billing::{Error, Result};
use domain::checks::Problems;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::forms::{Answer, Form, complaint};
use crate::guard::{PasskeyRequest, Portal};
use crate::page::{Asked, Page};
use crate::portal::is_page;
use crate::ui::{
    Bare, Field, Input, PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, Place, Problems as Complaint, TokenField, assertion,
};

pub const HERE: Place = Place { page: "secondFactor", tab: None };

/// The page that signing in leads to.
const NEXT: &str = "next";
/// Of a code as it is typed, with blanks.
const CODE_MAX: u32 = 40;

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let signed_in = SignedIn::new(&portal.me, portal.session)?;
    if portal.standing.stage != Stage::SecondFactor {
        return Err(Error::NotFound("page"));
    }
    let factors = portal.me.factors(signed_in.contact).await?;
    let (t, org) = (portal.texts, portal.me.org.name.clone());
    let next = asked.get(NEXT).filter(|page| is_page(page)).map(str::to_owned);
    let page = Page::new(t, format!("{} · {org}", t.second_factor()), move || view(portal, (org, next), factors));
    Ok(if factors.has_passkey { page.with_script(PASSKEYS_SCRIPT) } else { page })
}

fn view(portal: Portal, (org, next): (String, Option<String>), factors: Factors) -> impl IntoView {
    let t = portal.texts;
    let flash = portal.flash.clone().map(|flash| view! { <Complaint flash/> });
    let text = if factors.has_authenticator { t.second_step_text() } else { t.second_step_passkey_text() };
    let code = factors.has_authenticator.then(|| code(&portal, next.clone()));
    let passkey = factors.has_passkey.then(|| {
        let request = PasskeyRequest::of(&portal, Ceremony::SignIn);
        view! { <PasskeyForm words=PasskeyWords::sign_in(t) token=portal.form_token.clone() request next/> }
    });
    view! {
        <Bare t org>
            <div class="narrow">
                <h1>{t.second_factor()}</h1>
                <p class="page-intro">{text}" "{t.second_step_closes()}</p>
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

fn code(portal: &Portal, next: Option<String>) -> impl IntoView + use<> {
    let (t, flash, token) = (portal.texts, portal.flash.clone(), portal.form_token.clone());
    let input = Input {
        is_literal: true,
        length_max: Some(CODE_MAX),
        ..Input::text("code", t.second_step_code(), "one-time-code")
    };
    view! {
        <form class="entrance-form" method="post" novalidate>
            <TokenField token/>
            {next.map(|next| view! { <input type="hidden" name=NEXT value=next/> })}
            <Field input flash/>
            <button class="button button-primary button-large button-wide">{t.go_on()}</button>
        </form>
    }
}

/// The question, and where its answer leads.
pub fn asking_for(page: &str) -> String {
    // Home is where it leads by itself.
    if page == "home" || !is_page(page) {
        return HERE.page.to_owned();
    }
    format!("{}?{NEXT}={}", HERE.page, utf8_percent_encode(page, NON_ALPHANUMERIC))
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
    let next = form.get(NEXT).filter(|page| is_page(page));
    if let Some(standing) = proven {
        return Ok(Answer::to(next.unwrap_or("home")).standing(standing));
    }
    let problems = Problems::one("code", t.second_step_refused());
    let again = next.map_or(HERE.page.to_owned(), asking_for);
    Ok(Answer::to(again).saying(complaint(t.correct_fields(1), &problems)).failed())
}
