//! Invoices with their lines and charges.

use dbx::{Conn, Result, Sql, Tx, q};
use domain::dates::{BillingPeriod, Date, Period, Timestamp};
use domain::ids::{CustomerId, InvoiceId, InvoiceLineId, OrderId, OrganizationId};
use domain::invoices::{FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency};

use crate::{Page, allocations, invoice_lines};

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: InvoiceId,
    customer_id: CustomerId,
    number: String,
    crm_id: Option<String>,
    erp_id: Option<String>,
    status: InvoiceStatus,
    currency: Currency,
    billing_period: BillingPeriod,
    invoiced_on: Date,
    due_on: Date,
    period_start: Date,
    period_end: Date,
    total: Amount,
    previous_balance: Amount,
    applied: Amount,
    reserved: Amount,
    notes: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Invoice {
    fn from(row: Row) -> Invoice {
        Invoice {
            id: row.id,
            customer: row.customer_id,
            number: row.number,
            crm_id: row.crm_id,
            erp_id: row.erp_id,
            status: row.status,
            currency: row.currency,
            billing_period: row.billing_period,
            invoiced_on: row.invoiced_on,
            due_on: row.due_on,
            period: Period { start: row.period_start, end: row.period_end },
            total: row.total,
            previous_balance: row.previous_balance,
            applied: row.applied,
            reserved: row.reserved,
            notes: row.notes,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What of an invoice is in its own row.
macro_rules! columns {
    ($which:literal) => {
        concat!(
            "SELECT id, customer_id, number, crm_id, erp_id, status, currency, billing_period, invoiced_on, due_on,
                period_start, period_end, total, previous_balance, applied, reserved, notes, created_at, updated_at
             FROM invoices ",
            $which
        )
    };
}

const ONE: Sql = Sql::new(columns!("WHERE org_id = $1 AND id = $2"));
const NUMBERED: Sql = Sql::new(columns!("WHERE org_id = $1 AND number = $2"));
const OPEN: Sql =
    Sql::new(columns!("WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding' ORDER BY due_on, id"));

pub async fn find(conn: &mut Conn, org: OrganizationId, id: InvoiceId) -> Result<Option<Invoice>> {
    let row: Option<Row> = q!(conn, ONE, org, id).fetch_optional().await?;
    Ok(row.map(Invoice::from))
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<InvoiceId>> {
    q!(conn, "SELECT id FROM invoices WHERE org_id = $1 AND number = $2", org, number).scalar_optional().await
}

/// With lines, charges and what was applied to it.
pub async fn full(conn: &mut Conn, org: OrganizationId, id: InvoiceId) -> Result<Option<FullInvoice>> {
    let head = find(conn, org, id).await?;
    whole(conn, org, head).await
}

/// The same of a number.
pub async fn full_numbered(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<FullInvoice>> {
    let row: Option<Row> = q!(conn, NUMBERED, org, number).fetch_optional().await?;
    whole(conn, org, row.map(Invoice::from)).await
}

async fn whole(conn: &mut Conn, org: OrganizationId, head: Option<Invoice>) -> Result<Option<FullInvoice>> {
    let Some(head) = head else { return Ok(None) };
    let (lines, orders) = invoice_lines::of(conn, org, head.id).await?;
    let allocations = allocations::applied_to(conn, org, head.id).await?;
    Ok(Some(FullInvoice { head, orders, lines, allocations }))
}

/// What can still be paid, oldest due date first.
pub async fn open(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Vec<Invoice>> {
    let rows: Vec<Row> = q!(conn, OPEN, org, customer).fetch_all().await?;
    Ok(rows.into_iter().map(Invoice::from).collect())
}

/// All that a customer is shown of its own, newest first, and how many there are.
pub async fn list(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    page: Page,
) -> Result<(Vec<Invoice>, i64)> {
    let total = q!(
        conn,
        "SELECT COUNT(*) FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status NOT IN ('Draft', 'Error')",
        org,
        customer
    )
    .scalar()
    .await?;
    // Cast: SQLite plans a statement with a bare argument after LIMIT anew each time it runs.
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, number, crm_id, erp_id, status, currency, billing_period, invoiced_on, due_on,
                period_start, period_end, total, previous_balance, applied, reserved, notes, created_at, updated_at
         FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status NOT IN ('Draft', 'Error')
         ORDER BY invoiced_on DESC, id DESC LIMIT CAST($3 AS BIGINT) OFFSET CAST($4 AS BIGINT)",
        org,
        customer,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((rows.into_iter().map(Invoice::from).collect(), total))
}

/// An invoice to be stored; the order that each line belongs to stands beside it, where there is one.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    pub head: Invoice,
    pub lines: Vec<(Option<OrderId>, InvoiceLine)>,
}

/// Issued invoices with all their lines.
pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &[NewInvoice]) -> Result<()> {
    insert_heads(tx, org, new).await?;
    insert_lines(tx, org, new).await
}

async fn insert_lines(tx: &mut Tx, org: OrganizationId, new: &[NewInvoice]) -> Result<()> {
    tx.insert_all(
        "INSERT INTO invoice_lines (org_id, id, invoice_id, position, order_id, text, period_start, period_end)",
        new.iter().flat_map(|invoice| invoice.lines.iter().map(|line| (invoice.head.id, line))),
        |(invoice, (order, line))| {
            let (text, period) = (line.text.as_str(), line.period);
            (org, line.id, invoice, line.position, *order, text, period.start, period.end)
        },
    )
    .execute()
    .await?;
    insert_charges(tx, org, new).await
}

async fn insert_heads(tx: &mut Tx, org: OrganizationId, new: &[NewInvoice]) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO invoices (org_id, id, customer_id, number, crm_id, erp_id, status, currency, billing_period,
            invoiced_on, due_on, period_start, period_end, total, previous_balance, applied, reserved, notes, created_at, updated_at)",
        new.iter().map(|invoice| &invoice.head),
        |head| {
            (
                org,
                head.id,
                head.customer,
                head.number.as_str(),
                &head.crm_id,
                &head.erp_id,
                head.status,
                head.currency,
                head.billing_period,
                head.invoiced_on,
                head.due_on,
                head.period.start,
                head.period.end,
                head.total,
                head.previous_balance,
                head.applied,
                head.reserved,
                &head.notes,
                head.created_at,
                head.updated_at,
            )
        },
    )
    .execute()
    .await
}

async fn insert_charges(tx: &mut Tx, org: OrganizationId, new: &[NewInvoice]) -> Result<()> {
    tx.insert_all(
        "INSERT INTO invoice_charges (org_id, id, invoice_id, line_id, position, charge_id, order_line_id, tier_id,
            text, kind, accounting_code, charged_on, period_start, period_end, quantity, unit_of_measure, unit_price,
            is_percent, amount, tax, explanation, is_live)",
        charges_of(new),
        |(invoice, line, charge)| {
            (
                org,
                charge.id,
                invoice,
                line,
                charge.position,
                charge.charge,
                charge.order_line,
                charge.tier,
                charge.text.as_str(),
                charge.kind,
                &charge.accounting_code,
                charge.charged_on,
                charge.period.start,
                charge.period.end,
                charge.quantity,
                &charge.unit_of_measure,
                charge.unit_price,
                charge.is_percent,
                charge.amount,
                charge.tax,
                charge.explanation.as_str(),
                true,
            )
        },
    )
    .execute()
    .await
    .map(drop)
}

fn charges_of(new: &[NewInvoice]) -> impl Iterator<Item = (InvoiceId, InvoiceLineId, &InvoiceCharge)> {
    let lines = new.iter().flat_map(|invoice| invoice.lines.iter().map(|(_, line)| (invoice.head.id, line)));
    lines.flat_map(|(invoice, line)| line.charges.iter().map(move |charge| (invoice, line.id, charge)))
}

/// What payments change.
pub async fn save(tx: &mut Tx, org: OrganizationId, invoice: &Invoice, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE invoices SET status = $3, applied = $4, reserved = $5, updated_at = $6 WHERE org_id = $1 AND id = $2",
        org,
        invoice.id,
        invoice.status,
        invoice.applied,
        invoice.reserved,
        now
    )
    .execute()
    .await
}

