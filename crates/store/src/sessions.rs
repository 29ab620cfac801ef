//! Portal sessions, by the hash of their key.

use dbx::{Conn, Result, Tx, q};
use domain::customers::{Account, CustomerStatus};
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId};
use domain::money::Currency;

use crate::financials;

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

/// A session and whose it is.
pub struct OpenSession {
    /// What the session keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
    pub account: Account,
}

#[derive(sqlx::FromRow)]
struct Row {
    data: String,
    expires_at: Timestamp,
    customer_id: CustomerId,
    name: String,
    status: CustomerStatus,
    locale: String,
    currency: Currency,
    #[sqlx(flatten)]
    financials: financials::Row,
}

/// The same with its customer, in one statement: every page begins with it.
pub async fn open(conn: &mut Conn, org: OrganizationId, key_hash: &str) -> Result<Option<OpenSession>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT s.data, s.expires_at, s.customer_id, c.name, c.status, c.locale, c.currency,
                f.outstanding_balance, f.previous_balance, f.current_balance, f.last_payment_amount, f.last_payment_on, f.last_invoice_amount,
                f.last_invoiced_on, f.lifetime_payments, f.lifetime_value
         FROM sessions s
         JOIN customers c ON c.org_id = s.org_id AND c.id = s.customer_id
         JOIN customer_financials f ON f.org_id = s.org_id AND f.customer_id = s.customer_id
         WHERE s.org_id = $1 AND s.key_hash = $2",
        org,
        key_hash
    )
    .fetch_optional()
    .await?;
    Ok(row.map(|row| OpenSession {
        data: row.data,
        expires_at: row.expires_at,
        account: Account {
            customer: row.customer_id,
            name: row.name,
            status: row.status,
            locale: row.locale,
            currency: row.currency,
            financials: row.financials.into(),
        },
    }))
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
