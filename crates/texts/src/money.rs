//! Amounts as people write them.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use domain::money::{Amount, Currency, Price, Quantity};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;

use crate::{Language, Texts};

/// Signs that people know; the ones of other currencies, such as ₣, are used by nobody.
const SIGNS: &str = "$€£¥₹₩₪₫₱₦₴₺₽";

/// No line ends between an amount and its currency.
const SPACE: char = '\u{a0}';

/// Where a language puts the currency and what separates digits: the standard patterns of CLDR 48, which ICU4X does not
/// offer yet. Currencies have their narrow signs.
#[derive(Debug)]
pub(crate) struct Style {
    place: Place,
    group: String,
    decimal: String,
    /// Numbers with fewer digits before the decimal separator are not grouped.
    grouped_from: usize,
    is_right_to_left: bool,
    known: RwLock<HashMap<Currency, &'static MoneyFormat>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// `-$1.00`
    Before,
    /// `-R$ 1,00`
    BeforeWithSpace,
    /// `€ -1,00`
    BeforeMinus,
    /// `-1,00 €`
    After,
}

impl Place {
    fn of(language: Language, tag: &str) -> Place {
        match (language, tag) {
            (_, "pt-PT") => Place::After,
            (Language::English | Language::Japanese, _) | (_, "es-MX" | "es-US" | "es-CL") => Place::Before,
            (Language::Portuguese, _) | (_, "de-AT" | "es-AR" | "es-CO") => Place::BeforeWithSpace,
            (Language::Dutch, _) | (_, "de-CH" | "it-CH") => Place::BeforeMinus,
            (
                Language::German
                | Language::French
                | Language::Spanish
                | Language::Italian
                | Language::Polish
                | Language::Arabic,
                _,
            ) => Place::After,
        }
    }
}

impl Style {
    pub(crate) fn of(language: Language, tag: &str, formatter: &DecimalFormatter) -> Style {
        let separator = |sample: &str| -> String {
            let number = sample.parse::<Decimal>().unwrap_or_default();
            formatter.format(&number).to_string().chars().filter(|c| !c.is_numeric()).collect()
        };
        let grouped_from = if separator("1111").is_empty() { 5 } else { 4 };
        Style {
            place: Place::of(language, tag),
            group: separator("11111"),
            decimal: separator("0.1"),
            grouped_from,
            is_right_to_left: language.is_right_to_left(),
            known: RwLock::default(),
        }
    }

    /// Made once for each currency; a page has it in every row.
    fn of_currency(&self, currency: Currency) -> &'static MoneyFormat {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&currency) {
            return known;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(currency).or_insert_with(|| Box::leak(Box::new(self.format(currency))))
    }

    fn format(&self, currency: Currency) -> MoneyFormat {
        let sign = sign(currency);
        let is_word = sign.chars().any(char::is_alphabetic);
        let spaced = |is_spaced: bool| if is_spaced { format!("{sign}{SPACE}") } else { sign.clone() };
        let (positive, negative, after) = match self.place {
            Place::Before => (spaced(is_word), format!("-{}", spaced(is_word)), String::new()),
            Place::BeforeWithSpace => (spaced(true), format!("-{}", spaced(true)), String::new()),
            Place::BeforeMinus => (spaced(true), format!("{}-", spaced(true)), String::new()),
            // The minus stays at the left of the digits where the rest runs from right to left.
            Place::After if self.is_right_to_left => {
                ("\u{200f}".to_owned(), "\u{200f}\u{200e}-".to_owned(), format!("{SPACE}{sign}"))
            }
            Place::After => (String::new(), "-".to_owned(), format!("{SPACE}{sign}")),
        };
        MoneyFormat {
            positive,
            negative,
            after,
            group: self.group.clone(),
            decimal: self.decimal.clone(),
            grouped_from: self.grouped_from,
            scale: currency.scale(),
        }
    }
}

/// `$`, or `CHF` where the sign would be letters.
fn sign(currency: Currency) -> String {
    let symbol = currency.symbol();
    let is_known = !symbol.is_empty() && symbol.chars().all(|c| SIGNS.contains(c));
    if is_known { symbol } else { currency.code().to_owned() }
}

