//! Many rows in few statements.

use std::fmt::Write;
use std::sync::Arc;

use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite, SqliteConnection};

use crate::columns::{Columns, UNNEST, unnest};
use crate::faults::Faults;
use crate::pool::{Native, Target};
use crate::query::Bind;
use crate::{Conn, Error, Result};

impl Conn {
    /// `INSERT INTO t (…)` for many rows, in as few statements as sensible. Each row is a tuple of arguments.
    pub fn insert_all<I, R: BindRow>(
        &mut self,
        into: &'static str,
        rows: impl IntoIterator<Item = I>,
        row: impl Fn(I) -> R,
    ) -> Bulk<'_> {
        self.bulk((into, ""), rows.into_iter().map(row))
    }

    /// `UPDATE t SET a = v.a … FROM v WHERE …` for many rows `v (…)`; text between is `WITH v (…) AS` and the update.
    pub fn update_all<I, R: BindRow>(
        &mut self,
        (with, update): (&'static str, &'static str),
        rows: impl IntoIterator<Item = I>,
        row: impl Fn(I) -> R,
    ) -> Bulk<'_> {
        self.bulk((with, update), rows.into_iter().map(row))
    }

    fn bulk<R: BindRow>(&mut self, around: (&str, &str), rows: impl Iterator<Item = R>) -> Bulk<'_> {
        let Target { native, faults, .. } = self.target();
        let batches = match native {
            Native::Sqlite(conn) => encode(around, rows).map(|batches| Batches::Sqlite(conn, batches)),
            Native::Postgres(conn) => by_column(around, rows).map(|batches| Batches::Postgres(conn, batches)),
        };
        Bulk { batches, faults }
    }
}

/// Many rows, encoded and ready to run. Holds no iterator or closure, so that the future is `Send`.
#[must_use = "nothing is written until it is run"]
pub struct Bulk<'c> {
    batches: Result<Batches<'c>, BoxDynError>,
    faults: Option<&'c Faults>,
}

enum Batches<'c> {
    Sqlite(&'c mut SqliteConnection, Vec<(SqlStr, SqliteArguments)>),
    Postgres(&'c mut PgConnection, Vec<(SqlStr, PgArguments)>),
}

impl Bulk<'_> {
    /// Runs the statements and says how many rows they touched.
    pub async fn execute(self) -> Result<u64> {
        let mut rows = 0;
        match self.batches.map_err(Error::Encode)? {
            Batches::Sqlite(conn, batches) => {
                for (sql, args) in batches {
                    step(self.faults, &sql)?;
                    rows += sqlx::query_with::<Sqlite, _>(sql, args).execute(&mut *conn).await?.rows_affected();
                }
            }
            Batches::Postgres(conn, batches) => {
                for (sql, args) in batches {
                    step(self.faults, &sql)?;
                    rows += sqlx::query_with::<Postgres, _>(sql, args).execute(&mut *conn).await?.rows_affected();
                }
            }
        }
        Ok(rows)
    }
}

fn step(faults: Option<&Faults>, sql: &SqlStr) -> Result<()> {
    // Without the values' placeholders, of which there may be hundreds.
    let label = |sql: &str| sql.find("VALUES ").or_else(|| sql.find(UNNEST)).unwrap_or(sql.len());
    faults.map_or(Ok(()), |faults| faults.step(&sql.as_str()[..label(sql.as_str())]))
}

/// A tuple of arguments: one row of an `INSERT`.
pub trait BindRow {
    const WIDTH: usize;
    fn bind_row<'q>(self, args: &mut impl Puts<'q>) -> Result<(), BoxDynError>;
}

/// What takes the values of rows, one after the other.
pub trait Puts<'q> {
    fn put(&mut self, value: impl Bind<'q>) -> Result<(), BoxDynError>;
}

/// The argument buffer of either engine.
trait Args<'q>: Puts<'q> + Default {
    fn placeholder(sql: &mut String, number: usize);
}

impl<'q> Puts<'q> for SqliteArguments {
    fn put(&mut self, value: impl Bind<'q>) -> Result<(), BoxDynError> {
        Arguments::add(self, value)
    }
}

impl Args<'_> for SqliteArguments {
    /// Not `$n`: SQLite takes that for a name, and searches its names in a row for every argument.
    fn placeholder(sql: &mut String, _number: usize) {
        sql.push('?');
    }
}

impl<'q> Puts<'q> for PgArguments {
    fn put(&mut self, value: impl Bind<'q>) -> Result<(), BoxDynError> {
        Arguments::add(self, value)
    }
}

impl Args<'_> for PgArguments {
    fn placeholder(sql: &mut String, number: usize) {
        write!(sql, "${number}").expect("writing to a String can't fail");
    }
}

macro_rules! bind_row {
    ($($name:ident $index:tt)+) => {
        impl<$($name: for<'q> Bind<'q>),+> BindRow for ($($name,)+) {
            const WIDTH: usize = [$($index),+].len();

            fn bind_row<'q>(self, args: &mut impl Puts<'q>) -> Result<(), BoxDynError> {
                $(args.put(self.$index)?;)+
                Ok(())
            }
        }
    };
}

