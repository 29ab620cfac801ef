//! Pages without session that say one thing: whole documents, rendered to text.

use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Assets;
use crate::ui::{Bare, Document, ResultPage};

/// What there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    NotFound,
    LinkUsed,
    LinkExpired,
    Forbidden,
    TooMany,
    Unavailable,
    Failed { reference: String },
    SessionOver { login_url: Option<String> },
}

impl Notice {
    pub fn status(&self) -> StatusCode {
        match self {
            Notice::NotFound => StatusCode::NOT_FOUND,
            Notice::LinkUsed | Notice::LinkExpired | Notice::SessionOver { .. } => StatusCode::GONE,
            Notice::Forbidden => StatusCode::FORBIDDEN,
            Notice::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Notice::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Notice::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn icon(&self) -> &'static str {
        match self {
            Notice::NotFound => "invoice",
            Notice::LinkUsed | Notice::LinkExpired => "link",
            Notice::Forbidden => "lock",
            Notice::TooMany | Notice::SessionOver { .. } => "clock",
            Notice::Unavailable | Notice::Failed { .. } => "bang",
        }
    }

    /// A heading, and a sentence or two. `merchant`: where the visitor comes from.
    fn words(&self, t: Texts, merchant: &str) -> (&'static str, String) {
        let fixed = |title, text: &str| (title, text.to_owned());
        match self {
            Notice::NotFound => fixed(t.not_found_title(), t.not_found_text()),
            Notice::LinkUsed => (t.link_used_title(), t.link_used_text(merchant)),
            Notice::LinkExpired => (t.link_expired_title(), t.link_expired_text(merchant)),
            Notice::Forbidden => fixed(t.forbidden_title(), t.forbidden_text()),
            Notice::TooMany => fixed(t.too_many_title(), t.too_many_text()),
            Notice::Unavailable => fixed(t.unavailable_title(), t.unavailable_text()),
            Notice::Failed { .. } => fixed(t.failed_title(), t.failed_text()),
            Notice::SessionOver { .. } => fixed(t.session_over_title(), t.session_over_text()),
        }
    }
}

/// The page that says it. `org`: its name, where there is one.
pub fn notice(t: Texts, org: Option<&str>, assets: &Assets, notice: Notice) -> String {
    let org = org.map(str::to_owned);
    let (title, text) = notice.words(t, org.as_deref().unwrap_or(t.where_you_came_from()));
    let page_title = org.as_ref().map_or(title.to_owned(), |org| format!("{title} · {org}"));
    let code = t.error_code(notice.status().as_u16());
    let icon = notice.icon();
    let css = assets.css.clone();
    Owner::new().with(move || {
        let body = view! {
            <Bare t org>
                <ResultPage icon code title>
                    <p class="result-note">{text}</p>
                    {way_on(t, notice)}
                </ResultPage>
            </Bare>
        };
        view! { <Document t css stylesheet=None title=page_title body=body.into_any()/> }.to_html()
    })
}

fn way_on(t: Texts, notice: Notice) -> AnyView {
    let sign_in = || {
        view! { <div class="cluster cluster-wide"><a class="button button-primary" href="/widget/login">{t.sign_in()}</a></div> }
    };
    match notice {
        Notice::Failed { reference } => view! { <p class="reference">{t.reference(reference)}</p> }.into_any(),
        Notice::SessionOver { login_url: Some(url) } => view! {
            <div class="cluster cluster-wide">
                <a class="button button-primary" href=url rel="noreferrer" target="_top">{t.sign_in()}</a>
            </div>
        }
        .into_any(),
        Notice::SessionOver { login_url: None } | Notice::Forbidden => sign_in().into_any(),
        Notice::NotFound | Notice::LinkUsed | Notice::LinkExpired | Notice::TooMany | Notice::Unavailable => {
            ().into_any()
        }
    }
}
