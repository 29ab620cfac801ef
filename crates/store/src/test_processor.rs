//! The Test Processor's own book of charges, by key. Not ours: it stands for the outside world.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::money::{Amount, Currency};
use domain::payments::{Answer, Match, Verdict};

#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub key: &'a str,
    pub amount: Amount,
    pub currency: Currency,
}

#[derive(sqlx::FromRow)]
struct Row {
    verdict: Verdict,
    transaction_id: String,
    approval_code: String,
    status_message: String,
    error_code: String,
    error_message: String,
    avs: Match,
    cvv: Match,
}

/// The answer that a key got.
pub async fn find(conn: &mut Conn, org: OrganizationId, key: &str) -> Result<Option<Answer>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT verdict, transaction_id, approval_code, status_message, error_code, error_message, avs, cvv
         FROM test_processor_charges WHERE org_id = $1 AND key = $2",
        org,
        key
    )
    .fetch_optional()
    .await?;
    Ok(row.map(|row| Answer {
        verdict: row.verdict,
        transaction_id: row.transaction_id,
        approval_code: row.approval_code,
        status_message: row.status_message,
        error_code: row.error_code,
        error_message: row.error_message,
        avs: row.avs,
        cvv: row.cvv,
        response_time_ms: 0,
    }))
}

/// Remembers an answer; the first one for a key stays.
pub async fn insert(
    tx: &mut Tx,
    org: OrganizationId,
    request: Request<'_>,
    answer: &Answer,
    now: Timestamp,
) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO test_processor_charges (org_id, key, amount, currency, verdict, transaction_id, approval_code,
            status_message, error_code, error_message, avs, cvv, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (org_id, key) DO NOTHING",
        org,
        request.key,
        request.amount,
        request.currency,
        answer.verdict,
        &answer.transaction_id,
        &answer.approval_code,
        &answer.status_message,
        &answer.error_code,
        &answer.error_message,
        answer.avs,
        answer.cvv,
        now
    )
    .execute()
    .await
}

/// Everything that was approved, added up.
pub async fn charged(conn: &mut Conn, org: OrganizationId) -> Result<Amount> {
    q!(
        conn,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM test_processor_charges
         WHERE org_id = $1 AND verdict = 'Approved'",
        org
    )
    .scalar()
    .await
}
