//! Confirmations of the portal: what was confirmed, by the hash of its key, and the payment that came of it.

use dbx::{Conn, Result, Tx, q};
use domain::ids::{OrganizationId, PaymentId};

pub async fn find(conn: &mut Conn, org: OrganizationId, key_hash: &str) -> Result<Option<PaymentId>> {
    q!(conn, "SELECT payment_id FROM checkouts WHERE org_id = $1 AND key_hash = $2", org, key_hash)
        .scalar_optional()
        .await
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, key_hash: &str, payment: PaymentId) -> Result<u64> {
    q!(tx, "INSERT INTO checkouts (org_id, key_hash, payment_id) VALUES ($1, $2, $3)", org, key_hash, payment)
        .execute()
        .await
}
