//! What a test takes away.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::database::TestDb;

/// Takes a database of PostgreSQL out of everybody's reach, for ever.
pub async fn lose(db: &TestDb) {
    let (server, name) = db.url().rsplit_once('/').expect("an address has a path");
    let mut admin = PgConnection::connect(&format!("{server}/postgres")).await.expect("the server answers");
    for sql in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.expect("a superuser may do so");
    }
}
