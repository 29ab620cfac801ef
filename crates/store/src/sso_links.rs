//! Links by which a merchant lets one customer in. Tokens are kept as hashes.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId, SsoLinkId};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SsoLink {
    pub id: SsoLinkId,
    pub customer_id: CustomerId,
    pub css_url: Option<String>,
    pub login_url: Option<String>,
    pub success_url: Option<String>,
    pub show_navigation: bool,
    /// The first page.
    pub page: String,
    pub invoice_number: Option<String>,
    pub locale: Option<String>,
    pub expires_at: Timestamp,
    pub redeemed_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, token_hash: &str, new: &SsoLink, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO sso_links (org_id, id, token_hash, customer_id, css_url, login_url, success_url, show_navigation,
            page, invoice_number, locale, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        org,
        new.id,
        token_hash,
        new.customer_id,
        &new.css_url,
        &new.login_url,
        &new.success_url,
        new.show_navigation,
        &new.page,
        &new.invoice_number,
        &new.locale,
        new.expires_at,
        now
    )
    .execute()
    .await
}

pub async fn find(conn: &mut Conn, org: OrganizationId, token_hash: &str) -> Result<Option<SsoLink>> {
    q!(
        conn,
        "SELECT id, customer_id, css_url, login_url, success_url, show_navigation, page, invoice_number, locale,
                expires_at, redeemed_at
         FROM sso_links WHERE org_id = $1 AND token_hash = $2",
        org,
        token_hash
    )
    .fetch_optional()
    .await
}

/// Redeems a link that is neither used nor over: by one statement, so that fifty at once make one session.
pub async fn redeem(tx: &mut Tx, org: OrganizationId, id: SsoLinkId, now: Timestamp) -> Result<bool> {
    let redeemed = q!(
        tx,
        "UPDATE sso_links SET redeemed_at = $3
         WHERE org_id = $1 AND id = $2 AND redeemed_at IS NULL AND expires_at > $3",
        org,
        id,
        now
    )
    .execute()
    .await?;
    Ok(redeemed == 1)
}

pub async fn find_by_id(conn: &mut Conn, org: OrganizationId, id: SsoLinkId) -> Result<Option<SsoLink>> {
    q!(
        conn,
        "SELECT id, customer_id, css_url, login_url, success_url, show_navigation, page, invoice_number, locale,
                expires_at, redeemed_at
         FROM sso_links WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .fetch_optional()
    .await
}
