//! A page and the merchant's page around it: what the script of every page, `public/portal.js`, knows and tells.

use billing::sessions::{PAGES, Paid};
use domain::organizations::Organization;
use leptos::prelude::*;

/// What the script of a page is given. Nothing of it is secret: it stands in the page.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Who is talked to, exactly: those that may frame the page.
    origins: String,
    /// Seconds until the session is over, unless it is used; `None`: there is no session.
    ends_in: Option<i64>,
    /// What has just happened.
    event: Option<Event>,
}

/// What the merchant's page is told of, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Paid(Paid),
    SessionOver,
    SignedOut,
}

impl Frame {
    pub fn of(org: &Organization) -> Frame {
        Frame { origins: org.embed_origins.join(" "), ..Frame::default() }
    }

    pub fn of_session(org: &Organization, ends_in: i64) -> Frame {
        Frame { ends_in: Some(ends_in), ..Frame::of(org) }
    }

    pub fn telling(self, event: Option<Event>) -> Frame {
        Frame { event, ..self }
    }

    /// The element that loads it.
    pub(crate) fn script(self, nonce: &str) -> AnyView {
        let (event, paid) = match self.event {
            Some(Event::Paid(paid)) => (Some("paid"), Some(paid)),
            Some(Event::SessionOver) => (Some("over"), None),
            Some(Event::SignedOut) => (Some("signed-out"), None),
            None => (None, None),
        };
        let pages = PAGES.iter().map(|(name, path)| format!("{name}={path}")).collect::<Vec<_>>().join(" ");
        let part = |of: fn(&Paid) -> &String| paid.as_ref().map(|paid| of(paid).clone());
        view! {
            <script
                src="/portal.js"
                defer
                nonce=nonce.to_owned()
                data-origins=self.origins
                data-pages=self.ends_in.map(|_| pages)
                data-ends-in=self.ends_in
                data-event=event
                data-payment=part(|paid| &paid.payment)
                data-amount=part(|paid| &paid.amount)
                data-currency=part(|paid| &paid.currency)
            ></script>
        }
        .into_any()
    }
}
