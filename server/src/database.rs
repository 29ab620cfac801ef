//! Opening the database, migrated.

use std::fs::File;
use std::sync::Arc;

use anyhow::{Context, Result};
use billing::passwords::{Cost, Passwords};
use billing::{Billing, Parts};
use store::Db;

use crate::config::Config;
use crate::keys;
use crate::outside::avalara::{self, Avalara};
use crate::outside::https::{self, Https};
use crate::outside::processors::Processors;
use crate::outside::system_clock::SystemClock;
use crate::outside::test_processor::TestProcessor;

/// Connects and migrates. Two processes at once migrate one after the other.
pub async fn open(config: &Config) -> Result<Db> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data folder {} can't be made", config.data_dir.display()))?;
    let turn = File::create(config.data_dir.join("migrate.lock")).context("the data folder can't be written")?;
    turn.lock().context("the data folder can't be locked")?;
    let db = Db::connect(&store::Config::new(&config.database_url)).await.context("the database can't be opened")?;
    db.migrate(store::MIGRATIONS).await.context("the database can't be migrated")?;
    drop(turn);
    Ok(db)
}

/// The use cases over an open database.
pub fn billing(config: &Config, db: Db) -> Result<Billing> {
    let vault = keys::vault(&config.secret_key_file)?;
    let gateway = Arc::new(TestProcessor { db: db.clone() });
    let avalara = Arc::new(Avalara::new(avalara::TIMEOUT, config.dev).context("TLS can't be set up")?);
    let https = Https::new(https::TIMEOUT, config.dev).context("TLS can't be set up")?;
    let passwords = Passwords::new(Cost::RECOMMENDED);
    let (clock, connect) = (Arc::new(SystemClock), Arc::new(Processors { https }));
    let mut billing = Billing::new(Parts { db, clock, gateway, connect, avalara, vault, passwords });
    billing.charges_at_once = config.charges_at_once;
    Ok(billing)
}
