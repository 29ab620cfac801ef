//! Whose usage comes in: the customers and orders that many activities name, each question in one statement.

use std::collections::HashMap;

use dbx::{Builder, Conn, Result, Tx};
use domain::ids::{CustomerId, OrderId, OrganizationId};
use domain::orders::Order;

use crate::order_lists::{among, whole};
use crate::orders::{self, Row};

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

/// Those of these orders that there are, by id.
pub async fn all(conn: &mut Conn, org: OrganizationId, ids: &[OrderId]) -> Result<Vec<Order>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = conn.build(orders::SELECT);
    sql.push_bind(org).push(" AND o.id IN (");
    among(&mut sql, ids);
    sql.push(" ORDER BY o.id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    whole(conn, org, rows).await
}

/// What stands in `IN (…)`, and its end.
pub(crate) fn texts(sql: &mut Builder<'_>, texts: &[&str]) {
    for (place, text) in texts.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(*text);
    }
    sql.push(")");
}
