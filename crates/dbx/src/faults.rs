//! Failing on purpose, one step at a time: how the crash matrix walks through a use case.
//!
//! A step is a statement in a write transaction, "before commit" or "after commit". It is counted
//! where it happens, and fails before the statement runs, instead of the commit (which is then
//! rolled back), or after the commit has happened but before the caller hears of it.

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Error, Result};

pub(crate) const BEFORE_COMMIT: &str = "before commit";
pub(crate) const AFTER_COMMIT: &str = "after commit";

/// Counts the steps of all transactions of a [`Db::with_faults`](crate::Db::with_faults), and fails one of them.
#[derive(Debug, Default)]
pub struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    trace: Vec<String>,
    failing: Failing,
}

#[derive(Clone, Copy, Debug, Default)]
enum Failing {
    #[default]
    Never,
    At(usize),
    From(usize),
}

impl Faults {
    pub fn new() -> Faults {
        Faults::default()
    }

    /// Fails the n-th step from the last `reset`, counted from 1, and no other.
    pub fn fail_at(&self, step: usize) {
        self.state().failing = Failing::At(step);
    }

    /// Fails the n-th step and every one after it, as if the process had died: nothing can tidy up.
    pub fn crash_at(&self, step: usize) {
        self.state().failing = Failing::From(step);
    }

    /// Counts from nothing again, and fails nothing.
    pub fn reset(&self) {
        *self.state() = State::default();
    }

    /// How many steps there were, the failed one included.
    pub fn steps(&self) -> usize {
        self.state().trace.len()
    }

    /// What the steps were, for messages.
    pub fn trace(&self) -> Vec<String> {
        self.state().trace.clone()
    }

    /// A step of the caller's own, such as a call to the outside, in the same numbering.
    pub fn step(&self, label: &str) -> Result<()> {
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut state = self.state();
        state.trace.push(label.clone());
        let step = state.trace.len();
        let fails = match state.failing {
            Failing::Never => false,
            Failing::At(chosen) => step == chosen,
            Failing::From(first) => step >= first,
        };
        if fails { Err(Error::Io(io::Error::other(Injected { step, label }))) } else { Ok(()) }
    }

    /// A panic elsewhere leaves nothing half done in here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Was this error made by [`Faults`]?
pub fn injected(error: &Error) -> bool {
    let Error::Io(error) = error else { return false };
    let Some(cause) = error.get_ref() else { return false };
    cause.is::<Injected>()
}

#[derive(Debug)]
struct Injected {
    step: usize,
    label: String,
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault injected at step {}: {}", self.step, self.label)
    }
}

impl std::error::Error for Injected {}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(faults: &Faults, steps: usize) -> Vec<bool> {
        (0..steps).map(|_| faults.step("a").is_err()).collect()
    }

    #[test]
    fn only_the_chosen_step_fails() {
        let faults = Faults::new();
        faults.fail_at(2);
        assert_eq!(failures(&faults, 4), [false, true, false, false]);
        assert_eq!(faults.steps(), 4);
    }

    #[test]
    fn after_a_crash_nothing_works_until_the_reset() {
        let faults = Faults::new();
        faults.crash_at(2);
        assert_eq!(failures(&faults, 4), [false, true, true, true]);
        faults.reset();
        assert_eq!((failures(&faults, 2), faults.steps()), (vec![false, false], 2));
    }

    #[test]
    fn an_injected_error_says_where_and_is_recognised() {
        let faults = Faults::new();
        faults.fail_at(1);
        let error = faults.step("INSERT INTO t\n            VALUES ($1)").unwrap_err();
        assert!(injected(&error));
        assert!(!injected(&Error::Io(io::Error::other("the disk is full"))));
        assert!(!crate::Retriable::retriable(&error));
        assert!(error.to_string().ends_with("fault injected at step 1: INSERT INTO t VALUES ($1)"), "{error}");
    }
}
