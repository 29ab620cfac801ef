//! Passkeys of contacts, and the challenges that they have answered.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{ContactId, OrganizationId, PasskeyId};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Passkey {
    pub id: PasskeyId,
    pub contact_id: ContactId,
    /// In base64url, as the key.
    pub credential_id: String,
    pub public_key: String,
    pub sign_count: i64,
    pub name: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Passkey) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO passkeys (org_id, id, contact_id, credential_id, public_key, sign_count, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, credential_id) DO NOTHING",
        org,
        new.id,
        new.contact_id,
        &new.credential_id,
        &new.public_key,
        new.sign_count,
        &new.name,
        new.created_at
    )
    .execute()
    .await
}

pub async fn find(conn: &mut Conn, org: OrganizationId, credential_id: &str) -> Result<Option<Passkey>> {
    q!(
        conn,
        "SELECT id, contact_id, credential_id, public_key, sign_count, name, created_at, used_at FROM passkeys
         WHERE org_id = $1 AND credential_id = $2",
        org,
        credential_id
    )
    .fetch_optional()
    .await
}

/// In the order in which they were added.
pub async fn list(conn: &mut Conn, org: OrganizationId, contact: ContactId) -> Result<Vec<Passkey>> {
    q!(
        conn,
        "SELECT id, contact_id, credential_id, public_key, sign_count, name, created_at, used_at FROM passkeys
         WHERE org_id = $1 AND contact_id = $2 ORDER BY id",
        org,
        contact
    )
    .fetch_all()
    .await
}

/// Counts a signature; by one statement, so that a counter only grows. Some authenticators count nothing: 0 stays.
pub async fn count(tx: &mut Tx, org: OrganizationId, id: PasskeyId, count: i64, now: Timestamp) -> Result<bool> {
    let counted = q!(
        tx,
        "UPDATE passkeys SET sign_count = $3, used_at = $4
         WHERE org_id = $1 AND id = $2 AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))",
        org,
        id,
        count,
        now
    )
    .execute()
    .await?;
    Ok(counted == 1)
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, contact: ContactId, id: PasskeyId) -> Result<u64> {
    q!(tx, "DELETE FROM passkeys WHERE org_id = $1 AND contact_id = $2 AND id = $3", org, contact, id).execute().await
}

pub async fn delete_all(tx: &mut Tx, org: OrganizationId, contact: ContactId) -> Result<u64> {
    q!(tx, "DELETE FROM passkeys WHERE org_id = $1 AND contact_id = $2", org, contact).execute().await
}

/// `false`: the challenge was answered before.
pub async fn spend(tx: &mut Tx, org: OrganizationId, challenge_hash: &str, now: Timestamp) -> Result<bool> {
    let spent = q!(
        tx,
        "INSERT INTO spent_challenges (org_id, challenge_hash, spent_at) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, challenge_hash) DO NOTHING",
        org,
        challenge_hash,
        now
    )
    .execute()
    .await?;
    Ok(spent == 1)
}

/// Forgets challenges that were answered before `before`.
pub async fn sweep(tx: &mut Tx, org: OrganizationId, before: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM spent_challenges WHERE org_id = $1 AND spent_at <= $2", org, before).execute().await
}
