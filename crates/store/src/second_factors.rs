//! What a contact proves itself with besides the password: an authenticator app, and codes for when that is lost.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{ContactId, OrganizationId};

use crate::sealed::Sealed;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Authenticator {
    pub contact_id: ContactId,
    pub secret_sealed: String,
    pub key_id: String,
    /// The half-minute of the code that was taken last.
    pub last_step: i64,
}

pub async fn find(conn: &mut Conn, org: OrganizationId, contact: ContactId) -> Result<Option<Authenticator>> {
    q!(
        conn,
        "SELECT contact_id, secret_sealed, key_id, last_step FROM authenticators WHERE org_id = $1 AND contact_id = $2",
        org,
        contact
    )
    .fetch_optional()
    .await
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Authenticator, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO authenticators (org_id, contact_id, secret_sealed, key_id, last_step, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        org,
        new.contact_id,
        &new.secret_sealed,
        &new.key_id,
        new.last_step,
        now
    )
    .execute()
    .await
}

/// Takes the code of a half-minute; by one statement, so that it is taken once.
pub async fn take_step(tx: &mut Tx, org: OrganizationId, contact: ContactId, step: i64) -> Result<bool> {
    let taken = q!(
        tx,
        "UPDATE authenticators SET last_step = $3 WHERE org_id = $1 AND contact_id = $2 AND last_step < $3",
        org,
        contact,
        step
    )
    .execute()
    .await?;
    Ok(taken == 1)
}

/// The app and its recovery codes.
pub async fn delete(tx: &mut Tx, org: OrganizationId, contact: ContactId) -> Result<u64> {
    delete_codes(tx, org, contact).await?;
    q!(tx, "DELETE FROM authenticators WHERE org_id = $1 AND contact_id = $2", org, contact).execute().await
}

pub async fn insert_code(tx: &mut Tx, org: OrganizationId, contact: ContactId, code_hash: &str) -> Result<u64> {
    q!(tx, "INSERT INTO recovery_codes (org_id, contact_id, code_hash) VALUES ($1, $2, $3)", org, contact, code_hash)
        .execute()
        .await
}

pub async fn delete_codes(tx: &mut Tx, org: OrganizationId, contact: ContactId) -> Result<u64> {
    q!(tx, "DELETE FROM recovery_codes WHERE org_id = $1 AND contact_id = $2", org, contact).execute().await
}

/// Uses a recovery code up; by one statement, so that it serves once.
pub async fn use_code(
    tx: &mut Tx,
    org: OrganizationId,
    contact: ContactId,
    code_hash: &str,
    now: Timestamp,
) -> Result<bool> {
    let used = q!(
        tx,
        "UPDATE recovery_codes SET used_at = $4
         WHERE org_id = $1 AND contact_id = $2 AND code_hash = $3 AND used_at IS NULL",
        org,
        contact,
        code_hash,
        now
    )
    .execute()
    .await?;
    Ok(used == 1)
}

/// How many recovery codes a contact has left.
pub async fn codes_left(conn: &mut Conn, org: OrganizationId, contact: ContactId) -> Result<i64> {
    q!(
        conn,
        "SELECT COUNT(*) FROM recovery_codes WHERE org_id = $1 AND contact_id = $2 AND used_at IS NULL",
        org,
        contact
    )
    .scalar()
    .await
}

/// Secrets that another key than this one sealed, after a contact, at most so many.
pub async fn of_other_keys(
    conn: &mut Conn,
    org: OrganizationId,
    key_id: &str,
    (after, max): (ContactId, i64),
) -> Result<Vec<Authenticator>> {
    q!(
        conn,
        "SELECT contact_id, secret_sealed, key_id, last_step FROM authenticators
         WHERE org_id = $1 AND contact_id > $2 AND key_id <> $3 ORDER BY contact_id LIMIT CAST($4 AS BIGINT)",
        org,
        after,
        key_id,
        max
    )
    .fetch_all()
    .await
}

/// Zero rows where the app was replaced meanwhile.
pub async fn replace_secret(tx: &mut Tx, org: OrganizationId, old: &Authenticator, new: &Sealed) -> Result<u64> {
    q!(
        tx,
        "UPDATE authenticators SET secret_sealed = $4, key_id = $5
         WHERE org_id = $1 AND contact_id = $2 AND secret_sealed = $3",
        org,
        old.contact_id,
        &old.secret_sealed,
        &new.text,
        &new.key_id
    )
    .execute()
    .await
}
