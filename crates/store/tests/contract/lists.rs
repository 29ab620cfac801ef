//! Lists of customers: who is found, in which order, how many there are, and by which index.

use domain::customers::{Customer, CustomerStatus};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, OrganizationId, TransitionId};
use domain::search::Term;
use domain::time_ranges::TimeRange;
use domain::transitions::{Days, Transition};
use store::customer_lists::{self, Filter};
use store::{Conn, Page, Tx, customer_search};
use testkit::dump::dump;
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, UNICODE, add_customer, at, customer, now, organizations};

const ALL: Page = Page { offset: 0, max: 500 };

fn searching(term: &str) -> Filter {
    Filter { search: Term::new(term), ..Filter::default() }
}

fn range(first: Option<&str>, last: Option<&str>) -> TimeRange {
    TimeRange { first: first.map(at), last: last.map(at) }
}

async fn found(conn: &mut Conn, org: OrganizationId, filter: &Filter) -> Vec<i64> {
    let (customers, total) = customer_lists::list(conn, org, filter, ALL).await.expect("customers are listed");
    assert_eq!(usize::try_from(total), Ok(customers.len()));
    customers.into_iter().map(|customer| customer.id.0).collect()
}

/// Who, with this name, created at that time.
fn named(id: i64, name: &str, status: CustomerStatus, created_at: Timestamp) -> Customer {
    Customer { name: name.to_owned(), status, created_at, ..customer(id, &format!("P{id:03}")) }
}

