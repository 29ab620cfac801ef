//! House credits: a customer owes less, or more, and no money moves (`api.md` §6.1). And what a customer has in credit,
//! from whatever it paid too much, goes to the invoices that it gets later.

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{AllocationId, CustomerId, PaymentId};
use domain::invoices::Invoice;
use domain::ledger::{self, Entry};
use domain::money::{Amount, Currency, within_bounds};
use domain::payments::{
    Allocation, FullPayment, MethodType, Part, Payment, PaymentStatus, PaymentType, Use, allocate, use_credit,
};
use rust_decimal::Decimal;
use store::financials::Payer;
use store::numbers::Counter;

use crate::bills::payer;
use crate::payments::{check_currency, posting};
use crate::{Error, Result, Unit, customers};

/// What a payment of type Credit says of its method.
const CONTEXT: &str = "Credit";
const CONTEXT_OF_DEBIT: &str = "Debit";

/// What a merchant wants a customer to owe less; more, where the amount is negative.
#[derive(Clone, Debug)]
pub struct CreditRequest {
    pub customer: CustomerId,
    /// In major units.
    pub amount: Decimal,
    pub currency: Option<Currency>,
    pub notes: Option<String>,
}

/// A credit, and what it is for.
pub(crate) struct Grant<'a> {
    pub amount: Amount,
    /// What books it.
    pub entries: &'a [Entry],
    pub notes: Option<String>,
    pub is_by_run: bool,
}

/// Grants a house credit, which is applied to open invoices, oldest first; or books a debit.
pub async fn create(unit: &mut Unit, request: &CreditRequest) -> Result<FullPayment> {
    let customer = customers::lock(unit, request.customer).await?;
    let amount = amount(request, &customer)?;
    let grant = Grant { amount, entries: &ledger::credited(amount), notes: request.notes.clone(), is_by_run: false };
    self::grant(unit, &mut payer(&customer), grant).await
}

fn amount(request: &CreditRequest, customer: &Customer) -> Result<Amount> {
    check_currency(request.currency, customer)?;
    let amount = customer.currency.amount(request.amount);
    let amount = amount.map_err(|error| Error::invalid("amount", format!("amount {error}.")))?;
    if amount.is_zero() {
        return Err(Error::invalid(
            "amount",
            "amount must not be 0: above it lowers what is owed, below it raises it.",
        ));
    }
    Ok(amount)
}

/// Gives the customer, who is locked, a credit. It is applied to open invoices, oldest first; what they do not take
/// stays the customer's. A debit, which is negative, is applied to nothing.
pub(crate) async fn grant(unit: &mut Unit, customer: &mut Payer, grant: Grant<'_>) -> Result<FullPayment> {
    customer.financials = customer.financials.credited(grant.amount);
    if !within_bounds(customer.currency.decimal(customer.financials.outstanding_balance)) {
        return Err(Error::refused("The customer's balance would be out of range."));
    }
    let open = store::invoices::open(&mut unit.tx, unit.org.id, customer.id).await?;
    let parts = allocate(grant.amount, &open);
    let rest = parts.last().map_or(grant.amount, |part| part.balance);
    let credit = build(unit, customer, &grant, rest).await?;
    store::payments::insert(&mut unit.tx, unit.org.id, &credit).await?;
    let allocations = apply(unit, &credit, open, &parts).await?;
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &customer.financials).await?;
    unit.post(posting(unit, &credit), grant.entries).await?;
    unit.happened(EventType::CreditApplied, customer.id, credit.id.0).await?;
    Ok(FullPayment { head: credit, result: None, allocations })
}

async fn build(unit: &mut Unit, customer: &Payer, grant: &Grant<'_>, rest: Amount) -> Result<Payment> {
    let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Payment).await?;
    Ok(Payment {
        id: unit.id(PaymentId).await?,
        customer: customer.id,
        number: number.to_string(),
        status: PaymentStatus::Paid,
        payment_type: PaymentType::Credit,
        method_type: MethodType::Credit,
        method_context: if grant.amount.is_positive() { CONTEXT } else { CONTEXT_OF_DEBIT }.to_owned(),
        currency: customer.currency,
        amount: grant.amount,
        balance: rest,
        effective_on: unit.today,
        is_system_payment: false,
        processor: None,
        is_processed_by_billing_run: grant.is_by_run,
        collection: None,
        reverses: None,
        grants_credit: false,
        notes: grant.notes.clone(),
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
        applied.push(allocation(unit, credit, *part).await?);
    }
    store::allocations::apply(&mut unit.tx, unit.org.id, &applied).await?;
    Ok(applied)
}

async fn allocation(unit: &mut Unit, payment: &Payment, part: Part) -> Result<Allocation> {
    Ok(Allocation {
        id: unit.id(AllocationId).await?,
        payment: payment.id,
        invoice: part.invoice,
        customer: payment.customer,
        amount: part.amount,
        balance: part.balance,
        created_at: unit.now,
    })
}

/// Applies what these customers, who are locked, have in credit to their open invoices: what was paid or granted first
/// is used first. Their balances stay as they are. Tells the invoices that changed.
pub(crate) async fn apply_open(unit: &mut Unit, customers: &[CustomerId]) -> Result<Vec<Invoice>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let unapplied = store::payments::unapplied(&mut unit.tx, unit.org.id, customers).await?;
    let mut changed = Vec::new();
    for payments in unapplied.chunk_by(|a, b| a.customer == b.customer) {
        changed.extend(use_up(unit, payments).await?);
    }
    Ok(changed)
}

/// `payments`: of one customer, with something left each.
async fn use_up(unit: &mut Unit, payments: &[Payment]) -> Result<Vec<Invoice>> {
    let mut invoices = store::invoices::open(&mut unit.tx, unit.org.id, payments[0].customer).await?;
    let uses = use_credit(payments, &invoices);
    let mut applied = Vec::new();
    for payment in payments {
        let of_this: Vec<&Use> = uses.iter().filter(|used| used.payment == payment.id).collect();
        let Some(last) = of_this.last() else { continue };
        let less = Payment { balance: last.part.balance, updated_at: unit.now, ..payment.clone() };
        if store::payments::save_paid(&mut unit.tx, unit.org.id, &less).await? != 1 {
            return Err(Error::bug("a payment of a locked customer was changed by another"));
        }
        for used in of_this {
            applied.push(allocation(unit, payment, used.part).await?);
        }
    }
    store::allocations::apply(&mut unit.tx, unit.org.id, &applied).await?;
    invoices.retain(|invoice| applied.iter().any(|part| part.invoice == invoice.id));
    for invoice in &mut invoices {
        let amount = applied.iter().filter(|part| part.invoice == invoice.id).map(|part| part.amount).sum();
        let paid = invoice.clone().apply(amount).map_err(|error| Error::bug(error.to_string()))?;
        store::invoices::save(&mut unit.tx, unit.org.id, &paid, unit.now).await?;
        *invoice = paid;
    }
    Ok(invoices)
}
