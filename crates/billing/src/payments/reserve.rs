//! The beginning of a payment: what is going to be charged is written down, and held on the invoices, before anybody
//! outside is asked.

use domain::customers::Customer;
use domain::ids::{AllocationId, CustomerId, JobId, PaymentId};
use domain::invoices::{Invoice, InvoiceStatus};
use domain::money::{Amount, Currency, within_bounds};
use domain::payments::{Allocation, Collection, Payment, PaymentStatus, PaymentType, allocate};
use store::jobs::NewJob;

use super::{Attempt, Initiative, PayRequest, Reserved, keep, settle};
use crate::invoices::InvoiceKey;
use crate::jobs::CHECK_PAYMENT;
use crate::{Billing, Error, Result, Unit, View, bills, collections, credits, customers, invoices};

/// A payment that is still pending after this is asked for by the janitor.
const CHECK_AFTER_SECONDS: i64 = 60;

/// Writes down what is going to be charged, and holds it on the invoices, before anybody is asked.
pub(super) async fn reserve(billing: &Billing, unit: &mut Unit, attempt: Attempt<'_>) -> Result<Reserved> {
    let request = attempt.request;
    let mut named = named_invoices(unit, &request.invoices).await?;
    let mut customer = customers::lock(unit, payer(request, &named)?).await?;
    if let Some(id) = made_before(unit, customer.id, attempt).await? {
        return Ok(Reserved::Made(id));
    }
    check_currency(request.currency, &customer)?;
    if request.generate_invoice {
        named.extend(bill(unit, &mut customer).await?);
    }
    if attempt.initiative != Initiative::Payer {
        credits::apply_open(unit, &[customer.id]).await?;
    }
    let invoices = payable_invoices(unit, &customer, &named, attempt.initiative).await?;
    let amount = match attempt.initiative {
        Initiative::Run(Collection { installment: Some(of), .. }) => collections::due(unit, &customer, of).await?,
        Initiative::Payer | Initiative::Autopay | Initiative::Run(_) => amount(attempt, &customer, &invoices)?,
    };
    if amount.is_zero() {
        return Ok(Reserved::NothingOwed);
    }
    let payment = build(unit, &customer, amount, attempt).await?;
    store::payments::insert(&mut unit.tx, unit.org.id, &payment).await?;
    if let Some(key_hash) = &request.once {
        store::checkouts::insert(&mut unit.tx, unit.org.id, key_hash, payment.id).await?;
    }
    hold(unit, &payment, invoices).await?;
    keep::remember(billing, unit, &payment, attempt).await?;
    if payment.is_system_payment {
        watch(unit, payment.id).await?;
    } else {
        settle(unit, &payment, &[]).await?;
    }
    Ok(Reserved::New(payment))
}

/// Bills everything that is due of the customer's orders: what is left to pay of it.
async fn bill(unit: &mut Unit, customer: &mut Customer) -> Result<Vec<Invoice>> {
    let issued = bills::issue_for(unit, customer).await?;
    if issued.is_empty() {
        return Err(Error::refused("There is nothing to invoice: everything up to now is billed, or comes to 0.00."));
    }
    let open = issued.into_iter().map(|invoice| invoice.head).filter(|invoice| invoice.payable().is_positive());
    let open: Vec<Invoice> = open.collect();
    if open.is_empty() {
        return Err(Error::refused("There is nothing to pay: the customer's credit covers what would be invoiced."));
    }
    *customer = customers::lock(unit, customer.id).await?;
    Ok(open)
}

/// A job asks what became of the payment, should nobody else tell.
pub(crate) async fn watch(unit: &mut Unit, payment: PaymentId) -> Result<()> {
    let id = unit.id(JobId).await?;
    let run_at = unit.wall.add_seconds(CHECK_AFTER_SECONDS);
    let job = NewJob { id, kind: CHECK_PAYMENT, object_id: payment.0, run_at };
    store::jobs::insert(&mut unit.tx, unit.org.id, job, unit.wall).await?;
    Ok(())
}

/// The attempt that was made under the same key, or by the work of the same day with the same method. The customer is
/// locked, so nobody makes another meanwhile.
async fn made_before(unit: &mut Unit, customer: CustomerId, attempt: Attempt<'_>) -> Result<Option<PaymentId>> {
    if let Some(key_hash) = &attempt.request.once {
        return Ok(store::checkouts::find(&mut unit.tx, unit.org.id, key_hash).await?);
    }
    let Initiative::Run(Collection { run_on, preference, .. }) = attempt.initiative else { return Ok(None) };
    let made = store::payments::collected(&mut unit.tx, unit.org.id, customer, run_on).await?;
    let is_this = |payment: &Payment| payment.collection.is_some_and(|made| made.preference == preference);
    Ok(made.into_iter().find(is_this).map(|payment| payment.id))
}

/// The invoices that a request names, each once, in its order; not locked yet.
async fn named_invoices(unit: &mut Unit, keys: &[InvoiceKey]) -> Result<Vec<Invoice>> {
    let mut named: Vec<Invoice> = Vec::new();
    for key in keys {
        let id = match (&key.id, &key.number) {
            (Some(id), _) => Some(*id),
            (None, Some(number)) => store::invoices::find_id(&mut unit.tx, unit.org.id, number).await?,
            (None, None) => None,
        };
        let found = match id {
            Some(id) => store::invoices::find(&mut unit.tx, unit.org.id, id).await?,
            None => None,
        };
        let invoice = found.ok_or_else(unknown_invoice)?;
        if !named.iter().any(|other| other.id == invoice.id) {
            named.push(invoice);
        }
    }
    Ok(named)
}

