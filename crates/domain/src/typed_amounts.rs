//! Amounts as people type them: `1,234.50`, `1.234,50`, `1 234,50 €`. What can be read in two ways is read as the
//! language of the reader has it, and what can't be an amount is refused rather than guessed.

use rust_decimal::Decimal;

use crate::money::{Amount, Currency, NotAnAmount};

/// Longer than any amount with its sign, its separators and its currency.
const LENGTH_MAX: usize = 40;

/// What stands before the digits that are less than one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    #[default]
    Point,
    Comma,
}

impl DecimalMark {
    /// As an amount of the reader's language is written: `,`
    pub fn of(separator: &str) -> DecimalMark {
        if separator == "," { DecimalMark::Comma } else { DecimalMark::Point }
    }

    fn sign(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// Why a text is no amount of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTyped {
    Nothing,
    NotANumber,
    /// More digits after the mark than the currency has.
    TooPrecise {
        scale: u32,
    },
    OutOfRange,
}

/// The amount that `text` says to somebody who uses `mark`.
pub fn parse(text: &str, currency: Currency, mark: DecimalMark) -> Result<Amount, NotTyped> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotTyped::Nothing);
    }
    if text.chars().count() > LENGTH_MAX {
        return Err(NotTyped::NotANumber);
    }
    let digits = plain(&without_currency(text, currency), mark).ok_or(NotTyped::NotANumber)?;
    let exact = Decimal::from_str_exact(&digits).map_err(|_| NotTyped::OutOfRange)?;
    currency.amount(exact).map_err(|error| match error {
        NotAnAmount::TooPrecise { scale } => NotTyped::TooPrecise { scale },
        NotAnAmount::OutOfRange => NotTyped::OutOfRange,
    })
}

/// Every amount that the text may say, to whomever: to compare it with one that is known.
pub fn readings(text: &str, currency: Currency) -> Vec<Amount> {
    [DecimalMark::Point, DecimalMark::Comma].into_iter().filter_map(|mark| parse(text, currency, mark).ok()).collect()
}

/// Without `USD`, `$`, `US$` before or after the number.
fn without_currency(text: &str, currency: Currency) -> String {
    let symbol = currency.symbol();
    let signs = [currency.code(), "US$", symbol.as_str()];
    let bare = signs
        .into_iter()
        .filter(|sign| !sign.is_empty())
        .fold(text, |text, sign| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)).unwrap_or(text).trim());
    bare.to_owned()
}

