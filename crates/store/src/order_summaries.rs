//! What customers find among their own orders: of each only what a list shows, in one statement.

use dbx::{Conn, Result, q};
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::orders::{OrderStatus, OrderSummary};

use crate::Page;

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    plan: String,
    status: OrderStatus,
    start_on: Date,
    next_billable_on: Option<Date>,
}

/// A page of the orders that a customer has placed, newest first, and how many there are.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    page: Page,
) -> Result<(Vec<OrderSummary>, i64)> {
    // CROSS: SQLite may begin with the organization's plans, and go through the customer's orders for each.
    let rows: Vec<Row> = q!(
        conn,
        "SELECT o.number, COALESCE(v.content ->> 'name', p.name) AS plan, o.status, o.start_on, o.next_billable_on
         FROM orders o CROSS JOIN plans p
             LEFT JOIN plan_versions v ON v.org_id = o.org_id AND v.id = o.plan_version_id
         WHERE o.org_id = $1 AND o.customer_id = $2 AND o.status <> 'Draft'
             AND p.org_id = o.org_id AND p.id = o.plan_id
         ORDER BY o.created_at DESC, o.id DESC LIMIT CAST($3 AS BIGINT) OFFSET CAST($4 AS BIGINT)",
        org,
        customer,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    let total = match page.total(rows.len()) {
        Some(total) => total,
        None => count(conn, org, customer).await?,
    };
    let summary = |Row { number, plan, status, start_on, next_billable_on }| OrderSummary {
        number,
        plan,
        status,
        start_on,
        next_billable_on,
    };
    Ok((rows.into_iter().map(summary).collect(), total))
}

async fn count(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<i64> {
    q!(conn, "SELECT COUNT(*) FROM orders WHERE org_id = $1 AND customer_id = $2 AND status <> 'Draft'", org, customer)
        .scalar()
        .await
}
