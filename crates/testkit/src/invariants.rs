//! What holds at every moment, whatever failed before. Each rule is a statement that finds who breaks it.

use dbx::{Db, Sql, Tx};
use domain::ids::OrganizationId;
use domain::money::Amount;

use crate::FakeGateway;

/// Fails with every rule that is broken, and by whom.
pub async fn check(db: &Db, org: OrganizationId) {
    let mut conn = db.read().await.expect("a connection to read with");
    let mut broken = Vec::new();
    for (rule, sql) in RULES {
        let found: Vec<(String,)> = conn
            .query(Sql::new(sql))
            .bind(org)
            .fetch_all()
            .await
            .unwrap_or_else(|error| panic!("the rule \"{rule}\" can't be checked: {error}"));
        broken.extend(found.into_iter().map(|who| format!("{rule}: {}", who.0)));
    }
    assert!(broken.is_empty(), "broken invariants:\n  {}", broken.join("\n  "));
}

/// Lets the rules be checked of ten thousands of customers, too: none of them looks through a whole table for each row of
/// another. For a database that is not used any more after that.
pub async fn index(db: &Db) {
    for sql in LOOKED_UP {
        let work = async |tx: &mut Tx| tx.build(sql).build().execute().await;
        db.transact(work).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

const LOOKED_UP: &[&str] = &[
    "CREATE INDEX looked_up_1 ON ledger_entries (org_id, customer_id, account)",
    "CREATE INDEX looked_up_2 ON ledger_entries (org_id, invoice_id, account)",
    "CREATE INDEX looked_up_3 ON ledger_entries (org_id, payment_id, account)",
    "CREATE INDEX looked_up_4 ON allocations (org_id, invoice_id, state)",
    "CREATE INDEX looked_up_5 ON allocations (org_id, payment_id, state)",
    "CREATE INDEX looked_up_6 ON processor_results (org_id, payment_id)",
    "CREATE INDEX looked_up_7 ON invoice_charges (org_id, order_line_id)",
    "CREATE INDEX looked_up_8 ON invoice_charges (org_id, line_id)",
    "CREATE INDEX looked_up_9 ON uninvoiced_charges (org_id, order_line_id)",
    "CREATE INDEX looked_up_10 ON events (org_id, type, object_id)",
    "CREATE INDEX looked_up_11 ON mails (org_id, event_id)",
    "CREATE INDEX looked_up_12 ON jobs (org_id, kind, object_id)",
    "CREATE INDEX looked_up_13 ON customer_transitions (org_id, customer_id)",
    "CREATE INDEX looked_up_14 ON customer_search_texts (org_id, customer_id)",
    "ANALYZE",
];

/// Whether the processor charged and gave back what the books say: each paid payment and each refund once, no other at
/// all. What is pending may have been done, or not.
pub async fn check_charges(db: &Db, org: OrganizationId, gateway: &FakeGateway) {
    let mut conn = db.read().await.expect("a connection to read with");
    let sql = "SELECT id, payment_type, status, amount FROM payments WHERE org_id = $1 AND is_system_payment";
    let payments = conn.query(Sql::new(sql)).bind(org).fetch_all().await;
    let payments: Vec<(i64, String, String, i64)> = payments.expect("payments can be read");
    for (id, payment_type, status, amount) in payments {
        let moved = match payment_type.as_str() {
            "Refund" => {
                let moved = |kind| gateway.moved_by(org, &format!("refund-{id}-{kind}"));
                -(moved("void") + moved("refund"))
            }
            _ => gateway.moved_by(org, &format!("payment-{id}")),
        };
        match status.as_str() {
            "Paid" | "Cancelled" | "Refunded" => assert_eq!(moved, Amount(amount), "payment {id} is {status}"),
            "Pending" => assert!(moved.is_zero() || moved == Amount(amount), "payment {id}: {moved:?}"),
            _ => assert_eq!(moved, Amount::ZERO, "payment {id} is {status}"),
        }
        if status == "Refunded" {
            assert_eq!(gateway.given_back_of(org, &format!("payment-{id}")), Amount(amount), "payment {id}");
        }
    }
}

/// (the rule, a statement that finds who breaks it; its argument is the organization)
const RULES: &[(&str, &str)] = &[
    (
        "the ledger sums to zero",
        "SELECT CAST(SUM(amount) AS TEXT) FROM ledger_entries WHERE org_id = $1 HAVING SUM(amount) <> 0",
    ),
    (
        "a customer's balance is what the ledger says",
        "SELECT 'customer ' || CAST(f.customer_id AS TEXT) FROM customer_financials f WHERE f.org_id = $1
            AND f.outstanding_balance <> (SELECT COALESCE(SUM(l.amount), 0) FROM ledger_entries l
                WHERE l.org_id = f.org_id AND l.customer_id = f.customer_id AND l.account = 'Receivable')",
    ),
    (
        "what a customer paid in all is the sum of the paid payments",
        "SELECT 'customer ' || CAST(f.customer_id AS TEXT) FROM customer_financials f WHERE f.org_id = $1
            AND f.lifetime_payments <> (SELECT COALESCE(SUM(p.amount), 0) FROM payments p
                WHERE p.org_id = f.org_id AND p.customer_id = f.customer_id AND p.status = 'Paid'
                AND p.payment_type = 'Payment' AND p.reverses_id IS NULL)",
    ),
    (
        "what a customer was invoiced in all is the sum of the invoices",
        "SELECT 'customer ' || CAST(f.customer_id AS TEXT) FROM customer_financials f WHERE f.org_id = $1
            AND f.lifetime_value <> (SELECT COALESCE(SUM(i.total), 0) FROM invoices i
                WHERE i.org_id = f.org_id AND i.customer_id = f.customer_id
                AND i.status NOT IN ('Cancelled', 'Draft', 'Error'))",
    ),
    (
        "an invoice is booked once, with its total; a cancelled one comes to nothing, and so does a draft",
        "SELECT 'invoice ' || i.number FROM invoices i WHERE i.org_id = $1
            AND CASE WHEN i.status IN ('Cancelled', 'Draft', 'Error') THEN 0 ELSE i.total END <> (SELECT COALESCE(SUM(l.amount), 0)
                FROM ledger_entries l
                WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND l.account = 'Receivable')",
    ),
    (
        "the tax of an invoice is booked apart",
        "SELECT 'invoice ' || i.number FROM invoices i WHERE i.org_id = $1
            AND CASE WHEN i.status IN ('Cancelled', 'Draft', 'Error') THEN 0 ELSE (
                SELECT COALESCE(SUM(c.tax), 0) FROM invoice_charges c
                WHERE c.org_id = i.org_id AND c.invoice_id = i.id) END <> (SELECT COALESCE(-SUM(l.amount), 0)
                FROM ledger_entries l WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND l.account = 'Tax')",
    ),
    (
        "a charge is on the invoice of its line, and for a line of its order",
        "SELECT 'charge ' || CAST(c.id AS TEXT) FROM invoice_charges c
         LEFT JOIN invoice_lines i ON i.org_id = c.org_id AND i.id = c.line_id
         LEFT JOIN order_lines o ON o.org_id = c.org_id AND o.id = c.order_line_id
         WHERE c.org_id = $1 AND (COALESCE(i.invoice_id, 0) <> c.invoice_id
            OR (c.order_line_id IS NOT NULL AND COALESCE(o.order_id, 0) <> COALESCE(i.order_id, 0)))",
    ),
    (
        "each posting sums to zero",
        "SELECT 'invoice ' || CAST(invoice_id AS TEXT) || ', payment ' || CAST(payment_id AS TEXT)
         FROM ledger_entries WHERE org_id = $1 GROUP BY invoice_id, payment_id HAVING SUM(amount) <> 0",
    ),
    (
        "what a customer owes is what its invoices still owe, without what is left of its payments and credits",
        "SELECT 'customer ' || CAST(f.customer_id AS TEXT) FROM customer_financials f WHERE f.org_id = $1
            AND f.outstanding_balance <> (SELECT COALESCE(SUM(i.total - i.applied), 0) FROM invoices i
                WHERE i.org_id = f.org_id AND i.customer_id = f.customer_id AND i.status IN ('Outstanding', 'Paid'))
              - (SELECT COALESCE(SUM(p.balance), 0) FROM payments p
                WHERE p.org_id = f.org_id AND p.customer_id = f.customer_id AND p.status = 'Paid')",
    ),
    (
        "a payment or refund is booked once if it is paid, stays booked, and is not booked if it isn't",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.payment_type <> 'Credit'
            AND CASE WHEN p.status IN ('Paid', 'Cancelled', 'Refunded') THEN p.amount ELSE 0 END <> (SELECT COALESCE(SUM(l.amount), 0)
                FROM ledger_entries l WHERE l.org_id = p.org_id AND l.payment_id = p.id AND l.account = 'Cash')",
    ),
    (
        "a credit is booked once",
        "SELECT 'credit ' || p.number FROM payments p
         WHERE p.org_id = $1 AND p.payment_type = 'Credit' AND p.status = 'Paid'
            AND -p.amount <> (SELECT COALESCE(SUM(l.amount), 0)
                FROM ledger_entries l WHERE l.org_id = p.org_id AND l.payment_id = p.id AND l.account = 'Receivable')",
    ),
    (
        "charges that became a credit sum to it, and those that became nothing to nothing",
        "SELECT 'customer ' || CAST(u.customer_id AS TEXT) FROM uninvoiced_charges u
         LEFT JOIN payments p ON p.org_id = u.org_id AND p.id = u.payment_id AND p.payment_type = 'Credit'
         WHERE u.org_id = $1 GROUP BY u.customer_id, u.payment_id, p.amount
         HAVING SUM(u.amount) <> -COALESCE(p.amount, 0)",
    ),
    (
        "what is applied to an invoice is the sum of its applied allocations",
        "SELECT 'invoice ' || i.number FROM invoices i WHERE i.org_id = $1
            AND i.applied <> (SELECT COALESCE(SUM(a.amount), 0) FROM allocations a
                WHERE a.org_id = i.org_id AND a.invoice_id = i.id AND a.state = 'applied')",
    ),
    (
        "what is reserved on an invoice is the sum of its reserved allocations",
        "SELECT 'invoice ' || i.number FROM invoices i WHERE i.org_id = $1
            AND i.reserved <> (SELECT COALESCE(SUM(a.amount), 0) FROM allocations a
                WHERE a.org_id = i.org_id AND a.invoice_id = i.id AND a.state = 'reserved')",
    ),
    (
        "no invoice has more applied and reserved than its total",
        "SELECT 'invoice ' || number FROM invoices WHERE org_id = $1
            AND (applied < 0 OR reserved < 0 OR applied + reserved > total)",
    ),
    (
        "an invoice is paid when all of it is applied, and only then",
        "SELECT 'invoice ' || number FROM invoices WHERE org_id = $1 AND (status = 'Paid') <> (applied = total)",
    ),
    (
        "a paid payment is what it was applied to and the rest",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.status = 'Paid'
            AND p.reverses_id IS NULL AND p.amount <> p.balance + (SELECT COALESCE(SUM(a.amount), 0) FROM allocations a
                WHERE a.org_id = p.org_id AND a.payment_id = p.id AND a.state = 'applied')",
    ),
    (
        "what isn't paid, and what takes a payment back, has nothing left",
        "SELECT 'payment ' || number FROM payments WHERE org_id = $1 AND status <> 'Pending' AND balance <> 0
            AND (status <> 'Paid' OR reverses_id IS NOT NULL)",
    ),
    (
        "a payment is cancelled or refunded by one that takes it all back, and by no two",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.reverses_id IS NULL
            AND CASE p.status WHEN 'Refunded' THEN 'Refund' WHEN 'Cancelled' THEN 'Payment' ELSE '' END
                <> COALESCE((SELECT CASE WHEN COUNT(*) = 1 AND SUM(r.amount) = -p.amount THEN MIN(r.payment_type)
                    ELSE CASE WHEN COUNT(*) = 0 THEN '' ELSE 'wrong' END END
                    FROM payments r WHERE r.org_id = p.org_id AND r.reverses_id = p.id AND r.status = 'Paid'), '')",
    ),
    (
        "only what was taken back is reversed",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.status NOT IN ('Cancelled', 'Refunded')
            AND EXISTS (SELECT 1 FROM allocations a
                WHERE a.org_id = p.org_id AND a.payment_id = p.id AND a.state = 'reversed')",
    ),
    (
        "a method waits to be kept only while its payment is pending",
        "SELECT 'payment ' || p.number FROM payments p
         JOIN methods_to_keep k ON k.org_id = p.org_id AND k.payment_id = p.id
         WHERE p.org_id = $1 AND p.status <> 'Pending'",
    ),
    (
        "a payment that isn't paid is applied to nothing",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.status <> 'Paid'
            AND EXISTS (SELECT 1 FROM allocations a
                WHERE a.org_id = p.org_id AND a.payment_id = p.id AND a.state = 'applied')",
    ),
    (
        "a payment that isn't pending reserves nothing",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.status <> 'Pending'
            AND EXISTS (SELECT 1 FROM allocations a
                WHERE a.org_id = p.org_id AND a.payment_id = p.id AND a.state = 'reserved')",
    ),
    (
        "a payment is pending when a job will ask for it, and only then",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1
            AND (p.status = 'Pending') <> EXISTS (SELECT 1 FROM jobs j
                WHERE j.org_id = p.org_id AND j.kind = 'checkPayment' AND j.object_id = p.id)",
    ),
    (
        "what a processor was asked has its answer once it is not pending",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1 AND p.is_system_payment
            AND (p.status <> 'Pending') <> EXISTS (SELECT 1 FROM processor_results r
                WHERE r.org_id = p.org_id AND r.payment_id = p.id)",
    ),
    (
        "invoice numbers have no gap",
        "WITH RECURSIVE n (number) AS (SELECT CAST(1019 AS BIGINT) UNION ALL SELECT number + 1 FROM n
             WHERE number < (SELECT next FROM counters WHERE org_id = $1 AND kind = 'invoice') - 1)
         SELECT CAST(n.number AS TEXT) FROM n
         WHERE n.number < (SELECT next FROM counters WHERE org_id = $1 AND kind = 'invoice')
            AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = $1 AND i.number = CAST(n.number AS TEXT))",
    ),
    (
        "who counts up to a number does not count over it",
        "SELECT i.number FROM invoices i JOIN counters c ON c.org_id = i.org_id AND c.kind = 'invoice'
         WHERE i.org_id = $1 AND i.number = CAST(c.next AS TEXT)
            AND EXISTS (SELECT 1 FROM invoice_lines l
                WHERE l.org_id = i.org_id AND l.invoice_id = i.id AND l.order_id IS NOT NULL)",
    ),
    (
        "only what is owed or paid is billed",
        "SELECT 'invoice ' || i.number FROM invoices i JOIN invoice_charges c ON c.org_id = i.org_id AND c.invoice_id = i.id
         WHERE i.org_id = $1 AND (i.status = 'Cancelled') = c.is_live",
    ),
    (
        "nothing is billed twice",
        "SELECT 'order line ' || CAST(order_line_id AS TEXT) || ' from ' || CAST(period_start AS TEXT) FROM (
             SELECT order_line_id, kind, period_start FROM invoice_charges WHERE org_id = $1 AND is_live
             UNION ALL SELECT order_line_id, kind, period_start FROM uninvoiced_charges WHERE org_id = $1) c
         WHERE kind IN ('Advance', 'Arrears') AND order_line_id IS NOT NULL
         GROUP BY order_line_id, kind, period_start HAVING COUNT(*) > 1",
    ),
    (
        // A cancelled invoice keeps its usage: nothing of it is billed again by itself.
        "processed usage is part of one charge of its order line",
        "SELECT 'activity ' || CAST(a.id AS TEXT) FROM activities a WHERE a.org_id = $1 AND a.status = 'Processed'
            AND 1 <> (SELECT COUNT(*) FROM (
                SELECT id, order_line_id, invoice_id FROM invoice_charges WHERE org_id = $1 AND kind = 'Usage'
                UNION ALL SELECT id, order_line_id, NULL FROM uninvoiced_charges WHERE org_id = $1 AND kind = 'Usage') c
                WHERE c.id = a.billed_charge_id AND c.order_line_id = a.order_line_id
                    AND COALESCE(c.invoice_id, 0) = COALESCE(a.invoice_id, 0))",
    ),
    (
        "the usage in a charge sums to it",
        "SELECT 'charge ' || CAST(c.id AS TEXT) FROM (
             SELECT id, amount FROM invoice_charges WHERE org_id = $1 AND is_live
             UNION ALL SELECT id, amount FROM uninvoiced_charges WHERE org_id = $1) c
         JOIN activities a ON a.org_id = $1 AND a.billed_charge_id = c.id
         GROUP BY c.id, c.amount HAVING SUM(a.amount) <> c.amount",
    ),
    (
        "an order has lines",
        "SELECT 'order ' || o.number FROM orders o WHERE o.org_id = $1
            AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.org_id = o.org_id AND l.order_id = o.id)",
    ),
    (
        "what an order has brought is the sum of its charges",
        "SELECT 'order ' || o.number FROM orders o LEFT JOIN (SELECT l.order_id, SUM(c.amount) AS amount FROM (
                SELECT order_line_id, amount FROM invoice_charges WHERE org_id = $1 AND is_live
                UNION ALL SELECT order_line_id, amount FROM uninvoiced_charges WHERE org_id = $1) c
                JOIN order_lines l ON l.org_id = $1 AND l.id = c.order_line_id GROUP BY l.order_id) b
            ON b.order_id = o.id
         WHERE o.org_id = $1 AND o.lifetime_value <> COALESCE(b.amount, 0)",
    ),
    (
        "an invoice is the sum of its charges, of which there are some",
        "SELECT 'invoice ' || i.number FROM invoices i WHERE i.org_id = $1
            AND i.total <> (SELECT COALESCE(SUM(c.amount), -1) FROM invoice_charges c
                WHERE c.org_id = i.org_id AND c.invoice_id = i.id)",
    ),
    (
        "a line of an invoice has charges",
        "SELECT 'invoice ' || CAST(l.invoice_id AS TEXT) FROM invoice_lines l WHERE l.org_id = $1
            AND NOT EXISTS (SELECT 1 FROM invoice_charges c WHERE c.org_id = l.org_id AND c.line_id = l.id)",
    ),
    (
        "a customer has contacts and financials",
        "SELECT 'customer ' || CAST(c.id AS TEXT) FROM customers c WHERE c.org_id = $1 AND NOT (
            EXISTS (SELECT 1 FROM contacts k WHERE k.org_id = c.org_id AND k.customer_id = c.id AND k.kind = 'billing')
            AND EXISTS (SELECT 1 FROM customer_financials f WHERE f.org_id = c.org_id AND f.customer_id = c.id))",
    ),
    (
        "the code of a country in two letters or in three is the same country",
        "SELECT 'contact ' || CAST(k.id AS TEXT) FROM contacts k WHERE k.org_id = $1
            AND (k.country_alpha3 IS NULL) <> (k.country_code IS NULL)
         UNION ALL SELECT 'contact ' || CAST(k.id AS TEXT) FROM contacts k WHERE k.org_id = $1
            AND LENGTH(k.country_code) = 3 AND UPPER(k.country_code) <> k.country_alpha3
         UNION ALL SELECT k.country_code || ' is two countries' FROM contacts k WHERE k.org_id = $1
            GROUP BY k.country_code HAVING COUNT(DISTINCT k.country_alpha3) > 1",
    ),
    (
        "as many customers of a status as there are is how many are kept to be there",
        "SELECT s.status FROM (SELECT status FROM customers WHERE org_id = $1
             UNION SELECT status FROM customer_counts WHERE org_id = $1) s
         WHERE (SELECT COUNT(*) FROM customers c WHERE c.org_id = $1 AND c.status = s.status)
            <> (SELECT COALESCE(SUM(n.customers), 0) FROM customer_counts n
                WHERE n.org_id = $1 AND n.status = s.status)",
    ),
    (
        "a customer has the status of its last transition",
        "SELECT 'customer ' || CAST(c.id AS TEXT) FROM customers c
         JOIN customer_transitions t ON t.org_id = c.org_id AND t.customer_id = c.id
         WHERE c.org_id = $1 AND t.new_status <> c.status AND NOT EXISTS (SELECT 1 FROM customer_transitions l
             WHERE l.org_id = t.org_id AND l.customer_id = t.customer_id
             AND (l.created_at > t.created_at OR l.created_at = t.created_at AND l.id > t.id))",
    ),
    (
        "a transition goes from one status to another",
        "SELECT 'transition ' || CAST(id AS TEXT) FROM customer_transitions WHERE org_id = $1
            AND previous_status = new_status",
    ),
    (
        "a customer can be searched for",
        "SELECT 'customer ' || CAST(c.id AS TEXT) FROM customers c WHERE c.org_id = $1 AND NOT EXISTS (
            SELECT 1 FROM customer_search_texts s WHERE s.org_id = c.org_id AND s.customer_id = c.id)",
    ),
    (
        "a customer is told of each event by one mail, if the merchant wants that and there is an address",
        "SELECT e.type || ' ' || CAST(e.object_id AS TEXT) FROM events e JOIN organizations o ON o.id = e.org_id
         JOIN contacts k ON k.org_id = e.org_id AND k.customer_id = e.customer_id AND k.kind = 'billing'
         WHERE e.org_id = $1 AND e.type IN ('newInvoice', 'newOrder', 'paymentReceived')
            AND (SELECT COUNT(*) FROM mails m WHERE m.org_id = e.org_id AND m.event_id = e.id AND m.event = e.type
                    AND m.object_id = e.object_id AND m.customer_id = e.customer_id)
                <> CASE WHEN k.email_primary <> '' AND ' ' || o.notifications || ' ' LIKE '% ' || e.type || ' %'
                        THEN 1 ELSE 0 END",
    ),
    (
        "a payment that the system takes has the processor that was asked, and no other has one",
        "SELECT 'payment ' || p.number FROM payments p WHERE p.org_id = $1
            AND p.is_system_payment <> (p.processor IS NOT NULL)",
    ),
    (
        "an event of a processor is applied to a payment that it took, or not at all",
        "SELECT 'event ' || e.event_id FROM gateway_events e WHERE e.org_id = $1 AND (
            (e.payment_id IS NOT NULL AND e.quarantined_because IS NOT NULL)
            OR (e.payment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments p
                WHERE p.org_id = e.org_id AND p.id = e.payment_id AND p.processor = e.processor
                    AND p.amount = e.amount AND p.currency = COALESCE(e.currency, p.currency))))",
    ),
    (
        "a mail tells of something that happened, or was asked for",
        "SELECT 'mail ' || CAST(m.id AS TEXT) FROM mails m WHERE m.org_id = $1 AND m.event_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.org_id = m.org_id AND e.id = m.event_id)",
    ),
    (
        "what happened is recorded once",
        "SELECT h.type || ' ' || CAST(h.id AS TEXT) FROM (
             SELECT org_id, id, 'newCustomer' AS type FROM customers
             UNION ALL SELECT org_id, id, 'customerStatusChange' FROM customer_transitions
             UNION ALL SELECT org_id, id, 'newOrder' FROM orders
             UNION ALL SELECT i.org_id, i.id, 'newInvoice' FROM invoices i WHERE EXISTS (SELECT 1 FROM ledger_entries l
                 WHERE l.org_id = i.org_id AND l.invoice_id = i.id)
             UNION ALL SELECT org_id, id, 'paymentReceived' FROM payments WHERE payment_type = 'Payment'
                 AND status IN ('Paid', 'Cancelled', 'Refunded') AND reverses_id IS NULL
             UNION ALL SELECT org_id, id, 'paymentRefunded' FROM payments
                 WHERE status = 'Paid' AND payment_type = 'Refund'
             UNION ALL SELECT org_id, id, 'creditApplied' FROM payments WHERE payment_type = 'Credit'
             UNION ALL SELECT org_id, id, 'paymentFailed' FROM payments
                 WHERE status IN ('Declined', 'Error', 'Cancelled')) h
         WHERE h.org_id = $1 AND 1 <> (SELECT COUNT(*) FROM events e
             WHERE e.org_id = h.org_id AND e.type = h.type AND e.object_id = h.id)",
    ),
];
