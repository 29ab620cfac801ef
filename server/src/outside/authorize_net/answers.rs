//! What Authorize.Net says, and what follows from it. Its JSON begins with a byte order mark.

use std::str::FromStr;

use billing::ports::Charge;
use domain::payments::{Answer, Match, Outcome, Verdict};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::requests::LIMIT;
use crate::outside::https::{Answered, line};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Codes that leave open whether something was done.
const OPEN: [&str; 4] = ["E00001", "E00053", "E00104", "E00054"];
/// The transaction that has this invoice number already came to something, whatever this one is told.
const DUPLICATE: &str = "11";
const ALREADY_VOIDED: &str = "310";

pub enum Said<T> {
    /// With the time it took, in milliseconds.
    Done(T, i64),
    /// Nothing was done.
    Refused(Answer),
    /// No answer, or none that can be understood: whether something was done is not known.
    Nothing,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    messages: Messages,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Messages {
    result_code: String,
    #[serde(default)]
    message: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    code: String,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transacted {
    transaction_response: TransactionResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransactionResponse {
    response_code: Text,
    auth_code: Option<String>,
    avs_result_code: Option<String>,
    cvv_result_code: Option<String>,
    trans_id: Option<String>,
    #[serde(default)]
    messages: Vec<Remark>,
    #[serde(default)]
    errors: Vec<Objection>,
}

/// Some numbers come as texts, and some do not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(Number),
}

#[derive(Deserialize)]
struct Remark {
    code: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Objection {
    error_code: Option<String>,
    error_text: Option<String>,
}

#[derive(Deserialize)]
pub struct Details {
    pub transaction: Transaction,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    trans_id: String,
    transaction_status: String,
    auth_amount: Option<Number>,
    auth_code: Option<String>,
    #[serde(rename = "AVSResponse")]
    avs_response: Option<String>,
    card_code_response: Option<String>,
    response_reason_description: Option<String>,
    pub payment: Option<MaskedPayment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MaskedPayment {
    CreditCard(MaskedCard),
    BankAccount(MaskedAccount),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaskedCard {
    pub card_number: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaskedAccount {
    pub account_type: Option<String>,
    pub routing_number: String,
    pub account_number: String,
    pub name_on_account: Option<String>,
}

#[derive(Deserialize)]
pub struct Transactions {
    #[serde(default)]
    transactions: Vec<Listed>,
}

impl Transactions {
    /// Else there are more of them than it was asked for.
    pub fn is_whole(&self) -> bool {
        self.transactions.len() < LIMIT
    }
}

impl IntoIterator for Transactions {
    type Item = Listed;
    type IntoIter = std::vec::IntoIter<Listed>;

    fn into_iter(self) -> Self::IntoIter {
        self.transactions.into_iter()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    pub trans_id: String,
    pub invoice_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batches {
    #[serde(default)]
    pub batch_list: Vec<Batch>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    pub batch_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    customer_profile_id: Option<String>,
    #[serde(default)]
    customer_payment_profile_id_list: Vec<String>,
}

impl Profile {
    pub fn token(self) -> Option<String> {
        let method = self.customer_payment_profile_id_list.into_iter().next()?;
        Some(format!("{}/{method}", self.customer_profile_id?))
    }
}

pub fn understand<T: DeserializeOwned>(answered: &Answered) -> Said<T> {
    let Some((value, messages)) = opened(answered) else { return Said::Nothing };
    if messages.result_code != "Ok" {
        return refused(messages, answered.time_ms);
    }
    T::deserialize(value).map_or_else(|_| not_understood(), |done| Said::Done(done, answered.time_ms))
}

/// A transaction that was declined is an error, with all that is to be known of it.
pub fn understand_transaction(answered: &Answered) -> Said<Transacted> {
    let Some((value, messages)) = opened(answered) else { return Said::Nothing };
    match Transacted::deserialize(value) {
        Ok(transacted) => Said::Done(transacted, answered.time_ms),
        Err(_) if messages.result_code != "Ok" => refused(messages, answered.time_ms),
        Err(_) => not_understood(),
    }
}

fn opened(answered: &Answered) -> Option<(Value, Messages)> {
    if !answered.status.is_success() {
        tracing::warn!(status = answered.status.as_u16(), "Authorize.Net failed");
        return None;
    }
    let body = answered.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&answered.body);
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let envelope = value.as_ref().and_then(|value| Envelope::deserialize(value).ok());
    if envelope.is_none() {
        tracing::warn!("an answer is none of Authorize.Net");
    }
    Some((value?, envelope?.messages))
}

fn not_understood<T>() -> Said<T> {
    tracing::warn!("an answer is none of Authorize.Net");
    Said::Nothing
}

fn refused<T>(messages: Messages, time_ms: i64) -> Said<T> {
    let first = messages.message.into_iter().next();
    let (code, text) = first.map_or((String::new(), None), |message| (message.code, message.text));
    tracing::warn!(code, "Authorize.Net refused a request");
    if code.is_empty() || OPEN.contains(&code.as_str()) {
        return Said::Nothing;
    }
    let text = text.unwrap_or_else(|| "The request was refused.".to_owned());
    Said::Refused(answer(Verdict::Error, "", (&code, &text), time_ms))
}

fn answer(verdict: Verdict, id: &str, (code, message): (&str, &str), response_time_ms: i64) -> Answer {
    let is_approved = verdict == Verdict::Approved;
    Answer {
        verdict,
        // It is 0 where there is no transaction.
        transaction_id: if id == "0" { String::new() } else { line(id) },
        approval_code: String::new(),
        status_message: line(message),
        error_code: if is_approved { String::new() } else { line(code) },
        error_message: if is_approved { String::new() } else { line(message) },
        avs: Match::Unsupported,
        cvv: Match::Unsupported,
        response_time_ms,
    }
}

impl Transacted {
    pub fn outcome(self, time_ms: i64) -> Outcome {
        let response = self.transaction_response;
        let (code, message) = response.reason();
        let verdict = match response.response_code.text().as_str() {
            "1" => Verdict::Approved,
            "2" => Verdict::Declined,
            "3" if code == DUPLICATE => return Outcome::Unknown,
            "3" if code == ALREADY_VOIDED => Verdict::Approved,
            "3" => Verdict::Error,
            // Held for review: it is approved or declined later.
            _ => return Outcome::Unknown,
        };
        let id = response.trans_id.as_deref().unwrap_or_default();
        Outcome::Answered(Answer {
            approval_code: line(response.auth_code.as_deref().unwrap_or_default()),
            avs: avs(response.avs_result_code.as_deref()),
            cvv: cvv(response.cvv_result_code.as_deref()),
            ..answer(verdict, id, (&code, &message), time_ms)
        })
    }
}

impl TransactionResponse {
    fn reason(&self) -> (String, String) {
        if let Some(error) = self.errors.first() {
            let text = error.error_text.as_deref().unwrap_or("The transaction was refused.");
            return (error.error_code.clone().unwrap_or_default(), text.to_owned());
        }
        let said = self.messages.first();
        let code = said.and_then(|said| said.code.clone()).unwrap_or_default();
        let text = said.and_then(|said| said.description.as_deref()).unwrap_or("The transaction was handled.");
        (code, text.to_owned())
    }
}

impl Text {
    fn text(&self) -> String {
        match self {
            Text::Text(text) => text.clone(),
            Text::Number(number) => number.to_string(),
        }
    }
}

fn avs(code: Option<&str>) -> Match {
    match code {
        Some("Y" | "X") => Match::Yes,
        // Street or postal code alone is not the address.
        Some("N" | "A" | "W" | "Z") => Match::No,
        _ => Match::Unsupported,
    }
}

fn cvv(code: Option<&str>) -> Match {
    match code {
        Some("M") => Match::Yes,
        Some("N") => Match::No,
        _ => Match::Unsupported,
    }
}

impl Transaction {
    pub fn outcome(self, charge: &Charge) -> Outcome {
        let amount = self.auth_amount.as_ref().and_then(|amount| Decimal::from_str(&amount.to_string()).ok());
        let amount = amount.and_then(|amount| charge.currency.amount(amount).ok());
        if amount != Some(charge.amount) {
            tracing::error!(id = self.trans_id, key = charge.key, "Authorize.Net's amount is not what was asked for");
            return Outcome::Unknown;
        }
        let verdict = match self.transaction_status.as_str() {
            "capturedPendingSettlement"
            | "settledSuccessfully"
            | "refundPendingSettlement"
            | "refundSettledSuccessfully" => Verdict::Approved,
            "declined" | "expired" | "failedReview" | "voided" | "returnedItem" => Verdict::Declined,
            "communicationError" | "generalError" | "settlementError" => Verdict::Error,
            // Held for review, or on its way.
            _ => return Outcome::Unknown,
        };
        let message = self.response_reason_description.as_deref().unwrap_or(&self.transaction_status);
        Outcome::Answered(Answer {
            approval_code: line(self.auth_code.as_deref().unwrap_or_default()),
            avs: avs(self.avs_response.as_deref()),
            cvv: cvv(self.card_code_response.as_deref()),
            ..answer(verdict, &self.trans_id, (&self.transaction_status, message), 0)
        })
    }

    pub fn is_voided(&self) -> bool {
        self.transaction_status == "voided"
    }

    /// What became of a request to void it; `None`: it can still be voided.
    pub fn voided(self) -> Option<Answer> {
        match self.transaction_status.as_str() {
            "voided" => Some(answer(Verdict::Approved, &self.trans_id, ("", "The transaction was voided."), 0)),
            "settledSuccessfully" | "refundSettledSuccessfully" => {
                Some(answer(Verdict::Declined, &self.trans_id, ("settled", "The transaction is settled already."), 0))
            }
            _ => None,
        }
    }
}
