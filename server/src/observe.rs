//! What is logged. Requests are logged by their route, never by their address: session keys and
//! link tokens stand in addresses. Bodies, queries, names and credentials are never logged.

use std::io::{BufWriter, IsTerminal};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::Response;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::api::idempotency;
use crate::caller::Caller;
use crate::config::Config;
use crate::state::State;

/// Lines that wait to be written; whoever logs more waits with them.
const LINES_WAITING_MAX: usize = 4096;

/// Starts logging to stderr; the filter is `BLUSYNERGY_LOG`. Lines are written by a thread of their own, so that no
/// request waits for a slow reader of the log; what is still to be written is written when the guard is dropped.
pub fn start(config: &Config) -> WorkerGuard {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    // It would open a span for each read of a session.
    let filter = match "tower_sessions_core=warn".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let colours = std::io::stderr().is_terminal();
    // Lines that come at once are written at once. None is left out, however many.
    let lines = BufWriter::new(std::io::stderr());
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(false).buffered_lines_limit(LINES_WAITING_MAX).finish(lines);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(writer);
    // A second start, in a test, changes nothing.
    let _ = if config.logs_json { builder.json().try_init() } else { builder.try_init() };
    guard
}

/// One line a request: all access to the API is logged (`api.md` §1.1), pages only for debugging.
pub async fn request(mut request: Request, next: Next, state: State) -> Response {
    let start = Instant::now();
    let caller = Caller::default();
    request.extensions_mut().insert(caller.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let host = request.headers().get(HOST).cloned();
    let is_keyed = route.as_ref().is_some_and(|route| idempotency::asks(route.as_str(), &request));
    let response =
        if is_keyed { idempotency::once(state.clone(), request, next).await } else { next.run(request).await };
    caller.answered(&state, response.status()).await;
    let route = route.as_ref().map_or("(no route)", MatchedPath::as_str);
    let host = host.as_ref().and_then(|host| host.to_str().ok());
    let took_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    if route.starts_with("/rest") || route.starts_with("/api") {
        let staff = caller.staff().map(|staff| staff.0);
        tracing::info!(%method, route, host, staff, status, took_us, "api");
    } else {
        tracing::debug!(%method, route, host, status, took_us, "page");
    }
    response
}
