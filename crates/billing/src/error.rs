//! The only error that use cases return: what happened, not what a protocol calls it.

use domain::checks::Problems;
use store::Retriable;

pub type Result<T, E = Error> = std::result::Result<T, E>;
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Also for what belongs to somebody else.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Every message, each naming its field.
    #[error("{0}")]
    Invalid(Problems),
    /// A rule of the business said no.
    #[error("{0}")]
    Refused(String),
    /// Known, but not permitted.
    #[error("not permitted")]
    Denied,
    /// Changed meanwhile, or done already.
    #[error("{0}")]
    Conflict(String),
    /// Worth another try.
    #[error("not available: {0}")]
    Unavailable(#[source] Cause),
    /// A defect: logged with a reference, shown as the reference.
    #[error("unexpected: {0}")]
    Bug(#[source] Cause),
}

impl Error {
    /// One thing wrong with one field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Error {
        Error::Invalid(Problems::one(field, message))
    }

    pub fn refused(message: impl Into<String>) -> Error {
        Error::Refused(message.into())
    }

    pub fn bug(message: impl Into<String>) -> Error {
        Error::Bug(message.into().into())
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Error {
        Error::Invalid(problems)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        let may_pass = error.retriable() || store::is_out_of_reach(&error);
        if may_pass { Error::Unavailable(error.into()) } else { Error::Bug(error.into()) }
    }
}

impl From<domain::money::OutOfRange> for Error {
    fn from(error: domain::money::OutOfRange) -> Error {
        Error::Refused(format!("An amount {error}."))
    }
}

impl From<domain::bill::CannotBill> for Error {
    fn from(error: domain::bill::CannotBill) -> Error {
        match error {
            domain::bill::CannotBill::Amount(error) => error.into(),
            domain::bill::CannotBill::NoPrices { .. } => Error::Refused(format!("Nothing can be billed: {error}.")),
        }
    }
}

impl From<documents::Error> for Error {
    fn from(error: documents::Error) -> Error {
        Error::Bug(error.into())
    }
}

impl Retriable for Error {
    fn retriable(&self) -> bool {
        match self {
            Error::Unavailable(cause) => cause.downcast_ref::<store::Error>().is_some_and(Retriable::retriable),
            _ => false,
        }
    }
}
