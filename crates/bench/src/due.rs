//! An organization whose customers' orders are all due today, or invoiced already: made through the API, and copied.

use std::net::SocketAddr;

use anyhow::{Result, ensure};

use crate::copies::{self, CUSTOMER, ORDER};
use crate::load::Connection;
use crate::program::Server;
use crate::raw::Raw;
use crate::site::post_request;

/// Customers that are copied, and their orders: one each, the last one two.
const CUSTOMERS: i64 = 10;
const ORDERS: i64 = CUSTOMERS + 1;

/// A month of a base fee, of seats and of storage, told of by mail. Nothing is due for payment on the day of the bill.
const SEED: &str = r#"
[[organization]]
subdomain = "bench"
name = "Bench & Sons Hosting"
currency = "USD"
mode = "test"
clock = "2026-03-01T06:00:00Z"
invoice_number_start = 1001
embed_origins = ["https://shop.example"]
notifications = ["newInvoice"]

[organization.portal]
page_url = "https://shop.example/account"

[[organization.staff]]
username = "api-bench"
password = "Correct-Horse-7"
role = "ROLE_API"
email = "dev@bench.example"

[[organization.plan]]
contract_code = "TEAM"
name = "Team"
product = "Hosting"
invoice_text = "Team hosting"
billing_period = "Monthly"
billing_alignment = "StartDate"
due_date_value = 14

[[organization.plan.charge]]
price_code = "BASE"
invoice_text = "Monthly fee"
charge_type = "RecurringCharge"
price = "29.00"

[[organization.plan.charge]]
price_code = "SEATS"
invoice_text = "Seats"
charge_type = "RecurringCharge"
unit_of_measure = "seat"
price = "8.50"

[[organization.plan.charge]]
price_code = "STORAGE"
invoice_text = "Storage"
charge_type = "RecurringCharge"
unit_of_measure = "GiB"
price = "0.125"
"#;

/// From the organization's present day on.
const ORDER_XML: &str = "<subscriptionOrder><contractCode>TEAM</contractCode><orderLineItems>\
    <orderLineItem><quantity>1</quantity><priceCode>BASE</priceCode></orderLineItem>\
    <orderLineItem><quantity>7</quantity><priceCode>SEATS</priceCode></orderLineItem>\
    <orderLineItem><quantity>250</quantity><priceCode>STORAGE</priceCode></orderLineItem>\
    </orderLineItems></subscriptionOrder>";

fn customer_xml(reference: &str) -> String {
    format!(
        "<customer><name>{reference} Ltd</name><extCustomerRef>{reference}</extCustomerRef>\
         <isBusinessAccount>true</isBusinessAccount><billingContact><firstName>Zoë</firstName>\
         <lastName>Example</lastName><emailPrimary>{reference}@example.com</emailPrimary>\
         <workPhone>555 555 5555</workPhone><address><street1>43 Main Av</street1><city>Chicago</city>\
         <state>IL</state><zip>12345</zip><countryCode>USA</countryCode></address></billingContact></customer>"
    )
}

/// At least so many orders, of nearly as many customers; how many there are.
pub async fn fill(server: &Server<'_>, orders: i64) -> Result<i64> {
    server.seed(SEED)?;
    make(server, CUSTOMERS, "").await?;
    let times = ((orders + ORDERS - 1) / ORDERS - 1).max(1);
    let mut raw = Raw::open(&server.database.url).await?;
    copies::make(&mut raw, CUSTOMER, &[], times).await?;
    raw.settle().await?;
    Ok((times + 1) * ORDERS)
}

/// So many orders of one customer.
pub async fn fill_one(server: &Server<'_>, orders: i64) -> Result<()> {
    server.seed(SEED)?;
    make(server, 1, "").await?;
    let mut raw = Raw::open(&server.database.url).await?;
    // It has two.
    copies::make(&mut raw, ORDER, &["customer_id"], orders / 2 - 1).await?;
    raw.settle().await
}

/// At least so many customers with an invoice that is due today, in test mode or with a processor at this address; the
/// connection that it was done with.
pub async fn fill_invoiced(server: &Server<'_>, customers: i64, processor: Option<&str>) -> Result<Raw> {
    let seed = SEED.replace("due_date_value = 14\n", "").replace("notifications = [\"newInvoice\"]\n", "");
    let seed = match processor {
        Some(url) => {
            let live = seed.replace("mode = \"test\"\nclock = \"2026-03-01T06:00:00Z\"", "mode = \"live\"");
            let table =
                format!("[organization.processor]\nkind = \"stripe\"\nsecret_key = \"sk\"\nurl = \"{url}\"\n\n");
            live.replacen("[organization.portal]", &format!("{table}[organization.portal]"), 1)
        }
        None => seed,
    };
    server.seed(&seed)?;
    make(server, CUSTOMERS, "&generateInvoice=true").await?;
    let mut raw = Raw::open(&server.database.url).await?;
    copies::make(&mut raw, CUSTOMER, &[], (customers + CUSTOMERS - 1) / CUSTOMERS - 1).await?;
    Ok(raw)
}

async fn make(server: &Server<'_>, customers: i64, how: &str) -> Result<()> {
    let running = server.start()?;
    for number in 1..=customers {
        let reference = format!("DUE{number}");
        post(running.address, "/rest/customers", &customer_xml(&reference)).await?;
        for _ in 0..if number == customers { 2 } else { 1 } {
            post(running.address, &format!("/rest/orders?extCustomerRef={reference}{how}"), ORDER_XML).await?;
        }
    }
    Ok(())
}

async fn post(address: SocketAddr, path: &str, body: &str) -> Result<()> {
    let answer = Connection::open(address, 0).await?.ask(&post_request(path, body)).await?;
    ensure!(answer.status == 201, "{path} was answered with {}: {}", answer.status, answer.body);
    Ok(())
}
