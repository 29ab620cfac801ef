//! Forgotten user names and passwords (`api.md` §8.2). Only a POST uses a link up: mail programs look ahead.

use app::{NotTaken, Page, Visitor};
use axum::extract::Request;
use axum::extract::State as Extract;
use axum::http::Uri;
use axum::response::Response;
use billing::forgotten::{self, Chosen};
use domain::access::Forgotten;
use domain::contacts::Password;
use domain::passwords::WeakPassword;

use super::answers::failed;
use super::entrance::{Posted, back_to, posted, visit};
use super::organization;
use crate::state::State;
use crate::throttle::Who;

pub(super) async fn show_password(Extract(state): Extract<State>, request: Request) -> Response {
    show(state, request, Forgotten::Password).await
}

pub(super) async fn show_username(Extract(state): Extract<State>, request: Request) -> Response {
    show(state, request, Forgotten::Username).await
}

pub(super) async fn ask_password(Extract(state): Extract<State>, request: Request) -> Response {
    ask(state, request, Forgotten::Password).await
}

pub(super) async fn ask_username(Extract(state): Extract<State>, request: Request) -> Response {
    ask(state, request, Forgotten::Username).await
}

async fn show(state: State, request: Request, kind: Forgotten) -> Response {
    let is_sent = app::Form::parse(request.uri().query().unwrap_or_default().as_bytes()).get("sent").is_some();
    let page = move |visitor: Visitor| if is_sent { app::sent(&visitor) } else { app::forgot(visitor, kind) };
    visit(state, request, page).await
}

/// Each counts as an attempt: whoever asks for many wants to annoy or to find out.
async fn ask(state: State, request: Request, kind: Forgotten) -> Response {
    let Posted { org, texts, form, address, .. } = match posted(&state, request).await {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let _ = state.failures.count(Who::Address(address));
    let (field, page) = match kind {
        Forgotten::Password => ("username", "forgotPassword"),
        Forgotten::Username => ("email", "forgotUsername"),
    };
    let asked = form.get(field).unwrap_or_default();
    let own = || format!("{}/widget/resetPassword", state.public_url(&org.subdomain));
    let leads_to = org.portal.page_url.clone().unwrap_or_else(own);
    match forgotten::ask(&state.billing, org.id, kind, (asked, &leads_to)).await {
        Ok(()) => back_to(texts, &org, &format!("/widget/{page}?sent")),
        Err(error) => failed(&state, &org, error),
    }
}

/// GET: a form for the new password, as often as it is asked for.
pub(super) async fn show_reset(Extract(state): Extract<State>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let tracking_id = parameter(&request.uri, "trackingId");
    let not_taken = match parameter(&request.uri, "notTaken").as_str() {
        "" => None,
        name => Some(name.parse::<WeakPassword>().map_or(NotTaken::NotTheSame, NotTaken::Weak)),
    };
    let is_open = match forgotten::is_open(&state.billing, &org, &tracking_id).await {
        Ok(is_open) => is_open,
        Err(error) => return failed(&state, &org, error),
    };
    let page = move |visitor: Visitor| -> Page {
        if is_open { app::reset(visitor, not_taken) } else { app::no_link(&visitor) }
    };
    visit(state, Request::from_parts(request, body), page).await
}

/// POST: the new password.
pub(super) async fn reset(Extract(state): Extract<State>, request: Request) -> Response {
    let tracking_id = parameter(request.uri(), "trackingId");
    let Posted { org, texts, form, address, .. } = match posted(&state, request).await {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let here = |rest: &str| back_to(texts, &org, &format!("/widget/resetPassword?trackingId={tracking_id}{rest}"));
    let typed = |name| Password::new(form.raw(name).unwrap_or_default());
    let password = typed("new_password");
    if password.expose() != typed("repeated_password").expose() {
        return here("&notTaken=notTheSame");
    }
    match forgotten::choose(&state.billing, &org, &tracking_id, &password).await {
        Ok(Chosen::Done) => back_to(texts, &org, "/widget/login?changed"),
        Ok(Chosen::Weak(weak)) => here(&format!("&notTaken={weak}")),
        Ok(Chosen::NoLink) => {
            let _ = state.failures.count(Who::Address(address));
            here("")
        }
        Err(error) => failed(&state, &org, error),
    }
}

/// Letters and digits of a parameter: all that ours have, and all that may stand in a `Location`.
fn parameter(uri: &Uri, name: &str) -> String {
    const LENGTH_MAX: usize = 64;
    let form = app::Form::parse(uri.query().unwrap_or_default().as_bytes());
    let value = form.get(name).unwrap_or_default();
    value.chars().filter(char::is_ascii_alphanumeric).take(LENGTH_MAX).collect()
}
