//! Customers with their contacts and balances.

use dbx::{Conn, Result, Sql, Tx, q};
use domain::contacts::{Address, AddressFields, Contact};
use domain::customers::{Customer, CustomerStatus};
use domain::dates::{TimeUnit, Timestamp};
use domain::ids::{AddressId, ContactId, CustomerId, OrganizationId};
use domain::money::Currency;
use domain::organizations::Terms;

use crate::staff::Attempts;
use crate::{among, corrupt, customer_search, financials};

/// A customer and one of its contacts.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: CustomerId,
    name: String,
    status: CustomerStatus,
    ext_customer_ref: Option<String>,
    crm_customer_id: Option<String>,
    erp_customer_id: Option<String>,
    locale: String,
    is_business_account: bool,
    terms_value: i64,
    terms_units: TimeUnit,
    currency: Currency,
    created_at: Timestamp,
    updated_at: Timestamp,
    financials_id: i64,
    #[sqlx(flatten)]
    contact: ContactRow,
    #[sqlx(flatten)]
    financials: financials::Row,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ContactRow {
    pub(crate) contact_id: ContactId,
    username: Option<String>,
    account_locked: bool,
    first_name: String,
    last_name: String,
    email_primary: String,
    work_phone: Option<String>,
    cell_phone: Option<String>,
    address_id: AddressId,
    street1: Option<String>,
    street2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    country: Option<String>,
    country_code: Option<String>,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Contact {
        let fields = AddressFields {
            street1: row.street1,
            street2: row.street2,
            city: row.city,
            state: row.state,
            zip: row.zip,
            country: row.country,
            country_code: row.country_code,
        };
        Contact {
            id: row.contact_id,
            username: row.username,
            account_locked: row.account_locked,
            first_name: row.first_name,
            last_name: row.last_name,
            email_primary: row.email_primary,
            work_phone: row.work_phone,
            cell_phone: row.cell_phone,
            address: Address { id: row.address_id, fields },
        }
    }
}

/// The rows of one customer: the billing contact's, then the sales contact's if there is one.
pub(crate) fn customer(rows: Vec<Row>) -> Result<Option<Customer>> {
    let mut rows = rows.into_iter();
    let Some(row) = rows.next() else { return Ok(None) };
    let sales_contact = rows.next().map(|row| row.contact.into());
    if rows.next().is_some() {
        return Err(corrupt("a customer has at most two contacts"));
    }
    Ok(Some(Customer {
        id: row.id,
        name: row.name,
        status: row.status,
        ext_customer_ref: row.ext_customer_ref,
        crm_customer_id: row.crm_customer_id,
        erp_customer_id: row.erp_customer_id,
        locale: row.locale,
        is_business_account: row.is_business_account,
        terms: Terms { value: row.terms_value, units: row.terms_units },
        currency: row.currency,
        billing_contact: row.contact.into(),
        sales_contact,
        financials_id: row.financials_id,
        financials: row.financials.into(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }))
}

/// Which of a customer's contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    Billing,
    Sales,
}

impl ContactKind {
    fn name(self) -> &'static str {
        match self {
            ContactKind::Billing => "billing",
            ContactKind::Sales => "sales",
        }
    }

    fn of(self, customer: &Customer) -> Option<&Contact> {
        match self {
            ContactKind::Billing => Some(&customer.billing_contact),
            ContactKind::Sales => customer.sales_contact.as_ref(),
        }
    }
}

/// What is read of a customer, its contacts and balances.
macro_rules! columns {
    () => {
        " c.id, c.name, c.status, c.ext_customer_ref, c.crm_customer_id, c.erp_customer_id, c.locale,
                c.is_business_account, c.terms_value, c.terms_units, c.currency, c.created_at, c.updated_at,
                k.id AS contact_id, k.username, k.account_locked, k.first_name, k.last_name, k.email_primary,
                k.work_phone, k.cell_phone, k.address_id, k.street1, k.street2, k.city, k.state, k.zip, k.country,
                k.country_code, f.id AS financials_id, f.outstanding_balance, f.previous_balance, f.current_balance, f.last_payment_amount,
                f.last_payment_on, f.last_invoice_amount, f.last_invoiced_on, f.lifetime_payments, f.lifetime_value"
    };
}

/// A customer's row joined with those of its contacts and balances.
macro_rules! joined {
    () => {
        " FROM customers c
         JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id
         JOIN customer_financials f ON f.org_id = c.org_id AND f.customer_id = c.id
         "
    };
}

