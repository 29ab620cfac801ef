//! The customer portal: its pages, the document around them, and which action a form posts to.
//! The organization's server mounts it; every page below a session's path is for one customer.

mod account;
mod autopay;
mod forgotten;
mod home;
mod invoices;
mod login;
mod mailing;
mod notices;
mod orders;
mod pay;
mod payments;
mod plan;
mod quick;
mod search;
mod second_step;
mod security;
mod wallet;

use std::future::ready;
use std::pin::Pin;

use billing::sessions::Stage;
use billing::{Error, Result};
use domain::organizations::{Organization, PortalMethod};
use texts::Texts;

use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::{Asked, Failure, Page};
use crate::ui::{Place, failed_page};

use self::pay::method::Way;

pub use forgotten::{NotTaken, forgot, no_link, reset, sent};
pub use login::{login, signed_out};
pub use notices::{Notice, notice};
pub use quick::{
    Quick, QuickAnswer, QuickEntry, act as quick_act, entry as quick_entry, first as quick_first, load as quick_load,
};

const SAVED: Way = Way::Saved;
const CARD: Way = Way::New(PortalMethod::Card);
const BANK: Way = Way::New(PortalMethod::Ach);

/// What is read for a page. Each has a place of its own: together they would be as large as the largest of them, and be
/// moved for every request.
type Loading<'a> = Pin<Box<dyn Future<Output = Result<Page>> + Send + 'a>>;

/// Reads what a page of a session shows. Forms post to their own page's address, so there are no other routes.
pub async fn load(portal: Portal, asked: &Asked) -> Page {
    let path = asked.path();
    let is_wrong = portal.flash.as_ref().is_some_and(|flash| flash.is_error);
    let (t, to) = (portal.texts, portal.clone());
    let (place, loading): (Place, Loading<'_>) = match path.as_slice() {
        ["home"] => (home::HERE, Box::pin(home::load(to))),
        ["invoices"] => (invoices::LIST, Box::pin(invoices::list(to, asked))),
        ["invoices", number] => (invoices::ONE, Box::pin(invoices::one::load(to, number))),
        ["pay"] => (pay::choose::HERE, Box::pin(pay::choose::load(to, asked))),
        ["pay", "saved"] => (SAVED.place(), Box::pin(pay::method::load(to, SAVED, asked))),
        ["pay", "card"] => (CARD.place(), Box::pin(pay::method::load(to, CARD, asked))),
        ["pay", "bank"] => (BANK.place(), Box::pin(pay::method::load(to, BANK, asked))),
        ["pay", "confirm"] => (pay::confirm::HERE, Box::pin(ready(pay::confirm::load(to)))),
        ["payments"] => (payments::LIST, Box::pin(payments::list(to, asked))),
        ["payments", number] => (payments::ONE, Box::pin(payments::one::load(to, number, asked))),
        ["orders"] => (orders::LIST, Box::pin(orders::list(to, asked))),
        ["orders", number] => (orders::ONE, Box::pin(orders::one(to, number, asked))),
        ["autopay"] => (autopay::HERE, Box::pin(autopay::load(to))),
        ["autopay", "card"] => added(to, PortalMethod::Card, asked),
        ["autopay", "bank"] => added(to, PortalMethod::Ach, asked),
        ["autopay", "remove"] => (autopay::remove::HERE, Box::pin(autopay::remove::load(to, asked))),
        ["plan"] => (plan::HERE, Box::pin(plan::load(to, asked))),
        ["account"] => (account::HERE, Box::pin(account::load(to))),
        ["secondFactor"] => (second_step::HERE, Box::pin(second_step::load(to, asked))),
        ["security"] => security::load(to, ""),
        ["security", part] => security::load(to, part),
        ["account", "details"] => (account::details::HERE, Box::pin(account::details::load(to))),
        ["account", "language"] => (account::language::HERE, Box::pin(ready(Ok(account::language::load(to))))),
        other => (Place::nowhere(other.len() > 1), Box::pin(ready(Err(Error::NotFound("page"))))),
    };
    let loaded = loading.await;
    loaded.unwrap_or_else(|error| failed_page(portal, place, Failure::of(t, &error))).wrong(is_wrong)
}

