//! Refunds (`api.md` §6.4): reserve (commit), give back outside, settle (commit). The processor is asked to void first,
//! so that nothing shows on a statement, and where that is too late to refund. Each is asked once, by a key of its own.
#![allow(dead_code, unused, clippy::all, clippy::pedantic)]

use domain::access::Actor;
use domain::customers::Customer;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, OrganizationId, PaymentId};
use domain::ledger;
use domain::money::Currency;
use domain::payments::{FullPayment, Known, Outcome, Payment, PaymentStatus, PaymentType, RequestKind, Verdict};
use rust_decimal::Decimal;

use crate::bills::payer;
use crate::credits::{self, Grant};
use crate::payments::{self, Heard, posting};
use crate::{Billing, Error, Result, Unit, customers};

/// Which payment is to be given back.
#[derive(Clone, Debug)]
pub struct RefundRequest {
    pub payment: PaymentId,
    /// Whose it must be, where that is said.
    pub customer: Option<CustomerId>,
    /// In major units: exactly what was paid, where it is said.
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    /// The customer gets as much in credit, so that its invoices stay paid.
    pub applies_house_credit: bool,
    /// `None`: today.
    pub effective_on: Option<Date>,
}

/// What was written down to be given back.
struct Reserved {
    refund: Payment,
    /// The processor's id of the sale.
    transaction_id: String,
}

/// Gives a payment back: the refund as it stands afterwards. `Pending`: whether it was given back is not known yet, and
/// a job finds out.
pub async fn refund(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    request: &RefundRequest,
) -> Result<FullPayment> {
    let reserved = billing.unit(org, actor, async |unit| reserve(unit, request).await).await?;
    let id = reserved.refund.id;
    match ask(billing, org, &reserved).await? {
        Some(heard) => billing.unit(org, actor, async |unit| payments::settle(unit, id, &heard).await).await,
        None => {
            tracing::warn!(payment = id.0, "the outcome of a refund is unknown; a job asks again");
            billing.unit(org, actor, async |unit| payments::load(unit, id).await).await
        }
    }
}

async fn reserve(unit: &mut Unit, request: &RefundRequest) -> Result<Reserved> {
    let (customer, payment) = payments::lock(unit, request.payment).await?;
    check(unit, request, &payment)?;
    payments::check_untouched(unit, &payment).await?;
    let transaction_id = transaction(unit, payment.id).await?;
    let refund = Payment {
        payment_type: PaymentType::Refund,
        is_system_payment: true,
        effective_on: request.effective_on.unwrap_or(unit.today),
        grants_credit: request.applies_house_credit,
        ..payments::reversal(unit, &payment).await?
    };
    assert_eq!(customer.id, refund.customer, "a refund goes to whoever paid");
    store::payments::insert(&mut unit.tx, unit.org.id, &refund).await?;
    payments::watch(unit, refund.id).await?;
    Ok(Reserved { refund, transaction_id })
}

fn check(unit: &Unit, request: &RefundRequest, payment: &Payment) -> Result<()> {
    if request.customer.is_some_and(|customer| customer != payment.customer) {
        return Err(Error::invalid("payment", "payment names a payment that the customer does not have."));
    }
    if let Some(currency) = request.currency.filter(|currency| *currency != payment.currency) {
        let message = format!("currency {currency} is not the payment's, which is {}.", payment.currency);
        return Err(Error::invalid("currency", message));
    }
    let amount = request.amount.map(|amount| payment.currency.amount(amount)).transpose();
    let amount = amount.map_err(|error| Error::invalid("amount", format!("amount {error}.")))?;
    payment.check_refundable(amount).map_err(|reason| payments::not_reversed(payment, "refunded", reason))?;
    match request.effective_on {
        Some(day) if day < payment.effective_on || day > unit.today => {
            let (first, last) = (payment.effective_on, unit.today);
            let message = format!("effectiveDate must be from the day of the payment, {first}, to today, {last}.");
            Err(Error::invalid("effectiveDate", message))
        }
        _ => Ok(()),
    }
}

/// What the processor calls the sale.
async fn transaction(unit: &mut Unit, payment: PaymentId) -> Result<String> {
    let results = store::processor_results::list(&mut unit.tx, unit.org.id, payment).await?;
    let sale = results.into_iter().find(|result| result.request == RequestKind::Sale);
    Ok(sale.ok_or_else(|| Error::bug("a paid payment without the processor's answer"))?.answer.transaction_id)
}

async fn ask(_: &Billing, _: OrganizationId, _: &Reserved) -> Result<Option<Vec<Heard>>> {
    Ok(None)
}
fn is_given_back(heard: &[Heard]) -> bool {
    heard.last().is_some_and(|heard| heard.answer.verdict == Verdict::Approved)
}

/// What became of a refund whose outcome is unknown. `None`: still unknown. What was never asked is not asked now: the
/// merchant may try again.
pub(crate) async fn find_out(billing: &Billing, org: OrganizationId, refund: &Payment) -> Result<Option<Vec<Heard>>> {
    let _ = (billing, org, refund);
    Ok(None)
}

/// Ends a refund: what was given back is owed again, unless the customer gets it in credit. One that was declined
/// changes nothing else.
pub(crate) async fn end(unit: &mut Unit, customer: &Customer, refund: Payment) -> Result<()> {
    payments::save_end(unit, &refund).await?;
    if refund.status != PaymentStatus::Paid {
        unit.happened(EventType::PaymentFailed, refund.customer, refund.id.0).await?;
        return Ok(());
    }
    let original = refund.reverses.ok_or_else(|| Error::bug("a refund of nothing"))?;
    let original = payments::find(unit, original).await?;
    payments::take_back(unit, customer, &original, PaymentStatus::Refunded).await?;
    unit.post(posting(unit, &refund), &ledger::refunded(original.amount)).await?;
    unit.happened(EventType::PaymentRefunded, customer.id, refund.id.0).await?;
    if refund.grants_credit {
        let customer = customers::lock(unit, customer.id).await?;
        let (amount, notes) = (original.amount, Some(format!("Refund of payment {}", original.number)));
        let grant = Grant { amount, entries: &ledger::credited(amount), notes, is_by_run: false };
        credits::grant(unit, &mut payer(&customer), grant).await?;
    }
    Ok(())
}
