//! Methods that are to be kept once the payment made with them is paid.

use dbx::{Conn, Result, Tx, q};
use domain::ids::{OrganizationId, PaymentId};
use domain::payment_methods::Shown;
use domain::payments::MethodType;

use crate::payment_methods::expiry;
use crate::sealed::Sealed;

/// A method that is not on file yet, and its token, sealed for the place where it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToKeep {
    pub preference: i64,
    pub method_type: MethodType,
    pub shown: Shown,
    pub token: Option<Sealed>,
}

#[derive(sqlx::FromRow)]
struct Row {
    preference: i64,
    method_type: MethodType,
    brand: Option<String>,
    last_digits: Option<String>,
    expiry_year: Option<i64>,
    expiry_month: Option<i64>,
    token_sealed: Option<String>,
    key_id: Option<String>,
}

impl TryFrom<Row> for ToKeep {
    type Error = dbx::Error;
    fn try_from(row: Row) -> Result<ToKeep> {
        let expiry = expiry(row.expiry_year, row.expiry_month)?;
        let token = row.token_sealed.zip(row.key_id).map(|(text, key_id)| Sealed { key_id, text });
        let shown = Shown { brand: row.brand, last_digits: row.last_digits, expiry };
        Ok(ToKeep { preference: row.preference, method_type: row.method_type, shown, token })
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, payment: PaymentId) -> Result<Option<ToKeep>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT preference, method_type, brand, last_digits, expiry_year, expiry_month, token_sealed, key_id
         FROM methods_to_keep WHERE org_id = $1 AND payment_id = $2",
        org,
        payment
    )
    .fetch_optional()
    .await?;
    row.map(ToKeep::try_from).transpose()
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, payment: PaymentId, new: &ToKeep) -> Result<u64> {
    let shown = &new.shown;
    q!(
        tx,
        "INSERT INTO methods_to_keep (org_id, payment_id, preference, method_type, brand, last_digits, expiry_year,
            expiry_month, token_sealed, key_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        org,
        payment,
        new.preference,
        new.method_type,
        &shown.brand,
        &shown.last_digits,
        shown.expiry.map(|expiry| i64::from(expiry.year)),
        shown.expiry.map(|expiry| i64::from(expiry.month)),
        new.token.as_ref().map(|token| token.text.as_str()),
        new.token.as_ref().map(|token| token.key_id.as_str())
    )
    .execute()
    .await
}

pub async fn delete(tx: &mut Tx, org: OrganizationId, payment: PaymentId) -> Result<u64> {
    q!(tx, "DELETE FROM methods_to_keep WHERE org_id = $1 AND payment_id = $2", org, payment).execute().await
}
