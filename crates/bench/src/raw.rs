//! A connection of either engine, for statements that are put together here.

use std::str::FromStr;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// As the program opens a file to write to it.
pub fn sqlite_options(url: &str) -> Result<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-32768"))
}

/// A column of a table.
pub struct Column {
    pub name: String,
    is_number: bool,
}

impl Column {
    /// Holds an id.
    pub fn is_id(&self) -> bool {
        self.is_number && (self.name == "id" || self.name.ends_with("_id"))
    }
}

impl Raw {
    pub async fn open(url: &str) -> Result<Raw> {
        Ok(if url.starts_with("sqlite:") {
            // What is lost with the power is made again.
            let options = sqlite_options(url)?.synchronous(SqliteSynchronous::Off);
            Raw::Sqlite(options.connect().await?)
        } else {
            Raw::Postgres(PgConnection::connect(url).await?)
        })
    }

    pub async fn run(&mut self, sql: String) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Raw::Sqlite(conn) => sql.execute(conn).await.map(drop)?,
            Raw::Postgres(conn) => sql.execute(conn).await.map(drop)?,
        }
        Ok(())
    }

    pub async fn number(&mut self, sql: &str) -> Result<i64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Raw::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(conn).await?,
            Raw::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(conn).await?,
        })
    }

    pub async fn pairs(&mut self, sql: &'static str) -> Result<Vec<(i64, i64)>> {
        Ok(match self {
            Raw::Sqlite(conn) => sqlx::query_as(sql).fetch_all(conn).await?,
            Raw::Postgres(conn) => sqlx::query_as(sql).fetch_all(conn).await?,
        })
    }

    /// The columns of a table, in their order.
    pub async fn columns(&mut self, table: &str) -> Result<Vec<Column>> {
        let found: Vec<(String, String)> = match self {
            Raw::Sqlite(conn) => {
                let sql = "SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid";
                sqlx::query_as(sql).bind(table).fetch_all(conn).await?
            }
            Raw::Postgres(conn) => {
                let sql = "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns
                           WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position";
                sqlx::query_as(sql).bind(table).fetch_all(conn).await?
            }
        };
        Ok(found
            .into_iter()
            .map(|(name, kind)| Column { name, is_number: matches!(&*kind, "bigint" | "integer") })
            .collect())
    }

    /// What a database comes to after a while: the planner knows its tables. Empty ones are left alone, as autovacuum
    /// leaves them: a table that is known to be empty is read from end to end for as long as nobody looks again.
    pub async fn settle(mut self) -> Result<()> {
        let statement = match &mut self {
            Raw::Sqlite(_) => "ANALYZE".to_owned(),
            Raw::Postgres(conn) => {
                let filled: String = sqlx::query_scalar(
                    "SELECT COALESCE(string_agg(relname, ', '), '') FROM pg_class
                     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0",
                )
                .fetch_one(conn)
                .await?;
                format!("VACUUM ANALYZE {filled}")
            }
        };
        self.run(statement).await?;
        match self {
            Raw::Sqlite(conn) => conn.close().await?,
            Raw::Postgres(conn) => conn.close().await?,
        }
        Ok(())
    }
}