fn added(portal: Portal, kind: PortalMethod, asked: &Asked) -> (Place, Loading<'_>) {
    (autopay::method::place(kind), Box::pin(autopay::method::load(portal, kind, asked)))
}

/// Does what a form asks for. The server has checked the form's token and keeps what is answered.
pub async fn act(portal: &Portal, page: &str, form: &Form) -> Result<Answer> {
    match page {
        "pay/saved" => pay::method::enter(portal, SAVED, form).await,
        "pay/card" => pay::method::enter(portal, CARD, form).await,
        "pay/bank" => pay::method::enter(portal, BANK, form).await,
        "pay/confirm" => pay::confirm::confirm(portal).await,
        "autopay" => autopay::change_place(portal, form).await,
        "autopay/card" => autopay::method::keep(portal, PortalMethod::Card, form).await,
        "autopay/bank" => autopay::method::keep(portal, PortalMethod::Ach, form).await,
        "autopay/remove" => autopay::remove::remove(portal, form).await,
        "plan" => plan::accept(portal, form).await,
        "secondFactor" => second_step::act(portal, form).await,
        "security" => security::act(portal, "", form).await,
        page if page.starts_with("security/") => security::act(portal, &page["security/".len()..], form).await,
        "account/details" => account::details::change(portal, form).await,
        "account/language" => account::language::change(portal, form).await,
        page if let Some(("invoices", number)) = page.split_once('/') => mailing::invoice(portal, number, form).await,
        page if let Some(("payments", number)) = page.split_once('/') => mailing::receipt(portal, number, form).await,
        "logout" => Ok(Answer { end: true, ..Answer::to(SIGNED_OUT) }),
        _ => Err(Error::NotFound("page")),
    }
}

/// Pages that signing in may lead to.
const PAGES: [&str; 9] = ["home", "invoices", "pay", "payments", "orders", "account", "security", "autopay", "plan"];
/// Bytes of a page and its query.
const PAGE_MAX: usize = 400;

/// The address of a page without session, so that it speaks the language of the page that leads there.
pub fn in_language(texts: Texts, org: &Organization, page: &str) -> String {
    if texts.tag() == Texts::of([org.locale.as_str()]).tag() {
        return page.to_owned();
    }
    format!("{page}{}locale={}", if page.contains('?') { '&' } else { '?' }, texts.tag())
}

/// Whether it is a page below a session's root, with a query or without, and nothing that leads out of there.
pub fn is_page(page: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~%?=&".contains(c);
    let first = page.split(['/', '?']).next().unwrap_or_default();
    // Browsers take an escaped dot for a dot.
    let climbs = page.to_ascii_lowercase().replace("%2e", ".").contains("..");
    page.len() <= PAGE_MAX && page.chars().all(is_plain) && !climbs && PAGES.contains(&first)
}

/// Where a session is led that may not open this page yet; `page` with its query.
pub fn detour(stage: Stage, page: &str) -> Option<String> {
    let (only, to): (&[&str], _) = match stage {
        Stage::Open => return None,
        Stage::SecondFactor => (&["secondFactor", "logout"], second_step::asking_for(page)),
        Stage::Enrolment => {
            let pages = &["security/authenticator", "security/codes", "security/passkeys", "logout"];
            (pages, "security/authenticator".to_owned())
        }
    };
    let path = page.split('?').next().unwrap_or_default();
    (!only.contains(&path)).then_some(to)
}

/// From a session's root, `/widget/s/<key>/`.
const SIGNED_OUT: &str = "../../signedOut";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_pages_of_the_portal_only() {
        for page in ["home", "pay", "pay/card?invoice=1019&amount=5%2C00", "invoices/A%2FB", "security/email"] {
            assert!(is_page(page), "{page}");
        }
        let long = format!("pay?invoice={}", "1".repeat(400));
        for page in [
            "",
            "/home",
            "//evil.example",
            "https://evil.example",
            "logout",
            "home/../../x",
            "home/%2E%2e/x",
            "pay?x=<script>",
            &long,
        ] {
            assert!(!is_page(page), "{page}");
        }
    }
}
