//! Many orders at once, in as many statements as one.

use std::collections::HashMap;

use dbx::{Builder, Conn, Result};
use domain::ids::{ChargeId, InvoiceId, OrderId, OrderLineId, OrganizationId};
use domain::money::{Amount, Quantity};
use domain::orders::{Order, OrderLine};

use super::Row;

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
    let mut with = |row: Row| {
        let id = row.id;
        row.with(lines.remove(&id).unwrap_or_default(), invoices.remove(&id).unwrap_or_default())
    };
    Ok(rows.into_iter().map(&mut with).collect())
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

/// What stands in `IN (…)`, and its end.
fn among(sql: &mut Builder<'_>, ids: &[OrderId]) {
    for (place, id) in ids.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(*id);
    }
    sql.push(")");
}
