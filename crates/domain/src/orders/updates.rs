//! What an update changes of an order (`api.md` §1.9, §4): left alone, emptied, or set.
//!
//! What was billed stays as it was billed: start and priced lines are fixed from then on, and change by a change order,
//! which gives back what is not used. A usage line multiplies nothing, so it may come, go and change.

use super::placing::{check_lines, check_start};
use super::{By, CannotEnd, NewOrderLine, OfPlan, Order, OrderLine, OrderStatus};
use crate::changes::Change;
use crate::checks::Problems;
use crate::dates::Date;
use crate::ids::{ChargeId, CustomerId, OrderId, OrderLineId};
use crate::money::{Currency, Quantity};
use crate::plans::{Charge, ChargeType, Plan};

/// What a request says of an order that exists.
#[derive(Clone, Debug, Default)]
pub struct OrderUpdate {
    pub status: Option<OrderStatus>,
    pub start_on: Option<Date>,
    pub end_on: Change<Date>,
    /// Whether it is unique is asked elsewhere.
    pub number: Option<String>,
    /// Cleared: on, as on a new order.
    pub is_auto_pay: Change<bool>,
    pub is_separate_invoice: Change<bool>,
    pub job_code: Change<String>,
    pub notes: Change<String>,
    pub invoice_notes: Change<String>,
    /// The whole collection; `None` leaves what is there.
    pub lines: Option<Vec<LineUpdate>>,
    // The rest may be sent back, not changed.
    pub id: Option<OrderId>,
    pub customer: Option<CustomerId>,
    pub ext_customer_ref: Option<String>,
    pub contract_code: Option<String>,
    pub currency: Option<Currency>,
    pub of_plan: OfPlan,
}

/// A member of the collection: the line with this id or price code, or a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineUpdate {
    pub id: Option<OrderLineId>,
    pub price_code: Option<String>,
    /// `None` leaves that of a line that is there.
    pub quantity: Option<Quantity>,
}

/// The order that is updated, with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'a> {
    pub order: &'a Order,
    pub plan: &'a Plan,
    /// Its customer's.
    pub ext_customer_ref: Option<&'a str>,
}

/// An order as an update leaves it.
#[derive(Clone, Debug)]
pub struct Updated {
    /// Its lines are those that are kept, with their ids.
    pub order: Order,
    /// They have no ids yet, so they are not part of the order.
    pub added: Vec<AddedLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedLine {
    pub position: i64,
    pub charge: ChargeId,
    pub price_code: String,
    pub quantity: Quantity,
}

impl OrderUpdate {
    /// The order with this update, or everything that is wrong with it.
    pub fn applied_to(&self, existing: Existing<'_>, today: Date) -> Result<Updated, Problems> {
        let Existing { order: current, plan, .. } = existing;
        let mut problems = self.contradictions(existing);
        let mut order = self.started(current.clone(), plan, today, &mut problems);
        order = self.ended(order, plan, &mut problems);
        let (lines, added) = self.lines(current, plan, &mut problems);
        order.lines = lines;
        order = self.moved(order, today, &mut problems);
        let order = Order {
            number: self.number.clone().unwrap_or(order.number),
            is_auto_pay: self.is_auto_pay.or_default(&order.is_auto_pay, &true),
            is_separate_invoice: self.is_separate_invoice.or_default(&order.is_separate_invoice, &false),
            job_code: self.job_code.optional(order.job_code.as_ref()),
            notes: self.notes.optional(order.notes.as_ref()),
            invoice_notes: self.invoice_notes.optional(order.invoice_notes.as_ref()),
            ..order
        };
        problems.result(Updated { order, added })
    }

    /// What it says of things that never change.
    fn contradictions(&self, Existing { order, plan, ext_customer_ref }: Existing<'_>) -> Problems {
        let mut problems = self.of_plan.check(plan);
        let is_other_customer = self.customer.is_some_and(|id| id != order.customer)
            || self.ext_customer_ref.as_deref().is_some_and(|given| ext_customer_ref != Some(given));
        for (field, differs) in [
            ("id", self.id.is_some_and(|id| id != order.id)),
            ("customer", is_other_customer),
            ("contractCode", self.contract_code.as_ref().is_some_and(|code| *code != plan.contract_code)),
            ("currency", self.currency.is_some_and(|currency| currency != order.currency)),
        ] {
            if differs {
                problems.add(field, format!("{field} of an order can't change."));
            }
        }
        problems
    }

    fn started(&self, order: Order, plan: &Plan, today: Date, problems: &mut Problems) -> Order {
        let Some(start) = self.start_on.filter(|start| *start != order.start_on) else { return order };
        let reason = if order.is_billed() {
            "the order was billed"
        } else if order.status.is_over() {
            "the order is over"
        } else if order.change.is_some() {
            "it is the day of a change order"
        } else {
            problems.extend(check_start(plan, start));
            return order.starting(plan, start, today);
        };
        problems.add("startDate", format!("startDate can't change: {reason}."));
        order
    }

    fn ended(&self, order: Order, plan: &Plan, problems: &mut Problems) -> Order {
        let last = self.end_on.optional(order.end_on.as_ref());
        let changed = if last == order.end_on { Ok(order.clone()) } else { order.clone().ending(plan, last) };
        let changed = changed.and_then(|changed| match changed.end_on {
            Some(end) if end < changed.start_on && !changed.status.is_over() => Err(CannotEnd::BeforeStart),
            Some(_) | None => Ok(changed),
        });
        changed.unwrap_or_else(|reason| {
            problems.add(
                "endDate",
                match reason {
                    CannotEnd::Over(status) => format!("endDate can't change: the order is {status}."),
                    CannotEnd::BeforeStart => "endDate must not be before startDate.".to_owned(),
                },
            );
            order
        })
    }

