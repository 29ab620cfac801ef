//! How an organization's portal looks: chosen by its merchant, checked, and served from here.

pub mod css;
pub mod logo;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::branding::{Branding, Colour, FileKind, FontStack, Logo, RADIUS_MAX, Theme};
use domain::changes::Change;
use domain::organizations::Organization;
use sha2::{Digest, Sha256};

use crate::secrets::hex;
use crate::{Error, Result, Unit, View};

/// What is to change; checked already.
#[derive(Clone, Debug, Default)]
pub struct BrandingChange {
    pub accent: Change<Colour>,
    /// At most [`RADIUS_MAX`].
    pub radius: Change<i64>,
    pub font: Change<FontStack>,
    pub theme: Change<Theme>,
}

/// A file that may be stored, with the hash of its content.
#[derive(Clone, Debug)]
pub struct LogoFile {
    logo: Logo,
    png_base64: String,
}

#[derive(Clone, Debug)]
pub struct StylesheetFile {
    hash: String,
    css: String,
}

impl LogoFile {
    /// Takes its time: outside a transaction.
    pub fn read(bytes: &[u8]) -> Result<LogoFile, String> {
        let png = logo::make(bytes)?;
        let logo = Logo { hash: hash(&png.bytes), width: png.width.into(), height: png.height.into() };
        Ok(LogoFile { logo, png_base64: STANDARD.encode(&png.bytes) })
    }

    /// The same where other work goes on.
    pub async fn read_aside(bytes: Vec<u8>) -> Result<LogoFile> {
        let read = tokio::task::spawn_blocking(move || LogoFile::read(&bytes)).await;
        let read = read.map_err(|error| Error::Bug(error.into()))?;
        read.map_err(|what| Error::invalid("logo", format!("The logo {what}.")))
    }
}

impl StylesheetFile {
    pub fn read(bytes: &[u8]) -> Result<StylesheetFile, String> {
        let css = std::str::from_utf8(bytes).map_err(|_| "must be text in UTF-8".to_owned())?;
        css::check(css)?;
        Ok(StylesheetFile { hash: hash(bytes), css: css.to_owned() })
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

pub async fn change(unit: &mut Unit, change: &BrandingChange) -> Result<Branding> {
    let now = &unit.org.branding;
    let radius = change.radius.optional(now.radius.as_ref());
    debug_assert!(radius.is_none_or(|radius| (0..=RADIUS_MAX).contains(&radius)));
    let branding = Branding {
        accent: change.accent.optional(now.accent.as_ref()),
        radius,
        font: change.font.optional(now.font.as_ref()),
        theme: change.theme.or_default(&now.theme, &Theme::Auto),
        ..now.clone()
    };
    save(unit, branding).await
}

/// A logo instead of what was there; `None` takes it away.
pub async fn set_logo(unit: &mut Unit, file: Option<&LogoFile>) -> Result<Branding> {
    let org = unit.org.id;
    match file {
        Some(LogoFile { logo, png_base64 }) => {
            store::branding::save_file(&mut unit.tx, org, FileKind::Logo, &logo.hash, png_base64).await?
        }
        None => store::branding::delete_file(&mut unit.tx, org, FileKind::Logo).await?,
    };
    let branding = Branding { logo: file.map(|file| file.logo.clone()), ..unit.org.branding.clone() };
    save(unit, branding).await
}

/// The same with a stylesheet.
pub async fn set_stylesheet(unit: &mut Unit, file: Option<&StylesheetFile>) -> Result<Branding> {
    let org = unit.org.id;
    match file {
        Some(StylesheetFile { hash, css }) => {
            store::branding::save_file(&mut unit.tx, org, FileKind::Stylesheet, hash, css).await?
        }
        None => store::branding::delete_file(&mut unit.tx, org, FileKind::Stylesheet).await?,
    };
    let branding = Branding { stylesheet: file.map(|file| file.hash.clone()), ..unit.org.branding.clone() };
    save(unit, branding).await
}

async fn save(unit: &mut Unit, branding: Branding) -> Result<Branding> {
    if branding != unit.org.branding {
        store::branding::save(&mut unit.tx, unit.org.id, &branding).await?;
        unit.audit("changed how the portal looks", "branding").await?;
        unit.org.branding = branding.clone();
    }
    Ok(branding)
}

/// Addresses of what a page loads for its looks, in this order, after our own stylesheet.
pub fn stylesheets(branding: &Branding) -> Vec<String> {
    let properties = branding.sheet().map(|sheet| address(&hash(sheet.as_bytes()), "css"));
    properties.into_iter().chain(branding.stylesheet.as_ref().map(|hash| address(hash, "css"))).collect()
}

pub fn logo_address(logo: &Logo) -> String {
    address(&logo.hash, "png")
}

fn address(hash: &str, kind: &str) -> String {
    format!("/brand/{hash}.{kind}")
}

/// What answers at such an address.
pub enum BrandFile {
    Css(String),
    Png(Vec<u8>),
}

/// `None`: no such file, or one of before.
pub async fn file(view: &mut View, name: &str) -> Result<Option<BrandFile>> {
    let org: &Organization = &view.org;
    let (id, branding) = (org.id, &org.branding);
    let Some((hash, kind)) = name.split_once('.') else { return Ok(None) };
    match kind {
        "css" => {
            let properties = branding.sheet().filter(|sheet| self::hash(sheet.as_bytes()) == hash);
            if let Some(sheet) = properties {
                return Ok(Some(BrandFile::Css(sheet)));
            }
            if branding.stylesheet.as_deref() != Some(hash) {
                return Ok(None);
            }
            let css = store::branding::file(&mut view.conn, id, FileKind::Stylesheet, hash).await?;
            Ok(css.map(BrandFile::Css))
        }
        "png" if branding.logo.as_ref().is_some_and(|logo| logo.hash == hash) => {
            let png = store::branding::file(&mut view.conn, id, FileKind::Logo, hash).await?;
            let png = png.and_then(|base64| STANDARD.decode(base64).ok());
            Ok(png.map(BrandFile::Png))
        }
        _ => Ok(None),
    }
}
