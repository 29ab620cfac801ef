//! Prices: parts sum, more is never cheaper, and a fraction is lost once.

use domain::dates::{BillingAlignment, Period, Schedule};
use domain::money::{Amount, Currency, Quantity};
use domain::plans::{Charge, ChargeType, PricingType};
use domain::pricing::{Share, price};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{
    any_alignment, any_currency, any_date, any_period, any_price, any_quantity, charge, config, tier, usd,
};

fn amount(charge: &Charge, quantity: Quantity, share: Option<Share>, currency: Currency) -> Amount {
    price(charge, quantity, share, currency).unwrap().amount
}

/// Tiers of 10 units each, the last without end.
fn with_tiers(pricing_type: PricingType, prices: &[domain::money::Price]) -> Charge {
    let count = prices.len();
    let tiers = prices.iter().enumerate().map(|(n, price)| {
        let (from, to) = ((n * 10 + 1).to_string(), ((n + 1) * 10).to_string());
        let to = (n + 1 < count).then_some(to.as_str());
        tier(i64::try_from(n).unwrap(), if n == 0 { "0" } else { &from }, to, *price)
    });
    Charge { pricing_type, tiers: tiers.collect(), ..charge(1, ChargeType::Recurring, "0") }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn parts_of_a_period_sum_to_the_whole_however_it_is_cut(
        unit in any_price(), currency in any_currency(), period in any_period(), alignment in any_alignment(),
        start in any_date(), cuts in vec(0..=1000i64, 1..6),
    ) {
        let whole = Schedule::new(period, alignment, start).containing(start);
        let mut days: Vec<i64> = cuts.iter().map(|cut| whole.days() * cut / 1000).collect();
        days.extend([0, whole.days()]);
        days.sort_unstable();
        days.dedup();
        let monthly = with_tiers(PricingType::Flat, &[unit]);
        let of = |billed: Period| amount(&monthly, Quantity::ONE, Some(Share { billed, whole }), currency);
        let parts = days.windows(2).map(|pair| {
            of(Period { start: whole.start.add_days(pair[0]), end: whole.start.add_days(pair[1]) })
        });
        prop_assert_eq!(parts.sum::<Amount>(), of(whole));
    }

    /// The contract's rule, to the letter, for what is billed most: the rest of a period.
    #[test]
    fn the_rest_of_a_period_is_price_times_days_by_days_half_up(
        unit in any_price(), currency in any_currency(), start in any_date(), alignment in any_alignment(), cut in 0..1000i64
    ) {
        let whole = Schedule::new(domain::dates::BillingPeriod::Quarterly, alignment, start).containing(start);
        let billed = Period { start: whole.start.add_days(whole.days() * cut / 1000), ..whole };
        let monthly = with_tiers(PricingType::Flat, &[unit]);
        let exact = unit.0 * Decimal::from(billed.days()) / Decimal::from(whole.days());
        let got = amount(&monthly, Quantity::ONE, Some(Share { billed, whole }), currency);
        prop_assert_eq!(got, currency.round(exact).unwrap());
    }

    #[test]
    fn any_part_is_within_a_unit_of_its_own_exact_price(
        unit in any_price(), start in any_date(), cut in 0..28i64, days in 1..28i64
    ) {
        let schedule = Schedule::new(domain::dates::BillingPeriod::Monthly, BillingAlignment::StartDate, start);
        let whole = schedule.containing(start);
        let from = whole.start.add_days(cut);
        let billed = Period { start: from, end: from.add_days(days).min(whole.end) };
        let monthly = with_tiers(PricingType::Flat, &[unit]);
        let got = usd().decimal(amount(&monthly, Quantity::ONE, Some(Share { billed, whole }), usd()));
        let exact = unit.0 * Decimal::from(billed.days()) / Decimal::from(whole.days());
        prop_assert!((got - exact).abs() <= Decimal::new(1, 2));
    }

    #[test]
    fn days_that_divide_the_price_lose_nothing(cents_a_day in 0..1_000_000i64, start in any_date(), cut in 1..28i64) {
        let schedule = Schedule::new(domain::dates::BillingPeriod::Monthly, BillingAlignment::StartDate, start);
        let whole = schedule.containing(start);
        let middle = whole.start.add_days(cut.min(whole.days() - 1));
        let monthly = with_tiers(PricingType::Flat, &[domain::money::Price(Decimal::new(cents_a_day * whole.days(), 2))]);
        let of = |billed: Period| amount(&monthly, Quantity::ONE, Some(Share { billed, whole }), usd()).0;
        prop_assert_eq!(of(Period { end: middle, ..whole }), cents_a_day * whole.start.days_until(middle));
        prop_assert_eq!(of(Period { end: middle, ..whole }) + of(Period { start: middle, ..whole }), of(whole));
    }

    #[test]
    fn more_days_never_cost_less(unit in any_price(), start in any_date(), a in 1..=28i64, b in 1..=28i64) {
        let schedule = Schedule::new(domain::dates::BillingPeriod::Monthly, BillingAlignment::StartDate, start);
        let whole = schedule.containing(start);
        let monthly = with_tiers(PricingType::Flat, &[unit]);
        let of = |days: i64| {
            let billed = Period { end: whole.start.add_days(days), ..whole };
            amount(&monthly, Quantity::ONE, Some(Share { billed, whole }), usd())
        };
        prop_assert!(of(a.min(b)) <= of(a.max(b)));
        prop_assert!(of(a) <= of(whole.days()));
    }

    #[test]
    fn more_units_never_cost_less_at_a_flat_or_a_tiered_price(
        prices in vec(any_price(), 1..5), a in any_quantity(), b in any_quantity()
    ) {
        let (few, many) = (a.min(b), a.max(b));
        for charge in [with_tiers(PricingType::Flat, &prices[..1]), with_tiers(PricingType::Tiered, &prices)] {
            prop_assert!(amount(&charge, few, None, usd()) <= amount(&charge, many, None, usd()));
        }
    }

    #[test]
    fn tiers_of_one_price_are_that_price(unit in any_price(), count in 1..5usize, units in any_quantity()) {
        let flat = amount(&with_tiers(PricingType::Flat, &[unit]), units, None, usd());
        let same = vec![unit; count];
        prop_assert_eq!(amount(&with_tiers(PricingType::Tiered, &same), units, None, usd()), flat);
        prop_assert_eq!(amount(&with_tiers(PricingType::Volume, &same), units, None, usd()), flat);
    }

    #[test]
    fn splitting_sums_to_the_whole_in_parts_that_differ_by_one_at_most(
        amount in -1_000_000_000_000i64..1_000_000_000_000, parts in 1..500u32
    ) {
        let split = Amount(amount).split(parts);
        prop_assert_eq!(split.len(), usize::try_from(parts).unwrap());
        prop_assert_eq!(split.iter().copied().sum::<Amount>(), Amount(amount));
        let (least, most) = (split.iter().min().unwrap(), split.iter().max().unwrap());
        prop_assert!(most.0 - least.0 <= 1);
    }

    #[test]
    fn what_is_shown_is_what_was_meant(minor in -99_999_999_999_999i64..=99_999_999_999_999, currency in any_currency()) {
        let shown = currency.format(Amount(minor)).parse::<Decimal>().unwrap();
        let bounded = domain::money::within_bounds(shown);
        prop_assert_eq!(currency.amount(shown).ok(), bounded.then_some(Amount(minor)));
    }

    #[test]
    fn rounding_moves_by_half_a_unit_at_most(units in any::<i32>(), scale in 0..8u32, currency in any_currency()) {
        let exact = Decimal::new(i64::from(units), scale);
        let rounded = currency.decimal(currency.round(exact).unwrap());
        prop_assert!((rounded - exact).abs() * Decimal::TWO <= Decimal::new(1, currency.scale()));
    }
}
