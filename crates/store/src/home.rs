//! What a customer's first page shows of invoices and payments: few columns, in one statement, because this page is asked
//! for most.

use dbx::{Conn, Result, q};
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::invoices::OpenInvoice;
use domain::money::{Amount, Currency};
use domain::payments::{PaymentStatus, PaymentSummary, PaymentType};

use crate::corrupt;

const INVOICE: i64 = 1;

/// An invoice, or a payment.
#[derive(sqlx::FromRow)]
struct Row {
    part: i64,
    number: String,
    day: Date,
    currency: Currency,
    /// Of an invoice what it owes, of a payment all of it.
    amount: Amount,
    /// Of an invoice what can still be paid.
    payable: Amount,
    status: String,
    payment_type: String,
    method_context: String,
    is_reversal: bool,
}

impl Row {
    fn invoice(self) -> OpenInvoice {
        OpenInvoice {
            number: self.number,
            currency: self.currency,
            due_on: self.day,
            outstanding: self.amount,
            payable: self.payable,
        }
    }

    fn payment(self) -> Result<PaymentSummary> {
        Ok(PaymentSummary {
            number: self.number,
            status: self.status.parse::<PaymentStatus>().map_err(corrupt)?,
            payment_type: self.payment_type.parse::<PaymentType>().map_err(corrupt)?,
            method_context: self.method_context,
            is_reversal: self.is_reversal,
            currency: self.currency,
            amount: self.amount,
            effective_on: self.day,
        })
    }
}

/// Open invoices, oldest due date first, and the last `payments`, newest first.
pub async fn read(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    payments: i64,
) -> Result<(Vec<OpenInvoice>, Vec<PaymentSummary>)> {
    // Each part is sorted by itself, by its index; the parts come one after the other.
    let rows: Vec<Row> = q!(
        conn,
        "SELECT * FROM (SELECT CAST(1 AS BIGINT) AS part, number, due_on AS day, currency, total - applied AS amount,
                total - applied - reserved AS payable, '' AS status, '' AS payment_type, '' AS method_context,
                FALSE AS is_reversal
            FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding' ORDER BY due_on, id) i
         UNION ALL
         SELECT * FROM (SELECT CAST(2 AS BIGINT) AS part, number, effective_on AS day, currency, amount, amount AS payable, status,
                payment_type, method_context, reverses_id IS NOT NULL AS is_reversal
            FROM payments WHERE org_id = $1 AND customer_id = $2
            ORDER BY effective_on DESC, id DESC LIMIT CAST($3 AS BIGINT)) p",
        org,
        customer,
        payments
    )
    .fetch_all()
    .await?;
    let (invoices, payments): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.part == INVOICE);
    let payments = payments.into_iter().map(Row::payment).collect::<Result<_>>()?;
    Ok((invoices.into_iter().map(Row::invoice).collect(), payments))
}
