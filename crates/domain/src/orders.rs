//! Orders: one customer, one plan (`api.md` §4).

mod changes;
mod due;
mod filter;
mod placing;
mod status;
mod updates;

use crate::dates::{BillingAlignment, Date, Period, Schedule, Timestamp};
use crate::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, PlanId, PlanVersionId};
use crate::money::{Amount, Currency, Quantity};
use crate::plans::{OrderType, Plan};

pub use changes::{BilledCharge, CannotChange, Superseded};
pub use due::Billed;
pub use filter::OrderFilter;
pub use placing::{OfPlan, check};
pub use status::{By, CannotEnd, CannotMove, OrderStatus};
pub use updates::{AddedLine, Existing, LineUpdate, OrderUpdate, Updated};

pub const ORDER_NUMBER_MAX: usize = 50;
pub const NOTES_MAX: usize = 255;
/// Orders that one call may bring.
pub const ORDERS_MAX: usize = 1_000;
/// Periods billed in one go: 25 years of days.
pub const PERIODS_MAX: usize = 9_200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub customer: CustomerId,
    pub plan: PlanId,
    /// The plan as it was when the order was placed; `None` while it has not changed since.
    pub plan_version: Option<PlanVersionId>,
    pub number: String,
    pub status: OrderStatus,
    pub start_on: Date,
    /// Last day, included.
    pub end_on: Option<Date>,
    /// When there is something to bill again; `None` when nothing is left to bill.
    pub next_billable_on: Option<Date>,
    /// The first day whose pre-paid charges are not billed yet.
    pub billed_until: Date,
    /// The day that anniversaries count from, where that is not the start: of an order that continues another.
    pub anchor_on: Option<Date>,
    /// The order that it continues.
    pub change: Option<Change>,
    /// When it was suspended; the last may be open.
    pub pauses: Vec<Pause>,
    pub currency: Currency,
    pub is_auto_pay: bool,
    /// Its own invoice, apart from the customer's other orders.
    pub is_separate_invoice: bool,
    pub job_code: Option<String>,
    pub notes: Option<String>,
    pub invoice_notes: Option<String>,
    pub lifetime_value: Amount,
    pub lines: Vec<OrderLine>,
    pub invoices: Vec<InvoiceId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Days without service and without charge: from the day after the suspension until the day of the reactivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Date,
    /// Not included; `None` while it lasts.
    pub until: Option<Date>,
}

/// How an order came from another by a change order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub of: OrderId,
    /// When the first of the chain began. In the period of a change, what is not prorated by itself is divided by the
    /// days of the period from then on.
    pub since: Date,
    /// One-time charges that were paid before in this chain of orders, and are not paid again.
    pub paid_once: Vec<ChargeId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    pub id: OrderLineId,
    pub position: i64,
    pub charge: ChargeId,
    pub price_code: String,
    pub quantity: Quantity,
    pub lifetime_value: Amount,
}

/// An order as it comes in.
#[derive(Clone, Debug, Default)]
pub struct NewOrder {
    pub contract_code: String,
    /// It waits to be edited further, whenever it starts. Any other order's status follows from its start.
    pub is_draft: bool,
    pub start_on: Option<Date>,
    pub end_on: Option<Date>,
    pub number: Option<String>,
    pub is_auto_pay: Option<bool>,
    pub is_separate_invoice: Option<bool>,
    pub job_code: Option<String>,
    pub notes: Option<String>,
    pub invoice_notes: Option<String>,
    /// The customer's; anything else is refused.
    pub currency: Option<Currency>,
    pub of_plan: OfPlan,
    pub lines: Vec<NewOrderLine>,
}

impl NewOrder {
    /// Its first status, when it starts on `start`.
    pub fn opening(&self, start: Date, today: Date) -> OrderStatus {
        if self.is_draft { OrderStatus::Draft } else { OrderStatus::opening(start, today) }
    }
}

#[derive(Clone, Debug)]
pub struct NewOrderLine {
    pub price_code: String,
    pub quantity: Quantity,
}

/// An order as lists of its customer show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    pub number: String,
    /// What the plan was called when it was sold.
    pub plan: String,
    pub status: OrderStatus,
    pub start_on: Date,
    pub next_billable_on: Option<Date>,
}

impl Order {
    /// Whether anything was billed for it, be it for nothing.
    pub fn is_billed(&self) -> bool {
        !self.invoices.is_empty() || self.billed_until > self.start_on
    }

    pub(crate) fn schedule(&self, plan: &Plan) -> Schedule {
        let anchor = self.anchor_on.unwrap_or(self.start_on);
        match plan.billing_alignment {
            BillingAlignment::StartDate => Schedule::counted_from(plan.billing_period, anchor),
            alignment @ BillingAlignment::NextBillingPeriod => {
                Schedule::new(plan.billing_period, alignment, self.start_on)
            }
        }
    }

    /// The days the order runs: to its end, to its last installment, or to the end of a term that is not renewed,
    /// whichever comes first; open ended where there is none.
    pub fn term(&self, plan: &Plan) -> Period {
        let own = self.end_on.map(|last| last.add_days(1));
        let installments = match plan.order_type {
            OrderType::Installment => plan.number_of_installments,
            OrderType::Subscription => None,
        };
        let paid_off = installments.map(|count| self.schedule(plan).end_of(self.start_on, count));
        let unrenewed = plan.initial_term.filter(|_| !plan.is_auto_renew).map(|term| term.after(self.start_on, 1));
        let end = [own, paid_off, unrenewed].into_iter().flatten().min();
        Period { start: self.start_on, end: end.unwrap_or(FAR).max(self.start_on) }
    }

    /// When it began, or the first of the chain of orders that it continues.
    pub(crate) fn since(&self) -> Date {
        self.change.as_ref().map_or(self.start_on, |change| change.since)
    }

    /// Whether it is in service on that day, as far as is known. What was stopped before it began has no days.
    pub fn ran_on(&self, plan: &Plan, day: Date) -> bool {
        let term = self.term(plan);
        let is_stopped = matches!(self.status, OrderStatus::Canceled | OrderStatus::Superseded);
        let never_ran = is_stopped && self.next_billable_on.is_none() && self.billed_until < term.end;
        !never_ran && self.running(term).iter().any(|days| days.contains(day))
    }

    /// `days` without the pauses.
    pub(crate) fn running(&self, days: Period) -> Vec<Period> {
        let mut left = vec![days];
        for pause in &self.pauses {
            let until = pause.until.unwrap_or(FAR);
            let cut = |of: Period| {
                let before = Period { end: of.end.min(pause.from), ..of };
                let after = Period { start: of.start.max(until), ..of };
                if until <= pause.from { vec![of] } else { vec![before, after] }
            };
            left = left.into_iter().flat_map(cut).filter(|days| !days.is_empty()).collect();
        }
        left
    }
}

/// Beyond every date that is billed.
const FAR: Date = Date::new(9000, 1, 1);
