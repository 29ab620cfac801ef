//! The daily run, as whoever keeps the program running sees it: how far it is, whom it could not serve, what it would
//! change next, and the jobs that are in trouble. Ours; other systems have nothing like it.

use domain::customers::CustomerStatus;
use domain::dates::{Date, Timestamp};
use domain::dunning::OverdueRule;
use domain::ids::CustomerId;
use domain::runs::{Failure, Run};

use crate::writer::Writer;

/// Bytes that a member of a list takes.
const MEMBER_BYTES: usize = 512;

pub fn write_runs(runs: &[Run]) -> String {
    list(runs, |writer, run| {
        writer.element("run", |writer| {
            writer.date("runDate", run.run_on.0);
            writer.value("state", run.state);
            writer.value("step", run.step);
            writer.value("customersDone", run.done);
            writer.value("customersBilled", run.counts.billed);
            writer.value("installments", run.counts.installments);
            writer.value("customersCharged", run.counts.charged);
            writer.value("customersDeclined", run.counts.declined);
            writer.value("transitions", run.counts.transitions);
            writer.value("customersFailed", run.counts.failed);
            writer.text("startTime", &run.started_at.to_wire());
            writer.text("updateTime", &run.updated_at.to_wire());
            writer.text("endTime", &run.ended_at.map(Timestamp::to_wire).unwrap_or_default());
        });
    })
}

pub fn write_failures(failures: &[Failure]) -> String {
    list(failures, |writer, failure| {
        writer.element("runFailure", |writer| {
            writer.reference("customer", failure.customer);
            writer.value("step", failure.step);
            writer.date("runDate", failure.run_on.0);
            writer.text("reason", &failure.reason);
        });
    })
}

/// A change of status that a run would make.
#[derive(Clone, Copy, Debug)]
pub struct Foreseen<'f> {
    pub customer: CustomerId,
    pub previous_status: CustomerStatus,
    pub new_status: CustomerStatus,
    pub days_late: i64,
    /// `None`: nothing is overdue any more.
    pub rule: Option<&'f OverdueRule>,
}

/// What the run of `day` would change.
pub fn write_forecast(foreseen: &[Foreseen<'_>], day: Date) -> String {
    list(foreseen, |writer, step| {
        writer.element("customerTransition", |writer| {
            writer.date("dateTransitioned", day.0);
            writer.value("previousStatus", step.previous_status);
            writer.value("newStatus", step.new_status);
            writer.reference("customer", step.customer);
            writer.value("daysLate", step.days_late);
            if let Some(rule) = step.rule {
                writer.element("overdueRule", |writer| {
                    writer.value("daysLate", rule.days_late);
                    writer.value("customerGroup", rule.group);
                    writer.text("message", rule.message.as_deref().unwrap_or_default());
                });
            }
        });
    })
}

/// A job that has failed.
#[derive(Clone, Copy, Debug)]
pub struct Job<'j> {
    pub id: i64,
    pub kind: &'j str,
    pub object: i64,
    pub attempts: i64,
    pub error: &'j str,
    /// `None`: it was given up.
    pub next_at: Option<Timestamp>,
}

pub fn write_jobs(jobs: &[Job<'_>]) -> String {
    list(jobs, |writer, job| {
        writer.object("job", job.id, |writer| {
            writer.text("type", job.kind);
            writer.value("objectId", job.object);
            writer.value("attempts", job.attempts);
            writer.text("error", job.error);
            writer.boolean("isGivenUp", job.next_at.is_none());
            writer.text("nextTime", &job.next_at.map(Timestamp::to_wire).unwrap_or_default());
        });
    })
}

fn list<T>(members: &[T], write: impl Fn(&mut Writer, &T)) -> String {
    let mut writer = Writer::with_capacity(MEMBER_BYTES * (members.len() + 1));
    writer.element("list", |writer| members.iter().for_each(|member| write(writer, member)));
    writer.finish()
}
