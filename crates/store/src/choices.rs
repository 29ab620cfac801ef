//! What a customer can pay, and whether something is on file to pay it with: few columns, in one statement, for the page
//! on which invoices are chosen.

use dbx::{Conn, Result, q};
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::invoices::OpenInvoice;
use domain::money::{Amount, Currency};
use domain::payments::MethodType;
use domain::wallet::Expiry;

use crate::corrupt;
use crate::payment_methods::expiry;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Of which something can still be paid, oldest due date first.
    pub open: Vec<OpenInvoice>,
    /// What a processor knows.
    pub methods: Vec<OnFile>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnFile {
    pub method_type: MethodType,
    pub expiry: Option<Expiry>,
}

/// An invoice or a method on file.
#[derive(sqlx::FromRow)]
struct Row {
    is_method: bool,
    /// Of a method, its type.
    number: String,
    due_on: Option<Date>,
    currency: Option<Currency>,
    outstanding: Amount,
    payable: Amount,
    expiry_year: Option<i64>,
    expiry_month: Option<i64>,
}

impl Row {
    fn invoice(self) -> Result<OpenInvoice> {
        let missing = || corrupt("an invoice without currency or due date");
        Ok(OpenInvoice {
            number: self.number,
            currency: self.currency.ok_or_else(missing)?,
            due_on: self.due_on.ok_or_else(missing)?,
            outstanding: self.outstanding,
            payable: self.payable,
        })
    }

    fn method(&self) -> Result<OnFile> {
        let method_type = self.number.parse().map_err(corrupt)?;
        Ok(OnFile { method_type, expiry: expiry(self.expiry_year, self.expiry_month)? })
    }
}

/// Each part is read by its own index; the parts come one after the other.
const BOTH: dbx::Sql = dbx::Sql::new(
    "SELECT * FROM (SELECT FALSE AS is_method, number, due_on, currency, total - applied AS outstanding,
            total - applied - reserved AS payable, CAST(NULL AS BIGINT) AS expiry_year, CAST(NULL AS BIGINT) AS expiry_month
        FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding' AND total - applied - reserved > 0
        ORDER BY due_on, id) i
     UNION ALL
     SELECT * FROM (SELECT TRUE AS is_method, method_type AS number, CAST(NULL AS DATE) AS due_on, NULL AS currency,
            CAST(0 AS BIGINT) AS outstanding, CAST(0 AS BIGINT) AS payable, expiry_year, expiry_month
        FROM payment_methods WHERE org_id = $1 AND customer_id = $2 AND token_sealed IS NOT NULL
        ORDER BY preference) m",
);

pub async fn read(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Choices> {
    let rows: Vec<Row> = q!(conn, BOTH, org, customer).fetch_all().await?;
    let mut choices = Choices::default();
    for row in rows {
        if row.is_method {
            choices.methods.push(row.method()?);
        } else {
            choices.open.push(row.invoice()?);
        }
    }
    Ok(choices)
}
