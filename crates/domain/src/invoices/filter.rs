//! Which invoices a list shows (`api.md` §5.2).

use std::str::FromStr;

use super::{Invoice, InvoiceStatus};
use crate::dates::Date;
use crate::ids::{CustomerId, OrderId};
use crate::time_ranges::{DateRange, TimeRange};

/// All that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    pub status: Option<StatusFilter>,
    pub customer: Option<CustomerId>,
    /// It is on the invoice.
    pub order: Option<OrderId>,
    pub number: Option<String>,
    pub invoiced: DateRange,
    /// Not included.
    pub due_before: Option<Date>,
    pub updated: TimeRange,
}

/// One status, or what still is to be paid, by whatever name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    Is(InvoiceStatus),
    Unpaid,
}

const UNPAID: &str = "unpaid";

impl StatusFilter {
    pub fn statuses(self) -> &'static [InvoiceStatus] {
        match self {
            StatusFilter::Is(status) => {
                let place = InvoiceStatus::ALL.iter().position(|other| *other == status);
                let place = place.expect("ALL has every status");
                &InvoiceStatus::ALL[place..=place]
            }
            StatusFilter::Unpaid => &[InvoiceStatus::Outstanding],
        }
    }
}

impl FromStr for StatusFilter {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == UNPAID {
            return Ok(StatusFilter::Unpaid);
        }
        text.parse().map(StatusFilter::Is).map_err(|must| format!("{must}, {UNPAID}"))
    }
}

impl InvoiceFilter {
    /// Of `orders`, those on the invoice.
    pub fn matches(&self, invoice: &Invoice, orders: &[OrderId]) -> bool {
        self.status.is_none_or(|status| status.statuses().contains(&invoice.status))
            && self.customer.is_none_or(|customer| invoice.customer == customer)
            && self.order.is_none_or(|order| orders.contains(&order))
            && self.number.as_ref().is_none_or(|number| invoice.number == *number)
            && self.invoiced.contains(invoice.invoiced_on)
            && self.due_before.is_none_or(|day| invoice.due_on < day)
            && self.updated.contains(invoice.updated_at)
    }
}
