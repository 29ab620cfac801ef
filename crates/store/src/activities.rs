//! Usage activities (`api.md` §4.1): what was used, and what became of it.

use std::collections::HashMap;

use dbx::{Conn, Result, Sql, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{
    ActivityBatchId, ActivityId, CustomerId, InvoiceChargeId, InvoiceId, OrderId, OrderLineId, OrganizationId,
};
use domain::money::Quantity;
use domain::usage::{Activity, ActivityStatus, Rated};

use crate::{among, json};

/// An activity to be stored: unbilled.
#[derive(Clone, Debug)]
pub struct NewActivity {
    pub activity: Activity,
    pub batch: Option<ActivityBatchId>,
    pub customer: CustomerId,
    pub order: OrderId,
    /// Unique in the organization.
    pub ext_ref_id: Option<String>,
    pub invoice_text: Option<String>,
    /// The order has nothing left to bill, so that no day of it leads to this.
    pub is_late: bool,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &[NewActivity], now: Timestamp) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO activities (org_id, id, batch_id, customer_id, order_id, order_line_id, status, charged_on,
            charge_ended_on, quantity, invoice_text, ext_ref_id, is_late, created_at, updated_at)",
        new,
        |new| {
            let of = &new.activity;
            (
                org,
                of.id,
                new.batch,
                new.customer,
                new.order,
                of.order_line,
                ActivityStatus::Unbilled,
                of.charged_on,
                of.charge_ended_on,
                of.quantity,
                &new.invoice_text,
                &new.ext_ref_id,
                new.is_late,
                now,
                now,
            )
        },
    )
    .execute()
    .await
}

#[derive(sqlx::FromRow)]
struct UnbilledRow {
    id: ActivityId,
    customer_id: CustomerId,
    order_line_id: OrderLineId,
    quantity: Quantity,
    charged_on: Date,
    charge_ended_on: Option<Date>,
}

const UNBILLED: Sql = among!(
    "SELECT id, customer_id, order_line_id, quantity, charged_on, charge_ended_on FROM activities
     WHERE org_id = $1 AND status = 'Unbilled' AND customer_id",
    "ORDER BY customer_id, order_line_id, charged_on, id"
);

/// What of the customers' usage is not billed yet; each one's by order line and day.
pub async fn unbilled(
    conn: &mut Conn,
    org: OrganizationId,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<Activity>>> {
    let customers = json::ids(customers.iter().map(|customer| customer.0));
    let rows: Vec<UnbilledRow> = q!(conn, UNBILLED, org, customers).fetch_all().await?;
    let mut unbilled: HashMap<CustomerId, Vec<Activity>> = HashMap::new();
    for row in rows {
        unbilled.entry(row.customer_id).or_default().push(Activity {
            id: row.id,
            order_line: row.order_line_id,
            quantity: row.quantity,
            charged_on: row.charged_on,
            charge_ended_on: row.charge_ended_on,
        });
    }
    Ok(unbilled)
}

/// A rated activity, and the charge that it is part of.
#[derive(Clone, Copy, Debug)]
pub struct Processed {
    pub rated: Rated,
    pub charge: InvoiceChargeId,
    /// `None` where no invoice shows the charge.
    pub invoice: Option<InvoiceId>,
}

/// Marks activities as processed; fewer rows than given when one was processed already.
pub async fn process(tx: &mut Tx, org: OrganizationId, processed: &[Processed], now: Timestamp) -> Result<u64> {
    tx.update_all(
        (
            "WITH v (org_id, id, unit_price, amount, billed_charge_id, invoice_id, updated_at) AS",
            "UPDATE activities SET status = 'Processed', unit_price = v.unit_price, amount = v.amount,
                billed_charge_id = v.billed_charge_id, invoice_id = v.invoice_id, updated_at = v.updated_at
             FROM v WHERE activities.org_id = v.org_id AND activities.id = v.id AND activities.status = 'Unbilled'",
        ),
        processed,
        |of| {
            let Rated { activity, unit_price, amount } = of.rated;
            (org, activity, unit_price, amount, of.charge, of.invoice, now)
        },
    )
    .execute()
    .await
}

/// Orders that have nothing left to bill but usage that came since, of customers after `after`, by customer.
pub async fn late(
    conn: &mut Conn,
    org: OrganizationId,
    after: CustomerId,
    max: i64,
) -> Result<Vec<(CustomerId, OrderId)>> {
    q!(
        conn,
        "SELECT DISTINCT a.customer_id, a.order_id
         FROM activities a CROSS JOIN customers c CROSS JOIN orders o
         WHERE c.org_id = $1 AND c.id = a.customer_id AND c.id > $2 AND o.org_id = $1 AND o.id = a.order_id
           AND a.org_id = $1 AND a.status = 'Unbilled' AND a.is_late AND a.customer_id > $2
           AND o.status NOT IN ('Draft', 'Provisioning', 'Suspended')
           AND c.status IN ('Active', 'Overdue1', 'Overdue2', 'Overdue3')
         ORDER BY a.customer_id, a.order_id LIMIT CAST($3 AS BIGINT)",
        org,
        after,
        max
    )
    .fetch_all()
    .await
}
