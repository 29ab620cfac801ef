//! The REST XML API.

mod access;
mod addresses;
mod autopay;
mod bad_input;
mod bad_xml;
mod cases;
mod checklist;
mod clock;
mod customer_fields;
mod customer_updates;
mod customers;
mod idempotency;
mod invoices;
mod lists;
mod negotiation;
mod notifications;
mod odd_requests;
mod order_life;
mod orders;
mod payment_plans;
mod payments;
mod probes;
mod samples;
mod secrets;
mod story;
mod widget;
