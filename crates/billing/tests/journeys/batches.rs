//! Several customers at once, customers with orders, and customers that go.

use billing::Error;
use billing::customer_batches::{create, create_with_orders};
use billing::customer_updates::delete;
use billing::orders::Invoicing;
use domain::access::Actor;
use domain::customers::NewCustomer;
use testkit::dump::{differences, dump};
use testkit::scene::{Scene, new_customer, new_order, with_login};
use testkit::scenes;

use crate::refusal;

/// Everything that is stored, but for the ids that were fetched.
async fn stored(scene: &Scene) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = dump(&scene.db, &[]).await;
    all.retain(|table, _| !table.contains("id_block"));
    all
}

scenes! {
    async fn a_list_of_customers_is_stored_in_its_order(scene: Scene) {
        let list = ["A", "B", "C"].map(new_customer).to_vec();
        let made = create(&scene.billing, scene.org, &Actor::System, list).await.unwrap();
        let references: Vec<_> = made.iter().map(|made| made.customer.ext_customer_ref.as_deref().unwrap()).collect();
        assert_eq!(references, ["A", "B", "C"]);
        assert_eq!(dump(&scene.db, &[]).await["events"].len(), 3, "each is told of");
        scene.check().await;
    }

    async fn of_a_list_with_a_fault_nothing_is_stored_and_every_fault_is_said(scene: Scene) {
        scene.customer_with_login("TAKEN", "takenname", "Sachxwe001").await;
        let before = stored(&scene).await;
        let list = vec![
            new_customer("A"),
            new_customer("TAKEN"),
            new_customer("A"),
            with_login(new_customer("D"), "takenname", "Sachxwe001"),
            NewCustomer { currency: Some("EUR".parse().unwrap()), ..new_customer("E") },
        ];
        let message = refusal(create(&scene.billing, scene.org, &Actor::System, list).await);
        for start in ["customer[2]: extCustomerRef", "customer[3]: extCustomerRef", "customer[4]: billingContact/username", "customer[5]: currency"] {
            assert!(message.contains(start), "{start}: {message}");
        }
        assert!(!message.contains("customer[1]"), "{message}");
        assert_eq!(differences(&before, &stored(&scene).await), Vec::<String>::new());
    }

    async fn a_customer_and_its_orders_are_stored_together_or_not_at_all(scene: Scene) {
        let orders = |code: &str| vec![new_order("WHITE-LBL-A", &[]), new_order(code, &[])];
        let before = stored(&scene).await;
        let (billing, org, actor) = (&scene.billing, scene.org, &Actor::System);
        let message = refusal(create_with_orders(billing, org, actor, new_customer("A"), orders("NOPE")).await);
        assert!(message.starts_with("subscriptionOrder[2]: contractCode"), "{message}");
        assert_eq!(differences(&before, &stored(&scene).await), Vec::<String>::new());
        let (created, placed) =
            create_with_orders(billing, org, actor, new_customer("A"), orders("WHITE-LBL-A")).await.unwrap();
        let customer = created.customer;
        assert_eq!(placed.len(), 2);
        assert!(placed.iter().all(|placed| placed.order.customer == customer.id && placed.invoices.is_empty()));
        scene.check().await;
    }

    async fn a_customer_that_was_never_billed_goes_with_everything_and_its_reference_is_free(scene: Scene) {
        let id = scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        scene.place(id, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        delete(&scene.billing, scene.org, &Actor::System, id).await.unwrap();
        let after = stored(&scene).await;
        for table in ["customers", "contacts", "customer_financials", "orders", "order_lines", "events"] {
            assert!(after[table].is_empty(), "{table}: {:?}", after[table]);
        }
        assert!(after["audit"].iter().any(|row| row.contains("deleted")), "{:?}", after["audit"]);
        let again = delete(&scene.billing, scene.org, &Actor::System, id).await;
        assert!(matches!(again, Err(Error::NotFound("customer"))), "{again:?}");
        scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
    }

    async fn a_customer_that_was_invoiced_stays(scene: Scene) {
        let id = scene.customer("JOHN").await;
        scene.invoice(id).await;
        let before = stored(&scene).await;
        let message = refusal(delete(&scene.billing, scene.org, &Actor::System, id).await);
        assert!(message.contains("suspend it instead"), "{message}");
        assert_eq!(differences(&before, &stored(&scene).await), Vec::<String>::new());
    }

    async fn a_customer_of_another_organization_is_not_deleted(scene: Scene) {
        let rival = scene.rival().await;
        let id = scene.customer_of(rival, "R").await;
        let outcome = delete(&scene.billing, scene.org, &Actor::System, id).await;
        assert!(matches!(outcome, Err(Error::NotFound("customer"))), "{outcome:?}");
    }
}
