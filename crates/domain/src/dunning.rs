//! Dunning: what becomes of a customer who does not pay (`api.md` §2.7). A state machine to look at: rules and arrears
//! in, the step that follows out.

use crate::customers::CustomerStatus;
use crate::dates::Date;
use crate::money::{Amount, Currency, Price};

/// Whom overdue rules are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerGroup {
    /// Whoever has no rules of the own group.
    Everybody,
    Businesses,
    Individuals,
}

crate::names!(CustomerGroup {
    Everybody => "everybody",
    Businesses => "businesses",
    Individuals => "individuals",
});

impl CustomerGroup {
    pub const fn of(is_business_account: bool) -> CustomerGroup {
        if is_business_account { CustomerGroup::Businesses } else { CustomerGroup::Individuals }
    }
}

/// From so many days after the due date of the oldest unpaid invoice, the customer has this status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueRule {
    pub group: CustomerGroup,
    pub days_late: i64,
    pub status: CustomerStatus,
    pub is_enabled: bool,
    /// Only if at least this much is overdue, in the customer's currency.
    pub min_amount: Option<Price>,
    /// Only if at least so many invoices are overdue.
    pub min_invoices: Option<i64>,
    /// For whoever asks why.
    pub message: Option<String>,
}

/// A customer's unpaid invoices whose due date has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrears {
    /// `None`: everything due is paid.
    pub oldest_due_on: Option<Date>,
    pub amount: Amount,
    pub invoices: i64,
}

impl Arrears {
    /// Days since the oldest was to be paid.
    pub fn days_late(&self, today: Date) -> i64 {
        self.oldest_due_on.map_or(0, |due_on| due_on.days_until(today))
    }
}

/// A customer as far as the rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub group: CustomerGroup,
    pub status: CustomerStatus,
    pub currency: Currency,
    pub arrears: Arrears,
}

/// A status that a customer comes to, and the rule that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'r> {
    pub status: CustomerStatus,
    /// `None`: nothing is overdue any more.
    pub rule: Option<&'r OverdueRule>,
}

/// What follows today for a customer; `None` where everything stays as it is.
///
/// The rules of the customer's group count if there are any, else those of everybody: of them the one with the most
/// days that is reached, and only for the worse. Who owes nothing any more is `Active` again, unless suspended: that is
/// lifted by hand. Without any rule nothing is ever changed.
pub fn next(rules: &[OverdueRule], standing: Standing, today: Date) -> Option<Step<'_>> {
    let Standing { group, status, currency, arrears } = standing;
    let late = arrears.days_late(today);
    let is_reached = |rule: &&OverdueRule| {
        let is_much = rule.min_amount.is_none_or(|least| currency.decimal(arrears.amount) >= least.0);
        let are_many = rule.min_invoices.is_none_or(|least| arrears.invoices >= least);
        arrears.oldest_due_on.is_some() && late >= rule.days_late && is_much && are_many
    };
    let rules = rules_for(rules, group);
    let reached = rules.iter().copied().filter(is_reached).max_by_key(|rule| rule.days_late);
    match reached {
        Some(rule) if rank(rule.status) > rank(status) => Some(Step { status: rule.status, rule: Some(rule) }),
        None if late <= 0 && is_overdue(status) && !rules.is_empty() => {
            Some(Step { status: CustomerStatus::Active, rule: None })
        }
        Some(_) | None => None,
    }
}

/// Those that are on.
fn rules_for(rules: &[OverdueRule], group: CustomerGroup) -> Vec<&OverdueRule> {
    let of = |group| rules.iter().filter(move |rule| rule.is_enabled && rule.group == group);
    let group = if of(group).next().is_some() { group } else { CustomerGroup::Everybody };
    of(group).collect()
}

/// Whether a status is one that paying lifts.
pub fn is_overdue(status: CustomerStatus) -> bool {
    matches!(status, CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3)
}

