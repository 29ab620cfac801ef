//! `dbx` as its callers see it: every test on SQLite and on PostgreSQL.

// The file itself, not the crate: that one will need the whole program built, and would bring its
// statements into `STATEMENTS`.
#[cfg(test)]
#[path = "../../../testkit/src/database.rs"]
mod database;

#[cfg(test)]
mod connecting;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod transactions;
