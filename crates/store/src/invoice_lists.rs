//! Lists of invoices: which, how many, and one page of them with everything in them, in a fixed number of statements.

use dbx::{Builder, Conn, Result};
use domain::ids::{InvoiceId, OrganizationId};
use domain::invoices::{FullInvoice, Invoice, InvoiceFilter};

use crate::invoices::Row;
use crate::{Page, allocations, explained, invoice_lines, one_of};

/// A page of the invoices, newest first, and how many there are in all.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    filter: &InvoiceFilter,
    page: Page,
) -> Result<(Vec<FullInvoice>, i64)> {
    if filter.invoiced.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let total = matching(conn, "SELECT COUNT(*) FROM invoices i WHERE i.org_id = ", org, filter);
    let total = total.build().scalar().await?;
    if page.max == 0 || page.offset >= total {
        return Ok((Vec::new(), total));
    }
    let mut heads = matching(conn, HEADS, org, filter);
    cut(&mut heads, filter, page);
    let heads: Vec<Row> = heads.build().fetch_all().await?;
    Ok((full(conn, org, heads.into_iter().map(Invoice::from).collect()).await?, total))
}

/// How the database goes about it: what `explain` answers, line by line.
pub async fn plan(
    conn: &mut Conn,
    explain: &'static str,
    org: OrganizationId,
    filter: &InvoiceFilter,
) -> Result<Vec<String>> {
    let mut heads = matching(conn, explain, org, filter);
    cut(&mut heads, filter, Page { offset: 0, max: 50 });
    explained(heads, explain).await
}

const HEADS: &str = "SELECT i.id, i.customer_id, i.number, i.crm_id, i.erp_id, i.status, i.currency, i.billing_period,
        i.invoiced_on, i.due_on, i.period_start, i.period_end, i.total, i.previous_balance, i.applied, i.reserved,
        i.notes, i.created_at, i.updated_at
     FROM invoices i WHERE i.org_id = ";

/// Only what is asked for stands in the statement, so that each engine chooses by it.
fn matching<'c>(conn: &'c mut Conn, begin: &'static str, org: OrganizationId, filter: &InvoiceFilter) -> Builder<'c> {
    let mut sql = conn.build(begin);
    sql.push_bind(org);
    if let Some(status) = filter.status {
        one_of(&mut sql, "i.status", status.statuses());
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND i.customer_id = ").push_bind(customer);
    }
    if let Some(number) = &filter.number {
        sql.push(" AND i.number = ").push_bind(number.clone());
    }
    if let Some(order) = filter.order {
        sql.push(" AND i.id IN (SELECT l.invoice_id FROM invoice_lines l WHERE l.org_id = ").push_bind(org);
        sql.push(" AND l.order_id = ").push_bind(order).push(")");
    }
    if let Some(first) = filter.invoiced.first {
        sql.push(" AND i.invoiced_on >= ").push_bind(first);
    }
    if let Some(last) = filter.invoiced.last {
        sql.push(" AND i.invoiced_on <= ").push_bind(last);
    }
    if let Some(day) = filter.due_before {
        sql.push(" AND i.due_on < ").push_bind(day);
    }
    if let Some(first) = filter.updated.first {
        sql.push(" AND i.updated_at >= ").push_bind(first);
    }
    if let Some(last) = filter.updated.last {
        sql.push(" AND i.updated_at <= ").push_bind(last);
    }
    sql
}

fn cut(sql: &mut Builder<'_>, filter: &InvoiceFilter, page: Page) {
    // Not the order of an index: an engine that has the invoices in order would read all of them to find few changes.
    let by_update = filter.customer.is_none() && filter.order.is_none() && !filter.updated.is_open();
    let order =
        if by_update { "COALESCE(i.invoiced_on, i.due_on) DESC, i.id DESC" } else { "i.invoiced_on DESC, i.id DESC" };
    sql.push(" ORDER BY ").push(order);
    sql.push(" LIMIT CAST(").push_bind(page.max).push(" AS BIGINT)");
    sql.push(" OFFSET CAST(").push_bind(page.offset).push(" AS BIGINT)");
}

async fn full(conn: &mut Conn, org: OrganizationId, heads: Vec<Invoice>) -> Result<Vec<FullInvoice>> {
    let ids: Vec<InvoiceId> = heads.iter().map(|head| head.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = invoice_lines::of_all(conn, org, &ids).await?;
    let mut applied = allocations::applied_to_all(conn, org, &ids).await?;
    let full = |head: Invoice| {
        let (lines, orders) = lines.remove(&head.id).unwrap_or_default();
        let allocations = applied.extract_if(.., |allocation| allocation.invoice == head.id).collect();
        FullInvoice { head, orders, lines, allocations }
    };
    Ok(heads.into_iter().map(full).collect())
}

/// Those of `numbers` that invoices have.
pub async fn taken(conn: &mut Conn, org: OrganizationId, numbers: &[String]) -> Result<Vec<String>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = conn.build("SELECT number FROM invoices WHERE org_id = ");
    sql.push_bind(org);
    one_of(&mut sql, "number", numbers);
    sql.push(" ORDER BY number");
    let taken: Vec<(String,)> = sql.build().fetch_all().await?;
    Ok(taken.into_iter().map(|(number,)| number).collect())
}
