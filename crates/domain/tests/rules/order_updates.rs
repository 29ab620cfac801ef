//! What an update may change of an order.

use domain::changes::Change;
use domain::checks::Problems;
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit};
use domain::ids::{CustomerId, InvoiceId, OrderLineId};
use domain::orders::{
    Existing, LineUpdate, NewOrder, NewOrderLine, OfPlan, Order, OrderFilter, OrderStatus, OrderUpdate, Updated, check,
};
use domain::plans::{Charge, ChargeType, Plan};
use domain::time_ranges::DateRange;

use crate::samples::{charge, currency, order, plan, quantity};

const START: Date = Date::new(2011, 9, 20);
const TODAY: Date = Date::new(2011, 9, 25);

/// A monthly charge, a setup that is not ordered, and usage.
fn monthly() -> Plan {
    let usage = Charge { max_quantity: None, ..charge(3, ChargeType::Usage, "1.65") };
    let recurring = Charge { max_quantity: Some(quantity("10")), ..charge(1, ChargeType::Recurring, "165") };
    let charges = vec![recurring, charge(2, ChargeType::OneTime, "25"), usage];
    plan(BillingPeriod::Monthly, BillingAlignment::StartDate, charges)
}

fn ordered() -> Order {
    let mut order = order(&monthly(), START, None);
    order.lines.retain(|line| line.price_code != "C2");
    order
}

fn billed() -> Order {
    Order { invoices: vec![InvoiceId(1)], billed_until: Date::new(2011, 10, 20), ..ordered() }
}

fn applied(update: &OrderUpdate, order: &Order) -> Result<Updated, Vec<String>> {
    let plan = monthly();
    let existing = Existing { order, plan: &plan, ext_customer_ref: Some("J1") };
    update.applied_to(existing, TODAY).map_err(|problems: Problems| problems.iter().map(ToString::to_string).collect())
}

fn refused(update: &OrderUpdate, order: &Order) -> Vec<String> {
    applied(update, order).map(|updated| updated.order.status).unwrap_err()
}

fn line(price_code: &str, units: &str) -> LineUpdate {
    LineUpdate { id: None, price_code: Some(price_code.to_owned()), quantity: Some(quantity(units)) }
}

fn lines(lines: &[LineUpdate]) -> OrderUpdate {
    OrderUpdate { lines: Some(lines.to_vec()), ..OrderUpdate::default() }
}

#[test]
fn an_update_that_says_nothing_changes_nothing() {
    let updated = applied(&OrderUpdate::default(), &billed()).unwrap();
    assert_eq!(format!("{:?}", updated.order), format!("{:?}", billed()));
    assert!(updated.added.is_empty());
}

#[test]
fn what_is_cleared_gets_its_default() {
    let order = Order {
        is_auto_pay: false,
        is_separate_invoice: true,
        notes: Some("n".into()),
        job_code: Some("j".into()),
        end_on: Some(TODAY),
        ..ordered()
    };
    let update = OrderUpdate {
        is_auto_pay: Change::Clear,
        is_separate_invoice: Change::Clear,
        notes: Change::Clear,
        end_on: Change::Clear,
        invoice_notes: Change::To("i".into()),
        ..OrderUpdate::default()
    };
    let updated = applied(&update, &order).unwrap().order;
    assert!(updated.is_auto_pay && !updated.is_separate_invoice);
    assert_eq!((updated.notes, updated.end_on), (None, None));
    assert_eq!((updated.job_code.as_deref(), updated.invoice_notes.as_deref()), (Some("j"), Some("i")));
}

#[test]
fn lines_that_are_there_replace_those_that_are_stored() {
    let by_id = LineUpdate { id: Some(OrderLineId(101)), quantity: Some(quantity("4")), ..LineUpdate::default() };
    let updated = applied(&lines(&[line("C2", "1"), by_id]), &ordered()).unwrap();
    let kept: Vec<_> = updated.order.lines.iter().map(|line| (line.id.0, line.quantity.format(1))).collect();
    assert_eq!(kept, [(101, "4.0".to_owned())]);
    let added: Vec<_> = updated.added.iter().map(|line| (line.position, line.price_code.as_str())).collect();
    assert_eq!(added, [(2, "C2")]);

    let unchanged = LineUpdate { id: None, price_code: Some("C1".into()), quantity: None };
    let updated = applied(&lines(&[unchanged]), &ordered()).unwrap();
    assert_eq!(updated.order.lines.len(), 1);
    assert_eq!((updated.order.lines[0].id.0, updated.order.lines[0].quantity), (101, quantity("1")));
}

