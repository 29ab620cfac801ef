//! The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost. The merchant
//! may leave it to its customers, want it from all, or do without; whoever the merchant's own site lets in is not asked.

use domain::dates::Timestamp;
use domain::ids::{ContactId, CustomerId, OrganizationId};
use domain::organizations::{Organization, SecondFactor};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::second_factors::Authenticator;
use totp_rs::{Builder, Secret, Totp};

use crate::credentials::{SignedIn, own};
use crate::mails::access::{Access, tell};
use crate::portal::Me;
use crate::secrets::{hex, token_hash, unhex};
use crate::sessions::{Client, Stage, Standing, count_attempt, is_contact_locked};
use crate::{Billing, Error, Result, Unit, access, customers};

/// What SHA-1 asks for: 160 bits.
const SECRET_BYTES: usize = 20;
const RECOVERY_CODES: usize = 10;
/// 80 bits of a code: enough for a plain hash to tell nothing.
const RECOVERY_BYTES: usize = 10;
/// Of base32, so that nobody has to tell 0 from O.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const SHOWN_IN_GROUPS_OF: usize = 4;

/// What a session is to go through once the password was right.
pub(crate) async fn stage(unit: &mut Unit, contact: ContactId) -> Result<Stage> {
    let wanted = unit.org.portal.second_factor;
    if wanted == SecondFactor::Off {
        return Ok(Stage::Open);
    }
    let org = unit.org.id;
    if store::second_factors::find(&mut unit.tx, org, contact).await?.is_some() {
        return Ok(Stage::SecondFactor);
    }
    if wanted != SecondFactor::Required {
        return Ok(Stage::Open);
    }
    // Whoever has a passkey has a second factor: the password alone must not add another one.
    let has_passkey = !store::passkeys::list(&mut unit.tx, org, contact).await?.is_empty();
    Ok(if has_passkey { Stage::SecondFactor } else { Stage::Enrolment })
}

/// What a contact has, for its own eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors {
    pub has_authenticator: bool,
    pub codes_left: i64,
    pub has_passkey: bool,
}

impl Me {
    pub async fn factors(&self, contact: ContactId) -> Result<Factors> {
        let (mut view, org) = (self.view().await?, self.org.id);
        let has_authenticator = store::second_factors::find(&mut view.conn, org, contact).await?.is_some();
        let codes_left = store::second_factors::codes_left(&mut view.conn, org, contact).await?;
        let has_passkey = !store::passkeys::list(&mut view.conn, org, contact).await?.is_empty();
        Ok(Factors { has_authenticator, codes_left, has_passkey })
    }
}

/// An app that is being set up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// `otpauth://totp/…`, for a QR code.
    pub url: String,
    /// The same secret to be typed.
    pub key: String,
}

/// Makes a new secret, which waits in the session until the first code has come.
pub fn begin(me: &Me, signed_in: SignedIn, standing: &Standing) -> Result<Standing> {
    is_offered(me)?;
    let secret = hex(&rand::random::<[u8; SECRET_BYTES]>());
    let sealed = me.billing.vault.seal(&new_place(signed_in.contact), &secret)?;
    Ok(Standing { authenticator: Some(sealed), ..standing.clone() })
}

/// What is to be shown of it.
pub fn enrolment(me: &Me, signed_in: SignedIn, standing: &Standing, username: &str) -> Option<Enrolment> {
    let secret = waiting(&me.billing, signed_in.contact, standing)?;
    let key = Secret::from(secret.as_slice()).to_base32();
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let issuer = part(&me.org.name);
    let url = format!("otpauth://totp/{issuer}:{}?secret={key}&issuer={issuer}", part(username));
    Some(Enrolment { url, key: in_groups(&key.to_lowercase(), ' ') })
}

/// Adds the app once it has given a right code. `None`: the code is not right.
pub async fn add(me: &Me, signed_in: SignedIn, standing: &Standing, code: &str) -> Result<Option<Standing>> {
    is_offered(me)?;
    let billing = &me.billing;
    let Some(secret) = waiting(billing, signed_in.contact, standing) else {
        return Err(Error::Conflict("Begin again: the app was set up somewhere else, or it took too long.".to_owned()));
    };
    let Some(step) = step_of(&secret, code, billing.clock.now())? else { return Ok(None) };
    let sealed = billing.vault.seal_named(&place(signed_in.contact), &hex(&secret))?;
    let codes = new_codes();
    let (codes, sealed) = (&codes, &sealed);
    billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            let new = Authenticator {
                contact_id: signed_in.contact,
                secret_sealed: sealed.text.clone(),
                key_id: sealed.key_id.clone(),
                last_step: step,
            };
            store::second_factors::delete(&mut unit.tx, unit.org.id, signed_in.contact).await?;
            store::second_factors::insert(&mut unit.tx, unit.org.id, &new, unit.now).await?;
            keep_codes(unit, signed_in.contact, codes).await?;
            unit.audit(Access::AuthenticatorAdded.action(), &format!("contact {}", signed_in.contact)).await?;
            tell(billing, unit, &customer, Access::AuthenticatorAdded).await
        })
        .await?;
    let recovery_codes = Some(seal_codes(billing, signed_in.contact, codes)?);
    Ok(Some(Standing { stage: Stage::Open, authenticator: None, recovery_codes, ..standing.clone() }))
}

