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

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use domain::ids::OrganizationId;
    use domain::money::Amount;
    use domain::payments::RequestKind;

    use super::*;

    fn charge() -> Charge {
        let now = "2011-09-20T12:00:00Z".parse().unwrap();
        let (key, currency) = ("payment-1".to_owned(), "USD".parse().unwrap());
        let today = domain::dates::Date::new(2011, 9, 20);
        let (org, kind, amount) = (OrganizationId(7), RequestKind::Sale, Amount(6050));
        Charge { org, kind, key, amount, currency, asked_at: now, now, today }
    }

    fn answered(status: u16, body: &str) -> Answered {
        let status = StatusCode::from_u16(status).unwrap();
        Answered { status, body: Bytes::copy_from_slice(body.as_bytes()), time_ms: 5 }
    }

    /// What is known of a sale when its intent is this.
    fn outcome(intent: &str) -> Outcome {
        match understand::<Intent>(&answered(200, intent)) {
            Said::Done(intent, time_ms) => intent.outcome(&charge(), time_ms),
            Said::Refused(_) | Said::Mixed | Said::Nothing => panic!("it is an intent"),
        }
    }

    fn intent(status: &str, more: &str) -> String {
        format!("{{\"id\":\"pi_1\",\"status\":\"{status}\",\"amount\":6050,\"currency\":\"usd\"{more}}}")
    }

    fn checked(line1: &str, postal_code: &str, cvc: &str) -> String {
        let more = format!(
            ",\"latest_charge\":{{\"payment_method_details\":{{\"card\":{{\"authorization_code\":\"A1\",\"checks\":{{\
             \"address_line1_check\":{line1},\"address_postal_code_check\":{postal_code},\"cvc_check\":{cvc}}}}}}}}}"
        );
        match outcome(&intent("succeeded", &more)) {
            Outcome::Answered(answer) => format!("{} {} {}", answer.avs, answer.cvv, answer.approval_code),
            Outcome::Unknown => panic!("it succeeded"),
        }
    }

    #[test]
    fn checks_of_address_and_code_are_matches() {
        for (line1, postal_code, cvc, expected) in [
            ("\"pass\"", "\"pass\"", "\"pass\"", "Y Y A1"),
            ("\"pass\"", "\"fail\"", "\"fail\"", "N N A1"),
            ("null", "\"pass\"", "\"unavailable\"", "Y X A1"),
            ("\"unchecked\"", "null", "null", "X X A1"),
        ] {
            assert_eq!(checked(line1, postal_code, cvc), expected);
        }
    }

    #[test]
    fn an_intent_on_its_way_or_of_another_amount_says_nothing_yet() {
        assert!(matches!(outcome(&intent("succeeded", ",\"latest_charge\":\"ch_1\"")), Outcome::Answered(_)));
        for unknown in [
            intent("processing", ""),
            intent("requires_confirmation", ""),
            intent("requires_capture", ""),
            intent("whatever_comes", ""),
            intent("succeeded", "").replace("6050", "6051"),
            intent("succeeded", "").replace("usd", "eur"),
        ] {
            assert_eq!(outcome(&unknown), Outcome::Unknown, "{unknown}");
        }
        let declined =
            ",\"last_payment_error\":{\"code\":\"card_declined\",\"decline_code\":\"lost_card\",\"message\":\"No.\"}";
        for failed in
            [intent("requires_payment_method", declined), intent("requires_action", ""), intent("canceled", "")]
        {
            let Outcome::Answered(answer) = outcome(&failed) else { panic!("{failed}") };
            assert_eq!((answer.verdict, answer.transaction_id.as_str()), (Verdict::Declined, "pi_1"));
        }
    }

    /// Whether nothing was done for sure, and what is told of it.
    fn refusal(status: u16, body: &str) -> Option<String> {
        match understand::<Intent>(&answered(status, body)) {
            Said::Refused(answer) => Some(format!("{} {}", answer.verdict, answer.error_code)),
            Said::Done(..) => panic!("{body}"),
            Said::Mixed | Said::Nothing => None,
        }
    }

    #[test]
    fn only_a_refusal_that_can_be_read_means_that_nothing_was_done() {
        let error = |kind: &str, code: &str| {
            format!("{{\"error\":{{\"type\":\"{kind}\",\"code\":\"{code}\",\"message\":\"m\"}}}}")
        };
        assert_eq!(refusal(402, &error("card_error", "card_declined")).as_deref(), Some("Declined card_declined"));
        assert_eq!(
            refusal(400, &error("invalid_request_error", "amount_too_small")).as_deref(),
            Some("Error amount_too_small")
        );
        assert_eq!(refusal(401, &error("invalid_request_error", "")).as_deref(), Some("Error "));
        for (status, body) in [
            (400, error("idempotency_error", "")),
            (409, error("invalid_request_error", "lock_timeout")),
            (429, error("invalid_request_error", "rate_limit")),
            (500, error("api_error", "")),
            (502, "<html>".to_owned()),
            (402, "<html>".to_owned()),
            (200, "{}".to_owned()),
            (200, String::new()),
            (301, error("card_error", "card_declined")),
        ] {
            assert_eq!(refusal(status, &body), None, "{status} {body}");
        }
    }
}
