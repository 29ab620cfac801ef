//! Payments: reserve (commit), charge outside, settle (commit). Nothing is ever charged again blindly.

use std::sync::Arc;

use domain::access::Actor;
use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{AllocationId, CustomerId, JobId, OrganizationId, PaymentId, ProcessorResultId};
use domain::invoices::{Invoice, InvoiceStatus};
use domain::ledger;
use domain::money::{Amount, Currency, within_bounds};
use domain::payments::{
    Allocation, Answer, FullPayment, Known, MethodType, Outcome, Payment, PaymentStatus, PaymentType, Processor,
    ProcessorResult, RequestKind, allocate,
};
use domain::wallet::{Card, Expiry};
use rust_decimal::Decimal;
use store::jobs::NewJob;
use store::ledger::Posting;
use store::numbers::Counter;
use store::payments::Held;

use crate::invoices::InvoiceKey;
use crate::jobs::CHECK_PAYMENT;
use crate::mails::{self, Subject};
use crate::ports::{Charge, Gateway, Instrument, StandsFor};
use crate::{Billing, Error, Result, Unit, View, customers};

/// A payment that is still pending after this is asked for by the janitor.
const CHECK_AFTER_SECONDS: i64 = 60;

/// What somebody wants to pay, and with what.
#[derive(Clone, Debug)]
pub struct PayRequest {
    /// `None`: the customer of the invoices.
    pub customer: Option<CustomerId>,
    /// In major units; `None`: all that the named invoices still owe.
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    /// `None` named: oldest due date first.
    pub invoices: Vec<InvoiceKey>,
    pub method: Method,
}

#[derive(Clone, Debug)]
pub enum Method {
    Card(Card),
    /// A card that the processor keeps.
    Token {
        token: String,
        context: String,
        expiry: Expiry,
    },
    /// Taken by the merchant: paid at once, no processor.
    Cash,
    Check {
        number: Option<String>,
    },
}

impl Method {
    fn method_type(&self) -> MethodType {
        match self {
            Method::Card(_) | Method::Token { .. } => MethodType::CreditCard,
            Method::Cash => MethodType::Cash,
            Method::Check { .. } => MethodType::Check,
        }
    }

    fn context(&self) -> String {
        match self {
            Method::Card(card) => card.context(),
            Method::Token { context, .. } => context.clone(),
            Method::Cash => "Cash".to_owned(),
            Method::Check { number: Some(number) } => format!("Check: {number}"),
            Method::Check { number: None } => "Check".to_owned(),
        }
    }

    /// Whether a processor is asked; else the merchant has the money already.
    fn is_processed(&self) -> bool {
        matches!(self, Method::Card(_) | Method::Token { .. })
    }

    /// What the processor is to charge; `None` where none is asked.
    fn instrument(self) -> Option<Instrument> {
        match self {
            Method::Card(card) => Some(Instrument::Card(Box::new(card))),
            Method::Token { token, expiry, .. } => {
                Some(Instrument::Token { token, stands_for: StandsFor::Card { expiry: Some(expiry) } })
            }
            Method::Cash | Method::Check { .. } => None,
        }
    }
}

/// Pays: the payment as it stands afterwards. `Pending`: whether it was charged is not known yet,
/// and a job finds out.
pub async fn pay(billing: &Billing, org: OrganizationId, actor: &Actor, request: PayRequest) -> Result<FullPayment> {
    let gateway = if request.method.is_processed() { Some(processor(billing, org).await?) } else { None };
    let by = gateway.as_ref().map(|gateway| gateway.processor());
    let reserved = billing.unit(org, actor, async |unit| reserve(unit, &request, by).await).await?;
    let (Some(gateway), Some(instrument)) = (gateway, request.method.instrument()) else {
        return billing.unit(org, actor, async |unit| load(unit, reserved.id).await).await;
    };
    match gateway.charge(&charge_of(billing, org, &reserved), &instrument).await {
        Outcome::Answered(answer) => {
            billing.unit(org, actor, async |unit| settle(unit, reserved.id, Some(&answer)).await).await
        }
        Outcome::Unknown => {
            tracing::warn!(payment = reserved.id.0, "the outcome of a payment is unknown; a job asks again");
            billing.unit(org, actor, async |unit| load(unit, reserved.id).await).await
        }
    }
}

/// Who charges. Known before anything is written down: a payment that nobody can be asked for is refused.
async fn processor(billing: &Billing, org: OrganizationId) -> Result<Arc<dyn Gateway>> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    billing
        .processor(&organization)
        .await?
        .ok_or_else(|| Error::refused("The organization has no payment processor; cash and checks can be recorded."))
}

/// The same for every attempt at the same payment, in whatever process.
fn charge_of(billing: &Billing, org: OrganizationId, payment: &Payment) -> Charge {
    let now = billing.clock.now();
    Charge {
        org,
        kind: RequestKind::Sale,
        key: format!("payment-{}", payment.id),
        amount: payment.amount,
        currency: payment.currency,
        asked_at: payment.created_at,
        now,
        today: payment.effective_on,
    }
}

