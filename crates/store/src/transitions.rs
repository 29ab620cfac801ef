//! Changes of customers' statuses: each a row, written with the change.

use dbx::{Conn, Result, Tx, q};
use domain::customers::{Customer, CustomerStatus};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, OrganizationId, TransitionId};
use domain::transitions::{Days, Transition};

use crate::Page;

#[derive(sqlx::FromRow)]
struct Row {
    id: TransitionId,
    customer_id: CustomerId,
    previous_status: CustomerStatus,
    new_status: CustomerStatus,
    transitioned_on: Date,
    created_at: Timestamp,
}

impl From<Row> for Transition {
    fn from(row: Row) -> Transition {
        Transition {
            id: row.id,
            customer: row.customer_id,
            previous_status: row.previous_status,
            new_status: row.new_status,
            transitioned_on: row.transitioned_on,
            created_at: row.created_at,
        }
    }
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Transition) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO customer_transitions (org_id, id, customer_id, previous_status, new_status, transitioned_on,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        org,
        new.id,
        new.customer,
        new.previous_status,
        new.new_status,
        new.transitioned_on,
        new.created_at
    )
    .execute()
    .await
}

/// The status of the customer as it is given, and when it came to have it.
pub async fn save_status(tx: &mut Tx, org: OrganizationId, customer: &Customer) -> Result<u64> {
    q!(
        tx,
        "UPDATE customers SET status = $3, updated_at = $4 WHERE org_id = $1 AND id = $2",
        org,
        customer.id,
        customer.status,
        customer.updated_at
    )
    .execute()
    .await
}

pub async fn find(conn: &mut Conn, org: OrganizationId, id: TransitionId) -> Result<Option<Transition>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT id, customer_id, previous_status, new_status, transitioned_on, created_at
         FROM customer_transitions WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .fetch_optional()
    .await?;
    Ok(row.map(Transition::from))
}

/// Those of the days, by day and id, and how many there are.
pub async fn list(conn: &mut Conn, org: OrganizationId, days: Days, page: Page) -> Result<(Vec<Transition>, i64)> {
    let total = q!(
        conn,
        "SELECT COUNT(*) FROM customer_transitions WHERE org_id = $1 AND transitioned_on BETWEEN $2 AND $3",
        org,
        days.first,
        days.last
    )
    .scalar()
    .await?;
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, previous_status, new_status, transitioned_on, created_at
         FROM customer_transitions WHERE org_id = $1 AND transitioned_on BETWEEN $2 AND $3
         ORDER BY transitioned_on, id LIMIT CAST($4 AS BIGINT) OFFSET CAST($5 AS BIGINT)",
        org,
        days.first,
        days.last,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((rows.into_iter().map(Transition::from).collect(), total))
}
