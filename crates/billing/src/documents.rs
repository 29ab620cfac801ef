//! Invoices as documents: the same figures as PDF and as HTML, in the customer's language.

pub use documents::CONTENT_SECURITY_POLICY;
use documents::{Charge, CreatedAt, InvoiceDocument, Section, StatusKind, Total, Words};
use domain::customers::Customer;
use domain::dates::{Date, Timestamp};
use domain::invoices::{FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency};
use domain::organizations::Organization;
use domain::payments::Payment;
use texts::Texts;

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
    let texts = texts_for(&view.org, &customer);
    let mut document = document(texts, &view.org, (&customer, &invoice, &payments), today);
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
    Ok(document(texts_for(&view.org, &customer), &view.org, (&customer, &invoice, &[]), today))
}

/// The language that a customer is written to in.
pub(crate) fn texts_for(org: &Organization, customer: &Customer) -> Texts {
    Texts::of([customer.locale.as_str(), org.locale.as_str()])
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
    if invoice.allocations.is_empty() {
        return Ok(Vec::new());
    }
    Ok(store::payments::applied_to(&mut view.conn, view.org.id, invoice.head.id).await?)
}

pub fn document(
    t: Texts,
    org: &Organization,
    (customer, invoice, payments): (&Customer, &FullInvoice, &[(Payment, Amount)]),
    today: Date,
) -> InvoiceDocument {
    let head = &invoice.head;
    let paid = |(payment, amount): &(Payment, Amount)| documents::Payment {
        date: t.date(payment.effective_on),
        method: t.method(&payment.method_context),
        number: payment.number.clone(),
        amount: t.money(head.currency, *amount),
    };
    InvoiceDocument {
        locale: t.tag().to_owned(),
        words: words(t),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        customer: recipient(customer),
        number: head.number.clone(),
        title: t.invoice_number(&head.number),
        status: status(t, head, today).0.to_owned(),
        status_kind: status(t, head, today).1,
        invoice_date: t.date(head.invoiced_on),
        due_date: t.date(head.due_on),
        due_by: t.due_on(t.date(head.due_on)),
        billing_period: t.period(head.period),
        amount_due: t.money(head.currency, head.outstanding()),
        sections: invoice.lines.iter().map(|line| section(t, head.currency, line)).collect(),
        totals: totals(t, head, invoice.tax()),
        payments: payments.iter().map(paid).collect(),
        notes: head.notes.clone(),
        created_at: created_at(head.created_at),
    }
}

fn words(t: Texts) -> Words {
    Words {
        invoice: t.document_invoice().to_owned(),
        invoice_number: t.document_number().to_owned(),
        invoice_date: t.document_date().to_owned(),
        due_date: t.document_due_date().to_owned(),
        billing_period: t.document_period().to_owned(),
        from: t.from_merchant().to_owned(),
        bill_to: t.bill_to().to_owned(),
        reference: t.customer_number().to_owned(),
        description: t.column_description().to_owned(),
        quantity: t.column_quantity().to_owned(),
        unit_price: t.column_unit_price().to_owned(),
        amount: t.column_amount().to_owned(),
        total: t.total().to_owned(),
        amount_due: t.document_amount_due().to_owned(),
        payments: t.payments().to_owned(),
        payment_date: t.column_date().to_owned(),
        payment_method: t.column_method().to_owned(),
        payment_number: t.document_payment_number().to_owned(),
        notes: t.document_notes().to_owned(),
        page_of_pages: t.document_page("{page}", "{pages}"),
        thank_you: t.document_thanks().to_owned(),
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
fn status(t: Texts, invoice: &Invoice, today: Date) -> (&'static str, StatusKind) {
    match invoice.status {
        InvoiceStatus::Outstanding if invoice.is_overdue(today) => (t.status_overdue(), StatusKind::Overdue),
        InvoiceStatus::Outstanding => (t.status_outstanding(), StatusKind::Outstanding),
        InvoiceStatus::Paid => (t.status_paid(), StatusKind::Paid),
        InvoiceStatus::Cancelled => (t.status_cancelled(), StatusKind::Cancelled),
        InvoiceStatus::CarriedOver => (t.status_carried_over(), StatusKind::Cancelled),
        InvoiceStatus::Draft | InvoiceStatus::Error => (t.status_draft(), StatusKind::Draft),
    }
}

fn section(t: Texts, currency: Currency, line: &InvoiceLine) -> Section {
    Section {
        title: line.text.clone(),
        period: t.period(line.period),
        charges: line.charges.iter().map(|of| charge(t, currency, of)).collect(),
    }
}

fn charge(t: Texts, currency: Currency, charge: &InvoiceCharge) -> Charge {
    let unit_price = if charge.is_percent {
        t.percent(&charge.unit_price.format(currency))
    } else {
        t.price(currency, charge.unit_price)
    };
    Charge {
        description: charge.text.clone(),
        period: t.period(charge.period),
        quantity: t.quantity(charge.quantity),
        unit_price,
        amount: t.money(currency, charge.amount),
        explanation: Some(t.explanation(&charge.explanation)).filter(|text| !text.is_empty()),
    }
}

/// Tax is told apart where there is some: added to the charges, or contained in them.
fn totals(t: Texts, head: &Invoice, tax: Amount) -> Vec<Total> {
    let total = |label: &str, amount, emphasis| Total {
        label: label.to_owned(),
        amount: t.money(head.currency, amount),
        emphasis,
    };
    let mut totals = Vec::new();
    if !tax.is_zero() {
        totals.extend([total(t.net(), head.total - tax, false), total(t.tax(), tax, false)]);
    }
    totals.push(total(t.total(), head.total, false));
    if !head.applied.is_zero() {
        totals.push(total(t.document_paid(), -head.applied, false));
    }
    totals.push(total(t.document_amount_due(), head.outstanding(), true));
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
