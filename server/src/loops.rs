//! Background work, and its clean end.

use std::time::Duration;

use billing::{Billing, customer_lists, jobs};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Between two looks for work.
const PAUSE: Duration = Duration::from_secs(1);
/// Jobs done before it is asked again whether to stop.
const JOBS_AT_ONCE: usize = 10;

/// Does jobs until told to stop; the one in hand is finished.
#[expect(clippy::disallowed_methods, reason = "this is the place that keeps and stops what it spawns")]
pub fn start(billing: Billing, stop: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(work(&billing, stop.clone()), index(&billing, stop));
    })
}

async fn work(billing: &Billing, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match jobs::run_due(billing, JOBS_AT_ONCE).await {
            Ok(done) if done == JOBS_AT_ONCE => Duration::ZERO,
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::error!(%error, "jobs can't be claimed");
                PAUSE
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Customers from before there was a search; done once.
async fn index(billing: &Billing, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match customer_lists::index_some(billing).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(%error, "customers can't be indexed");
                tokio::select! {
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }
}
