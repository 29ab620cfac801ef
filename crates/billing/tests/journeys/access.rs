//! Letting API users in: by password, role and lock, and what is remembered of it.

use billing::staff::{NoAccess, api_access};
use billing::{Billing, staff::ApiAccess};
use domain::contacts::Password;
use futures_util::future::join_all;
use testkit::organization::{ACME, API_PASSWORD, API_USER, RIVAL_PASSWORD, RIVAL_USER, STAFF_PASSWORD, STAFF_USER};
use testkit::{Scene, scenes};

/// As a request does it, with the organization as it is now.
async fn access(scene: &Scene, username: &str, password: &str) -> Result<ApiAccess, NoAccess> {
    by(&scene.billing, scene, username, password).await
}

async fn by(billing: &Billing, scene: &Scene, username: &str, password: &str) -> Result<ApiAccess, NoAccess> {
    api_access(billing, &scene.entry("acme").await, username, &Password::new(password)).await
}

fn unknown(outcome: &Result<ApiAccess, NoAccess>) -> bool {
    matches!(outcome, Err(NoAccess::Unknown))
}

scenes! {
    async fn an_api_user_is_let_in_and_a_staff_member_is_not(scene: Scene) {
        scene.rival().await;
        assert_eq!(access(&scene, API_USER, API_PASSWORD).await.unwrap().org.id, scene.org);
        assert!(matches!(access(&scene, STAFF_USER, STAFF_PASSWORD).await, Err(NoAccess::Role)));
        assert!(matches!(access(&scene, STAFF_USER, STAFF_PASSWORD).await, Err(NoAccess::Role)), "remembered or not");
        for (username, password) in [(API_USER, "wrong"), ("nobody", API_PASSWORD), (RIVAL_USER, RIVAL_PASSWORD), ("", "")] {
            assert!(unknown(&access(&scene, username, password).await), "{username}");
        }
    }

    async fn a_verified_password_is_remembered_and_a_wrong_one_is_not(scene: Scene) {
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
        // Another hash, behind its back: whoever is let in now was not asked for the hash again.
        let mut tx = scene.db.begin().await.unwrap();
        let found = store::staff::find(&mut tx, scene.org, API_USER).await.unwrap().unwrap();
        let changed_at = store::staff::changed_at(&mut tx, scene.org).await.unwrap().unwrap();
        let (id, role, email) = (found.id, found.role, found.email);
        let password_hash = scene.billing.passwords.hash(&Password::new("Quite-New-11")).await.unwrap();
        let new = store::staff::NewStaff { id, username: API_USER.to_owned(), password_hash, role, email };
        store::staff::save(&mut tx, scene.org, &new, changed_at).await.unwrap();
        tx.commit().await.unwrap();
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
        assert!(unknown(&access(&scene, API_USER, "wrong").await));
        assert!(unknown(&access(&scene, API_USER, "wrong").await));
    }

    async fn a_wrong_password_does_not_make_others_prove_themselves_again(scene: Scene) {
        let before = scene.entry("acme").await.staff_changed_at;
        scene.clock.advance_seconds(1);
        assert!(unknown(&access(&scene, STAFF_USER, "wrong").await));
        scene.billing.forget();
        assert_eq!(scene.entry("acme").await.staff_changed_at, before);
    }

    async fn a_changed_password_counts_at_once_here_and_in_another_process(scene: Scene) {
        let other = scene.process();
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
        by(&other, &scene, API_USER, API_PASSWORD).await.unwrap();
        scene.clock.advance_seconds(1);
        scene.seed(&ACME.replace(API_PASSWORD, "Another-Horse-9")).await.unwrap();
        assert!(unknown(&access(&scene, API_USER, API_PASSWORD).await));
        assert!(unknown(&by(&other, &scene, API_USER, API_PASSWORD).await));
        access(&scene, API_USER, "Another-Horse-9").await.unwrap();
        by(&other, &scene, API_USER, "Another-Horse-9").await.unwrap();
    }

    async fn a_changed_role_counts_at_once_here_and_in_another_process(scene: Scene) {
        let other = scene.process();
        by(&other, &scene, API_USER, API_PASSWORD).await.unwrap();
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
        scene.clock.advance_seconds(1);
        scene.seed(&ACME.replace("ROLE_API", "ROLE_ADMIN")).await.unwrap();
        assert!(matches!(access(&scene, API_USER, API_PASSWORD).await, Err(NoAccess::Role)));
        assert!(matches!(by(&other, &scene, API_USER, API_PASSWORD).await, Err(NoAccess::Role)));
    }

    async fn five_wrong_passwords_lock_even_who_is_remembered(scene: Scene) {
        let other = scene.process();
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
        by(&other, &scene, API_USER, API_PASSWORD).await.unwrap();
        for _ in 0..5 {
            scene.clock.advance_seconds(1);
            assert!(unknown(&access(&scene, API_USER, "wrong").await));
        }
        assert!(unknown(&access(&scene, API_USER, API_PASSWORD).await));
        assert!(unknown(&by(&other, &scene, API_USER, API_PASSWORD).await));
        scene.clock.advance_seconds(15 * 60);
        access(&scene, API_USER, API_PASSWORD).await.unwrap();
    }

    async fn a_new_password_lifts_the_lock(scene: Scene) {
        for _ in 0..5 {
            assert!(unknown(&access(&scene, API_USER, "wrong").await));
        }
        scene.clock.advance_seconds(1);
        scene.seed(&ACME.replace(API_PASSWORD, "Another-Horse-9")).await.unwrap();
        access(&scene, API_USER, "Another-Horse-9").await.unwrap();
    }

    parallel async fn passwords_guessed_at_the_same_time_are_counted_each(scene: Scene) {
        join_all((0..5).map(|_| access(&scene, API_USER, "wrong"))).await;
        assert!(unknown(&access(&scene, API_USER, API_PASSWORD).await), "locked");
    }

    async fn an_unknown_host_is_no_organization(scene: Scene) {
        assert!(scene.billing.organization("nobody").await.unwrap().is_none());
        assert_eq!(scene.billing.organization("acme").await.unwrap().unwrap().organization.id, scene.org);
        scene.seed(&testkit::organization::RIVAL.replace("rival", "nobody")).await.unwrap();
        assert!(scene.billing.organization("nobody").await.unwrap().is_some(), "what was not there is asked again");
    }
}
