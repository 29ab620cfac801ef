//! Lists of payments: which, in which order, in how many statements, and by which index. And what is taken back.

use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, PaymentId};
use domain::money::Amount;
use domain::payment_methods::Shown;
use domain::payments::{MethodType, Payment, PaymentFilter, PaymentStatus, PaymentType};
use domain::time_ranges::DateRange;
use domain::wallet::Expiry;
use store::allocations::Held;
use store::methods_to_keep::{self, ToKeep};
use store::sealed::Sealed;
use store::{Engine, Page, payment_lists};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, everything, organizations, payment};

const ALL: Page = Page { offset: 0, max: 500 };
/// Enough that reading all of them costs more than the way through an index.
const MANY: i64 = 3_000;

fn filters() -> Vec<(PaymentFilter, &'static str)> {
    let day = Date::new(2011, 9, 20);
    let any = || PaymentFilter::of(PaymentType::Payment);
    vec![
        (any(), "payments_by_type"),
        (PaymentFilter::of(PaymentType::Refund), "payments_by_type"),
        (PaymentFilter { effective: DateRange { first: Some(day), last: Some(day) }, ..any() }, "payments_by_type"),
        (PaymentFilter { status: Some(PaymentStatus::Declined), ..any() }, "payments_unpaid"),
        (PaymentFilter { customer: Some(CustomerId(100)), ..any() }, "payments_by_customer"),
        (PaymentFilter { amounts: Some(vec![("USD".parse().unwrap(), Amount(6050))]), ..any() }, "payments_by_amount"),
        (PaymentFilter { invoice_number: Some("1019".to_owned()), ..any() }, "number"),
    ]
}

