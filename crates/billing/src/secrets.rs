//! The secret keys: seal what is encrypted at rest, sign and derive what only we may make.

use std::sync::{PoisonError, RwLock};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use store::sealed::Sealed;

use crate::keys::{Key, KeyRing};
use crate::{Error, Result};

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
    /// Challenges that passkeys answer.
    Passkey,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::SsoSession => b"sso session",
            Purpose::Form => b"form token",
            Purpose::Token => b"token",
            Purpose::Credentials => b"credentials",
            Purpose::Request => b"request",
            Purpose::Passkey => b"passkey",
        }
    }
}

/// Tells which keys there are now; `None` where that can't be told.
pub type Reload = Box<dyn Fn() -> Option<KeyRing> + Send + Sync>;

pub struct Vault {
    /// The newest when the program started: what is derived must not change while it runs.
    deriving: Key,
    ring: RwLock<KeyRing>,
    reload: Option<Reload>,
}

impl Vault {
    pub fn new(key: Key) -> Vault {
        Vault::with_ring(KeyRing::new(key))
    }

    pub fn with_ring(ring: KeyRing) -> Vault {
        Vault { deriving: *ring.newest(), ring: RwLock::new(ring), reload: None }
    }

    /// Follows keys that another process adds: asks before it seals, and when it meets a key that it does not know.
    pub fn following(ring: KeyRing, reload: Reload) -> Vault {
        Vault { reload: Some(reload), ..Vault::with_ring(ring) }
    }

    /// 32 bytes that only this key gives for these parts.
    pub fn derive(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.deriving).expect("HMAC takes keys of any length");
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
        Ok(self.seal_named(place, secret)?.text)
    }

    /// The same with the name of the key, to be stored beside it.
    pub fn seal_named(&self, place: &str, secret: &str) -> Result<Sealed> {
        self.refresh();
        let key = *self.ring().newest();
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let sealed = cipher(&key).encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::bug("a secret could not be sealed"))?;
        Ok(Sealed { key_id: crate::keys::id(&key), text: format!("{}{}", hex(&nonce), hex(&sealed)) })
    }

    /// `None` when it was sealed by none of our keys for this place.
    pub fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let opened = || self.ring().iter().find_map(|key| open_with(key, place, sealed));
        opened().or_else(|| if self.refresh() { opened() } else { None })
    }

    /// Whether the newest key seals it already.
    pub fn is_current(&self, place: &str, sealed: &str) -> bool {
        open_with(self.ring().newest(), place, sealed).is_some()
    }

    /// Names the key that seals now.
    pub fn key_id(&self) -> String {
        self.refresh();
        crate::keys::id(self.ring().newest())
    }

    /// Whether there are other keys now.
    fn refresh(&self) -> bool {
        let Some(now) = self.reload.as_ref().and_then(|reload| reload()) else { return false };
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        let is_other = *ring != now;
        *ring = now;
        is_other
    }

    fn ring(&self) -> std::sync::RwLockReadGuard<'_, KeyRing> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

fn open_with(key: &Key, place: &str, sealed: &str) -> Option<String> {
    let bytes = unhex(sealed)?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    let secret = cipher(key).decrypt(&Nonce::from(nonce), payload).ok()?;
    String::from_utf8(secret).ok()
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

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (text.len().is_multiple_of(2)).then(|| text.as_bytes().chunks(2).map(byte).collect())?
}

/// Takes as long for a near miss as for a far one.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

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
    fn what_older_keys_sealed_still_opens_and_the_newest_seals() {
        let old = Vault::new([7; 32]).seal("p", "s3cret").unwrap();
        let vault = Vault::with_ring(KeyRing::new([7; 32]).with(&[8; 32]));
        assert_eq!(vault.open("p", &old).as_deref(), Some("s3cret"));
        assert!(!vault.is_current("p", &old));
        let new = vault.seal_named("p", "s3cret").unwrap();
        assert_eq!(new.key_id, Vault::new([8; 32]).key_id());
        assert!(vault.is_current("p", &new.text));
        assert_eq!(Vault::new([7; 32]).open("p", &new.text), None);
        assert_eq!(Vault::new([8; 32]).open("p", &new.text).as_deref(), Some("s3cret"));
    }

    #[test]
    fn a_running_program_follows_a_new_key_and_derives_as_before() {
        let ring = Arc::new(Mutex::new(KeyRing::new([7; 32])));
        let source = ring.clone();
        let vault = Vault::following(KeyRing::new([7; 32]), Box::new(move || Some(source.lock().unwrap().clone())));
        let derived = vault.derive(Purpose::Form, &[b"a"]);
        *ring.lock().unwrap() = KeyRing::new([7; 32]).with(&[8; 32]);
        let by_another = Vault::new([8; 32]).seal("p", "s3cret").unwrap();
        assert_eq!(vault.open("p", &by_another).as_deref(), Some("s3cret"));
        assert_eq!(vault.seal_named("p", "x").unwrap().key_id, Vault::new([8; 32]).key_id());
        assert_eq!(vault.derive(Purpose::Form, &[b"a"]), derived);
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
