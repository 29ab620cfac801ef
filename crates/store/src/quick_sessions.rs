//! Sessions of quick pay, by the hash of their key. Each is for one invoice.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{InvoiceId, OrganizationId};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QuickSession {
    pub invoice_id: InvoiceId,
    /// What the session keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
}

pub async fn find(conn: &mut Conn, org: OrganizationId, key_hash: &str) -> Result<Option<QuickSession>> {
    q!(
        conn,
        "SELECT invoice_id, data, expires_at FROM quick_sessions WHERE org_id = $1 AND key_hash = $2",
        org,
        key_hash
    )
    .fetch_optional()
    .await
}

/// Inserts or replaces.
pub async fn save(tx: &mut Tx, org: OrganizationId, key_hash: &str, session: &QuickSession) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO quick_sessions (org_id, key_hash, invoice_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, key_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
        org,
        key_hash,
        session.invoice_id,
        &session.data,
        session.expires_at
    )
    .execute()
    .await
}

/// Forgets those that are over.
pub async fn sweep(tx: &mut Tx, org: OrganizationId, now: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM quick_sessions WHERE org_id = $1 AND expires_at <= $2", org, now).execute().await
}
