//! The customer portal, as a browser without script sees it.

mod account;
mod factors;
mod forgotten;
mod links;
mod login;
mod orders;
mod pages;
mod paying;
mod security;
mod sessions;
mod tokens;
