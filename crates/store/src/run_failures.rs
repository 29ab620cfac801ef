//! Customers that the daily run could not bill, and why.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, OrganizationId};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Failure {
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    /// The day of the last attempt.
    pub run_on: Date,
    pub reason: String,
}

/// Takes the place of the customer's last one.
pub async fn save(tx: &mut Tx, org: OrganizationId, failure: &Failure, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO run_failures (org_id, customer_id, run_on, reason, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, customer_id) DO UPDATE SET run_on = excluded.run_on, reason = excluded.reason,
            created_at = excluded.created_at",
        org,
        failure.customer,
        failure.run_on,
        &failure.reason,
        now
    )
    .execute()
    .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, customer: CustomerId) -> Result<u64> {
    q!(tx, "DELETE FROM run_failures WHERE org_id = $1 AND customer_id = $2", org, customer).execute().await
}

pub async fn list(conn: &mut Conn, org: OrganizationId) -> Result<Vec<Failure>> {
    q!(conn, "SELECT customer_id, run_on, reason FROM run_failures WHERE org_id = $1 ORDER BY customer_id", org)
        .fetch_all()
        .await
}
