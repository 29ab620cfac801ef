//! Taking a payment back: a refund gives the money back, a payment that bounced never brought any (`api.md` §6.2, §6.4).

use super::{MethodType, Payment, PaymentStatus, PaymentType};
use crate::money::Amount;

/// Why a payment can't be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotReverse {
    #[error("it is a {0}, and only a Payment is taken back")]
    Type(PaymentType),
    #[error("it takes back another payment itself")]
    Reversal,
    #[error("it is {0}, and only what is Paid is taken back")]
    Status(PaymentStatus),
    #[error("it was paid by {0}; only card and ACH payments that the system processed are refunded")]
    Method(MethodType),
    #[error("it was not processed by the system; only card and ACH payments that were are refunded")]
    Elsewhere,
    #[error("a refund is exactly what was paid")]
    Amount,
}

impl Payment {
    /// `amount`: what is asked for.
    pub fn check_refundable(&self, amount: Option<Amount>) -> Result<(), CannotReverse> {
        self.check_reversible()?;
        match self.method_type {
            MethodType::CreditCard | MethodType::Ach | MethodType::Token => {}
            MethodType::Check | MethodType::Cash | MethodType::Credit => {
                return Err(CannotReverse::Method(self.method_type));
            }
        }
        if !self.is_system_payment {
            return Err(CannotReverse::Elsewhere);
        }
        match amount.filter(|amount| *amount != self.amount) {
            Some(_) => Err(CannotReverse::Amount),
            None => Ok(()),
        }
    }

    /// Whether it may be marked as bounced or charged back.
    pub fn check_cancellable(&self) -> Result<(), CannotReverse> {
        self.check_reversible()
    }

    fn check_reversible(&self) -> Result<(), CannotReverse> {
        if self.payment_type != PaymentType::Payment {
            return Err(CannotReverse::Type(self.payment_type));
        }
        if self.reverses.is_some() {
            return Err(CannotReverse::Reversal);
        }
        match self.status {
            PaymentStatus::Paid => Ok(()),
            status @ (PaymentStatus::Pending
            | PaymentStatus::Declined
            | PaymentStatus::Error
            | PaymentStatus::Cancelled
            | PaymentStatus::Refunded) => Err(CannotReverse::Status(status)),
        }
    }
}
