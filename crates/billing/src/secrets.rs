//! The secret key: seals what is encrypted at rest, signs and derives what only we may make.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Error, Result};

pub const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// What a derived key is for; two purposes never share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The session that a single-sign-on link makes.
    SsoSession,
    /// Form tokens.
    Form,
    /// Tokens that a browser carries: JWT.
    Token,
    /// Keys of the in-memory cache of credentials.
    Credentials,
    /// What tells one API request from another.
    Request,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::SsoSession => b"sso session",
            Purpose::Form => b"form token",
            Purpose::Token => b"token",
            Purpose::Credentials => b"credentials",
            Purpose::Request => b"request",
        }
    }
}

pub struct Vault {
    key: [u8; KEY_BYTES],
}

impl Vault {
    pub fn new(key: [u8; KEY_BYTES]) -> Vault {
        Vault { key }
    }

    /// 32 bytes that only this key gives for these parts.
    pub fn derive(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(purpose.label());
        for part in parts {
            // With its length: ("ab", "c") is not ("a", "bc").
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Encrypts for storage. `place` says where it is kept, so that it opens nowhere else.
    pub fn seal(&self, place: &str, secret: &str) -> Result<String> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::bug("a secret could not be sealed"))?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// `None` when it was not sealed by this key for this place.
    pub fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let bytes = unhex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let secret = self.cipher().decrypt(&Nonce::from(nonce), payload).ok()?;
        String::from_utf8(secret).ok()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.key.into())
    }
}

/// 128 random bits as 32 hexadecimal digits.
pub fn random_token() -> String {
    hex(&rand::random::<[u8; 16]>())
}

/// What is stored of a random token: it has entropy enough for a plain hash.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (text.len().is_multiple_of(2)).then(|| text.as_bytes().chunks(2).map(byte).collect())?
}

/// Takes as long for a near miss as for a far one.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_in_its_place_with_its_key_only() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal("callbacks/1", "s3cret").unwrap();
        assert!(!sealed.contains("s3cret"));
        assert_eq!(vault.open("callbacks/1", &sealed).as_deref(), Some("s3cret"));
        assert_eq!(vault.open("callbacks/2", &sealed), None);
        assert_eq!(Vault::new([8; 32]).open("callbacks/1", &sealed), None);
        assert_eq!(vault.open("callbacks/1", "abc"), None);
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_by_parts() {
        let vault = Vault::new([7; 32]);
        let key = vault.derive(Purpose::Form, &[b"ab", b"c"]);
        assert_eq!(key, vault.derive(Purpose::Form, &[b"ab", b"c"]));
        assert_ne!(key, vault.derive(Purpose::Form, &[b"a", b"bc"]));
        assert_ne!(key, vault.derive(Purpose::Token, &[b"ab", b"c"]));
    }
}
