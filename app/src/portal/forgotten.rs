//! For whom who has forgotten the user name or the password (`api.md` §8.2). Nobody learns here whether there is such a
//! contact: all answers are the same.

use domain::access::Forgotten;
use domain::passwords::WeakPassword;
use http::StatusCode;
use leptos::prelude::*;

use crate::guard::Visitor;
use crate::page::Page;
use crate::portal::in_language;
use crate::portal::security::{new_password_inputs, why};
use crate::ui::{Bare, Field, Icon, Input, ResultPage, TokenField};

/// Asks what is still known.
pub fn forgot(visitor: Visitor, kind: Forgotten) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let (title, text) = match kind {
        Forgotten::Password => (t.forgot_password(), t.forgot_password_text()),
        Forgotten::Username => (t.forgot_username(), t.forgot_username_text()),
    };
    let input = match kind {
        Forgotten::Password => Input { is_literal: true, ..Input::text("username", t.username(), "username") },
        Forgotten::Username => {
            Input { kind: "email", is_literal: true, ..Input::text("email", t.email_address(), "email") }
        }
    };
    let other = match kind {
        Forgotten::Password => ("forgotUsername", t.forgot_username()),
        Forgotten::Username => ("forgotPassword", t.forgot_password()),
    };
    let [to_other, to_login] = [other.0, "login"].map(|page| in_language(t, &visitor.org, page));
    Page::new(t, format!("{title} · {org}"), move || {
        view! {
            <Bare t org>
                <div class="narrow">
                    <h1>{title}</h1>
                    <p class="page-intro">{text}</p>
                    <form class="entrance-form" method="post">
                        <TokenField token=visitor.form_token/>
                        <Field input flash=None/>
                        <button class="button button-primary button-large button-wide">{t.forgotten_send()}</button>
                    </form>
                    <p class="entrance-links"><a href=to_other>{other.1}</a><a href=to_login>{t.back_to_sign_in()}</a></p>
                </div>
            </Bare>
        }
    })
}

/// The same whatever was asked for.
pub fn sent(visitor: &Visitor) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let login = in_language(t, &visitor.org, "login");
    Page::new(t, format!("{} · {org}", t.forgotten_sent()), move || {
        view! {
            <Bare t org>
                <ResultPage icon="check" title=t.forgotten_sent()>
                    <p class="result-note">{t.forgotten_sent_text()}</p>
                    <div class="cluster cluster-wide">
                        <a class="button button-primary" href=login>{t.back_to_sign_in()}</a>
                    </div>
                </ResultPage>
            </Bare>
        }
    })
}

/// Why a new password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    Weak(WeakPassword),
    NotTheSame,
}

/// A new password, by the link of a mail.
pub fn reset(visitor: Visitor, not_taken: Option<NotTaken>) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let is_wrong = not_taken.is_some();
    let page = Page::new(t, format!("{} · {org}", t.choose_password()), move || {
        let problem = not_taken.map(|not_taken| match not_taken {
            NotTaken::Weak(weak) => why(t, weak),
            NotTaken::NotTheSame => t.passwords_differ().to_owned(),
        });
        let alert = problem.map(|text| {
            view! { <div class="alert alert-error" role="alert" id="refusal"><Icon name="alert"/><p>{text}</p></div> }
        });
        let refused_by = is_wrong.then_some("refusal");
        let [new, again] = new_password_inputs(t).map(|input| Input { refused_by, ..input });
        view! {
            <Bare t org>
                <div class="narrow">
                    <h1>{t.choose_password()}</h1>
                    <p class="page-intro">{t.choose_password_text()}</p>
                    <form class="entrance-form" method="post" novalidate>
                        {alert}
                        <TokenField token=visitor.form_token/>
                        <Field input=new flash=None/>
                        <Field input=again flash=None/>
                        <button class="button button-primary button-large button-wide">{t.choose_password_save()}</button>
                    </form>
                </div>
            </Bare>
        }
    });
    page.wrong(is_wrong)
}

/// The link leads nowhere any more, for whatever reason.
pub fn no_link(visitor: &Visitor) -> Page {
    let (t, org) = (visitor.texts, visitor.org.name.clone());
    let ask_again = in_language(t, &visitor.org, "forgotPassword");
    let page = Page::new(t, format!("{} · {org}", t.reset_over()), move || {
        let code = t.error_code(StatusCode::GONE.as_u16());
        view! {
            <Bare t org>
                <ResultPage icon="link" code title=t.reset_over()>
                    <p class="result-note">{t.reset_over_text()}</p>
                    <div class="cluster cluster-wide">
                        <a class="button button-primary" href=ask_again>{t.reset_ask_again()}</a>
                    </div>
                </ResultPage>
            </Bare>
        }
    });
    page.with_status(StatusCode::GONE)
}
