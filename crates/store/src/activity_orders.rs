//! Whose usage comes in: the customers and orders that many activities name, each question in one statement.

use std::collections::HashMap;

use dbx::{Builder, Conn, Result, Tx};
use domain::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, OrganizationId};
use domain::money::{Amount, Quantity};
use domain::orders::{Order, OrderLine};

use crate::orders::Row;

/// The customers with these references, each by its own.
pub async fn customers(
    conn: &mut Conn,
    org: OrganizationId,
    references: &[&str],
) -> Result<HashMap<String, CustomerId>> {
    let mut sql = conn.build("SELECT ext_customer_ref, id FROM customers WHERE org_id = ");
    sql.push_bind(org).push(" AND ext_customer_ref IN (");
    texts(&mut sql, references);
    named(sql, references).await
}

/// The orders with these numbers, each by its own.
pub async fn orders(conn: &mut Conn, org: OrganizationId, numbers: &[&str]) -> Result<HashMap<String, OrderId>> {
    let mut sql = conn.build("SELECT number, id FROM orders WHERE org_id = ");
    sql.push_bind(org).push(" AND number IN (");
    texts(&mut sql, numbers);
    named(sql, numbers).await
}

async fn named<T: Eq>(sql: Builder<'_>, names: &[&str]) -> Result<HashMap<String, T>>
where
    (String, T): dbx::Record,
{
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, T)> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().collect())
}

/// Nobody else bills the customers of these orders until the transaction ends.
pub async fn lock_customers(tx: &mut Tx, org: OrganizationId, orders: &[OrderId]) -> Result<()> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut sql = tx.build("UPDATE customers SET status = status WHERE org_id = ");
    sql.push_bind(org).push(" AND id IN (SELECT customer_id FROM orders WHERE org_id = ").push_bind(org);
    sql.push(" AND id IN (");
    among(&mut sql, orders);
    sql.push(")");
    sql.build().execute().await.map(drop)
}

#[derive(sqlx::FromRow)]
struct LineOfRow {
    order_id: OrderId,
    id: OrderLineId,
    position: i64,
    charge_id: ChargeId,
    price_code: String,
    quantity: Quantity,
    lifetime_value: Amount,
}

/// Those of these orders that there are, by id.
pub async fn all(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<Vec<Order>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = conn.build(
        "SELECT id, customer_id, plan_id, plan_version_id, number, status, start_on, end_on, next_billable_on,
                billed_until, anchor_on, changed_from, changed_since, paid_once, pauses, is_separate_invoice, currency,
                is_auto_pay, job_code, notes, invoice_notes, lifetime_value, created_at, updated_at
         FROM orders WHERE org_id = ",
    );
    sql.push_bind(org).push(" AND id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    let mut lines = lines(conn, org, ids).await?;
    let mut invoices = invoices(conn, org, ids).await?;
    let with = |row: Row| {
        let mut order = row.with(Vec::new(), Vec::new());
        order.lines = lines.remove(&order.id).unwrap_or_default();
        order.invoices = invoices.remove(&order.id).unwrap_or_default();
        order
    };
    Ok(rows.into_iter().map(with).collect())
}

async fn lines(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<OrderLine>>> {
    let mut sql = conn.build(
        "SELECT l.order_id, l.id, l.position, l.charge_id, c.price_code, l.quantity, l.lifetime_value
         FROM order_lines l JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id WHERE l.org_id = ",
    );
    sql.push_bind(org).push(" AND l.order_id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY l.order_id, l.position, l.id");
    let rows: Vec<LineOfRow> = sql.build().fetch_all().await?;
    let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
    for row in rows {
        lines.entry(row.order_id).or_default().push(OrderLine {
            id: row.id,
            position: row.position,
            charge: row.charge_id,
            price_code: row.price_code,
            quantity: row.quantity,
            lifetime_value: row.lifetime_value,
        });
    }
    Ok(lines)
}

async fn invoices(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<InvoiceId>>> {
    let mut sql = conn.build("SELECT DISTINCT order_id, invoice_id FROM invoice_lines WHERE org_id = ");
    sql.push_bind(org).push(" AND order_id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY order_id, invoice_id");
    let rows: Vec<(OrderId, InvoiceId)> = sql.build().fetch_all().await?;
    let mut invoices: HashMap<OrderId, Vec<InvoiceId>> = HashMap::new();
    for (order, invoice) in rows {
        invoices.entry(order).or_default().push(invoice);
    }
    Ok(invoices)
}

fn among(sql: &mut Builder<'_>, ids: &[OrderId]) {
    for (place, id) in ids.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(*id);
    }
    sql.push(")");
}

/// What stands in `IN (…)`, and its end.
pub(crate) fn texts(sql: &mut Builder<'_>, texts: &[&str]) {
    for (place, text) in texts.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(*text);
    }
    sql.push(")");
}
