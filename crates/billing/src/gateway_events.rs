//! What a processor tells us of unasked. An event is never believed: it only has the processor be asked at once what
//! became of the payment, as the janitor would ask later. What does not fit a payment of ours is kept for a person.

use domain::access::Actor;
use domain::ids::{OrganizationId, PaymentId};
use domain::money::{Amount, Currency};
use domain::payments::{Payment, PaymentStatus, Processor};
use rust_decimal::Decimal;
use store::Page;
use store::gateway_events::{Event, Quarantined};

use crate::jobs::CHECK_PAYMENT;
use crate::{Billing, Result, Unit, View};

const TEXT_MAX: usize = 100;

/// An event whose signature is right.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub processor: Processor,
    /// The processor's id of it.
    pub id: String,
    pub event_type: String,
    pub about: About,
}

#[derive(Clone, Debug)]
pub enum About {
    /// How a sale ended.
    Sale(Sale),
    /// Money that we did not ask to be moved.
    Unasked,
    /// Nothing that a payment depends on.
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Sale {
    /// Ours; `None`: it was not made by us.
    pub key: Option<String>,
    pub amount: Given,
    /// As it was written; `None` where the processor has only one.
    pub currency: Option<String>,
    pub is_approved: bool,
}

/// An amount, as the processor writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Minor(i64),
    Major(Decimal),
    /// None that can be read.
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The payment is asked for now.
    Applied,
    Quarantined,
    /// It came before, or nothing depends on it.
    Nothing,
}

/// Takes an event, once.
pub async fn take(billing: &Billing, org: OrganizationId, event: &Incoming) -> Result<Taken> {
    billing.unit(org, &Actor::System, async |unit| record(unit, event).await).await
}

/// What waits for a person, the last first, and how much of it there is.
pub async fn quarantined(view: &mut View, page: Page) -> Result<(Vec<Quarantined>, i64)> {
    Ok(store::gateway_events::quarantined(&mut view.conn, view.org.id, page).await?)
}

/// The payment that a key stands for, whether there is one or not.
pub fn named_by(key: &str) -> Option<PaymentId> {
    key.strip_prefix("payment-").and_then(|id| id.parse().ok()).map(PaymentId)
}

async fn record(unit: &mut Unit, event: &Incoming) -> Result<Taken> {
    let mut row = Event {
        processor: event.processor,
        event_id: short(&event.id),
        event_type: short(&event.event_type),
        payment_id: None,
        key: None,
        amount: None,
        currency: None,
        quarantined_because: None,
    };
    let mut found = None;
    match &event.about {
        About::Sale(sale) => {
            row.key = sale.key.as_deref().map(short);
            row.currency = sale.currency.as_ref().and_then(|code| code.to_ascii_uppercase().parse().ok());
            match payment(unit, event.processor, sale).await? {
                Ok(payment) => {
                    (row.payment_id, row.amount) = (Some(payment.id), Some(payment.amount));
                    found = Some(payment);
                }
                Err(why) => row.quarantined_because = Some(why.to_owned()),
            }
        }
        About::Unasked => row.quarantined_because = Some("Money was moved that nobody here asked for.".to_owned()),
        About::Nothing => {}
    }
    if store::gateway_events::insert(&mut unit.tx, unit.org.id, &row, unit.wall).await? == 0 {
        return Ok(Taken::Nothing);
    }
    if let Some(because) = &row.quarantined_because {
        tracing::error!(
            org = unit.org.id.0, processor = %row.processor, event = row.event_id, because,
            "an event of a processor was not applied; a person must look"
        );
        return Ok(Taken::Quarantined);
    }
    let Some(payment) = found else { return Ok(Taken::Nothing) };
    store::jobs::hasten(&mut unit.tx, unit.org.id, CHECK_PAYMENT, payment.id.0, unit.wall).await?;
    Ok(Taken::Applied)
}

fn short(text: &str) -> String {
    text.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c }).take(TEXT_MAX).collect()
}

/// The payment that an event is about, or why it is about none.
async fn payment(unit: &mut Unit, processor: Processor, sale: &Sale) -> Result<Result<Payment, &'static str>> {
    let Some(key) = &sale.key else { return Ok(Err("It names no payment of ours.")) };
    let found = match named_by(key) {
        Some(id) => store::payments::find(&mut unit.tx, unit.org.id, id).await?,
        None => None,
    };
    let payment = found.filter(|payment| payment.processor == Some(processor) && payment.reverses.is_none());
    Ok(payment.ok_or("There is no such payment.").and_then(|payment| fits(payment, sale)))
}

fn fits(payment: Payment, sale: &Sale) -> Result<Payment, &'static str> {
    let is_other = |code: &String| !code.eq_ignore_ascii_case(payment.currency.code());
    if sale.currency.as_ref().is_some_and(is_other) {
        return Err("Its currency is not the payment's.");
    }
    if sale.amount.in_currency(payment.currency) != Some(payment.amount) {
        return Err("Its amount is not the payment's.");
    }
    match payment.status {
        // What was given back may have been taken back by a cancellation.
        PaymentStatus::Pending | PaymentStatus::Refunded | PaymentStatus::Cancelled => Ok(payment),
        PaymentStatus::Paid if sale.is_approved => Ok(payment),
        PaymentStatus::Declined | PaymentStatus::Error if !sale.is_approved => Ok(payment),
        PaymentStatus::Declined | PaymentStatus::Error => Err("The payment failed, and now the processor charged it."),
        PaymentStatus::Paid => Err("The payment is paid, and now the processor says that it failed."),
    }
}

impl Given {
    fn in_currency(self, currency: Currency) -> Option<Amount> {
        match self {
            Given::Minor(amount) => Some(Amount(amount)),
            Given::Major(amount) => currency.amount(amount).ok(),
            Given::Unreadable => None,
        }
    }
}
