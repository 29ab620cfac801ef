//! How and where a session begins, as the merchant asks for it in a link or in a token of its own: the same rules for
//! both (`api.md` §8.1).

use domain::checks::Problems;
use domain::organizations::Organization;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use texts::Language;

use super::Look;
use crate::checks::{is_local_path, is_locale, is_web_url, origin};

const ADDRESS_MAX: usize = 2000;
const NUMBER_MAX: usize = 50;

/// Names of first pages (`api.md` §8.1) and where they are.
pub const PAGES: &[(&str, &str)] = &[
    ("customerHome", "home"),
    ("invoices", "invoices"),
    ("invoice", "invoices"),
    ("payments", "payments"),
    ("makePayment", "pay"),
    ("orders", "orders"),
    ("autopay", "autopay"),
    ("account", "account"),
    ("paymentPlan", "plan"),
];

/// What a merchant asks for, as it was given.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub css_url: Option<String>,
    pub login_url: Option<String>,
    pub success_url: Option<String>,
    pub page: Option<String>,
    pub invoice_number: Option<String>,
    pub locale: Option<String>,
    pub show_navigation: Option<bool>,
}

/// What a merchant asks for; checked already.
#[derive(Clone, Debug, Default)]
pub struct LinkRequest {
    pub look: Look,
    /// One of [`PAGES`]; `None`: home.
    pub page: Option<String>,
    pub invoice_number: Option<String>,
}

impl LinkRequest {
    pub fn check(org: &Organization, given: Wishes) -> Result<LinkRequest, Problems> {
        let mut problems = addresses(org, &given);
        if given.page.as_ref().is_some_and(|page| !PAGES.iter().any(|(name, _)| name == page)) {
            let names = PAGES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            problems.add("page", format!("page must be one of {names}."));
        }
        if given.invoice_number.as_ref().is_some_and(|number| !is_number(number)) {
            let message = format!("invoiceNumber must have 1 to {NUMBER_MAX} characters.");
            problems.add("invoiceNumber", message);
        }
        let locale = given.locale.map(|locale| locale.replace('-', "_"));
        if locale.as_ref().is_some_and(|locale| !is_locale(locale) || Language::of(locale).is_none()) {
            let languages = Language::ALL.map(Language::code).join(", ");
            problems.add("locale", format!("locale must be one of {languages}, alone or of a country, such as de_CH."));
        }
        let look = Look {
            css_url: given.css_url,
            login_url: given.login_url,
            success_url: given.success_url,
            hides_navigation: given.show_navigation == Some(false),
            locale,
        };
        problems.result(LinkRequest { look, page: given.page, invoice_number: given.invoice_number })
    }

    /// The first page, relative to the session's path.
    pub(super) fn first_page(&self) -> String {
        let name = self.page.as_deref().unwrap_or("customerHome");
        let page = PAGES.iter().find(|(known, _)| *known == name).map_or("home", |(_, path)| path);
        match &self.invoice_number {
            Some(number) if name == "makePayment" => format!("{page}?invoice={}", segment(number)),
            Some(number) => format!("invoices/{}", segment(number)),
            None => page.to_owned(),
        }
    }
}

/// Where the browser is sent, and what it loads. A link is made by the merchant; what it may lead to is checked all
/// the same, because a customer's values may have found their way into it.
fn addresses(org: &Organization, given: &Wishes) -> Problems {
    let mut problems = Problems::new();
    let is_listed = |url: &str| origin(url).is_some_and(|origin| org.embed_origins.contains(&origin));
    let is_address = |url: &str| url.len() <= ADDRESS_MAX && is_web_url(url);
    if given.login_url.as_ref().is_some_and(|url| !is_address(url)) {
        problems.add("loginUrl", "loginUrl must be an absolute http or https address.");
    }
    let leads_back = |url: &str| is_address(url) && (url.starts_with("https://") || is_listed(url));
    if given.success_url.as_ref().is_some_and(|url| !leads_back(url)) {
        problems.add("successURL", "successURL must be an https address, or be at one of the embed_origins.");
    }
    let is_sheet = |url: &str| {
        url.len() <= ADDRESS_MAX
            && (is_local_path(url) || (url.starts_with("https://") && is_web_url(url) && is_listed(url)))
    };
    if given.css_url.as_ref().is_some_and(|url| !is_sheet(url)) {
        let message = "cssURL must be a path on this host, such as /css/widget.css, or an https address at one of the \
             embed_origins.";
        problems.add("cssURL", message);
    }
    problems
}

fn is_number(number: &str) -> bool {
    (1..=NUMBER_MAX).contains(&number.chars().count()) && !number.chars().any(char::is_control)
}

/// Numbers are the merchant's: they may hold anything.
fn segment(number: &str) -> String {
    const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(number, SEGMENT).to_string()
}