fn unknown_invoice() -> Error {
    Error::invalid("invoices", "invoices names an invoice that the customer does not have.")
}

fn payer(request: &PayRequest, named: &[Invoice]) -> Result<CustomerId> {
    let of_invoice = named.first().map(|invoice| invoice.customer);
    let customer = request.customer.or(of_invoice).ok_or_else(nobody)?;
    match named.iter().find(|invoice| invoice.customer != customer) {
        Some(_) => Err(unknown_invoice()),
        None => Ok(customer),
    }
}

pub(crate) fn nobody() -> Error {
    Error::invalid(
        "customer",
        "The customer is missing: give extCustomerRef or customerId in the query, or name an invoice.",
    )
}

/// Whose invoice it is.
pub(crate) async fn payer_of(view: &mut View, invoice: &InvoiceKey) -> Result<CustomerId> {
    match invoices::get(view, invoice).await {
        Ok(invoice) => Ok(invoice.head.customer),
        Err(Error::NotFound(_)) => Err(unknown_invoice()),
        Err(error) => Err(error),
    }
}

pub(crate) fn check_currency(asked: Option<Currency>, customer: &Customer) -> Result<()> {
    match asked.filter(|currency| *currency != customer.currency) {
        Some(currency) => {
            let message = format!("currency {currency} is not the customer's, which is {}.", customer.currency);
            Err(Error::invalid("currency", message))
        }
        None => Ok(()),
    }
}

/// What the payment may go to, as it stands now that the customer is locked.
async fn payable_invoices(
    unit: &mut Unit,
    customer: &Customer,
    named: &[Invoice],
    initiative: Initiative,
) -> Result<Vec<Invoice>> {
    if named.is_empty() {
        return Ok(store::invoices::open(&mut unit.tx, unit.org.id, customer.id).await?);
    }
    let mut invoices = Vec::new();
    for invoice in named {
        let now = store::invoices::find(&mut unit.tx, unit.org.id, invoice.id).await?.ok_or_else(unknown_invoice)?;
        match now.status {
            InvoiceStatus::Outstanding if now.payable().is_positive() => invoices.push(now),
            _ if matches!(initiative, Initiative::Run(_)) => {}
            InvoiceStatus::Outstanding => {
                return Err(Error::refused(format!("Invoice {} is being paid by another payment.", now.number)));
            }
            InvoiceStatus::Paid => return Err(Error::refused(format!("Invoice {} is already paid.", now.number))),
            status => return Err(Error::refused(format!("Invoice {} is {status}; it can't be paid.", now.number))),
        }
    }
    Ok(invoices)
}

/// Zero where the system is to charge what is owed, and nothing is.
fn amount(attempt: Attempt<'_>, customer: &Customer, invoices: &[Invoice]) -> Result<Amount> {
    let request = attempt.request;
    let Some(asked) = request.amount else {
        let names_none = request.invoices.is_empty() && !request.generate_invoice;
        if names_none && attempt.initiative == Initiative::Payer {
            return Err(Error::invalid("amount", "amount is missing: give it, or name the invoices to pay."));
        }
        return Ok(invoices.iter().map(Invoice::payable).sum());
    };
    let amount = customer.currency.amount(asked);
    let amount = amount.map_err(|error| Error::invalid("amount", format!("amount {error}.")))?;
    let after = customer.financials.outstanding_balance - amount;
    if !amount.is_positive() {
        return Err(Error::invalid("amount", "amount must be more than 0."));
    }
    if !within_bounds(customer.currency.decimal(after)) {
        return Err(Error::invalid("amount", "amount would take the balance out of range."));
    }
    Ok(amount)
}

async fn build(unit: &mut Unit, customer: &Customer, amount: Amount, attempt: Attempt<'_>) -> Result<Payment> {
    let method = &attempt.request.method;
    let collection = match attempt.initiative {
        Initiative::Run(collection) => Some(collection),
        Initiative::Payer | Initiative::Autopay => None,
    };
    let number = unit.payment_number().await?;
    Ok(Payment {
        id: unit.id(PaymentId).await?,
        customer: customer.id,
        number: number.to_string(),
        status: PaymentStatus::Pending,
        payment_type: PaymentType::Payment,
        method_type: method.method_type(),
        method_context: method.context(),
        currency: customer.currency,
        amount,
        balance: amount,
        effective_on: unit.today,
        is_system_payment: method.is_processed(),
        processor: attempt.gateway.map(|gateway| gateway.processor()),
        is_processed_by_billing_run: collection.is_some(),
        collection,
        reverses: None,
        grants_credit: false,
        notes: None,
        created_at: unit.now,
        updated_at: unit.now,
    })
}

/// Holds the parts of the payment on the invoices that they will go to.
async fn hold(unit: &mut Unit, payment: &Payment, invoices: Vec<Invoice>) -> Result<()> {
    let parts = allocate(payment.amount, &invoices);
    let mut held = Vec::new();
    for part in parts {
        let invoice = invoices.iter().find(|invoice| invoice.id == part.invoice).cloned();
        let invoice = invoice.ok_or_else(|| Error::bug("a part of no invoice"))?.reserve(part.amount);
        let invoice = invoice.map_err(|error| Error::refused(error.to_string()))?;
        store::invoices::save(&mut unit.tx, unit.org.id, &invoice, unit.now).await?;
        held.push(Allocation {
            id: unit.id(AllocationId).await?,
            payment: payment.id,
            invoice: part.invoice,
            customer: payment.customer,
            amount: part.amount,
            balance: part.balance,
            created_at: unit.now,
        });
    }
    store::allocations::reserve(&mut unit.tx, unit.org.id, &held).await?;
    Ok(())
}
