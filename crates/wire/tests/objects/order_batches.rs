//! Many orders at once.

use domain::orders::Order;
use domain::plans::Plan;
use wire::{order_batches, orders};

use crate::samples::{element, messages, order, plan, zone};

const GOOD: &str = "<subscriptionOrder><customer id='366'/><contractCode>A</contractCode><orderLineItems><orderLineItem>\
    <quantity>2</quantity><priceCode>P</priceCode></orderLineItem></orderLineItems></subscriptionOrder>";

#[test]
fn a_list_of_orders_is_read_each_with_its_customer() {
    for root in ["list", "subscriptionOrders"] {
        let body = element(&format!("<{root}>{GOOD}{GOOD}</{root}>"));
        assert!(order_batches::is_list(&body));
        let read = order_batches::read(&body).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].customer.as_ref().unwrap().id, Some(366));
    }
    assert!(!order_batches::is_list(&element(GOOD)));
}

#[test]
fn every_mistake_of_a_list_names_its_order() {
    let without_code = GOOD.replace("<contractCode>A</contractCode>", "");
    let without_quantity = GOOD.replace("<quantity>2</quantity>", "<quantity>0</quantity>");
    let wrong =
        messages(order_batches::read(&element(&format!("<list>{without_code}{GOOD}{without_quantity}</list>"))));
    assert_eq!(
        wrong,
        [
            "subscriptionOrder[1]: contractCode is required.",
            "subscriptionOrder[3]: orderLineItems/orderLineItem[1]/quantity must be greater than 0.",
        ]
    );
    let wrong = messages(order_batches::read(&element("<list/>")));
    assert_eq!(wrong, ["list must hold at least one subscriptionOrder."]);
    let wrong = messages(order_batches::read(&element(&format!("<list>{GOOD}<order/></list>"))));
    assert_eq!(wrong, ["list may hold only subscriptionOrder elements."]);
    let wrong = messages(order_batches::read(&element(&format!("<orders>{GOOD}</orders>"))));
    assert_eq!(wrong, ["The root element must be list or subscriptionOrders."]);
}

#[test]
fn a_list_holds_a_thousand_orders_and_no_more() {
    assert_eq!(order_batches::read(&element(&format!("<list>{}</list>", GOOD.repeat(1_000)))).unwrap().len(), 1_000);
    let wrong = messages(order_batches::read(&element(&format!("<list>{}</list>", GOOD.repeat(1_001)))));
    assert_eq!(wrong, ["list may hold at most 1000 subscriptionOrder elements."]);
}

#[test]
fn a_list_is_written_with_each_order_as_it_is_alone() {
    let none: [(&Order, &Plan); 0] = [];
    assert!(order_batches::write(none.into_iter(), &zone()).ends_with("<list/>"));
    let (order, plan) = (order(), plan());
    let list = element(&order_batches::write([(&order, &plan)].into_iter(), &zone()));
    assert_eq!(list.children, [element(&orders::write(&order, &plan, &[], &zone()))]);
}
