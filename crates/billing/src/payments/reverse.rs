//! Taking a payment back: its invoices are owed again. A refund gave the money back; a payment that bounced or was
//! charged back is cancelled, and nobody is asked.

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::PaymentId;
use domain::ledger;
use domain::money::Amount;
use domain::payments::{CannotReverse, FullPayment, Payment, PaymentStatus, PaymentType};
use store::numbers::Counter;

use super::settle::posting;
use super::{find, load};
use crate::{Error, Result, Unit, customers};

/// Cancels a payment that bounced or was charged back: the payment stays, one of the negative amount is made beside it.
pub async fn cancel(unit: &mut Unit, id: PaymentId) -> Result<FullPayment> {
    let (customer, payment) = lock(unit, id).await?;
    payment.check_cancellable().map_err(|reason| refused(&payment, "cancelled", reason))?;
    check_untouched(unit, &payment).await?;
    let back = build(unit, &payment).await?;
    let back = Payment { status: PaymentStatus::Paid, balance: Amount::ZERO, ..back };
    store::payments::insert(&mut unit.tx, unit.org.id, &back).await?;
    take_back(unit, &customer, &payment, PaymentStatus::Cancelled).await?;
    unit.post(posting(unit, &back), &ledger::payment_cancelled(payment.amount)).await?;
    unit.happened(EventType::PaymentFailed, customer.id, id.0).await?;
    unit.audit("cancelled a payment", &format!("payment {}", payment.number)).await?;
    load(unit, id).await
}

/// The payment as it is once nobody else pays for its customer, who is locked.
pub(crate) async fn lock(unit: &mut Unit, id: PaymentId) -> Result<(Customer, Payment)> {
    let customer = find(unit, id).await?.customer;
    let customer = customers::lock(unit, customer).await?;
    Ok((customer, find(unit, id).await?))
}

pub(crate) fn refused(payment: &Payment, done: &str, reason: CannotReverse) -> Error {
    let shown = payment.currency.format(payment.amount);
    let hint = if reason == CannotReverse::Amount { format!(", {shown}") } else { String::new() };
    Error::refused(format!("Payment {} can't be {done}: {reason}{hint}.", payment.number))
}

/// Nothing else takes it back at the moment.
pub(crate) async fn check_untouched(unit: &mut Unit, payment: &Payment) -> Result<()> {
    match store::payments::reversal_of(&mut unit.tx, unit.org.id, payment.id).await? {
        Some(_) => Err(Error::refused(format!("Payment {} is being refunded already.", payment.number))),
        None => Ok(()),
    }
}

/// What takes the payment back: as much, negative, and pending.
pub(crate) async fn build(unit: &mut Unit, payment: &Payment) -> Result<Payment> {
    let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Payment).await?;
    Ok(Payment {
        id: unit.id(PaymentId).await?,
        number: number.to_string(),
        status: PaymentStatus::Pending,
        payment_type: PaymentType::Payment,
        amount: -payment.amount,
        balance: Amount::ZERO,
        effective_on: unit.today,
        is_system_payment: false,
        processor: None,
        is_processed_by_billing_run: false,
        collection: None,
        reverses: Some(payment.id),
        grants_credit: false,
        notes: None,
        created_at: unit.now,
        updated_at: unit.now,
        ..payment.clone()
    })
}

/// Opens the payment's invoices again, takes its rest, and says what became of it. The caller books it.
pub(crate) async fn take_back(
    unit: &mut Unit,
    customer: &Customer,
    payment: &Payment,
    status: PaymentStatus,
) -> Result<()> {
    for part in store::allocations::applied_by(&mut unit.tx, unit.org.id, payment.id).await? {
        let invoice = store::invoices::find(&mut unit.tx, unit.org.id, part.invoice).await?;
        let invoice = invoice.ok_or_else(|| Error::bug("a payment of an invoice that is not there"))?;
        let invoice = invoice.reopen(part.amount).map_err(|error| Error::bug(error.to_string()))?;
        store::invoices::save(&mut unit.tx, unit.org.id, &invoice, unit.now).await?;
    }
    store::allocations::reverse(&mut unit.tx, unit.org.id, payment.id).await?;
    let taken = Payment { status, balance: Amount::ZERO, updated_at: unit.now, ..payment.clone() };
    if store::payments::save_paid(&mut unit.tx, unit.org.id, &taken).await? != 1 {
        return Err(Error::bug("a locked payment was taken back by another"));
    }
    let financials = customer.financials.unpaid(payment.amount);
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &financials).await?;
    Ok(())
}
