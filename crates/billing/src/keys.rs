//! The keys of the key file, oldest first: the last one seals, all of them open. After a new one was added,
//! [`reseal`] seals with it what the older ones sealed.

use domain::access::Actor;
use domain::ids::{ContactId, OrganizationId, PaymentMethodId};
use sha2::{Digest, Sha256};
use store::sealed::{SealedCallback, SealedToken};
use store::sso_keys::Material;

use crate::addresses::LICENSE_KEY_PLACE;
use crate::seed::CALLBACK_PLACE;
use crate::{Billing, Error, Result, Unit, payment_methods, processors, second_factors, sso_keys};

pub const KEY_BYTES: usize = 32;
pub type Key = [u8; KEY_BYTES];

/// Secrets that are sealed anew in one transaction.
pub const BATCH: i64 = 100;

/// At least one key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRing {
    older: Vec<Key>,
    newest: Key,
}

impl KeyRing {
    pub fn new(key: Key) -> KeyRing {
        KeyRing { older: Vec::new(), newest: key }
    }

    /// The keys one after the other, as they stand in the file.
    pub fn from_bytes(bytes: &[u8]) -> Option<KeyRing> {
        let (keys, rest) = bytes.as_chunks::<KEY_BYTES>();
        let (newest, older) = keys.split_last().filter(|_| rest.is_empty())?;
        Some(KeyRing { older: older.to_vec(), newest: *newest })
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.iter().rev().flatten().copied().collect()
    }

    /// One more, which seals from now on.
    #[must_use]
    pub fn with(&self, newest: &Key) -> KeyRing {
        KeyRing { older: self.iter().rev().copied().collect(), newest: *newest }
    }

    pub fn newest(&self) -> &Key {
        &self.newest
    }

    /// The newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Key> {
        std::iter::once(&self.newest).chain(self.older.iter().rev())
    }
}

/// Names a key and tells nothing of it.
pub fn id(key: &Key) -> String {
    let digest = Sha256::new_with_prefix(b"key id").chain_update(key).finalize();
    crate::secrets::hex(&digest[..8])
}

/// What [`reseal`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    pub secrets: u64,
    /// Opened by none of our keys; left as they are.
    pub unreadable: u64,
}

impl Resealed {
    fn add(&mut self, other: Resealed) {
        self.secrets += other.secrets;
        self.unreadable += other.unreadable;
    }
}

/// Seals with the newest key what older ones sealed, in every organization. Can be stopped anywhere and run again.
pub async fn reseal(billing: &Billing) -> Result<Resealed> {
    let mut done = Resealed::default();
    let mut conn = billing.db.read().await?;
    let organizations = store::organizations::list(&mut conn).await?;
    drop(conn);
    for (org, _) in organizations {
        done.add(reseal_tokens(billing, org).await?);
        done.add(reseal_callbacks(billing, org).await?);
        done.add(reseal_authenticators(billing, org).await?);
        done.add(billing.unit(org, &Actor::System, async |unit| reseal_license_key(billing, unit).await).await?);
        done.add(billing.unit(org, &Actor::System, async |unit| reseal_accounts(billing, unit).await).await?);
        done.add(billing.unit(org, &Actor::System, async |unit| reseal_sso_keys(billing, unit).await).await?);
    }
    Ok(done)
}

async fn reseal_tokens(billing: &Billing, org: OrganizationId) -> Result<Resealed> {
    let (mut done, mut after) = (Resealed::default(), PaymentMethodId(0));
    loop {
        let (batch, last) =
            billing.unit(org, &Actor::System, async |unit| token_batch(billing, unit, after).await).await?;
        done.add(batch);
        match last {
            Some(last) => after = last,
            None => return Ok(done),
        }
    }
}

async fn token_batch(
    billing: &Billing,
    unit: &mut Unit,
    after: PaymentMethodId,
) -> Result<(Resealed, Option<PaymentMethodId>)> {
    let key_id = billing.vault.key_id();
    let found = store::sealed::tokens_of_other_keys(&mut unit.tx, unit.org.id, &key_id, (after, BATCH)).await?;
    let mut done = Resealed::default();
    for old in &found {
        done.add(reseal_token(billing, unit, old).await?);
    }
    record(unit, done, &key_id, "payment methods").await?;
    Ok((done, found.last().map(|token| token.id)))
}

