//! A great many of what was made once through the API: rows copied with other ids, whatever columns they have.

use std::fmt::Write;

use anyhow::{Result, ensure};

use crate::raw::{Column, Raw};

/// Between the ids of one copy and the next.
const STRIDE: i64 = 10_000;
/// What all copies share.
const SHARED: [&str; 5] = ["org_id", "plan_id", "plan_version_id", "charge_id", "tier_id"];

/// Whose rows are copied, and what no two of them may have alike.
pub struct Table {
    pub name: &'static str,
    pub unique: &'static [&'static str],
}

const fn table(name: &'static str, unique: &'static [&'static str]) -> Table {
    Table { name, unique }
}

/// A customer, its orders and invoices. In the order in which they name each other.
pub const CUSTOMER: &[Table] = &[
    table("customers", &["ext_customer_ref"]),
    table("contacts", &["username"]),
    table("customer_financials", &[]),
    table("orders", &["number"]),
    table("order_lines", &[]),
    table("invoices", &["number"]),
    table("invoice_lines", &[]),
    table("invoice_charges", &[]),
    table("ledger_entries", &[]),
];
/// Orders of the same customer.
pub const ORDER: &[Table] = &[table("orders", &["number"]), table("order_lines", &[])];

/// Copies all rows of these tables `times` times; `stays` names ids that copies have in common besides.
pub async fn make(raw: &mut Raw, tables: &[Table], stays: &[&str], times: i64) -> Result<()> {
    let next = raw.number("SELECT next FROM id_blocks WHERE name = 'ids'").await?;
    ensure!(next < STRIDE, "the rows to copy have ids up to {next}");
    for table in tables {
        let columns = raw.columns(table.name).await?;
        let shown = |column: &Column| shown(column, table, stays);
        let (mut names, mut values) = (String::new(), String::new());
        for column in &columns {
            let comma = if names.is_empty() { "" } else { ", " };
            write!(names, "{comma}{}", column.name)?;
            write!(values, "{comma}{}", shown(column))?;
        }
        let name = table.name;
        raw.run(format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
             INSERT INTO {name} ({names}) SELECT {values} FROM n CROSS JOIN {name} ORDER BY n.i"
        ))
        .await?;
    }
    raw.run(format!("UPDATE id_blocks SET next = {}", (times + 1) * STRIDE)).await
}

fn shown(column: &Column, table: &Table, stays: &[&str]) -> String {
    let name = column.name.as_str();
    if column.is_id() && !SHARED.contains(&name) && !stays.contains(&name) {
        format!("{name} + CAST(n.i AS BIGINT) * {STRIDE}")
    } else if table.unique.contains(&name) {
        format!("{name} || '-' || n.i")
    } else {
        name.to_owned()
    }
}