/// Takes the app away, with its recovery codes. Refused where the merchant wants a second factor.
pub async fn remove(me: &Me, signed_in: SignedIn) -> Result<()> {
    if me.org.portal.second_factor == SecondFactor::Required {
        return Err(Error::refused("A second factor is required here."));
    }
    let billing = &me.billing;
    billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            if store::second_factors::delete(&mut unit.tx, unit.org.id, signed_in.contact).await? == 0 {
                return Ok(());
            }
            unit.audit(Access::AuthenticatorRemoved.action(), &format!("contact {}", signed_in.contact)).await?;
            tell(billing, unit, &customer, Access::AuthenticatorRemoved).await
        })
        .await
}

/// Takes everything away from a contact that has lost it, passkeys too: for the merchant, who knows who asks.
pub async fn remove_all(billing: &Billing, unit: &mut Unit, customer: CustomerId) -> Result<()> {
    let customer = customers::lock(unit, customer).await?;
    let (org, contact) = (unit.org.id, customer.billing_contact.id);
    let removed = store::second_factors::delete(&mut unit.tx, org, contact).await?
        + store::passkeys::delete_all(&mut unit.tx, org, contact).await?;
    if removed == 0 {
        return Ok(());
    }
    unit.audit("removed every second factor", &format!("contact {contact}")).await?;
    tell(billing, unit, &customer, Access::AuthenticatorRemoved).await
}

/// New recovery codes in place of those from before.
pub async fn renew_codes(me: &Me, signed_in: SignedIn, standing: &Standing) -> Result<Standing> {
    let billing = &me.billing;
    let codes = new_codes();
    let codes = &codes;
    billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            let found = store::second_factors::find(&mut unit.tx, unit.org.id, signed_in.contact).await?;
            found.ok_or(Error::NotFound("authenticator"))?;
            store::second_factors::delete_codes(&mut unit.tx, unit.org.id, signed_in.contact).await?;
            keep_codes(unit, signed_in.contact, codes).await?;
            unit.audit(Access::RecoveryCodesRenewed.action(), &format!("contact {}", signed_in.contact)).await?;
            tell(billing, unit, &customer, Access::RecoveryCodesRenewed).await
        })
        .await?;
    Ok(Standing { recovery_codes: Some(seal_codes(billing, signed_in.contact, codes)?), ..standing.clone() })
}

/// The codes that this session has just made, to be written down.
pub fn shown_codes(me: &Me, signed_in: SignedIn, standing: &Standing) -> Option<Vec<String>> {
    let sealed = standing.recovery_codes.as_ref()?;
    let codes = me.billing.vault.open(&codes_place(signed_in.contact), sealed)?;
    Some(codes.lines().map(str::to_owned).collect())
}

/// The second step at the entrance: a code of the app, or a recovery code. `None`: not right, or the contact is locked;
/// counted as wrong passwords are.
pub async fn prove(
    me: &Me,
    signed_in: SignedIn,
    standing: &Standing,
    (code, client): (&str, &Client),
) -> Result<Option<Standing>> {
    let billing = &me.billing;
    let proven = billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            if is_contact_locked(unit, signed_in.contact).await? {
                return Ok(false);
            }
            let right = takes(billing, unit, signed_in, code).await?;
            if count_attempt(unit, signed_in.contact, right).await? {
                access::entered(billing, unit, (signed_in.customer, signed_in.contact), client).await?;
            }
            Ok(right)
        })
        .await?;
    Ok(proven.then(|| Standing { stage: Stage::Open, ..standing.clone() }))
}

/// Uses the code up, if it is one.
async fn takes(billing: &Billing, unit: &mut Unit, signed_in: SignedIn, code: &str) -> Result<bool> {
    let (org, contact) = (unit.org.id, signed_in.contact);
    let Some(found) = store::second_factors::find(&mut unit.tx, org, contact).await? else { return Ok(false) };
    let secret = billing.vault.open(&place(contact), &found.secret_sealed).and_then(|secret| unhex(&secret));
    let secret = secret.ok_or_else(|| Error::bug("an authenticator's secret is opened by none of the keys"))?;
    if let Some(step) = step_of(&secret, code, unit.wall)? {
        return Ok(store::second_factors::take_step(&mut unit.tx, org, contact, step).await?);
    }
    let hash = token_hash(&normal(code));
    if !store::second_factors::use_code(&mut unit.tx, org, contact, &hash, unit.now).await? {
        return Ok(false);
    }
    let left = store::second_factors::codes_left(&mut unit.tx, org, contact).await?;
    let customer = own(unit, signed_in).await?;
    let told = Access::RecoveryCodeUsed { left };
    unit.audit(told.action(), &format!("contact {contact}")).await?;
    tell(billing, unit, &customer, told).await?;
    Ok(true)
}

