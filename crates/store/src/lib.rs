//! All SQL of the product, each statement once, for both engines: rows in, domain values out.
//!
//! No rule lives here. Every statement on a tenant's table names its `org_id`; what belongs to
//! another organization does not exist.

pub mod activities;
pub mod audit;
pub mod avalara_accounts;
pub mod change_orders;
pub mod customer_find;
pub mod customer_lists;
pub mod customer_search;
pub mod customer_updates;
pub mod customers;
pub mod events;
pub mod financials;
pub mod idempotency_keys;
pub mod ids;
pub mod invoices;
pub mod jobs;
mod json;
pub mod ledger;
pub mod mails;
pub mod numbers;
pub mod order_lists;
pub mod order_updates;
pub mod orders;
pub mod organizations;
pub mod payment_methods;
pub mod payment_plans;
pub mod payments;
pub mod plan_updates;
pub mod plan_versions;
pub mod plans;
pub mod probes;
pub mod sealed;
pub mod sessions;
pub mod sso_links;
pub mod staff;
pub mod test_processor;
pub mod transitions;
pub mod uninvoiced_charges;

pub use dbx::{
    Config, Conn, Db, Engine, Error, Faults, Result, Retriable, Tx, constraint, injected, is_foreign_key_violation,
    is_unique_violation,
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
    migration!("0030_order_lists.sql"),
];

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub offset: i64,
    pub max: i64,
}

macro_rules! migration {
    ($name:literal) => {
        dbx::migrate::File { name: $name, sql: include_str!(concat!("../../../migrations/", $name)) }
    };
}
use migration;

/// A row that can't be what the program wrote.
pub(crate) fn corrupt(message: impl Into<String>) -> dbx::Error {
    dbx::Error::Decode(message.into().into())
}
