//! Where a page is, and relative links from there: no page knows the path of its session.

use billing::portal::{Me, Wish};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use texts::Texts;

/// A page: its path below the session's root, and the tab that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// `invoices/:number`; a parameter stands for one segment.
    pub page: &'static str,
    pub tab: Option<Tab>,
}

impl Place {
    pub const fn new(tab: Tab, page: &'static str) -> Place {
        Place { page, tab: Some(tab) }
    }

    /// Where no page is, so many segments below the session's root.
    pub const fn nowhere(is_deep: bool) -> Place {
        Place { page: if is_deep { "missing/page" } else { "missing" }, tab: None }
    }

    /// The link from here to a page below the session's root.
    pub fn to(self, page: &str) -> String {
        "../".repeat(self.page.matches('/').count()) + page
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Home,
    Invoices,
    Payments,
    Orders,
    Account,
}

impl Tab {
    pub const ALL: [Tab; 5] = [Tab::Home, Tab::Invoices, Tab::Payments, Tab::Orders, Tab::Account];

    pub fn label(self, t: Texts) -> &'static str {
        match self {
            Tab::Home => t.home(),
            Tab::Invoices => t.invoices(),
            Tab::Payments => t.payments(),
            Tab::Orders => t.orders(),
            Tab::Account => t.account(),
        }
    }

    pub fn page(self) -> &'static str {
        match self {
            Tab::Home => "home",
            Tab::Invoices => "invoices",
            Tab::Payments => "payments",
            Tab::Orders => "orders",
            Tab::Account => "account",
        }
    }

    pub fn is_offered(self, me: &Me) -> bool {
        self != Tab::Payments || me.org.portal.show_payments
    }
}

/// Numbers are the merchant's: they may hold anything.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub fn invoice_page(number: &str) -> String {
    format!("invoices/{}", utf8_percent_encode(number, SEGMENT))
}

pub fn payment_page(number: &str) -> String {
    format!("payments/{}", utf8_percent_encode(number, SEGMENT))
}

pub fn order_page(number: &str) -> String {
    format!("orders/{}", utf8_percent_encode(number, SEGMENT))
}

/// `name=value&`, for the query of a link.
pub fn pair(name: &str, value: &str) -> String {
    format!("{name}={}&", utf8_percent_encode(value, SEGMENT))
}

/// `page?invoice=1019&invoice=1020`
pub fn query(page: &str, invoices: &[String]) -> String {
    let mut url = page.to_owned();
    for (n, number) in invoices.iter().enumerate() {
        url.push_str(if n == 0 { "?invoice=" } else { "&invoice=" });
        url.extend(utf8_percent_encode(number, SEGMENT));
    }
    url
}

/// The same with an amount of the customer's own.
pub fn pay_page(page: &str, wish: &Wish) -> String {
    let mut url = query(page, &wish.invoices);
    if let Some(amount) = &wish.amount {
        url.push_str(if wish.invoices.is_empty() { "?amount=" } else { "&amount=" });
        url.extend(utf8_percent_encode(amount, SEGMENT));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_climb_to_the_sessions_root() {
        assert_eq!(Place::new(Tab::Home, "home").to("invoices"), "invoices");
        assert_eq!(Place::new(Tab::Invoices, "invoices/:number").to("invoices"), "../invoices");
        assert_eq!(Place::new(Tab::Home, "pay/card").to(&invoice_page("1019")), "../invoices/1019");
    }

    #[test]
    fn numbers_can_not_break_out_of_a_link() {
        assert_eq!(invoice_page("A/B ?#ä"), "invoices/A%2FB%20%3F%23%C3%A4");
        assert_eq!(query("pay", &["1019".into(), "10&x=1".into()]), "pay?invoice=1019&invoice=10%26x%3D1");
        assert_eq!(query("pay", &[]), "pay");
        let wish = |invoices: &[&str]| Wish {
            invoices: invoices.iter().map(|number| (*number).to_owned()).collect(),
            amount: Some("1,5 &".to_owned()),
            ..Wish::default()
        };
        assert_eq!(pay_page("pay", &wish(&[])), "pay?amount=1%2C5%20%26");
        assert_eq!(pay_page("pay", &wish(&["1"])), "pay?invoice=1&amount=1%2C5%20%26");
    }
}
