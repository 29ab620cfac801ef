//! Portal sessions: tower-sessions over our own tables.
//!
//! A session lives under `/widget/s/<key>/…`, so that frames of several customers in one browser
//! never mix. It has a cookie of its own, too; once that has come back, the key alone opens nothing
//! (`api.md` §8.1). Its life follows the organization's clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use billing::secrets::{same, token_hash};
use billing::sessions::{CameFrom, Client, SessionData, expires_at};
use domain::customers::Account;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId, SessionId};
use domain::organizations::Organization;
use serde_json::Value;
use store::sessions::{OpenSession, Seen, StoredSession};
use store::{Db, Tx};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionStore};

use crate::security::client;
use crate::state::State;

/// Where the portal keeps its part of a session, for tower-sessions: as the text that is stored, which is read once.
const PORTAL: &str = "portal";
/// The end of a session is written again only when it has moved by this much.
const TOUCH_SECONDS: i64 = 60;

/// The sessions of one organization, as tower-sessions wants them.
#[derive(Clone, Debug)]
struct OrganizationSessions {
    db: Db,
    org: OrganizationId,
    now: Timestamp,
    client: Client,
    /// Sessions that are over are found, too.
    finds_over: bool,
    loaded: Arc<Read>,
}

/// What tower-sessions does not hand on.
#[derive(Debug, Default)]
struct Read {
    /// Which session was loaded, and whose it is.
    session: OnceLock<(SessionId, Account)>,
    /// Why it could not be: a database out of reach is no defect.
    error: Mutex<Option<store::Error>>,
}

impl Read {
    fn failed(&self, error: store::Error) -> Error {
        let told = backend(&error);
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        told
    }

