//! Passkeys: public keys of a contact's devices, which sign in without password. One proves possession and, because the
//! user must be verified, a finger, a face or a PIN: it is both factors at once.
//!
//! A challenge is made by us (HMAC), so that showing a page stores nothing; whichever was answered is remembered until
//! it is too old, so that each serves once.

mod verify;

use std::sync::Arc;

use domain::access::Actor;
use domain::dates::Timestamp;
use domain::ids::{ContactId, PasskeyId};
use domain::organizations::Organization;
use store::passkeys::Passkey as Stored;

pub use store::passkeys::Passkey;
pub use verify::ALGORITHMS;

use crate::credentials::{SignedIn, own};
use crate::mails::access::{Access, tell};
use crate::portal::Me;
use crate::secrets::{Purpose, random_token, same, token_hash};
use crate::sessions::{Beginning, Client, Look, NewSession, Stage, Standing, count_attempt, start};
use crate::{Billing, Error, Result, Unit, access};
use verify::{Expected, NewCredential, Signed};

/// By the wall clock, as browsers' forms are: a page may stand open for a while.
const CHALLENGE_SECONDS: i64 = 60 * 60;
pub const NAME_MAX: usize = 50;
/// Nobody has more devices than that.
const PASSKEYS_MAX: usize = 20;
const NONCE_BYTES: usize = 16;
const TIME_BYTES: usize = 8;

/// Where the portal answers: what passkeys are made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host, without port.
    pub host: String,
    /// `https://acme.bill.example`
    pub origin: String,
}

/// What a challenge is for; one does not serve for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    SignIn,
    Confirm(ContactId),
    Add(ContactId),
}

/// A challenge for a page: random, with its time, and only we can make it.
pub fn challenge(billing: &Billing, org: &Organization, ceremony: Ceremony) -> String {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    signed(billing, org, ceremony, (&nonce, billing.clock.now().as_seconds()))
}

fn signed(billing: &Billing, org: &Organization, ceremony: Ceremony, (nonce, at): (&[u8], i64)) -> String {
    let (kind, contact) = match ceremony {
        Ceremony::SignIn => (&b"get"[..], 0),
        Ceremony::Confirm(contact) => (&b"confirm"[..], contact.0),
        Ceremony::Add(contact) => (&b"create"[..], contact.0),
    };
    let (at, contact) = (at.to_be_bytes(), contact.to_be_bytes());
    let parts = [org.subdomain.as_bytes(), kind, &contact, nonce, &at];
    let mac = billing.vault.derive(Purpose::Passkey, &parts);
    verify::text(&[nonce, &at, &mac].concat())
}

/// Whether it is ours, and not too old.
fn is_ours(billing: &Billing, org: &Organization, ceremony: Ceremony, challenge: &str) -> bool {
    let Some(bytes) = verify::bytes(challenge) else { return false };
    let Some((nonce, rest)) = bytes.split_at_checked(NONCE_BYTES) else { return false };
    let Some(at) = rest.get(..TIME_BYTES).and_then(|at| <[u8; TIME_BYTES]>::try_from(at).ok()) else { return false };
    let (at, now) = (i64::from_be_bytes(at), billing.clock.now().as_seconds());
    let is_young = at <= now && now < at.saturating_add(CHALLENGE_SECONDS);
    is_young && same(&signed(billing, org, ceremony, (nonce, at)), challenge)
}

async fn spend(unit: &mut Unit, challenge: &str) -> Result<bool> {
    let (org, wall) = (unit.org.id, unit.wall);
    store::passkeys::sweep(&mut unit.tx, org, wall.add_seconds(-CHALLENGE_SECONDS)).await?;
    Ok(store::passkeys::spend(&mut unit.tx, org, &token_hash(challenge), wall).await?)
}

/// Tells an authenticator whose key it is; no name, no address.
pub fn user_handle(me: &Me, contact: ContactId) -> String {
    handle(&me.org, contact)
}

fn handle(org: &Organization, contact: ContactId) -> String {
    verify::text(&[org.id.0.to_be_bytes(), contact.0.to_be_bytes()].concat())
}

/// What a page's script brings from the browser, all of it in base64url.
#[derive(Clone, Debug, Default)]
pub struct Attestation {
    pub challenge: String,
    pub client_data: String,
    pub attestation: String,
}

#[derive(Clone, Debug, Default)]
pub struct Assertion {
    pub challenge: String,
    pub credential_id: String,
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
    pub user_handle: String,
}

fn expected<'a>(org: &'a Organization, site: &'a Site, challenge: &'a str) -> Expected<'a> {
    Expected { challenge, origin: &site.origin, rp_id: &site.host, embed_origins: &org.embed_origins }
}

