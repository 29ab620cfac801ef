//! How long lists of very many customers take, each kind by itself and one request after the other. There is no floor: the
//! figures are read as they are.

use anyhow::Result;

use crate::fill::{Filled, username};
use crate::load::{self, Requests, Target};
use crate::options::Options;
use crate::program::Server;
use crate::report;
use crate::site::{self, LIST, api_request};

/// Searches, and pages that are asked for, over all of the customers.
const SPREAD: i64 = 1_000;

pub async fn measure(server: &Server<'_>, filled: &Filled, options: &Options) -> Result<()> {
    let running = server.start()?;
    site::greet(running.address, filled).await?;
    let customers = filled.customers.end - filled.customers.start;
    let spread = |path: &dyn Fn(i64) -> String| {
        let numbers = (0..SPREAD).map(|place| place * customers / SPREAD);
        numbers.map(|number| api_request(&format!("{LIST}{}", path(number)))).collect()
    };
    let kinds: [(&str, Vec<String>); 6] = [
        ("first page", vec![site::list_request()]),
        ("any page", spread(&|number| format!("&offset={number}"))),
        ("last page", vec![api_request(&format!("{LIST}&offset={}", customers - 50))]),
        ("search, one found", spread(&|number| format!("&search={}", username(number)))),
        ("search, all found", vec![api_request(&format!("{LIST}&search=example"))]),
        ("status, 1 of 50", vec![api_request(&format!("{LIST}&status=Suspended1"))]),
    ];
    let mut rows = Vec::new();
    for (name, requests) in kinds {
        let mut target = Target::alone(running.address, Requests::AnyOf(requests)).await?;
        let mut slices = Vec::new();
        for _ in 0..options.rounds {
            slices.push(load::run(&mut target, &running, options.slice).await?);
        }
        rows.push((name, slices));
    }
    report::print_alone(&rows)
}
