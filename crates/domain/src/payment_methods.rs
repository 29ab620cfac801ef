//! Methods on file, with which the system pays by itself: up to three a customer, tried in order (`api.md` §2.6).

use std::ops::RangeInclusive;

use crate::dates::{Date, Timestamp};
use crate::ids::{CustomerId, PaymentMethodId};
use crate::payments::MethodType;
use crate::wallet::{BankAccount, Brand, Card, Expiry, GatewayToken};

/// The places that a customer has for methods; the first is tried first.
pub const PREFERENCES: RangeInclusive<i64> = 1..=3;

/// What is kept of a method. The processor's token is kept apart, encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    pub id: PaymentMethodId,
    pub customer: CustomerId,
    pub preference: i64,
    pub method_type: MethodType,
    pub shown: Shown,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl PaymentMethod {
    /// `Visa: 1111` [seed 003], `Checking: 5678`, `Cash`.
    pub fn context(&self) -> String {
        self.shown.context(self.method_type)
    }

    pub fn is_expired(&self, today: Date) -> bool {
        self.shown.expiry.is_some_and(|expiry| expiry.is_past(today))
    }
}

/// What of a method may be kept readable and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The brand of a card, the type of an account.
    pub brand: Option<String>,
    pub last_digits: Option<String>,
    pub expiry: Option<Expiry>,
}

impl Shown {
    /// As [`PaymentMethod::context`].
    pub fn context(&self, method_type: MethodType) -> String {
        let brand = self.brand.as_deref().unwrap_or(method_type.as_str());
        match &self.last_digits {
            Some(digits) => format!("{brand}: {digits}"),
            None => brand.to_owned(),
        }
    }
}

/// A method as it comes in, and where it is to be kept.
#[derive(Clone, Debug)]
pub struct NewMethod {
    pub preference: i64,
    pub secret: Secret,
}

/// What comes in of each kind of method.
#[derive(Clone, Debug)]
pub enum Secret {
    Card(Box<Card>),
    BankAccount(Box<BankAccount>),
    Token {
        token: GatewayToken,
        brand: Option<Brand>,
        expiry: Option<Expiry>,
    },
    /// Taken by the merchant; never charged automatically.
    Check,
    Cash,
}

impl Secret {
    pub fn method_type(&self) -> MethodType {
        match self {
            Secret::Card(_) => MethodType::CreditCard,
            Secret::BankAccount(_) => MethodType::Ach,
            Secret::Token { .. } => MethodType::Token,
            Secret::Check => MethodType::Check,
            Secret::Cash => MethodType::Cash,
        }
    }

    /// As [`PaymentMethod::context`].
    pub fn context(&self) -> String {
        self.shown().context(self.method_type())
    }

    /// Whether a processor charges it; else it is skipped when the system pays.
    pub fn is_processed(&self) -> bool {
        match self {
            Secret::Card(_) | Secret::BankAccount(_) | Secret::Token { .. } => true,
            Secret::Check | Secret::Cash => false,
        }
    }

    pub fn shown(&self) -> Shown {
        match self {
            Secret::Card(card) => Shown {
                brand: Some(card.number.brand().to_string()),
                last_digits: Some(card.number.last_four().to_owned()),
                expiry: Some(card.expiry),
            },
            Secret::BankAccount(account) => Shown {
                brand: Some(account.account_type.to_string()),
                last_digits: Some(account.number.last_digits().to_owned()),
                expiry: None,
            },
            Secret::Token { brand, expiry, .. } => {
                Shown { brand: brand.map(|brand| brand.to_string()), last_digits: None, expiry: *expiry }
            }
            Secret::Check | Secret::Cash => Shown::default(),
        }
    }
}
