//! What processors said of payments.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{OrganizationId, PaymentId, ProcessorResultId};
use domain::payments::{Answer, Match, ProcessorResult, RequestKind, Verdict};

#[derive(sqlx::FromRow)]
struct Row {
    id: ProcessorResultId,
    payment_id: PaymentId,
    request: RequestKind,
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

impl From<Row> for ProcessorResult {
    fn from(row: Row) -> ProcessorResult {
        ProcessorResult {
            id: row.id,
            request: row.request,
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
        }
    }
}

/// All answers about a payment, in their order; the last one decided.
pub async fn list(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<ProcessorResult>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, payment_id, request, verdict, transaction_id, approval_code, status_message, error_code,
                error_message, avs, cvv, response_time_ms, created_at
         FROM processor_results WHERE org_id = $1 AND payment_id = $2 ORDER BY id",
        org,
        payment
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(ProcessorResult::from).collect())
}

/// The same of at least one payment.
pub(crate) async fn of_all(
    conn: &mut Conn,
    org: OrganizationId,
    payments: &[PaymentId],
) -> Result<Vec<(PaymentId, ProcessorResult)>> {
    let mut sql = conn.build(
        "SELECT id, payment_id, request, verdict, transaction_id, approval_code, status_message, error_code,
                error_message, avs, cvv, response_time_ms, created_at
         FROM processor_results WHERE org_id = ",
    );
    sql.push_bind(org);
    crate::one_of(&mut sql, "payment_id", payments);
    sql.push(" ORDER BY id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().map(|row| (row.payment_id, row.into())).collect())
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, payment: PaymentId, result: &ProcessorResult) -> Result<u64> {
    let answer = &result.answer;
    q!(
        tx,
        "INSERT INTO processor_results (org_id, id, payment_id, request, verdict, transaction_id, approval_code,
            status_message, error_code, error_message, avs, cvv, response_time_ms, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        org,
        result.id,
        payment,
        result.request,
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
