//! Every page of the portal that a customer reads, beside the floor: requests a second under load, and how long one takes
//! that is asked for alone.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::fill::Filled;
use crate::load::{self, Connection, Requests, Target};
use crate::options::Options;
use crate::program::{Program, Server};
use crate::report::{percentile, print_pairs, verdict};
use crate::{Pair, floor, say, site};

const RATIO_MIN: f64 = 0.3;
const MS_MAX: f64 = 5.0;
const PAGES: [&str; 16] = [
    "home",
    "invoices",
    "invoices/:number",
    "payments",
    "payments/:number",
    "orders",
    "orders/:number",
    "pay",
    "pay/card?invoice=:number",
    "autopay",
    "autopay/card",
    "plan",
    "account",
    "account/details",
    "account/language",
    "security",
];
/// Stands for the first of a list.
const NUMBER: &str = ":number";
const PAY_CARD: &str = "pay/card?invoice=";

/// Beside a floor that reads the rows which they show, and not only one.
const LISTS: [&str; 3] = ["invoices", "payments", "orders"];

pub async fn measure(server: &Server<'_>, filled: &Filled, options: &Options) -> Result<()> {
    let running = server.start()?;
    site::greet(running.address, filled).await?;
    let homes = site::open_sessions(running.address, filled).await?;
    let mut figures = Vec::new();
    let mut alone = Vec::new();
    let wanted = |name: &&str| options.pages.is_empty() || options.pages.iter().any(|page| page == name);
    let mut asked = Vec::new();
    for name in PAGES.into_iter().filter(wanted) {
        asked.push((name, requests(&running, &homes, name).await?));
    }
    for (name, requests) in asked {
        alone.push((name, by_itself(&running, requests.clone(), options.slice).await?));
        figures.push(pair(&running, server, filled, (name, requests)).await?.compare(options).await?);
    }
    print_pairs(&figures)?;
    say(&format!("  one after the other, median in ms (at most {MS_MAX:.0})"))?;
    alone.iter().try_for_each(|(name, ms)| say(&format!("  {name:<28}{ms:>11.2}  {}", verdict(*ms <= MS_MAX))))
}

/// The requests for a page, in the sessions whose home pages these are; for a page of one thing, in those that have one.
async fn requests(running: &Program, homes: &[String], page: &str) -> Result<Vec<String>> {
    let Some(before) = page.strip_suffix(NUMBER) else { return homes.iter().map(|home| of_page(home, page)).collect() };
    let list = if before == PAY_CARD { "invoices?status=open" } else { before.trim_end_matches('/') };
    let link = format!("href=\"{}/", list.split('?').next().unwrap_or_default());
    let mut connection = Connection::open(running.address, 0).await?;
    let mut requests = Vec::new();
    for home in homes {
        let body = connection.ask(&of_page(home, list)?).await?.body;
        let number = body.split_once(&link).and_then(|(_, rest)| rest.split('"').next());
        requests.extend(number.map(|number| of_page(home, &format!("{before}{number}"))).transpose()?);
    }
    ensure!(!requests.is_empty(), "no session has a page {page}");
    Ok(requests)
}

fn of_page(home: &str, page: &str) -> Result<String> {
    let (before, after) = home.split_once("/home ").context("a session begins at home")?;
    Ok(format!("{before}/{page} {after}"))
}

async fn by_itself(running: &Program, requests: Vec<String>, slice: Duration) -> Result<f64> {
    let mut target = Target::alone(running.address, Requests::AnyOf(requests)).await?;
    load::run(&mut target, running, slice / 2).await?;
    let slice = load::run(&mut target, running, slice).await?;
    Ok(percentile(&slice.latencies, 50))
}

async fn pair<'a>(
    running: &'a Program,
    server: &Server<'_>,
    filled: &Filled,
    (name, requests): (&'static str, Vec<String>),
) -> Result<Pair<'a>> {
    let target = Target::new(running.address, Requests::AnyOf(requests)).await?;
    let floor = floor::start(&server.database.url, filled.organization, target.body_bytes)?;
    let is_list = LISTS.contains(&name);
    let read = |customer| if is_list { floor::rows_request(customer, name) } else { floor::request(customer) };
    let reads = Requests::AnyOf(filled.customers.clone().map(read).collect());
    let floor_target = Target::new(floor.address, reads).await?;
    Ok(Pair { name, goal: Some(RATIO_MIN), server: (running, target), floor: (floor, floor_target) })
}
