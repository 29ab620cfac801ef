//! What every implementation of the port of gateways must do, as one suite: `conforms!` makes its tests for whatever a
//! [`Subject`] stands for. Money is counted by the processor, not by what it says to us.

use std::future::Future;

use billing::ports::{CannotTokenize, Charge, Gateway, GiveBack, Instrument, StandsFor};
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::money::Amount;
use domain::payments::{Answer, Known, Outcome, RequestKind, Verdict};
use domain::wallet::Card;

/// When everything is asked.
pub const NOW: &str = "2011-09-20T12:00:00Z";
const ORG: OrganizationId = OrganizationId(7);
const AMOUNT: Amount = Amount(6050);
/// After this long every processor knows what came of a request.
const LONG_SECONDS: i64 = 6 * 3600;

/// What goes wrong with a request that is to move money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// The connection breaks off before it is done.
    RequestLost,
    /// It is not done, and the processor says that it failed.
    Failed,
    /// It is done, and the connection breaks off before the answer.
    AnswerLost,
    /// It is done, and there is no answer in time.
    TooSlow,
    /// It is done, and the answer is garbage.
    Garbled,
}

impl Outage {
    const BEFORE: [Outage; 2] = [Outage::RequestLost, Outage::Failed];
    const AFTER: [Outage; 3] = [Outage::AnswerLost, Outage::TooSlow, Outage::Garbled];
}

/// A gateway, and the processor behind it.
pub trait Subject {
    fn gateway(&self) -> &dyn Gateway;

    /// Whether `Never` is more than a matter of time: a request that comes after it is refused.
    fn closes_keys(&self) -> bool;

    /// Makes the next request end so: a sale or a validation of the card, or a refund. `None` where that can't happen.
    fn arrange(&self, verdict: Verdict, outage: Option<Outage>) -> impl Future<Output = Option<Card>>;

    /// What was charged and not given back, as the processor counts it.
    fn moved(&self) -> impl Future<Output = Amount>;
}

/// `conforms!(start())`: the suite, for a subject that is made anew for each test.
#[macro_export]
macro_rules! conforms {
    ($start:expr) => {
        $crate::conforms! { @ $start;
            an_approved_sale_moves_its_amount
            a_declined_sale_moves_nothing_and_says_why
            a_key_is_charged_once_however_often_it_is_asked
            a_key_is_charged_once_by_two_at_the_same_time
            a_sale_whose_answer_is_lost_is_found_by_its_key
            a_decline_whose_answer_is_lost_is_no_charge
            a_sale_that_never_arrived_is_never_charged
            a_refund_gives_back_once
            no_more_is_given_back_than_was_charged
            a_refund_whose_answer_is_lost_is_found_by_its_key
            a_refund_that_never_arrived_gives_nothing_back
            a_void_takes_all_back_or_says_that_it_is_too_late
            a_validation_moves_nothing
            a_validation_without_an_answer_is_unknown
            a_token_stands_for_its_card_and_holds_nothing_of_it
            a_token_of_nothing_is_charged_nothing
            the_number_of_a_card_is_in_no_answer
        }
    };
    (@ $start:expr; $($law:ident)*) => {
        $(
            #[tokio::test]
            async fn $law() {
                $crate::conformance::$law(&$start.await).await;
            }
        )*
    };
}

fn request(kind: RequestKind, key: &str, amount: Amount) -> Charge {
    let now: Timestamp = NOW.parse().expect("a time");
    let currency = "USD".parse().expect("a currency");
    let today = now.date_in(&jiff::tz::TimeZone::UTC);
    Charge { org: ORG, kind, key: key.to_owned(), amount, currency, asked_at: now, now, today }
}

fn sale(key: &str) -> Charge {
    request(RequestKind::Sale, key, AMOUNT)
}

fn back(kind: RequestKind, key: &str, amount: Amount, transaction_id: &str) -> GiveBack {
    GiveBack { request: request(kind, key, amount), transaction_id: transaction_id.to_owned() }
}

fn refund(key: &str, transaction_id: &str) -> GiveBack {
    back(RequestKind::Refund, key, AMOUNT, transaction_id)
}

/// The same, asked about long after.
fn later(charge: &Charge) -> Charge {
    Charge { now: charge.asked_at.add_seconds(LONG_SECONDS), ..charge.clone() }
}

fn much_later(back: &GiveBack) -> GiveBack {
    GiveBack { request: later(&back.request), ..back.clone() }
}

fn instrument(card: &Card) -> Instrument {
    Instrument::Card(Box::new(card.clone()))
}

