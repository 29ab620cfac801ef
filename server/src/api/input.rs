//! What a request brings: who sends it, its parameters, its body.

use std::any::Any;
use std::error::Error;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::customers::CustomerKey;
use billing::staff::{ApiAccess, NoAccess, api_access};
use billing::{Billing, Unit};
use domain::contacts::Password;
use domain::ids::CustomerId;
use http_body_util::LengthLimitError;
use jiff::tz::TimeZone;
use wire::element::{Element, Limits};
use wire::reader;

use super::reply::{Refusal, Reply};
use crate::caller::Caller;
use crate::organization;
use crate::state::State;
use crate::throttle::Who;

/// Bytes of a body that is too large, read and thrown away so that the sender hears the answer.
const DRAINED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// More parameters than any call knows.
const PARAMS_MAX: usize = 100;

/// What stands for a NUL: a character that no text of XML or of ours may hold.
const NUL: &str = "\u{ffff}";

/// The largest body that any call takes.
pub const BODY_BYTES_MAX: usize = Limits::ACTIVITIES.bytes;

/// The right to use the API: right host, right credentials, right role. Handlers that have it may act.
#[derive(Clone)]
pub struct Api {
    pub access: ApiAccess,
    pub billing: Billing,
    pub params: Params,
    pub caller: Caller,
}

/// Found out already, on the way to the handler.
#[derive(Clone)]
pub struct Prepared(pub Api);

impl Api {
    /// How the request is answered once a transaction has come to a `T`: under an `Idempotency-Key` the answer is
    /// stored in that transaction. The handler answers by the same `render`.
    pub fn answers_with<T: Any>(&self, render: &(impl Fn(&T) -> Reply + Clone + Send + Sync + 'static)) {
        let render = render.clone();
        self.billing.answers_with(move |outcome| render(outcome).stored());
    }

    /// Does `work` in one transaction and answers by `render`.
    pub async fn unit<T: Any>(
        &self,
        work: impl AsyncFnOnce(&mut Unit) -> billing::Result<T> + Clone,
        render: impl Fn(&T) -> Reply + Clone + Send + Sync + 'static,
    ) -> Result<Reply, Refusal> {
        self.answers_with(&render);
        let outcome = self.billing.unit(self.access.org.id, &self.access.actor(), work).await?;
        Ok(render(&outcome))
    }

    /// Of the organization; a copy, for whoever writes an answer.
    pub fn zone(&self) -> TimeZone {
        self.access.org.time_zone.clone()
    }
}

impl FromRequestParts<State> for Api {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Api, Refusal> {
        if let Some(Prepared(api)) = parts.extensions.remove() {
            return Ok(api);
        }
        let entry = organization::find(state, &parts.headers).await?.ok_or_else(Refusal::unauthorized)?;
        let (username, password) = credentials(&parts.headers).ok_or_else(Refusal::unauthorized)?;
        let access = match api_access(&state.billing, &entry, &username, &password).await {
            Ok(access) => access,
            Err(NoAccess::Unknown) => return Err(Refusal::unauthorized()),
            Err(NoAccess::Role) => return Err(Refusal::forbidden()),
            Err(NoAccess::Failed(error)) => return Err(error.into()),
        };
        let caller = parts.extensions.get::<Caller>().cloned().unwrap_or_default();
        caller.is(access.org.id, access.staff);
        state.requests.count(Who::Staff(access.staff.0)).map_err(Refusal::too_many)?;
        let params = Params::parse(parts.uri.query().unwrap_or_default());
        params.check()?;
        check_encoding(&parts.headers)?;
        // Of the UniPay-compatible API the path has codes: the merchant's own, whatever numbers look like them.
        if !parts.extensions.get::<MatchedPath>().is_some_and(|route| route.as_str().starts_with("/api/")) {
            let path = RawPathParams::from_request_parts(parts, state).await.ok();
            path.iter().flatten().for_each(|(name, value)| caller.names_by(name, value));
        }
        params.0.iter().for_each(|(name, value)| caller.names_by(name, value));
        Ok(Api { access, billing: Billing::clone(&state.billing), params, caller })
    }
}

/// A compressed body would be answered as malformed, which helps nobody.
fn check_encoding(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_plain = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(is_plain) { Ok(()) } else { Err(Refusal::encoded()) }
}

/// User name and password of HTTP Basic.
fn credentials(headers: &HeaderMap) -> Option<(String, Password)> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (username, password) = decoded.split_once(':').filter(|(username, _)| !username.contains('\0'))?;
    Some((username.to_owned(), Password::new(password)))
}

/// The query, names and values trimmed (`api.md` §1.3).
#[derive(Clone)]
pub struct Params(Vec<(String, String)>);

impl Params {
    pub fn parse(query: &str) -> Params {
        // No text of ours has a NUL, and PostgreSQL takes none: like this it is a text that finds nothing.
        let text = |text: &str| text.trim().replace('\0', NUL);
        let pairs = form_urlencoded::parse(query.as_bytes());
        Params(pairs.map(|(name, value)| (text(&name), text(&value))).collect())
    }

