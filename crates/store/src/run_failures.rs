//! Customers that a step of the daily run could not serve, and why.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, OrganizationId};
use domain::runs::{Failure, RunStep};

use crate::Page;

#[derive(sqlx::FromRow)]
struct Row {
    customer_id: CustomerId,
    step: RunStep,
    run_on: Date,
    reason: String,
}

impl From<Row> for Failure {
    fn from(row: Row) -> Failure {
        Failure { customer: row.customer_id, step: row.step, run_on: row.run_on, reason: row.reason }
    }
}

/// Takes the place of the last one of the customer in this step.
pub async fn save(tx: &mut Tx, org: OrganizationId, failure: &Failure, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO run_failures (org_id, customer_id, step, run_on, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (org_id, customer_id, step) DO UPDATE SET run_on = excluded.run_on, reason = excluded.reason,
            created_at = excluded.created_at",
        org,
        failure.customer,
        failure.step,
        failure.run_on,
        &failure.reason,
        now
    )
    .execute()
    .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, customer: CustomerId, step: RunStep) -> Result<u64> {
    q!(tx, "DELETE FROM run_failures WHERE org_id = $1 AND customer_id = $2 AND step = $3", org, customer, step)
        .execute()
        .await
}

/// Whom a step could not serve, by id.
pub async fn customers(conn: &mut Conn, org: OrganizationId, step: RunStep) -> Result<Vec<CustomerId>> {
    let rows: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT customer_id FROM run_failures WHERE org_id = $1 AND step = $2 ORDER BY customer_id",
        org,
        step
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(customer,)| customer).collect())
}

/// By customer, and how many there are.
pub async fn list(conn: &mut Conn, org: OrganizationId, page: Page) -> Result<(Vec<Failure>, i64)> {
    let total = q!(conn, "SELECT COUNT(*) FROM run_failures WHERE org_id = $1", org).scalar().await?;
    let rows: Vec<Row> = q!(
        conn,
        "SELECT customer_id, step, run_on, reason FROM run_failures WHERE org_id = $1 ORDER BY customer_id, step
         LIMIT CAST($2 AS BIGINT) OFFSET CAST($3 AS BIGINT)",
        org,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((rows.into_iter().map(Failure::from).collect(), total))
}
