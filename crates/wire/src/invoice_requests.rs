//! Invoices that a merchant makes itself (`api.md` §5.1, §5.2).

use domain::checks::Problems;
use domain::contacts::TEXT_MAX;
use domain::customers::FOREIGN_ID_MAX;
use domain::dates::Date;
use domain::ids::{InvoiceChargeId, InvoiceLineId};
use domain::invoices::{
    self, INVOICE_NUMBER_MAX, INVOICES_MAX, LINES_MAX, NewInvoice, NewInvoiceCharge, NewInvoiceLine, Totals,
};
use domain::money::{Price, Quantity};
use domain::orders::NOTES_MAX;
use domain::plans::{PRICE_SCALE_MAX, QUANTITY_SCALE_MAX};

use crate::customers::{self, CustomerRef};
use crate::element::Element;
use crate::fields;
use crate::reader::{self, Field, Reader};

const LIST_ROOTS: [&str; 2] = ["list", "invoices"];
/// More than any currency has; how many an amount may have depends on its own.
const AMOUNT_SCALE_MAX: u32 = 6;

/// An invoice to be made, and for whom when the body says so.
#[derive(Clone, Debug)]
pub struct InvoiceRequest {
    pub invoice: NewInvoice,
    pub customer: Option<CustomerRef>,
    /// The customer's, by any of which it may be named as well.
    pub crm_customer_id: Option<String>,
    pub erp_customer_id: Option<String>,
}

/// Whether the root is that of a bulk create.
pub fn is_list(element: &Element) -> bool {
    LIST_ROOTS.contains(&element.name.as_str())
}

pub fn read(invoice: &Element) -> Result<InvoiceRequest, Problems> {
    reader::expect_root(invoice, &["invoice"])?;
    reader::read(invoice, |invoice| Some(read_from(invoice)))
}

/// `<list><invoice>…</invoice>…</list>`.
pub fn read_all(list: &Element) -> Result<Vec<InvoiceRequest>, Problems> {
    reader::expect_root(list, &LIST_ROOTS)?;
    reader::read_list_of(list, "invoice", INVOICES_MAX, |invoice| Some(read_from(invoice)))
}

fn read_from(invoice: &Reader<'_>) -> InvoiceRequest {
    let [crm_customer_id, erp_customer_id] = ["crmCustomerId", "erpCustomerId"].map(|name| foreign_id(invoice, name));
    let customer = customers::read_reference(invoice);
    refuse_payments(invoice);
    let invoiced_on = invoice.date("invoiceDate").value().map(Date);
    let due_on = invoice.date("dueDate").value().map(Date);
    if invoiced_on.zip(due_on).is_some_and(|(invoiced, due)| due < invoiced) {
        invoice.wrong("dueDate", "must not be before invoiceDate");
    }
    let invoice = NewInvoice {
        number: invoice.text("invoiceNumber", INVOICE_NUMBER_MAX).value(),
        crm_invoice_id: invoice.text("crmInvoiceId", invoices::FOREIGN_ID_MAX).value(),
        erp_invoice_id: invoice.text("erpInvoiceId", invoices::FOREIGN_ID_MAX).value(),
        is_draft: invoice.one_of("status", &[("Outstanding", false), ("Draft", true)]).or(false),
        currency: fields::currency(invoice),
        billing_period: invoice.parsed("billingPeriod", str::parse).value(),
        invoiced_on,
        due_on,
        period: fields::period(invoice),
        notes: invoice.text("invoiceNotes", NOTES_MAX).value(),
        totals: totals(invoice),
        lines: required_lines(invoice),
    };
    InvoiceRequest { invoice, customer, crm_customer_id, erp_customer_id }
}

fn foreign_id(invoice: &Reader<'_>, name: &str) -> Option<String> {
    invoice.text(name, FOREIGN_ID_MAX).value()
}

/// What was paid is told with the payment: taken from here it would be money that nobody received.
fn refuse_payments(invoice: &Reader<'_>) {
    if invoice.is_given("invoicePayments") {
        let must = "invoicePayments must not be sent with an invoice; allocations travel with the payment.";
        invoice.wrong_sentence("invoicePayments", must);
    }
    let paid = amount(invoice, "paymentsAndAdjustments").value();
    if paid.is_some_and(|paid| !paid.is_zero()) {
        invoice.wrong("paymentsAndAdjustments", "must be 0.00 on a new invoice; allocations travel with the payment");
    }
}

