//! Letting contacts into the portal, and keeping out who guesses.

use billing::sessions::{NewSession, log_in};
use domain::contacts::Password;
use domain::customers::{CustomerStatus, NewCustomer};
use futures_util::future::join_all;
use testkit::scene::{CLIENT, new_customer, with_login};
use testkit::{Scene, scenes};

async fn try_in(scene: &Scene, username: &str, password: &str) -> Option<NewSession> {
    let org = scene.organization("acme").await;
    log_in(&scene.billing, &org, (username, &Password::new(password)), &CLIENT).await.unwrap()
}

scenes! {
    async fn the_right_password_opens_a_session_of_the_customer(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        let session = try_in(&scene, "johndoe", "Sachxwe001").await.unwrap();
        assert_eq!((session.customer, session.key.len(), session.cookie.len()), (john, 32, 32));
        let other = try_in(&scene, "johndoe", "Sachxwe001").await.unwrap();
        assert_ne!(session.key, other.key);
    }

    async fn a_wrong_password_and_an_unknown_user_get_the_same_answer(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        for (username, password) in [("johndoe", "sachxwe001"), ("nobody", "Sachxwe001"), ("", "")] {
            assert!(try_in(&scene, username, password).await.is_none(), "{username}");
        }
    }

    async fn a_login_of_another_organization_opens_nothing(scene: Scene) {
        let rival = scene.rival().await;
        scene.create(rival, with_login(new_customer("R"), "rivaluser", "Sachxwe001")).await.unwrap();
        assert!(try_in(&scene, "rivaluser", "Sachxwe001").await.is_none());
    }

    async fn five_wrong_passwords_lock_for_a_quarter_of_an_hour_of_the_wall_clock(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        for _ in 0..5 {
            assert!(try_in(&scene, "johndoe", "Wrong-1234").await.is_none());
        }
        assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_none(), "locked");
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_none(), "not the test clock");
        scene.clock.advance_seconds(15 * 60 - 1);
        assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_none());
        scene.clock.advance_seconds(1);
        assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_some());
    }

    async fn a_right_password_forgives_the_wrong_ones_before(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        for _ in 0..3 {
            for _ in 0..4 {
                assert!(try_in(&scene, "johndoe", "Wrong-1234").await.is_none());
            }
            assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_some());
        }
    }

    parallel async fn passwords_guessed_at_the_same_time_are_counted_each(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        join_all((0..5).map(|_| try_in(&scene, "johndoe", "Wrong-1234"))).await;
        assert!(try_in(&scene, "johndoe", "Sachxwe001").await.is_none(), "locked");
    }

    async fn a_locked_account_and_a_customer_without_portal_stay_out(scene: Scene) {
        let mut locked = with_login(new_customer("L"), "lockedone", "Sachxwe001");
        locked.billing_contact.account_locked = true;
        scene.create(scene.org, locked).await.unwrap();
        let gone = with_login(new_customer("G"), "goneuser", "Sachxwe001");
        let gone = NewCustomer { status: Some(CustomerStatus::InActive1), ..gone };
        scene.create(scene.org, gone).await.unwrap();
        let late = NewCustomer { status: Some(CustomerStatus::Suspended2), ..new_customer("S") };
        scene.create(scene.org, with_login(late, "suspended", "Sachxwe001")).await.unwrap();
        assert!(try_in(&scene, "lockedone", "Sachxwe001").await.is_none());
        assert!(try_in(&scene, "goneuser", "Sachxwe001").await.is_none());
        assert!(try_in(&scene, "suspended", "Sachxwe001").await.is_some(), "whoever owes may pay");
    }
}
