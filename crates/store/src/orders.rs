//! Orders and their lines.

use std::collections::HashMap;

use dbx::{Conn, Json, Result, Sql, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, OrganizationId, PlanId, PlanVersionId};
use domain::money::{Amount, Currency, Quantity};
use domain::orders::{Change, Order, OrderLine, OrderStatus, Pause};
use serde::{Deserialize, Serialize};

use crate::among;
use crate::json::{self, Text};

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub id: OrderId,
    customer_id: CustomerId,
    plan_id: PlanId,
    plan_version_id: Option<PlanVersionId>,
    number: String,
    status: OrderStatus,
    start_on: Date,
    end_on: Option<Date>,
    next_billable_on: Option<Date>,
    billed_until: Date,
    anchor_on: Option<Date>,
    changed_from: Option<OrderId>,
    changed_since: Option<Date>,
    paid_once: Json<Vec<i64>>,
    pauses: Json<Vec<PauseContent>>,
    is_separate_invoice: bool,
    currency: Currency,
    is_auto_pay: bool,
    job_code: Option<String>,
    notes: Option<String>,
    invoice_notes: Option<String>,
    lifetime_value: Amount,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A pause in JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PauseContent {
    from: Text<Date>,
    until: Option<Text<Date>>,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: OrderId,
    id: OrderLineId,
    position: i64,
    charge_id: ChargeId,
    price_code: String,
    quantity: Quantity,
    lifetime_value: Amount,
}

