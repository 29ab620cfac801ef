//! Secrets that are sealed for long, for whoever seals them anew with another key.

use dbx::{Conn, Result, Tx, q};
use domain::ids::{CustomerId, OrganizationId, PaymentMethodId};

/// A secret as it is stored: encrypted, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub key_id: String,
    pub text: String,
}

/// A method's token, and the place that it is sealed for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedToken {
    pub id: PaymentMethodId,
    pub customer_id: CustomerId,
    pub preference: i64,
    pub token_sealed: String,
}

/// Tokens that another key than this one sealed, after an id, at most so many.
pub async fn tokens_of_other_keys(
    conn: &mut Conn,
    org: OrganizationId,
    key_id: &str,
    (after, max): (PaymentMethodId, i64),
) -> Result<Vec<SealedToken>> {
    q!(
        conn,
        "SELECT id, customer_id, preference, token_sealed FROM payment_methods
         WHERE org_id = $1 AND id > $2 AND key_id <> $3 AND token_sealed IS NOT NULL
         ORDER BY id LIMIT CAST($4 AS BIGINT)",
        org,
        after,
        key_id,
        max
    )
    .fetch_all()
    .await
}

/// Zero rows where the method was replaced meanwhile.
pub async fn replace_token(tx: &mut Tx, org: OrganizationId, old: &SealedToken, new: &Sealed) -> Result<u64> {
    q!(
        tx,
        "UPDATE payment_methods SET token_sealed = $4, key_id = $5 WHERE org_id = $1 AND id = $2 AND token_sealed = $3",
        org,
        old.id,
        &old.token_sealed,
        &new.text,
        &new.key_id
    )
    .execute()
    .await
}

/// The secret of a callback, which has no key's name beside it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedCallback {
    pub id: i64,
    pub secret_sealed: String,
}

pub async fn callback_secrets(
    conn: &mut Conn,
    org: OrganizationId,
    after: i64,
    max: i64,
) -> Result<Vec<SealedCallback>> {
    q!(
        conn,
        "SELECT id, secret_sealed FROM callbacks WHERE org_id = $1 AND id > $2 AND secret_sealed IS NOT NULL
         ORDER BY id LIMIT CAST($3 AS BIGINT)",
        org,
        after,
        max
    )
    .fetch_all()
    .await
}

/// Zero rows where the secret was changed meanwhile.
pub async fn replace_callback_secret(
    tx: &mut Tx,
    org: OrganizationId,
    old: &SealedCallback,
    sealed: &str,
) -> Result<u64> {
    q!(
        tx,
        "UPDATE callbacks SET secret_sealed = $4 WHERE org_id = $1 AND id = $2 AND secret_sealed = $3",
        org,
        old.id,
        &old.secret_sealed,
        sealed
    )
    .execute()
    .await
}
