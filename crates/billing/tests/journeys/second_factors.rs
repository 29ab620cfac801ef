//! The second factor: asked for after the password, taken once, counted when it is wrong.

use std::sync::Arc;

use billing::Billing;
use billing::credentials::SignedIn;
use billing::keys::{KeyRing, reseal};
use billing::portal::Me;
use billing::second_factors::{add, begin, enrolment, prove, remove, renew_codes, shown_codes};
use billing::secrets::Vault;
use billing::sessions::{Stage, Standing, log_in};
use domain::contacts::Password;
use domain::ids::{CustomerId, SessionId};
use testkit::organization::ACME;
use testkit::scene::{CLIENT, VAULT_KEY};
use testkit::{Scene, scenes};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "Sachxwe001";

async fn me(scene: &Scene, customer: CustomerId) -> (Me, SignedIn) {
    let org = scene.organization("acme").await;
    let mut view = scene.billing.view(&org).await.unwrap();
    let customer = billing::customers::get(&mut view, customer).await.unwrap();
    drop(view);
    let contact = customer.billing_contact.id;
    let me = Me::new(scene.billing.clone(), org, (&customer).into(), Some(contact)).unwrap();
    let signed_in = SignedIn::new(&me, SessionId(1)).unwrap();
    (me, signed_in)
}

/// The code that the app shows now.
fn code(scene: &Scene, key: &str) -> String {
    let key = key.replace(' ', "").to_uppercase();
    let app = Builder::new().with_secret(Secret::try_from_base32(key).unwrap()).build().unwrap();
    app.generate(u64::try_from(scene.billing.clock.now().as_seconds()).unwrap()).to_string()
}

/// Adds an app: its key, and the recovery codes.
async fn enrol(scene: &Scene, me: &Me, signed_in: SignedIn) -> (String, Vec<String>) {
    let begun = begin(me, signed_in, &Standing::default()).unwrap();
    let key = enrolment(me, signed_in, &begun, "johndoe").unwrap().key;
    let added = add(me, signed_in, &begun, &code(scene, &key)).await.unwrap().unwrap();
    let codes = shown_codes(me, signed_in, &added).unwrap();
    assert_eq!((added.stage, added.authenticator), (Stage::Open, None));
    (key, codes)
}

/// The stage that the session of a right password begins with.
async fn enter(scene: &Scene) -> Option<Stage> {
    let org = scene.organization("acme").await;
    let new = log_in(&scene.billing, &org, ("johndoe", &Password::new(PASSWORD)), &CLIENT).await.unwrap()?;
    let mut view = scene.billing.view(&org).await.unwrap();
    let hash = billing::secrets::token_hash(&new.key);
    let data = store::sessions::open(&mut view.conn, org.id, &hash).await.unwrap().unwrap().data;
    let stages = [("SecondFactor", Stage::SecondFactor), ("Enrolment", Stage::Enrolment), ("Open", Stage::Open)];
    stages.into_iter().find(|(name, _)| data.contains(&format!("\"stage\":\"{name}\""))).map(|(_, stage)| stage)
}

async fn proves(scene: &Scene, customer: CustomerId, code: &str) -> bool {
    let (me, signed_in) = me(scene, customer).await;
    let standing = Standing { stage: Stage::SecondFactor, ..Standing::default() };
    prove(&me, signed_in, &standing, (code, &CLIENT)).await.unwrap().is_some_and(|after| after.stage == Stage::Open)
}

fn wanting(what: &str) -> String {
    ACME.replace("[organization.portal]", &format!("[organization.portal]\nsecond_factor = \"{what}\""))
}

