//! Orders to be changed.

use domain::changes::Change;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, OrderLineId};
use domain::orders::{Existing, OrderStatus};
use wire::{order_updates, orders};

use crate::samples::{element, invoice, messages, order, plan, start, zone};

fn wrong(inside: &str) -> Vec<String> {
    messages(order_updates::read(&element(&format!("<subscriptionOrder>{inside}</subscriptionOrder>"))))
}

#[test]
fn an_update_may_say_nothing_but_the_status() {
    let body = "<subscriptionOrder><orderStatus>Canceled</orderStatus></subscriptionOrder>";
    let update = order_updates::read(&element(body)).unwrap();
    assert_eq!(update.status, Some(OrderStatus::Canceled));
    assert_eq!((update.start_on, update.number, update.lines), (None, None, None));
    assert!(update.end_on.is_keep() && update.notes.is_keep() && update.is_auto_pay.is_keep());
    assert!(order_updates::read(&element("<subscriptionOrder/>")).is_ok());
}

#[test]
fn what_is_there_and_empty_is_cleared() {
    let body = "<subscriptionOrder><endDate/><notes/><jobCode/><invoiceNotes/><isAutoPay/><separateInvoice/>\
                <orderLineItems/></subscriptionOrder>";
    let update = order_updates::read(&element(body)).unwrap();
    assert_eq!(update.end_on, Change::Clear);
    assert_eq!([update.notes, update.job_code, update.invoice_notes], [Change::Clear, Change::Clear, Change::Clear]);
    assert_eq!([update.is_auto_pay, update.is_separate_invoice], [Change::Clear, Change::Clear]);
    assert_eq!(update.lines, Some(Vec::new()));
}

#[test]
fn lines_are_named_by_id_or_price_code() {
    let body = "<subscriptionOrder id='381'><endDate>2012-01-31</endDate><customer id='366'/><orderLineItems>\
        <orderLineItem id='1154'><quantity>2.5</quantity></orderLineItem>\
        <orderLineItem><priceCode>SETUP</priceCode><quantity>1</quantity></orderLineItem></orderLineItems>\
        </subscriptionOrder>";
    let update = order_updates::read(&element(body)).unwrap();
    assert_eq!(update.end_on, Change::To(Date::new(2012, 1, 31)));
    assert_eq!((update.id, update.customer), (Some(OrderId(381)), Some(CustomerId(366))));
    let lines = update.lines.unwrap();
    assert_eq!((lines[0].id, lines[0].price_code.as_deref()), (Some(OrderLineId(1154)), None));
    assert_eq!((lines[1].id, lines[1].price_code.as_deref()), (None, Some("SETUP")));
    assert_eq!(lines[0].quantity.unwrap().format(1), "2.5");
}

#[test]
fn who_sends_back_what_was_read_changes_nothing() {
    let xml = orders::write(&order(), &plan(), &[invoice()], &zone());
    let update = order_updates::read(&element(&xml)).unwrap();
    let (order, plan) = (order(), plan());
    let existing = Existing { order: &order, plan: &plan, ext_customer_ref: Some("JOHNDOE001") };
    let updated = update.applied_to(existing, start()).unwrap();
    assert!(updated.added.is_empty());
    assert_eq!(orders::write(&updated.order, &plan, &[invoice()], &zone()), xml);
}

#[test]
fn each_mistake_in_an_update_has_its_own_message() {
    let item = "orderLineItems/orderLineItem[1]";
    for (inside, message) in [
        ("<orderStatus/>", "orderStatus is required and may not be empty."),
        ("<startDate/>", "startDate is required and may not be empty."),
        ("<orderNumber/>", "orderNumber is required and may not be empty."),
        ("<contractCode/>", "contractCode is required and may not be empty."),
        ("<isAutoPay>x</isAutoPay>", "isAutoPay must be true or false."),
        (
            "<orderStatus>Cancelled</orderStatus>",
            "orderStatus must be one of Draft, Provisioning, Active, Suspended, Complete, Superseded, Canceled.",
        ),
        (
            "<orderLineItems><orderLineItem id='1'><quantity>-1</quantity></orderLineItem></orderLineItems>",
            &format!("{item}/quantity must be greater than 0."),
        ),
        (
            "<orderLineItems><orderLineItem id='1'><quantity/></orderLineItem></orderLineItems>",
            &format!("{item}/quantity is required and may not be empty."),
        ),
        (
            "<orderLineItems><orderLineItem id='x'/></orderLineItems>",
            &format!("{item}/id must be a whole number from 1 to 9223372036854775807."),
        ),
        ("<orderLineItems><line/></orderLineItems>", "orderLineItems must hold orderLineItem elements."),
    ] {
        assert_eq!(wrong(inside), [message], "{inside}");
    }
    assert_eq!(wrong("<endDate>tomorrow</endDate><startDate>2011-02-30</startDate><orderStatus/>").len(), 3);
    assert_eq!(messages(order_updates::read(&element("<order/>"))), ["The root element must be subscriptionOrder."]);
}
