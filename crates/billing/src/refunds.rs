//! Refunds (`api.md` §6.4): reserve (commit), give back outside, settle (commit). The processor is asked to void first,
//! so that nothing shows on a statement, and where that is too late to refund. Each is asked once, by a key of its own.

use domain::access::Actor;
use domain::customers::Customer;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, OrganizationId, PaymentId};
use domain::ledger;
use domain::money::Currency;
use domain::payments::{
    Answer, FullPayment, Known, Outcome, Payment, PaymentStatus, PaymentType, RequestKind, Verdict,
};
use rust_decimal::Decimal;

use crate::bills::payer;
use crate::credits::{self, Grant};
use crate::payments::{self, Heard, posting};
use crate::ports::{Charge, GiveBack};
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
pub(crate) struct Reserved {
    refund: Payment,
    /// The processor's id of the sale.
    transaction_id: String,
}

impl Reserved {
    pub fn payment(&self) -> PaymentId {
        self.refund.id
    }
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
    let Some(heard) = ask(billing, org, &reserved).await? else {
        tracing::warn!(payment = id.0, "the outcome of a refund is unknown; a job asks again");
        return billing.unit(org, actor, async |unit| payments::load(unit, id).await).await;
    };
    billing.unit(org, actor, async |unit| payments::settle(unit, &reserved.refund, &heard).await).await
}

async fn reserve(unit: &mut Unit, request: &RefundRequest) -> Result<Reserved> {
    let (customer, payment) = payments::lock(unit, request.payment).await?;
    check(unit, request, &payment)?;
    payments::check_untouched(unit, &payment).await?;
    let transaction_id = transaction(unit, payment.id).await?;
    let refund = Payment {
        payment_type: PaymentType::Refund,
        is_system_payment: true,
        processor: payment.processor,
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

/// The same for every attempt at the same refund, in whatever process.
fn back(billing: &Billing, org: OrganizationId, reserved: &Reserved, kind: RequestKind) -> GiveBack {
    let refund = &reserved.refund;
    let request = Charge {
        org,
        kind,
        key: format!("refund-{}-{kind}", refund.id),
        amount: -refund.amount,
        currency: refund.currency,
        asked_at: refund.created_at,
        now: billing.clock.now(),
        today: refund.effective_on,
    };
    GiveBack { request, transaction_id: reserved.transaction_id.clone() }
}

/// Asks to give back. `None`: nobody knows whether it was.
async fn ask(billing: &Billing, org: OrganizationId, reserved: &Reserved) -> Result<Option<Vec<Heard>>> {
    let gateway = payments::processor_of(billing, org, &reserved.refund).await?;
    let void = gateway.void(&back(billing, org, reserved, RequestKind::Void)).await;
    let Outcome::Answered(answer) = void else { return Ok(None) };
    let mut heard = vec![Heard { request: RequestKind::Void, answer }];
    if !is_given_back(&heard) {
        let refund = gateway.refund(&back(billing, org, reserved, RequestKind::Refund)).await;
        let Outcome::Answered(answer) = refund else { return Ok(None) };
        heard.push(Heard { request: RequestKind::Refund, answer });
    }
    Ok(Some(heard))
}

fn is_given_back(heard: &[Heard]) -> bool {
    heard.last().is_some_and(|heard| heard.answer.verdict == Verdict::Approved)
}

/// What became of a refund whose outcome is unknown. `None`: still unknown. What was never asked is not asked now: the
/// merchant may try again.
pub(crate) async fn find_out(billing: &Billing, org: OrganizationId, refund: &Payment) -> Result<Option<Vec<Heard>>> {
    let original = refund.reverses.ok_or_else(|| Error::bug("a refund of nothing"))?;
    let transaction = async |unit: &mut Unit| transaction(unit, original).await;
    let transaction_id = billing.unit(org, &Actor::System, transaction).await?;
    let reserved = Reserved { refund: refund.clone(), transaction_id };
    let gateway = payments::processor_of(billing, org, refund).await?;
    let mut heard = Vec::new();
    for request in [RequestKind::Void, RequestKind::Refund] {
        match gateway.look_up_back(&back(billing, org, &reserved, request)).await {
            Known::Answered(answer) => heard.push(Heard { request, answer }),
            Known::Never if request == RequestKind::Void => {}
            Known::Never => heard.push(Heard { request, answer: Answer::never_received() }),
            Known::Unknown => return Ok(None),
        }
        if is_given_back(&heard) {
            break;
        }
    }
    Ok(Some(heard))
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
