//! A change order gives back what was not used, to the coin.

use domain::dates::{BillingAlignment, BillingPeriod, Date, Schedule};
use domain::ids::{ChargeId, OrderId, OrderLineId};
use domain::invoices::{ChargeKind, Draft, DraftCharge, DraftLine, Outcome};
use domain::money::{Amount, Price};
use domain::orders::{BilledCharge, By, CannotChange, Order, OrderStatus, Superseded};
use domain::plans::{Charge, ChargeType, Plan, Tax, Tier};
use domain::usage::Usage;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::samples::{any_alignment, any_date, any_price, bill_all, bill_with, charge, config, order, plan};

/// One of each kind of charge, and a tax on all of them; ids from `first`.
fn everything(first: i64, period: BillingPeriod, alignment: BillingAlignment, price: Price) -> Plan {
    let of = |n: i64, charge_type, is_prepaid, is_prorated| Charge {
        is_prepaid,
        is_prorated,
        tiers: vec![Tier::flat(price)],
        ..charge(first + n, charge_type, "0")
    };
    let tax = Charge {
        tax: Some(Tax::Exclusive),
        tiers: vec![Tier::percentage(Decimal::new(8875, 3))],
        ..charge(first + 9, ChargeType::Recurring, "0")
    };
    let charges = vec![
        of(1, ChargeType::Recurring, true, true),
        of(2, ChargeType::Recurring, true, false),
        of(3, ChargeType::Recurring, false, true),
        of(4, ChargeType::Recurring, false, false),
        of(5, ChargeType::OneTime, true, false),
        of(6, ChargeType::OneTime, false, false),
        tax,
    ];
    plan(period, alignment, charges)
}

/// The order on another plan that continues a superseded one.
fn continued(id: i64, plan: &Plan, from: &Superseded, effective: Date) -> Order {
    let mut next = order(plan, effective, None);
    next.id = OrderId(id);
    for line in &mut next.lines {
        line.id = OrderLineId(id * 1_000 + line.charge.0);
    }
    next.change = Some(from.change.clone());
    next.anchor_on = Some(from.anchor_on);
    next
}

/// An order with what was billed of it.
#[derive(Clone)]
struct Ran {
    order: Order,
    billed: Vec<BilledCharge>,
    total: Amount,
}

fn billed<'a>(charges: impl IntoIterator<Item = &'a DraftCharge>) -> Vec<BilledCharge> {
    let of =
        |c: &DraftCharge| BilledCharge { order_line: c.order_line, kind: c.kind, period: c.period, amount: c.amount };
    charges.into_iter().map(of).collect()
}

impl Ran {
    fn superseded(&self, plan: &Plan, effective: Date, today: Date) -> Superseded {
        self.order.superseded(plan, &self.billed, effective, today).unwrap()
    }
}

/// Bills an order alone up to a day.
fn run(order: Order, plan: &Plan, day: Date) -> Ran {
    let bill = bill_all(&[(order, plan.clone())], day);
    let drafts: Vec<Draft> = bill.drafts.into_iter().chain(bill.free).collect();
    let billed = billed(drafts.iter().flat_map(Draft::charges));
    Ran { order: bill.orders.into_iter().next().unwrap(), total: total(&drafts), billed }
}

/// Bills the day of a change: the old order's rest, what it gives back, and the new order.
fn change(old: &Ran, old_plan: &Plan, id: i64, new_plan: &Plan, day: Date) -> (Vec<Draft>, Order, Ran) {
    let superseded = old.superseded(old_plan, day, day);
    let new = continued(id, new_plan, &superseded, day);
    let orders = [(superseded.order, old_plan.clone()), (new, new_plan.clone())];
    let bill = bill_with(&orders, &superseded.credits, Usage::default(), day);
    let [old, order] = bill.orders.try_into().unwrap();
    let drafts: Vec<Draft> = bill.drafts.into_iter().chain(bill.free).collect();
    let billed = billed(drafts.iter().flat_map(Draft::charges));
    let new = Ran { order, billed, total: total(&drafts) };
    (drafts, old, new)
}

fn total(drafts: &[Draft]) -> Amount {
    drafts.iter().map(Draft::total).sum()
}

