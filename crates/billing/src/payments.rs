//! Payments: reserve (commit), charge outside, settle (commit). Nothing is ever charged again blindly.

mod keep;
mod methods;
mod reserve;
mod reverse;
mod settle;

use std::sync::Arc;

use domain::access::Actor;
use domain::ids::{CustomerId, OrganizationId, PaymentId};
use domain::money::Currency;
use domain::payments::{
    Answer, Collection, FullPayment, Known, Outcome, Payment, PaymentStatus, PaymentType, RequestKind,
};
use domain::wallet::GatewayToken;
use rust_decimal::Decimal;

use crate::invoices::InvoiceKey;
use crate::ports::{Charge, Gateway};
use crate::{Billing, Error, Result, Unit, View, refunds};

pub use methods::Method;
use reserve::reserve;
pub(crate) use reserve::{check_currency, nobody, payer_of, watch};
pub use reverse::cancel;
pub(crate) use reverse::{build as reversal, check_untouched, lock, refused as not_reversed, take_back};
pub(crate) use settle::{Heard, posting, save_end, settle};

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
    /// The place on file, 1 to 3, where the method is kept once it has paid.
    pub keep: Option<i64>,
    /// The customer's orders are billed first, and what results is paid too.
    pub generate_invoice: bool,
    /// Hash of a key: asked again under it, nothing is charged again.
    pub once: Option<String>,
}

/// One attempt to be paid.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub request: &'a PayRequest,
    /// What the processor keeps of the method, where it was asked for that before.
    pub token: Option<&'a GatewayToken>,
    /// Who is asked; nobody where the merchant has the money already.
    pub gateway: Option<&'a Arc<dyn Gateway>>,
    pub initiative: Initiative,
}

/// Who wants the customer to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initiative {
    /// Somebody with a method in hand.
    Payer,
    /// The system, with a method on file: the customer's credit is used first, and without an amount all that is owed
    /// is charged.
    Autopay,
    /// The same in the work of a day, which makes each attempt once. What was paid meanwhile is passed over.
    Run(Collection),
}

/// What became of an attempt before anybody outside was asked.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// It is to be charged now, unless it is settled already.
    New(Payment),
    /// The same work of the same day, or the same confirmation, has made it before.
    Made(PaymentId),
    NothingOwed,
}

impl Reserved {
    pub fn payment(&self) -> Option<PaymentId> {
        match self {
            Reserved::New(payment) => Some(payment.id),
            Reserved::Made(id) => Some(*id),
            Reserved::NothingOwed => None,
        }
    }
}

/// Pays: the payment as it stands afterwards. `Pending`: whether it was charged is not known yet,
/// and a job finds out.
pub async fn pay(billing: &Billing, org: OrganizationId, actor: &Actor, request: PayRequest) -> Result<FullPayment> {
    let gateway = if request.method.is_processed() { Some(processor(billing, org).await?) } else { None };
    let token = match &gateway {
        Some(gateway) => methods::token(&**gateway, &request).await?,
        None => None,
    };
    let (token, gateway) = (token.as_ref(), gateway.as_ref());
    let attempt = Attempt { request: &request, token, gateway, initiative: Initiative::Payer };
    let paid = carry_out(billing, org, actor, attempt).await?;
    paid.ok_or_else(|| Error::bug("a payer's payment was not made"))
}

/// `None`: nothing is owed.
pub(crate) async fn carry_out(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    attempt: Attempt<'_>,
) -> Result<Option<FullPayment>> {
    let reserved = billing.unit(org, actor, async |unit| reserve(billing, unit, attempt).await).await?;
    let payment = match reserved {
        Reserved::New(payment) => payment,
        Reserved::Made(id) => return read(billing, org, actor, id).await.map(Some),
        Reserved::NothingOwed => return Ok(None),
    };
    let (Some(gateway), Some(instrument)) = (attempt.gateway, attempt.request.method.instrument(attempt.token)) else {
        return read(billing, org, actor, payment.id).await.map(Some);
    };
    let ask = async || gateway.charge(&charge_of(billing, org, &payment), &instrument).await;
    let outcome = match &billing.turns {
        Some(turns) => turns.take(ask).await.unwrap_or(Outcome::Unknown),
        None => ask().await,
    };
    match outcome {
        Outcome::Answered(answer) => {
            let settled = async |unit: &mut Unit| settle(unit, &payment, &[Heard::of_sale(answer.clone())]).await;
            billing.unit(org, actor, settled).await.map(Some)
        }
        Outcome::Unknown => {
            tracing::warn!(payment = payment.id.0, "the outcome of a payment is unknown; a job asks again");
            read(billing, org, actor, payment.id).await.map(Some)
        }
    }
}

/// Who charges. Known before anything is written down: a payment that nobody can be asked for is refused.
pub(crate) async fn processor(billing: &Billing, org: OrganizationId) -> Result<Arc<dyn Gateway>> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    billing
        .processor(&organization)
        .await?
        .ok_or_else(|| Error::refused("The organization has no payment processor; cash and checks can be recorded."))
}

/// Who took the payment, or gives it back.
pub(crate) async fn processor_of(
    billing: &Billing,
    org: OrganizationId,
    payment: &Payment,
) -> Result<Arc<dyn Gateway>> {
    let processor = payment.processor.ok_or_else(|| Error::bug("a pending payment that no processor took"))?;
    billing.processor_of(org, processor).await
}

async fn read(billing: &Billing, org: OrganizationId, actor: &Actor, id: PaymentId) -> Result<FullPayment> {
    billing.unit(org, actor, async |unit| load(unit, id).await).await
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

/// Finds out what became of a payment whose outcome is unknown. `false`: still unknown.
pub(crate) async fn check_outcome(billing: &Billing, org: OrganizationId, id: PaymentId) -> Result<bool> {
    let payment = billing.unit(org, &Actor::System, async |unit| find(unit, id).await).await?;
    let heard = match (payment.status, payment.payment_type) {
        (PaymentStatus::Pending, PaymentType::Refund) => refunds::find_out(billing, org, &payment).await?,
        (PaymentStatus::Pending, _) => find_out(billing, org, &payment).await?,
        // Settled meanwhile; settling again only clears the job.
        _ => Some(Vec::new()),
    };
    let Some(heard) = heard else { return Ok(false) };
    billing.unit(org, &Actor::System, async |unit| settle(unit, &payment, &heard).await).await?;
    Ok(true)
}

async fn find_out(billing: &Billing, org: OrganizationId, payment: &Payment) -> Result<Option<Vec<Heard>>> {
    let gateway = processor_of(billing, org, payment).await?;
    Ok(match gateway.look_up(&charge_of(billing, org, payment)).await {
        Known::Answered(answer) => Some(vec![Heard::of_sale(answer)]),
        Known::Never => Some(vec![Heard::of_sale(Answer::never_received())]),
        Known::Unknown => None,
    })
}

pub(crate) async fn find(unit: &mut Unit, id: PaymentId) -> Result<Payment> {
    store::payments::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("payment"))
}

pub(crate) async fn load(unit: &mut Unit, id: PaymentId) -> Result<FullPayment> {
    store::payments::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("payment"))
}

pub async fn get(view: &mut View, id: PaymentId) -> Result<FullPayment> {
    store::payments::full(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("payment"))
}
