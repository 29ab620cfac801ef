//! The floor of a run: the rows that it made, put into a copy of the database as it was before by a program that decides
//! nothing. Table by table, many rows in a statement, many statements in a transaction. Only that is timed; reading the
//! rows is not.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo};
use sqlx::query_builder::{QueryBuilder, Separated};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteRow, SqliteTypeInfo};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection, Database, Encode, Executor, IntoArguments, PgConnection,
    Postgres, Row, Sqlite, Type, TypeInfo, ValueRef,
};

use crate::raw::{Raw, sqlite_options};

/// In the order in which they name each other.
const TABLES: [&str; 6] = ["invoices", "invoice_lines", "invoice_charges", "ledger_entries", "events", "mails"];
const ROWS_PER_STATEMENT: usize = 500;
const ROWS_PER_TRANSACTION: i64 = 10_000;

/// Rows that were put in, and how long that took.
#[derive(Clone, Copy, Default)]
pub struct Replayed {
    pub rows: usize,
    pub took: Duration,
}

/// `first_id`: what the run made has no id below it.
pub async fn replay(from: &str, to: &str, first_id: i64) -> Result<Replayed> {
    let mut source = Raw::open(from).await?;
    if matches!(source, Raw::Postgres(_)) {
        // Read here in the order of their ids, which nothing else asks for.
        source.run("CREATE INDEX ON invoice_charges (org_id, id)".to_owned()).await?;
    }
    // As the program writes.
    let mut target = if to.starts_with("sqlite:") {
        Raw::Sqlite(sqlite_options(to)?.connect().await?)
    } else {
        Raw::Postgres(PgConnection::connect(to).await?)
    };
    let mut replayed = Replayed::default();
    for table in TABLES {
        let columns = source.columns(table).await?;
        let columns: Vec<String> = columns.into_iter().map(|column| column.name).collect();
        let (mut after, columns) = (first_id - 1, columns.join(", "));
        loop {
            let select = format!(
                "SELECT id, {columns} FROM {table} WHERE id > {after} ORDER BY org_id, id LIMIT {ROWS_PER_TRANSACTION}"
            );
            let into = format!("INSERT INTO {table} ({columns}) ");
            let (rows, last) = match (&mut source, &mut target) {
                (Raw::Sqlite(from), Raw::Sqlite(to)) => {
                    copy::<Sqlite, _>(from, to, (select, into), sqlite_values, &mut replayed.took).await?
                }
                (Raw::Postgres(from), Raw::Postgres(to)) => {
                    copy::<Postgres, _>(from, to, (select, into), postgres_values, &mut replayed.took).await?
                }
                _ => bail!("from one engine to the other"),
            };
            replayed.rows += rows;
            let Some(last) = last else { break };
            after = last;
        }
    }
    Ok(replayed)
}

/// How many rows there were, and the id of the last.
async fn copy<DB: Database, V>(
    from: &mut DB::Connection,
    to: &mut DB::Connection,
    (select, into): (String, String),
    values: fn(&DB::Row) -> Result<Vec<V>>,
    took: &mut Duration,
) -> Result<(usize, Option<i64>)>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    DB::Arguments: IntoArguments<DB> + Default,
    V: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'r> sqlx::Decode<'r, DB> + Type<DB>,
    usize: sqlx::ColumnIndex<DB::Row>,
{
    let rows = from.fetch_all(sqlx::query(AssertSqlSafe(select))).await?;
    let last = rows.last().map(|row| row.try_get::<i64, _>(0)).transpose()?;
    let rows: Vec<Vec<V>> = rows.iter().map(values).collect::<Result<_>>()?;
    let (count, mut rows) = (rows.len(), rows.into_iter().peekable());
    let start = Instant::now();
    let mut tx = to.begin().await?;
    while rows.peek().is_some() {
        let mut sql = QueryBuilder::<DB>::new(&into);
        sql.push_values(rows.by_ref().take(ROWS_PER_STATEMENT), |mut row: Separated<'_, DB, &str>, values| {
            for value in values {
                row.push_bind(value);
            }
        });
        (&mut *tx).execute(sql.build()).await?;
    }
    tx.commit().await?;
    *took += start.elapsed();
    Ok((count, last))
}

/// A value as SQLite keeps it.
enum Plain {
    Null,
    Number(i64),
    Text(String),
}

fn sqlite_values(row: &SqliteRow) -> Result<Vec<Plain>> {
    let value = |column: usize| -> Result<Plain> {
        let raw = row.try_get_raw(column)?;
        Ok(match raw.type_info().name() {
            _ if raw.is_null() => Plain::Null,
            "TEXT" => Plain::Text(row.try_get_unchecked(column)?),
            _ => Plain::Number(row.try_get_unchecked(column)?),
        })
    };
    (1..row.len()).map(value).collect()
}

impl Encode<'_, Sqlite> for Plain {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Plain::Null => Ok(IsNull::Yes),
            Plain::Number(number) => Encode::<Sqlite>::encode_by_ref(number, buffer),
            Plain::Text(text) => Encode::<Sqlite>::encode_by_ref(text, buffer),
        }
    }
}

impl Type<Sqlite> for Plain {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

/// A value as PostgreSQL has sent it.
struct Sent {
    of: PgTypeInfo,
    bytes: Option<Vec<u8>>,
}

fn postgres_values(row: &PgRow) -> Result<Vec<Sent>> {
    let value = |column: usize| -> Result<Sent> {
        let raw = row.try_get_raw(column)?;
        let of = row.column(column).type_info().clone();
        let bytes = if raw.is_null() { None } else { Some(raw.as_bytes().map_err(sqlx::Error::Decode)?.to_vec()) };
        Ok(Sent { of, bytes })
    };
    (1..row.len()).map(value).collect()
}

impl Encode<'_, Postgres> for Sent {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Some(bytes) = &self.bytes else { return Ok(IsNull::Yes) };
        buffer.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.of.clone())
    }
}

impl Type<Postgres> for Sent {
    fn type_info() -> PgTypeInfo {
        <String as Type<Postgres>>::type_info()
    }
}
