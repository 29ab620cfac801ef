//! The test clock: what lies between happens, in order, however it is moved.

use billing::Error;
use billing::orders::Invoicing;
use domain::access::Actor;
use domain::dates::Date;
use domain::ids::CustomerId;
use domain::money::Amount;
use domain::orders::{NewOrder, OrderStatus};
use testkit::clock::timestamp;
use testkit::scene::new_order;
use testkit::{Scene, scenes};

use crate::refusal;

/// Number, date and total of a customer's invoices.
async fn invoices(scene: &Scene, customer: CustomerId) -> Vec<(String, String, Amount)> {
    let invoices = scene.invoices(customer).await;
    invoices.into_iter().map(|i| (i.head.number, i.head.invoiced_on.to_string(), i.head.total)).collect()
}

/// Two customers with orders of both plans, one of which begins later and ends.
async fn orders(scene: &Scene) -> [CustomerId; 2] {
    let [john, jane] = [scene.customer("JOHN").await, scene.customer("JANE").await];
    scene.invoice(john).await;
    let lines = [("FLAT", "3"), ("SETUP", "1")];
    let later = NewOrder {
        start_on: Some(Date::new(2011, 10, 31)),
        end_on: Some(Date::new(2012, 3, 15)),
        ..new_order("FIXED-10", &lines)
    };
    scene.place(john, later, Invoicing::Now).await.unwrap();
    scene.place(jane, new_order("FIXED-10", &lines), Invoicing::Later).await.unwrap();
    [john, jane]
}

