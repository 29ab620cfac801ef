//! Methods on file, with their tokens as they were sealed.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::{CustomerId, OrganizationId, PaymentMethodId};
use domain::payment_methods::{PaymentMethod, Shown};
use domain::payments::MethodType;
use domain::wallet::Expiry;

use crate::corrupt;
use crate::sealed::Sealed;

/// A method, and its token where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub method: PaymentMethod,
    pub token: Option<Sealed>,
    /// The day on which a run was told that it will not work again.
    pub refused_on: Option<Date>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: PaymentMethodId,
    customer_id: CustomerId,
    preference: i64,
    method_type: MethodType,
    brand: Option<String>,
    last_digits: Option<String>,
    expiry_year: Option<i64>,
    expiry_month: Option<i64>,
    token_sealed: Option<String>,
    key_id: Option<String>,
    refused_on: Option<Date>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for Stored {
    type Error = dbx::Error;
    fn try_from(row: Row) -> Result<Stored> {
        let expiry = expiry(row.expiry_year, row.expiry_month)?;
        let method = PaymentMethod {
            id: row.id,
            customer: row.customer_id,
            preference: row.preference,
            method_type: row.method_type,
            shown: Shown { brand: row.brand, last_digits: row.last_digits, expiry },
            created_at: row.created_at,
            updated_at: row.updated_at,
        };
        let token = row.token_sealed.zip(row.key_id).map(|(text, key_id)| Sealed { key_id, text });
        Ok(Stored { method, token, refused_on: row.refused_on })
    }
}

/// The month in which a card expires, from its two columns.
pub(crate) fn expiry(year: Option<i64>, month: Option<i64>) -> Result<Option<Expiry>> {
    let Some((year, month)) = year.zip(month) else { return Ok(None) };
    let parts = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    let (year, month) = parts.ok_or_else(|| corrupt("the month in which a card expires"))?;
    Ok(Some(Expiry { year, month }))
}

/// A customer's methods, the first to be tried first.
pub async fn list(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Vec<Stored>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT id, customer_id, preference, method_type, brand, last_digits, expiry_year, expiry_month, token_sealed,
                key_id, refused_on, created_at, updated_at
         FROM payment_methods WHERE org_id = $1 AND customer_id = $2 ORDER BY preference",
        org,
        customer
    )
    .fetch_all()
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// In place of what the customer had there; whether there was something.
pub async fn replace(tx: &mut Tx, org: OrganizationId, new: &Stored) -> Result<bool> {
    let removed = delete(tx, org, new.method.customer, new.method.preference).await?;
    insert(tx, org, new).await?;
    Ok(removed)
}

/// Where the customer has nothing.
pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Stored) -> Result<u64> {
    let method = &new.method;
    let shown = &method.shown;
    q!(
        tx,
        "INSERT INTO payment_methods (org_id, id, customer_id, preference, method_type, brand, last_digits, expiry_year,
            expiry_month, token_sealed, key_id, refused_on, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        org,
        method.id,
        method.customer,
        method.preference,
        method.method_type,
        &shown.brand,
        &shown.last_digits,
        shown.expiry.map(|expiry| i64::from(expiry.year)),
        shown.expiry.map(|expiry| i64::from(expiry.month)),
        new.token.as_ref().map(|token| token.text.as_str()),
        new.token.as_ref().map(|token| token.key_id.as_str()),
        new.refused_on,
        method.created_at,
        method.updated_at
    )
    .execute()
    .await
}

/// Whether there was something in that place.
pub async fn delete(tx: &mut Tx, org: OrganizationId, customer: CustomerId, preference: i64) -> Result<bool> {
    let deleted = q!(
        tx,
        "DELETE FROM payment_methods WHERE org_id = $1 AND customer_id = $2 AND preference = $3",
        org,
        customer,
        preference
    )
    .execute()
    .await?;
    Ok(deleted > 0)
}

/// The customer has changed, although not in its own row.
pub async fn touch_customer(tx: &mut Tx, org: OrganizationId, customer: CustomerId, now: Timestamp) -> Result<u64> {
    q!(tx, "UPDATE customers SET updated_at = $3 WHERE org_id = $1 AND id = $2", org, customer, now).execute().await
}
