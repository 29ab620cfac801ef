//! The rows of a list, read with nothing around it: the columns that its answer shows, in one statement, each value looked
//! at and none of them written out.

use sqlx::{PgPool, Row, SqlitePool, ValueRef};

const CUSTOMERS: &str =
    "SELECT c.id, c.name, c.status, c.ext_customer_ref, c.crm_customer_id, c.erp_customer_id, c.locale,
    c.is_business_account, c.terms_value, c.terms_units, c.currency, c.created_at, c.updated_at, k.id, k.username,
    k.account_locked, k.first_name, k.last_name, k.email_primary, k.work_phone, k.cell_phone, k.address_id, k.street1,
    k.street2, k.city, k.state, k.zip, k.country, k.country_code, f.id, f.outstanding_balance, f.previous_balance,
    f.current_balance, f.last_payment_amount, f.last_payment_on, f.last_invoice_amount, f.last_invoiced_on,
    f.lifetime_payments, f.lifetime_value
    FROM (SELECT * FROM customers WHERE org_id = $1 ORDER BY id LIMIT 50) c
    JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id
    JOIN customer_financials f ON f.org_id = c.org_id AND f.customer_id = c.id
    ORDER BY c.id, k.kind";

const INVOICES: &str = "SELECT number, invoiced_on, due_on, status, currency, total, applied, reserved FROM invoices
    WHERE org_id = $1 AND customer_id = $2 ORDER BY invoiced_on DESC, id DESC LIMIT 20";
const PAYMENTS: &str =
    "SELECT number, effective_on, status, payment_type, reverses_id, method_context, currency, amount
    FROM payments WHERE org_id = $1 AND customer_id = $2 ORDER BY effective_on DESC, id DESC LIMIT 20";
const ORDERS: &str = "SELECT o.number, p.name, o.status, o.start_on, o.next_billable_on
    FROM orders o JOIN plans p ON p.org_id = o.org_id AND p.id = o.plan_id
    WHERE o.org_id = $1 AND o.customer_id = $2 ORDER BY o.created_at DESC, o.id DESC LIMIT 20";

/// What the floor lists.
#[derive(Clone, Copy)]
pub enum List {
    /// The first fifty.
    Customers,
    /// What a page of the portal shows of one customer's: `invoices`, `payments` or `orders`.
    Of { sql: &'static str, customer: i64 },
}

impl List {
    pub fn of(what: &str, customer: i64) -> Option<List> {
        let sql = match what {
            "invoices" => INVOICES,
            "payments" => PAYMENTS,
            "orders" => ORDERS,
            _ => return None,
        };
        Some(List::Of { sql, customer })
    }
}

macro_rules! values {
    ($pool:ident, $organization:ident, $list:ident) => {{
        let rows = match $list {
            List::Customers => sqlx::query(CUSTOMERS).bind($organization).fetch_all($pool).await?,
            List::Of { sql, customer } => sqlx::query(sql).bind($organization).bind(customer).fetch_all($pool).await?,
        };
        let mut values = 0;
        for row in &rows {
            for column in 0..row.len() {
                values += usize::from(!row.try_get_raw(column)?.is_null());
            }
        }
        Ok(values)
    }};
}

/// How many values there were.
pub async fn read_sqlite(pool: &SqlitePool, organization: i64, list: List) -> sqlx::Result<usize> {
    values!(pool, organization, list)
}

pub async fn read_postgres(pool: &PgPool, organization: i64, list: List) -> sqlx::Result<usize> {
    values!(pool, organization, list)
}
