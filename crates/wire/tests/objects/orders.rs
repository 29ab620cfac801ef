//! Orders as they are written and read.

use domain::dates::{BillingPeriod, Date, TimeUnit};
use domain::ids::InvoiceId;
use domain::orders::{Order, OrderStatus};
use wire::customers::CustomerRef;
use wire::{invoices, orders};

use crate::samples::{element, invoice, lines, messages, order, plan, start, zone};

const B4: &str = "<subscriptionOrder><startDate>2011-09-20</startDate><contractCode>WHITE-LBL-A</contractCode>\
    <orderLineItems><orderLineItem><quantity>1.0</quantity><priceCode>MNTHLY</priceCode></orderLineItem>\
    </orderLineItems></subscriptionOrder>";

fn wrong(xml: &str) -> Vec<String> {
    messages(orders::read(&element(xml)))
}

#[test]
fn an_order_is_written_as_the_reference_shows_it() {
    insta::assert_snapshot!(lines(&orders::write(&order(), &plan(), &[], &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <subscriptionOrder id="381">
    <startDate>2011-09-20</startDate>
    <endDate/>
    <orderNumber>1007</orderNumber>
    <orderStatus>Active</orderStatus>
    <contractCode>WHITE-LBL-A</contractCode>
    <contractOffering id="7"/>
    <contractOfferingName>White label A</contractOfferingName>
    <invoiceText>White label hosting</invoiceText>
    <billingPeriod>Monthly</billingPeriod>
    <dueDateValue>0</dueDateValue>
    <dueDateUnits>Days</dueDateUnits>
    <isAutoRenew>true</isAutoRenew>
    <customer id="366"/>
    <currency id="USD"/>
    <isAutoPay>true</isAutoPay>
    <isSeparateInvoice>false</isSeparateInvoice>
    <separateInvoice>false</separateInvoice>
    <jobCode/>
    <notes/>
    <invoiceNotes/>
    <nextBillableDate>2011-10-01</nextBillableDate>
    <totalLifetimeValue>60.50</totalLifetimeValue>
    <orderLineItems>
    <orderLineItem id="1154">
    <position>1</position>
    <contractCharge id="10"/>
    <priceCode>MNTHLY</priceCode>
    <invoiceText>Monthly fee</invoiceText>
    <isActive>true</isActive>
    <totalLifetimeValue>60.50</totalLifetimeValue>
    <quantity>1.0</quantity>
    </orderLineItem>
    </orderLineItems>
    <invoices>
    <invoice id="2396"/>
    </invoices>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </subscriptionOrder>
    "#);
}

#[test]
fn a_generated_invoice_stands_in_its_order_in_full_and_others_by_their_id() {
    let mut order = order();
    order.invoices.push(InvoiceId(7));
    let written = element(&orders::write(&order, &plan(), &[invoice()], &zone()));
    let inside = &written.child("invoices").unwrap().children;
    assert_eq!(inside[0], element(&invoices::write(&invoice(), &zone())));
    assert_eq!(inside[1], element("<invoice id='7'/>"));
    assert_eq!(inside.len(), 2);
}

#[test]
fn the_order_of_the_reference_is_read() {
    let request = orders::read(&element(B4)).unwrap();
    assert_eq!(request.customer, None);
    assert_eq!(request.order.contract_code, "WHITE-LBL-A");
    assert_eq!((request.order.start_on, request.order.end_on), (Some(start()), None));
    assert_eq!(request.order.lines.len(), 1);
    assert_eq!(request.order.lines[0].price_code, "MNTHLY");
    assert_eq!(request.order.lines[0].quantity.format(1), "1.0");
    assert_eq!((request.order.is_auto_pay, request.order.number), (None, None));
}

#[test]
fn every_field_of_an_order_is_read() {
    let more = "<endDate>2012-09-20</endDate><orderNumber>A-1</orderNumber><isAutoPay>false</isAutoPay>\
        <jobCode>J1</jobCode><notes>n</notes><invoiceNotes>i</invoiceNotes><orderStatus>Draft</orderStatus>\
        </subscriptionOrder>";
    let order = orders::read(&element(&B4.replace("</subscriptionOrder>", more))).unwrap().order;
    assert_eq!(order.end_on, Some(Date::new(2012, 9, 20)));
    assert_eq!(order.number.as_deref(), Some("A-1"));
    assert_eq!(order.is_auto_pay, Some(false));
    assert_eq!(order.job_code.as_deref(), Some("J1"));
    assert_eq!(order.notes.as_deref(), Some("n"));
    assert_eq!(order.invoice_notes.as_deref(), Some("i"));
    assert!(order.is_draft);
}

#[test]
fn what_an_order_shows_of_its_plan_is_carried_to_be_compared() {
    let more = "<billingPeriod>Monthly</billingPeriod><dueDateValue>7</dueDateValue><dueDateUnits>Days</dueDateUnits>\
        <isAutoRenew>true</isAutoRenew><currency id='USD'/><separateInvoice>true</separateInvoice><startDate>";
    let order = orders::read(&element(&B4.replace("<startDate>", more))).unwrap().order;
    assert_eq!(order.of_plan.billing_period, Some(BillingPeriod::Monthly));
    assert_eq!((order.of_plan.due_value, order.of_plan.due_units), (Some(7), Some(TimeUnit::Days)));
    assert_eq!((order.of_plan.is_auto_renew, order.is_separate_invoice), (Some(true), Some(true)));
    assert_eq!(order.currency.unwrap().code(), "USD");
}

#[test]
fn a_new_order_follows_its_start_unless_it_is_a_draft() {
    for (status, is_draft) in [("Draft", true), ("Active", false), ("Provisioning", false), ("", false)] {
        let body = B4.replace("<startDate>", &format!("<orderStatus>{status}</orderStatus><startDate>"));
        assert_eq!(orders::read(&element(&body)).unwrap().order.is_draft, is_draft, "{status}");
    }
}

#[test]
fn lines_of_an_order_that_is_over_are_not_active() {
    for status in OrderStatus::ALL {
        let order = Order { status: *status, is_separate_invoice: true, ..order() };
        let written = element(&orders::write(&order, &plan(), &[], &zone()));
        let line = &written.child("orderLineItems").unwrap().children[0];
        let is_over = matches!(status, OrderStatus::Complete | OrderStatus::Superseded | OrderStatus::Canceled);
        assert_eq!(line.child("isActive").unwrap().text, (!is_over).to_string(), "{status}");
        assert_eq!(written.child("separateInvoice").unwrap().text, "true");
    }
}

#[test]
fn the_customer_of_an_order_is_named_in_any_way() {
    let named = |xml: &str| {
        let body = B4.replace("<startDate>", &format!("{xml}<startDate>"));
        orders::read(&element(&body)).map(|request| request.customer)
    };
    let reference = |id, text: Option<&str>| Ok(Some(CustomerRef { id, ext_customer_ref: text.map(str::to_owned) }));
    assert_eq!(named("<customer id='366'/>"), reference(Some(366), None));
    assert_eq!(named("<customer><id>366</id></customer>"), reference(Some(366), None));
    assert_eq!(named("<extCustomerRef>J1</extCustomerRef>"), reference(None, Some("J1")));
    assert_eq!(named("<customer><extCustomerRef>J1</extCustomerRef></customer>"), reference(None, Some("J1")));
    let both = "<customer id='366'><extCustomerRef>J1</extCustomerRef></customer>";
    assert_eq!(named(both), reference(Some(366), Some("J1")));
    assert_eq!(named("<customer/>"), Ok(None));
    for (xml, message) in [
        ("<customer id='abc'/>", "customer must have an id that is a whole number from 1."),
        ("<customer code='1'/>", "customer must have an id."),
        ("<customer id='1'/><customer id='2'/>", "customer appears twice; it may appear only once."),
        (
            "<extCustomerRef>J1</extCustomerRef><customer><extCustomerRef>J2</extCustomerRef></customer>",
            "extCustomerRef is given twice, which must agree.",
        ),
    ] {
        assert_eq!(messages(named(xml)), [message], "{xml}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_mistake_in_an_order_has_its_own_message() {
    let line = "<orderLineItem><quantity>1.0</quantity><priceCode>MNTHLY</priceCode></orderLineItem>";
    let item = "orderLineItems/orderLineItem[1]";
    let long = "x".repeat(51);
    for (from, to, message) in [
        ("<contractCode>WHITE-LBL-A</contractCode>", "", "contractCode is required.".to_owned()),
        ("<quantity>1.0</quantity>", "", format!("{item}/quantity is required.")),
        ("1.0", "0", format!("{item}/quantity must be greater than 0.")),
        ("1.0", "-1", format!("{item}/quantity must be greater than 0.")),
        ("1.0", "1000000000000", format!("{item}/quantity must be at most 999999999999.99.")),
        ("1.0", "0.0000001", format!("{item}/quantity may have at most 6 decimals.")),
        ("<priceCode>MNTHLY</priceCode>", "", format!("{item}/priceCode is required.")),
        (line, "", "orderLineItems must hold at least one orderLineItem.".to_owned()),
        (&format!("<orderLineItems>{line}</orderLineItems>"), "", "orderLineItems is required.".to_owned()),
        ("<startDate>", "<endDate>2011-09-19</endDate><startDate>", "endDate must not be before startDate.".to_owned()),
        (
            "<startDate>",
            &format!("<orderNumber>{long}</orderNumber><startDate>"),
            "orderNumber may have at most 50 characters.".to_owned(),
        ),
        (
            "<startDate>",
            "<orderStatus>Cancelled</orderStatus><startDate>",
            "orderStatus must be one of Draft, Provisioning, Active, Suspended, Complete, Superseded, Canceled."
                .to_owned(),
        ),
        (
            "<startDate>",
            "<orderStatus>Suspended</orderStatus><startDate>",
            "orderStatus must be Draft, Provisioning or Active on a new order.".to_owned(),
        ),
        (
            "<startDate>",
            "<separateInvoice>true</separateInvoice><isSeparateInvoice>false</isSeparateInvoice><startDate>",
            "separateInvoice must agree with isSeparateInvoice.".to_owned(),
        ),
        (
            "<startDate>",
            "<dueDateValue>10000</dueDateValue><startDate>",
            "dueDateValue must be a whole number from 0 to 9999.".to_owned(),
        ),
        (
            "<startDate>",
            "<dueDateUnits>Fortnights</dueDateUnits><startDate>",
            "dueDateUnits must be one of Days, Weeks, Months, Quarters, Years.".to_owned(),
        ),
        (
            line,
            &format!("{line}{line}"),
            "orderLineItems/orderLineItem[2]/priceCode is that of an earlier orderLineItem; \
             each may appear only once."
                .to_owned(),
        ),
    ] {
        assert!(B4.contains(from), "{from}");
        assert_eq!(wrong(&B4.replace(from, to)), [message], "{to}");
    }
    let found = wrong(&B4.replace("1.0", "abc"));
    assert!(
        found.len() == 1 && found[0].starts_with(&format!("{item}/quantity must be a decimal number")),
        "{found:?}"
    );
    assert_eq!(wrong("<order/>"), ["The root element must be subscriptionOrder."]);
}

#[test]
fn six_decimals_and_trailing_zeros_are_a_quantity() {
    for (written, meant) in [("0.000001", "0.000001"), ("2.500000000", "2.5"), ("999999999999.99", "999999999999.99")] {
        let order = orders::read(&element(&B4.replace("1.0", written))).unwrap().order;
        assert_eq!(order.lines[0].quantity.0.normalize().to_string(), meant);
    }
}

#[test]
fn all_mistakes_in_an_order_are_told_at_once() {
    let found = wrong(
        "<subscriptionOrder><startDate>2011-09-31</startDate><isAutoPay>perhaps</isAutoPay>\
         <orderLineItems><orderLineItem><quantity>0</quantity></orderLineItem></orderLineItems></subscriptionOrder>",
    );
    assert_eq!(found.len(), 5, "{found:?}");
}
