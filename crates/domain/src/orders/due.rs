//! What of an order is due (`api.md` §4).
//!
//! A pre-paid charge is billed at the start of its period, a post-paid one after its end, usage with the post-paid
//! ones, a one-time charge with the first period. On the day a period ends, its post-paid charges and usage are billed
//! together with the pre-paid ones of the next.

use std::collections::{BTreeMap, HashSet};

use super::{Order, OrderLine, OrderStatus};
use crate::dates::{Date, Period, Schedule};
use crate::ids::{ActivityId, OrderLineId};
use crate::invoices::{ChargeKind, DraftCharge, DraftLine};
use crate::money::{Amount, OutOfRange};
use crate::plans::{Charge, ChargeType, Plan};
use crate::pricing::{Priced, Share, price};
use crate::usage::{Activity, BilledUsage, Usage, rate};

/// Periods billed in one go: 25 years of days.
pub const PERIODS_MAX: usize = 9_200;

/// Billing an order: what it owes, before tax, and the order afterwards.
#[derive(Clone, Debug)]
pub struct Billed {
    pub lines: Vec<DraftLine>,
    pub order: Order,
}

impl Order {
    /// Every period from the first unbilled one up to the one that contains `today`. An order that is over is billed
    /// for what it used until then, and for usage that comes late.
    pub fn due(&self, plan: &Plan, usage: Usage<'_>, today: Date) -> Result<Billed, OutOfRange> {
        match self.status {
            OrderStatus::Draft | OrderStatus::Provisioning | OrderStatus::Suspended => {
                return Ok(Billed { lines: Vec::new(), order: self.clone() });
            }
            OrderStatus::Active | OrderStatus::Complete | OrderStatus::Superseded | OrderStatus::Canceled => {}
        }
        let mut run = Run::new(self, plan, usage);
        run.bill(today)?;
        Ok(run.done())
    }

    /// The part of a period's price that is owed for `stretch`, some days of it; `None` for the price as it is.
    fn share(&self, plan: &Plan, charge: &Charge, stretch: Period, whole: Period) -> Option<Share> {
        match charge.charge_type {
            ChargeType::OneTime | ChargeType::Usage => None,
            ChargeType::Recurring if charge.is_prorated => Some(Share { billed: stretch, whole }),
            ChargeType::Recurring => {
                let (begun, own) = self.undivided(plan, whole);
                (begun != own).then_some(Share { billed: own, whole: begun })
            }
        }
    }

    /// What a charge that is not prorated is paid for in a period: all that the order runs of it, begun by the orders
    /// that it continues and ended by the one that continues it; and this order's own part of that.
    fn undivided(&self, plan: &Plan, whole: Period) -> (Period, Period) {
        let term = self.term(plan);
        let end = whole.end.min(term.end);
        let begun_end = if self.status == OrderStatus::Superseded { whole.end } else { end };
        let begun = Period { start: whole.start.max(self.since()), end: begun_end };
        (begun, Period { start: whole.start.max(self.start_on), end })
    }

    /// Its lines with their charges, without the taxes.
    pub(super) fn charges<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (&'a OrderLine, &'a Charge)> {
        let lines = self.lines.iter().filter_map(|line| Some((line, plan.charge(line.charge)?)));
        lines.filter(|(_, charge)| !charge.is_tax())
    }

    pub(super) fn paid_once(&self, charge: &Charge) -> bool {
        self.change.as_ref().is_some_and(|change| change.paid_once.contains(&charge.id))
    }
}

pub(super) fn draft_charge(
    (line, charge): (&OrderLine, &Charge),
    kind: ChargeKind,
    period: Period,
    priced: Priced,
) -> DraftCharge {
    DraftCharge {
        charge: charge.id,
        order_line: line.id,
        tier: priced.tier,
        text: charge.invoice_text.clone(),
        kind,
        accounting_code: charge.accounting_code.clone(),
        period,
        quantity: line.quantity,
        unit_of_measure: charge.unit_of_measure.clone(),
        unit_price: priced.unit_price,
        is_percent: priced.is_percent,
        amount: priced.amount,
        tax: Amount::ZERO,
        activities: Vec::new(),
        explanation: priced.explanation,
    }
}

