//! A page and the merchant's page around it: what the script of every page, `public/portal.js`, knows and tells.

use std::sync::LazyLock;

use askama::Template;
use billing::sessions::{PAGES, Paid};
use domain::organizations::Organization;

use crate::ui::Markup;

/// The pages that the merchant's page may ask for, as the script reads them: `name=path`.
static WAYS: LazyLock<String> = LazyLock::new(|| {
    let ways = PAGES.iter().map(|(name, path)| format!("{name}={path}"));
    ways.collect::<Vec<_>>().join(" ")
});

/// What the script of a page is given. Nothing of it is secret: it stands in the page.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Who is talked to, exactly: those that may frame the page.
    origins: String,
    /// Seconds until the session is over, unless it is used; `None`: there is no session.
    ends_in: Option<i64>,
    /// Tells this customer from others, and nothing else of it.
    customer: Option<String>,
    /// What has just happened.
    event: Option<Event>,
}

/// What the merchant's page is told of, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Paid(Paid),
    SessionOver {
        /// To come back to, for whoever is let in again.
        page: Option<String>,
    },
    SignedOut,
}

impl Frame {
    pub fn of(org: &Organization) -> Frame {
        Frame { origins: org.embed_origins.join(" "), ..Frame::default() }
    }

    pub fn of_session(org: &Organization, customer: String, ends_in: i64) -> Frame {
        Frame { ends_in: Some(ends_in), customer: Some(customer), ..Frame::of(org) }
    }

    pub fn telling(self, event: Option<Event>) -> Frame {
        Frame { event, ..self }
    }

    /// The element that loads it.
    pub(crate) fn script(self, nonce: &str) -> Markup {
        let (event, paid, page) = match &self.event {
            Some(Event::Paid(paid)) => (Some("paid"), Some(paid), None),
            Some(Event::SessionOver { page }) => (Some("over"), None, page.as_deref()),
            Some(Event::SignedOut) => (Some("signed-out"), None, None),
            None => (None, None, None),
        };
        Markup::written(&Script { nonce, frame: &self, pages: &WAYS, event, paid, page })
    }
}

#[derive(Template)]
#[template(path = "script.html")]
struct Script<'a> {
    nonce: &'a str,
    frame: &'a Frame,
    pages: &'a str,
    event: Option<&'static str>,
    paid: Option<&'a Paid>,
    page: Option<&'a str>,
}
