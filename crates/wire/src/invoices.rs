//! Invoices (`api.md` §5.1).

use domain::dates::Period;
use domain::invoices::{FullInvoice, InvoiceCharge, InvoiceLine};
use domain::money::Currency;
use jiff::tz::TimeZone;

use crate::fields;
use crate::payments;
use crate::writer::Writer;

/// Room for one invoice in a list.
const INVOICE_BYTES: usize = 2_048;

pub fn write(invoice: &FullInvoice, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, invoice, zone);
    writer.finish()
}

/// With an `explanation` of each charge's amount, which the contract does not have: for who asks for it.
pub fn write_explained(invoice: &FullInvoice, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_with(&mut writer, invoice, Detail::Explained, zone);
    writer.finish()
}

/// `<list>` of invoices in full.
pub fn write_list<'i>(invoices: impl ExactSizeIterator<Item = &'i FullInvoice>, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(INVOICE_BYTES * (invoices.len() + 1));
    writer.element("list", |writer| invoices.for_each(|invoice| write_into(writer, invoice, zone)));
    writer.finish()
}

pub fn write_into(writer: &mut Writer, invoice: &FullInvoice, zone: &TimeZone) {
    write_with(writer, invoice, Detail::Plain, zone);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Plain,
    Explained,
}

fn write_with(writer: &mut Writer, invoice: &FullInvoice, detail: Detail, zone: &TimeZone) {
    let head = &invoice.head;
    writer.object("invoice", head.id, |writer| {
        // Nobody pays for another here.
        writer.empty("delegatedInvoice");
        writer.text("invoiceNumber", &head.number);
        // Only where there are some: the contract shows none.
        for (name, id) in [("crmInvoiceId", &head.crm_id), ("erpInvoiceId", &head.erp_id)] {
            if let Some(id) = id {
                writer.text(name, id);
            }
        }
        writer.value("status", head.status);
        writer.reference("customer", head.customer);
        writer.reference("currency", head.currency);
        writer.value("billingPeriod", head.billing_period);
        writer.date("invoiceDate", head.invoiced_on.0);
        writer.date("dueDate", head.due_on.0);
        write_period(writer, head.period);
        writer.value("currentAmountDue", head.currency.format(head.total));
        writer.value("totalDue", head.currency.format(head.previous_balance + head.total));
        writer.value("paymentsAndAdjustments", head.currency.format(head.applied));
        writer.value("outstandingBalance", head.currency.format(head.outstanding()));
        writer.optional_text("invoiceNotes", head.notes.as_deref());
        writer.element("ordersIncluded", |writer| {
            for order in &invoice.orders {
                writer.reference("subscriptionOrder", *order);
            }
        });
        writer.element("invoiceLineItems", |writer| {
            for line in &invoice.lines {
                write_line(writer, line, detail, head.currency);
            }
        });
        payments::write_allocations(writer, &invoice.allocations, head.currency, zone);
        fields::write_stamps(writer, head.created_at, head.updated_at, zone);
    });
}

fn write_line(writer: &mut Writer, line: &InvoiceLine, detail: Detail, currency: Currency) {
    writer.object("invoiceLineItem", line.id, |writer| {
        writer.value("position", line.position);
        writer.text("invoiceText", &line.text);
        write_period(writer, line.period);
        writer.element("invoiceLineItemCharges", |writer| {
            for charge in &line.charges {
                write_charge(writer, charge, detail, currency);
            }
        });
    });
}

fn write_charge(writer: &mut Writer, charge: &InvoiceCharge, detail: Detail, currency: Currency) {
    writer.object("invoiceLineItemCharge", charge.id, |writer| {
        writer.value("position", charge.position);
        writer.text("invoiceText", &charge.text);
        writer.optional_reference("contractCharge", charge.charge);
        writer.optional_reference("orderLineItem", charge.order_line);
        writer.optional_reference("pricingTier", charge.tier);
        writer.optional_text("accountingCode", charge.accounting_code.as_deref());
        writer.boolean("isPercent", charge.is_percent);
        writer.optional_date("chargeDate", charge.charged_on.map(|day| day.0));
        write_period(writer, charge.period);
        writer.value("quantity", charge.quantity.format(2));
        writer.optional_text("unitOfMeasure", charge.unit_of_measure.as_deref());
        writer.value("unitPrice", charge.unit_price.format(currency));
        writer.value("amount", currency.format(charge.amount));
        if detail == Detail::Explained {
            writer.text("explanation", &charge.explanation);
        }
    });
}

/// Both days are billed.
fn write_period(writer: &mut Writer, period: Period) {
    writer.date("billingStartDate", period.start.0);
    writer.date("billingEndDate", period.last_day().0);
}
