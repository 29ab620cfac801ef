//! The floor: as little as a server can do that reads a row, or a page of rows, or stores a customer's. One prepared
//! statement in the same database, through a plain pool of sqlx, and an answer of always the same bytes.

use std::env;
use std::process::Command;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tokio::net::TcpListener;

use crate::bare::{self, Customer};
use crate::bare_list::{self, List};
use crate::bare_payment::{self, Payment};
use crate::program::Program;
use crate::say;

const CONNECTIONS: u32 = 8;
const STATEMENTS_CACHED: usize = 512;
const LOOK_UP: &str = "SELECT name FROM customers WHERE org_id = $1 AND id = $2";

/// This program once more, as the floor.
pub fn start(url: &str, organization: i64, body_bytes: usize) -> Result<Program> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["floor", url, &organization.to_string(), &body_bytes.to_string()]);
    Program::start(&mut command).context("the floor")
}

pub fn request(customer: i64) -> String {
    format!("GET /customer/{customer} HTTP/1.1\r\nhost: floor.localhost\r\n\r\n")
}

/// Of a customer's `invoices`, `payments` or `orders`.
pub fn rows_request(customer: i64, what: &str) -> String {
    format!("GET /customer/{customer}/{what} HTTP/1.1\r\nhost: floor.localhost\r\n\r\n")
}

pub fn list_request() -> String {
    "GET /customers HTTP/1.1\r\nhost: floor.localhost\r\n\r\n".to_owned()
}

pub fn create_request(number: u64) -> String {
    format!("POST /bare/{number} HTTP/1.1\r\nhost: floor.localhost\r\ncontent-length: 0\r\n\r\n")
}

pub fn pay_request(number: i64, customer: i64, invoice: i64) -> String {
    let path = format!("/pay/{number}/{customer}/{invoice}");
    format!("POST {path} HTTP/1.1\r\nhost: floor.localhost\r\ncontent-length: 0\r\n\r\n")
}

/// `bench floor URL ORGANIZATION BODY_BYTES`
pub async fn serve(arguments: &[String]) -> Result<()> {
    let [url, organization, body_bytes] = arguments else { anyhow::bail!("floor URL ORGANIZATION BODY_BYTES") };
    let state = Floor {
        pool: Pool::connect(url).await?,
        organization: organization.parse()?,
        body: Bytes::from("x".repeat(body_bytes.parse()?)),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("listening on http://{}", listener.local_addr()?))?;
    let router = Router::new().route("/customer/{id}", get(look_up)).route("/bare/{number}", post(create));
    let router = router.route("/customers", get(list)).route("/customer/{id}/{what}", get(rows));
    let router = router.route("/pay/{number}/{customer}/{invoice}", post(pay));
    let router = router.with_state(Arc::new(state));
    Ok(axum::serve(listener, router).await?)
}

struct Floor {
    pool: Pool,
    organization: i64,
    body: Bytes,
}

async fn look_up(State(floor): State<Arc<Floor>>, Path(customer): Path<i64>) -> Response {
    match floor.pool.name(floor.organization, customer).await {
        Ok(Some(_)) => found(&floor),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn list(State(floor): State<Arc<Floor>>) -> Response {
    listed(&floor, List::Customers).await
}

async fn rows(State(floor): State<Arc<Floor>>, Path((customer, what)): Path<(i64, String)>) -> Response {
    match List::of(&what, customer) {
        Some(list) => listed(&floor, list).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn listed(floor: &Floor, list: List) -> Response {
    let rows = match &floor.pool {
        Pool::Sqlite { readers, .. } => bare_list::read_sqlite(readers, floor.organization, list).await,
        Pool::Postgres(pool) => bare_list::read_postgres(pool, floor.organization, list).await,
    };
    match rows {
        Ok(0) => StatusCode::NOT_FOUND.into_response(),
        Ok(_) => found(floor),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn found(floor: &Floor) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=UTF-8")], floor.body.clone()).into_response()
}

async fn create(State(floor): State<Arc<Floor>>, Path(number): Path<i64>) -> Response {
    let new = Customer::numbered(floor.organization, number);
    let inserted = match &floor.pool {
        Pool::Sqlite { writer, .. } => bare::insert_sqlite(writer, &new).await,
        Pool::Postgres(pool) => bare::insert_postgres(pool, &new).await,
    };
    created(&floor, &inserted)
}

async fn pay(State(floor): State<Arc<Floor>>, Path((number, customer, invoice)): Path<(i64, i64, i64)>) -> Response {
    let new = Payment::numbered(floor.organization, number, customer, invoice);
    let paid = match &floor.pool {
        Pool::Sqlite { writer, .. } => bare_payment::pay_sqlite(writer, &new).await,
        Pool::Postgres(pool) => bare_payment::pay_postgres(pool, &new).await,
    };
    created(&floor, &paid)
}

fn created(floor: &Floor, done: &sqlx::Result<()>) -> Response {
    match done {
        Ok(()) => (StatusCode::CREATED, floor.body.clone()).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

enum Pool {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

impl Pool {
    async fn connect(url: &str) -> Result<Pool> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .journal_mode(SqliteJournalMode::Wal)
                .statement_cache_capacity(STATEMENTS_CACHED)
                .row_buffer_size(1024)
                .pragma("temp_store", "memory")
                .pragma("cache_size", "-32768")
                .pragma("mmap_size", "0");
            let pool = |connections| SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false);
            let writer = pool(1).connect_with(options.clone()).await?;
            let readers = pool(CONNECTIONS).connect_with(options.pragma("query_only", "on")).await?;
            return Ok(Pool::Sqlite { readers, writer });
        }
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS_CACHED);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
        Ok(Pool::Postgres(pool.connect_with(options).await?))
    }

    async fn name(&self, organization: i64, customer: i64) -> sqlx::Result<Option<String>> {
        match self {
            Pool::Sqlite { readers, .. } => {
                sqlx::query_scalar(LOOK_UP).bind(organization).bind(customer).fetch_optional(readers).await
            }
            Pool::Postgres(pool) => {
                sqlx::query_scalar(LOOK_UP).bind(organization).bind(customer).fetch_optional(pool).await
            }
        }
    }
}
