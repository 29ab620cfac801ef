//! How amounts, dates and periods read on pages and documents. English for now.

use domain::dates::{Date, Period};
use domain::money::{Amount, Currency};
use domain::payments::Payment;

/// Signs that people know; the ones of other currencies, such as ₣, are used by nobody.
const SIGNS: &str = "$€£¥₹₩₪₫₱₦₴₺₽";

/// `$1,234.50`, `-$3.00`, `CHF 12.00`.
pub fn money(currency: Currency, amount: Amount) -> String {
    let text = currency.format(Amount(amount.0.abs()));
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut shown = String::new();
    if amount < Amount::ZERO {
        shown.push('-');
    }
    shown.push_str(&prefix(currency));
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// What stands before the digits: `$`, or `CHF ` where the sign would be letters.
pub fn prefix(currency: Currency) -> String {
    let symbol = currency.symbol();
    if !symbol.is_empty() && symbol.chars().all(|c| SIGNS.contains(c)) {
        symbol
    } else {
        format!("{} ", currency.code())
    }
}

/// `Sep 20, 2011`
pub fn date(date: Date) -> String {
    date.0.strftime("%b %-d, %Y").to_string()
}

/// `Sep 20 – Sep 30, 2011`; both ends are billed days.
pub fn period(period: Period) -> String {
    let last = period.last_day();
    if last == period.start {
        return date(last);
    }
    let start = if last.0.year() == period.start.0.year() { "%b %-d" } else { "%b %-d, %Y" };
    format!("{} – {}", period.start.0.strftime(start), date(last))
}

/// `Visa •••• 1111`
pub fn method(payment: &Payment) -> String {
    context(&payment.method_context)
}

pub fn context(context: &str) -> String {
    match context.split_once(": ") {
        Some((brand, last_four)) if last_four.len() == 4 => format!("{brand} •••• {last_four}"),
        _ => context.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, minor: i64) -> String {
        money(code.parse().unwrap(), Amount(minor))
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(shown("USD", 6050), "$60.50");
        assert_eq!(shown("USD", 123_456_789), "$1,234,567.89");
        assert_eq!(shown("USD", -3950), "-$39.50");
        assert_eq!(shown("EUR", 100), "€1.00");
        assert_eq!(shown("JPY", 1200), "¥1,200");
        assert_eq!(shown("CHF", 1200), "CHF 12.00");
    }

    #[test]
    fn a_period_names_its_first_and_last_day() {
        let of = |start, end| period(Period { start, end });
        assert_eq!(of(Date::new(2011, 9, 20), Date::new(2011, 10, 1)), "Sep 20 – Sep 30, 2011");
        assert_eq!(of(Date::new(2011, 12, 20), Date::new(2012, 1, 20)), "Dec 20, 2011 – Jan 19, 2012");
        assert_eq!(of(Date::new(2011, 9, 20), Date::new(2011, 9, 21)), "Sep 20, 2011");
    }
}
