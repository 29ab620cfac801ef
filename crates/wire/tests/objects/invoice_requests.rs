//! Invoices that a merchant makes.

use domain::dates::{Date, Period, TimeUnit};
use domain::invoices::{InvoiceStatus, Making};
use domain::money::Amount;
use domain::organizations::Terms;
use wire::{invoice_requests, invoices};

use crate::samples::{element, invoice, messages, start, usd, zone};

const GOOD: &str = "<invoice><extCustomerRef>JOHNDOE001</extCustomerRef><invoiceDate>2011-09-20</invoiceDate>\
    <dueDate>2011-10-20</dueDate><invoiceLineItems><invoiceLineItem><invoiceText>Consulting</invoiceText>\
    <invoiceLineItemCharges><invoiceLineItemCharge><invoiceText>Hours</invoiceText><quantity>3.00</quantity>\
    <unitPrice>20.00</unitPrice><amount>60.00</amount></invoiceLineItemCharge></invoiceLineItemCharges>\
    </invoiceLineItem></invoiceLineItems></invoice>";
const ITEM: &str = "invoiceLineItems/invoiceLineItem[1]";
const CHARGE: &str = "invoiceLineItems/invoiceLineItem[1]/invoiceLineItemCharges/invoiceLineItemCharge[1]";

fn making() -> Making {
    Making {
        currency: usd(),
        terms: Terms { value: 30, units: TimeUnit::Days },
        today: start(),
        previous_balance: Amount(1000),
    }
}

#[test]
fn an_invoice_is_read_with_all_that_it_says() {
    let more = "<invoiceNumber>INV-000001</invoiceNumber><crmInvoiceId>c</crmInvoiceId><erpInvoiceId>e</erpInvoiceId>\
        <crmCustomerId>CRM1</crmCustomerId><status>Draft</status><currency id='USD'/><invoiceNotes>n</invoiceNotes>\
        <billingStartDate>2011-09-01</billingStartDate><billingEndDate>2011-09-30</billingEndDate><invoiceDate>";
    let read = invoice_requests::read(&element(&GOOD.replace("<invoiceDate>", more))).unwrap();
    assert_eq!(read.customer.unwrap().ext_customer_ref.as_deref(), Some("JOHNDOE001"));
    assert_eq!((read.crm_customer_id.as_deref(), read.erp_customer_id), (Some("CRM1"), None));
    let invoice = read.invoice;
    assert_eq!(invoice.number.as_deref(), Some("INV-000001"));
    assert_eq!((invoice.crm_invoice_id.as_deref(), invoice.erp_invoice_id.as_deref()), (Some("c"), Some("e")));
    assert!(invoice.is_draft);
    assert_eq!(invoice.currency, Some(usd()));
    assert_eq!((invoice.invoiced_on, invoice.due_on), (Some(start()), Some(Date::new(2011, 10, 20))));
    let september = Period { start: Date::new(2011, 9, 1), end: Date::new(2011, 10, 1) };
    assert_eq!((invoice.period, invoice.notes.as_deref()), (Some(september), Some("n")));
    let charge = &invoice.lines[0].charges[0];
    assert_eq!((invoice.lines[0].text.as_str(), charge.text.as_str()), ("Consulting", "Hours"));
}

#[test]
fn an_invoice_needs_a_line_and_takes_everything_else_by_default() {
    let least = "<invoice><invoiceLineItems><invoiceLineItem><invoiceText>Consulting</invoiceText><amount>60</amount>\
        </invoiceLineItem></invoiceLineItems></invoice>";
    let made = invoice_requests::read(&element(least)).unwrap().invoice.made(&making()).unwrap();
    assert_eq!(made.status, InvoiceStatus::Outstanding);
    assert_eq!((made.invoiced_on, made.due_on), (start(), Date::new(2011, 10, 20)));
    assert_eq!(made.lines.total, Amount(6000));
    assert_eq!(made.period, Period { start: start(), end: start().add_days(1) });
    let charge = &made.lines.lines[0].charges[0];
    assert_eq!((charge.text.as_str(), charge.quantity.format(2).as_str()), ("Consulting", "1.00"));
    assert_eq!(charge.unit_price.format(usd()), "60.00");
}

