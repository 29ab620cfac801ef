//! Parts of payments, and the invoices that they go to. What is no longer applied stays as history.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{AllocationId, CustomerId, InvoiceId, OrganizationId, PaymentId};
use domain::money::Amount;
use domain::payments::Allocation;

#[derive(sqlx::FromRow)]
struct Row {
    id: AllocationId,
    payment_id: PaymentId,
    invoice_id: InvoiceId,
    customer_id: CustomerId,
    amount: Amount,
    balance: Amount,
    created_at: Timestamp,
}

impl From<Row> for Allocation {
    fn from(row: Row) -> Allocation {
        Allocation {
            id: row.id,
            payment: row.payment_id,
            invoice: row.invoice_id,
            customer: row.customer_id,
            amount: row.amount,
            balance: row.balance,
            created_at: row.created_at,
        }
    }
}

/// Holds parts of invoices for a payment on its way.
pub async fn reserve(tx: &mut Tx, org: OrganizationId, parts: &[Allocation]) -> Result<u64> {
    insert(tx, org, parts, "reserved").await
}

async fn insert(tx: &mut Tx, org: OrganizationId, parts: &[Allocation], state: &'static str) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at)",
        parts,
        |part| {
            let (id, payment, invoice, customer) = (part.id, part.payment, part.invoice, part.customer);
            (org, id, payment, invoice, customer, state, part.amount, part.balance, part.created_at)
        },
    )
    .execute()
    .await
}

/// What of a payment invoices have, in the order in which it was applied.
pub async fn applied_by(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<Allocation>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = $1 AND payment_id = $2 AND state = 'applied' ORDER BY id",
        org,
        payment
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// The invoices that a payment was meant for, whatever became of it.
pub async fn invoices_of(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<InvoiceId>> {
    let ids: Vec<(InvoiceId,)> =
        q!(conn, "SELECT invoice_id FROM allocations WHERE org_id = $1 AND payment_id = $2 ORDER BY id", org, payment)
            .fetch_all()
            .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// The same with the invoices' numbers and the parts, at most `max` of them.
pub async fn meant_for(
    conn: &mut Conn,
    org: OrganizationId,
    payment: PaymentId,
    max: i64,
) -> Result<Vec<(String, Amount)>> {
    q!(
        conn,
        "SELECT i.number, a.amount FROM allocations a JOIN invoices i ON i.org_id = a.org_id AND i.id = a.invoice_id
         WHERE a.org_id = $1 AND a.payment_id = $2 ORDER BY a.id LIMIT CAST($3 AS BIGINT)",
        org,
        payment,
        max
    )
    .fetch_all()
    .await
}

/// What was applied to an invoice, in time order.
pub async fn applied_to(conn: &mut Conn, org: OrganizationId, invoice: InvoiceId) -> Result<Vec<Allocation>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = $1 AND invoice_id = $2 AND state = 'applied' ORDER BY id",
        org,
        invoice
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// The same of at least one invoice.
pub(crate) async fn applied_to_all(
    conn: &mut Conn,
    org: OrganizationId,
    invoices: &[InvoiceId],
) -> Result<Vec<Allocation>> {
    let mut sql = conn.build(
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = ",
    );
    sql.push_bind(org).push(" AND state = 'applied'");
    crate::one_of(&mut sql, "invoice_id", invoices);
    sql.push(" ORDER BY id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// The same of at least one payment.
pub(crate) async fn applied_by_all(
    conn: &mut Conn,
    org: OrganizationId,
    payments: &[PaymentId],
) -> Result<Vec<Allocation>> {
    let mut sql = conn.build(
        "SELECT id, payment_id, invoice_id, customer_id, amount, balance, created_at
         FROM allocations WHERE org_id = ",
    );
    sql.push_bind(org).push(" AND state = 'applied'");
    crate::one_of(&mut sql, "payment_id", payments);
    sql.push(" ORDER BY id");
    let rows: Vec<Row> = sql.build().fetch_all().await?;
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// Parts that are the invoices' at once, of payments that are paid.
pub async fn apply(tx: &mut Tx, org: OrganizationId, parts: &[Allocation]) -> Result<u64> {
    insert(tx, org, parts, "applied").await
}

/// What becomes of everything a payment held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Applied,
    Released,
}

/// Tells what that was, in the order in which it is to be applied.
pub async fn resolve(tx: &mut Tx, org: OrganizationId, payment: PaymentId, held: Held) -> Result<Vec<Allocation>> {
    let state = match held {
        Held::Applied => "applied",
        Held::Released => "released",
    };
    let mut rows: Vec<Row> = q!(
        tx,
        "UPDATE allocations SET state = $3 WHERE org_id = $1 AND payment_id = $2 AND state = 'reserved'
         RETURNING id, payment_id, invoice_id, customer_id, amount, balance, created_at",
        org,
        payment,
        state
    )
    .fetch_all()
    .await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows.into_iter().map(Allocation::from).collect())
}

/// A payment was taken back: its invoices have nothing of it any more.
pub async fn reverse(tx: &mut Tx, org: OrganizationId, payment: PaymentId) -> Result<u64> {
    q!(
        tx,
        "UPDATE allocations SET state = 'reversed' WHERE org_id = $1 AND payment_id = $2 AND state = 'applied'",
        org,
        payment
    )
    .execute()
    .await
}