on_both! {
    async fn each_filter_finds_what_it_says_newest_first_and_whole(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        let mut tx = db.begin().await.unwrap();
        store::allocations::resolve(&mut tx, ACME, PaymentId(600), Held::Applied).await.unwrap();
        for (id, day, status, payment_type, reverses) in [
            (700, 21, PaymentStatus::Declined, PaymentType::Payment, None),
            (800, 21, PaymentStatus::Paid, PaymentType::Refund, Some(PaymentId(600))),
            (900, 19, PaymentStatus::Paid, PaymentType::Payment, None),
        ] {
            let effective_on = Date::new(2011, 9, day);
            let amount = if payment_type == PaymentType::Refund { Amount(-6050) } else { Amount(id) };
            let new = Payment { effective_on, status, payment_type, reverses, amount, ..payment(id, &id.to_string(), john) };
            store::payments::insert(&mut tx, ACME, &new).await.unwrap();
        }
        let ids = async |tx: &mut store::Tx, filter: &PaymentFilter| {
            let (found, total) = payment_lists::list(tx, ACME, filter, ALL).await.unwrap();
            assert_eq!(usize::try_from(total), Ok(found.len()));
            found.iter().map(|of| of.head.id.0).collect::<Vec<_>>()
        };
        let expected: [&[i64]; 7] = [&[700, 600, 900], &[800], &[600], &[700], &[700, 600, 900], &[600], &[600]];
        for ((filter, _), expected) in filters().iter().zip(expected) {
            assert_eq!(ids(&mut tx, filter).await, expected, "{filter:?}");
        }
        let of_invoice = PaymentFilter { invoice_number: Some("1019".to_owned()), ..PaymentFilter::of(PaymentType::Refund) };
        assert_eq!(ids(&mut tx, &of_invoice).await, [800]);
        let (whole, _) = payment_lists::list(&mut tx, ACME, &filters()[0].0, ALL).await.unwrap();
        for found in &whole {
            let alone = store::payments::full(&mut tx, ACME, found.head.id).await.unwrap().unwrap();
            assert_eq!(format!("{found:#?}"), format!("{alone:#?}"));
        }
    }

    async fn every_list_of_many_payments_uses_the_index_that_was_made_for_it(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        for n in 0..MANY {
            let effective_on = Date::new(2001, 1, 1).add_days(n);
            let amount = Amount(n + 1);
            let status = PaymentStatus::Paid;
            let new = Payment { effective_on, amount, status, ..payment(10_000 + n, &format!("N{n}"), john) };
            store::payments::insert(&mut tx, ACME, &new).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let explain = match db.engine() {
            Engine::Sqlite => "EXPLAIN QUERY PLAN SELECT p.id FROM payments p WHERE p.org_id = ",
            Engine::Postgres => {
                conn.query(dbx::Sql::new("ANALYZE payments")).execute().await.unwrap();
                "EXPLAIN SELECT p.id FROM payments p WHERE p.org_id = "
            }
        };
        // All of them are this customer's: PostgreSQL knows that, and reads them by day.
        let is_telling = |filter: &PaymentFilter| filter.customer.is_none() || db.engine() == Engine::Sqlite;
        for (filter, index) in filters().into_iter().filter(|(filter, _)| is_telling(filter)) {
            let steps = payment_lists::plan(&mut conn, explain, ACME, &filter).await.unwrap();
            assert!(steps.iter().any(|step| step.contains(index)), "{filter:?}: {steps:#?}");
            let scans = |step: &&String| step.contains("Seq Scan on payments") || step.starts_with("SCAN p");
            assert!(!steps.iter().any(|step| scans(&step)), "{filter:?}: {steps:#?}");
        }
    }

    async fn a_payment_is_taken_back_once_and_what_it_paid_stays_as_history(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        store::allocations::resolve(&mut tx, ACME, PaymentId(600), Held::Applied).await.unwrap();
        let paid = Payment { status: PaymentStatus::Paid, balance: Amount(5050), ..payment(600, "1001", john) };
        store::payments::settle(&mut tx, ACME, &paid).await.unwrap();
        let unapplied = store::payments::unapplied(&mut tx, ACME, &[john]).await.unwrap();
        assert_eq!(unapplied.iter().map(|one| (one.id.0, one.balance.0)).collect::<Vec<_>>(), [(600, 5050)]);
        assert!(store::payments::unapplied(&mut tx, RIVAL, &[john]).await.unwrap().is_empty());
        let back = Payment {
            reverses: Some(PaymentId(600)),
            notes: Some("bounced".to_owned()),
            grants_credit: true,
            ..payment(601, "1002", john)
        };
        assert_eq!(store::payments::reversal_of(&mut tx, ACME, PaymentId(600)).await.unwrap(), None);
        store::payments::insert(&mut tx, ACME, &back).await.unwrap();
        assert_eq!(store::payments::reversal_of(&mut tx, ACME, PaymentId(600)).await.unwrap(), Some(PaymentId(601)));
        let number = store::payments::reversal_number(&mut tx, ACME, PaymentId(600)).await.unwrap();
        assert_eq!(number.as_deref(), Some("1002"));
        let applied = store::payments::applied_to(&mut tx, ACME, InvoiceId(500)).await.unwrap();
        assert_eq!(applied.iter().map(|(one, part)| (one.id.0, part.0)).collect::<Vec<_>>(), [(600, 1000)]);
        let found = store::payments::find(&mut tx, ACME, PaymentId(601)).await.unwrap().unwrap();
        assert_eq!((found.notes.as_deref(), found.grants_credit), (Some("bounced"), true));
        let gone = Payment { status: PaymentStatus::Cancelled, balance: Amount(0), ..paid };
        assert_eq!(store::payments::save_paid(&mut tx, ACME, &gone).await.unwrap(), 1);
        assert_eq!(store::payments::save_paid(&mut tx, ACME, &gone).await.unwrap(), 0, "it is not paid any more");
        assert_eq!(store::allocations::reverse(&mut tx, ACME, PaymentId(600)).await.unwrap(), 1);
        assert!(store::allocations::applied_by(&mut tx, ACME, PaymentId(600)).await.unwrap().is_empty());
        assert_eq!(store::allocations::invoices_of(&mut tx, ACME, PaymentId(600)).await.unwrap().len(), 1);
        let twice = Payment { reverses: Some(PaymentId(600)), ..payment(602, "1003", john) };
        assert!(store::payments::insert(&mut tx, ACME, &twice).await.is_err(), "no two take it back");
    }

    async fn a_method_to_keep_comes_back_with_its_token(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let shown = Shown {
            brand: Some("Visa".to_owned()),
            last_digits: Some("1111".to_owned()),
            expiry: Some(Expiry { year: 2035, month: 12 }),
        };
        let token = Some(Sealed { key_id: "key-1".to_owned(), text: "c0ffee".to_owned() });
        let new = ToKeep { preference: 2, method_type: MethodType::CreditCard, shown, token };
        methods_to_keep::insert(&mut tx, ACME, PaymentId(600), &new).await.unwrap();
        assert_eq!(methods_to_keep::find(&mut tx, ACME, PaymentId(600)).await.unwrap(), Some(new));
        assert_eq!(methods_to_keep::find(&mut tx, RIVAL, PaymentId(600)).await.unwrap(), None);
        assert_eq!(methods_to_keep::delete(&mut tx, ACME, PaymentId(600)).await.unwrap(), 1);
        assert_eq!(methods_to_keep::find(&mut tx, ACME, PaymentId(600)).await.unwrap(), None);
    }
}
