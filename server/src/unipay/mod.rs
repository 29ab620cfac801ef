//! The UniPay-compatible API, `/api/v01/customers` (`api.md` §9): the customers of the XML API in a flatter shape,
//! as JSON, XML or form text.

mod handlers;
mod input;
mod negotiation;
mod object;
mod reply;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};

use crate::state::State;
use input::Caller;
use reply::Refused;

/// What the JSON side of it looks like, for programs. It tells nothing of anybody and needs no credentials.
const DESCRIPTION: &str = include_str!("openapi.json");

/// Actions that may be named at the end of an address.
const ACTIONS: [&str; 4] = ["~create", "~find", "~load", "~modify"];

pub fn router() -> Router<State> {
    let open = Router::new().route("/api/v01/openapi.json", get(description));
    Router::new()
        .route("/api/v01/customers", get(handlers::find).put(handlers::create))
        .route("/api/v01/customers/~find", get(handlers::find))
        .route("/api/v01/customers/~create", put(handlers::create))
        .route("/api/v01/customers/{id}", get(handlers::load).post(handlers::modify))
        .route("/api/v01/customers/{id}/~load", get(handlers::load))
        .route("/api/v01/customers/{id}/~modify", post(handlers::modify))
        .route("/api", any(no_such_path))
        .route("/api/{*path}", any(no_such_path))
        .method_not_allowed_fallback(no_such_method)
        .merge(open)
}

async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION).into_response()
}

async fn no_such_path(caller: Caller) -> Response {
    caller.refuses(&Refused::no_such_path())
}

/// An action that nobody knows is no path, whatever the verb.
async fn no_such_method(caller: Caller, OriginalUri(uri): OriginalUri) -> Response {
    let last = uri.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_unknown_action = last.starts_with('~') && !ACTIONS.contains(&last);
    caller.refuses(&if is_unknown_action { Refused::no_such_path() } else { Refused::no_such_method() })
}