fn any_period() -> impl Strategy<Value = BillingPeriod> {
    select(&BillingPeriod::ALL[..8])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..config() })]

    /// A → B → A on one day: whatever B costs, however often it is billed, it comes back.
    #[test]
    fn there_and_back_at_once_costs_nothing(
        period in any_period(), other in any_period(), alignment in any_alignment(),
        a_price in any_price(), b_price in any_price(), start in any_date(), days in 0..400i64, later in 0..90i64,
    ) {
        let a_plan = everything(10, period, alignment, a_price);
        let b_plan = everything(50, other, alignment, b_price);
        let day = start.add_days(days);
        let a = run(order(&a_plan, start, None), &a_plan, day);
        let (there, _, b) = change(&a, &a_plan, 2, &b_plan, day);
        let (back, _, again) = change(&b, &b_plan, 3, &a_plan, day);
        // What A owed after its periods is no part of the change.
        let owed: Amount = there.iter().chain(&back).flat_map(Draft::charges)
            .filter(|charge| charge.kind == ChargeKind::Arrears)
            .map(|charge| charge.amount)
            .sum();
        let taxed = there.iter().flat_map(|draft| &draft.lines)
            .filter(|line| line.charges.iter().any(|charge| charge.kind == ChargeKind::Arrears))
            .flat_map(|line| &line.charges)
            .filter(|charge| charge.kind == ChargeKind::Tax)
            .map(|charge| charge.amount)
            .sum::<Amount>();
        prop_assert_eq!(total(&there) + total(&back), owed + taxed);

        // And once the period is over it is as if A had never been changed; its parts sum to the whole.
        let later = Schedule::new(period, alignment, start).containing(day).end.add_days(later);
        let plain = without_tax(&a_plan);
        let a = run(order(&plain, start, None), &plain, day);
        let unchanged = run(a.order.clone(), &plain, later).total;
        let (there, _, b) = change(&a, &plain, 2, &without_tax(&b_plan), day);
        let (back, _, again_plain) = change(&b, &without_tax(&b_plan), 3, &plain, day);
        let after = run(again_plain.order, &plain, later).total;
        prop_assert_eq!(total(&there) + total(&back) + after, unchanged);
        prop_assert_eq!(again.order.status, OrderStatus::Active);
    }

    /// Used + given back = billed.
    #[test]
    fn what_is_given_back_and_what_was_used_are_what_was_billed(
        period in any_period(), alignment in any_alignment(), price in any_price(), start in any_date(),
        days in 0..400i64,
    ) {
        let plan = without_tax(&everything(10, period, alignment, price));
        let day = start.add_days(days);
        let active = run(order(&plan, start, None), &plan, day);
        let credits = active.superseded(&plan, day, day).credits;
        let given_back = -credits.iter().map(DraftLine::total).sum::<Amount>();
        // An order of the same period that ended the day before is what was used.
        let until = |end| {
            let ended = order(&plan, start, end);
            let lines = ended.due(&plan, Usage::default(), day).unwrap().lines;
            lines.into_iter().flat_map(|line| line.charges)
                .filter(|c| c.kind == ChargeKind::Advance && plan.charge(c.charge).unwrap().is_prorated)
                .map(|c| c.amount).sum::<Amount>()
        };
        let used = if days == 0 { Amount::ZERO } else { until(Some(day.previous())) };
        let prorated = -credits.iter().flat_map(|line| &line.charges)
            .filter(|c| plan.charge(c.charge).unwrap().is_prorated)
            .map(|c| c.amount).sum::<Amount>();
        prop_assert_eq!(used + prorated, until(None));
        prop_assert!(given_back >= prorated);
    }

    /// Also for days that were billed long ago: nothing is given back twice or left out.
    #[test]
    fn a_backdated_change_gives_back_every_day_since(
        period in any_period(), alignment in any_alignment(), price in any_price(), start in any_date(),
        days in 1..300i64, back in 0..300i64,
    ) {
        let plan = without_tax(&everything(10, period, alignment, price));
        let today = start.add_days(days);
        let effective = start.add_days((days - back).max(0));
        let active = run(order(&plan, start, None), &plan, today);
        let superseded = active.superseded(&plan, effective, today);
        let kept = run_with(&superseded, &plan, today);
        // As if it had been changed in time; nothing, if it never ran.
        let timely = run(order(&plan, start, None), &plan, effective);
        let in_time = run_with(&timely.superseded(&plan, effective, effective), &plan, effective);
        let expected = if effective > start { timely.total + in_time } else { Amount::ZERO };
        prop_assert_eq!(active.total + kept, expected);
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever happened to the order before: only days that were billed are given back, each once.
    #[test]
    fn no_day_is_given_back_that_was_not_billed(
        period in any_period(), alignment in any_alignment(), price in any_price(), start in any_date(),
        steps in prop::collection::vec((0..30i64, 0..4u8, 0..60i64), 1..12), back in 0..60i64,
    ) {
        let plan = without_tax(&everything(10, period, alignment, price));
        let (mut order, mut day) = (order(&plan, start, None), start);
        let mut all = Vec::new();
        let mut due = |order: &mut Order, day| {
            let now = order.due(&plan, Usage::default(), day).unwrap();
            all.extend(now.lines.into_iter().flat_map(|line| line.charges));
            *order = now.order;
        };
        for (gap, what, length) in steps {
            for _ in 0..gap {
                due(&mut order, day);
                day = day.add_days(1);
            }
            due(&mut order, day);
            let kept = order.clone();
            order = match what {
                0 => order.moved(OrderStatus::Suspended, By::Action, day).unwrap_or(kept),
                1 => order.moved(OrderStatus::Active, By::Action, day).unwrap_or(kept),
                2 => order.ending(&plan, Some(day.add_days(length))).unwrap_or(kept),
                _ => order.ending(&plan, None).unwrap_or(kept),
            };
            due(&mut order, day);
        }
        let effective = day.add_days(-back).max(start);
        let Ok(superseded) = order.superseded(&plan, &billed(&all), effective, day) else { return Ok(()) };
        let total: Amount = all.iter().map(|charge| charge.amount).sum();
        let credits: Vec<_> = superseded.credits.iter().flat_map(|line| &line.charges).collect();
        let given_back = -credits.iter().map(|charge| charge.amount).sum::<Amount>();
        prop_assert!(Amount::ZERO <= given_back && given_back <= total, "{given_back:?} of {total:?}");
        for credit in &credits {
            prop_assert!(credit.amount <= Amount::ZERO && credit.period.start >= effective);
            for n in 0..credit.period.days() {
                let day = credit.period.start.add_days(n);
                let of = |line| move |other: &&DraftCharge| other.order_line == line && other.period.contains(day);
                let charge = plan.charge(credit.charge).unwrap();
                let times = all.iter().filter(of(credit.order_line)).count();
                prop_assert_eq!(times, 1, "{} of {} was billed", day, charge.price_code);
                prop_assert_eq!(credits.iter().copied().filter(of(credit.order_line)).count(), 1);
            }
        }
    }
}

