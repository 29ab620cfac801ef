//! All SQL of the product, each statement once, for both engines: rows in, domain values out.
//!
//! No rule lives here. Every statement on a tenant's table names its `org_id`; what belongs to
//! another organization does not exist.

pub mod activities;
pub mod activity_lists;
pub mod activity_orders;
pub mod allocations;
pub mod audit;
pub mod avalara_accounts;
pub mod billed_charges;
pub mod branding;
pub mod checkouts;
pub mod choices;
pub mod collections;
pub mod customer_counts;
pub mod customer_find;
pub mod customer_lists;
pub mod customer_search;
pub mod customer_updates;
pub mod customers;
pub mod declines;
pub mod dunning;
pub mod events;
pub mod financials;
pub mod forgotten;
pub mod gateway_events;
pub mod home;
pub mod idempotency_keys;
pub mod ids;
mod invoice_lines;
pub mod invoice_lists;
pub mod invoice_search;
pub mod invoices;
pub mod jobs;
mod json;
pub mod known_devices;
pub mod ledger;
pub mod mails;
pub mod methods_to_keep;
pub mod numbers;
pub mod order_lists;
pub mod order_summaries;
pub mod order_updates;
pub mod orders;
pub mod organizations;
pub mod passkeys;
pub mod payment_lists;
pub mod payment_methods;
pub mod payment_plans;
pub mod payment_search;
pub mod payments;
pub mod plan_updates;
pub mod plan_versions;
pub mod plans;
pub mod probes;
pub mod processor_accounts;
pub mod processor_results;
pub mod profiles;
pub mod quick_sessions;
pub mod run_failures;
pub mod runs;
pub mod sealed;
pub mod second_factors;
pub mod sessions;
pub mod sso_keys;
pub mod sso_links;
pub mod staff;
pub mod test_processor;
pub mod transitions;
pub mod uninvoiced_charges;

pub use dbx::{
    Config, Conn, Db, Engine, Error, Faults, Result, Retriable, Tx, constraint, injected, is_foreign_key_violation,
    is_out_of_reach, is_unique_violation,
};

/// The schema, for `dbx::Db::migrate`.
pub const MIGRATIONS: &[dbx::migrate::File] = &[
    migration!("0001_organizations.sql"),
    migration!("0002_staff.sql"),
    migration!("0003_customers.sql"),
    migration!("0004_plans.sql"),
    migration!("0005_orders.sql"),
    migration!("0006_invoices.sql"),
    migration!("0007_payments.sql"),
    migration!("0008_events_jobs.sql"),
    migration!("0009_sessions.sql"),
    migration!("0010_customer_lists.sql"),
    migration!("0011_customer_updates.sql"),
    migration!("0012_payment_methods.sql"),
    migration!("0013_payment_plans_mails.sql"),
    migration!("0014_unipay.sql"),
    migration!("0015_idempotency_keys.sql"),
    migration!("0016_avalara_accounts.sql"),
    migration!("0017_probes.sql"),
    migration!("0018_mail_events.sql"),
    migration!("0020_plans_as_data.sql"),
    migration!("0021_billed_charges.sql"),
    migration!("0022_run_failures.sql"),
    migration!("0032_activity_lists.sql"),
    migration!("0034_merchant_invoices.sql"),
    migration!("0030_order_lists.sql"),
    migration!("0040_collections.sql"),
    migration!("0070_daily_run.sql"),
    migration!("0060_countries.sql"),
    migration!("0061_keyed_payments.sql"),
    migration!("0062_customer_counts.sql"),
    migration!("0041_refunds_credits.sql"),
    migration!("0050_processors.sql"),
    migration!("0051_gateway_events.sql"),
    migration!("0110_forgotten.sql"),
    migration!("0111_session_list.sql"),
    migration!("0112_second_factors.sql"),
    migration!("0113_passkeys.sql"),
    migration!("0130_sso_keys.sql"),
    migration!("0131_branding.sql"),
    migration!("0150_portal_search.sql"),
    migration!("0151_mails_asked_for.sql"),
    migration!("0160_portal_paying.sql"),
    migration!("0170_overdue_rules_by_group.sql"),
    migration!("0180_orders_of_a_customer.sql"),
    migration!("0181_charges_checked_once.sql"),
    migration!("0181_charges_checked_once.sqlite.sql"),
    migration!("0182_lines_of_charges.sql"),
    migration!("0182_lines_of_charges.sqlite.sql"),
    migration!("0183_lines_checked_once.sql"),
    migration!("0183_lines_checked_once.sqlite.sql"),
    migration!("0184_room_for_updates.sql"),
    migration!("0184_room_for_updates.sqlite.sql"),
    migration!("0185_success_url.sql"),
];

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub offset: i64,
    pub max: i64,
}

impl Page {
    /// How many there are in all, where its rows tell: they don't fill it, and it is not behind the last of them.
    pub fn total(self, rows: usize) -> Option<i64> {
        let rows = i64::try_from(rows).ok()?;
        (rows < self.max && (rows > 0 || self.offset == 0)).then_some(self.offset + rows)
    }
}

macro_rules! migration {
    ($name:literal) => {
        dbx::migrate::File { name: $name, sql: include_str!(concat!("../../../migrations/", $name)) }
    };
}
use migration;

/// A statement about many rows: `before IN (…) after`, the ids in JSON being its second argument. One text for any
/// number of them. PostgreSQL reads them as an array: of one it expects ten rows, which it looks up by index, of a JSON
/// text a hundred, for which it would rather read a table of some thousand rows.
macro_rules! among {
    ($before:expr, $after:literal) => {
        crate::among!($before, $after, "")
    };
    ($before:expr, $after:literal, $on_postgres:literal) => {
        dbx::Sql {
            sqlite: concat!($before, " IN (SELECT value FROM json_each($2)) ", $after),
            postgres: concat!(
                $before,
                " IN (SELECT UNNEST(CAST(TRANSLATE($2, '[]', '{}') AS BIGINT[]))) ",
                $after,
                $on_postgres
            ),
        }
    };
}
pub(crate) use among;

/// Appends that `column` is one of `values`, of which there is at least one.
pub(crate) fn one_of<'q, T: dbx::Bind<'q> + Clone>(sql: &mut dbx::Builder<'_>, column: &'static str, values: &[T]) {
    sql.push(" AND ").push(column).push(" IN (");
    for (place, value) in values.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).push_bind(value.clone());
    }
    sql.push(")");
}

/// A row that can't be what the program wrote.
pub(crate) fn corrupt(message: impl Into<String>) -> dbx::Error {
    dbx::Error::Decode(message.into().into())
}

/// What `EXPLAIN` of either engine answers, line by line.
pub(crate) async fn explained(sql: dbx::Builder<'_>, explain: &str) -> Result<Vec<String>> {
    if explain.starts_with("EXPLAIN QUERY PLAN") {
        let steps: Vec<(i64, i64, i64, String)> = sql.build().fetch_all().await?;
        return Ok(steps.into_iter().map(|step| step.3).collect());
    }
    let steps: Vec<(String,)> = sql.build().fetch_all().await?;
    Ok(steps.into_iter().map(|step| step.0).collect())
}