scenes! {
    async fn the_next_month_is_billed_on_its_first_day(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        scene.advance("2011-09-30T23:59:59Z").await.unwrap();
        assert_eq!(invoices(&scene, john).await.len(), 1);
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        let expected = [
            ("1019".to_owned(), "2011-09-20".to_owned(), Amount(6050)),
            ("1020".to_owned(), "2011-10-01".to_owned(), Amount(16500)),
        ];
        assert_eq!(invoices(&scene, john).await, expected);
        assert_eq!(scene.balance(john).await, Amount(22550));
        scene.check().await;
    }

    async fn day_by_day_is_the_same_as_one_jump(scene: Scene) {
        let other = Scene::new(testkit::scene::acme(scene.db.engine()).await).await;
        let [john, jane] = orders(&scene).await;
        let [john_again, jane_again] = orders(&other).await;
        for day in 0..220 {
            let noon = timestamp("2011-09-20T12:00:00Z").add_seconds(day * 86_400);
            scene.advance(&noon.to_wire()).await.unwrap();
        }
        other.advance("2012-04-26T12:00:00Z").await.unwrap();
        assert_eq!(invoices(&scene, john).await, invoices(&other, john_again).await);
        assert_eq!(invoices(&scene, jane).await, invoices(&other, jane_again).await);
        assert_eq!(invoices(&scene, john).await.len(), 8 + 5, "monthly from 20 September, and from 31 October to 15 March");
        scene.check().await;
        other.check().await;
    }

    async fn an_order_of_the_future_becomes_active_and_is_billed_on_its_day(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let start = Some(Date::new(2011, 10, 15));
        let order = NewOrder { start_on: start, ..new_order("FIXED-10", &[("FLAT", "1")]) };
        let placed = scene.place(john, order, Invoicing::Now).await.unwrap();
        assert_eq!((placed.order.status, placed.invoices.len()), (OrderStatus::Provisioning, 0));
        scene.advance("2011-10-14T23:00:00Z").await.unwrap();
        assert!(invoices(&scene, john).await.is_empty());
        scene.advance("2011-10-15T00:00:00Z").await.unwrap();
        assert_eq!(invoices(&scene, john).await, [("1019".to_owned(), "2011-10-15".to_owned(), Amount(1000))]);
        let mut conn = scene.db.read().await.unwrap();
        let order = store::orders::find(&mut conn, scene.org, placed.order.id).await.unwrap().unwrap();
        assert_eq!((order.status, order.next_billable_on), (OrderStatus::Active, Some(Date::new(2011, 11, 15))));
        drop(conn);
        scene.check().await;
    }

    async fn an_order_left_for_the_run_is_billed_by_the_next_one(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.place(john, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        scene.advance("2011-09-20T23:00:00Z").await.unwrap();
        assert!(invoices(&scene, john).await.is_empty(), "within a day nothing runs");
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        assert_eq!(invoices(&scene, john).await, [("1019".to_owned(), "2011-09-21".to_owned(), Amount(6050))]);
        scene.check().await;
    }

    async fn several_orders_of_a_customer_are_billed_on_one_invoice(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.place(john, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        scene.place(john, new_order("FIXED-10", &[("FLAT", "1")]), Invoicing::Later).await.unwrap();
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        let invoices = scene.invoices(john).await;
        assert_eq!((invoices.len(), invoices[0].head.total, invoices[0].orders.len()), (1, Amount(7050), 2));
        scene.check().await;
    }

    async fn ten_years_are_one_jump(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        scene.advance("2021-09-20T12:00:00Z").await.unwrap();
        let invoices = invoices(&scene, john).await;
        assert_eq!(invoices.len(), 1 + 120);
        assert_eq!(invoices.last().unwrap().1, "2021-09-01");
        scene.check().await;
        assert!(refusal(scene.advance("2031-09-22T12:00:00Z").await).contains("ten years"));
    }

    async fn the_clock_never_goes_backwards(scene: Scene) {
        assert!(refusal(scene.advance("2011-09-20T11:59:59Z").await).contains("must not be before 2011-09-20T12:00:00Z"));
        scene.advance("2011-09-20T12:00:00Z").await.unwrap();
        let now = billing::clock::now(&scene.billing, scene.org).await.unwrap();
        assert_eq!(now.to_wire(), "2011-09-20T12:00:00Z");
    }

    async fn a_live_organization_has_the_wall_clock_and_nobody_moves_it(scene: Scene) {
        scene.seed("[[organization]]\nsubdomain = \"live\"\nname = \"Live\"\ncurrency = \"USD\"").await.unwrap();
        let live = scene.organization("live").await;
        let moved = billing::clock::advance(&scene.billing, live.id, &Actor::System, timestamp("2030-01-01T00:00:00Z")).await;
        assert!(matches!(moved, Err(Error::Refused(_))));
        assert_eq!(billing::clock::now(&scene.billing, live.id).await.unwrap().to_wire(), testkit::scene::WALL);
    }

    async fn organizations_have_clocks_of_their_own(scene: Scene) {
        let rival = scene.rival().await;
        scene.advance("2015-01-01T00:00:00Z").await.unwrap();
        assert_eq!(billing::clock::now(&scene.billing, rival).await.unwrap().to_wire(), "2011-09-20T12:00:00Z");
    }

    async fn the_day_begins_at_midnight_of_the_organizations_zone(scene: Scene) {
        let seed = "[[organization]]\nsubdomain = \"york\"\nname = \"York\"\ncurrency = \"USD\"\nmode = \"test\"\n\
            time_zone = \"America/New_York\"\nclock = \"2011-09-20T12:00:00Z\"\ninvoice_number_start = 1019\n\
            [[organization.plan]]\ncontract_code = \"P\"\nname = \"P\"\nbilling_period = \"Daily\"\n\
            [[organization.plan.charge]]\nprice_code = \"C\"\ncharge_type = \"RecurringCharge\"\nprice = \"1\"\nis_mandatory = true";
        scene.seed(seed).await.unwrap();
        let york = scene.organization("york").await.id;
        let customer = scene.customer_of(york, "Y").await;
        testkit::scene::place(&scene.billing, york, customer, new_order("P", &[]), Invoicing::Now).await.unwrap();
        let count = async || {
            let mut conn = scene.db.read().await.unwrap();
            store::invoices::list(&mut conn, york, customer, store::Page { offset: 0, max: 9 }).await.unwrap().1
        };
        let advance = async |to| billing::clock::advance(&scene.billing, york, &Actor::System, timestamp(to)).await.unwrap();
        advance("2011-09-21T03:59:59Z").await;
        assert_eq!(count().await, 1);
        advance("2011-09-21T04:00:00Z").await;
        assert_eq!(count().await, 2);
        testkit::invariants::check(&scene.db, york).await;
    }

    parallel async fn clocks_moved_at_the_same_time_bill_once(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        let moves = (0..4).map(|_| scene.advance("2011-12-31T00:00:00Z"));
        let moved = futures_util::future::join_all(moves).await;
        assert!(moved.iter().any(Result::is_ok));
        let dates: Vec<String> = invoices(&scene, john).await.into_iter().map(|i| i.1).collect();
        assert_eq!(dates, ["2011-09-20", "2011-10-01", "2011-11-01", "2011-12-01"]);
        scene.check().await;
    }
}
