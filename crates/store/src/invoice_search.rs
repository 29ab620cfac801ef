//! What customers find among their own invoices: decided and counted in one index, and read only as far as a page shows.

use dbx::{Builder, Conn, Result};
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::invoices::{Invoice, InvoiceSearch, InvoiceState};

use crate::invoices::Row;
use crate::{Page, explained};

/// Whose invoices are searched for what. `today` decides what is overdue.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    pub org: OrganizationId,
    pub customer: CustomerId,
    pub search: &'w InvoiceSearch,
    pub today: Date,
}

/// A page of them, newest first, and how many there are; `count_max` tells that there are as many, or more.
pub async fn find(conn: &mut Conn, wanted: Wanted<'_>, page: Page, count_max: i64) -> Result<(Vec<Invoice>, i64)> {
    if wanted.search.invoiced.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut rows: Vec<Row> = Vec::new();
    if page.offset < count_max {
        let mut heads = conn.build("");
        page_of(&mut heads, wanted, page);
        rows = heads.build().fetch_all().await?;
    }
    let total = if let Some(total) = page.total(rows.len()) {
        total.min(count_max)
    } else {
        let mut count = conn.build("");
        count_of(&mut count, wanted, count_max);
        count.build().scalar().await?
    };
    Ok((rows.into_iter().map(Invoice::from).collect(), total))
}

/// How the database counts them, and goes about a page: what `explain` answers, line by line.
pub async fn plan(conn: &mut Conn, explain: &'static str, wanted: Wanted<'_>) -> Result<[Vec<String>; 2]> {
    let mut count = conn.build(explain);
    count_of(&mut count, wanted, 10_000);
    let count = explained(count, explain).await?;
    let mut heads = conn.build(explain);
    page_of(&mut heads, wanted, Page { offset: 0, max: 20 });
    Ok([count, explained(heads, explain).await?])
}

fn count_of(sql: &mut Builder<'_>, wanted: Wanted<'_>, max: i64) {
    sql.push("SELECT COUNT(*) FROM (SELECT i.id FROM invoices i WHERE i.org_id = ");
    matching(sql, wanted);
    sql.push(" LIMIT CAST(").push_bind(max).push(" AS BIGINT)) counted");
}

/// The ids first: what is passed over on the way to the page is not read.
fn page_of(sql: &mut Builder<'_>, wanted: Wanted<'_>, page: Page) {
    sql.push(
        "SELECT i.id, i.customer_id, i.number, i.crm_id, i.erp_id, i.status, i.currency, i.billing_period,
            i.invoiced_on, i.due_on, i.period_start, i.period_end, i.total, i.previous_balance, i.applied, i.reserved,
            i.notes, i.created_at, i.updated_at
         FROM (SELECT i.id FROM invoices i WHERE i.org_id = ",
    );
    matching(sql, wanted);
    sql.push(" ORDER BY i.invoiced_on DESC, i.id DESC LIMIT CAST(").push_bind(page.max);
    sql.push(" AS BIGINT) OFFSET CAST(").push_bind(page.offset);
    sql.push(" AS BIGINT)) found CROSS JOIN invoices i WHERE i.id = found.id AND i.org_id = ").push_bind(wanted.org);
    sql.push(" ORDER BY i.invoiced_on DESC, i.id DESC");
}

/// Only what is asked for stands in the statement. Status and due date as expressions: an engine that knows nothing of the
/// customers would rather read all invoices of that status, or all that were due.
fn matching(sql: &mut Builder<'_>, wanted: Wanted<'_>) {
    let Wanted { org, customer, search, today } = wanted;
    sql.push_bind(org).push(" AND i.customer_id = ").push_bind(customer);
    sql.push(" AND i.status NOT IN ('Draft', 'Error')");
    match search.state {
        Some(InvoiceState::Open) => {
            sql.push(" AND i.status || '' = 'Outstanding'");
        }
        Some(InvoiceState::Overdue) => {
            sql.push(" AND i.status || '' = 'Outstanding' AND CASE WHEN i.due_on < ").push_bind(today);
            sql.push(" THEN 1 ELSE 0 END = 1");
        }
        Some(InvoiceState::Paid) => {
            sql.push(" AND i.status || '' = 'Paid'");
        }
        Some(InvoiceState::Cancelled) => {
            sql.push(" AND i.status || '' IN ('Cancelled', 'CarriedOver')");
        }
        None => {}
    }
    if let Some(number) = &search.number {
        begins(sql, number);
    }
    if let Some(first) = search.invoiced.first {
        sql.push(" AND i.invoiced_on >= ").push_bind(first);
    }
    if let Some(last) = search.invoiced.last {
        sql.push(" AND i.invoiced_on <= ").push_bind(last);
    }
}

/// As typed, or in small letters, where they are English: SQLite knows no others.
fn begins(sql: &mut Builder<'_>, start: &str) {
    let small = start.to_ascii_lowercase();
    sql.push(" AND (SUBSTR(i.number, 1, LENGTH(CAST(").push_bind(start.to_owned()).push(" AS TEXT))) = ");
    sql.push_bind(start.to_owned());
    sql.push(" OR SUBSTR(LOWER(i.number), 1, LENGTH(CAST(").push_bind(small.clone()).push(" AS TEXT))) = ");
    sql.push_bind(small).push(")");
}
