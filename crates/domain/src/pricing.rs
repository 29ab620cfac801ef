//! Charge × quantity × period → amount, and why.
//!
//! | Rule | Units `q` cost |
//! | --- | --- |
//! | flat | q × price |
//! | tiered | each unit the price of the tier it lies in |
//! | volume | all units the price of the tier that is reached |
//! | overage tier | only the units beyond the tier before, with volume too |
//! | percentage | q is money, a turnover for example, and that part of it is owed |
//!
//! Included units are a first tier at 0. An amount is rounded once, at the end. Part of a period costs
//! `rest(start) − rest(end)`, where `rest(day)` is what the days from `day` to the end of the period cost, rounded. So
//! the days up to the end of a period cost price × days ÷ days of the period, half up (`api.md` §3, golden number), and
//! however a period is cut into parts, they sum to the whole.

use rust_decimal::Decimal;

use crate::dates::{Date, Period};
use crate::ids::TierId;
use crate::money::{Amount, Currency, OutOfRange, Price, Quantity, within_bounds};
use crate::plans::{Charge, PricingType, Tier};

/// A priced charge: one line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The tier that the quantity reached.
    pub tier: TierId,
    /// Its price or, where `is_percent`, its percentage.
    pub unit_price: Price,
    pub is_percent: bool,
    pub amount: Amount,
    /// In plain words and figures: `165.00 × 1 × 11/30 days = 60.50`.
    pub explanation: String,
}

/// The part of a period that is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub billed: Period,
    pub whole: Period,
}

impl Share {
    pub fn is_whole(self) -> bool {
        self.billed == self.whole
    }

    /// What `whole` costs for the billed days, so that parts sum to the whole.
    pub fn of(self, whole: Decimal, currency: Currency) -> Result<Amount, OutOfRange> {
        assert!(self.whole.start <= self.billed.start && self.billed.end <= self.whole.end, "a part lies in its whole");
        Ok(self.rest(self.billed.start, whole, currency)? - self.rest(self.billed.end, whole, currency)?)
    }

    /// What the days from `day` to the end of the whole cost.
    fn rest(self, day: Date, whole: Decimal, currency: Currency) -> Result<Amount, OutOfRange> {
        currency.round(part(whole, day.days_until(self.whole.end), self.whole.days())?)
    }
}

/// Multiplied before divided: 165 × 11 / 30 is exact, 165 × (11 / 30) is not.
fn part(whole: Decimal, days: i64, of: i64) -> Result<Decimal, OutOfRange> {
    Ok(whole.checked_mul(Decimal::from(days)).ok_or(OutOfRange)? / Decimal::from(of))
}

/// What `quantity` of `charge` costs; with a share, that part of it by days.
pub fn price(
    charge: &Charge,
    quantity: Quantity,
    share: Option<Share>,
    currency: Currency,
) -> Result<Priced, OutOfRange> {
    let base = Base::of(charge, quantity, currency)?;
    let (amount, explanation) = match share.filter(|share| !share.is_whole()) {
        Some(share) => prorated(&base, share, currency)?,
        None => entire(&base, currency)?,
    };
    Ok(base.priced(amount, explanation))
}

fn entire(base: &Base, currency: Currency) -> Result<(Amount, String), OutOfRange> {
    let amount = currency.round(base.exact)?;
    Ok((amount, format!("{} = {}", base.how, shown(base.exact, amount, currency))))
}

fn prorated(base: &Base, share: Share, currency: Currency) -> Result<(Amount, String), OutOfRange> {
    let (days, of) = (share.billed.days(), share.whole.days());
    let exact = part(base.exact, days, of)?;
    let amount = share.of(base.exact, currency)?;
    let result = shown(exact, amount, currency);
    let why = if currency.round(exact)? == amount { "" } else { ", so that the parts of the period sum to the whole" };
    Ok((amount, format!("{} × {days}/{of} days = {result}{why}", base.how)))
}

/// An amount, with what it was rounded from where it was: `5.32 (rounded from 5.322581)`.
pub(crate) fn shown(exact: Decimal, amount: Amount, currency: Currency) -> String {
    let text = currency.format(amount);
    if currency.decimal(amount) == exact {
        return text;
    }
    format!("{text} (rounded from {})", exact.round_dp(currency.scale() + EXTRA_DECIMALS).normalize())
}

