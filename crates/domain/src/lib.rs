//! The rules of billing: what is owed, when, and why.
//!
//! Values in, values out. Nothing here knows a clock, a random number, a database or the network,
//! so every rule can be read and tested alone. Money is whole minor units; a fraction of one is
//! lost in exactly one function, [`money::Currency::round`].

pub mod access;
pub mod activities;
pub mod autopay;
pub mod bill;
pub mod branding;
pub mod changes;
pub mod checkout;
pub mod checks;
pub mod columns;
pub mod contacts;
pub mod countries;
pub mod customers;
pub mod dates;
pub mod declines;
pub mod details;
pub mod devices;
pub mod dunning;
pub mod events;
pub mod ids;
pub mod invoices;
pub mod ledger;
pub mod money;
pub mod next_charge;
pub mod orders;
pub mod organizations;
pub mod passwords;
pub mod payment_methods;
pub mod payment_plans;
pub mod payments;
pub mod plans;
pub mod pricing;
pub mod runs;
pub mod search;
pub mod sso_keys;
pub mod taxes;
pub mod time_ranges;
pub mod transitions;
pub mod typed_amounts;
pub mod unipay;
pub mod usage;
pub mod wallet;
