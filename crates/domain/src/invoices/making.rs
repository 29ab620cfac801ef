//! Invoices that a merchant makes itself (`api.md` §5.1, §5.2).

use super::pricing::price;
use super::{InvoiceStatus, NewInvoiceLine, PricedLines, Totals};
use crate::checks::Problems;
use crate::dates::{BillingPeriod, Date, Period};
use crate::money::{Amount, Currency};
use crate::organizations::Terms;

/// An invoice as it comes in; whom it is for is said beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewInvoice {
    /// `None`: the organization's next. Whether it is unique is asked elsewhere.
    pub number: Option<String>,
    pub crm_invoice_id: Option<String>,
    pub erp_invoice_id: Option<String>,
    /// Not owed yet.
    pub is_draft: bool,
    pub currency: Option<Currency>,
    pub billing_period: Option<BillingPeriod>,
    pub invoiced_on: Option<Date>,
    pub due_on: Option<Date>,
    pub period: Option<Period>,
    pub notes: Option<String>,
    pub totals: Totals,
    /// At least one.
    pub lines: Vec<NewInvoiceLine>,
}

/// What an invoice takes from its customer and the organization where it does not say.
#[derive(Clone, Copy, Debug)]
pub struct Making {
    /// The customer's; anything else is refused.
    pub currency: Currency,
    /// The customer's.
    pub terms: Terms,
    pub today: Date,
    /// What the customer owed before.
    pub previous_balance: Amount,
}

/// An invoice with every value but its ids and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub status: InvoiceStatus,
    pub currency: Currency,
    pub billing_period: BillingPeriod,
    pub invoiced_on: Date,
    pub due_on: Date,
    pub period: Period,
    pub lines: PricedLines,
}

impl NewInvoice {
    /// The invoice to be stored, or everything that is wrong with it.
    pub fn made(&self, making: &Making) -> Result<Made, Problems> {
        let mut problems = Problems::new();
        let currency = making.currency;
        if self.currency.is_some_and(|given| given != currency) {
            problems.add("currency", format!("currency must be the customer's, {currency}."));
        }
        let invoiced_on = self.invoiced_on.unwrap_or(making.today);
        let due_on = self.due_on.unwrap_or_else(|| making.terms.due(invoiced_on));
        problems.extend(check_dates(invoiced_on, due_on));
        let lines = price(&self.lines, currency, invoiced_on, &mut problems);
        if let Some(lines) = &lines {
            let previous = currency.decimal(making.previous_balance);
            self.totals.check(currency.decimal(lines.total), previous, &mut problems);
        }
        let made = lines.map(|lines| Made {
            status: if self.is_draft { InvoiceStatus::Draft } else { InvoiceStatus::Outstanding },
            currency,
            billing_period: self.billing_period.unwrap_or(BILLING_PERIOD),
            invoiced_on,
            due_on,
            period: self.period.unwrap_or(lines.period),
            lines,
        });
        match made {
            Some(made) => problems.result(made),
            None => Err(problems),
        }
    }
}

/// Of an invoice that no plan is behind; every invoice shows one.
const BILLING_PERIOD: BillingPeriod = BillingPeriod::Monthly;

pub(super) fn check_dates(invoiced_on: Date, due_on: Date) -> Problems {
    if due_on >= invoiced_on {
        return Problems::new();
    }
    Problems::one("dueDate", "dueDate must not be before invoiceDate.")
}