#[test]
fn a_mandatory_charge_that_is_left_out_stays_as_it_is() {
    let mut plan = monthly();
    plan.charges[0].is_mandatory = true;
    let mut order = ordered();
    order.lines[0].quantity = quantity("3");
    let existing = Existing { order: &order, plan: &plan, ext_customer_ref: None };
    let updated = lines(&[line("C3", "1")]).applied_to(existing, TODAY).unwrap();
    assert_eq!(updated.order.lines[0].quantity, quantity("3"));
}

#[test]
fn each_mistake_in_the_lines_has_its_own_message() {
    let by_id = |id, code: Option<&str>| LineUpdate {
        id: Some(OrderLineId(id)),
        price_code: code.map(str::to_owned),
        quantity: Some(quantity("1")),
    };
    let at = "orderLineItems/orderLineItem[1]";
    for (given, message) in [
        (vec![], "orderLineItems must name at least one charge of the plan.".to_owned()),
        (vec![line("C9", "1")], "priceCode names no charge of the plan.".to_owned()),
        (vec![line("C1", "11")], "quantity of C1 is over the maximum.".to_owned()),
        (vec![by_id(999, None)], format!("{at}/id names no line of the order.")),
        (vec![by_id(101, Some("C3"))], format!("{at}/priceCode is not that of the line with this id.")),
        (vec![LineUpdate::default()], format!("{at}/priceCode is required.")),
        (
            vec![LineUpdate { price_code: Some("C2".into()), ..LineUpdate::default() }],
            format!("{at}/quantity is required."),
        ),
        (vec![by_id(101, None), line("C1", "2")], {
            "orderLineItems/orderLineItem[2] is the same line as an earlier one; each may appear only once.".to_owned()
        }),
    ] {
        assert_eq!(refused(&lines(&given), &ordered()), [message], "{given:?}");
    }
}

#[test]
fn what_was_billed_stays_and_usage_lines_may_change() {
    let fixed =
        |code| format!("orderLineItems can't change {code}: the order was billed; make a change order instead.");
    for (given, codes) in [
        (vec![line("C1", "2"), line("C3", "1")], vec!["C1"]),
        (vec![line("C3", "1")], vec!["C1"]),
        (vec![line("C1", "1"), line("C2", "1"), line("C3", "1")], vec!["C2"]),
    ] {
        assert_eq!(refused(&lines(&given), &billed()), codes.into_iter().map(fixed).collect::<Vec<_>>());
    }
    assert!(applied(&lines(&[line("C1", "1"), line("C3", "7")]), &billed()).is_ok());
    assert!(applied(&lines(&[line("C1", "1")]), &billed()).unwrap().order.lines.len() == 1);
    let over = Order { status: OrderStatus::Canceled, ..ordered() };
    assert_eq!(refused(&lines(&[line("C1", "1")]), &over), ["orderLineItems can't change C3: the order is Canceled."]);
}

#[test]
fn the_start_moves_until_something_is_billed() {
    let later = Date::new(2011, 10, 3);
    let update = OrderUpdate { start_on: Some(later), ..OrderUpdate::default() };
    let moved = applied(&update, &ordered()).unwrap().order;
    assert_eq!((moved.start_on, moved.billed_until, moved.next_billable_on), (later, later, Some(later)));
    assert_eq!(moved.status, OrderStatus::Provisioning);
    assert_eq!(refused(&update, &billed()), ["startDate can't change: the order was billed."]);
    let over = Order { status: OrderStatus::Canceled, ..ordered() };
    assert_eq!(refused(&update, &over), ["startDate can't change: the order is over."]);
    let ending = Order { end_on: Some(TODAY), ..ordered() };
    assert_eq!(refused(&update, &ending), ["endDate must not be before startDate."]);
}

