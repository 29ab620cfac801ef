//! Where a measurement keeps its data: a folder and a database of its own, gone when it is over.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

pub struct Database {
    pub url: String,
    /// The server's data folder; on SQLite its file is in it.
    pub folder: PathBuf,
}

impl Database {
    pub fn sqlite() -> Result<Database> {
        let folder = folder("sqlite")?;
        let url = format!("sqlite://{}", folder.join("bench.db").display());
        Ok(Database { url, folder })
    }

    /// A new database of a server that is there for tests; one that an earlier measurement left is dropped.
    pub async fn postgres(server: &str) -> Result<Database> {
        let folder = folder("postgres")?;
        let mut admin = PgConnection::connect(&format!("{server}/postgres")).await.context("no PostgreSQL")?;
        for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
            admin.execute(AssertSqlSafe(format!("{statement} {DATABASE}"))).await?;
        }
        Ok(Database { url: format!("{server}/{DATABASE}"), folder })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A folder that can't be removed is a temporary one all the same.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

const DATABASE: &str = "blusynergy_bench";

fn folder(engine: &str) -> Result<PathBuf> {
    let folder = Path::new(&std::env::temp_dir()).join(format!("blusynergy-bench-{engine}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    Ok(folder)
}
