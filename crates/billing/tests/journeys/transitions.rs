//! Changing a customer's status, and finding customers that were there before the search.

use billing::transitions::{act, change_status, get, list};
use billing::{Error, customer_lists};
use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::search::Term;
use domain::transitions::{CustomerAction, Days};
use store::Page;
use store::customer_lists::Filter;
use testkit::scenes;

const ALL: Page = Page { offset: 0, max: 500 };
const EVER: Days = Days { first: Date::new(1900, 1, 1), last: Date::new(2999, 12, 31) };

scenes! {
    async fn every_change_of_a_status_is_a_transition_and_an_event_and_no_change_is_none(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let acme = scene.organization("acme").await;
        let changes = async |status| {
            let work = async |unit: &mut billing::Unit| {
                let customer = store::customers::find(&mut unit.tx, unit.org.id, john).await?.unwrap();
                change_status(unit, &customer, status).await
            };
            scene.billing.unit(scene.org, &Actor::System, work).await.unwrap()
        };
        changes(CustomerStatus::Active).await;
        assert_eq!(list(&mut scene.billing.view(&acme).await.unwrap(), EVER, ALL).await.unwrap().total, 0);
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        for status in [CustomerStatus::Overdue1, CustomerStatus::Overdue1, CustomerStatus::InActive1] {
            assert_eq!(changes(status).await.status, status);
        }
        let found = scene.find_customer(john).await;
        assert_eq!((found.status, found.updated_at.to_wire().as_str()), (CustomerStatus::InActive1, "2011-09-21T00:00:00Z"));
        let mut view = scene.billing.view(&acme).await.unwrap();
        let listed = list(&mut view, EVER, ALL).await.unwrap();
        let steps: Vec<_> = listed.transitions.iter().map(|(one, _)| (one.previous_status, one.new_status)).collect();
        assert_eq!(steps, [
            (CustomerStatus::Active, CustomerStatus::Overdue1),
            (CustomerStatus::Overdue1, CustomerStatus::InActive1),
        ]);
        let (one, customer) = &listed.transitions[0];
        assert_eq!((one.transitioned_on, customer.status), (Date::new(2011, 9, 21), CustomerStatus::InActive1));
        assert_eq!(&get(&mut view, one.id).await.unwrap().0, one);
        drop(view);
        scene.check().await;
    }

    async fn c_act_08_an_action_done_twice_changes_the_status_once(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let rival = scene.rival().await;
        for (action, status) in [
            (CustomerAction::Activate, CustomerStatus::Active),
            (CustomerAction::Suspend, CustomerStatus::Suspended1),
            (CustomerAction::Suspend, CustomerStatus::Suspended1),
            (CustomerAction::Activate, CustomerStatus::Active),
        ] {
            let customer = act(&scene.billing, scene.org, &Actor::System, john, action).await.unwrap();
            assert_eq!(customer.status, status);
        }
        let foreign = act(&scene.billing, rival, &Actor::System, john, CustomerAction::Suspend).await;
        assert!(matches!(foreign, Err(Error::NotFound(_))));
        let acme = scene.organization("acme").await;
        let mut view = scene.billing.view(&acme).await.unwrap();
        assert_eq!(list(&mut view, EVER, ALL).await.unwrap().total, 2);
        drop(view);
        scene.check().await;
    }

    async fn customers_from_before_the_search_are_found_once_they_are_indexed(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let acme = scene.organization("acme").await;
        let filter = Filter { search: Term::new("john"), ..Filter::default() };
        let found = async || {
            let mut view = scene.billing.view(&acme).await.unwrap();
            customer_lists::list(&mut view, &filter, ALL).await.unwrap().1
        };
        let mut tx = scene.db.begin().await.unwrap();
        store::customer_search::forget(&mut tx, scene.org, john).await.unwrap();
        for id in [john.0, 999_999] {
            let pending = dbx::Sql::new("INSERT INTO customer_search_pending (org_id, customer_id) VALUES ($1, $2)");
            tx.query(pending).bind(scene.org).bind(id).execute().await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(found().await, 0);
        assert!(customer_lists::index_some(&scene.billing).await.unwrap());
        assert!(!customer_lists::index_some(&scene.billing).await.unwrap(), "nothing is left to be indexed");
        assert_eq!(found().await, 1);
        scene.check().await;
    }
}
