//! `cargo xtask bench`: the release server beside a floor program, both under the same load, on both engines.
//!
//! The figures are ratios: what the server reaches of what a minimal program reaches that looks one row up and answers
//! with as many bytes. The two take turns, so that noise on the machine falls on both; medians count. Nothing fails:
//! these are figures, not a gate.

mod autopay;
mod bare;
mod bare_list;
mod bare_payment;
mod billing;
mod copies;
mod counts;
mod database;
mod due;
mod fill;
mod floor;
mod lists;
mod load;
mod options;
mod pages;
mod paying;
mod processor;
mod program;
mod raw;
mod replay;
mod report;
mod search;
mod site;

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use tokio::runtime::Builder;

use crate::database::Database;
use crate::fill::{Business, Filled};
use crate::load::{Requests, Slice, Target};
use crate::options::{Options, What};
use crate::program::{Program, Server};
use crate::report::Figures;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.split_first() {
        // As many threads as the server has.
        Some((first, rest)) if first == "floor" => {
            Builder::new_multi_thread().enable_all().build()?.block_on(floor::serve(rest))
        }
        // One: the rest of the machine is for what is measured.
        _ => Builder::new_current_thread().enable_all().build()?.block_on(run(&arguments)),
    }
}

async fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let binary = PathBuf::from(env::var_os("BLUSYNERGY_BIN").context("BLUSYNERGY_BIN names the server to measure")?);
    if options.wants("sqlite") {
        measure("SQLite", &options, &binary, async || Database::sqlite()).await?;
    }
    if options.wants("postgres") {
        match env::var("BLUSYNERGY_TEST_POSTGRES") {
            Ok(url) => measure("PostgreSQL", &options, &binary, async || Database::postgres(&url).await).await?,
            Err(_) => say("PostgreSQL is left out: BLUSYNERGY_TEST_POSTGRES names no server")?,
        }
    }
    Ok(())
}

/// `new`: an empty database of the engine.
async fn measure(
    engine: &str,
    options: &Options,
    binary: &Path,
    new: impl AsyncFn() -> Result<Database>,
) -> Result<()> {
    say(&format!("\n{engine}"))?;
    for what in &options.what {
        match what {
            What::Requests | What::Pages | What::Lists => {
                let database = new().await?;
                requests(*what, options, &Server { binary, database: &database }).await?;
            }
            What::Billing => billing::measure(binary, options, &new).await?,
            What::Payments => paying::measure(binary, options, new().await?).await?,
            What::Autopay => autopay::measure(binary, options, new().await?).await?,
        }
    }
    Ok(())
}

async fn requests(what: What, options: &Options, server: &Server<'_>) -> Result<()> {
    server.seed(site::SEED)?;
    let business = if what == What::Lists { Business::None } else { Business::AYear };
    let start = Instant::now();
    let filled = fill::fill(server.database, options.customers, business).await?;
    let took = start.elapsed().as_secs_f64();
    say(&format!("  {} customers, {} invoices, filled in {took:.0} s", options.customers, filled.invoices))?;
    match what {
        What::Lists => lists::measure(server, &filled, options).await,
        What::Pages => pages::measure(server, &filled, options).await,
        _ => compare(server, &filled, options).await,
    }
}

async fn compare(server: &Server<'_>, filled: &Filled, options: &Options) -> Result<()> {
    let starts = server.starts()?;
    let running = server.start()?;
    site::greet(running.address, filled).await?;
    let idle = running.memory()?;
    let sessions = site::open_sessions(running.address, filled).await?;
    let mut figures = Vec::new();
    for pair in pairs(&running, server.database, filled, sessions).await? {
        figures.push(pair.compare(options).await?);
    }
    let busy = running.memory()?;
    report::print(&figures, &report::Limits { starts, idle, busy })
}

/// What is compared, and the floor program that it is compared with.
pub struct Pair<'a> {
    name: &'static str,
    goal: Option<f64>,
    server: (&'a Program, Target),
    floor: (Program, Target),
}

/// Those that write come last: they change what the others read.
async fn pairs<'a>(
    running: &'a Program,
    database: &Database,
    filled: &Filled,
    sessions: Vec<String>,
) -> Result<Vec<Pair<'a>>> {
    let reads = || Requests::AnyOf(filled.customers.clone().map(floor::request).collect());
    let same_rows = Requests::AnyOf(vec![floor::list_request()]);
    let list = Requests::AnyOf(vec![site::list_request()]);
    let search = Requests::AnyOf(site::search_requests(filled));
    let customer = Requests::AnyOf(site::customer_requests(filled));
    let create = Requests::numbered(site::create_request);
    let ours = [
        ("GET /rest/customer/{id}", Some(0.6), customer, reads()),
        ("portal home page", Some(0.25), Requests::AnyOf(sessions), reads()),
        ("GET /rest/customers?max=50", Some(0.5), list, same_rows),
        ("  …&search= of one customer", None, search, reads()),
        ("POST /rest/customers", Some(0.5), create, Requests::numbered(floor::create_request)),
    ];
    let mut pairs = Vec::new();
    for (name, goal, requests, floor_requests) in ours {
        let target = Target::new(running.address, requests).await?;
        let floor = floor::start(&database.url, filled.organization, target.body_bytes)?;
        let floor_target = Target::new(floor.address, floor_requests).await?;
        pairs.push(Pair { name, goal, server: (running, target), floor: (floor, floor_target) });
    }
    Ok(pairs)
}

impl Pair<'_> {
    /// In turns, the order changing from round to round.
    async fn compare(mut self, options: &Options) -> Result<Figures> {
        let warm_up = options.slice / 2;
        load::run(&mut self.server.1, self.server.0, warm_up).await?;
        load::run(&mut self.floor.1, &self.floor.0, warm_up).await?;
        let (mut server, mut floor): (Vec<Slice>, Vec<Slice>) = (Vec::new(), Vec::new());
        for round in 0..options.rounds {
            for turn in 0..2 {
                if (round + turn) % 2 == 0 {
                    server.push(load::run(&mut self.server.1, self.server.0, options.slice).await?);
                } else {
                    floor.push(load::run(&mut self.floor.1, &self.floor.0, options.slice).await?);
                }
            }
        }
        Ok(Figures { name: self.name, goal: self.goal, body_bytes: self.server.1.body_bytes, server, floor })
    }
}

/// One line to whoever started this.
fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
