//! Keys that a merchant signs its own tokens with, and when such a token is good (`api.md` §8.1).

use std::ops::RangeInclusive;

use crate::dates::Timestamp;

/// Keys that an organization has at once: some for each of its sites, and their successors.
pub const KEYS_MAX: usize = 20;
/// Characters of a key's name.
pub const KID_MAX: usize = 100;
/// A secret is as long as what it makes, at least.
pub const SECRET_BYTES: RangeInclusive<usize> = 32..=512;
/// Bits of the modulus of an RSA key.
pub const RSA_BITS: RangeInclusive<usize> = 2048..=4096;
/// A token is good for so long at most.
pub const TOKEN_SECONDS_MAX: i64 = 5 * 60;
/// By how much the merchant's clock may be ahead of ours.
pub const SKEW_SECONDS: i64 = 30;

/// What a key signs by: one way for each key, whatever a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    Hs256,
    Rs256,
    EdDsa,
}

crate::names!(KeyAlgorithm { Hs256 => "HS256", Rs256 => "RS256", EdDsa => "EdDSA" });

/// A key as it may be shown: without what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoKey {
    /// What tokens call it.
    pub kid: String,
    pub algorithm: KeyAlgorithm,
    /// From then on it opens nothing.
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl SsoKey {
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A name stands in headers of tokens and in addresses.
pub fn is_kid(text: &str) -> bool {
    (1..=KID_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'))
}

/// When a token says that it is good, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenTimes {
    pub issued_at: i64,
    pub not_before: Option<i64>,
    pub expires_at: i64,
}

/// Whether a token is good now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timeliness {
    Good,
    Over,
    /// It never is: what is wrong with it, of which claim.
    Wrong(&'static str, String),
}

impl TokenTimes {
    pub fn at(self, now: Timestamp) -> Timeliness {
        let now = now.as_seconds();
        let life = self.expires_at.saturating_sub(self.issued_at);
        if self.expires_at <= now {
            return Timeliness::Over;
        }
        if !(1..=TOKEN_SECONDS_MAX).contains(&life) {
            let what = format!("exp must be 1 to {TOKEN_SECONDS_MAX} seconds after iat.");
            return Timeliness::Wrong("exp", what);
        }
        if self.issued_at > now.saturating_add(SKEW_SECONDS) {
            return Timeliness::Wrong("iat", "iat must not be in the future.".to_owned());
        }
        if self.expires_at > now.saturating_add(TOKEN_SECONDS_MAX) {
            return Timeliness::Wrong("exp", format!("exp must be at most {TOKEN_SECONDS_MAX} seconds from now."));
        }
        match self.not_before {
            Some(start) if start > now.saturating_add(SKEW_SECONDS) => {
                Timeliness::Wrong("nbf", "nbf must not be in the future.".to_owned())
            }
            Some(_) | None => Timeliness::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_316_520_000;

    fn at(issued_at: i64, not_before: Option<i64>, expires_at: i64) -> Timeliness {
        let times = TokenTimes { issued_at, not_before, expires_at };
        times.at(Timestamp("2011-09-20T12:00:00Z".parse().unwrap()))
    }

    fn wrong(found: &Timeliness) -> &'static str {
        match found {
            Timeliness::Wrong(claim, message) => {
                assert!(message.starts_with(claim), "{message}");
                claim
            }
            Timeliness::Good | Timeliness::Over => panic!("{found:?}"),
        }
    }

    #[test]
    fn a_token_is_good_for_five_minutes_at_most() {
        for (issued_at, expires_at) in [(NOW, NOW + 1), (NOW, NOW + 300), (NOW - 299, NOW + 1), (NOW + 20, NOW + 80)] {
            assert_eq!(at(issued_at, None, expires_at), Timeliness::Good, "{issued_at} {expires_at}");
        }
        for (issued_at, expires_at) in [(NOW - 300, NOW), (NOW - 60, NOW - 1), (0, 0), (i64::MIN, i64::MIN)] {
            assert_eq!(at(issued_at, None, expires_at), Timeliness::Over, "{issued_at} {expires_at}");
        }
        assert_eq!(wrong(&at(NOW, None, NOW + 301)), "exp");
        assert_eq!(wrong(&at(NOW + 1, None, NOW + 301)), "exp", "more than five minutes from now");
        assert_eq!(wrong(&at(NOW - 300, None, NOW + 1)), "exp", "it was good for longer when it was made");
        assert_eq!(wrong(&at(NOW + 31, None, NOW + 60)), "iat");
        assert_eq!(wrong(&at(NOW + 60, None, NOW + 30)), "exp", "over before it was made");
        assert_eq!(wrong(&at(i64::MIN, None, i64::MAX)), "exp");
        assert_eq!(wrong(&at(i64::MAX, None, i64::MAX)), "exp");
    }

    #[test]
    fn a_token_may_say_from_when_it_is_good() {
        assert_eq!(at(NOW, Some(NOW + 30), NOW + 60), Timeliness::Good);
        assert_eq!(wrong(&at(NOW, Some(NOW + 31), NOW + 60)), "nbf");
    }

    #[test]
    fn a_kid_can_stand_anywhere() {
        assert!(is_kid("2026-01") && is_kid("shop.example:1_a") && is_kid(&"a".repeat(100)));
        for bad in ["", " a", "a b", "a/b", "ä", "a\n", "a&b", &"a".repeat(101)] {
            assert!(!is_kid(bad), "{bad:?}");
        }
    }
}
