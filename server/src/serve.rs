//! `blusynergy serve`: from an open socket to a clean stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::ServiceExt;
use axum::extract::Request;
use billing::Billing;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::Layer;
use tower::util::MapRequestLayer;

use crate::api::rewrite::rewrite;
use crate::cli::say;
use crate::config::Config;
use crate::gateway_events::UNSIGNED_PER_MINUTE;
use crate::outside::mail;
use crate::portal::{FAILURES_PER_MINUTE, MISSES_MINUTES, MISSES_PER_INVOICE};
use crate::state::{Shared, State};
use crate::throttle::Throttle;
use crate::{database, loops, router, site};

/// What is running when the stop comes has this long to finish.
const STOP_WITHIN: Duration = Duration::from_secs(10);

pub async fn serve(config: Config) -> Result<()> {
    let billing = database::billing(&config, database::open(&config).await?)?;
    let listener = bind(&config).await?;
    run(config, billing, listener).await
}

pub async fn bind(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| format!("can't listen on {}", config.listen))
}

/// Serves until SIGTERM or SIGINT; what runs then is finished, within 10 s.
pub async fn run(config: Config, billing: Billing, listener: TcpListener) -> Result<()> {
    let address = listener.local_addr()?;
    let db = billing.db.clone();
    let mailer = mail::mailer(&config)?;
    let state = state(config, billing.clone(), address)?;
    let service = MapRequestLayer::new(rewrite as fn(Request) -> Request).layer(router::router(state));
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let (stop, stopping) = watch::channel(false);
    let jobs = loops::start(billing.clone(), stopping.clone());
    let mails = loops::start_mails(billing, mailer, stopping.clone());
    say(&format!("listening on http://{address}"))?;
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopped(stopping));
    tokio::select! {
        served = serving => served.context("serving failed")?,
        () = signal_then_deadline(stop) => tracing::warn!("requests that were still running were cut off"),
    }
    let _ = tokio::time::timeout(STOP_WITHIN, async { (jobs.await, mails.await) }).await;
    db.close().await;
    Ok(())
}

fn state(config: Config, billing: Billing, address: SocketAddr) -> Result<State> {
    Ok(State::new(Shared {
        assets: site::assets(&config.data_dir).context("the list of static files can't be written")?,
        failures: Throttle::new(FAILURES_PER_MINUTE),
        misses: Throttle::within(Duration::from_mins(MISSES_MINUTES), MISSES_PER_INVOICE),
        unsigned: Throttle::new(UNSIGNED_PER_MINUTE),
        requests: Throttle::new(config.api_rate_per_minute),
        port: address.port(),
        config,
        billing: Arc::new(billing),
    }))
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Waits for a signal, tells everybody to stop, and gives them their time.
async fn signal_then_deadline(stop: watch::Sender<bool>) {
    signal().await;
    tracing::info!("stopping");
    let _ = stop.send(true);
    tokio::time::sleep(STOP_WITHIN).await;
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
