//! What customers look for among their own invoices (`api.md` §8.3).

use super::{Invoice, InvoiceStatus};
use crate::dates::Date;
use crate::time_ranges::DateRange;

/// All that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceSearch {
    /// What the number begins with; English letters in capitals or not.
    pub number: Option<String>,
    pub state: Option<InvoiceState>,
    pub invoiced: DateRange,
}

/// A status as customers ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceState {
    /// Something of it is still to be paid, late or not.
    Open,
    Overdue,
    Paid,
    /// Nothing is owed on it any more, although it was not paid.
    Cancelled,
}

crate::names!(InvoiceState { Open => "open", Overdue => "overdue", Paid => "paid", Cancelled => "cancelled" });

impl InvoiceState {
    pub fn contains(self, invoice: &Invoice, today: Date) -> bool {
        match self {
            InvoiceState::Open => invoice.is_open(),
            InvoiceState::Overdue => invoice.is_overdue(today),
            InvoiceState::Paid => invoice.status == InvoiceStatus::Paid,
            InvoiceState::Cancelled => {
                matches!(invoice.status, InvoiceStatus::Cancelled | InvoiceStatus::CarriedOver)
            }
        }
    }
}

impl InvoiceSearch {
    pub fn matches(&self, invoice: &Invoice, today: Date) -> bool {
        let begins = |start: &String| invoice.number.to_ascii_lowercase().starts_with(&start.to_ascii_lowercase());
        self.number.as_ref().is_none_or(begins)
            && self.state.is_none_or(|state| state.contains(invoice, today))
            && self.invoiced.contains(invoice.invoiced_on)
    }
}
