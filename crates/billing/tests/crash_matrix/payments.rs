//! Giving back, granting, cancelling, charging what is on file.

use billing::autopay::{self, Request as Autopay, RunOf};
use billing::credits::{self, CreditRequest};
use billing::payment_methods::{self, SaveRequest};
use billing::payments::{PayRequest, cancel, pay};
use billing::refunds::{RefundRequest, refund};
use billing::{Error, Result};
use domain::access::Actor;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, PaymentId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payment_methods::{NewMethod, Secret};
use domain::payments::{FullPayment, PaymentStatus};
use testkit::scene::{by_card, card};
use testkit::{Scene, Script, scenes};

use crate::walk::{Again, name, walk};
use crate::{assert_crashed, invoice, restart, steps};

async fn paid(scene: &Scene, customer: &str) -> (CustomerId, InvoiceId, PaymentId) {
    let (customer, invoice) = invoice(scene, customer).await;
    let payment = pay(&scene.billing, scene.org, &Actor::System, by_card(&[invoice])).await.unwrap();
    (customer, invoice, payment.head.id)
}

async fn give_back(scene: &Scene, payment: PaymentId, applies_house_credit: bool) -> Result<FullPayment> {
    let request = RefundRequest {
        payment,
        customer: None,
        amount: None,
        currency: None,
        applies_house_credit,
        effective_on: None,
    };
    refund(&scene.billing, scene.org, &Actor::System, &request).await
}

fn tell(scene: &Scene, scripts: &[Script]) {
    for script in scripts {
        scene.gateway.next(*script);
    }
}

/// Dies at each step of a refund, each time comes back, and asks again as a client that never heard of the first.
async fn crash_while_refunding(mut scene: Scene, scripts: &[Script], with_credit: bool) {
    let (_, _, first) = paid(&scene, "FIRST").await;
    tell(&scene, scripts);
    let counted = steps(&mut scene, async |scene| give_back(scene, first, with_credit).await).await;
    for step in 1..=counted {
        let (customer, invoice, payment) = paid(&scene, &name(step)).await;
        tell(&scene, scripts);
        restart(&mut scene);
        scene.faults.crash_at(step);
        assert_crashed(give_back(&scene, payment, with_credit).await, step);
        restart(&mut scene);
        scene.check().await;
        scene.settle().await;
        scene.check().await;
        match give_back(&scene, payment, with_credit).await {
            Ok(refund) => assert_eq!(refund.head.status, PaymentStatus::Paid, "step {step}"),
            Err(Error::Refused(message)) => assert!(message.contains("it is Refunded"), "step {step}: {message}"),
            Err(other) => panic!("step {step}: {other:?}"),
        }
        // What a crash left of the scripts is for nobody else.
        scene.gateway.forget_scripts();
        let owed = if with_credit { Amount::ZERO } else { Amount(6050) };
        assert_eq!(scene.balance(customer).await, owed, "step {step}");
        let status = if with_credit { InvoiceStatus::Paid } else { InvoiceStatus::Outstanding };
        assert_eq!(scene.find_invoice(invoice).await.head.status, status, "step {step}");
        scene.check().await;
    }
    assert_eq!(scene.gateway.gifts_back(), counted + 1, "each payment was given back once");
    assert_eq!(scene.settle().await, 0, "no job is left");
}

async fn credit(scene: &Scene, customer: CustomerId, amount: &str) -> Result<FullPayment> {
    let amount = amount.parse().unwrap();
    let request = &CreditRequest { customer, amount, currency: None, notes: Some("sorry".to_owned()) };
    scene.billing.unit(scene.org, &Actor::System, async |unit| credits::create(unit, request).await).await
}

async fn on_file(scene: &Scene, customer: CustomerId) {
    let org = scene.organization("acme").await;
    for preference in [1, 2] {
        let new = NewMethod { preference, secret: Secret::Card(Box::new(card())) };
        let request = SaveRequest { customer, new, validate: false };
        payment_methods::save(&scene.billing, &org, &Actor::System, request).await.unwrap();
    }
}

async fn charge(scene: &Scene, customer: CustomerId) -> Result<Vec<FullPayment>> {
    let org = scene.organization("acme").await;
    let run = Some(RunOf { run_on: Date::new(2011, 9, 20), installment: None });
    let request = Autopay { customer, amount: None, invoices: Vec::new(), run };
    autopay::charge(&scene.billing, &org, &Actor::System, request).await
}

