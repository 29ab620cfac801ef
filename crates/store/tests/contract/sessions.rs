//! Sessions and the links that open them.

use domain::customers::Customer;
use domain::devices::Device;
use domain::ids::{ContactId, CustomerId, OrganizationId, SessionId, SsoLinkId};
use store::sessions::{
    NewSession, Seen, StoredSession, delete, end, end_of_contact, end_others, insert, list, open, save, sweep,
};
use store::sso_links::{self, SsoLink};
use store::{Db, Tx};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::counting::at_once;
use crate::samples::{ACME, RIVAL, UNICODE, add_customer, customer, now, organizations};

async fn john(db: &Db) -> Customer {
    organizations(db).await;
    let john = customer(100, "JOHN");
    add_customer(db, ACME, &john).await.unwrap();
    john
}

fn link(customer: CustomerId) -> SsoLink {
    SsoLink {
        id: SsoLinkId(50),
        customer_id: customer,
        css_url: Some("/css/a.css".to_owned()),
        login_url: Some("https://a.example/login".to_owned()),
        success_url: Some("https://a.example/ok".to_owned()),
        show_navigation: false,
        page: "invoice".to_owned(),
        invoice_number: Some("1019".to_owned()),
        locale: Some("de".to_owned()),
        expires_at: now().add_seconds(1800),
        redeemed_at: None,
    }
}

fn session(customer: &Customer, id: i64, contact: Option<ContactId>) -> NewSession {
    NewSession {
        id: SessionId(id),
        contact,
        session: StoredSession { customer_id: customer.id, data: String::new(), expires_at: now().add_seconds(60) },
        seen: Seen { device: Device::default(), address: "192.0.2.1".to_owned(), at: now() },
    }
}

async fn found(tx: &mut Tx, org: OrganizationId, key_hash: &str) -> Option<StoredSession> {
    let found = open(tx, org, key_hash).await.unwrap()?;
    Some(StoredSession { customer_id: found.account.customer, data: found.data, expires_at: found.expires_at })
}

