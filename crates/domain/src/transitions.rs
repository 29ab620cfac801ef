//! Changes of a customer's status (`api.md` §2.7).

use crate::customers::CustomerStatus;
use crate::dates::{Date, Timestamp};
use crate::ids::{CustomerId, TransitionId};

/// From one status to another, for whatever reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub id: TransitionId,
    pub customer: CustomerId,
    pub previous_status: CustomerStatus,
    pub new_status: CustomerStatus,
    pub transitioned_on: Date,
    pub created_at: Timestamp,
}

/// What may be done with a customer (`api.md` §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CustomerAction {
    /// Nothing is billed any more.
    Suspend,
    Activate,
}

crate::names!(CustomerAction { Suspend => "suspend", Activate => "activate" });

impl CustomerAction {
    pub fn status(self) -> CustomerStatus {
        match self {
            CustomerAction::Suspend => CustomerStatus::Suspended1,
            CustomerAction::Activate => CustomerStatus::Active,
        }
    }
}

/// Days that are listed when nobody says from when.
const DAYS_BEFORE: i64 = 30;
/// More is before anything was stored.
const DAYS_BEFORE_MAX: i64 = 100_000;

/// The days of a list, both included; none when the first is after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    /// What is not said has its default; the first day counts more than how many days ago it is.
    pub fn new(first: Option<Date>, last: Option<Date>, days_ago: Option<i64>, today: Date) -> Days {
        let last = last.unwrap_or(today);
        let before = days_ago.unwrap_or(DAYS_BEFORE).min(DAYS_BEFORE_MAX);
        Days { first: first.unwrap_or_else(|| last.add_days(-before)), last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_are_the_last_thirty_unless_said_otherwise() {
        let [today, given, other] = [Date::new(2011, 9, 20), Date::new(2010, 12, 31), Date::new(2010, 11, 1)];
        for (first, last, days_ago, expected) in [
            (None, None, None, (Date::new(2011, 8, 21), today)),
            (None, Some(given), None, (Date::new(2010, 12, 1), given)),
            (None, Some(given), Some(10), (Date::new(2010, 12, 21), given)),
            (None, Some(given), Some(0), (given, given)),
            (Some(other), Some(given), Some(10), (other, given)),
            (Some(other), None, None, (other, today)),
            (None, Some(given), Some(i64::MAX), (given.add_days(-DAYS_BEFORE_MAX), given)),
        ] {
            let days = Days::new(first, last, days_ago, today);
            assert_eq!((days.first, days.last), expected);
        }
    }
}
