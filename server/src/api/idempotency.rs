//! `Idempotency-Key` (`api.md` §1.9): a request that is sent again is answered again, and done once.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use billing::idempotency::{Before, KEY_MAX, Request as Keyed, StoredAnswer};
use billing::secrets::{Purpose, hex};

use super::input::{Api, BODY_BYTES_MAX, Prepared, read};
use super::previews::is_preview;
use super::reply::Refusal;
use crate::state::State;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Whether a request asks for it. A reading request has nothing to be done once, nor has a preview.
pub fn asks(route: &str, request: &Request) -> bool {
    let is_api = route.starts_with("/rest") || route.starts_with("/api/");
    is_api
        && matches!(*request.method(), Method::POST | Method::PUT | Method::DELETE)
        && request.headers().contains_key(IDEMPOTENCY_KEY)
        && !is_preview(route, request)
}

pub async fn once(state: State, request: Request, next: Next) -> Response {
    match answer(&state, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(state: &State, request: Request, next: Next) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    let mut api = Api::from_request_parts(&mut parts, state).await?;
    let key = key(&parts.headers)?;
    let bytes = read(body, BODY_BYTES_MAX).await?;
    let address = parts.uri.to_string();
    // Keyed: a body may hold a card number, which a plain hash would not hide.
    let hash =
        state.billing.vault.derive(Purpose::Request, &[parts.method.as_str().as_bytes(), address.as_bytes(), &bytes]);
    let hash = hex(&hash);
    let keyed = Arc::new(Keyed::new(api.access.staff, key, hash));
    let org = api.access.org.clone();
    match api.billing.before(&org, &keyed).await? {
        Before::Nothing => {}
        Before::Answered(stored) => return Ok(replay(stored)),
        Before::Paid(payment) => return Ok(replay(super::payments::as_it_stands(&api, payment).await?.stored())),
    }
    let billing = api.billing.clone();
    api.billing = api.billing.under(org.id, keyed.clone());
    parts.extensions.insert(Prepared(api));
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    debug_assert!(
        !(response.status().is_success() && keyed.is_unanswered()),
        "{address} has an effect whose answer does not commit with it"
    );
    if keyed.is_answered() || !is_kept(response.status()) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| billing::Error::Bug(error.into()))?;
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let stored = StoredAnswer {
        status: parts.status.as_u16(),
        content_type: content_type.to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    if let Err(error) = billing.keep_answer(&org, &keyed, &stored).await {
        // It told of no effect; a repetition will be answered anew.
        tracing::warn!(%error, "an answer could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// A failure of ours, and what says "later", may end otherwise the next time.
fn is_kept(status: StatusCode) -> bool {
    !status.is_server_error() && !matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
}

fn key(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = given.next().and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_MAX || given.next().is_some() {
        let message = format!("Idempotency-Key must be one value of 1 to {KEY_MAX} printable ASCII characters.");
        return Err(Refusal::bad_request(message));
    }
    Ok(key.to_owned())
}

fn replay(stored: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let content_type = HeaderValue::from_str(&stored.content_type).unwrap_or(HeaderValue::from_static("text/xml"));
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true")),
    ];
    (status, headers, stored.body).into_response()
}
