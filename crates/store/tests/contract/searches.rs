//! What customers find among their own invoices and payments, by which index, and what their first page shows.

use domain::dates::Date;
use domain::ids::{CustomerId, PaymentId, PaymentMethodId};
use domain::invoices::{Invoice, InvoiceSearch, InvoiceState, InvoiceStatus, OpenTotals};
use domain::money::Amount;
use domain::payments::{Payment, PaymentSearch, PaymentState, PaymentStatus, PaymentType};
use domain::time_ranges::DateRange;
use store::invoices::NewInvoice;
use store::{Db, Engine, Page, choices, home, invoice_search, payment_methods, payment_search};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{
    ACME, RIVAL, add_customer, customer, everything, invoice, method_on_file, organizations, payment,
};

const ALL: Page = Page { offset: 0, max: 500 };
const TODAY: Date = Date::new(2011, 10, 20);
/// Of one customer, and of another: enough that reading all of them costs more than the way through an index.
const MANY: i64 = 1_000;
const OTHERS: i64 = 3_000;

fn invoice_searches() -> Vec<InvoiceSearch> {
    let any = InvoiceSearch::default;
    let number = |text: &str| InvoiceSearch { number: Some(text.to_owned()), ..any() };
    let day = Date::new(2011, 9, 21);
    let mut searches = vec![any(), number("inv-1"), number("INV-1"), number("Ü"), number("%"), number("_")];
    searches.extend(InvoiceState::ALL.iter().map(|state| InvoiceSearch { state: Some(*state), ..any() }));
    searches.extend([
        InvoiceSearch { invoiced: DateRange { first: Some(day), last: None }, ..any() },
        InvoiceSearch { invoiced: DateRange { first: None, last: Some(day) }, ..any() },
        InvoiceSearch {
            number: Some("INV-".to_owned()),
            state: Some(InvoiceState::Open),
            invoiced: DateRange { first: Some(day), last: Some(day) },
        },
    ]);
    searches
}

fn payment_searches() -> Vec<PaymentSearch> {
    let any = PaymentSearch::default();
    let mut searches = vec![any];
    searches.extend(PaymentState::ALL.iter().map(|state| PaymentSearch { state: Some(*state), ..any }));
    let day = Date::new(2011, 9, 21);
    searches.push(PaymentSearch { effective: DateRange { first: Some(day), last: None }, ..any });
    searches
        .push(PaymentSearch { state: Some(PaymentState::Paid), effective: DateRange { first: None, last: Some(day) } });
    searches
}

/// Every status, late and not, with numbers of several kinds.
fn invoices(john: CustomerId) -> Vec<Invoice> {
    let statuses = [
        InvoiceStatus::Outstanding,
        InvoiceStatus::Paid,
        InvoiceStatus::Cancelled,
        InvoiceStatus::CarriedOver,
        InvoiceStatus::Draft,
        InvoiceStatus::Error,
    ];
    let numbers = ["INV-1", "inv-10", "Inv-2", "Über-1", "über", "1019%"];
    let mut invoices = Vec::new();
    for (n, status) in statuses.into_iter().cycle().take(36).enumerate() {
        let id = 1_000 + i64::try_from(n).unwrap();
        let day = Date::new(2011, 9, 20).add_days(i64::try_from(n / 12).unwrap());
        let number = format!("{}-{n}", numbers[n / 6]);
        let due_on = TODAY.add_days(i64::try_from(n % 3).unwrap() - 1);
        invoices.push(Invoice { status, invoiced_on: day, due_on, ..invoice(id, &number, john) });
    }
    invoices
}

