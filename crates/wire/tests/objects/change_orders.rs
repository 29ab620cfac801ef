//! Change orders.

use domain::dates::Date;
use domain::ids::OrderId;
use wire::change_orders;
use wire::orders::OrderRef;

use crate::samples::{element, messages};

const NEW: &str = "<contractCode>B</contractCode><orderLineItems><orderLineItem><quantity>1</quantity>\
    <priceCode>P</priceCode></orderLineItem></orderLineItems>";

fn body(order: &str, date: &str, new: &str) -> String {
    format!("<changeOrder>{order}<effectiveDate>{date}</effectiveDate><newOrder>{new}</newOrder></changeOrder>")
}

#[test]
fn the_order_that_ends_is_named_in_any_way() {
    let reference = |id, number: Option<&str>| OrderRef { id, number: number.map(str::to_owned) };
    for (order, expected) in [
        ("<subscriptionOrder id='381'/>", reference(Some(OrderId(381)), None)),
        ("<order id='381'/>", reference(Some(OrderId(381)), None)),
        ("<subscriptionOrder><id>381</id></subscriptionOrder>", reference(Some(OrderId(381)), None)),
        ("<subscriptionOrder>381</subscriptionOrder>", reference(Some(OrderId(381)), None)),
        ("<orderNumber>1007</orderNumber>", reference(None, Some("1007"))),
        ("<subscriptionOrder><orderNumber>1007</orderNumber></subscriptionOrder>", reference(None, Some("1007"))),
        (
            "<subscriptionOrder id='381'><orderNumber>1007</orderNumber></subscriptionOrder>",
            reference(Some(OrderId(381)), Some("1007")),
        ),
    ] {
        let read = change_orders::read(&element(&body(order, "2011-10-05", NEW))).unwrap();
        assert_eq!(read.order, expected, "{order}");
        assert_eq!(read.effective_on, Some(Date::new(2011, 10, 5)));
        assert_eq!(read.new.order.contract_code, "B");
    }
}

#[test]
fn the_new_order_may_stand_in_its_own_element_and_today_is_the_default() {
    let inner = format!("<subscriptionOrder>{NEW}<startDate>2011-10-05</startDate></subscriptionOrder>");
    let read = change_orders::read(&element(&body("<order id='1'/>", "2011-10-05", &inner))).unwrap();
    assert_eq!(read.new.order.start_on, Some(Date::new(2011, 10, 5)));
    let read = change_orders::read(&element(&body("<order id='1'/>", "", NEW))).unwrap();
    assert_eq!((read.effective_on, read.new.order.start_on), (None, None));
}

#[test]
fn each_mistake_in_a_change_order_has_its_own_message() {
    let with = |more: &str| format!("{NEW}{more}");
    for (order, date, new, message) in [
        ("", "2011-10-05", NEW.to_owned(), "subscriptionOrder is required, with its id or orderNumber."),
        ("<order id='x'/>", "2011-10-05", NEW.to_owned(), "order must have an id that is a whole number from 1."),
        ("<order code='1'/>", "2011-10-05", NEW.to_owned(), "order must have an id."),
        (
            "<order id='1'/><subscriptionOrder id='2'/>",
            "2011-10-05",
            NEW.to_owned(),
            "order is given twice, which must agree.",
        ),
        (
            "<orderNumber>1</orderNumber><order><orderNumber>2</orderNumber></order>",
            "2011-10-05",
            NEW.to_owned(),
            "orderNumber is given twice, which must agree.",
        ),
        ("<order id='1'/>", "2011-10-05", String::new(), "newOrder is required."),
        (
            "<order id='1'/>",
            "2011-10-05",
            with("<startDate>2011-10-06</startDate>"),
            "newOrder/startDate must be effectiveDate, or be left out.",
        ),
        (
            "<order id='1'/>",
            "",
            with("<startDate>2011-10-06</startDate>"),
            "newOrder/startDate must be effectiveDate, or be left out.",
        ),
        (
            "<order id='1'/>",
            "2011-10-05",
            with("<orderStatus>Draft</orderStatus>"),
            "newOrder/orderStatus must not be Draft: the new order continues the old one at once.",
        ),
        (
            "<order id='1'/>",
            "2011-10-05",
            NEW.replace("<contractCode>B</contractCode>", ""),
            "newOrder/contractCode is required.",
        ),
    ] {
        assert_eq!(messages(change_orders::read(&element(&body(order, date, &new)))), [message], "{order} {new}");
    }
    let found = messages(change_orders::read(&element("<changeOrder><effectiveDate>x</effectiveDate></changeOrder>")));
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(messages(change_orders::read(&element("<change/>"))), ["The root element must be changeOrder."]);
}
