//! Payments, their allocations, and what the processor said.

use dbx::{Conn, Result, Sql, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, InvoiceId, OrganizationId, PaymentId, PaymentPlanId};
use domain::money::{Amount, Currency};
use domain::payments::{
    Collection, FullPayment, Installment, MethodType, Payment, PaymentStatus, PaymentType, Processor,
};

use crate::{Page, allocations, among, json, processor_results};

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: PaymentId,
    customer_id: CustomerId,
    number: String,
    status: PaymentStatus,
    payment_type: PaymentType,
    method_type: MethodType,
    method_context: String,
    currency: Currency,
    amount: Amount,
    balance: Amount,
    effective_on: Date,
    is_system_payment: bool,
    processor: Option<Processor>,
    is_processed_by_billing_run: bool,
    run_on: Option<Date>,
    method_preference: Option<i64>,
    payment_plan_id: Option<PaymentPlanId>,
    installment: Option<i64>,
    reverses_id: Option<PaymentId>,
    grants_credit: bool,
    notes: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Payment {
    fn from(row: Row) -> Payment {
        let installment = row.payment_plan_id.zip(row.installment).map(|(plan, number)| Installment { plan, number });
        let collected = row.run_on.zip(row.method_preference);
        Payment {
            id: row.id,
            customer: row.customer_id,
            number: row.number,
            status: row.status,
            payment_type: row.payment_type,
            method_type: row.method_type,
            method_context: row.method_context,
            currency: row.currency,
            amount: row.amount,
            balance: row.balance,
            effective_on: row.effective_on,
            is_system_payment: row.is_system_payment,
            processor: row.processor,
            is_processed_by_billing_run: row.is_processed_by_billing_run,
            collection: collected.map(|(run_on, preference)| Collection { run_on, preference, installment }),
            reverses: row.reverses_id,
            grants_credit: row.grants_credit,
            notes: row.notes,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What of a payment is in its own row.
macro_rules! columns {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.customer_id, p.number, p.status, p.payment_type, p.method_type, p.method_context, p.currency,
                p.amount, p.balance, p.effective_on, p.is_system_payment, p.is_processed_by_billing_run, p.run_on,
                p.method_preference, p.payment_plan_id, p.installment, p.reverses_id, p.grants_credit, p.notes,
                p.processor, p.created_at, p.updated_at ",
            $which
        )
    };
}

const ONE: Sql = Sql::new(columns!("FROM payments p WHERE p.org_id = $1 AND p.id = $2"));
const NUMBERED: Sql = Sql::new(columns!("FROM payments p WHERE p.org_id = $1 AND p.number = $2"));

pub async fn find(conn: &mut Conn, org: OrganizationId, id: PaymentId) -> Result<Option<Payment>> {
    let row: Option<Row> = q!(conn, ONE, org, id).fetch_optional().await?;
    Ok(row.map(Payment::from))
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<PaymentId>> {
    q!(conn, "SELECT id FROM payments WHERE org_id = $1 AND number = $2", org, number).scalar_optional().await
}

/// What the work of a day has charged a customer, in the order of the methods.
pub async fn collected(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    run_on: Date,
) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, number, status, payment_type, method_type, method_context, currency, amount, balance,
                effective_on, is_system_payment, is_processed_by_billing_run, run_on, method_preference,
                payment_plan_id, installment, reverses_id, grants_credit, notes, processor, created_at, updated_at
         FROM payments WHERE org_id = $1 AND customer_id = $2 AND run_on = $3 ORDER BY method_preference, id",
        org,
        customer,
        run_on
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Payment::from).collect())
}

/// With its allocations and the processor's answer.
pub async fn full(conn: &mut Conn, org: OrganizationId, id: PaymentId) -> Result<Option<FullPayment>> {
    let head = find(conn, org, id).await?;
    whole(conn, org, head).await
}

/// The same of a number.
pub async fn full_numbered(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<FullPayment>> {
    let row: Option<Row> = q!(conn, NUMBERED, org, number).fetch_optional().await?;
    whole(conn, org, row.map(Payment::from)).await
}

async fn whole(conn: &mut Conn, org: OrganizationId, head: Option<Payment>) -> Result<Option<FullPayment>> {
    let Some(head) = head else { return Ok(None) };
    let result = processor_results::list(conn, org, head.id).await?.pop();
    let allocations = allocations::applied_by(conn, org, head.id).await?;
    Ok(Some(FullPayment { head, result, allocations }))
}

/// A payment with the part of it that an invoice has.
#[derive(sqlx::FromRow)]
struct AppliedRow {
    part: Amount,
    #[sqlx(flatten)]
    payment: Row,
}

const APPLIED: Sql = Sql::new(columns!(
    ", a.amount AS part FROM allocations a JOIN payments p ON p.org_id = a.org_id AND p.id = a.payment_id
     WHERE a.org_id = $1 AND a.invoice_id = $2 AND a.state = 'applied' ORDER BY a.id"
));

/// The payments that were applied to an invoice, in time order, each with its part.
pub async fn applied_to(conn: &mut Conn, org: OrganizationId, invoice: InvoiceId) -> Result<Vec<(Payment, Amount)>> {
    let rows: Vec<AppliedRow> = q!(conn, APPLIED, org, invoice).fetch_all().await?;
    Ok(rows.into_iter().map(|row| (row.payment.into(), row.part)).collect())
}

/// A customer's payments, newest first, and how many there are.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    page: Page,
) -> Result<(Vec<Payment>, i64)> {
    let total = q!(conn, "SELECT COUNT(*) FROM payments WHERE org_id = $1 AND customer_id = $2", org, customer)
        .scalar()
        .await?;
    Ok((latest(conn, org, customer, page).await?, total))
}

