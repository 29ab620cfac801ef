//! Access to an account: every change of it happens with its mail, its event and the end of sessions, or not at all.

use std::sync::Arc;

use billing::credentials::{self, SignedIn};
use billing::forgotten::{ask, choose};
use billing::portal::Me;
use billing::second_factors::remove_all;
use billing::secrets::token_hash;
use billing::sessions::log_in;
use domain::access::{Actor, Forgotten};
use domain::contacts::Password;
use domain::ids::SessionId;
use domain::organizations::Organization;
use store::Tx;
use store::forgotten::Reset;
use store::second_factors::Authenticator;
use testkit::scene::CLIENT;
use testkit::{Scene, scenes};

use crate::walk::{Again, name, walk};

const PASSWORD: &str = "Sachxwe001";
const PAGE: &str = "https://www.acme.example/account";

async fn org(scene: &Scene) -> Arc<Organization> {
    scene.organization("acme").await
}

/// A contact that is signed in twice.
async fn signed_in(scene: &Scene, step: usize) -> (Me, SignedIn) {
    let username = format!("user{}", name(step));
    let id = scene.customer_with_login(&name(step), &username, PASSWORD).await;
    let org = org(scene).await;
    for _ in 0..2 {
        let entered = log_in(&scene.billing, &org, (&username, &Password::new(PASSWORD)), &CLIENT).await;
        entered.expect("it works").expect("the password is right");
    }
    let mut view = scene.billing.view(&org).await.expect("a view");
    let customer = billing::customers::get(&mut view, id).await.expect("it is there");
    drop(view);
    let contact = customer.billing_contact.id;
    let me = Me::new(scene.billing.clone(), org, (&customer).into(), Some(contact)).expect("may enter");
    let signed_in = SignedIn::new(&me, SessionId(1)).expect("it has a contact");
    (me, signed_in)
}

/// The same in the process that is to die.
fn here(scene: &Scene, me: &Me) -> Me {
    Me { billing: scene.billing.clone().into(), ..me.clone() }
}

/// A link that is open.
async fn link(scene: &Scene, step: usize) -> String {
    let (_, signed_in) = signed_in(scene, step).await;
    let token = format!("{:032}", 1000 + step);
    let now = scene.billing.clock.now();
    let org = org(scene).await;
    let hour = scene.billing.now(&org).add_seconds(3600);
    let reset = Reset { contact_id: signed_in.contact, expires_at: hour, used_at: None, asked_at: now };
    let (hash, reset) = (&token_hash(&token), &reset);
    let insert = async |tx: &mut Tx| store::forgotten::insert_reset(tx, scene.org, hash, reset).await;
    scene.db.transact(insert).await.expect("it is stored");
    token
}

scenes! {
    async fn what_is_forgotten_is_asked_for_with_its_job(scene: Scene) {
        walk(scene, Again::Twice, async |_, step| name(step), async |scene, name| {
            ask(&scene.billing, scene.org, Forgotten::Password, (name, PAGE)).await
        }).await;
    }

    async fn a_new_password_is_chosen_by_a_link_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, link, async |scene, token| {
            choose(&scene.billing, &org(scene).await, token, &Password::new("correct horse")).await
        }).await;
    }

    async fn a_password_is_changed_whole_or_not_at_all(scene: Scene) {
        walk(scene, Again::Twice, signed_in, async |scene, (me, signed_in)| {
            let me = here(scene, me);
            credentials::change_password(&me, *signed_in, &Password::new("correct horse")).await
        }).await;
    }

    async fn an_email_address_is_changed_once_and_both_are_told(scene: Scene) {
        walk(scene, Again::ChangesNothing, signed_in, async |scene, (me, signed_in)| {
            credentials::change_email(&here(scene, me), *signed_in, "new@example.com").await
        }).await;
    }

    async fn a_user_name_is_changed_once(scene: Scene) {
        let with_name = async |scene: &Scene, step| (signed_in(scene, step).await, format!("other{}", name(step)));
        walk(scene, Again::ChangesNothing, with_name, async |scene, ((me, signed_in), username)| {
            credentials::change_username(&here(scene, me), *signed_in, username).await
        }).await;
    }

    async fn every_second_factor_is_taken_away_or_none(scene: Scene) {
        let with_app = async |scene: &Scene, step: usize| {
            let (_, signed_in) = signed_in(scene, step).await;
            let new = Authenticator {
                contact_id: signed_in.contact,
                secret_sealed: "sealed".to_owned(),
                key_id: "key".to_owned(),
                last_step: 0,
            };
            let new = &new;
            let insert = async |tx: &mut Tx| {
                store::second_factors::insert_code(tx, scene.org, signed_in.contact, "hash").await?;
                store::second_factors::insert(tx, scene.org, new, scene.billing.clock.now()).await
            };
            scene.db.transact(insert).await.expect("it is stored");
            signed_in.customer
        };
        walk(scene, Again::ChangesNothing, with_app, async |scene, id| {
            let billing = &scene.billing;
            billing.unit(scene.org, &Actor::System, async |unit| remove_all(billing, unit, *id).await).await
        }).await;
    }

    async fn all_other_sessions_end_or_none(scene: Scene) {
        walk(scene, Again::ChangesNothing, signed_in, async |scene, (me, signed_in)| {
            here(scene, me).end_other_sessions(signed_in.session).await
        }).await;
    }
}
