//! Lists of customers: which, how many, and the rows of one page.

use dbx::{Builder, Conn, Result, q};
use domain::customers::{Customer, CustomerStatus};
use domain::ids::{CustomerId, OrganizationId};
use domain::search::{PartRange, Term};
use domain::time_ranges::TimeRange;

use crate::customers::{self, Row};
use crate::{Page, customer_counts, customer_search, json};

/// What a customer must be to be listed; everything that is said must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub search: Option<Term>,
    pub status: Option<CustomerStatus>,
    pub created: TimeRange,
    pub updated: TimeRange,
}

impl Filter {
    fn is_any(&self) -> bool {
        self.is_by_status() && self.status.is_none()
    }

    /// Whether nothing but the status is asked for, if that: then it is known how many there are.
    fn is_by_status(&self) -> bool {
        self.search.is_none() && self.created.is_open() && self.updated.is_open()
    }
}

/// A page of the customers, by id, and how many there are in all.
pub async fn list(conn: &mut Conn, org: OrganizationId, filter: &Filter, page: Page) -> Result<(Vec<Customer>, i64)> {
    if filter.is_any() {
        return page_of_all(conn, org, page).await;
    }
    let part = match &filter.search {
        Some(term) => Some(customer_search::rarest(conn, org, term).await?),
        None => None,
    };
    let ids = ids(conn, org, filter, part, page).await?;
    let total = match page.total(ids.len()) {
        Some(total) => total,
        None if filter.is_by_status() => customer_counts::total(conn, org, filter.status).await?,
        None => {
            let count = matching(conn, "SELECT COUNT(*) FROM customers c WHERE c.org_id = ", org, filter, part);
            count.build().scalar().await?
        }
    };
    Ok((all(conn, org, &ids).await?, total))
}

#[derive(sqlx::FromRow)]
struct RowOfPage {
    #[sqlx(flatten)]
    row: Row,
    total: i64,
}

/// In one statement, where the page is not empty: this is what everybody asks for.
async fn page_of_all(conn: &mut Conn, org: OrganizationId, page: Page) -> Result<(Vec<Customer>, i64)> {
    let rows: Vec<RowOfPage> = q!(conn, customers::PAGE, org, page.max, page.offset).fetch_all().await?;
    let total = match rows.first() {
        Some(first) => first.total,
        None => customer_counts::total(conn, org, None).await?,
    };
    Ok((each(rows.into_iter().map(|row| row.row))?, total))
}

async fn ids(
    conn: &mut Conn,
    org: OrganizationId,
    filter: &Filter,
    part: Option<PartRange>,
    page: Page,
) -> Result<Vec<CustomerId>> {
    if page.max == 0 {
        return Ok(Vec::new());
    }
    let mut ids = matching(conn, "SELECT c.id FROM customers c WHERE c.org_id = ", org, filter, part);
    cut(&mut ids, filter, page);
    let ids: Vec<(CustomerId,)> = ids.build().fetch_all().await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// How the database goes about it, in its own words. SQLite only.
pub async fn plan(conn: &mut Conn, org: OrganizationId, filter: &Filter) -> Result<Vec<String>> {
    if filter.is_any() {
        let page = conn.query(customers::PLAN_OF_PAGE).bind(org).bind(50).bind(0);
        return Ok(page.fetch_all().await?.into_iter().map(|step: (i64, i64, i64, String)| step.3).collect());
    }
    let part = filter.search.as_ref().and_then(|term| term.ranges().first().copied());
    let begin = "EXPLAIN QUERY PLAN SELECT c.id FROM customers c WHERE c.org_id = ";
    let mut ids = matching(conn, begin, org, filter, part);
    cut(&mut ids, filter, Page { offset: 0, max: 50 });
    let steps: Vec<(i64, i64, i64, String)> = ids.build().fetch_all().await?;
    Ok(steps.into_iter().map(|step| step.3).collect())
}

/// Only what is asked for stands in the statement, so that each engine chooses by it.
fn matching<'c>(
    conn: &'c mut Conn,
    begin: &'static str,
    org: OrganizationId,
    filter: &Filter,
    part: Option<PartRange>,
) -> Builder<'c> {
    let mut sql = conn.build(begin);
    sql.push_bind(org);
    if let Some(status) = filter.status {
        sql.push(" AND c.status = ").push_bind(status);
    }
    if let Some(first) = filter.created.first {
        sql.push(" AND c.created_at >= ").push_bind(first);
    }
    if let Some(last) = filter.created.last {
        sql.push(" AND c.created_at <= ").push_bind(last);
    }
    if let Some(first) = filter.updated.first {
        sql.push(" AND c.updated_at >= ").push_bind(first);
    }
    if let Some(last) = filter.updated.last {
        sql.push(" AND c.updated_at <= ").push_bind(last);
    }
    if let (Some(term), Some(part)) = (&filter.search, part) {
        search(&mut sql, org, term, part);
    }
    sql
}

fn search(sql: &mut Builder<'_>, org: OrganizationId, term: &Term, part: PartRange) {
    sql.push(" AND c.id IN (SELECT p.customer_id FROM customer_search_parts p");
    if !term.is_decided_by_parts() {
        sql.push(
            " JOIN customer_search_texts t ON t.org_id = p.org_id AND t.customer_id = p.customer_id AND t.text LIKE ",
        );
        sql.push_bind(customer_search::pattern(term.as_str())).push(" ESCAPE '!'");
    }
    sql.push(" WHERE p.org_id = ").push_bind(org);
    sql.push(" AND p.part BETWEEN ").push_bind(part.first).push(" AND ").push_bind(part.last).push(")");
}

fn cut(sql: &mut Builder<'_>, filter: &Filter, page: Page) {
    // Not the order of an index: an engine that has the ids in order would read all of them to find few times.
    let by_time = filter.search.is_none() && !(filter.created.is_open() && filter.updated.is_open());
    sql.push(if by_time { " ORDER BY c.id + 0" } else { " ORDER BY c.id" });
    sql.push(" LIMIT CAST(").push_bind(page.max).push(" AS BIGINT)");
    sql.push(" OFFSET CAST(").push_bind(page.offset).push(" AS BIGINT)");
}

/// Those of these customers that there are, by id, in one statement.
pub async fn all(conn: &mut Conn, org: OrganizationId, ids: &[CustomerId]) -> Result<Vec<Customer>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids_given = json::ids(ids.iter().map(|id| id.0));
    let rows: Vec<Row> = q!(conn, customers::AMONG, org, ids_given).fetch_all().await?;
    each(rows.into_iter())
}

/// The rows of a customer stand together.
fn each(rows: impl ExactSizeIterator<Item = Row>) -> Result<Vec<Customer>> {
    let mut found: Vec<Customer> = Vec::with_capacity(rows.len());
    let mut rows = rows.peekable();
    while let Some(row) = rows.next() {
        let id = row.id;
        let mut of_one = vec![row];
        while let Some(row) = rows.next_if(|row| row.id == id) {
            of_one.push(row);
        }
        found.extend(customers::customer(of_one)?);
    }
    Ok(found)
}
