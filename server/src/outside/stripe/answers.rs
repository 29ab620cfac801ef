//! What Stripe says, and what follows from it.

use std::collections::HashMap;

use billing::ports::Charge;
use domain::payments::{Answer, Match, Outcome, Verdict};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::requests::minor_units;
use crate::outside::https::{Answered, line};

pub enum Said<T> {
    /// With the time it took, in milliseconds.
    Done(T, i64),
    /// Nothing was done.
    Refused(Answer),
    /// The idempotency key belongs to another request, or to one that is under way.
    Mixed,
    /// No answer, or none that can be understood: whether something was done is not known.
    Nothing,
}

#[derive(Deserialize)]
pub struct Made {
    pub id: String,
}

#[derive(Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub has_more: bool,
}

#[derive(Deserialize)]
pub struct Intent {
    pub id: String,
    status: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    pub metadata: HashMap<String, String>,
    latest_charge: Option<LatestCharge>,
    last_payment_error: Option<Problem>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LatestCharge {
    Shown(Box<ChargeShown>),
    /// Its id.
    Named(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct ChargeShown {
    payment_method_details: Option<MethodDetails>,
}

#[derive(Deserialize)]
struct MethodDetails {
    card: Option<CardDetails>,
}

#[derive(Deserialize)]
struct CardDetails {
    checks: Option<Checks>,
    authorization_code: Option<String>,
}

#[derive(Deserialize)]
struct Checks {
    address_line1_check: Option<String>,
    address_postal_code_check: Option<String>,
    cvc_check: Option<String>,
}

#[derive(Deserialize)]
pub struct Refund {
    id: String,
    status: String,
    amount: i64,
    #[serde(default)]
    pub metadata: HashMap<String, String>,
    failure_reason: Option<String>,
}

#[derive(Deserialize)]
pub struct SetUp {
    id: String,
    status: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: Problem,
}

#[derive(Default, Deserialize)]
struct Problem {
    r#type: Option<String>,
    code: Option<String>,
    decline_code: Option<String>,
    message: Option<String>,
    payment_intent: Option<Made>,
    charge: Option<String>,
}

pub fn understand<T: DeserializeOwned>(answered: &Answered) -> Said<T> {
    let Answered { status, body, time_ms } = answered;
    if status.is_success() {
        return match serde_json::from_slice(body) {
            Ok(done) => Said::Done(done, *time_ms),
            Err(_) => not_understood(),
        };
    }
    let Ok(Refusal { error }) = serde_json::from_slice(body) else { return not_understood() };
    match *status {
        _ if error.r#type.as_deref() == Some("idempotency_error") => Said::Mixed,
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => Said::Mixed,
        StatusCode::PAYMENT_REQUIRED => Said::Refused(refused(Verdict::Declined, error, *time_ms)),
        status if status.is_client_error() => {
            tracing::warn!(status = status.as_u16(), code = error.code.as_deref(), "Stripe refused a request");
            Said::Refused(refused(Verdict::Error, error, *time_ms))
        }
        status => {
            tracing::warn!(status = status.as_u16(), "Stripe failed");
            Said::Nothing
        }
    }
}

fn not_understood<T>() -> Said<T> {
    tracing::warn!("an answer is none of Stripe");
    Said::Nothing
}

fn refused(verdict: Verdict, problem: Problem, response_time_ms: i64) -> Answer {
    let message = line(problem.message.as_deref().unwrap_or("The request was refused."));
    let code = problem.decline_code.or(problem.code).or(problem.r#type);
    let id = problem.payment_intent.map(|intent| intent.id).or(problem.charge);
    Answer {
        verdict,
        transaction_id: line(&id.unwrap_or_default()),
        approval_code: String::new(),
        status_message: message.clone(),
        error_code: line(code.as_deref().unwrap_or("refused")),
        error_message: message,
        avs: Match::Unsupported,
        cvv: Match::Unsupported,
        response_time_ms,
    }
}

fn approved(id: &str, response_time_ms: i64) -> Answer {
    Answer {
        verdict: Verdict::Approved,
        transaction_id: line(id),
        approval_code: String::new(),
        status_message: "Approved".to_owned(),
        error_code: String::new(),
        error_message: String::new(),
        avs: Match::Unsupported,
        cvv: Match::Unsupported,
        response_time_ms,
    }
}

fn declined(id: &str, code: &str, message: &str, response_time_ms: i64) -> Answer {
    let problem = Problem {
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        payment_intent: Some(Made { id: id.to_owned() }),
        ..Problem::default()
    };
    refused(Verdict::Declined, problem, response_time_ms)
}

impl Intent {
    /// Nobody but the customer's bank could go on with it, and nobody is there to ask it.
    pub fn waits_for_somebody(&self) -> bool {
        self.status == "requires_action"
    }

    pub fn outcome(self, charge: &Charge, time_ms: i64) -> Outcome {
        let currency = charge.currency.code();
        let asked = minor_units(charge.currency, charge.amount);
        if self.amount.to_string() != asked || !self.currency.eq_ignore_ascii_case(currency) {
            tracing::error!(
                intent = self.id,
                key = charge.key,
                "Stripe's amount or currency is not what was asked for"
            );
            return Outcome::Unknown;
        }
        match self.status.as_str() {
            "succeeded" => Outcome::Answered(self.approval(time_ms)),
            "requires_payment_method" | "requires_action" | "canceled" => Outcome::Answered(self.decline(time_ms)),
            // On its way: a direct debit is for days.
            _ => Outcome::Unknown,
        }
    }

    fn approval(self, time_ms: i64) -> Answer {
        let details = match self.latest_charge {
            Some(LatestCharge::Shown(charge)) => charge.payment_method_details.and_then(|details| details.card),
            Some(LatestCharge::Named(_)) | None => None,
        };
        let (checks, code) = details.map_or((None, None), |card| (card.checks, card.authorization_code));
        let (avs, cvv) = checks.map_or((Match::Unsupported, Match::Unsupported), Checks::matches);
        Answer { avs, cvv, approval_code: line(&code.unwrap_or_default()), ..approved(&self.id, time_ms) }
    }

    fn decline(self, time_ms: i64) -> Answer {
        let Some(problem) = self.last_payment_error else {
            return declined(&self.id, &self.status, "The payment was not completed.", time_ms);
        };
        let problem = Problem { payment_intent: Some(Made { id: self.id }), ..problem };
        refused(Verdict::Declined, problem, time_ms)
    }

    /// What became of a request to cancel it; `None`: it can still be either.
    pub fn cancelled(self, time_ms: i64) -> Option<Answer> {
        match self.status.as_str() {
            "canceled" => Some(approved(&self.id, time_ms)),
            "succeeded" => Some(declined(&self.id, "settled", "It is settled already; it can be refunded.", time_ms)),
            _ => None,
        }
    }
}

impl Checks {
    fn matches(self) -> (Match, Match) {
        let of = |check: Option<String>| match check.as_deref() {
            Some("pass") => Match::Yes,
            Some("fail") => Match::No,
            _ => Match::Unsupported,
        };
        // One that fails outweighs one that passes.
        let avs = match (of(self.address_line1_check), of(self.address_postal_code_check)) {
            (Match::No, _) | (_, Match::No) => Match::No,
            (Match::Yes, _) | (_, Match::Yes) => Match::Yes,
            (Match::Unsupported, Match::Unsupported) => Match::Unsupported,
        };
        (avs, of(self.cvc_check))
    }
}

impl Refund {
    pub fn outcome(self, request: &Charge, time_ms: i64) -> Outcome {
        if self.amount.to_string() != minor_units(request.currency, request.amount) {
            tracing::error!(refund = self.id, key = request.key, "Stripe's amount is not what was asked for");
            return Outcome::Unknown;
        }
        match self.status.as_str() {
            "succeeded" => Outcome::Answered(approved(&self.id, time_ms)),
            "failed" | "canceled" => {
                let reason = self.failure_reason.as_deref().unwrap_or(&self.status);
                Outcome::Answered(declined(&self.id, reason, "The refund failed.", time_ms))
            }
            _ => Outcome::Unknown,
        }
    }
}

impl SetUp {
    pub fn outcome(self, time_ms: i64) -> Outcome {
        match self.status.as_str() {
            "succeeded" => Outcome::Answered(approved(&self.id, time_ms)),
            "processing" => Outcome::Unknown,
            status => Outcome::Answered(declined(&self.id, status, "The card could not be set up.", time_ms)),
        }
    }
}