fn is_offered(me: &Me) -> Result<()> {
    if me.org.portal.second_factor == SecondFactor::Off { Err(Error::NotFound("page")) } else { Ok(()) }
}

/// Six digits, every half-minute, of the wall clock as it is everywhere; one more half-minute to each side.
fn totp(secret: &[u8]) -> Result<Totp> {
    Builder::new().with_secret(secret).build().map_err(|error| Error::bug(error.to_string()))
}

/// The half-minute that a code belongs to. Blanks don't matter: apps show `123 456`.
fn step_of(secret: &[u8], code: &str, wall: Timestamp) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(wall.as_seconds()).unwrap_or(0);
    Ok(totp(secret)?.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
}

fn waiting(billing: &Billing, contact: ContactId, standing: &Standing) -> Option<Vec<u8>> {
    unhex(&billing.vault.open(&new_place(contact), standing.authenticator.as_ref()?)?)
}

fn new_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| in_groups(&base32(&rand::random::<[u8; RECOVERY_BYTES]>()), '-')).collect()
}

fn base32(bytes: &[u8; RECOVERY_BYTES]) -> String {
    let letter = |n: usize| {
        let bit = n * 5;
        let pair = u16::from(bytes[bit / 8]) << 8 | u16::from(*bytes.get(bit / 8 + 1).unwrap_or(&0));
        char::from(ALPHABET[usize::from(pair >> (11 - bit % 8) & 31)])
    };
    (0..RECOVERY_BYTES * 8 / 5).map(letter).collect()
}

fn in_groups(text: &str, between: char) -> String {
    let mut grouped = String::new();
    for (n, c) in text.chars().enumerate() {
        if n > 0 && n.is_multiple_of(SHOWN_IN_GROUPS_OF) {
            grouped.push(between);
        }
        grouped.push(c);
    }
    grouped
}

/// As it is hashed, however it was typed.
fn normal(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

async fn keep_codes(unit: &mut Unit, contact: ContactId, codes: &[String]) -> Result<()> {
    for code in codes {
        store::second_factors::insert_code(&mut unit.tx, unit.org.id, contact, &token_hash(&normal(code))).await?;
    }
    Ok(())
}

fn seal_codes(billing: &Billing, contact: ContactId, codes: &[String]) -> Result<String> {
    billing.vault.seal(&codes_place(contact), &codes.join("\n"))
}

fn place(contact: ContactId) -> String {
    format!("authenticators/{contact}")
}

fn new_place(contact: ContactId) -> String {
    format!("sessions/authenticator/{contact}")
}

fn codes_place(contact: ContactId) -> String {
    format!("sessions/recovery codes/{contact}")
}

/// Seals with the newest key what older ones sealed. How many, how many were opened by none, and where to go on.
pub(crate) async fn reseal(
    billing: &Billing,
    unit: &mut Unit,
    (after, max): (ContactId, i64),
) -> Result<(u64, u64, Option<ContactId>)> {
    let org: OrganizationId = unit.org.id;
    let found = store::second_factors::of_other_keys(&mut unit.tx, org, &billing.vault.key_id(), (after, max)).await?;
    let (mut sealed, mut unreadable) = (0, 0);
    for old in &found {
        let place = place(old.contact_id);
        if let Some(secret) = billing.vault.open(&place, &old.secret_sealed) {
            let new = billing.vault.seal_named(&place, &secret)?;
            sealed += store::second_factors::replace_secret(&mut unit.tx, org, old, &new).await?;
        } else {
            tracing::error!(contact = old.contact_id.0, "an authenticator's secret is opened by none of the keys");
            unreadable += 1;
        }
    }
    Ok((sealed, unreadable, found.last().map(|last| last.contact_id)))
}

/// Whether an organization wants or allows it.
pub fn is_enabled(org: &Organization) -> bool {
    org.portal.second_factor != SecondFactor::Off
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let now = Timestamp(jiff::Timestamp::from_second(seconds).unwrap());
            assert_eq!(step_of(b"12345678901234567890", code, now).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(b"12345678901234567890", "123456", now).unwrap(), None);
        }
        let now = Timestamp(jiff::Timestamp::from_second(59).unwrap());
        assert_eq!(step_of(b"12345678901234567890", " 287 082 ", now).unwrap(), Some(1));
    }

    #[test]
    fn a_code_is_good_half_a_minute_early_and_late() {
        let at = |seconds| Timestamp(jiff::Timestamp::from_second(seconds).unwrap());
        let good = |seconds| step_of(b"12345678901234567890", "287082", at(seconds)).unwrap().is_some();
        assert!(good(29) && good(30) && good(60) && good(89));
        assert!(!good(90) && !good(1_000));
    }

    #[test]
    fn recovery_codes_differ_and_are_read_however_they_are_typed() {
        let codes = new_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(codes.iter().all(|code| code.len() == 19 && codes.iter().filter(|other| *other == code).count() == 1));
        assert_eq!(normal(" ABCD efgh-2345 "), "abcdefgh2345");
        assert_eq!(base32(&[0xff; 10]), "7".repeat(16));
        assert_eq!(base32(&[0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]), "abcdefghijklmnop");
    }
}
