//! The work of a day (`operations.md` §4): future orders start and due orders are billed, instalments of payment plans and
//! due invoices are charged to the methods on file, customers who don't pay change their status. In this order.
//!
//! Each step goes through its customers page by page and does each of them in transactions of its own; what was done is
//! seen in the database and not done again. So a run that was cut off anywhere is finished by running the day again, and
//! running a finished day changes nothing. Whom a step could not serve is kept with the reason, and the run goes on.

mod autopay;
mod billing;
mod charging;
mod installments;
mod overdue;
mod watch;

use std::collections::HashSet;
use std::sync::Arc;

use domain::access::Actor;
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, JobId, OrganizationId};
use domain::organizations::Organization;
use domain::runs::{Counts, Failure, Run as Row, RunState, RunStep};
use jiff::tz::TimeZone;
use store::jobs::{Job, NewJob};
use store::runs::Progress;
use store::{Page, Tx};

use crate::jobs::DAILY_RUN;
use crate::{Billing, Error, Result, View};

pub use overdue::{Forecast, forecast};
pub use watch::Watch;

/// Customers that are looked up at once.
const PAGE: i64 = 500;
/// Before every customer.
pub(crate) const FIRST: CustomerId = CustomerId(0);

/// Does the work of `day` for an organization, and tells what came of it.
pub async fn day(billing: &Billing, org: OrganizationId, day: Date, watch: Watch<'_>) -> Result<Counts> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    let mut run = Run::begin(billing, Arc::new(organization), day, watch).await?;
    for &step in RunStep::ALL {
        run.work.step = step;
        run.done = 0;
        match step {
            RunStep::Billing => billing::run(&mut run).await?,
            RunStep::Installments | RunStep::Autopay => charging::run(&mut run).await?,
            RunStep::Overdue => overdue::run(&mut run).await?,
        }
    }
    run.end().await
}

/// Serves those again that runs could not serve, and nobody else: the day is not worked by it.
pub async fn retry(billing: &Billing, org: OrganizationId, watch: Watch<'_>) -> Result<Counts> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    let day = billing.today(&organization);
    let mut run = Run::of(billing, Arc::new(organization), day, watch);
    for &step in RunStep::ALL {
        run.work.step = step;
        run.done = 0;
        let failed = store::run_failures::customers(&mut billing.db.read().await?, org, step).await?;
        match step {
            RunStep::Billing => billing::serve(&mut run, &failed).await?,
            RunStep::Installments | RunStep::Autopay => charging::serve(&mut run, failed).await?,
            RunStep::Overdue => overdue::serve(&mut run, &failed).await?,
        }
    }
    Ok(run.total)
}

/// Writes down that the work of `day`, and of every day before it, is done.
pub(crate) async fn done(billing: &Billing, org: OrganizationId, day: Date) -> Result<()> {
    let done = async |tx: &mut Tx| store::organizations::set_run_on(tx, org, day).await;
    billing.db.transact(done).await?;
    Ok(())
}

/// What is done, for whom and for which day.
#[derive(Clone)]
struct Work<'r> {
    billing: &'r Billing,
    org: Arc<Organization>,
    day: Date,
    step: RunStep,
}

/// A day's work on its way.
struct Run<'r> {
    work: Work<'r>,
    watch: Watch<'r>,
    /// Customers served in this step.
    done: i64,
    total: Counts,
    /// What of it is not written down yet.
    unsaved: Counts,
    saved_at: Timestamp,
    /// Every customer is served, not only some: what comes of it is written down as the day's.
    is_whole: bool,
}

impl<'r> Run<'r> {
    async fn begin(billing: &'r Billing, org: Arc<Organization>, day: Date, watch: Watch<'r>) -> Result<Run<'r>> {
        let now = billing.clock.now();
        let id = org.id;
        let begin = async |tx: &mut Tx| store::runs::begin(tx, id, day, RunStep::Billing, now).await;
        billing.db.transact(begin).await?;
        Ok(Run { is_whole: true, ..Run::of(billing, org, day, watch) })
    }

    fn of(billing: &'r Billing, org: Arc<Organization>, day: Date, watch: Watch<'r>) -> Run<'r> {
        let (total, unsaved) = (Counts::default(), Counts::default());
        let saved_at = billing.clock.now();
        let work = Work { billing, org, day, step: RunStep::Billing };
        Run { work, watch, done: 0, total, unsaved, saved_at, is_whole: false }
    }

    /// Some customers of the step are served. From time to time that is written down, and the lease of the job prolonged;
    /// every time it is asked whether to go on.
    async fn served(&mut self, customers: usize, counts: Counts) -> Result<()> {
        self.done += i64::try_from(customers).unwrap_or(i64::MAX);
        self.total += counts;
        self.unsaved += counts;
        let (billing, org) = (self.work.billing, self.work.org.id);
        self.watch.show(self.work.step, self.done);
        if store::runs::is_paused(&mut billing.db.read().await?, org).await? {
            self.save(RunState::Paused).await?;
            return Err(Error::Conflict(PAUSED.to_owned()));
        }
        if self.saved_at.add_seconds(watch::EVERY_SECONDS) <= billing.clock.now() {
            self.save(RunState::Running).await?;
        }
        Ok(())
    }

    async fn save(&mut self, state: RunState) -> Result<()> {
        if !self.is_whole {
            return Ok(());
        }
        let Work { billing, org, day, step } = self.work.clone();
        let (id, now, watch) = (org.id, billing.clock.now(), self.watch);
        // A day that is still to come is worked again when it comes.
        let is_over = state == RunState::Done && day <= org.today(now);
        let progress = Progress { state, step, done: self.done, counts: self.unsaved };
        let save = async |tx: &mut Tx| {
            store::runs::save(tx, id, day, progress, now).await?;
            if is_over {
                store::organizations::set_run_on(tx, id, day).await?;
            }
            watch.prolong(tx, now).await
        };
        billing.db.transact(save).await?;
        self.unsaved = Counts::default();
        self.saved_at = now;
        Ok(())
    }

    async fn end(mut self) -> Result<Counts> {
        self.save(RunState::Done).await?;
        Ok(self.total)
    }
}

