//! The way in by user name and password, and the last page. The server checks and redirects.

use leptos::prelude::*;

use crate::guard::Visitor;
use crate::page::Page;
use crate::ui::{Bare, Field, Icon, Input, ResultPage, TokenField};

const USERNAME: Input = Input { is_literal: true, ..Input::text("username", "Username", "username") };
const PASSWORD: Input = Input { kind: "password", ..Input::text("password", "Password", "current-password") };

pub fn login(visitor: Visitor) -> Page {
    let org = visitor.org.name.clone();
    let title = if visitor.failed { "Error: sign in" } else { "Sign in" };
    Page::new(format!("{title} · {org}"), move || login_view(visitor, org))
}

fn login_view(visitor: Visitor, org: String) -> impl IntoView {
    view! {
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

pub fn signed_out(visitor: &Visitor) -> Page {
    let org = visitor.org.name.clone();
    Page::new(format!("Signed out · {org}"), move || signed_out_view(org))
}

fn signed_out_view(org: String) -> impl IntoView {
    view! {
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