    fn error(&self) -> Option<store::Error> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// 32 hexadecimal digits.
fn key_of(id: &Id) -> String {
    format!("{:032x}", id.0.cast_unsigned())
}

fn id_of(key: &str) -> Option<Id> {
    let good = key.len() == 32 && key.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    good.then(|| u128::from_str_radix(key, 16).ok().map(|bits| Id(bits.cast_signed())))?
}

#[async_trait]
impl SessionStore for OrganizationSessions {
    async fn save(&self, record: &Record) -> StoreResult<()> {
        let data = record.data.get(PORTAL).and_then(Value::as_str);
        let data = data.ok_or_else(|| Error::Encode("a session without data".to_owned()))?.to_owned();
        let customer = SessionData::read(&data).map_err(|e| Error::Encode(e.to_string()))?.customer;
        let customer_id = CustomerId(customer);
        let expires_at = from_date(record.expiry_date)?;
        let session = StoredSession { customer_id, data, expires_at };
        let seen = Seen { device: self.client.device, address: self.client.address.clone(), at: self.now };
        let (key_hash, session, seen) = (&token_hash(&key_of(&record.id)), &session, &seen);
        // One that was ended meanwhile stays so.
        let save = async |tx: &mut Tx| store::sessions::save(tx, self.org, key_hash, session, seen).await;
        let saved = self.db.transact(save).await;
        saved.map(drop).map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let failed = |error| self.loaded.failed(error);
        let mut conn = self.db.read().await.map_err(failed)?;
        let found = store::sessions::open(&mut conn, self.org, &token_hash(&key_of(id))).await.map_err(failed)?;
        let is_good = |found: &OpenSession| found.expires_at > self.now || (self.finds_over && !found.is_ended);
        let Some(found) = found.filter(is_good) else { return Ok(None) };
        self.loaded.session.get_or_init(|| (found.id, found.account));
        let data = HashMap::from([(PORTAL.to_owned(), Value::String(found.data))]);
        Ok(Some(Record { id: *id, data, expiry_date: to_date(found.expires_at)? }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        let key_hash = &token_hash(&key_of(id));
        let deleted = self.db.transact(async |tx: &mut Tx| store::sessions::delete(tx, self.org, key_hash).await).await;
        deleted.map(drop).map_err(|error| backend(&error))
    }
}

fn backend(error: &store::Error) -> Error {
    Error::Backend(error.to_string())
}

fn to_date(at: Timestamp) -> StoreResult<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.as_seconds()).map_err(|e| Error::Decode(e.to_string()))
}

fn from_date(at: OffsetDateTime) -> StoreResult<Timestamp> {
    let at = jiff::Timestamp::from_second(at.unix_timestamp()).map_err(|e| Error::Encode(e.to_string()))?;
    Ok(Timestamp(at))
}

/// A session that this browser may use.
pub struct PortalSession {
    session: Session,
    pub id: SessionId,
    /// From where it is used now.
    pub client: Client,
    pub account: Account,
    pub data: SessionData,
    /// What was read; a difference is written.
    stored: SessionData,
    now: Timestamp,
}

/// What a key in an address comes to.
pub enum Opened {
    Session(Box<PortalSession>),
    /// No such session, over, or another browser's.
    Closed(Closed),
}

/// What is known of a session that does not open.
#[derive(Debug, Default)]
pub struct Closed {
    pub from: CameFrom,
    /// It was one of a customer whom the merchant let in.
    pub is_merchants: bool,
    /// Numbers of the invoices that were about to be paid.
    pub chosen: Vec<String>,
}

/// Opens the session of a key for a browser with these cookies.
pub async fn open(state: &State, org: &Arc<Organization>, key: &str, request: &Parts) -> billing::Result<Opened> {
    match load(state, org, (key, request), false).await? {
        Loaded::No => Ok(Opened::Closed(Closed::default())),
        Loaded::Gone => Box::pin(closed(state, org, key, &request.headers)).await,
        Loaded::Session(session) => match bound(state, key, *session, &request.headers) {
            Ok(session) => Ok(Opened::Session(Box::new(session))),
            Err(from) => Ok(Opened::Closed(Closed { from, ..Closed::default() })),
        },
    }
}

/// The same for who is about to prolong it: over or not, but never another browser's, and none that was ended.
pub async fn open_even_over(
    state: &State,
    org: &Arc<Organization>,
    key: &str,
    request: &Parts,
) -> billing::Result<Option<PortalSession>> {
    match load(state, org, (key, request), true).await? {
        Loaded::No | Loaded::Gone => Ok(None),
        Loaded::Session(session) => Ok(bound(state, key, *session, &request.headers).ok()),
    }
}

enum Loaded {
    /// No key has this form.
    No,
    Gone,
    Session(Box<PortalSession>),
}

async fn load(
    state: &State,
    org: &Arc<Organization>,
    (key, request): (&str, &Parts),
    finds_over: bool,
) -> billing::Result<Loaded> {
    let Some(key_id) = id_of(key) else { return Ok(Loaded::No) };
    let now = state.billing.now(org);
    let loaded = Arc::<Read>::default();
    let (db, client) =
        (state.billing.db.clone(), client(&request.headers, &request.extensions, &state.config.trusted_proxies));
    let store =
        OrganizationSessions { db, org: org.id, now, client: client.clone(), finds_over, loaded: loaded.clone() };
    let session = Session::new(Some(key_id), Arc::new(store), None);
    let data: Option<String> = session.get(PORTAL).await.map_err(|error| match loaded.error() {
        Some(error) => error.into(),
        None => billing::Error::Bug(error.into()),
    })?;
    let (Some(data), Some((id, account))) = (data, loaded.session.get().cloned()) else { return Ok(Loaded::Gone) };
    let data = SessionData::read(&data)?;
    let stored = data.clone();
    Ok(Loaded::Session(Box::new(PortalSession { session, id, client, account, data, stored, now })))
}

/// The session, if its cookie came with it or never came back; else where its customer came from, and no more.
fn bound(state: &State, key: &str, session: PortalSession, headers: &HeaderMap) -> Result<PortalSession, CameFrom> {
    let mut session = session;
    let matches = has_cookie(state, key, &session.data, headers);
    if !matches && (session.data.is_bound || !cookie_of(state, key, headers).is_empty()) {
        return Err(CameFrom { login_url: session.data.look.login_url, locale: session.data.look.locale });
    }
    session.data.is_bound |= matches;
    // Moved on only when that matters: reading a page writes nothing.
    let end = expires_at(session.now, session.data.started_at).as_seconds();
    if end - session.data.ends_at >= TOUCH_SECONDS {
        session.data.ends_at = end;
    }
    Ok(session)
}

fn has_cookie(state: &State, key: &str, data: &SessionData, headers: &HeaderMap) -> bool {
    cookie_of(state, key, headers).iter().any(|value| same(&token_hash(value), &data.cookie_hash))
}

/// A session that is over still knows where its customer came from.
async fn closed(state: &State, org: &Arc<Organization>, key: &str, headers: &HeaderMap) -> billing::Result<Opened> {
    let mut view = state.billing.view(org).await?;
    let found = store::sessions::open(&mut view.conn, org.id, &token_hash(key)).await?;
    let read = found.and_then(|found| SessionData::read(&found.data).ok().map(|data| (found, data)));
    let Some((found, data)) = read else { return Ok(Opened::Closed(Closed::default())) };
    // Who has signed in here does so again; all others the merchant may let in again.
    let is_merchants = data.contact.is_none();
    let is_own = has_cookie(state, key, &data, headers);
    let locale = data.look.locale.unwrap_or(found.account.locale);
    let from = CameFrom { login_url: data.look.login_url, locale: Some(locale) };
    let chosen = data.checkout.filter(|_| is_own).map(|checkout| checkout.invoices).unwrap_or_default();
    Ok(Opened::Closed(Closed { from, is_merchants, chosen }))
}

impl PortalSession {
    /// Seconds until it is over, unless it is used.
    pub fn ends_in(&self) -> i64 {
        (self.data.ends_at - self.now.as_seconds()).max(0)
    }

