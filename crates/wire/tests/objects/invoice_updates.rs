//! Invoices to be changed.

use domain::changes::Change;
use domain::dates::Date;
use domain::ids::{InvoiceChargeId, InvoiceId, InvoiceLineId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use wire::{invoice_updates, invoices};

use crate::samples::{allocation, element, invoice, messages, zone};

#[test]
fn an_update_says_only_what_changes() {
    let body = "<invoice id='2396'><dueDate>2011-10-31</dueDate><invoiceNotes/></invoice>";
    let update = invoice_updates::read(&element(body)).unwrap();
    assert_eq!(update.due_on, Some(Date::new(2011, 10, 31)));
    assert_eq!((update.notes, update.id), (Change::Clear, Some(InvoiceId(2396))));
    assert_eq!((update.invoiced_on, update.status, update.lines), (None, None, None));
}

#[test]
fn who_sends_back_what_was_read_changes_nothing_paid_or_not() {
    let mut paid = invoice();
    paid.head.status = InvoiceStatus::Paid;
    paid.head.applied = Amount(6050);
    paid.allocations = vec![allocation()];
    for invoice in [invoice(), paid] {
        let xml = invoices::write(&invoice, &zone());
        let update = invoice_updates::read(&element(&xml)).unwrap();
        let updated = update.applied_to(&invoice, Some("JOHNDOE001")).unwrap();
        assert_eq!((updated.lines, updated.posted), (None, Amount::ZERO));
        let again = domain::invoices::FullInvoice { head: updated.head, ..invoice };
        assert_eq!(invoices::write(&again, &zone()), xml);
    }
}

#[test]
fn a_line_and_a_charge_keep_their_ids_and_old_sums_do_not_count() {
    let xml = invoices::write(&invoice(), &zone()).replace("<amount>60.50</amount>", "<amount>50.00</amount>");
    let updated = invoice_updates::read(&element(&xml)).unwrap().applied_to(&invoice(), None).unwrap();
    let lines = updated.lines.unwrap();
    assert_eq!((lines.total, updated.posted), (Amount(5000), Amount(-1050)));
    assert_eq!(lines.lines[0].id, Some(InvoiceLineId(3001)));
    assert_eq!(lines.lines[0].charges[0].id, Some(InvoiceChargeId(4001)));
}

#[test]
fn each_mistake_in_an_update_has_its_own_message() {
    for (inside, message) in [
        ("<dueDate/>", "dueDate is required and may not be empty."),
        ("<invoiceDate/>", "invoiceDate is required and may not be empty."),
        ("<status/>", "status is required and may not be empty."),
        ("<invoiceNumber/>", "invoiceNumber is required and may not be empty."),
        ("<status>Canceled</status>", {
            "status must be one of Outstanding, Paid, Cancelled, Draft, Error, CarriedOver."
        }),
        ("<invoiceLineItems/>", "invoiceLineItems must hold at least one invoiceLineItem."),
    ] {
        let found = messages(invoice_updates::read(&element(&format!("<invoice>{inside}</invoice>"))));
        assert_eq!(found, [message], "{inside}");
    }
    assert_eq!(messages(invoice_updates::read(&element("<bill/>"))), ["The root element must be invoice."]);
}
