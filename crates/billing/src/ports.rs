//! How the program meets the outside world. Only what truly varies is a trait.

use std::pin::Pin;
use std::sync::Arc;

use domain::contacts::{AddressFields, Password};
use domain::dates::{Date, Timestamp};
use domain::ids::OrganizationId;
use domain::money::{Amount, Currency};
use domain::payments::{Known, Outcome, Processor, RequestKind};
use domain::wallet::{BankAccount, Card, Expiry};

use crate::Error;
use crate::addresses::AddressVerdict;

pub type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The wall clock. Organizations in test mode have their own, [`domain::organizations::Organization::now`].
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A payment processor. Every call may hang, fail or lie about failing; none is made in a transaction.
pub trait Gateway: Send + Sync {
    fn processor(&self) -> Processor;

    /// Charges once per key, however often it is asked.
    fn charge<'a>(&'a self, charge: &'a Charge, instrument: &'a Instrument) -> Answering<'a, Outcome>;

    /// Takes a charge back that is not settled yet, once per key; `Declined` where it is too late for that.
    fn void<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome>;

    /// Gives back what was charged, once per key.
    fn refund<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome>;

    /// What became of a sale, by its key. `Never` promises that it will not be charged later either.
    fn look_up<'a>(&'a self, charge: &'a Charge) -> Answering<'a, Known>;

    /// The same of a void or a refund.
    fn look_up_back<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Known>;

    /// A token that stands for a card; nothing else of the card is kept.
    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>>;

    /// A token that stands for a bank account.
    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>>;

    /// Whether the card would be charged: asks for 0. Asked twice, nothing happens twice. `today` is the organization's.
    fn validate<'a>(&'a self, org: OrganizationId, card: &'a Card, today: Date) -> Answering<'a, Outcome>;
}

/// What a processor is asked for.
#[derive(Clone, Debug)]
pub struct Charge {
    pub org: OrganizationId,
    pub kind: RequestKind,
    /// Stable: the same for every attempt at the same payment, and another one for each thing that is asked.
    pub key: String,
    /// Above 0, whatever is asked for.
    pub amount: Amount,
    pub currency: Currency,
    /// When it was written down to be asked; no processor heard of it before.
    pub asked_at: Timestamp,
    /// Of the organization's clock.
    pub now: Timestamp,
    pub today: Date,
}

/// What to give back of a sale: a void or a refund.
#[derive(Clone, Debug)]
pub struct GiveBack {
    /// With a key, amount and currency of its own.
    pub request: Charge,
    /// The processor's id of the sale.
    pub transaction_id: String,
}

/// What to charge it to.
#[derive(Clone, Debug)]
pub enum Instrument {
    Card(Box<Card>),
    Token { token: String, stands_for: StandsFor },
}

/// What the processor keeps under a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandsFor {
    /// Without an expiry where only the processor knows it.
    Card {
        expiry: Option<Expiry>,
    },
    BankAccount,
}

/// Ways to the processors of live organizations.
pub trait Connect: Send + Sync {
    /// Asks nobody yet. `None`: nobody is at the other end.
    fn connect(&self, account: &ProcessorAccount) -> Option<Arc<dyn Gateway>>;
}

/// An organization's account with a processor.
#[derive(Clone, Debug)]
pub struct ProcessorAccount {
    pub processor: Processor,
    /// Without a path: `https://api.stripe.com`.
    pub url: String,
    pub credentials: ProcessorCredentials,
}

#[derive(Clone, Debug)]
pub struct ProcessorCredentials {
    /// Who we are to the processor; empty where the key says it.
    pub login: String,
    pub key: Password,
    /// What events of the processor are signed with; without it none is taken.
    pub event_key: Option<Password>,
}

impl ProcessorCredentials {
    /// Secrets are compared, not shown.
    pub(crate) fn is_same(&self, other: &ProcessorCredentials) -> bool {
        let event_key = |of: &ProcessorCredentials| of.event_key.as_ref().map(|key| key.expose().to_owned());
        self.login == other.login && self.key.expose() == other.key.expose() && event_key(self) == event_key(other)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CannotTokenize {
    #[error("the processor can't be reached")]
    Unreachable,
    /// Why, as the processor says it.
    #[error("the processor does not take it: {0}")]
    Refused(String),
}

impl From<CannotTokenize> for Error {
    fn from(error: CannotTokenize) -> Error {
        match error {
            CannotTokenize::Unreachable => Error::Unavailable(error.into()),
            CannotTokenize::Refused(why) => {
                Error::refused(format!("The payment method was not accepted by the processor: {why}"))
            }
        }
    }
}

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
