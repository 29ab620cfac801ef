//! Usage as it comes in: which line of its order it is charged by, and on which days.

use domain::activities::{Billed, FullActivity, NewActivity};
use domain::checks::Problems;
use domain::dates::{Date, Timestamp};
use domain::ids::{ActivityId, CustomerId, OrderId, OrderLineId};
use domain::money::Amount;
use domain::orders::{By, Order, OrderStatus, Pause};
use domain::plans::{OrderType, Plan};
use domain::usage::ActivityStatus;

use crate::bills::hosting;
use crate::samples::{order, quantity, usd};

const START: Date = Date::new(2011, 9, 20);
const TODAY: Date = Date::new(2011, 10, 5);

fn pages(day: Option<Date>) -> NewActivity {
    NewActivity {
        price_code: "C2".to_owned(),
        quantity: quantity("5"),
        charged_on: day,
        charge_ended_on: None,
        ext_ref_id: Some("U-1".to_owned()),
        invoice_text: None,
    }
}

fn messages(problems: &Problems) -> Vec<String> {
    problems.iter().map(|problem| problem.message.clone()).collect()
}

/// Whether usage of that day is taken; nothing else is wrong with it.
fn is_taken(order: &Order, plan: &Plan, day: Date) -> bool {
    match pages(Some(day)).place(order, plan, TODAY) {
        Ok((line, charged_on)) => {
            assert_eq!((line.id, charged_on), (OrderLineId(102), day));
            true
        }
        Err(problems) => {
            let expected = format!("chargeDate must be a day on which the order runs; {day} is not.");
            assert_eq!(messages(&problems), [expected]);
            false
        }
    }
}

fn taken(order: &Order, plan: &Plan, days: &[i64]) -> Vec<bool> {
    days.iter().map(|days| is_taken(order, plan, START.add_days(*days))).collect()
}

#[test]
fn usage_is_of_a_day_on_which_the_order_runs_be_it_ahead_or_long_ago() {
    let plan = hosting();
    let open = order(&plan, START, None);
    assert_eq!(taken(&open, &plan, &[-1, 0, 400]), [false, true, true]);
    assert_eq!(taken(&order(&plan, START, Some(START.add_days(9))), &plan, &[0, 9, 10]), [true, true, false]);
    let complete =
        Order { status: OrderStatus::Complete, next_billable_on: None, billed_until: START.add_days(10), ..open };
    let complete = Order { end_on: Some(START.add_days(9)), ..complete };
    assert_eq!(taken(&complete, &plan, &[9, 10]), [true, false]);
}

#[test]
fn paid_off_installments_and_terms_that_are_not_renewed_end_an_order() {
    let installments = Plan { order_type: OrderType::Installment, number_of_installments: Some(2), ..hosting() };
    assert_eq!(taken(&order(&installments, START, None), &installments, &[41, 42]), [true, false]);
}

#[test]
fn days_of_a_pause_have_no_usage() {
    let plan = hosting();
    let pause = |until| Pause { from: START.add_days(5), until };
    let paused = Order { status: OrderStatus::Suspended, pauses: vec![pause(None)], ..order(&plan, START, None) };
    assert_eq!(taken(&paused, &plan, &[4, 5, 50]), [true, false, false]);
    let resumed = Order { pauses: vec![pause(Some(START.add_days(8)))], ..order(&plan, START, None) };
    assert_eq!(taken(&resumed, &plan, &[4, 5, 7, 8]), [true, false, false, true]);
}

#[test]
fn a_canceled_order_has_the_days_until_then_and_one_that_never_ran_has_none() {
    let plan = hosting();
    for end in [None, Some(START.add_days(100))] {
        let canceled = order(&plan, START, end).moved(OrderStatus::Canceled, By::Action, START.add_days(3)).unwrap();
        assert_eq!(taken(&canceled, &plan, &[0, 2, 3]), [true, true, false]);
        let billed = Order { next_billable_on: None, billed_until: START.add_days(11), ..canceled };
        assert_eq!(taken(&billed, &plan, &[0, 2, 3]), [true, true, false], "once it is billed, too");
        let never = order(&plan, START, end).moved(OrderStatus::Canceled, By::Action, START).unwrap();
        assert_eq!(taken(&never, &plan, &[0, 1, 50]), [false, false, false]);
    }
}

#[test]
fn usage_is_charged_by_the_usage_charge_that_is_ordered() {
    let plan = hosting();
    let mut of = order(&plan, START, None);
    let coded = |code: &str| NewActivity { price_code: code.to_owned(), ..pages(None) };
    let refused = |new: NewActivity, of: &Order| messages(&new.place(of, &plan, TODAY).unwrap_err());
    assert_eq!(refused(coded("C1"), &of), ["priceCode must be that of a usage charge."]);
    assert_eq!(refused(coded("C9"), &of), ["priceCode must be that of a line of the order."]);
    of.lines.pop();
    assert_eq!(refused(pages(None), &of), ["priceCode must be that of a line of the order."]);
    let draft = Order { status: OrderStatus::Draft, ..of };
    let all = refused(NewActivity { charged_on: Some(START.previous()), ..coded("C1") }, &draft);
    assert_eq!(all.len(), 3, "everything is told: {all:?}");
}

#[test]
fn without_a_day_it_is_of_today() {
    let (plan, early) = (hosting(), NewActivity { charge_ended_on: Some(START), ..pages(None) });
    let of = order(&plan, START, None);
    assert_eq!(pages(None).place(&of, &plan, TODAY).unwrap().1, TODAY);
    assert_eq!(
        messages(&early.place(&of, &plan, TODAY).unwrap_err()),
        ["chargeEndDate must not be before chargeDate."]
    );
}

#[test]
fn it_is_the_same_when_nothing_that_is_said_differs() {
    let now: Timestamp = "2011-10-05T12:00:00Z".parse().unwrap();
    let stored = FullActivity {
        id: ActivityId(1),
        batch: None,
        status: ActivityStatus::Processed,
        customer: CustomerId(1),
        order: OrderId(1),
        order_line: OrderLineId(102),
        price_code: "C2".to_owned(),
        currency: usd(),
        quantity: quantity("5.00"),
        charged_on: TODAY,
        charge_ended_on: None,
        ext_ref_id: Some("U-1".to_owned()),
        invoice_text: None,
        rated: Some(Billed { unit_price: "0".parse().unwrap(), amount: Amount::ZERO }),
        created_at: now,
    };
    assert!(stored.is_of(OrderId(1), &pages(None)) && stored.is_of(OrderId(1), &pages(Some(TODAY))));
    for (order, other) in [
        (2, pages(None)),
        (1, pages(Some(START))),
        (1, NewActivity { price_code: "C1".to_owned(), ..pages(None) }),
        (1, NewActivity { quantity: quantity("5.01"), ..pages(None) }),
        (1, NewActivity { charge_ended_on: Some(TODAY), ..pages(None) }),
        (1, NewActivity { invoice_text: Some("Letters".to_owned()), ..pages(None) }),
    ] {
        assert!(!stored.is_of(OrderId(order), &other), "{other:?}");
    }
}
