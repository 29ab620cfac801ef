//! A small Authorize.Net on the loopback, with the answers that it was recorded to give: it keeps transactions by their
//! invoice number and does as it is told with the next one.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use testkit::conformance::Outage;

pub const LOGIN: &str = "5KP3u95bQpv";
pub const TRANSACTION_KEY: &str = "346HZ32z3fP4hTG2";

#[derive(Default)]
struct State {
    next: VecDeque<Outage>,
    transactions: Vec<Transaction>,
    profiles: Vec<String>,
    asked: Vec<String>,
    silent: Vec<TcpStream>,
    is_settled: bool,
}

#[derive(Clone)]
struct Transaction {
    invoice: String,
    /// In hundredths.
    amount: i64,
    card: String,
    status: &'static str,
    gives_back: Option<String>,
}

pub struct AuthorizeService {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl AuthorizeService {
    pub fn start() -> AuthorizeService {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                drop(converse(stream.unwrap(), &shared));
            }
        });
        AuthorizeService { url, state }
    }

    /// What goes wrong with the next transaction.
    pub fn next(&self, outage: Outage) {
        self.state.lock().unwrap().next.push_back(outage);
    }

    /// The day is over: what was captured is settled, in one batch.
    pub fn settle(&self) {
        let mut state = self.state.lock().unwrap();
        state.is_settled = true;
        for transaction in &mut state.transactions {
            transaction.status = match transaction.status {
                "capturedPendingSettlement" => "settledSuccessfully",
                "refundPendingSettlement" => "refundSettledSuccessfully",
                status => status,
            };
        }
    }

    /// What was charged and not given back, in hundredths.
    pub fn moved(&self) -> i64 {
        self.state.lock().unwrap().transactions.iter().map(Transaction::moved).sum()
    }

    /// Every request, as it came in.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }
}

impl Transaction {
    fn moved(&self) -> i64 {
        match self.status {
            "capturedPendingSettlement" | "settledSuccessfully" => self.amount,
            "refundPendingSettlement" | "refundSettledSuccessfully" => -self.amount,
            _ => 0,
        }
    }
}

fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let text = String::from_utf8(body).unwrap();
    let mut state = state.lock().unwrap();
    state.asked.push(text.clone());
    let moves_money = text.contains("createTransactionRequest");
    let outage = if moves_money { state.next.pop_front() } else { None };
    let answer = match outage {
        Some(Outage::RequestLost) => return Ok(()),
        Some(Outage::Failed) => return (&stream).write_all(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"),
        Some(Outage::AnswerLost | Outage::TooSlow | Outage::Garbled) | None => state.answer(&text),
    };
    match outage {
        Some(Outage::AnswerLost) => return Ok(()),
        Some(Outage::TooSlow) => {
            state.silent.push(stream);
            return Ok(());
        }
        _ => {}
    }
    let json = if outage == Some(Outage::Garbled) { "<html>maintenance".to_owned() } else { answer.to_string() };
    let json = format!("\u{feff}{json}");
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close";
    (&stream).write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{json}", json.len()).as_bytes())
}

fn ok() -> Value {
    json!({ "resultCode": "Ok", "message": [{ "code": "I00001", "text": "Successful." }] })
}

fn error(code: &str, text: &str) -> Value {
    json!({ "messages": { "resultCode": "Error", "message": [{ "code": code, "text": text }] } })
}

impl State {
    fn answer(&mut self, text: &str) -> Value {
        let question: Value = serde_json::from_str(text).unwrap();
        let (kind, question) = question.as_object().unwrap().iter().next().unwrap();
        if question["merchantAuthentication"] != json!({ "name": LOGIN, "transactionKey": TRANSACTION_KEY }) {
            return error("E00007", "User authentication failed due to invalid authentication values.");
        }
        match kind.as_str() {
            "createTransactionRequest" => self.transact(&question["transactionRequest"]),
            "createCustomerProfileRequest" => {
                let payment = &question["profile"]["paymentProfiles"]["payment"];
                self.profiles.push(payment["creditCard"]["cardNumber"].as_str().unwrap_or_default().to_owned());
                let id = (self.profiles.len() - 1).to_string();
                json!({ "customerProfileId": "900", "customerPaymentProfileIdList": [id], "messages": ok() })
            }
            "getTransactionDetailsRequest" => self.details(question["transId"].as_str().unwrap()),
            "getUnsettledTransactionListRequest" => self.list(false),
            "getTransactionListRequest" => self.list(true),
            "getSettledBatchListRequest" if self.is_settled => {
                json!({ "batchList": [{ "batchId": "4594221", "settlementState": "settledSuccessfully" }], "messages": ok() })
            }
            "getSettledBatchListRequest" => json!({ "messages": ok() }),
            kind => panic!("Authorize.Net was not recorded to answer {kind}"),
        }
    }

    fn transact(&mut self, request: &Value) -> Value {
        let amount = hundredths(request["amount"].as_str().unwrap_or("0"));
        let sale = request["refTransId"].as_str().unwrap_or_default();
        match request["transactionType"].as_str().unwrap() {
            "authOnlyTransaction" => said(self.verdict(request), "0"),
            "authCaptureTransaction" => {
                let status = match self.verdict(request) {
                    Ok(()) => "capturedPendingSettlement",
                    Err(_) => "declined",
                };
                let said = self.verdict(request);
                self.keep(request, amount, (status, None), said)
            }
            "voidTransaction" => match self.find(sale).map(|sale| sale.status) {
                Some("capturedPendingSettlement") => {
                    self.find(sale).unwrap().status = "voided";
                    said(Ok(()), sale)
                }
                Some(_) => said(Err(("16", "The transaction cannot be found.")), "0"),
                None => error("E00027", "The transaction was unsuccessful."),
            },
            "refundTransaction" => {
                let left: i64 = self
                    .transactions
                    .iter()
                    .enumerate()
                    .filter(|(n, other)| id(*n) == sale || other.gives_back.as_deref() == Some(sale))
                    .map(|(_, other)| other.moved())
                    .sum();
                if request["payment"]["creditCard"]["cardNumber"].as_str().is_none_or(|digits| digits.len() != 4) {
                    return said(Err(("6", "The credit card number is invalid.")), "0");
                }
                if amount > left {
                    let text = "The referenced transaction does not meet the criteria for issuing a credit.";
                    return said(Err(("54", text)), "0");
                }
                self.keep(request, amount, ("refundPendingSettlement", Some(sale.to_owned())), Ok(()))
            }
            kind => panic!("Authorize.Net was not recorded to answer {kind}"),
        }
    }

