//! Usage activities.

use domain::activities::{Billed, FullActivity};
use domain::dates::Date;
use domain::ids::{ActivityBatchId, ActivityId, CustomerId, OrderId, OrderLineId};
use domain::money::{Amount, Price, Quantity};
use domain::usage::ActivityStatus;
use rust_decimal::Decimal;
use wire::activities::{self, Implied};
use wire::element::{Element, Limits};

use crate::samples::{created_at, element, lines, messages, start, usd, zone};

const GOOD: &str = "<activity><extCustomerRef>JOHNDOE001</extCustomerRef><orderNumber>1007</orderNumber>\
    <priceCode>PAGE</priceCode><quantity>12.5</quantity></activity>";

const IMPLIED: Implied<'_> =
    Implied { order: OrderId(381), number: "1007", customer: CustomerId(366), ext_customer_ref: Some("JOHNDOE001") };

fn list(inside: &str) -> Element {
    element(&format!("<list>{inside}</list>"))
}

fn activity() -> FullActivity {
    FullActivity {
        id: ActivityId(91),
        batch: Some(ActivityBatchId(5)),
        status: ActivityStatus::Processed,
        customer: CustomerId(366),
        order: OrderId(381),
        order_line: OrderLineId(1155),
        price_code: "PAGE".to_owned(),
        currency: usd(),
        quantity: Quantity(Decimal::new(125, 1)),
        charged_on: start(),
        charge_ended_on: None,
        ext_ref_id: Some("CALL-1".to_owned()),
        invoice_text: None,
        rated: Some(Billed { unit_price: Price(Decimal::new(165, 2)), amount: Amount(2063) }),
        created_at: created_at(),
    }
}

