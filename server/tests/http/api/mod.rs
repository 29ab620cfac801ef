//! The REST XML API.

mod access;
mod bad_xml;
mod clock;
mod customer_updates;
mod customers;
mod invoices;
mod negotiation;
mod orders;
mod payments;
mod secrets;
mod story;
mod widget;
