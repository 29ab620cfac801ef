//! What orders owe becomes invoices, credits and processed usage; whoever ordered a plan keeps its price.

use billing::orders::Invoicing;
use domain::customers::NewCustomer;
use domain::dates::Date;
use domain::ids::{ActivityId, CustomerId, OrderId};
use domain::invoices::InvoiceStatus;
use domain::ledger::Account;
use domain::money::Amount;
use domain::orders::{NewOrder, Order, OrderStatus};
use domain::usage::Activity;
use store::activities::NewActivity;
use testkit::dump::dump;
use testkit::organization::ACME;
use testkit::scene::{amount_by_card, new_customer, new_order};
use testkit::{Scene, scenes};

use crate::refusal;

/// Plans that need no other; a charge of each kind.
const PLANS: &str = r#"
[[organization.plan]]
contract_code = "METERED"
name = "Metered"
billing_period = "Monthly"
[[organization.plan.charge]]
price_code = "CALLS"
charge_type = "UsageCharge"
pricing_type = "VolumePricing"
tiers = [ { units_from = 0, units_to = 10, price = "5.00" }, { units_from = 11, price = "1.00" } ]
[[organization.plan.charge]]
price_code = "FREE"
charge_type = "UsageCharge"
price = "0"

[[organization.plan]]
contract_code = "TAXED"
name = "Taxed"
billing_period = "Monthly"
[[organization.plan.charge]]
price_code = "FEE"
charge_type = "RecurringCharge"
price = "100.00"
[[organization.plan.charge]]
price_code = "SETUP"
charge_type = "OneTimeCharge"
price = "20.00"
is_separate_invoice = true
[[organization.plan.charge]]
price_code = "VAT"
charge_type = "RecurringCharge"
percent = "19"
is_tax = true

[[organization.plan]]
contract_code = "ABROAD"
name = "Abroad"
billing_period = "Monthly"
[[organization.plan.charge]]
price_code = "FEE"
charge_type = "RecurringCharge"
prices = { USD = "10.00", EUR = "9.00" }

[[organization.plan]]
contract_code = "DEAR"
name = "Dear"
billing_period = "Monthly"
[[organization.plan.charge]]
price_code = "FEE"
charge_type = "RecurringCharge"
price = "999999999999.99"
"#;

/// The seed of acme with these plans, in two currencies.
fn seed() -> String {
    let two = ACME.replacen("currency = \"USD\"", "currency = \"USD\"\ncurrencies = [\"USD\", \"EUR\"]", 1);
    two.replacen("[[organization.overdue_rule]]", &format!("{PLANS}\n[[organization.overdue_rule]]"), 1)
}

async fn order(scene: &Scene, customer: CustomerId, new: NewOrder) -> Order {
    scene.place(customer, new, Invoicing::Now).await.unwrap().order
}

