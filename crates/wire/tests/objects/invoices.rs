//! Invoices as they are written.

use domain::invoices::{FullInvoice, InvoiceStatus};
use domain::money::{Amount, Price};
use rust_decimal::Decimal;
use wire::invoices;

use crate::samples::{allocation, element, invoice, lines, zone};

fn field(invoice: &FullInvoice, name: &str) -> String {
    element(&invoices::write(invoice, &zone())).child(name).expect(name).text.clone()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole document, one element a line")]
fn an_invoice_is_written_as_the_reference_shows_it() {
    insta::assert_snapshot!(lines(&invoices::write(&invoice(), &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <invoice id="2396">
    <delegatedInvoice/>
    <invoiceNumber>1019</invoiceNumber>
    <status>Outstanding</status>
    <customer id="366"/>
    <currency id="USD"/>
    <billingPeriod>Monthly</billingPeriod>
    <invoiceDate>2011-09-20</invoiceDate>
    <dueDate>2011-09-20</dueDate>
    <billingStartDate>2011-09-20</billingStartDate>
    <billingEndDate>2011-09-30</billingEndDate>
    <currentAmountDue>60.50</currentAmountDue>
    <totalDue>60.50</totalDue>
    <paymentsAndAdjustments>0.00</paymentsAndAdjustments>
    <outstandingBalance>60.50</outstandingBalance>
    <invoiceNotes/>
    <ordersIncluded>
    <subscriptionOrder id="381"/>
    </ordersIncluded>
    <invoiceLineItems>
    <invoiceLineItem id="3001">
    <position>1</position>
    <invoiceText>White label hosting</invoiceText>
    <billingStartDate>2011-09-20</billingStartDate>
    <billingEndDate>2011-09-30</billingEndDate>
    <invoiceLineItemCharges>
    <invoiceLineItemCharge id="4001">
    <position>1</position>
    <invoiceText>Monthly fee</invoiceText>
    <contractCharge id="10"/>
    <orderLineItem id="1154"/>
    <pricingTier id="14"/>
    <accountingCode/>
    <isPercent>false</isPercent>
    <chargeDate/>
    <billingStartDate>2011-09-20</billingStartDate>
    <billingEndDate>2011-09-30</billingEndDate>
    <quantity>1.00</quantity>
    <unitOfMeasure/>
    <unitPrice>165.00</unitPrice>
    <amount>60.50</amount>
    </invoiceLineItemCharge>
    </invoiceLineItemCharges>
    </invoiceLineItem>
    </invoiceLineItems>
    <invoicePayments/>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </invoice>
    "#);
}

#[test]
fn the_four_sums_keep_what_was_owed_before_apart() {
    let mut partly_paid = invoice();
    partly_paid.head.previous_balance = Amount(1000);
    partly_paid.head.applied = Amount(2050);
    let sums = |name| field(&partly_paid, name);
    assert_eq!(
        ["currentAmountDue", "totalDue", "paymentsAndAdjustments", "outstandingBalance"].map(sums),
        ["60.50", "70.50", "20.50", "40.00"]
    );
}

#[test]
fn nothing_is_outstanding_on_a_cancelled_invoice() {
    let mut cancelled = invoice();
    cancelled.head.status = InvoiceStatus::Cancelled;
    assert_eq!(field(&cancelled, "outstandingBalance"), "0.00");
    assert_eq!(field(&cancelled, "status"), "Cancelled");
}

#[test]
fn a_paid_invoice_shows_by_what() {
    let mut paid = invoice();
    paid.allocations = vec![allocation()];
    let xml = element(&invoices::write(&paid, &zone()));
    let part = xml.child("invoicePayments").unwrap().child("invoicePayment").unwrap();
    assert_eq!(part.attribute("id"), Some("171"));
    assert_eq!(part.child("payment").unwrap().attribute("id"), Some("213"));
    assert_eq!(part.child("amountApplied").unwrap().text, "60.50");
}

#[test]
fn a_price_keeps_its_decimals_and_what_is_unknown_is_null() {
    let mut invoice = invoice();
    let charge = &mut invoice.lines[0].charges[0];
    charge.unit_price = Price(Decimal::new(165, 4));
    charge.charge = None;
    charge.order_line = None;
    charge.tier = None;
    let xml = invoices::write(&invoice, &zone());
    assert!(xml.contains("<unitPrice>0.0165</unitPrice>"), "{xml}");
    assert!(xml.contains("<contractCharge/><orderLineItem/><pricingTier/>"), "{xml}");
}

#[test]
fn only_who_asks_for_it_gets_the_explanation_of_an_amount() {
    let plain = invoices::write(&invoice(), &zone());
    let explained = invoices::write_explained(&invoice(), &zone());
    assert_eq!(explained.replace("<explanation>11 of 30 days</explanation>", ""), plain);
    assert!(explained.len() > plain.len());
}

#[test]
fn a_list_holds_each_invoice_in_full_and_may_be_empty() {
    let empty: [FullInvoice; 0] = [];
    assert!(invoices::write_list(empty.iter(), &zone()).ends_with("<list/>"));
    let list = element(&invoices::write_list([invoice(), invoice()].iter(), &zone()));
    assert_eq!(list.children[1], element(&invoices::write(&invoice(), &zone())));
    assert_eq!(list.children.len(), 2);
}

#[test]
fn nobody_owes_a_draft_or_what_a_later_invoice_took_over() {
    for (status, outstanding) in [
        (InvoiceStatus::Outstanding, "60.50"),
        (InvoiceStatus::Draft, "0.00"),
        (InvoiceStatus::CarriedOver, "0.00"),
        (InvoiceStatus::Error, "0.00"),
    ] {
        let mut invoice = invoice();
        invoice.head.status = status;
        assert_eq!(field(&invoice, "outstandingBalance"), outstanding, "{status}");
        assert_eq!(field(&invoice, "currentAmountDue"), "60.50", "{status}");
    }
}