macro_rules! page {
    () => {
        concat!(
            "SELECT (SELECT CAST(COALESCE(SUM(n.customers), 0) AS BIGINT) FROM customer_counts n WHERE n.org_id = $1) AS total,",
            columns!(),
            joined!(),
            "WHERE c.org_id = $1 AND "
        )
    };
}

macro_rules! page_on_sqlite {
    () => {
        concat!(page!(), "c.id IN (", ids_of_page!(), ") ORDER BY c.id, k.kind")
    };
}

macro_rules! ids_of_page {
    () => {
        "SELECT p.id FROM customers p WHERE p.org_id = $1 ORDER BY p.id
         LIMIT (SELECT CAST($2 AS BIGINT)) OFFSET (SELECT CAST($3 AS BIGINT))"
    };
}

const ONE: Sql =
    Sql::new(concat!("SELECT", columns!(), joined!(), "WHERE c.org_id = $1 AND c.id = $2 ORDER BY k.kind"));
/// One text and one plan, whatever their number: PostgreSQL takes longer to plan it than to run it.
pub(crate) const AMONG: Sql =
    among!(concat!("SELECT", columns!(), joined!(), "WHERE c.org_id = $1 AND c.id"), "ORDER BY c.id, k.kind");
/// A page of all of them, each row with how many customers there are. The engine is not told how many rows that makes:
/// PostgreSQL would choose a way anew for each number, and takes an array for ten rows, which it looks up by index.
pub(crate) const PAGE: Sql = Sql {
    sqlite: page_on_sqlite!(),
    postgres: concat!(page!(), "c.id IN (SELECT UNNEST(ARRAY(", ids_of_page!(), "))) ORDER BY c.id, k.kind"),
};
/// How SQLite goes about it.
pub(crate) const PLAN_OF_PAGE: Sql = Sql::new(concat!("EXPLAIN QUERY PLAN ", page_on_sqlite!()));

/// One statement for all of it: this is the most frequent question there is.
pub async fn find(conn: &mut Conn, org: OrganizationId, id: CustomerId) -> Result<Option<Customer>> {
    let rows = q!(conn, ONE, org, id).fetch_all().await?;
    customer(rows)
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, ext_customer_ref: &str) -> Result<Option<CustomerId>> {
    q!(conn, "SELECT id FROM customers WHERE org_id = $1 AND ext_customer_ref = $2", org, ext_customer_ref)
        .scalar_optional()
        .await
}

/// Those that have this id in the merchant's customer relations; two are enough to know that it names none.
pub async fn find_by_crm_id(conn: &mut Conn, org: OrganizationId, crm_id: &str) -> Result<Vec<CustomerId>> {
    let found: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT id FROM customers WHERE org_id = $1 AND crm_customer_id = $2 ORDER BY id LIMIT 2",
        org,
        crm_id
    )
    .fetch_all()
    .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The same in its resource planning.
pub async fn find_by_erp_id(conn: &mut Conn, org: OrganizationId, erp_id: &str) -> Result<Vec<CustomerId>> {
    let found: Vec<(CustomerId,)> = q!(
        conn,
        "SELECT id FROM customers WHERE org_id = $1 AND erp_customer_id = $2 ORDER BY id LIMIT 2",
        org,
        erp_id
    )
    .fetch_all()
    .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// SQLite has no locks of rows: whoever writes is alone from the beginning of the transaction.
const LOCK: Sql = Sql {
    sqlite: "SELECT id FROM customers WHERE org_id = $1 AND id = $2",
    postgres: "SELECT id FROM customers WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE",
};

/// Read for change: nobody else bills or pays for this customer until the transaction ends.
pub async fn lock(tx: &mut Tx, org: OrganizationId, id: CustomerId) -> Result<bool> {
    let locked: Option<CustomerId> = q!(tx, LOCK, org, id).scalar_optional().await?;
    Ok(locked.is_some())
}

pub async fn username_exists(conn: &mut Conn, org: OrganizationId, username: &str) -> Result<bool> {
    let found: Option<ContactId> =
        q!(conn, "SELECT id FROM contacts WHERE org_id = $1 AND username = $2", org, username)
            .scalar_optional()
            .await?;
    Ok(found.is_some())
}

/// The row of the customer and those of its contacts; `passwords` belong to the billing and the sales contact.
pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Customer, passwords: [Option<&str>; 2]) -> Result<()> {
    q!(
        tx,
        "INSERT INTO customers (org_id, id, name, status, ext_customer_ref, crm_customer_id, erp_customer_id, locale,
            is_business_account, terms_value, terms_units, currency, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        org,
        new.id,
        &new.name,
        new.status,
        &new.ext_customer_ref,
        &new.crm_customer_id,
        &new.erp_customer_id,
        &new.locale,
        new.is_business_account,
        new.terms.value,
        new.terms.units,
        new.currency,
        new.created_at,
        new.updated_at
    )
    .execute()
    .await?;
    insert_contact(tx, org, new, ContactKind::Billing, passwords[0]).await?;
    insert_contact(tx, org, new, ContactKind::Sales, passwords[1]).await?;
    financials::insert(tx, org, new.id, new.financials_id).await?;
    customer_search::index(tx, org, new).await
}

