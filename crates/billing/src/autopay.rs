//! Charging what a customer has on file, in the order of preference (`api.md` §2.6): the next method only when one is
//! declined. Each attempt is a payment of its own.
//!
//! The work of a day makes each attempt once, however often it is begun: what was tried already is looked at, and the
//! sequence goes on after it. It stops at a payment whose outcome is not known, which may have been charged.

use std::sync::Arc;

use domain::access::Actor;
use domain::dates::Date;
use domain::ids::CustomerId;
use domain::money::{Amount, Currency};
use domain::organizations::Organization;
use domain::payments::{Collection, FullPayment, Installment, PaymentStatus};
use rust_decimal::Decimal;

use crate::invoices::InvoiceKey;
use crate::payment_methods::{Chargeable, chargeable};
use crate::payments::{self, Attempt, Initiative, Method, PayRequest};
use crate::{Billing, Error, Result, View, customers};

/// What is to be charged.
#[derive(Clone, Debug)]
pub struct Request {
    pub customer: CustomerId,
    /// `None`: all that is payable of the invoices. It may be more than is owed; the rest is the customer's credit.
    pub amount: Option<Amount>,
    /// `None` named: all that are open, oldest due date first.
    pub invoices: Vec<InvoiceKey>,
    /// Of the daily run, which makes each attempt of a day once.
    pub run: Option<RunOf>,
}

/// The same as a merchant's program asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `None`: the customer of the invoices.
    pub customer: Option<CustomerId>,
    /// In major units.
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    pub invoices: Vec<InvoiceKey>,
}

/// Which day's work it is, and for which instalment of a payment plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOf {
    pub run_on: Date,
    pub installment: Option<Installment>,
}

/// What is asked for, checked against whom it is to be charged to.
pub async fn wanted(view: &mut View, wanted: Wanted) -> Result<Request> {
    let customer = match (wanted.customer, wanted.invoices.first()) {
        (Some(customer), _) => customer,
        (None, Some(first)) => payments::payer_of(view, first).await?,
        (None, None) => return Err(payments::nobody()),
    };
    let customer = customers::get(view, customer).await?;
    payments::check_currency(wanted.currency, &customer)?;
    let amount = wanted.amount.map(|amount| customer.currency.amount(amount)).transpose();
    let amount = amount.map_err(|error| Error::invalid("amount", format!("amount {error}.")))?;
    Ok(Request { customer: customer.id, amount, invoices: wanted.invoices, run: None })
}

/// Charges. The attempts, in their order; the last one decides. None: nothing is owed.
///
/// The customer's unused credit goes to its open invoices first.
pub async fn charge(
    billing: &Billing,
    org: &Arc<Organization>,
    actor: &Actor,
    request: Request,
) -> Result<Vec<FullPayment>> {
    attempts(billing, org, actor, request, Bill::Later).await
}

/// The same after the customer's orders were billed: what results is paid with the invoices that are named.
pub async fn bill_and_charge(
    billing: &Billing,
    org: &Arc<Organization>,
    actor: &Actor,
    request: Request,
) -> Result<Vec<FullPayment>> {
    attempts(billing, org, actor, request, Bill::First).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bill {
    First,
    Later,
}

async fn attempts(
    billing: &Billing,
    org: &Arc<Organization>,
    actor: &Actor,
    mut request: Request,
    bill: Bill,
) -> Result<Vec<FullPayment>> {
    let mut view = billing.view(org).await?;
    let customer = customers::get(&mut view, request.customer).await?;
    let mut attempts = Vec::new();
    if let Some(run) = request.run {
        for made in store::payments::collected(&mut view.conn, org.id, customer.id, run.run_on).await? {
            attempts.push(payments::get(&mut view, made.id).await?);
        }
    }
    let mut methods = chargeable(billing, &mut view, customer.id).await?;
    if request.run.is_some() {
        methods.retain(|method| !method.is_refused);
    }
    drop(view);
    if attempts.is_empty() && methods.is_empty() {
        return Err(Error::refused("The customer has no method on file that can be charged; cash and checks can't."));
    }
    let gateway = payments::processor(billing, org.id).await?;
    let amount = request.amount.map(|amount| customer.currency.decimal(amount));
    for method in untried(methods, &attempts) {
        if !attempts.last().is_none_or(is_declined) {
            break;
        }
        let initiative = initiative(request.run, method.method.preference);
        let pay = PayRequest {
            customer: Some(customer.id),
            amount,
            currency: None,
            invoices: request.invoices.clone(),
            method: on_file(method),
            keep: None,
            generate_invoice: bill == Bill::First && attempts.is_empty(),
            once: None,
        };
        let attempt = Attempt { request: &pay, token: None, gateway: Some(&gateway), initiative };
        let Some(payment) = payments::carry_out(billing, org.id, actor, attempt).await? else { break };
        if pay.generate_invoice {
            request.invoices = invoices_of(billing, org, &payment).await?;
        }
        attempts.push(payment);
    }
    Ok(attempts)
}

/// What the first attempt was for, the invoices that were made for it included.
async fn invoices_of(billing: &Billing, org: &Arc<Organization>, payment: &FullPayment) -> Result<Vec<InvoiceKey>> {
    let mut view = billing.view(org).await?;
    let invoices = store::allocations::invoices_of(&mut view.conn, org.id, payment.head.id).await?;
    Ok(invoices.into_iter().map(|id| InvoiceKey { id: Some(id), number: None }).collect())
}

/// Only a decline lets the next method be tried: after an error nobody knows what the processor does next.
fn is_declined(attempt: &FullPayment) -> bool {
    attempt.head.status == PaymentStatus::Declined
}

fn untried(methods: Vec<Chargeable>, attempts: &[FullPayment]) -> Vec<Chargeable> {
    let tried: Vec<i64> = attempts.iter().filter_map(|made| Some(made.head.collection?.preference)).collect();
    methods.into_iter().filter(|method| !tried.contains(&method.method.preference)).collect()
}

fn initiative(run: Option<RunOf>, preference: i64) -> Initiative {
    match run {
        Some(RunOf { run_on, installment }) => Initiative::Run(Collection { run_on, preference, installment }),
        None => Initiative::Autopay,
    }
}

fn on_file(Chargeable { method, token, .. }: Chargeable) -> Method {
    Method::Token { method_type: method.method_type, token, context: method.context(), expiry: method.shown.expiry }
}
