//! Which payments a list shows (`api.md` §6.2).

use super::{PaymentStatus, PaymentType};
use crate::ids::CustomerId;
use crate::money::{Amount, Currency};
use crate::time_ranges::DateRange;

/// All that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFilter {
    pub payment_type: PaymentType,
    pub status: Option<PaymentStatus>,
    pub customer: Option<CustomerId>,
    /// The amount in each currency that it can be in.
    pub amounts: Option<Vec<(Currency, Amount)>>,
    /// Of an invoice that it pays, has paid, or gave money back of.
    pub invoice_number: Option<String>,
    pub effective: DateRange,
}

impl PaymentFilter {
    pub fn of(payment_type: PaymentType) -> PaymentFilter {
        PaymentFilter {
            payment_type,
            status: None,
            customer: None,
            amounts: None,
            invoice_number: None,
            effective: DateRange::default(),
        }
    }

    /// Nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.effective.is_empty() || self.amounts.as_ref().is_some_and(Vec::is_empty)
    }
}
