//! Who may move an order from where to where, and what of it is billed then.

use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit};
use domain::invoices::{ChargeKind, DraftCharge};
use domain::money::Amount;
use domain::orders::{By, CannotEnd, CannotMove, Order, OrderStatus};
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, OrderType, Plan};
use domain::usage::Usage;
use proptest::prelude::*;

use crate::samples::{any_alignment, any_date, charge, config, order, plan};

const START: Date = Date::new(2011, 9, 1);

/// 30.00 a month ahead and 60.00 afterwards, by days.
fn both() -> Plan {
    let of =
        |id, price, is_prepaid| Charge { is_prepaid, is_prorated: true, ..charge(id, ChargeType::Recurring, price) };
    plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![of(1, "30.00", true), of(2, "60.00", false)])
}

fn due(order: &mut Order, plan: &Plan, day: Date) -> Vec<(ChargeKind, i64)> {
    let billed = order.due(plan, Usage::default(), day).unwrap();
    *order = billed.order;
    let charges: Vec<DraftCharge> = billed.lines.into_iter().flat_map(|line| line.charges).collect();
    charges.iter().map(|charge| (charge.kind, charge.amount.0)).collect()
}

fn moved(order: &Order, to: OrderStatus, day: Date) -> Order {
    order.clone().moved(to, By::Action, day).unwrap()
}

#[test]
fn the_table_of_moves() {
    use OrderStatus::{Active, Canceled, Complete, Draft, Provisioning, Superseded, Suspended};
    let of = |by: By| {
        let all = OrderStatus::ALL.iter().flat_map(|from| OrderStatus::ALL.iter().map(move |to| (*from, *to)));
        all.filter(|(from, to)| from.may_become(*to, by).is_ok()).collect::<Vec<_>>()
    };
    let by_hand = [
        (Draft, Provisioning),
        (Draft, Active),
        (Draft, Canceled),
        (Provisioning, Suspended),
        (Provisioning, Canceled),
        (Active, Suspended),
        (Active, Canceled),
        (Suspended, Provisioning),
        (Suspended, Active),
        (Suspended, Canceled),
    ];
    assert_eq!(of(By::Update), by_hand);
    assert_eq!(of(By::Action), by_hand);
    let by_itself = [
        (Provisioning, Active),
        (Provisioning, Superseded),
        (Active, Complete),
        (Active, Superseded),
        (Suspended, Superseded),
    ];
    assert_eq!(of(By::System), by_itself);
    let over: Vec<_> = OrderStatus::ALL.iter().filter(|status| status.is_over()).collect();
    assert_eq!(over, [&Complete, &Superseded, &Canceled]);
}

#[test]
fn a_refusal_says_why() {
    let canceled = moved(&order(&both(), START, None), OrderStatus::Canceled, START);
    let refused = canceled.clone().moved(OrderStatus::Active, By::Update, START).unwrap_err();
    assert_eq!(refused.to_string(), "an order that is Canceled can't become Active");
    let complete = order(&both(), START, None).moved(OrderStatus::Complete, By::Update, START).unwrap_err();
    assert_eq!(complete, CannotMove::ByItself { to: OrderStatus::Complete });
    assert_eq!(canceled.ending(&both(), None).unwrap_err(), CannotEnd::Over(OrderStatus::Canceled));
    let ending = order(&both(), START, None).ending(&both(), Some(START.previous()));
    assert_eq!(ending.unwrap_err(), CannotEnd::BeforeStart);
}

#[test]
fn an_order_that_starts_later_waits_and_an_activated_draft_too() {
    let mut waiting = Order { status: OrderStatus::Draft, ..order(&both(), START, None) };
    waiting = moved(&waiting, OrderStatus::Active, START.previous());
    assert_eq!(waiting.status, OrderStatus::Provisioning);
    assert_eq!(due(&mut waiting, &both(), START), [], "nothing is billed before it is started");
    assert_eq!(waiting.clone().started(START.previous()).status, OrderStatus::Provisioning);
    waiting = waiting.started(START);
    assert_eq!(due(&mut waiting, &both(), START), [(ChargeKind::Advance, 3000)]);
}