/// What the superseded order owes after its last bill, less what it gives back.
fn run_with(superseded: &Superseded, plan: &Plan, today: Date) -> Amount {
    let orders = [(superseded.order.clone(), plan.clone())];
    bill_with(&orders, &superseded.credits, Usage::default(), today).drafts.iter().map(Draft::total).sum()
}

fn without_tax(plan: &Plan) -> Plan {
    let charges = plan.charges.iter().filter(|charge| !charge.is_tax()).cloned().collect();
    Plan { charges, ..plan.clone() }
}

fn monthly(price: &str, is_prorated: bool) -> Plan {
    let charge = Charge { is_prorated, ..charge(1, ChargeType::Recurring, price) };
    plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![charge])
}

#[test]
fn an_upgrade_in_mid_period_costs_the_difference_of_the_days_left() {
    for is_prorated in [true, false] {
        let (small, large) = (monthly("30.00", is_prorated), monthly("60.00", is_prorated));
        let start = Date::new(2011, 9, 1);
        let active = run(order(&small, start, None), &small, start);
        let (drafts, old, new) = change(&active, &small, 2, &large, Date::new(2011, 9, 21));
        let lines: Vec<(Amount, &str)> =
            drafts.iter().flat_map(Draft::charges).map(|c| (c.amount, c.explanation.as_str())).collect();
        let expected = [
            (Amount(-1000), "given back: 30.00 × 1 × 10/30 days = 10.00"),
            (Amount(2000), "60.00 × 1 × 10/30 days = 20.00"),
        ];
        assert_eq!(lines, expected);
        assert_eq!((old.status, old.end_on), (OrderStatus::Superseded, Some(Date::new(2011, 9, 20))));
        assert_eq!((old.next_billable_on, old.lifetime_value), (None, Amount(2000)));
        assert_eq!(new.order.next_billable_on, Some(Date::new(2011, 10, 1)), "the billing day stays");
    }
}