#[test]
fn an_activity_is_written_with_every_field() {
    insta::assert_snapshot!(lines(&activities::write([activity()].iter(), &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <list>
    <activity id="91">
    <activityBatch id="5"/>
    <status>Processed</status>
    <customer id="366"/>
    <order id="381"/>
    <orderLineItem id="1155"/>
    <priceCode>PAGE</priceCode>
    <chargeDate>2011-09-20</chargeDate>
    <chargeEndDate/>
    <quantity>12.50</quantity>
    <unitPrice>1.65</unitPrice>
    <amount>20.63</amount>
    <extRefId>CALL-1</extRefId>
    <invoiceText/>
    <dateCreated>2011-09-20</dateCreated>
    </activity>
    </list>
    "#);
}

#[test]
fn what_is_not_billed_yet_has_no_price() {
    let unbilled = FullActivity { status: ActivityStatus::Unbilled, rated: None, batch: None, ..activity() };
    let xml = activities::write([unbilled].iter(), &zone());
    assert!(xml.contains("<status>Unbilled</status>") && xml.contains("<unitPrice/><amount/>"), "{xml}");
    assert!(xml.contains("<activityBatch/>"), "{xml}");
    let none: [FullActivity; 0] = [];
    assert!(activities::write(none.iter(), &zone()).ends_with("<list/>"));
}

#[test]
fn an_activity_names_its_customer_and_its_order() {
    let read = activities::read(&list(GOOD)).unwrap();
    assert_eq!(read[0].customer.ext_customer_ref.as_deref(), Some("JOHNDOE001"));
    assert_eq!(read[0].order.number.as_deref(), Some("1007"));
    let activity = &read[0].activity;
    assert_eq!((activity.price_code.as_str(), activity.quantity.format(2).as_str()), ("PAGE", "12.50"));
    assert_eq!((activity.charged_on, activity.charge_ended_on), (None, None));

    let full = "<activity><customer id='366'/><order id='381'/><priceCode>PAGE</priceCode><quantity>0.000001</quantity>\
        <chargeDate>2011-09-20</chargeDate><chargeEndDate>2011-09-20</chargeEndDate><extRefId>e</extRefId>\
        <invoiceText>t</invoiceText></activity>";
    let read = activities::read(&list(full)).unwrap();
    assert_eq!((read[0].customer.id, read[0].order.id), (Some(366), Some(OrderId(381))));
    let activity = &read[0].activity;
    assert_eq!((activity.charged_on, activity.charge_ended_on), (Some(start()), Some(start())));
    assert_eq!((activity.ext_ref_id.as_deref(), activity.invoice_text.as_deref()), (Some("e"), Some("t")));
}

#[test]
fn each_mistake_in_an_activity_has_its_own_message() {
    let (long, longer) = ("x".repeat(51), "x".repeat(256));
    for (from, to, message) in [
        (
            "<extCustomerRef>JOHNDOE001</extCustomerRef>",
            "",
            "customer is required, with its id or extCustomerRef.".to_owned(),
        ),
        ("<orderNumber>1007</orderNumber>", "", "order is required, with its id or orderNumber.".to_owned()),
        ("<priceCode>PAGE</priceCode>", "", "priceCode is required.".to_owned()),
        ("<quantity>12.5</quantity>", "", "quantity is required.".to_owned()),
        ("12.5", "0", "quantity must be greater than 0.".to_owned()),
        ("12.5", "-3", "quantity must be greater than 0.".to_owned()),
        ("12.5", "1000000000000", "quantity must be at most 999999999999.99.".to_owned()),
        ("12.5", "0.0000001", "quantity may have at most 6 decimals.".to_owned()),
        (
            "<priceCode>",
            "<chargeDate>2011-09-20</chargeDate><chargeEndDate>2011-09-19</chargeEndDate><priceCode>",
            "chargeEndDate must not be before chargeDate.".to_owned(),
        ),
        (
            "<priceCode>",
            &format!("<extRefId>{long}</extRefId><priceCode>"),
            "extRefId may have at most 50 characters.".to_owned(),
        ),
        (
            "<priceCode>",
            &format!("<invoiceText>{longer}</invoiceText><priceCode>"),
            "invoiceText may have at most 255 characters.".to_owned(),
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let body = list(&format!("{GOOD}{}", GOOD.replace(from, to)));
        assert_eq!(messages(activities::read(&body)), [format!("activity[2]: {message}")], "{to}");
    }
    assert_eq!(messages(activities::read(&list("<activity/>"))).len(), 4);
    assert_eq!(messages(activities::read(&list(""))), ["list must hold at least one activity."]);
    assert_eq!(messages(activities::read(&element(GOOD))), ["The root element must be list or activities."]);
}

#[test]
fn a_thousand_activities_are_the_most() {
    let body = |count| format!("<list>{}</list>", GOOD.repeat(count));
    let parsed = |count| Element::parse(body(count).as_bytes(), Limits::ACTIVITIES).unwrap();
    assert_eq!(activities::read(&parsed(1_000)).unwrap().len(), 1_000);
    assert_eq!(messages(activities::read(&parsed(1_001))), ["list may hold at most 1000 activity elements."]);
    assert_eq!(
        messages(activities::read_of_order(&parsed(1_001), IMPLIED)),
        ["list may hold at most 1000 activity elements."]
    );
}

#[test]
fn activities_of_an_order_need_not_say_of_which_and_must_not_say_another() {
    let bare = "<activity><priceCode>PAGE</priceCode><quantity>1</quantity></activity>";
    let read = activities::read_of_order(&list(&format!("{bare}{GOOD}")), IMPLIED).unwrap();
    assert_eq!(read.len(), 2);
    for (inside, message) in [
        ("<order id='382'/>", "order must be the order in the URL, or be left out."),
        ("<orderNumber>1008</orderNumber>", "order must be the order in the URL, or be left out."),
        ("<customer id='1'/>", "customer must be the customer of the order in the URL, or be left out."),
        (
            "<extCustomerRef>X</extCustomerRef>",
            "customer must be the customer of the order in the URL, or be left out.",
        ),
    ] {
        let other = bare.replace("<priceCode>", &format!("{inside}<priceCode>"));
        let found = messages(activities::read_of_order(&list(&other), IMPLIED));
        assert_eq!(found, [format!("activity[1]: {message}")], "{inside}");
    }
}

#[test]
fn the_day_is_today_unless_said_and_the_end_is_compared_with_it() {
    let ended = GOOD.replace("<priceCode>", "<chargeEndDate>2011-09-20</chargeEndDate><priceCode>");
    let activity = &activities::read(&list(&ended)).unwrap()[0].activity;
    assert_eq!(activity.day(start()), Ok(start()));
    assert_eq!(messages(activity.day(Date::new(2011, 9, 21))), ["chargeEndDate must not be before chargeDate."]);
}