/// The worse, the more.
fn rank(status: CustomerStatus) -> u8 {
    match status {
        CustomerStatus::Active => 0,
        CustomerStatus::Overdue1 => 1,
        CustomerStatus::Overdue2 => 2,
        CustomerStatus::Overdue3 => 3,
        CustomerStatus::Suspended1 => 4,
        CustomerStatus::Suspended2 => 5,
        CustomerStatus::Suspended3 => 6,
        CustomerStatus::InActive1 => 7,
        CustomerStatus::InActive2 => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CustomerStatus::{Active, InActive1, Overdue1, Overdue2, Overdue3, Suspended1, Suspended2};

    fn rule(days_late: i64, status: CustomerStatus) -> OverdueRule {
        OverdueRule {
            group: CustomerGroup::Everybody,
            days_late,
            status,
            is_enabled: true,
            min_amount: None,
            min_invoices: None,
            message: None,
        }
    }

    /// The example of seed 002.
    fn rules() -> Vec<OverdueRule> {
        vec![rule(15, Overdue1), rule(30, Overdue2), rule(60, Suspended1)]
    }

    const TODAY: Date = Date::new(2011, 12, 31);

    fn business(status: CustomerStatus, arrears: Arrears) -> Standing {
        let currency = "USD".parse().expect("a currency");
        Standing { group: CustomerGroup::Businesses, status, currency, arrears }
    }

    /// Where a customer comes to who is so many days late; `None`: owes nothing.
    fn after(rules: &[OverdueRule], status: CustomerStatus, late: Option<i64>) -> CustomerStatus {
        let arrears =
            Arrears { oldest_due_on: late.map(|late| TODAY.add_days(-late)), amount: Amount(6050), invoices: 1 };
        next(rules, business(status, arrears), TODAY).map_or(status, |step| step.status)
    }

    #[test]
    fn a_rule_holds_from_its_day_on_and_the_farthest_counts() {
        let rules = rules();
        for (late, expected) in [
            (0, Active),
            (14, Active),
            (15, Overdue1),
            (29, Overdue1),
            (30, Overdue2),
            (59, Overdue2),
            (60, Suspended1),
        ] {
            assert_eq!(after(&rules, Active, Some(late)), expected, "{late} days");
        }
        assert_eq!(after(&rules, Active, Some(4000)), Suspended1, "also when the days between were never seen");
    }

    #[test]
    fn nobody_is_moved_to_a_better_status_while_something_is_overdue() {
        for status in [Overdue2, Overdue3, Suspended2, InActive1] {
            assert_eq!(after(&rules(), status, Some(15)), status);
        }
        assert_eq!(after(&rules(), Overdue1, Some(1)), Overdue1);
    }

    #[test]
    fn who_owes_nothing_is_active_again_unless_suspended() {
        for (status, expected) in [
            (Active, Active),
            (Overdue1, Active),
            (Overdue3, Active),
            (Suspended1, Suspended1),
            (Suspended2, Suspended2),
            (InActive1, InActive1),
        ] {
            assert_eq!(after(&rules(), status, None), expected, "{status}");
            assert_eq!(after(&rules(), status, Some(0)), expected, "{status}, with an invoice that is due today");
        }
    }

    #[test]
    fn without_rules_nothing_changes_and_a_rule_that_is_off_is_none() {
        assert_eq!(after(&[], Active, Some(100)), Active);
        assert_eq!(after(&[], Overdue1, None), Overdue1);
        let off = [OverdueRule { is_enabled: false, ..rule(15, Overdue1) }];
        assert_eq!(after(&off, Active, Some(100)), Active);
        assert_eq!(after(&off, Overdue1, None), Overdue1);
    }

    #[test]
    fn a_rule_may_ask_for_an_amount_and_for_a_number_of_invoices() {
        let of = |min_amount: Option<&str>, min_invoices| {
            let min_amount = min_amount.map(|amount| amount.parse().unwrap());
            [OverdueRule { min_amount, min_invoices, ..rule(15, Overdue1) }]
        };
        assert_eq!(after(&of(Some("60.50"), None), Active, Some(20)), Overdue1);
        assert_eq!(after(&of(Some("60.51"), None), Active, Some(20)), Active);
        assert_eq!(after(&of(None, Some(1)), Active, Some(20)), Overdue1);
        assert_eq!(after(&of(None, Some(2)), Active, Some(20)), Active);
        assert_eq!(after(&of(Some("60.51"), None), Overdue1, Some(20)), Overdue1, "late all the same");
    }

    #[test]
    fn a_group_with_rules_of_its_own_follows_those_and_nobody_elses() {
        let own = |group, days, status| OverdueRule { group, ..rule(days, status) };
        let mut rules = rules();
        rules.push(own(CustomerGroup::Businesses, 45, Overdue3));
        assert_eq!(after(&rules, Active, Some(44)), Active);
        assert_eq!(after(&rules, Active, Some(45)), Overdue3);
        assert_eq!(after(&rules, Active, Some(60)), Overdue3);
        assert_eq!(after(&rules, Overdue3, None), Active);
        rules.push(own(CustomerGroup::Individuals, 1, Suspended1));
        assert_eq!(after(&rules, Active, Some(44)), Active, "a rule of others");
        rules
            .iter_mut()
            .filter(|rule| rule.group == CustomerGroup::Businesses)
            .for_each(|rule| rule.is_enabled = false);
        assert_eq!(after(&rules, Active, Some(44)), Overdue2, "its own are off");
        assert_eq!(after(&rules[4..], Overdue1, None), Overdue1, "there is no rule for it");
    }

    #[test]
    fn a_rule_of_zero_days_holds_on_the_due_date() {
        assert_eq!(after(&[rule(0, Overdue1)], Active, Some(0)), Overdue1);
        assert_eq!(after(&[rule(0, Overdue1)], Active, Some(-1)), Active);
    }

    #[test]
    fn the_step_names_its_rule() {
        let rules = rules();
        let arrears = Arrears { oldest_due_on: Some(TODAY.add_days(-30)), amount: Amount(1), invoices: 1 };
        let step = next(&rules, business(Active, arrears), TODAY).unwrap();
        assert_eq!((step.status, step.rule.map(|rule| rule.days_late)), (Overdue2, Some(30)));
        let paid = next(&rules, business(Overdue2, Arrears::default()), TODAY).unwrap();
        assert_eq!((paid.status, paid.rule), (Active, None));
    }
}
