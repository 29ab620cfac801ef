//! Every field of every row comes back as it went in, to the last digit and letter.

use domain::access::Role;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{ChargeId, CustomerId, EventId, InvoiceId, OrderId, PaymentId, PlanId, ProcessorResultId, StaffId};
use domain::invoices::InvoiceStatus;
use domain::ledger::{self, Account};
use domain::money::Amount;
use domain::organizations::Mode;
use domain::payments::{Answer, Match, Payment, PaymentStatus, Processor, ProcessorResult, RequestKind, Verdict};
use store::allocations::Held;
use store::ledger::Posting;
use store::staff::{Attempts, NewStaff};
use store::{Page, Tx, is_unique_violation};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{
    ACME, RIVAL, add_customer, add_plan, at, contact, customer, everything, financials, invoice, line, new_invoice,
    now, order, organization, organizations, payment, plan, product, settings,
};

/// The values have no equality; their debug output shows every field.
fn same(a: impl std::fmt::Debug, b: impl std::fmt::Debug) {
    assert_eq!(format!("{a:#?}"), format!("{b:#?}"));
}

on_both! {
    async fn an_organization_comes_back_as_it_was(db: TestDb) {
        organizations(&db).await;
        let mut conn = db.read().await.unwrap();
        same(store::organizations::get(&mut conn, ACME).await.unwrap(), organization(ACME));
        same(store::organizations::find_by_subdomain(&mut conn, "org2").await.unwrap(), Some(organization(RIVAL)));
        assert!(store::organizations::find_by_subdomain(&mut conn, "ORG2").await.unwrap().is_none());
        let listed = store::organizations::list(&mut conn).await.unwrap();
        assert_eq!(listed, [(ACME, "org1".to_owned()), (RIVAL, "org2".to_owned())]);
    }

    async fn only_the_clock_of_a_test_organization_moves(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        let live = domain::organizations::Organization {
            mode: Mode::Live, subdomain: "live".to_owned(), ..organization(domain::ids::OrganizationId(3))
        };
        store::organizations::insert(&mut tx, &live, &settings(), now()).await.unwrap();
        let later = at("2021-09-20T12:00:00Z");
        assert_eq!(store::organizations::set_clock(&mut tx, ACME, later).await.unwrap(), 1);
        assert_eq!(store::organizations::set_clock(&mut tx, live.id, later).await.unwrap(), 0);
        assert_eq!(store::organizations::get(&mut tx, ACME).await.unwrap().mode, Mode::Test { clock: later });
        assert_eq!(store::organizations::get(&mut tx, live.id).await.unwrap().mode, Mode::Live);
        assert!(store::organizations::run_on(&mut tx, ACME).await.unwrap() < Date::new(2012, 2, 29));
        store::organizations::set_run_on(&mut tx, ACME, Date::new(2012, 2, 29)).await.unwrap();
        assert_eq!(store::organizations::run_on(&mut tx, ACME).await.unwrap(), Date::new(2012, 2, 29));
    }

    async fn a_customer_comes_back_with_both_contacts(db: TestDb) {
        organizations(&db).await;
        let john = customer(100, "JOHN");
        add_customer(&db, ACME, &john).await.unwrap();
        let mut conn = db.read().await.unwrap();
        same(store::customers::find(&mut conn, ACME, john.id).await.unwrap(), Some(john.clone()));
        assert_eq!(store::customers::find_id(&mut conn, ACME, "JOHN").await.unwrap(), Some(john.id));
        let credentials = store::customers::find_credentials(&mut conn, ACME, "user100").await.unwrap().unwrap();
        assert_eq!(credentials.password_hash.as_deref(), Some("$hash"));
        assert!(credentials.account_locked && credentials.id == john.billing_contact.id);
    }

    async fn a_customer_of_the_least_comes_back_without_more(db: TestDb) {
        organizations(&db).await;
        let mut least = customer(100, "JOHN");
        least.sales_contact = None;
        least.ext_customer_ref = None;
        least.crm_customer_id = None;
        least.billing_contact.username = None;
        least.billing_contact.address.fields = domain::contacts::AddressFields::default();
        add_customer(&db, ACME, &least).await.unwrap();
        let mut other = customer(200, "x");
        other.ext_customer_ref = None;
        other.billing_contact.username = None;
        add_customer(&db, ACME, &other).await.expect("what is absent is not twice the same");
        let mut conn = db.read().await.unwrap();
        same(store::customers::find(&mut conn, ACME, least.id).await.unwrap(), Some(least));
    }

    async fn a_reference_and_a_user_name_are_unique_and_the_error_says_which(db: TestDb) {
        organizations(&db).await;
        add_customer(&db, ACME, &customer(100, "JOHN")).await.unwrap();
        let error = add_customer(&db, ACME, &customer(200, "JOHN")).await.unwrap_err();
        assert!(is_unique_violation(&error) && store::constraint(&error).unwrap().contains("ext_customer_ref"), "{error}");
        let twin = domain::customers::Customer { billing_contact: contact(7, Some("user100")), ..customer(300, "JANE") };
        let error = add_customer(&db, ACME, &twin).await.unwrap_err();
        assert!(is_unique_violation(&error) && store::constraint(&error).unwrap().contains("username"), "{error}");
        let mut conn = db.read().await.unwrap();
        assert!(store::customers::find(&mut conn, ACME, CustomerId(300)).await.unwrap().is_none(), "not half of it");
        drop(conn);
        add_customer(&db, RIVAL, &customer(100, "JOHN")).await.expect("unique in its organization");
    }

    async fn balances_are_exact_to_the_bound(db: TestDb) {
        organizations(&db).await;
        let john = customer(100, "JOHN");
        add_customer(&db, ACME, &john).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(store::financials::save(&mut tx, ACME, john.id, &financials()).await.unwrap(), 1);
        assert_eq!(store::financials::get(&mut tx, ACME, john.id).await.unwrap(), financials());
        assert_eq!(store::customers::find(&mut tx, ACME, john.id).await.unwrap().unwrap().financials, financials());
    }

    async fn a_plan_comes_back_with_exact_prices(db: TestDb) {
        organizations(&db).await;
        add_plan(&db, ACME, &plan()).await;
        let mut conn = db.read().await.unwrap();
        same(store::plans::find(&mut conn, ACME, PlanId(300)).await.unwrap(), Some(plan()));
        same(store::plans::find_by_code(&mut conn, ACME, "WHITE-LBL-A").await.unwrap(), Some(plan()));
        assert!(store::plans::find_by_code(&mut conn, ACME, "white-lbl-a").await.unwrap().is_none());
    }

    async fn a_plan_saved_again_keeps_its_ids_and_loses_tiers_that_are_gone(db: TestDb) {
        organizations(&db).await;
        add_plan(&db, ACME, &plan()).await;
        let mut changed = plan();
        changed.id = PlanId(999);
        changed.name = "Other".to_owned();
        changed.charges[0].id = ChargeId(998);
        changed.charges[0].tiers.remove(0);
        changed.charges[0].tiers[0].id = domain::ids::TierId(997);
        add_plan(&db, ACME, &changed).await;
        let mut conn = db.read().await.unwrap();
        let found = store::plans::find_by_code(&mut conn, ACME, "WHITE-LBL-A").await.unwrap().unwrap();
        assert_eq!((found.id, found.name.as_str(), found.charges[0].id), (PlanId(300), "Other", ChargeId(310)));
        let tiers: Vec<(i64, String)> = found.charges[0].tiers.iter().map(|t| (t.id.0, t.price.to_string())).collect();
        assert_eq!(tiers, [(311, "165.00".to_owned())]);
    }

    async fn a_plan_that_changes_stays_what_it_was_for_its_orders(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let version = domain::ids::PlanVersionId(350);
        assert_eq!(store::plan_versions::keep(&mut tx, RIVAL, version, &plan(), now()).await.map_err(drop), Err(()));
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(store::plan_versions::keep(&mut tx, ACME, version, &plan(), now()).await.unwrap(), 1);
        same(store::plan_versions::find(&mut tx, ACME, version).await.unwrap(), Some(plan()));
        same(store::plan_versions::load(&mut tx, ACME, &[version]).await.unwrap().remove(&version), Some(plan()));
        assert!(store::plan_versions::find(&mut tx, RIVAL, version).await.unwrap().is_none());
        let order = store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap().unwrap();
        assert_eq!(order.plan_version, Some(version));
        same(store::plans::of_order(&mut tx, ACME, &order).await.unwrap(), Some(plan()));
        let later = domain::ids::PlanVersionId(351);
        assert_eq!(store::plan_versions::keep(&mut tx, ACME, later, &plan(), now()).await.unwrap(), 0, "it has one");
    }

    async fn plans_are_listed_in_pages_with_their_charges_or_without(db: TestDb) {
        organizations(&db).await;
        add_plan(&db, ACME, &plan()).await;
        let other = domain::plans::Plan {
            id: PlanId(301), charges: Vec::new(), contract_code: "OTHER".to_owned(), ..plan()
        };
        add_plan(&db, ACME, &other).await;
        let mut conn = db.read().await.unwrap();
        let (all, left) = (store::plans::Charges::Included, store::plans::Charges::Left);
        let (plans, total) = store::plans::list(&mut conn, ACME, Page { offset: 0, max: 9 }, all).await.unwrap();
        assert_eq!(total, 2);
        same(plans.iter().map(|it| &it.plan).collect::<Vec<_>>(), [&plan(), &other]);
        assert_eq!((plans[0].created_at, plans[0].updated_at), (now(), now()));
        let (plans, _) = store::plans::list(&mut conn, ACME, Page { offset: 0, max: 1 }, left).await.unwrap();
        assert_eq!((plans.len(), plans[0].plan.charges.len()), (1, 0));
        let (plans, total) = store::plans::list(&mut conn, ACME, Page { offset: 2, max: 9 }, all).await.unwrap();
        assert_eq!((plans.len(), total), (0, 2));
        assert_eq!(store::plans::list(&mut conn, RIVAL, Page { offset: 0, max: 9 }, all).await.unwrap().1, 0);
        same(store::plans::find_product(&mut conn, ACME, "Hosting").await.unwrap(), Some(product()));
    }

    async fn an_order_comes_back_with_its_lines_and_invoices(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let mut expected = order(john);
        expected.invoices = vec![InvoiceId(500)];
        same(store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap(), Some(expected.clone()));
        same(store::orders::find_numbered(&mut tx, ACME, &expected.number).await.unwrap(), Some(expected.clone()));
        assert!(store::orders::number_exists(&mut tx, ACME, "1007").await.unwrap());
        expected.status = domain::orders::OrderStatus::Complete;
        expected.next_billable_on = None;
        expected.billed_until = Date::new(2012, 3, 20);
        expected.end_on = None;
        expected.pauses.pop();
        expected.lifetime_value = Amount(6050);
        expected.lines[0].lifetime_value = Amount(6049);
        expected.updated_at = at("2012-01-01T00:00:00Z");
        store::orders::save(&mut tx, ACME, &expected).await.unwrap();
        same(store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap(), Some(expected));
    }

    async fn orders_are_billable_on_their_day_while_their_customer_is(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let day = Date::new(2012, 2, 29);
        assert_eq!(store::orders::next_billable_on(&mut tx, ACME).await.unwrap(), Some(day));
        assert_eq!(store::orders::billable(&mut tx, ACME, day.previous(), CustomerId(0), 9).await.unwrap(), []);
        assert_eq!(store::orders::billable(&mut tx, ACME, day, CustomerId(0), 9).await.unwrap(), [(CustomerId(100), OrderId(400))]);
        assert_eq!(store::orders::next_billable_on(&mut tx, RIVAL).await.unwrap(), None);
        let mut suspended = order(CustomerId(100));
        suspended.status = domain::orders::OrderStatus::Suspended;
        store::orders::save(&mut tx, ACME, &suspended).await.unwrap();
        assert_eq!(store::orders::next_billable_on(&mut tx, ACME).await.unwrap(), None);
        assert_eq!(store::orders::billable(&mut tx, ACME, day, CustomerId(0), 9).await.unwrap(), []);
    }

    async fn an_invoice_comes_back_with_lines_and_charges(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut conn = db.read().await.unwrap();
        let full = store::invoices::full(&mut conn, ACME, InvoiceId(500)).await.unwrap().unwrap();
        same(&full.head, invoice(500, "1019", john));
        same(&full.lines, [line(510, Date::new(2011, 9, 20)).1]);
        assert_eq!(full.orders, [OrderId(400)]);
        assert!(full.allocations.is_empty(), "what is reserved is not applied");
        assert_eq!(store::invoices::find_id(&mut conn, ACME, "1019").await.unwrap(), Some(InvoiceId(500)));
        same(store::invoices::full_numbered(&mut conn, ACME, "1019").await.unwrap(), Some(full));
        assert!(store::invoices::full_numbered(&mut conn, ACME, "1020").await.unwrap().is_none());
        assert!(store::payments::applied_to(&mut conn, ACME, InvoiceId(500)).await.unwrap().is_empty());
    }

    async fn the_same_period_of_an_order_line_cannot_be_stored_twice(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let again = db.transact(async |tx: &mut Tx| {
            let again = new_invoice(&invoice(700, "1020", john), line(710, Date::new(2011, 9, 20)));
            store::invoices::insert(tx, ACME, &again).await
        }).await.unwrap_err();
        assert!(is_unique_violation(&again), "{again}");
        db.transact(async |tx: &mut Tx| {
            let next = new_invoice(&invoice(800, "1020", john), line(810, Date::new(2011, 10, 1)));
            store::invoices::insert(tx, ACME, &next).await
        }).await.unwrap();
    }

    async fn a_charge_has_its_line_and_a_line_with_charges_stays(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        for refused in [
            "INSERT INTO invoice_charges (org_id, id, invoice_id, line_id, position, text, kind, period_start, period_end,
                quantity, unit_price, amount, explanation, is_live)
             SELECT org_id, 999, invoice_id, 999, position, text, kind, period_start, period_end, quantity, unit_price,
                amount, explanation, FALSE FROM invoice_charges WHERE invoice_id = 500",
            "DELETE FROM invoice_lines WHERE invoice_id = 500",
        ] {
            let mut tx = db.begin().await.unwrap();
            let error = tx.build(refused).build().execute().await.unwrap_err();
            assert!(store::is_foreign_key_violation(&error), "{error}");
        }
    }

    async fn a_line_has_its_invoice_and_its_order_and_these_stay(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        macro_rules! line {
            ($id:literal, $invoice:literal, $order:literal) => {
                concat!(
                    "INSERT INTO invoice_lines (org_id, id, invoice_id, position, order_id, text, period_start, period_end)
                     SELECT org_id, ", $id, ", ", $invoice, ", ", $id, ", ", $order, ", text, period_start, period_end
                     FROM invoice_lines WHERE invoice_id = 500 ORDER BY id LIMIT 1"
                )
            };
        }
        let mut tx = db.begin().await.unwrap();
        for good in [line!("998", "500", "NULL"), line!("999", "500", "order_id")] {
            assert_eq!(tx.build(good).build().execute().await.unwrap(), 1);
        }
        drop(tx);
        // The last one is refused where what comes before is not.
        for refused in [
            &[line!("999", "999", "NULL")][..],
            &[line!("999", "500", "999")],
            &[
                "DELETE FROM allocations WHERE invoice_id = 500",
                "DELETE FROM ledger_entries WHERE invoice_id = 500",
                "UPDATE activities SET invoice_id = NULL WHERE invoice_id = 500",
                "DELETE FROM invoices WHERE id = 500",
            ],
            &[
                "DELETE FROM activities WHERE order_id IN (SELECT order_id FROM invoice_lines)",
                "DELETE FROM uninvoiced_charges WHERE order_id IN (SELECT order_id FROM invoice_lines)",
                "DELETE FROM order_lines WHERE order_id IN (SELECT order_id FROM invoice_lines)",
                "DELETE FROM orders WHERE id IN (SELECT order_id FROM invoice_lines)",
            ],
        ] {
            let mut tx = db.begin().await.unwrap();
            let mut done = Ok(0);
            for sql in refused {
                if done.is_ok() {
                    done = tx.build(sql).build().execute().await;
                }
            }
            let error = done.unwrap_err();
            assert!(store::is_foreign_key_violation(&error), "{error}");
        }
    }

    async fn no_more_than_its_total_can_be_stored_as_paid_of_an_invoice(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        for (applied, reserved) in [(6050, 1), (6051, 0), (-1, 0), (0, -1)] {
            let bad = domain::invoices::Invoice {
                applied: Amount(applied), reserved: Amount(reserved), ..invoice(500, "1019", john)
            };
            let mut tx = db.begin().await.unwrap();
            assert!(store::invoices::save(&mut tx, ACME, &bad, now()).await.is_err(), "{applied} {reserved}");
        }
    }

    async fn invoices_are_listed_newest_first_and_the_open_ones_by_their_due_date(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        for (id, day, due, status) in [
            (700, 21, 5, InvoiceStatus::Outstanding),
            (800, 22, 7, InvoiceStatus::Paid),
            (900, 19, 6, InvoiceStatus::Outstanding),
        ] {
            let head = domain::invoices::Invoice {
                invoiced_on: Date::new(2011, 9, day), due_on: Date::new(2011, 10, due), status,
                ..invoice(id, &id.to_string(), john)
            };
            let new = new_invoice(&head, line(id + 1, Date::new(2012, 1, day)));
            store::invoices::insert(&mut tx, ACME, &new).await.unwrap();
        }
        let ids = |invoices: Vec<domain::invoices::Invoice>| invoices.iter().map(|i| i.id.0).collect::<Vec<_>>();
        let open = store::invoices::open(&mut tx, ACME, john).await.unwrap();
        assert_eq!(ids(open), [700, 900, 500]);
        let (page, total) = store::invoices::list(&mut tx, ACME, john, Page { offset: 1, max: 2 }).await.unwrap();
        assert_eq!((ids(page), total), (vec![700, 500], 4));
    }

    async fn a_payment_comes_back_and_ends_once(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        same(store::payments::find(&mut tx, ACME, PaymentId(600)).await.unwrap(), Some(payment(600, "1001", john)));
        assert_eq!(store::payments::find_id(&mut tx, ACME, "1001").await.unwrap(), Some(PaymentId(600)));
        let full = store::payments::full(&mut tx, ACME, PaymentId(600)).await.unwrap();
        same(store::payments::full_numbered(&mut tx, ACME, "1001").await.unwrap(), full);
        let settled = Payment { status: PaymentStatus::Paid, balance: Amount(5050), ..payment(600, "1001", john) };
        assert_eq!(store::payments::settle(&mut tx, ACME, &settled).await.unwrap(), 1);
        let again = Payment { status: PaymentStatus::Declined, ..settled.clone() };
        assert_eq!(store::payments::settle(&mut tx, ACME, &again).await.unwrap(), 0, "another was first");
        same(store::payments::find(&mut tx, ACME, PaymentId(600)).await.unwrap(), Some(settled));
        let (page, total) = store::payments::list(&mut tx, ACME, john, Page { offset: 0, max: 9 }).await.unwrap();
        assert_eq!((page.len(), total), (1, 1));
    }

    async fn what_is_held_is_applied_or_released_as_a_whole(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        for (held, applied) in [(Held::Applied, 1), (Held::Released, 0)] {
            let mut tx = db.begin().await.unwrap();
            let parts = store::allocations::resolve(&mut tx, ACME, PaymentId(600), held).await.unwrap();
            assert_eq!((parts.len(), parts[0].amount, parts[0].balance), (1, Amount(1000), Amount(5050)));
            assert!(store::allocations::resolve(&mut tx, ACME, PaymentId(600), held).await.unwrap().is_empty());
            let full = store::payments::full(&mut tx, ACME, PaymentId(600)).await.unwrap().unwrap();
            assert_eq!(full.allocations.len(), applied);
            assert_eq!(store::allocations::applied_to(&mut tx, ACME, InvoiceId(500)).await.unwrap().len(), applied);
        }
    }

    async fn a_processors_answer_comes_back_and_there_is_one(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        let answer = Answer {
            verdict: Verdict::Declined,
            transaction_id: "T".to_owned(),
            approval_code: "A".to_owned(),
            status_message: crate::samples::UNICODE.to_owned(),
            error_code: "51".to_owned(),
            error_message: "no money".to_owned(),
            avs: Match::Yes,
            cvv: Match::No,
            response_time_ms: 321,
        };
        let result = ProcessorResult { id: ProcessorResultId(620), request: RequestKind::Sale, answer, created_at: now() };
        let mut tx = db.begin().await.unwrap();
        store::processor_results::insert(&mut tx, ACME, PaymentId(600), &result).await.unwrap();
        let full = store::payments::full(&mut tx, ACME, PaymentId(600)).await.unwrap().unwrap();
        assert_eq!(full.result.as_ref(), Some(&result));
        let other = ProcessorResult { id: ProcessorResultId(621), ..result };
        assert!(is_unique_violation(&store::processor_results::insert(&mut tx, ACME, PaymentId(600), &other).await.unwrap_err()));
    }

    async fn the_test_processor_remembers_the_first_answer_of_a_key(db: TestDb) {
        organizations(&db).await;
        let answer = |verdict| Answer {
            verdict, transaction_id: "T".to_owned(), approval_code: String::new(), status_message: String::new(),
            error_code: String::new(), error_message: String::new(), avs: Match::Unsupported, cvv: Match::Unsupported,
            response_time_ms: 0,
        };
        let request = |key| store::test_processor::Request {
            key,
            kind: RequestKind::Sale,
            amount: Amount(6050),
            currency: "USD".parse().unwrap(),
            today: Date::new(2011, 9, 20),
            gives_back: None,
        };
        let mut tx = db.begin().await.unwrap();
        for (key, verdict, new) in [("a", Verdict::Approved, 1), ("a", Verdict::Declined, 0), ("b", Verdict::Declined, 1)] {
            let inserted = store::test_processor::insert(&mut tx, ACME, request(key), &answer(verdict), now()).await;
            assert_eq!(inserted.unwrap(), new);
        }
        let found = store::test_processor::find(&mut tx, ACME, "a").await.unwrap().unwrap();
        assert_eq!(found, answer(Verdict::Approved));
        assert_eq!(store::test_processor::find(&mut tx, RIVAL, "a").await.unwrap(), None);
        assert_eq!(store::test_processor::charged(&mut tx, ACME).await.unwrap(), Amount(6050));
    }

    async fn the_test_processor_knows_what_of_a_sale_was_given_back(db: TestDb) {
        organizations(&db).await;
        let answer = |transaction: &str| Answer {
            verdict: Verdict::Approved, transaction_id: transaction.to_owned(), approval_code: String::new(),
            status_message: String::new(), error_code: String::new(), error_message: String::new(),
            avs: Match::Unsupported, cvv: Match::Unsupported, response_time_ms: 0,
        };
        let (currency, today) = ("USD".parse().unwrap(), Date::new(2011, 9, 20));
        let request = |key, amount, kind, gives_back| store::test_processor::Request {
            key, kind, amount: Amount(amount), currency, today, gives_back,
        };
        let mut tx = db.begin().await.unwrap();
        for (transaction, request) in [
            ("T", request("a", 6050, RequestKind::Sale, None)),
            ("U", request("b", 1000, RequestKind::Refund, Some("T"))),
            ("V", request("c", 2000, RequestKind::Sale, None)),
        ] {
            store::test_processor::insert(&mut tx, ACME, request, &answer(transaction), now()).await.unwrap();
        }
        let sale = store::test_processor::hold_sale(&mut tx, ACME, "T").await.unwrap().unwrap();
        let expected = store::test_processor::Sale {
            amount: Amount(6050), currency, charged_on: Some(today), given_back: Amount(1000),
        };
        assert_eq!(sale, expected);
        for (org, transaction) in [(ACME, "U"), (ACME, "W"), (RIVAL, "T")] {
            assert_eq!(store::test_processor::hold_sale(&mut tx, org, transaction).await.unwrap(), None);
        }
        assert_eq!(store::test_processor::charged(&mut tx, ACME).await.unwrap(), Amount(7050));
    }

    async fn the_account_with_a_processor_comes_back_and_the_processor_stays_chosen(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        let account = |processor, sealed: &str| store::processor_accounts::Account {
            processor, url: "https://pay.example".to_owned(), credentials_sealed: sealed.to_owned(),
        };
        for (processor, sealed) in
            [(Processor::Stripe, "one"), (Processor::AuthorizeNet, "two"), (Processor::Stripe, "three")]
        {
            store::processor_accounts::save(&mut tx, ACME, &account(processor, sealed)).await.unwrap();
        }
        let (stripe, other) = (account(Processor::Stripe, "three"), account(Processor::AuthorizeNet, "two"));
        assert_eq!(store::processor_accounts::list(&mut tx, ACME).await.unwrap(), [other, stripe.clone()]);
        assert_eq!(store::processor_accounts::find(&mut tx, RIVAL, Processor::Stripe).await.unwrap(), None);
        for (old, replaced) in [("three", 1), ("three", 0)] {
            let old = account(Processor::Stripe, old);
            let changed = store::processor_accounts::replace_credentials(&mut tx, ACME, &old, "four").await;
            assert_eq!(changed.unwrap(), replaced);
        }
        let id = domain::ids::OrganizationId(3);
        let live = domain::organizations::Organization {
            mode: Mode::Live, processor: Some(Processor::Stripe), subdomain: "live".to_owned(), ..organization(id)
        };
        store::organizations::insert(&mut tx, &live, &settings(), now()).await.unwrap();
        let unnamed = domain::organizations::Organization { processor: None, ..live };
        store::organizations::save(&mut tx, &unnamed, &settings(), now()).await.unwrap();
        let saved = store::organizations::get(&mut tx, id).await.unwrap().processor;
        assert_eq!((saved, organization(ACME).processor), (Some(Processor::Stripe), Some(Processor::Test)));
    }

    async fn the_ledger_adds_up_by_account_and_to_zero_in_all(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let posting = |payment| Posting {
            customer: john, invoice: None, payment, booked_on: Date::new(2011, 9, 20), now: now()
        };
        let bound = Amount(99_999_999_999_999);
        let invoiced = ledger::invoiced(bound).map(|entry| (posting(None), entry));
        let paid = ledger::paid(Amount(50)).map(|entry| (posting(Some(PaymentId(600))), entry));
        let row = |(id, (of, entry))| store::ledger::Row { id, of, entry };
        let rows: Vec<_> = (900..).zip(invoiced.into_iter().chain(paid)).map(row).collect();
        assert_eq!(store::ledger::post(&mut tx, ACME, &rows).await.unwrap(), 4);
        for (account, balance) in [
            (Account::Receivable, bound - Amount(50)), (Account::Revenue, -bound), (Account::Cash, Amount(50)),
        ] {
            assert_eq!(store::ledger::balance(&mut tx, ACME, john, account).await.unwrap(), balance);
            assert_eq!(store::ledger::balance(&mut tx, RIVAL, john, account).await.unwrap(), Amount::ZERO);
        }
        assert_eq!(store::ledger::sum(&mut tx, ACME).await.unwrap(), Amount::ZERO);
    }

    async fn a_staff_member_comes_back_and_every_change_is_seen(db: TestDb) {
        organizations(&db).await;
        let new = NewStaff {
            id: StaffId(50), username: "ünï".to_owned(), password_hash: "$1".to_owned(), role: Role::Api,
            email: Some("a@b.c".to_owned()),
        };
        let mut tx = db.begin().await.unwrap();
        assert_eq!(store::staff::changed_at(&mut tx, ACME).await.unwrap(), None);
        store::staff::insert(&mut tx, ACME, &new, now()).await.unwrap();
        assert_eq!(store::staff::changed_at(&mut tx, ACME).await.unwrap(), Some(now()));
        let until = at("2026-01-01T00:15:00Z");
        let attempts = Attempts { failed: 3, locked_until: Some(until) };
        let later = now().add_seconds(1);
        store::staff::record_attempts(&mut tx, ACME, new.id, attempts).await.unwrap();
        assert_eq!(store::staff::changed_at(&mut tx, ACME).await.unwrap(), Some(now()));
        store::staff::touch(&mut tx, ACME, new.id, later).await.unwrap();
        assert_eq!(store::staff::changed_at(&mut tx, ACME).await.unwrap(), Some(later));
        let found = store::staff::find(&mut tx, ACME, "ünï").await.unwrap().unwrap();
        assert_eq!((found.failed_logins, found.locked_until, found.role), (3, Some(until), Role::Api));
        let locked = store::staff::lock_attempts(&mut tx, ACME, new.id).await.unwrap();
        assert_eq!((locked.failed, locked.locked_until), (3, Some(until)));
        let changed = NewStaff { role: Role::Admin, password_hash: "$2".to_owned(), email: None, ..new };
        store::staff::save(&mut tx, ACME, &changed, later.add_seconds(1)).await.unwrap();
        let found = store::staff::find(&mut tx, ACME, "ünï").await.unwrap().unwrap();
        assert_eq!((found.password_hash.as_str(), found.role, found.email), ("$2", Role::Admin, None));
        assert_eq!((found.failed_logins, found.locked_until), (0, None), "a new password lifts the lock");
        assert_eq!(store::staff::changed_at(&mut tx, ACME).await.unwrap(), Some(later.add_seconds(1)));
    }

    async fn a_contacts_attempts_are_kept(db: TestDb) {
        organizations(&db).await;
        let john = customer(100, "JOHN");
        add_customer(&db, ACME, &john).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let attempts = Attempts { failed: 4, locked_until: Some(now()) };
        store::customers::record_attempts(&mut tx, ACME, john.billing_contact.id, attempts).await.unwrap();
        let found = store::customers::find_credentials(&mut tx, ACME, "user100").await.unwrap().unwrap();
        assert_eq!((found.failed_logins, found.locked_until), (4, Some(now())));
        let locked = store::customers::lock_attempts(&mut tx, ACME, john.billing_contact.id).await.unwrap();
        assert_eq!((locked.failed, locked.locked_until), (4, Some(now())));
    }

    async fn the_planner_learns_how_large_the_tables_of_billing_are(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        store::runs::learn_sizes(&db).await.unwrap();
        if db.engine() == store::Engine::Postgres {
            let size = dbx::Sql::new("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('invoices' AS regclass)");
            let known: i64 = db.read().await.unwrap().query(size).scalar().await.unwrap();
            assert!(known > 0, "{known}");
        }
    }

    async fn events_audit_rules_and_callbacks_are_stored(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        for (id, event_type) in (900..).zip(EventType::ALL) {
            let event = store::events::Event { id: EventId(id), event_type: *event_type, customer: john, object: 1 };
            assert_eq!(store::events::insert(&mut tx, ACME, event, now()).await.unwrap(), 1);
        }
        let record = store::audit::Record { actor: "a", action: "locked", object: "staff 1" };
        assert_eq!(store::audit::insert(&mut tx, ACME, 999, &record, now()).await.unwrap(), 1);
        let rule = |status, min_amount: Option<&str>| domain::dunning::OverdueRule {
            group: domain::dunning::CustomerGroup::Businesses,
            days_late: 15,
            status,
            is_enabled: min_amount.is_none(),
            min_amount: min_amount.map(|amount| amount.parse().unwrap()),
            min_invoices: min_amount.map(|_| 2),
            message: min_amount.map(str::to_owned),
        };
        for rule in [rule(CustomerStatus::Overdue1, None), rule(CustomerStatus::Overdue2, Some("10.50"))] {
            assert_eq!(store::dunning::save_rule(&mut tx, ACME, &rule).await.unwrap(), 1);
            assert_eq!(store::dunning::rules(&mut tx, ACME).await.unwrap(), [rule]);
        }
        let url = "https://a.example/hook";
        for (id, secret) in [(70, None), (71, Some("sealed"))] {
            let secret_sealed = secret.map(str::to_owned);
            let callback = store::organizations::Callback { id, url: url.to_owned(), secret_sealed, events: "e".to_owned() };
            store::organizations::save_callback(&mut tx, ACME, &callback).await.unwrap();
        }
        let found = store::organizations::find_callback(&mut tx, ACME, url).await.unwrap().unwrap();
        assert_eq!((found.id, found.secret_sealed.as_deref()), (70, Some("sealed")), "the same one, changed");
        assert!(store::organizations::find_callback(&mut tx, RIVAL, url).await.unwrap().is_none());
    }
}
