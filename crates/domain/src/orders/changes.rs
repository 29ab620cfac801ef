//! Change order: one order ends on a date and another continues it (`api.md` §4).
//!
//! From the effective date on, what was billed for the old order is given back by days, and the new one is billed by
//! days for the rest of the period: prorated or not, so that nothing is paid twice and the billing day stays. Used +
//! given back = billed, to the smallest coin. Changing to another plan and back at once comes to nothing.
//!
//! One-time charges of an order that ran stay paid, and are not paid again by a later order of the chain; of an order
//! that never ran they are given back. Usage stays billed as it was used.

use std::collections::BTreeMap;

use super::due::draft_charge;
use super::{By, CannotMove, Change, Order, OrderLine, OrderStatus};
use crate::dates::{Date, Period};
use crate::ids::{ChargeId, OrderLineId};
use crate::invoices::{ChargeKind, DraftCharge, DraftLine};
use crate::money::{Amount, OutOfRange};
use crate::plans::{Charge, ChargeType, Plan};
use crate::pricing::{Share, price};

/// A charge on an invoice that stands; what of an invoice was cancelled can't be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BilledCharge {
    pub order_line: OrderLineId,
    pub kind: ChargeKind,
    pub period: Period,
    pub amount: Amount,
}

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
    /// The order superseded from `effective` on. The plan has the prices of the order's currency; `billed` has at
    /// least the order's charges for days from `effective` on.
    pub fn superseded(
        &self,
        plan: &Plan,
        billed: &[BilledCharge],
        effective: Date,
        today: Date,
    ) -> Result<Superseded, CannotChange> {
        self.status.may_become(OrderStatus::Superseded, By::System)?;
        let term = self.term(plan);
        match () {
            () if effective < self.start_on => return Err(CannotChange::BeforeStart),
            () if effective >= term.end => return Err(CannotChange::AfterEnd),
            () if effective > today => return Err(CannotChange::NotYet),
            () => {}
        }
        let change = Change { of: self.id, since: self.since(), paid_once: self.paid_once_until(plan, effective) };
        let credits = self.credits(plan, billed, effective)?;
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

    /// What was billed for the days from `effective` on. Charges that were billed together are given back together, so
    /// that their tax is.
    fn credits(&self, plan: &Plan, billed: &[BilledCharge], effective: Date) -> Result<Vec<DraftLine>, OutOfRange> {
        let mut lines: BTreeMap<(Date, Date, ChargeKind), Vec<DraftCharge>> = BTreeMap::new();
        for (line, charge) in self.charges(plan) {
            for of in billed.iter().filter(|of| of.order_line == line.id && of.period.end > effective) {
                let given_back = match (of.kind, charge.charge_type) {
                    (ChargeKind::Usage | ChargeKind::Credit | ChargeKind::Tax, _) | (_, ChargeType::Usage) => None,
                    (_, ChargeType::OneTime) if effective > self.start_on => None,
                    _ => Some(self.credit(plan, (line, charge), *of, effective)?),
                };
                if let Some(credit) = given_back {
                    lines.entry((credit.period.start, credit.period.end, of.kind)).or_default().push(credit);
                }
            }
        }
        let line = |((start, end, _), charges)| DraftLine {
            order: self.id,
            text: plan.invoice_text.clone(),
            period: Period { start, end },
            charges,
        };
        Ok(lines.into_iter().map(line).collect())
    }

    fn credit(
        &self,
        plan: &Plan,
        (line, charge): (&OrderLine, &Charge),
        billed: BilledCharge,
        effective: Date,
    ) -> Result<DraftCharge, OutOfRange> {
        let days = Period { start: billed.period.start.max(effective), ..billed.period };
        let (was, is) = self.shares(plan, charge, billed.period, days);
        let mut priced = price(charge, line.quantity, is, self.currency)?;
        // The price has changed since: by the days of what was billed then.
        if price(charge, line.quantity, was, self.currency)?.amount != billed.amount {
            let paid = self.currency.decimal(billed.amount);
            priced.amount = Share { billed: days, whole: billed.period }.of(paid, self.currency)?;
            let (shown, rest) = (self.currency.format(billed.amount), self.currency.format(priced.amount));
            priced.explanation = format!("{shown} × {}/{} days = {rest}", days.days(), billed.period.days());
        }
        priced.amount = -priced.amount;
        priced.explanation = format!("given back: {}", priced.explanation);
        Ok(draft_charge((line, charge), ChargeKind::Credit, days, priced))
    }

    /// The part of a period's price that was billed, and the part of it that is for `days`, its last.
    fn shares(&self, plan: &Plan, charge: &Charge, billed: Period, days: Period) -> (Option<Share>, Option<Share>) {
        let whole = self.schedule(plan).containing(billed.start);
        let whole = Period { end: whole.end.max(billed.end), ..whole };
        if charge.charge_type != ChargeType::Recurring {
            return (None, None);
        }
        if charge.is_prorated {
            return (Some(Share { billed, whole }), Some(Share { billed: days, whole }));
        }
        let begun = Period { start: whole.start.max(self.since()), end: billed.end };
        let own = Period { start: whole.start.max(self.start_on), ..begun };
        (Some(Share { billed: own, whole: begun }), Some(Share { billed: days, whole: begun }))
    }
}
