//! All SQL of the product: it prepares on both engines, names its organization, and finds its rows by an index.

use std::fs;
use std::path::Path;

use dbx::{Engine, STATEMENTS, Sql, Statement};
use testkit::on_both;

use crate::MIGRATIONS;

/// Statements on a tenant's table that ask for all tenants, by what they begin with, and why they may.
const FOR_ALL_TENANTS: &[(&str, &str)] = &[
    ("SELECT o.id FROM organizations o", "a process works for every organization"),
    ("UPDATE mails SET leased_until", "a process works for every organization"),
    ("SELECT id FROM mails WHERE status", "a process works for every organization"),
    ("SELECT org_id, customer_id FROM customer_search_pending", "a process works for every organization"),
];

/// Tables without a tenant.
const NO_TENANT: &[&str] = &["organizations", "id_blocks"];

/// Those of the product, without what the tests write.
fn product() -> impl Iterator<Item = &'static Statement> {
    STATEMENTS.iter().filter(|statement| statement.file.starts_with("crates/store/src/"))
}

fn place(statement: &Statement) -> String {
    format!("{}:{}", statement.file, statement.line)
}

fn words(sql: &str) -> Vec<&str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// What stands behind FROM, JOIN, INTO and UPDATE.
fn tables(sql: &str) -> Vec<&str> {
    let words = words(sql);
    let before = ["FROM", "JOIN", "INTO", "UPDATE"];
    words.windows(2).filter(|pair| before.contains(&pair[0]) && pair[1] != "SET").map(|pair| pair[1]).collect()
}

fn source_files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

on_both! {
    async fn every_statement_prepares(db: TestDb) {
        let mut conn = db.read().await.unwrap();
        for statement in product() {
            let outcome = conn.prepare(statement.sql).await;
            outcome.unwrap_or_else(|error| panic!("{}: {error}", place(statement)));
        }
    }
}

#[test]
fn every_statement_of_the_sources_is_among_them() {
    let written: usize = source_files().iter().map(|(_, text)| text.matches("q!(").count()).sum();
    assert_eq!(product().count(), written);
}

