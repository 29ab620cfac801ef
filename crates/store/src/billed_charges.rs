//! What was charged for before, on invoices and on none.

use std::collections::BTreeMap;

use dbx::{Conn, Result, Sql, q};
use domain::dates::{Date, Period};
use domain::ids::{OrderId, OrderLineId, OrganizationId};
use domain::invoices::ChargeKind;
use domain::money::{Amount, Quantity};
use domain::orders::BilledCharge;
use domain::usage::BilledUsage;

use crate::{among, json};

/// The order's charges for days from `from` on that stand: those of a cancelled invoice do not.
pub async fn of_order(conn: &mut Conn, org: OrganizationId, order: OrderId, from: Date) -> Result<Vec<BilledCharge>> {
    let rows: Vec<(OrderLineId, ChargeKind, Date, Date, Amount)> = q!(
        conn,
        "SELECT c.order_line_id, c.kind, c.period_start, c.period_end, c.amount
         FROM order_lines l JOIN invoice_charges c ON c.org_id = l.org_id AND c.order_line_id = l.id
         WHERE l.org_id = $1 AND l.order_id = $2 AND c.period_end > $3 AND c.is_live
           AND c.kind IN ('Advance', 'Arrears')
         UNION ALL
         SELECT order_line_id, kind, period_start, period_end, amount FROM uninvoiced_charges
         WHERE org_id = $1 AND order_id = $2 AND period_end > $3 AND kind IN ('Advance', 'Arrears')
         ORDER BY 1, 3, 2",
        org,
        order,
        from
    )
    .fetch_all()
    .await?;
    let charge = |(order_line, kind, start, end, amount)| {
        let period = Period { start, end };
        BilledCharge { order_line, kind, period, amount }
    };
    Ok(rows.into_iter().map(charge).collect())
}

/// Order line, start of the period, units of the activities, amount.
type UsageRow = (OrderLineId, Date, Quantity, Amount);

const USAGE_ON_INVOICES: Sql = among!(
    "SELECT order_line_id, period_start, quantity, amount FROM invoice_charges
     WHERE org_id = $1 AND is_live AND kind = 'Usage' AND order_line_id",
    "AND period_end > $3"
);
const USAGE_ON_NONE: Sql = among!(
    "SELECT order_line_id, period_start, quantity, amount FROM uninvoiced_charges
     WHERE org_id = $1 AND kind = 'Usage' AND order_line_id",
    "AND period_end > $3"
);

/// What was billed for the usage of these order lines in each period that ends after `after`.
pub async fn of_usage(
    conn: &mut Conn,
    org: OrganizationId,
    order_lines: &[OrderLineId],
    after: Date,
) -> Result<Vec<BilledUsage>> {
    let lines = json::ids(order_lines.iter().map(|line| line.0));
    let mut rows: Vec<UsageRow> = q!(conn, USAGE_ON_INVOICES, org, &lines, after).fetch_all().await?;
    let more: Vec<UsageRow> = q!(conn, USAGE_ON_NONE, org, &lines, after).fetch_all().await?;
    rows.extend(more);
    let mut billed: BTreeMap<(OrderLineId, Date), BilledUsage> = BTreeMap::new();
    for (order_line, period_start, quantity, amount) in rows {
        let nothing = BilledUsage { order_line, period_start, quantity: Quantity::default(), amount: Amount::ZERO };
        let sum = billed.entry((order_line, period_start)).or_insert(nothing);
        sum.quantity = Quantity(sum.quantity.0 + quantity.0);
        sum.amount += amount;
    }
    Ok(billed.into_values().collect())
}
