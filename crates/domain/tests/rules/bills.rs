//! One call bills a customer: which charges share an invoice, and what it does not depend on.

use domain::bill::{CannotBill, Request, bill};
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit};
use domain::ids::{ActivityId, OrderId, OrderLineId};
use domain::invoices::{ChargeKind, Draft};
use domain::money::{Amount, OutOfRange, Quantity};
use domain::orders::{Order, OrderStatus};
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, Plan, PricingType, Tier};
use domain::usage::{Activity, Usage};
use proptest::prelude::*;

use crate::samples::{
    any_alignment, any_date, any_period, any_price, bill_all, bill_with, charge, config, currency, order, plan, price,
    quantity, tier, usd,
};

const START: Date = Date::new(2011, 9, 20);

/// The plan of the golden number: 165.00 a month ahead, 100 pages included, then 1.65 each.
pub fn hosting() -> Plan {
    let fee = Charge { is_prorated: true, ..charge(1, ChargeType::Recurring, "165.00") };
    let tiers = vec![
        tier(1, "0", Some("100"), price("0.00")),
        Tier { is_overage: true, ..tier(2, "101", None, price("1.65")) },
    ];
    let pages = Charge {
        is_prepaid: false,
        pricing_type: PricingType::Tiered,
        tiers,
        unit_of_measure: Some("page".into()),
        ..charge(2, ChargeType::Usage, "0")
    };
    plan(BillingPeriod::Monthly, BillingAlignment::NextBillingPeriod, vec![fee, pages])
}

fn numbered(id: i64, plan: &Plan) -> Order {
    let mut order = Order { id: OrderId(id), ..order(plan, START, None) };
    for line in &mut order.lines {
        line.id = OrderLineId(id * 1_000 + line.charge.0);
    }
    order
}

fn activity(id: i64, line: i64, units: &str, charged_on: Date) -> Activity {
    let (id, order_line) = (ActivityId(id), OrderLineId(line));
    Activity { id, order_line, quantity: quantity(units), charged_on, charge_ended_on: None }
}

fn shown(draft: &Draft) -> Vec<(&str, ChargeKind, i64)> {
    draft.charges().map(|charge| (charge.text.as_str(), charge.kind, charge.amount.0)).collect()
}

#[test]
fn usage_is_billed_when_its_period_is_over_together_with_the_next_fee() {
    let plan = hosting();
    let order = order(&plan, START, None);
    let pages = [
        activity(1, 102, "80", Date::new(2011, 9, 20)),
        activity(2, 102, "70", Date::new(2011, 9, 30)),
        activity(3, 102, "500", Date::new(2011, 10, 1)),
    ];
    let usage = Usage { activities: &pages, billed: &[] };
    let first = bill_with(&[(order, plan.clone())], &[], usage, START);
    assert_eq!(shown(&first.drafts[0]), [("Charge 1", ChargeKind::Advance, 6050)]);
    let orders = [(first.orders[0].clone(), plan)];
    assert!(bill_with(&orders, &[], usage, Date::new(2011, 9, 30)).drafts.is_empty());
    let next = bill_with(&orders, &[], usage, Date::new(2011, 10, 1));
    let [draft] = &next.drafts[..] else { panic!("one invoice") };
    assert_eq!(shown(draft), [("Charge 2", ChargeKind::Usage, 8250), ("Charge 1", ChargeKind::Advance, 16500)]);
    let processed: Vec<_> = draft.charges().flat_map(|c| &c.activities).map(|r| (r.activity.0, r.amount.0)).collect();
    assert_eq!(processed, [(1, 0), (2, 8250)], "the first ones use up what is included");
    assert_eq!(next.orders[0].lifetime_value, Amount(6050 + 8250 + 16500));
}

#[test]
fn usage_within_what_is_included_makes_no_invoice_but_is_processed() {
    let mut plan = hosting();
    plan.charges.remove(0);
    let orders = [(order(&plan, START, None), plan)];
    let pages = [activity(1, 102, "80", START)];
    let bill = bill_with(&orders, &[], Usage { activities: &pages, billed: &[] }, Date::new(2011, 10, 1));
    assert!(bill.drafts.is_empty());
    assert_eq!(bill.free[0].charges().flat_map(|charge| &charge.activities).count(), 1);
}

