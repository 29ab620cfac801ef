//! Password hashes: Argon2id, off the async threads, no more at once than there are processors.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::contacts::Password;
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// How dear a hash is to compute. What a hash cost is written in it, so that all of them go on verifying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// OWASP's recommendation: 19 MiB, two passes, one lane.
    pub const RECOMMENDED: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };
    /// The least that Argon2 allows, which protects nothing: for passwords that only tests know.
    pub const LEAST: Cost = Cost { memory_kib: 8, passes: 1 };
}

const LANES: u32 = 1;
/// Hashes computed at once: each takes a processor and 19 MiB for some milliseconds.
const AT_ONCE_MAX: usize = 2;

#[derive(Debug)]
pub struct Passwords {
    cost: Cost,
    places: Semaphore,
    decoy: OnceLock<String>,
}

impl Passwords {
    pub fn new(cost: Cost) -> Passwords {
        Passwords { cost, places: Semaphore::new(AT_ONCE_MAX), decoy: OnceLock::new() }
    }

    pub async fn hash(&self, password: &Password) -> Result<String> {
        let (password, cost) = (password.clone(), self.cost);
        self.apart(move || hash(&password, cost)).await?
    }

    /// Whether `password` is the one of `hash`. Without a hash it takes as long, and is not.
    pub async fn verify(&self, password: &Password, hash: Option<String>) -> Result<bool> {
        let exists = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => self.decoy().await?,
        };
        let password = password.clone();
        let right = self.apart(move || verify(&password, &hash)).await??;
        Ok(right && exists)
    }

    /// A hash that nobody knows the password of.
    async fn decoy(&self) -> Result<String> {
        if let Some(decoy) = self.decoy.get() {
            return Ok(decoy.clone());
        }
        let decoy = self.hash(&Password::new("no such user")).await?;
        Ok(self.decoy.get_or_init(|| decoy).clone())
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _place = self.places.acquire().await.map_err(|e| Error::Unavailable(e.into()))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::Bug(e.into()))
    }
}

fn argon2(cost: Cost) -> Argon2<'static> {
    let params =
        Params::new(cost.memory_kib, cost.passes, LANES, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &Password, cost: Cost) -> Result<String> {
    let hash = argon2(cost).hash_password(password.expose().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|e| Error::bug(e.to_string()))
}

fn verify(password: &Password, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|e| Error::bug(e.to_string()))?;
    // By the cost that the hash names.
    Ok(Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let passwords = Passwords::new(Cost::RECOMMENDED);
        let hash = passwords.hash(&Password::new("Correct-Horse-7")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(&Password::new("Correct-Horse-7"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(&Password::new("Correct-Horse-8"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(&Password::new("no such user"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_goes_on_verifying() {
        let hash = Passwords::new(Cost::LEAST).hash(&Password::new("Correct-Horse-7")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let passwords = Passwords::new(Cost::RECOMMENDED);
        assert!(passwords.verify(&Password::new("Correct-Horse-7"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(&Password::new("Correct-Horse-8"), Some(hash)).await.unwrap());
    }
}
