//! Lists of usage: what is found, in which order, how much there is, and by which index.

use domain::activities::{ActivityFilter, FullActivity};
use domain::dates::Date;
use domain::ids::{ActivityBatchId, ActivityId, CustomerId, InvoiceChargeId, InvoiceId, OrderId, OrderLineId};
use domain::money::Amount;
use domain::time_ranges::DateRange;
use domain::usage::{Activity, Rated};
use store::activities::{NewActivity, Processed, insert, process};
use store::{Page, Tx, activity_lists, activity_orders};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, everything, now, order, organizations};

const ALL: Page = Page { offset: 0, max: 100 };
const DAY: Date = Date::new(2011, 9, 25);

/// Of the order 400, whose line 401 is the only one.
fn activity(id: i64, days: i64, customer: CustomerId) -> NewActivity {
    let charged_on = DAY.add_days(days);
    let (id, order_line, quantity) = (ActivityId(id), OrderLineId(401), "1.000001".parse().unwrap());
    NewActivity {
        activity: Activity { id, order_line, quantity, charged_on, charge_ended_on: Some(charged_on) },
        batch: Some(ActivityBatchId(70)),
        customer,
        order: OrderId(400),
        ext_ref_id: Some(format!("ref-{id}")),
        invoice_text: Some("Calls".to_owned()),
        is_late: false,
    }
}

fn ids(listed: &[FullActivity]) -> Vec<i64> {
    listed.iter().map(|activity| activity.id.0).collect()
}

fn days(first: i64, last: i64) -> DateRange {
    DateRange { first: Some(DAY.add_days(first)), last: Some(DAY.add_days(last)) }
}

on_both! {
    async fn usage_is_listed_by_day_and_id_as_the_filter_says(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let billed = Processed {
            rated: Rated { activity: ActivityId(803), unit_price: "0.0000000001".parse().unwrap(), amount: Amount(-5) },
            charge: InvoiceChargeId(511),
            invoice: Some(InvoiceId(500)),
        };
        let new = [activity(801, 2, john), activity(802, 0, john), activity(803, 0, john), activity(804, 1, john)];
        db.transact(async |tx: &mut Tx| {
            insert(tx, ACME, &new, now()).await?;
            process(tx, ACME, &[billed], now()).await.map(drop)
        }).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let (all, total) = activity_lists::list(&mut conn, ACME, &ActivityFilter::default(), ALL).await.unwrap();
        assert_eq!((ids(&all), total), (vec![802, 803, 804, 801], 4));
        let code = all[0].price_code.clone();
        assert_eq!(all[1].rated.map(|rated| rated.amount), Some(Amount(-5)));
        assert_eq!((all[1].batch, all[0].rated, all[0].created_at), (Some(ActivityBatchId(70)), None, now()));
        for filter in [
            ActivityFilter { customer: Some(john), ..ActivityFilter::default() },
            ActivityFilter { customer: Some(CustomerId(1)), ..ActivityFilter::default() },
            ActivityFilter { order: Some(OrderId(400)), ..ActivityFilter::default() },
            ActivityFilter { order: Some(OrderId(1)), ..ActivityFilter::default() },
            ActivityFilter { invoice: Some(InvoiceId(500)), ..ActivityFilter::default() },
            ActivityFilter { invoice: Some(InvoiceId(1)), ..ActivityFilter::default() },
            ActivityFilter { price_code: Some(code.clone()), ..ActivityFilter::default() },
            ActivityFilter { price_code: Some("NOSUCH".to_owned()), ..ActivityFilter::default() },
            ActivityFilter { charged: days(1, 2), ..ActivityFilter::default() },
            ActivityFilter { charged: DateRange { first: None, last: Some(DAY) }, ..ActivityFilter::default() },
            ActivityFilter { charged: days(2, 1), ..ActivityFilter::default() },
            ActivityFilter {
                customer: Some(john), order: Some(OrderId(400)), invoice: Some(InvoiceId(500)),
                price_code: Some(code.clone()), charged: days(0, 0),
            },
        ] {
            let invoice = |activity: &FullActivity| (activity.id.0 == 803).then_some(InvoiceId(500));
            let expected: Vec<_> = all.iter().filter(|it| filter.matches(it, invoice(it))).cloned().collect();
            let (found, total) = activity_lists::list(&mut conn, ACME, &filter, ALL).await.unwrap();
            assert_eq!((ids(&found), total), (ids(&expected), i64::try_from(expected.len()).unwrap()), "{filter:?}");
            assert_eq!(activity_lists::list(&mut conn, RIVAL, &filter, ALL).await.unwrap(), (vec![], 0));
        }
        for (page, expected) in [(Page { offset: 1, max: 2 }, vec![803, 804]), (Page { offset: 4, max: 2 }, vec![]), (Page { offset: 0, max: 0 }, vec![])] {
            let (found, total) = activity_lists::list(&mut conn, ACME, &ActivityFilter::default(), page).await.unwrap();
            assert_eq!((ids(&found), total), (expected, 4));
        }
        let known = activity_lists::with_references(&mut conn, ACME, &["ref-804", "REF-801", "ref-9"]).await.unwrap();
        assert_eq!(ids(&known), [804]);
        assert!(activity_lists::with_references(&mut conn, RIVAL, &["ref-804"]).await.unwrap().is_empty());
        assert!(activity_lists::with_references(&mut conn, ACME, &[]).await.unwrap().is_empty());
        let billed = activity_lists::invoices(&mut conn, ACME, &[803, 804].map(ActivityId)).await.unwrap();
        assert_eq!(billed.into_keys().collect::<Vec<_>>(), [ActivityId(803)]);
        assert!(activity_lists::invoices(&mut conn, RIVAL, &[ActivityId(803)]).await.unwrap().is_empty());
        assert!(activity_lists::invoices(&mut conn, ACME, &[]).await.unwrap().is_empty());
    }

    async fn what_activities_name_is_found_within_the_organization(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let found = store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap().unwrap();
        let many = activity_orders::all(&mut tx, ACME, &[OrderId(400), OrderId(1)]).await.unwrap();
        assert_eq!(format!("{many:?}"), format!("{:?}", [found]));
        assert_eq!(activity_orders::all(&mut tx, RIVAL, &[OrderId(400)]).await.unwrap().len(), 0);
        assert_eq!(activity_orders::all(&mut tx, ACME, &[]).await.unwrap().len(), 0);
        let number = order(john).number;
        let numbers = [number.as_str(), "77"];
        let orders = activity_orders::orders(&mut tx, ACME, &numbers).await.unwrap();
        assert_eq!(orders.into_iter().collect::<Vec<_>>(), [(number.clone(), OrderId(400))]);
        assert!(activity_orders::orders(&mut tx, RIVAL, &numbers).await.unwrap().is_empty());
        let customers = activity_orders::customers(&mut tx, ACME, &["JOHN", "john"]).await.unwrap();
        assert_eq!(customers.into_iter().collect::<Vec<_>>(), [("JOHN".to_owned(), john)]);
        assert!(activity_orders::customers(&mut tx, RIVAL, &["JOHN"]).await.unwrap().is_empty());
        assert!(activity_orders::customers(&mut tx, ACME, &[]).await.unwrap().is_empty());
        activity_orders::lock_customers(&mut tx, ACME, &[OrderId(400)]).await.unwrap();
        activity_orders::lock_customers(&mut tx, ACME, &[]).await.unwrap();
    }
}