/// One go of billing one order.
struct Run<'a> {
    order: &'a Order,
    plan: &'a Plan,
    schedule: Schedule,
    term: Period,
    /// The first day that it runs at all.
    first: Option<Date>,
    usage: Usage<'a>,
    processed: HashSet<ActivityId>,
    billed_until: Date,
    next: Option<Date>,
    lines: Vec<DraftLine>,
}

impl<'a> Run<'a> {
    fn new(order: &'a Order, plan: &'a Plan, usage: Usage<'a>) -> Run<'a> {
        let term = order.term(plan);
        Run {
            order,
            plan,
            schedule: order.schedule(plan),
            term,
            first: order.running(term).first().map(|days| days.start),
            usage,
            processed: HashSet::new(),
            billed_until: order.billed_until,
            next: order.next_billable_on.map(|_| order.billed_until.min(term.end)),
            lines: Vec::new(),
        }
    }

    fn bill(&mut self, today: Date) -> Result<(), OutOfRange> {
        let mut periods = 0;
        while let Some(date) = self.next.filter(|date| *date <= today && periods < PERIODS_MAX) {
            periods += 1;
            self.arrears(date)?;
            self.advance()?;
        }
        if self.next.is_none() {
            self.usage(None, None)?;
        }
        Ok(())
    }

    fn done(self) -> Billed {
        let mut order = self.order.clone();
        order.billed_until = self.billed_until;
        order.next_billable_on = self.next;
        if self.next.is_none() && order.status == OrderStatus::Active {
            order.status = OrderStatus::Complete;
        }
        Billed { lines: self.lines, order }
    }

    /// The period that was billed in advance last, if it is over on `date`.
    fn arrears(&mut self, date: Date) -> Result<(), OutOfRange> {
        if self.billed_until <= self.term.start {
            return Ok(());
        }
        let whole = self.schedule.containing(self.billed_until.previous());
        if whole.end > date && self.term.end > date {
            return Ok(());
        }
        let own = whole.intersect(self.term);
        let stretches = own.map(|own| self.order.running(own)).unwrap_or_default();
        for (n, stretch) in stretches.iter().enumerate() {
            self.stretch(*stretch, whole, n == 0, ChargeKind::Arrears)?;
        }
        let ran = own.filter(|_| !stretches.is_empty());
        self.usage(Some(whole.end), ran)
    }

    /// The next period, up to its end or the order's.
    fn advance(&mut self) -> Result<(), OutOfRange> {
        if self.billed_until >= self.term.end {
            self.next = None;
            return Ok(());
        }
        let whole = self.schedule.containing(self.billed_until);
        let rest = Period { start: self.billed_until, end: whole.end.min(self.term.end) };
        // An end that moved later leaves a rest of a period whose undivided charges are paid.
        let is_first = rest.start == whole.start.max(self.term.start);
        for (n, stretch) in self.order.running(rest).into_iter().enumerate() {
            self.stretch(stretch, whole, is_first && n == 0, ChargeKind::Advance)?;
        }
        self.billed_until = rest.end;
        self.next = Some(rest.end);
        Ok(())
    }

    /// The charges that are billed before (`Advance`) or after (`Arrears`) these days of a period.
    fn stretch(&mut self, days: Period, whole: Period, is_first: bool, kind: ChargeKind) -> Result<(), OutOfRange> {
        let order = self.order;
        let mut charges = Vec::new();
        for (line, charge) in order.charges(self.plan) {
            let is_due = match charge.charge_type {
                ChargeType::OneTime => Some(days.start) == self.first && is_first && !order.paid_once(charge),
                ChargeType::Recurring => charge.is_prorated || is_first,
                ChargeType::Usage => false,
            };
            if is_due && charge.is_in_advance() == (kind == ChargeKind::Advance) {
                let share = order.share(self.plan, charge, days, whole);
                let priced = price(charge, line.quantity, share, order.currency)?;
                charges.push(draft_charge((line, charge), kind, days, priced));
            }
        }
        self.push(days, charges);
        Ok(())
    }

    /// Adds to the line of the same days, so that a period's tax is one.
    fn push(&mut self, period: Period, charges: Vec<DraftCharge>) {
        if charges.is_empty() {
            return;
        }
        let is_past = charges.iter().all(|charge| charge.kind != ChargeKind::Advance);
        let same = self.lines.last_mut().filter(|last| {
            is_past && last.period == period && last.charges.iter().all(|charge| charge.kind == ChargeKind::Arrears)
        });
        match same {
            Some(line) => line.charges.extend(charges),
            None => self.lines.push(DraftLine {
                order: self.order.id,
                text: self.plan.invoice_text.clone(),
                period,
                charges,
            }),
        }
    }

    /// Usage up to `before`, each in the period it belongs to; `minimum` is the period whose least is owed even
    /// without any.
    fn usage(&mut self, before: Option<Date>, minimum: Option<Period>) -> Result<(), OutOfRange> {
        let mut found: BTreeMap<(Date, Date), BTreeMap<OrderLineId, Vec<&'a Activity>>> = BTreeMap::new();
        for activity in self.usage.activities {
            let is_over = before.is_none_or(|before| activity.charged_on < before);
            let is_own = self.order.lines.iter().any(|line| line.id == activity.order_line);
            if is_own && is_over && !self.processed.contains(&activity.id) {
                let period = self.period_of(activity.charged_on);
                let lines = found.entry((period.start, period.end)).or_default();
                lines.entry(activity.order_line).or_default().push(activity);
            }
        }
        if let Some(minimum) = minimum {
            found.entry((minimum.start, minimum.end)).or_default();
        }
        for ((start, end), lines) in found {
            let period = Period { start, end };
            self.usage_of(period, &lines, minimum == Some(period))?;
        }
        Ok(())
    }

    fn usage_of(
        &mut self,
        period: Period,
        activities: &BTreeMap<OrderLineId, Vec<&Activity>>,
        owes_minimum: bool,
    ) -> Result<(), OutOfRange> {
        let order = self.order;
        let mut charges = Vec::new();
        for (line, charge) in order.charges(self.plan).filter(|(_, it)| it.charge_type == ChargeType::Usage) {
            let of_line = activities.get(&line.id).map_or(&[][..], Vec::as_slice);
            let before = self.billed_before(line.id, period.start);
            let owes = owes_minimum && charge.min_quantity.is_some() && before.is_none();
            if of_line.is_empty() && !owes {
                continue;
            }
            let rated = rate(charge, of_line, before, order.currency)?;
            self.processed.extend(of_line.iter().map(|activity| activity.id));
            let mut drafted = draft_charge((line, charge), ChargeKind::Usage, period, rated.priced);
            drafted.quantity = rated.quantity;
            drafted.activities = rated.activities;
            charges.push(drafted);
        }
        self.push(period, charges);
        Ok(())
    }

    fn billed_before(&self, line: OrderLineId, period_start: Date) -> Option<&'a BilledUsage> {
        self.usage.billed.iter().find(|billed| billed.order_line == line && billed.period_start == period_start)
    }

    /// The order's part of the period of that day; what lies outside the order's days counts to its first or last.
    fn period_of(&self, date: Date) -> Period {
        let day = date.min(self.term.last_day()).max(self.term.start);
        let whole = self.schedule.containing(day);
        whole.intersect(self.term).unwrap_or(whole)
    }
}
