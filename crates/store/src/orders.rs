//! Orders and their lines.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, OrganizationId, PlanId};
use domain::money::{Amount, Currency, Quantity};
use domain::orders::{Order, OrderLine, OrderStatus};

#[derive(sqlx::FromRow)]
struct Row {
    id: OrderId,
    customer_id: CustomerId,
    plan_id: PlanId,
    number: String,
    status: OrderStatus,
    start_on: Date,
    end_on: Option<Date>,
    next_billable_on: Option<Date>,
    currency: Currency,
    is_auto_pay: bool,
    job_code: Option<String>,
    notes: Option<String>,
    invoice_notes: Option<String>,
    lifetime_value: Amount,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: OrderLineId,
    position: i64,
    charge_id: ChargeId,
    price_code: String,
    quantity: Quantity,
    lifetime_value: Amount,
}

pub async fn find(conn: &mut Conn, org: OrganizationId, id: OrderId) -> Result<Option<Order>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT id, customer_id, plan_id, number, status, start_on, end_on, next_billable_on, currency, is_auto_pay,
                job_code, notes, invoice_notes, lifetime_value, created_at, updated_at
         FROM orders WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .fetch_optional()
    .await?;
    let Some(row) = row else { return Ok(None) };
    let lines = lines(conn, org, id).await?;
    let invoices = invoices(conn, org, id).await?;
    Ok(Some(Order {
        id: row.id,
        customer: row.customer_id,
        plan: row.plan_id,
        number: row.number,
        status: row.status,
        start_on: row.start_on,
        end_on: row.end_on,
        next_billable_on: row.next_billable_on,
        // What has no column yet: as it is of an order that was never changed, suspended or shortened.
        billed_until: row.next_billable_on.unwrap_or(row.start_on),
        anchor_on: None,
        change: None,
        pauses: Vec::new(),
        is_separate_invoice: false,
        currency: row.currency,
        is_auto_pay: row.is_auto_pay,
        job_code: row.job_code,
        notes: row.notes,
        invoice_notes: row.invoice_notes,
        lifetime_value: row.lifetime_value,
        lines,
        invoices,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }))
}

async fn lines(conn: &mut Conn, org: OrganizationId, order: OrderId) -> Result<Vec<OrderLine>> {
    let rows: Vec<LineRow> = q!(
        conn,
        "SELECT l.id, l.position, l.charge_id, c.price_code, l.quantity, l.lifetime_value
         FROM order_lines l JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id
         WHERE l.org_id = $1 AND l.order_id = $2 ORDER BY l.position, l.id",
        org,
        order
    )
    .fetch_all()
    .await?;
    let line = |row: LineRow| OrderLine {
        id: row.id,
        position: row.position,
        charge: row.charge_id,
        price_code: row.price_code,
        quantity: row.quantity,
        lifetime_value: row.lifetime_value,
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn invoices(conn: &mut Conn, org: OrganizationId, order: OrderId) -> Result<Vec<InvoiceId>> {
    let rows: Vec<(InvoiceId,)> = q!(
        conn,
        "SELECT DISTINCT invoice_id FROM invoice_lines WHERE org_id = $1 AND order_id = $2 ORDER BY invoice_id",
        org,
        order
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn number_exists(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<bool> {
    Ok(find_id(conn, org, number).await?.is_some())
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Order) -> Result<()> {
    q!(
        tx,
        "INSERT INTO orders (org_id, id, customer_id, plan_id, number, status, start_on, end_on, next_billable_on,
            currency, is_auto_pay, job_code, notes, invoice_notes, lifetime_value, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        org,
        new.id,
        new.customer,
        new.plan,
        &new.number,
        new.status,
        new.start_on,
        new.end_on,
        new.next_billable_on,
        new.currency,
        new.is_auto_pay,
        &new.job_code,
        &new.notes,
        &new.invoice_notes,
        new.lifetime_value,
        new.created_at,
        new.updated_at
    )
    .execute()
    .await?;
    tx.insert_all(
        "INSERT INTO order_lines (org_id, id, order_id, position, charge_id, quantity, lifetime_value)",
        &new.lines,
        |line| (org, line.id, new.id, line.position, line.charge, line.quantity, line.lifetime_value),
    )
    .execute()
    .await
    .map(drop)
}

/// What billing changes.
pub async fn save(tx: &mut Tx, org: OrganizationId, order: &Order) -> Result<()> {
    q!(
        tx,
        "UPDATE orders SET status = $3, next_billable_on = $4, lifetime_value = $5, updated_at = $6
         WHERE org_id = $1 AND id = $2",
        org,
        order.id,
        order.status,
        order.next_billable_on,
        order.lifetime_value,
        order.updated_at
    )
    .execute()
    .await?;
    for line in &order.lines {
        q!(
            tx,
            "UPDATE order_lines SET lifetime_value = $3 WHERE org_id = $1 AND id = $2",
            org,
            line.id,
            line.lifetime_value
        )
        .execute()
        .await?;
    }
    Ok(())
}

/// The earliest day with an order to bill or to start.
pub async fn next_billable_on(conn: &mut Conn, org: OrganizationId) -> Result<Option<Date>> {
    q!(
        conn,
        "SELECT MIN(o.next_billable_on) FROM orders o JOIN customers c ON c.org_id = o.org_id AND c.id = o.customer_id
         WHERE o.org_id = $1 AND o.next_billable_on IS NOT NULL AND o.status IN ('Active', 'Provisioning')
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')",
        org
    )
    .scalar()
    .await
}

/// Orders to bill or to start on `day`, customer by customer.
pub async fn billable(conn: &mut Conn, org: OrganizationId, day: Date) -> Result<Vec<(CustomerId, OrderId)>> {
    q!(
        conn,
        "SELECT o.customer_id, o.id FROM orders o JOIN customers c ON c.org_id = o.org_id AND c.id = o.customer_id
         WHERE o.org_id = $1 AND o.next_billable_on <= $2 AND o.status IN ('Active', 'Provisioning')
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')
         ORDER BY o.customer_id, o.id",
        org,
        day
    )
    .fetch_all()
    .await
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<OrderId>> {
    q!(conn, "SELECT id FROM orders WHERE org_id = $1 AND number = $2", org, number).scalar_optional().await
}