on_both! {
    async fn how_many_there_are_is_summed_over_slots_and_counted_where_more_is_asked(db: TestDb) {
        organizations(&db).await;
        for id in 100..140 {
            let status = if id % 4 == 0 { CustomerStatus::Suspended1 } else { CustomerStatus::Active };
            add_customer(&db, ACME, &named(id, "John", status, now())).await.unwrap();
        }
        add_customer(&db, RIVAL, &customer(140, "R")).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        // One less, in a slot that has none of it: only the sum counts.
        store::customer_counts::add(&mut tx, ACME, CustomerStatus::Active, 99, -1).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let by_status = |status| Filter { status: Some(status), ..Filter::default() };
        let since = Filter { created: range(Some("2000-01-01T00:00:00Z"), None), ..Filter::default() };
        for (filter, total) in [
            (Filter::default(), 39),
            (by_status(CustomerStatus::Active), 29),
            (by_status(CustomerStatus::Suspended1), 10),
            (by_status(CustomerStatus::Overdue1), 0),
            (searching("John"), 40),
            (since, 40),
        ] {
            let page = Page { offset: 0, max: 5 };
            let listed = customer_lists::list(&mut conn, ACME, &filter, page).await.unwrap();
            assert_eq!(listed.1, total, "{filter:?}");
        }
    }

    async fn customers_are_found_by_any_part_of_their_texts_in_any_case(db: TestDb) {
        organizations(&db).await;
        let mut john = named(100, "Johannes Müller & Söhne 100%_!", CustomerStatus::Active, now());
        john.sales_contact.as_mut().unwrap().first_name = "Salome".to_owned();
        john.billing_contact.email_primary = "accounts-payable.department@mueller.example".to_owned();
        add_customer(&db, ACME, &john).await.unwrap();
        add_customer(&db, ACME, &customer(101, "OTHER")).await.unwrap();
        add_customer(&db, RIVAL, &customer(102, "P100")).await.unwrap();
        let mut conn = db.read().await.unwrap();
        for (term, ids) in [
            ("p100", vec![100]),
            ("P10", vec![100]),
            ("johannes müller & söhne", vec![100]),
            ("MÜLLER", vec![100]),
            ("annes m", vec![100]),
            ("0%_!", vec![100]),
            ("100%__", vec![]),
            ("%", vec![100]),
            ("salome", vec![100]),
            ("able.department@mueller.ex", vec![100]),
            ("able.department@muller.ex", vec![]),
            ("user10", vec![100, 101]),
            ("user101", vec![101]),
            ("o", vec![100, 101]),
            ("do", vec![100, 101]),
            ("ŁUKASZ 山田 🦀", vec![100, 101]),
            ("exämple", vec![100, 101]),
            ("Main Av", vec![]),
            ("p100other", vec![]),
        ] {
            assert_eq!(found(&mut conn, ACME, &searching(term)).await, ids, "{term}");
        }
        assert_eq!(found(&mut conn, RIVAL, &searching("p100")).await, [102]);
    }

    async fn a_changed_customer_is_found_by_what_it_is_now(db: TestDb) {
        organizations(&db).await;
        let mut john = customer(100, "BEFORE");
        add_customer(&db, ACME, &john).await.unwrap();
        let before = dump(&db, &[]).await;
        john.ext_customer_ref = Some("AFTERWARDS".to_owned());
        john.sales_contact = None;
        for changed in [john, customer(100, "BEFORE")] {
            db.transact(async |tx: &mut Tx| customer_search::index(tx, ACME, &changed).await).await.unwrap();
            let mut conn = db.read().await.unwrap();
            let is_after = changed.sales_contact.is_none();
            assert_eq!(found(&mut conn, ACME, &searching("afterwards")).await.len(), usize::from(is_after));
            assert_eq!(found(&mut conn, ACME, &searching("before")).await.len(), usize::from(!is_after));
        }
        assert_eq!(dump(&db, &[]).await, before, "as if it had never been another");
    }

    async fn a_customer_that_is_forgotten_leaves_nothing_in_the_index(db: TestDb) {
        organizations(&db).await;
        add_customer(&db, ACME, &customer(100, "JOHN")).await.unwrap();
        add_customer(&db, RIVAL, &customer(100, "JOHN")).await.unwrap();
        let john = CustomerId(100);
        db.transact(async |tx: &mut Tx| customer_search::forget(tx, ACME, john).await).await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(found(&mut conn, ACME, &searching("john")).await, [0; 0]);
        assert_eq!(found(&mut conn, RIVAL, &searching("john")).await, [100]);
        let count = "SELECT COUNT(*) FROM customer_search_parts WHERE org_id = 1";
        assert_eq!(conn.query(dbx::Sql::new(count)).scalar::<i64>().await.unwrap(), 0);
    }

    async fn all_that_is_asked_for_must_hold(db: TestDb) {
        organizations(&db).await;
        for (id, name, status, day) in
            [(100, "Ann", CustomerStatus::Active, 1), (101, "Ben", CustomerStatus::Overdue1, 2), (102, "Ann", CustomerStatus::Overdue1, 3), (103, "Annette", CustomerStatus::Overdue1, 4)]
        {
            let created = at(&format!("2011-09-0{day}T10:30:45Z"));
            add_customer(&db, ACME, &named(id, name, status, created)).await.unwrap();
        }
        let mut conn = db.read().await.unwrap();
        let conn = &mut conn;
        let overdue = Filter { status: Some(CustomerStatus::Overdue1), ..Filter::default() };
        assert_eq!(found(conn, ACME, &Filter::default()).await, [100, 101, 102, 103]);
        assert_eq!(found(conn, ACME, &overdue).await, [101, 102, 103]);
        assert_eq!(found(conn, ACME, &Filter { search: Term::new("ann"), ..overdue.clone() }).await, [102, 103]);
        let created = range(Some("2011-09-02T00:00:00Z"), Some("2011-09-03T10:30:59.999999Z"));
        assert_eq!(found(conn, ACME, &Filter { created, ..Filter::default() }).await, [101, 102]);
        assert_eq!(found(conn, ACME, &Filter { created, search: Term::new("ANN"), ..overdue.clone() }).await, [102]);
        let updated = range(None, Some("2011-09-20T11:59:59Z"));
        assert_eq!(found(conn, ACME, &Filter { updated, ..overdue.clone() }).await, [0; 0]);
        let updated = range(Some("2011-09-20T12:00:00.123456Z"), None);
        assert_eq!(found(conn, ACME, &Filter { updated, created, ..Filter::default() }).await, [101, 102]);
        let inverted = range(created_last(created), Some("2011-09-01T00:00:00Z"));
        assert_eq!(found(conn, ACME, &Filter { created: inverted, ..Filter::default() }).await, [0; 0]);
        assert_eq!(found(conn, RIVAL, &Filter::default()).await, [0; 0]);
    }

    async fn a_page_has_whole_customers_and_the_number_of_all(db: TestDb) {
        organizations(&db).await;
        for id in (100..160).rev() {
            add_customer(&db, ACME, &customer(id, &format!("P{id}"))).await.unwrap();
        }
        let mut conn = db.read().await.unwrap();
        for (offset, max, expected) in [(0, 50, 100..150), (50, 50, 150..160), (59, 1, 159..160), (60, 50, 0..0), (7, 0, 0..0)] {
            for filter in [Filter::default(), searching("p1")] {
                let (customers, total) = customer_lists::list(&mut conn, ACME, &filter, Page { offset, max }).await.unwrap();
                assert_eq!(total, 60);
                let ids: Vec<i64> = customers.iter().map(|customer| customer.id.0).collect();
                assert_eq!(ids, expected.clone().collect::<Vec<i64>>());
                for one in customers {
                    let whole = store::customers::find(&mut conn, ACME, one.id).await.unwrap().unwrap();
                    assert_eq!(format!("{one:?}"), format!("{whole:?}"));
                    assert!(one.sales_contact.is_some() && one.name == UNICODE);
                }
            }
        }
    }

    async fn transitions_are_listed_by_day_and_id_within_the_organization(db: TestDb) {
        organizations(&db).await;
        add_customer(&db, ACME, &customer(100, "JOHN")).await.unwrap();
        let transition = |id, day| Transition {
            id: TransitionId(id),
            customer: CustomerId(100),
            previous_status: CustomerStatus::Active,
            new_status: CustomerStatus::Suspended1,
            transitioned_on: Date::new(2011, 9, day),
            created_at: now(),
        };
        let mut tx = db.begin().await.unwrap();
        for (id, day) in [(1, 3), (2, 2), (3, 2), (4, 1), (5, 4)] {
            store::transitions::insert(&mut tx, ACME, &transition(id, day)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let days = |first, last| Days { first: Date::new(2011, 9, first), last: Date::new(2011, 9, last) };
        for (days, page, expected, count) in [
            (days(2, 3), ALL, vec![2, 3, 1], 3),
            (days(1, 4), Page { offset: 1, max: 2 }, vec![2, 3], 5),
            (days(1, 4), Page { offset: 0, max: 0 }, vec![], 5),
            (days(4, 1), ALL, vec![], 0),
        ] {
            let (found, total) = store::transitions::list(&mut conn, ACME, days, page).await.unwrap();
            assert_eq!((found.iter().map(|one| one.id.0).collect::<Vec<_>>(), total), (expected, count));
        }
        let whole = store::transitions::find(&mut conn, ACME, TransitionId(1)).await.unwrap();
        assert_eq!(whole, Some(transition(1, 3)));
        assert_eq!(store::transitions::find(&mut conn, RIVAL, TransitionId(1)).await.unwrap(), None);
        assert_eq!(store::transitions::list(&mut conn, RIVAL, days(1, 4), ALL).await.unwrap(), (vec![], 0));
    }
}

fn created_last(range: TimeRange) -> Option<&'static str> {
    range.last.map(|_| "2011-09-03T10:30:59.999999Z")
}

/// What a list asks for, the index that answers it, and whether the ids come in order.
#[tokio::test]
async fn every_list_uses_the_index_that_was_made_for_it() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    let mut conn = db.read().await.unwrap();
    let times = range(Some("2011-09-01T00:00:00Z"), Some("2011-09-02T00:00:00Z"));
    let status = Some(CustomerStatus::Active);
    let by_part = "customer_search_parts|SEARCH p USING PRIMARY KEY (org_id=? AND part>? AND part<?)";
    for (filter, index) in [
        (Filter::default(), "SEARCH p USING PRIMARY KEY (org_id=?)"),
        (Filter { status, ..Filter::default() }, "customers_by_status (org_id=? AND status=?)"),
        (
            Filter { created: times, ..Filter::default() },
            "customers_by_created_at (org_id=? AND created_at>? AND created_at<?)",
        ),
        (
            Filter { updated: times, ..Filter::default() },
            "customers_by_updated_at (org_id=? AND updated_at>? AND updated_at<?)",
        ),
        (
            Filter { created: range(None, times.last.map(|_| "2011-09-02T00:00:00Z")), ..Filter::default() },
            "customers_by_created_at (org_id=? AND created_at<?)",
        ),
        (searching("p007"), by_part),
        (searching("zoë"), by_part),
        (searching("a very long term indeed"), by_part),
        (Filter { status, created: times, updated: times, ..searching("p007") }, "customers_by_"),
        (Filter { status, ..searching("p007") }, by_part),
    ] {
        let steps = customer_lists::plan(&mut conn, ACME, &filter).await.unwrap();
        let is_used = |index: &&str| steps.iter().any(|step| step.contains(index));
        assert!(index.split('|').any(|index| is_used(&index)), "{filter:?}: {steps:#?}");
        let reads_all = |step: &&String| step.starts_with("SCAN ") || step.ends_with("(org_id=?)");
        let may_read_all = filter.search.is_none() && index.ends_with("(org_id=?)");
        assert!(may_read_all || !steps.iter().any(|step| reads_all(&step)), "{filter:?}: {steps:#?}");
        let sorts = steps.iter().any(|step| step.contains("ORDER BY"));
        let by_time = !(filter.created.is_open() && filter.updated.is_open());
        assert!(!sorts || by_time, "{filter:?}: {steps:#?}");
    }
}

#[test]
fn only_the_last_page_shows_how_many_there_are() {
    for (rows, offset, max, total) in [
        (0, 0, 50, Some(0)),
        (1, 0, 50, Some(1)),
        (49, 100, 50, Some(149)),
        (50, 0, 50, None),
        (0, 100, 50, None),
        (0, 0, 0, None),
    ] {
        let seen = Page { offset, max }.total(rows);
        assert!(seen == total, "{rows} rows from {offset}, at most {max}: {seen:?}");
    }
}
