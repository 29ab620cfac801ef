//! Lists of orders, newest first, by what they are asked for: whole orders in as many statements for a page as for one.

use std::collections::HashMap;

use dbx::{Builder, Conn, Result};
use domain::ids::{ChargeId, InvoiceId, OrderId, OrderLineId, OrganizationId};
use domain::money::{Amount, Quantity};
use domain::orders::{Order, OrderFilter, OrderLine};

use crate::Page;
use crate::orders::{self, Row};

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: OrderId,
    id: OrderLineId,
    position: i64,
    charge_id: ChargeId,
    price_code: String,
    quantity: Quantity,
    lifetime_value: Amount,
}

/// A page, and how many there are in all.
pub async fn list(conn: &mut Conn, org: OrganizationId, filter: &OrderFilter, page: Page) -> Result<(Vec<Order>, i64)> {
    if filter.started.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let count = matching(conn, "SELECT COUNT(*) FROM orders o WHERE o.org_id = ", org, filter);
    let counted: Vec<(i64,)> = count.build().fetch_all().await?;
    let total = counted.first().map_or(0, |row| row.0);
    if page.max == 0 || page.offset >= total {
        return Ok((Vec::new(), total));
    }
    let mut page_of = matching(conn, orders::SELECT, org, filter);
    cut(&mut page_of, filter, page);
    let rows: Vec<Row> = page_of.build().fetch_all().await?;
    Ok((whole(conn, org, rows).await?, total))
}

/// How the database goes about it, in its own words. SQLite only.
pub async fn plan(conn: &mut Conn, org: OrganizationId, filter: &OrderFilter) -> Result<Vec<String>> {
    let mut orders =
        matching(conn, "EXPLAIN QUERY PLAN SELECT o.id, o.notes FROM orders o WHERE o.org_id = ", org, filter);
    cut(&mut orders, filter, Page { offset: 0, max: 50 });
    let steps: Vec<(i64, i64, i64, String)> = orders.build().fetch_all().await?;
    Ok(steps.into_iter().map(|step| step.3).collect())
}

/// Only what is asked for stands in the statement, so that each engine chooses by it.
fn matching<'c>(conn: &'c mut Conn, begin: &'static str, org: OrganizationId, filter: &OrderFilter) -> Builder<'c> {
    let mut sql = conn.build(begin);
    sql.push_bind(org);
    if let Some(status) = filter.status {
        sql.push(" AND o.status = ").push_bind(status);
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND o.customer_id = ").push_bind(customer);
    }
    if let Some(first) = filter.started.first {
        sql.push(" AND o.start_on >= ").push_bind(first);
    }
    if let Some(last) = filter.started.last {
        sql.push(" AND o.start_on <= ").push_bind(last);
    }
    sql
}

fn cut(sql: &mut Builder<'_>, filter: &OrderFilter, page: Page) {
    let is_by_start = filter.started.first.is_some() || filter.started.last.is_some();
    // Not the order of an index: an engine that has the orders in order would read all of them to find few days.
    let by_start = is_by_start && filter.customer.is_none() && filter.status.is_none();
    let order = if by_start {
        " ORDER BY COALESCE(o.created_at, o.created_at) DESC, o.id DESC"
    } else {
        " ORDER BY o.created_at DESC, o.id DESC"
    };
    sql.push(order).push(" LIMIT CAST(").push_bind(page.max).push(" AS BIGINT)");
    sql.push(" OFFSET CAST(").push_bind(page.offset).push(" AS BIGINT)");
}

/// With their lines and the ids of their invoices.
pub(crate) async fn whole(conn: &mut Conn, org: OrganizationId, rows: Vec<Row>) -> Result<Vec<Order>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<OrderId> = rows.iter().map(|row| row.id).collect();
    let mut lines = lines(conn, org, &ids).await?;
    let mut invoices = invoices(conn, org, &ids).await?;
    let order = |row: Row| {
        let id = row.id;
        row.with(lines.remove(&id).unwrap_or_default(), invoices.remove(&id).unwrap_or_default())
    };
    Ok(rows.into_iter().map(order).collect())
}

async fn lines(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<OrderLine>>> {
    let mut sql = conn.build(
        "SELECT l.order_id, l.id, l.position, l.charge_id, c.price_code, l.quantity, l.lifetime_value
         FROM order_lines l JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id WHERE l.org_id = ",
    );
    sql.push_bind(org).push(" AND l.order_id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY l.order_id, l.position, l.id");
    let rows: Vec<LineRow> = sql.build().fetch_all().await?;
    let mut by_order: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
    for row in rows {
        by_order.entry(row.order_id).or_default().push(OrderLine {
            id: row.id,
            position: row.position,
            charge: row.charge_id,
            price_code: row.price_code,
            quantity: row.quantity,
            lifetime_value: row.lifetime_value,
        });
    }
    Ok(by_order)
}

async fn invoices(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<InvoiceId>>> {
    let mut sql = conn.build("SELECT DISTINCT l.order_id, l.invoice_id FROM invoice_lines l WHERE l.org_id = ");
    sql.push_bind(org).push(" AND l.order_id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY l.order_id, l.invoice_id");
    let rows: Vec<(OrderId, InvoiceId)> = sql.build().fetch_all().await?;
    let mut by_order: HashMap<OrderId, Vec<InvoiceId>> = HashMap::new();
    for (order, invoice) in rows {
        by_order.entry(order).or_default().push(invoice);
    }
    Ok(by_order)
}

/// What stands in `IN (…)`, and its end.
pub(crate) fn among(sql: &mut Builder<'_>, ids: &[OrderId]) {
    for (place, id) in ids.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(*id);
    }
    sql.push(")");
}
