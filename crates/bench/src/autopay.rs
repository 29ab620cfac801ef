//! The daily run charges what is on file: so many customers, and a processor that takes 50 ms for each. It asks about
//! several at once; the time that all of them take then is what the run is measured against.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use billing::payment_methods::place;
use billing::secrets::Vault;
use dbx::Synchronous;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId, PaymentMethodId};
use domain::payment_methods::{PaymentMethod, Shown};
use domain::payments::MethodType;
use domain::wallet::Expiry;
use store::payment_methods::Stored;
use store::{Config, Db};

use crate::database::Database;
use crate::options::Options;
use crate::processor::{ANSWERS_AFTER, Processor};
use crate::program::Server;
use crate::raw::Raw;
use crate::report::{mebibytes, verdict};
use crate::{due, say};

const RATIO_MAX: f64 = 1.3;
/// Of the program that is measured, so that it opens what is sealed here.
const KEY: [u8; 32] = [7; 32];
const BATCH: usize = 500;
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(30);

pub async fn measure(binary: &Path, options: &Options, database: Database) -> Result<()> {
    let processor = Processor::start().await?;
    std::fs::write(database.folder.join("secret.key"), KEY)?;
    let server = Server { binary, database: &database };
    let mut raw = due::fill_invoiced(&server, options.payers, Some(&processor.url)).await?;
    let customers = keep_cards(&database, &mut raw).await?;
    // As if today's work were still to come.
    raw.run("DELETE FROM runs; DELETE FROM jobs; UPDATE organizations SET run_on = '2000-01-01'".to_owned()).await?;
    raw.settle().await?;
    let at_once = options.charges_at_once.to_string();
    let running = server.start_with(&[("BLUSYNERGY_CHARGES_AT_ONCE", &at_once)])?;
    let mut raw = Raw::open(&database.url).await?;
    let (mut start, patience) = (Instant::now(), Instant::now());
    while raw.number("SELECT COUNT(*) FROM runs WHERE state = 'Done'").await? == 0 {
        if processor.asked() == 0 {
            start = Instant::now();
        }
        ensure!(patience.elapsed() < PATIENCE, "the run does not end");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let took = start.elapsed().as_secs_f64();
    let charged = raw.number("SELECT COUNT(*) FROM payments WHERE status = 'Paid'").await?;
    ensure!(charged == customers, "{charged} of {customers} customers are charged");
    let at_best =
        ANSWERS_AFTER.as_secs_f64() * f64::from(u32::try_from(customers)?) / f64::from(options.charges_at_once);
    let memory = running.memory()?;
    let ratio = took / at_best;
    say(&format!(
        "  autopay of {customers} customers, {} asked about at once: {took:.1} s, {at_best:.1} s if nothing else took time; \
         {ratio:.2} times (at most {RATIO_MAX})  {}; at most {:.0} MiB resident",
        processor.most(),
        verdict(ratio <= RATIO_MAX),
        mebibytes(memory.resident_max)
    ))
}

/// A card on file for everybody; how many they are.
async fn keep_cards(database: &Database, raw: &mut Raw) -> Result<i64> {
    let org = OrganizationId(raw.number("SELECT id FROM organizations").await?);
    let count = raw.number("SELECT COUNT(*) FROM customers").await?;
    let first = raw.number("SELECT next FROM id_blocks WHERE name = 'ids'").await?;
    raw.run(format!("UPDATE id_blocks SET next = next + {count}")).await?;
    let config = Config { synchronous: Synchronous::Off, ..Config::new(&database.url) };
    let (db, vault) = (Db::connect(&config).await?, Vault::new(KEY));
    let customers: Vec<(CustomerId,)> =
        db.read().await?.build("SELECT id FROM customers ORDER BY id").build().fetch_all().await?;
    for (batch, customers) in (first..).step_by(BATCH).zip(customers.chunks(BATCH)) {
        let mut tx = db.begin().await?;
        for (id, (customer,)) in (batch..).zip(customers) {
            store::payment_methods::replace(&mut tx, org, &card(PaymentMethodId(id), *customer, &vault)?).await?;
        }
        tx.commit().await?;
    }
    db.close().await;
    Ok(count)
}

fn card(id: PaymentMethodId, customer: CustomerId, vault: &Vault) -> Result<Stored> {
    let expiry = Some(Expiry { year: 2099, month: 12 });
    let shown = Shown { brand: Some("Visa".to_owned()), last_digits: Some("4242".to_owned()), expiry };
    let now: Timestamp = "2026-03-01T06:00:00Z".parse()?;
    let method_type = MethodType::CreditCard;
    let method = PaymentMethod { id, customer, preference: 1, method_type, shown, created_at: now, updated_at: now };
    let token = Some(vault.seal_named(&place(customer, 1), "cus_bench/pm_card_visa")?);
    Ok(Stored { method, token, refused_on: None })
}
