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
        "SELECT order_line_id, kind, period_start, period_end, amount FROM invoice_charges
         WHERE org_id = $1 AND order_line_id IN (SELECT id FROM order_lines WHERE org_id = $1 AND order_id = $2)
           AND period_end > $3 AND is_live AND kind IN ('Advance', 'Arrears')
         UNION ALL
         SELECT order_line_id, kind, period_start, period_end, amount FROM uninvoiced_charges
         WHERE org_id = $1 AND order_line_id IN (SELECT id FROM order_lines WHERE org_id = $1 AND order_id = $2)
           AND period_end > $3 AND kind IN ('Advance', 'Arrears')",
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
    let mut billed: Vec<BilledCharge> = rows.into_iter().map(billed).collect();
    // Here, because SQLite would read all charges of the organization to have them in order.
    billed.sort_by_key(|charge| (charge.order_line, charge.period.start, charge.period.end));
    Ok(billed)
}
