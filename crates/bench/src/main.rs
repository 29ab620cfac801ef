//! `cargo xtask bench`: the release server beside a floor program, both under the same load, on both engines.
//!
//! The figures are ratios: what the server reaches of what a minimal program reaches that looks one row up and answers
//! with as many bytes. The two take turns, so that noise on the machine falls on both; medians count. Nothing fails:
//! these are figures, not a gate.

mod bare;
mod counts;
mod database;
mod fill;
mod floor;
mod lists;
mod load;
mod program;
mod report;
mod search;
mod site;

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::runtime::Builder;

use crate::database::Database;
use crate::fill::{Business, Filled};
use crate::load::{Requests, Slice, Target};
use crate::program::{Program, Server};
use crate::report::Figures;

const USAGE: &str = "\
usage: bench [--engine sqlite|postgres] [--only all|lists] [--customers N] [--rounds N] [--seconds N]

lists: customers without business, as many as 1000000, and only lists of them";

/// What can be said on the command line.
struct Options {
    /// `None`: both.
    engine: Option<String>,
    /// Lists of customers that have nothing else.
    only_lists: bool,
    customers: i64,
    rounds: usize,
    slice: Duration,
}

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
    let wants = |engine: &str| options.engine.as_ref().is_none_or(|wanted| wanted == engine);
    if wants("sqlite") {
        measure("SQLite", &options, &binary, Database::sqlite()?).await?;
    }
    if wants("postgres") {
        match env::var("BLUSYNERGY_TEST_POSTGRES") {
            Ok(url) => measure("PostgreSQL", &options, &binary, Database::postgres(&url).await?).await?,
            Err(_) => say("PostgreSQL is left out: BLUSYNERGY_TEST_POSTGRES names no server")?,
        }
    }
    Ok(())
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Options> {
        let slice = Duration::from_secs(1);
        let mut options = Options { engine: None, only_lists: false, customers: 10_000, rounds: 9, slice };
        let mut left = arguments.iter();
        while let Some(name) = left.next() {
            let value = left.next().context(USAGE)?;
            match name.as_str() {
                "--engine" if ["sqlite", "postgres"].contains(&value.as_str()) => options.engine = Some(value.clone()),
                "--only" if ["all", "lists"].contains(&value.as_str()) => options.only_lists = value == "lists",
                "--customers" => options.customers = value.parse::<i64>().context(USAGE)?.max(site::SESSIONS),
                "--rounds" => options.rounds = value.parse::<usize>().context(USAGE)?.max(1),
                "--seconds" => options.slice = Duration::from_secs_f64(value.parse().context(USAGE)?),
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }
}

async fn measure(engine: &str, options: &Options, binary: &Path, database: Database) -> Result<()> {
    let server = Server { binary, database: &database };
    server.seed()?;
    let business = if options.only_lists { Business::None } else { Business::AYear };
    let start = Instant::now();
    let filled = fill::fill(&database, options.customers, business).await?;
    let took = start.elapsed().as_secs_f64();
    say(&format!("\n{engine}: {} customers, {} invoices, filled in {took:.0} s", options.customers, filled.invoices))?;
    if options.only_lists {
        lists::measure(&server, &filled, options).await
    } else {
        compare(&server, &filled, options).await
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
struct Pair<'a> {
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
    let list = Requests::AnyOf(vec![site::list_request()]);
    let search = Requests::AnyOf(site::search_requests(filled));
    let customer = Requests::AnyOf(site::customer_requests(filled));
    let create = Requests::numbered(site::create_request);
    let ours = [
        ("GET /rest/customer/{id}", Some(0.6), customer, reads()),
        ("portal home page", Some(0.25), Requests::AnyOf(sessions), reads()),
        ("GET /rest/customers?max=50", Some(0.5), list, reads()),
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
