//! Objects of the wire: what is written for the values of the reference, and what is read or refused.

mod activities;
mod autopay;
mod change_orders;
mod customers;
mod embedding;
mod invoice_requests;
mod invoice_updates;
mod invoices;
mod never_panics;
mod order_batches;
mod order_updates;
mod orders;
mod payment_plans;
mod payments;
mod reference;
mod samples;
mod widget;
