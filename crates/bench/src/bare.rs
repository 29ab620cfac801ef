//! A customer put into the database with nothing around it: the rows that a created customer has, in one transaction and
//! as few statements as there can be.

use domain::dates::Timestamp;
use domain::search::SearchText;
use sqlx::{PgPool, SqlitePool};

use crate::search::folded;

/// Far above what the server hands out.
const FIRST_ID: i64 = 1 << 52;

pub struct Customer {
    org: i64,
    id: i64,
    texts: [String; 3],
    search: SearchText,
    now: Timestamp,
}

impl Customer {
    pub fn numbered(org: i64, number: i64) -> Customer {
        let texts =
            [format!("Bare {number:07} Ltd"), format!("BARE{number:07}"), format!("bare{number:07}@example.com")];
        let names = ["Zoë", "Example"].map(str::to_owned);
        let search = folded(&texts.iter().cloned().chain(names).collect::<Vec<_>>());
        let now = "2025-11-01T09:00:00Z".parse().expect("it is a time");
        Customer { org, id: FIRST_ID + number, texts, search, now }
    }

    fn parts(&self) -> Vec<i64> {
        self.search.parts().into_iter().collect()
    }
}

const CUSTOMER: &str = "INSERT INTO customers (org_id, id, name, status, ext_customer_ref, locale, is_business_account,
    terms_value, terms_units, currency, created_at, updated_at)
    VALUES ($1, $2, $3, 'Active', $4, 'en_US', TRUE, 30, 'Days', 'USD', $5, $5)";
const CONTACT: &str = "INSERT INTO contacts (org_id, id, customer_id, kind, account_locked, first_name, last_name,
    email_primary, work_phone, address_id, street1, city, state, zip, country_code, country_alpha3, failed_logins, created_at,
    updated_at)
    VALUES ($1, $2, $2, 'billing', FALSE, 'Zoë', 'Example', $3, '555 555 5555', $2, '43 Main Av', 'Chicago', 'IL',
    '12345', 'USA', 'USA', 0, $4, $4)";
const FINANCIALS: &str = "INSERT INTO customer_financials (org_id, customer_id, id, outstanding_balance,
    previous_balance, current_balance, last_payment_amount, last_invoice_amount, lifetime_payments, lifetime_value)
    VALUES ($1, $2, $2, 0, 0, 0, 0, 0, 0, 0)";
const TEXT: &str = "INSERT INTO customer_search_texts (org_id, customer_id, text) VALUES ($1, $2, $3)";
const PARTS_SQLITE: &str = "INSERT INTO customer_search_parts (org_id, part, customer_id)
    SELECT $1, value, $2 FROM json_each($3)";
const PARTS_POSTGRES: &str = "INSERT INTO customer_search_parts (org_id, part, customer_id)
    SELECT $1, part, $2 FROM UNNEST(CAST($3 AS BIGINT[])) AS part";
const EVENT: &str = "INSERT INTO events (org_id, id, type, customer_id, object_id, created_at)
    VALUES ($1, $2, 'newCustomer', $2, $2, $3)";
const COUNT: &str = "INSERT INTO customer_counts (org_id, status, slot, customers) VALUES ($1, 'Active', $2 % 16, 1)
    ON CONFLICT (org_id, status, slot) DO UPDATE SET customers = customer_counts.customers + 1";

macro_rules! insert {
    ($tx:ident, $new:ident, $parts:expr, $values:expr) => {{
        let Customer { org, id, texts: [name, reference, email], search, now } = $new;
        let row = || sqlx::query(CUSTOMER).bind(org).bind(id);
        row().bind(name).bind(reference).bind(now).execute(&mut *$tx).await?;
        sqlx::query(CONTACT).bind(org).bind(id).bind(email).bind(now).execute(&mut *$tx).await?;
        sqlx::query(FINANCIALS).bind(org).bind(id).execute(&mut *$tx).await?;
        sqlx::query(TEXT).bind(org).bind(id).bind(search.as_str()).execute(&mut *$tx).await?;
        sqlx::query($parts).bind(org).bind(id).bind($values).execute(&mut *$tx).await?;
        sqlx::query(EVENT).bind(org).bind(id).bind(now).execute(&mut *$tx).await?;
        sqlx::query(COUNT).bind(org).bind(id).execute(&mut *$tx).await?;
        $tx.commit().await
    }};
}

pub async fn insert_sqlite(pool: &SqlitePool, new: &Customer) -> sqlx::Result<()> {
    let parts = format!("{:?}", new.parts());
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    insert!(tx, new, PARTS_SQLITE, &parts)
}

pub async fn insert_postgres(pool: &PgPool, new: &Customer) -> sqlx::Result<()> {
    let parts = new.parts();
    let mut tx = pool.begin().await?;
    insert!(tx, new, PARTS_POSTGRES, &parts)
}
