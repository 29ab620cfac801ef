//! Payments whose outcome nobody knows: they wait, and a job finds out. Nothing is charged twice for it.

use domain::ids::{CustomerId, InvoiceId, PaymentId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payments::PaymentStatus;
use testkit::scene::by_card;
use testkit::{Hold, Scene, Script, scenes};

use crate::refusal;

struct Pending {
    john: CustomerId,
    invoice: InvoiceId,
    payment: PaymentId,
}

/// A payment of invoice 1019 that went as `script` says.
async fn pending(scene: &Scene, script: Script) -> Pending {
    let john = scene.customer("JOHNDOE001").await;
    let invoice = scene.invoice(john).await.head.id;
    scene.gateway.next(script);
    let payment = scene.pay(by_card(&[invoice])).await.unwrap().head;
    assert_eq!(payment.status, PaymentStatus::Pending);
    scene.check().await;
    Pending { john, invoice, payment: payment.id }
}

async fn status(scene: &Scene, of: &Pending) -> (PaymentStatus, InvoiceStatus, Amount) {
    let payment = scene.find_payment(of.payment).await.head.status;
    (payment, scene.find_invoice(of.invoice).await.head.status, scene.balance(of.john).await)
}

const OPEN: InvoiceStatus = InvoiceStatus::Outstanding;

scenes! {
    async fn nothing_else_is_charged_while_a_payment_is_pending(scene: Scene) {
        let pending = pending(&scene, Script::ApproveAndTimeOut).await;
        assert_eq!(status(&scene, &pending).await, (PaymentStatus::Pending, OPEN, Amount(6050)));
        let again = refusal(scene.pay(by_card(&[pending.invoice])).await);
        assert_eq!(again, "Invoice 1019 is being paid by another payment.");
        assert_eq!((scene.run_jobs().await, scene.gateway.charges()), (0, 1), "its minute is not over");
    }

    async fn a_charge_whose_answer_was_lost_is_found_to_be_paid(scene: Scene) {
        let pending = pending(&scene, Script::ApproveAndTimeOut).await;
        assert_eq!(scene.settle().await, 1);
        assert_eq!(status(&scene, &pending).await, (PaymentStatus::Paid, InvoiceStatus::Paid, Amount::ZERO));
        assert_eq!(scene.gateway.charges(), 1);
        assert_eq!(scene.settle().await, 0, "no job is left");
        scene.check().await;
    }

    async fn a_decline_whose_answer_was_lost_opens_the_invoice_again(scene: Scene) {
        let pending = pending(&scene, Script::DeclineAndTimeOut).await;
        scene.settle().await;
        assert_eq!(status(&scene, &pending).await, (PaymentStatus::Declined, OPEN, Amount(6050)));
        scene.pay(by_card(&[pending.invoice])).await.unwrap();
        assert_eq!(scene.gateway.charged(), Amount(6050));
        scene.check().await;
    }

    async fn a_request_that_never_arrived_is_an_error_and_the_invoice_is_open_again(scene: Scene) {
        let pending = pending(&scene, Script::LoseRequest).await;
        scene.settle().await;
        assert_eq!(status(&scene, &pending).await, (PaymentStatus::Error, OPEN, Amount(6050)));
        let result = scene.find_payment(pending.payment).await.result.unwrap();
        assert_eq!(result.answer.error_code, "NEVER_RECEIVED");
        assert_eq!(scene.pay(by_card(&[pending.invoice])).await.unwrap().head.status, PaymentStatus::Paid);
        scene.check().await;
    }

    async fn a_processor_that_cannot_say_is_asked_again_later(scene: Scene) {
        let pending = pending(&scene, Script::ApproveAndTimeOut).await;
        scene.gateway.look_ups_unknown(3);
        for waited in 0..3 {
            scene.clock.advance_seconds(3600);
            assert_eq!(scene.run_jobs().await, 1, "attempt {waited}");
            assert_eq!(scene.run_jobs().await, 0, "not before its time");
            assert_eq!(scene.find_payment(pending.payment).await.head.status, PaymentStatus::Pending);
            scene.check().await;
        }
        scene.clock.advance_seconds(3600);
        assert_eq!(scene.run_jobs().await, 1);
        assert_eq!(status(&scene, &pending).await, (PaymentStatus::Paid, InvoiceStatus::Paid, Amount::ZERO));
        scene.check().await;
    }

    async fn the_test_clock_does_not_hurry_the_janitor(scene: Scene) {
        let pending = pending(&scene, Script::ApproveAndTimeOut).await;
        scene.advance("2012-09-20T12:00:00Z").await.unwrap();
        assert_eq!(scene.run_jobs().await, 0);
        assert_eq!(scene.find_payment(pending.payment).await.head.status, PaymentStatus::Pending);
        scene.settle().await;
        assert_eq!(scene.find_payment(pending.payment).await.head.status, PaymentStatus::Paid);
        scene.check().await;
    }

    async fn the_janitor_may_be_first_while_the_answer_is_on_its_way(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        scene.gateway.hold(Hold::After);
        let original = scene.pay(by_card(&[invoice]));
        let janitor = async {
            scene.gateway.arrived().await;
            assert_eq!(scene.settle().await, 1);
            assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
            scene.gateway.release();
        };
        let (paid, ()) = tokio::join!(original, janitor);
        assert_eq!(paid.unwrap().head.status, PaymentStatus::Paid, "settled by the janitor, and told so");
        assert_eq!((scene.gateway.charges(), scene.balance(john).await), (1, Amount::ZERO));
        scene.check().await;
    }

    async fn a_request_that_arrives_after_the_janitor_gave_it_up_charges_nothing(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        scene.gateway.hold(Hold::Before);
        let original = scene.pay(by_card(&[invoice]));
        let janitor = async {
            scene.gateway.arrived().await;
            assert_eq!(scene.settle().await, 1);
            assert_eq!(scene.find_invoice(invoice).await.head.payable(), Amount(6050));
            scene.gateway.release();
        };
        let (given_up, ()) = tokio::join!(original, janitor);
        assert_eq!(given_up.unwrap().head.status, PaymentStatus::Error);
        assert_eq!((scene.gateway.charges(), scene.balance(john).await), (0, Amount(6050)));
        scene.check().await;
    }

    parallel async fn the_janitor_and_the_answer_settle_once_between_them(scene: Scene) {
        for round in 0..10 {
            let john = scene.customer(&format!("JOHN{round}")).await;
            let invoice = scene.invoice(john).await.head.id;
            scene.gateway.hold(Hold::After);
            let original = scene.pay(by_card(&[invoice]));
            let janitors = async {
                scene.gateway.arrived().await;
                scene.clock.advance_seconds(61);
                scene.gateway.release();
                tokio::join!(scene.run_jobs(), scene.run_jobs())
            };
            let (paid, _) = tokio::join!(original, janitors);
            assert_eq!(paid.unwrap().head.status, PaymentStatus::Paid);
            scene.settle().await;
            assert_eq!(scene.balance(john).await, Amount::ZERO);
            scene.check().await;
        }
        assert_eq!(scene.gateway.charges(), 10);
    }
}
