//! Lists of payments, credits and refunds: which, how many, and one page of them with everything in them, in a fixed
//! number of statements.

use dbx::{Builder, Conn, Result};
use domain::ids::{OrganizationId, PaymentId};
use domain::money::{Amount, Currency};
use domain::payments::{FullPayment, Payment, PaymentFilter, PaymentStatus};

use crate::payments::Row;
use crate::{Page, allocations, explained, one_of, processor_results};

/// A page of the payments, newest first, and how many there are in all.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    filter: &PaymentFilter,
    page: Page,
) -> Result<(Vec<FullPayment>, i64)> {
    if filter.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let total = matching(conn, "SELECT COUNT(*) FROM payments p WHERE p.org_id = ", org, filter);
    let total = total.build().scalar().await?;
    if page.max == 0 || page.offset >= total {
        return Ok((Vec::new(), total));
    }
    let mut heads = matching(conn, HEADS, org, filter);
    cut(&mut heads, page);
    let heads: Vec<Row> = heads.build().fetch_all().await?;
    Ok((full(conn, org, heads.into_iter().map(Payment::from).collect()).await?, total))
}

/// How the database goes about it: what `explain` answers, line by line.
pub async fn plan(
    conn: &mut Conn,
    explain: &'static str,
    org: OrganizationId,
    filter: &PaymentFilter,
) -> Result<Vec<String>> {
    let mut heads = matching(conn, explain, org, filter);
    cut(&mut heads, Page { offset: 0, max: 50 });
    explained(heads, explain).await
}

const HEADS: &str = "SELECT p.id, p.customer_id, p.number, p.status, p.payment_type, p.method_type, p.method_context,
        p.currency, p.amount, p.balance, p.effective_on, p.is_system_payment, p.is_processed_by_billing_run, p.run_on,
        p.method_preference, p.payment_plan_id, p.installment, p.reverses_id, p.grants_credit, p.notes, p.processor,
        p.created_at, p.updated_at
     FROM payments p WHERE p.org_id = ";

/// Only what is asked for stands in the statement, so that each engine chooses by it.
fn matching<'c>(conn: &'c mut Conn, begin: &'static str, org: OrganizationId, filter: &PaymentFilter) -> Builder<'c> {
    let mut sql = conn.build(begin);
    sql.push_bind(org).push(" AND p.payment_type = ").push_bind(filter.payment_type);
    if let Some(status) = filter.status {
        sql.push(" AND p.status = ").push_bind(status);
        // Lets the index of those few be used.
        sql.push(if status == PaymentStatus::Paid { "" } else { " AND p.status <> 'Paid'" });
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND p.customer_id = ").push_bind(customer);
    }
    if let Some(amounts) = &filter.amounts {
        of_amount(&mut sql, amounts);
    }
    if let Some(number) = &filter.invoice_number {
        of_invoice(&mut sql, org, number);
    }
    if let Some(first) = filter.effective.first {
        sql.push(" AND p.effective_on >= ").push_bind(first);
    }
    if let Some(last) = filter.effective.last {
        sql.push(" AND p.effective_on <= ").push_bind(last);
    }
    sql
}

/// As much in one of the currencies. All the amounts first, which an index has.
fn of_amount(sql: &mut Builder<'_>, amounts: &[(Currency, Amount)]) {
    let minor: Vec<Amount> = amounts.iter().map(|(_, amount)| *amount).collect();
    one_of(sql, "p.amount", &minor);
    for (place, (currency, amount)) in amounts.iter().enumerate() {
        sql.push(if place == 0 { " AND (" } else { " OR " });
        sql.push("p.amount = ").push_bind(*amount).push(" AND p.currency = ").push_bind(*currency);
    }
    sql.push(")");
}

/// What was applied to it, what is on its way, and what took such a payment back.
fn of_invoice(sql: &mut Builder<'_>, org: OrganizationId, number: &str) {
    const PAYS: &str =
        "SELECT a.payment_id FROM allocations a JOIN invoices i ON i.org_id = a.org_id AND i.id = a.invoice_id
        WHERE a.state <> 'released' AND a.org_id = ";
    sql.push(" AND p.id IN (").push(PAYS).push_bind(org).push(" AND i.number = ").push_bind(number.to_owned());
    sql.push(" UNION ALL SELECT r.id FROM payments r WHERE r.org_id = ").push_bind(org);
    sql.push(" AND r.reverses_id IN (").push(PAYS).push_bind(org);
    sql.push(" AND i.number = ").push_bind(number.to_owned()).push("))");
}

fn cut(sql: &mut Builder<'_>, page: Page) {
    sql.push(" ORDER BY p.effective_on DESC, p.id DESC LIMIT CAST(").push_bind(page.max).push(" AS BIGINT)");
    sql.push(" OFFSET CAST(").push_bind(page.offset).push(" AS BIGINT)");
}

async fn full(conn: &mut Conn, org: OrganizationId, heads: Vec<Payment>) -> Result<Vec<FullPayment>> {
    let ids: Vec<PaymentId> = heads.iter().map(|head| head.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut results = processor_results::of_all(conn, org, &ids).await?;
    let mut applied = allocations::applied_by_all(conn, org, &ids).await?;
    let full = |head: Payment| {
        let result = results.extract_if(.., |(payment, _)| *payment == head.id).map(|(_, result)| result).last();
        let allocations = applied.extract_if(.., |allocation| allocation.payment == head.id).collect();
        FullPayment { head, result, allocations }
    };
    Ok(heads.into_iter().map(full).collect())
}