/// How to write an amount of one currency in one locale: enough for a browser to do the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyFormat {
    /// Before the digits: `$`
    pub positive: String,
    /// The same below zero: `-$`
    pub negative: String,
    /// Behind the digits: ` €`
    pub after: String,
    pub group: String,
    pub decimal: String,
    /// Numbers with fewer digits before the decimal separator are not grouped.
    pub grouped_from: usize,
    /// Digits behind the decimal separator.
    pub scale: u32,
}

impl MoneyFormat {
    fn write(&self, digits: &str, is_negative: bool) -> String {
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let mut shown = String::with_capacity(digits.len() + 12);
        shown.push_str(if is_negative { &self.negative } else { &self.positive });
        let is_grouped = whole.len() >= self.grouped_from;
        for (n, digit) in whole.chars().enumerate() {
            if is_grouped && n > 0 && (whole.len() - n).is_multiple_of(3) {
                shown.push_str(&self.group);
            }
            shown.push(digit);
        }
        if let Some(fraction) = fraction {
            shown.push_str(&self.decimal);
            shown.push_str(fraction);
        }
        shown.push_str(&self.after);
        shown
    }
}

impl Texts {
    /// `$1,234.50`, `-$3.00`, `1.234,50 €`
    pub fn money(self, currency: Currency, amount: Amount) -> String {
        let digits = currency.format(Amount(amount.0.abs()));
        self.money_format(currency).write(&digits, amount < Amount::ZERO)
    }

    /// `$0.0165`: with as many digits as it has.
    pub fn price(self, currency: Currency, price: Price) -> String {
        let text = price.format(currency);
        match text.strip_prefix('-') {
            Some(digits) => self.money_format(currency).write(digits, true),
            None => self.money_format(currency).write(&text, false),
        }
    }

    /// `12.5`
    pub fn quantity(self, quantity: Quantity) -> String {
        self.decimal(&quantity.format(0))
    }

    pub fn money_format(self, currency: Currency) -> &'static MoneyFormat {
        self.formats.money.of_currency(currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(locale: &str, code: &str, minor: i64) -> String {
        Texts::of([locale]).money(code.parse().unwrap(), Amount(minor)).replace(SPACE, "_")
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(shown("en_US", "USD", 6050), "$60.50");
        assert_eq!(shown("en", "USD", 123_456_789), "$1,234,567.89");
        assert_eq!(shown("en", "USD", -3950), "-$39.50");
        assert_eq!(shown("en", "EUR", 100), "€1.00");
        assert_eq!(shown("en", "JPY", 1200), "¥1,200");
        assert_eq!(shown("en", "CHF", 1200), "CHF_12.00");
    }

    #[test]
    fn each_language_puts_the_currency_where_cldr_puts_it() {
        let all = |locale| [shown(locale, "EUR", 123_456), shown(locale, "EUR", -100)];
        assert_eq!(all("de"), ["1.234,56_€", "-1,00_€"]);
        assert_eq!(all("de-AT"), ["€_1.234,56", "-€_1,00"]);
        assert_eq!(all("de-CH"), ["€_1'234.56", "€_-1.00"]);
        assert_eq!(all("fr"), ["1\u{202f}234,56_€", "-1,00_€"]);
        assert_eq!(all("es"), ["1234,56_€", "-1,00_€"]);
        assert_eq!(all("pt-BR"), ["€_1.234,56", "-€_1,00"]);
        assert_eq!(all("pt-PT"), ["1234,56_€", "-1,00_€"]);
        assert_eq!(all("it"), ["1234,56_€", "-1,00_€"]);
        assert_eq!(all("nl"), ["€_1.234,56", "€_-1,00"]);
        assert_eq!(all("pl"), ["1234,56_€", "-1,00_€"]);
        assert_eq!(all("ja"), ["€1,234.56", "-€1.00"]);
        assert_eq!(all("ar"), ["\u{200f}1,234.56_€", "\u{200f}\u{200e}-1.00_€"]);
        assert_eq!(shown("pl", "PLN", 1_234_567), "12_345,67_PLN");
    }

    #[test]
    fn a_price_keeps_its_digits() {
        let price: Price = "0.0165".parse().unwrap();
        assert_eq!(Texts::of(["de"]).price("EUR".parse().unwrap(), price), "0,0165\u{a0}€");
    }
}
