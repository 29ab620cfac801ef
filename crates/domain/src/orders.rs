//! Orders: one customer, one plan; and what of them is due (`api.md` §4).

use crate::dates::{Date, Period, Schedule, Timestamp};
use crate::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, PlanId};
use crate::invoices::{Draft, DraftCharge, DraftLine};
use crate::money::{Amount, Currency, OutOfRange, Quantity};
use crate::plans::{Charge, ChargeType, Plan};
use crate::pricing::{Share, price};

pub const ORDER_NUMBER_MAX: usize = 50;
pub const NOTES_MAX: usize = 255;
/// Periods billed in one go: 25 years of days.
pub const PERIODS_MAX: usize = 9_200;

#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub customer: CustomerId,
    pub plan: PlanId,
    pub number: String,
    pub status: OrderStatus,
    pub start_on: Date,
    /// Last day, included.
    pub end_on: Option<Date>,
    /// Start of the first period that is not billed yet; `None` when nothing is left to bill.
    pub next_billable_on: Option<Date>,
    pub currency: Currency,
    pub is_auto_pay: bool,
    pub job_code: Option<String>,
    pub notes: Option<String>,
    pub invoice_notes: Option<String>,
    pub lifetime_value: Amount,
    pub lines: Vec<OrderLine>,
    pub invoices: Vec<InvoiceId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct OrderLine {
    pub id: OrderLineId,
    pub position: i64,
    pub charge: ChargeId,
    pub price_code: String,
    pub quantity: Quantity,
    pub lifetime_value: Amount,
}

/// An order as it comes in.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub contract_code: String,
    pub start_on: Option<Date>,
    pub end_on: Option<Date>,
    pub number: Option<String>,
    pub is_auto_pay: Option<bool>,
    pub job_code: Option<String>,
    pub notes: Option<String>,
    pub invoice_notes: Option<String>,
    pub lines: Vec<NewOrderLine>,
}

#[derive(Clone, Debug)]
pub struct NewOrderLine {
    pub price_code: String,
    pub quantity: Quantity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    Draft,
    Provisioning,
    Active,
    Suspended,
    Complete,
    Superseded,
    Canceled,
}

crate::names!(OrderStatus {
    Draft => "Draft",
    Provisioning => "Provisioning",
    Active => "Active",
    Suspended => "Suspended",
    Complete => "Complete",
    Superseded => "Superseded",
    Canceled => "Canceled",
});

/// Billing an order: the draft of what it owes, and the order afterwards.
#[derive(Clone, Debug)]
pub struct Billed {
    pub lines: Vec<DraftLine>,
    pub next_billable_on: Option<Date>,
    pub status: OrderStatus,
}

impl Order {
    fn schedule(&self, plan: &Plan) -> Schedule {
        Schedule::new(plan.billing_period, plan.billing_alignment, self.start_on)
    }

    /// The days the order runs; open ended unless it has an end.
    fn term(&self) -> Period {
        let end = self.end_on.map_or(Date::new(9000, 1, 1), |last| last.add_days(1));
        Period { start: self.start_on, end }
    }

    /// Every period from the first unbilled one up to the one that contains `today`.
    ///
    /// A pre-paid charge is billed at the start of its period, a post-paid one after its end, a
    /// one-time charge with the first period. Usage is rated by the activity of a period.
    pub fn due(&self, plan: &Plan, today: Date) -> Result<Billed, OutOfRange> {
        let schedule = self.schedule(plan);
        let term = self.term();
        let mut lines = Vec::new();
        let mut next = self.next_billable_on;
        let mut billed = 0;
        while let Some(date) = next.filter(|date| *date <= today && billed < PERIODS_MAX) {
            billed += 1;
            let before = (date > term.start).then(|| schedule.containing(date.previous()));
            let current = (date < term.end).then(|| schedule.containing(date));
            for (whole, is_prepaid) in [(before, false), (current, true)] {
                let Some(whole) = whole else { continue };
                lines.extend(self.line(plan, whole, is_prepaid)?);
            }
            next = current.map(|whole| whole.end.min(term.end));
        }
        let over = next.is_none();
        let status = if over { OrderStatus::Complete } else { self.status };
        Ok(Billed { lines, next_billable_on: next, status })
    }

    /// The charges of one period that are billed before it (`is_prepaid`) or after it.
    fn line(&self, plan: &Plan, whole: Period, is_prepaid: bool) -> Result<Option<DraftLine>, OutOfRange> {
        let Some(billed) = whole.intersect(self.term()) else { return Ok(None) };
        let is_first = billed.start == self.start_on;
        let mut charges = Vec::new();
        for (line, charge) in self.lines.iter().filter_map(|line| Some((line, plan.charge(line.charge)?))) {
            let is_due = match charge.charge_type {
                ChargeType::OneTime => is_first && charge.is_prepaid == is_prepaid,
                ChargeType::Recurring => charge.is_prepaid == is_prepaid,
                ChargeType::Usage => false,
            };
            if is_due {
                charges.push(self.charge(line, charge, Share { billed, whole })?);
            }
        }
        let line = DraftLine { order: self.id, text: plan.invoice_text.clone(), period: billed, charges };
        Ok((!line.charges.is_empty()).then_some(line))
    }

    fn charge(&self, line: &OrderLine, charge: &Charge, share: Share) -> Result<DraftCharge, OutOfRange> {
        let prorated = charge.is_prorated && charge.charge_type == ChargeType::Recurring;
        let priced = price(charge, line.quantity, prorated.then_some(share), self.currency)?;
        Ok(DraftCharge {
            charge: charge.id,
            order_line: line.id,
            tier: priced.tier,
            text: charge.invoice_text.clone(),
            accounting_code: charge.accounting_code.clone(),
            period: share.billed,
            quantity: line.quantity,
            unit_of_measure: charge.unit_of_measure.clone(),
            unit_price: priced.unit_price,
            amount: priced.amount,
            explanation: priced.explanation,
        })
    }
}

/// The invoice for what several orders of one customer owe; `None` when that is nothing.
pub fn draft(lines: Vec<DraftLine>) -> Option<Draft> {
    let total: Amount = lines.iter().map(DraftLine::total).sum();
    (!total.is_zero()).then_some(Draft { lines })
}
