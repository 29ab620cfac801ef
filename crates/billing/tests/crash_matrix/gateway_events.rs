//! What processors tell us of.

use billing::gateway_events::{About, Given, Incoming, Sale, take};
use domain::ids::PaymentId;
use domain::payments::Processor;
use testkit::scene::by_card;
use testkit::{Scene, Script, scenes};

use crate::walk::{Again, name, walk};

fn succeeded(payment: PaymentId, amount: i64) -> Incoming {
    let sale = Sale {
        key: Some(format!("payment-{payment}")),
        amount: Given::Minor(amount),
        currency: Some("usd".to_owned()),
        is_approved: true,
    };
    let (id, event_type) = (format!("evt-{payment}"), "payment_intent.succeeded".to_owned());
    Incoming { processor: Processor::Test, id, event_type, about: About::Sale(sale) }
}

async fn pending(scene: &Scene, step: usize) -> PaymentId {
    let customer = scene.customer(&name(step)).await;
    let invoice = scene.invoice(customer).await.head.id;
    scene.gateway.next(Script::ApproveAndTimeOut);
    scene.pay(by_card(&[invoice])).await.expect("it is written down").head.id
}

scenes! {
    async fn an_event_is_taken_once_with_what_it_brings_about(scene: Scene) {
        walk(scene, Again::ChangesNothing, pending, async |scene, payment| {
            take(&scene.billing, scene.org, &succeeded(*payment, 6050)).await
        })
        .await;
    }

    async fn an_event_is_quarantined_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, pending, async |scene, payment| {
            take(&scene.billing, scene.org, &succeeded(*payment, 6051)).await
        })
        .await;
    }
}
