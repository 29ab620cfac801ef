//! The rows of a page of fifty customers, read with nothing around it: the columns that the list's answer shows, in one
//! statement, each value looked at and none of them written out.

use sqlx::{PgPool, Row, SqlitePool, ValueRef};

const ROWS: &str = "SELECT c.id, c.name, c.status, c.ext_customer_ref, c.crm_customer_id, c.erp_customer_id, c.locale,
    c.is_business_account, c.terms_value, c.terms_units, c.currency, c.created_at, c.updated_at, k.id, k.username,
    k.account_locked, k.first_name, k.last_name, k.email_primary, k.work_phone, k.cell_phone, k.address_id, k.street1,
    k.street2, k.city, k.state, k.zip, k.country, k.country_code, f.id, f.outstanding_balance, f.previous_balance,
    f.current_balance, f.last_payment_amount, f.last_payment_on, f.last_invoice_amount, f.last_invoiced_on,
    f.lifetime_payments, f.lifetime_value
    FROM (SELECT * FROM customers WHERE org_id = $1 ORDER BY id LIMIT 50) c
    JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id
    JOIN customer_financials f ON f.org_id = c.org_id AND f.customer_id = c.id
    ORDER BY c.id, k.kind";

macro_rules! values {
    ($pool:ident, $organization:ident) => {{
        let rows = sqlx::query(ROWS).bind($organization).fetch_all($pool).await?;
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
pub async fn read_sqlite(pool: &SqlitePool, organization: i64) -> sqlx::Result<usize> {
    values!(pool, organization)
}

pub async fn read_postgres(pool: &PgPool, organization: i64) -> sqlx::Result<usize> {
    values!(pool, organization)
}
