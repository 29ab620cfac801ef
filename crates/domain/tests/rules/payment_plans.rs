//! Instalments are counted from the start of the plan, and add up.

use domain::dates::{Date, TimeUnit};
use domain::ids::{CustomerId, PaymentPlanId};
use domain::money::Amount;
use domain::payment_plans::{Frequency, PaymentPlan, PaymentPlanChange};
use proptest::prelude::*;
use proptest::sample::select;

use crate::samples::{any_date, config, usd};

fn at(text: &str) -> domain::dates::Timestamp {
    text.parse().unwrap()
}

fn plan(start_on: Date, frequency: Frequency, total: i64) -> PaymentPlan {
    PaymentPlan {
        id: PaymentPlanId(1),
        customer: CustomerId(1),
        sequence: 1,
        currency: usd(),
        charge_only_if_balance_owed: true,
        charge_amount: Amount(19_900),
        start_on,
        frequency,
        total_installments: total,
        remaining_installments: total,
        is_enabled: true,
        is_offered: false,
        created_at: at("2016-01-01T00:00:00Z"),
        updated_at: at("2016-01-01T00:00:00Z"),
    }
}

fn monthly(start_on: Date, total: i64) -> PaymentPlan {
    plan(start_on, Frequency { value: 1, units: TimeUnit::Months }, total)
}

fn any_frequency() -> impl Strategy<Value = Frequency> {
    (1..=12i64, select(TimeUnit::ALL)).prop_map(|(value, units)| Frequency { value, units })
}

/// Its dates, as they come while instalments are used one by one.
fn dates(mut plan: PaymentPlan) -> Vec<Date> {
    let mut dates = Vec::new();
    while let Some(next) = plan.next_payment_on() {
        dates.push(next);
        plan = plan.used_one(at("2016-01-02T00:00:00Z"));
    }
    dates
}

#[test]
fn c_pln_24_the_thirty_first_survives_february() {
    let found = dates(monthly(Date::new(2023, 1, 31), 4));
    let expected = [(2023, 1, 31), (2023, 2, 28), (2023, 3, 31), (2023, 4, 30)];
    assert_eq!(found, expected.map(|(year, month, day)| Date::new(year, month, day)));
    assert_eq!(dates(monthly(Date::new(2024, 1, 31), 2))[1], Date::new(2024, 2, 29), "a leap year");
    let leap = plan(Date::new(2024, 2, 29), Frequency { value: 1, units: TimeUnit::Years }, 5);
    assert_eq!(dates(leap)[3..], [Date::new(2027, 2, 28), Date::new(2028, 2, 29)]);
}

#[test]
fn the_lesser_of_instalment_and_balance_is_charged_unless_told_otherwise() {
    let lesser = monthly(Date::new(2016, 11, 1), 4);
    let always = PaymentPlan { charge_only_if_balance_owed: false, ..lesser.clone() };
    for (owed, of_lesser) in [(50_000, 19_900), (19_900, 19_900), (100, 100), (0, 0), (-5_000, 0)] {
        assert_eq!(lesser.charge(Amount(owed)), Amount(of_lesser), "{owed}");
        assert_eq!(always.charge(Amount(owed)), Amount(19_900), "{owed}");
    }
}

#[test]
fn what_was_used_stays_used_when_the_plan_changes() {
    let now = at("2016-12-02T00:00:00Z");
    let used = monthly(Date::new(2016, 11, 1), 4).used_one(now);
    let six = PaymentPlanChange { total_installments: Some(6), ..PaymentPlanChange::default() };
    let changed = used.clone().changed(&six, now).unwrap();
    assert_eq!((changed.remaining_installments, changed.next_payment_on()), (5, Some(Date::new(2016, 12, 1))));
    let one = PaymentPlanChange { total_installments: Some(1), ..PaymentPlanChange::default() };
    let refused = used.clone().changed(&one, now).unwrap_err().to_string();
    assert!(refused.starts_with("totalNumberOfInstallments must be at least 2"), "{refused}");
    let over = PaymentPlanChange { is_enabled: Some(false), ..one };
    let over = used.clone().changed(&over, now).unwrap();
    assert_eq!((over.remaining_installments, over.next_payment_on(), over.is_enabled), (0, None, false));
    let again = PaymentPlanChange { is_enabled: Some(true), ..PaymentPlanChange::default() };
    assert!(over.changed(&again, now).is_err(), "nothing is left to come");
    let later = at("2017-01-01T00:00:00Z");
    assert_eq!(used.clone().changed(&PaymentPlanChange::default(), later).unwrap(), used, "nothing is no change");
}

#[test]
fn a_plan_ends_before_the_years_that_dates_do_not_have() {
    let yearly = Frequency { value: 1, units: TimeUnit::Years };
    assert!(plan(Date::new(2000, 12, 31), yearly, 1_000).check().is_ok());
    assert!(plan(Date::new(2000, 12, 31), yearly, 1_001).check().is_err());
    assert!(plan(Date::new(2016, 1, 1), Frequency { value: 9_999, ..yearly }, 9_999).check().is_err());
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn dates_only_go_forward(start in any_date(), frequency in any_frequency(), n in 0..200i64) {
        prop_assert!(frequency.date(start, n) < frequency.date(start, n + 1));
        prop_assert_eq!(frequency.date(start, 0), start);
    }

    #[test]
    fn a_date_is_the_same_whichever_way_it_is_reached(
        start in any_date(), frequency in any_frequency(), total in 1..60i64
    ) {
        let expected: Vec<Date> = (0..total).map(|n| frequency.date(start, n)).collect();
        prop_assert_eq!(dates(plan(start, frequency, total)), expected);
    }

    #[test]
    fn used_and_remaining_add_up_and_the_last_one_ends_the_plan(
        start in any_date(), frequency in any_frequency(), total in 1..60i64
    ) {
        let mut plan = plan(start, frequency, total);
        for used in 1..=total {
            plan = plan.used_one(at("2016-01-02T00:00:00Z"));
            prop_assert_eq!(plan.used_installments(), used);
            prop_assert_eq!(plan.used_installments() + plan.remaining_installments, total);
            prop_assert_eq!(plan.is_enabled, used < total);
            prop_assert_eq!(plan.next_payment_on().is_some(), used < total);
            prop_assert!(plan.check().is_ok());
        }
    }

    #[test]
    fn what_is_charged_is_never_more_than_the_instalment_or_the_balance(owed in -1_000_000..1_000_000i64) {
        let charged = monthly(Date::new(2016, 1, 31), 3).charge(Amount(owed));
        prop_assert!(Amount::ZERO <= charged && charged <= Amount(19_900) && charged <= Amount(owed.max(0)));
    }
}
