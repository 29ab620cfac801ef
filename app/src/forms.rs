//! What a form sends, and what is answered. Forms carry card numbers and passwords, so values have
//! no `Debug` and are wiped when dropped.

use billing::sessions::{Checkout, Flash, Paid, Standing};
use domain::checks::Problems;
use zeroize::Zeroizing;

/// Pairs read from one form; more are ignored.
const PAIRS_MAX: usize = 1000;

/// A form of type `application/x-www-form-urlencoded`.
pub struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    pub fn parse(body: &[u8]) -> Form {
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).take(PAIRS_MAX);
        let pair = |pair: &[u8]| {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(&pair[..end]).to_string(), decode(pair.get(end + 1..).unwrap_or_default()))
        };
        Form(pairs.map(pair).collect())
    }

    /// The first value of that name, without blanks around it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim)
    }

    /// The same as it was typed: blanks may belong to a password.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of that name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).collect()
    }
}

fn decode(text: &[u8]) -> Zeroizing<String> {
    // As long as it can get, so that it is never moved and left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        let escaped = (*byte == b'%').then(|| rest.as_slice().get(..2).and_then(hexadecimal)).flatten();
        if escaped.is_some() {
            rest.nth(1);
        }
        let byte = escaped.unwrap_or(if *byte == b'+' { b' ' } else { *byte });
        bytes.push(if byte == 0 { NO_TEXT } else { byte });
    }
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}

/// No text has it, so it becomes U+FFFD below; a NUL would be an error to PostgreSQL.
const NO_TEXT: u8 = 0xff;

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digits.iter().try_fold(0, |value, byte| Some(value * 16 + digit(*byte)?))?;
    u8::try_from(value).ok()
}

/// Where an action leads, and what the session keeps after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Relative to the session's root: `pay/confirm`.
    pub to: String,
    pub flash: Option<Flash>,
    /// `None` keeps it.
    pub checkout: Option<Option<Checkout>>,
    /// `None` keeps it.
    pub standing: Option<Standing>,
    /// Something was guessed wrong: it counts for the address that it comes from.
    pub has_failed: bool,
    /// What the session's pages are written in from now on; `None` keeps it.
    pub locale: Option<String>,
    /// What was just paid, for the merchant's page to hear of.
    pub paid: Option<Paid>,
    /// Log out.
    pub end: bool,
}

impl Answer {
    pub fn to(page: impl Into<String>) -> Answer {
        Answer { to: page.into(), ..Answer::default() }
    }

    pub fn saying(self, flash: Flash) -> Answer {
        Answer { flash: Some(flash), ..self }
    }

    pub fn telling(self, paid: Option<Paid>) -> Answer {
        Answer { paid, ..self }
    }

    pub fn keeping(self, checkout: Option<Checkout>) -> Answer {
        Answer { checkout: Some(checkout), ..self }
    }

    pub fn standing(self, standing: Standing) -> Answer {
        Answer { standing: Some(standing), ..self }
    }

    pub fn failed(self) -> Answer {
        Answer { has_failed: true, ..self }
    }
}

/// What went wrong, as a flash.
pub fn complaint(title: impl Into<String>, problems: &Problems) -> Flash {
    let message = |problem: &domain::checks::Problem| (problem.field.clone(), problem.message.clone());
    Flash { is_error: true, title: title.into(), messages: problems.iter().map(message).collect(), values: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_send_it() {
        let form = Form::parse(b"cardholder=Zo%C3%AB+%C5%81ukasz&invoice=1019&invoice=10%2F20&empty=&flag&a=b=c");
        assert_eq!(form.get("cardholder"), Some("Zoë Łukasz"));
        assert_eq!(form.all("invoice"), ["1019", "10/20"]);
        assert_eq!((form.get("empty"), form.get("flag"), form.get("a")), (Some(""), Some(""), Some("b=c")));
        assert_eq!(form.get("missing"), None);
        assert!(form.all("missing").is_empty());
    }

    #[test]
    fn blanks_around_a_value_are_dropped_unless_asked_for() {
        let form = Form::parse(b"a=+x+y%20&a=z");
        assert_eq!((form.get("a"), form.raw("a")), (Some("x y"), Some(" x y ")));
    }

    #[test]
    fn what_is_not_well_formed_is_still_read() {
        let form = Form::parse(b"&&a=%4&b=%zz&c=100%&=x&d=%ff&e=%C3");
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("%4"), Some("%zz"), Some("100%")));
        assert_eq!((form.get(""), form.get("d"), form.get("e")), (Some("x"), Some("\u{fffd}"), Some("\u{fffd}")));
        assert_eq!(Form::parse(b"").get("a"), None);
    }

    #[test]
    fn a_form_ends_at_its_bound() {
        let body = "a=1&".repeat(PAIRS_MAX + 5);
        assert_eq!(Form::parse(body.as_bytes()).all("a").len(), PAIRS_MAX);
    }
}