#[test]
fn an_order_ends_by_its_end_date_or_is_canceled() {
    let ending = |last| OrderUpdate { end_on: Change::To(last), ..OrderUpdate::default() };
    assert_eq!(applied(&ending(TODAY), &billed()).unwrap().order.end_on, Some(TODAY));
    assert_eq!(refused(&ending(START.previous()), &billed()), ["endDate must not be before startDate."]);
    let over = Order { status: OrderStatus::Canceled, ..billed() };
    assert_eq!(refused(&ending(TODAY), &over), ["endDate can't change: the order is Canceled."]);

    let to = |status| OrderUpdate { status: Some(status), ..OrderUpdate::default() };
    let canceled = applied(&to(OrderStatus::Canceled), &billed()).unwrap().order;
    assert_eq!((canceled.status, canceled.end_on), (OrderStatus::Canceled, Some(TODAY.previous())));
    assert_eq!(canceled.invoices, [InvoiceId(1)]);
    assert_eq!(
        refused(&to(OrderStatus::Complete), &billed()),
        ["orderStatus can't be Complete: an order becomes Complete by itself; it can't be made so."]
    );
    assert_eq!(
        refused(&to(OrderStatus::Active), &over),
        ["orderStatus can't be Active: an order that is Canceled can't become Active."]
    );
}

#[test]
fn what_an_order_is_of_can_be_sent_back_and_not_changed() {
    let same = OrderUpdate {
        id: Some(ordered().id),
        customer: Some(CustomerId(1)),
        ext_customer_ref: Some("J1".into()),
        contract_code: Some("P".into()),
        currency: Some(currency("USD")),
        of_plan: OfPlan { due_value: Some(0), due_units: Some(TimeUnit::Days), ..OfPlan::default() },
        ..OrderUpdate::default()
    };
    assert!(applied(&same, &ordered()).is_ok());
    let other = OrderUpdate {
        id: Some(domain::ids::OrderId(9)),
        ext_customer_ref: Some("J2".into()),
        contract_code: Some("Q".into()),
        currency: Some(currency("EUR")),
        of_plan: OfPlan { due_value: Some(30), is_auto_renew: Some(false), ..OfPlan::default() },
        ..OrderUpdate::default()
    };
    assert_eq!(
        refused(&other, &ordered()),
        [
            "dueDateValue is that of the plan, 0; an order can't change it.",
            "isAutoRenew is that of the plan, true; an order can't change it.",
            "id of an order can't change.",
            "customer of an order can't change.",
            "contractCode of an order can't change.",
            "currency of an order can't change.",
        ]
    );
}

#[test]
fn a_new_order_is_a_draft_only_if_it_says_so_and_keeps_its_plans_terms() {
    let line = NewOrderLine { price_code: "C1".into(), quantity: quantity("1") };
    let new = NewOrder { contract_code: "P".into(), lines: vec![line], ..NewOrder::default() };
    assert_eq!(new.opening(TODAY, TODAY), OrderStatus::Active);
    assert_eq!(new.opening(TODAY.add_days(1), TODAY), OrderStatus::Provisioning);
    assert_eq!(NewOrder { is_draft: true, ..new.clone() }.opening(TODAY, TODAY), OrderStatus::Draft);
    assert!(check(&monthly(), &new, TODAY).is_ok());
    let of_plan = OfPlan { billing_period: Some(BillingPeriod::Weekly), ..OfPlan::default() };
    let problems = check(&monthly(), &NewOrder { of_plan, ..new }, TODAY).unwrap_err();
    assert_eq!(problems.to_string(), "billingPeriod is that of the plan, Monthly; an order can't change it.");
}

#[test]
fn a_list_shows_what_meets_every_filter() {
    let order = ordered();
    let days = |first, last| DateRange { first, last };
    for (filter, matches) in [
        (OrderFilter::default(), true),
        (OrderFilter { status: Some(OrderStatus::Active), ..OrderFilter::default() }, true),
        (OrderFilter { status: Some(OrderStatus::Draft), ..OrderFilter::default() }, false),
        (OrderFilter { customer: Some(CustomerId(2)), ..OrderFilter::default() }, false),
        (OrderFilter { started: days(Some(START), Some(START)), ..OrderFilter::default() }, true),
        (OrderFilter { started: days(None, Some(START.previous())), ..OrderFilter::default() }, false),
    ] {
        assert_eq!(filter.matches(&order), matches, "{filter:?}");
    }
}
