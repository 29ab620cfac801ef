//! How objects look outside: XML (and what UniPay's clients send) read into checked input with every problem at once, and values written as text.
//!
//! Bytes become a bounded [`element::Element`], a [`reader::Reader`] collects what is wrong with it, and
//! [`writer::Writer`] writes answers. Nothing here knows HTTP, a database or the time.
#![deny(clippy::float_arithmetic)]

pub mod activities;
pub mod autopay;
pub mod branding;
pub mod change_orders;
pub mod characters;
pub mod contacts;
pub mod customer_batches;
pub mod customer_updates;
pub mod customers;
pub mod element;
mod encoding;
mod field;
mod fields;
pub mod gateway_events;
pub mod invoice_requests;
pub mod invoice_updates;
pub mod invoices;
pub mod lists;
pub mod notifications;
pub mod order_batches;
pub mod order_updates;
pub mod orders;
pub mod payment_methods;
pub mod payment_plans;
pub mod payments;
pub mod plans;
pub mod reader;
pub mod runs;
pub mod sessions;
pub mod spreadsheet;
pub mod sso_keys;
pub mod status;
pub mod test_clock;
pub mod unipay;
mod values;
pub mod widget;
pub mod writer;
