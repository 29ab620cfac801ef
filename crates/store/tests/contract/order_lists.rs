//! Lists of orders, by the index that was made for what is asked.

use domain::dates::Date;
use domain::ids::CustomerId;
use domain::orders::{OrderFilter, OrderStatus};
use domain::time_ranges::DateRange;
use store::order_lists;

use crate::MIGRATIONS;
use crate::samples::ACME;

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
