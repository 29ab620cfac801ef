//! AvaTax, the address service of Avalara: `POST /api/v2/addresses/resolve`.
//!
//! One question, one answer: no redirect is followed, an answer that is late or long is none. Of what went wrong only
//! its kind is told, never the address or the licence key.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::addresses::AddressVerdict;
use billing::checks::is_on_loopback;
use billing::ports::{AddressCheck, AddressQuestion, Answering, AvalaraAccount, CannotCheck};
use domain::contacts::AddressFields;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use serde::{Deserialize, Serialize};

/// For a whole answer.
pub const TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: usize = 256 * 1024;
const MESSAGES_MAX: usize = 10;
const MESSAGE_CHARACTERS_MAX: usize = 500;
/// Where AvaTax knows addresses; it finds none of any other country.
const COUNTRIES: [&str; 7] = ["us", "usa", "united states", "united states of america", "ca", "can", "canada"];

pub struct Avalara {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
    /// `serve --dev` may ask a service on this machine.
    allows_loopback: bool,
}

impl AddressCheck for Avalara {
    fn check<'a>(&'a self, question: AddressQuestion<'a>) -> Answering<'a, Result<AddressVerdict, CannotCheck>> {
        Box::pin(async move {
            let account = question.account.ok_or_else(|| cannot("the account or its licence key can't be read"))?;
            if !is_covered(question.address) {
                return Ok(AddressVerdict::Valid);
            }
            if is_on_loopback(&account.url) && !self.allows_loopback {
                return Err(cannot("a service on this machine is asked by serve --dev only"));
            }
            let answer = tokio::time::timeout(self.timeout, self.ask(account, question.address));
            let answer = answer.await.map_err(|_| cannot("there was no answer in time"))??;
            verdict(&answer)
        })
    }
}

impl Avalara {
    pub fn new(timeout: Duration, allows_loopback: bool) -> Result<Avalara, rustls::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(Arc::new(ring::default_provider()))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Avalara { client: Client::builder(TokioExecutor::new()).build(connector), timeout, allows_loopback })
    }

    async fn ask(&self, account: &AvalaraAccount, address: &AddressFields) -> Result<Bytes, CannotCheck> {
        let answer = self.client.request(request(account, address)?).await;
        let answer = answer.map_err(|error| {
            cannot(if error.is_connect() { "it can't be reached" } else { "the connection broke off" })
        })?;
        if !answer.status().is_success() {
            return Err(CannotCheck(format!("it answered with status {}", answer.status().as_u16())));
        }
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok(body.map_err(|_| cannot("the answer broke off or is too long"))?.to_bytes())
    }
}

fn cannot(why: &str) -> CannotCheck {
    CannotCheck(why.to_owned())
}

/// Without a country it is up to the service.
fn is_covered(address: &AddressFields) -> bool {
    let country = address.country_code.as_ref().or(address.country.as_ref());
    country.is_none_or(|country| COUNTRIES.contains(&country.trim().to_lowercase().as_str()))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    line1: Option<&'a str>,
    line2: Option<&'a str>,
    city: Option<&'a str>,
    region: Option<&'a str>,
    postal_code: Option<&'a str>,
    country: Option<&'a str>,
}

fn request(account: &AvalaraAccount, address: &AddressFields) -> Result<Request<Full<Bytes>>, CannotCheck> {
    let credentials = STANDARD.encode(format!("{}:{}", account.account, account.license_key.expose()));
    let mut authorization = HeaderValue::try_from(format!("Basic {credentials}")).expect("Base64 is ASCII");
    authorization.set_sensitive(true);
    let question = Question {
        line1: address.street1.as_deref(),
        line2: address.street2.as_deref(),
        city: address.city.as_deref(),
        region: address.state.as_deref(),
        postal_code: address.zip.as_deref(),
        country: address.country_code.as_deref().or(address.country.as_deref()),
    };
    let body = serde_json::to_vec(&question).expect("texts are always JSON");
    Request::builder()
        .method(Method::POST)
        .uri(format!("{}/api/v2/addresses/resolve", account.url))
        .header(AUTHORIZATION, authorization)
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("BluSynergy/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(body.into()))
        .map_err(|_| cannot("its address is none"))
}

/// Of the answer, what is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resolution {
    messages: Option<Vec<Message>>,
    resolution_quality: Option<String>,
    validated_addresses: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct Message {
    severity: Option<String>,
    summary: Option<String>,
    details: Option<String>,
}

fn verdict(answer: &[u8]) -> Result<AddressVerdict, CannotCheck> {
    let resolution: Resolution = serde_json::from_slice(answer).map_err(|_| cannot("the answer is none of AvaTax"))?;
    let Resolution { messages, resolution_quality, validated_addresses } = resolution;
    if messages.is_none() && resolution_quality.is_none() && validated_addresses.is_none() {
        return Err(cannot("the answer is none of AvaTax"));
    }
    let is_error = |message: &Message| message.severity.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("error"));
    let errors: Vec<String> =
        messages.into_iter().flatten().filter(is_error).take(MESSAGES_MAX).map(Message::text).collect();
    Ok(match resolution_quality.as_deref() {
        _ if !errors.is_empty() => AddressVerdict::Invalid(errors),
        Some("NotCoded") => AddressVerdict::Invalid(vec!["The address could not be found.".to_owned()]),
        Some(_) | None => AddressVerdict::Valid,
    })
}