/// What a list asks for, the index that answers it, and whether the rows come in its order.
#[tokio::test]
async fn every_list_of_usage_uses_the_index_that_was_made_for_it() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    let mut conn = db.read().await.unwrap();
    let (customer, order, invoice) = (Some(CustomerId(1)), Some(OrderId(1)), Some(InvoiceId(1)));
    let none = ActivityFilter::default();
    for (filter, index, in_order) in [
        (none.clone(), "activities_by_day (org_id=?)", true),
        (ActivityFilter { charged: days(0, 9), ..none.clone() }, "activities_by_day (org_id=? AND charged_on>?", true),
        (ActivityFilter { customer, ..none.clone() }, "activities_by_customer (org_id=? AND customer_id=?)", true),
        (
            ActivityFilter { customer, charged: days(0, 9), ..none.clone() },
            "activities_by_customer (org_id=? AND customer_id=? AND charged_on>?",
            true,
        ),
        (ActivityFilter { order, ..none.clone() }, "activities_by_order (org_id=? AND order_id=?)", true),
        (ActivityFilter { invoice, ..none.clone() }, "activities_by_invoice (org_id=? AND invoice_id=?)", true),
        (ActivityFilter { order, charged: days(0, 9), ..none.clone() }, "activities_by_order (", true),
        (
            ActivityFilter { price_code: Some("PAGES".to_owned()), ..none.clone() },
            "activities_by_order_line (org_id=? AND order_line_id=?)",
            false,
        ),
    ] {
        let steps = activity_lists::plan(&mut conn, ACME, &filter).await.unwrap();
        assert!(steps.iter().any(|step| step.contains(index)), "{filter:?}: {steps:#?}");
        let sorts = steps.iter().any(|step| step.contains("ORDER BY"));
        assert!(!(in_order && sorts), "{filter:?}: {steps:#?}");
        let scans = steps.iter().any(|step| step.starts_with("SCAN "));
        assert!(!scans, "{filter:?}: {steps:#?}");
    }
    let by_code = ActivityFilter { price_code: Some("PAGES".to_owned()), ..none };
    let steps = activity_lists::plan(&mut conn, ACME, &by_code).await.unwrap();
    for index in
        ["charges_by_price_code (org_id=? AND price_code=?)", "order_lines_by_charge (org_id=? AND charge_id=?)"]
    {
        assert!(steps.iter().any(|step| step.contains(index)), "{steps:#?}");
    }
}