impl Me {
    pub async fn passkeys(&self, contact: ContactId) -> Result<Vec<Passkey>> {
        Ok(store::passkeys::list(&mut self.view().await?.conn, self.org.id, contact).await?)
    }
}

/// Adds a key. `None`: the answer is not right. `Invalid`: its name is not.
pub async fn add(
    me: &Me,
    signed_in: SignedIn,
    (standing, site): (&Standing, &Site),
    (name, answer): (&str, &Attestation),
) -> Result<Option<Standing>> {
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Error::invalid("name", format!("must have 1 to {NAME_MAX} characters")));
    }
    let (billing, org) = (&me.billing, &me.org);
    if !is_ours(billing, org, Ceremony::Add(signed_in.contact), &answer.challenge) {
        return Ok(None);
    }
    let Some((client_data, attestation)) = verify::bytes(&answer.client_data).zip(verify::bytes(&answer.attestation))
    else {
        return Ok(None);
    };
    let made = match verify::registered(&client_data, &attestation, &expected(org, site, &answer.challenge)) {
        Ok(made) => made,
        Err(why) => {
            tracing::info!(contact = signed_in.contact.0, %why, "a passkey was not added");
            return Ok(None);
        }
    };
    let (made, challenge) = (&made, answer.challenge.as_str());
    let added = billing
        .unit(org.id, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            if !spend(unit, challenge).await? || !keep(unit, signed_in.contact, (name, made)).await? {
                return Ok(false);
            }
            tell(billing, unit, &customer, Access::PasskeyAdded { name }).await?;
            Ok(true)
        })
        .await?;
    Ok(added.then(|| Standing { stage: Stage::Open, ..standing.clone() }))
}

/// `false`: there are too many already, or somebody has this one.
async fn keep(unit: &mut Unit, contact: ContactId, (name, made): (&str, &NewCredential)) -> Result<bool> {
    let org = unit.org.id;
    if store::passkeys::list(&mut unit.tx, org, contact).await?.len() >= PASSKEYS_MAX {
        return Ok(false);
    }
    let new = Stored {
        id: unit.id(PasskeyId).await?,
        contact_id: contact,
        credential_id: verify::text(&made.id),
        public_key: verify::text(&made.public_key),
        sign_count: made.sign_count.into(),
        name: name.to_owned(),
        created_at: unit.now,
        used_at: None,
    };
    if store::passkeys::insert(&mut unit.tx, org, &new).await? == 0 {
        return Ok(false);
    }
    let action = Access::PasskeyAdded { name }.action();
    unit.audit(action, &format!("passkey {} of contact {contact}", new.id)).await?;
    Ok(true)
}

/// Takes a key away; a second time changes nothing.
pub async fn remove(me: &Me, signed_in: SignedIn, id: PasskeyId) -> Result<()> {
    let billing = &me.billing;
    billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            let all = store::passkeys::list(&mut unit.tx, unit.org.id, signed_in.contact).await?;
            let Some(passkey) = all.into_iter().find(|passkey| passkey.id == id) else { return Ok(()) };
            store::passkeys::delete(&mut unit.tx, unit.org.id, signed_in.contact, id).await?;
            let told = Access::PasskeyRemoved { name: &passkey.name };
            unit.audit(told.action(), &format!("passkey {id} of contact {}", signed_in.contact)).await?;
            tell(billing, unit, &customer, told).await
        })
        .await
}

/// The key that has signed a challenge of ours, with its counter; nothing is used up yet.
async fn signer(
    billing: &Billing,
    org: &Arc<Organization>,
    (site, ceremony): (&Site, Ceremony),
    answer: &Assertion,
) -> Result<Option<(Stored, i64)>> {
    if !is_ours(billing, org, ceremony, &answer.challenge) {
        return Ok(None);
    }
    let found = store::passkeys::find(&mut billing.view(org).await?.conn, org.id, &answer.credential_id).await?;
    let Some(passkey) = found else { return Ok(None) };
    let parts = [&answer.client_data, &answer.authenticator_data, &answer.signature, &passkey.public_key];
    let [Some(client_data), Some(authenticator_data), Some(signature), Some(public_key)] =
        parts.map(|part| verify::bytes(part))
    else {
        return Ok(None);
    };
    let signed =
        Signed { client_data_json: &client_data, authenticator_data: &authenticator_data, signature: &signature };
    match verify::asserted(signed, &public_key, &expected(org, site, &answer.challenge)) {
        // Username-less: the authenticator says whose key it is, too.
        Ok(count) if same(&answer.user_handle, &handle(org, passkey.contact_id)) => Ok(Some((passkey, count.into()))),
        Ok(_) => Ok(None),
        Err(why) => {
            tracing::info!(passkey = passkey.id.0, %why, "a passkey was refused");
            Ok(None)
        }
    }
}

