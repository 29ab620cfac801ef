//! The append-only ledger.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, InvoiceId, OrganizationId, PaymentId};
use domain::ledger::{Account, Entry};
use domain::money::Amount;

/// What a posting is about.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    pub customer: CustomerId,
    pub invoice: Option<InvoiceId>,
    pub payment: Option<PaymentId>,
    pub booked_on: Date,
    pub now: Timestamp,
}

/// One side of a posting, under its id.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub id: i64,
    pub of: Posting,
    pub entry: Entry,
}

/// Books postings, each with all its entries.
pub async fn post(tx: &mut Tx, org: OrganizationId, rows: &[Row]) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO ledger_entries (org_id, id, customer_id, invoice_id, payment_id, account, amount, booked_on, created_at)",
        rows,
        |Row { id, of, entry }| {
            let (invoice, payment) = (of.invoice, of.payment);
            (org, *id, of.customer, invoice, payment, entry.account, entry.amount, of.booked_on, of.now)
        },
    )
    .execute()
    .await
}

/// The balance of one account of a customer.
pub async fn balance(conn: &mut Conn, org: OrganizationId, customer: CustomerId, account: Account) -> Result<Amount> {
    q!(
        conn,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_entries
         WHERE org_id = $1 AND customer_id = $2 AND account = $3",
        org,
        customer,
        account
    )
    .scalar()
    .await
}

/// The sum over all accounts and customers: zero, or the books are wrong.
pub async fn sum(conn: &mut Conn, org: OrganizationId) -> Result<Amount> {
    q!(conn, "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_entries WHERE org_id = $1", org)
        .scalar()
        .await
}
