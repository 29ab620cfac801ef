//! Methods on file: what is kept, what the processor is asked, and what becomes of it with a new key.

use std::sync::Arc;

use billing::keys::{BATCH, KeyRing, Resealed, reseal};
use billing::payment_methods::{self, SaveRequest};
use billing::secrets::Vault;
use billing::{Billing, Error, Result};
use domain::access::Actor;
use domain::ids::CustomerId;
use domain::payment_methods::{NewMethod, PaymentMethod, Secret};
use domain::wallet::{Card, Expiry, GatewayToken};
use testkit::scene::card;
use testkit::{Scene, Script, scenes};

use crate::refusal;

pub fn by_card(preference: i64, card: Card) -> NewMethod {
    NewMethod { preference, secret: Secret::Card(Box::new(card)) }
}

async fn save(scene: &Scene, customer: CustomerId, new: NewMethod, validate: bool) -> Result<PaymentMethod> {
    let org = scene.organization("acme").await;
    payment_methods::save(&scene.billing, &org, &Actor::System, SaveRequest { customer, new, validate }).await
}

async fn contexts(scene: &Scene, customer: CustomerId) -> Vec<String> {
    let org = scene.organization("acme").await;
    let listed = payment_methods::list(&mut scene.billing.view(&org).await.unwrap(), customer).await.unwrap();
    listed.iter().map(|method| format!("{} {}", method.preference, method.context())).collect()
}

/// What `billing` would charge.
async fn tokens(billing: &Billing, scene: &Scene, customer: CustomerId) -> Result<Vec<String>> {
    let org = scene.organization("acme").await;
    let found = payment_methods::chargeable(billing, &mut billing.view(&org).await?, customer).await?;
    Ok(found.iter().map(|one| one.token.expose().to_owned()).collect())
}

/// Another process that has these keys, oldest first.
fn with_keys(scene: &Scene, keys: &[u8]) -> Billing {
    let ring = KeyRing::from_bytes(&keys.iter().flat_map(|key| [*key; 32]).collect::<Vec<_>>()).unwrap();
    let mut billing = scene.process();
    billing.vault = Arc::new(Vault::with_ring(ring));
    billing
}

async fn rows(scene: &Scene, table: &str) -> Vec<String> {
    testkit::dump::dump(&scene.db, &[]).await.remove(table).unwrap()
}

