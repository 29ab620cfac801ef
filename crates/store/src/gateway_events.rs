//! What processors told us of, each event once.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{OrganizationId, PaymentId};
use domain::money::{Amount, Currency};
use domain::payments::Processor;

use crate::Page;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    pub processor: Processor,
    pub event_id: String,
    pub event_type: String,
    /// The one that it was applied to.
    pub payment_id: Option<PaymentId>,
    pub key: Option<String>,
    pub amount: Option<Amount>,
    pub currency: Option<Currency>,
    /// Why it was not applied, although it is about money.
    pub quarantined_because: Option<String>,
}

/// Zero rows where it came before.
pub async fn insert(tx: &mut Tx, org: OrganizationId, event: &Event, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO gateway_events (org_id, processor, event_id, event_type, payment_id, key, amount, currency,
            quarantined_because, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (org_id, processor, event_id) DO NOTHING",
        org,
        event.processor,
        &event.event_id,
        &event.event_type,
        event.payment_id,
        &event.key,
        event.amount,
        event.currency,
        &event.quarantined_because,
        now
    )
    .execute()
    .await
}

/// One that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Quarantined {
    pub processor: Processor,
    pub event_id: String,
    pub event_type: String,
    /// As the processor sent it: it may name anything.
    pub key: Option<String>,
    pub quarantined_because: String,
    pub received_at: Timestamp,
}

/// What waits for a person, the last first, and how much of it there is.
pub async fn quarantined(conn: &mut Conn, org: OrganizationId, page: Page) -> Result<(Vec<Quarantined>, i64)> {
    let total =
        q!(conn, "SELECT COUNT(*) FROM gateway_events WHERE org_id = $1 AND quarantined_because IS NOT NULL", org)
            .scalar()
            .await?;
    let events = q!(
        conn,
        "SELECT processor, event_id, event_type, key, quarantined_because, received_at
         FROM gateway_events WHERE org_id = $1 AND quarantined_because IS NOT NULL
         ORDER BY received_at DESC, processor, event_id LIMIT CAST($2 AS BIGINT) OFFSET CAST($3 AS BIGINT)",
        org,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((events, total))
}
