//! How the portal answers when there is no page to show: notices, redirects, cookies.

use app::Notice;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::organizations::Organization;
use texts::Texts;

use crate::state::State;

/// For who has no session: in this language where it is one of ours, else in the organization's.
pub(super) fn texts_in(locale: Option<&str>, org: &Organization) -> Texts {
    Texts::of([locale, Some(org.locale.as_str())].into_iter().flatten())
}

/// A page without session.
pub(super) fn notice(state: &State, org: Option<&Organization>, notice: Notice) -> Response {
    notice_in(state, Texts::of(org.map(|org| org.locale.as_str())), org, notice)
}

/// The same for somebody whose language is known.
pub(super) fn notice_in(state: &State, texts: Texts, org: Option<&Organization>, notice: Notice) -> Response {
    let status = notice.status();
    let (policy, html) = app::notice(texts, org, &ancestors(org), &state.assets, notice);
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (CONTENT_SECURITY_POLICY, policy)];
    private((status, headers, html).into_response())
}

pub(super) fn failed(state: &State, org: &Organization, error: billing::Error) -> Response {
    failed_in(state, Texts::of([org.locale.as_str()]), Some(org), error)
}

/// The same for somebody whose language is known.
pub(super) fn failed_in(state: &State, texts: Texts, org: Option<&Organization>, error: billing::Error) -> Response {
    let shown = match error {
        billing::Error::NotFound(_) => Notice::NotFound,
        billing::Error::Denied => Notice::Forbidden,
        billing::Error::Unavailable(cause) => {
            tracing::warn!(%cause, "portal not available");
            Notice::Unavailable
        }
        error => {
            let reference = billing::secrets::random_token();
            tracing::error!(%error, reference, "portal failed");
            Notice::Failed { reference }
        }
    };
    notice_in(state, texts, org, shown)
}

pub(super) fn too_many(state: &State, org: &Organization, seconds: u64) -> Response {
    after(seconds, notice(state, Some(org), Notice::TooMany))
}

/// With the time until when nothing is to be sent.
pub(super) fn after(seconds: u64, mut response: Response) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Who may frame the portal of an organization.
pub(super) fn ancestors(org: Option<&Organization>) -> String {
    match org {
        Some(org) if !org.embed_origins.is_empty() => org.embed_origins.join(" "),
        _ => "'none'".to_owned(),
    }
}

/// Nothing of the portal is kept by caches.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(super) fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/widget/login"));
    private((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

pub(super) fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
