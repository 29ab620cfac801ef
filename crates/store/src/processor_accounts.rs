//! Accounts with payment processors, one an organization and processor at most.

use dbx::{Conn, Result, Tx, q};
use domain::ids::OrganizationId;
use domain::payments::Processor;

/// Its credentials are sealed already.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    pub processor: Processor,
    pub url: String,
    pub credentials_sealed: String,
}

pub async fn find(conn: &mut Conn, org: OrganizationId, processor: Processor) -> Result<Option<Account>> {
    q!(
        conn,
        "SELECT processor, url, credentials_sealed FROM processor_accounts WHERE org_id = $1 AND processor = $2",
        org,
        processor
    )
    .fetch_optional()
    .await
}

/// All of an organization.
pub async fn list(conn: &mut Conn, org: OrganizationId) -> Result<Vec<Account>> {
    q!(
        conn,
        "SELECT processor, url, credentials_sealed FROM processor_accounts WHERE org_id = $1 ORDER BY processor",
        org
    )
    .fetch_all()
    .await
}

pub async fn save(tx: &mut Tx, org: OrganizationId, account: &Account) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO processor_accounts (org_id, processor, url, credentials_sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id, processor) DO UPDATE SET url = excluded.url,
            credentials_sealed = excluded.credentials_sealed",
        org,
        account.processor,
        &account.url,
        &account.credentials_sealed
    )
    .execute()
    .await
}

/// Zero rows where they were changed meanwhile.
pub async fn replace_credentials(tx: &mut Tx, org: OrganizationId, old: &Account, sealed: &str) -> Result<u64> {
    q!(
        tx,
        "UPDATE processor_accounts SET credentials_sealed = $4
         WHERE org_id = $1 AND processor = $2 AND credentials_sealed = $3",
        org,
        old.processor,
        &old.credentials_sealed,
        sealed
    )
    .execute()
    .await
}
