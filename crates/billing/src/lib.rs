//! What the product does: use cases, jobs, and the ports through which it meets the outside world.
//!
//! The edge opens a [`Unit`], the use case works in it, the edge commits. A unit has no gateway and
//! no mailer, so nothing slow can happen in a transaction. What must reach the outside is committed
//! as an intent first, done with a stable key, and its result committed after.

pub mod access;
pub mod activities;
pub mod addresses;
pub mod autopay;
mod bills;
pub mod branding;
pub mod change_orders;
pub mod checks;
pub mod clock;
mod collections;
pub mod credentials;
pub mod credits;
pub mod customer_batches;
pub mod customer_lists;
pub mod customer_updates;
pub mod customers;
pub mod documents;
pub mod error;
pub mod forgotten;
pub mod gateway_events;
pub mod idempotency;
pub mod invoice_lists;
mod invoice_numbers;
pub mod invoice_requests;
pub mod invoice_updates;
pub mod invoices;
pub mod jobs;
pub mod keys;
pub mod mails;
pub mod order_actions;
pub mod order_batches;
pub mod order_lists;
pub mod order_updates;
pub mod orders;
pub mod organizations;
pub mod passkeys;
pub mod passwords;
pub mod payment_lists;
pub mod payment_methods;
pub mod payment_plans;
pub mod payments;
pub mod plans;
pub mod portal;
pub mod ports;
pub mod probes;
pub mod processors;
pub mod quick_pay;
pub mod refunds;
pub mod runs;
pub mod second_factors;
pub mod secrets;
pub mod seed;
pub mod sessions;
pub mod sso;
pub mod sso_keys;
pub mod staff;
pub mod transitions;
mod turns;
pub mod unipay;
mod unit;

pub use error::{Error, Result};
pub use unit::{Billing, CHARGES_AT_ONCE, Parts, Unit, View};
