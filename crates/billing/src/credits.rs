//! Credits: a customer owes less, and no money moved (`api.md` §6.1).

use domain::events::EventType;
use domain::ids::{AllocationId, PaymentId};
use domain::invoices::Invoice;
use domain::ledger::Entry;
use domain::money::{Amount, within_bounds};
use domain::payments::{Allocation, FullPayment, MethodType, Part, Payment, PaymentStatus, PaymentType, allocate};
use store::financials::Payer;
use store::ledger::Posting;
use store::numbers::Counter;
use store::payments::Held;

use crate::{Error, Result, Unit};

/// What a payment of type Credit says of its method.
const CONTEXT: &str = "Credit";

/// Gives the customer, who is locked, a credit of `amount`, which is positive; `entries` book it. It is applied to open
/// invoices, oldest first; what they do not take stays the customer's.
pub(crate) async fn grant(
    unit: &mut Unit,
    customer: &mut Payer,
    amount: Amount,
    entries: &[Entry],
) -> Result<FullPayment> {
    assert!(amount.is_positive(), "a credit gives something");
    customer.financials = customer.financials.credited(amount);
    if !within_bounds(customer.currency.decimal(customer.financials.outstanding_balance)) {
        return Err(Error::refused("The customer's balance would be out of range."));
    }
    let open = store::invoices::open(&mut unit.tx, unit.org.id, customer.id).await?;
    let parts = allocate(amount, &open);
    let rest = parts.last().map_or(amount, |part| part.balance);
    let credit = build(unit, customer, amount, rest).await?;
    store::payments::insert(&mut unit.tx, unit.org.id, &credit).await?;
    let allocations = apply(unit, &credit, open, &parts).await?;
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &customer.financials).await?;
    let of = Posting {
        customer: customer.id,
        invoice: None,
        payment: Some(credit.id),
        booked_on: credit.effective_on,
        now: unit.now,
    };
    unit.post(of, entries).await?;
    unit.happened(EventType::CreditApplied, customer.id, credit.id.0).await?;
    Ok(FullPayment { head: credit, result: None, allocations })
}

async fn build(unit: &mut Unit, customer: &Payer, amount: Amount, rest: Amount) -> Result<Payment> {
    let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Payment).await?;
    Ok(Payment {
        id: unit.id(PaymentId).await?,
        customer: customer.id,
        number: number.to_string(),
        status: PaymentStatus::Paid,
        payment_type: PaymentType::Credit,
        method_type: MethodType::Credit,
        method_context: CONTEXT.to_owned(),
        currency: customer.currency,
        amount,
        balance: rest,
        effective_on: unit.today,
        is_system_payment: false,
        processor: None,
        is_processed_by_billing_run: true,
        collection: None,
        reverses: None,
        created_at: unit.now,
        updated_at: unit.now,
    })
}

async fn apply(unit: &mut Unit, credit: &Payment, open: Vec<Invoice>, parts: &[Part]) -> Result<Vec<Allocation>> {
    let mut applied = Vec::new();
    for part in parts {
        let invoice = open.iter().find(|invoice| invoice.id == part.invoice).cloned();
        let invoice = invoice.ok_or_else(|| Error::bug("a part of no invoice"))?.apply(part.amount);
        let invoice = invoice.map_err(|error| Error::bug(error.to_string()))?;
        store::invoices::save(&mut unit.tx, unit.org.id, &invoice, unit.now).await?;
        applied.push(Allocation {
            id: unit.id(AllocationId).await?,
            payment: credit.id,
            invoice: part.invoice,
            customer: credit.customer,
            amount: part.amount,
            balance: part.balance,
            created_at: unit.now,
        });
    }
    store::payments::reserve(&mut unit.tx, unit.org.id, &applied).await?;
    store::payments::resolve(&mut unit.tx, unit.org.id, credit.id, Held::Applied).await?;
    Ok(applied)
}