#[test]
fn the_invoice_of_the_reference_can_be_made_again() {
    let xml = invoices::write(&invoice(), &zone());
    let made = invoice_requests::read(&element(&xml)).unwrap().invoice.made(&making()).unwrap();
    assert_eq!(made.lines.total, Amount(6050));
    assert_eq!(made.period, invoice().head.period);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_mistake_in_an_invoice_has_its_own_message() {
    let (long, longer, notes) = ("x".repeat(11), "x".repeat(26), "x".repeat(256));
    let before_date = |more: &str| format!("{more}<invoiceDate>");
    for (from, to, message) in [
        (
            "<invoiceDate>",
            before_date(&format!("<invoiceNumber>{long}</invoiceNumber>")),
            "invoiceNumber may have at most 10 characters.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date(&format!("<crmInvoiceId>{longer}</crmInvoiceId>")),
            "crmInvoiceId may have at most 25 characters.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date(&format!("<erpCustomerId>{longer}</erpCustomerId>")),
            "erpCustomerId may have at most 25 characters.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date(&format!("<invoiceNotes>{notes}</invoiceNotes>")),
            "invoiceNotes may have at most 255 characters.".to_owned(),
        ),
        ("<invoiceDate>", before_date("<status>Paid</status>"), "status must be one of Outstanding, Draft.".to_owned()),
        (
            "<invoiceDate>",
            before_date("<currency id='DOLLAR'/>"),
            "currency must be a currency of ISO 4217, for example USD.".to_owned(),
        ),
        ("2011-10-20", "2011-09-19".to_owned(), "dueDate must not be before invoiceDate.".to_owned()),
        (
            "<invoiceDate>",
            before_date("<billingStartDate>2011-09-01</billingStartDate>"),
            "billingEndDate is required together with billingStartDate.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date("<billingStartDate>2011-09-02</billingStartDate><billingEndDate>2011-09-01</billingEndDate>"),
            "billingEndDate must not be before billingStartDate.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date("<invoicePayments><invoicePayment/></invoicePayments>"),
            "invoicePayments must not be sent with an invoice; allocations travel with the payment.".to_owned(),
        ),
        (
            "<invoiceDate>",
            before_date("<paymentsAndAdjustments>1.00</paymentsAndAdjustments>"),
            "paymentsAndAdjustments must be 0.00 on a new invoice; allocations travel with the payment.".to_owned(),
        ),
        ("<invoiceText>Hours</invoiceText>", format!("<invoiceText>{notes}</invoiceText>"), {
            format!("{CHARGE}/invoiceText may have at most 255 characters.")
        }),
        ("3.00", "0".to_owned(), format!("{CHARGE}/quantity must be greater than 0.")),
        ("3.00", "0.0000001".to_owned(), format!("{CHARGE}/quantity may have at most 6 decimals.")),
        ("20.00", "0.00000000001".to_owned(), format!("{CHARGE}/unitPrice may have at most 10 decimals.")),
        (
            "60.00",
            "-1000000000000".to_owned(),
            format!("{CHARGE}/amount must be between -999999999999.99 and 999999999999.99."),
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = messages(invoice_requests::read(&element(&GOOD.replace(from, &to))));
        assert_eq!(found, [message], "{to}");
    }
    assert_eq!(messages(invoice_requests::read(&element("<bill/>"))), ["The root element must be invoice."]);
}

#[test]
fn an_invoice_without_lines_or_texts_is_refused() {
    for (inside, message) in [
        ("", "invoiceLineItems is required.".to_owned()),
        ("<invoiceLineItems/>", "invoiceLineItems must hold at least one invoiceLineItem.".to_owned()),
        (
            "<invoiceLineItems><line/></invoiceLineItems>",
            "invoiceLineItems must hold invoiceLineItem elements.".to_owned(),
        ),
        (
            "<invoiceLineItems><invoiceLineItem><invoiceText>t</invoiceText><invoiceLineItemCharges/></invoiceLineItem>\
             </invoiceLineItems>",
            format!("{ITEM}/invoiceLineItemCharges must hold at least one invoiceLineItemCharge."),
        ),
        (
            "<invoiceLineItems><invoiceLineItem><amount>1</amount></invoiceLineItem></invoiceLineItems>",
            format!("{ITEM}/invoiceText is required."),
        ),
        (
            "<invoiceLineItems><invoiceLineItem><invoiceLineItemCharges><invoiceLineItemCharge><amount>1</amount>\
             </invoiceLineItemCharge></invoiceLineItemCharges></invoiceLineItem></invoiceLineItems>",
            format!("{CHARGE}/invoiceText is required."),
        ),
    ] {
        let found = messages(invoice_requests::read(&element(&format!("<invoice>{inside}</invoice>"))));
        assert_eq!(found, [message], "{inside}");
    }
    let item = "<invoiceLineItem><invoiceText>t</invoiceText><amount>1</amount></invoiceLineItem>";
    let body = |count| format!("<invoice><invoiceLineItems>{}</invoiceLineItems></invoice>", item.repeat(count));
    assert_eq!(invoice_requests::read(&element(&body(1_000))).unwrap().invoice.lines.len(), 1_000);
    assert_eq!(
        messages(invoice_requests::read(&element(&body(1_001)))),
        ["invoiceLineItems may hold at most 1000 invoiceLineItem elements."]
    );
}

#[test]
fn every_mistake_of_a_list_names_its_invoice() {
    let bad = GOOD.replace("<invoiceDate>2011-09-20", "<invoiceDate>20.9.2011");
    let found = messages(invoice_requests::read_all(&element(&format!("<list>{GOOD}{bad}</list>"))));
    assert!(found.len() == 1 && found[0].starts_with("invoice[2]: invoiceDate must be a date"), "{found:?}");
    for root in ["list", "invoices"] {
        let body = element(&format!("<{root}>{GOOD}{GOOD}</{root}>"));
        assert!(invoice_requests::is_list(&body));
        assert_eq!(invoice_requests::read_all(&body).unwrap().len(), 2);
    }
    assert_eq!(messages(invoice_requests::read_all(&element("<list/>"))), ["list must hold at least one invoice."]);
}
