//! `POST /gateway/…`: what processors tell us of unasked. The organization is the host's; the signature is over the body
//! as it came, with the key of the organization's account.

mod authorize_net;
mod stripe;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as Extract};
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use billing::gateway_events::{self, Incoming};
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::payments::Processor;

use crate::organization;
use crate::security::client_address;
use crate::state::State;
use crate::throttle::Who;

/// Of an event.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Events without a good signature, of one address. With one there is no limit: processors send in bursts.
pub const UNSIGNED_PER_MINUTE: u32 = 60;

pub fn router() -> Router<State> {
    Router::new().route("/gateway/stripe", post(from_stripe)).route("/gateway/authorize-net", post(from_authorize_net))
}

/// What there is to verify an event with.
struct Sent<'a> {
    headers: &'a HeaderMap,
    body: &'a Bytes,
    key: &'a str,
    org: OrganizationId,
    now: Timestamp,
}

/// Why nothing is taken.
#[derive(Debug)]
enum Refused {
    /// No account of the organization takes events here.
    NotHere,
    TooLong,
    /// It may be from anybody.
    Unsigned,
    /// The same, once more than an address may; with the seconds to wait.
    TooMany(u64),
    Unreadable,
    /// Worth sending again.
    Unavailable,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Refused::NotHere => (StatusCode::NOT_FOUND, "No events are taken here.\n"),
            Refused::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "The event is too long.\n"),
            Refused::Unsigned => (StatusCode::BAD_REQUEST, "The signature is missing, wrong or too old.\n"),
            Refused::TooMany(seconds) => {
                let text = "Too many events without a good signature; please wait.\n";
                return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())], text).into_response();
            }
            Refused::Unreadable => (StatusCode::BAD_REQUEST, "The event can't be read.\n"),
            Refused::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Please send the event again.\n"),
        };
        (status, text).into_response()
    }
}

async fn from_stripe(Extract(state): Extract<State>, request: Request) -> Result<&'static str, Refused> {
    take(&state, request, Processor::Stripe, stripe::read).await
}

async fn from_authorize_net(Extract(state): Extract<State>, request: Request) -> Result<&'static str, Refused> {
    take(&state, request, Processor::AuthorizeNet, authorize_net::read).await
}

/// How a processor's events are verified and read.
type Read = fn(&Sent<'_>) -> Result<Incoming, Refused>;

/// 200 for whatever is genuine: what can't be applied is kept, and sending it again would change nothing.
async fn take(state: &State, request: Request, processor: Processor, read: Read) -> Result<&'static str, Refused> {
    let (parts, body) = request.into_parts();
    let (org, event) = match genuine(state, (&parts.headers, body), (processor, read)).await {
        Err(refused @ (Refused::Unsigned | Refused::TooLong)) => return Err(counted(state, &parts, refused)),
        event => event?,
    };
    gateway_events::take(&state.billing, org, &event).await.map_err(|error| unavailable(&error))?;
    Ok("taken\n")
}

/// What an organization's processor signed.
async fn genuine(
    state: &State,
    (headers, body): (&HeaderMap, Body),
    (processor, read): (Processor, Read),
) -> Result<(OrganizationId, Incoming), Refused> {
    let billing = &state.billing;
    let found = organization::find(state, headers).await.map_err(|error| unavailable(&error))?;
    let org = found.ok_or(Refused::NotHere)?.organization.id;
    let account = billing.processor_account(org, processor).await.map_err(|error| unavailable(&error))?;
    let key = account.and_then(|account| account.credentials.event_key).ok_or(Refused::NotHere)?;
    let body = whole(body).await?;
    let event = read(&Sent { headers, body: &body, key: key.expose(), org, now: billing.clock.now() })?;
    Ok((org, event))
}

/// Who can't sign is counted, and only then: a signed event is taken from an address that is far over the limit.
fn counted(state: &State, request: &Parts, refused: Refused) -> Refused {
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    state.unsigned.count(Who::Address(address)).map_or_else(Refused::TooMany, |()| refused)
}

async fn whole(body: Body) -> Result<Bytes, Refused> {
    to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| Refused::TooLong)
}

fn unavailable(error: &billing::Error) -> Refused {
    tracing::error!(%error, "an event of a processor could not be taken");
    Refused::Unavailable
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit))
        .then(|| digits.chunks(2).map(byte).collect())?
}
