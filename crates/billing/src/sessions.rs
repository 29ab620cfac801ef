//! Portal sessions: by a link that the merchant minted, or by user name and password (`api.md` §8.1, §8.2).

use std::sync::Arc;

use domain::access::Actor;
use domain::contacts::Password;
use domain::customers::CustomerStatus;
use domain::dates::Timestamp;
use domain::devices::Device;
use domain::ids::{ContactId, CustomerId, OrganizationId, SessionId, SsoLinkId};
use domain::organizations::Organization;
use serde::{Deserialize, Serialize};
use store::sessions::{Seen, StoredSession};
use store::sso_links::SsoLink;

use crate::secrets::{Purpose, hex, random_token, token_hash};
use crate::staff::{is_locked, next_attempts};
use crate::{Billing, Error, Result, Unit, access, second_factors};

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
    /// A card on its way from the card form to the confirmation.
    pub checkout: Option<Checkout>,
    #[serde(default)]
    pub standing: Standing,
}

/// How far a session that began with a password has come, and what it has on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub stage: Stage,
    /// When the password was asked for again; as `started_at`.
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

/// What is about to be paid with which card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// Sealed by the vault for [`CHECKOUT_PLACE`].
    pub token_sealed: String,
    /// `Visa: 1111`
    pub context: String,
    pub expiry_year: i16,
    pub expiry_month: i8,
    /// Invoice numbers.
    pub invoices: Vec<String>,
    /// What the customer was shown, in minor units: only that is charged.
    pub amount_minor: i64,
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

/// What a merchant asks a link for; checked already.
#[derive(Clone, Debug, Default)]
pub struct LinkRequest {
    pub look: Look,
    /// One of [`PAGES`]; `None`: home.
    pub page: Option<String>,
    pub invoice_number: Option<String>,
}

/// Names of first pages (`api.md` §8.1) and where they are.
pub const PAGES: &[(&str, &str)] = &[
    ("customerHome", "home"),
    ("invoices", "invoices"),
    ("invoice", "invoices"),
    ("payments", "payments"),
    ("makePayment", "pay"),
    ("account", "account"),
];

/// A link as the merchant gets it; only its hash is kept.
#[derive(Clone, Debug)]
pub struct Minted {
    pub id: SsoLinkId,
    pub token: String,
    pub expires_at: Timestamp,
}

/// Makes a link that lets one customer in, once, within half an hour.
pub async fn mint(unit: &mut Unit, customer: CustomerId, request: &LinkRequest) -> Result<Minted> {
    let found = store::customers::find(&mut unit.tx, unit.org.id, customer).await?;
    let found = found.ok_or(Error::NotFound("customer"))?;
    check_enters(found.status)?;
    let token = random_token();
    let expires_at = unit.now.add_seconds(LINK_SECONDS);
    let link = SsoLink {
        id: unit.id(SsoLinkId).await?,
        customer_id: customer,
        css_url: request.look.css_url.clone(),
        login_url: request.look.login_url.clone(),
        success_url: request.look.success_url.clone(),
        show_navigation: !request.look.hides_navigation,
        page: request.page.clone().unwrap_or_else(|| "customerHome".to_owned()),
        invoice_number: request.invoice_number.clone(),
        expires_at,
        redeemed_at: None,
    };
    store::sso_links::insert(&mut unit.tx, unit.org.id, &token_hash(&token), &link, unit.now).await?;
    Ok(Minted { id: link.id, token, expires_at })
}

fn check_enters(status: CustomerStatus) -> Result<()> {
    if status.may_enter_portal() {
        return Ok(());
    }
    Err(Error::refused(format!("The customer is {status} and has no portal.")))
}

/// What opening a link comes to.
#[derive(Debug)]
pub enum Redeemed {
    Session(NewSession),
    /// Used before: the key of the session that it made, for whoever holds that session's cookie.
    Used {
        key: String,
        login_url: Option<String>,
    },
    /// Never minted here, or so long ago that it is forgotten.
    Unknown,
    /// Minted, never used, too late.
    Expired {
        login_url: Option<String>,
    },
}