async fn reseal_token(billing: &Billing, unit: &mut Unit, old: &SealedToken) -> Result<Resealed> {
    let place = payment_methods::place(old.customer_id, old.preference);
    let Some(token) = billing.vault.open(&place, &old.token_sealed) else {
        tracing::error!(payment_method = old.id.0, "a token is opened by none of the keys");
        return Ok(Resealed { unreadable: 1, ..Resealed::default() });
    };
    let sealed = billing.vault.seal_named(&place, &token)?;
    let secrets = store::sealed::replace_token(&mut unit.tx, unit.org.id, old, &sealed).await?;
    Ok(Resealed { secrets, unreadable: 0 })
}

async fn reseal_callbacks(billing: &Billing, org: OrganizationId) -> Result<Resealed> {
    let (mut done, mut after) = (Resealed::default(), 0);
    loop {
        let (batch, last) =
            billing.unit(org, &Actor::System, async |unit| callback_batch(billing, unit, after).await).await?;
        done.add(batch);
        match last {
            Some(last) => after = last,
            None => return Ok(done),
        }
    }
}

async fn callback_batch(billing: &Billing, unit: &mut Unit, after: i64) -> Result<(Resealed, Option<i64>)> {
    let key_id = billing.vault.key_id();
    let found = store::sealed::callback_secrets(&mut unit.tx, unit.org.id, after, BATCH).await?;
    let mut done = Resealed::default();
    for old in &found {
        done.add(reseal_callback(billing, unit, old).await?);
    }
    record(unit, done, &key_id, "callbacks").await?;
    Ok((done, found.last().map(|callback| callback.id)))
}

async fn reseal_callback(billing: &Billing, unit: &mut Unit, old: &SealedCallback) -> Result<Resealed> {
    if billing.vault.is_current(CALLBACK_PLACE, &old.secret_sealed) {
        return Ok(Resealed::default());
    }
    let Some(secret) = billing.vault.open(CALLBACK_PLACE, &old.secret_sealed) else {
        tracing::error!(callback = old.id, "a secret is opened by none of the keys");
        return Ok(Resealed { unreadable: 1, ..Resealed::default() });
    };
    let sealed = billing.vault.seal(CALLBACK_PLACE, &secret)?;
    let secrets = store::sealed::replace_callback_secret(&mut unit.tx, unit.org.id, old, &sealed).await?;
    Ok(Resealed { secrets, unreadable: 0 })
}

async fn reseal_authenticators(billing: &Billing, org: OrganizationId) -> Result<Resealed> {
    let (mut done, mut after) = (Resealed::default(), ContactId(0));
    loop {
        let (batch, last) =
            billing.unit(org, &Actor::System, async |unit| authenticator_batch(billing, unit, after).await).await?;
        done.add(batch);
        match last {
            Some(last) => after = last,
            None => return Ok(done),
        }
    }
}

async fn authenticator_batch(
    billing: &Billing,
    unit: &mut Unit,
    after: ContactId,
) -> Result<(Resealed, Option<ContactId>)> {
    let (secrets, unreadable, last) = second_factors::reseal(billing, unit, (after, BATCH)).await?;
    let done = Resealed { secrets, unreadable };
    record(unit, done, &billing.vault.key_id(), "authenticator apps").await?;
    Ok((done, last))
}

