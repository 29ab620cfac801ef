//! Charges that no invoice shows, because together they came to nothing or, being less, to a credit.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{CustomerId, InvoiceChargeId, OrderId, OrganizationId, PaymentId};
use domain::invoices::DraftCharge;
use domain::money::Amount;

/// A charge to be stored.
#[derive(Clone, Debug)]
pub struct NewCharge<'a> {
    pub id: InvoiceChargeId,
    pub customer: CustomerId,
    pub order: OrderId,
    /// The credit that it is part of.
    pub payment: Option<PaymentId>,
    pub charge: &'a DraftCharge,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &[NewCharge<'_>], now: Timestamp) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO uninvoiced_charges (org_id, id, customer_id, order_id, payment_id, charge_id, order_line_id,
            tier_id, kind, text, accounting_code, period_start, period_end, quantity, unit_of_measure, unit_price,
            is_percent, amount, tax, explanation, created_at)",
        new,
        |new| {
            let of = new.charge;
            (
                org,
                new.id,
                new.customer,
                new.order,
                new.payment,
                of.charge,
                of.order_line,
                of.tier,
                of.kind,
                of.text.as_str(),
                &of.accounting_code,
                of.period.start,
                of.period.end,
                of.quantity,
                &of.unit_of_measure,
                of.unit_price,
                of.is_percent,
                of.amount,
                of.tax,
                of.explanation.as_str(),
                now,
            )
        },
    )
    .execute()
    .await
}

/// What a credit is made of, in words: why it was given.
pub async fn of_credit(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Vec<(String, Amount)>> {
    q!(
        conn,
        "SELECT explanation, amount FROM uninvoiced_charges
         WHERE org_id = $1 AND payment_id = $2 ORDER BY id",
        org,
        payment
    )
    .fetch_all()
    .await
}
