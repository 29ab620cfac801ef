//! How objects look outside: XML read into checked input with every problem at once, and values written as text.
//!
//! Bytes become a bounded [`element::Element`], a [`reader::Reader`] collects what is wrong with it, and
//! [`writer::Writer`] writes answers. Nothing here knows HTTP, a database or the time.
#![deny(clippy::float_arithmetic)]

pub mod autopay;
pub mod characters;
pub mod contacts;
pub mod customer_batches;
pub mod customer_updates;
pub mod customers;
pub mod element;
mod encoding;
mod fields;
pub mod invoices;
pub mod lists;
pub mod notifications;
pub mod orders;
pub mod payment_methods;
pub mod payment_plans;
pub mod payments;
pub mod plans;
pub mod reader;
pub mod status;
pub mod test_clock;
mod values;
pub mod widget;
pub mod writer;
