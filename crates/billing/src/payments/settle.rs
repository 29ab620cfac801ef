//! The end of a payment: as the processor answered, or as the merchant took it.

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{PaymentId, ProcessorResultId};
use domain::ledger;
use domain::money::Amount;
use domain::payments::{Answer, FullPayment, Payment, PaymentStatus, ProcessorResult};
use store::ledger::Posting;
use store::payments::Held;

use super::{find, load};
use crate::jobs::CHECK_PAYMENT;
use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, collections, customers};

/// Ends a pending payment as the processor answered; without an answer, as the merchant took it.
/// Called by whoever hears first; for the others it has happened already.
pub(crate) async fn settle(unit: &mut Unit, id: PaymentId, answer: Option<&Answer>) -> Result<FullPayment> {
    let payment = find(unit, id).await?;
    let customer = customers::lock(unit, payment.customer).await?;
    // Read again, now that nobody else can settle it.
    let payment = find(unit, id).await?;
    if payment.status != PaymentStatus::Pending {
        store::jobs::finish(&mut unit.tx, unit.org.id, CHECK_PAYMENT, id.0).await?;
        return load(unit, id).await;
    }
    let status = answer.map_or(PaymentStatus::Paid, |answer| answer.verdict.into());
    let is_paid = status == PaymentStatus::Paid;
    let rest = release(unit, &payment, is_paid).await?;
    let balance = if is_paid { rest } else { Amount::ZERO };
    let settled = Payment { status, balance, updated_at: unit.now, ..payment };
    if store::payments::settle(&mut unit.tx, unit.org.id, &settled).await? != 1 {
        return Err(Error::bug("a locked payment was settled by another"));
    }
    if let Some(answer) = answer {
        let id = unit.id(ProcessorResultId).await?;
        let result = ProcessorResult { id, answer: answer.clone(), created_at: unit.now };
        store::payments::insert_result(&mut unit.tx, unit.org.id, settled.id, &result).await?;
    }
    if is_paid {
        book(unit, &customer, &settled).await?;
        mails::happened(unit, &customer, Subject::Payment(&settled)).await?;
    } else {
        unit.happened(EventType::PaymentFailed, settled.customer, settled.id.0).await?;
    }
    collections::settled(unit, &settled, answer).await?;
    store::jobs::finish(&mut unit.tx, unit.org.id, CHECK_PAYMENT, settled.id.0).await?;
    load(unit, id).await
}

/// Gives back what the payment held on its invoices, and applies it where it was paid.
/// Tells what of the payment no invoice took.
async fn release(unit: &mut Unit, payment: &Payment, is_paid: bool) -> Result<Amount> {
    let held = store::payments::reserved_by(&mut unit.tx, unit.org.id, payment.id).await?;
    let mut rest = payment.amount;
    for part in held {
        let invoice = store::invoices::find(&mut unit.tx, unit.org.id, part.invoice).await?;
        let mut invoice = invoice.ok_or_else(|| Error::bug("a payment holds an invoice that is not there"))?;
        invoice = invoice.release(part.amount);
        if is_paid {
            invoice = invoice.apply(part.amount).map_err(|error| Error::bug(error.to_string()))?;
            rest = rest - part.amount;
        }
        store::invoices::save(&mut unit.tx, unit.org.id, &invoice, unit.now).await?;
    }
    let held = if is_paid { Held::Applied } else { Held::Released };
    store::payments::resolve(&mut unit.tx, unit.org.id, payment.id, held).await?;
    Ok(rest)
}

/// Books the money: in the ledger, and in the sums kept beside it.
async fn book(unit: &mut Unit, customer: &Customer, payment: &Payment) -> Result<()> {
    let financials = customer.financials.paid(payment.amount, payment.effective_on);
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &financials).await?;
    let posting = Posting {
        customer: customer.id,
        invoice: None,
        payment: Some(payment.id),
        booked_on: payment.effective_on,
        now: unit.now,
    };
    unit.post(posting, &ledger::paid(payment.amount)).await
}
