//! The REST XML API.

mod access;
mod autopay;
mod bad_xml;
mod clock;
mod customer_updates;
mod customers;
mod idempotency;
mod invoices;
mod lists;
mod negotiation;
mod notifications;
mod orders;
mod payment_plans;
mod payments;
mod plans;
mod secrets;
mod story;
mod widget;
