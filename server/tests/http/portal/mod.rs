//! The customer portal, as a browser without script sees it.

mod links;
mod login;
mod pages;
mod paying;
mod sessions;
mod tokens;
