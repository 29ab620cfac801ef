//! Cards and other methods. A card's number and security code live as short as possible: they have
//! no `Debug`, can't be written to a wire or a column, and are wiped when dropped (`api.md` §2.6).

use std::fmt;

use zeroize::Zeroizing;

use crate::contacts::AddressFields;
use crate::dates::Date;

/// A card as it comes in, on its way to a processor.
#[derive(Clone, Debug)]
pub struct Card {
    pub number: CardNumber,
    pub expiry: Expiry,
    pub cvv: Option<SecurityCode>,
    pub holder: Option<String>,
    pub billing_address: Option<AddressFields>,
}

impl Card {
    /// `Visa: 1111` [seed 003].
    pub fn context(&self) -> String {
        format!("{}: {}", self.number.brand(), self.number.last_four())
    }
}

/// 12 to 19 digits with a right check digit.
#[derive(Clone)]
pub struct CardNumber(Zeroizing<String>);

impl CardNumber {
    /// Blanks and dashes between the digits are dropped.
    pub fn parse(text: &str) -> Result<CardNumber, BadCardNumber> {
        let digits: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| *c != ' ' && *c != '-').collect());
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        if !all_digits || !(12..=19).contains(&digits.len()) {
            return Err(BadCardNumber);
        }
        if !luhn(&digits) {
            return Err(BadCardNumber);
        }
        Ok(CardNumber(digits))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len() - 4..).expect("a card number has at least 12 digits")
    }

    pub fn brand(&self) -> Brand {
        let prefix = |n: usize| self.0.get(..n).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
        match (prefix(1), prefix(2), prefix(4)) {
            (4, _, _) => Brand::Visa,
            (_, 51..=55, _) | (_, _, 2221..=2720) => Brand::MasterCard,
            (_, 34 | 37, _) => Brand::Amex,
            (_, 65, _) | (_, _, 6011) => Brand::Discover,
            _ => Brand::Other,
        }
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardNumber(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a valid card number")]
pub struct BadCardNumber;

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, digit)| {
            let value = u32::from(digit - b'0');
            match (n % 2 == 1, value) {
                (true, 5..) => value * 2 - 9,
                (true, _) => value * 2,
                (false, _) => value,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether what is typed where text belongs holds the number of a payment card: 14 to 19 digits with a right check digit,
/// as networks give them out, alone or among others. Hardly a phone has as many without a plus.
pub fn holds_card_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || c == ' ' || c == '-' || c == '+';
    text.split(|c| !is_part(c)).filter(|run| !run.contains('+')).any(|run| {
        let groups: Vec<&str> = run.split([' ', '-']).filter(|group| !group.is_empty()).collect();
        (0..groups.len()).any(|first| begins_card_number(&groups[first..]))
    })
}

/// Whether the first of these groups of digits, alone or with those behind it, are a card's.
fn begins_card_number(groups: &[&str]) -> bool {
    let mut digits = Zeroizing::new(String::new());
    groups.iter().any(|group| {
        digits.push_str(group);
        (14..=19).contains(&digits.len()) && is_given_out(&digits) && luhn(&digits)
    })
}

fn is_given_out(digits: &str) -> bool {
    let is_new_mastercard =
        digits.get(..4).and_then(|prefix| prefix.parse().ok()).is_some_and(|prefix| (2221..=2720).contains(&prefix));
    digits.starts_with(['3', '4', '5', '6']) || is_new_mastercard
}

/// A bank account as it comes in, on its way to a processor.
#[derive(Clone, Debug)]
pub struct BankAccount {
    pub routing: RoutingNumber,
    pub number: AccountNumber,
    pub account_type: AccountType,
    pub holder: Option<String>,
    pub bank_name: Option<String>,
    pub billing_address: Option<AddressFields>,
}

impl BankAccount {
    /// `Checking: 5678`
    pub fn context(&self) -> String {
        format!("{}: {}", self.account_type, self.number.last_digits())
    }
}

/// The nine digits of an American bank, the last of which checks the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingNumber(String);

impl RoutingNumber {
    pub fn parse(text: &str) -> Option<RoutingNumber> {
        let is_number = text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit()) && text != "000000000";
        (is_number && aba_sum(text).is_multiple_of(10)).then(|| RoutingNumber(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn aba_sum(digits: &str) -> u32 {
    digits.bytes().zip([3, 7, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum()
}

/// 4 to 17 digits.
#[derive(Clone)]
pub struct AccountNumber(Zeroizing<String>);

impl AccountNumber {
    pub fn parse(text: &str) -> Option<AccountNumber> {
        let good = (4..=17).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| AccountNumber(Zeroizing::new(text.to_owned())))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown: the last four digits, and of a short number never more than half.
    pub fn last_digits(&self) -> &str {
        let shown = (self.0.len() / 2).min(4);
        self.0.get(self.0.len() - shown..).expect("an account number is made of digits")
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountNumber(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountType {
    Checking,
    Savings,
}

crate::names!(AccountType { Checking => "Checking", Savings => "Savings" });

/// A token of the processor for what it keeps already.
#[derive(Clone)]
pub struct GatewayToken(Zeroizing<String>);

impl GatewayToken {
    pub fn new(text: &str) -> GatewayToken {
        GatewayToken(Zeroizing::new(text.to_owned()))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GatewayToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GatewayToken(…)")
    }
}

/// Three or four digits; never stored.
#[derive(Clone)]
pub struct SecurityCode(Zeroizing<String>);

impl SecurityCode {
    pub fn parse(text: &str) -> Option<SecurityCode> {
        let good = matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| SecurityCode(Zeroizing::new(text.to_owned())))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecurityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityCode(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Brand {
    Visa,
    MasterCard,
    Amex,
    Discover,
    Other,
}

crate::names!(Brand {
    Visa => "Visa",
    MasterCard => "MasterCard",
    Amex => "Amex",
    Discover => "Discover",
    Other => "Card",
});

/// The last month a card is good in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    pub year: i16,
    pub month: i8,
}

impl Expiry {
    /// `YYYY-MM-DD` or `YYYY-MM` as the wire has it, `MM/YY` or `MM/YYYY` as people write it.
    pub fn parse(text: &str) -> Option<Expiry> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some((month, year)) = text.split_once('/') {
            let year: i16 = match year.len() {
                2 => 2000 + year.parse::<i16>().ok()?,
                4 => year.parse().ok()?,
                _ => return None,
            };
            return Expiry::new(year, month.parse().ok()?);
        }
        match text.len() {
            7 => {
                let (year, month) = text.split_once('-')?;
                Expiry::new(year.parse().ok()?, month.parse().ok()?)
            }
            10 => {
                let date: Date = text.parse().ok()?;
                Expiry::new(date.0.year(), date.0.month())
            }
            _ => None,
        }
    }

    fn new(year: i16, month: i8) -> Option<Expiry> {
        ((1..=12).contains(&month) && (1900..=2999).contains(&year)).then_some(Expiry { year, month })
    }

    /// A card is good until the end of its month.
    pub fn is_past(self, today: Date) -> bool {
        (self.year, self.month) < (today.0.year(), today.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_among_other_words_is_seen_and_a_phone_is_none() {
        for text in [
            "4111111111111111",
            "Visa 4111 1111 1111 1111, 12/30",
            "5500-0000-0000-0004",
            "378282246310005",
            "4111 1111 1111 1111 12/30",
            "12 4111 1111 1111 1111 123",
            "2223003122003222",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in [
            "",
            "4111111111111112",
            "+49 411 1111 1111 1111 1",
            "0049 1511 1234568",
            "49 1511 1234568",
            "55 11 98765-4325",
            "555 555 5555",
            "12345",
            "Main St 4",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
    }

    #[test]
    fn a_card_number_has_a_right_check_digit() {
        for good in ["4111111111111111", "4111 1111-1111 1111", "5555555555554444", "378282246310005"] {
            assert!(CardNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["4111111111111112", "411111111111", "4111x11111111111", "", "٤١١١١١١١١١١١١١١١"] {
            assert!(CardNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_brand_follows_from_the_number() {
        for (number, context) in [
            ("4111111111111111", "Visa: 1111"),
            ("5555555555554444", "MasterCard: 4444"),
            ("2223000048400011", "MasterCard: 0011"),
            ("378282246310005", "Amex: 0005"),
            ("6011111111111117", "Discover: 1117"),
        ] {
            let number = CardNumber::parse(number).unwrap();
            assert_eq!(format!("{}: {}", number.brand(), number.last_four()), context);
        }
    }

    #[test]
    fn neither_number_nor_code_is_in_debug_output() {
        let number = CardNumber::parse("4111111111111111").unwrap();
        let cvv = SecurityCode::parse("123").unwrap();
        assert_eq!(format!("{number:?} {cvv:?}"), "CardNumber(…) SecurityCode(…)");
        let account = AccountNumber::parse("12345678").unwrap();
        let token = GatewayToken::new("tok-1");
        assert_eq!(format!("{account:?} {token:?}"), "AccountNumber(…) GatewayToken(…)");
    }

    #[test]
    fn a_routing_number_has_nine_digits_that_check() {
        for good in ["021000021", "011401533", "091000019"] {
            assert_eq!(RoutingNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in ["123456789", "021000022", "02100002", "0210000210", "02100002x", "000000000", "", "٠٢١٠٠٠٠٢١"]
        {
            assert_eq!(RoutingNumber::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_account_number_shows_four_digits_at_most_and_never_more_than_half() {
        for (number, shown) in [("1234", "34"), ("12345", "45"), ("123456", "456"), ("12345678", "5678")] {
            assert_eq!(AccountNumber::parse(number).unwrap().last_digits(), shown);
        }
        for bad in ["123", "123456789012345678", "1234-5678", "12 34", "", "abcd"] {
            assert!(AccountNumber::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_expiry_is_read_as_written_and_lasts_its_month() {
        for text in ["2030-12-31", "2030-12", "12/30", "12 / 2030"] {
            assert_eq!(Expiry::parse(text), Some(Expiry { year: 2030, month: 12 }), "{text}");
        }
        for text in ["13/30", "2030-13", "1230", "", "00/30", "2030-02-30"] {
            assert_eq!(Expiry::parse(text), None, "{text}");
        }
        let expiry = Expiry { year: 2011, month: 9 };
        assert!(!expiry.is_past(Date::new(2011, 9, 30)));
        assert!(expiry.is_past(Date::new(2011, 10, 1)));
    }
}
