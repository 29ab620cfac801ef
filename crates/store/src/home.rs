//! What a customer's first page shows of invoices, payments, methods and the payment plan: few columns, in one statement,
//! because this page is asked for most.

use dbx::{Conn, Result, q};
use domain::dates::Date;
use domain::ids::{CustomerId, OrganizationId};
use domain::invoices::{OpenInvoice, OpenTotals};
use domain::money::{Amount, Currency};
use domain::payment_methods::Shown;
use domain::payment_plans::PlanStatus;
use domain::payments::{MethodType, PaymentStatus, PaymentSummary, PaymentType};

use crate::corrupt;

/// Whose page it is, and how much of each there is room for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub org: OrganizationId,
    pub customer: CustomerId,
    pub today: Date,
    pub invoices: i64,
    pub payments: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Of all open invoices, shown or not.
    pub totals: OpenTotals,
    /// Oldest due date first.
    pub open: Vec<OpenInvoice>,
    /// Newest first.
    pub payments: Vec<PaymentSummary>,
    pub method: Option<FirstMethod>,
    /// Of the customer's payment plan, where there is one.
    pub plan: Option<PlanStatus>,
}

impl Found {
    /// In the order in which they are tried.
    fn consider(&mut self, method: FirstMethod) {
        if self.method.as_ref().is_none_or(|first| first.is_refused && !method.is_refused) {
            self.method = Some(method);
        }
    }
}

/// The method on file that is tried first; where none can be tried, the first that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstMethod {
    /// `Visa: 1111`
    pub context: String,
    /// A run was told that it will not work again.
    pub is_refused: bool,
}

const INVOICE: i64 = 1;
const PAYMENT: i64 = 2;
const METHOD: i64 = 3;

/// An invoice, a payment, a method on file, or a payment plan.
#[derive(sqlx::FromRow)]
struct Row {
    part: i64,
    /// Of a method, its type.
    number: String,
    day: Option<Date>,
    currency: Option<Currency>,
    /// Of an invoice what it owes, of a payment all of it.
    amount: Amount,
    /// Of an invoice what can still be paid; of a plan 1 if it is offered.
    payable: Amount,
    /// Of a method, its brand.
    status: Option<String>,
    payment_type: Option<String>,
    /// Of a method, its last digits.
    method: Option<String>,
    /// A payment that takes another one back, a method that will not work again, a plan that is on.
    is_marked: bool,
}

impl Row {
    fn invoice(self) -> Result<OpenInvoice> {
        Ok(OpenInvoice {
            number: self.number,
            currency: self.currency.ok_or_else(missing)?,
            due_on: self.day.ok_or_else(missing)?,
            outstanding: self.amount,
            payable: self.payable,
        })
    }

    fn payment(self) -> Result<PaymentSummary> {
        Ok(PaymentSummary {
            number: self.number,
            status: self.status.ok_or_else(missing)?.parse::<PaymentStatus>().map_err(corrupt)?,
            payment_type: self.payment_type.ok_or_else(missing)?.parse::<PaymentType>().map_err(corrupt)?,
            method_context: self.method.ok_or_else(missing)?,
            is_reversal: self.is_marked,
            currency: self.currency.ok_or_else(missing)?,
            amount: self.amount,
            effective_on: self.day.ok_or_else(missing)?,
        })
    }

    fn method(self) -> Result<FirstMethod> {
        let method_type = self.number.parse::<MethodType>().map_err(corrupt)?;
        let shown = Shown { brand: self.status, last_digits: self.method, expiry: None };
        Ok(FirstMethod { context: shown.context(method_type), is_refused: self.is_marked })
    }
}

fn missing() -> dbx::Error {
    corrupt("a column of the home page")
}

