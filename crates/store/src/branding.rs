//! How an organization's portal looks, and the files for it.

use dbx::{Conn, Result, Tx, q};
use domain::branding::{Branding, FileKind};
use domain::ids::OrganizationId;

/// What is chosen; the files themselves are saved apart.
pub async fn save(tx: &mut Tx, org: OrganizationId, branding: &Branding) -> Result<u64> {
    let logo = branding.logo.as_ref();
    q!(
        tx,
        "UPDATE organizations SET brand_theme = $2, brand_accent = $3, brand_radius = $4, brand_font = $5,
            brand_logo = $6, brand_logo_width = $7, brand_logo_height = $8, brand_stylesheet = $9
         WHERE id = $1",
        org,
        branding.theme,
        branding.accent,
        branding.radius,
        &branding.font,
        logo.map(|logo| &logo.hash),
        logo.map(|logo| logo.width),
        logo.map(|logo| logo.height),
        &branding.stylesheet
    )
    .execute()
    .await
}

pub async fn save_file(tx: &mut Tx, org: OrganizationId, kind: FileKind, hash: &str, content: &str) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO brand_files (org_id, kind, hash, content) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id, kind) DO UPDATE SET hash = excluded.hash, content = excluded.content",
        org,
        kind,
        hash,
        content
    )
    .execute()
    .await
}

pub async fn delete_file(tx: &mut Tx, org: OrganizationId, kind: FileKind) -> Result<u64> {
    q!(tx, "DELETE FROM brand_files WHERE org_id = $1 AND kind = $2", org, kind).execute().await
}

/// The file of this kind, if it has this hash.
pub async fn file(conn: &mut Conn, org: OrganizationId, kind: FileKind, hash: &str) -> Result<Option<String>> {
    let found: Option<(String,)> =
        q!(conn, "SELECT content FROM brand_files WHERE org_id = $1 AND kind = $2 AND hash = $3", org, kind, hash)
            .fetch_optional()
            .await?;
    Ok(found.map(|(content,)| content))
}
