//! Usage: activities sum to their charge, and it does not matter when they arrive.

use domain::dates::Date;
use domain::ids::{ActivityId, OrderLineId};
use domain::money::{Amount, Price, Quantity};
use domain::plans::{Charge, ChargeType, PricingType};
use domain::pricing::price as priced;
use domain::usage::{Activity, BilledUsage, RatedCharge, rate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::samples::{any_currency, any_price, charge, config, price, quantity, tier, usd};

const LINE: OrderLineId = OrderLineId(101);
const DAY: Date = Date::new(2011, 9, 20);

/// Up to 10 units, up to 20, beyond.
fn three_tiers(pricing_type: PricingType, prices: [Price; 3]) -> Charge {
    let tiers =
        vec![tier(1, "0", Some("10"), prices[0]), tier(2, "11", Some("20"), prices[1]), tier(3, "21", None, prices[2])];
    Charge { pricing_type, tiers, ..charge(1, ChargeType::Usage, "0") }
}

fn activities(quantities: &[Quantity]) -> Vec<Activity> {
    let of = |(id, quantity): (i64, &Quantity)| {
        let id = ActivityId(id);
        Activity { id, order_line: LINE, quantity: *quantity, charged_on: DAY, charge_ended_on: None }
    };
    (1..).zip(quantities).map(of).collect()
}

fn rated(charge: &Charge, quantities: &[&str], before: Option<&BilledUsage>) -> RatedCharge {
    let quantities: Vec<Quantity> = quantities.iter().map(|text| quantity(text)).collect();
    let all = activities(&quantities);
    rate(charge, &all.iter().collect::<Vec<_>>(), before, usd()).unwrap()
}

fn amounts(rated: &RatedCharge) -> Vec<(i64, String)> {
    rated.activities.iter().map(|r| (r.amount.0, r.unit_price.to_string())).collect()
}

fn tiers(pricing_type: PricingType) -> Charge {
    three_tiers(pricing_type, [price("0"), price("1.00"), price("0.50")])
}

#[test]
fn tiered_units_are_priced_in_turn() {
    let rated = rated(&tiers(PricingType::Tiered), &["8", "4", "10"], None);
    assert_eq!(amounts(&rated), [(0, "0".into()), (200, "0.5".into()), (900, "0.9".into())]);
    assert_eq!(rated.priced.explanation, "0.00 × 10 + 1.00 × 10 + 0.50 × 2 = 11.00");
}

#[test]
fn volume_units_are_priced_alike() {
    let rated = rated(&tiers(PricingType::Volume), &["8", "4", "10"], None);
    assert_eq!(amounts(&rated), [(400, "0.5".into()), (200, "0.5".into()), (500, "0.5".into())]);
}

#[test]
fn the_last_unit_of_a_tier_and_its_neighbours() {
    let of = |pricing_type, units| rated(&tiers(pricing_type), &[units], None).priced.amount.0;
    let each = |pricing_type| ["9", "10", "11", "19", "20", "21"].map(|units| of(pricing_type, units));
    assert_eq!(each(PricingType::Tiered), [0, 0, 100, 900, 1000, 1050]);
    assert_eq!(each(PricingType::Volume), [0, 0, 1100, 1900, 2000, 1050]);
}

#[test]
fn at_least_the_minimum_and_at_most_the_maximum_is_billed() {
    let bounded = Charge {
        min_quantity: Some(quantity("5")),
        max_quantity: Some(quantity("8")),
        ..charge(1, ChargeType::Usage, "1.00")
    };
    let least = rated(&bounded, &["1", "2"], None);
    assert_eq!(least.priced.explanation, "1.00 × 5 = 5.00; 3 used, at least 5 are billed");
    assert_eq!(least.activities.iter().map(|r| r.amount.0).collect::<Vec<_>>(), [167, 333]);
    assert_eq!(rated(&bounded, &[], None).priced.amount, Amount(500), "also without any usage");
    let most = rated(&bounded, &["9"], None);
    assert_eq!(most.priced.explanation, "1.00 × 8 = 8.00; 9 used, at most 8 are billed");
}

#[test]
fn late_usage_goes_on_where_the_period_was_left() {
    let before = BilledUsage { order_line: LINE, period_start: DAY, quantity: quantity("15"), amount: Amount(500) };
    let late = rated(&tiers(PricingType::Tiered), &["7"], Some(&before));
    let text = "0.00 × 10 + 1.00 × 10 + 0.50 × 2 = 11.00; 5.00 of it was billed before: 6.00";
    assert_eq!((late.priced.amount, late.priced.explanation.as_str()), (Amount(600), text));
}

#[test]
fn late_usage_sums_also_when_the_price_has_changed_since() {
    let before = BilledUsage { order_line: LINE, period_start: DAY, quantity: quantity("15"), amount: Amount(777) };
    let late = rated(&tiers(PricingType::Tiered), &["3", "4"], Some(&before));
    assert_eq!(late.priced.amount, Amount(323));
    assert_eq!(late.activities.iter().map(|r| r.amount).collect::<Vec<_>>(), [Amount(300), Amount(23)]);
}

fn any_pricing() -> impl Strategy<Value = PricingType> {
    select(&[PricingType::Tiered, PricingType::Volume][..])
}

fn any_units() -> impl Strategy<Value = Quantity> {
    (0..20_000i64).prop_map(|units| Quantity(Decimal::new(units, 3)))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn activities_sum_to_their_charge(
        pricing in any_pricing(), prices in [any_price(), any_price(), any_price()],
        units in vec(any_units(), 1..12), bounds in prop::option::of((1..30i64, 30..60i64)), currency in any_currency(),
    ) {
        let of = |n: i64| Some(Quantity(Decimal::from(n)));
        let (min_quantity, max_quantity) = bounds.map_or((None, None), |(min, max)| (of(min), of(max)));
        let charge = Charge { min_quantity, max_quantity, ..three_tiers(pricing, prices) };
        let all = activities(&units);
        let rated = rate(&charge, &all.iter().collect::<Vec<_>>(), None, currency).unwrap();
        let sum: Amount = rated.activities.iter().map(|r| r.amount).sum();
        prop_assert_eq!(sum, rated.priced.amount);
        prop_assert!(rated.activities.iter().all(|r| r.amount >= Amount::ZERO));
        let total = Quantity(units.iter().map(|q| q.0).sum());
        let whole = priced(&charge, charge.billable(total), None, currency).unwrap();
        prop_assert_eq!(rated.priced.amount, whole.amount, "all of a period are priced together");
    }

    #[test]
    fn late_or_in_time_costs_the_same(
        pricing in any_pricing(), prices in [any_price(), any_price(), any_price()],
        units in vec(any_units(), 2..12), cut in 1..11usize,
    ) {
        let charge = three_tiers(pricing, prices);
        let all = activities(&units);
        let all: Vec<&Activity> = all.iter().collect();
        let (first, late) = all.split_at(cut.min(units.len() - 1));
        let in_time = rate(&charge, first, None, usd()).unwrap();
        let before = BilledUsage {
            order_line: LINE,
            period_start: DAY,
            quantity: in_time.quantity,
            amount: in_time.priced.amount,
        };
        let late = rate(&charge, late, Some(&before), usd()).unwrap();
        let together = rate(&charge, &all, None, usd()).unwrap();
        prop_assert_eq!(in_time.priced.amount + late.priced.amount, together.priced.amount);
        let sum: Amount = late.activities.iter().map(|r| r.amount).sum();
        prop_assert_eq!(sum, late.priced.amount);
    }

    #[test]
    fn more_tiered_usage_never_costs_less(
        prices in [any_price(), any_price(), any_price()], a in any_units(), b in any_units()
    ) {
        let charge = three_tiers(PricingType::Tiered, prices);
        let of = |units| {
            let all = activities(&[units]);
            rate(&charge, &all.iter().collect::<Vec<_>>(), None, usd()).unwrap().priced.amount
        };
        prop_assert!(of(a.min(b)) <= of(a.max(b)));
    }
}
