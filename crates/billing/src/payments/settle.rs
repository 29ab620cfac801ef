//! The end of a payment: as the processor answered, or as the merchant took it.

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::ProcessorResultId;
use domain::ledger;
use domain::money::Amount;
use domain::payments::{
    Allocation, Answer, FullPayment, Payment, PaymentStatus, PaymentType, ProcessorResult, RequestKind,
};
use store::allocations::Held;
use store::ledger::Posting;

use super::{find, keep, load};
use crate::jobs::CHECK_PAYMENT;
use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, collections, customers, refunds};

/// What a processor said to one request.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub request: RequestKind,
    pub answer: Answer,
}

impl Heard {
    pub fn of_sale(answer: Answer) -> Heard {
        Heard { request: RequestKind::Sale, answer }
    }
}

/// Ends a pending payment as the processor answered, last of all; without an answer, as the merchant took it.
/// Called by whoever hears first; for the others it has happened already. `payment`: as it was written down.
pub(crate) async fn settle(unit: &mut Unit, payment: &Payment, heard: &[Heard]) -> Result<FullPayment> {
    let id = payment.id;
    let customer = customers::lock(unit, payment.customer).await?;
    // Read again, now that nobody else can settle it.
    let payment = find(unit, id).await?;
    store::jobs::finish(&mut unit.tx, unit.org.id, CHECK_PAYMENT, id.0).await?;
    if payment.status != PaymentStatus::Pending {
        return load(unit, id).await;
    }
    let mut result = None;
    for Heard { request, answer } in heard {
        let result_id = unit.id(ProcessorResultId).await?;
        let (request, answer) = (*request, answer.clone());
        let said = ProcessorResult { id: result_id, request, answer, created_at: unit.now };
        store::processor_results::insert(&mut unit.tx, unit.org.id, id, &said).await?;
        result = Some(said);
    }
    let status = heard.last().map_or(PaymentStatus::Paid, |heard| heard.answer.verdict.into());
    let ended = Payment { status, balance: Amount::ZERO, updated_at: unit.now, ..payment };
    match ended.payment_type {
        PaymentType::Payment => {
            let answer = heard.last().map(|heard| &heard.answer);
            let (head, allocations) = end(unit, &customer, ended, answer).await?;
            Ok(FullPayment { head, result, allocations })
        }
        PaymentType::Refund => {
            refunds::end(unit, &customer, ended).await?;
            load(unit, id).await
        }
        PaymentType::Credit => Err(Error::bug("a credit was pending")),
    }
}

/// The payment as it is then, and what of it invoices have.
async fn end(
    unit: &mut Unit,
    customer: &Customer,
    payment: Payment,
    answer: Option<&Answer>,
) -> Result<(Payment, Vec<Allocation>)> {
    let is_paid = payment.status == PaymentStatus::Paid;
    let applied = release(unit, &payment, is_paid).await?;
    let rest = applied.iter().fold(payment.amount, |rest, part| rest - part.amount);
    let payment = Payment { balance: if is_paid { rest } else { Amount::ZERO }, ..payment };
    save_end(unit, &payment).await?;
    if is_paid {
        book(unit, customer, &payment).await?;
        mails::happened(unit, customer, Subject::Payment(&payment)).await?;
    } else {
        unit.happened(EventType::PaymentFailed, payment.customer, payment.id.0).await?;
    }
    collections::settled(unit, &payment, answer).await?;
    keep::end(unit, &payment).await?;
    Ok((payment, applied))
}

pub(crate) async fn save_end(unit: &mut Unit, ended: &Payment) -> Result<()> {
    match store::payments::settle(&mut unit.tx, unit.org.id, ended).await? {
        1 => Ok(()),
        _ => Err(Error::bug("a locked payment was settled by another")),
    }
}

/// Gives back what the payment held on its invoices, and applies it where it was paid.
/// Tells what invoices have of it now.
async fn release(unit: &mut Unit, payment: &Payment, is_paid: bool) -> Result<Vec<Allocation>> {
    let held = if is_paid { Held::Applied } else { Held::Released };
    let parts = store::allocations::resolve(&mut unit.tx, unit.org.id, payment.id, held).await?;
    for part in &parts {
        let invoice = store::invoices::find(&mut unit.tx, unit.org.id, part.invoice).await?;
        let mut invoice = invoice.ok_or_else(|| Error::bug("a payment holds an invoice that is not there"))?;
        invoice = invoice.release(part.amount);
        if is_paid {
            invoice = invoice.apply(part.amount).map_err(|error| Error::bug(error.to_string()))?;
        }
        store::invoices::save(&mut unit.tx, unit.org.id, &invoice, unit.now).await?;
    }
    Ok(if is_paid { parts } else { Vec::new() })
}

/// Books the money: in the ledger, and in the sums kept beside it.
async fn book(unit: &mut Unit, customer: &Customer, payment: &Payment) -> Result<()> {
    let financials = customer.financials.paid(payment.amount, payment.effective_on);
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &financials).await?;
    unit.post(posting(unit, payment), &ledger::paid(payment.amount)).await
}

/// On the day of the payment.
pub(crate) fn posting(unit: &Unit, payment: &Payment) -> Posting {
    Posting {
        customer: payment.customer,
        invoice: None,
        payment: Some(payment.id),
        booked_on: payment.effective_on,
        now: unit.now,
    }
}
