//! What happened, recorded in the transaction in which it did.

use dbx::{Result, Tx};
use domain::dates::Timestamp;
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, OrganizationId};

#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub id: EventId,
    pub event_type: EventType,
    pub customer: CustomerId,
    /// The id of the object that the event's type is about.
    pub object: i64,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, event: Event, now: Timestamp) -> Result<u64> {
    record(tx, org, &[event], now).await
}

pub async fn record(tx: &mut Tx, org: OrganizationId, events: &[Event], now: Timestamp) -> Result<u64> {
    tx.insert_all("INSERT INTO events (org_id, id, type, customer_id, object_id, created_at)", events, |event| {
        (org, event.id, event.event_type, event.customer, event.object, now)
    })
    .execute()
    .await
}
