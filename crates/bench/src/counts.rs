//! How many customers there are, as the server keeps it beside them.

use anyhow::Result;
use dbx::{Db, Sql};

pub async fn fill(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.query(Sql::new(
        "INSERT INTO customer_counts (org_id, status, slot, customers)
         SELECT org_id, status, 0, COUNT(*) FROM customers GROUP BY org_id, status",
    ))
    .execute()
    .await?;
    Ok(tx.commit().await?)
}