/// Decimals beyond the currency's that an explanation shows.
const EXTRA_DECIMALS: u32 = 4;

/// What a quantity costs before anything is rounded.
pub(crate) struct Base {
    pub exact: Decimal,
    pub how: String,
    pub reached: Tier,
}

impl Base {
    pub fn of(charge: &Charge, quantity: Quantity, currency: Currency) -> Result<Base, OutOfRange> {
        let parts = match charge.pricing_type {
            PricingType::Flat | PricingType::Volume => at_reached(&charge.tiers, quantity.0),
            PricingType::Tiered => each_in_its_own(&charge.tiers, quantity.0),
        };
        let mut exact = Decimal::ZERO;
        for (tier, units) in &parts {
            exact = tier.rate().checked_mul(*units).and_then(|cost| exact.checked_add(cost)).ok_or(OutOfRange)?;
        }
        if !within_bounds(exact) {
            return Err(OutOfRange);
        }
        let how: Vec<String> = parts.iter().map(|(tier, units)| explain(*tier, *units, currency)).collect();
        Ok(Base { exact, how: how.join(" + "), reached: reached(&charge.tiers, quantity.0) })
    }

    pub fn priced(&self, amount: Amount, explanation: String) -> Priced {
        let tier = self.reached;
        let unit_price = tier.percent.map_or(tier.price, Price);
        Priced { tier: tier.id, unit_price, is_percent: tier.percent.is_some(), amount, explanation }
    }
}

fn explain(tier: Tier, units: Decimal, currency: Currency) -> String {
    match tier.percent {
        Some(percent) => format!("{}% × {}", percent.normalize(), units.normalize()),
        None => format!("{} × {}", tier.price.format(currency), units.normalize()),
    }
}

/// The first tier that `units` fit into (`operations.md` §3), else the last.
fn reached(tiers: &[Tier], units: Decimal) -> Tier {
    tiers[reached_index(tiers, units)]
}

fn reached_index(tiers: &[Tier], units: Decimal) -> usize {
    let fits = |tier: &Tier| tier.units_to.is_none_or(|end| units <= end.0);
    let last = tiers.len().checked_sub(1).expect("a charge has at least one tier");
    tiers.iter().position(fits).unwrap_or(last)
}

/// All units by the tier that is reached; of an overage tier only those beyond the tier before.
fn at_reached(tiers: &[Tier], units: Decimal) -> Vec<(Tier, Decimal)> {
    let index = reached_index(tiers, units);
    let tier = tiers[index];
    let before = tiers[..index].last().and_then(|before| before.units_to).filter(|_| tier.is_overage);
    let Some(before) = before else { return vec![(tier, units)] };
    let mut parts = at_reached(&tiers[..index], before.0);
    parts.push((tier, units - before.0));
    parts
}

