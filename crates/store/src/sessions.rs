//! Portal sessions, by the hash of their key; to those who list them, by an id that opens nothing.

use dbx::{Conn, Result, Tx, q};
use domain::customers::{Account, Balances, CustomerStatus};
use domain::dates::{Date, Timestamp};
use domain::devices::Device;
use domain::ids::{ContactId, CustomerId, OrganizationId, SessionId};
use domain::money::{Amount, Currency};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredSession {
    pub customer_id: CustomerId,
    /// What the session keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
}

/// From where a session was used last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub device: Device,
    pub address: String,
    pub at: Timestamp,
}

/// A session and whose it is.
pub struct OpenSession {
    pub id: SessionId,
    /// What the session keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
    /// Somebody has ended it before its time: nothing begins it anew.
    pub is_ended: bool,
    pub account: Account,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SessionId,
    data: String,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
    customer_id: CustomerId,
    name: String,
    status: CustomerStatus,
    locale: String,
    currency: Currency,
    outstanding_balance: Amount,
    last_payment_amount: Amount,
    last_payment_on: Option<Date>,
    last_invoice_amount: Amount,
    last_invoiced_on: Option<Date>,
}

/// A session, over or not, with its customer, in one statement: every page begins with it.
pub async fn open(conn: &mut Conn, org: OrganizationId, key_hash: &str) -> Result<Option<OpenSession>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT s.id, s.data, s.expires_at, s.ended_at, s.customer_id, c.name, c.status, c.locale, c.currency,
                f.outstanding_balance, f.last_payment_amount, f.last_payment_on, f.last_invoice_amount, f.last_invoiced_on
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
        id: row.id,
        data: row.data,
        expires_at: row.expires_at,
        is_ended: row.ended_at.is_some(),
        account: Account {
            customer: row.customer_id,
            name: row.name,
            status: row.status,
            locale: row.locale,
            currency: row.currency,
            balances: Balances {
                outstanding_balance: row.outstanding_balance,
                last_payment_amount: row.last_payment_amount,
                last_payment_on: row.last_payment_on,
                last_invoice_amount: row.last_invoice_amount,
                last_invoiced_on: row.last_invoiced_on,
            },
        },
    }))
}

/// A session as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub id: SessionId,
    /// `None`: let in by the merchant.
    pub contact: Option<ContactId>,
    pub session: StoredSession,
    pub seen: Seen,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, key_hash: &str, new: &NewSession) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO sessions (org_id, key_hash, customer_id, data, expires_at, id, contact_id, device, address,
            started_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        org,
        key_hash,
        new.session.customer_id,
        &new.session.data,
        new.session.expires_at,
        new.id,
        new.contact,
        new.seen.device,
        &new.seen.address,
        new.seen.at
    )
    .execute()
    .await
}

/// The next state of a session. Zero rows: it was ended meanwhile, and stays so.
pub async fn save(
    tx: &mut Tx,
    org: OrganizationId,
    key_hash: &str,
    session: &StoredSession,
    seen: &Seen,
) -> Result<u64> {
    q!(
        tx,
        "UPDATE sessions SET data = $3, expires_at = $4, device = $5, address = $6, seen_at = $7
         WHERE org_id = $1 AND key_hash = $2 AND ended_at IS NULL",
        org,
        key_hash,
        &session.data,
        session.expires_at,
        seen.device,
        &seen.address,
        seen.at
    )
    .execute()
    .await
}

/// A session as its customer and the merchant see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedSession {
    pub id: SessionId,
    pub contact_id: Option<ContactId>,
    pub device: Device,
    pub address: String,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A customer's sessions that are not over, the one used last on top; the first hundred.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<ListedSession>> {
    q!(
        conn,
        "SELECT id, contact_id, device, address, started_at, seen_at, expires_at FROM sessions
         WHERE org_id = $1 AND customer_id = $2 AND expires_at > $3 ORDER BY seen_at DESC, id DESC LIMIT 100",
        org,
        customer,
        now
    )
    .fetch_all()
    .await
}

/// Whose session it is, if it is not over.
pub async fn customer_of(
    conn: &mut Conn,
    org: OrganizationId,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<CustomerId>> {
    q!(conn, "SELECT customer_id FROM sessions WHERE org_id = $1 AND id = $2 AND expires_at > $3", org, id, now)
        .scalar_optional()
        .await
}

/// Ends one of a customer's sessions.
pub async fn end(tx: &mut Tx, org: OrganizationId, customer: CustomerId, id: SessionId, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE sessions SET expires_at = $4, ended_at = $4
         WHERE org_id = $1 AND customer_id = $2 AND id = $3 AND expires_at > $4",
        org,
        customer,
        id,
        now
    )
    .execute()
    .await
}

/// Ends all of a customer's sessions but this one.
pub async fn end_others(
    tx: &mut Tx,
    org: OrganizationId,
    customer: CustomerId,
    but: SessionId,
    now: Timestamp,
) -> Result<u64> {
    q!(
        tx,
        "UPDATE sessions SET expires_at = $4, ended_at = $4
         WHERE org_id = $1 AND customer_id = $2 AND id <> $3 AND expires_at > $4",
        org,
        customer,
        but,
        now
    )
    .execute()
    .await
}

/// Ends those that a contact has begun, but this one.
pub async fn end_of_contact(
    tx: &mut Tx,
    org: OrganizationId,
    (customer, contact): (CustomerId, ContactId),
    but: SessionId,
    now: Timestamp,
) -> Result<u64> {
    q!(
        tx,
        "UPDATE sessions SET expires_at = $5, ended_at = $5
         WHERE org_id = $1 AND customer_id = $2 AND contact_id = $3 AND id <> $4 AND expires_at > $5",
        org,
        customer,
        contact,
        but,
        now
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

/// No session has it: for "all but none".
pub const NONE: SessionId = SessionId(0);
