//! `blusynergy seed FILE`.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use billing::Billing;
use billing::seed::{self, Seed};

use crate::cli::say;
use crate::config::Config;
use crate::{database, router};

const STYLESHEET_BYTES_MAX: usize = 256 * 1024;

pub async fn seed(config: &Config, file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let billing = database::billing(config, database::open(config).await?)?;
    let applied = apply(config, &billing, &text, file.parent().unwrap_or(Path::new("."))).await;
    let seed = applied.with_context(|| format!("{} is refused", file.display()))?;
    for organization in &seed.organizations {
        say(&format!("{}: seeded", organization.organization.subdomain))?;
    }
    billing.db.close().await;
    Ok(())
}

/// Checks all of a seed before any of it is applied; `folder` is where its stylesheets are.
pub async fn apply(config: &Config, billing: &Billing, text: &str, folder: &Path) -> Result<Seed> {
    let seed = seed::parse(text, billing.clock.now()).map_err(|problems| anyhow!("{problems}"))?;
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
        ensure!(css.len() <= STYLESHEET_BYTES_MAX, "stylesheet {file} has more than {STYLESHEET_BYTES_MAX} bytes");
        let lower = css.to_ascii_lowercase();
        let remote = ["@import", "http:", "https:", "url(//", "url('//", "url(\"//"];
        if let Some(word) = remote.iter().find(|word| lower.contains(**word)) {
            return Err(anyhow!("stylesheet {file} must load nothing from elsewhere, but has {word}"));
        }
        let name = file.rsplit('/').next().unwrap_or(file).to_owned();
        sheets.push((organization.organization.subdomain.clone(), name, css));
    }
    Ok(sheets)
}
