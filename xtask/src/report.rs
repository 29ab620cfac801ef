//! Steps one after the other: each is announced, timed and remembered, and a failed one does not stop the rest.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::workspace::say;

#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    result: StepResult,
}

#[derive(PartialEq, Eq)]
enum StepResult {
    Done,
    Failed,
    LeftOut(&'static str),
}

impl Report {
    /// Does one step; true if it succeeded.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        say(&format!("── {name}"));
        let start = Instant::now();
        let result = match work() {
            Ok(()) => StepResult::Done,
            Err(error) => {
                say(&format!("{name}: {error:#}"));
                StepResult::Failed
            }
        };
        let done = result == StepResult::Done;
        self.steps.push(Step { name, took: start.elapsed(), result });
        done
    }

    /// A step that has nothing to do, or can't be done because an earlier one failed.
    pub fn leave_out(&mut self, name: &'static str, reason: &'static str) {
        self.steps.push(Step { name, took: Duration::ZERO, result: StepResult::LeftOut(reason) });
    }

    /// Prints the summary; an error if any step failed.
    pub fn finish(&self) -> Result<()> {
        say("── summary");
        for step in &self.steps {
            let result = match step.result {
                StepResult::Done => "ok",
                StepResult::Failed => "FAILED",
                StepResult::LeftOut(reason) => reason,
            };
            say(&format!("{:>7.1} s  {:<28} {result}", step.took.as_secs_f64(), step.name));
        }
        let total: Duration = self.steps.iter().map(|step| step.took).sum();
        say(&format!("{:>7.1} s  in all", total.as_secs_f64()));
        let failed: Vec<_> =
            self.steps.iter().filter(|step| step.result == StepResult::Failed).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}
