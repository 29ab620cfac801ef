//! Whom the daily run charges: customers with an instalment or an invoice to pay, page by page in the order of their ids.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, OrganizationId, PaymentPlanId};
use domain::money::Amount;
use domain::payments::{Collection, Payment, PaymentStatus};

/// Customers after `after` with an instalment to pay on `day`, or before.
pub async fn with_installment(
    conn: &mut Conn,
    org: OrganizationId,
    day: Date,
    after: CustomerId,
    max: i64,
) -> Result<Vec<CustomerId>> {
    let rows: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT p.customer_id FROM payment_plans p CROSS JOIN customers c
         WHERE c.org_id = $1 AND c.id = p.customer_id AND c.id > $3 AND p.org_id = $1 AND p.is_enabled AND p.next_payment_on <= $2 AND p.customer_id > $3
           AND (p.run_on IS NULL OR p.run_on < $2) AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')
         ORDER BY p.customer_id LIMIT CAST($4 AS BIGINT)",
        org,
        day,
        after,
        max
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(customer,)| customer).collect())
}

/// The day of the next instalment of anybody.
pub async fn next_installment_on(conn: &mut Conn, org: OrganizationId) -> Result<Option<Date>> {
    q!(
        conn,
        "SELECT MIN(p.next_payment_on) FROM payment_plans p CROSS JOIN customers c
         WHERE c.org_id = p.org_id AND c.id = p.customer_id AND p.org_id = $1 AND p.is_enabled
           AND p.next_payment_on IS NOT NULL AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')",
        org
    )
    .scalar()
    .await
}

/// Customers after `after` whose methods are to be charged on `day`: an invoice is due, a method can be tried, no payment
/// plan is running, and they are not waiting to be tried again.
pub async fn with_due_invoice(
    conn: &mut Conn,
    org: OrganizationId,
    day: Date,
    after: CustomerId,
    max: i64,
) -> Result<Vec<CustomerId>> {
    let rows: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT DISTINCT m.customer_id FROM payment_methods m
         CROSS JOIN customers c
         LEFT JOIN declines d ON d.org_id = m.org_id AND d.customer_id = m.customer_id
         WHERE c.org_id = $1 AND c.id = m.customer_id AND c.id > $3 AND m.org_id = $1 AND m.customer_id > $3
           AND m.token_sealed IS NOT NULL AND m.refused_on IS NULL
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')
           AND EXISTS (SELECT 1 FROM invoices i
                       WHERE i.org_id = m.org_id AND i.customer_id = m.customer_id AND i.status = 'Outstanding'
                         AND i.due_on <= $2 AND i.total > i.applied + i.reserved
                         AND (d.customer_id IS NULL OR d.next_on <= $2 OR i.due_on > d.last_on)
                         AND NOT EXISTS (SELECT 1 FROM invoice_lines l
                                         JOIN orders o ON o.org_id = l.org_id AND o.id = l.order_id
                                         WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND NOT o.is_auto_pay))
           AND NOT EXISTS (SELECT 1 FROM payment_plans p WHERE p.org_id = m.org_id AND p.customer_id = m.customer_id
                           AND (p.is_enabled OR p.run_on = $2))
         ORDER BY m.customer_id LIMIT CAST($4 AS BIGINT)",
        org,
        day,
        after,
        max
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(customer,)| customer).collect())
}

/// A customer's invoices that are due on `day` and may be charged to a method on file, oldest due date first.
pub async fn due_invoices(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<InvoiceId>> {
    let rows: Vec<(InvoiceId,)> = q!(
        conn,
        "SELECT i.id FROM invoices i
         WHERE i.org_id = $1 AND i.customer_id = $2 AND i.status = 'Outstanding' AND i.due_on <= $3
           AND i.total > i.applied + i.reserved
           AND NOT EXISTS (SELECT 1 FROM invoice_lines l JOIN orders o ON o.org_id = l.org_id AND o.id = l.order_id
                           WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND NOT o.is_auto_pay)
         ORDER BY i.due_on, i.id",
        org,
        customer,
        day
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(invoice,)| invoice).collect())
}