fn totals(invoice: &Reader<'_>) -> Totals {
    Totals {
        current_amount_due: amount(invoice, "currentAmountDue").value(),
        total_due: amount(invoice, "totalDue").value(),
        outstanding_balance: amount(invoice, "outstandingBalance").value(),
    }
}

fn required_lines(invoice: &Reader<'_>) -> Vec<NewInvoiceLine> {
    if !invoice.has("invoiceLineItems") {
        invoice.wrong("invoiceLineItems", "is required");
    }
    lines(invoice).unwrap_or_default()
}

/// `None` where they are not spoken of.
pub(crate) fn lines(invoice: &Reader<'_>) -> Option<Vec<NewInvoiceLine>> {
    let items = members(invoice, "invoiceLineItems", "invoiceLineItem")?;
    Some(items.iter().filter_map(line).collect())
}

/// At least one and not too many.
fn members<'a>(parent: &Reader<'a>, wrapper: &str, member: &str) -> Option<Vec<Reader<'a>>> {
    let members = parent.children(wrapper, member)?;
    if members.is_empty() {
        parent.wrong(wrapper, format_args!("must hold at least one {member}"));
    } else if members.len() > LINES_MAX {
        parent.wrong(wrapper, format_args!("may hold at most {LINES_MAX} {member} elements"));
        return Some(Vec::new());
    }
    Some(members)
}

/// A line without charges is one itself. A text that only one of them has is that of both.
fn line(line: &Reader<'_>) -> Option<NewInvoiceLine> {
    let id = line.id().value().map(InvoiceLineId);
    if !line.has("invoiceLineItemCharges") {
        let charge = NewInvoiceCharge { id: None, ..charge(line, "")? };
        return Some(NewInvoiceLine {
            id,
            text: charge.text.clone(),
            period: charge.period,
            amount: None,
            charges: vec![charge],
        });
    }
    let text = line.text("invoiceText", invoices::TEXT_MAX);
    let period = fields::period(line);
    let amount = amount(line, "amount").value();
    let own = text.clone().or(String::new());
    let charges = members(line, "invoiceLineItemCharges", "invoiceLineItemCharge")?;
    let charges: Vec<_> = charges.iter().filter_map(|item| charge(item, &own)).collect();
    let text = match (text.value(), charges.first()) {
        (Some(text), _) => text,
        (None, first) => first?.text.clone(),
    };
    Some(NewInvoiceLine { id, text, period, amount, charges })
}

/// `of_line` is the text of its line, which may be empty.
fn charge(charge: &Reader<'_>, of_line: &str) -> Option<NewInvoiceCharge> {
    let text = charge.text("invoiceText", invoices::TEXT_MAX);
    let id = charge.id().value().map(InvoiceChargeId);
    let is_percent = charge.boolean("isPercent").or(false);
    // What a run billed may be for nothing or give back; a merchant says that by the price.
    let quantity = if is_percent || id.is_some() {
        fields::bounded(charge, "quantity", QUANTITY_SCALE_MAX).map(Quantity)
    } else {
        fields::quantity(charge)
    };
    let unit_price = fields::bounded(charge, "unitPrice", PRICE_SCALE_MAX).map(Price).value();
    let amount = amount(charge, "amount").value();
    let period = fields::period(charge);
    let charged_on = charge.date("chargeDate").value().map(Date);
    let accounting_code = charge.text("accountingCode", TEXT_MAX).value();
    let unit_of_measure = charge.text("unitOfMeasure", TEXT_MAX).value();
    let text = match text {
        Field::Absent | Field::Cleared if !of_line.is_empty() => Some(of_line.to_owned()),
        text => charge.required("invoiceText", text),
    };
    Some(NewInvoiceCharge {
        id,
        text: text?,
        quantity: quantity.value(),
        unit_price,
        is_percent,
        amount,
        period,
        charged_on,
        accounting_code,
        unit_of_measure,
    })
}

fn amount(reader: &Reader<'_>, name: &str) -> Field<rust_decimal::Decimal> {
    fields::bounded(reader, name, AMOUNT_SCALE_MAX)
}
