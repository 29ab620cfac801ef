//! Billing a customer: orders in, drafts of invoices out.
//!
//! Pure, so a preview of any day is the same call with nothing stored. What the use case does with the answer:
//! * each draft of [`Bill::drafts`] by its [`Outcome`](crate::invoices::Outcome): an invoice, or, where more is given
//!   back than owed, a payment of type Credit over that amount, applied to open invoices like any credit and posted as
//!   [`ledger::invoiced_with_tax`](crate::ledger::invoiced_with_tax) of the draft's negative net and tax;
//! * usage in drafts and in [`Bill::free`] becomes Processed with its unit price and amount;
//! * the orders are saved as they are afterwards; a status that differs is an event.
//!
//! All orders of a customer that are due share one invoice, apart from other currencies, orders without autopay, and
//! orders and charges that want their own. A tax goes where the charges go that it taxes.

use crate::dates::Date;
use crate::ids::{OrderId, OrderLineId};
use crate::invoices::{Draft, DraftCharge, DraftLine, Outcome};
use crate::money::{Currency, OutOfRange, within_bounds};
use crate::orders::Order;
use crate::plans::Plan;
use crate::taxes;
use crate::usage::Usage;

/// What is billed together: the orders of one customer.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub orders: &'a [(Order, Plan)],
    /// Negative lines of orders among these, from a change order.
    pub credits: &'a [DraftLine],
    pub usage: Usage<'a>,
    pub today: Date,
    /// The organization's currency, that prices without one are in.
    pub own_currency: Currency,
}

#[derive(Clone, Debug)]
pub struct Bill {
    /// What comes to more or less than nothing.
    pub drafts: Vec<Draft>,
    /// What comes to 0.00: no invoice, but the usage in it counts as processed.
    pub free: Vec<Draft>,
    /// As they were given, afterwards.
    pub orders: Vec<Order>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotBill {
    #[error("plan {contract_code} has no prices in {currency}")]
    NoPrices { contract_code: String, currency: Currency },
    #[error(transparent)]
    Amount(#[from] OutOfRange),
}

/// Everything the orders owe up to `today`. Orders that were to start by now are started.
pub fn bill(request: &Request<'_>) -> Result<Bill, CannotBill> {
    let mut groups: Vec<(Group, Draft)> = Vec::new();
    let mut orders = Vec::new();
    for (order, plan) in request.orders {
        let plan = plan.in_currency(order.currency, request.own_currency).ok_or_else(|| CannotBill::NoPrices {
            contract_code: plan.contract_code.clone(),
            currency: order.currency,
        })?;
        let order = order.clone().started(request.today);
        let billed = order.due(&plan, request.usage, request.today)?;
        let credits = request.credits.iter().filter(|credit| credit.order == order.id).cloned();
        let mut after = billed.order;
        for line in credits.chain(billed.lines) {
            for (group, mut part) in split(line, &order, &plan) {
                part.charges.extend(taxes::on(&part, &order, &plan)?);
                advance(&mut after, &part)?;
                add(&mut groups, group, part, (&order, &plan), request.today);
            }
        }
        orders.push(after);
    }
    let drafts: Vec<Draft> = groups.into_iter().map(|(_, draft)| draft).collect();
    if drafts.iter().any(|draft| !within_bounds(draft.currency.decimal(draft.total()))) {
        return Err(OutOfRange.into());
    }
    let (free, drafts) = drafts.into_iter().partition(|draft| draft.outcome() == Outcome::Nothing);
    Ok(Bill { drafts, free, orders })
}

/// What goes on one invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Together(Currency, AutoPay),
    Order(OrderId),
    Charge(OrderLineId),
}

/// Whether methods on file are charged for it: all of an invoice, or nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AutoPay(bool);

/// The line's charges by the invoice they go on.
fn split(line: DraftLine, order: &Order, plan: &Plan) -> Vec<(Group, DraftLine)> {
    let mut parts: Vec<(Group, DraftLine)> = Vec::new();
    for charge in line.charges {
        let group = group(&charge, order, plan);
        if let Some((_, part)) = parts.iter_mut().find(|(of, _)| *of == group) {
            part.charges.push(charge);
        } else {
            let text = line.text.clone();
            let part = DraftLine { order: line.order, text, period: line.period, charges: vec![charge] };
            parts.push((group, part));
        }
    }
    parts
}

fn group(charge: &DraftCharge, order: &Order, plan: &Plan) -> Group {
    if plan.charge(charge.charge).is_some_and(|it| it.is_separate_invoice) {
        Group::Charge(charge.order_line)
    } else if order.is_separate_invoice {
        Group::Order(order.id)
    } else {
        Group::Together(order.currency, AutoPay(order.is_auto_pay))
    }
}

fn add(groups: &mut Vec<(Group, Draft)>, group: Group, line: DraftLine, of: (&Order, &Plan), today: Date) {
    let (order, plan) = of;
    let due_on = plan.due.due(today);
    if let Some((_, draft)) = groups.iter_mut().find(|(of, _)| *of == group) {
        draft.due_on = draft.due_on.min(due_on);
        draft.lines.push(line);
    } else {
        let billing_period = plan.billing_period;
        let draft = Draft { currency: order.currency, billing_period, due_on, lines: vec![line] };
        groups.push((group, draft));
    }
}

/// Adds what is billed to the lifetime values.
fn advance(order: &mut Order, line: &DraftLine) -> Result<(), OutOfRange> {
    for charge in &line.charges {
        order.lifetime_value += charge.amount;
        if let Some(of) = order.lines.iter_mut().find(|of| of.id == charge.order_line) {
            of.lifetime_value += charge.amount;
        }
    }
    let is_kept = within_bounds(order.currency.decimal(order.lifetime_value));
    if is_kept { Ok(()) } else { Err(OutOfRange) }
}
