//! The customer portal, as a browser without script sees it.

mod account;
mod autopay;
mod bad_input;
pub mod branding;
mod documents;
mod embedding;
mod factors;
mod finding;
mod forgotten;
mod links;
mod login;
mod merchant_tokens;
mod orders;
mod pages;
mod paying;
mod quick;
mod security;
mod sessions;
mod switches;
mod tokens;
