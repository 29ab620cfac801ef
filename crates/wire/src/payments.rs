//! Payments (`api.md` §6).

use std::collections::HashSet;

use domain::checks::Problems;
use domain::dates::Date;
use domain::ids::{InvoiceId, PaymentId};
use domain::money::Currency;
use domain::payments::{Allocation, FullPayment, NOTES_MAX, Payment, ProcessorResult, Verdict};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::customers::{self, CustomerRef};
use crate::element::Element;
use crate::fields;
use crate::payment_methods;
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;

pub use crate::payment_methods::Method;
/// What a URL, a root element and an action are about.
pub use domain::payments::PaymentType as Kind;

/// There is one processor to an organization, and clients know it by this id.
pub const PROCESSOR_ID: i64 = 6;

const INVOICE_NUMBER_MAX: usize = 50;

/// Of the currency that has most decimals.
const AMOUNT_SCALE_MAX: u32 = 4;

/// Bytes that one payment takes.
const PAYMENT_BYTES: usize = 2_048;

const ROOTS: [&str; 6] = ["payment", "processPayment", "processCredit", "processRefund", "credit", "refund"];

/// A payment to be made. What is absent follows from the rest (`api.md` §6.3).
#[derive(Clone, Debug)]
pub struct PaymentRequest {
    pub customer: Option<CustomerRef>,
    /// Above 0; how many decimals it may have depends on the customer's currency.
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    pub generate_invoice: bool,
    /// In the order they are to be paid, each once.
    pub invoices: Vec<InvoiceRef>,
    pub method: Option<Method>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InvoiceRef {
    Id(InvoiceId),
    Number(String),
}

/// A payment to be given back (`api.md` §6.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    pub payment: PaymentId,
    pub customer: Option<CustomerRef>,
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    pub applies_house_credit: bool,
    pub effective_on: Option<Date>,
}

/// What a customer is to owe less, or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditRequest {
    pub customer: Option<CustomerRef>,
    /// How many decimals it may have depends on the customer's currency.
    pub amount: Decimal,
    pub currency: Option<Currency>,
    pub notes: Option<String>,
}

pub fn read_refund(refund: &Element) -> Result<RefundRequest, Problems> {
    reader::expect_root(refund, &ROOTS)?;
    reader::read(refund, |refund| {
        check_kind(refund, Kind::Refund);
        let customer = customers::read_reference(refund);
        let payment = payment_reference(refund);
        let amount = fields::positive(refund, "amount").value();
        let currency = fields::currency(refund);
        let applies_house_credit = refund.boolean("applyHouseCredit").or(false);
        let effective_on = refund.date("effectiveDate").value().map(Date);
        Some(RefundRequest { payment: payment?, customer, amount, currency, applies_house_credit, effective_on })
    })
}

/// By its id, as attribute or as child.
fn payment_reference(refund: &Reader<'_>) -> Option<PaymentId> {
    let payment = refund.required("payment", refund.child("payment"))?;
    payment.required("id", payment.id()).map(PaymentId)
}

pub fn read_credit(credit: &Element) -> Result<CreditRequest, Problems> {
    reader::expect_root(credit, &ROOTS)?;
    reader::read(credit, |credit| {
        check_kind(credit, Kind::Credit);
        let customer = customers::read_reference(credit);
        let amount = credit.required("amount", fields::bounded(credit, "amount", AMOUNT_SCALE_MAX));
        let currency = fields::currency(credit);
        let notes = credit.text("notes", NOTES_MAX).value();
        Some(CreditRequest { customer, amount: amount?, currency, notes })
    })
}

pub fn read(payment: &Element) -> Result<PaymentRequest, Problems> {
    reader::expect_root(payment, &ROOTS)?;
    reader::read(payment, |payment| {
        check_kind(payment, Kind::Payment);
        let customer = customers::read_reference(payment);
        let amount = fields::positive(payment, "amount").value();
        let currency = fields::currency(payment);
        let generate_invoice = payment.boolean("generateInvoice").or(false);
        let invoices = invoices(payment);
        let method = payment_methods::read_from(payment);
        Some(PaymentRequest { customer, amount, currency, generate_invoice, invoices, method })
    })
}

pub fn write(payment: &FullPayment, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, payment, zone);
    writer.finish()
}

pub fn write_into(writer: &mut Writer, payment: &FullPayment, zone: &TimeZone) {
    let head = &payment.head;
    writer.object("payment", head.id, |writer| {
        writer.text("paymentNumber", &head.number);
        writer.boolean("isSystemPayment", head.is_system_payment);
        writer.reference("customer", head.customer);
        writer.value("paymentMethodType", head.method_type);
        writer.reference("currency", head.currency);
        writer.value("amount", head.currency.format(head.amount));
        writer.value("balance", head.currency.format(head.balance));
        writer.date("effectiveDate", head.effective_on.0);
        writer.value("status", head.status);
        writer.value("paymentType", head.payment_type);
        writer.boolean("isProcessedByBillingRun", head.is_processed_by_billing_run);
        if let Some(result) = &payment.result {
            write_result(writer, result, head, zone);
        }
        writer.text("paymentMethodContext", &head.method_context);
        match head.processor {
            Some(processor) => {
                writer.object("paymentProcessor", PROCESSOR_ID, |writer| writer.text("name", processor.title()));
            }
            None => writer.empty("paymentProcessor"),
        }
        write_allocations(writer, &payment.allocations, head.currency, zone);
        if let Some(of) = head.reverses {
            writer.reference("reversedPayment", of);
        }
        if let Some(notes) = &head.notes {
            writer.text("notes", notes);
        }
        fields::write_stamps(writer, head.created_at, head.updated_at, zone);
    });
}

