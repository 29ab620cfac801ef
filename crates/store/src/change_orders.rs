//! What a change order asks of the order that it ends.

use dbx::{Conn, Result, q};
use domain::dates::{Date, Period};
use domain::ids::{OrderId, OrderLineId, OrganizationId};
use domain::invoices::ChargeKind;
use domain::money::Amount;
use domain::orders::BilledCharge;

#[derive(sqlx::FromRow)]
struct Row {
    order_line_id: OrderLineId,
    kind: ChargeKind,
    period_start: Date,
    period_end: Date,
    amount: Amount,
}

/// The order's prices that were billed for days from `effective` on, be they on an invoice that stands or in a credit.
pub async fn billed(
    conn: &mut Conn,
    org: OrganizationId,
    order: OrderId,
    effective: Date,
) -> Result<Vec<BilledCharge>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT c.order_line_id, c.kind, c.period_start, c.period_end, c.amount
         FROM order_lines l JOIN invoice_charges c ON c.org_id = l.org_id AND c.order_line_id = l.id
         WHERE l.org_id = $1 AND l.order_id = $2 AND c.period_end > $3 AND c.is_live
           AND c.kind IN ('Advance', 'Arrears')
         UNION ALL
         SELECT c.order_line_id, c.kind, c.period_start, c.period_end, c.amount
         FROM order_lines l JOIN uninvoiced_charges c ON c.org_id = l.org_id AND c.order_line_id = l.id
         WHERE l.org_id = $1 AND l.order_id = $2 AND c.period_end > $3 AND c.kind IN ('Advance', 'Arrears')
         ORDER BY 1, 3, 2",
        org,
        order,
        effective
    )
    .fetch_all()
    .await?;
    let billed = |row: Row| BilledCharge {
        order_line: row.order_line_id,
        kind: row.kind,
        period: Period { start: row.period_start, end: row.period_end },
        amount: row.amount,
    };
    Ok(rows.into_iter().map(billed).collect())
}
