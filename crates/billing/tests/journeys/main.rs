//! What the product is for, below HTTP: a merchant on both engines, a processor that does as it is told.

#[cfg(test)]
mod access;
#[cfg(test)]
mod activities;
#[cfg(test)]
mod autopay;
mod batches;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod collecting;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod forgotten;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod nightly;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod paying;
#[cfg(test)]
mod portal;
mod portal_paying;
#[cfg(test)]
mod previews;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod races;
#[cfg(test)]
mod second_factors;
#[cfg(test)]
mod seeding;
#[cfg(test)]
mod story;
#[cfg(test)]
mod taking_back;
#[cfg(test)]
mod transitions;
#[cfg(test)]
mod unknown;
#[cfg(test)]
mod updates;

use billing::{Error, Result};

/// The refusal, for comparing messages.
fn refusal<T>(outcome: Result<T>) -> String {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_))) => error.to_string(),
        Err(error) => panic!("it was no refusal: {error:?}"),
    }
}
