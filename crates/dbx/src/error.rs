//! What a database error means to the one who gets it, said the same way for both engines.

use sqlx::error::ErrorKind;

pub use sqlx::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error type of [`Db::transact`](crate::Db::transact): is the transaction worth another try?
///
/// An error that carries a [`dbx::Error`](Error) answers what that one says.
pub trait Retriable {
    fn retriable(&self) -> bool;
}

impl Retriable for Error {
    /// Serialization failure and deadlock (PostgreSQL); busy, busy recovery and busy snapshot (SQLite).
    fn retriable(&self) -> bool {
        let code = self.as_database_error().and_then(sqlx::error::DatabaseError::code);
        matches!(code.as_deref(), Some("40001" | "40P01" | "5" | "261" | "517"))
    }
}

/// Whether the database could not be asked, whatever was asked: it is gone, restarting, or has no connection left.
pub fn is_out_of_reach(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => true,
        Error::Database(error) => {
            // PostgreSQL: connection exceptions, operator intervention (shut down, starting up), too many connections.
            let code = error.code().unwrap_or_default();
            code.starts_with("08") || code.starts_with("57P") || code == "53300"
        }
        _ => false,
    }
}

pub fn is_unique_violation(error: &Error) -> bool {
    kind(error).is_some_and(|kind| matches!(kind, ErrorKind::UniqueViolation))
}

pub fn is_foreign_key_violation(error: &Error) -> bool {
    kind(error).is_some_and(|kind| matches!(kind, ErrorKind::ForeignKeyViolation))
}

/// Which constraint was violated, as the engine names it.
///
/// PostgreSQL tells the constraint or index (`people_org_id_email_key`); SQLite the columns
/// (`people.org_id, people.email`), the name of an index over expressions, or a CHECK, and nothing for a
/// foreign key. Ask it with `contains("email")`.
pub fn constraint(error: &Error) -> Option<String> {
    let error = error.as_database_error()?;
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let (_, violated) = error.message().split_once("constraint failed: ")?;
    let index = violated.strip_prefix("index '").and_then(|name| name.strip_suffix('\''));
    Some(index.unwrap_or(violated).to_owned())
}

fn kind(error: &Error) -> Option<ErrorKind> {
    Some(error.as_database_error()?.kind())
}
