//! The Test Processor on both engines, and the one that tests tell what to do: what is built upon it holds of real ones.

use std::sync::Arc;

use billing::ports::{Charge, Gateway, GiveBack, Instrument};
use dbx::Faults;
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::money::Amount;
use domain::payments::{Known, Outcome, RequestKind, Verdict};
use domain::wallet::Card;
use server::outside::test_processor::TestProcessor;
use testkit::conformance::{self, Outage, Subject};
use testkit::{FakeGateway, Script, TestDb, conforms, database};

use super::card;

struct Test {
    processor: TestProcessor,
    db: TestDb,
}

impl Test {
    async fn sqlite() -> Test {
        Test::on(database::sqlite(store::MIGRATIONS).await)
    }

    async fn postgres() -> Test {
        Test::on(database::postgres(store::MIGRATIONS).await)
    }

    fn on(db: TestDb) -> Test {
        Test { processor: TestProcessor { db: (*db).clone() }, db }
    }
}

impl Subject for Test {
    fn gateway(&self) -> &dyn Gateway {
        &self.processor
    }

    fn closes_keys(&self) -> bool {
        true
    }

    /// There is no network that could fail.
    async fn arrange(&self, verdict: Verdict, outage: Option<Outage>) -> Option<Card> {
        let number = match verdict {
            Verdict::Approved => "4111111111111111",
            Verdict::Declined => "4000000000000002",
            Verdict::Error => "4000000000000119",
        };
        outage.is_none().then(|| card(number))
    }

    async fn moved(&self) -> Amount {
        store::test_processor::charged(&mut self.db.read().await.unwrap(), OrganizationId(7)).await.unwrap()
    }
}

mod test_processor_sqlite {
    super::conforms!(super::Test::sqlite());
}

mod test_processor_postgres {
    super::conforms!(super::Test::postgres());
}

struct Fake(FakeGateway);

impl Fake {
    fn start() -> Fake {
        Fake(FakeGateway::new())
    }
}

impl Subject for Fake {
    fn gateway(&self) -> &dyn Gateway {
        &self.0
    }

    fn closes_keys(&self) -> bool {
        true
    }

    async fn arrange(&self, verdict: Verdict, outage: Option<Outage>) -> Option<Card> {
        self.0.forget_scripts();
        self.0.next(match (verdict, outage) {
            (_, Some(Outage::RequestLost | Outage::Failed)) => Script::LoseRequest,
            (Verdict::Approved, None) => Script::Approve,
            (Verdict::Declined, None) => Script::Decline,
            (Verdict::Approved, Some(_)) => Script::ApproveAndTimeOut,
            (Verdict::Declined, Some(_)) => Script::DeclineAndTimeOut,
            (Verdict::Error, _) => Script::Error,
        });
        Some(card("4111111111111111"))
    }

    async fn moved(&self) -> Amount {
        self.0.charged() - self.0.given_back()
    }
}

mod fake {
    super::conforms!(std::future::ready(super::Fake::start()));
}

fn charge(key: &str, kind: RequestKind, day: &str) -> Charge {
    let now = conformance::NOW.parse().unwrap();
    let currency = "USD".parse().unwrap();
    let today: Date = day.parse().unwrap();
    let org = OrganizationId(7);
    Charge { org, kind, key: key.to_owned(), amount: Amount(6050), currency, asked_at: now, now, today }
}

async fn sold(test: &Test) -> String {
    let instrument = Instrument::Card(Box::new(card("4111111111111111")));
    let sale = charge("payment-192", RequestKind::Sale, "2011-09-20");
    match test.processor.charge(&sale, &instrument).await {
        Outcome::Answered(answer) => answer.transaction_id,
        Outcome::Unknown => panic!("the book can be written"),
    }
}

async fn given_back(test: &Test, back: &GiveBack) -> (Verdict, String) {
    let outcome = match back.request.kind {
        RequestKind::Void => test.processor.void(back).await,
        RequestKind::Refund | RequestKind::Sale => test.processor.refund(back).await,
    };
    match outcome {
        Outcome::Answered(answer) => (answer.verdict, answer.error_code),
        Outcome::Unknown => panic!("the book can be written"),
    }
}

async fn a_sale_can_be_voided_until_its_day_is_over(test: Test) {
    let transaction_id = sold(&test).await;
    for (key, kind, day, expected) in [
        ("void-1", RequestKind::Void, "2011-09-21", (Verdict::Declined, "SETTLED")),
        ("void-2", RequestKind::Void, "2011-09-20", (Verdict::Approved, "")),
        ("refund-3", RequestKind::Refund, "2011-09-21", (Verdict::Declined, "GIVEN_BACK")),
    ] {
        let back = GiveBack { request: charge(key, kind, day), transaction_id: transaction_id.clone() };
        let (verdict, code) = given_back(&test, &back).await;
        assert_eq!((verdict, code.as_str()), expected, "{key}");
    }
    assert_eq!(test.moved().await, Amount::ZERO);
}

#[tokio::test]
async fn a_sale_can_be_voided_until_its_day_is_over_on_sqlite() {
    a_sale_can_be_voided_until_its_day_is_over(Test::sqlite().await).await;
}

#[tokio::test]
async fn a_sale_can_be_voided_until_its_day_is_over_on_postgres() {
    a_sale_can_be_voided_until_its_day_is_over(Test::postgres().await).await;
}

#[tokio::test]
async fn where_the_book_cant_be_written_nothing_is_known_and_the_key_tells_it_later() {
    let test = Test::sqlite().await;
    let faults = Arc::new(Faults::new());
    let failing = TestProcessor { db: test.db.with_faults(faults.clone()) };
    let instrument = Instrument::Card(Box::new(card("4111111111111111")));
    let mut steps = 0;
    loop {
        steps += 1;
        faults.reset();
        faults.fail_at(steps);
        let sale = charge(&format!("payment-{steps}"), RequestKind::Sale, "2011-09-20");
        let before = test.moved().await;
        let outcome = failing.charge(&sale, &instrument).await;
        if faults.steps() < steps {
            break;
        }
        assert_eq!(outcome, Outcome::Unknown, "step {steps}");
        let was_charged = test.moved().await != before;
        let known = test.processor.look_up(&sale).await;
        assert_eq!(matches!(known, Known::Answered(_)), was_charged, "step {steps}: {known:?}");
    }
    assert!(steps > 3, "statements and a commit");
}
