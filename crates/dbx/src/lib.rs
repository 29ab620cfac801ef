//! One database handle over SQLite and PostgreSQL.
//!
//! Every statement is written once, in the SQL both engines share, with `$n` placeholders.
//! Values are encoded by the engine's own sqlx driver, straight into its own argument buffer:
//! a date may be a DATE on PostgreSQL and an ISO text on SQLite, with no common denominator between.
//!
//! What must hold: all SQL passes `Query`, `Insert`, `begin` and `commit`, so that the fault hook
//! sees every step; arguments and placeholders agree in number; text is never put into SQL.

mod bulk;
mod columns;
mod error;
mod faults;
mod lease;
pub mod migrate;
mod pool;
mod query;
mod sql;

pub use bulk::{BindRow, Bulk};
pub use error::{Error, Result, Retriable, constraint, is_foreign_key_violation, is_out_of_reach, is_unique_violation};
pub use faults::{Faults, injected};
pub use linkme;
pub use pool::{Config, Conn, Db, Engine, Synchronous, Tx};
pub use query::{Bind, Builder, Query, Record, Scalar};
pub use sql::{STATEMENTS, Sql, Statement};
pub use sqlx::types::Json;

/// `q!(conn, "… $1 … $2", a, b)`: a statement and its arguments.
///
/// The number of arguments is checked against the placeholders at compile time (too few would
/// silently be NULL on SQLite), and the statement joins [`STATEMENTS`], which one test prepares
/// on every engine. The few statements that must differ between the engines are `const` [`Sql`]s.
///
/// ```
/// async fn rename(tx: &mut dbx::Tx, id: i64, name: &str) -> dbx::Result<u64> {
///     dbx::q!(tx, "UPDATE people SET name = $2 WHERE id = $1", id, name).execute().await
/// }
/// ```
///
/// ```compile_fail
/// async fn rename(tx: &mut dbx::Tx, id: i64) -> dbx::Result<u64> {
///     dbx::q!(tx, "UPDATE people SET name = $2 WHERE id = $1", id).execute().await
/// }
/// ```
#[macro_export]
macro_rules! q {
    ($conn:expr, $sql:literal $($rest:tt)*) => {
        $crate::q!(@ $conn, $crate::Sql::new($sql) $($rest)*)
    };
    ($conn:expr, $sql:path $(, $arg:expr)* $(,)?) => {
        $crate::q!(@ $conn, $sql $(, $arg)*)
    };
    // No block around it: the connection may be a temporary, `q!(db.read().await?, …)`.
    (@ $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $conn.query(const {
            const SQL: $crate::Sql = $sql;
            // An item: `cargo check` does not evaluate a const block.
            const _: () = SQL.expect_params(0usize $(+ $crate::q!(one $arg))*);
            #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static STATEMENT: $crate::Statement = $crate::Statement { sql: SQL, file: file!(), line: line!() };
            SQL
        })$(.bind($arg))*
    };
    (one $arg:expr) => { 1 };
}
