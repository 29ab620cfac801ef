//! Overdue rules, and what customers have not paid.

use dbx::{Conn, Result, Tx, q};
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::dunning::{Arrears, CustomerGroup, OverdueRule, Standing};
use domain::ids::{CustomerId, OrganizationId};
use domain::money::{Amount, Currency, Price};

#[derive(sqlx::FromRow)]
struct RuleRow {
    customer_group: CustomerGroup,
    days_late: i64,
    status: CustomerStatus,
    is_enabled: bool,
    min_amount: Option<Price>,
    min_invoices: Option<i64>,
    message: Option<String>,
}

impl From<RuleRow> for OverdueRule {
    fn from(row: RuleRow) -> OverdueRule {
        OverdueRule {
            group: row.customer_group,
            days_late: row.days_late,
            status: row.status,
            is_enabled: row.is_enabled,
            min_amount: row.min_amount,
            min_invoices: row.min_invoices,
            message: row.message,
        }
    }
}

/// By group and days late.
pub async fn rules(conn: &mut Conn, org: OrganizationId) -> Result<Vec<OverdueRule>> {
    let rows: Vec<RuleRow> = q!(
        conn,
        "SELECT customer_group, days_late, status, is_enabled, min_amount, min_invoices, message FROM overdue_rules
         WHERE org_id = $1 ORDER BY customer_group, days_late",
        org
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(OverdueRule::from).collect())
}

/// In place of the group's rule for as many days.
pub async fn save_rule(tx: &mut Tx, org: OrganizationId, rule: &OverdueRule) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO overdue_rules (org_id, customer_group, days_late, status, is_enabled, min_amount, min_invoices,
            message)
         VALUES ($1, $8, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org_id, customer_group, days_late) DO UPDATE SET status = excluded.status, is_enabled = excluded.is_enabled,
            min_amount = excluded.min_amount, min_invoices = excluded.min_invoices, message = excluded.message",
        org,
        rule.days_late,
        rule.status,
        rule.is_enabled,
        rule.min_amount,
        rule.min_invoices,
        &rule.message,
        rule.group
    )
    .execute()
    .await
}

/// A customer, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debtor {
    pub customer: CustomerId,
    pub standing: Standing,
}

#[derive(sqlx::FromRow)]
struct DebtorRow {
    id: CustomerId,
    status: CustomerStatus,
    is_business_account: bool,
    currency: Currency,
    oldest_due_on: Option<Date>,
    amount: Amount,
    invoices: i64,
}

impl From<DebtorRow> for Debtor {
    fn from(row: DebtorRow) -> Debtor {
        let arrears = Arrears { oldest_due_on: row.oldest_due_on, amount: row.amount, invoices: row.invoices };
        let group = CustomerGroup::of(row.is_business_account);
        Debtor { customer: row.id, standing: Standing { group, status: row.status, currency: row.currency, arrears } }
    }
}

/// Customers after `after` with an unpaid invoice that was due on `day` or before.
pub async fn debtors(
    conn: &mut Conn,
    org: OrganizationId,
    day: Date,
    after: CustomerId,
    max: i64,
) -> Result<Vec<Debtor>> {
    let rows: Vec<DebtorRow> = q!(
        conn,
        "SELECT c.id, c.status, c.is_business_account, c.currency, MIN(i.due_on) AS oldest_due_on,
                CAST(SUM(i.total - i.applied) AS BIGINT) AS amount, COUNT(*) AS invoices
         FROM customers c CROSS JOIN invoices i
         WHERE i.org_id = $1 AND i.customer_id = c.id AND i.customer_id > $3 AND c.org_id = $1 AND c.id > $3
           AND i.status = 'Outstanding' AND i.due_on <= $2
         GROUP BY c.id, c.status, c.is_business_account, c.currency ORDER BY c.id LIMIT CAST($4 AS BIGINT)",
        org,
        day,
        after,
        max
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Debtor::from).collect())
}

/// Customers after `after` that are called overdue, with nothing left that was due before `day`.
pub async fn recovered(
    conn: &mut Conn,
    org: OrganizationId,
    day: Date,
    after: CustomerId,
    max: i64,
) -> Result<Vec<CustomerId>> {
    let rows: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT c.id FROM customers c
         WHERE c.org_id = $1 AND c.id > $3 AND c.status IN ('Overdue1', 'Overdue2', 'Overdue3')
           AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = c.org_id AND i.customer_id = c.id
                           AND i.status = 'Outstanding' AND i.due_on < $2)
         ORDER BY c.id LIMIT CAST($4 AS BIGINT)",
        org,
        day,
        after,
        max
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(customer,)| customer).collect())
}

/// What a customer has not paid of what was due on `day` or before.
pub async fn arrears(conn: &mut Conn, org: OrganizationId, customer: CustomerId, day: Date) -> Result<Arrears> {
    let (oldest_due_on, amount, invoices): (Option<Date>, Amount, i64) = q!(
        conn,
        "SELECT MIN(due_on), CAST(COALESCE(SUM(total - applied), 0) AS BIGINT), COUNT(*) FROM invoices
         WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding' AND due_on <= $3",
        org,
        customer,
        day
    )
    .fetch_one()
    .await?;
    Ok(Arrears { oldest_due_on, amount, invoices })
}

/// The first due date after `day` of anything unpaid.
pub async fn next_due_on(conn: &mut Conn, org: OrganizationId, day: Date) -> Result<Option<Date>> {
    // The status as an expression: few are due later, and SQLite would rather look through all that have it.
    q!(
        conn,
        "SELECT due_on FROM invoices WHERE org_id = $1 AND due_on > $2 AND status || '' = 'Outstanding'
         ORDER BY due_on LIMIT 1",
        org,
        day
    )
    .scalar_optional()
    .await
}