scenes! {
    async fn a_method_is_kept_without_its_number_and_replaced_in_its_place(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let first = save(&scene, john, by_card(1, card()), false).await.unwrap();
        save(&scene, john, NewMethod { preference: 2, secret: Secret::Cash }, false).await.unwrap();
        let token = Secret::Token { token: GatewayToken::new("tok-7"), brand: None, expiry: None };
        save(&scene, john, NewMethod { preference: 3, secret: token }, false).await.unwrap();
        assert_eq!(contexts(&scene, john).await, ["1 Visa: 1111", "2 Cash", "3 Token"]);
        assert_eq!(tokens(&scene.billing, &scene, john).await.unwrap(), ["token-1111", "tok-7"]);
        let stored = rows(&scene, "payment_methods").await.concat();
        assert!(!stored.contains("token-1111") && !stored.contains("tok-7") && !stored.contains("4111"), "{stored}");
        assert!(stored.contains(&scene.billing.vault.key_id()));
        let second = save(&scene, john, by_card(1, card()), false).await.unwrap();
        assert_ne!(first.id, second.id);
        assert_eq!(contexts(&scene, john).await.len(), 3);
    }

    async fn a_change_is_an_event_of_the_customer_and_stands_in_the_audit(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let made = scene.find_customer(john).await.updated_at;
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        save(&scene, john, by_card(1, card()), false).await.unwrap();
        save(&scene, john, by_card(1, card()), false).await.unwrap();
        payment_methods::delete(&scene.billing, scene.org, &Actor::System, john, 1).await.unwrap();
        assert!(scene.find_customer(john).await.updated_at > made);
        let events = rows(&scene, "events").await;
        assert_eq!(events.iter().filter(|event| event.contains("customerUpdated")).count(), 3);
        let audit = rows(&scene, "audit").await.concat();
        for action in ["saved autopay method 1: Visa: 1111", "replaced autopay method 1", "deleted autopay method 1"] {
            assert!(audit.contains(action), "{action}: {audit}");
        }
        let gone = payment_methods::delete(&scene.billing, scene.org, &Actor::System, john, 1).await;
        assert!(matches!(gone, Err(Error::NotFound("autopay method"))));
    }

    async fn the_processor_is_asked_only_where_that_is_wanted_and_its_no_keeps_nothing(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let expired = Card { expiry: Expiry { year: 2011, month: 8 }, ..card() };
        assert!(refusal(save(&scene, john, by_card(1, expired.clone()), true).await).contains("not accepted"));
        for script in [Script::Decline, Script::Error] {
            scene.gateway.next(script);
            refusal(save(&scene, john, by_card(1, card()), true).await);
        }
        scene.gateway.next(Script::LoseRequest);
        let lost = save(&scene, john, by_card(1, card()), true).await;
        assert!(matches!(lost, Err(Error::Unavailable(_))), "{lost:?}");
        assert!(contexts(&scene, john).await.is_empty());
        save(&scene, john, by_card(1, expired), false).await.unwrap();
        save(&scene, john, by_card(2, card()), true).await.unwrap();
        assert_eq!(contexts(&scene, john).await, ["1 Visa: 1111", "2 Visa: 1111"]);
        assert_eq!(scene.gateway.charges(), 0);
    }

    async fn nobody_keeps_a_method_for_a_customer_of_another_organization(scene: Scene) {
        let rival = scene.rival().await;
        let theirs = scene.customer_of(rival, "JOHN").await;
        let saved = save(&scene, theirs, by_card(1, card()), true).await;
        assert!(matches!(saved, Err(Error::NotFound("customer"))), "{saved:?}");
        assert!(rows(&scene, "payment_methods").await.is_empty());
    }

    async fn two_at_once_leave_one_method_in_a_place(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let saves = (0..5).map(|_| save(&scene, john, by_card(1, card()), false));
        for saved in futures_util::future::join_all(saves).await {
            saved.unwrap();
        }
        assert_eq!(contexts(&scene, john).await, ["1 Visa: 1111"]);
    }

    async fn what_an_old_key_sealed_opens_after_a_rotation_and_the_old_key_is_no_longer_needed(scene: Scene) {
        let john = scene.customer("JOHN").await;
        save(&scene, john, by_card(1, card()), false).await.unwrap();
        save(&scene, john, NewMethod { preference: 2, secret: Secret::Check }, false).await.unwrap();
        let rotated = with_keys(&scene, &[7, 8]);
        assert_eq!(tokens(&rotated, &scene, john).await.unwrap(), ["token-1111"]);
        // The callback of acme has a secret, too.
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed { secrets: 2, unreadable: 0 });
        assert_eq!(tokens(&rotated, &scene, john).await.unwrap(), ["token-1111"]);
        assert_eq!(tokens(&with_keys(&scene, &[8]), &scene, john).await.unwrap(), ["token-1111"]);
        assert!(tokens(&scene.billing, &scene, john).await.is_err());
        assert!(rows(&scene, "payment_methods").await.concat().contains(&rotated.vault.key_id()));
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed::default());
    }

    async fn a_rotation_that_dies_anywhere_goes_on_where_it_was(scene: Scene) {
        let john = scene.customer("JOHN").await;
        for preference in 1..=3 {
            save(&scene, john, by_card(preference, card()), false).await.unwrap();
        }
        let mut keys = vec![7];
        for step in 1.. {
            keys.push(keys[keys.len() - 1] + 1);
            let rotated = with_keys(&scene, &keys);
            scene.faults.crash_at(step);
            let outcome = reseal(&rotated).await;
            scene.faults.reset();
            // Whatever was done, everything opens.
            let again = with_keys(&scene, &keys);
            assert_eq!(tokens(&again, &scene, john).await.unwrap(), ["token-1111"; 3], "step {step}");
            assert_eq!(reseal(&again).await.unwrap().unreadable, 0, "step {step}");
            let alone = with_keys(&scene, &keys[keys.len() - 1..]);
            assert_eq!(tokens(&alone, &scene, john).await.unwrap(), ["token-1111"; 3], "step {step}");
            assert!(step < 200, "it never gets to the end");
            if outcome.is_ok() {
                assert!(step > 10, "it ended after {step} steps");
                break;
            }
        }
    }

    async fn a_rotation_takes_more_than_one_batch_and_leaves_what_it_can_not_read(scene: Scene) {
        let count = BATCH / 3 + 2;
        for number in 0..count {
            let customer = scene.customer(&format!("C{number}")).await;
            for preference in 1..=3 {
                save(&scene, customer, by_card(preference, card()), false).await.unwrap();
            }
        }
        let secrets = u64::try_from(count * 3).unwrap();
        let stranger = with_keys(&scene, &[9]);
        assert_eq!(reseal(&stranger).await.unwrap(), Resealed { secrets: 0, unreadable: secrets + 1 });
        assert_eq!(reseal(&with_keys(&scene, &[7, 8])).await.unwrap(), Resealed { secrets: secrets + 1, unreadable: 0 });
    }
}
