//! The whole surface on one screen.

use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::branding::{self, BrandFile};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::state::State;
use crate::{api, front, gateway_events, observe, organization, portal, security, site, unipay};

pub fn router(state: State) -> Router {
    let is_dev = state.config.dev;
    let router = Router::new()
        .merge(api::router())
        .merge(unipay::router())
        .merge(portal::router())
        .merge(gateway_events::router())
        .route("/", get(front_page))
        .route("/css/{name}", get(stylesheet))
        .route("/brand/{name}", get(brand_file))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .fallback(get(site::file))
        .with_state(state.clone());
    let is_https = !is_dev;
    let headers = move |request: Request, next: Next| security::headers(request, next, is_https);
    let logged = move |request: Request, next: Next| observe::request(request, next, state.clone());
    // One stack: each `layer` of a router by itself costs every request a box and a clone.
    router.layer(ServiceBuilder::new().layer(CatchPanicLayer::new()).layer(from_fn(headers)).layer(from_fn(logged)))
}

/// The database answers.
async fn ready(Extract(state): Extract<State>) -> Response {
    match state.billing.organization("readyz").await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// A short page: where to sign in.
async fn front_page(Extract(state): Extract<State>, headers: HeaderMap) -> Response {
    let org = organization::find(&state, &headers).await.ok().flatten();
    let policy = app::content_security_policy("'none'");
    let name = org.map(|entry| entry.organization.name.clone());
    let page = Html(front::page(name.as_deref(), &state.assets.css));
    ([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".to_owned())], page).into_response()
}

/// The organization's own stylesheet, as `seed` left it in the data folder.
async fn stylesheet(Extract(state): Extract<State>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let missing = || (StatusCode::NOT_FOUND, "Not found.\n").into_response();
    let stem = name.strip_suffix(".css").unwrap_or_default();
    let is_name = !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let Ok(Some(entry)) = organization::find(&state, &headers).await else { return missing() };
    if !is_name {
        return missing();
    }
    let file = stylesheet_file(&state.config.data_dir, &entry.organization.subdomain, &name);
    match tokio::fs::read(file).await {
        Ok(css) => {
            ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")], css).into_response()
        }
        Err(_) => missing(),
    }
}

/// A file of the organization's looks, named by its content. Whatever it holds, it does nothing by itself.
async fn brand_file(Extract(state): Extract<State>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let missing = || (StatusCode::NOT_FOUND, "Not found.\n").into_response();
    let Ok(Some(entry)) = organization::find(&state, &headers).await else { return missing() };
    let found = match state.billing.view(&entry.organization).await {
        Ok(mut view) => branding::file(&mut view, &name).await,
        Err(error) => Err(error),
    };
    let headers = |kind| [(CONTENT_TYPE, kind), (CACHE_CONTROL, site::IMMUTABLE), (CONTENT_SECURITY_POLICY, SEALED)];
    match found {
        Ok(Some(BrandFile::Css(css))) => (headers("text/css; charset=utf-8"), css).into_response(),
        Ok(Some(BrandFile::Png(png))) => (headers("image/png"), png).into_response(),
        Ok(None) => missing(),
        Err(error) => {
            tracing::warn!(%error, "a file of the portal's looks can't be read");
            (StatusCode::SERVICE_UNAVAILABLE, "Not available at the moment.\n").into_response()
        }
    }
}

const SEALED: &str = "default-src 'none'; sandbox";

/// Where a stylesheet of an organization is kept.
pub fn stylesheet_file(data_dir: &std::path::Path, subdomain: &str, name: &str) -> std::path::PathBuf {
    data_dir.join("files").join(subdomain).join("css").join(name)
}
