//! Portal sessions, by the hash of their key.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredSession {
    pub customer_id: CustomerId,
    /// What the session keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
}

/// A session, over or not.
pub async fn find(conn: &mut Conn, org: OrganizationId, key_hash: &str) -> Result<Option<StoredSession>> {
    q!(conn, "SELECT customer_id, data, expires_at FROM sessions WHERE org_id = $1 AND key_hash = $2", org, key_hash)
        .fetch_optional()
        .await
}

/// Inserts or replaces.
pub async fn save(tx: &mut Tx, org: OrganizationId, key_hash: &str, session: &StoredSession) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO sessions (org_id, key_hash, customer_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, key_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
        org,
        key_hash,
        session.customer_id,
        &session.data,
        session.expires_at
    )
    .execute()
    .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, key_hash: &str) -> Result<u64> {
    q!(tx, "DELETE FROM sessions WHERE org_id = $1 AND key_hash = $2", org, key_hash).execute().await
}

/// Forgets sessions that were over before `before`.
pub async fn sweep(tx: &mut Tx, org: OrganizationId, before: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM sessions WHERE org_id = $1 AND expires_at <= $2", org, before).execute().await
}
