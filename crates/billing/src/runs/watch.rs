//! Who looks on while a day is worked.

use domain::dates::Timestamp;
use domain::runs::RunStep;
use store::Tx;
use store::jobs::Job;

/// Between two notes of how far a run is; several of them fit into the lease of its job.
pub const EVERY_SECONDS: i64 = 5;

type Show<'w> = &'w (dyn Fn(RunStep, i64) + Send + Sync);

/// The job that a run is, and who is shown how far it is.
#[derive(Clone, Copy, Default)]
pub struct Watch<'w> {
    job: Option<&'w Job>,
    show: Option<Show<'w>>,
}

impl<'w> Watch<'w> {
    /// Nobody.
    pub fn none() -> Watch<'w> {
        Watch::default()
    }

    /// The run is this job; its lease is prolonged while it goes on.
    pub fn job(job: &'w Job) -> Watch<'w> {
        Watch { job: Some(job), show: None }
    }

    /// `show` is called with the step, and how many customers it has served.
    pub fn shown(show: Show<'w>) -> Watch<'w> {
        Watch { job: None, show: Some(show) }
    }

    pub(super) fn show(&self, step: RunStep, done: i64) {
        if let Some(show) = self.show {
            show(step, done);
        }
    }

    pub(super) async fn prolong(&self, tx: &mut Tx, now: Timestamp) -> store::Result<()> {
        match self.job {
            Some(job) => store::jobs::prolong(tx, job, now).await.map(drop),
            None => Ok(()),
        }
    }
}
