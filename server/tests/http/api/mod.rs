//! The REST XML API.

mod access;
mod bad_xml;
mod clock;
mod customers;
mod invoices;
mod lists;
mod negotiation;
mod orders;
mod payments;
mod secrets;
mod story;
mod widget;
