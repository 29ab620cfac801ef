//! What is logged. Requests are logged by their route, never by their address: session keys and
//! link tokens stand in addresses. Bodies, queries, names and credentials are never logged.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging to stderr; the filter is `BLUSYNERGY_LOG`.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, in a test, changes nothing.
    let _ = if config.logs_json { builder.json().try_init() } else { builder.try_init() };
}

/// One line a request.
pub async fn request(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let response = next.run(request).await;
    let route = route.as_deref().unwrap_or("(no route)");
    let took_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(%method, route, host, status = response.status().as_u16(), took_us, "request");
    response
}
