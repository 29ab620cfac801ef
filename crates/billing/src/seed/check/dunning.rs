//! Overdue rules, and when a declined autopay is tried again.

use domain::customers::CustomerStatus;
use domain::dunning::{CustomerGroup, OverdueRule};
use domain::money::Price;
use toml::Spanned;

use super::Checker;
use crate::seed::file;

/// `api.md` §4.
const RETRY_DAYS: [i64; 3] = [3, 5, 7];
const RETRY_DAYS_MAX: i64 = 365;
const MESSAGE_MAX: usize = 255;

impl Checker<'_> {
    /// A group has one rule for as many days.
    pub fn overdue_rules(&mut self, given: &[file::OverdueRule]) -> Vec<OverdueRule> {
        let mut rules: Vec<OverdueRule> = Vec::new();
        for given in given {
            let rule = self.overdue_rule(given);
            if rules.iter().any(|other| (other.group, other.days_late) == (rule.group, rule.days_late)) {
                self.wrong(given.days_late.span(), "days_late", "appears twice");
            }
            rules.push(rule);
        }
        rules
    }

    fn overdue_rule(&mut self, rule: &file::OverdueRule) -> OverdueRule {
        let status = self.named(Some(&rule.status), "status", CustomerStatus::Overdue1);
        if status == CustomerStatus::Active {
            self.wrong(rule.status.span(), "status", "must be one that somebody comes to who does not pay");
        }
        let amount = |text: &file::Text| text.get_ref().parse::<Price>().ok().filter(|it| !it.0.is_sign_negative());
        let min_amount = rule.min_amount.as_ref().and_then(amount);
        if let (Some(given), None) = (&rule.min_amount, min_amount) {
            self.wrong(given.span(), "min_amount", "must be an amount like \"10.00\"");
        }
        OverdueRule {
            group: self.named(rule.customer_group.as_ref(), "customer_group", CustomerGroup::Everybody),
            days_late: self.at_least(&rule.days_late, "days_late", 1),
            status,
            is_enabled: rule.enabled,
            min_amount,
            min_invoices: rule.min_invoices.as_ref().map(|least| self.at_least(least, "min_invoices", 1)),
            message: self.optional(rule.message.as_ref(), "message", MESSAGE_MAX),
        }
    }

    /// Days after the first decline; in their order, each once.
    pub fn retry_days(&mut self, given: Option<&Spanned<Vec<i64>>>) -> Vec<i64> {
        let Some(given) = given else { return RETRY_DAYS.to_vec() };
        let mut days = given.get_ref().clone();
        if days.iter().any(|day| !(1..=RETRY_DAYS_MAX).contains(day)) {
            self.wrong(given.span(), "retry_days", &format!("must be days from 1 to {RETRY_DAYS_MAX}"));
        }
        days.sort_unstable();
        days.dedup();
        days
    }
}
