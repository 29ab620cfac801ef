//! What a customer has on file is charged in its order, and the work of a day charges nothing twice.

use billing::autopay::{self, Request, RunOf};
use billing::payment_methods::{self, SaveRequest};
use billing::payments::PayRequest;
use billing::{Error, Result};
use domain::access::Actor;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payment_methods::{NewMethod, PaymentMethod, Secret};
use domain::payments::{FullPayment, PaymentStatus};
use domain::wallet::GatewayToken;
use testkit::scene::by_card;
use testkit::{Scene, Script, scenes};

use crate::refusal;

use PaymentStatus::{Declined, Error as Broken, Paid, Pending};

/// A customer with a card in the first place, cash in the second and a token in the third.
async fn with_methods(scene: &Scene) -> (CustomerId, InvoiceId) {
    let john = scene.customer("JOHNDOE001").await;
    let org = scene.organization("acme").await;
    let token = Secret::Token { token: GatewayToken::new("tok-3"), brand: None, expiry: None };
    for (preference, secret) in [(1, Secret::Card(Box::new(testkit::scene::card()))), (2, Secret::Cash), (3, token)] {
        let request = SaveRequest { customer: john, new: NewMethod { preference, secret }, validate: false };
        payment_methods::save(&scene.billing, &org, &Actor::System, request).await.unwrap();
    }
    (john, scene.invoice(john).await.head.id)
}

async fn on_file(scene: &Scene, customer: CustomerId) -> usize {
    let mut conn = scene.db.read().await.unwrap();
    store::payment_methods::list(&mut conn, scene.org, customer).await.unwrap().len()
}

fn of(customer: CustomerId) -> Request {
    Request { customer, amount: None, invoices: Vec::new(), run: None }
}

fn in_run(customer: CustomerId, day: i8) -> Request {
    let run_on = Date::new(2011, 9, day);
    Request { run: Some(RunOf { run_on, installment: None }), ..of(customer) }
}

async fn charge(scene: &Scene, request: Request) -> Result<Vec<FullPayment>> {
    autopay::charge(&scene.billing, &scene.organization("acme").await, &Actor::System, request).await
}

fn statuses(attempts: &[FullPayment]) -> Vec<PaymentStatus> {
    attempts.iter().map(|attempt| attempt.head.status).collect()
}

