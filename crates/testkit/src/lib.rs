//! Placeholder.
pub mod database;
