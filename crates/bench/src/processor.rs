//! A processor that takes its time: it speaks as Stripe does, approves whatever it is asked for, and counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const ANSWERS_AFTER: Duration = Duration::from_millis(50);

pub struct Processor {
    pub url: String,
    counts: Arc<Counts>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Counts {
    asked: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Processor {
    pub async fn start() -> Result<Processor> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let counts = Arc::new(Counts::default());
        let router = Router::new().route("/v1/payment_intents", post(sell)).with_state(counts.clone());
        #[expect(clippy::disallowed_methods, reason = "it ends with the processor")]
        let serving = tokio::spawn(async move {
            // It is aborted, or its port is gone; who asks sees that.
            drop(axum::serve(listener, router).await);
        });
        Ok(Processor { url, counts, serving })
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.counts.asked.load(Ordering::Relaxed)
    }

    /// By how many at once.
    pub fn most(&self) -> usize {
        self.counts.most.load(Ordering::Relaxed)
    }
}

impl Drop for Processor {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn sell(State(counts): State<Arc<Counts>>, form: String) -> Response {
    let number = counts.asked.fetch_add(1, Ordering::Relaxed);
    let now = counts.now.fetch_add(1, Ordering::Relaxed) + 1;
    counts.most.fetch_max(now, Ordering::Relaxed);
    tokio::time::sleep(ANSWERS_AFTER).await;
    counts.now.fetch_sub(1, Ordering::Relaxed);
    let field = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let (Some(amount), Some(currency)) = (field("amount"), field("currency")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let intent = format!(
        "{{\"id\":\"pi_{number}\",\"status\":\"succeeded\",\"amount\":{amount},\"currency\":\"{currency}\",\"metadata\":{{}}}}"
    );
    ([(CONTENT_TYPE, "application/json")], intent).into_response()
}