/// What of a customer's invoices may be charged to a method on file on the day that it is due, or later: oldest due date
/// first, at most `max` of them.
pub async fn chargeable_invoices(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    max: i64,
) -> Result<Vec<(Date, Amount)>> {
    q!(
        conn,
        "SELECT i.due_on, i.total - i.applied - i.reserved FROM invoices i
         WHERE i.org_id = $1 AND i.customer_id = $2 AND i.status = 'Outstanding' AND i.total > i.applied + i.reserved
           AND NOT EXISTS (SELECT 1 FROM invoice_lines l JOIN orders o ON o.org_id = l.org_id AND o.id = l.order_id
                           WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND NOT o.is_auto_pay)
         ORDER BY i.due_on, i.id LIMIT CAST($3 AS BIGINT)",
        org,
        customer,
        max
    )
    .fetch_all()
    .await
}

/// The first day after `day` on which an invoice is due of somebody with a method on file.
pub async fn next_due_on(conn: &mut Conn, org: OrganizationId, day: Date) -> Result<Option<Date>> {
    // The status as an expression: few are due later, and SQLite would rather look through all that have it.
    q!(
        conn,
        "SELECT i.due_on FROM invoices i
         WHERE i.org_id = $1 AND i.due_on > $2 AND i.status || '' = 'Outstanding'
           AND EXISTS (SELECT 1 FROM payment_methods m WHERE m.org_id = i.org_id AND m.customer_id = i.customer_id
                       AND m.token_sealed IS NOT NULL AND m.refused_on IS NULL)
         ORDER BY i.due_on LIMIT 1",
        org,
        day
    )
    .scalar_optional()
    .await
}

/// How the attempts ended that the work of `day` made for a customer.
pub async fn attempts(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<PaymentStatus>> {
    let rows: Vec<(PaymentStatus,)> = q!(
        conn,
        "SELECT status FROM payments WHERE org_id = $1 AND customer_id = $2 AND run_on = $3 ORDER BY method_preference",
        org,
        customer,
        day
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|(status,)| status).collect())
}

/// What a customer's payments on their way come to: charged or not, nobody knows yet.
pub async fn pending(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Amount> {
    q!(
        conn,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payments
         WHERE org_id = $1 AND customer_id = $2 AND status = 'Pending' AND payment_type = 'Payment'",
        org,
        customer
    )
    .scalar()
    .await
}

/// Whether an instalment of the plan is on its way.
pub async fn is_installment_pending(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    plan: PaymentPlanId,
) -> Result<bool> {
    let found: Option<i64> = q!(
        conn,
        "SELECT 1 FROM payments WHERE org_id = $1 AND customer_id = $2 AND status = 'Pending' AND payment_plan_id = $3
         LIMIT 1",
        org,
        customer,
        plan
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

/// Whether a customer has a method to try after the one in this place.
pub async fn has_method_after(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    preference: i64,
) -> Result<bool> {
    let found: Option<i64> = q!(
        conn,
        "SELECT preference FROM payment_methods
         WHERE org_id = $1 AND customer_id = $2 AND preference > $3 AND token_sealed IS NOT NULL
           AND refused_on IS NULL LIMIT 1",
        org,
        customer,
        preference
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

/// The method that a run charged will not work again; one that has taken its place since then is another.
pub async fn refuse_method(tx: &mut Tx, org: OrganizationId, payment: &Payment, of: Collection) -> Result<u64> {
    q!(
        tx,
        "UPDATE payment_methods SET refused_on = $5
         WHERE org_id = $1 AND customer_id = $2 AND preference = $3 AND updated_at <= $4",
        org,
        payment.customer,
        of.preference,
        payment.created_at,
        of.run_on
    )
    .execute()
    .await
}

/// A paid instalment of a plan.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PaidInstallment {
    /// From 1.
    pub installment: i64,
    /// Of the payment.
    pub number: String,
    pub amount: Amount,
    pub effective_on: Date,
}

/// What was paid for the instalments `first` to `last` of a plan, in their order.
pub async fn paid_installments(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    plan: PaymentPlanId,
    (first, last): (i64, i64),
) -> Result<Vec<PaidInstallment>> {
    q!(
        conn,
        "SELECT installment, number, amount, effective_on FROM payments
         WHERE org_id = $1 AND customer_id = $2 AND payment_plan_id = $3 AND installment BETWEEN $4 AND $5
           AND status = 'Paid'
         ORDER BY installment, id",
        org,
        customer,
        plan,
        first,
        last
    )
    .fetch_all()
    .await
}

/// The day whose work has used an instalment of the plan up.
pub async fn set_plan_run_on(tx: &mut Tx, org: OrganizationId, plan: PaymentPlanId, day: Date) -> Result<u64> {
    q!(tx, "UPDATE payment_plans SET run_on = $3 WHERE org_id = $1 AND id = $2", org, plan, day).execute().await
}
