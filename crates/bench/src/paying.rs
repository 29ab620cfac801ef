//! `POST /rest/payments` by card beside a floor that makes as many commits with the same rows.

use std::path::Path;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::load::{Requests, Target};
use crate::options::Options;
use crate::program::Server;
use crate::site::post_request;
use crate::{Pair, due, floor, report};

/// Each is paid once, by the server or by the floor.
const INVOICES: i64 = 120_000;
const GOAL: f64 = 0.5;

pub async fn measure(binary: &Path, options: &Options, database: Database) -> Result<()> {
    let server = Server { binary, database: &database };
    let mut raw = due::fill_invoiced(&server, INVOICES, None).await?;
    let org = raw.number("SELECT id FROM organizations").await?;
    let invoices = raw.pairs("SELECT customer_id, id FROM invoices ORDER BY id").await?;
    raw.settle().await?;
    let (ours, bare) = invoices.split_at(invoices.len() / 2);
    let running = server.start()?;
    let requests = ours.iter().map(|(_, invoice)| post_request("/rest/payments", &payment_xml(*invoice)));
    let target = Target::new(running.address, Requests::each(requests.collect())).await?;
    let floor = floor::start(&database.url, org, target.body_bytes)?;
    let requests = (1..).zip(bare).map(|(number, (customer, invoice))| floor::pay_request(number, *customer, *invoice));
    let floor_target = Target::new(floor.address, Requests::each(requests.collect())).await?;
    let name = "POST /rest/payments";
    let pair = Pair { name, goal: Some(GOAL), server: (&running, target), floor: (floor, floor_target) };
    let figures = pair.compare(options).await.context("paying")?;
    report::print_pairs(&[figures])
}

fn payment_xml(invoice: i64) -> String {
    format!(
        "<payment><invoices><invoice id=\"{invoice}\"/></invoices><paymentMethodDTO type=\"CreditCard\">\
         <creditCardPaymentMethod><cardNumber>4111111111111111</cardNumber><expiry>2035-12-31</expiry><cvv>913</cvv>\
         <billingAddress><street1>43 Main Av</street1></billingAddress></creditCardPaymentMethod></paymentMethodDTO>\
         </payment>"
    )
}