/// Tuples of one element, of two, and so on.
macro_rules! bind_rows {
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] $name:ident $index:tt $($rest:tt)*) => {
        bind_row!($($done)* $name $index);
        bind_rows!([$($done)* $name $index] $($rest)*);
    };
}
bind_rows!([] A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15 Q 16 R 17 S 18 T 19 U 20 V 21 W 22 X 23);

/// Rows of the largest statement.
const FULL: usize = 128;
const STEP: usize = 16;

/// Rows in the next statement: few distinct statement texts, all of which stay prepared, and a few dozen rows, as a new
/// customer has in its index, in at most two of them.
fn batch_size(left: usize) -> usize {
    if left <= STEP { left } else { (left - left % STEP).min(FULL) }
}

fn encode<'q, R: BindRow, A: Args<'q>>(
    around: (&str, &str),
    mut rows: impl Iterator<Item = R>,
) -> Result<Vec<(SqlStr, A)>, BoxDynError> {
    let mut out = Vec::new();
    let mut batch: Vec<R> = Vec::with_capacity(FULL);
    let mut full: Option<Arc<str>> = None;
    loop {
        batch.extend(rows.by_ref().take(FULL - batch.len()));
        let size = batch_size(batch.len());
        if size == 0 {
            return Ok(out);
        }
        let text = match size {
            FULL => full.get_or_insert_with(|| values::<A>(around, size, R::WIDTH).into()).clone(),
            _ => values::<A>(around, size, R::WIDTH).into(),
        };
        let mut args = A::default();
        for row in batch.drain(..size) {
            row.bind_row(&mut args)?;
        }
        // Safe: a text of the program, and placeholders.
        out.push((AssertSqlSafe(text).into_sql_str(), args));
    }
}

/// Rows of the largest statement of columns.
const TALL: usize = 1024;

/// As few statements as `rows` allow, all but the last of one size; a few rows are left to [`encode`], for which the
/// server needs less.
fn by_column<R: BindRow>(
    around: (&str, &str),
    rows: impl Iterator<Item = R>,
) -> Result<Vec<(SqlStr, PgArguments)>, BoxDynError> {
    let mut rows = rows.peekable();
    let mut out = Vec::new();
    let mut text: Option<Arc<str>> = None;
    while rows.peek().is_some() {
        let batch: Vec<R> = rows.by_ref().take(TALL).collect();
        if batch.len() <= STEP {
            out.extend(encode(around, batch.into_iter())?);
            continue;
        }
        let mut columns = Columns::new(R::WIDTH);
        for row in batch {
            row.bind_row(&mut columns)?;
        }
        let text = text.get_or_insert_with(|| statement(around, &unnest(R::WIDTH)).into()).clone();
        out.push((AssertSqlSafe(text).into_sql_str(), columns.into_arguments()?));
    }
    Ok(out)
}

/// `rows` is a query: they are inserted, or what `v` is made of.
fn statement((before, after): (&str, &str), rows: &str) -> String {
    if after.is_empty() { format!("{before} {rows}") } else { format!("{before} ({rows}) {after}") }
}

fn values<'q, A: Args<'q>>(around: (&str, &str), rows: usize, width: usize) -> String {
    let mut sql = "VALUES ".to_owned();
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=width {
            if column > 1 {
                sql.push_str(", ");
            }
            A::placeholder(&mut sql, row * width + column);
        }
        sql.push(')');
    }
    statement(around, &sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_have_few_sizes_and_lose_no_row() {
        for rows in [0, 1, 16, 17, 31, 64, 65, 95, 127, 128, 137, 1000] {
            let batches =
                encode::<_, SqliteArguments>(("INSERT INTO t (a)", ""), (0..rows).map(|n: i64| (n,))).unwrap();
            let counted: usize = batches.iter().map(|(sql, _)| sql.as_str().matches('?').count()).sum();
            assert_eq!(i64::try_from(counted).unwrap(), rows);
            if rows <= 128 {
                assert!(batches.len() <= 2, "{rows} rows take {} statements", batches.len());
            }
        }
        let sizes: std::collections::BTreeSet<usize> = (0..2000).map(batch_size).collect();
        assert_eq!(sizes.len(), 1 + 16 + 7);
    }

    #[test]
    fn placeholders_are_numbered_through_the_rows_on_postgres() {
        assert_eq!(
            values::<PgArguments>(("INSERT INTO t (a, b)", ""), 2, 2),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
        );
        assert_eq!(
            values::<SqliteArguments>(("INSERT INTO t (a, b)", ""), 2, 2),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)"
        );
    }

    #[test]
    fn an_update_of_many_rows_reads_them_as_a_table() {
        let around = ("WITH v (id, a) AS", "UPDATE t SET a = v.a FROM v WHERE t.id = v.id");
        assert_eq!(
            values::<PgArguments>(around, 2, 2),
            "WITH v (id, a) AS (VALUES ($1, $2), ($3, $4)) UPDATE t SET a = v.a FROM v WHERE t.id = v.id"
        );
    }
}
