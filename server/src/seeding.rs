//! `blusynergy seed FILE`.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use billing::Billing;
use billing::branding::{LogoFile, StylesheetFile, css};
use billing::seed::{self, Seed, SeedBranding};

use crate::cli::say;
use crate::config::Config;
use crate::{database, router};

pub async fn seed(config: &Config, file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let billing = database::billing(config, database::open(config).await?)?;
    let applied = apply(config, &billing, &text, file.parent().unwrap_or(Path::new("."))).await;
    let seed = applied.with_context(|| format!("{} is refused", file.display()))?;
    for organization in &seed.organizations {
        say(&format!("{}: seeded", organization.organization.subdomain))?;
        let subdomain = &organization.organization.subdomain;
        if let Some(entry) = billing.organization(subdomain).await? {
            for warning in entry.organization.branding.warnings() {
                say(&format!("{subdomain}: {warning}"))?;
            }
        }
    }
    billing.db.close().await;
    Ok(())
}

/// Checks all of a seed before any of it is applied; `folder` is where its stylesheets are.
pub async fn apply(config: &Config, billing: &Billing, text: &str, folder: &Path) -> Result<Seed> {
    let mut seed = seed::parse(text, billing.clock.now()).map_err(|problems| anyhow!("{problems}"))?;
    seed.organizations.iter_mut().try_for_each(|organization| read_brand_files(&mut organization.branding, folder))?;
    let sheets = stylesheets(&seed, folder)?;
    seed::apply(billing, &seed).await?;
    for (subdomain, name, css) in sheets {
        let target = router::stylesheet_file(&config.data_dir, &subdomain, &name);
        std::fs::create_dir_all(target.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(&target, css).with_context(|| format!("{} can't be written", target.display()))?;
    }
    Ok(seed)
}

/// (subdomain, name, content) of every stylesheet, checked: it loads nothing from elsewhere.
fn stylesheets(seed: &Seed, folder: &Path) -> Result<Vec<(String, String, String)>> {
    let mut sheets = Vec::new();
    for organization in &seed.organizations {
        let Some(file) = &organization.stylesheet_file else { continue };
        let css =
            std::fs::read_to_string(folder.join(file)).with_context(|| format!("stylesheet {file} can't be read"))?;
        css::check(&css).map_err(|what| anyhow!("stylesheet {file} {what}"))?;
        let name = file.rsplit('/').next().unwrap_or(file).to_owned();
        sheets.push((organization.organization.subdomain.clone(), name, css));
    }
    Ok(sheets)
}

/// The logo and the stylesheet that lie beside the seed file.
fn read_brand_files(branding: &mut SeedBranding, folder: &Path) -> Result<()> {
    let read = |file: &str, what: &str| {
        std::fs::read(folder.join(file)).with_context(|| format!("branding.{what} {file} can't be read"))
    };
    if let Some(file) = &branding.logo_file {
        let logo = LogoFile::read(&read(file, "logo")?);
        branding.logo = Some(logo.map_err(|fault| anyhow!("branding.logo {file} {fault}"))?);
    }
    if let Some(file) = &branding.stylesheet_file {
        let stylesheet = StylesheetFile::read(&read(file, "stylesheet")?);
        branding.stylesheet = Some(stylesheet.map_err(|fault| anyhow!("branding.stylesheet {file} {fault}"))?);
    }
    Ok(())
}
