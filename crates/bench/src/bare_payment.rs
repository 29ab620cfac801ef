//! A payment put into the database with nothing around it: in as many transactions as the server makes it in, the rows
//! that each of them writes. First it is written down and held on its invoice, then the Test Processor writes it into its
//! book, then it is booked.

use domain::dates::{Date, Timestamp};
use sqlx::{PgPool, SqlitePool};

/// Far above what the server hands out.
const FIRST_ID: i64 = 1 << 52;
const IDS_EACH: i64 = 10;

pub struct Payment {
    org: i64,
    id: i64,
    customer: i64,
    invoice: i64,
    key: String,
    now: Timestamp,
    today: Date,
    later: Timestamp,
}

impl Payment {
    pub fn numbered(org: i64, number: i64, customer: i64, invoice: i64) -> Payment {
        let id = FIRST_ID + number * IDS_EACH;
        let time = |text: &str| text.parse().expect("it is a time");
        // So late that the server beside it does not ask what became of the payment.
        let (now, later) = (time("2026-03-01T06:00:00Z"), time("2099-03-01T06:01:00Z"));
        Payment { org, id, customer, invoice, key: format!("bare-{id}"), now, today: Date::new(2026, 3, 1), later }
    }
}

const NUMBER: &str = "UPDATE counters SET next = next + 1 WHERE org_id = $1 AND kind = 'payment' RETURNING next - 1";
const PAYMENT: &str = "INSERT INTO payments (org_id, id, customer_id, number, status, payment_type, method_type,
    method_context, currency, amount, balance, effective_on, is_system_payment, is_processed_by_billing_run,
    grants_credit, processor, created_at, updated_at)
    SELECT $1, $2, customer_id, $3, 'Pending', 'Payment', 'CreditCard', 'Visa: 1111', currency, total, total, $5, TRUE,
    FALSE, FALSE, 'test', $6, $6 FROM invoices WHERE org_id = $1 AND id = $4";
const HOLD: &str = "UPDATE invoices SET status = status, applied = applied, reserved = total, updated_at = $3
    WHERE org_id = $1 AND id = $2";
const ALLOCATION: &str = "INSERT INTO allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount,
    balance, created_at)
    SELECT org_id, $2, $3, id, customer_id, 'reserved', total, 0, $5 FROM invoices WHERE org_id = $1 AND id = $4";
const JOB: &str = "INSERT INTO jobs (org_id, id, kind, object_id, run_at, leased_until, attempts, created_at)
    VALUES ($1, $2, 'checkPayment', $3, $4, $4, 0, $5)";
const CHARGE: &str = "INSERT INTO test_processor_charges (org_id, key, kind, amount, currency, verdict, transaction_id,
    approval_code, status_message, error_code, error_message, avs, cvv, charged_on, created_at)
    VALUES ($1, $2, 'sale', 11975, 'USD', 'Approved', $2, 'ABC123', 'This transaction has been approved.', '', '', 'Y',
    'Y', $3, $4)";
const RESULT: &str = "INSERT INTO processor_results (org_id, id, payment_id, request, verdict, transaction_id,
    approval_code, status_message, error_code, error_message, avs, cvv, response_time_ms, created_at)
    VALUES ($1, $2, $3, 'sale', 'Approved', $4, 'ABC123', 'This transaction has been approved.', '', '', 'Y', 'Y', 1,
    $5)";
const INVOICE: &str = "UPDATE invoices SET status = 'Paid', applied = total, reserved = 0, updated_at = $3
    WHERE org_id = $1 AND id = $2";
const APPLIED: &str = "UPDATE allocations SET state = 'applied' WHERE org_id = $1 AND payment_id = $2";
const PAID: &str = "UPDATE payments SET status = 'Paid', balance = 0, updated_at = $3 WHERE org_id = $1 AND id = $2";
const FINANCIALS: &str = "UPDATE customer_financials SET outstanding_balance = outstanding_balance - 11975,
    last_payment_amount = 11975, last_payment_on = $3, lifetime_payments = lifetime_payments + 11975
    WHERE org_id = $1 AND customer_id = $2";
const LEDGER: &str = "INSERT INTO ledger_entries (org_id, id, customer_id, payment_id, account, amount, booked_on,
    created_at)
    VALUES ($1, $2, $4, $5, 'Cash', 11975, $6, $7), ($1, $3, $4, $5, 'Receivable', -11975, $6, $7)";
const EVENT: &str = "INSERT INTO events (org_id, id, type, customer_id, object_id, created_at)
    VALUES ($1, $2, 'paymentReceived', $3, $4, $5)";
const DONE: &str = "DELETE FROM jobs WHERE org_id = $1 AND kind = 'checkPayment' AND object_id = $2";

macro_rules! run {
    ($tx:ident, $sql:expr $(, $value:expr)*) => {
        sqlx::query($sql)$(.bind($value))*.execute(&mut *$tx).await?
    };
}

macro_rules! pay {
    ($begin:expr, $new:ident) => {{
        let Payment { org, id, customer, invoice, key, now, today, later } = $new;
        let mut tx = $begin.await?;
        let number: i64 = sqlx::query_scalar(NUMBER).bind(org).fetch_one(&mut *tx).await?;
        run!(tx, PAYMENT, org, id, number.to_string(), invoice, today, now);
        run!(tx, HOLD, org, invoice, now);
        run!(tx, ALLOCATION, org, id + 1, id, invoice, now);
        run!(tx, JOB, org, id + 2, id, later, now);
        tx.commit().await?;
        let mut tx = $begin.await?;
        run!(tx, CHARGE, org, key, today, now);
        tx.commit().await?;
        let mut tx = $begin.await?;
        run!(tx, RESULT, org, id + 3, id, key, now);
        run!(tx, INVOICE, org, invoice, now);
        run!(tx, APPLIED, org, id);
        run!(tx, PAID, org, id, now);
        run!(tx, FINANCIALS, org, customer, today);
        run!(tx, LEDGER, org, id + 4, id + 5, customer, id, today, now);
        run!(tx, EVENT, org, id + 6, customer, id, now);
        run!(tx, DONE, org, id);
        tx.commit().await
    }};
}

pub async fn pay_sqlite(pool: &SqlitePool, new: &Payment) -> sqlx::Result<()> {
    pay!(pool.begin_with("BEGIN IMMEDIATE"), new)
}

pub async fn pay_postgres(pool: &PgPool, new: &Payment) -> sqlx::Result<()> {
    pay!(pool.begin(), new)
}
