//! A request under a key is done once, and answered as it would have been, wherever the process dies.

use std::sync::Arc;

use billing::idempotency::{Before, Request, StoredAnswer};
use billing::orders::{Invoicing, Placed};
use billing::{Billing, Error, Result};
use domain::ids::{CustomerId, StaffId};
use domain::payments::{FullPayment, PaymentStatus};
use testkit::scene::place;
use testkit::{Scene, Script, scenes};

use crate::{assert_crashed, assert_paid_once, invoice, numbered, pay_with, restart, steps};

fn under(step: usize) -> Arc<Request> {
    Arc::new(Request::new(StaffId(1), format!("K-{step}"), "hash".to_owned()))
}

fn answer(text: String) -> StoredAnswer {
    StoredAnswer { status: 201, content_type: "text/plain".to_owned(), body: text }
}

fn of_order(placed: &Placed) -> StoredAnswer {
    answer(format!("order {} with invoice {}", placed.order.id, placed.invoices[0].head.id))
}

fn of_payment(payment: &FullPayment) -> StoredAnswer {
    answer(format!("payment {} is {}", payment.head.id, payment.head.status))
}

fn keyed(scene: &Scene, request: &Arc<Request>) -> Billing {
    scene.billing.clone().under(scene.org, request.clone())
}

async fn order(scene: &Scene, request: &Arc<Request>, customer: CustomerId) -> Result<StoredAnswer> {
    let billing = keyed(scene, request);
    billing.answers_with(of_order);
    let number = format!("A-{}", request.key);
    place(&billing, scene.org, customer, numbered(&number), Invoicing::Now).await.map(|placed| of_order(&placed))
}

async fn before(scene: &Scene, request: &Request) -> Result<Before> {
    scene.billing.before(&scene.organization("acme").await, request).await
}

scenes! {
    async fn an_order_under_a_key_is_answered_again_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let john = scene.customer("FIRST").await;
        let counted = steps(&mut scene, async |scene| order(scene, &under(0), john).await).await;
        for step in 1..=counted {
            let john = scene.customer(&format!("C{step}")).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(order(&scene, &under(step), john).await, step);
            restart(&mut scene);
            let answered = match before(&scene, &under(step)).await.unwrap() {
                Before::Answered(answer) => answer,
                Before::Nothing => order(&scene, &under(step), john).await.unwrap(),
                Before::Paid(payment) => panic!("step {step}: nothing was paid, but {payment}"),
            };
            let invoices = scene.invoices(john).await;
            assert_eq!(invoices.len(), 1, "step {step}");
            assert!(answered.body.ends_with(&format!("with invoice {}", invoices[0].head.id)), "step {step}: {answered:?}");
            assert_eq!(before(&scene, &under(step)).await.unwrap(), Before::Answered(answered), "step {step}");
            scene.check().await;
        }
    }

    async fn a_payment_under_a_key_is_answered_again_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let (customer, first) = invoice(&scene, "FIRST").await;
        let pay = async |scene: &Scene, request: Arc<Request>, invoice| {
            let billing = keyed(scene, &request);
            billing.answers_with(of_payment);
            pay_with(&billing, scene, invoice, None).await.map(|payment| of_payment(&payment))
        };
        let counted = steps(&mut scene, async |scene| pay(scene, under(0), first).await).await;
        assert_paid_once(&scene, customer, first, 0).await;
        for step in 1..=counted {
            let (customer, invoice) = invoice(&scene, &format!("C{step}")).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(pay(&scene, under(step), invoice).await, step);
            restart(&mut scene);
            match before(&scene, &under(step)).await.unwrap() {
                Before::Nothing => drop(pay(&scene, under(step), invoice).await.unwrap()),
                Before::Answered(answer) => assert!(answer.body.ends_with("is Paid"), "step {step}: {answer:?}"),
                Before::Paid(payment) => {
                    assert_eq!(scene.find_payment(payment).await.head.status, PaymentStatus::Pending, "step {step}");
                    scene.settle().await;
                    // What it came to is no answer that was given: it is looked up each time.
                    assert_eq!(before(&scene, &under(step)).await.unwrap(), Before::Paid(payment), "step {step}");
                    let found = scene.find_payment(payment).await.head.status;
                    if found != PaymentStatus::Paid {
                        // The processor had not been asked.
                        assert!(matches!(found, PaymentStatus::Declined | PaymentStatus::Error), "step {step}: {found}");
                        pay_with(&scene.billing, &scene, invoice, None).await.unwrap();
                    }
                }
            }
            assert_paid_once(&scene, customer, invoice, step).await;
        }
    }

    async fn while_a_payment_is_under_way_nobody_is_told_how_it_ended(scene: Scene) {
        let (_, invoice) = invoice(&scene, "FIRST").await;
        let request = under(0);
        let billing = keyed(&scene, &request);
        // Nothing is stored as the answer: as if the process had not come to it yet.
        scene.gateway.next(Script::ApproveAndTimeOut);
        let pending = pay_with(&billing, &scene, invoice, None).await.unwrap().head;
        assert_eq!(pending.status, PaymentStatus::Pending);
        // One that came at the same time, and has been told so.
        drop(keyed(&scene, &under(0)));
        let refused = before(&scene, &under(0)).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        drop((billing, request));
        assert_eq!(before(&scene, &under(0)).await.unwrap(), Before::Paid(pending.id));
    }
}
