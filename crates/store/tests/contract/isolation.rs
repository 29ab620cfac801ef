//! What belongs to another organization does not exist: the same id, number or name asked from there finds nothing,
//! and changes nothing.

use domain::ids::{CustomerId, InvoiceId, OrderId, PaymentId, PlanId};
use domain::money::Amount;
use domain::payments::PaymentStatus;
use store::allocations::Held;
use store::staff::Attempts;
use store::{Page, is_unique_violation};
use testkit::dump::{differences, dump};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{
    ACME, RIVAL, add_customer, customer, everything, financials, invoice, line, new_invoice, now, order, organizations,
    payment,
};

const ALL: Page = Page { offset: 0, max: 99 };

on_both! {
    async fn nothing_of_another_organization_is_found(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut conn = db.read().await.unwrap();
        let conn = &mut conn;
        assert!(store::customers::find(conn, RIVAL, john).await.unwrap().is_none());
        assert!(store::customers::find_id(conn, RIVAL, "JOHN").await.unwrap().is_none());
        assert!(store::customer_find::get(conn, RIVAL, john).await.unwrap().is_none());
        let anybody = store::customer_find::Criteria::default();
        assert_eq!(store::customer_find::find(conn, ACME, &anybody, ALL).await.unwrap().len(), 1);
        assert!(store::customer_find::find(conn, RIVAL, &anybody, ALL).await.unwrap().is_empty());
        assert!(!store::customers::username_exists(conn, RIVAL, "user100").await.unwrap());
        assert!(store::customers::find_credentials(conn, RIVAL, "user100").await.unwrap().is_none());
        assert!(store::financials::get(conn, RIVAL, john).await.is_err());
        assert!(store::plans::find(conn, RIVAL, PlanId(300)).await.unwrap().is_none());
        assert!(store::plans::find_by_code(conn, RIVAL, "WHITE-LBL-A").await.unwrap().is_none());
        assert!(store::orders::find(conn, RIVAL, OrderId(400)).await.unwrap().is_none());
        assert!(!store::orders::number_exists(conn, RIVAL, "1007").await.unwrap());
        assert!(store::invoices::full(conn, RIVAL, InvoiceId(500)).await.unwrap().is_none());
        assert!(store::invoices::find_id(conn, RIVAL, "1019").await.unwrap().is_none());
        assert!(store::invoices::full_numbered(conn, RIVAL, "1019").await.unwrap().is_none());
        assert!(store::orders::find_numbered(conn, RIVAL, "1007").await.unwrap().is_none());
        assert!(store::payments::full_numbered(conn, RIVAL, "1001").await.unwrap().is_none());
        assert!(store::payments::applied_to(conn, RIVAL, InvoiceId(500)).await.unwrap().is_empty());
        assert!(store::payments::reversal_number(conn, RIVAL, PaymentId(600)).await.unwrap().is_none());
        assert!(store::invoices::open(conn, RIVAL, john).await.unwrap().is_empty());
        assert_eq!(store::invoices::list(conn, RIVAL, john, ALL).await.unwrap().1, 0);
        assert!(store::payments::full(conn, RIVAL, PaymentId(600)).await.unwrap().is_none());
        assert!(store::payments::find_id(conn, RIVAL, "1001").await.unwrap().is_none());
        assert_eq!(store::payments::list(conn, RIVAL, john, ALL).await.unwrap().1, 0);
        assert!(store::allocations::applied_to(conn, RIVAL, InvoiceId(500)).await.unwrap().is_empty());
    }

    async fn nothing_of_another_organization_is_changed(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let before = dump(&db, &[]).await;
        let mut tx = db.begin().await.unwrap();
        let tx_ref = &mut tx;
        assert!(!store::customers::lock(tx_ref, RIVAL, john).await.unwrap());
        assert_eq!(store::customer_find::set_account(tx_ref, RIVAL, john, 7).await.unwrap(), 0);
        assert_eq!(store::financials::save(tx_ref, RIVAL, john, &financials()).await.unwrap(), 0);
        store::orders::save(tx_ref, RIVAL, &domain::orders::Order { lifetime_value: Amount(1), ..order(john) }).await.unwrap();
        let paid = domain::invoices::Invoice { applied: Amount(0), ..invoice(500, "1019", john) };
        assert_eq!(store::invoices::save(tx_ref, RIVAL, &paid, now()).await.unwrap(), 0);
        let settled = domain::payments::Payment { status: PaymentStatus::Paid, ..payment(600, "1001", john) };
        assert_eq!(store::payments::settle(tx_ref, RIVAL, &settled).await.unwrap(), 0);
        assert!(store::allocations::resolve(tx_ref, RIVAL, PaymentId(600), Held::Applied).await.unwrap().is_empty());
        let contact = customer(100, "JOHN").billing_contact.id;
        let attempts = Attempts { failed: 9, locked_until: None };
        assert_eq!(store::customers::record_attempts(tx_ref, RIVAL, contact, attempts).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(differences(&before, &dump(&db, &[]).await), Vec::<String>::new());
    }

    async fn no_row_can_refer_to_one_of_another_organization(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let head = invoice(900, "1", john);
        let new = new_invoice(&head, line(910, domain::dates::Date::new(2012, 1, 1)));
        assert!(store::invoices::insert(&mut tx, RIVAL, &new).await.is_err());
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert!(store::payments::insert(&mut tx, RIVAL, &payment(900, "1", john)).await.is_err());
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert!(store::orders::insert(&mut tx, RIVAL, &order(CustomerId(100))).await.is_err());
    }

    async fn both_organizations_may_use_the_same_names_and_numbers(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        everything(&db, RIVAL).await;
        let twice = add_customer(&db, RIVAL, &customer(101, "JOHN")).await;
        assert!(is_unique_violation(&twice.unwrap_err()));
    }
}
