//! The lines and charges of invoices: of one, or of a page of them in as many statements.

use std::collections::HashMap;

use dbx::{Conn, Result, q};
use domain::dates::{Date, Period};
use domain::ids::{ChargeId, InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId, OrderLineId, OrganizationId, TierId};
use domain::invoices::{ChargeKind, InvoiceCharge, InvoiceLine};
use domain::money::{Amount, Price, Quantity};

/// Lines by their position, and the orders in them, each once.
pub(crate) type Lines = (Vec<InvoiceLine>, Vec<OrderId>);

#[derive(sqlx::FromRow)]
struct LineRow {
    invoice_id: InvoiceId,
    id: InvoiceLineId,
    position: i64,
    order_id: Option<OrderId>,
    text: String,
    period_start: Date,
    period_end: Date,
}

#[derive(sqlx::FromRow)]
struct ChargeRow {
    id: InvoiceChargeId,
    line_id: InvoiceLineId,
    position: i64,
    charge_id: Option<ChargeId>,
    order_line_id: Option<OrderLineId>,
    tier_id: Option<TierId>,
    text: String,
    kind: ChargeKind,
    accounting_code: Option<String>,
    charged_on: Option<Date>,
    period_start: Date,
    period_end: Date,
    quantity: Quantity,
    unit_of_measure: Option<String>,
    unit_price: Price,
    is_percent: bool,
    amount: Amount,
    tax: Amount,
    explanation: String,
}

pub(crate) async fn of(conn: &mut Conn, org: OrganizationId, invoice: InvoiceId) -> Result<Lines> {
    let lines: Vec<LineRow> = q!(
        conn,
        "SELECT invoice_id, id, position, order_id, text, period_start, period_end
         FROM invoice_lines WHERE org_id = $1 AND invoice_id = $2 ORDER BY position",
        org,
        invoice
    )
    .fetch_all()
    .await?;
    let charges: Vec<ChargeRow> = q!(
        conn,
        "SELECT id, line_id, position, charge_id, order_line_id, tier_id, text, kind, accounting_code, charged_on,
                period_start, period_end, quantity, unit_of_measure, unit_price, is_percent, amount, tax, explanation
         FROM invoice_charges WHERE org_id = $1 AND invoice_id = $2 ORDER BY line_id, position",
        org,
        invoice
    )
    .fetch_all()
    .await?;
    Ok(put_together(lines, charges).remove(&invoice).unwrap_or_default())
}

/// Of at least one invoice, in two statements.
pub(crate) async fn of_all(
    conn: &mut Conn,
    org: OrganizationId,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Lines>> {
    let mut sql = conn.build(
        "SELECT invoice_id, id, position, order_id, text, period_start, period_end FROM invoice_lines WHERE org_id = ",
    );
    sql.push_bind(org);
    crate::one_of(&mut sql, "invoice_id", invoices);
    sql.push(" ORDER BY invoice_id, position");
    let lines: Vec<LineRow> = sql.build().fetch_all().await?;
    let mut sql = conn.build(
        "SELECT id, line_id, position, charge_id, order_line_id, tier_id, text, kind, accounting_code, charged_on,
                period_start, period_end, quantity, unit_of_measure, unit_price, is_percent, amount, tax, explanation
         FROM invoice_charges WHERE org_id = ",
    );
    sql.push_bind(org);
    crate::one_of(&mut sql, "invoice_id", invoices);
    sql.push(" ORDER BY invoice_id, line_id, position");
    let charges: Vec<ChargeRow> = sql.build().fetch_all().await?;
    Ok(put_together(lines, charges))
}

fn put_together(lines: Vec<LineRow>, charges: Vec<ChargeRow>) -> HashMap<InvoiceId, Lines> {
    let mut by_line: HashMap<InvoiceLineId, Vec<InvoiceCharge>> = HashMap::new();
    for row in charges {
        by_line.entry(row.line_id).or_default().push(row.into());
    }
    let mut by_invoice: HashMap<InvoiceId, Lines> = HashMap::new();
    for row in lines {
        let (lines, orders) = by_invoice.entry(row.invoice_id).or_default();
        orders.extend(row.order_id);
        lines.push(InvoiceLine {
            charges: by_line.remove(&row.id).unwrap_or_default(),
            id: row.id,
            position: row.position,
            text: row.text,
            period: Period { start: row.period_start, end: row.period_end },
        });
    }
    for (_, orders) in by_invoice.values_mut() {
        orders.sort_unstable();
        orders.dedup();
    }
    by_invoice
}

impl From<ChargeRow> for InvoiceCharge {
    fn from(row: ChargeRow) -> InvoiceCharge {
        InvoiceCharge {
            id: row.id,
            position: row.position,
            charge: row.charge_id,
            order_line: row.order_line_id,
            tier: row.tier_id,
            text: row.text,
            kind: row.kind,
            accounting_code: row.accounting_code,
            charged_on: row.charged_on,
            period: Period { start: row.period_start, end: row.period_end },
            quantity: row.quantity,
            unit_of_measure: row.unit_of_measure,
            unit_price: row.unit_price,
            is_percent: row.is_percent,
            amount: row.amount,
            tax: row.tax,
            explanation: row.explanation,
        }
    }
}
