//! Objects of the wire: what is written for the values of the reference, and what is read or refused.

mod autopay;
mod customers;
mod invoices;
mod orders;
mod payment_plans;
mod payments;
mod samples;
mod widget;
