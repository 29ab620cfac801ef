//! The merchant's own page, on another origin: what a developer at DaddyHost would write.

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;

use super::{API_PASSWORD, API_USER, CUSTOMER, SUBDOMAIN};

#[derive(Clone)]
struct Merchant {
    /// Where the portal is, for browsers.
    portal: String,
    /// The port that the API answers on, at this machine.
    port: u16,
}

pub async fn serve(listener: TcpListener, portal: String, port: u16) -> Result<()> {
    let router =
        Router::new().route("/", get(signed_in)).route("/login", get(own_login)).with_state(Merchant { portal, port });
    axum::serve(listener, router).await.context("the merchant's page failed")
}

/// The customer is known to the merchant, who asks the API for a link and frames it.
async fn signed_in(State(merchant): State<Merchant>) -> Response {
    match link(&merchant).await {
        Ok(link) => Html(page("sso", &link)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the merchant's page got no link");
            (StatusCode::BAD_GATEWAY, "The portal does not answer.\n").into_response()
        }
    }
}

/// The frame asks for user name and password itself; no API call is needed.
async fn own_login(State(merchant): State<Merchant>) -> Html<String> {
    Html(page("login", &format!("{}/widget/login", merchant.portal)))
}

/// `GET /rest/widget/start`, over HTTP like any merchant would.
async fn link(merchant: &Merchant) -> Result<String> {
    let path = format!("/rest/widget/start?extCustomerRef={CUSTOMER}");
    let response = reqwest::Client::new()
        .get(format!("http://127.0.0.1:{}{path}", merchant.port))
        .header("host", format!("{SUBDOMAIN}.localhost:{}", merchant.port))
        .header("authorization", format!("Basic {}", STANDARD.encode(format!("{API_USER}:{API_PASSWORD}"))))
        .send()
        .await?
        .error_for_status()?;
    Ok(response.text().await?)
}

fn page(current: &str, frame: &str) -> String {
    let marked = |name: &str| if name == current { " aria-current=\"page\"" } else { "" };
    include_str!("merchant.html")
        .replace("{sso}", marked("sso"))
        .replace("{login}", marked("login"))
        .replace("{frame}", frame)
}
