//! Pages without session that say one thing: whole documents, rendered to text.

use http::StatusCode;
use leptos::prelude::*;

use crate::guard::Assets;
use crate::ui::{Bare, Document, ResultPage, language};

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

pub const NOT_FOUND: (&str, &str) = ("We can’t find this page", "It may have moved, or its address is not complete.");
pub const FORBIDDEN: (&str, &str) =
    ("You can’t do this", "Your session may have ended, or this page was opened twice. Sign in and try again.");
pub const UNAVAILABLE: (&str, &str) =
    ("We can’t show this right now", "Please try again in a minute. If you were paying, look at your payments first.");
pub const FAILED: (&str, &str) = (
    "Something went wrong on our side",
    "We have been told. If you were paying, look at your payments before you try again.",
);

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
    fn words(&self, merchant: &str) -> (&'static str, String) {
        let fixed = |(title, text): (&'static str, &str)| (title, text.to_owned());
        match self {
            Notice::NotFound => fixed(NOT_FOUND),
            Notice::LinkUsed => (
                "This link was already used",
                format!(
                    "For your safety it opens your account only once. Go back to {merchant} and open your account \
                     again from there."
                ),
            ),
            Notice::LinkExpired => (
                "This link is too old",
                format!("It works for half an hour. Go back to {merchant} and open your account again from there."),
            ),
            Notice::Forbidden => fixed(FORBIDDEN),
            Notice::TooMany => ("Too many attempts", "Please wait a minute, then try again.".to_owned()),
            Notice::Unavailable => fixed(UNAVAILABLE),
            Notice::Failed { .. } => fixed(FAILED),
            Notice::SessionOver { .. } => {
                ("Your session is over", "For your safety it ends when it is not used for a while.".to_owned())
            }
        }
    }
}

/// The page that says it. `visitor`: the organization's name, where there is one.
pub fn notice(visitor: Option<&str>, assets: &Assets, notice: Notice) -> String {
    let org = visitor.map(str::to_owned);
    let (title, text) = notice.words(visitor.unwrap_or("the page that you came from"));
    let page_title = org.as_ref().map_or(title.to_owned(), |org| format!("{title} · {org}"));
    let code = format!("Error {}", notice.status().as_u16());
    let icon = notice.icon();
    let lang = language(None);
    let css = assets.css.clone();
    Owner::new().with(move || {
        let body = view! {
            <Bare org>
                <ResultPage icon code title>
                    <p class="result-note">{text}</p>
                    {way_on(notice)}
                </ResultPage>
            </Bare>
        };
        view! { <Document lang css stylesheet=None title=page_title body=body.into_any()/> }.to_html()
    })
}

fn way_on(notice: Notice) -> AnyView {
    let sign_in = || {
        view! { <div class="cluster cluster-wide"><a class="button button-primary" href="/widget/login">"Sign in"</a></div> }
    };
    match notice {
        Notice::Failed { reference } => {
            view! { <p class="reference">{format!("Reference {reference}")}</p> }.into_any()
        }
        Notice::SessionOver { login_url: Some(url) } => view! {
            <div class="cluster cluster-wide">
                <a class="button button-primary" href=url rel="noreferrer" target="_top">"Sign in"</a>
            </div>
        }
        .into_any(),
        Notice::SessionOver { login_url: None } | Notice::Forbidden => sign_in().into_any(),
        Notice::NotFound | Notice::LinkUsed | Notice::LinkExpired | Notice::TooMany | Notice::Unavailable => {
            ().into_any()
        }
    }
}
