//! Forgotten passwords and user names: answered by mail, and by nothing else.

use std::sync::{Mutex, PoisonError};

use billing::forgotten::{Chosen, ask, choose, is_open};
use billing::jobs::run_due;
use billing::mails::{Letter, Mailer, NotDelivered, deliver_due};
use billing::ports::Answering;
use billing::sessions::{NewSession, log_in};
use domain::access::Forgotten;
use domain::contacts::Password;
use domain::customers::{CustomerStatus, NewCustomer};
use domain::passwords::WeakPassword;
use testkit::scene::{CLIENT, new_customer, with_login};
use testkit::{Scene, scenes};

const PAGE: &str = "https://www.acme.example/account";
const OLD: &str = "Sachxwe001";
const NEW: &str = "correct horse battery";

#[derive(Default)]
struct Postman(Mutex<Vec<Letter>>);

impl Mailer for Postman {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        Box::pin(async { Ok(()) })
    }
}

/// Does the jobs and brings the mails.
async fn letters(scene: &Scene) -> Vec<Letter> {
    let postman = Postman::default();
    run_due(&scene.billing, 20).await.unwrap();
    deliver_due(&scene.billing, &postman, 20).await.unwrap();
    postman.0.into_inner().unwrap()
}

async fn forgot(scene: &Scene, kind: Forgotten, asked: &str) -> Vec<Letter> {
    ask(&scene.billing, scene.org, kind, (asked, PAGE)).await.unwrap();
    letters(scene).await
}

/// The tracking id of the link in the only mail.
async fn link(scene: &Scene, username: &str) -> String {
    let letters = forgot(scene, Forgotten::Password, username).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let start = format!("{PAGE}?trackingId=");
    let (_, rest) = letters[0].text.split_once(&start).expect("the link is in the mail");
    assert!(letters[0].html.contains(&format!("{start}{}", &rest[..32])));
    rest[..32].to_owned()
}

async fn set(scene: &Scene, tracking_id: &str, password: &str) -> Chosen {
    let org = scene.organization("acme").await;
    choose(&scene.billing, &org, tracking_id, &Password::new(password)).await.unwrap()
}

async fn open(scene: &Scene, tracking_id: &str) -> bool {
    is_open(&scene.billing, &scene.organization("acme").await, tracking_id).await.unwrap()
}

async fn enter(scene: &Scene, password: &str) -> Option<NewSession> {
    let org = scene.organization("acme").await;
    log_in(&scene.billing, &org, ("johndoe", &Password::new(password)), &CLIENT).await.unwrap()
}

async fn sessions(scene: &Scene, customer: domain::ids::CustomerId) -> usize {
    let org = scene.organization("acme").await;
    let now = scene.billing.now(&org);
    billing::access::sessions(&mut scene.billing.view(&org).await.unwrap(), customer, now).await.unwrap().len()
}

