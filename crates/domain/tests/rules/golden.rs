//! Numbers that must never change.

use domain::dates::{BillingAlignment, BillingPeriod, Date};
use domain::invoices::DraftLine;
use domain::money::{Amount, Quantity};
use domain::plans::{Charge, ChargeType, Plan, PricingType};
use domain::pricing::{Share, price};
use domain::usage::Usage;

use crate::samples::{bill_all, charge, currency, order, period, plan, quantity, tier, usd};

fn recurring(flat: &str) -> Charge {
    Charge { is_prorated: true, ..charge(1, ChargeType::Recurring, flat) }
}

fn monthly(charge: Charge) -> Plan {
    plan(BillingPeriod::Monthly, BillingAlignment::NextBillingPeriod, vec![charge])
}

/// What the first period of an order comes to: each charge's amount and why.
fn first_bill(plan: &Plan, start: Date) -> Vec<(Amount, String)> {
    let billed = order(plan, start, None).due(plan, Usage::default(), start).unwrap();
    billed.lines.into_iter().flat_map(|line| line.charges).map(|c| (c.amount, c.explanation)).collect()
}

#[test]
fn the_twentieth_of_september_costs_60_50_of_165() {
    let bill = first_bill(&monthly(recurring("165.00")), Date::new(2011, 9, 20));
    assert_eq!(bill, [(Amount(6050), "165.00 × 1 × 11/30 days = 60.50".to_owned())]);
}

#[test]
fn the_first_day_costs_the_whole_month_and_the_last_day_one_part() {
    let plan = monthly(recurring("165.00"));
    assert_eq!(first_bill(&plan, Date::new(2011, 9, 1)), [(Amount(16500), "165.00 × 1 = 165.00".to_owned())]);
    assert_eq!(first_bill(&plan, Date::new(2011, 9, 30))[0].0, Amount(550));
    assert_eq!(first_bill(&plan, Date::new(2011, 10, 31))[0].0, Amount(532), "165 / 31 = 5.3225…");
}

#[test]
fn february_has_29_days_in_a_leap_year() {
    let plan = monthly(recurring("29.00"));
    assert_eq!(first_bill(&plan, Date::new(2012, 2, 29))[0].0, Amount(100));
    assert_eq!(first_bill(&plan, Date::new(2011, 2, 28))[0].0, Amount(104), "29 / 28 = 1.0357…");
    assert_eq!(first_bill(&plan, Date::new(2100, 2, 28))[0].0, Amount(104), "2100 is no leap year");
    assert_eq!(first_bill(&plan, Date::new(2000, 2, 29))[0].0, Amount(100));
}

#[test]
fn a_yearly_charge_is_shared_by_the_days_of_its_year() {
    let plan = plan(BillingPeriod::Yearly, BillingAlignment::NextBillingPeriod, vec![recurring("366.00")]);
    assert_eq!(first_bill(&plan, Date::new(2012, 12, 31))[0].0, Amount(100));
    assert_eq!(first_bill(&plan, Date::new(2012, 2, 29))[0].0, Amount(30700), "307 of 366 days");
    assert_eq!(first_bill(&plan, Date::new(2011, 12, 31))[0].0, Amount(100), "366 / 365 = 1.0027…");
}

#[test]
fn each_currency_rounds_at_its_own_smallest_coin() {
    let whole = period(Date::new(2011, 9, 1), Date::new(2011, 10, 1));
    let share = Some(Share { billed: period(Date::new(2011, 9, 20), whole.end), whole });
    let flat = recurring("1000.005");
    let of = |code| {
        let currency = currency(code);
        currency.format(price(&flat, Quantity::ONE, share, currency).unwrap().amount)
    };
    assert_eq!([of("USD"), of("JPY"), of("KWD")], ["366.67", "367", "366.669"], "1000.005 × 11/30 = 366.6685");
}

#[test]
fn half_a_cent_is_rounded_up_once_at_the_end() {
    let flat = recurring("0.005");
    let of = |units| price(&flat, quantity(units), None, usd()).unwrap().amount;
    assert_eq!([of("1"), of("3"), of("2.9")], [Amount(1), Amount(2), Amount(1)], "not 3 × 0.01");
}

#[test]
fn fixed_10_with_three_and_a_setup_costs_55() {
    let charges = vec![charge(1, ChargeType::Recurring, "10.00"), charge(2, ChargeType::OneTime, "25.00")];
    let plan = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, charges);
    let start = Date::new(2011, 9, 20);
    let mut order = order(&plan, start, None);
    order.lines[0].quantity = quantity("3");
    let billed = order.due(&plan, Usage::default(), start).unwrap();
    assert_eq!(billed.lines.iter().map(DraftLine::total).sum::<Amount>(), Amount(5500));
    assert_eq!(billed.order.next_billable_on, Some(Date::new(2011, 10, 20)));
    let next = billed.order.due(&plan, Usage::default(), Date::new(2011, 10, 20)).unwrap();
    assert_eq!(next.lines.iter().map(DraftLine::total).sum::<Amount>(), Amount(3000), "the setup is paid once");
}

#[test]
fn pages_beyond_a_hundred_cost_1_65_each() {
    let tiers = vec![tier(1, "0", Some("100"), "0.00".parse().unwrap()), tier(2, "101", None, "1.65".parse().unwrap())];
    let pages = Charge { pricing_type: PricingType::Tiered, tiers, ..charge(1, ChargeType::Usage, "0") };
    let of = |units| price(&pages, quantity(units), None, usd()).unwrap();
    assert_eq!([of("100").amount, of("101").amount, of("150").amount], [Amount(0), Amount(165), Amount(8250)]);
    assert_eq!(of("150").explanation, "0.00 × 100 + 1.65 × 50 = 82.50");
}

#[test]
fn the_thirty_first_is_billed_at_the_end_of_short_months() {
    let plan = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![charge(1, ChargeType::Recurring, "10")]);
    let billed =
        order(&plan, Date::new(2012, 1, 31), None).due(&plan, Usage::default(), Date::new(2012, 5, 31)).unwrap();
    let starts: Vec<String> = billed.lines.iter().map(|line| line.period.start.to_string()).collect();
    assert_eq!(starts, ["2012-01-31", "2012-02-29", "2012-03-31", "2012-04-30", "2012-05-31"]);
}

#[test]
fn an_order_that_ends_bills_the_part_that_it_ran() {
    let plan = monthly(recurring("165.00"));
    let order = order(&plan, Date::new(2011, 9, 20), Some(Date::new(2011, 10, 10)));
    let billed = order.due(&plan, Usage::default(), Date::new(2012, 1, 1)).unwrap();
    let amounts: Vec<Amount> = billed.lines.iter().map(DraftLine::total).collect();
    assert_eq!(amounts, [Amount(6050), Amount(5323)], "10 of 31 days: 53.2258…");
}

#[test]
fn nothing_to_pay_makes_no_invoice() {
    let start = Date::new(2011, 9, 20);
    let of = |flat| {
        let plan = monthly(recurring(flat));
        bill_all(&[(order(&plan, start, None), plan)], start)
    };
    let free = of("0.00");
    assert_eq!((free.drafts.len(), free.free.len()), (0, 1));
    assert_eq!(free.orders[0].next_billable_on, Some(Date::new(2011, 10, 1)), "the period is over all the same");
    let paid = of("1");
    assert_eq!((paid.drafts.len(), paid.free.len()), (1, 0));
    assert_eq!(paid.drafts[0].period(), period(start, Date::new(2011, 10, 1)));
}
