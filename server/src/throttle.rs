//! So many in a time, no more (`operations.md` §7).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_mins(1);
/// Keys that are counted at once; more of them, and all are forgotten.
const KEYS_MAX: usize = 100_000;

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Address(std::net::IpAddr),
    Staff(i64),
    /// Of an organization, by the hash of its number.
    Invoice(i64, String),
}

/// Counts per key in windows of time.
#[derive(Debug)]
pub struct Throttle {
    /// 0: no limit.
    limit: u32,
    window: Duration,
    counts: Mutex<HashMap<Who, (Instant, u32)>>,
}

impl Throttle {
    /// So many a minute.
    pub fn new(limit: u32) -> Throttle {
        Throttle::within(MINUTE, limit)
    }

    pub fn within(window: Duration, limit: u32) -> Throttle {
        Throttle { limit, window, counts: Mutex::default() }
    }

    /// Counts one more. `Err` with the seconds to wait when that is too many.
    pub fn count(&self, who: Who) -> Result<(), u64> {
        self.add(who, 1)
    }

    /// Whether one more would be too many, without counting it.
    pub fn check(&self, who: Who) -> Result<(), u64> {
        self.add(who, 0)
    }

    fn add(&self, who: Who, more: u32) -> Result<(), u64> {
        if self.limit == 0 {
            return Ok(());
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= KEYS_MAX {
            counts.clear();
        }
        let (start, count) = counts.entry(who).or_insert_with(|| (Instant::now(), 0));
        if start.elapsed() >= self.window {
            (*start, *count) = (Instant::now(), 0);
        }
        let over = *count + more > self.limit || (more == 0 && *count >= self.limit);
        *count = count.saturating_add(more);
        if over { Err((self.window.saturating_sub(start.elapsed())).as_secs() + 1) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_for_each_on_its_own() {
        let throttle = Throttle::new(2);
        let (a, b) = (Who::Staff(1), Who::Staff(2));
        assert_eq!([throttle.count(a.clone()), throttle.count(a.clone())], [Ok(()), Ok(())]);
        assert!(throttle.check(a.clone()).is_err() && throttle.count(a).is_err());
        assert!(throttle.check(b.clone()).is_ok() && throttle.count(b).is_ok());
    }

    #[test]
    fn zero_is_no_limit() {
        let throttle = Throttle::new(0);
        assert!((0..1000).all(|_| throttle.count(Who::Staff(1)).is_ok()));
    }
}
