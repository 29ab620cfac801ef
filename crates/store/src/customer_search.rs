//! The index in which customers are found by a part of their texts (`domain::search`).
//!
//! What must hold: a customer has the parts of its stored text, and no others. So [`index`] is called in the
//! transaction that makes or changes a customer or its contacts, and [`forget`] in the one that deletes it.

use std::collections::BTreeSet;

use dbx::{Conn, Result, Tx, q};
use domain::customers::Customer;
use domain::ids::{CustomerId, OrganizationId};
use domain::search::{PartRange, SearchText, Term};

/// Rows that are counted to tell a rare part of a term from a frequent one.
const COUNTED_MAX: i64 = 500;
const DELETED_AT_ONCE: usize = 64;

/// Makes the customer findable by what it is now.
pub async fn index(tx: &mut Tx, org: OrganizationId, customer: &Customer) -> Result<()> {
    let new = SearchText::of(customer);
    let inserted = q!(
        tx,
        "INSERT INTO customer_search_texts (org_id, customer_id, text) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, customer_id) DO NOTHING",
        org,
        customer.id,
        new.as_str()
    )
    .execute()
    .await?;
    if inserted > 0 {
        return insert_parts(tx, org, customer.id, new.parts()).await;
    }
    let old = SearchText::stored(text(tx, org, customer.id).await?);
    if old == new {
        return Ok(());
    }
    q!(
        tx,
        "UPDATE customer_search_texts SET text = $3 WHERE org_id = $1 AND customer_id = $2",
        org,
        customer.id,
        new.as_str()
    )
    .execute()
    .await?;
    let (before, after) = (old.parts(), new.parts());
    delete_parts(tx, org, customer.id, before.difference(&after).copied()).await?;
    insert_parts(tx, org, customer.id, after.difference(&before).copied().collect()).await
}

/// For a customer that is deleted.
pub async fn forget(tx: &mut Tx, org: OrganizationId, customer: CustomerId) -> Result<()> {
    let old = SearchText::stored(text(tx, org, customer).await?);
    delete_parts(tx, org, customer, old.parts().into_iter()).await?;
    q!(tx, "DELETE FROM customer_search_texts WHERE org_id = $1 AND customer_id = $2", org, customer)
        .execute()
        .await
        .map(drop)
}

/// Empty for a customer that is not indexed yet.
async fn text(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<String> {
    let found =
        q!(conn, "SELECT text FROM customer_search_texts WHERE org_id = $1 AND customer_id = $2", org, customer)
            .scalar_optional()
            .await?;
    Ok(found.unwrap_or_default())
}

async fn insert_parts(tx: &mut Tx, org: OrganizationId, customer: CustomerId, parts: BTreeSet<i64>) -> Result<()> {
    tx.insert_all("INSERT INTO customer_search_parts (org_id, part, customer_id)", parts, |part| (org, part, customer))
        .execute()
        .await
        .map(drop)
}

async fn delete_parts(
    tx: &mut Tx,
    org: OrganizationId,
    customer: CustomerId,
    parts: impl Iterator<Item = i64>,
) -> Result<()> {
    let parts: Vec<i64> = parts.collect();
    for some in parts.chunks(DELETED_AT_ONCE) {
        let mut delete = tx.build("DELETE FROM customer_search_parts WHERE org_id = ");
        delete.push_bind(org).push(" AND customer_id = ").push_bind(customer).push(" AND part IN (");
        for (place, part) in some.iter().enumerate() {
            delete.push(if place == 0 { "" } else { ", " }).push_bind(*part);
        }
        delete.push(")");
        delete.build().execute().await?;
    }
    Ok(())
}

/// Of the parts that everybody found must have, those that the fewest have.
pub(crate) async fn rarest(conn: &mut Conn, org: OrganizationId, term: &Term) -> Result<PartRange> {
    let ranges = term.ranges();
    let mut best = (usize::MAX, ranges[0]);
    if ranges.len() > 1 {
        for range in ranges {
            let some: Vec<(i64,)> = q!(
                conn,
                "SELECT part FROM customer_search_parts WHERE org_id = $1 AND part BETWEEN $2 AND $3
                 LIMIT CAST($4 AS BIGINT)",
                org,
                range.first,
                range.last,
                COUNTED_MAX
            )
            .fetch_all()
            .await?;
            if some.len() < best.0 {
                best = (some.len(), range);
            }
        }
    }
    Ok(best.1)
}

/// What LIKE takes to find a part anywhere, with `!` before what would mean something.
pub(crate) fn pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for character in part.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Customers that are not indexed yet, at most `max`.
pub async fn pending(conn: &mut Conn, max: i64) -> Result<Vec<(OrganizationId, CustomerId)>> {
    q!(
        conn,
        "SELECT org_id, customer_id FROM customer_search_pending ORDER BY org_id, customer_id
         LIMIT CAST($1 AS BIGINT)",
        max
    )
    .fetch_all()
    .await
}

/// The customer is indexed; false when another process was first.
pub async fn is_done(tx: &mut Tx, org: OrganizationId, customer: CustomerId) -> Result<bool> {
    let done =
        q!(tx, "DELETE FROM customer_search_pending WHERE org_id = $1 AND customer_id = $2", org, customer).execute();
    Ok(done.await? > 0)
}
