//! Work that is done later: what each kind does, when it is tried again, and when no more.

use std::sync::atomic::Ordering;

use domain::access::Actor;
use domain::ids::{ForgottenId, OrganizationId, PaymentId};
use store::jobs::{Job, Shown};
use store::{Page, Tx};

use crate::{Billing, Error, Result, View, forgotten, payments, runs};

/// Asks the processor what became of a payment.
pub const CHECK_PAYMENT: &str = "checkPayment";
/// Works an organization's day.
pub const DAILY_RUN: &str = "dailyRun";

/// Answers who has forgotten something, by mail.
pub const ANSWER_FORGOTTEN: &str = "answerForgotten";

/// Delay before the next attempt, doubled each time.
const RETRY_SECONDS: i64 = 30;
const RETRY_SECONDS_MAX: i64 = 3600;
/// Four days of attempts; then somebody must look.
const ATTEMPTS_MAX: i64 = 100;

/// Does what is due, at most `limit` jobs, an organization after the other. Tells how many it did.
pub async fn run_due(billing: &Billing, limit: usize) -> Result<usize> {
    for done in 0..limit {
        let Some(job) = claim(billing).await? else { return Ok(done) };
        run(billing, &job).await?;
    }
    Ok(limit)
}

async fn claim(billing: &Billing) -> Result<Option<Job>> {
    let now = billing.clock.now();
    let last = OrganizationId(billing.turn.load(Ordering::Relaxed));
    let turn = store::jobs::whose_turn(&mut billing.db.read().await?, last, now).await?;
    let Some(org) = turn else { return Ok(None) };
    billing.turn.store(org.0, Ordering::Relaxed);
    Ok(store::jobs::claim(&billing.db, org, now).await?)
}

async fn run(billing: &Billing, job: &Job) -> Result<()> {
    let outcome = match job.kind.as_str() {
        CHECK_PAYMENT => payments::check_outcome(billing, job.org_id, PaymentId(job.object_id)).await,
        DAILY_RUN => runs::nightly(billing, job).await,
        ANSWER_FORGOTTEN => forgotten::answer(billing, job.org_id, ForgottenId(job.object_id)).await,
        kind => Err(Error::bug(format!("a job of the unknown kind {kind}"))),
    };
    let problem = match outcome {
        Ok(true) => return Ok(()),
        Ok(false) => "not yet".to_owned(),
        Err(error) => {
            tracing::error!(job = job.id.0, kind = job.kind, %error, "a job failed");
            error.to_string()
        }
    };
    let (now, problem) = (billing.clock.now(), problem.as_str());
    let give_up = job.attempts >= ATTEMPTS_MAX;
    if give_up {
        tracing::error!(org = job.org_id.0, job = job.id.0, kind = job.kind, problem, "a job is given up");
    }
    let later = async |tx: &mut Tx| {
        if give_up {
            return store::jobs::give_up(tx, job, now, problem).await;
        }
        store::jobs::retry(tx, job, now.add_seconds(delay_seconds(job.attempts)), problem).await
    };
    billing.db.transact(later).await?;
    Ok(())
}

/// Jobs that have failed, given up or not, and how many there are.
pub async fn troubled(view: &mut View, page: Page) -> Result<(Vec<Shown>, i64)> {
    Ok(store::jobs::troubled(&mut view.conn, view.org.id, page).await?)
}

/// Begins anew with the jobs that were given up.
pub async fn revive(billing: &Billing, org: OrganizationId, actor: &Actor) -> Result<()> {
    billing
        .unit(org, actor, async |unit| {
            let count = store::jobs::revive(&mut unit.tx, unit.org.id, unit.wall).await?;
            unit.audit("began anew with what was given up", &format!("{count} jobs")).await
        })
        .await
}

fn delay_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    (RETRY_SECONDS << doublings).min(RETRY_SECONDS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_an_hour() {
        assert_eq!([1, 2, 3, 7, 8, 500].map(delay_seconds), [30, 60, 120, 1920, 3600, 3600]);
    }
}
