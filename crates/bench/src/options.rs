//! What can be said on the command line.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::site;

const USAGE: &str = "\
usage: bench [--engine sqlite|postgres] [--only WHAT] [--customers N] [--rounds N] [--seconds N] [--orders N,N,…]
             [--pages NAME,NAME,…] [--payers N] [--at-once N]

WHAT  requests  what the server answers, beside a floor (10000 customers)
      pages     every page of the portal, beside a floor (10000 customers)
      lists     customers without business, as many as 1000000, and only lists of them
      billing   `blusynergy run` over due orders (10000, then 100000)
      payments  POST /rest/payments
      autopay   the daily run's charges (4000 customers), with a processor that takes 50 ms
      without it: all of them but lists and pages";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Requests,
    Pages,
    Lists,
    Billing,
    Payments,
    Autopay,
}

const NAMES: [(&str, What); 6] = [
    ("requests", What::Requests),
    ("pages", What::Pages),
    ("lists", What::Lists),
    ("billing", What::Billing),
    ("payments", What::Payments),
    ("autopay", What::Autopay),
];

pub struct Options {
    /// `None`: both.
    engine: Option<String>,
    pub what: Vec<What>,
    pub customers: i64,
    pub rounds: usize,
    pub slice: Duration,
    /// Of the portal; none: all.
    pub pages: Vec<String>,
    /// Due orders, of one run after the other.
    pub orders: Vec<i64>,
    /// Customers that autopay charges.
    pub payers: i64,
    pub charges_at_once: u32,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Options> {
        let mut options = Options {
            engine: None,
            what: vec![What::Requests, What::Billing, What::Payments, What::Autopay],
            customers: 10_000,
            rounds: 9,
            slice: Duration::from_secs(1),
            pages: Vec::new(),
            orders: vec![10_000, 100_000],
            payers: 4_000,
            charges_at_once: 16,
        };
        let mut left = arguments.iter();
        while let Some(name) = left.next() {
            let value = left.next().context(USAGE)?;
            match name.as_str() {
                "--engine" if ["sqlite", "postgres"].contains(&value.as_str()) => options.engine = Some(value.clone()),
                "--only" => options.what = vec![what(value)?],
                "--customers" => options.customers = value.parse::<i64>().context(USAGE)?.max(site::SESSIONS),
                "--rounds" => options.rounds = value.parse::<usize>().context(USAGE)?.max(1),
                "--seconds" => options.slice = Duration::from_secs_f64(value.parse().context(USAGE)?),
                "--pages" => options.pages = value.split(',').map(str::to_owned).collect(),
                "--orders" => options.orders = value.split(',').map(number).collect::<Result<_>>()?,
                "--payers" => options.payers = number(value)?,
                "--at-once" => options.charges_at_once = value.parse::<u32>().context(USAGE)?.max(1),
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }

    pub fn wants(&self, engine: &str) -> bool {
        self.engine.as_ref().is_none_or(|wanted| wanted == engine)
    }
}

fn what(name: &str) -> Result<What> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, what)| *what).context(USAGE)
}

fn number(text: &str) -> Result<i64> {
    Ok(text.parse::<i64>().context(USAGE)?.max(1))
}
