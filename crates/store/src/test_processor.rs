//! The Test Processor's own book of what it was asked, by key. Not ours: it stands for the outside world.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::OrganizationId;
use domain::money::{Amount, Currency};
use domain::payments::{Answer, Match, RequestKind, Verdict};

#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub key: &'a str,
    pub kind: RequestKind,
    pub amount: Amount,
    pub currency: Currency,
    /// Of the organization's clock.
    pub today: Date,
    /// The transaction that it gives back.
    pub gives_back: Option<&'a str>,
}

/// A sale that was approved, and what of it was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sale {
    pub amount: Amount,
    pub currency: Currency,
    /// Of sales that are older than this column, it is not known any more.
    pub charged_on: Option<Date>,
    pub given_back: Amount,
}

/// The sale with this transaction id; held until the transaction ends, so that it is given back once.
pub async fn hold_sale(tx: &mut Tx, org: OrganizationId, transaction_id: &str) -> Result<Option<Sale>> {
    q!(
        tx,
        "UPDATE test_processor_charges SET kind = kind
         WHERE org_id = $1 AND transaction_id = $2 AND kind = 'sale' AND verdict = 'Approved'",
        org,
        transaction_id
    )
    .execute()
    .await?;
    q!(
        tx,
        "SELECT s.amount, s.currency, s.charged_on, CAST(COALESCE((SELECT SUM(b.amount) FROM test_processor_charges b
            WHERE b.org_id = s.org_id AND b.gives_back = $2 AND b.verdict = 'Approved'), 0) AS BIGINT)
            AS given_back
         FROM test_processor_charges s
         WHERE s.org_id = $1 AND s.transaction_id = $2 AND s.kind = 'sale' AND s.verdict = 'Approved'",
        org,
        transaction_id
    )
    .fetch_optional()
    .await
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
            status_message, error_code, error_message, avs, cvv, created_at, kind, gives_back, charged_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (org_id, key) DO NOTHING",
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
        now,
        request.kind,
        request.gives_back,
        request.today
    )
    .execute()
    .await
}

/// What was charged and not given back, everything added up.
pub async fn charged(conn: &mut Conn, org: OrganizationId) -> Result<Amount> {
    q!(
        conn,
        "SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'sale' THEN amount ELSE -amount END), 0) AS BIGINT) FROM test_processor_charges
         WHERE org_id = $1 AND verdict = 'Approved'",
        org
    )
    .scalar()
    .await
}
