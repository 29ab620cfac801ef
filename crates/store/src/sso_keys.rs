//! Keys that merchants sign their own tokens with, and the tokens that were used.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::sso_keys::{KeyAlgorithm, SsoKey};

/// A key with what it is: a secret, sealed already, or a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    pub key: SsoKey,
    pub material: Material,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    Sealed(String),
    /// As a JWK.
    Public(String),
}

#[derive(sqlx::FromRow)]
struct Row {
    kid: String,
    algorithm: KeyAlgorithm,
    secret_sealed: Option<String>,
    public_key: Option<String>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl TryFrom<Row> for StoredKey {
    type Error = dbx::Error;
    fn try_from(row: Row) -> Result<StoredKey> {
        let material = match (row.secret_sealed, row.public_key) {
            (Some(sealed), None) => Material::Sealed(sealed),
            (None, Some(key)) => Material::Public(key),
            (None, None) | (Some(_), Some(_)) => return Err(crate::corrupt("a key is a secret or public")),
        };
        let Row { kid, algorithm, expires_at, created_at, .. } = row;
        Ok(StoredKey { key: SsoKey { kid, algorithm, expires_at, created_at }, material })
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, kid: &str) -> Result<Option<StoredKey>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT kid, algorithm, secret_sealed, public_key, expires_at, created_at
         FROM sso_keys WHERE org_id = $1 AND kid = $2",
        org,
        kid
    )
    .fetch_optional()
    .await?;
    row.map(StoredKey::try_from).transpose()
}

/// By name.
pub async fn list(conn: &mut Conn, org: OrganizationId) -> Result<Vec<StoredKey>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT kid, algorithm, secret_sealed, public_key, expires_at, created_at
         FROM sso_keys WHERE org_id = $1 ORDER BY kid",
        org
    )
    .fetch_all()
    .await?;
    rows.into_iter().map(StoredKey::try_from).collect()
}

/// A key under its name, new or instead of the one that had it. When that was made stays.
pub async fn save(tx: &mut Tx, org: OrganizationId, stored: &StoredKey) -> Result<u64> {
    let (sealed, public) = match &stored.material {
        Material::Sealed(sealed) => (Some(sealed), None),
        Material::Public(key) => (None, Some(key)),
    };
    q!(
        tx,
        "INSERT INTO sso_keys (org_id, kid, algorithm, secret_sealed, public_key, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org_id, kid) DO UPDATE SET algorithm = excluded.algorithm,
            secret_sealed = excluded.secret_sealed, public_key = excluded.public_key, expires_at = excluded.expires_at",
        org,
        &stored.key.kid,
        stored.key.algorithm,
        sealed,
        public,
        stored.key.expires_at,
        stored.key.created_at
    )
    .execute()
    .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, kid: &str) -> Result<u64> {
    q!(tx, "DELETE FROM sso_keys WHERE org_id = $1 AND kid = $2", org, kid).execute().await
}

/// Zero rows where the secret was changed meanwhile.
pub async fn replace_secret(tx: &mut Tx, org: OrganizationId, kid: &str, old: &str, sealed: &str) -> Result<u64> {
    q!(
        tx,
        "UPDATE sso_keys SET secret_sealed = $4 WHERE org_id = $1 AND kid = $2 AND secret_sealed = $3",
        org,
        kid,
        old,
        sealed
    )
    .execute()
    .await
}

/// Uses a token up: by one statement, so that of fifty at once one is first. `false`: it was used before.
pub async fn use_up(tx: &mut Tx, org: OrganizationId, jti_hash: &str, expires_at: Timestamp) -> Result<bool> {
    let inserted = q!(
        tx,
        "INSERT INTO sso_tokens (org_id, jti_hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, jti_hash) DO NOTHING",
        org,
        jti_hash,
        expires_at
    )
    .execute()
    .await?;
    Ok(inserted == 1)
}

/// Forgets tokens that were over before `before`.
pub async fn sweep(tx: &mut Tx, org: OrganizationId, before: Timestamp) -> Result<u64> {
    q!(tx, "DELETE FROM sso_tokens WHERE org_id = $1 AND expires_at <= $2", org, before).execute().await
}