on_both! {
    async fn a_session_is_found_with_its_end_and_is_replaced_by_its_next_state(db: TestDb) {
        let john = john(&db).await;
        let mut tx = db.begin().await.unwrap();
        let mut new = session(&john, 1, None);
        new.session.data = UNICODE.to_owned();
        insert(&mut tx, ACME, "k", &new).await.unwrap();
        assert_eq!(found(&mut tx, ACME, "k").await, Some(new.session.clone()));
        assert_eq!(found(&mut tx, RIVAL, "k").await, None);
        assert_eq!(found(&mut tx, ACME, "other").await, None);
        new.session.data = "{}".to_owned();
        new.session.expires_at = now().add_seconds(120);
        let seen = Seen { address: "192.0.2.9".to_owned(), at: now().add_seconds(1), ..new.seen };
        assert_eq!(save(&mut tx, ACME, "k", &new.session, &seen).await.unwrap(), 1);
        assert_eq!(save(&mut tx, RIVAL, "k", &new.session, &seen).await.unwrap(), 0);
        assert_eq!(found(&mut tx, ACME, "k").await, Some(new.session));
        let listed = list(&mut tx, ACME, john.id, now()).await.unwrap();
        assert_eq!((listed.len(), listed[0].address.as_str(), listed[0].seen_at), (1, "192.0.2.9", seen.at));
    }

    async fn a_session_is_deleted_by_its_key_and_swept_when_it_is_over(db: TestDb) {
        let john = john(&db).await;
        let mut tx = db.begin().await.unwrap();
        for (id, key) in [(1, "a"), (2, "b"), (3, "c")] {
            let mut new = session(&john, id, None);
            new.session.expires_at = now().add_seconds(10 * id);
            insert(&mut tx, ACME, key, &new).await.unwrap();
        }
        assert_eq!(delete(&mut tx, RIVAL, "a").await.unwrap(), 0);
        assert_eq!(delete(&mut tx, ACME, "a").await.unwrap(), 1);
        assert_eq!(sweep(&mut tx, RIVAL, now().add_seconds(20)).await.unwrap(), 0);
        assert_eq!(sweep(&mut tx, ACME, now().add_seconds(20)).await.unwrap(), 1);
        assert!(found(&mut tx, ACME, "c").await.is_some());
    }

    async fn a_session_that_was_ended_stays_ended_whoever_still_uses_it(db: TestDb) {
        let john = john(&db).await;
        let contact = john.billing_contact.id;
        let mut tx = db.begin().await.unwrap();
        for (id, of) in [(1, None), (2, Some(contact)), (3, Some(contact)), (4, Some(contact))] {
            insert(&mut tx, ACME, &format!("k{id}"), &session(&john, id, of)).await.unwrap();
        }
        let (one, four) = (SessionId(1), SessionId(4));
        assert_eq!(end(&mut tx, RIVAL, john.id, one, now()).await.unwrap(), 0);
        assert_eq!(end(&mut tx, ACME, CustomerId(1), one, now()).await.unwrap(), 0);
        assert_eq!(end(&mut tx, ACME, john.id, one, now()).await.unwrap(), 1);
        assert_eq!(end(&mut tx, ACME, john.id, one, now()).await.unwrap(), 0, "it is over");
        assert_eq!(end_of_contact(&mut tx, ACME, (john.id, contact), four, now()).await.unwrap(), 2);
        let left = list(&mut tx, ACME, john.id, now()).await.unwrap();
        assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [four]);
        assert_eq!(end_others(&mut tx, ACME, john.id, four, now()).await.unwrap(), 0);
        let late = session(&john, 1, None);
        assert_eq!(save(&mut tx, ACME, "k1", &late.session, &late.seen).await.unwrap(), 0);
        assert_eq!(found(&mut tx, ACME, "k1").await.unwrap().expires_at, now());
    }

    async fn a_link_comes_back_as_it_was_to_its_own_organization(db: TestDb) {
        let john = john(&db).await;
        let mut tx = db.begin().await.unwrap();
        sso_links::insert(&mut tx, ACME, "hash", &link(john.id), now()).await.unwrap();
        assert_eq!(sso_links::find(&mut tx, ACME, "hash").await.unwrap(), Some(link(john.id)));
        assert_eq!(sso_links::find_by_id(&mut tx, ACME, SsoLinkId(50)).await.unwrap(), Some(link(john.id)));
        assert_eq!(sso_links::find(&mut tx, RIVAL, "hash").await.unwrap(), None);
        assert_eq!(sso_links::find_by_id(&mut tx, RIVAL, SsoLinkId(50)).await.unwrap(), None);
        assert!(!sso_links::redeem(&mut tx, RIVAL, SsoLinkId(50), now()).await.unwrap());
        assert!(!sso_links::redeem(&mut tx, ACME, SsoLinkId(50), now().add_seconds(1800)).await.unwrap(), "too late");
        assert!(sso_links::redeem(&mut tx, ACME, SsoLinkId(50), now().add_seconds(1799)).await.unwrap());
        let used = sso_links::find(&mut tx, ACME, "hash").await.unwrap().unwrap();
        assert_eq!(used.redeemed_at, Some(now().add_seconds(1799)));
    }

    async fn of_fifty_that_redeem_a_link_at_once_one_succeeds(db: TestDb) {
        let john = john(&db).await;
        db.transact(async |tx: &mut Tx| sso_links::insert(tx, ACME, "hash", &link(john.id), now()).await).await.unwrap();
        let shared = (*db).clone();
        let redeemed = at_once(50, |_| {
            let db = shared.clone();
            async move { db.transact(async |tx: &mut Tx| sso_links::redeem(tx, ACME, SsoLinkId(50), now()).await).await.unwrap() }
        }).await;
        assert_eq!(redeemed.into_iter().filter(|redeemed| *redeemed).count(), 1);
    }
}