impl Work<'_> {
    /// Whom this step could not serve so far.
    async fn failed_before(&self) -> Result<HashSet<CustomerId>> {
        let failed = store::run_failures::customers(&mut self.billing.db.read().await?, self.org.id, self.step).await?;
        Ok(failed.into_iter().collect())
    }

    /// Keeps why a customer can't be served. What is not of the customer alone ends the run: the next would fail as well.
    async fn keep(&self, customer: CustomerId, error: Error) -> Result<Counts> {
        if matches!(error, Error::Unavailable(_)) {
            return Err(error);
        }
        tracing::error!(org = self.org.id.0, customer = customer.0, step = %self.step, %error, "a customer can't be served");
        let failure = Failure { customer, step: self.step, run_on: self.day, reason: error.to_string() };
        let (failure, org, now) = (&failure, self.org.id, self.billing.clock.now());
        let save = async |tx: &mut Tx| store::run_failures::save(tx, org, failure, now).await;
        self.billing.db.transact(save).await?;
        Ok(Counts { failed: 1, ..Counts::default() })
    }

    /// What hindered the customer does so no more.
    async fn forget(&self, failed: &HashSet<CustomerId>, customer: CustomerId) -> Result<()> {
        if failed.contains(&customer) {
            let (org, step) = (self.org.id, self.step);
            let delete = async |tx: &mut Tx| store::run_failures::delete(tx, org, customer, step).await;
            self.billing.db.transact(delete).await?;
        }
        Ok(())
    }
}

/// What whoever wants to run a day is told while runs are stopped.
const PAUSED: &str = "The daily run is paused. Resume it, and it goes on where it is.";

/// Sees to it that every live organization's day is worked: a job each, once a day, whoever asks.
pub async fn schedule(billing: &Billing) -> Result<()> {
    let live = store::runs::live(&mut billing.db.read().await?).await?;
    for organization in live {
        let zone = TimeZone::get(&organization.time_zone).unwrap_or(TimeZone::UTC);
        let today = billing.clock.now().date_in(&zone);
        if organization.run_on < today {
            billing
                .unit(organization.id, &Actor::System, async |unit| {
                    let id = unit.id(JobId).await?;
                    let job = NewJob { id, kind: DAILY_RUN, object_id: number(today), run_at: unit.wall };
                    store::jobs::insert(&mut unit.tx, unit.org.id, job, unit.wall).await?;
                    Ok(())
                })
                .await?;
        }
    }
    Ok(())
}

/// 20260105.
fn number(day: Date) -> i64 {
    i64::from(day.0.year()) * 10_000 + i64::from(day.0.month()) * 100 + i64::from(day.0.day())
}

/// The job of a day: works the present one, whichever it was made for. `false`: runs are stopped; later.
pub(crate) async fn nightly(billing: &Billing, job: &Job) -> Result<bool> {
    let organization = store::organizations::get(&mut billing.db.read().await?, job.org_id).await?;
    match day(billing, job.org_id, billing.today(&organization), Watch::job(job)).await {
        Ok(counts) => tracing::info!(org = job.org_id.0, ?counts, "the daily run is done"),
        Err(Error::Conflict(reason)) if reason == PAUSED => return Ok(false),
        Err(error) => return Err(error),
    }
    let finish = async |tx: &mut Tx| store::jobs::finish(tx, job.org_id, DAILY_RUN, job.object_id).await;
    billing.db.transact(finish).await?;
    Ok(true)
}

/// Stops all runs of the organization after the customer in hand, or lets them go on.
pub async fn pause(billing: &Billing, org: OrganizationId, actor: &Actor, is_paused: bool) -> Result<()> {
    billing
        .unit(org, actor, async |unit| {
            let since = is_paused.then_some(unit.wall);
            store::runs::set_paused(&mut unit.tx, unit.org.id, since).await?;
            unit.audit(if is_paused { "paused the daily run" } else { "resumed the daily run" }, "organization").await
        })
        .await
}

/// The runs of the organization, the last first, and how many there are.
pub async fn list(view: &mut View, page: Page) -> Result<(Vec<Row>, i64)> {
    Ok(store::runs::list(&mut view.conn, view.org.id, page).await?)
}

/// Whom runs could not serve, and how many there are.
pub async fn failures(view: &mut View, page: Page) -> Result<(Vec<Failure>, i64)> {
    Ok(store::run_failures::list(&mut view.conn, view.org.id, page).await?)
}
