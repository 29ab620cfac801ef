//! Work that is done later: what each kind does, and when it is tried again.

use domain::access::Actor;
use domain::ids::PaymentId;
use store::jobs::Job;

use crate::{Billing, Error, Result, payments};

/// Asks the processor what became of a payment.
pub const CHECK_PAYMENT: &str = "checkPayment";

/// Delay before the next attempt, doubled each time.
const RETRY_SECONDS: i64 = 30;
const RETRY_SECONDS_MAX: i64 = 3600;

/// Does what is due, at most `limit` jobs. Tells how many it did.
pub async fn run_due(billing: &Billing, limit: usize) -> Result<usize> {
    for done in 0..limit {
        let any = store::jobs::any_due(&mut billing.db.read().await?, billing.clock.now()).await?;
        let claimed = if any { store::jobs::claim(&billing.db, billing.clock.now()).await? } else { None };
        let Some(job) = claimed else { return Ok(done) };
        run(billing, &job).await?;
    }
    Ok(limit)
}

async fn run(billing: &Billing, job: &Job) -> Result<()> {
    let outcome = match job.kind.as_str() {
        CHECK_PAYMENT => payments::check_outcome(billing, job.org_id, PaymentId(job.object_id)).await,
        kind => Err(Error::bug(format!("a job of the unknown kind {kind}"))),
    };
    let problem = match outcome {
        Ok(true) => return Ok(()),
        Ok(false) => "not known yet".to_owned(),
        Err(error) => {
            tracing::error!(job = job.id.0, kind = job.kind, %error, "a job failed; it is tried again");
            error.to_string()
        }
    };
    let run_at = billing.clock.now().add_seconds(delay_seconds(job.attempts));
    billing
        .unit(job.org_id, &Actor::System, async |unit| {
            store::jobs::retry(&mut unit.tx, job, run_at, &problem).await?;
            Ok(())
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
