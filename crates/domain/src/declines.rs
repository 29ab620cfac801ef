//! Asking again after a declined autopay (`api.md` §4): on certain days, and never with a method that will not work
//! again.

use crate::dates::Date;
use crate::ids::CustomerId;

/// A customer whose methods on file were declined, until one is charged or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    pub customer: CustomerId,
    pub first_on: Date,
    pub last_on: Date,
    /// Days on which it was tried.
    pub attempts: i64,
    /// `None`: not before a method changes or another invoice is due.
    pub next_on: Option<Date>,
    /// Of the last attempt.
    pub reason: String,
}

/// What is known of the customer after one more day, `on`, on which nothing could be charged. `retry_days` are counted
/// from the first of them; after the last of them everything begins anew.
pub fn declined(before: Option<Decline>, customer: CustomerId, on: Date, reason: &str, retry_days: &[i64]) -> Decline {
    let lasts = retry_days.iter().copied().max().unwrap_or_default();
    let same = before.filter(|before| on <= before.first_on.add_days(lasts));
    let (first_on, attempts) = match same {
        Some(before) => (before.first_on, before.attempts + i64::from(before.last_on < on)),
        None => (on, 1),
    };
    let later = retry_days.iter().map(|days| first_on.add_days(*days)).filter(|day| *day > on);
    Decline { customer, first_on, last_on: on, attempts, next_on: later.min(), reason: reason.to_owned() }
}

/// Codes of answers that say the method will not work again, whatever the processor (those of Stripe and Authorize.Net
/// are theirs).
const HARD: [&str; 18] = [
    "EXPIRED",
    "NO_TEST_CARD",
    "expired_card",
    "lost_card",
    "stolen_card",
    "pickup_card",
    "restricted_card",
    "incorrect_number",
    "invalid_number",
    "invalid_account",
    "account_closed",
    "no_account",
    "card_not_supported",
    "fraudulent",
    "revocation_of_authorization",
    "4",
    "8",
    "28",
];

pub fn is_hard(error_code: &str) -> bool {
    HARD.contains(&error_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOHN: CustomerId = CustomerId(1);
    const FIRST: Date = Date::new(2011, 10, 1);

    fn after(before: Option<Decline>, day: i64, retry_days: &[i64]) -> Decline {
        declined(before, JOHN, FIRST.add_days(day), "no", retry_days)
    }

    #[test]
    fn it_is_tried_again_three_five_and_seven_days_after_the_first_time() {
        let days = [3, 5, 7];
        let mut decline = after(None, 0, &days);
        for (next, attempts) in [(3, 1), (5, 2), (7, 3)] {
            assert_eq!((decline.next_on, decline.attempts), (Some(FIRST.add_days(next)), attempts));
            decline = after(Some(decline), next, &days);
        }
        assert_eq!((decline.next_on, decline.attempts, decline.first_on), (None, 4, FIRST));
    }

    #[test]
    fn after_the_last_day_it_begins_anew() {
        let before = after(None, 0, &[3]);
        let anew = after(Some(before), 31, &[3]);
        assert_eq!((anew.first_on, anew.attempts, anew.next_on), (FIRST.add_days(31), 1, Some(FIRST.add_days(34))));
    }

    #[test]
    fn a_day_counts_once() {
        for days in [&[3][..], &[]] {
            let once = after(None, 0, days);
            assert_eq!(after(Some(once.clone()), 0, days), once);
        }
    }

    #[test]
    fn some_declines_are_for_good() {
        assert!(is_hard("EXPIRED") && is_hard("stolen_card"));
        assert!(!is_hard("DECLINED") && !is_hard("insufficient_funds") && !is_hard(""));
    }
}
