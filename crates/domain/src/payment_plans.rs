//! Payment plans: a debt paid off in instalments (`api.md` §2.8).
//!
//! The date of an instalment is counted from the start, never from the one before: the 31st survives
//! February. What is used and what remains always add up to the total.

use crate::checks::Problems;
use crate::dates::{Date, TimeUnit, Timestamp};
use crate::ids::{CustomerId, PaymentPlanId};
use crate::money::{Amount, Currency};

pub const INSTALLMENTS_MAX: i64 = 9_999;
pub const FREQUENCY_MAX: i64 = 9_999;
/// The last day that dates may have here.
const LAST_DAY: Date = Date::new(2999, 12, 31);

/// A customer has at most one that is enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPlan {
    pub id: PaymentPlanId,
    pub customer: CustomerId,
    /// Counted per customer; the last is the current one.
    pub sequence: i64,
    pub currency: Currency,
    /// True: the lesser of the instalment and what is owed; false: the instalment, whatever is owed.
    pub charge_only_if_balance_owed: bool,
    pub charge_amount: Amount,
    /// Of the first instalment.
    pub start_on: Date,
    pub frequency: Frequency,
    pub total_installments: i64,
    pub remaining_installments: i64,
    pub is_enabled: bool,
    /// The customer is asked to accept it; until then it is not enabled and nothing is charged.
    pub is_offered: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a plan is to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanStatus {
    /// Waits for the customer's yes.
    Offered,
    Active,
    /// Paid off, or switched off.
    Ended,
}

crate::names!(PlanStatus { Offered => "Offered", Active => "Active", Ended => "Ended" });

impl PlanStatus {
    pub fn of(is_enabled: bool, is_offered: bool) -> PlanStatus {
        match (is_enabled, is_offered) {
            (true, _) => PlanStatus::Active,
            (false, true) => PlanStatus::Offered,
            (false, false) => PlanStatus::Ended,
        }
    }
}

/// Why an offer can't be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotAccept {
    /// It is no offer any more.
    NotOffered,
    /// Its first date has passed.
    Expired,
}

/// How often an instalment is due: every 2 Weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency {
    pub value: i64,
    pub units: TimeUnit,
}

impl Frequency {
    /// The `n`th date counted from `anchor`, which is number 0.
    pub fn date(self, anchor: Date, n: i64) -> Date {
        self.units.after(anchor, n.saturating_mul(self.value))
    }
}

impl PaymentPlan {
    pub fn used_installments(&self) -> i64 {
        self.total_installments - self.remaining_installments
    }

    pub fn status(&self) -> PlanStatus {
        PlanStatus::of(self.is_enabled, self.is_offered)
    }

    /// The plan once its customer has said yes, at `now`. It can be accepted up to the day of the first instalment:
    /// later, several would be due at once.
    pub fn accepted(self, today: Date, now: Timestamp) -> Result<PaymentPlan, CannotAccept> {
        if self.status() != PlanStatus::Offered {
            return Err(CannotAccept::NotOffered);
        }
        if self.next_payment_on().is_none_or(|first| first < today) {
            return Err(CannotAccept::Expired);
        }
        Ok(PaymentPlan { is_enabled: true, is_offered: false, updated_at: now, ..self })
    }

    /// When instalment `number` is due, from 1.
    pub fn installment_on(&self, number: i64) -> Date {
        self.frequency.date(self.start_on, number - 1)
    }

    /// When the next instalment is due; `None` when none remains.
    pub fn next_payment_on(&self) -> Option<Date> {
        (self.remaining_installments > 0).then(|| self.frequency.date(self.start_on, self.used_installments()))
    }

    /// What the next instalment takes of a customer who owes `balance`; zero: it is used without a charge.
    pub fn charge(&self, balance: Amount) -> Amount {
        if self.charge_only_if_balance_owed {
            self.charge_amount.min(balance).max(Amount::ZERO)
        } else {
            self.charge_amount
        }
    }

    /// The plan after one more instalment, at `now`. After the last one it is over.
    pub fn used_one(mut self, now: Timestamp) -> PaymentPlan {
        assert!(self.remaining_installments > 0, "an installment that remains is used");
        self.remaining_installments -= 1;
        self.is_enabled &= self.remaining_installments > 0;
        self.updated_at = now;
        self
    }

    /// As changed by a client; what was used stays used.
    pub fn changed(self, change: &PaymentPlanChange, now: Timestamp) -> Result<PaymentPlan, Problems> {
        let used = self.used_installments();
        let total = change.total_installments.unwrap_or(self.total_installments);
        let plan = PaymentPlan {
            charge_only_if_balance_owed: change.charge_only_if_balance_owed.unwrap_or(self.charge_only_if_balance_owed),
            charge_amount: change.charge_amount.unwrap_or(self.charge_amount),
            start_on: change.start_on.unwrap_or(self.start_on),
            frequency: Frequency {
                value: change.frequency_value.unwrap_or(self.frequency.value),
                units: change.frequency_units.unwrap_or(self.frequency.units),
            },
            total_installments: total,
            remaining_installments: total - used,
            // Enabled or switched off by the merchant, it is no offer any more.
            is_enabled: change.is_enabled.unwrap_or(self.is_enabled && !change.is_offered),
            is_offered: change.is_offered || (self.is_offered && change.is_enabled.is_none()),
            ..self.clone()
        };
        plan.check()?;
        Ok(if plan == self { self } else { PaymentPlan { updated_at: now, ..plan } })
    }

    /// What the fields together may not be.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let least = self.used_installments() + i64::from(self.is_enabled || self.is_offered);
        if self.total_installments < least {
            let message =
                format!("totalNumberOfInstallments must be at least {least}: {} are used", self.used_installments());
            let more = if self.is_enabled { ", and an enabled plan has one to come." } else { "." };
            problems.add("totalNumberOfInstallments", format!("{message}{more}"));
        }
        if self.frequency.date(self.start_on, self.total_installments - 1) > LAST_DAY {
            problems.add("totalNumberOfInstallments", "The last installment must be before the year 3000.");
        }
        problems.result(())
    }
}

/// What a client says of a plan; `None` leaves what is there. For a new one all but the switches are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentPlanChange {
    pub charge_only_if_balance_owed: Option<bool>,
    pub charge_amount: Option<Amount>,
    pub start_on: Option<Date>,
    pub total_installments: Option<i64>,
    pub frequency_value: Option<i64>,
    pub frequency_units: Option<TimeUnit>,
    pub is_enabled: Option<bool>,
    /// The customer is to be asked.
    pub is_offered: bool,
}
