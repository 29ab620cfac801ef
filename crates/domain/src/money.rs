//! Amounts, prices and quantities. Amounts are whole minor units; the fraction of one is lost in
//! [`Currency::round`] and nowhere else.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

/// ±999 999 999 999.99 in major units: what a price, quantity, amount or balance may be (`api.md` §4).
pub const MAJOR_UNITS_MAX: i64 = 999_999_999_999;

/// A currency of ISO 4217, by its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// `USD`
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits behind the point: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn scale(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    /// `$`, `€`; the code where there is no sign of its own.
    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }

    /// The one place where a fraction of a minor unit is lost: half away from zero.
    /// `exact` is in major units.
    pub fn round(self, exact: Decimal) -> Result<Amount, OutOfRange> {
        let rounded = exact.round_dp_with_strategy(self.scale(), RoundingStrategy::MidpointAwayFromZero);
        self.minor(rounded)
    }

    /// An amount as people write it, `60.50`; no more digits than the currency has.
    pub fn amount(self, text: Decimal) -> Result<Amount, NotAnAmount> {
        if text.normalize().scale() > self.scale() {
            return Err(NotAnAmount::TooPrecise { scale: self.scale() });
        }
        self.minor(text).map_err(|OutOfRange| NotAnAmount::OutOfRange)
    }

    /// The amount in major units.
    pub fn decimal(self, amount: Amount) -> Decimal {
        Decimal::new(amount.0, self.scale())
    }

    /// The amount as the wire shows it: `60.50`, `1200`, `0.125`.
    pub fn format(self, amount: Amount) -> String {
        self.decimal(amount).to_string()
    }

    fn minor(self, major: Decimal) -> Result<Amount, OutOfRange> {
        if !within_bounds(major) {
            return Err(OutOfRange);
        }
        let mut minor = major;
        minor.rescale(self.scale());
        i64::try_from(minor.mantissa()).map(Amount).map_err(|_| OutOfRange)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        match iso_currency::Currency::from_code(code) {
            // ISO 4217 has codes for testing and for "no currency": nobody pays in those.
            Some(iso_currency::Currency::XXX | iso_currency::Currency::XTS) | None => Err(UnknownCurrency),
            Some(currency) => Ok(Currency(currency)),
        }
    }
}

crate::text_column!(Currency);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a currency of ISO 4217")]
pub struct UnknownCurrency;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be between -999999999999.99 and 999999999999.99")]
pub struct OutOfRange;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    #[error("may have at most {scale} decimals")]
    TooPrecise { scale: u32 },
    #[error("must be between -999999999999.99 and 999999999999.99")]
    OutOfRange,
}

/// Whether a price, quantity or amount in major units is one that may be stored.
pub fn within_bounds(value: Decimal) -> bool {
    value.abs() <= Decimal::new(MAJOR_UNITS_MAX * 100 + 99, 2)
}

/// Money in the minor units of its currency. The currency stands beside it, once per object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
pub struct Amount(pub i64);

impl Amount {
    pub const ZERO: Amount = Amount(0);

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `parts` amounts that differ by at most one minor unit and sum to `self` exactly.
    pub fn split(self, parts: u32) -> Vec<Amount> {
        let parts = i64::from(parts);
        let share = self.0.checked_div(parts).unwrap_or_default();
        let rest = self.0 - share * parts;
        (0..parts).map(|n| Amount(share + if n < rest.abs() { rest.signum() } else { 0 })).collect()
    }
}

// Amounts are bounded to a hundred-thousandth of what an i64 holds, so sums of them do not overflow;
// the checks stand for the day when somebody breaks that bound.
impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        Amount(self.0.checked_add(other.0).expect("amounts are bounded far below i64"))
    }
}
impl Sub for Amount {
    type Output = Amount;
    fn sub(self, other: Amount) -> Amount {
        Amount(self.0.checked_sub(other.0).expect("amounts are bounded far below i64"))
    }
}
impl Neg for Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        Amount::ZERO - self
    }
}
impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}
impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

macro_rules! decimal {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Decimal);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = rust_decimal::Error;
            fn from_str(text: &str) -> Result<Self, rust_decimal::Error> {
                Decimal::from_str_exact(text).map($name)
            }
        }
    };
}

decimal! {
    /// What one unit costs, in major units; may have more decimals than the currency.
    Price
}
decimal! {
    /// How many units.
    Quantity
}

impl Quantity {
    pub const ONE: Quantity = Quantity(Decimal::ONE);

    /// With at least `places` decimals, as the wire shows it: `1.0`, `1.00`, `2.125`.
    pub fn format(self, places: u32) -> String {
        at_least(self.0, places)
    }
}

impl Price {
    /// With at least the currency's decimals: `165.00`, `0.0165`.
    pub fn format(self, currency: Currency) -> String {
        at_least(self.0, currency.scale())
    }
}

fn at_least(value: Decimal, places: u32) -> String {
    let mut value = value.normalize();
    if value.scale() < places {
        value.rescale(places);
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        "USD".parse().unwrap()
    }

    #[test]
    fn half_a_cent_rounds_away_from_zero() {
        for (exact, minor) in [("0.005", 1), ("0.004999", 0), ("-0.005", -1), ("60.5", 6050), ("1.115", 112)] {
            assert_eq!(usd().round(exact.parse().unwrap()), Ok(Amount(minor)), "{exact}");
        }
    }

    #[test]
    fn the_scale_is_the_currencys_own() {
        for (code, exact, shown) in [("JPY", "99.5", "100"), ("KWD", "1.2345", "1.235"), ("USD", "7", "7.00")] {
            let currency: Currency = code.parse().unwrap();
            assert_eq!(currency.format(currency.round(exact.parse().unwrap()).unwrap()), shown);
        }
    }

    #[test]
    fn an_amount_has_no_more_decimals_than_its_currency() {
        assert_eq!(usd().amount("1.234".parse().unwrap()), Err(NotAnAmount::TooPrecise { scale: 2 }));
        assert_eq!(usd().amount("1.230".parse().unwrap()), Ok(Amount(123)));
    }

    #[test]
    fn amounts_end_at_the_bound() {
        assert_eq!(usd().amount("999999999999.99".parse().unwrap()), Ok(Amount(99_999_999_999_999)));
        assert_eq!(usd().amount("1000000000000".parse().unwrap()), Err(NotAnAmount::OutOfRange));
        assert_eq!(usd().round(Decimal::MAX), Err(OutOfRange));
    }

    #[test]
    fn xxx_is_no_currency() {
        assert_eq!("XXX".parse::<Currency>(), Err(UnknownCurrency));
        assert_eq!("usd".parse::<Currency>(), Err(UnknownCurrency));
    }

    #[test]
    fn quantities_show_at_least_the_wires_decimals() {
        assert_eq!(Quantity(Decimal::ONE).format(1), "1.0");
        assert_eq!("2.1250".parse::<Quantity>().unwrap().format(1), "2.125");
        assert_eq!("165".parse::<Price>().unwrap().format(usd()), "165.00");
    }
}