    /// Of two values under one name, whichever we took, somebody meant the other; and bytes that are no UTF-8 were
    /// meant as something else than what stands for them.
    fn check(&self) -> Result<(), Refusal> {
        if self.0.len() > PARAMS_MAX {
            return Err(Refusal::bad_request(format!("The query may have at most {PARAMS_MAX} parameters.")));
        }
        let is_twice = |at: usize| {
            let (name, value) = &self.0[at];
            self.0[..at].iter().any(|(other_name, other)| other_name == name && other != value)
        };
        if let Some(at) = (1..self.0.len()).find(|at| is_twice(*at)) {
            let name = &self.0[at].0;
            return Err(Refusal::bad_request(format!("{name} is given twice, which must agree.")).about(name));
        }
        match self.0.iter().find(|(_, value)| value.contains(char::REPLACEMENT_CHARACTER)) {
            Some((name, _)) => {
                Err(Refusal::bad_request(format!("{name} must be text in UTF-8, percent-encoded.")).about(name))
            }
            None => Ok(()),
        }
    }

    /// A parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All that is given for a parameter, for where two of them are a mistake.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let given = self.0.iter().filter(move |(given, _)| given == name);
        given.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The representation that is asked for, one of `allowed`; the first is the default.
    pub fn format(&self, allowed: &[&'static str]) -> Result<&'static str, Refusal> {
        let Some(asked) = self.get("format") else { return Ok(allowed[0]) };
        allowed
            .iter()
            .copied()
            .find(|format| *format == asked)
            .ok_or_else(|| Refusal::bad_request(format!("format must be one of {} here.", allowed.join(", "))))
    }

    pub fn boolean(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None => Ok(false),
            Some(text) => reader::boolean(name, text).map_err(|problem| Refusal::bad_request(problem.message)),
        }
    }

    /// The operation that a POST names, by either spelling (`api.md` §1.9).
    pub fn action(&self) -> Result<Option<&str>, Refusal> {
        match (self.get("action"), self.get("actionName")) {
            (Some(one), Some(other)) if one != other => {
                Err(Refusal::bad_request("action and actionName name different operations."))
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    pub fn no_action(&self) -> Result<(), Refusal> {
        match self.action()? {
            Some(_) => Err(Refusal::bad_request("There is no such action here.")),
            None => Ok(()),
        }
    }

    /// The customer that `customerId` and `extCustomerRef` name.
    pub fn customer_key(&self) -> Result<CustomerKey, Refusal> {
        let id = match self.get("customerId") {
            Some(text) => Some(path_id(text, "customer").map(CustomerId)?),
            None => None,
        };
        Ok(CustomerKey { id, ext_customer_ref: self.owned("extCustomerRef") })
    }
}

/// An id in the path; what is not written as a number names nothing (`api.md` §1.4).
pub fn path_id(text: &str, what: &'static str) -> Result<i64, Refusal> {
    let id = reader::integer(what, text, &(1..=i64::MAX));
    id.map_err(|_| Refusal::not_found(format!("{what} not found")))
}

/// A body of XML.
pub struct Xml(pub Element);

impl FromRequest<State> for Xml {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &State) -> Result<Xml, Refusal> {
        let bytes = read(request.into_body(), Limits::DEFAULT.bytes).await?;
        Ok(Xml(Element::parse(&bytes, Limits::DEFAULT)?))
    }
}

/// The same for usage, which comes in bulk.
pub struct LongXml(pub Element);

impl FromRequest<State> for LongXml {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &State) -> Result<LongXml, Refusal> {
        let bytes = read(request.into_body(), Limits::ACTIVITIES.bytes).await?;
        Ok(LongXml(Element::parse(&bytes, Limits::ACTIVITIES)?))
    }
}

/// A body that nothing is read from: what is there must be well-formed (`api.md` §1.9).
pub struct WellFormed;

impl FromRequest<State> for WellFormed {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &State) -> Result<WellFormed, Refusal> {
        let bytes = read(request.into_body(), Limits::DEFAULT.bytes).await?;
        if !bytes.trim_ascii().is_empty() {
            Element::parse(&bytes, Limits::DEFAULT)?;
        }
        Ok(WellFormed)
    }
}

/// The whole body, if it is not too large.
pub async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    match axum::body::to_bytes(body, DRAINED_BYTES_MAX).await {
        Ok(bytes) if bytes.len() <= limit => Ok(bytes.into()),
        Err(error) if !error.source().is_some_and(<dyn Error>::is::<LengthLimitError>) => {
            Err(Refusal::bad_request("The body could not be read to its end; its length or its chunks are wrong."))
        }
        Ok(_) | Err(_) => Err(Refusal::too_large(limit)),
    }
}
