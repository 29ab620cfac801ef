//! Numbers that people see: one after another, without gaps, per organization.

use dbx::{Result, Tx, q};
use domain::ids::OrganizationId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    Invoice,
    Order,
    Payment,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Invoice => "invoice",
            Counter::Order => "order",
            Counter::Payment => "payment",
        }
    }
}

/// The next number. Rolled back with its transaction, so that none is left out.
pub async fn next(tx: &mut Tx, org: OrganizationId, counter: Counter) -> Result<i64> {
    take(tx, org, counter, 1).await
}

/// The first of the next `count` numbers.
pub async fn take(tx: &mut Tx, org: OrganizationId, counter: Counter, count: i64) -> Result<i64> {
    q!(
        tx,
        "UPDATE counters SET next = next + $3 WHERE org_id = $1 AND kind = $2 RETURNING next - $3",
        org,
        counter.name(),
        count
    )
    .scalar()
    .await
}

/// Sets where a counter starts; one that exists already stays.
pub async fn start(tx: &mut Tx, org: OrganizationId, counter: Counter, first: i64) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO counters (org_id, kind, next) VALUES ($1, $2, $3) ON CONFLICT (org_id, kind) DO NOTHING",
        org,
        counter.name(),
        first
    )
    .execute()
    .await
}
