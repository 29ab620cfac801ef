//! Contacts of a customer, and what their fields may hold (`api.md` §2.2).

use std::fmt;

use email_address::{EmailAddress, Options};
use zeroize::Zeroizing;

use crate::countries;
use crate::ids::{AddressId, ContactId};

pub const USERNAME_MIN: usize = 6;
pub const USERNAME_MAX: usize = 100;
pub const EMAIL_MAX: usize = 254;
pub const NAME_MAX: usize = 255;
pub const TEXT_MAX: usize = 255;

/// One class, two places: the billing contact receives invoices, the sales contact is "Ship To".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub username: Option<String>,
    /// True: cannot log in to the portal.
    pub account_locked: bool,
    pub first_name: String,
    pub last_name: String,
    pub email_primary: String,
    pub work_phone: Option<String>,
    pub cell_phone: Option<String>,
    pub address: Address,
}

impl Contact {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub id: AddressId,
    pub fields: AddressFields,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressFields {
    pub street1: Option<String>,
    pub street2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub country: Option<String>,
    /// As it was sent: alpha-2 or alpha-3, any case. One from before codes were checked may name no country.
    pub country_code: Option<String>,
}

impl AddressFields {
    /// The country that its code means, `USA` for `us`.
    pub fn country_alpha3(&self) -> Option<&'static str> {
        countries::alpha3(self.country_code.as_deref()?)
    }

    /// The lines of a letter's window.
    pub fn lines(&self) -> Vec<String> {
        let place = [&self.city, &self.state, &self.zip].into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
        [self.street1.clone(), self.street2.clone(), Some(place.join(" ")), self.country.clone()]
            .into_iter()
            .flatten()
            .filter(|line| !line.is_empty())
            .collect()
    }
}

/// A contact as it comes in.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub login: Option<NewLogin>,
    pub account_locked: bool,
    pub first_name: String,
    pub last_name: String,
    pub email_primary: String,
    pub work_phone: Option<String>,
    pub cell_phone: Option<String>,
    pub address: AddressFields,
}

#[derive(Clone, Debug)]
pub struct NewLogin {
    pub username: String,
    pub password: Password,
}

/// A password in the clear, for as short as possible: never shown, wiped when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    pub fn new(text: impl Into<String>) -> Password {
        Password(Zeroizing::new(text.into()))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new password of a contact: ≥ 8 characters with upper case, lower case and a digit (found F20).
    pub fn is_strong(&self) -> bool {
        self.0.chars().count() >= 8
            && self.0.chars().any(char::is_uppercase)
            && self.0.chars().any(char::is_lowercase)
            && self.0.chars().any(|c| c.is_ascii_digit())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// One address that a mail can be sent to: without a name, its domain with a dot. Two with a comma between them, or
/// one in angle brackets, would be stored and then refused with every mail.
pub fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    text.len() <= EMAIL_MAX
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && EmailAddress::parse_with_options(text, options).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_looks_like_one() {
        for good in ["johndoe@example.com", "a+b@sub.example.org", "zoë@exämple.de", "o'hara@x-y.example", "a@b.c"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "nonsense",
            "",
            "@example.com",
            "a@b",
            "a@@b.c",
            "a b@c.d",
            "a@b..c",
            "a@.b",
            "a@b.c.",
            "a@-b.c",
            "a@b.c,d@e.f",
            "a@b.c;d@e.f",
            "<a@b.c>",
            "Ann<a@b.c>",
            "a@b.c>",
            "a;b@c.d",
            "a..b@c.d",
            ".a@b.c",
            "a.@b.c",
            "a@[192.0.2.1]",
            "a@b.c\r\nBcc:d@e.f",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_strong_password_has_both_cases_and_a_digit() {
        assert!(Password::new("Sachxwe001").is_strong());
        for weak in ["Short1a", "alllower1", "ALLUPPER1", "NoDigitsHere"] {
            assert!(!Password::new(weak).is_strong(), "{weak}");
        }
    }

    #[test]
    fn a_password_is_not_in_debug_output() {
        assert!(!format!("{:?}", Password::new("Sachxwe001")).contains("Sach"));
    }
}