/// A part of them.
async fn latest(conn: &mut Conn, org: OrganizationId, customer: CustomerId, page: Page) -> Result<Vec<Payment>> {
    // Cast: SQLite plans a statement with a bare argument after LIMIT anew each time it runs.
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, number, status, payment_type, method_type, method_context, currency, amount, balance,
                effective_on, is_system_payment, is_processed_by_billing_run, run_on, method_preference,
                payment_plan_id, installment, reverses_id, grants_credit, notes, processor, created_at, updated_at
         FROM payments WHERE org_id = $1 AND customer_id = $2
         ORDER BY effective_on DESC, id DESC LIMIT CAST($3 AS BIGINT) OFFSET CAST($4 AS BIGINT)",
        org,
        customer,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Payment::from).collect())
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Payment) -> Result<u64> {
    let installment = new.collection.and_then(|collection| collection.installment);
    q!(
        tx,
        "INSERT INTO payments (org_id, id, customer_id, number, status, payment_type, method_type, method_context,
            currency, amount, balance, effective_on, is_system_payment, is_processed_by_billing_run, run_on,
            method_preference, payment_plan_id, installment, reverses_id, grants_credit, notes, processor,
            created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24)",
        org,
        new.id,
        new.customer,
        &new.number,
        new.status,
        new.payment_type,
        new.method_type,
        &new.method_context,
        new.currency,
        new.amount,
        new.balance,
        new.effective_on,
        new.is_system_payment,
        new.is_processed_by_billing_run,
        new.collection.map(|collection| collection.run_on),
        new.collection.map(|collection| collection.preference),
        installment.map(|installment| installment.plan),
        installment.map(|installment| installment.number),
        new.reverses,
        new.grants_credit,
        &new.notes,
        new.processor,
        new.created_at,
        new.updated_at
    )
    .execute()
    .await
}

/// Ends a pending payment; zero rows when another got there first.
pub async fn settle(tx: &mut Tx, org: OrganizationId, settled: &Payment) -> Result<u64> {
    q!(
        tx,
        "UPDATE payments SET status = $3, balance = $4, updated_at = $5
         WHERE org_id = $1 AND id = $2 AND status = 'Pending'",
        org,
        settled.id,
        settled.status,
        settled.balance,
        settled.updated_at
    )
    .execute()
    .await
}

/// What becomes of a paid payment: another state, or less of it left. Zero rows when it is not paid any more.
pub async fn save_paid(tx: &mut Tx, org: OrganizationId, now: &Payment) -> Result<u64> {
    q!(
        tx,
        "UPDATE payments SET status = $3, balance = $4, updated_at = $5
         WHERE org_id = $1 AND id = $2 AND status = 'Paid'",
        org,
        now.id,
        now.status,
        now.balance,
        now.updated_at
    )
    .execute()
    .await
}

/// The number of what takes a payment back, or tries to.
pub async fn reversal_number(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Option<String>> {
    q!(
        conn,
        "SELECT number FROM payments
         WHERE org_id = $1 AND reverses_id = $2 AND status <> 'Declined' AND status <> 'Error'",
        org,
        payment
    )
    .scalar_optional()
    .await
}

/// What takes a payment back, or tries to.
pub async fn reversal_of(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Option<PaymentId>> {
    q!(
        conn,
        "SELECT id FROM payments WHERE org_id = $1 AND reverses_id = $2 AND status <> 'Declined' AND status <> 'Error'",
        org,
        payment
    )
    .scalar_optional()
    .await
}

macro_rules! unapplied {
    () => {
        "SELECT id, customer_id, number, status, payment_type, method_type, method_context, currency, amount, balance,
            effective_on, is_system_payment, is_processed_by_billing_run, run_on, method_preference,
            payment_plan_id, installment, reverses_id, grants_credit, notes, processor, created_at, updated_at
         FROM payments WHERE org_id = $1 AND status = 'Paid' AND balance <> 0 AND customer_id"
    };
}
const UNAPPLIED: Sql = among!(unapplied!(), "ORDER BY customer_id, effective_on, id");
/// Of one customer, as after each payment: of a list PostgreSQL expects ten, and plans each of them anew.
const UNAPPLIED_OF_ONE: Sql = Sql::new(concat!(unapplied!(), " = $2 ORDER BY effective_on, id"));

/// Of these customers, the payments, credits and debits that have something left, oldest first.
pub async fn unapplied(conn: &mut Conn, org: OrganizationId, customers: &[CustomerId]) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = match customers {
        [customer] => q!(conn, UNAPPLIED_OF_ONE, org, *customer).fetch_all().await?,
        _ => q!(conn, UNAPPLIED, org, &json::ids(customers.iter().map(|customer| customer.0))).fetch_all().await?,
    };
    Ok(rows.into_iter().map(Payment::from).collect())
}