async fn reseal_license_key(billing: &Billing, unit: &mut Unit) -> Result<Resealed> {
    let found = store::avalara_accounts::find(&mut unit.tx, unit.org.id).await?;
    let Some(old) = found.map(|found| found.license_key_sealed) else { return Ok(Resealed::default()) };
    if billing.vault.is_current(LICENSE_KEY_PLACE, &old) {
        return Ok(Resealed::default());
    }
    let Some(license_key) = billing.vault.open(LICENSE_KEY_PLACE, &old) else {
        tracing::error!(org = unit.org.id.0, "a licence key is opened by none of the keys");
        return Ok(Resealed { unreadable: 1, ..Resealed::default() });
    };
    let sealed = billing.vault.seal(LICENSE_KEY_PLACE, &license_key)?;
    let secrets = store::avalara_accounts::replace_license_key(&mut unit.tx, unit.org.id, &old, &sealed).await?;
    let done = Resealed { secrets, unreadable: 0 };
    record(unit, done, &billing.vault.key_id(), "licence keys").await?;
    Ok(done)
}

/// Of processors; an organization has a few at most.
async fn reseal_accounts(billing: &Billing, unit: &mut Unit) -> Result<Resealed> {
    let org = unit.org.id;
    let mut done = Resealed::default();
    for old in store::processor_accounts::list(&mut unit.tx, org).await? {
        let place = processors::place(org, old.processor);
        if billing.vault.is_current(&place, &old.credentials_sealed) {
            continue;
        }
        let Some(credentials) = billing.vault.open(&place, &old.credentials_sealed) else {
            tracing::error!(org = org.0, processor = %old.processor, "an account is opened by none of the keys");
            done.add(Resealed { unreadable: 1, ..Resealed::default() });
            continue;
        };
        let sealed = billing.vault.seal(&place, &credentials)?;
        let secrets = store::processor_accounts::replace_credentials(&mut unit.tx, org, &old, &sealed).await?;
        done.add(Resealed { secrets, unreadable: 0 });
    }
    record(unit, done, &billing.vault.key_id(), "accounts with processors").await?;
    Ok(done)
}

/// Secrets that merchants sign tokens with; an organization has a few at most.
async fn reseal_sso_keys(billing: &Billing, unit: &mut Unit) -> Result<Resealed> {
    let org = unit.org.id;
    let mut done = Resealed::default();
    for stored in store::sso_keys::list(&mut unit.tx, org).await? {
        let (place, kid) = (sso_keys::place(org, &stored.key.kid), &stored.key.kid);
        let Material::Sealed(old) = stored.material else { continue };
        if billing.vault.is_current(&place, &old) {
            continue;
        }
        let Some(secret) = billing.vault.open(&place, &old) else {
            tracing::error!(org = org.0, kid, "a sign-in key is opened by none of the keys");
            done.add(Resealed { unreadable: 1, ..Resealed::default() });
            continue;
        };
        let sealed = billing.vault.seal(&place, &secret)?;
        let secrets = store::sso_keys::replace_secret(&mut unit.tx, org, kid, &old, &sealed).await?;
        done.add(Resealed { secrets, unreadable: 0 });
    }
    record(unit, done, &billing.vault.key_id(), "sign-in keys").await?;
    Ok(done)
}

async fn record(unit: &mut Unit, done: Resealed, key_id: &str, what: &str) -> Result<(), Error> {
    if done.secrets == 0 {
        return Ok(());
    }
    unit.audit(&format!("sealed anew with key {key_id}"), &format!("{} {what}", done.secrets)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_file_oldest_first() {
        let ring = KeyRing::new([1; 32]).with(&[2; 32]).with(&[3; 32]);
        let bytes = ring.to_bytes();
        assert_eq!((bytes.len(), bytes[0], bytes[32], bytes[64]), (96, 1, 2, 3));
        assert!(KeyRing::from_bytes(&bytes).unwrap() == ring);
        assert_eq!(ring.iter().map(|key| key[0]).collect::<Vec<_>>(), [3, 2, 1]);
        for length in [0, 5, 31, 33, 63] {
            assert!(KeyRing::from_bytes(&vec![0; length]).is_none(), "{length}");
        }
    }

    #[test]
    fn the_name_of_a_key_tells_keys_apart() {
        assert_eq!(id(&[1; 32]).len(), 16);
        assert_ne!(id(&[1; 32]), id(&[2; 32]));
        assert!(!id(&[1; 32]).contains("0101"));
    }
}