async fn card(subject: &impl Subject, verdict: Verdict) -> Card {
    subject.arrange(verdict, None).await.expect("without an outage every verdict can be")
}

fn answered(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Unknown => panic!("there is an answer"),
    }
}

/// A sale that was approved.
async fn sold(subject: &impl Subject, key: &str) -> Answer {
    let card = card(subject, Verdict::Approved).await;
    let answer = answered(subject.gateway().charge(&sale(key), &instrument(&card)).await);
    assert_eq!(answer.verdict, Verdict::Approved, "{answer:?}");
    answer
}

/// What of an answer stays when it is asked for again.
fn gist(answer: &Answer) -> (Verdict, &str) {
    (answer.verdict, &answer.transaction_id)
}

fn is_approved(known: &Known) -> bool {
    matches!(known, Known::Answered(answer) if answer.verdict == Verdict::Approved)
}

pub async fn an_approved_sale_moves_its_amount(subject: &impl Subject) {
    let answer = sold(subject, "payment-1").await;
    assert!(!answer.transaction_id.is_empty() && answer.error_code.is_empty(), "{answer:?}");
    assert_eq!(subject.moved().await, AMOUNT);
    let known = subject.gateway().look_up(&sale("payment-1")).await;
    assert!(matches!(&known, Known::Answered(again) if gist(again) == gist(&answer)), "{known:?}");
}

pub async fn a_declined_sale_moves_nothing_and_says_why(subject: &impl Subject) {
    let card = card(subject, Verdict::Declined).await;
    let answer = answered(subject.gateway().charge(&sale("payment-1"), &instrument(&card)).await);
    assert_eq!((answer.verdict, answer.approval_code.as_str()), (Verdict::Declined, ""));
    assert!(!answer.error_code.is_empty() && !answer.status_message.is_empty(), "{answer:?}");
    assert_eq!(subject.moved().await, Amount::ZERO);
    let known = subject.gateway().look_up(&later(&sale("payment-1"))).await;
    assert!(!is_approved(&known) && known != Known::Unknown, "{known:?}");
}

pub async fn a_key_is_charged_once_however_often_it_is_asked(subject: &impl Subject) {
    let first = sold(subject, "payment-1").await;
    let card = card(subject, Verdict::Approved).await;
    let again = subject.gateway().charge(&sale("payment-1"), &instrument(&card)).await;
    // Who can't say it at once says that it is not known, and finds it by the key.
    match again {
        Outcome::Answered(again) => assert_eq!(gist(&again), gist(&first)),
        Outcome::Unknown => assert!(is_approved(&subject.gateway().look_up(&sale("payment-1")).await)),
    }
    assert_eq!(subject.moved().await, AMOUNT);
    sold(subject, "payment-2").await;
    assert_eq!(subject.moved().await, AMOUNT + AMOUNT, "another key is another sale");
}

pub async fn a_key_is_charged_once_by_two_at_the_same_time(subject: &impl Subject) {
    let card = card(subject, Verdict::Approved).await;
    let (charge, with) = (sale("payment-1"), instrument(&card));
    let both = tokio::join!(subject.gateway().charge(&charge, &with), subject.gateway().charge(&charge, &with));
    for outcome in [both.0, both.1] {
        assert!(
            matches!(&outcome, Outcome::Answered(answer) if answer.verdict == Verdict::Approved)
                || outcome == Outcome::Unknown,
            "{outcome:?}"
        );
    }
    assert_eq!(subject.moved().await, AMOUNT);
}

pub async fn a_sale_whose_answer_is_lost_is_found_by_its_key(subject: &impl Subject) {
    let mut expected = Amount::ZERO;
    for (number, outage) in Outage::AFTER.into_iter().enumerate() {
        let Some(card) = subject.arrange(Verdict::Approved, Some(outage)).await else { continue };
        let charge = sale(&format!("payment-{number}"));
        assert_eq!(subject.gateway().charge(&charge, &instrument(&card)).await, Outcome::Unknown, "{outage:?}");
        expected += AMOUNT;
        assert!(is_approved(&subject.gateway().look_up(&charge).await), "{outage:?}");
        assert!(is_approved(&subject.gateway().look_up(&later(&charge)).await), "{outage:?}");
        assert_eq!(subject.moved().await, expected, "{outage:?}");
    }
}

pub async fn a_decline_whose_answer_is_lost_is_no_charge(subject: &impl Subject) {
    for (number, outage) in Outage::AFTER.into_iter().enumerate() {
        let Some(card) = subject.arrange(Verdict::Declined, Some(outage)).await else { continue };
        let charge = sale(&format!("payment-{number}"));
        assert_eq!(subject.gateway().charge(&charge, &instrument(&card)).await, Outcome::Unknown, "{outage:?}");
        let known = subject.gateway().look_up(&later(&charge)).await;
        assert!(!is_approved(&known) && known != Known::Unknown, "{outage:?}: {known:?}");
        assert_eq!(subject.moved().await, Amount::ZERO, "{outage:?}");
    }
}

