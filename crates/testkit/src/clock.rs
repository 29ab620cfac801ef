//! A wall clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};

use billing::ports::Clock;
use domain::dates::Timestamp;

#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// Stands at a time such as `2026-01-05T09:00:00Z`.
    pub fn at(time: &str) -> ManualClock {
        ManualClock(Mutex::new(timestamp(time)))
    }

    pub fn set(&self, time: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = timestamp(time);
    }

    pub fn advance_seconds(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.add_seconds(seconds);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `2011-09-20T12:00:00Z`
pub fn timestamp(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text} is no time: {error}"))
}
