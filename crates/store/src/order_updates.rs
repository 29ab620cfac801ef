//! Orders that are changed whole, and orders that go.

use dbx::{Conn, Result, Tx, q};
use domain::ids::{OrderId, OrderLineId, OrganizationId};
use domain::orders::{Order, OrderLine};

use crate::orders::{insert_lines, pauses};

/// Everything that an update changes: `before` is what is stored.
pub async fn save(tx: &mut Tx, org: OrganizationId, before: &Order, after: &Order) -> Result<()> {
    q!(
        tx,
        "UPDATE orders SET number = $3, status = $4, start_on = $5, end_on = $6, next_billable_on = $7,
            billed_until = $8, pauses = $9, is_separate_invoice = $10, is_auto_pay = $11, job_code = $12, notes = $13,
            invoice_notes = $14, updated_at = $15
         WHERE org_id = $1 AND id = $2",
        org,
        after.id,
        &after.number,
        after.status,
        after.start_on,
        after.end_on,
        after.next_billable_on,
        after.billed_until,
        pauses(after),
        after.is_separate_invoice,
        after.is_auto_pay,
        &after.job_code,
        &after.notes,
        &after.invoice_notes,
        after.updated_at
    )
    .execute()
    .await?;
    if before.lines == after.lines { Ok(()) } else { save_lines(tx, org, before, after).await }
}

async fn save_lines(tx: &mut Tx, org: OrganizationId, before: &Order, after: &Order) -> Result<()> {
    for gone in before.lines.iter().filter(|line| after.lines.iter().all(|other| other.id != line.id)) {
        q!(tx, "DELETE FROM order_lines WHERE org_id = $1 AND id = $2", org, gone.id).execute().await?;
    }
    let is_kept = |line: &OrderLine| before.lines.iter().any(|other| other.id == line.id);
    let (kept, added): (Vec<OrderLine>, Vec<OrderLine>) = after.lines.iter().cloned().partition(is_kept);
    tx.update_all(
        (
            "WITH v (org_id, id, position, quantity) AS",
            "UPDATE order_lines SET position = v.position, quantity = v.quantity
             FROM v WHERE order_lines.org_id = v.org_id AND order_lines.id = v.id",
        ),
        &kept,
        |line| (org, line.id, line.position, line.quantity),
    )
    .execute()
    .await?;
    insert_lines(tx, org, after.id, &added).await
}

/// Whether usage was counted for it, billed or not.
pub async fn has_usage(conn: &mut Conn, org: OrganizationId, order: OrderId) -> Result<bool> {
    q!(conn, "SELECT EXISTS (SELECT 1 FROM activities WHERE org_id = $1 AND order_id = $2)", org, order).scalar().await
}

/// The same for one line.
pub async fn line_has_usage(conn: &mut Conn, org: OrganizationId, line: OrderLineId) -> Result<bool> {
    q!(conn, "SELECT EXISTS (SELECT 1 FROM activities WHERE org_id = $1 AND order_line_id = $2)", org, line)
        .scalar()
        .await
}

/// An order of which nothing was billed or used, with its lines.
pub async fn delete(tx: &mut Tx, org: OrganizationId, id: OrderId) -> Result<()> {
    q!(tx, "DELETE FROM order_lines WHERE org_id = $1 AND order_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM orders WHERE org_id = $1 AND id = $2", org, id).execute().await.map(drop)
}