pub fn write_list<'a>(payments: impl ExactSizeIterator<Item = &'a FullPayment>, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(PAYMENT_BYTES * (payments.len() + 1));
    writer.element("list", |list| payments.for_each(|payment| write_into(list, payment, zone)));
    writer.finish()
}

/// The `invoicePayments` of a payment or an invoice.
pub fn write_allocations(writer: &mut Writer, allocations: &[Allocation], currency: Currency, zone: &TimeZone) {
    writer.element("invoicePayments", |writer| {
        for allocation in allocations {
            writer.object("invoicePayment", allocation.id, |writer| {
                writer.reference("payment", allocation.payment);
                writer.reference("invoice", allocation.invoice);
                writer.reference("customer", allocation.customer);
                writer.value("amountApplied", currency.format(allocation.amount));
                writer.value("balance", currency.format(allocation.balance));
                fields::write_stamps(writer, allocation.created_at, allocation.created_at, zone);
            });
        }
    });
}

fn write_result(writer: &mut Writer, result: &ProcessorResult, payment: &Payment, zone: &TimeZone) {
    let answer = &result.answer;
    writer.object("processorResult", result.id, |writer| {
        writer.reference("customer", payment.customer);
        writer.reference("payment", payment.id);
        writer.value("amount", payment.currency.format(payment.amount));
        writer.value("currencyCode", payment.currency);
        writer.boolean("isSuccess", answer.verdict == Verdict::Approved);
        writer.boolean("isError", answer.verdict == Verdict::Error);
        writer.empty("statusCode");
        writer.value("avsCode", answer.avs);
        writer.value("cvvCode", answer.cvv);
        writer.text("transactionId", &answer.transaction_id);
        writer.text("approvalCode", &answer.approval_code);
        writer.text("statusMessage", &answer.status_message);
        writer.text("errorCode", &answer.error_code);
        writer.text("errorMessage", &answer.error_message);
        // Nothing fills these; clients expect them.
        for name in ["batchIndicator", "secondaryAmount", "otherMsg1", "otherMsg2", "otherMsg3"] {
            writer.empty(name);
        }
        writer.value("processorRequestType", result.request);
        writer.value("responseTimeMilliSec", answer.response_time_ms);
        writer.reference("paymentProcessor", PROCESSOR_ID);
        fields::write_stamps(writer, result.created_at, result.created_at, zone);
    });
}

/// Root, URL and action must not contradict each other; `payment` as root may be any of the three.
fn check_kind(payment: &Reader<'_>, url: Kind) {
    let root = match payment.element().name.as_str() {
        "processPayment" => Some(Kind::Payment),
        "processCredit" | "credit" => Some(Kind::Credit),
        "processRefund" | "refund" => Some(Kind::Refund),
        _ => None,
    };
    let actions = [("processPayment", Kind::Payment), ("processCredit", Kind::Credit), ("processRefund", Kind::Refund)];
    let action = payment.one_of("action", &actions).value();
    if [root, action].into_iter().flatten().any(|kind| kind != url) {
        payment.wrong("action", "must not contradict the root element or the URL");
    }
}

fn invoices(payment: &Reader<'_>) -> Vec<InvoiceRef> {
    let mut known = HashSet::new();
    let mut invoices = Vec::new();
    for invoice in payment.children("invoices", "invoice").unwrap_or_default() {
        let Some(reference) = invoice_reference(&invoice) else { continue };
        if known.insert(reference.clone()) {
            invoices.push(reference);
        } else {
            invoice.wrong("", "is named twice; each invoice may appear only once");
        }
    }
    invoices
}

/// By id or by number; a whole invoice that was read before has both, and then the id counts.
fn invoice_reference(invoice: &Reader<'_>) -> Option<InvoiceRef> {
    let id = invoice.id();
    let number = invoice.text("invoiceNumber", INVOICE_NUMBER_MAX);
    match (id, number) {
        (Field::Value(id), _) => Some(InvoiceRef::Id(InvoiceId(id))),
        (_, Field::Value(number)) => Some(InvoiceRef::Number(number)),
        (Field::Absent | Field::Cleared, Field::Absent | Field::Cleared) => {
            if !invoice.is_given("id") && invoice.element().attribute("id").is_none_or(str::is_empty) {
                invoice.wrong("", "must have an id or an invoiceNumber");
            }
            None
        }
    }
}