impl Message {
    /// Short enough for an answer of ours, and on one line.
    fn text(self) -> String {
        let text = self.summary.or(self.details).unwrap_or_default();
        let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let line: String = words.collect::<Vec<_>>().join(" ").chars().take(MESSAGE_CHARACTERS_MAX).collect();
        if line.is_empty() { "The address could not be found.".to_owned() } else { line }
    }
}

#[cfg(test)]
mod tests {
    use billing::ports::AvalaraAccount;
    use domain::contacts::Password;

    use super::*;

    fn said(answer: &str) -> Option<AddressVerdict> {
        verdict(answer.as_bytes()).ok()
    }

    fn doubt(message: &str) -> AddressVerdict {
        AddressVerdict::Invalid(vec![message.to_owned()])
    }

    #[test]
    fn errors_and_what_was_not_found_are_doubts_and_hints_are_none() {
        assert_eq!(said(r#"{"validatedAddresses":[]}"#), Some(AddressVerdict::Valid));
        assert_eq!(said(r#"{"resolutionQuality":"Rooftop","messages":null}"#), Some(AddressVerdict::Valid));
        assert_eq!(said(r#"{"messages":[{"severity":"Warning","summary":"w"}]}"#), Some(AddressVerdict::Valid));
        let error =
            r#"{"messages":[{"severity":"error","summary":"Not\n deliverable."}],"resolutionQuality":"External"}"#;
        assert_eq!(said(error), Some(doubt("Not deliverable.")));
        assert_eq!(said(r#"{"messages":[{"severity":"Error","details":"d"}]}"#), Some(doubt("d")));
        assert_eq!(said(r#"{"messages":[{"severity":"Error"}]}"#), Some(doubt("The address could not be found.")));
        assert_eq!(said(r#"{"resolutionQuality":"NotCoded"}"#), Some(doubt("The address could not be found.")));
        for garbage in ["", "{}", "[]", "null", "\"ok\"", "<html>", r#"{"messages":"none"}"#, r#"{"error":{}}"#] {
            assert_eq!(said(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn messages_are_few_and_short() {
        let message = format!("{{\"severity\":\"Error\",\"summary\":\"{}\"}}", "x".repeat(2_000));
        let answer = format!("{{\"messages\":[{}]}}", vec![message; 50].join(","));
        let Some(AddressVerdict::Invalid(messages)) = said(&answer) else { panic!("it is doubtful") };
        assert_eq!((messages.len(), messages[0].len()), (MESSAGES_MAX, MESSAGE_CHARACTERS_MAX));
    }

    #[test]
    fn only_the_united_states_and_canada_are_asked_for() {
        let of = |code: Option<&str>, country: Option<&str>| {
            let [country_code, country] = [code, country].map(|text| text.map(str::to_owned));
            is_covered(&AddressFields { country_code, country, ..AddressFields::default() })
        };
        assert!(of(Some("usa"), None) && of(Some("CA"), Some("Kanada")) && of(None, Some("United States")));
        assert!(of(None, None));
        assert!(!of(Some("deu"), None) && !of(None, Some("Germany")) && !of(Some("DE"), Some("Canada")));
    }

    #[tokio::test]
    async fn a_service_on_this_machine_is_asked_in_development_only() {
        let account = AvalaraAccount {
            account: "1".to_owned(),
            license_key: Password::new("k"),
            url: "http://127.0.0.1:9".to_owned(),
        };
        let address = AddressFields { street1: Some("43 Main Av".to_owned()), ..AddressFields::default() };
        let question = AddressQuestion { address: &address, account: Some(&account) };
        let live = Avalara::new(TIMEOUT, false).unwrap().check(question).await.unwrap_err().to_string();
        assert!(live.contains("serve --dev"), "{live}");
        let nobody = AddressQuestion { address: &address, account: None };
        assert!(Avalara::new(TIMEOUT, true).unwrap().check(nobody).await.is_err());
    }
}
