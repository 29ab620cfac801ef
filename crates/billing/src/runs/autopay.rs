//! What is due is charged to the methods on file (`api.md` §4, Autopay).

use domain::access::Actor;
use domain::ids::CustomerId;
use domain::payments::PaymentStatus;
use domain::runs::Counts;

use super::Work;
use crate::Result;
use crate::autopay::{self, Request, RunOf};
use crate::invoices::InvoiceKey;

pub(super) async fn charge(work: &Work<'_>, customer: CustomerId) -> Result<Counts> {
    let mut conn = work.billing.db.read().await?;
    let invoices = store::collections::due_invoices(&mut conn, work.org.id, customer, work.day).await?;
    let made = store::collections::attempts(&mut conn, work.org.id, customer, work.day).await?.len();
    drop(conn);
    if invoices.is_empty() {
        return Ok(Counts::default());
    }
    let request = Request {
        customer,
        amount: None,
        invoices: invoices.into_iter().map(|id| InvoiceKey { id: Some(id), number: None }).collect(),
        run: Some(RunOf { run_on: work.day, installment: None }),
    };
    let attempts = autopay::charge(work.billing, &work.org, &Actor::System, request).await?;
    // Those of a run that was cut off were counted by it.
    Ok(match attempts[made.min(attempts.len())..].last().map(|attempt| attempt.head.status) {
        Some(PaymentStatus::Paid) => Counts { charged: 1, ..Counts::default() },
        Some(PaymentStatus::Declined) => Counts { declined: 1, ..Counts::default() },
        _ => Counts::default(),
    })
}
