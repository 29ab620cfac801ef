//! The wall clock of this machine.

use billing::ports::Clock;
use domain::dates::Timestamp;

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::truncated(jiff::Timestamp::now())
    }
}