/// Writes down what is going to be charged, and holds it on the invoices, before anybody is asked.
async fn reserve(unit: &mut Unit, request: &PayRequest, by: Option<Processor>) -> Result<Payment> {
    let named = named_invoices(unit, &request.invoices).await?;
    let customer = customers::lock(unit, payer(request, &named)?).await?;
    check_currency(request, &customer)?;
    let invoices = payable_invoices(unit, &customer, &named).await?;
    let amount = amount(request, &customer, &invoices, !named.is_empty())?;
    let payment = build(unit, &customer, amount, (&request.method, by)).await?;
    store::payments::insert(&mut unit.tx, unit.org.id, &payment).await?;
    hold(unit, &payment, invoices).await?;
    if payment.is_system_payment {
        let id = unit.id(JobId).await?;
        let run_at = unit.wall.add_seconds(CHECK_AFTER_SECONDS);
        let job = NewJob { id, kind: CHECK_PAYMENT, object_id: payment.id.0, run_at };
        store::jobs::insert(&mut unit.tx, unit.org.id, job, unit.wall).await?;
    } else {
        settle(unit, payment.id, None).await?;
    }
    Ok(payment)
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
    let customer = request.customer.or(of_invoice).ok_or_else(|| {
        Error::invalid(
            "customer",
            "The customer is missing: give extCustomerRef or customerId in the query, or name an invoice.",
        )
    })?;
    match named.iter().find(|invoice| invoice.customer != customer) {
        Some(_) => Err(unknown_invoice()),
        None => Ok(customer),
    }
}

fn check_currency(request: &PayRequest, customer: &Customer) -> Result<()> {
    match request.currency.filter(|currency| *currency != customer.currency) {
        Some(currency) => {
            let message = format!("currency {currency} is not the customer's, which is {}.", customer.currency);
            Err(Error::invalid("currency", message))
        }
        None => Ok(()),
    }
}

/// What the payment may go to, as it stands now that the customer is locked.
async fn payable_invoices(unit: &mut Unit, customer: &Customer, named: &[Invoice]) -> Result<Vec<Invoice>> {
    if named.is_empty() {
        return Ok(store::invoices::open(&mut unit.tx, unit.org.id, customer.id).await?);
    }
    let mut invoices = Vec::new();
    for invoice in named {
        let now = store::invoices::find(&mut unit.tx, unit.org.id, invoice.id).await?.ok_or_else(unknown_invoice)?;
        match now.status {
            InvoiceStatus::Outstanding if now.payable().is_positive() => invoices.push(now),
            InvoiceStatus::Outstanding => {
                return Err(Error::refused(format!("Invoice {} is being paid by another payment.", now.number)));
            }
            InvoiceStatus::Paid => return Err(Error::refused(format!("Invoice {} is already paid.", now.number))),
            status => return Err(Error::refused(format!("Invoice {} is {status}; it can't be paid.", now.number))),
        }
    }
    Ok(invoices)
}

fn amount(request: &PayRequest, customer: &Customer, invoices: &[Invoice], named: bool) -> Result<Amount> {
    let Some(asked) = request.amount else {
        if !named {
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

async fn build(
    unit: &mut Unit,
    customer: &Customer,
    amount: Amount,
    (method, by): (&Method, Option<Processor>),
) -> Result<Payment> {
    let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Payment).await?;
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
        is_system_payment: by.is_some(),
        processor: by,
        is_processed_by_billing_run: false,
        collection: None,
        reverses: None,
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
    store::payments::reserve(&mut unit.tx, unit.org.id, &held).await?;
    Ok(())
}

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

/// Finds out what became of a payment whose outcome is unknown. `false`: still unknown.
pub(crate) async fn check_outcome(billing: &Billing, org: OrganizationId, id: PaymentId) -> Result<bool> {
    let payment = billing.unit(org, &Actor::System, async |unit| find(unit, id).await).await?;
    let answer = if payment.status == PaymentStatus::Pending {
        let processor = payment.processor.ok_or_else(|| Error::bug("a pending payment that no processor took"))?;
        let gateway = billing.processor_of(org, processor).await?;
        match gateway.look_up(&charge_of(billing, org, &payment)).await {
            Known::Answered(answer) => answer,
            Known::Never => Answer::never_received(),
            Known::Unknown => return Ok(false),
        }
    } else {
        // Settled meanwhile; settling again only clears the job.
        Answer::never_received()
    };
    billing.unit(org, &Actor::System, async |unit| settle(unit, id, Some(&answer)).await).await?;
    Ok(true)
}

async fn find(unit: &mut Unit, id: PaymentId) -> Result<Payment> {
    store::payments::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("payment"))
}

async fn load(unit: &mut Unit, id: PaymentId) -> Result<FullPayment> {
    store::payments::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("payment"))
}

pub async fn get(view: &mut View, id: PaymentId) -> Result<FullPayment> {
    store::payments::full(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("payment"))
}