/// Every status of every kind, taking another one back or not.
fn payments(john: CustomerId) -> Vec<Payment> {
    let mut payments = Vec::new();
    for status in PaymentStatus::ALL {
        for payment_type in PaymentType::ALL {
            for is_reversal in [false, true] {
                let n = i64::try_from(payments.len()).unwrap();
                payments.push(Payment {
                    status: *status,
                    payment_type: *payment_type,
                    reverses: is_reversal.then_some(PaymentId(n)),
                    effective_on: Date::new(2011, 9, 20).add_days(n % 3),
                    ..payment(1_000 + n, &format!("N{n}"), john)
                });
            }
        }
    }
    payments
}

async fn insert_invoices(db: &Db, heads: Vec<Invoice>) {
    let mut tx = db.begin().await.unwrap();
    let new: Vec<_> = heads.into_iter().map(|head| NewInvoice { head, lines: Vec::new() }).collect();
    store::invoices::insert(&mut tx, ACME, &new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn insert_payments(db: &Db, new: &[Payment]) {
    let mut tx = db.begin().await.unwrap();
    for payment in new {
        store::payments::insert(&mut tx, ACME, payment).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// John with many of each, and somebody with more.
async fn crowded(db: &Db) -> CustomerId {
    organizations(db).await;
    let john = everything(db, ACME).await;
    let other = CustomerId(200);
    add_customer(db, ACME, &customer(other.0, "OTHER")).await.unwrap();
    let whose = |n: i64| if n < MANY { john } else { other };
    let day = |n: i64| Date::new(2001, 1, 1).add_days(n % 1_500);
    let head =
        |n: i64| Invoice { invoiced_on: day(n), due_on: day(n), ..invoice(10_000 + n, &format!("N{n}"), whose(n)) };
    insert_invoices(db, (0..MANY + OTHERS).map(head).collect()).await;
    let paid = |n: i64| Payment {
        status: PaymentStatus::Paid,
        effective_on: day(n),
        ..payment(10_000 + n, &format!("N{n}"), whose(n))
    };
    insert_payments(db, &(0..MANY + OTHERS).map(paid).collect::<Vec<_>>()).await;
    john
}

async fn explain(db: &Db) -> &'static str {
    match db.engine() {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => {
            let mut conn = db.read().await.unwrap();
            for analyze in ["ANALYZE invoices", "ANALYZE payments"] {
                conn.query(dbx::Sql::new(analyze)).execute().await.unwrap();
            }
            "EXPLAIN "
        }
    }
}

/// It is found in the index, and only then read: SQLite says that it needs nothing else, PostgreSQL decides that by how
/// much of the table was vacuumed.
#[track_caller]
fn assert_found_in(index: &str, steps: &[String], of: &str) {
    let uses =
        [format!("USING COVERING INDEX {index} "), format!("using {index} "), format!("Bitmap Index Scan on {index} ")];
    assert!(steps.iter().any(|step| uses.iter().any(|scan| step.contains(scan))), "{of}: {steps:#?}");
    let scans = |step: &&String| step.contains("Seq Scan") || step.starts_with("SCAN i") || step.starts_with("SCAN p");
    assert!(!steps.iter().any(|step| scans(&step)), "{of}: {steps:#?}");
}

on_both! {
    async fn each_search_finds_what_it_says_newest_first(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        insert_invoices(&db, invoices(john)).await;
        insert_payments(&db, &payments(john)).await;
        let mut conn = db.read().await.unwrap();
        let mut all = invoices(john);
        all.push(invoice(500, "1019", john));
        all.retain(|invoice| invoice.status.is_for_customers());
        all.sort_by_key(|invoice| std::cmp::Reverse((invoice.invoiced_on, invoice.id.0)));
        for search in invoice_searches() {
            let wanted = invoice_search::Wanted { org: ACME, customer: john, search: &search, today: TODAY };
            let (found, total) = invoice_search::find(&mut conn, wanted, ALL, 500).await.unwrap();
            let expected: Vec<&str> =
                all.iter().filter(|of| search.matches(of, TODAY)).map(|of| of.number.as_str()).collect();
            assert_eq!(found.iter().map(|of| of.number.as_str()).collect::<Vec<_>>(), expected, "{search:?}");
            assert_eq!(usize::try_from(total), Ok(expected.len()), "{search:?}");
        }
        let mut all = payments(john);
        all.push(payment(600, "1001", john));
        all.sort_by_key(|payment| std::cmp::Reverse((payment.effective_on, payment.id.0)));
        for search in payment_searches() {
            let wanted = payment_search::Wanted { org: ACME, customer: john, search };
            let (found, total) = payment_search::find(&mut conn, wanted, ALL, 500).await.unwrap();
            let expected: Vec<&str> =
                all.iter().filter(|of| search.matches(&of.summary())).map(|of| of.number.as_str()).collect();
            assert_eq!(found.iter().map(|of| of.number.as_str()).collect::<Vec<_>>(), expected, "{search:?}");
            assert_eq!(usize::try_from(total), Ok(expected.len()), "{search:?}");
        }
    }

    async fn of_many_no_more_are_counted_than_there_is_room_for_and_nobody_elses_are_found(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        insert_invoices(&db, invoices(john)).await;
        insert_payments(&db, &payments(john)).await;
        let mut conn = db.read().await.unwrap();
        let page = Page { offset: 4, max: 3 };
        for (org, customer, expected) in [(ACME, john, (3, 20)), (RIVAL, john, (0, 1)), (ACME, CustomerId(9), (0, 0))] {
            let search = &InvoiceSearch::default();
            let wanted = invoice_search::Wanted { org, customer, search, today: TODAY };
            let (found, total) = invoice_search::find(&mut conn, wanted, page, 20).await.unwrap();
            assert_eq!((found.len(), total), expected);
            let wanted = payment_search::Wanted { org, customer, search: PaymentSearch::default() };
            let (found, total) = payment_search::find(&mut conn, wanted, page, 20).await.unwrap();
            assert_eq!((found.len(), total), expected);
        }
        let search = &InvoiceSearch::default();
        let wanted = invoice_search::Wanted { org: ACME, customer: john, search, today: TODAY };
        let (all, total) = invoice_search::find(&mut conn, wanted, ALL, 500).await.unwrap();
        for (offset, max) in [(0, total + 1), (0, total), (total - 1, 1), (total - 1, 2), (total, 1), (total + 1, 1)] {
            let (found, counted) = invoice_search::find(&mut conn, wanted, Page { offset, max }, 500).await.unwrap();
            let left = all.iter().skip(usize::try_from(offset).unwrap()).take(usize::try_from(max).unwrap());
            assert_eq!((found.len(), counted), (left.count(), total), "{max} from {offset}");
        }
        let backwards = DateRange { first: Some(TODAY), last: Some(TODAY.previous()) };
        let search = &InvoiceSearch { invoiced: backwards, ..InvoiceSearch::default() };
        let wanted = invoice_search::Wanted { org: ACME, customer: john, search, today: TODAY };
        assert_eq!(invoice_search::find(&mut conn, wanted, ALL, 20).await.unwrap().1, 0);
    }

    async fn every_search_among_many_is_decided_in_the_index_that_was_made_for_it(db: TestDb) {
        let john = crowded(&db).await;
        let explain = explain(&db).await;
        let mut conn = db.read().await.unwrap();
        if db.engine() == Engine::Postgres {
            // A table as small as this one is read whole, whatever index there is.
            conn.query(dbx::Sql::new("SET enable_seqscan = off")).execute().await.unwrap();
        }
        for search in invoice_searches() {
            let wanted = invoice_search::Wanted { org: ACME, customer: john, search: &search, today: TODAY };
            for steps in invoice_search::plan(&mut conn, explain, wanted).await.unwrap() {
                assert_found_in("invoices_by_customer", &steps, &format!("{search:?}"));
            }
        }
        for search in payment_searches() {
            let wanted = payment_search::Wanted { org: ACME, customer: john, search };
            for steps in payment_search::plan(&mut conn, explain, wanted).await.unwrap() {
                assert_found_in("payments_by_customer", &steps, &format!("{search:?}"));
            }
        }
    }

    async fn the_first_page_sums_all_that_is_open_and_shows_the_oldest(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        insert_invoices(&db, invoices(john)).await;
        insert_payments(&db, &payments(john)).await;
        let mut conn = db.read().await.unwrap();
        let wanted = home::Wanted { org: ACME, customer: john, today: TODAY, invoices: 3, payments: 2 };
        let found = home::read(&mut conn, wanted).await.unwrap();
        let all = home::read(&mut conn, home::Wanted { invoices: 100, ..wanted }).await.unwrap();
        let mut open = invoices(john);
        open.push(invoice(500, "1019", john));
        open.retain(Invoice::is_open);
        open.sort_by_key(|invoice| (invoice.due_on, invoice.id.0));
        let late: Vec<&Invoice> = open.iter().filter(|invoice| invoice.is_overdue(TODAY)).collect();
        let expected = OpenTotals {
            count: i64::try_from(open.len()).unwrap(),
            outstanding: open.iter().map(Invoice::outstanding).sum(),
            payable: open.iter().map(Invoice::payable).sum(),
            overdue_count: i64::try_from(late.len()).unwrap(),
            overdue: late.iter().map(|invoice| invoice.outstanding()).sum(),
            first_due_on: open.first().map(|invoice| invoice.due_on),
            next_due_on: open.iter().find(|invoice| invoice.due_on >= TODAY).map(|invoice| invoice.due_on),
        };
        assert_eq!((found.totals, all.totals, all.open.len()), (expected, expected, open.len()));
        let shown: Vec<&str> = found.open.iter().map(|invoice| invoice.number.as_str()).collect();
        assert_eq!(shown, open[..3].iter().map(|invoice| invoice.number.as_str()).collect::<Vec<_>>());
        assert_eq!(found.payments.len(), 2);
        assert!(found.method.is_none());
        let nobody = home::Wanted { customer: CustomerId(9), ..wanted };
        let nothing = home::read(&mut conn, nobody).await.unwrap();
        assert_eq!((nothing.totals, nothing.open.len(), nothing.payments.len()), (OpenTotals::default(), 0, 0));
        assert_eq!(Amount::ZERO, nothing.totals.payable);
    }

    async fn what_can_be_paid_is_what_is_open_and_not_held_beside_what_a_processor_knows(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        insert_invoices(&db, invoices(john)).await;
        let card = method_on_file(700, john);
        let mut cash = card.clone();
        (cash.token, cash.method.id, cash.method.preference) = (None, PaymentMethodId(701), 1);
        let mut tx = db.begin().await.unwrap();
        payment_methods::replace(&mut tx, ACME, &card).await.unwrap();
        payment_methods::replace(&mut tx, ACME, &cash).await.unwrap();
        let found = choices::read(&mut tx, ACME, john).await.unwrap();
        let mut open = invoices(john);
        open.push(invoice(500, "1019", john));
        open.retain(|invoice| invoice.is_open() && invoice.payable().is_positive());
        open.sort_by_key(|invoice| (invoice.due_on, invoice.id.0));
        let of = |invoice: &Invoice| (invoice.number.clone(), invoice.due_on, invoice.outstanding(), invoice.payable());
        let shown = found.open.iter().map(|open| (open.number.clone(), open.due_on, open.outstanding, open.payable));
        assert_eq!(shown.collect::<Vec<_>>(), open.iter().map(of).collect::<Vec<_>>());
        let expected = choices::OnFile { method_type: card.method.method_type, expiry: card.method.shown.expiry };
        assert_eq!(found.methods, [expected]);
        let other = choices::read(&mut tx, RIVAL, john).await.unwrap();
        assert_eq!((other.open.len(), other.methods.len()), (1, 0));
    }
}