    fn moved(&self, order: Order, today: Date, problems: &mut Problems) -> Order {
        let Some(status) = self.status.filter(|status| *status != order.status) else { return order };
        order.clone().moved(status, By::Update, today).unwrap_or_else(|reason| {
            problems.add("orderStatus", format!("orderStatus can't be {status}: {reason}."));
            order
        })
    }

    fn lines(&self, current: &Order, plan: &Plan, problems: &mut Problems) -> (Vec<OrderLine>, Vec<AddedLine>) {
        let as_it_is = || (current.lines.clone(), Vec::new());
        let Some(updates) = &self.lines else { return as_it_is() };
        let mut found = Problems::new();
        let mut asked: Vec<NewOrderLine> = Vec::new();
        for (n, update) in (1..).zip(updates) {
            let Some(line) = update.resolved(n, current, &mut found) else { continue };
            if asked.iter().any(|earlier| earlier.price_code == line.price_code) {
                let field = format!("orderLineItems/orderLineItem[{n}]");
                found.add(&field, format!("{field} is the same line as an earlier one; each may appear only once."));
            }
            asked.push(line);
        }
        if !found.is_empty() {
            problems.extend(found);
            return as_it_is();
        }
        let (mut kept, mut added) = (Vec::new(), Vec::new());
        for (position, (charge, quantity)) in (1..).zip(check_lines(plan, &asked, &mut found)) {
            let is_asked = asked.iter().any(|line| line.price_code == charge.price_code);
            match current.lines.iter().find(|line| line.charge == charge.id) {
                // A mandatory charge that is left out stays as it is.
                Some(line) if !is_asked => kept.push(OrderLine { position, ..line.clone() }),
                Some(line) => kept.push(OrderLine { position, quantity, ..line.clone() }),
                None => added.push(AddedLine {
                    position,
                    charge: charge.id,
                    price_code: charge.price_code.clone(),
                    quantity,
                }),
            }
        }
        found.extend(fixed(current, plan, &kept, &added));
        problems.extend(found);
        (kept, added)
    }
}

/// What the new lines would change of what is not to be changed any more.
fn fixed(current: &Order, plan: &Plan, kept: &[OrderLine], added: &[AddedLine]) -> Problems {
    let is_priced = |charge: ChargeId| {
        !plan.charge(charge).map(|it: &Charge| it.charge_type).is_some_and(|it| it == ChargeType::Usage)
    };
    let is_changed = |line: &&OrderLine| {
        kept.iter().find(|other| other.id == line.id).is_none_or(|other| other.quantity != line.quantity)
    };
    let changed = current.lines.iter().filter(is_changed).map(|line| (line.charge, &line.price_code));
    let changed = changed.chain(added.iter().map(|line| (line.charge, &line.price_code)));
    let mut problems = Problems::new();
    for (charge, code) in changed {
        let why = if current.status.is_over() {
            format!("the order is {}", current.status)
        } else if current.is_billed() && is_priced(charge) {
            "the order was billed; make a change order instead".to_owned()
        } else {
            continue;
        };
        problems.add("orderLineItems", format!("orderLineItems can't change {code}: {why}."));
    }
    problems
}

impl LineUpdate {
    /// The price code and quantity that are meant.
    fn resolved(&self, number: usize, order: &Order, problems: &mut Problems) -> Option<NewOrderLine> {
        let place = format!("orderLineItems/orderLineItem[{number}]");
        let mut wrong = |name: &str, predicate: &str| {
            let field = format!("{place}/{name}");
            problems.add(&field, format!("{field} {predicate}."));
            None
        };
        let line = match self.id {
            Some(id) => match order.lines.iter().find(|line| line.id == id) {
                None => return wrong("id", "names no line of the order"),
                Some(line) if self.price_code.as_ref().is_some_and(|code| *code != line.price_code) => {
                    return wrong("priceCode", "is not that of the line with this id");
                }
                line => line,
            },
            None => order.lines.iter().find(|line| Some(&line.price_code) == self.price_code.as_ref()),
        };
        let Some(price_code) = line.map(|line| &line.price_code).or(self.price_code.as_ref()) else {
            return wrong("priceCode", "is required");
        };
        let Some(quantity) = self.quantity.or(line.map(|line| line.quantity)) else {
            return wrong("quantity", "is required");
        };
        Some(NewOrderLine { price_code: price_code.clone(), quantity })
    }
}

impl Order {
    /// The order with another first day, before anything of it was billed.
    fn starting(self, plan: &Plan, start: Date, today: Date) -> Order {
        let status = match self.status {
            OrderStatus::Active | OrderStatus::Provisioning => OrderStatus::opening(start, today),
            status @ (OrderStatus::Draft
            | OrderStatus::Suspended
            | OrderStatus::Complete
            | OrderStatus::Superseded
            | OrderStatus::Canceled) => status,
        };
        let mut order = Order { start_on: start, billed_until: start, status, ..self };
        order.next_billable_on = Some(start.min(order.term(plan).end));
        order
    }
}
