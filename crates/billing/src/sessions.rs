//! Portal sessions: by a link that the merchant minted, or by user name and password (`api.md` §8.1, §8.2).

mod links;
mod wishes;

use std::sync::Arc;

use domain::access::Actor;
use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::devices::Device;
use domain::ids::{ContactId, CustomerId, SessionId};
use domain::organizations::Organization;
use domain::payments::{Payment, PaymentStatus};
use serde::{Deserialize, Serialize};
use store::sessions::{Seen, StoredSession};

use crate::secrets::{random_token, token_hash};
use crate::staff::{is_locked, next_attempts};
use crate::{Billing, Error, Result, Unit, access, second_factors};

pub(crate) use links::use_up;
pub use links::{CameFrom, Credential, Minted, Redeemed, mint, redeem, redeem_signed};
pub use wishes::{LinkRequest, PAGES, Wishes};

pub const LINK_SECONDS: i64 = 30 * 60;
pub const IDLE_SECONDS: i64 = 30 * 60;
/// A session that is over is remembered this long, to send its customer back to where they came from.
const REMEMBERED_SECONDS: i64 = 24 * 60 * 60;
pub const ABSOLUTE_SECONDS: i64 = 8 * 60 * 60;

/// What a session keeps, as JSON. The card's token is sealed; nothing else of it is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionData {
    pub customer: i64,
    /// The contact that logged in; `None`: a link let the customer in.
    pub contact: Option<i64>,
    /// Hash of the cookie that belongs to the session.
    pub cookie_hash: String,
    /// The cookie has come back once: from then on the key alone opens nothing.
    pub is_bound: bool,
    /// Seconds since 1970, of the organization's clock.
    pub started_at: i64,
    /// When it is over unless it is used again; as `started_at`.
    pub ends_at: i64,
    pub look: Look,
    /// Shown once, on the next page.
    pub flash: Option<Flash>,
    /// A payment on its way to its confirmation.
    #[serde(default, deserialize_with = "checkout_or_none")]
    pub checkout: Option<Checkout>,
    /// What was just paid: the merchant's page hears of it once.
    #[serde(default)]
    pub paid: Option<Paid>,
    #[serde(default)]
    pub standing: Standing,
}

impl SessionData {
    /// As it is stored.
    pub fn written(&self) -> Result<String> {
        serde_json::to_string(&Envelope { portal: self }).map_err(|error| Error::Bug(error.into()))
    }

    pub fn read(stored: &str) -> Result<SessionData> {
        let envelope: Envelope<SessionData> = serde_json::from_str(stored).map_err(|error| Error::Bug(error.into()))?;
        Ok(envelope.portal)
    }
}

/// A payment as the merchant's page hears of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Its number.
    pub payment: String,
    /// `60.50`
    pub amount: String,
    pub currency: String,
}

impl Paid {
    /// `None`: it is not paid, or not yet.
    pub fn of(payment: &Payment) -> Option<Paid> {
        (payment.status == PaymentStatus::Paid).then(|| Paid {
            payment: payment.number.clone(),
            amount: payment.currency.format(payment.amount),
            currency: payment.currency.code().to_owned(),
        })
    }
}

/// How far a session that began with a password has come, and what it has on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub stage: Stage,
    /// When password or passkey was asked for again; as `started_at`.
    pub confirmed_at: Option<i64>,
    /// The secret of an authenticator app that is being set up, sealed.
    #[serde(default)]
    pub authenticator: Option<String>,
    /// Recovery codes that were just made and are yet to be written down, sealed.
    #[serde(default)]
    pub recovery_codes: Option<String>,
}

/// What a session opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Every page.
    #[default]
    Open,
    /// Nothing but the question for the second factor.
    SecondFactor,
    /// Nothing but setting one up.
    Enrolment,
}

/// From where somebody comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub device: Device,
    /// Of the internet.
    pub address: String,
}

/// How the merchant wants the portal to look and to lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub css_url: Option<String>,
    pub login_url: Option<String>,
    pub success_url: Option<String>,
    pub hides_navigation: bool,
    /// What the merchant's page or the customer has chosen for this session.
    #[serde(default)]
    pub locale: Option<String>,
}

/// What the last action had to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub is_error: bool,
    pub title: String,
    /// (field, message); the field may be empty.
    pub messages: Vec<(String, String)>,
    /// What was typed, except secrets, to fill the form again.
    pub values: Vec<(String, String)>,
}

