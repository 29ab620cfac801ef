//! Usage activities as they are shown: which, how many, and the rows of one page.

use std::collections::HashMap;

use dbx::{Builder, Conn, Result};
use domain::activities::{ActivityFilter, Billed, FullActivity};
use domain::dates::{Date, Timestamp};
use domain::ids::{ActivityBatchId, ActivityId, CustomerId, OrderId, OrderLineId, OrganizationId};
use domain::money::{Amount, Currency, Price, Quantity};
use domain::usage::ActivityStatus;

use crate::{Page, activity_orders};

const SELECT: &str = "SELECT a.id, a.batch_id, a.status, a.customer_id, a.order_id, a.order_line_id, c.price_code,
        o.currency, a.quantity, a.charged_on, a.charge_ended_on, a.ext_ref_id, a.invoice_text, a.unit_price, a.amount,
        a.created_at
     FROM activities a JOIN orders o ON o.org_id = a.org_id AND o.id = a.order_id
     JOIN order_lines l ON l.org_id = a.org_id AND l.id = a.order_line_id
     JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id
     WHERE a.org_id = ";

#[derive(sqlx::FromRow)]
struct Row {
    id: ActivityId,
    batch_id: Option<ActivityBatchId>,
    status: ActivityStatus,
    customer_id: CustomerId,
    order_id: OrderId,
    order_line_id: OrderLineId,
    price_code: String,
    currency: Currency,
    quantity: Quantity,
    charged_on: Date,
    charge_ended_on: Option<Date>,
    ext_ref_id: Option<String>,
    invoice_text: Option<String>,
    unit_price: Option<Price>,
    amount: Option<Amount>,
    created_at: Timestamp,
}

impl From<Row> for FullActivity {
    fn from(row: Row) -> FullActivity {
        FullActivity {
            id: row.id,
            batch: row.batch_id,
            status: row.status,
            customer: row.customer_id,
            order: row.order_id,
            order_line: row.order_line_id,
            price_code: row.price_code,
            currency: row.currency,
            quantity: row.quantity,
            charged_on: row.charged_on,
            charge_ended_on: row.charge_ended_on,
            ext_ref_id: row.ext_ref_id,
            invoice_text: row.invoice_text,
            rated: row.unit_price.zip(row.amount).map(|(unit_price, amount)| Billed { unit_price, amount }),
            created_at: row.created_at,
        }
    }
}

/// A page of the activities, by day and id, and how many there are in all.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    filter: &ActivityFilter,
    page: Page,
) -> Result<(Vec<FullActivity>, i64)> {
    if filter.charged.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let total = matching(conn, "SELECT COUNT(*) FROM activities a WHERE a.org_id = ", org, filter);
    let total = total.build().scalar().await?;
    if page.max == 0 || page.offset >= total {
        return Ok((Vec::new(), total));
    }
    let mut sql = matching(conn, SELECT, org, filter);
    cut(&mut sql, page);
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    Ok((rows.into_iter().map(FullActivity::from).collect(), total))
}

/// Which invoices bill these activities, by number; those that bill nothing, or are not for the customer yet, are left
/// out.
pub async fn invoices(
    conn: &mut Conn,
    org: OrganizationId,
    activities: &[ActivityId],
) -> Result<HashMap<ActivityId, String>> {
    let Some((first, others)) = activities.split_first() else { return Ok(HashMap::new()) };
    let mut sql = conn.build(
        "SELECT a.id, i.number FROM activities a JOIN invoices i ON i.org_id = a.org_id AND i.id = a.invoice_id
         WHERE i.status NOT IN ('Draft', 'Error') AND a.org_id = ",
    );
    sql.push_bind(org).push(" AND a.id IN (").push_bind(*first);
    for id in others {
        sql.push(", ").push_bind(*id);
    }
    sql.push(") ORDER BY a.id");
    let rows: Vec<(ActivityId, String)> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().collect())
}

/// How the database goes about it, in its own words. SQLite only.
pub async fn plan(conn: &mut Conn, org: OrganizationId, filter: &ActivityFilter) -> Result<Vec<String>> {
    let begin = "EXPLAIN QUERY PLAN SELECT a.id FROM activities a WHERE a.org_id = ";
    let mut sql = matching(conn, begin, org, filter);
    cut(&mut sql, Page { offset: 0, max: 50 });
    let steps: Vec<(i64, i64, i64, String)> = sql.build().fetch_all().await?;
    Ok(steps.into_iter().map(|step| step.3).collect())
}

/// The activities that came with these references of the merchant.
pub async fn with_references(conn: &mut Conn, org: OrganizationId, references: &[&str]) -> Result<Vec<FullActivity>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = conn.build(SELECT);
    sql.push_bind(org).push(" AND a.ext_ref_id IN (");
    activity_orders::texts(&mut sql, references);
    sql.push(" ORDER BY a.id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().map(FullActivity::from).collect())
}

/// Only what is asked for stands in the statement, so that each engine chooses by it.
fn matching<'c>(conn: &'c mut Conn, begin: &'static str, org: OrganizationId, filter: &ActivityFilter) -> Builder<'c> {
    let mut sql = conn.build(begin);
    sql.push_bind(org);
    if let Some(customer) = filter.customer {
        sql.push(" AND a.customer_id = ").push_bind(customer);
    }
    if let Some(order) = filter.order {
        sql.push(" AND a.order_id = ").push_bind(order);
    }
    if let Some(invoice) = filter.invoice {
        sql.push(" AND a.invoice_id = ").push_bind(invoice);
    }
    if let Some(first) = filter.charged.first {
        sql.push(" AND a.charged_on >= ").push_bind(first);
    }
    if let Some(last) = filter.charged.last {
        sql.push(" AND a.charged_on <= ").push_bind(last);
    }
    if let Some(code) = &filter.price_code {
        sql.push(
            " AND a.order_line_id IN (SELECT m.id FROM charges p
              JOIN order_lines m ON m.org_id = p.org_id AND m.charge_id = p.id WHERE p.org_id = ",
        );
        sql.push_bind(org).push(" AND p.price_code = ").push_bind(code.as_str()).push(")");
    }
    sql
}

fn cut(sql: &mut Builder<'_>, page: Page) {
    sql.push(" ORDER BY a.charged_on, a.id LIMIT CAST(").push_bind(page.max).push(" AS BIGINT)");
    sql.push(" OFFSET CAST(").push_bind(page.offset).push(" AS BIGINT)");
}
