//! Keys under which API users have sent requests, with what was answered (`api.md` §1.9).

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{OrganizationId, PaymentId, StaffId};

/// A request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Done {
    pub request_hash: String,
    /// `None`: the answer was lost, or is on its way.
    pub status: Option<i64>,
    pub content_type: Option<String>,
    pub body: Option<String>,
    /// What the request has begun, and perhaps ended.
    pub payment_id: Option<PaymentId>,
}

/// A key of one API user, and the request that it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    pub staff: StaffId,
    pub key: &'a str,
    pub request_hash: &'a str,
}

pub struct Answer<'a> {
    pub status: i64,
    pub content_type: &'a str,
    pub body: &'a str,
}

/// What was done under a key since `after`.
pub async fn find(
    conn: &mut Conn,
    org: OrganizationId,
    (staff, key): (StaffId, &str),
    after: Timestamp,
) -> Result<Option<Done>> {
    q!(
        conn,
        "SELECT request_hash, status, content_type, body, payment_id FROM idempotency_keys
         WHERE org_id = $1 AND staff_id = $2 AND key = $3 AND created_at > $4",
        org,
        staff,
        key,
        after
    )
    .fetch_optional()
    .await
}

/// Takes a key that nobody has used since `after`. `false`: somebody has, perhaps a moment ago.
pub async fn claim(tx: &mut Tx, org: OrganizationId, key: Key<'_>, now: Timestamp, after: Timestamp) -> Result<bool> {
    let taken = q!(
        tx,
        "INSERT INTO idempotency_keys (org_id, staff_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, staff_id, key) DO UPDATE SET request_hash = excluded.request_hash,
            created_at = excluded.created_at, status = NULL, content_type = NULL, body = NULL,
            payment_id = NULL
         WHERE idempotency_keys.created_at <= $6",
        org,
        key.staff,
        key.key,
        key.request_hash,
        now,
        after
    )
    .execute()
    .await?;
    Ok(taken > 0)
}

/// Keeps the answer, once. What was answered first stands.
pub async fn answer(tx: &mut Tx, org: OrganizationId, key: Key<'_>, answer: &Answer<'_>) -> Result<u64> {
    q!(
        tx,
        "UPDATE idempotency_keys SET status = $5, content_type = $6, body = $7
         WHERE org_id = $1 AND staff_id = $2 AND key = $3 AND request_hash = $4 AND status IS NULL",
        org,
        key.staff,
        key.key,
        key.request_hash,
        answer.status,
        answer.content_type,
        answer.body
    )
    .execute()
    .await
}

/// The request has begun a payment.
pub async fn begin_payment(tx: &mut Tx, org: OrganizationId, key: Key<'_>, payment: PaymentId) -> Result<u64> {
    q!(
        tx,
        "UPDATE idempotency_keys SET payment_id = $5
         WHERE org_id = $1 AND staff_id = $2 AND key = $3 AND request_hash = $4",
        org,
        key.staff,
        key.key,
        key.request_hash,
        payment
    )
    .execute()
    .await
}

/// Forgets what was done up to `until`.
pub async fn sweep(tx: &mut Tx, org: OrganizationId, until: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM idempotency_keys WHERE org_id = $1 AND created_at <= $2", org, until).execute().await
}
