//! Change order: one order ends on a date and another continues it (`api.md` §4).
//!
//! From the effective date on, what was billed for the old order is given back by days, and the new one is billed by
//! days for the rest of the period: prorated or not, so that nothing is paid twice and the billing day stays. Used +
//! given back = billed, to the smallest coin. Changing to another plan and back at once comes to nothing.
//!
//! One-time charges of an order that ran stay paid, and are not paid again by a later order of the chain; of an order
//! that never ran they are given back. Usage stays billed as it was used.

use super::due::draft_charge;
use super::{By, CannotMove, Change, Order, OrderLine, OrderStatus};
use crate::dates::{Date, Period};
use crate::ids::ChargeId;
use crate::invoices::{ChargeKind, DraftCharge, DraftLine};
use crate::money::OutOfRange;
use crate::plans::{Charge, ChargeType, Plan};
use crate::pricing::{Share, price};

/// The old order of a change, and what the new one takes over. The old one still owes what it used after its last
/// bill: bill both together, with the credits.
#[derive(Clone, Debug)]
pub struct Superseded {
    pub order: Order,
    /// Negative lines, before tax.
    pub credits: Vec<DraftLine>,
    /// For the new order, whose `start_on` is the effective date.
    pub change: Change,
    pub anchor_on: Date,
}

/// Days of a period that were billed and are given back.
#[derive(Clone, Copy)]
struct Billed {
    days: Period,
    whole: Period,
    /// The end of what was billed in that period.
    until: Date,
    is_in_advance: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotChange {
    #[error(transparent)]
    Status(#[from] CannotMove),
    #[error("effectiveDate must not be before the order's startDate")]
    BeforeStart,
    #[error("effectiveDate must not be after the order's end")]
    AfterEnd,
    #[error("effectiveDate is in the future: the order is changed on that day")]
    NotYet,
    #[error(transparent)]
    Amount(#[from] OutOfRange),
}

impl Order {
    /// The order superseded from `effective` on. The plan has the prices of the order's currency.
    pub fn superseded(&self, plan: &Plan, effective: Date, today: Date) -> Result<Superseded, CannotChange> {
        self.status.may_become(OrderStatus::Superseded, By::System)?;
        let term = self.term(plan);
        match () {
            () if effective < self.start_on => return Err(CannotChange::BeforeStart),
            () if effective >= term.end => return Err(CannotChange::AfterEnd),
            () if effective > today => return Err(CannotChange::NotYet),
            () => {}
        }
        let change = Change { of: self.id, since: self.since(), paid_once: self.paid_once_until(plan, effective) };
        let credits = self.credits(plan, effective)?;
        let anchor_on = self.anchor_on.unwrap_or(self.start_on);
        let order = self.clone().moved(OrderStatus::Superseded, By::System, effective)?;
        Ok(Superseded { order, credits, change, anchor_on })
    }

    fn paid_once_until(&self, plan: &Plan, effective: Date) -> Vec<ChargeId> {
        let mut paid = self.change.as_ref().map(|change| change.paid_once.clone()).unwrap_or_default();
        if effective > self.start_on {
            let own = self.charges(plan).filter(|(_, charge)| charge.charge_type == ChargeType::OneTime);
            paid.extend(own.map(|(_, charge)| charge.id));
            paid.sort_unstable();
            paid.dedup();
        }
        paid
    }

    /// What was billed for the days from `effective` on, period by period; what was billed in advance apart from what
    /// was billed in arrears, as it was.
    fn credits(&self, plan: &Plan, effective: Date) -> Result<Vec<DraftLine>, OutOfRange> {
        let mut lines = Vec::new();
        if self.billed_until <= self.start_on {
            return Ok(lines);
        }
        let pending = self.schedule(plan).containing(self.billed_until.previous());
        for (until, is_in_advance) in [(self.billed_until, true), (pending.start, false)] {
            let mut from = effective;
            while from < until {
                let whole = self.schedule(plan).containing(from);
                let days = Period { start: from, end: whole.end.min(until) };
                for days in self.billed_stretches(days, whole, is_in_advance) {
                    let billed = Billed { days, whole, until: whole.end.min(until), is_in_advance };
                    lines.extend(self.credit_line(plan, billed)?);
                }
                from = days.end;
            }
        }
        Ok(lines)
    }

    /// The part of `days` that was billed. Who pays ahead does not know of pauses to come, only of one before.
    fn billed_stretches(&self, days: Period, whole: Period, is_in_advance: bool) -> Vec<Period> {
        if !is_in_advance {
            return self.running(days);
        }
        let begin = whole.start.max(self.start_on);
        let paused_at_begin = self.pauses.iter().filter(|pause| pause.from <= begin);
        let until = paused_at_begin.filter_map(|pause| pause.until).max().unwrap_or(begin);
        let billed = Period { start: days.start.max(until), ..days };
        if billed.is_empty() { Vec::new() } else { vec![billed] }
    }

    fn credit_line(&self, plan: &Plan, billed: Billed) -> Result<Option<DraftLine>, OutOfRange> {
        let Billed { days, whole, until, is_in_advance } = billed;
        let undivided = Period { start: whole.start.max(self.since()), end: until };
        let mut charges = Vec::new();
        for (line, charge) in self.charges(plan).filter(|(_, charge)| charge.is_in_advance() == is_in_advance) {
            let share = match charge.charge_type {
                ChargeType::Recurring if charge.is_prorated => Some(Share { billed: days, whole }),
                ChargeType::Recurring => Some(Share { billed: days, whole: undivided }),
                ChargeType::OneTime if days.start == self.start_on && !self.paid_once(charge) => None,
                ChargeType::OneTime | ChargeType::Usage => continue,
            };
            charges.push(self.credit((line, charge), days, share)?);
        }
        let line = DraftLine { order: self.id, text: plan.invoice_text.clone(), period: days, charges };
        Ok((!line.charges.is_empty()).then_some(line))
    }

    fn credit(
        &self,
        (line, charge): (&OrderLine, &Charge),
        days: Period,
        share: Option<Share>,
    ) -> Result<DraftCharge, OutOfRange> {
        let mut priced = price(charge, line.quantity, share, self.currency)?;
        priced.amount = -priced.amount;
        priced.explanation = format!("given back: {}", priced.explanation);
        Ok(draft_charge((line, charge), ChargeKind::Credit, days, priced))
    }
}
