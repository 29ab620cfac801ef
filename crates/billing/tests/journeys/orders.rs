//! Which orders are accepted, and what is stored of those that aren't: nothing.

use billing::orders::Invoicing;
use domain::customers::{CustomerStatus, NewCustomer};
use domain::dates::Date;
use domain::ids::CustomerId;
use domain::orders::{NewOrder, OrderStatus};
use testkit::dump::{differences, dump};
use testkit::scene::{new_customer, new_order};
use testkit::scenes;

use crate::refusal;

scenes! {
    async fn a_bad_order_is_refused_and_nothing_of_it_stored(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let good = || new_order("WHITE-LBL-A", &[]);
        scene.place(john, NewOrder { number: Some("A-1".to_owned()), ..good() }, Invoicing::Now).await.unwrap();
        let before = dump(&scene.db, &["next"]).await;
        for (order, why) in [
            (new_order("NO-SUCH", &[]), "contractCode"),
            (new_order("WHITE-LBL-A", &[("NO-SUCH", "1")]), "priceCode"),
            (new_order("RIVAL-20", &[]), "contractCode"),
            (NewOrder { number: Some("A-1".to_owned()), ..good() }, "orderNumber"),
            (NewOrder { end_on: Some(Date::new(2011, 9, 19)), ..good() }, "endDate"),
            (new_order("WHITE-LBL-A", &[("MNTHLY", "999999999999")]), "999999999999.99"),
        ] {
            let message = refusal(scene.place(john, order, Invoicing::Now).await);
            assert!(message.contains(why), "{why}: {message}");
        }
        let missing = scene.place(CustomerId(999_999), good(), Invoicing::Now).await;
        assert!(matches!(missing, Err(billing::Error::NotFound(_))));
        assert_eq!(differences(&before, &dump(&scene.db, &["next"]).await), Vec::<String>::new());
        let next = scene.place(john, good(), Invoicing::Now).await.unwrap();
        assert_eq!((next.order.number.as_str(), next.invoices[0].head.number.as_str()), ("1007", "1020"), "no gap");
        scene.check().await;
    }

    async fn an_order_without_any_charge_is_refused(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let empty = scene.place(john, new_order("FIXED-10", &[]), Invoicing::Now).await;
        assert!(refusal(empty).contains("orderLineItems"));
        scene.check().await;
    }

    async fn a_customer_that_is_not_billed_gets_no_invoice_and_no_order_with_one(scene: Scene) {
        let new = NewCustomer { status: Some(CustomerStatus::Suspended1), ..new_customer("S") };
        let suspended = scene.create(scene.org, new).await.unwrap();
        let refused = scene.place(suspended, new_order("WHITE-LBL-A", &[]), Invoicing::Now).await;
        assert!(refusal(refused).contains("Suspended1"));
        scene.place(suspended, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        scene.advance("2011-12-01T00:00:00Z").await.unwrap();
        assert!(scene.invoices(suspended).await.is_empty());
        scene.check().await;
    }

    async fn a_number_chosen_by_hand_is_not_given_again(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let by_hand = NewOrder { number: Some("1007".to_owned()), ..new_order("WHITE-LBL-A", &[]) };
        scene.place(john, by_hand, Invoicing::Later).await.unwrap();
        let next = scene.place(john, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        assert_eq!((next.order.number.as_str(), next.order.status), ("1008", OrderStatus::Active));
        scene.check().await;
    }
}
