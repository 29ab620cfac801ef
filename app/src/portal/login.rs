//! The way in by user name and password, and the last page. The server checks and redirects.

use billing::quick_pay::is_offered;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Visitor;
use crate::page::Page;
use crate::portal::in_language;
use crate::ui::{Bare, Field, Icon, Input, PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, ResultPage, TokenField};

pub fn login(visitor: Visitor) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let is_wrong = visitor.failed;
    let page = Page::new(t, format!("{} · {org}", t.sign_in()), move || login_view(visitor, org));
    page.wrong(is_wrong).with_script(PASSKEYS_SCRIPT)
}

fn login_view(visitor: Visitor, org: String) -> impl IntoView {
    let t = visitor.texts;
    let ways = ["quickPay", "passkey", "forgotPassword", "forgotUsername"];
    let [quick_pay, by_passkey, no_password, no_username] = ways.map(|page| in_language(t, &visitor.org, page));
    let refused_by = visitor.failed.then_some("refusal");
    let username = Input { is_literal: true, refused_by, ..Input::text("username", t.username(), "username") };
    let passkey_next = visitor.next.clone();
    let next = visitor.next.map(|next| view! { <input type="hidden" name="next" value=next/> });
    let quick = is_offered(&visitor.org).then(|| {
        view! { <p class="entrance-links"><a href=quick_pay>{t.pay_without_signing_in()}</a></p> }
    });
    let password = Input { kind: "password", refused_by, ..Input::text("password", t.password(), "current-password") };
    view! {
        <Bare t org>
            <div class="narrow">
                <h1>{t.sign_in_title()}</h1>
                <p class="page-intro">{t.sign_in_intro()}</p>
                <form class="entrance-form" method="post">
                    {visitor.failed.then(|| refusal(t))}
                    {visitor.changed.then(|| changed(t))}
                    <TokenField token=visitor.form_token.clone()/>
                    {next}
                    <Field input=username flash=None/>
                    <Field input=password flash=None/>
                    <button class="button button-primary button-large button-wide">{t.sign_in()}</button>
                </form>
                <PasskeyForm words=PasskeyWords::sign_in(t) token=visitor.form_token request=visitor.passkey action=by_passkey next=passkey_next/>
                {quick}
                <p class="entrance-links">
                    <a href=no_password>{t.forgot_password()}</a>
                    <a href=no_username>{t.forgot_username()}</a>
                </p>
            </div>
        </Bare>
    }
}

/// The same for every reason.
fn refusal(t: Texts) -> impl IntoView {
    view! {
        <div class="alert alert-error" role="alert" id="refusal">
            <Icon name="alert"/>
            <p>{t.login_refused()}</p>
        </div>
    }
}

fn changed(t: Texts) -> impl IntoView {
    view! {
        <div class="alert alert-success" role="status">
            <Icon name="success"/>
            <p>{t.choose_password_saved()}</p>
        </div>
    }
}

/// With the way back to the merchant's own login, where the customer came from there.
pub fn signed_out(visitor: &Visitor, login_url: Option<String>) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let login = in_language(t, &visitor.org, "login");
    Page::new(t, format!("{} · {org}", t.signed_out()), move || signed_out_view(t, org, (login_url, login)))
}

fn signed_out_view(t: Texts, org: String, (login_url, login): (Option<String>, String)) -> impl IntoView {
    let (target, rel) = (login_url.as_ref().map(|_| "_top"), login_url.as_ref().map(|_| "noreferrer"));
    let href = login_url.unwrap_or(login);
    view! {
        <Bare t org>
            <ResultPage icon="check" title=t.signed_out_title()>
                <p class="result-note">{t.signed_out_text()}</p>
                <div class="cluster cluster-wide">
                    <a class="button button-primary" href=href rel=rel target=target>{t.sign_in_again()}</a>
                </div>
            </ResultPage>
        </Bare>
    }
}
