//! What customers find among their own payments, refunds and credits: decided and counted in one index, and read only as
//! far as a page shows.

use dbx::{Builder, Conn, Result};
use domain::ids::{CustomerId, OrganizationId};
use domain::payments::{Payment, PaymentSearch, PaymentState};

use crate::payments::Row;
use crate::{Page, explained};

/// Whose payments are searched for what.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub org: OrganizationId,
    pub customer: CustomerId,
    pub search: PaymentSearch,
}

/// A page of them, newest first, and how many there are; `count_max` tells that there are as many, or more.
pub async fn find(conn: &mut Conn, wanted: Wanted, page: Page, count_max: i64) -> Result<(Vec<Payment>, i64)> {
    if wanted.search.effective.is_empty() {
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
    Ok((rows.into_iter().map(Payment::from).collect(), total))
}

/// How the database counts them, and goes about a page: what `explain` answers, line by line.
pub async fn plan(conn: &mut Conn, explain: &'static str, wanted: Wanted) -> Result<[Vec<String>; 2]> {
    let mut count = conn.build(explain);
    count_of(&mut count, wanted, 10_000);
    let count = explained(count, explain).await?;
    let mut heads = conn.build(explain);
    page_of(&mut heads, wanted, Page { offset: 0, max: 20 });
    Ok([count, explained(heads, explain).await?])
}

fn count_of(sql: &mut Builder<'_>, wanted: Wanted, max: i64) {
    sql.push("SELECT COUNT(*) FROM (SELECT p.id FROM payments p WHERE p.org_id = ");
    matching(sql, wanted);
    sql.push(" LIMIT CAST(").push_bind(max).push(" AS BIGINT)) counted");
}

/// The ids first: what is passed over on the way to the page is not read.
fn page_of(sql: &mut Builder<'_>, wanted: Wanted, page: Page) {
    sql.push(
        "SELECT p.id, p.customer_id, p.number, p.status, p.payment_type, p.method_type, p.method_context, p.currency,
            p.amount, p.balance, p.effective_on, p.is_system_payment, p.is_processed_by_billing_run, p.run_on,
            p.method_preference, p.payment_plan_id, p.installment, p.reverses_id, p.grants_credit, p.notes,
            p.processor, p.created_at, p.updated_at
         FROM (SELECT p.id FROM payments p WHERE p.org_id = ",
    );
    matching(sql, wanted);
    sql.push(" ORDER BY p.effective_on DESC, p.id DESC LIMIT CAST(").push_bind(page.max);
    sql.push(" AS BIGINT) OFFSET CAST(").push_bind(page.offset);
    sql.push(" AS BIGINT)) found CROSS JOIN payments p WHERE p.id = found.id AND p.org_id = ").push_bind(wanted.org);
    sql.push(" ORDER BY p.effective_on DESC, p.id DESC");
}

/// As [`PaymentState::of`] has them. The status as an expression: an engine that knows nothing of the customers would
/// rather read all payments of that status.
fn matching(sql: &mut Builder<'_>, wanted: Wanted) {
    let Wanted { org, customer, search } = wanted;
    sql.push_bind(org).push(" AND p.customer_id = ").push_bind(customer);
    sql.push(match search.state {
        None => "",
        Some(PaymentState::Pending) => " AND p.status || '' = 'Pending'",
        Some(PaymentState::Failed) => " AND p.status || '' IN ('Declined', 'Error')",
        Some(PaymentState::Paid) => {
            " AND p.status || '' = 'Paid' AND p.payment_type || '' = 'Payment' AND p.reverses_id IS NULL"
        }
        Some(PaymentState::Refunded) => {
            " AND (p.status || '' = 'Refunded' AND p.payment_type || '' <> 'Credit'
                   OR p.status || '' = 'Paid' AND p.payment_type || '' = 'Refund')"
        }
        Some(PaymentState::Cancelled) => {
            " AND (p.status || '' = 'Cancelled' OR p.status || '' = 'Paid' AND p.payment_type || '' = 'Payment'
                   AND p.reverses_id IS NOT NULL)"
        }
        Some(PaymentState::Credit) => " AND p.status || '' IN ('Paid', 'Refunded') AND p.payment_type || '' = 'Credit'",
    });
    if let Some(first) = search.effective.first {
        sql.push(" AND p.effective_on >= ").push_bind(first);
    }
    if let Some(last) = search.effective.last {
        sql.push(" AND p.effective_on <= ").push_bind(last);
    }
}