async fn pay_and_keep(scene: &Scene, invoice: InvoiceId) -> Result<FullPayment> {
    let request = PayRequest { keep: Some(3), ..by_card(&[invoice]) };
    pay(&scene.billing, scene.org, &Actor::System, request).await
}

async fn kept(scene: &Scene, customer: CustomerId) -> usize {
    let mut conn = scene.db.read().await.unwrap();
    store::payment_methods::list(&mut conn, scene.org, customer).await.unwrap().len()
}

scenes! {
    async fn a_payment_is_voided_once_wherever_the_process_dies(scene: Scene) {
        crash_while_refunding(scene, &[], false).await;
    }

    async fn a_payment_is_refunded_once_wherever_the_process_dies(scene: Scene) {
        crash_while_refunding(scene, &[Script::Decline, Script::Approve], false).await;
    }

    async fn a_refund_grants_its_credit_once_wherever_the_process_dies(scene: Scene) {
        crash_while_refunding(scene, &[], true).await;
    }

    async fn a_credit_is_granted_whole_or_not_at_all_wherever_the_process_dies(scene: Scene) {
        let prepare = async |scene: &Scene, step: usize| {
            let (customer, _) = invoice(scene, &name(step)).await;
            // Twice each time, and both on invoices.
            scene.invoice(customer).await;
            customer
        };
        walk(scene, Again::Twice, prepare, async |scene, customer| credit(scene, *customer, "10").await).await;
    }

    async fn a_debit_is_booked_whole_or_not_at_all_wherever_the_process_dies(scene: Scene) {
        let prepare = async |scene: &Scene, step: usize| scene.customer(&name(step)).await;
        walk(scene, Again::Twice, prepare, async |scene, customer| credit(scene, *customer, "-10").await).await;
    }

    async fn a_payment_is_cancelled_whole_or_not_at_all_wherever_the_process_dies(scene: Scene) {
        let prepare = async |scene: &Scene, step: usize| paid(scene, &name(step)).await.2;
        let act = async |scene: &Scene, payment: &PaymentId| {
            let payment = *payment;
            scene.billing.unit(scene.org, &Actor::System, async |unit| cancel(unit, payment).await).await
        };
        walk(scene, Again::ChangesNothing, prepare, act).await;
    }

    async fn a_days_charge_of_what_is_on_file_is_made_once_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let (first, _) = invoice(&scene, "FIRST").await;
        on_file(&scene, first).await;
        scene.gateway.next(Script::Decline);
        let counted = steps(&mut scene, async |scene| charge(scene, first).await).await;
        for step in 1..=counted {
            let (customer, invoice) = invoice(&scene, &name(step)).await;
            on_file(&scene, customer).await;
            scene.gateway.next(Script::Decline);
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(charge(&scene, customer).await, step);
            restart(&mut scene);
            scene.check().await;
            // Begun again at once it stops at what may have been charged, and goes on when that is known.
            charge(&scene, customer).await.unwrap();
            scene.settle().await;
            let attempts = charge(&scene, customer).await.unwrap();
            scene.gateway.forget_scripts();
            let head = scene.find_invoice(invoice).await.head;
            let last = attempts.last().unwrap().head.status;
            match last {
                PaymentStatus::Paid => assert_eq!(head.status, InvoiceStatus::Paid, "step {step}"),
                // The processor never heard of it: another day's work tries again.
                PaymentStatus::Error => assert_eq!(head.payable(), Amount(6050), "step {step}"),
                other => panic!("step {step}: {other}"),
            }
            assert!(attempts.len() <= 2, "step {step}");
            scene.check().await;
        }
        assert_eq!(scene.settle().await, 0, "no job is left");
    }

    async fn a_method_is_kept_with_its_payment_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let (_, first) = invoice(&scene, "FIRST").await;
        let counted = steps(&mut scene, async |scene| pay_and_keep(scene, first).await).await;
        for step in 1..=counted {
            let (customer, invoice) = invoice(&scene, &name(step)).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(pay_and_keep(&scene, invoice).await, step);
            restart(&mut scene);
            scene.check().await;
            scene.settle().await;
            let is_paid = scene.find_invoice(invoice).await.head.status == InvoiceStatus::Paid;
            assert_eq!(kept(&scene, customer).await, usize::from(is_paid), "step {step}");
            scene.check().await;
        }
    }
}
