//! Pages without session that say one thing: whole documents, rendered to text.

use domain::checks::{Problem, Problems};
use domain::organizations::Organization;
use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::frame::{Event, Frame};
use crate::guard::Assets;
use crate::page::{Nonce, policy, stylesheets};
use crate::ui::{Bare, BrandLogo, Document, ResultPage};

/// What there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    NotFound,
    LinkUsed {
        login_url: Option<String>,
    },
    LinkExpired {
        login_url: Option<String>,
    },
    /// A token that the merchant signed says what it must not.
    TokenWrong {
        problems: Problems,
    },
    Forbidden,
    /// Of another session, too old, or sent by somebody else; `back`: where it stands.
    FormTooOld {
        back: String,
    },
    TooMany,
    /// More was sent than any form of ours holds.
    TooLarge,
    Unavailable,
    Failed {
        reference: String,
    },
    SessionOver {
        login_url: Option<String>,
        /// To come back to.
        page: Option<String>,
    },
}

impl Notice {
    pub fn status(&self) -> StatusCode {
        match self {
            Notice::NotFound => StatusCode::NOT_FOUND,
            Notice::TokenWrong { .. } => StatusCode::BAD_REQUEST,
            Notice::LinkUsed { .. } | Notice::LinkExpired { .. } | Notice::SessionOver { .. } => StatusCode::GONE,
            Notice::Forbidden | Notice::FormTooOld { .. } => StatusCode::FORBIDDEN,
            Notice::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Notice::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Notice::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Notice::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn icon(&self) -> &'static str {
        match self {
            Notice::NotFound => "invoice",
            Notice::LinkUsed { .. } | Notice::LinkExpired { .. } | Notice::TokenWrong { .. } => "link",
            Notice::Forbidden | Notice::FormTooOld { .. } => "lock",
            Notice::TooMany | Notice::SessionOver { .. } => "clock",
            Notice::TooLarge | Notice::Unavailable | Notice::Failed { .. } => "bang",
        }
    }

    /// What the merchant's page hears: whether a fresh token would help.
    fn event(&self) -> Option<Event> {
        match self {
            Notice::LinkUsed { .. } | Notice::LinkExpired { .. } => Some(Event::SessionOver { page: None }),
            Notice::SessionOver { page, .. } => Some(Event::SessionOver { page: page.clone() }),
            Notice::NotFound
            | Notice::TokenWrong { .. }
            | Notice::Forbidden
            | Notice::FormTooOld { .. }
            | Notice::TooMany
            | Notice::TooLarge
            | Notice::Unavailable
            | Notice::Failed { .. } => None,
        }
    }

    /// A heading, and a sentence or two. `merchant`: where the visitor comes from.
    fn words(&self, t: Texts, merchant: &str) -> (&'static str, String) {
        let fixed = |title, text: &str| (title, text.to_owned());
        match self {
            Notice::NotFound => fixed(t.not_found_title(), t.not_found_text()),
            Notice::LinkUsed { .. } => (t.link_used_title(), t.link_used_text(merchant)),
            Notice::LinkExpired { .. } => (t.link_expired_title(), t.link_expired_text(merchant)),
            Notice::TokenWrong { .. } => (t.token_wrong_title(), t.token_wrong_text(merchant)),
            Notice::Forbidden => fixed(t.forbidden_title(), t.forbidden_text()),
            Notice::FormTooOld { .. } => fixed(t.form_too_old_title(), t.form_too_old_text()),
            Notice::TooMany => fixed(t.too_many_title(), t.too_many_text()),
            Notice::TooLarge => fixed(t.too_large_title(), t.too_large_text()),
            Notice::Unavailable => fixed(t.unavailable_title(), t.unavailable_text()),
            Notice::Failed { .. } => fixed(t.failed_title(), t.failed_text()),
            Notice::SessionOver { .. } => fixed(t.session_over_title(), t.session_over_text()),
        }
    }
}

/// The page that says it, and the policy that it is shown under. `org`: where there is one; `ancestors`: who may frame
/// the page.
pub fn notice(
    t: Texts,
    org: Option<&Organization>,
    ancestors: &str,
    assets: &Assets,
    notice: Notice,
) -> (String, String) {
    let name = org.map(|org| org.name.clone());
    let (title, text) = notice.words(t, name.as_deref().unwrap_or(t.where_you_came_from()));
    let page_title = name.as_ref().map_or(title.to_owned(), |name| format!("{title} · {name}"));
    let code = t.error_code(notice.status().as_u16());
    let icon = notice.icon();
    let css = assets.css.clone();
    let stylesheets = org.map(|org| stylesheets(org, None)).unwrap_or_default();
    let branding = org.map(|org| org.branding.clone()).unwrap_or_default();
    let nonce = Nonce::new();
    let policy = policy(ancestors, &nonce, None);
    let frame = org.map(Frame::of).unwrap_or_default().telling(notice.event());
    let html = Owner::new().with(move || {
        provide_context(BrandLogo(branding.logo));
        let (script, theme) = (frame.script(nonce.value()), branding.theme);
        let body = view! {
            <Bare t org=name>
                <ResultPage icon code title>
                    <p class="result-note">{text}</p>
                    {way_on(t, notice)}
                </ResultPage>
            </Bare>
        };
        view! { <Document t css stylesheets theme title=page_title script body=body.into_any()/> }.to_html()
    });
    (policy, html)
}

fn way_on(t: Texts, notice: Notice) -> AnyView {
    match notice {
        Notice::Failed { reference } => view! { <p class="reference">{t.reference(reference)}</p> }.into_any(),
        Notice::TokenWrong { problems } => {
            let item = |problem: &Problem| view! { <li>{problem.message.clone()}</li> };
            view! { <ul class="result-note">{problems.iter().map(item).collect_view()}</ul> }.into_any()
        }
        Notice::LinkUsed { login_url: Some(url) }
        | Notice::LinkExpired { login_url: Some(url) }
        | Notice::SessionOver { login_url: Some(url), .. } => view! {
            <div class="cluster cluster-wide">
                <a class="button button-primary" href=url rel="noreferrer" target="_top">{t.sign_in()}</a>
            </div>
        }
        .into_any(),
        Notice::FormTooOld { back } => to_page(back, t.back_to_page()),
        // To the page that was asked for, or whose form was sent.
        Notice::TooMany | Notice::Unavailable => to_page(String::new(), t.try_again()),
        Notice::TooLarge => to_page(String::new(), t.back_to_page()),
        Notice::SessionOver { login_url: None, .. } | Notice::Forbidden => {
            to_page("/widget/login".to_owned(), t.sign_in())
        }
        Notice::NotFound | Notice::LinkUsed { login_url: None } | Notice::LinkExpired { login_url: None } => {
            ().into_any()
        }
    }
}

fn to_page(address: String, label: &'static str) -> AnyView {
    view! { <div class="cluster cluster-wide"><a class="button button-primary" href=address>{label}</a></div> }
        .into_any()
}
