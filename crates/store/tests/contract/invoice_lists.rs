//! Lists of invoices: which, in which order, in how many statements, and by which index.

use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, OrderId};
use domain::invoices::{Invoice, InvoiceFilter, InvoiceStatus, StatusFilter};
use domain::time_ranges::{DateRange, TimeRange};
use store::{Engine, Page, invoice_lists};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, everything, invoice, line, new_invoice, now, organizations};

const ALL: Page = Page { offset: 0, max: 500 };
/// Enough that reading all of them costs more than the way through an index.
const MANY: i64 = 3_000;

fn filters() -> Vec<(InvoiceFilter, &'static str)> {
    let day = Date::new(2011, 9, 20);
    let any = InvoiceFilter::default;
    vec![
        (any(), "invoices_by_day"),
        (InvoiceFilter { invoiced: DateRange { first: Some(day), last: Some(day) }, ..any() }, "invoices_by_day"),
        (InvoiceFilter { status: Some(StatusFilter::Is(InvoiceStatus::Draft)), ..any() }, "invoices_by_status"),
        (InvoiceFilter { customer: Some(CustomerId(100)), ..any() }, "invoices_by_customer"),
        (InvoiceFilter { number: Some("1019".to_owned()), ..any() }, "number"),
        (InvoiceFilter { order: Some(OrderId(400)), ..any() }, "invoice_lines_by_order"),
        (
            InvoiceFilter { updated: TimeRange { first: Some(now().add_seconds(60)), last: None }, ..any() },
            "invoices_by_update",
        ),
    ]
}

on_both! {
    async fn each_filter_finds_what_it_says_newest_first_and_whole(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        let mut tx = db.begin().await.unwrap();
        for (id, day, status) in [(700, 21, InvoiceStatus::Paid), (800, 21, InvoiceStatus::Draft), (900, 19, InvoiceStatus::Outstanding)] {
            let head = Invoice { invoiced_on: Date::new(2011, 9, day), status, ..invoice(id, &id.to_string(), john) };
            let new = new_invoice(&head, line(id + 1, Date::new(2012, 1, i8::try_from(id / 100).unwrap())));
            store::invoices::insert(&mut tx, ACME, &new).await.unwrap();
        }
        let (whole, total) = invoice_lists::list(&mut tx, ACME, &InvoiceFilter::default(), ALL).await.unwrap();
        assert_eq!((whole.iter().map(|found| found.head.id.0).collect::<Vec<_>>(), total), (vec![800, 700, 500, 900], 4));
        for found in &whole {
            let alone = store::invoices::full(&mut tx, ACME, found.head.id).await.unwrap().unwrap();
            assert_eq!(format!("{found:#?}"), format!("{alone:#?}"));
        }
        for (filter, _) in filters() {
            let (found, total) = invoice_lists::list(&mut tx, ACME, &filter, ALL).await.unwrap();
            let expected = whole.iter().filter(|of| filter.matches(&of.head, &of.orders));
            let expected: Vec<InvoiceId> = expected.map(|of| of.head.id).collect();
            assert_eq!(found.iter().map(|of| of.head.id).collect::<Vec<_>>(), expected, "{filter:?}");
            assert_eq!(usize::try_from(total), Ok(expected.len()), "{filter:?}");
        }
    }

    async fn every_list_of_many_invoices_uses_the_index_that_was_made_for_it(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let other = CustomerId(john.0);
        let many: Vec<_> = (0..MANY).map(|n| {
            let invoiced_on = Date::new(2001, 1, 1).add_days(n);
            let head = Invoice {
                invoiced_on, due_on: invoiced_on, applied: domain::money::Amount(0), reserved: domain::money::Amount(0),
                ..invoice(10_000 + n, &format!("N{n}"), other)
            };
            store::invoices::NewInvoice { head, lines: Vec::new() }
        }).collect();
        store::invoices::insert(&mut tx, ACME, &many).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let explain = match db.engine() {
            Engine::Sqlite => "EXPLAIN QUERY PLAN SELECT i.id FROM invoices i WHERE i.org_id = ",
            Engine::Postgres => {
                conn.query(dbx::Sql::new("ANALYZE invoices")).execute().await.unwrap();
                "EXPLAIN SELECT i.id FROM invoices i WHERE i.org_id = "
            }
        };
        // All of them are this customer's: PostgreSQL knows that, and reads them by day.
        let is_telling = |filter: &InvoiceFilter| filter.customer.is_none() || db.engine() == Engine::Sqlite;
        for (filter, index) in filters().into_iter().filter(|(filter, _)| is_telling(filter)) {
            let steps = invoice_lists::plan(&mut conn, explain, ACME, &filter).await.unwrap();
            assert!(steps.iter().any(|step| step.contains(index)), "{filter:?}: {steps:#?}");
            let scans = |step: &&String| step.contains("Seq Scan on invoices") || step.starts_with("SCAN i");
            assert!(!steps.iter().any(|step| scans(&step)), "{filter:?}: {steps:#?}");
        }
    }
}

#[tokio::test]
async fn no_day_between_two_that_are_the_wrong_way_round_has_an_invoice() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    organizations(&db).await;
    everything(&db, ACME).await;
    let mut conn = db.read().await.unwrap();
    let empty = InvoiceFilter {
        invoiced: DateRange { first: Some(Date::new(2012, 1, 1)), last: Some(Date::new(2011, 1, 1)) },
        ..InvoiceFilter::default()
    };
    assert_eq!(invoice_lists::list(&mut conn, ACME, &empty, ALL).await.unwrap().1, 0);
}