/// Uses the answer up. `false`: it was answered before, or a copy of the key has counted further.
async fn take(unit: &mut Unit, (passkey, count): (&Stored, i64), challenge: &str) -> Result<bool> {
    if !spend(unit, challenge).await? {
        return Ok(false);
    }
    let (org, now): (_, Timestamp) = (unit.org.id, unit.now);
    if store::passkeys::count(&mut unit.tx, org, passkey.id, count, now).await? {
        return Ok(true);
    }
    unit.audit("refused a passkey that was copied", &format!("passkey {}", passkey.id)).await?;
    Ok(false)
}

/// Lets a contact in by a passkey. `None`: refused, for whatever reason; the same to all. A lock after wrong passwords
/// does not hold it up: nobody guesses keys, and whoever is locked out by others comes in by it.
pub async fn log_in(
    billing: &Billing,
    org: &Arc<Organization>,
    (site, answer): (&Site, &Assertion),
    client: &Client,
) -> Result<Option<NewSession>> {
    let Some((passkey, count)) = signer(billing, org, (site, Ceremony::SignIn), answer).await? else { return Ok(None) };
    let passkey = &passkey;
    billing
        .unit(org.id, &Actor::System, async |unit| {
            if !take(unit, (passkey, count), &answer.challenge).await? {
                return Ok(None);
            }
            let id = store::customers::customer_of_contact(&mut unit.tx, unit.org.id, passkey.contact_id).await?;
            let customer = access::found(unit, id.ok_or_else(|| Error::bug("a passkey without its contact"))?).await?;
            let contact = &customer.billing_contact;
            let may = contact.id == passkey.contact_id && !contact.account_locked && contact.username.is_some();
            if !may || !customer.status.may_enter_portal() {
                return Ok(None);
            }
            let page = "home".to_owned();
            let new = NewSession { key: random_token(), cookie: random_token(), customer: customer.id, page };
            let (contact, standing) = (Some(contact.id), Standing::default());
            start(unit, &new, Beginning { contact, look: Look::default(), standing, client }).await?;
            access::entered(billing, unit, (customer.id, passkey.contact_id), client).await?;
            Ok(Some(new))
        })
        .await
}

/// The second step at the entrance by a passkey in place of a code. `None`: not right; counted as a wrong code is.
pub async fn prove(
    me: &Me,
    signed_in: SignedIn,
    (standing, site): (&Standing, &Site),
    (answer, client): (&Assertion, &Client),
) -> Result<Option<Standing>> {
    let billing = &me.billing;
    let found = &own_signer(me, signed_in, (site, Ceremony::SignIn), answer).await?;
    let proven = billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let enters = counted(unit, signed_in, found.as_ref(), &answer.challenge).await?;
            if enters {
                access::entered(billing, unit, (signed_in.customer, signed_in.contact), client).await?;
            }
            Ok(enters)
        })
        .await?;
    Ok(proven.then(|| Standing { stage: Stage::Open, ..standing.clone() }))
}

/// In place of the current password, which is asked for before a sign-in is changed: the passkey tells who is there as
/// surely. `None`: not right; counted as a wrong password is.
pub async fn confirm(
    me: &Me,
    signed_in: SignedIn,
    (standing, site): (&Standing, &Site),
    answer: &Assertion,
) -> Result<Option<Standing>> {
    let found = &own_signer(me, signed_in, (site, Ceremony::Confirm(signed_in.contact)), answer).await?;
    let confirmed = me
        .billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let confirmed = counted(unit, signed_in, found.as_ref(), &answer.challenge).await?;
            Ok(confirmed.then_some(unit.now.as_seconds()))
        })
        .await?;
    Ok(confirmed.map(|at| Standing { confirmed_at: Some(at), ..standing.clone() }))
}

/// `None`, too, for the key of another contact.
async fn own_signer(
    me: &Me,
    signed_in: SignedIn,
    asked: (&Site, Ceremony),
    answer: &Assertion,
) -> Result<Option<(Stored, i64)>> {
    let found = signer(&me.billing, &me.org, asked, answer).await?;
    Ok(found.filter(|(passkey, _)| passkey.contact_id == signed_in.contact))
}

/// Uses the answer up, and counts it with the passwords. `false`: not right, or the contact is locked.
async fn counted(unit: &mut Unit, signed_in: SignedIn, found: Option<&(Stored, i64)>, challenge: &str) -> Result<bool> {
    let right = match found {
        Some((passkey, count)) => take(unit, (passkey, *count), challenge).await?,
        None => false,
    };
    count_attempt(unit, signed_in.contact, right).await
}
