//! The adapter of Authorize.Net, against its recorded answers.

use std::future::ready;
use std::time::Duration;

use billing::ports::{Charge, Gateway, Instrument, ProcessorAccount, ProcessorCredentials};
use domain::contacts::Password;
use domain::ids::OrganizationId;
use domain::money::Amount;
use domain::payments::{Known, Outcome, Processor, RequestKind, Verdict};
use domain::wallet::Card;
use server::outside::authorize_net::AuthorizeNet;
use server::outside::https::Https;
use testkit::conformance::{NOW, Outage, Subject};
use testkit::conforms;

use super::authorize_service::{AuthorizeService, LOGIN, TRANSACTION_KEY};
use super::card;

/// Long for a server on this machine, and short for a test that waits for no answer.
const TIMEOUT: Duration = Duration::from_secs(3);

struct Recorded {
    service: AuthorizeService,
    gateway: AuthorizeNet,
}

impl Recorded {
    fn start() -> Recorded {
        Recorded::with(LOGIN)
    }

    fn with(login: &str) -> Recorded {
        let service = AuthorizeService::start();
        let credentials =
            ProcessorCredentials { login: login.to_owned(), key: Password::new(TRANSACTION_KEY), event_key: None };
        let account = ProcessorAccount { processor: Processor::AuthorizeNet, url: service.url.clone(), credentials };
        Recorded { gateway: AuthorizeNet::new(Https::new(TIMEOUT, true).unwrap(), account), service }
    }
}

impl Subject for Recorded {
    fn gateway(&self) -> &dyn Gateway {
        &self.gateway
    }

    fn closes_keys(&self) -> bool {
        false
    }

    async fn arrange(&self, verdict: Verdict, outage: Option<Outage>) -> Option<Card> {
        if let Some(outage) = outage {
            self.service.next(outage);
        }
        Some(card(match verdict {
            Verdict::Approved => "4111111111111111",
            Verdict::Declined => "4000000000000002",
            Verdict::Error => return None,
        }))
    }

    async fn moved(&self) -> Amount {
        Amount(self.service.moved())
    }
}

conforms!(ready(Recorded::start()));

fn sale(key: &str) -> Charge {
    let now: domain::dates::Timestamp = NOW.parse().unwrap();
    let (currency, today) = ("USD".parse().unwrap(), now.date_in(&jiff::tz::TimeZone::UTC));
    let (org, kind, amount) = (OrganizationId(7), RequestKind::Sale, Amount(6050));
    Charge { org, kind, key: key.to_owned(), amount, currency, asked_at: now, now, today }
}

fn visa() -> Instrument {
    Instrument::Card(Box::new(card("4111111111111111")))
}

#[tokio::test]
async fn a_lost_answer_is_found_among_what_is_settled_too() {
    let recorded = Recorded::start();
    recorded.service.next(Outage::AnswerLost);
    let key = "payment-9007199254740991";
    assert_eq!(recorded.gateway.charge(&sale(key), &visa()).await, Outcome::Unknown);
    recorded.service.settle();
    let known = recorded.gateway.look_up(&sale(key)).await;
    assert!(matches!(&known, Known::Answered(answer) if answer.verdict == Verdict::Approved), "{known:?}");
    let other = Charge { amount: Amount(6051), ..sale(key) };
    assert_eq!(recorded.gateway.look_up(&other).await, Known::Unknown, "another amount is not this sale");
}

#[tokio::test]
async fn what_is_not_found_is_never_charged_only_once_it_cant_be_on_its_way() {
    let recorded = Recorded::start();
    assert_eq!(recorded.gateway.look_up(&sale("payment-1")).await, Known::Unknown);
    let at = |seconds| Charge { now: sale("").now.add_seconds(seconds), ..sale("payment-1") };
    assert_eq!(recorded.gateway.look_up(&at(1799)).await, Known::Unknown);
    assert_eq!(recorded.gateway.look_up(&at(1800)).await, Known::Never);
}

#[tokio::test]
async fn the_matches_of_address_and_code_are_told() {
    let recorded = Recorded::start();
    let Outcome::Answered(answer) = recorded.gateway.charge(&sale("payment-1"), &visa()).await else { panic!() };
    let told = format!("{} {} {} {}", answer.avs, answer.cvv, answer.approval_code, answer.transaction_id);
    assert_eq!(told, "Y Y 5KL3QK 40000000000");
}

#[tokio::test]
async fn wrong_credentials_charge_nothing_and_are_in_no_answer() {
    let recorded = Recorded::with("somebody");
    let Outcome::Answered(answer) = recorded.gateway.charge(&sale("payment-1"), &visa()).await else { panic!() };
    assert_eq!((answer.verdict, answer.error_code.as_str()), (Verdict::Error, "E00007"));
    assert!(!format!("{answer:?}").contains(TRANSACTION_KEY));
    assert_eq!(recorded.gateway.look_up(&sale("payment-1")).await, Known::Unknown);
}

/// Authorize.Net reads JSON by the order of the fields.
#[tokio::test]
async fn the_fields_of_a_request_have_their_order() {
    let recorded = Recorded::start();
    recorded.gateway.charge(&sale("payment-1"), &visa()).await;
    let asked = recorded.service.asked().remove(0);
    let fields = [
        "createTransactionRequest",
        "merchantAuthentication",
        "name",
        "transactionKey",
        "refId",
        "transactionRequest",
        "transactionType",
        "amount",
        "currencyCode",
        "payment",
        "creditCard",
        "cardNumber",
        "expirationDate",
        "cardCode",
        "order",
        "invoiceNumber",
        "billTo",
        "firstName",
        "lastName",
        "transactionSettings",
        "setting",
        "settingName",
        "settingValue",
    ];
    let at: Vec<usize> = fields.iter().map(|field| asked.find(&format!("\"{field}\":")).expect(field)).collect();
    assert!(at.is_sorted(), "{asked}");
    assert!(asked.contains("\"amount\":\"60.50\"") && asked.contains("\"expirationDate\":\"2035-12\""), "{asked}");
}
