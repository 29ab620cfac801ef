//! The way in by user name and password, and the last page. The server checks and redirects.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::guard::visitor;
use crate::page::with_policy;
use crate::ui::{Bare, Field, Icon, Input, Place, ResultPage, Tab, TokenField, failed_page};

const USERNAME: Input = Input { is_literal: true, ..Input::text("username", "Username", "username") };
const PASSWORD: Input = Input { kind: "password", ..Input::text("password", "Password", "current-password") };

#[component]
pub fn LoginPage() -> impl IntoView {
    with_policy(None);
    let visitor = match visitor() {
        Ok(visitor) => visitor,
        Err(error) => return failed_page(None, Place::new(Tab::Home, "login"), crate::page::Failure::of(&error)),
    };
    let org = visitor.org.name.clone();
    let title = if visitor.failed { "Error: sign in" } else { "Sign in" };
    view! {
        <Title text=format!("{title} · {org}")/>
        <Bare org>
            <div class="narrow">
                <h1>"Sign in to your account"</h1>
                <p class="page-intro">"See your balance, pay invoices and download them."</p>
                <form class="entrance-form" method="post">
                    {visitor.failed.then(refusal)}
                    <TokenField token=visitor.form_token/>
                    <Field input=USERNAME flash=None/>
                    <Field input=PASSWORD flash=None/>
                    <button class="button button-primary button-large button-wide">"Sign in"</button>
                </form>
            </div>
        </Bare>
    }
    .into_any()
}

/// The same for every reason.
fn refusal() -> impl IntoView {
    view! {
        <div class="alert alert-error" role="alert">
            <Icon name="alert"/>
            <p>"Username or password is not right. Please try again."</p>
        </div>
    }
}

#[component]
pub fn SignedOutPage() -> impl IntoView {
    with_policy(None);
    let org = visitor().map(|visitor| visitor.org.name.clone()).ok();
    let title = org.as_ref().map_or("Signed out".to_owned(), |org| format!("Signed out · {org}"));
    view! {
        <Title text=title/>
        <Bare org>
            <ResultPage icon="check" title="You are signed out">
                <p class="result-note">"Thank you for your visit. You may close this page."</p>
                <div class="cluster cluster-wide">
                    <a class="button button-primary" href="login">"Sign in again"</a>
                </div>
            </ResultPage>
        </Bare>
    }
}