/// What a link is presented by.
#[derive(Clone, Copy, Debug)]
pub enum Credential<'a> {
    /// The token in its address.
    Token(&'a str),
    /// Its id, out of a token that we signed.
    Id(SsoLinkId),
}

/// Redeems a link: by one statement, so that however many try at once, one session is made.
pub async fn redeem(
    billing: &Billing,
    org: OrganizationId,
    credential: Credential<'_>,
    client: &Client,
) -> Result<Redeemed> {
    billing
        .unit(org, &Actor::System, async |unit| {
            let found = match credential {
                Credential::Token(token) => {
                    store::sso_links::find(&mut unit.tx, unit.org.id, &token_hash(token)).await?
                }
                Credential::Id(id) => store::sso_links::find_by_id(&mut unit.tx, unit.org.id, id).await?,
            };
            let Some(link) = found else { return Ok(Redeemed::Unknown) };
            // The session's key follows from the link, so that a second visit finds the same session.
            let parts = [&unit.org.id.0.to_be_bytes()[..], &link.id.0.to_be_bytes()[..]];
            let key = hex(&billing.vault.derive(Purpose::SsoSession, &parts)[..16]);
            let customer = store::customers::find(&mut unit.tx, unit.org.id, link.customer_id).await?;
            if !customer.is_some_and(|customer| customer.status.may_enter_portal()) {
                return Ok(Redeemed::Expired { login_url: link.login_url });
            }
            if store::sso_links::redeem(&mut unit.tx, unit.org.id, link.id, unit.now).await? {
                return Ok(Redeemed::Session(open_link(unit, &link, &key, client).await?));
            }
            Ok(match link.redeemed_at {
                // Between reading and redeeming another may have been first: used it is either way.
                None if link.expires_at <= unit.now => Redeemed::Expired { login_url: link.login_url },
                _ => Redeemed::Used { key, login_url: link.login_url },
            })
        })
        .await
}

async fn open_link(unit: &mut Unit, link: &SsoLink, key: &str, client: &Client) -> Result<NewSession> {
    let look = Look {
        css_url: link.css_url.clone(),
        login_url: link.login_url.clone(),
        success_url: link.success_url.clone(),
        hides_navigation: !link.show_navigation,
        locale: None,
    };
    let page = PAGES.iter().find(|(name, _)| *name == link.page).map_or("home", |(_, path)| path);
    let page = match (&link.invoice_number, link.page.as_str()) {
        (Some(number), "makePayment") => format!("{page}?invoice={number}"),
        (Some(number), _) => format!("invoices/{number}"),
        (None, _) => page.to_owned(),
    };
    let new = NewSession { key: key.to_owned(), cookie: random_token(), customer: link.customer_id, page };
    start(unit, &new, Beginning { contact: None, look, standing: Standing::default(), client }).await?;
    Ok(new)
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
    };
    let session = StoredSession {
        customer_id: new.customer,
        data: serde_json::to_string(&Envelope { portal: data }).map_err(|e| Error::Bug(e.into()))?,
        expires_at: unit.now.add_seconds(IDLE_SECONDS),
    };
    let seen = Seen { device: client.device, address: client.address.clone(), at: unit.now };
    let session = store::sessions::NewSession { id: unit.id(SessionId).await?, contact, session, seen };
    store::sessions::insert(&mut unit.tx, unit.org.id, &token_hash(&new.key), &session).await?;
    Ok(())
}

/// A session's JSON: an object with one entry per part of the program that keeps something in it.
#[derive(Serialize, Deserialize)]
struct Envelope {
    portal: SessionData,
}

/// When a session that is used now is over: after half an hour of rest, or eight hours in all.
pub fn expires_at(now: Timestamp, started_at: i64) -> Timestamp {
    let left = (started_at + ABSOLUTE_SECONDS - now.as_seconds()).clamp(0, IDLE_SECONDS);
    now.add_seconds(left)
}
