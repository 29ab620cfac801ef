//! What customers look for among their own payments, refunds and credits (`api.md` §8.3).

use super::{PaymentStatus, PaymentSummary, PaymentType};
use crate::time_ranges::DateRange;

/// All that is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentSearch {
    pub state: Option<PaymentState>,
    pub effective: DateRange,
}

/// What became of a payment, as customers ask for it. Each payment, refund and credit is in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    Paid,
    Pending,
    /// Declined, or the processor could not handle it.
    Failed,
    /// Given back, and what gave it back.
    Refunded,
    /// Taken back, and what took it back.
    Cancelled,
    /// Credits and charges: no money moved.
    Credit,
}

crate::names!(PaymentState {
    Paid => "paid",
    Pending => "pending",
    Failed => "failed",
    Refunded => "refunded",
    Cancelled => "cancelled",
    Credit => "credit",
});

impl PaymentState {
    pub fn of(payment: &PaymentSummary) -> PaymentState {
        match (payment.status, payment.payment_type) {
            (PaymentStatus::Pending, _) => PaymentState::Pending,
            (PaymentStatus::Declined | PaymentStatus::Error, _) => PaymentState::Failed,
            (PaymentStatus::Cancelled, _) => PaymentState::Cancelled,
            (PaymentStatus::Paid | PaymentStatus::Refunded, PaymentType::Credit) => PaymentState::Credit,
            (PaymentStatus::Refunded, _) | (PaymentStatus::Paid, PaymentType::Refund) => PaymentState::Refunded,
            (PaymentStatus::Paid, PaymentType::Payment) if payment.is_reversal => PaymentState::Cancelled,
            (PaymentStatus::Paid, PaymentType::Payment) => PaymentState::Paid,
        }
    }
}

impl PaymentSearch {
    pub fn matches(&self, payment: &PaymentSummary) -> bool {
        self.state.is_none_or(|state| PaymentState::of(payment) == state)
            && self.effective.contains(payment.effective_on)
    }
}
