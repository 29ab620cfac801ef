//! The customer's first page: what is owed and since when, what is charged next, what was paid last.

use domain::customers::Account;
use domain::dates::Date;
use domain::invoices::{OpenInvoice, OpenTotals};
use domain::next_charge::{Known, NextCharge, next_charge};
use domain::organizations::Organization;
use domain::payment_plans::PlanStatus;
use domain::payments::PaymentSummary;
use store::home::{FirstMethod, Found, Wanted};

use super::Me;
use crate::{Billing, Result, View};

/// Open invoices shown at home, the oldest due date first.
const OPEN_INVOICES: i64 = 10;
const LAST_PAYMENTS: i64 = 3;
/// Invoices that are looked at to say what is charged next.
const CHARGED_MAX: i64 = 100;

pub struct Home {
    /// Of all open invoices, shown or not.
    pub totals: OpenTotals,
    /// Oldest due date first.
    pub open: Vec<OpenInvoice>,
    pub payments: Vec<PaymentSummary>,
    /// `None`: nothing is on file that could be charged.
    pub autopay: Option<FirstOnFile>,
    /// Of the customer's payment plan, where there is one.
    pub plan: Option<PlanStatus>,
    pub today: Date,
}

/// What happens by itself with the method on file that is tried first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstOnFile {
    /// `Visa: 1111`
    pub method: String,
    /// It will not work again, and there is no other.
    pub is_refused: bool,
    pub next: Option<Coming>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    pub charge: NextCharge,
    /// The amount may turn out less: credit is used first, or there is too much to look at.
    pub is_exact: bool,
}

impl Me {
    pub async fn home(&self) -> Result<Home> {
        let mut view = self.view().await?;
        let today = self.today();
        let payments = if self.org.portal.show_payments { LAST_PAYMENTS } else { 0 };
        let wanted = Wanted { org: self.org.id, customer: self.id(), today, invoices: OPEN_INVOICES, payments };
        let Found { totals, open, payments, method, plan } = store::home::read(&mut view.conn, wanted).await?;
        let autopay = match method.filter(|_| self.org.has_processor()) {
            Some(method) => Some(self.first_on_file(&mut view, method, &totals).await?),
            None => None,
        };
        Ok(Home { totals, open, payments, autopay, plan, today })
    }

    async fn first_on_file(&self, view: &mut View, method: FirstMethod, totals: &OpenTotals) -> Result<FirstOnFile> {
        let FirstMethod { context: method, is_refused } = method;
        let is_charged = !is_refused && self.account.status.is_charged_by_run();
        let next = if is_charged { next(view, &self.billing, &self.account, totals).await? } else { None };
        Ok(FirstOnFile { method, is_refused, next })
    }
}

/// What the daily run will charge, by its own rules.
async fn next(view: &mut View, billing: &Billing, account: &Account, totals: &OpenTotals) -> Result<Option<Coming>> {
    let (org, customer) = (view.org.id, account.customer);
    let conn = &mut view.conn;
    let plan = store::payment_plans::current(conn, org, customer).await?.filter(|plan| plan.is_enabled);
    if plan.is_none() && totals.count == 0 {
        return Ok(None);
    }
    let owed = account.balances.outstanding_balance - store::collections::pending(conn, org, customer).await?;
    let known = Known {
        first_run_on: first_run_on(billing, &view.org, store::organizations::run_on(conn, org).await?),
        invoices: store::collections::chargeable_invoices(conn, org, customer, CHARGED_MAX).await?,
        decline: store::declines::find(conn, org, customer).await?,
        owed,
        plan,
    };
    let has_credit = account.balances.outstanding_balance < totals.outstanding;
    let is_exact =
        known.plan.is_some() || !has_credit && known.invoices.len() < usize::try_from(CHARGED_MAX).unwrap_or(0);
    Ok(next_charge(&known).map(|charge| Coming { charge, is_exact }))
}

/// Today, unless its work is done.
fn first_run_on(billing: &Billing, org: &Organization, done: Date) -> Date {
    billing.today(org).max(done.add_days(1))
}
