//! Payments, their allocations, and what the processor said.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{AllocationId, CustomerId, InvoiceId, OrganizationId, PaymentId, PaymentPlanId, ProcessorResultId};
use domain::money::{Amount, Currency};
use domain::payments::{
    Allocation, Answer, Collection, FullPayment, Installment, Match, MethodType, Payment, PaymentStatus, PaymentType,
    Processor, ProcessorResult, Verdict,
};

use crate::Page;

#[derive(sqlx::FromRow)]
struct Row {
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
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, id: PaymentId) -> Result<Option<Payment>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT id, customer_id, number, status, payment_type, method_type, method_context, currency, amount, balance,
                effective_on, is_system_payment, is_processed_by_billing_run, run_on, method_preference,
                payment_plan_id, installment, reverses_id, processor, created_at, updated_at
         FROM payments WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .fetch_optional()
    .await?;
    Ok(row.map(Payment::from))
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<PaymentId>> {
    q!(conn, "SELECT id FROM payments WHERE org_id = $1 AND number = $2", org, number).scalar_optional().await
}

/// With its allocations and the processor's answer.
pub async fn full(conn: &mut Conn, org: OrganizationId, id: PaymentId) -> Result<Option<FullPayment>> {
    let Some(head) = find(conn, org, id).await? else { return Ok(None) };
    let result = result(conn, org, id).await?;
    let allocations = applied_by(conn, org, id).await?;
    Ok(Some(FullPayment { head, result, allocations }))
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

/// The same without counting.
pub async fn latest(conn: &mut Conn, org: OrganizationId, customer: CustomerId, page: Page) -> Result<Vec<Payment>> {
    // Cast: SQLite plans a statement with a bare argument after LIMIT anew each time it runs.
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, number, status, payment_type, method_type, method_context, currency, amount, balance,
                effective_on, is_system_payment, is_processed_by_billing_run, run_on, method_preference,
                payment_plan_id, installment, reverses_id, processor, created_at, updated_at
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
            method_preference, payment_plan_id, installment, reverses_id, processor, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
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

#[derive(sqlx::FromRow)]
struct AllocationRow {
    id: AllocationId,
    payment_id: PaymentId,
    invoice_id: InvoiceId,
    customer_id: CustomerId,
    amount: Amount,
    balance: Amount,
    created_at: Timestamp,
}

impl From<AllocationRow> for Allocation {
    fn from(row: AllocationRow) -> Allocation {
        Allocation {
            id: row.id,
            payment: row.payment_id,
            invoice: row.invoice_id,
            customer: row.customer_id,
            amount: row.amount,
            balance: row.balance,
            created_at: row.created_at,
        }
    }
}

/// Holds parts of invoices for a payment on its way.
pub async fn reserve(tx: &mut Tx, org: OrganizationId, parts: &[Allocation]) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at)",
        parts,
        |part| {
            let (id, payment, invoice, customer) = (part.id, part.payment, part.invoice, part.customer);
            (org, id, payment, invoice, customer, "reserved", part.amount, part.balance, part.created_at)
        },
    )
    .execute()
    .await
}

/// What a payment holds, in the order in which it is to be applied.
pub async fn reserved_by(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<Allocation>> {
    let rows: Vec<AllocationRow> = q!(
        conn,
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = $1 AND payment_id = $2 AND state = 'reserved' ORDER BY id",
        org,
        payment
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

async fn applied_by(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<Allocation>> {
    let rows: Vec<AllocationRow> = q!(
        conn,
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = $1 AND payment_id = $2 AND state = 'applied' ORDER BY id",
        org,
        payment
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// What was applied to an invoice, in time order.
pub async fn applied_to(conn: &mut Conn, org: OrganizationId, invoice: InvoiceId) -> Result<Vec<Allocation>> {
    let rows: Vec<AllocationRow> = q!(
        conn,
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = $1 AND invoice_id = $2 AND state = 'applied' ORDER BY id",
        org,
        invoice
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// The same of at least one invoice.
pub(crate) async fn applied_to_all(
    conn: &mut Conn,
    org: OrganizationId,
    invoices: &[InvoiceId],
) -> Result<Vec<Allocation>> {
    let mut sql = conn.build(
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = ",
    );
    sql.push_bind(org).push(" AND state = 'applied'");
    crate::one_of(&mut sql, "invoice_id", invoices);
    sql.push(" ORDER BY id");
    let rows: Vec<AllocationRow> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// What becomes of everything a payment held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Applied,
    Released,
}

pub async fn resolve(tx: &mut Tx, org: OrganizationId, payment: PaymentId, held: Held) -> Result<u64> {
    let state = match held {
        Held::Applied => "applied",
        Held::Released => "released",
    };
    q!(
        tx,
        "UPDATE allocations SET state = $3 WHERE org_id = $1 AND payment_id = $2 AND state = 'reserved'",
        org,
        payment,
        state
    )
    .execute()
    .await
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    id: ProcessorResultId,
    verdict: Verdict,
    transaction_id: String,
    approval_code: String,
    status_message: String,
    error_code: String,
    error_message: String,
    avs: Match,
    cvv: Match,
    response_time_ms: i64,
    created_at: Timestamp,
}

async fn result(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Option<ProcessorResult>> {
    let row: Option<ResultRow> = q!(
        conn,
        "SELECT id, verdict, transaction_id, approval_code, status_message, error_code, error_message, avs, cvv,
                response_time_ms, created_at
         FROM processor_results WHERE org_id = $1 AND payment_id = $2",
        org,
        payment
    )
    .fetch_optional()
    .await?;
    Ok(row.map(|row| ProcessorResult {
        id: row.id,
        answer: Answer {
            verdict: row.verdict,
            transaction_id: row.transaction_id,
            approval_code: row.approval_code,
            status_message: row.status_message,
            error_code: row.error_code,
            error_message: row.error_message,
            avs: row.avs,
            cvv: row.cvv,
            response_time_ms: row.response_time_ms,
        },
        created_at: row.created_at,
    }))
}

pub async fn insert_result(
    tx: &mut Tx,
    org: OrganizationId,
    payment: PaymentId,
    result: &ProcessorResult,
) -> Result<u64> {
    let answer = &result.answer;
    q!(
        tx,
        "INSERT INTO processor_results (org_id, id, payment_id, verdict, transaction_id, approval_code, status_message,
            error_code, error_message, avs, cvv, response_time_ms, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        org,
        result.id,
        payment,
        answer.verdict,
        &answer.transaction_id,
        &answer.approval_code,
        &answer.status_message,
        &answer.error_code,
        &answer.error_message,
        answer.avs,
        answer.cvv,
        answer.response_time_ms,
        result.created_at
    )
    .execute()
    .await
}