pub async fn a_sale_that_never_arrived_is_never_charged(subject: &impl Subject) {
    for (number, outage) in Outage::BEFORE.into_iter().enumerate() {
        let Some(card) = subject.arrange(Verdict::Approved, Some(outage)).await else { continue };
        let charge = sale(&format!("payment-{number}"));
        assert_eq!(subject.gateway().charge(&charge, &instrument(&card)).await, Outcome::Unknown, "{outage:?}");
        let known = subject.gateway().look_up(&charge).await;
        assert!(matches!(known, Known::Never | Known::Unknown), "{outage:?}: {known:?}");
        assert_eq!(subject.gateway().look_up(&later(&charge)).await, Known::Never, "{outage:?}");
        if subject.closes_keys() {
            let late = subject.gateway().charge(&charge, &instrument(&card)).await;
            let is_refused = !matches!(&late, Outcome::Answered(answer) if answer.verdict == Verdict::Approved);
            assert!(is_refused, "{outage:?}: {late:?}");
        }
        assert_eq!(subject.moved().await, Amount::ZERO, "{outage:?}");
    }
}

pub async fn a_refund_gives_back_once(subject: &impl Subject) {
    let sold = sold(subject, "payment-1").await;
    let refund = refund("refund-2", &sold.transaction_id);
    subject.arrange(Verdict::Approved, None).await;
    let first = answered(subject.gateway().refund(&refund).await);
    assert_eq!((first.verdict, subject.moved().await), (Verdict::Approved, Amount::ZERO), "{first:?}");
    match subject.gateway().refund(&refund).await {
        Outcome::Answered(again) => assert_eq!(gist(&again), gist(&first)),
        Outcome::Unknown => assert!(is_approved(&subject.gateway().look_up_back(&refund).await)),
    }
    assert_eq!(subject.moved().await, Amount::ZERO);
    let known = subject.gateway().look_up_back(&refund).await;
    assert!(matches!(&known, Known::Answered(again) if gist(again) == gist(&first)), "{known:?}");
}

pub async fn no_more_is_given_back_than_was_charged(subject: &impl Subject) {
    let sold = sold(subject, "payment-1").await;
    let too_much = back(RequestKind::Refund, "refund-2", AMOUNT + Amount(1), &sold.transaction_id);
    let of_nothing = refund("refund-3", "nothing");
    for back in [too_much, of_nothing] {
        let answer = answered(subject.gateway().refund(&back).await);
        assert_ne!(answer.verdict, Verdict::Approved);
        assert!(!answer.status_message.is_empty());
        assert_eq!(subject.moved().await, AMOUNT);
    }
    subject.arrange(Verdict::Approved, None).await;
    answered(subject.gateway().refund(&refund("refund-4", &sold.transaction_id)).await);
    let twice = answered(subject.gateway().refund(&refund("refund-5", &sold.transaction_id)).await);
    assert_ne!(twice.verdict, Verdict::Approved);
    assert_eq!(subject.moved().await, Amount::ZERO);
}

pub async fn a_refund_whose_answer_is_lost_is_found_by_its_key(subject: &impl Subject) {
    for (number, outage) in Outage::AFTER.into_iter().enumerate() {
        let sold = sold(subject, &format!("payment-{number}")).await;
        if subject.arrange(Verdict::Approved, Some(outage)).await.is_none() {
            continue;
        }
        let refund = refund(&format!("refund-{number}"), &sold.transaction_id);
        assert_eq!(subject.gateway().refund(&refund).await, Outcome::Unknown, "{outage:?}");
        assert!(is_approved(&subject.gateway().look_up_back(&much_later(&refund)).await), "{outage:?}");
        assert_eq!(subject.moved().await, Amount::ZERO, "{outage:?}");
    }
}

pub async fn a_refund_that_never_arrived_gives_nothing_back(subject: &impl Subject) {
    for (number, outage) in Outage::BEFORE.into_iter().enumerate() {
        let before = subject.moved().await;
        let sold = sold(subject, &format!("payment-{number}")).await;
        if subject.arrange(Verdict::Approved, Some(outage)).await.is_none() {
            continue;
        }
        let refund = refund(&format!("refund-{number}"), &sold.transaction_id);
        assert_eq!(subject.gateway().refund(&refund).await, Outcome::Unknown, "{outage:?}");
        assert_eq!(subject.gateway().look_up_back(&much_later(&refund)).await, Known::Never, "{outage:?}");
        assert_eq!(subject.moved().await, before + AMOUNT, "{outage:?}");
    }
}

