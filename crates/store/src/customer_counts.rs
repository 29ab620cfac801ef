//! How many customers there are, kept so that a list of a million need not be counted.
//!
//! What must hold: over all slots, the sum of a status is the number of customers that have it. So whoever makes or
//! deletes customers or changes their status adds that here, in the same transaction, as its last step: nobody else
//! who adds to the slot waits for more than the commit.

use dbx::{Conn, Result, Tx, q};
use domain::customers::CustomerStatus;
use domain::ids::OrganizationId;

/// More of them, and fewer wait for each other; fewer, and less is to be summed.
pub const SLOTS: i64 = 16;

pub async fn add(tx: &mut Tx, org: OrganizationId, status: CustomerStatus, slot: i64, customers: i64) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO customer_counts (org_id, status, slot, customers) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id, status, slot) DO UPDATE SET customers = customer_counts.customers + excluded.customers",
        org,
        status,
        slot,
        customers
    )
    .execute()
    .await
}

/// Of one status, or of all.
pub async fn total(conn: &mut Conn, org: OrganizationId, status: Option<CustomerStatus>) -> Result<i64> {
    q!(
        conn,
        "SELECT CAST(COALESCE(SUM(customers), 0) AS BIGINT) FROM customer_counts
         WHERE org_id = $1 AND (CAST($2 AS TEXT) IS NULL OR status = $2)",
        org,
        status
    )
    .scalar()
    .await
}