#[test]
fn usage_that_comes_after_the_end_is_still_billed() {
    let plan = hosting();
    let ended = order(&plan, START, Some(Date::new(2011, 10, 10)));
    let over = bill_all(&[(ended, plan.clone())], Date::new(2011, 10, 11)).orders.remove(0);
    assert_eq!((over.status, over.next_billable_on), (OrderStatus::Complete, None));
    let pages = [activity(1, 102, "101", Date::new(2011, 10, 12))];
    let late = bill_with(&[(over, plan)], &[], Usage { activities: &pages, billed: &[] }, Date::new(2011, 12, 1));
    assert_eq!(shown(&late.drafts[0]), [("Charge 2", ChargeKind::Usage, 165)]);
    assert_eq!(late.drafts[0].period().start, Date::new(2011, 10, 1));
}

#[test]
fn all_orders_of_a_customer_share_one_invoice() {
    let due_later = Plan { due: Terms { value: 10, units: TimeUnit::Days }, ..hosting() };
    let due_first = Plan { due: Terms { value: 2, units: TimeUnit::Days }, ..hosting() };
    let bill = bill_all(&[(numbered(1, &due_later), due_later), (numbered(2, &due_first), due_first)], START);
    let [draft] = &bill.drafts[..] else { panic!("one invoice") };
    assert_eq!(draft.orders(), [OrderId(1), OrderId(2)]);
    assert_eq!((draft.total(), draft.due_on), (Amount(12100), START.add_days(2)));
}

#[test]
fn what_wants_its_own_invoice_gets_it() {
    let mut plan = hosting();
    plan.charges.push(Charge { is_separate_invoice: true, ..charge(3, ChargeType::OneTime, "25.00") });
    let alone = Order { is_separate_invoice: true, ..numbered(2, &plan) };
    let bill =
        bill_all(&[(numbered(1, &plan), plan.clone()), (alone, plan.clone()), (numbered(3, &plan), plan)], START);
    let drafts: Vec<_> = bill.drafts.iter().map(|draft| (draft.orders(), draft.total().0)).collect();
    let [one, two, three] = [OrderId(1), OrderId(2), OrderId(3)];
    let expected =
        [(vec![one, three], 12100), (vec![one], 2500), (vec![two], 6050), (vec![two], 2500), (vec![three], 2500)];
    assert_eq!(drafts, expected);
}

#[test]
fn each_currency_has_its_own_prices_and_invoice() {
    let of = |code, amount| Tier { currency: Some(currency(code)), ..tier(1, "0", None, price(amount)) };
    let fee = Charge {
        tiers: vec![tier(2, "0", None, price("10.00")), of("JPY", "1000")],
        ..charge(1, ChargeType::Recurring, "0")
    };
    let plan = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![fee]);
    let in_currency = |id, code| Order { currency: currency(code), ..numbered(id, &plan) };
    let orders = [(in_currency(1, "USD"), plan.clone()), (in_currency(2, "JPY"), plan.clone())];
    let totals: Vec<_> = bill_all(&orders, START).drafts.iter().map(|d| (d.currency, d.total().0)).collect();
    assert_eq!(totals, [(usd(), 1000), (currency("JPY"), 1000)]);
    let euro = [(in_currency(3, "EUR"), plan.clone())];
    let request = Request { orders: &euro, credits: &[], usage: Usage::default(), today: START, own_currency: usd() };
    let refused = CannotBill::NoPrices { contract_code: "P".into(), currency: currency("EUR") };
    assert_eq!(bill(&request).unwrap_err(), refused);
}

#[test]
fn a_total_out_of_bounds_is_refused() {
    let fee = charge(1, ChargeType::Recurring, "999999999999.00");
    let plan = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![fee]);
    let orders = [(numbered(1, &plan), plan.clone()), (numbered(2, &plan), plan)];
    let request = Request { orders: &orders, credits: &[], usage: Usage::default(), today: START, own_currency: usd() };
    assert_eq!(bill(&request).unwrap_err(), CannotBill::Amount(OutOfRange));
}