impl Flash {
    /// What was wrong with a field.
    pub fn message(&self, field: &str) -> Option<&str> {
        self.messages.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// What was typed into a field.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}

/// What is about to be paid, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// What is paid under it is paid once.
    pub key: String,
    pub method: CheckoutMethod,
    /// Numbers of the chosen invoices.
    pub invoices: Vec<String>,
    /// What they owed when it was shown, in minor units.
    pub due_minor: i64,
    /// What the customer was shown, in minor units: only that is charged.
    pub amount_minor: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckoutMethod {
    New {
        /// Sealed by the vault for [`CHECKOUT_PLACE`].
        token_sealed: String,
        /// `CreditCard`, `ACH`
        method_type: String,
        /// `Visa: 1111`
        context: String,
        /// Year and month.
        expiry: Option<(i16, i8)>,
        /// The place where it is kept once it has paid.
        keep: Option<i64>,
    },
    OnFile {
        id: i64,
        context: String,
    },
}

impl CheckoutMethod {
    pub fn context(&self) -> &str {
        match self {
            CheckoutMethod::New { context, .. } | CheckoutMethod::OnFile { context, .. } => context,
        }
    }
}

/// One that another version of the program has written is forgotten; the customer enters the method again.
pub(crate) fn checkout_or_none<'de, D: serde::Deserializer<'de>>(data: D) -> Result<Option<Checkout>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(data)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

pub const CHECKOUT_PLACE: &str = "sessions/checkout";

/// A session as it begins. Both secrets are known to the browser only from here on.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Stands in the path of every page.
    pub key: String,
    pub cookie: String,
    pub customer: CustomerId,
    /// The first page, relative to the session's path.
    pub page: String,
}

/// Lets a contact in by user name and password. `None`: refused, for whatever reason; the same to all, after the same
/// work.
pub async fn log_in(
    billing: &Billing,
    org: &Arc<Organization>,
    (username, password): (&str, &Password),
    client: &Client,
) -> Result<Option<NewSession>> {
    let found = store::customers::find_credentials(&mut billing.view(org).await?.conn, org.id, username).await?;
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let right = billing.passwords.verify(password, hash).await?;
    let found = &found;
    billing
        .unit(org.id, &Actor::System, async |unit| {
            let Some(found) = found else {
                let slot = i64::from(token_hash(username).as_bytes()[0]);
                store::forgotten::count_unknown_login(&mut unit.tx, unit.org.id, slot).await?;
                return Ok(None);
            };
            let may = !found.account_locked && found.status.may_enter_portal();
            let stage = second_factors::stage(unit, found.id).await?;
            // Wrong codes are counted with wrong passwords: a right password forgives none while a code is to come.
            let enters = match stage {
                Stage::SecondFactor if right => !is_contact_locked(unit, found.id).await?,
                Stage::SecondFactor | Stage::Enrolment | Stage::Open => count_attempt(unit, found.id, right).await?,
            };
            if !enters || !may {
                return Ok(None);
            }
            let new = NewSession {
                key: random_token(),
                cookie: random_token(),
                customer: found.customer_id,
                page: "home".to_owned(),
            };
            let (contact, standing) = (Some(found.id), Standing { stage, ..Standing::default() });
            start(unit, &new, Beginning { contact, look: Look::default(), standing, client }).await?;
            if stage != Stage::SecondFactor {
                access::entered(billing, unit, (found.customer_id, found.id), client).await?;
            }
            Ok(Some(new))
        })
        .await
}

/// Read for change: nothing is guessed at the same time.
pub(crate) async fn is_contact_locked(unit: &mut Unit, contact: ContactId) -> Result<bool> {
    let before = store::customers::lock_attempts(&mut unit.tx, unit.org.id, contact).await?;
    Ok(is_locked(before.locked_until, unit.wall))
}

/// Counts an attempt. `false`: a wrong one, or others have locked the contact meanwhile.
pub(crate) async fn count_attempt(unit: &mut Unit, contact: ContactId, right: bool) -> Result<bool> {
    let before = store::customers::lock_attempts(&mut unit.tx, unit.org.id, contact).await?;
    if is_locked(before.locked_until, unit.wall) {
        return Ok(false);
    }
    let attempts = next_attempts(before.failed, right, unit.wall);
    if !right || before.failed > 0 {
        store::customers::record_attempts(&mut unit.tx, unit.org.id, contact, attempts).await?;
    }
    if attempts.locked_until.is_some() {
        unit.audit("locked after wrong passwords", &format!("contact {contact}")).await?;
    }
    Ok(right)
}

/// What a session begins with.
pub(crate) struct Beginning<'c> {
    pub contact: Option<ContactId>,
    pub look: Look,
    pub standing: Standing,
    pub client: &'c Client,
}

pub(crate) async fn start(unit: &mut Unit, new: &NewSession, beginning: Beginning<'_>) -> Result<()> {
    store::sessions::sweep(&mut unit.tx, unit.org.id, unit.now.add_seconds(-REMEMBERED_SECONDS)).await?;
    let Beginning { contact, look, standing, client } = beginning;
    let data = SessionData {
        customer: new.customer.0,
        contact: contact.map(|contact| contact.0),
        cookie_hash: token_hash(&new.cookie),
        is_bound: false,
        started_at: unit.now.as_seconds(),
        ends_at: expires_at(unit.now, unit.now.as_seconds()).as_seconds(),
        look,
        flash: None,
        checkout: None,
        standing,
        paid: None,
    };
    let session = StoredSession {
        customer_id: new.customer,
        data: data.written()?,
        expires_at: unit.now.add_seconds(IDLE_SECONDS),
    };
    let seen = Seen { device: client.device, address: client.address.clone(), at: unit.now };
    let session = store::sessions::NewSession { id: unit.id(SessionId).await?, contact, session, seen };
    store::sessions::insert(&mut unit.tx, unit.org.id, &token_hash(&new.key), &session).await?;
    Ok(())
}

/// A session's JSON: an object with one entry per part of the program that keeps something in it.
#[derive(Serialize, Deserialize)]
struct Envelope<D> {
    portal: D,
}

/// When a session that is used now is over: after half an hour of rest, or eight hours in all.
pub fn expires_at(now: Timestamp, started_at: i64) -> Timestamp {
    let left = (started_at + ABSOLUTE_SECONDS - now.as_seconds()).clamp(0, IDLE_SECONDS);
    now.add_seconds(left)
}
