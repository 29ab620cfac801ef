//! What somebody has forgotten: what was asked for, and the links to choose a new password by.

use dbx::{Conn, Result, Tx, q};
use domain::access::Forgotten;
use domain::dates::Timestamp;
use domain::ids::{ContactId, CustomerId, ForgottenId, OrganizationId};

/// What anybody asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Asked {
    pub id: ForgottenId,
    pub kind: Forgotten,
    /// A user name or an e-mail address, as it was typed.
    pub asked: String,
    /// Where a link is to lead.
    pub page: String,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Asked, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO forgotten (org_id, id, kind, asked, page, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        org,
        new.id,
        new.kind,
        &new.asked,
        &new.page,
        now
    )
    .execute()
    .await
}

pub async fn find(conn: &mut Conn, org: OrganizationId, id: ForgottenId) -> Result<Option<Asked>> {
    q!(conn, "SELECT id, kind, asked, page FROM forgotten WHERE org_id = $1 AND id = $2", org, id)
        .fetch_optional()
        .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, id: ForgottenId) -> Result<u64> {
    q!(tx, "DELETE FROM forgotten WHERE org_id = $1 AND id = $2", org, id).execute().await
}

/// Those who can sign in and get mail at this address, and by which name; the first few.
pub async fn usernames(conn: &mut Conn, org: OrganizationId, email: &str) -> Result<Vec<(CustomerId, String)>> {
    q!(
        conn,
        "SELECT customer_id, username FROM contacts
         WHERE org_id = $1 AND LOWER(email_primary) = LOWER($2) AND username IS NOT NULL AND kind = 'billing'
         ORDER BY id LIMIT 10",
        org,
        email
    )
    .fetch_all()
    .await
}

/// A link to choose a new password by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reset {
    pub contact_id: ContactId,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// Of the wall clock.
    pub asked_at: Timestamp,
}

pub async fn insert_reset(tx: &mut Tx, org: OrganizationId, token_hash: &str, new: &Reset) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO password_resets (org_id, token_hash, contact_id, expires_at, used_at, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        org,
        token_hash,
        new.contact_id,
        new.expires_at,
        new.used_at,
        new.asked_at
    )
    .execute()
    .await
}

pub async fn find_reset(conn: &mut Conn, org: OrganizationId, token_hash: &str) -> Result<Option<Reset>> {
    q!(
        conn,
        "SELECT contact_id, expires_at, used_at, asked_at FROM password_resets WHERE org_id = $1 AND token_hash = $2",
        org,
        token_hash
    )
    .fetch_optional()
    .await
}

/// Uses a link up that is neither used nor over: by one statement, so that it serves once.
pub async fn use_reset(tx: &mut Tx, org: OrganizationId, token_hash: &str, now: Timestamp) -> Result<bool> {
    let used = q!(
        tx,
        "UPDATE password_resets SET used_at = $3
         WHERE org_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3",
        org,
        token_hash,
        now
    )
    .execute()
    .await?;
    Ok(used == 1)
}

/// Uses up all links that a contact still has.
pub async fn end_resets(tx: &mut Tx, org: OrganizationId, contact: ContactId, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE password_resets SET used_at = $3 WHERE org_id = $1 AND contact_id = $2 AND used_at IS NULL",
        org,
        contact,
        now
    )
    .execute()
    .await
}

/// How many links a contact was sent since.
pub async fn count_resets(conn: &mut Conn, org: OrganizationId, contact: ContactId, since: Timestamp) -> Result<i64> {
    q!(
        conn,
        "SELECT COUNT(*) FROM password_resets WHERE org_id = $1 AND contact_id = $2 AND asked_at > $3",
        org,
        contact,
        since
    )
    .scalar()
    .await
}

/// Forgets a contact's links from before.
pub async fn sweep_resets(tx: &mut Tx, org: OrganizationId, contact: ContactId, before: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM password_resets WHERE org_id = $1 AND contact_id = $2 AND asked_at <= $3", org, contact, before)
        .execute()
        .await
}

/// Counts a guess at a name that nobody has.
pub async fn count_unknown_login(tx: &mut Tx, org: OrganizationId, slot: i64) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO unknown_logins (org_id, slot, failed) VALUES ($1, $2, 1)
         ON CONFLICT (org_id, slot) DO UPDATE SET failed = unknown_logins.failed + 1",
        org,
        slot
    )
    .execute()
    .await
}
