//! What the product is for, below HTTP: a merchant on both engines, a processor that does as it is told.

mod access;
mod clock;
mod customers;
mod login;
mod orders;
mod paying;
mod races;
mod seeding;
mod story;
mod unknown;

use billing::{Error, Result};

/// The refusal, for comparing messages.
fn refusal<T>(outcome: Result<T>) -> String {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_))) => error.to_string(),
        Err(error) => panic!("it was no refusal: {error:?}"),
    }
}
