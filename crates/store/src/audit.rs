//! Who did what: append-only.

use dbx::{Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::OrganizationId;

#[derive(Clone, Debug)]
pub struct Record<'a> {
    pub actor: &'a str,
    /// What was done, for example `locked`.
    pub action: &'a str,
    /// What it was done to, for example `staff 117`.
    pub object: &'a str,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, id: i64, record: &Record<'_>, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO audit (org_id, id, actor, action, object, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        org,
        id,
        record.actor,
        record.action,
        record.object,
        now
    )
    .execute()
    .await
}
