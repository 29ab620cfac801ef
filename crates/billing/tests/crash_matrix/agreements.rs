//! What a customer has agreed to: methods on file, payment plans; and the links that let one in.

use billing::payment_methods;
use billing::payment_plans::{Acceptance, disable, save, update};
use billing::portal::{CannotKeep, CannotPay, Me, NewMethod, PayWith, Wish};
use billing::sessions::{Checkout, LinkRequest, mint};
use billing::sso_keys::{KeyRequest, register, remove};
use billing::{Error, Result, quick_pay};
use domain::access::Actor;
use domain::contacts::Password;
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::ids::PaymentMethodId;
use domain::payment_methods::Secret;
use domain::payments::{FullPayment, PaymentStatus};
use domain::sso_keys::KeyAlgorithm;
use testkit::scene::card;
use testkit::{Scene, scenes};
use wire::payment_plans::PaymentPlanRequest;

use crate::walk::{Again, name, walk};
use crate::{assert_crashed, keep_card, restart, steps};

const BY: &Actor = &Actor::System;

async fn customer(scene: &Scene, step: usize) -> CustomerId {
    scene.customer(&name(step)).await
}

/// Twelve monthly installments of this amount.
fn installments(amount: i64) -> PaymentPlanRequest {
    PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: None,
        charge_amount: Some(amount.into()),
        start_on: Some(Date::new(2011, 10, 1)),
        total_installments: Some(12),
        frequency_value: Some(1),
        frequency_units: Some(TimeUnit::Months),
        is_enabled: None,
        is_offered: false,
    }
}

async fn with_plan(scene: &Scene, step: usize) -> CustomerId {
    let id = customer(scene, step).await;
    let request = &installments(50);
    let saved = scene.billing.unit(scene.org, BY, async |unit| save(unit, id, request).await).await;
    saved.expect("there is no plan yet");
    id
}

fn key(step: usize) -> KeyRequest {
    KeyRequest {
        kid: name(step),
        algorithm: KeyAlgorithm::Hs256,
        secret: Some(Password::new("a-secret-of-acme-that-is-long-enough")),
        public_key: None,
        expires_at: None,
    }
}

/// What a customer may do in the portal, in the process that runs now.
async fn me(scene: &Scene, customer: CustomerId) -> Me {
    let org = scene.organization("acme").await;
    let customer = scene.find_customer(customer).await;
    Me::new(scene.billing.clone(), org, (&customer).into(), None).expect("may enter")
}

fn as_error<T>(done: Result<T, CannotKeep>) -> Result<T> {
    done.map_err(|why| match why {
        CannotKeep::Pay(CannotPay::Failed(error)) => error,
        CannotKeep::Gone => Error::NotFound("autopay method"),
        why => panic!("{why:?}"),
    })
}

async fn with_card(scene: &Scene, step: usize) -> (CustomerId, PaymentMethodId) {
    let id = customer(scene, step).await;
    let kept = keep_card(scene, id).await.expect("the card is good");
    (id, kept.id)
}

/// A payment that waits for its confirmation: a part of an invoice, with a card that is to be kept.
async fn confirmable(scene: &Scene, step: usize) -> (CustomerId, Checkout) {
    let id = customer(scene, step).await;
    let number = scene.invoice(id).await.head.number;
    let me = me(scene, id).await;
    let wish = Wish { invoices: vec![number], ..Wish::default() };
    let method = NewMethod { secret: Secret::Card(Box::new(card())), keep: Some(1) };
    let checkout = me.check_out(&wish, PayWith::New(method)).await.expect("it can be paid");
    (id, checkout)
}

async fn confirm(scene: &Scene, (customer, checkout): &(CustomerId, Checkout)) -> Result<FullPayment> {
    let confirmed = me(scene, *customer).await.confirm(checkout).await;
    confirmed.map_err(|why| match why {
        CannotPay::Failed(error) => error,
        why => panic!("{why:?}"),
    })
}

