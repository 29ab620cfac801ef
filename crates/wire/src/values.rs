//! The text of one value, from a field or a query parameter, to its type.
//!
//! Every message is a sentence: the field, then what is allowed. The text itself is never repeated, because any
//! field may hold a card number by mistake.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use domain::checks::Problem;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

const YEARS: RangeInclusive<i16> = 1900..=2999;

/// Longer than any number that fits, with room for leading zeros.
const NUMBER_LENGTH: usize = 60;

/// `true` or `false`, in any case.
pub fn boolean(field: &str, text: &str) -> Result<bool, Problem> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err(problem(field, "must be true or false"))
    }
}

/// A whole number within `allowed`.
pub fn integer<T>(field: &str, text: &str, allowed: &RangeInclusive<T>) -> Result<T, Problem>
where
    T: FromStr + PartialOrd + Display,
{
    let digits = text.strip_prefix('-').unwrap_or(text);
    let parsed = are_digits(digits).then(|| text.parse::<T>().ok()).flatten();
    parsed
        .filter(|value| allowed.contains(value))
        .ok_or_else(|| problem(field, format!("must be a whole number from {} to {}", allowed.start(), allowed.end())))
}

/// An exact decimal number: digits, at most one point, an optional minus. No exponent, no grouping.
pub fn decimal(field: &str, text: &str) -> Result<Decimal, Problem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = match digits.split_once('.') {
        Some((whole, fraction)) => are_digits(whole) && are_digits(fraction),
        None => are_digits(digits),
    };
    // `from_str` would round what it cannot hold.
    let exact = is_plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
    exact.ok_or_else(|| problem(field, "must be a decimal number written like 60.50, of at most 28 digits"))
}

/// `YYYY-MM-DD`
pub fn date(field: &str, text: &str) -> Result<Date, Problem> {
    let parts = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => digits(text, 0..4).zip(digits(text, 5..7)).zip(digits(text, 8..10)),
        _ => None,
    };
    let date = parts.and_then(|((year, month), day)| civil(year, month, day));
    date.ok_or_else(|| {
        problem(field, "must be a date of the years 1900 to 2999 written YYYY-MM-DD, for example 2026-01-31")
    })
}

/// `YYYYMMDDHHmm`, as in `createStartTime`, in whatever time zone the caller holds it to be.
pub fn minute(field: &str, text: &str) -> Result<DateTime, Problem> {
    let moment = || {
        let date = civil(digits(text, 0..4)?, digits(text, 4..6)?, digits(text, 6..8)?)?;
        let (hour, minute) = (digits(text, 8..10)?, digits(text, 10..12)?);
        DateTime::new(date.year(), date.month(), date.day(), i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0)
            .ok()
    };
    let moment = (text.len() == 12).then(moment).flatten();
    moment.ok_or_else(|| {
        let allowed = "must be a time of the years 1900 to 2999 written YYYYMMDDHHmm, for example 202601312359";
        problem(field, allowed)
    })
}

/// One of the given words, in exactly their spelling.
pub fn one_of<T: Copy>(field: &str, text: &str, allowed: &[(&str, T)]) -> Result<T, Problem> {
    allowed.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
        problem(field, format!("must be one of {}", words.join(", ")))
    })
}

/// At most `max` characters.
pub fn text(field: &str, text: &str, max: usize) -> Result<String, Problem> {
    // A character has at least one byte: most texts need no counting.
    if text.len() <= max || text.chars().count() <= max {
        Ok(text.to_owned())
    } else {
        Err(problem(field, format!("may have at most {max} characters")))
    }
}

/// `field` and what it must be, as a sentence.
pub fn problem(field: &str, predicate: impl Display) -> Problem {
    Problem { field: field.to_owned(), message: format!("{field} {predicate}.") }
}

fn are_digits(text: &str) -> bool {
    (1..=NUMBER_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(text: &str, range: std::ops::Range<usize>) -> Option<i16> {
    text.get(range).filter(|part| are_digits(part))?.parse().ok()
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_exist_are_dates() {
        assert_eq!(date("d", "2024-02-29"), Ok(jiff::civil::date(2024, 2, 29)));
        assert_eq!(date("d", "1900-01-01"), Ok(jiff::civil::date(1900, 1, 1)));
        assert_eq!(date("d", "2999-12-31"), Ok(jiff::civil::date(2999, 12, 31)));
        for wrong in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "1899-12-31",
            "3000-01-01",
            "2024-1-1",
            "24-01-01",
            "2024/01/01",
            "2024-01-01T00:00",
            "20240101",
            "+024-01-01",
            "2024-01-0１",
            "２０24-01-1",
        ] {
            assert!(date("d", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_minute_has_exactly_twelve_digits() {
        assert_eq!(minute("createStartTime", "202601312359"), Ok(jiff::civil::date(2026, 1, 31).at(23, 59, 0, 0)));
        for wrong in [
            "",
            "20260131235",
            "2026013123590",
            "202601312400",
            "202601312360",
            "202602300000",
            "2026013123 9",
            "１２３４",
        ] {
            let problem = minute("createStartTime", wrong).unwrap_err();
            assert_eq!(problem.field, "createStartTime");
            assert!(problem.message.starts_with("createStartTime must be a time "), "{wrong}");
        }
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        for (text, mantissa, scale) in
            [("60.50", 6050, 2), ("0", 0, 0), ("-0.001", -1, 3), ("007.0", 70, 1), ("0.1", 1, 1)]
        {
            assert_eq!(decimal("amount", text), Ok(Decimal::new(mantissa, scale)), "{text}");
        }
        let most = "7.9228162514264337593543950335";
        assert_eq!(decimal("amount", most).map(|value| value.to_string()), Ok(most.to_owned()));
        for wrong in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "--1",
            "1e9",
            "1E9",
            "NaN",
            "inf",
            "1,000",
            "1_000",
            "0x10",
            " 1",
            "1 ",
            "1.2.3",
            "１",
            "7.92281625142643375935439503361",
            "79228162514264337593543950336",
            "-0.-1",
        ] {
            assert!(decimal("amount", wrong).is_err(), "{wrong}");
        }
        assert!(decimal("amount", &"9".repeat(100_000)).is_err());
    }

    #[test]
    fn integers_stay_in_their_range() {
        assert_eq!(integer("n", "-5", &(-5..=5)), Ok(-5_i64));
        assert_eq!(integer("n", "0005", &(0..=5)), Ok(5_u8));
        for wrong in ["", "-", "6", "-6", "+1", "1.0", "1e1", "x", "99999999999999999999", " 1"] {
            let problem = integer("n", wrong, &(-5_i64..=5)).unwrap_err();
            assert_eq!(problem.message, "n must be a whole number from -5 to 5.", "{wrong}");
        }
    }

    #[test]
    fn booleans_ignore_case_and_nothing_else() {
        assert_eq!(boolean("b", "True"), Ok(true));
        assert_eq!(boolean("b", "FALSE"), Ok(false));
        for wrong in ["", "1", "0", "yes", "t"] {
            assert!(boolean("b", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let words = [("Days", 1), ("Weeks", 7)];
        assert_eq!(one_of("units", "Weeks", &words), Ok(7));
        assert_eq!(one_of("units", "days", &words).unwrap_err().message, "units must be one of Days, Weeks.");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(text("name", "山田", 2), Ok("山田".to_owned()));
        assert_eq!(text("name", "山田", 1).unwrap_err().message, "name may have at most 1 characters.");
    }
}
