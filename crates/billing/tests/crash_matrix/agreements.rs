//! What a customer has agreed to: methods on file, payment plans; and the links that let one in.

use billing::payment_methods;
use billing::payment_plans::{disable, save, update};
use billing::sessions::{LinkRequest, mint};
use billing::sso_keys::{KeyRequest, register, remove};
use domain::access::Actor;
use domain::contacts::Password;
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::sso_keys::KeyAlgorithm;
use testkit::{Scene, scenes};
use wire::payment_plans::PaymentPlanRequest;

use crate::keep_card;
use crate::walk::{Again, name, walk};

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

scenes! {
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