    /// A number that ends in 2 is declined.
    fn verdict(&self, request: &Value) -> Result<(), (&'static str, &'static str)> {
        match self.card(request).as_deref() {
            None => Err(("E00040", "Customer Profile ID or Customer Payment Profile ID not found.")),
            Some(number) if number.ends_with('2') => Err(("2", "This transaction has been declined.")),
            Some(_) => Ok(()),
        }
    }

    fn card(&self, request: &Value) -> Option<String> {
        if let Some(number) = request["payment"]["creditCard"]["cardNumber"].as_str() {
            return Some(number.to_owned());
        }
        let profile: usize = request["profile"]["paymentProfile"]["paymentProfileId"].as_str()?.parse().ok()?;
        self.profiles.get(profile).cloned()
    }

    fn keep(
        &mut self,
        request: &Value,
        amount: i64,
        (status, gives_back): (&'static str, Option<String>),
        verdict: Result<(), (&'static str, &'static str)>,
    ) -> Value {
        let invoice = request["order"]["invoiceNumber"].as_str().unwrap().to_owned();
        assert!(invoice.len() <= 20, "{invoice} is too long for Authorize.Net");
        assert_eq!(request["transactionSettings"]["setting"][0]["settingName"], "duplicateWindow");
        if self.transactions.iter().any(|other| other.invoice == invoice && other.amount == amount) {
            return said(Err(("11", "A duplicate transaction has been submitted.")), "0");
        }
        let Some(card) = self.card(request) else { return said(verdict, "0") };
        self.transactions.push(Transaction { invoice, amount, card, status, gives_back });
        said(verdict, &id(self.transactions.len() - 1))
    }

    fn find(&mut self, wanted: &str) -> Option<&mut Transaction> {
        let n: usize = wanted.parse::<usize>().ok()?.checked_sub(40_000_000_000)?;
        self.transactions.get_mut(n)
    }

    fn details(&mut self, wanted: &str) -> Value {
        let Some(found) = self.find(wanted) else { return error("E00040", "The record cannot be found.") };
        let (amount, last) = (found.amount, &found.card[found.card.len() - 4..]);
        let dollars: Value = serde_json::from_str(&format!("{}.{:02}", amount / 100, amount % 100)).unwrap();
        json!({
            "transaction": {
                "transId": wanted, "submitTimeUTC": "2011-09-20T12:00:00.123Z", "transactionStatus": found.status,
                "responseCode": 1, "authCode": "5KL3QK", "AVSResponse": "Y", "cardCodeResponse": "M",
                "order": { "invoiceNumber": found.invoice }, "authAmount": dollars, "settleAmount": dollars,
                "payment": { "creditCard": {
                    "cardNumber": format!("XXXX{last}"), "expirationDate": "XXXX", "cardType": "Visa" } },
            },
            "messages": ok(),
        })
    }

    fn list(&self, settled: bool) -> Value {
        let is_settled = |status: &str| status.starts_with("settled") || status.starts_with("refundSettled");
        let found: Vec<Value> = self
            .transactions
            .iter()
            .enumerate()
            .filter(|(_, transaction)| is_settled(transaction.status) == settled)
            .map(|(n, transaction)| {
                json!({
                    "transId": id(n), "transactionStatus": transaction.status, "invoiceNumber": transaction.invoice,
                    "accountType": "Visa",
                })
            })
            .collect();
        // Without any, the list is not there.
        if found.is_empty() { json!({ "messages": ok() }) } else { json!({ "transactions": found, "messages": ok() }) }
    }
}

fn id(n: usize) -> String {
    (40_000_000_000 + n).to_string()
}

fn said(verdict: Result<(), (&str, &str)>, id: &str) -> Value {
    match verdict {
        Ok(()) => json!({
            "transactionResponse": {
                "responseCode": "1", "authCode": "5KL3QK", "avsResultCode": "Y", "cvvResultCode": "M",
                "cavvResultCode": "2", "transId": id, "refTransID": "", "accountNumber": "XXXX1111",
                "messages": [{ "code": "1", "description": "This transaction has been approved." }],
            },
            "messages": ok(),
        }),
        Err((code, text)) if code.starts_with('E') => error(code, text),
        Err((code, text)) => {
            let response_code = if code == "2" { "2" } else { "3" };
            json!({
                "transactionResponse": {
                    "responseCode": response_code, "authCode": "", "avsResultCode": "P", "cvvResultCode": "",
                    "transId": id, "errors": [{ "errorCode": code, "errorText": text }],
                },
                "messages": { "resultCode": "Error",
                    "message": [{ "code": "E00027", "text": "The transaction was unsuccessful." }] },
            })
        }
    }
}

fn hundredths(amount: &str) -> i64 {
    let (whole, rest) = amount.split_once('.').unwrap_or((amount, "00"));
    whole.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap()
}
