//! Customers whose methods on file were declined, and when they are tried again.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Date;
use domain::declines::Decline;
use domain::ids::{CustomerId, OrganizationId};

#[derive(sqlx::FromRow)]
struct Row {
    customer_id: CustomerId,
    first_on: Date,
    last_on: Date,
    attempts: i64,
    next_on: Option<Date>,
    reason: String,
}

impl From<Row> for Decline {
    fn from(row: Row) -> Decline {
        Decline {
            customer: row.customer_id,
            first_on: row.first_on,
            last_on: row.last_on,
            attempts: row.attempts,
            next_on: row.next_on,
            reason: row.reason,
        }
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Option<Decline>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT customer_id, first_on, last_on, attempts, next_on, reason FROM declines
         WHERE org_id = $1 AND customer_id = $2",
        org,
        customer
    )
    .fetch_optional()
    .await?;
    Ok(row.map(Decline::from))
}

/// In place of what was known before.
pub async fn save(tx: &mut Tx, org: OrganizationId, decline: &Decline) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO declines (org_id, customer_id, first_on, last_on, attempts, next_on, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org_id, customer_id) DO UPDATE SET first_on = excluded.first_on, last_on = excluded.last_on,
            attempts = excluded.attempts, next_on = excluded.next_on, reason = excluded.reason",
        org,
        decline.customer,
        decline.first_on,
        decline.last_on,
        decline.attempts,
        decline.next_on,
        &decline.reason
    )
    .execute()
    .await
}

/// A method was charged, or changed.
pub async fn delete(tx: &mut Tx, org: OrganizationId, customer: CustomerId) -> Result<u64> {
    q!(tx, "DELETE FROM declines WHERE org_id = $1 AND customer_id = $2", org, customer).execute().await
}

/// The next day on which somebody is to be tried again.
pub async fn next_on(conn: &mut Conn, org: OrganizationId) -> Result<Option<Date>> {
    q!(conn, "SELECT MIN(next_on) FROM declines WHERE org_id = $1 AND next_on IS NOT NULL", org).scalar().await
}

/// Days after a decline on which it is tried again.
pub async fn retry_days(conn: &mut Conn, org: OrganizationId) -> Result<Vec<i64>> {
    let text: String = q!(conn, "SELECT retry_days FROM organizations WHERE id = $1", org).scalar().await?;
    let days = text.split_whitespace().map(|day| day.parse().map_err(|_| crate::corrupt("a retry day")));
    days.collect()
}