#[test]
fn a_year_of_days_billed_at_once_is_365_days() {
    let daily = plan(BillingPeriod::Daily, BillingAlignment::StartDate, vec![charge(1, ChargeType::Recurring, "0.10")]);
    let mut order = order(&daily, START, None);
    let once = bill_all(&[(order.clone(), daily.clone())], START.add_days(364));
    let mut by_day = Vec::new();
    for n in 0..365 {
        let bill = bill_all(&[(order, daily.clone())], START.add_days(n));
        assert_eq!(bill.drafts.len(), 1);
        by_day.extend(bill.drafts.into_iter().flat_map(|draft| draft.lines));
        order = bill.orders.into_iter().next().unwrap();
    }
    assert_eq!(once.drafts[0].lines, by_day);
    assert_eq!(once.drafts[0].total(), Amount(3650));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..config() })]

    /// A preview is the same call: asked twice it says the same, and what was issued is not owed again.
    #[test]
    fn what_is_previewed_is_what_is_issued_and_is_owed_once(
        period in any_period(), alignment in any_alignment(), start in any_date(), later in 0..400i64,
        amount in any_price(), days in prop::collection::vec((0..400i64, 1..90_000i64), 0..10)
    ) {
        let mut plan = Plan { billing_period: period, billing_alignment: alignment, ..hosting() };
        plan.charges[0].tiers[0].price = amount;
        let used: Vec<Activity> = (1i64..).zip(&days).map(|(id, (day, units))| Activity {
            quantity: Quantity(rust_decimal::Decimal::new(*units, 2)),
            ..activity(id, 102, "1", start.add_days(*day))
        }).collect();
        let orders = [(order(&plan, start, None), plan.clone())];
        let usage = Usage { activities: &used, billed: &[] };
        let today = start.add_days(later);
        let previewed = bill_with(&orders, &[], usage, today);
        let issued = bill_with(&orders, &[], usage, today);
        prop_assert_eq!((&previewed.drafts, &previewed.free), (&issued.drafts, &issued.free));
        prop_assert_eq!(&previewed.orders, &issued.orders);
        let rated: Vec<_> = issued.drafts.iter().chain(&issued.free).flat_map(Draft::charges)
            .flat_map(|c| c.activities.clone()).collect();
        let left: Vec<Activity> =
            used.into_iter().filter(|activity| !rated.iter().any(|r| r.activity == activity.id)).collect();
        let orders = [(issued.orders[0].clone(), plan)];
        let again = bill_with(&orders, &[], Usage { activities: &left, billed: &[] }, today);
        prop_assert!(again.drafts.is_empty() && again.free.is_empty(), "{:?}", again.drafts);
        prop_assert_eq!(&again.orders, &issued.orders);
    }

    /// However often the runs come, usage ends up in the same charges at the same amounts.
    #[test]
    fn usage_billed_in_time_is_usage_billed_at_the_end(
        alignment in any_alignment(), start in any_date(), days in prop::collection::vec((0..200i64, 1..90_000i64), 0..30)
    ) {
        let plan = Plan { billing_alignment: alignment, ..hosting() };
        let activities: Vec<Activity> = (1i64..).zip(&days).map(|(id, (day, units))| Activity {
            quantity: Quantity(rust_decimal::Decimal::new(*units, 2)),
            ..activity(id, 102, "1", start.add_days(*day))
        }).collect();
        let end = start.add_days(240);
        let fresh = order(&plan, start, None);
        let once = bill_with(&[(fresh.clone(), plan.clone())], &[], Usage { activities: &activities, billed: &[] }, end);
        let mut order = fresh;
        let mut left = activities.clone();
        let mut rated = Vec::new();
        for n in 0..=240 {
            let usage: Vec<Activity> = left.iter().filter(|a| a.charged_on <= start.add_days(n)).cloned().collect();
            let orders = [(order, plan.clone())];
            let bill = bill_with(&orders, &[], Usage { activities: &usage, billed: &[] }, start.add_days(n));
            rated.extend(bill.drafts.iter().chain(&bill.free).flat_map(Draft::charges).flat_map(|c| c.activities.clone()));
            left.retain(|activity| !rated.iter().any(|r| r.activity == activity.id));
            order = bill.orders.into_iter().next().unwrap();
        }
        let mut at_once: Vec<_> = once.drafts.iter().chain(&once.free).flat_map(Draft::charges)
            .flat_map(|c| c.activities.clone()).collect();
        at_once.sort_by_key(|r| r.activity);
        rated.sort_by_key(|r| r.activity);
        prop_assert_eq!(at_once.len(), activities.len());
        prop_assert_eq!(at_once, rated);
        prop_assert_eq!(order.lifetime_value, once.orders[0].lifetime_value);
    }
}