scenes! {
    async fn the_first_method_is_charged_all_that_is_owed(scene: Scene) {
        let (john, invoice) = with_methods(&scene).await;
        let attempts = charge(&scene, of(john)).await.unwrap();
        assert_eq!(statuses(&attempts), [Paid]);
        let head = &attempts[0].head;
        assert_eq!((head.amount, head.method_context.as_str(), head.collection), (Amount(6050), "Visa: 1111", None));
        assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        assert_eq!(charge(&scene, of(john)).await.unwrap().len(), 0, "nothing is owed");
        assert_eq!(scene.gateway.charges(), 1);
        scene.check().await;
    }

    async fn the_next_method_is_tried_when_one_is_declined_and_cash_is_passed_over(scene: Scene) {
        let (john, _) = with_methods(&scene).await;
        scene.gateway.next(Script::Decline);
        let attempts = charge(&scene, of(john)).await.unwrap();
        assert_eq!(statuses(&attempts), [Declined, Paid]);
        assert_eq!(attempts[1].head.method_context, "Token");
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn neither_an_error_nor_an_unknown_outcome_lets_the_next_method_be_tried(scene: Scene) {
        let (john, _) = with_methods(&scene).await;
        scene.gateway.next(Script::Error);
        assert_eq!(statuses(&charge(&scene, of(john)).await.unwrap()), [Broken]);
        scene.gateway.next(Script::ApproveAndTimeOut);
        assert_eq!(statuses(&charge(&scene, of(john)).await.unwrap()), [Pending]);
        assert_eq!(charge(&scene, of(john)).await.unwrap().len(), 0, "it is being paid");
        scene.settle().await;
        assert_eq!((scene.balance(john).await, scene.gateway.charges()), (Amount::ZERO, 1));
        scene.check().await;
    }

    async fn without_a_method_to_charge_it_is_refused(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        assert!(refusal(charge(&scene, of(john)).await).starts_with("The customer has no method on file"));
        let nobody = charge(&scene, of(CustomerId(999_999))).await;
        assert!(matches!(nobody, Err(Error::NotFound("customer"))), "{nobody:?}");
    }

    async fn the_work_of_a_day_makes_each_attempt_once(scene: Scene) {
        let (john, _) = with_methods(&scene).await;
        scene.gateway.next(Script::Decline);
        scene.gateway.next(Script::Decline);
        for _ in 0..2 {
            let attempts = charge(&scene, in_run(john, 20)).await.unwrap();
            assert_eq!(statuses(&attempts), [Declined, Declined]);
            let preferences = attempts.iter().map(|attempt| attempt.head.collection.unwrap().preference);
            assert_eq!(preferences.collect::<Vec<_>>(), [1, 3]);
            assert!(attempts.iter().all(|attempt| attempt.head.is_processed_by_billing_run));
        }
        assert_eq!(scene.gateway.calls(), 2, "what was tried is not tried again");
        assert_eq!(statuses(&charge(&scene, in_run(john, 21)).await.unwrap()), [Paid], "another day");
        assert_eq!(charge(&scene, in_run(john, 21)).await.unwrap().len(), 1, "and its work again");
        assert_eq!(scene.gateway.charges(), 1);
        scene.check().await;
    }

    async fn a_run_that_was_cut_off_goes_on_after_the_method_that_was_declined(scene: Scene) {
        let (john, _) = with_methods(&scene).await;
        scene.gateway.next(Script::DeclineAndTimeOut);
        assert_eq!(statuses(&charge(&scene, in_run(john, 20)).await.unwrap()), [Pending]);
        assert_eq!(statuses(&charge(&scene, in_run(john, 20)).await.unwrap()), [Pending], "it may be charged yet");
        scene.settle().await;
        assert_eq!(statuses(&charge(&scene, in_run(john, 20)).await.unwrap()), [Declined, Paid]);
        assert_eq!(scene.gateway.charges(), 1);
        scene.check().await;
    }

    async fn an_amount_beyond_what_is_owed_stays_as_credit(scene: Scene) {
        let (john, invoice) = with_methods(&scene).await;
        let request = Request { amount: Some(Amount(10_000)), ..in_run(john, 20) };
        let attempts = charge(&scene, request).await.unwrap();
        assert_eq!((attempts[0].head.status, attempts[0].head.balance), (Paid, Amount(3950)));
        assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        assert_eq!(scene.balance(john).await, Amount(-3950));
        scene.check().await;
    }

    async fn a_run_passes_over_invoices_that_were_paid_meanwhile(scene: Scene) {
        let (john, first) = with_methods(&scene).await;
        let second = scene.invoice(john).await.head.id;
        scene.pay(by_card(&[first])).await.unwrap();
        let invoices = by_card(&[first, second]).invoices;
        let strict = charge(&scene, Request { invoices: invoices.clone(), ..of(john) }).await;
        assert_eq!(refusal(strict), "Invoice 1019 is already paid.");
        let attempts = charge(&scene, Request { invoices, ..in_run(john, 20) }).await.unwrap();
        assert_eq!((statuses(&attempts), attempts[0].head.amount), (vec![Paid], Amount(6050)));
        assert_eq!(charge(&scene, Request { invoices: by_card(&[second]).invoices, ..in_run(john, 21) }).await.unwrap().len(), 0);
        scene.check().await;
    }

    parallel async fn of_two_processes_that_do_the_work_of_a_day_one_charges(scene: Scene) {
        let (john, _) = with_methods(&scene).await;
        let org = scene.organization("acme").await;
        let (one, other) = (scene.process(), scene.process());
        let run = async |billing| autopay::charge(billing, &org, &Actor::System, in_run(john, 20)).await;
        let (a, b) = tokio::join!(run(&one), run(&other));
        assert_eq!((a.unwrap().len(), b.unwrap().len()), (1, 1));
        assert_eq!(scene.gateway.charges(), 1);
        scene.check().await;
    }

    async fn a_method_is_kept_when_its_payment_turns_out_to_be_paid_however_late(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let pay = async |script| {
            let invoice = scene.invoice(john).await.head.id;
            scene.gateway.next(script);
            scene.pay(PayRequest { keep: Some(2), ..by_card(&[invoice]) }).await.unwrap().head.status
        };
        assert_eq!(pay(Script::ApproveAndTimeOut).await, Pending);
        assert_eq!(on_file(&scene, john).await, 0);
        let waiting = testkit::dump::dump(&scene.db, &[]).await;
        assert!(waiting["methods_to_keep"].len() == 1 && !waiting["methods_to_keep"][0].contains("token-1111"), "sealed");
        scene.settle().await;
        assert_eq!(on_file(&scene, john).await, 1);
        scene.check().await;
        // It is charged like any other.
        scene.invoice(john).await;
        assert_eq!(statuses(&charge(&scene, of(john)).await.unwrap()), [Paid]);
        scene.check().await;
    }

    async fn a_method_is_forgotten_when_its_payment_turns_out_to_be_declined(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        for script in [Script::DeclineAndTimeOut, Script::LoseRequest, Script::Decline, Script::Error] {
            let invoice = scene.invoice(john).await.head.id;
            scene.gateway.next(script);
            scene.pay(PayRequest { keep: Some(2), ..by_card(&[invoice]) }).await.unwrap();
            scene.settle().await;
            assert_eq!(on_file(&scene, john).await, 0, "{script:?}");
            assert!(testkit::dump::dump(&scene.db, &[]).await["methods_to_keep"].is_empty(), "{script:?}");
            scene.check().await;
        }
    }

    async fn what_was_saved_since_the_payment_was_made_stays(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.pay(PayRequest { keep: Some(2), ..by_card(&[invoice]) }).await.unwrap();
        scene.advance("2011-09-20T13:00:00Z").await.unwrap();
        let org = scene.organization("acme").await;
        let new = NewMethod { preference: 2, secret: Secret::Cash };
        let request = SaveRequest { customer: john, new, validate: false };
        payment_methods::save(&scene.billing, &org, &Actor::System, request).await.unwrap();
        scene.settle().await;
        let kept = payment_methods::list(&mut scene.billing.view(&org).await.unwrap(), john).await.unwrap();
        assert_eq!(kept.iter().map(PaymentMethod::context).collect::<Vec<_>>(), ["Cash"]);
        scene.check().await;
    }

    async fn what_the_customer_has_in_credit_is_used_before_anything_is_charged(scene: Scene) {
        let (john, first) = with_methods(&scene).await;
        let second = scene.invoice(john).await.head.id;
        // 39.50 too much for the invoice that it names: the other stays open.
        scene.pay(PayRequest { amount: Some("100".parse().unwrap()), ..by_card(&[first]) }).await.unwrap();
        assert_eq!(scene.find_invoice(second).await.head.outstanding(), Amount(6050));
        let attempts = charge(&scene, of(john)).await.unwrap();
        assert_eq!(attempts[0].head.amount, Amount(2100));
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }
}
