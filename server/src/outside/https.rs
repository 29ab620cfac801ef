//! Asks a processor over HTTPS: no redirect is followed, an answer that is late, long or cut off is none.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use billing::checks::is_on_loopback;
use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;

/// For a whole answer: processors ask banks.
pub const TIMEOUT: Duration = Duration::from_secs(30);
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;

#[derive(Clone)]
pub struct Https {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
    /// `serve --dev` may ask a service on this machine.
    allows_loopback: bool,
}

pub struct Answered {
    pub status: StatusCode,
    pub body: Bytes,
    pub time_ms: i64,
}

/// Why there is no answer; nothing of the question is in it. What was asked may have happened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(&'static str);

impl Https {
    pub fn new(timeout: Duration, allows_loopback: bool) -> Result<Https, rustls::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(Arc::new(ring::default_provider()))?
            .https_or_http()
            .enable_http1()
            .build();
        // A connection that idles may be closed by the other side just when it is used again: each question has its own.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(Https { client, timeout, allows_loopback })
    }

    pub async fn ask(&self, base: &str, request: Request<Full<Bytes>>) -> Result<Answered, NoAnswer> {
        if is_on_loopback(base) && !self.allows_loopback {
            return Err(NoAnswer("a service on this machine is asked by serve --dev only"));
        }
        let started = Instant::now();
        let answer = tokio::time::timeout(self.timeout, self.answer(request)).await;
        let (status, body) = answer.map_err(|_| NoAnswer("there was no answer in time"))??;
        let time_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ok(Answered { status, body, time_ms })
    }

    async fn answer(&self, mut request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), NoAnswer> {
        let agent = HeaderValue::from_static(concat!("BluSynergy/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);
        let answer = self.client.request(request).await.map_err(|error| {
            NoAnswer(if error.is_connect() { "it can't be reached" } else { "the connection broke off" })
        })?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok((status, body.map_err(|_| NoAnswer("the answer broke off or is too long"))?.to_bytes()))
    }
}

/// A header with a secret in it, which no log shows.
pub fn secret_header(headers: &mut HeaderMap, name: http::HeaderName, value: &str) -> Result<(), NoAnswer> {
    let mut value = HeaderValue::try_from(value).map_err(|_| NoAnswer("its key fits into no header"))?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

impl NoAnswer {
    pub fn because(why: &'static str) -> NoAnswer {
        NoAnswer(why)
    }
}

/// What a processor says, on one line and short enough for a column and a page.
pub fn line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 500;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(CHARACTERS_MAX).collect()
}