/// Each part is sorted by itself, by its index; the parts come one after the other.
const PAGE: dbx::Sql = dbx::Sql::new(
    "SELECT * FROM (SELECT CAST(1 AS BIGINT) AS part, number, due_on AS day, currency, total - applied AS amount,
            total - applied - reserved AS payable, CAST(NULL AS TEXT) AS status, CAST(NULL AS TEXT) AS payment_type,
            CAST(NULL AS TEXT) AS method, FALSE AS is_marked
        FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding'
        ORDER BY due_on, id LIMIT CAST($3 AS BIGINT)) i
     UNION ALL
     SELECT * FROM (SELECT CAST(2 AS BIGINT) AS part, number, effective_on AS day, currency, amount, amount AS payable,
            status, payment_type, method_context AS method, reverses_id IS NOT NULL AS is_marked
        FROM payments WHERE org_id = $1 AND customer_id = $2
        ORDER BY effective_on DESC, id DESC LIMIT CAST($4 AS BIGINT)) p
     UNION ALL
     SELECT * FROM (SELECT CAST(3 AS BIGINT) AS part, method_type AS number, CAST(NULL AS DATE) AS day, NULL AS currency,
            CAST(0 AS BIGINT) AS amount, CAST(0 AS BIGINT) AS payable, brand AS status, NULL AS payment_type,
            last_digits AS method, refused_on IS NOT NULL AS is_marked
        FROM payment_methods WHERE org_id = $1 AND customer_id = $2 AND token_sealed IS NOT NULL
        ORDER BY preference LIMIT 3) m
     UNION ALL
     SELECT * FROM (SELECT CAST(4 AS BIGINT) AS part, '' AS number, CAST(NULL AS DATE) AS day, NULL AS currency,
            CAST(0 AS BIGINT) AS amount, CAST(CASE WHEN is_offered THEN 1 ELSE 0 END AS BIGINT) AS payable,
            NULL AS status, NULL AS payment_type, NULL AS method, is_enabled AS is_marked
        FROM payment_plans WHERE org_id = $1 AND customer_id = $2
        ORDER BY sequence DESC LIMIT 1) t",
);

/// In one statement; only who has more open invoices than there is room for has them summed by a second.
pub async fn read(conn: &mut Conn, wanted: Wanted) -> Result<Found> {
    let Wanted { org, customer, today, invoices, payments } = wanted;
    let rows: Vec<Row> = q!(conn, PAGE, org, customer, invoices + 1, payments).fetch_all().await?;
    let mut found = Found::default();
    for row in rows {
        match row.part {
            INVOICE => found.open.push(row.invoice()?),
            PAYMENT => found.payments.push(row.payment()?),
            METHOD => found.consider(row.method()?),
            _ => found.plan = Some(PlanStatus::of(row.is_marked, row.payable != Amount::ZERO)),
        }
    }
    let room = usize::try_from(invoices).unwrap_or_default();
    if found.open.len() > room {
        found.totals = totals(conn, wanted).await?;
        found.open.truncate(room);
    } else {
        found.totals = OpenTotals::of(&found.open, today);
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct TotalsRow {
    first_due_on: Option<Date>,
    next_due_on: Option<Date>,
    outstanding: Amount,
    payable: Amount,
    overdue: Amount,
    invoices: i64,
    overdue_invoices: i64,
}

/// What the open invoices come to, by their index alone.
async fn totals(conn: &mut Conn, wanted: Wanted) -> Result<OpenTotals> {
    let row: TotalsRow = q!(
        conn,
        "SELECT MIN(due_on) AS first_due_on, MIN(CASE WHEN due_on >= $3 THEN due_on END) AS next_due_on,
                CAST(COALESCE(SUM(total - applied), 0) AS BIGINT) AS outstanding,
                CAST(COALESCE(SUM(total - applied - reserved), 0) AS BIGINT) AS payable,
                CAST(COALESCE(SUM(CASE WHEN due_on < $3 THEN total - applied ELSE 0 END), 0) AS BIGINT) AS overdue,
                COUNT(*) AS invoices, COUNT(CASE WHEN due_on < $3 THEN 1 END) AS overdue_invoices
         FROM invoices WHERE org_id = $1 AND customer_id = $2 AND status = 'Outstanding'",
        wanted.org,
        wanted.customer,
        wanted.today
    )
    .fetch_one()
    .await?;
    Ok(OpenTotals {
        count: row.invoices,
        outstanding: row.outstanding,
        payable: row.payable,
        overdue_count: row.overdue_invoices,
        overdue: row.overdue,
        first_due_on: row.first_due_on,
        next_due_on: row.next_due_on,
    })
}
