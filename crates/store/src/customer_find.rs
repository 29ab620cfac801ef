//! Customers as the UniPay-compatible API shows them: one flat row with the billing contact, found by any of its fields.

use dbx::{Conn, Result, Tx, q};
use domain::countries;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId};

use crate::{Page, customer_search};

/// A customer with what that API knows of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    pub id: CustomerId,
    pub ext_customer_ref: Option<String>,
    /// Its own, else the organization's, else none.
    pub account_id: Option<i64>,
    pub created_at: Timestamp,
    pub name: String,
    pub is_business_account: bool,
    pub first_name: String,
    pub last_name: String,
    /// Empty for one that was made without.
    pub email_primary: String,
    pub work_phone: Option<String>,
    pub street1: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub country_code: Option<String>,
}

impl Found {
    /// The merchant's reference, else the id.
    pub fn code(&self) -> String {
        self.ext_customer_ref.clone().unwrap_or_else(|| self.id.to_string())
    }
}

/// What all customers found have in common. Texts are parts, their case does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    pub account_id: Option<i64>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// The name of a business; others have none.
    pub organization_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    /// A part of the code as it was sent; or a whole code, in whichever form the customer's was sent.
    pub country_code: Option<String>,
}

/// In the order of their ids.
pub async fn find(conn: &mut Conn, org: OrganizationId, by: &Criteria, page: Page) -> Result<Vec<Found>> {
    q!(
        conn,
        "SELECT c.id, c.ext_customer_ref, COALESCE(c.account_id, o.account_id) AS account_id, c.created_at, c.name,
                c.is_business_account, k.first_name, k.last_name, k.email_primary, k.work_phone, k.street1, k.city,
                k.state, k.zip, k.country_code
         FROM customers c
         JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id AND k.kind = 'billing'
         JOIN organizations o ON o.id = c.org_id
         WHERE c.org_id = $1
           AND (CAST($2 AS BIGINT) IS NULL OR COALESCE(c.account_id, o.account_id) = CAST($2 AS BIGINT))
           AND LOWER(k.first_name) LIKE LOWER($3) ESCAPE '!'
           AND LOWER(k.last_name) LIKE LOWER($4) ESCAPE '!'
           AND LOWER(CASE WHEN c.is_business_account THEN c.name ELSE '' END) LIKE LOWER($5) ESCAPE '!'
           AND LOWER(k.email_primary) LIKE LOWER($6) ESCAPE '!'
           AND LOWER(COALESCE(k.work_phone, '')) LIKE LOWER($7) ESCAPE '!'
           AND LOWER(COALESCE(k.street1, '')) LIKE LOWER($8) ESCAPE '!'
           AND LOWER(COALESCE(k.city, '')) LIKE LOWER($9) ESCAPE '!'
           AND LOWER(COALESCE(k.state, '')) LIKE LOWER($10) ESCAPE '!'
           AND LOWER(COALESCE(k.zip, '')) LIKE LOWER($11) ESCAPE '!'
           AND (LOWER(COALESCE(k.country_code, '')) LIKE LOWER($12) ESCAPE '!' OR k.country_alpha3 = $15)
         ORDER BY c.id LIMIT CAST($13 AS BIGINT) OFFSET CAST($14 AS BIGINT)",
        org,
        by.account_id,
        pattern(by.first_name.as_deref()),
        pattern(by.last_name.as_deref()),
        pattern(by.organization_name.as_deref()),
        pattern(by.email.as_deref()),
        pattern(by.phone.as_deref()),
        pattern(by.street.as_deref()),
        pattern(by.city.as_deref()),
        pattern(by.state.as_deref()),
        pattern(by.zip.as_deref()),
        pattern(by.country_code.as_deref()),
        page.max,
        page.offset,
        by.country_code.as_deref().and_then(countries::alpha3)
    )
    .fetch_all()
    .await
}

pub async fn get(conn: &mut Conn, org: OrganizationId, id: CustomerId) -> Result<Option<Found>> {
    q!(
        conn,
        "SELECT c.id, c.ext_customer_ref, COALESCE(c.account_id, o.account_id) AS account_id, c.created_at, c.name,
                c.is_business_account, k.first_name, k.last_name, k.email_primary, k.work_phone, k.street1, k.city,
                k.state, k.zip, k.country_code
         FROM customers c
         JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id AND k.kind = 'billing'
         JOIN organizations o ON o.id = c.org_id
         WHERE c.org_id = $1 AND c.id = $2",
        org,
        id
    )
    .fetch_optional()
    .await
}

/// The organization's account, where it has one.
pub async fn account(conn: &mut Conn, org: OrganizationId) -> Result<Option<i64>> {
    q!(conn, "SELECT account_id FROM organizations WHERE id = $1", org).scalar().await
}

pub async fn set_account(tx: &mut Tx, org: OrganizationId, id: CustomerId, account_id: i64) -> Result<u64> {
    q!(tx, "UPDATE customers SET account_id = $3 WHERE org_id = $1 AND id = $2", org, id, account_id).execute().await
}

/// Everything, where nothing is asked for.
fn pattern(part: Option<&str>) -> String {
    customer_search::pattern(part.unwrap_or_default())
}
