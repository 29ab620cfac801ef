//! Invoices as documents: the same figures as PDF and as HTML.

pub use documents::CONTENT_SECURITY_POLICY;
use documents::{Charge, CreatedAt, InvoiceDocument, Section, StatusKind, Total, Words};
use domain::customers::Customer;
use domain::dates::{Date, Timestamp};
use domain::invoices::{FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency};
use domain::organizations::Organization;
use domain::payments::Payment;

use crate::display::{date, method, money, period};
use crate::invoices::InvoiceKey;
use crate::{Error, Result, View, customers, invoices};

/// Whether each charge says how its amount came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    Yes,
    No,
}

/// The invoice as it is printed. `today` decides whether it is overdue.
pub async fn invoice(view: &mut View, key: &InvoiceKey, today: Date, explained: Explained) -> Result<InvoiceDocument> {
    let invoice = invoices::get(view, key).await?;
    let customer = customers::get(view, invoice.head.customer).await?;
    let payments = payments(view, &invoice).await?;
    let mut document = document(&view.org, &customer, &invoice, &payments, today);
    if explained == Explained::No {
        document.sections.iter_mut().flat_map(|section| &mut section.charges).for_each(|of| of.explanation = None);
    }
    Ok(document)
}

/// The invoice as it was when it was made: nothing paid yet, nothing cancelled.
pub async fn new_invoice(view: &mut View, key: &InvoiceKey, today: Date) -> Result<InvoiceDocument> {
    let mut invoice = invoices::get(view, key).await?;
    invoice.head.status = InvoiceStatus::Outstanding;
    invoice.head.applied = Amount::ZERO;
    let customer = customers::get(view, invoice.head.customer).await?;
    Ok(document(&view.org, &customer, &invoice, &[], today))
}

/// Rendering takes milliseconds: off the async threads.
pub async fn render_pdf(document: InvoiceDocument) -> Result<Vec<u8>> {
    let rendered = tokio::task::spawn_blocking(move || documents::pdf(&document)).await;
    Ok(rendered.map_err(|error| Error::Bug(error.into()))??)
}

pub fn render_html(document: &InvoiceDocument) -> Result<String> {
    Ok(documents::html(document)?)
}

/// Each payment applied to an invoice, with the part that was.
pub(crate) async fn payments(view: &mut View, invoice: &FullInvoice) -> Result<Vec<(Payment, Amount)>> {
    let mut payments = Vec::new();
    for part in &invoice.allocations {
        if let Some(payment) = store::payments::find(&mut view.conn, view.org.id, part.payment).await? {
            payments.push((payment, part.amount));
        }
    }
    Ok(payments)
}

pub fn document(
    org: &Organization,
    customer: &Customer,
    invoice: &FullInvoice,
    payments: &[(Payment, Amount)],
    today: Date,
) -> InvoiceDocument {
    let head = &invoice.head;
    let paid = |(payment, amount): &(Payment, Amount)| documents::Payment {
        date: date(payment.effective_on),
        method: method(payment),
        number: payment.number.clone(),
        amount: money(head.currency, *amount),
    };
    InvoiceDocument {
        locale: customer.locale.replace('_', "-"),
        words: Words::default(),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        customer: recipient(customer),
        number: head.number.clone(),
        status: status(head, today).0.to_owned(),
        status_kind: status(head, today).1,
        invoice_date: date(head.invoiced_on),
        due_date: date(head.due_on),
        billing_period: period(head.period),
        amount_due: money(head.currency, head.outstanding()),
        sections: invoice.lines.iter().map(|line| section(head.currency, line)).collect(),
        totals: totals(head, invoice.tax()),
        payments: payments.iter().map(paid).collect(),
        notes: head.notes.clone(),
        created_at: created_at(head.created_at),
    }
}

fn recipient(customer: &Customer) -> documents::Customer {
    let contact = &customer.billing_contact;
    let name = contact.full_name();
    let mut address_lines = contact.address.fields.lines();
    if name != customer.name {
        address_lines.insert(0, name);
    }
    documents::Customer {
        name: customer.name.clone(),
        address_lines,
        email: contact.email_primary.clone(),
        reference: customer.ext_customer_ref.clone().unwrap_or_default(),
    }
}

/// The status as a customer reads it.
pub fn status(invoice: &Invoice, today: Date) -> (&'static str, StatusKind) {
    match invoice.status {
        InvoiceStatus::Outstanding if invoice.is_overdue(today) => ("Overdue", StatusKind::Overdue),
        InvoiceStatus::Outstanding => ("Outstanding", StatusKind::Outstanding),
        InvoiceStatus::Paid => ("Paid", StatusKind::Paid),
        InvoiceStatus::Cancelled => ("Cancelled", StatusKind::Cancelled),
        InvoiceStatus::CarriedOver => ("Carried over", StatusKind::Cancelled),
        InvoiceStatus::Draft | InvoiceStatus::Error => ("Draft", StatusKind::Draft),
    }
}

fn section(currency: Currency, line: &InvoiceLine) -> Section {
    Section {
        title: line.text.clone(),
        period: period(line.period),
        charges: line.charges.iter().map(|of| charge(currency, of)).collect(),
    }
}

fn charge(currency: Currency, charge: &InvoiceCharge) -> Charge {
    let unit_price = charge.unit_price.format(currency);
    Charge {
        description: charge.text.clone(),
        period: period(charge.period),
        quantity: charge.quantity.format(0),
        unit_price: if charge.is_percent { format!("{unit_price}%") } else { unit_price },
        amount: money(currency, charge.amount),
        explanation: Some(charge.explanation.clone()).filter(|text| !text.is_empty()),
    }
}

/// Tax is told apart where there is some: added to the charges, or contained in them.
fn totals(head: &Invoice, tax: Amount) -> Vec<Total> {
    let total = |label: &str, amount, emphasis| Total {
        label: label.to_owned(),
        amount: money(head.currency, amount),
        emphasis,
    };
    let mut totals = Vec::new();
    if !tax.is_zero() {
        totals.extend([total("Net", head.total - tax, false), total("Tax", tax, false)]);
    }
    totals.push(total("Total", head.total, false));
    if !head.applied.is_zero() {
        totals.push(total("Paid", -head.applied, false));
    }
    totals.push(total("Amount due", head.outstanding(), true));
    totals
}

fn created_at(at: Timestamp) -> CreatedAt {
    let time = jiff::tz::TimeZone::UTC.to_datetime(at.0);
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    CreatedAt {
        year: u16::try_from(time.year()).unwrap_or_default(),
        month: small(time.month()),
        day: small(time.day()),
        hour: small(time.hour()),
        minute: small(time.minute()),
        second: small(time.second()),
    }
}