    /// As if it began now: whoever may begin one has said so.
    pub fn begin_anew(&mut self) {
        self.data.started_at = self.now.as_seconds();
        self.data.ends_at = expires_at(self.now, self.data.started_at).as_seconds();
    }

    /// Writes what has changed, and the new end of the session when it has moved enough to matter.
    pub async fn keep(self) -> billing::Result<()> {
        if self.data == self.stored {
            return Ok(());
        }
        let unusable = |error: tower_sessions::session::Error| billing::Error::Unavailable(error.into());
        let end = OffsetDateTime::from_unix_timestamp(self.data.ends_at);
        let end = end.map_err(|error| billing::Error::Bug(error.into()))?;
        self.session.insert(PORTAL, self.data.written()?).await.map_err(unusable)?;
        self.session.set_expiry(Some(Expiry::AtDateTime(end)));
        self.session.save().await.map_err(unusable)
    }

    pub async fn end(self) -> billing::Result<()> {
        self.session.delete().await.map_err(|error| billing::Error::Unavailable(error.into()))
    }
}

/// One cookie per session: several in one browser do not overwrite each other.
fn cookie_name(state: &State, key: &str) -> String {
    let prefix = if state.config.dev { "" } else { "__Host-" };
    let hash = token_hash(&format!("cookie {key}"));
    format!("{prefix}bs_{}", &hash[..12])
}

/// What a browser sends as the cookie of a session.
pub fn cookie_of(state: &State, key: &str, headers: &HeaderMap) -> Vec<String> {
    cookie_values(headers, &cookie_name(state, key))
}

fn cookie_values(headers: &HeaderMap, name: &str) -> Vec<String> {
    let pairs =
        headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value.to_owned())
        .collect()
}

/// The cookies that a new session sets. With `--dev` also one without `Secure`, for clients that
/// send nothing secure over plain HTTP; browsers in a foreign frame keep to the first.
pub fn set_cookies(state: &State, key: &str, value: &str) -> Vec<String> {
    let name = cookie_name(state, key);
    let mut cookies = vec![format!("{name}={value}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")];
    if state.config.dev {
        cookies.push(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax"));
    }
    cookies
}

/// The cookies that end a session's.
pub fn clear_cookies(state: &State, key: &str) -> Vec<String> {
    let expired = set_cookies(state, key, "");
    expired.into_iter().map(|cookie| format!("{cookie}; Max-Age=0")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_thirty_two_small_hexadecimal_digits() {
        let key = "f76b5c8e68ae4c2da69bed68845f1bc6";
        assert_eq!(id_of(key).map(|id| key_of(&id)).as_deref(), Some(key));
        for bad in [
            "F76B5C8E68AE4C2DA69BED68845F1BC6",
            "f76b",
            "",
            "g76b5c8e68ae4c2da69bed68845f1bc6",
            "+76b5c8e68ae4c2da69bed68845f1bc6",
        ] {
            assert!(id_of(bad).is_none(), "{bad}");
        }
    }
}
