//! The index in which customers are searched, for a great many of them: collected, sorted and written in the order in
//! which the database keeps it.

use std::fmt::Write;

use anyhow::Result;
use dbx::Tx;
use domain::search::SearchText;
use sqlx::{Connection, PgConnection};
use store::{Db, Engine};

use crate::database::Database;

const ROWS_PER_TRANSACTION: usize = 256 * 1024;
const ROWS_PER_MESSAGE: usize = 16 * 1024;
const SEPARATOR: &str = "\n";

/// Parts, and the customers that have them.
#[derive(Default)]
pub struct Index(Vec<(i64, i64)>);

impl Index {
    /// Of customers by id, with the texts by which each is found; keeps their parts.
    pub async fn insert_texts(
        &mut self,
        tx: &mut Tx,
        org: i64,
        customers: impl Iterator<Item = (i64, Vec<String>)>,
    ) -> Result<()> {
        let mut rows = Vec::new();
        for (id, texts) in customers {
            let text = folded(&texts);
            self.0.extend(text.parts().into_iter().map(|part| (part, id)));
            rows.push((org, id, text.as_str().to_owned()));
        }
        let into = "INSERT INTO customer_search_texts (org_id, customer_id, text)";
        tx.insert_all(into, rows, |row| row).execute().await?;
        Ok(())
    }

    pub async fn insert_parts(mut self, db: &Db, database: &Database, org: i64) -> Result<()> {
        self.0.sort_unstable();
        match db.engine() {
            Engine::Sqlite => self.insert(db, org).await,
            Engine::Postgres => self.copy(database, org).await,
        }
    }

    async fn insert(&self, db: &Db, org: i64) -> Result<()> {
        for rows in self.0.chunks(ROWS_PER_TRANSACTION) {
            let mut tx = db.begin().await?;
            let into = "INSERT INTO customer_search_parts (org_id, part, customer_id)";
            tx.insert_all(into, rows, |(part, customer)| (org, *part, *customer)).execute().await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn copy(&self, database: &Database, org: i64) -> Result<()> {
        let mut connection = PgConnection::connect(&database.url).await?;
        let into = "COPY customer_search_parts (org_id, part, customer_id) FROM STDIN";
        let mut copy = connection.copy_in_raw(into).await?;
        for rows in self.0.chunks(ROWS_PER_MESSAGE) {
            let mut lines = String::new();
            for (part, customer) in rows {
                writeln!(lines, "{org}\t{part}\t{customer}")?;
            }
            copy.send(lines.into_bytes()).await?;
        }
        copy.finish().await?;
        Ok(())
    }
}

/// As `SearchText::of` makes it, for texts whose capitals are plain ones.
pub fn folded(texts: &[String]) -> SearchText {
    let mut lines: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    lines.sort();
    lines.dedup();
    SearchText::stored(lines.join(SEPARATOR))
}