#[test]
fn every_statement_on_a_tenants_table_names_the_organization() {
    let mut offenders = Vec::new();
    for statement in product() {
        for sql in [statement.sql.sqlite, statement.sql.postgres] {
            let of_tenant = tables(sql).iter().any(|table| !NO_TENANT.contains(table));
            let bound = sql.contains("org_id = $1") || sql.contains("(org_id, ") && sql.contains("VALUES ($1");
            let allowed = FOR_ALL_TENANTS.iter().any(|(start, _)| sql.starts_with(start));
            if of_tenant && !bound && !allowed {
                offenders.push(format!("{}: {sql}", place(statement)));
            }
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

#[test]
fn joined_tables_are_joined_within_the_organization() {
    for statement in product() {
        let sql = statement.sql.postgres;
        let joins = sql.matches("JOIN ").count();
        assert!(sql.matches(".org_id = ").count() >= joins, "{}: {sql}", place(statement));
    }
}

/// PostgreSQL may merge them, and would read a table of which it is not said from its beginning for each page.
#[test]
fn a_page_of_customers_begins_in_each_of_the_tables_that_are_joined_for_it() {
    let mut pages = 0;
    for statement in product() {
        let sql = statement.sql.postgres;
        let bound = ["c.id > ", ".customer_id > "].map(|column| sql.split_once(column).map(|(_, after)| &after[..2]));
        if sql.contains("customers c") && sql.contains("JOIN ") && bound != [None, None] {
            assert_eq!(bound[0], bound[1], "{}: {sql}", place(statement));
            pages += 1;
        }
    }
    assert_eq!(pages, 5, "of billing, instalments, autopay, late usage, debtors");
}

#[test]
fn every_insert_of_many_rows_begins_with_the_organization() {
    for (file, text) in source_files() {
        for (start, call) in text.match_indices("insert_all(") {
            let sql: String = text[start + call.len()..].chars().take(200).collect();
            let columns = sql.split('(').nth(1).unwrap_or_default();
            assert!(columns.starts_with("org_id, "), "{file}: {sql}");
        }
    }
}

#[test]
fn every_update_of_many_rows_names_the_organization() {
    for (file, text) in source_files() {
        for (start, call) in text.match_indices("update_all(") {
            let sql: String = text[start + call.len()..].chars().take(900).collect();
            let columns = sql.split('(').nth(2).unwrap_or_default();
            assert!(columns.starts_with("org_id, "), "{file}: {sql}");
            assert!(sql.contains(".org_id = v.org_id AND"), "{file}: {sql}");
        }
    }
}

/// Full scans that are meant: these tables have a row an organization, and nothing smaller is asked for.
const MAY_SCAN: &[&str] = &[
    "SELECT id, subdomain FROM organizations ORDER BY subdomain",
    "SELECT id, time_zone, run_on FROM organizations WHERE mode = 'live' ORDER BY id",
];
/// In its order, and cut off.
const MAY_SCAN_FROM_THE_START: &str = "SELECT org_id, customer_id FROM customer_search_pending";

#[tokio::test]
async fn no_statement_scans_a_table_on_sqlite() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    assert_eq!(db.engine(), Engine::Sqlite);
    let mut tx = db.begin().await.unwrap();
    let mut offenders = Vec::new();
    let may_scan = |sql: &str| MAY_SCAN.contains(&sql) || sql.starts_with(MAY_SCAN_FROM_THE_START);
    for statement in product().filter(|statement| !may_scan(statement.sql.sqlite)) {
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.sql.sqlite).leak();
        let plan: Vec<(i64, i64, i64, String)> = tx.query(Sql::new(explain)).fetch_all().await.unwrap();
        let steps: Vec<String> = plan.into_iter().map(|step| step.3).collect();
        let is_part = |scanned: &str| {
            ["CO-ROUTINE", "MATERIALIZE"].iter().any(|made| steps.contains(&format!("{made} {scanned}")))
        };
        for step in &steps {
            // Of ids given as JSON, of a table that stands in the statement, and of a part of the statement.
            let is_given = step.starts_with("SCAN json_each")
                || step.contains("CONSTANT ROW")
                || step.strip_prefix("SCAN ").is_some_and(is_part);
            if step.starts_with("SCAN ")
                && !is_given
                && !step.contains("USING INDEX")
                && !step.contains("USING COVERING INDEX")
            {
                offenders.push(format!("{}: {step}", place(statement)));
            }
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

/// Questions about all of an organization, or of a table that is small in each.
const MAY_SEARCH_BY_ORGANIZATION: &[&str] = &[
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_entries WHERE org_id = $1",
    "SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'sale' THEN amount ELSE -amount END), 0) AS BIGINT) FROM test_processor",
    "SELECT MAX(updated_at) FROM staff",
    // One row an organization.
    "SELECT account, license_key_sealed, url FROM avalara_accounts",
    "UPDATE avalara_accounts SET license_key_sealed",
    // One row a processor that the organization has had.
    "SELECT processor, url, credentials_sealed FROM processor_accounts",
    // A page of all customers, in the order of ids, and as many counts as there are slots and statuses.
    "SELECT (SELECT CAST(COALESCE(SUM(n.customers), 0) AS BIGINT) FROM customer_counts n WHERE n.org_id = $1) AS total",
    // A search by parts of any field, in the order of ids.
    "SELECT c.id, c.ext_customer_ref, COALESCE(c.account_id, o.account_id) AS account_id",
    // The check of foreign keys, in case the id of a plan or product were changed; a seed file's work.
    "INSERT INTO plans",
    "INSERT INTO products",
    // Few in each organization: slots of statuses.
    "SELECT CAST(COALESCE(SUM(customers), 0) AS BIGINT) FROM customer_counts",
    // By an index of those that wait for a person, in its order, and cut off.
    "SELECT processor, event_id, event_type, key, quarantined_because, received_at FROM gateway_events",
    "SELECT COUNT(*) FROM gateway_events",
    // Few in each organization.
    "SELECT COUNT(*) FROM plans",
    "SELECT id FROM plans WHERE org_id = $1 ORDER BY id",
    "SELECT COUNT(*) FROM run_failures",
    "SELECT kid, algorithm, secret_sealed, public_key, expires_at, created_at",
    // As many rows as there are slots and statuses.
    "SELECT CAST(COALESCE(SUM(customers), 0) AS BIGINT) FROM customer_counts",
    "SELECT customer_id, step, run_on, reason FROM run_failures",
    "SELECT COUNT(*) FROM runs",
    "SELECT run_on, state, step, done",
    "SELECT customer_group, days_late, status, is_enabled",
    // Somebody asks for it; few jobs wait at a time.
    "SELECT id, kind, object_id, run_at, attempts, last_error",
    "SELECT COUNT(*) FROM jobs",
    "UPDATE jobs SET given_up_at = NULL",
    // What is in it is to be read: few orders have usage that comes after their end.
    "SELECT DISTINCT a.customer_id, a.order_id FROM activities a",
    // A merchant gives an invoice other lines, which is rare; foreign keys are checked the other way round.
    "DELETE FROM invoice_lines WHERE org_id = $1 AND invoice_id",
    // A customer that was never billed is deleted, which is rare; foreign keys are checked the other way round.
    "DELETE FROM order_lines WHERE org_id = $1 AND order_id",
    "DELETE FROM order_lines WHERE org_id = $1 AND id",
    "DELETE FROM orders WHERE org_id = $1 AND id",
    "DELETE FROM orders WHERE org_id = $1 AND customer_id",
    "DELETE FROM customers WHERE org_id = $1 AND id",
];

#[tokio::test]
async fn no_statement_searches_through_all_of_an_organization_on_sqlite() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    let mut tx = db.begin().await.unwrap();
    let mut offenders = Vec::new();
    for statement in product() {
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.sql.sqlite).leak();
        let plan: Vec<(i64, i64, i64, String)> = tx.query(Sql::new(explain)).fetch_all().await.unwrap();
        let through_all = plan.iter().any(|step| step.3.ends_with("(org_id=?)"));
        let sql = statement.sql.sqlite.split_whitespace().collect::<Vec<_>>().join(" ");
        if through_all && !MAY_SEARCH_BY_ORGANIZATION.iter().any(|allowed| sql.starts_with(allowed)) {
            offenders.push(format!("{}: {plan:?}", place(statement)));
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

/// (what a statement has, what its plan must have)
const FREQUENT: &[(&str, &str)] = &[
    ("SELECT id FROM customers WHERE org_id = $1 AND ext_customer_ref", "ext_customer_ref=?"),
    ("SELECT id FROM invoices WHERE org_id = $1 AND number", "number=?"),
    ("WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding' ORDER BY due_on, id", "invoices_open"),
    ("MIN(due_on) AS first_due_on", "invoices_open"),
    ("SELECT i.due_on, i.total - i.applied", "invoices_open"),
    ("SELECT COUNT(*) FROM mails", "mails_asked_for"),
    ("ORDER BY invoiced_on DESC, id DESC LIMIT", "invoices_by_customer"),
    ("ORDER BY effective_on DESC, id DESC LIMIT", "payments_by_customer"),
    ("SELECT o.id FROM organizations o", "jobs_of_organization"),
    ("UPDATE jobs SET leased_until = $3, attempts", "jobs_of_organization"),
    ("SELECT id FROM mails WHERE status", "mails_due"),
    ("UPDATE mails SET leased_until", "mails_due"),
    ("SELECT o.customer_id, o.id FROM orders o CROSS JOIN", "orders_billable_of_customer"),
    ("SELECT p.customer_id FROM payment_plans p", "payment_plans_enabled"),
    ("SELECT MIN(p.next_payment_on)", "payment_plans_due"),
    ("SELECT DISTINCT m.customer_id FROM payment_methods m", "invoices_open"),
    ("SELECT i.due_on FROM invoices i", "invoices_by_due"),
    ("SELECT due_on FROM invoices WHERE", "invoices_by_due"),
    ("SELECT c.id, c.status, c.is_business_account, c.currency, MIN(i.due_on)", "invoices_open"),
    ("SELECT c.id FROM customers c\n         WHERE c.org_id = $1 AND c.id > $3", "customers_by_status"),
    ("SELECT status FROM payments WHERE org_id = $1 AND customer_id = $2 AND run_on", "payments_collected"),
    ("WHERE org_id = $1 AND customer_id = $2 AND status = 'Pending' AND payment_type", "payments_pending"),
    ("SELECT MIN(o.next_billable_on)", "orders_billable"),
    ("FROM allocations WHERE org_id = $1 AND invoice_id", "allocations_by_invoice"),
    ("FROM invoice_charges WHERE org_id = $1 AND invoice_id", "invoice_charges_by_invoice"),
    ("DELETE FROM sessions WHERE org_id = $1 AND expires_at", "sessions_expired"),
    ("ORDER BY transitioned_on, id LIMIT", "customer_transitions_by_day"),
    ("FROM activities\n     WHERE org_id = $1 AND status = 'Unbilled' AND customer_id", "activities_unbilled"),
    ("FROM activities a CROSS JOIN customers c", "activities_late"),
    ("FROM invoice_charges\n     WHERE org_id = $1 AND is_live AND kind = 'Usage'", "invoice_charges_of_usage"),
    ("FROM uninvoiced_charges\n     WHERE org_id = $1 AND kind = 'Usage'", "uninvoiced_charges_by_order_line"),
    ("JOIN invoice_charges c ON c.org_id = l.org_id AND c.order_line_id = l.id", "invoice_charges_once"),
];

#[tokio::test]
async fn the_frequent_questions_use_the_index_that_was_made_for_them() {
    let db = testkit::database::sqlite(MIGRATIONS).await;
    let mut tx = db.begin().await.unwrap();
    let mut offenders = Vec::new();
    for &(begin, index) in FREQUENT {
        let found: Vec<_> = product().filter(|statement| statement.sql.sqlite.contains(begin)).collect();
        if found.is_empty() {
            offenders.push(format!("no statement has {begin}"));
        }
        for statement in found {
            let explain = format!("EXPLAIN QUERY PLAN {}", statement.sql.sqlite).leak();
            let plan: Vec<(i64, i64, i64, String)> = tx.query(Sql::new(explain)).fetch_all().await.unwrap();
            let steps: Vec<String> = plan.into_iter().map(|step| step.3).collect();
            let is_used = steps.iter().any(|step| step.contains(index));
            if !is_used || begin.contains("ORDER BY") && steps.iter().any(|step| step.contains("TEMP B-TREE")) {
                offenders.push(format!("{}: {steps:?}", place(statement)));
            }
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}
