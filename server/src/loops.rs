//! Background work, and its clean end.

use std::time::Duration;

use billing::mails::{self, Mailer};
use billing::{Billing, Result, customer_lists, jobs, runs};
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Between two looks for work.
const PAUSE: Duration = Duration::from_secs(1);
/// Jobs done before it is asked again whether to stop.
const JOBS_AT_ONCE: usize = 10;
/// Jobs that are done beside each other: one that takes long, like a day's work, must not delay the others.
const WORKERS: usize = 4;
/// Between two looks whether somewhere a day has begun.
const MIDNIGHTS: Duration = Duration::from_secs(20);
/// A mail server may take its time; the one in hand is finished when the program stops.
const MAILS_AT_ONCE: usize = 1;

/// Does jobs until told to stop; the one in hand is finished.
#[expect(clippy::disallowed_methods, reason = "this is the place that keeps and stops what it spawns")]
pub fn start(billing: Billing, stop: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let workers = join_all((0..WORKERS).map(|_| work(&billing, stop.clone())));
        tokio::join!(workers, midnights(&billing, stop.clone()), index(&billing, stop));
    })
}

async fn work(billing: &Billing, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let done = jobs::run_due(billing, JOBS_AT_ONCE).await;
        pause(&mut stop, done.map(|done| done == JOBS_AT_ONCE)).await;
    }
}

/// Every live organization's day is worked, whichever of the processes sees first that it has begun.
async fn midnights(billing: &Billing, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = runs::schedule(billing).await {
            tracing::error!(%error, "the daily runs can't be scheduled");
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(MIDNIGHTS) => {}
        }
    }
}

/// Customers from before there was a search; done once.
async fn index(billing: &Billing, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match customer_lists::index_some(billing).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => pause(&mut stop, Err(error)).await,
        }
    }
}

/// Sends mails until told to stop, at once when one is queued here: beside the jobs, because a slow mail server must
/// not delay them.
#[expect(clippy::disallowed_methods, reason = "this is the place that keeps and stops what it spawns")]
pub fn start_mails(billing: Billing, mailer: Box<dyn Mailer>, mut stop: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        while !*stop.borrow() {
            let done = mails::deliver_due(&billing, &*mailer, MAILS_AT_ONCE).await;
            tokio::select! {
                () = pause(&mut stop, done.map(|done| done == MAILS_AT_ONCE)) => {}
                () = billing.mail_queued() => {}
            }
        }
    })
}

/// None where there may be more to do.
async fn pause(stop: &mut watch::Receiver<bool>, may_be_more: Result<bool>) {
    let pause = match may_be_more {
        Ok(true) => Duration::ZERO,
        Ok(false) => PAUSE,
        Err(error) => {
            tracing::error!(%error, "what is due can't be claimed");
            PAUSE
        }
    };
    tokio::select! {
        _ = stop.changed() => {}
        () = tokio::time::sleep(pause) => {}
    }
}
