//! How the program meets the outside world. Only what truly varies is a trait.

use std::pin::Pin;

use domain::contacts::{AddressFields, Password};
use domain::dates::{Date, Timestamp};
use domain::ids::OrganizationId;
use domain::money::{Amount, Currency};
use domain::payments::{Known, Outcome};
use domain::wallet::{BankAccount, Card, Expiry};

use crate::addresses::AddressVerdict;

pub type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The wall clock. Organizations in test mode have their own, [`domain::organizations::Organization::now`].
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A payment processor. Every call may hang, fail or lie about failing; none is made in a transaction.
pub trait Gateway: Send + Sync {
    /// As shown with payments: `Test Processor`.
    fn name(&self) -> &'static str;

    /// Serves organizations in test mode, and no others: no money moves (`operations.md` §5).
    fn is_for_tests(&self) -> bool {
        true
    }

    /// Charges once per key, however often it is asked.
    fn charge<'a>(&'a self, charge: &'a Charge, instrument: &'a Instrument) -> Answering<'a, Outcome>;

    /// What became of a key. `Never` promises that it will not be charged later either.
    fn look_up<'a>(&'a self, charge: &'a Charge) -> Answering<'a, Known>;

    /// A token that stands for a card; nothing else of the card is kept.
    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>>;

    /// A token that stands for a bank account.
    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>>;

    /// Whether the card would be charged: asks for 0. Asked twice, nothing happens twice. `today` is the organization's.
    fn validate<'a>(&'a self, org: OrganizationId, card: &'a Card, today: Date) -> Answering<'a, Outcome>;
}

/// What to charge.
#[derive(Clone, Debug)]
pub struct Charge {
    pub org: OrganizationId,
    /// Stable: the same for every attempt at the same payment.
    pub key: String,
    pub amount: Amount,
    pub currency: Currency,
    /// Of the organization's clock.
    pub now: Timestamp,
    pub today: Date,
}

/// What to charge it to.
#[derive(Clone, Debug)]
pub enum Instrument {
    Card(Box<Card>),
    Token { token: String, expiry: Expiry },
}

#[derive(Debug, thiserror::Error)]
#[error("the processor can't be reached")]
pub struct CannotTokenize;

/// Who knows addresses. May hang, fail or talk nonsense: then it says that it can't. Never asked in a transaction.
pub trait AddressCheck: Send + Sync {
    fn check<'a>(&'a self, question: AddressQuestion<'a>) -> Answering<'a, Result<AddressVerdict, CannotCheck>>;
}

/// Which address, and whose account pays for the answer.
#[derive(Clone, Copy)]
pub struct AddressQuestion<'a> {
    pub address: &'a AddressFields,
    pub account: Option<&'a AvalaraAccount>,
}

/// An organization's account with AvaTax.
#[derive(Clone, Debug)]
pub struct AvalaraAccount {
    pub account: String,
    pub license_key: Password,
    /// Without a path; `https://rest.avatax.com`.
    pub url: String,
}

/// Why there is no verdict; to be logged, so nothing of the address or the account is in it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CannotCheck(pub String);