#[test]
fn suspended_time_is_never_billed_and_what_was_used_before_is() {
    let plan = both();
    let mut order = order(&plan, START, None);
    assert_eq!(due(&mut order, &plan, START), [(ChargeKind::Advance, 3000)]);
    order = moved(&order, OrderStatus::Suspended, Date::new(2011, 9, 10));
    assert_eq!(due(&mut order, &plan, Date::new(2011, 11, 15)), [], "suspended orders bill nothing");
    order = moved(&order, OrderStatus::Active, Date::new(2011, 11, 16));
    let used = [(ChargeKind::Arrears, 2000), (ChargeKind::Advance, 1500)];
    assert_eq!(due(&mut order, &plan, Date::new(2011, 11, 16)), used, "10 of 30 days before, 15 of 30 days after");
    let next = [(ChargeKind::Arrears, 3000), (ChargeKind::Advance, 3000)];
    assert_eq!(due(&mut order, &plan, Date::new(2011, 12, 1)), next);
}

#[test]
fn a_pause_within_a_paid_period_takes_nothing_and_gives_nothing() {
    let plan = both();
    let mut order = order(&plan, START, None);
    due(&mut order, &plan, START);
    order = moved(&order, OrderStatus::Suspended, Date::new(2011, 9, 10));
    order = moved(&order, OrderStatus::Active, Date::new(2011, 9, 21));
    assert_eq!(due(&mut order, &plan, Date::new(2011, 9, 21)), []);
    let parts = [(ChargeKind::Arrears, 2000), (ChargeKind::Arrears, 2000), (ChargeKind::Advance, 3000)];
    assert_eq!(due(&mut order, &plan, Date::new(2011, 10, 1)), parts, "ten days before the pause, ten after it");
}

#[test]
fn suspended_and_activated_on_one_day_changes_nothing() {
    let plan = both();
    let mut paused = order(&plan, START, None);
    let mut other = paused.clone();
    for order in [&mut paused, &mut other] {
        due(order, &plan, START);
    }
    paused = moved(&paused, OrderStatus::Suspended, START);
    paused = moved(&paused, OrderStatus::Active, START);
    let later = Date::new(2012, 1, 1);
    assert_eq!(due(&mut paused, &plan, later), due(&mut other, &plan, later));
}

#[test]
fn an_order_suspended_before_it_starts_pays_its_setup_when_it_runs() {
    let plan = plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![charge(1, ChargeType::OneTime, "25.00")]);
    let mut order = Order { status: OrderStatus::Provisioning, ..order(&plan, START, None) };
    order = moved(&order, OrderStatus::Suspended, START.add_days(-3));
    order = moved(&order, OrderStatus::Active, Date::new(2011, 10, 15));
    assert_eq!(due(&mut order, &plan, Date::new(2012, 1, 1)), [(ChargeKind::Advance, 2500)]);
}

#[test]
fn a_canceled_order_owes_what_it_used_and_keeps_what_was_paid() {
    let plan = both();
    let mut order = order(&plan, START, None);
    due(&mut order, &plan, START);
    order = moved(&order, OrderStatus::Canceled, Date::new(2011, 9, 11));
    assert_eq!(order.end_on, Some(Date::new(2011, 9, 10)));
    assert_eq!(order.next_billable_on, Some(Date::new(2011, 9, 11)));
    assert_eq!(due(&mut order, &plan, Date::new(2011, 9, 11)), [(ChargeKind::Arrears, 2000)]);
    assert_eq!((order.status, order.next_billable_on), (OrderStatus::Canceled, None));
    assert_eq!(due(&mut order, &plan, Date::new(2012, 9, 11)), []);
}

#[test]
fn an_order_canceled_before_it_starts_owes_nothing() {
    let plan = both();
    let mut order = Order { status: OrderStatus::Provisioning, ..order(&plan, START, None) };
    order = moved(&order, OrderStatus::Canceled, START.add_days(-3));
    assert_eq!((order.end_on, order.next_billable_on), (None, None));
    assert_eq!(due(&mut order, &plan, Date::new(2012, 1, 1)), []);
}

#[test]
fn an_end_that_moves_back_and_forth_bills_no_day_twice() {
    let plan = both();
    let mut order = order(&plan, START, None);
    due(&mut order, &plan, START);
    order = order.ending(&plan, Some(Date::new(2011, 9, 15))).unwrap();
    assert_eq!(order.next_billable_on, Some(Date::new(2011, 9, 16)));
    order = order.ending(&plan, None).unwrap();
    assert_eq!(due(&mut order, &plan, Date::new(2011, 9, 20)), []);
    let next = [(ChargeKind::Arrears, 6000), (ChargeKind::Advance, 3000)];
    assert_eq!(due(&mut order, &plan, Date::new(2011, 10, 1)), next);
}