impl Row {
    pub fn with(self, lines: Vec<OrderLine>, invoices: Vec<InvoiceId>) -> Order {
        let paid_once = self.paid_once.0.into_iter().map(ChargeId).collect();
        let pause = |pause: PauseContent| Pause { from: pause.from.0, until: pause.until.map(|until| until.0) };
        Order {
            id: self.id,
            customer: self.customer_id,
            plan: self.plan_id,
            plan_version: self.plan_version_id,
            number: self.number,
            status: self.status,
            start_on: self.start_on,
            end_on: self.end_on,
            next_billable_on: self.next_billable_on,
            billed_until: self.billed_until,
            anchor_on: self.anchor_on,
            change: self.changed_from.zip(self.changed_since).map(|(of, since)| Change { of, since, paid_once }),
            pauses: self.pauses.0.into_iter().map(pause).collect(),
            is_separate_invoice: self.is_separate_invoice,
            currency: self.currency,
            is_auto_pay: self.is_auto_pay,
            job_code: self.job_code,
            notes: self.notes,
            invoice_notes: self.invoice_notes,
            lifetime_value: self.lifetime_value,
            lines,
            invoices,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl From<LineRow> for OrderLine {
    fn from(row: LineRow) -> OrderLine {
        OrderLine {
            id: row.id,
            position: row.position,
            charge: row.charge_id,
            price_code: row.price_code,
            quantity: row.quantity,
            lifetime_value: row.lifetime_value,
        }
    }
}

pub(crate) fn pauses(order: &Order) -> Json<Vec<PauseContent>> {
    let content = |pause: &Pause| PauseContent { from: Text(pause.from), until: pause.until.map(Text) };
    Json(order.pauses.iter().map(content).collect())
}

fn paid_once(order: &Order) -> Json<Vec<i64>> {
    let charges = order.change.iter().flat_map(|change| &change.paid_once);
    Json(charges.map(|charge| charge.0).collect())
}

/// What of an order is in its own row.
macro_rules! columns {
    ($which:literal) => {
        concat!(
            "SELECT o.id, o.customer_id, o.plan_id, o.plan_version_id, o.number, o.status, o.start_on, o.end_on,
                o.next_billable_on, o.billed_until, o.anchor_on, o.changed_from, o.changed_since, o.paid_once, o.pauses,
                o.is_separate_invoice, o.currency, o.is_auto_pay, o.job_code, o.notes, o.invoice_notes,
                o.lifetime_value, o.created_at, o.updated_at
             FROM orders o ",
            $which
        )
    };
}

const ONE: Sql = Sql::new(columns!("WHERE o.org_id = $1 AND o.id = $2"));
const NUMBERED: Sql = Sql::new(columns!("WHERE o.org_id = $1 AND o.number = $2"));
/// Up to the organization.
pub(crate) const SELECT: &str = columns!("WHERE o.org_id = ");

pub async fn find(conn: &mut Conn, org: OrganizationId, id: OrderId) -> Result<Option<Order>> {
    let row = q!(conn, ONE, org, id).fetch_optional().await?;
    whole(conn, org, row).await
}

/// The same of a number.
pub async fn find_numbered(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<Order>> {
    let row = q!(conn, NUMBERED, org, number).fetch_optional().await?;
    whole(conn, org, row).await
}

async fn whole(conn: &mut Conn, org: OrganizationId, row: Option<Row>) -> Result<Option<Order>> {
    let Some(row) = row else { return Ok(None) };
    let id = row.id;
    let lines = lines(conn, org, id).await?;
    let invoices = invoices(conn, org, id).await?;
    Ok(Some(row.with(lines, invoices)))
}

const MANY: Sql = among!(columns!("WHERE o.org_id = $1 AND o.id"), "ORDER BY o.id", " FOR UPDATE");
const LINES_OF_MANY: Sql = among!(
    "SELECT l.order_id, l.id, l.position, l.charge_id, c.price_code, l.quantity, l.lifetime_value
     FROM order_lines l JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id
     WHERE l.org_id = $1 AND l.order_id",
    "ORDER BY l.order_id, l.position, l.id"
);

/// These orders, to be billed; nobody else's until the transaction ends, so that their plans can't get another version.
/// What invoices they are on is left out.
pub async fn lock_all(tx: &mut Tx, org: OrganizationId, ids: &[OrderId]) -> Result<Vec<Order>> {
    let ids = json::ids(ids.iter().map(|id| id.0));
    let rows: Vec<Row> = q!(tx, MANY, org, &ids).fetch_all().await?;
    let lines: Vec<LineRow> = q!(tx, LINES_OF_MANY, org, &ids).fetch_all().await?;
    let mut by_order: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
    for row in lines {
        by_order.entry(row.order_id).or_default().push(row.into());
    }
    let order = |row: Row| {
        let lines = by_order.remove(&row.id).unwrap_or_default();
        row.with(lines, Vec::new())
    };
    Ok(rows.into_iter().map(order).collect())
}

async fn lines(conn: &mut Conn, org: OrganizationId, order: OrderId) -> Result<Vec<OrderLine>> {
    let rows: Vec<LineRow> = q!(
        conn,
        "SELECT l.order_id, l.id, l.position, l.charge_id, c.price_code, l.quantity, l.lifetime_value
         FROM order_lines l JOIN charges c ON c.org_id = l.org_id AND c.id = l.charge_id
         WHERE l.org_id = $1 AND l.order_id = $2 ORDER BY l.position, l.id",
        org,
        order
    )
    .fetch_all()
    .await?;
    Ok(rows.into_iter().map(OrderLine::from).collect())
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

/// One, nobody else's until the transaction ends.
pub async fn lock(tx: &mut Tx, org: OrganizationId, id: OrderId) -> Result<Option<Order>> {
    lock_all(tx, org, &[id]).await?;
    find(tx, org, id).await
}

pub async fn number_exists(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<bool> {
    Ok(find_id(conn, org, number).await?.is_some())
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, number: &str) -> Result<Option<OrderId>> {
    q!(conn, "SELECT id FROM orders WHERE org_id = $1 AND number = $2", org, number).scalar_optional().await
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Order) -> Result<()> {
    q!(
        tx,
        "INSERT INTO orders (org_id, id, customer_id, plan_id, plan_version_id, number, status, start_on, end_on,
            next_billable_on, billed_until, anchor_on, changed_from, changed_since, paid_once, pauses,
            is_separate_invoice, currency, is_auto_pay, job_code, notes, invoice_notes, lifetime_value, created_at,
            updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25)",
        org,
        new.id,
        new.customer,
        new.plan,
        new.plan_version,
        &new.number,
        new.status,
        new.start_on,
        new.end_on,
        new.next_billable_on,
        new.billed_until,
        new.anchor_on,
        new.change.as_ref().map(|change| change.of),
        new.change.as_ref().map(|change| change.since),
        paid_once(new),
        pauses(new),
        new.is_separate_invoice,
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
    insert_lines(tx, org, new.id, &new.lines).await
}

pub(crate) async fn insert_lines(tx: &mut Tx, org: OrganizationId, order: OrderId, new: &[OrderLine]) -> Result<()> {
    tx.insert_all(
        "INSERT INTO order_lines (org_id, id, order_id, position, charge_id, quantity, lifetime_value)",
        new,
        |line| (org, line.id, order, line.position, line.charge, line.quantity, line.lifetime_value),
    )
    .execute()
    .await
    .map(drop)
}

/// What billing changes, and moving an order from one status to another.
pub async fn save(tx: &mut Tx, org: OrganizationId, order: &Order) -> Result<()> {
    save_all(tx, org, std::slice::from_ref(order)).await
}

pub async fn save_all(tx: &mut Tx, org: OrganizationId, orders: &[Order]) -> Result<()> {
    tx.update_all(
        (
            "WITH v (org_id, id, status, end_on, next_billable_on, billed_until, pauses, lifetime_value, updated_at) AS",
            "UPDATE orders SET status = v.status, end_on = v.end_on, next_billable_on = v.next_billable_on,
                billed_until = v.billed_until, pauses = v.pauses, lifetime_value = v.lifetime_value,
                updated_at = v.updated_at
             FROM v WHERE orders.org_id = v.org_id AND orders.id = v.id",
        ),
        orders,
        |order| {
            let (value, pauses) = (order.lifetime_value, pauses(order));
            let (end, next, until) = (order.end_on, order.next_billable_on, order.billed_until);
            (org, order.id, order.status, end, next, until, pauses, value, order.updated_at)
        },
    )
    .execute()
    .await?;
    tx.update_all(
        (
            "WITH v (org_id, id, lifetime_value) AS",
            "UPDATE order_lines SET lifetime_value = v.lifetime_value
             FROM v WHERE order_lines.org_id = v.org_id AND order_lines.id = v.id",
        ),
        orders.iter().flat_map(|order| &order.lines),
        |line| (org, line.id, line.lifetime_value),
    )
    .execute()
    .await
    .map(drop)
}

/// The earliest day with an order to bill or to start.
pub async fn next_billable_on(conn: &mut Conn, org: OrganizationId) -> Result<Option<Date>> {
    // CROSS: SQLite begins with the orders, of which few are due, and not with the customers, of which most are billed.
    q!(
        conn,
        "SELECT MIN(o.next_billable_on) FROM orders o CROSS JOIN customers c
         WHERE c.org_id = o.org_id AND c.id = o.customer_id AND o.org_id = $1 AND o.next_billable_on IS NOT NULL AND o.status NOT IN ('Draft', 'Suspended')
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')",
        org
    )
    .scalar()
    .await
}

/// Orders to bill or to start on `day`, of customers after `after`, by customer; those of a customer that wait longest
/// first. `after` is said of both tables: PostgreSQL, which merges them, would read the second one from its beginning.
pub async fn billable(
    conn: &mut Conn,
    org: OrganizationId,
    day: Date,
    after: CustomerId,
    max: i64,
) -> Result<Vec<(CustomerId, OrderId)>> {
    q!(
        conn,
        "SELECT o.customer_id, o.id FROM orders o CROSS JOIN customers c
         WHERE c.org_id = $1 AND c.id = o.customer_id AND c.id > $3 AND o.org_id = $1 AND o.next_billable_on IS NOT NULL
           AND NOT (o.next_billable_on > $2) AND o.customer_id > $3 AND o.status NOT IN ('Draft', 'Suspended')
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')
         ORDER BY o.customer_id, o.next_billable_on, o.id LIMIT CAST($4 AS BIGINT)",
        org,
        day,
        after,
        max
    )
    .fetch_all()
    .await
}

/// A customer's orders with something to bill or to start on `day`, or with usage that came after the last bill.
pub async fn billable_of(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<OrderId>> {
    let ids: Vec<(OrderId,)> = q!(
        conn,
        "SELECT o.id FROM orders o
         WHERE o.org_id = $1 AND o.customer_id = $2 AND o.status NOT IN ('Draft', 'Suspended')
           AND (o.next_billable_on <= $3 OR o.status <> 'Provisioning' AND EXISTS (SELECT 1 FROM activities a
                WHERE a.org_id = o.org_id AND a.customer_id = o.customer_id AND a.order_id = o.id
                    AND a.status = 'Unbilled' AND a.is_late))
         ORDER BY o.id",
        org,
        customer,
        day
    )
    .fetch_all()
    .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}
