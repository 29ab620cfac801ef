//! What the script of a page asks for between two pages: that the session stays, or goes on with a fresh token of the
//! merchant, so that nothing is lost that was typed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use billing::secrets::same;
use billing::sso::{self, Renewal};
use domain::ids::CustomerId;
use domain::organizations::Organization;
use serde_json::json;

use super::answers::{failed, private};
use super::{entrance, form_token, organization, read_form};
use crate::security::is_own;
use crate::session::{self, Opened, PortalSession};
use crate::state::State;
use crate::tokens::{self, Read};

/// POST: answered with the seconds until the session is over.
pub(super) async fn keep(
    axum::extract::State(state): axum::extract::State<State>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let Some(form) = read_form(body).await else { return private(StatusCode::PAYLOAD_TOO_LARGE.into_response()) };
    let is_ours = is_own(&request.method, &request.headers)
        && same(form.get("form_token").unwrap_or_default(), &form_token(&state, &key));
    if !is_ours {
        return private(StatusCode::FORBIDDEN.into_response());
    }
    let kept = match form.get("token") {
        None => used(&state, &org, &key, &request).await,
        Some(token) => renewed(&state, &org, (&key, token), &request).await,
    };
    match kept {
        Ok(Some(session)) => stored(&state, &org, session).await,
        // Enough guesses are enough.
        Ok(None) if form.get("token").is_some() => {
            let refused = entrance::count_failure(&state, &org, &request);
            refused.unwrap_or_else(|| private(StatusCode::FORBIDDEN.into_response()))
        }
        Ok(None) => private(StatusCode::GONE.into_response()),
        Err(billing::Error::Invalid(_)) => private(StatusCode::FORBIDDEN.into_response()),
        Err(error) => failed(&state, &org, error),
    }
}

async fn stored(state: &State, org: &Organization, session: PortalSession) -> Response {
    let answer = json!({ "endsIn": session.ends_in() });
    match session.keep().await {
        Ok(()) => private(Json(answer).into_response()),
        Err(error) => failed(state, org, error),
    }
}

/// Looking at it uses it.
async fn used(
    state: &State,
    org: &Arc<Organization>,
    key: &str,
    request: &Parts,
) -> billing::Result<Option<PortalSession>> {
    match session::open(state, org, key, request).await? {
        Opened::Session(session) => Ok(Some(*session)),
        Opened::Closed(_) => Ok(None),
    }
}

/// The session that a link or token made goes on, even if it is over by now, with a token for the same customer. One
/// that began with a password does not: the merchant's word is not the customer's.
async fn renewed(
    state: &State,
    org: &Arc<Organization>,
    (key, token): (&str, &str),
    request: &Parts,
) -> billing::Result<Option<PortalSession>> {
    let Some(mut session) = session::open_even_over(state, org, key, request).await? else { return Ok(None) };
    if session.data.contact.is_some() || !session.account.status.may_enter_portal() {
        return Ok(None);
    }
    let Read::Good(presented) = tokens::read(state, org, token).await? else { return Ok(None) };
    match sso::renew(&state.billing, org, &presented, CustomerId(session.data.customer)).await? {
        Renewal::Renewed => {
            session.begin_anew();
            Ok(Some(session))
        }
        Renewal::Refused => Ok(None),
    }
}