scenes! {
    async fn the_link_of_the_mail_leads_to_a_new_password_once(scene: Scene) {
        let john = scene.customer_with_login("JOHN", "johndoe", OLD).await;
        enter(&scene, OLD).await.unwrap();
        for _ in 0..5 {
            assert!(enter(&scene, "Wrong-1234").await.is_none());
        }
        let id = link(&scene, "johndoe").await;
        assert!(open(&scene, &id).await && open(&scene, &id).await, "asking uses nothing up");
        assert_eq!(set(&scene, &id, "short").await, Chosen::Weak(WeakPassword::TooShort));
        assert_eq!(set(&scene, &id, "johndoe").await, Chosen::Weak(WeakPassword::TooShort));
        assert_eq!(set(&scene, &id, "Password1").await, Chosen::Weak(WeakPassword::TooCommon));
        assert_eq!(sessions(&scene, john).await, 1, "nothing has happened yet");
        assert_eq!(set(&scene, &id, NEW).await, Chosen::Done);
        assert_eq!(sessions(&scene, john).await, 0, "it is signed out everywhere");
        assert!(enter(&scene, OLD).await.is_none());
        assert!(enter(&scene, NEW).await.is_some(), "it is unlocked");
        assert!(!open(&scene, &id).await);
        assert_eq!(set(&scene, &id, "another good one").await, Chosen::NoLink);
        let told = letters(&scene).await;
        assert_eq!(told.iter().map(|letter| letter.subject.as_str()).collect::<Vec<_>>(), ["Your password is changed – Acme Hosting"]);
    }

    async fn nothing_of_the_link_is_stored_in_the_clear(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", OLD).await;
        ask(&scene.billing, scene.org, Forgotten::Password, ("johndoe", PAGE)).await.unwrap();
        run_due(&scene.billing, 20).await.unwrap();
        let waiting = format!("{:?}", testkit::dump::dump(&scene.db, &[]).await);
        let letters = letters(&scene).await;
        let (_, rest) = letters[0].text.split_once("trackingId=").unwrap();
        let sent = format!("{:?}", testkit::dump::dump(&scene.db, &[]).await);
        for stored in [waiting, sent] {
            assert!(!stored.contains(&rest[..32]));
            assert!(!stored.contains("trackingId"));
        }
    }

    async fn a_link_lasts_an_hour_of_the_organizations_clock_and_ends_with_the_next(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", OLD).await;
        let (first, second) = (link(&scene, "johndoe").await, link(&scene, "johndoe").await);
        assert!(!open(&scene, &first).await && open(&scene, &second).await);
        scene.clock.advance_seconds(7200);
        scene.advance("2011-09-20T12:59:59Z").await.unwrap();
        assert!(open(&scene, &second).await, "not the wall clock");
        scene.advance("2011-09-20T13:00:00Z").await.unwrap();
        assert_eq!(set(&scene, &second, NEW).await, Chosen::NoLink);
        assert!(enter(&scene, OLD).await.is_some());
    }

    async fn who_can_not_sign_in_is_sent_nothing_and_nobody_is_told(scene: Scene) {
        let rival = scene.rival().await;
        scene.create(rival, with_login(new_customer("R"), "rivaluser", OLD)).await.unwrap();
        let mut locked = with_login(new_customer("L"), "lockedone", OLD);
        locked.billing_contact.account_locked = true;
        scene.create(scene.org, locked).await.unwrap();
        let gone = with_login(new_customer("G"), "goneuser", OLD);
        scene.create(scene.org, NewCustomer { status: Some(CustomerStatus::InActive1), ..gone }).await.unwrap();
        let mut silent = with_login(new_customer("S"), "silentone", OLD);
        silent.billing_contact.email_primary = String::new();
        scene.create(scene.org, silent).await.unwrap();
        let long = "x".repeat(10_000);
        for asked in ["nobody01", "rivaluser", "lockedone", "goneuser", "silentone", "", "' OR 1=1 --", &long] {
            assert_eq!(forgot(&scene, Forgotten::Password, asked).await, [], "{asked}");
        }
        for asked in ["nobody@example.com", "", "%"] {
            assert_eq!(forgot(&scene, Forgotten::Username, asked).await, [], "{asked}");
        }
        let stored = testkit::dump::dump(&scene.db, &[]).await;
        assert_eq!((stored["forgotten"].len(), stored["jobs"].len(), stored["password_resets"].len()), (0, 0, 0));
    }

    async fn user_names_go_to_the_address_that_they_belong_to(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", OLD).await;
        scene.customer_with_login("JACK", "jackdoe", OLD).await;
        let letters = forgot(&scene, Forgotten::Username, " JohnDoe@example.com ").await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].recipient, "johndoe@example.com");
        for name in ["johndoe", "jackdoe"] {
            assert!(letters[0].text.contains(&format!("Username: {name}")), "{}", letters[0].text);
        }
    }

    async fn the_mail_speaks_the_customers_language(scene: Scene) {
        let mut new = with_login(new_customer("HANS"), "hansdoe", OLD);
        new.locale = Some("de_AT".to_owned());
        scene.create(scene.org, new).await.unwrap();
        let letters = forgot(&scene, Forgotten::Password, "hansdoe").await;
        assert_eq!(letters[0].subject, "Neues Passwort wählen – Acme Hosting");
        assert!(letters[0].html.contains("lang=\"de-AT\""), "{}", letters[0].html);
    }

    async fn one_contact_is_sent_five_links_an_hour(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", OLD).await;
        for _ in 0..5 {
            link(&scene, "johndoe").await;
        }
        assert_eq!(forgot(&scene, Forgotten::Password, "johndoe").await, []);
        scene.clock.advance_seconds(3600);
        link(&scene, "johndoe").await;
    }

    parallel async fn of_ten_that_use_a_link_at_once_one_has_its_password(scene: Scene) {
        scene.customer_with_login("JOHN", "johndoe", OLD).await;
        let id = link(&scene, "johndoe").await;
        let org = scene.organization("acme").await;
        let (id, org, billing) = (&id, &org, &scene.billing);
        let chosen = futures_util::future::join_all((0..10).map(|n| {
            let password = Password::new(format!("{NEW} {n}"));
            async move { choose(billing, org, id, &password).await.unwrap() }
        })).await;
        assert_eq!(chosen.iter().filter(|chosen| **chosen == Chosen::Done).count(), 1, "{chosen:?}");
    }
}
