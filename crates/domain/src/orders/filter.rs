//! Which orders a list shows (`api.md` §4).

use super::{Order, OrderStatus};
use crate::ids::CustomerId;
use crate::time_ranges::DateRange;

/// All that is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub status: Option<OrderStatus>,
    pub customer: Option<CustomerId>,
    /// Of the day the order starts.
    pub started: DateRange,
}

impl OrderFilter {
    pub fn matches(&self, order: &Order) -> bool {
        self.status.is_none_or(|status| order.status == status)
            && self.customer.is_none_or(|customer| order.customer == customer)
            && self.started.contains(order.start_on)
    }
}