#[test]
fn an_end_known_before_the_period_and_then_moved_bills_the_rest_of_it() {
    let plan = both();
    let mut order = order(&plan, START, Some(Date::new(2011, 9, 10)));
    assert_eq!(due(&mut order, &plan, START), [(ChargeKind::Advance, 1000)]);
    order = order.ending(&plan, None).unwrap();
    assert_eq!(due(&mut order, &plan, Date::new(2011, 9, 11)), [(ChargeKind::Advance, 2000)]);
    let next = [(ChargeKind::Arrears, 6000), (ChargeKind::Advance, 3000)];
    assert_eq!(due(&mut order, &plan, Date::new(2011, 10, 1)), next);
}

#[test]
fn a_term_that_is_not_renewed_completes_the_order() {
    let term = Some(Terms { value: 3, units: TimeUnit::Months });
    let once = Plan { initial_term: term, is_auto_renew: false, ..both() };
    let mut ending = order(&once, START, None);
    assert_eq!(due(&mut ending, &once, Date::new(2013, 1, 1)).len(), 6);
    assert_eq!((ending.status, ending.next_billable_on), (OrderStatus::Complete, None));

    let renewed = Plan { initial_term: term, ..both() };
    let mut going = order(&renewed, START, None);
    due(&mut going, &renewed, Date::new(2013, 1, 1));
    assert_eq!(going.status, OrderStatus::Active);
}

#[test]
fn terms_are_counted_from_the_end_of_the_first() {
    let of = |value| Some(Terms { value, units: TimeUnit::Months });
    let plan = Plan { initial_term: of(12), renewal_term: of(1), ..both() };
    let start = Date::new(2011, 1, 31);
    let term = |date| plan.term(start, date).map(|term| (term.start, term.end)).unwrap();
    assert_eq!(term(start), (start, Date::new(2012, 1, 31)));
    assert_eq!(term(Date::new(2012, 3, 1)), (Date::new(2012, 2, 29), Date::new(2012, 3, 31)));
    assert_eq!(both().term(start, start), None);
}

#[test]
fn installments_are_so_many_periods() {
    for (alignment, end) in [
        (BillingAlignment::StartDate, Date::new(2011, 12, 20)),
        (BillingAlignment::NextBillingPeriod, Date::new(2011, 12, 1)),
    ] {
        let charges = vec![charge(1, ChargeType::Recurring, "100.00")];
        let plan = plan(BillingPeriod::Monthly, alignment, charges);
        let plan = Plan { order_type: OrderType::Installment, number_of_installments: Some(3), ..plan };
        let mut order = order(&plan, Date::new(2011, 9, 20), None);
        assert_eq!(order.term(&plan).end, end);
        assert_eq!(due(&mut order, &plan, Date::new(2020, 1, 1)).len(), 3, "{alignment}");
        assert_eq!(order.status, OrderStatus::Complete);
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever is suspended and resumed, every day is billed at most once, ahead and afterwards.
    #[test]
    fn no_day_is_billed_twice_whatever_is_suspended_and_resumed(
        alignment in any_alignment(), start in any_date(), steps in prop::collection::vec((0..40i64, any::<bool>()), 1..20)
    ) {
        let mut plan = both();
        plan.billing_alignment = alignment;
        let mut order = order(&plan, start, None);
        let mut day = start;
        let mut charges: Vec<DraftCharge> = Vec::new();
        let mut billed = |order: &mut Order, day| {
            let billed = order.due(&plan, Usage::default(), day).unwrap();
            charges.extend(billed.lines.into_iter().flat_map(|line| line.charges));
            *order = billed.order;
        };
        for (gap, suspend) in steps {
            for _ in 0..gap {
                billed(&mut order, day);
                day = day.add_days(1);
            }
            billed(&mut order, day);
            let to = if suspend { OrderStatus::Suspended } else { OrderStatus::Active };
            order = order.moved(to, By::Action, day).unwrap();
            billed(&mut order, day);
        }
        for kind in [ChargeKind::Advance, ChargeKind::Arrears] {
            let mut periods: Vec<_> = charges.iter().filter(|c| c.kind == kind).map(|c| c.period).collect();
            periods.sort_by_key(|period| period.start);
            prop_assert!(periods.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", periods);
        }
        let pauses = order.pauses.iter().filter_map(|pause| Some((pause.from, pause.until?)));
        for (from, until) in pauses {
            let within = |c: &&DraftCharge| c.kind == ChargeKind::Arrears && c.period.start < until && from < c.period.end;
            prop_assert!(charges.iter().find(within).is_none(), "a pause is not billed afterwards");
        }
        prop_assert!(charges.iter().all(|charge| charge.amount >= Amount::ZERO));
    }
}