scenes! {
    async fn a_confirmation_is_paid_once_and_leads_to_its_payment_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let first = confirmable(&scene, 0).await;
        let counted = steps(&mut scene, async |scene| confirm(scene, &first).await).await;
        let mut charged = 1;
        for step in 1..=counted {
            let confirmable = confirmable(&scene, step).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(confirm(&scene, &confirmable).await, step);
            restart(&mut scene);
            scene.settle().await;
            // Where the processor never heard of it, it says so; the customer then confirms anew.
            let ended = confirm(&scene, &confirmable).await.expect("it is paid now, or was").head;
            assert!(matches!(ended.status, PaymentStatus::Paid | PaymentStatus::Error), "step {step}: {}", ended.status);
            charged += usize::from(ended.status == PaymentStatus::Paid);
            assert_eq!(confirm(&scene, &confirmable).await.expect("it was").head.id, ended.id, "step {step}");
            scene.check().await;
        }
        assert!(charged > counted / 2, "{charged} of {counted}");
        assert_eq!(scene.gateway.charges(), charged, "each was charged once");
    }

    async fn a_method_changes_its_place_whole_or_not_at_all(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_card, async |scene, (customer, id)| {
            as_error(me(scene, *customer).await.move_method(*id, 1).await)
        }).await;
    }

    async fn a_method_is_removed_in_the_portal_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_card, async |scene, (customer, id)| {
            as_error(me(scene, *customer).await.remove_method(*id).await)
        }).await;
    }

    async fn an_offered_plan_is_accepted_once(scene: Scene) {
        let offered = async |scene: &Scene, step| {
            let (id, _) = with_card(scene, step).await;
            let request = &PaymentPlanRequest { is_offered: true, ..installments(50) };
            scene.billing.unit(scene.org, BY, async |unit| save(unit, id, request).await).await.expect("there is none yet");
            let plan = me(scene, id).await.plan(None).await.expect("the page is there").expect("it is offered").plan;
            (id, Acceptance { plan: plan.id, terms_of: plan.updated_at })
        };
        walk(scene, Again::ChangesNothing, offered, async |scene, (customer, acceptance)| {
            me(scene, *customer).await.accept_plan(*acceptance).await
        }).await;
    }

    async fn a_quick_session_is_there_or_not_and_who_asks_again_has_another(scene: Scene) {
        let invoiced = async |scene: &Scene, step| {
            let id = customer(scene, step).await;
            scene.invoice(id).await.head.number
        };
        walk(scene, Again::Twice, invoiced, async |scene, number| {
            let org = scene.organization("acme").await;
            let begun = quick_pay::begin(&scene.billing, &org, number, "60.50").await?;
            Ok(begun.expect("number and balance are right").key)
        }).await;
    }

    async fn a_method_is_taken_off_the_file_once(scene: Scene) {
        let with_card = async |scene: &Scene, step| {
            let id = customer(scene, step).await;
            keep_card(scene, id).await.expect("the card is good");
            id
        };
        walk(scene, Again::ChangesNothing, with_card, async |scene, id| {
            payment_methods::delete(&scene.billing, scene.org, BY, *id, 2).await
        }).await;
    }

    async fn a_payment_plan_is_made_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, customer, async |scene, id| {
            let request = &installments(50);
            scene.billing.unit(scene.org, BY, async |unit| save(unit, *id, request).await).await
        }).await;
    }

    async fn a_payment_plan_is_changed_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_plan, async |scene, id| {
            let request = &installments(60);
            scene.billing.unit(scene.org, BY, async |unit| update(unit, *id, request).await).await
        }).await;
    }

    async fn a_payment_plan_is_switched_off_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_plan, async |scene, id| {
            scene.billing.unit(scene.org, BY, async |unit| disable(unit, *id).await).await
        }).await;
    }

    async fn a_link_is_there_or_not_and_who_asks_again_has_another(scene: Scene) {
        walk(scene, Again::Twice, customer, async |scene, id| {
            scene.billing.unit(scene.org, BY, async |unit| mint(unit, *id, &LinkRequest::default()).await).await
        }).await;
    }

    async fn a_key_for_sign_in_tokens_is_registered_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, async |_, step| key(step), async |scene, key| {
            let vault = &scene.billing.vault;
            scene.billing.unit(scene.org, BY, async |unit| register(unit, vault, key).await).await
        }).await;
    }

    async fn a_key_for_sign_in_tokens_is_removed_once(scene: Scene) {
        let registered = async |scene: &Scene, step| {
            let (key, vault) = (&key(step), &scene.billing.vault);
            scene.billing.unit(scene.org, BY, async |unit| register(unit, vault, key).await).await.unwrap().kid
        };
        walk(scene, Again::ChangesNothing, registered, async |scene, kid| {
            scene.billing.unit(scene.org, BY, async |unit| remove(unit, kid).await).await
        }).await;
    }
}