#[test]
fn a_downgrade_of_what_was_paid_ahead_is_a_credit_and_no_invoice() {
    let (large, small) = (monthly("60.00", true), monthly("30.00", true));
    let start = Date::new(2011, 9, 1);
    let active = run(order(&large, start, None), &large, start);
    let (drafts, ..) = change(&active, &large, 2, &small, Date::new(2011, 9, 21));
    assert_eq!(drafts.iter().map(Draft::outcome).collect::<Vec<_>>(), [Outcome::Credit(Amount(1000))]);
}

#[test]
fn a_setup_fee_stays_paid_along_a_chain_and_comes_back_from_an_order_that_never_ran() {
    let setup = |id| charge(id, ChargeType::OneTime, "25.00");
    let plan_a = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![setup(1)]);
    let plan_b = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![setup(2)]);
    let start = Date::new(2011, 9, 1);
    let a = run(order(&plan_a, start, None), &plan_a, start);
    let (there, _, b) = change(&a, &plan_a, 2, &plan_b, start.add_days(5));
    assert_eq!(total(&there), Amount(2500), "B's own fee, and A's stays paid");
    let (back, _, a_again) = change(&b, &plan_b, 3, &plan_a, start.add_days(5));
    assert_eq!(total(&back), Amount(-2500), "B never ran, and A's is not paid again");
    assert_eq!(a_again.order.change.unwrap().paid_once, [ChargeId(1)]);
}

#[test]
fn a_change_outside_of_the_orders_days_is_refused() {
    let plan = monthly("30.00", true);
    let start = Date::new(2011, 9, 1);
    let ending = order(&plan, start, Some(Date::new(2011, 9, 10)));
    let of = |effective, today| ending.superseded(&plan, &[], effective, today).map(|_| ()).unwrap_err();
    let today = Date::new(2011, 9, 20);
    assert_eq!(of(start.previous(), today), CannotChange::BeforeStart);
    assert_eq!(of(Date::new(2011, 9, 11), today), CannotChange::AfterEnd);
    assert_eq!(of(Date::new(2011, 9, 10), start), CannotChange::NotYet);
    let canceled = ending.moved(OrderStatus::Canceled, By::Action, today).unwrap();
    assert!(matches!(canceled.superseded(&plan, &[], start, today), Err(CannotChange::Status(_))));
}

#[test]
fn what_was_billed_at_another_price_is_given_back_by_that_price() {
    let (old, new) = (monthly("30.00", true), monthly("45.00", true));
    let start = Date::new(2011, 9, 1);
    let active = run(order(&old, start, None), &old, start);
    let superseded = active.superseded(&new, Date::new(2011, 9, 21), Date::new(2011, 9, 21));
    let credit = &superseded.credits[0].charges[0];
    assert_eq!((credit.amount, credit.explanation.as_str()), (Amount(-1000), "given back: 30.00 × 10/30 days = 10.00"));
}

#[test]
fn what_stands_on_no_invoice_is_not_given_back() {
    let plan = monthly("30.00", true);
    let start = Date::new(2011, 9, 1);
    let cancelled = Ran { billed: Vec::new(), ..run(order(&plan, start, None), &plan, start) };
    assert!(cancelled.superseded(&plan, Date::new(2011, 9, 21), Date::new(2011, 9, 21)).credits.is_empty());
}
