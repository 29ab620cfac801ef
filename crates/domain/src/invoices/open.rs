//! What a customer still has to pay, as its first page shows it.

use crate::dates::Date;
use crate::money::{Amount, Currency};

/// An unpaid invoice as far as its customer's first page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    pub number: String,
    pub currency: Currency,
    pub due_on: Date,
    pub outstanding: Amount,
    /// What another payment may still take.
    pub payable: Amount,
}

/// What a customer's open invoices come to, however many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenTotals {
    pub count: i64,
    pub outstanding: Amount,
    /// What another payment may still take.
    pub payable: Amount,
    pub overdue_count: i64,
    pub overdue: Amount,
    /// Since when the oldest is due, or when the first will be.
    pub first_due_on: Option<Date>,
    /// Of what is not overdue.
    pub next_due_on: Option<Date>,
}

impl OpenTotals {
    /// Of all open invoices, oldest due date first.
    pub fn of(open: &[OpenInvoice], today: Date) -> OpenTotals {
        let overdue = open.iter().take_while(|invoice| invoice.is_overdue(today));
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        OpenTotals {
            count: count(open.len()),
            outstanding: open.iter().map(|invoice| invoice.outstanding).sum(),
            payable: open.iter().map(|invoice| invoice.payable).sum(),
            overdue_count: count(overdue.clone().count()),
            overdue: overdue.map(|invoice| invoice.outstanding).sum(),
            first_due_on: open.first().map(|invoice| invoice.due_on),
            next_due_on: open.iter().find(|invoice| !invoice.is_overdue(today)).map(|invoice| invoice.due_on),
        }
    }
}

impl OpenInvoice {
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due_on < today
    }
}
