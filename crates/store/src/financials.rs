//! What a customer owes and has paid: kept beside the ledger, changed with it.

use dbx::{Conn, Result, Sql, Tx, q};
use domain::customers::Financials;
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::money::{Amount, Currency};

use crate::{among, json};

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    outstanding_balance: Amount,
    previous_balance: Amount,
    current_balance: Amount,
    last_payment_amount: Amount,
    last_payment_on: Option<Date>,
    last_invoice_amount: Amount,
    last_invoiced_on: Option<Date>,
    lifetime_payments: Amount,
    lifetime_value: Amount,
}

impl From<Row> for Financials {
    fn from(row: Row) -> Financials {
        Financials {
            outstanding_balance: row.outstanding_balance,
            previous_balance: row.previous_balance,
            current_balance: row.current_balance,
            last_payment_amount: row.last_payment_amount,
            last_payment_on: row.last_payment_on,
            last_invoice_amount: row.last_invoice_amount,
            last_invoiced_on: row.last_invoiced_on,
            lifetime_payments: row.lifetime_payments,
            lifetime_value: row.lifetime_value,
        }
    }
}

pub async fn get(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Financials> {
    let row: Row = q!(
        conn,
        "SELECT outstanding_balance, previous_balance, current_balance, last_payment_amount, last_payment_on,
                last_invoice_amount, last_invoiced_on, lifetime_payments, lifetime_value
         FROM customer_financials WHERE org_id = $1 AND customer_id = $2",
        org,
        customer
    )
    .fetch_one()
    .await?;
    Ok(row.into())
}

/// A customer as far as billing asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    pub id: CustomerId,
    pub currency: Currency,
    pub financials: Financials,
}

const LOCKED: Sql = among!("SELECT id FROM customers WHERE org_id = $1 AND id", "ORDER BY id", " FOR UPDATE");
const PAYERS: Sql = among!(
    "SELECT c.id, c.currency, f.outstanding_balance, f.previous_balance, f.current_balance, f.last_payment_amount,
            f.last_payment_on, f.last_invoice_amount, f.last_invoiced_on, f.lifetime_payments, f.lifetime_value
     FROM customers c JOIN customer_financials f ON f.org_id = c.org_id AND f.customer_id = c.id
     WHERE c.org_id = $1 AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3') AND c.id",
    "ORDER BY c.id"
);

#[derive(sqlx::FromRow)]
struct PayerRow {
    id: CustomerId,
    currency: Currency,
    #[sqlx(flatten)]
    financials: Row,
}

/// Locks these customers, and tells of those that may be billed.
pub async fn lock_payers(tx: &mut Tx, org: OrganizationId, customers: &[CustomerId]) -> Result<Vec<Payer>> {
    let ids = json::ids(customers.iter().map(|customer| customer.0));
    let _locked: Vec<(CustomerId,)> = q!(tx, LOCKED, org, &ids).fetch_all().await?;
    // Only now: what a lock has waited for is seen by the next statement.
    let rows: Vec<PayerRow> = q!(tx, PAYERS, org, &ids).fetch_all().await?;
    let payer = |row: PayerRow| Payer { id: row.id, currency: row.currency, financials: row.financials.into() };
    Ok(rows.into_iter().map(payer).collect())
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, customer: CustomerId, id: i64) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO customer_financials (org_id, customer_id, id, outstanding_balance, previous_balance,
            current_balance, last_payment_amount, last_invoice_amount, lifetime_payments, lifetime_value)
         VALUES ($1, $2, $3, 0, 0, 0, 0, 0, 0, 0)",
        org,
        customer,
        id
    )
    .execute()
    .await
}

pub async fn save(tx: &mut Tx, org: OrganizationId, customer: CustomerId, now: &Financials) -> Result<u64> {
    save_all(tx, org, &[(customer, *now)]).await
}

pub async fn save_all(tx: &mut Tx, org: OrganizationId, now: &[(CustomerId, Financials)]) -> Result<u64> {
    tx.update_all(
        (
            "WITH v (org_id, customer_id, outstanding, previous, current, paid, paid_on, invoiced, invoiced_on,
                payments, value) AS",
            "UPDATE customer_financials SET outstanding_balance = v.outstanding, previous_balance = v.previous,
                current_balance = v.current, last_payment_amount = v.paid, last_payment_on = v.paid_on,
                last_invoice_amount = v.invoiced, last_invoiced_on = v.invoiced_on, lifetime_payments = v.payments,
                lifetime_value = v.value
             FROM v WHERE customer_financials.org_id = v.org_id AND customer_financials.customer_id = v.customer_id",
        ),
        now,
        |(customer, now)| {
            (
                org,
                *customer,
                now.outstanding_balance,
                now.previous_balance,
                now.current_balance,
                now.last_payment_amount,
                now.last_payment_on,
                now.last_invoice_amount,
                now.last_invoiced_on,
                now.lifetime_payments,
                now.lifetime_value,
            )
        },
    )
    .execute()
    .await
}
