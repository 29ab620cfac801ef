//! Rows from before a migration mean afterwards what they meant.

use testkit::on_both;

/// Those before plans were data.
#[cfg(test)]
const MIGRATIONS: &[dbx::migrate::File] = store::MIGRATIONS.split_at(before("0020_plans_as_data.sql")).0;

#[cfg(test)]
const fn before(name: &str) -> usize {
    let mut place = 0;
    while !is_same(store::MIGRATIONS[place].name.as_bytes(), name.as_bytes()) {
        place += 1;
    }
    place
}

#[cfg(test)]
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

on_both! {
    async fn orders_and_charges_of_before_are_billed_on_from_where_they_were(db: TestDb) {
        let mut tx = db.begin().await.unwrap();
        for sql in OLD {
            tx.build(sql).build().execute().await.unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(store::MIGRATIONS).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let sql = "SELECT CAST(id AS TEXT) || ' ' || CAST(billed_until AS TEXT) FROM orders ORDER BY id";
        let rows: Vec<(String,)> = conn.build(sql).build().fetch_all().await.unwrap();
        let shown: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(shown, ["30 2011-11-01", "31 2011-10-05", "32 2011-12-01"], "due; over, with an invoice; over without");
        let sql = "SELECT kind || ' ' || CAST(tax AS TEXT) FROM invoice_charges ORDER BY id";
        let rows: Vec<(String,)> = conn.build(sql).build().fetch_all().await.unwrap();
        assert_eq!(rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["Advance 0", "Arrears 0"]);
        let rows: Vec<(String,)> = conn.build("SELECT sku FROM products").build().fetch_all().await.unwrap();
        assert_eq!(rows, [("Hosting".to_owned(),)]);
        let plan = store::plans::find(&mut conn, domain::ids::OrganizationId(1), domain::ids::PlanId(11)).await.unwrap();
        let plan = plan.unwrap();
        assert!(domain::plans::check(&plan).is_empty(), "{}", domain::plans::check(&plan));
        let sql = "SELECT country_code || ' ' || COALESCE(country_alpha3, 'unknown') FROM contacts ORDER BY id";
        let rows: Vec<(String,)> = conn.build(sql).build().fetch_all().await.unwrap();
        let shown: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(shown, ["at AUT", "Usa USA", "xx unknown"]);
        let payment = store::payments::full(&mut conn, domain::ids::OrganizationId(1), domain::ids::PaymentId(60)).await;
        let payment = payment.unwrap().unwrap();
        assert_eq!((payment.allocations.len(), payment.allocations[0].amount.0), (1, 50));
        let result = payment.result.unwrap();
        assert_eq!((result.request.as_str(), result.answer.transaction_id.as_str()), ("sale", "T-1"));
        let order = store::orders::find(&mut conn, domain::ids::OrganizationId(1), domain::ids::OrderId(30)).await;
        let order = order.unwrap().unwrap();
        assert!(order.change.is_none() && order.pauses.is_empty() && order.plan_version.is_none());
    }
}

/// As they were written then.
#[cfg(test)]
const OLD: &[&str] = &[
    "INSERT INTO organizations (id, subdomain, name, currency, currencies, time_zone, locale, mode, terms_value,
        terms_units, address_validation, embed_origins, notifications, probe_limit, allow_payments, show_payments,
        free_amount, pay_all, card_saving, allow_autopay_off, run_on, created_at, updated_at)
     VALUES (1, 'a', 'A', 'USD', 'USD', 'UTC', 'en_US', 'live', 0, 'Days', 'off', '', '', 1, TRUE, TRUE, TRUE, TRUE,
        'offer', TRUE, '2011-10-01', '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO customers (org_id, id, name, status, locale, is_business_account, terms_value, terms_units, currency,
        created_at, updated_at)
     VALUES (1, 20, 'J', 'Active', 'en_US', FALSE, 0, 'Days', 'USD', '2011-09-20T12:00:00.000000Z',
            '2011-09-20T12:00:00.000000Z'),
        (1, 21, 'K', 'Active', 'en_US', FALSE, 0, 'Days', 'USD', '2011-09-20T12:00:00.000000Z',
            '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO contacts (org_id, id, customer_id, kind, account_locked, first_name, last_name, email_primary,
        address_id, country_code, failed_logins, created_at, updated_at)
     VALUES (1, 22, 20, 'billing', FALSE, 'A', 'B', '', 23, 'at', 0, '2011-09-20T12:00:00.000000Z',
            '2011-09-20T12:00:00.000000Z'),
        (1, 24, 20, 'sales', FALSE, 'A', 'B', '', 25, 'Usa', 0, '2011-09-20T12:00:00.000000Z',
            '2011-09-20T12:00:00.000000Z'),
        (1, 26, 21, 'billing', FALSE, 'A', 'B', '', 27, 'xx', 0, '2011-09-20T12:00:00.000000Z',
            '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO products (org_id, id, name) VALUES (1, 10, 'Hosting')",
    "INSERT INTO plans (org_id, id, product_id, contract_code, name, invoice_text, billing_period, billing_alignment,
        due_value, due_units, is_auto_renew, created_at, updated_at)
     VALUES (1, 11, 10, 'P', 'P', 'P', 'Monthly', 'StartDate', 0, 'Days', TRUE, '2011-09-20T12:00:00.000000Z',
        '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO charges (org_id, id, plan_id, position, price_code, invoice_text, charge_type, pricing_type, is_prepaid,
        is_prorated, is_mandatory, is_separate_invoice, is_tax)
     VALUES (1, 12, 11, 1, 'PRE', 'PRE', 'RecurringCharge', 'FlatPricing', TRUE, FALSE, FALSE, FALSE, FALSE),
        (1, 13, 11, 2, 'POST', 'POST', 'RecurringCharge', 'FlatPricing', FALSE, FALSE, FALSE, FALSE, FALSE)",
    "INSERT INTO tiers (org_id, id, charge_id, position, units_from, price, is_overage)
     VALUES (1, 14, 12, 1, '0', '1', FALSE), (1, 15, 13, 1, '0', '1', FALSE)",
    "INSERT INTO orders (org_id, id, customer_id, plan_id, number, status, start_on, end_on, next_billable_on, currency,
        is_auto_pay, lifetime_value, created_at, updated_at)
     VALUES (1, 30, 20, 11, '1', 'Active', '2011-10-01', NULL, '2011-11-01', 'USD', TRUE, 0,
            '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z'),
        (1, 31, 20, 11, '2', 'Complete', '2011-10-01', '2011-10-04', NULL, 'USD', TRUE, 0,
            '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z'),
        (1, 32, 20, 11, '3', 'Complete', '2011-12-01', '2011-12-01', NULL, 'USD', TRUE, 0,
            '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO order_lines (org_id, id, order_id, position, charge_id, quantity, lifetime_value)
     VALUES (1, 40, 31, 1, 12, '1', 0), (1, 41, 31, 2, 13, '1', 0)",
    "INSERT INTO invoices (org_id, id, customer_id, number, status, currency, billing_period, invoiced_on, due_on,
        period_start, period_end, total, previous_balance, applied, reserved, created_at, updated_at)
     VALUES (1, 50, 20, '1001', 'Outstanding', 'USD', 'Monthly', '2011-10-01', '2011-10-01', '2011-10-01', '2011-10-05',
        200, 0, 0, 0, '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO invoice_lines (org_id, id, invoice_id, position, order_id, text, period_start, period_end)
     VALUES (1, 51, 50, 1, 31, 'P', '2011-10-01', '2011-10-05')",
    "INSERT INTO invoice_charges (org_id, id, invoice_id, line_id, position, charge_id, order_line_id, tier_id, text,
        period_start, period_end, quantity, unit_price, amount, explanation, is_live)
     VALUES (1, 52, 50, 51, 1, 12, 40, 14, 'PRE', '2011-10-01', '2011-10-05', '1', '1', 100, '', TRUE),
        (1, 53, 50, 51, 2, 13, 41, 15, 'POST', '2011-10-01', '2011-10-05', '1', '1', 100, '', TRUE)",
    "INSERT INTO payments (org_id, id, customer_id, number, status, payment_type, method_type, method_context, currency,
        amount, balance, effective_on, is_system_payment, is_processed_by_billing_run, created_at, updated_at)
     VALUES (1, 60, 20, '1001', 'Paid', 'Payment', 'CreditCard', 'Visa: 1111', 'USD', 50, 0, '2011-10-01', TRUE, FALSE,
        '2011-09-20T12:00:00.000000Z', '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at)
     VALUES (1, 61, 60, 50, 20, 'applied', 50, 0, '2011-09-20T12:00:00.000000Z')",
    "INSERT INTO processor_results (org_id, id, payment_id, verdict, transaction_id, approval_code, status_message,
        error_code, error_message, avs, cvv, response_time_ms, created_at)
     VALUES (1, 62, 60, 'Approved', 'T-1', 'A', '', '', '', 'Y', 'Y', 1, '2011-09-20T12:00:00.000000Z')",
];