/// The row of one of the customer's contacts, if there is such a one; it is as old as the customer's last change.
pub async fn insert_contact(
    tx: &mut Tx,
    org: OrganizationId,
    customer: &Customer,
    kind: ContactKind,
    password_hash: Option<&str>,
) -> Result<u64> {
    let Some(contact) = kind.of(customer) else { return Ok(0) };
    let address = &contact.address.fields;
    q!(
        tx,
        "INSERT INTO contacts (org_id, id, customer_id, kind, username, password_hash, account_locked, first_name,
            last_name, email_primary, work_phone, cell_phone, address_id, street1, street2, city, state, zip, country,
            country_code, country_alpha3, failed_logins, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21, 0, $22, $22)",
        org,
        contact.id,
        customer.id,
        kind.name(),
        &contact.username,
        password_hash,
        contact.account_locked,
        &contact.first_name,
        &contact.last_name,
        &contact.email_primary,
        &contact.work_phone,
        &contact.cell_phone,
        contact.address.id,
        &address.street1,
        &address.street2,
        &address.city,
        &address.state,
        &address.zip,
        &address.country,
        &address.country_code,
        address.country_alpha3(),
        customer.updated_at
    )
    .execute()
    .await
}

/// What is needed to let a contact into the portal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    pub id: ContactId,
    pub customer_id: CustomerId,
    pub status: CustomerStatus,
    pub password_hash: Option<String>,
    pub account_locked: bool,
    pub failed_logins: i64,
    pub locked_until: Option<Timestamp>,
}

pub async fn find_credentials(conn: &mut Conn, org: OrganizationId, username: &str) -> Result<Option<Credentials>> {
    q!(
        conn,
        "SELECT k.id, k.customer_id, c.status, k.password_hash, k.account_locked, k.failed_logins, k.locked_until
         FROM contacts k JOIN customers c ON c.org_id = k.org_id AND c.id = k.customer_id
         WHERE k.org_id = $1 AND k.username = $2 AND k.kind = 'billing'",
        org,
        username
    )
    .fetch_optional()
    .await
}

/// The hash of a contact's password, if it has one.
pub async fn password_of(conn: &mut Conn, org: OrganizationId, id: ContactId) -> Result<Option<String>> {
    let found: Option<Option<String>> =
        q!(conn, "SELECT password_hash FROM contacts WHERE org_id = $1 AND id = $2", org, id).scalar_optional().await?;
    Ok(found.flatten())
}

pub async fn customer_of_contact(conn: &mut Conn, org: OrganizationId, id: ContactId) -> Result<Option<CustomerId>> {
    q!(conn, "SELECT customer_id FROM contacts WHERE org_id = $1 AND id = $2", org, id).scalar_optional().await
}

/// Read for change: guesses made at the same time are counted one after another.
pub async fn lock_attempts(tx: &mut Tx, org: OrganizationId, id: ContactId) -> Result<Attempts> {
    q!(
        tx,
        "UPDATE contacts SET failed_logins = failed_logins WHERE org_id = $1 AND id = $2
         RETURNING failed_logins AS failed, locked_until",
        org,
        id
    )
    .fetch_one()
    .await
}

pub async fn record_attempts(tx: &mut Tx, org: OrganizationId, id: ContactId, attempts: Attempts) -> Result<u64> {
    q!(
        tx,
        "UPDATE contacts SET failed_logins = $3, locked_until = $4 WHERE org_id = $1 AND id = $2",
        org,
        id,
        attempts.failed,
        attempts.locked_until
    )
    .execute()
    .await
}
