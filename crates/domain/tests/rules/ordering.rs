//! What is due of an order does not depend on how often it is asked.

use std::collections::BTreeSet;

use domain::dates::{BillingAlignment, BillingPeriod, Date, Period};
use domain::ids::OrderLineId;
use domain::invoices::DraftCharge;
use domain::money::Amount;
use domain::orders::{Order, OrderStatus};
use domain::plans::{Charge, ChargeType, Plan};
use domain::usage::Usage;
use proptest::prelude::*;
use proptest::sample::select;

use crate::samples::{any_alignment, any_date, charge, config, order, plan};

/// Every kind of charge, each pre-paid and post-paid, prorated and not.
fn everything(period: BillingPeriod, alignment: BillingAlignment) -> Plan {
    let mut charges = Vec::new();
    for (id, charge_type) in
        (1..).zip([ChargeType::Recurring, ChargeType::OneTime, ChargeType::Recurring, ChargeType::Usage])
    {
        for is_prepaid in [true, false] {
            let id = id * 10 + i64::from(is_prepaid);
            charges.push(Charge { is_prepaid, is_prorated: id > 20, ..charge(id, charge_type, "99.99") });
        }
    }
    plan(period, alignment, charges)
}

/// Bills on each of the days, as runs do; the charges and the order afterwards.
fn bill(mut order: Order, plan: &Plan, days: impl IntoIterator<Item = Date>) -> (Vec<DraftCharge>, Order) {
    let mut charges = Vec::new();
    for day in days {
        let billed = order.due(plan, Usage::default(), day).unwrap();
        charges.extend(billed.lines.into_iter().flat_map(|line| line.charges));
        order = billed.order;
    }
    (charges, order)
}

type Key = (OrderLineId, Date, Date, Amount);

fn keys(charges: &[DraftCharge]) -> Vec<Key> {
    let mut keys: Vec<Key> = charges.iter().map(|c| (c.order_line, c.period.start, c.period.end, c.amount)).collect();
    keys.sort_unstable();
    keys
}

/// Not the very long ones: a few years of days are billed.
fn any_short_period() -> impl Strategy<Value = BillingPeriod> {
    select(&BillingPeriod::ALL[..8])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..config() })]

    #[test]
    fn billing_day_by_day_is_billing_once_at_the_end(
        period in any_short_period(), alignment in any_alignment(), start in any_date(),
        length in prop::option::of(0..500i64), days in 0..900i64,
    ) {
        let plan = everything(period, alignment);
        let order = order(&plan, start, length.map(|length| start.add_days(length)));
        let last = start.add_days(days);
        let (daily, after_daily) = bill(order.clone(), &plan, (0..=days).map(|n| start.add_days(n)));
        let (once, after_once) = bill(order, &plan, [last]);
        prop_assert_eq!(keys(&daily), keys(&once));
        prop_assert_eq!(after_daily.next_billable_on, after_once.next_billable_on);
        prop_assert_eq!(after_daily.status, after_once.status);
    }

    #[test]
    fn nothing_is_billed_twice_however_irregular_the_runs(
        period in any_short_period(), alignment in any_alignment(), start in any_date(),
        length in prop::option::of(0..500i64), gaps in prop::collection::vec(0..60i64, 1..30),
    ) {
        let plan = everything(period, alignment);
        let order = order(&plan, start, length.map(|length| start.add_days(length)));
        let mut day = start;
        let runs = gaps.into_iter().map(|gap| { day = day.add_days(gap); day });
        let (charges, _) = bill(order, &plan, runs);
        let distinct: BTreeSet<_> = charges.iter().map(|c| (c.order_line, c.period.start)).collect();
        prop_assert_eq!(distinct.len(), charges.len());
    }

    #[test]
    fn the_periods_of_a_recurring_charge_tile_the_orders_term(
        period in any_short_period(), alignment in any_alignment(), start in any_date(), length in 0..500i64
    ) {
        let plan = everything(period, alignment);
        let end = start.add_days(length);
        let order = order(&plan, start, Some(end));
        let (charges, after) = bill(order, &plan, [end.add_days(1)]);
        prop_assert_eq!((after.status, after.next_billable_on), (OrderStatus::Complete, None));
        for recurring in plan.charges.iter().filter(|c| c.charge_type == ChargeType::Recurring) {
            let periods: Vec<Period> = charges.iter().filter(|c| c.charge == recurring.id).map(|c| c.period).collect();
            prop_assert_eq!(periods[0].start, start);
            prop_assert_eq!(periods.last().unwrap().last_day(), end);
            prop_assert!(periods.windows(2).all(|pair| pair[0].end == pair[1].start), "{:?}", periods);
        }
        for once in plan.charges.iter().filter(|c| c.charge_type == ChargeType::OneTime) {
            prop_assert_eq!(charges.iter().filter(|c| c.charge == once.id).count(), 1);
        }
        prop_assert!(charges.iter().all(|c| plan.charge(c.charge).unwrap().charge_type != ChargeType::Usage));
    }

    #[test]
    fn nothing_is_due_before_the_start_and_a_post_paid_charge_not_before_its_period_is_over(
        period in any_short_period(), alignment in any_alignment(), start in any_date(), days in -30..400i64
    ) {
        let plan = everything(period, alignment);
        let today = start.add_days(days);
        let (charges, _) = bill(order(&plan, start, None), &plan, [today]);
        prop_assert_eq!(charges.is_empty(), days < 0);
        for charge in &charges {
            let is_prepaid = plan.charge(charge.charge).unwrap().is_prepaid;
            let due_on = if is_prepaid { charge.period.start } else { charge.period.end };
            prop_assert!(due_on <= today);
        }
    }
}

#[test]
fn long_periods_are_billed_once_in_their_time() {
    let start = Date::new(2011, 9, 20);
    for (period, years) in [
        (BillingPeriod::FiveYearly, 5),
        (BillingPeriod::TenYearly, 10),
        (BillingPeriod::TwentyYearly, 20),
        (BillingPeriod::TwentyFiveYearly, 25),
    ] {
        let plan = plan(period, BillingAlignment::StartDate, vec![charge(1, ChargeType::Recurring, "10")]);
        let day_before = start.add_months(12 * years).previous();
        assert_eq!(bill(order(&plan, start, None), &plan, [day_before]).0.len(), 1, "{period}");
        assert_eq!(bill(order(&plan, start, None), &plan, [day_before.add_days(1)]).0.len(), 2, "{period}");
    }
}
