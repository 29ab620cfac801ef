//! Lists of orders, by the index that was made for what is asked.

use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, PlanVersionId};
use domain::orders::{Order, OrderFilter, OrderStatus, OrderSummary};
use domain::plans::Plan;
use domain::time_ranges::DateRange;
use store::{Page, order_lists, order_summaries};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, add_plan, everything, now, order, organizations, plan};

#[tokio::test]
async fn every_list_of_orders_uses_the_index_that_was_made_for_it() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    let mut conn = db.read().await.unwrap();
    let (status, customer) = (Some(OrderStatus::Active), Some(CustomerId(1)));
    let day = |day| Some(Date::new(2011, 9, day));
    let started = DateRange { first: day(1), last: day(2) };
    for (filter, index, sorts) in [
        (OrderFilter::default(), "orders_by_created_at (org_id=?)", false),
        (OrderFilter { status, ..OrderFilter::default() }, "orders_by_status (org_id=? AND status=?)", false),
        (OrderFilter { customer, ..OrderFilter::default() }, "orders_of_customer (org_id=? AND customer_id=?)", false),
        (OrderFilter { started, ..OrderFilter::default() }, "orders_by_start (org_id=? AND start_on>?", true),
    ] {
        let steps = order_lists::plan(&mut conn, ACME, &filter).await.unwrap();
        assert!(steps.iter().any(|step| step.contains(index)), "{filter:?}: {steps:#?}");
        assert_eq!(steps.iter().any(|step| step.contains("ORDER BY")), sorts, "{filter:?}: {steps:#?}");
    }
}

on_both! {
    async fn a_customer_sees_the_newest_of_what_it_ordered_under_the_names_of_then(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        store::plan_versions::keep(&mut tx, ACME, PlanVersionId(350), &plan(), now()).await.unwrap();
        for (id, status) in [(402, OrderStatus::Active), (403, OrderStatus::Draft)] {
            let placed = Order {
                id: OrderId(id), number: id.to_string(), status, lines: Vec::new(), next_billable_on: None, ..order(john)
            };
            store::orders::insert(&mut tx, ACME, &placed).await.unwrap();
        }
        tx.commit().await.unwrap();
        add_plan(&db, ACME, &Plan { name: "Renamed".to_owned(), ..plan() }).await;
        let newer = OrderSummary {
            number: "402".to_owned(),
            plan: "Renamed".to_owned(),
            status: OrderStatus::Active,
            start_on: Date::new(2011, 9, 20),
            next_billable_on: None,
        };
        let older = OrderSummary {
            number: "1007".to_owned(),
            plan: plan().name,
            status: OrderStatus::Provisioning,
            next_billable_on: Some(Date::new(2012, 2, 29)),
            ..newer.clone()
        };
        let mut conn = db.read().await.unwrap();
        for (offset, max, shown) in [
            (0, 20, vec![newer.clone(), older.clone()]),
            (0, 2, vec![newer.clone(), older.clone()]),
            (0, 1, vec![newer]),
            (1, 1, vec![older.clone()]),
            (1, 20, vec![older]),
            (2, 20, Vec::new()),
        ] {
            let found = order_summaries::list(&mut conn, ACME, john, Page { offset, max }).await.unwrap();
            assert_eq!(found, (shown, 2), "{max} from {offset}");
        }
        let nobody = order_summaries::list(&mut conn, ACME, CustomerId(999), Page { offset: 0, max: 20 }).await.unwrap();
        assert_eq!(nobody, (Vec::new(), 0));
    }
}
