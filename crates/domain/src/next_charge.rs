//! What the daily run will charge to a customer's methods on file next, and when, as far as is known today: the rules of
//! the run (`api.md` §4, Autopay; §2.8), looked at from before.

use crate::dates::Date;
use crate::declines::Decline;
use crate::money::Amount;
use crate::payment_plans::PaymentPlan;

/// What is known of a customer whose methods on file are charged.
#[derive(Clone, Debug)]
pub struct Known {
    /// The first day that has not been worked yet.
    pub first_run_on: Date,
    /// Due dates and what can be charged of the invoices, oldest due date first.
    pub invoices: Vec<(Date, Amount)>,
    /// The methods were declined, and none was charged or changed since then.
    pub decline: Option<Decline>,
    /// The customer's last one.
    pub plan: Option<PaymentPlan>,
    /// What the customer owes, without what payments on their way come to.
    pub owed: Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextCharge {
    /// What is due then.
    Due { on: Date, amount: Amount },
    /// The same after the methods were declined.
    Retry { on: Date, amount: Amount, declined_on: Date },
    /// Of a payment plan.
    Installment { on: Date, amount: Amount, number: i64, of: i64 },
    /// Nothing before a method changes or another invoice is due.
    Stopped { declined_on: Date },
}

/// `None`: nothing is to be charged as things are.
pub fn next_charge(known: &Known) -> Option<NextCharge> {
    if let Some(plan) = known.plan.as_ref().filter(|plan| plan.is_enabled) {
        return installment(plan, known);
    }
    let first_due = known.invoices.first()?.0;
    let on_a_run_day = |day: Date| day.max(known.first_run_on);
    let Some(decline) = &known.decline else {
        let on = on_a_run_day(first_due);
        return Some(NextCharge::Due { on, amount: due(known, on) });
    };
    let again = decline.next_on.map(|next| on_a_run_day(next.max(first_due)));
    let another = known.invoices.iter().map(|(due_on, _)| *due_on).find(|due_on| *due_on > decline.last_on);
    let declined_on = decline.last_on;
    match (again, another.map(on_a_run_day)) {
        (None, None) => Some(NextCharge::Stopped { declined_on }),
        (Some(on), None) => Some(NextCharge::Retry { on, amount: due(known, on), declined_on }),
        (Some(on), Some(other)) if on <= other => Some(NextCharge::Retry { on, amount: due(known, on), declined_on }),
        (_, Some(on)) => Some(NextCharge::Due { on, amount: due(known, on) }),
    }
}

/// While a plan is running, invoices are not charged as such.
fn installment(plan: &PaymentPlan, known: &Known) -> Option<NextCharge> {
    let on = plan.next_payment_on()?.max(known.first_run_on);
    let amount = plan.charge(known.owed);
    let (number, of) = (plan.used_installments() + 1, plan.total_installments);
    amount.is_positive().then_some(NextCharge::Installment { on, amount, number, of })
}

fn due(known: &Known, on: Date) -> Amount {
    known.invoices.iter().filter(|(due_on, _)| *due_on <= on).map(|(_, amount)| *amount).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::TimeUnit;
    use crate::ids::{CustomerId, PaymentPlanId};
    use crate::payment_plans::Frequency;

    const TODAY: Date = Date::new(2011, 10, 3);

    fn day(n: i64) -> Date {
        TODAY.add_days(n)
    }

    fn known(invoices: &[(i64, i64)]) -> Known {
        let invoices = invoices.iter().map(|(due, amount)| (day(*due), Amount(*amount))).collect();
        Known { first_run_on: TODAY, invoices, decline: None, plan: None, owed: Amount(9_000) }
    }

    fn declined(last: i64, next: Option<i64>) -> Decline {
        Decline {
            customer: CustomerId(1),
            first_on: day(last),
            last_on: day(last),
            attempts: 1,
            next_on: next.map(day),
            reason: String::new(),
        }
    }

    #[test]
    fn what_is_due_is_charged_on_its_day_and_what_is_late_on_the_first_that_comes() {
        assert_eq!(next_charge(&known(&[])), None);
        let due = |on, amount| Some(NextCharge::Due { on: day(on), amount: Amount(amount) });
        assert_eq!(next_charge(&known(&[(5, 100), (5, 20), (6, 3)])), due(5, 120));
        assert_eq!(next_charge(&known(&[(-9, 100), (0, 20), (6, 3)])), due(0, 120));
        let worked = Known { first_run_on: day(1), ..known(&[(-9, 100), (0, 20), (1, 3), (2, 4)]) };
        assert_eq!(next_charge(&worked), due(1, 123));
    }

    #[test]
    fn after_a_decline_it_is_tried_on_the_next_day_for_it_or_when_another_invoice_is_due() {
        let after =
            |decline, invoices: &[(i64, i64)]| next_charge(&Known { decline: Some(decline), ..known(invoices) });
        let retry = |on, amount| Some(NextCharge::Retry { on: day(on), amount: Amount(amount), declined_on: day(-1) });
        assert_eq!(after(declined(-1, Some(2)), &[(-5, 100)]), retry(2, 100));
        assert_eq!(after(declined(-1, Some(2)), &[(-5, 100), (4, 20)]), retry(2, 100));
        let due = NextCharge::Due { on: day(1), amount: Amount(120) };
        assert_eq!(after(declined(-1, Some(2)), &[(-5, 100), (1, 20)]), Some(due));
        assert_eq!(after(declined(-1, None), &[(-5, 100), (1, 20)]), Some(due));
        assert_eq!(after(declined(-1, None), &[(-5, 100)]), Some(NextCharge::Stopped { declined_on: day(-1) }));
        assert_eq!(after(declined(-1, None), &[]), None);
    }

    #[test]
    fn a_payment_plan_goes_before_what_is_due() {
        let plan = PaymentPlan {
            id: PaymentPlanId(1),
            customer: CustomerId(1),
            sequence: 1,
            currency: "USD".parse().unwrap(),
            charge_only_if_balance_owed: true,
            charge_amount: Amount(5_000),
            start_on: day(-31),
            frequency: Frequency { value: 1, units: TimeUnit::Months },
            total_installments: 12,
            remaining_installments: 10,
            is_enabled: true,
            is_offered: false,
            created_at: "2011-09-01T00:00:00Z".parse().unwrap(),
            updated_at: "2011-09-01T00:00:00Z".parse().unwrap(),
        };
        let with = |plan: &PaymentPlan, owed| {
            next_charge(&Known { plan: Some(plan.clone()), owed: Amount(owed), ..known(&[(0, 100)]) })
        };
        let of = |amount| {
            let on = Date::new(2011, 11, 2);
            Some(NextCharge::Installment { on, amount: Amount(amount), number: 3, of: 12 })
        };
        assert_eq!(with(&plan, 9_000), of(5_000));
        assert_eq!(with(&plan, 100), of(100));
        assert_eq!(with(&plan, 0), None);
        let over = PaymentPlan { is_enabled: false, ..plan };
        assert_eq!(with(&over, 9_000), Some(NextCharge::Due { on: TODAY, amount: Amount(100) }));
    }
}