/// Each unit by the tier it lies in; those beyond all tiers by the last.
fn each_in_its_own(tiers: &[Tier], units: Decimal) -> Vec<(Tier, Decimal)> {
    let mut parts = Vec::new();
    let mut below = Decimal::ZERO;
    for (n, tier) in tiers.iter().enumerate() {
        let last = n + 1 == tiers.len();
        let end = tier.units_to.filter(|_| !last).map_or(units, |end| end.0.min(units));
        if end > below || n == 0 {
            parts.push((*tier, end - below));
            below = end;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::ChargeType;

    fn charge(pricing_type: PricingType, tiers: &[(Option<&str>, &str)]) -> Charge {
        let mut from = Quantity::default();
        let tiers = tiers.iter().map(|(to, price)| {
            let units_to = to.map(|to| to.parse::<Quantity>().unwrap());
            let tier = Tier::new(from, units_to, price.parse().unwrap());
            from = Quantity(units_to.unwrap_or_default().0 + Decimal::ONE);
            tier
        });
        Charge { tiers: tiers.collect(), ..Charge::new("C", ChargeType::Recurring, pricing_type) }
    }

    fn usd() -> Currency {
        "USD".parse().unwrap()
    }

    fn amount(charge: &Charge, quantity: &str) -> i64 {
        price(charge, quantity.parse().unwrap(), None, usd()).unwrap().amount.0
    }

    #[test]
    fn golden_165_for_11_of_30_days_is_60_50() {
        let september = Period { start: Date::new(2011, 9, 1), end: Date::new(2011, 10, 1) };
        let share = Share { billed: Period { start: Date::new(2011, 9, 20), ..september }, whole: september };
        let flat = charge(PricingType::Flat, &[(None, "165.00")]);
        let priced = price(&flat, Quantity::ONE, Some(share), usd()).unwrap();
        assert_eq!(priced.amount, Amount(6050));
        assert_eq!(priced.explanation, "165.00 × 1 × 11/30 days = 60.50");
    }

    #[test]
    fn tiered_units_pay_the_price_of_their_own_tier() {
        let pages = charge(PricingType::Tiered, &[(Some("100"), "0.00"), (None, "1.65")]);
        assert_eq!([amount(&pages, "99"), amount(&pages, "100"), amount(&pages, "101")], [0, 0, 165]);
        assert_eq!(amount(&pages, "100.5"), 83);
    }

    #[test]
    fn volume_units_all_pay_the_price_of_the_tier_reached() {
        let seats = charge(PricingType::Volume, &[(Some("10"), "5.00"), (None, "4.00")]);
        assert_eq!([amount(&seats, "9"), amount(&seats, "10"), amount(&seats, "11")], [4500, 5000, 4400]);
        assert_eq!(amount(&seats, "10.5"), 4200);
    }

    #[test]
    fn units_of_an_overage_tier_leave_the_others_at_their_price() {
        let mut seats = charge(PricingType::Volume, &[(Some("5"), "6.00"), (Some("10"), "5.00"), (None, "9.00")]);
        seats.tiers[2].is_overage = true;
        assert_eq!([amount(&seats, "9"), amount(&seats, "10"), amount(&seats, "11")], [4500, 5000, 5900]);
        let priced = price(&seats, "12".parse().unwrap(), None, usd()).unwrap();
        assert_eq!(priced.explanation, "5.00 × 10 + 9.00 × 2 = 68.00");
    }

    #[test]
    fn a_percentage_is_of_the_quantity_as_money() {
        let fee = Charge { tiers: vec![Tier::percentage("2.9".parse().unwrap())], ..charge(PricingType::Flat, &[]) };
        let priced = price(&fee, "1234.56".parse().unwrap(), None, usd()).unwrap();
        assert_eq!((priced.amount, priced.is_percent), (Amount(3580), true));
        assert_eq!(priced.explanation, "2.9% × 1234.56 = 35.80 (rounded from 35.80224)");
    }

    #[test]
    fn a_part_says_when_it_was_rounded_to_fit_the_other_parts() {
        let month = Period { start: Date::new(2011, 2, 1), end: Date::new(2011, 3, 1) };
        let half = Date::new(2011, 2, 15);
        let flat = charge(PricingType::Flat, &[(None, "0.01")]);
        let of = |billed| price(&flat, Quantity::ONE, Some(Share { billed, whole: month }), usd()).unwrap();
        let (first, second) = (of(Period { end: half, ..month }), of(Period { start: half, ..month }));
        assert_eq!((first.amount, second.amount), (Amount(0), Amount(1)), "and not a cent each");
        assert_eq!(second.explanation, "0.01 × 1 × 14/28 days = 0.01 (rounded from 0.005)");
        let why = "0.01 × 1 × 14/28 days = 0.00 (rounded from 0.005), so that the parts of the period sum to the whole";
        assert_eq!(first.explanation, why);
    }

    #[test]
    fn a_quantity_beyond_all_tiers_pays_the_last() {
        let few = charge(PricingType::Tiered, &[(Some("1"), "1"), (Some("2"), "2")]);
        assert_eq!(amount(&few, "4"), 100 + 3 * 200);
    }

    #[test]
    fn a_price_out_of_bounds_is_refused() {
        let dear = charge(PricingType::Flat, &[(None, "999999999999.99")]);
        assert_eq!(price(&dear, "2".parse().unwrap(), None, usd()), Err(OutOfRange));
    }
}
