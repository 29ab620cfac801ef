//! `blusynergy rotate-key`: a new key for what is encrypted at rest. May run beside serving processes that share the
//! key file, and again where it was cut off.

use anyhow::{Result, ensure};

use crate::cli::say;
use crate::config::Config;
use crate::{database, keys};

pub async fn rotate(config: &Config) -> Result<()> {
    // The database first: without one, no key is added.
    let db = database::open(config).await?;
    let rotation = keys::rotate(&config.secret_key_file)?;
    let billing = database::billing(config, db)?;
    let done = billing::keys::reseal(&billing).await?;
    let what = if rotation.continues { "rotation finished" } else { "key added" };
    rotation.finish()?;
    say(&format!("{what}: {}; sealed anew: {}", billing.vault.key_id(), done.secrets))?;
    billing.db.close().await;
    let unreadable = done.unreadable;
    ensure!(unreadable == 0, "{unreadable} secrets are opened by none of the keys and stay as they are; see the log");
    Ok(())
}
