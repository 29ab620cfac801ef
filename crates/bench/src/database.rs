//! Where a measurement keeps its data: a folder and a database of its own, gone when it is over.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

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
        Ok(Database { url: format!("sqlite://{}", folder.join(FILE).display()), folder })
    }

    /// A new database of a server that is there for tests; one that an earlier measurement left is dropped.
    pub async fn postgres(server: &str) -> Result<Database> {
        let folder = folder("postgres")?;
        create(server, DATABASE, "").await?;
        Ok(Database { url: format!("{server}/{DATABASE}"), folder })
    }

    /// The same once more, in a folder of its own. Nobody may be connected.
    pub async fn copy(&self) -> Result<Database> {
        let copy = if let Some((server, name)) = self.server() {
            let copied = format!("{name}_{}", next());
            create(server, &copied, &format!("TEMPLATE {name}")).await?;
            Database { url: format!("{server}/{copied}"), folder: folder("postgres")? }
        } else {
            let copy = Database::sqlite()?;
            std::fs::copy(self.folder.join(FILE), copy.folder.join(FILE)).context("the file can't be copied")?;
            copy
        };
        for file in std::fs::read_dir(&self.folder)?.flatten() {
            if file.path().extension().is_some_and(|extension| extension == "key") {
                std::fs::copy(file.path(), copy.folder.join(file.file_name()))?;
            }
        }
        // What the copy left to be written would be written while the next one is measured.
        Command::new("sync").status().context("sync")?;
        Ok(copy)
    }

    /// Before its time: there may be many, one after the other.
    pub async fn discard(self) -> Result<()> {
        if let Some((server, name)) = self.server() {
            drop_database(server, name).await?;
        }
        Ok(())
    }

    /// On PostgreSQL: the server, and the name there.
    fn server(&self) -> Option<(&str, &str)> {
        if self.url.starts_with("sqlite:") { None } else { self.url.rsplit_once('/') }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A folder that can't be removed is a temporary one all the same.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

const FILE: &str = "bench.db";
const DATABASE: &str = "blusynergy_bench";

async fn create(server: &str, name: &str, options: &str) -> Result<()> {
    drop_database(server, name).await?;
    administer(server, format!("CREATE DATABASE {name} {options}")).await
}

async fn drop_database(server: &str, name: &str) -> Result<()> {
    administer(server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

async fn administer(server: &str, statement: String) -> Result<()> {
    let mut admin = PgConnection::connect(&format!("{server}/postgres")).await.context("no PostgreSQL")?;
    admin.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}

fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn folder(engine: &str) -> Result<PathBuf> {
    let name = format!("blusynergy-bench-{engine}-{}-{}", std::process::id(), next());
    let folder = Path::new(&std::env::temp_dir()).join(name);
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    Ok(folder)
}