scenes! {
    async fn once_an_app_is_added_its_code_is_asked_for_and_taken_once(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", PASSWORD).await;
        assert_eq!(enter(&scene).await, Some(Stage::Open));
        let (me, signed_in) = me(&scene, john).await;
        let begun = begin(&me, signed_in, &Standing::default()).unwrap();
        assert_eq!(add(&me, signed_in, &begun, "000000").await.unwrap(), None);
        assert_eq!(enter(&scene).await, Some(Stage::Open), "not before the first code");
        let (key, _) = enrol(&scene, &me, signed_in).await;
        assert_eq!(enter(&scene).await, Some(Stage::SecondFactor));
        assert!(!proves(&scene, john, &code(&scene, &key)).await, "that code has added the app");
        scene.clock.advance_seconds(30);
        let next = code(&scene, &key);
        assert!(proves(&scene, john, &next).await);
        assert!(!proves(&scene, john, &next).await, "a code is taken once");
        scene.clock.advance_seconds(90);
        assert!(!proves(&scene, john, &next).await, "too old");
        assert!(proves(&scene, john, &code(&scene, &key)).await);
    }

    async fn a_recovery_code_serves_once_and_new_ones_end_the_old(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", PASSWORD).await;
        let (me, signed_in) = me(&scene, john).await;
        let (_, codes) = enrol(&scene, &me, signed_in).await;
        assert_eq!(codes.len(), 10);
        assert!(proves(&scene, john, &codes[0].to_uppercase().replace('-', " ")).await);
        assert!(!proves(&scene, john, &codes[0]).await);
        assert_eq!(me.factors(signed_in.contact).await.unwrap().codes_left, 9);
        let renewed = renew_codes(&me, signed_in, &Standing::default()).await.unwrap();
        let new = shown_codes(&me, signed_in, &renewed).unwrap();
        assert!(!proves(&scene, john, &codes[1]).await);
        assert!(proves(&scene, john, &new[0]).await);
        let stored = format!("{:?}", testkit::dump::dump(&scene.db, &[]).await);
        assert!(codes.iter().chain(&new).all(|code| !stored.contains(code.as_str()) && !stored.contains(&code.replace('-', ""))));
    }

    async fn another_key_seals_the_secret_and_the_app_goes_on(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", PASSWORD).await;
        let (mut me, signed_in) = me(&scene, john).await;
        let (key, _) = enrol(&scene, &me, signed_in).await;
        let with = |vault| {
            let mut billing: Billing = scene.billing.clone();
            billing.vault = Arc::new(vault);
            billing
        };
        let ring = KeyRing::new(VAULT_KEY).with(&[9; 32]);
        let resealed = reseal(&with(Vault::with_ring(ring.clone()))).await.unwrap();
        // The app's, and the one of the callback that the seed file has.
        assert_eq!((resealed.secrets, resealed.unreadable), (2, 0));
        assert_eq!(reseal(&with(Vault::with_ring(ring))).await.unwrap().secrets, 0, "nothing is left to do");
        scene.clock.advance_seconds(30);
        me.billing = with(Vault::new([9; 32])).into();
        let standing = Standing { stage: Stage::SecondFactor, ..Standing::default() };
        assert!(prove(&me, signed_in, &standing, (&code(&scene, &key), &CLIENT)).await.unwrap().is_some());
    }

    async fn wrong_codes_lock_however_often_the_right_password_is_typed_between(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", PASSWORD).await;
        let (me, signed_in) = me(&scene, john).await;
        let (key, _) = enrol(&scene, &me, signed_in).await;
        scene.clock.advance_seconds(30);
        for _ in 0..5 {
            assert_eq!(enter(&scene).await, Some(Stage::SecondFactor));
            assert!(!proves(&scene, john, "000000").await);
        }
        assert_eq!(enter(&scene).await, None, "locked");
        assert!(!proves(&scene, john, &code(&scene, &key)).await, "locked");
        scene.clock.advance_seconds(15 * 60);
        assert!(proves(&scene, john, &code(&scene, &key)).await);
    }

    async fn the_merchant_wants_it_allows_it_or_does_without(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", PASSWORD).await;
        scene.seed(&wanting("required")).await.unwrap();
        assert_eq!(enter(&scene).await, Some(Stage::Enrolment));
        let (me_, signed_in) = me(&scene, john).await;
        enrol(&scene, &me_, signed_in).await;
        assert_eq!(enter(&scene).await, Some(Stage::SecondFactor));
        assert!(remove(&me_, signed_in).await.is_err(), "who must have one keeps it");
        scene.seed(&wanting("off")).await.unwrap();
        assert_eq!(enter(&scene).await, Some(Stage::Open));
        let (me_, signed_in) = me(&scene, john).await;
        assert!(begin(&me_, signed_in, &Standing::default()).is_err());
        scene.seed(&wanting("optional")).await.unwrap();
        let (me_, signed_in) = me(&scene, john).await;
        assert_eq!(enter(&scene).await, Some(Stage::SecondFactor));
        remove(&me_, signed_in).await.unwrap();
        assert_eq!(enter(&scene).await, Some(Stage::Open));
        let wrong = scene.seed(&wanting("sometimes")).await.unwrap_err().to_string();
        assert!(wrong.contains("second_factor must be one of off, optional, required"), "{wrong}");
    }
}
