//! What a seed file says of the keys that a merchant signs its own tokens with.

use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::sso_keys::{KEYS_MAX, KeyAlgorithm};
use toml::Spanned;

use super::Checker;
use crate::seed::file;
use crate::sso_keys::{KeyRequest, NewKey, check};

impl Checker<'_> {
    pub(super) fn sso_keys(&mut self, org: &file::Organization) -> Vec<NewKey> {
        if let Some(key) = org.sso_key.get(KEYS_MAX) {
            self.wrong(key.span(), "sso_key", &format!("may appear at most {KEYS_MAX} times"));
        }
        org.sso_key.iter().filter_map(|key| self.sso_key(key)).collect()
    }

    fn sso_key(&mut self, key: &Spanned<file::SsoKey>) -> Option<NewKey> {
        let given = key.get_ref();
        let algorithm: Option<KeyAlgorithm> =
            self.parsed(&given.algorithm, "sso_key.algorithm", &format!("must be one of {}", KeyAlgorithm::names()));
        let expires_at = given.expires_at.as_ref().map(|text| {
            let end: Option<Timestamp> =
                self.parsed(text, "sso_key.expires_at", "must be a time in UTC, such as 2027-01-31T00:00:00Z");
            end
        });
        let request = KeyRequest {
            kid: given.kid.get_ref().clone(),
            algorithm: algorithm?,
            secret: given.secret.as_ref().map(|secret| Password::new(secret.get_ref().as_str())),
            public_key: given.public_key.as_ref().map(|text| text.get_ref().clone()),
            expires_at: expires_at.flatten(),
        };
        check(&request).map_err(|faults| self.faults(key, faults)).ok()
    }

    fn faults(&mut self, key: &Spanned<file::SsoKey>, faults: Vec<(&'static str, String)>) {
        let given = key.get_ref();
        for (field, what) in faults {
            let (name, value) = match field {
                "kid" => ("sso_key.kid", Some(&given.kid)),
                "secret" => ("sso_key.secret", given.secret.as_ref()),
                _ => ("sso_key.public_key", given.public_key.as_ref()),
            };
            let span = value.map_or_else(|| key.span(), Spanned::span);
            self.wrong(span, name, &what.replace("publicKey", "public_key"));
        }
    }
}