/// Usage of the order's only line of that code.
async fn used(scene: &Scene, of: &Order, code: &str, usage: &[(&str, Date)]) {
    let line = of.lines.iter().find(|line| line.price_code == code).unwrap().id;
    let is_late = find(scene, of.id).await.next_billable_on.is_none();
    let mut new = Vec::new();
    for (quantity, charged_on) in usage {
        let id = ActivityId(900_000_000 + i64::try_from(count(scene, "activities").await + new.len()).unwrap());
        let quantity = quantity.parse().unwrap();
        let activity = Activity { id, order_line: line, quantity, charged_on: *charged_on, charge_ended_on: None };
        let (customer, order) = (of.customer, of.id);
        new.push(NewActivity { activity, batch: None, customer, order, ext_ref_id: None, invoice_text: None, is_late });
    }
    let mut tx = scene.db.begin().await.unwrap();
    store::activities::insert(&mut tx, scene.org, &new, testkit::clock::timestamp("2011-09-20T12:00:00Z"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn find(scene: &Scene, id: OrderId) -> Order {
    let mut conn = scene.db.read().await.unwrap();
    store::orders::find(&mut conn, scene.org, id).await.unwrap().unwrap()
}

async fn totals(scene: &Scene, customer: CustomerId) -> Vec<i64> {
    scene.invoices(customer).await.into_iter().map(|invoice| invoice.head.total.0).collect()
}

async fn count(scene: &Scene, table: &str) -> usize {
    dump(&scene.db, &[]).await[table].len()
}

/// (quantity, unit price, amount) of processed activities, in their order.
async fn processed(scene: &Scene) -> Vec<String> {
    let mut conn = scene.db.read().await.unwrap();
    let sql = "SELECT CAST(quantity AS TEXT) || ' at ' || CAST(unit_price AS TEXT) || ' is ' || CAST(amount AS TEXT)
        FROM activities WHERE status = 'Processed' ORDER BY id";
    let rows: Vec<(String,)> = conn.query(dbx::Sql::new(sql)).fetch_all().await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

const fn day(month: i8, day: i8) -> Date {
    Date::new(2011, month, day)
}

scenes! {
    async fn usage_is_billed_with_the_next_period_and_what_comes_late_for_the_difference(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let of = order(&scene, john, new_order("WHITE-LBL-A", &[("PAGES", "1")])).await;
        used(&scene, &of, "PAGES", &[("99", day(9, 25)), ("3", day(9, 30)), ("7", day(10, 1))]).await;
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, john).await, [6050, 16830], "2 of 102 pages cost 1.65");
        assert_eq!(processed(&scene).await, ["99 at 0 is 0", "3 at 1.1 is 330"]);
        used(&scene, &of, "PAGES", &[("10", day(9, 28))]).await;
        scene.advance("2011-11-01T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, john).await, [6050, 16830, 18150], "10 more of September; 7 of October are included");
        assert_eq!(processed(&scene).await.len(), 4);
        scene.check().await;
    }

    async fn what_is_given_back_is_a_credit_that_pays_open_invoices(scene: Scene) {
        scene.seed(&seed()).await.unwrap();
        let john = scene.customer("JOHN").await;
        let new = NewOrder { end_on: Some(day(10, 19)), ..new_order("METERED", &[("CALLS", "1")]) };
        let of = order(&scene, john, new).await;
        used(&scene, &of, "CALLS", &[("10", day(9, 25))]).await;
        scene.advance("2011-10-20T00:00:00Z").await.unwrap();
        assert_eq!((totals(&scene, john).await, find(&scene, of.id).await.status), (vec![5000], OrderStatus::Complete));
        used(&scene, &of, "CALLS", &[("1", day(9, 26))]).await;
        scene.advance("2011-10-21T00:00:00Z").await.unwrap();
        let invoice = scene.invoices(john).await.remove(0);
        assert_eq!((invoice.head.status, invoice.head.applied), (InvoiceStatus::Outstanding, Amount(3900)), "11 × 1.00");
        assert_eq!(scene.balance(john).await, Amount(1100));
        let payments = dump(&scene.db, &["id", "org_id"]).await;
        assert_eq!((payments["payments"].len(), payments["uninvoiced_charges"].len()), (1, 1));
        assert!(payments["payments"][0].contains("|Paid|Credit|Credit|"), "{:?}", payments["payments"]);
        assert_eq!(payments["processor_results"].len(), 0);
        scene.check().await;
        scene.advance("2011-12-01T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, john).await, [5000], "and nothing follows");
        scene.check().await;
    }

    async fn usage_that_costs_nothing_is_processed_without_an_invoice(scene: Scene) {
        scene.seed(&seed()).await.unwrap();
        let john = scene.customer("JOHN").await;
        let of = order(&scene, john, new_order("METERED", &[("FREE", "1")])).await;
        used(&scene, &of, "FREE", &[("5", day(9, 25))]).await;
        scene.advance("2011-10-20T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, john).await, Vec::<i64>::new());
        assert_eq!(processed(&scene).await, ["5 at 0 is 0"]);
        scene.check().await;
    }

    async fn a_tax_is_booked_apart_and_what_wants_its_own_invoice_has_one(scene: Scene) {
        scene.seed(&seed()).await.unwrap();
        let john = scene.customer("JOHN").await;
        order(&scene, john, new_order("TAXED", &[("FEE", "1"), ("SETUP", "1"), ("VAT", "1")])).await;
        let invoices = scene.invoices(john).await;
        let shown: Vec<_> = invoices.iter().map(|it| (it.head.number.as_str(), it.head.total.0)).collect();
        assert_eq!(shown, [("1019", 11_900), ("1020", 2_380)]);
        assert_eq!(invoices[1].head.previous_balance, Amount(11_900));
        let vat = &invoices[0].lines[0].charges[1];
        assert_eq!((vat.is_percent, vat.tax, vat.kind.as_str()), (true, Amount(1_900), "Tax"));
        let mut conn = scene.db.read().await.unwrap();
        for (account, balance) in [(Account::Tax, -2_280), (Account::Revenue, -12_000), (Account::Receivable, 14_280)] {
            let booked = store::ledger::balance(&mut conn, scene.org, john, account).await.unwrap();
            assert_eq!(booked, Amount(balance), "{account}");
        }
        drop(conn);
        scene.check().await;
    }

    async fn a_customer_is_billed_in_its_own_currency_where_the_plan_has_it(scene: Scene) {
        scene.seed(&seed()).await.unwrap();
        let new = NewCustomer { currency: Some("EUR".parse().unwrap()), ..new_customer("PIERRE") };
        let pierre = scene.create(scene.org, new).await.unwrap();
        order(&scene, pierre, new_order("ABROAD", &[("FEE", "1")])).await;
        let invoice = scene.invoices(pierre).await.remove(0);
        assert_eq!((invoice.head.currency.code(), invoice.head.total), ("EUR", Amount(900)));
        let refused = scene.place(pierre, new_order("WHITE-LBL-A", &[]), Invoicing::Now).await;
        assert!(refusal(refused).contains("no prices in EUR"));
        scene.check().await;
    }

    async fn an_order_keeps_the_price_it_was_sold_at(scene: Scene) {
        let [john, jane] = [scene.customer("JOHN").await, scene.customer("JANE").await];
        let sold = order(&scene, john, new_order("WHITE-LBL-A", &[])).await;
        let dearer = ACME.replace("price = \"165.00\"", "price = \"170.00\"");
        scene.seed(&ACME.replace("White label A", "White label B")).await.unwrap();
        assert_eq!(count(&scene, "plan_versions").await, 0, "a name bills nothing");
        for _ in 0..2 {
            scene.seed(&dearer).await.unwrap();
        }
        assert_eq!(count(&scene, "plan_versions").await, 1, "once");
        let new = order(&scene, jane, new_order("WHITE-LBL-A", &[])).await;
        assert!(find(&scene, sold.id).await.plan_version.is_some() && new.plan_version.is_none());
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, john).await, [6050, 16500]);
        assert_eq!(totals(&scene, jane).await, [6233, 17000], "170 × 11/30 = 62.333…");
        scene.seed(ACME).await.unwrap();
        assert_eq!(count(&scene, "plan_versions").await, 2, "for those who bought at 170");
        scene.advance("2011-11-01T00:00:00Z").await.unwrap();
        assert_eq!((totals(&scene, john).await[2], totals(&scene, jane).await[2]), (16500, 17000));
        scene.check().await;
    }

    async fn one_customer_that_cannot_be_billed_keeps_no_other_from_it(scene: Scene) {
        scene.seed(&seed()).await.unwrap();
        let [john, jane, jim] = [scene.customer("JOHN").await, scene.customer("JANE").await, scene.customer("JIM").await];
        order(&scene, jane, new_order("DEAR", &[("FEE", "1")])).await;
        for (customer, plan, charge) in [(john, "FIXED-10", "FLAT"), (jane, "DEAR", "FEE"), (jim, "FIXED-10", "FLAT")] {
            scene.place(customer, new_order(plan, &[(charge, "1")]), Invoicing::Later).await.unwrap();
        }
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!((totals(&scene, john).await.len(), totals(&scene, jim).await.len()), (1, 1));
        assert_eq!(totals(&scene, jane).await.len(), 1, "she can't owe twice as much");
        let failures = async || {
            let mut conn = scene.db.read().await.unwrap();
            store::run_failures::list(&mut conn, scene.org, store::Page { offset: 0, max: 10 }).await.unwrap().0
        };
        let failed = failures().await;
        assert_eq!((failed.len(), failed[0].customer, failed[0].run_on), (1, jane, day(9, 22)));
        assert!(failed[0].reason.contains("out of range"), "{}", failed[0].reason);
        scene.check().await;
        scene.pay(amount_by_card(jane, "999999999999.99")).await.unwrap();
        scene.advance("2011-09-23T00:00:00Z").await.unwrap();
        assert_eq!((totals(&scene, jane).await.len(), failures().await.len()), (2, 0));
        scene.check().await;
    }

    async fn more_customers_than_one_transaction_takes_are_all_billed_once(scene: Scene) {
        let mut customers = Vec::new();
        for n in 0..130 {
            let customer = scene.customer(&format!("C{n}")).await;
            scene.place(customer, new_order("FIXED-10", &[("FLAT", "1")]), Invoicing::Later).await.unwrap();
            customers.push(customer);
        }
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        for customer in customers {
            assert_eq!(totals(&scene, customer).await, [1000]);
        }
        scene.check().await;
    }
}
