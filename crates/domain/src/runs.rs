//! The daily run: its steps, and how far it is (`operations.md` §4).

use crate::dates::{Date, Timestamp};
use crate::ids::CustomerId;

/// What the work of a day consists of, in the order of [`RunStep::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStep {
    /// Orders start, what is due of them is invoiced.
    Billing,
    Installments,
    Autopay,
    /// Customers change their status.
    Overdue,
}

crate::names!(RunStep {
    Billing => "Billing",
    Installments => "Installments",
    Autopay => "Autopay",
    Overdue => "Overdue",
});

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunState {
    Running,
    /// Somebody has stopped all runs of the organization; it goes on where it is.
    Paused,
    Done,
}

crate::names!(RunState { Running => "Running", Paused => "Paused", Done => "Done" });

/// What may be done with an organization's runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunAction {
    /// Stops after the customer in hand, and begins no other day.
    Pause,
    Resume,
    /// Serves those again that could not be served.
    Retry,
}

crate::names!(RunAction { Pause => "pause", Resume => "resume", Retry => "retry" });

/// The run of a day, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub run_on: Date,
    pub state: RunState,
    pub step: RunStep,
    /// Customers served in this step.
    pub done: i64,
    pub counts: Counts,
    /// Of the wall clock, like the others.
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What has come of a run. Running a day again adds to its counts only what it does, so nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Customers whose orders were billed or started.
    pub billed: i64,
    /// Instalments charged or used up.
    pub installments: i64,
    /// Customers whose methods were charged for what was due.
    pub charged: i64,
    /// Customers whose methods were declined, for whatever.
    pub declined: i64,
    /// Changes of status.
    pub transitions: i64,
    /// Customers that a step could not serve.
    pub failed: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.billed += other.billed;
        self.installments += other.installments;
        self.charged += other.charged;
        self.declined += other.declined;
        self.transitions += other.transitions;
        self.failed += other.failed;
    }
}

/// A customer that a step could not serve, and why; gone once it could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub customer: CustomerId,
    pub step: RunStep,
    /// The day of the last attempt.
    pub run_on: Date,
    pub reason: String,
}
