//! `blusynergy run` over due orders, beside a program that puts the same rows into the same database. And what else is
//! wanted of it: memory that does not grow with the orders, time that grows no faster than they do, a customer with very
//! many orders, and the PDF of an invoice.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::due;
use crate::load::Target;
use crate::options::Options;
use crate::program::{Ran, Server};
use crate::raw::Raw;
use crate::replay::{Replayed, replay};
use crate::report::{mebibytes, median, percentile, verdict};
use crate::site::api_request;
use crate::{load, say};

const RATIO_MIN: f64 = 0.4;
const RESIDENT_MAX_KIB: u64 = 200 * 1024;
/// Ten times the orders take at most so many times as long.
const GROWTH_MAX: f64 = 11.0;
const ORDERS_OF_ONE: i64 = 30_000;
const ONE_MAX: Duration = Duration::from_secs(3);
const PDF_MS_MAX: f64 = 10.0;
/// Orders of which a run is repeated, and how often.
const SMALL: i64 = 20_000;
const ROUNDS: usize = 3;

/// `new`: an empty database.
pub async fn measure(binary: &Path, options: &Options, new: impl AsyncFn() -> Result<Database>) -> Result<()> {
    say("  blusynergy run, with lines, ledger, events and mails")?;
    say(&format!(
        "  {:<28}{:>11}{:>10}{:>10}{:>12}{:>8}{:>8}",
        "", "orders/s", "seconds", "floor s", "resident MiB", "ratio", "goal"
    ))?;
    let mut before: Option<(i64, f64)> = None;
    for orders in &options.orders {
        let (orders, seconds) = sized(binary, *orders, &new).await?;
        if let Some((fewer, less)) = before {
            let growth = seconds / less / (ratio(orders, fewer) / 10.0);
            let verdict = verdict(growth <= GROWTH_MAX);
            say(&format!("    ten times the orders, {growth:.1} times as long (at most {GROWTH_MAX:.0})  {verdict}"))?;
        }
        before = Some((orders, seconds));
    }
    one_customer(binary, &new).await
}

/// A run over about so many orders; how many there were, and how many seconds it took.
async fn sized(binary: &Path, orders: i64, new: &impl AsyncFn() -> Result<Database>) -> Result<(i64, f64)> {
    let database = new().await?;
    let orders = due::fill(&Server { binary, database: &database }, orders).await?;
    let mut rounds: Vec<(Ran, Replayed)> = Vec::new();
    for _ in 0..if orders <= SMALL { ROUNDS } else { 1 } {
        let first_id = next_id(&database).await?;
        let billed = database.copy().await?;
        let server = Server { binary, database: &billed };
        let ran = server.run(&["run"]).await?;
        let floor = database.copy().await?;
        rounds.push((ran, replay(&billed.url, &floor.url, first_id).await?));
        floor.discard().await?;
        if rounds.len() == ROUNDS {
            pdf(&server).await?;
        }
        billed.discard().await?;
    }
    database.discard().await?;
    let seconds = median(rounds.iter().map(|(ran, _)| ran.took.as_secs_f64()));
    let floor = median(rounds.iter().map(|(_, floor)| floor.took.as_secs_f64()));
    let of_floor = median(rounds.iter().map(|(ran, floor)| floor.took.as_secs_f64() / ran.took.as_secs_f64()));
    let resident = rounds.iter().map(|(ran, _)| ran.resident_max).max().unwrap_or_default();
    let is_met = of_floor >= RATIO_MIN && resident < RESIDENT_MAX_KIB;
    let rows = rounds.first().map_or(0, |(_, floor)| floor.rows);
    say(&format!(
        "  {:<28}{:>11.0}{seconds:>10.2}{floor:>10.2}{:>12.0}{of_floor:>8.2}{RATIO_MIN:>8.2}  {}",
        format!("{orders} orders, {rows} rows"),
        ratio(orders, 1) / seconds,
        mebibytes(resident),
        verdict(is_met)
    ))?;
    Ok((orders, seconds))
}

async fn one_customer(binary: &Path, new: &impl AsyncFn() -> Result<Database>) -> Result<()> {
    let database = new().await?;
    let server = Server { binary, database: &database };
    due::fill_one(&server, ORDERS_OF_ONE).await?;
    let ran = server.run(&["run"]).await?;
    let (seconds, most) = (ran.took.as_secs_f64(), ONE_MAX.as_secs_f64());
    let resident = mebibytes(ran.resident_max);
    let verdict = verdict(ran.took <= ONE_MAX);
    say(&format!(
        "    a customer with {ORDERS_OF_ONE} orders: {seconds:.2} s (at most {most:.0} s), {resident:.0} MiB  {verdict}"
    ))?;
    database.discard().await
}

/// Of invoices of a run, one after the other.
async fn pdf(server: &Server<'_>) -> Result<()> {
    let running = server.start()?;
    let mut raw = Raw::open(&server.database.url).await?;
    let first =
        raw.number("SELECT MIN(number) FROM (SELECT CAST(number AS BIGINT) AS number FROM invoices) AS i").await?;
    let request = |number: i64| api_request(&format!("/rest/invoice?invoiceNumber={number}&format=pdf"));
    let last =
        raw.number("SELECT MAX(number) FROM (SELECT CAST(number AS BIGINT) AS number FROM invoices) AS i").await?;
    let requests = load::Requests::AnyOf((first..=last.min(first + 1_000)).map(request).collect());
    let mut target = Target::alone(running.address, requests).await?;
    let slice = load::run(&mut target, &running, Duration::from_secs(2)).await?;
    let milliseconds = percentile(&slice.latencies, 50);
    let verdict = verdict(milliseconds <= PDF_MS_MAX);
    say(&format!("    an invoice as PDF: {milliseconds:.1} ms (at most {PDF_MS_MAX:.0} ms)  {verdict}"))
}

async fn next_id(database: &Database) -> Result<i64> {
    Raw::open(&database.url).await?.number("SELECT next FROM id_blocks WHERE name = 'ids'").await.context("ids")
}

fn ratio(one: i64, other: i64) -> f64 {
    f64::from(u32::try_from(one).unwrap_or(u32::MAX)) / f64::from(u32::try_from(other).unwrap_or(u32::MAX))
}