pub async fn a_void_takes_all_back_or_says_that_it_is_too_late(subject: &impl Subject) {
    let sold = sold(subject, "payment-1").await;
    subject.arrange(Verdict::Approved, None).await;
    let void = back(RequestKind::Void, "void-2", AMOUNT, &sold.transaction_id);
    let answer = answered(subject.gateway().void(&void).await);
    let known = subject.gateway().look_up_back(&much_later(&void)).await;
    if answer.verdict == Verdict::Approved {
        assert_eq!((subject.moved().await, is_approved(&known)), (Amount::ZERO, true));
        let again = subject.gateway().void(&void).await;
        assert!(again == Outcome::Unknown || gist(&answered(again)) == gist(&answer), "the same once more");
        let refund = answered(subject.gateway().refund(&refund("refund-3", &sold.transaction_id)).await);
        assert_ne!(refund.verdict, Verdict::Approved, "it is taken back already");
    } else {
        assert_eq!((answer.verdict, subject.moved().await, is_approved(&known)), (Verdict::Declined, AMOUNT, false));
        subject.arrange(Verdict::Approved, None).await;
        let refund = answered(subject.gateway().refund(&refund("refund-3", &sold.transaction_id)).await);
        assert_eq!(refund.verdict, Verdict::Approved);
    }
    assert_eq!(subject.moved().await, Amount::ZERO);
}

pub async fn a_validation_moves_nothing(subject: &impl Subject) {
    let today = sale("").today;
    for verdict in [Verdict::Approved, Verdict::Declined] {
        let card = card(subject, verdict).await;
        let answer = answered(subject.gateway().validate(ORG, &card, today).await);
        assert_eq!((answer.verdict, subject.moved().await), (verdict, Amount::ZERO), "{answer:?}");
    }
}

pub async fn a_validation_without_an_answer_is_unknown(subject: &impl Subject) {
    for outage in Outage::BEFORE.into_iter().chain(Outage::AFTER) {
        let Some(card) = subject.arrange(Verdict::Approved, Some(outage)).await else { continue };
        let outcome = subject.gateway().validate(ORG, &card, sale("").today).await;
        assert_eq!((outcome, subject.moved().await), (Outcome::Unknown, Amount::ZERO), "{outage:?}");
    }
}

pub async fn a_token_stands_for_its_card_and_holds_nothing_of_it(subject: &impl Subject) {
    let card = card(subject, Verdict::Approved).await;
    let token = subject.gateway().tokenize(&card).await.expect("the card is good");
    assert!(!token.contains(&card.number.expose()[6..]), "{token}");
    for (key, expiry) in [("payment-1", Some(card.expiry)), ("payment-2", None)] {
        subject.arrange(Verdict::Approved, None).await;
        let token = Instrument::Token { token: token.clone(), stands_for: StandsFor::Card { expiry } };
        let answer = answered(subject.gateway().charge(&sale(key), &token).await);
        assert_eq!(answer.verdict, Verdict::Approved, "{answer:?}");
    }
    assert_eq!(subject.moved().await, AMOUNT + AMOUNT);
}

pub async fn a_token_of_nothing_is_charged_nothing(subject: &impl Subject) {
    subject.arrange(Verdict::Declined, None).await;
    let token = Instrument::Token { token: "nothing".to_owned(), stands_for: StandsFor::Card { expiry: None } };
    let outcome = subject.gateway().charge(&sale("payment-1"), &token).await;
    assert!(!matches!(&outcome, Outcome::Answered(answer) if answer.verdict == Verdict::Approved), "{outcome:?}");
    assert_eq!(subject.moved().await, Amount::ZERO);
}

pub async fn the_number_of_a_card_is_in_no_answer(subject: &impl Subject) {
    for verdict in [Verdict::Approved, Verdict::Declined] {
        let card = card(subject, verdict).await;
        let charge = sale(&format!("payment-{verdict}"));
        let said = [
            format!("{:?}", subject.gateway().charge(&charge, &instrument(&card)).await),
            format!("{:?}", subject.gateway().look_up(&later(&charge)).await),
            match subject.gateway().tokenize(&card).await {
                Ok(token) => token,
                Err(error @ (CannotTokenize::Unreachable | CannotTokenize::Refused(_))) => error.to_string(),
            },
        ];
        for said in said {
            assert!(!said.contains(card.number.expose()), "{said}");
        }
    }
}
