//! The seven statuses of an order, and who may move it from one to another.
//!
//! A suspended order bills nothing, and its pause is never billed: from the day after the suspension until the day of
//! the reactivation. What was paid ahead is neither given back nor paid again. On reactivation the days used before the
//! pause are billed if their period is over by then, and the rest of the present period if it was not paid ahead; a
//! pre-paid charge that is not prorated is owed in whole then, as it is by an order that begins in mid-period.
//!
//! A canceled order stops the day before; what it used until then is billed by the next run. What was paid ahead is
//! not given back: who wants that changes the order, or grants a credit.

use super::{Order, Pause};
use crate::dates::Date;
use crate::plans::Plan;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Being edited.
    Draft,
    /// Starts later.
    Provisioning,
    Active,
    Suspended,
    /// Past its end.
    Complete,
    /// Replaced by a change order.
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

/// Who moves an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// An update that sends another `orderStatus`.
    Update,
    /// `suspend`, `activate`, `cancel`; cancelling an invoice with its orders.
    Action,
    /// Time, or a change order.
    System,
}

use OrderStatus::{Active, Canceled, Complete, Draft, Provisioning, Superseded, Suspended};

const BY_HAND: &[By] = &[By::Update, By::Action];
const BY_ITSELF: &[By] = &[By::System];

/// Every legal move. What is not here is refused.
const MOVES: &[(OrderStatus, OrderStatus, &[By])] = &[
    (Draft, Provisioning, BY_HAND),
    (Draft, Active, BY_HAND),
    (Draft, Canceled, BY_HAND),
    (Provisioning, Active, BY_ITSELF),
    (Provisioning, Suspended, BY_HAND),
    (Provisioning, Superseded, BY_ITSELF),
    (Provisioning, Canceled, BY_HAND),
    (Active, Suspended, BY_HAND),
    (Active, Complete, BY_ITSELF),
    (Active, Superseded, BY_ITSELF),
    (Active, Canceled, BY_HAND),
    (Suspended, Provisioning, BY_HAND),
    (Suspended, Active, BY_HAND),
    (Suspended, Superseded, BY_ITSELF),
    (Suspended, Canceled, BY_HAND),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotMove {
    #[error("an order that is {from} can't become {to}")]
    Never { from: OrderStatus, to: OrderStatus },
    #[error("an order becomes {to} by itself; it can't be made so")]
    ByItself { to: OrderStatus },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotEnd {
    #[error("an order that is {0} has ended; its endDate can't change")]
    Over(OrderStatus),
    #[error("endDate must not be before startDate")]
    BeforeStart,
}

impl OrderStatus {
    pub fn may_become(self, to: OrderStatus, by: By) -> Result<(), CannotMove> {
        match MOVES.iter().find(|(from, target, _)| *from == self && *target == to) {
            None => Err(CannotMove::Never { from: self, to }),
            Some((_, _, whom)) if whom.contains(&by) => Ok(()),
            Some(_) => Err(CannotMove::ByItself { to }),
        }
    }

    /// Nothing follows it.
    pub fn is_over(self) -> bool {
        MOVES.iter().all(|(from, ..)| *from != self)
    }

    /// Of an order that is neither a draft nor suspended and starts on `start`.
    pub fn opening(start: Date, today: Date) -> OrderStatus {
        if start > today { Provisioning } else { Active }
    }
}

impl Order {
    /// The order in another status, as an update, an action or a change order wants it on `today`. Active and
    /// Provisioning mean the same wish: which of them it becomes, its start decides. Already there: unchanged.
    pub fn moved(self, to: OrderStatus, by: By, today: Date) -> Result<Order, CannotMove> {
        let to = match to {
            Active | Provisioning => OrderStatus::opening(self.start_on, today),
            Draft | Suspended | Complete | Superseded | Canceled => to,
        };
        if self.status == to {
            return Ok(self);
        }
        self.status.may_become(to, by)?;
        let mut order = self.resumed(today);
        order.status = to;
        match to {
            Suspended => order.pauses.push(Pause { from: today.add_days(1), until: None }),
            Canceled | Superseded => order.stop(today),
            Draft | Provisioning | Active | Complete => {}
        }
        Ok(order)
    }

    /// Active, if it was to start by now.
    pub fn started(self, today: Date) -> Order {
        let status = if self.status == Provisioning { OrderStatus::opening(self.start_on, today) } else { self.status };
        Order { status, ..self }
    }

    /// The order with another last day, or none. What was paid ahead beyond it is not given back, nor billed again
    /// when the end moves later.
    pub fn ending(self, plan: &Plan, last: Option<Date>) -> Result<Order, CannotEnd> {
        if self.status.is_over() {
            return Err(CannotEnd::Over(self.status));
        }
        if last.is_some_and(|last| last < self.start_on) {
            return Err(CannotEnd::BeforeStart);
        }
        let mut order = Order { end_on: last, ..self };
        order.next_billable_on = Some(order.billed_until.min(order.term(plan).end));
        Ok(order)
    }

    /// Its open pause is over on `today`, if it has one; one that has no day is none.
    fn resumed(mut self, today: Date) -> Order {
        for pause in self.pauses.iter_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(today);
        }
        self.pauses.retain(|pause| pause.until.is_none_or(|until| pause.from < until));
        self
    }

    /// `today` is no day of it any more. An order that had not begun has nothing to bill.
    fn stop(&mut self, today: Date) {
        if today <= self.start_on {
            self.next_billable_on = None;
            return;
        }
        let last = today.previous();
        self.end_on = Some(self.end_on.map_or(last, |end| end.min(last)));
        self.next_billable_on = self.next_billable_on.map(|_| self.billed_until.min(today));
    }
}
