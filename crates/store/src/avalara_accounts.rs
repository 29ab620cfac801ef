//! Accounts with AvaTax, one an organization at most.

use dbx::{Conn, Result, Tx, q};
use domain::ids::OrganizationId;
use domain::organizations::AddressValidation;

/// Its licence key is sealed already.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    pub account: String,
    pub license_key_sealed: String,
    pub url: String,
}

pub async fn find(conn: &mut Conn, org: OrganizationId) -> Result<Option<Account>> {
    q!(conn, "SELECT account, license_key_sealed, url FROM avalara_accounts WHERE org_id = $1", org)
        .fetch_optional()
        .await
}

pub async fn save(tx: &mut Tx, org: OrganizationId, account: &Account) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO avalara_accounts (org_id, account, license_key_sealed, url) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id) DO UPDATE SET account = excluded.account,
            license_key_sealed = excluded.license_key_sealed, url = excluded.url",
        org,
        &account.account,
        &account.license_key_sealed,
        &account.url
    )
    .execute()
    .await
}

/// How an organization has its addresses checked.
pub async fn validation(conn: &mut Conn, org: OrganizationId) -> Result<AddressValidation> {
    q!(conn, "SELECT address_validation FROM organizations WHERE id = $1", org).scalar().await
}

/// Zero rows where the key was changed meanwhile.
pub async fn replace_license_key(tx: &mut Tx, org: OrganizationId, old: &str, sealed: &str) -> Result<u64> {
    q!(
        tx,
        "UPDATE avalara_accounts SET license_key_sealed = $3 WHERE org_id = $1 AND license_key_sealed = $2",
        org,
        old,
        sealed
    )
    .execute()
    .await
}
