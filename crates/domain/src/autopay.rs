//! What the daily run will charge next, as far as that is known today (`api.md` §4, Autopay).

use crate::dates::Date;
use crate::declines::Decline;
use crate::money::Amount;

/// An open invoice, as the run sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub due_on: Date,
    pub payable: Amount,
    /// None of its orders is left out of autopay.
    pub is_automatic: bool,
}

/// A charge to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextCharge {
    pub on: Date,
    pub amount: Amount,
}

/// The first day after `today` on which something of `open`, oldest due date first, is charged. The customer's `credit`
/// is used up before, oldest invoice first; after a decline it is waited as [`Decline`] says.
pub fn next_charge(open: &[Due], credit: Amount, today: Date, decline: Option<&Decline>) -> Option<NextCharge> {
    let tomorrow = today.add_days(1);
    let left = after_credit(open, credit);
    let day = |due: &Due| match decline {
        Some(decline) if due.due_on <= decline.last_on => decline.next_on.map(|on| on.max(tomorrow)),
        Some(_) | None => Some(due.due_on.max(tomorrow)),
    };
    let mut days: Vec<Date> = left.iter().filter_map(day).collect();
    days.sort();
    days.into_iter().find_map(|on| {
        let amount: Amount = left.iter().filter(|due| due.due_on <= on).map(|due| due.payable).sum();
        amount.is_positive().then_some(NextCharge { on, amount })
    })
}

/// What of the automatic ones is left to pay once the credit is used.
fn after_credit(open: &[Due], credit: Amount) -> Vec<Due> {
    let mut credit = credit.max(Amount::ZERO);
    let mut left = Vec::new();
    for due in open {
        let used = credit.min(due.payable);
        credit = credit - used;
        let payable = due.payable - used;
        if due.is_automatic && payable.is_positive() {
            left.push(Due { payable, ..*due });
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;

    const TODAY: Date = Date::new(2011, 9, 20);

    fn due(day: i8, minor: i64, is_automatic: bool) -> Due {
        Due { due_on: Date::new(2011, 9, day), payable: Amount(minor), is_automatic }
    }

    fn next(open: &[Due], credit: i64, decline: Option<&Decline>) -> Option<(i8, i64)> {
        next_charge(open, Amount(credit), TODAY, decline).map(|next| (next.on.0.day(), next.amount.0))
    }

    #[test]
    fn what_is_due_is_charged_on_its_day_and_what_is_late_tomorrow() {
        assert_eq!(next(&[due(25, 100, true), due(28, 50, true)], 0, None), Some((25, 100)));
        assert_eq!(next(&[due(1, 100, true), due(21, 50, true), due(28, 7, true)], 0, None), Some((21, 150)));
        assert_eq!(next(&[], 0, None), None);
    }

    #[test]
    fn orders_that_are_left_out_are_not_charged() {
        assert_eq!(next(&[due(22, 100, false), due(25, 50, true)], 0, None), Some((25, 50)));
        assert_eq!(next(&[due(22, 100, false)], 0, None), None);
    }

    #[test]
    fn credit_is_used_first() {
        let open = [due(22, 100, true), due(25, 50, true)];
        assert_eq!(next(&open, 30, None), Some((22, 70)));
        assert_eq!(next(&open, 120, None), Some((25, 30)));
        assert_eq!(next(&open, 150, None), None);
        assert_eq!(next(&open, -30, None), Some((22, 100)));
        // Also for what is not charged automatically.
        assert_eq!(next(&[due(21, 100, false), due(25, 50, true)], 120, None), Some((25, 30)));
    }

    #[test]
    fn after_a_decline_it_is_waited() {
        let decline = |next_on: Option<i8>| Decline {
            customer: CustomerId(1),
            first_on: Date::new(2011, 9, 19),
            last_on: Date::new(2011, 9, 19),
            attempts: 1,
            next_on: next_on.map(|day| Date::new(2011, 9, day)),
            reason: String::new(),
        };
        let open = [due(10, 100, true), due(27, 50, true)];
        assert_eq!(next(&open, 0, Some(&decline(Some(22)))), Some((22, 100)));
        // Another invoice brings the late one with it.
        assert_eq!(next(&open, 0, Some(&decline(None))), Some((27, 150)));
        assert_eq!(next(&open[..1], 0, Some(&decline(None))), None);
    }
}