/// `-1234.50` of whatever separators there are; `None` where they stand in no order that an amount has.
fn plain(text: &str, mark: DecimalMark) -> Option<String> {
    let (sign, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text),
    };
    let text: String = text.chars().map(western).collect();
    let (whole, fraction) = match decimal_at(&text, mark) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text.as_str(), ""),
    };
    let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
    // A mark with nothing behind it is a slip of the finger.
    let is_cut_off = fraction.is_empty() && whole.len() < text.len();
    if !is_fraction || is_cut_off {
        return None;
    }
    let whole = ungrouped(whole)?;
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Digits and separators of other scripts as those of ours; every kind of blank is one.
fn western(c: char) -> char {
    match c {
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06f0}'..='\u{06f9}' => digit(c, '\u{06f0}'),
        '\u{ff10}'..='\u{ff19}' => digit(c, '\u{ff10}'),
        '\u{066b}' => '.',
        '\u{066c}' => ',',
        '\u{2019}' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// Where the decimals begin: at the last of two kinds of signs; at the only one, unless it is there to group.
fn decimal_at(text: &str, mark: DecimalMark) -> Option<usize> {
    let last = text.rfind(['.', ','])?;
    let sign = text[last..].chars().next()?;
    let other = if sign == '.' { ',' } else { '.' };
    let count = text.matches(sign).count();
    if text.contains(other) {
        return (count == 1).then_some(last);
    }
    let has_three_digits = text.len() - last == 4;
    let groups = count > 1 || (has_three_digits && sign != mark.sign() && !text[..last].contains([' ', '\'']));
    (!groups).then_some(last)
}

/// The digits without what groups them, if that stands every three digits and is one sign.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(['.', ',', '\'', ' ']).collect();
    let is_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(is_digits) || groups[0].is_empty() {
        return None;
    }
    let signs: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is_one_sign = signs.windows(2).all(|pair| pair[0] == pair[1]);
    let is_grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (is_one_sign && is_grouped).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalMark::{Comma, Point};

    fn read(text: &str, code: &str, mark: DecimalMark) -> Result<i64, NotTyped> {
        parse(text, code.parse().unwrap(), mark).map(|amount| amount.0)
    }

    #[test]
    fn an_amount_is_read_as_the_reader_writes_it() {
        for (text, mark, minor) in [
            ("1,234.50", Point, 123_450),
            ("1.234,50", Comma, 123_450),
            // Plain in any language.
            ("1.234,50", Point, 123_450),
            ("1,234.50", Comma, 123_450),
            ("1 234,50", Comma, 123_450),
            ("1\u{202f}234,50", Comma, 123_450),
            ("1\u{a0}234,5", Comma, 123_450),
            ("1'234.50", Point, 123_450),
            ("1’234.50", Comma, 123_450),
            ("12,5", Point, 1250),
            ("12.50", Comma, 1250),
            ("60", Point, 6000),
            ("0,5", Comma, 50),
            ("$60.50", Point, 6050),
            ("60.50 USD", Point, 6050),
            ("US$ 60.50", Point, 6050),
            ("٦٠٫٥٠", Point, 6050),
            ("١٬٢٣٤٫٥٠", Point, 123_450),
            ("６０.５０", Point, 6050),
            ("1,234,567", Point, 123_456_700),
            ("1.234.567", Point, 123_456_700),
            ("-5", Point, -500),
            ("−5", Point, -500),
            ("0", Point, 0),
        ] {
            assert_eq!(read(text, "USD", mark), Ok(minor), "{text} {mark:?}");
        }
    }

    #[test]
    fn three_digits_after_the_only_sign_are_what_the_reader_takes_them_for() {
        assert_eq!(read("1,234", "USD", Point), Ok(123_400));
        assert_eq!(read("1.234", "USD", Comma), Ok(123_400));
        assert_eq!(read("1.234", "USD", Point), Err(NotTyped::TooPrecise { scale: 2 }));
        assert_eq!(read("1,234", "USD", Comma), Err(NotTyped::TooPrecise { scale: 2 }));
        assert_eq!(read("1.234", "KWD", Point), Ok(1234));
        assert_eq!(read("1,234", "KWD", Point), Ok(1_234_000));
        assert_eq!(read("1,234", "JPY", Point), Ok(1234));
        assert_eq!(read("10.5", "JPY", Point), Err(NotTyped::TooPrecise { scale: 0 }));
    }

    #[test]
    fn what_can_not_be_an_amount_is_refused() {
        for text in [
            "abc",
            "1e5",
            "12..5",
            "1,23,4.5",
            "12.",
            ".",
            ",",
            "1.2.3",
            "1,2,3",
            "$",
            "1 2",
            "12 34.50",
            "1,234.50.1",
            "1'234,567.5",
            "--5",
            "5-",
            "NaN",
            "0x10",
            "1/2",
            "<b>5</b>",
            "５a",
            ".50",
        ] {
            assert_eq!(read(text, "USD", Point), Err(NotTyped::NotANumber), "{text}");
        }
        assert_eq!(read(" \u{a0} ", "USD", Point), Err(NotTyped::Nothing));
        assert_eq!(read("0.001", "USD", Point), Err(NotTyped::TooPrecise { scale: 2 }));
        assert_eq!(read("1000000000000", "USD", Point), Err(NotTyped::OutOfRange));
        assert_eq!(read(&"9".repeat(39), "USD", Point), Err(NotTyped::OutOfRange));
        assert_eq!(read(&"9".repeat(41), "USD", Point), Err(NotTyped::NotANumber));
    }

    #[test]
    fn both_readings_are_told_where_there_are_two() {
        let usd: Currency = "USD".parse().unwrap();
        assert_eq!(readings("60,50", usd), [Amount(6050), Amount(6050)]);
        assert_eq!(readings("1,234", usd), [Amount(123_400)]);
        assert_eq!(readings("x", usd), []);
    }
}