/// What a merchant changes: all but whose it is, its number and what was paid.
pub async fn update(tx: &mut Tx, org: OrganizationId, invoice: &Invoice, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE invoices SET crm_id = $3, erp_id = $4, status = $5, invoiced_on = $6, due_on = $7, period_start = $8,
            period_end = $9, total = $10, previous_balance = $11, notes = $12, updated_at = $13
         WHERE org_id = $1 AND id = $2",
        org,
        invoice.id,
        &invoice.crm_id,
        &invoice.erp_id,
        invoice.status,
        invoice.invoiced_on,
        invoice.due_on,
        invoice.period.start,
        invoice.period.end,
        invoice.total,
        invoice.previous_balance,
        &invoice.notes,
        now
    )
    .execute()
    .await
}

/// Other lines in the place of those that it has.
pub async fn replace_lines(tx: &mut Tx, org: OrganizationId, invoice: &NewInvoice) -> Result<()> {
    let id = invoice.head.id;
    q!(tx, "DELETE FROM invoice_charges WHERE org_id = $1 AND invoice_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM invoice_lines WHERE org_id = $1 AND invoice_id = $2", org, id).execute().await?;
    insert_lines(tx, org, std::slice::from_ref(invoice)).await
}

/// Of a cancelled invoice: its charges are billed no more.
pub async fn end_charges(tx: &mut Tx, org: OrganizationId, id: InvoiceId) -> Result<u64> {
    q!(tx, "UPDATE invoice_charges SET is_live = FALSE WHERE org_id = $1 AND invoice_id = $2", org, id).execute().await
}

/// The order of each of its lines, where there is one.
pub async fn orders_of_lines(
    conn: &mut Conn,
    org: OrganizationId,
    id: InvoiceId,
) -> Result<Vec<(InvoiceLineId, Option<OrderId>)>> {
    q!(conn, "SELECT id, order_id FROM invoice_lines WHERE org_id = $1 AND invoice_id = $2 ORDER BY position", org, id)
        .fetch_all()
        .await
}
