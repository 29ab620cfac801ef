//! Running one statement, on whichever engine its connection is.

use std::fmt::Write;

use futures_util::stream::{BoxStream, StreamExt};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Decode, Encode, Executor, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite,
    SqliteConnection, Type,
};

use crate::faults::Faults;
use crate::pool::{Native, Target};
use crate::{Conn, Error, Result, Sql};

/// A value both engines can take as an argument.
pub trait Bind<'q>: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}
impl<'q, T> Bind<'q> for T where T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}

/// A row type for both engines: what `#[derive(sqlx::FromRow)]` gives, and tuples.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A single column's type.
pub trait Scalar:
    Type<Sqlite> + for<'r> Decode<'r, Sqlite> + Type<Postgres> + for<'r> Decode<'r, Postgres> + Send + Unpin
{
}
impl<T> Scalar for T where
    T: Type<Sqlite> + for<'r> Decode<'r, Sqlite> + Type<Postgres> + for<'r> Decode<'r, Postgres> + Send + Unpin
{
}

impl Conn {
    /// What [`q!`](crate::q) calls.
    pub fn query(&mut self, sql: Sql) -> Query<'_> {
        let text = match self.engine() {
            crate::Engine::Sqlite => sql.sqlite,
            crate::Engine::Postgres => sql.postgres,
        };
        Query::new(self, text.into_sql_str())
    }

    /// Starts a statement whose shape is only known at run time, such as a search.
    pub fn build(&mut self, sql: &'static str) -> Builder<'_> {
        Builder { query: Query::new(self, "".into_sql_str()), sql: sql.to_owned(), params: 0 }
    }

    /// Lets the engine check a statement without running it.
    pub async fn prepare(&mut self, sql: Sql) -> Result<()> {
        match self.target().native {
            Native::Sqlite(conn) => conn.prepare(sql.sqlite.into_sql_str()).await.map(drop),
            Native::Postgres(conn) => conn.prepare(sql.postgres.into_sql_str()).await.map(drop),
        }
    }
}

/// A statement with its arguments, ready to run on the connection it came from.
#[must_use = "a query does nothing until it is run"]
pub struct Query<'c> {
    inner: Inner<'c>,
    faults: Option<&'c Faults>,
    busy: Option<&'c mut bool>,
    error: Option<BoxDynError>,
}

enum Inner<'c> {
    Sqlite { conn: &'c mut SqliteConnection, sql: SqlStr, args: SqliteArguments },
    Postgres { conn: &'c mut PgConnection, sql: SqlStr, args: PgArguments },
}

impl<'c> Query<'c> {
    fn new(conn: &'c mut Conn, sql: SqlStr) -> Query<'c> {
        let Target { native, faults, busy } = conn.target();
        let inner = match native {
            Native::Sqlite(conn) => Inner::Sqlite { conn, sql, args: SqliteArguments::default() },
            Native::Postgres(conn) => Inner::Postgres { conn, sql, args: PgArguments::default() },
        };
        Query { inner, faults, busy, error: None }
    }

    pub fn bind<'q>(mut self, value: impl Bind<'q>) -> Self {
        self.push(value);
        self
    }

    /// Runs the statement and says how many rows it touched.
    pub async fn execute(self) -> Result<u64> {
        let (inner, busy) = self.ready()?;
        let outcome = match inner {
            Inner::Sqlite { conn, sql, args } => {
                sqlx::query_with::<Sqlite, _>(sql, args).execute(conn).await.map(|done| done.rows_affected())
            }
            Inner::Postgres { conn, sql, args } => {
                sqlx::query_with::<Postgres, _>(sql, args).execute(conn).await.map(|done| done.rows_affected())
            }
        };
        ended(busy, outcome)
    }

    pub async fn fetch_all<T: Record>(self) -> Result<Vec<T>> {
        let (inner, busy) = self.ready()?;
        let outcome = match inner {
            Inner::Sqlite { conn, sql, args } => sqlx::query_as_with::<Sqlite, T, _>(sql, args).fetch_all(conn).await,
            Inner::Postgres { conn, sql, args } => {
                sqlx::query_as_with::<Postgres, T, _>(sql, args).fetch_all(conn).await
            }
        };
        ended(busy, outcome)
    }

    pub async fn fetch_optional<T: Record>(self) -> Result<Option<T>> {
        let (inner, busy) = self.ready()?;
        let outcome = match inner {
            Inner::Sqlite { conn, sql, args } => {
                sqlx::query_as_with::<Sqlite, T, _>(sql, args).fetch_optional(conn).await
            }
            Inner::Postgres { conn, sql, args } => {
                sqlx::query_as_with::<Postgres, T, _>(sql, args).fetch_optional(conn).await
            }
        };
        ended(busy, outcome)
    }

    /// `Error::RowNotFound` if there is none.
    pub async fn fetch_one<T: Record>(self) -> Result<T> {
        self.fetch_optional().await?.ok_or(Error::RowNotFound)
    }

    pub async fn scalar<T: Scalar>(self) -> Result<T> {
        Ok(self.fetch_one::<(T,)>().await?.0)
    }

    pub async fn scalar_optional<T: Scalar>(self) -> Result<Option<T>> {
        Ok(self.fetch_optional::<(T,)>().await?.map(|row| row.0))
    }

    /// Rows one at a time, for exports.
    pub fn stream<T: Record + 'c>(self) -> Result<BoxStream<'c, Result<T>>> {
        Ok(match self.ready()?.0 {
            Inner::Sqlite { conn, sql, args } => sqlx::query_as_with::<Sqlite, T, _>(sql, args).fetch(conn).boxed(),
            Inner::Postgres { conn, sql, args } => sqlx::query_as_with::<Postgres, T, _>(sql, args).fetch(conn).boxed(),
        })
    }

    fn push<'q>(&mut self, value: impl Bind<'q>) {
        let added = match &mut self.inner {
            Inner::Sqlite { args, .. } => Arguments::add(args, value),
            Inner::Postgres { args, .. } => Arguments::add(args, value),
        };
        if let Err(error) = added {
            self.error.get_or_insert(error);
        }
    }

    fn ready(self) -> Result<(Inner<'c>, Option<&'c mut bool>)> {
        if let Some(error) = self.error {
            return Err(Error::Encode(error));
        }
        if let Some(faults) = self.faults {
            let (Inner::Sqlite { sql, .. } | Inner::Postgres { sql, .. }) = &self.inner;
            faults.step(sql.as_str())?;
        }
        Ok((self.inner, self.busy))
    }
}

/// The statement has come to its end. After an error nobody knows what became of the connection.
fn ended<T>(busy: Option<&mut bool>, outcome: Result<T>) -> Result<T> {
    if let (Some(busy), Ok(_)) = (busy, &outcome) {
        *busy = false;
    }
    outcome
}

/// A statement put together at run time, from static pieces and bound values only.
#[must_use = "nothing is run until it is built"]
pub struct Builder<'c> {
    query: Query<'c>,
    sql: String,
    params: usize,
}

impl<'c> Builder<'c> {
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    pub fn push_bind<'q>(&mut self, value: impl Bind<'q>) -> &mut Self {
        self.params += 1;
        write!(self.sql, "${}", self.params).expect("writing to a String can't fail");
        self.query.push(value);
        self
    }

    pub fn build(self) -> Query<'c> {
        // Safe: `push` takes only texts of the program.
        let text = AssertSqlSafe(self.sql).into_sql_str();
        let mut query = self.query;
        let (Inner::Sqlite { sql, .. } | Inner::Postgres { sql, .. }) = &mut query.inner;
        *sql = text;
        query
    }
}
