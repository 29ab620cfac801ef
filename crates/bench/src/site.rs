//! The organization that is asked, and how: its API by HTTP Basic, its portal in sessions of customers.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fill::{Filled, username};
use crate::load::Connection;

/// Portal sessions that are open at once, each of another customer.
pub const SESSIONS: i64 = 500;

pub const SEED: &str = r#"
[[organization]]
subdomain = "bench"
name = "Bench & Sons Hosting"
currency = "USD"
invoice_number_start = 1001
embed_origins = ["https://shop.example"]

# Never asked: with it customers may pay, and see how.
[organization.processor]
kind = "stripe"
secret_key = "sk"
url = "http://127.0.0.1:9"

[[organization.staff]]
username = "api-bench"
password = "Correct-Horse-7"
role = "ROLE_API"
email = "dev@bench.example"

[[organization.plan]]
contract_code = "STARTER"
name = "Starter"
product = "Hosting"
invoice_text = "Starter hosting"
billing_period = "Monthly"
billing_alignment = "StartDate"
due_date_value = 14

[[organization.plan.charge]]
price_code = "MONTH"
invoice_text = "Monthly fee"
charge_type = "RecurringCharge"
price = "12.00"
"#;

fn credentials() -> String {
    STANDARD.encode("api-bench:Correct-Horse-7")
}

pub fn api_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: bench.localhost\r\nauthorization: Basic {}\r\n\r\n", credentials())
}

pub const LIST: &str = "/rest/customers?max=50";

/// A page, as a merchant's program reads one after another.
pub fn list_request() -> String {
    api_request(LIST)
}

/// What only one customer has.
pub fn search_requests(filled: &Filled) -> Vec<String> {
    let customers = filled.customers.end - filled.customers.start;
    (0..customers).map(|number| api_request(&format!("{LIST}&search={}", username(number)))).collect()
}

pub fn create_request(number: u64) -> String {
    let body = format!(
        "<customer><name>New {number:07} Ltd</name><extCustomerRef>NEW{number:07}</extCustomerRef>\
         <isBusinessAccount>true</isBusinessAccount><billingContact><firstName>Zoë</firstName>\
         <lastName>Example</lastName><emailPrimary>new{number:07}@example.com</emailPrimary>\
         <workPhone>555 555 5555</workPhone><address><street1>43 Main Av</street1><city>Chicago</city>\
         <state>IL</state><zip>12345</zip><countryCode>USA</countryCode></address></billingContact></customer>"
    );
    post_request("/rest/customers", &body)
}

pub fn post_request(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench.localhost\r\nauthorization: Basic {}\r\n\
         content-type: text/xml\r\ncontent-length: {}\r\n\r\n{body}",
        credentials(),
        body.len()
    )
}

/// The API asked for each of the customers.
pub fn customer_requests(filled: &Filled) -> Vec<String> {
    filled.customers.clone().map(|id| api_request(&format!("/rest/customer/{id}"))).collect()
}

/// What a server is asked before it counts as idle: one login, a customer, the page to sign in.
pub async fn greet(address: SocketAddr, filled: &Filled) -> Result<()> {
    let mut connection = Connection::open(address, 0).await?;
    let login = "GET /widget/login HTTP/1.1\r\nhost: bench.localhost\r\n\r\n".to_owned();
    let customer = api_request(&format!("/rest/customer/{}", filled.customers.start));
    for request in [&customer, &customer, &login] {
        let answer = connection.ask(request).await?;
        ensure!(answer.status == 200, "{request} was answered with {}: {}", answer.status, answer.body);
    }
    Ok(())
}

/// Opens sessions as merchants do, by link, and returns the requests for their home pages.
pub async fn open_sessions(address: SocketAddr, filled: &Filled) -> Result<Vec<String>> {
    let mut connection = Connection::open(address, 0).await?;
    let step = (filled.customers.end - filled.customers.start) / SESSIONS;
    let mut requests = Vec::new();
    for number in 0..SESSIONS {
        let customer = filled.customers.start + number * step;
        let link = connection.ask(&api_request(&format!("/rest/widget/start?customerId={customer}"))).await?;
        ensure!(link.status == 200, "no link: {} {}", link.status, link.body);
        let (_, path) = link.body.trim().split_once("/widget/").context("a link leads to the portal")?;
        let opened = connection.ask(&format!("GET /widget/{path} HTTP/1.1\r\nhost: bench.localhost\r\n\r\n")).await?;
        ensure!(opened.status == 303, "the link opens nothing: {}", opened.status);
        let home = header(&opened.head, "location").context("a link leads to a page")?;
        let cookie = header(&opened.head, "set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.context("a session has a cookie")?;
        requests.push(format!("GET {home} HTTP/1.1\r\nhost: bench.localhost\r\ncookie: {cookie}\r\n\r\n"));
    }
    Ok(requests)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
}
