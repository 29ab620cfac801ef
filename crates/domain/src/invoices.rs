//! Invoices: what a run issues or a merchant makes, paid by allocation (`api.md` §5.1).

mod changed_lines;
mod changing;
mod filter;
mod making;
mod open;
mod pricing;
mod search;

use std::cmp::Ordering;

use crate::dates::{BillingPeriod, Date, Period, Timestamp};
use crate::ids::{ChargeId, CustomerId, InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId, OrderLineId, TierId};
use crate::money::{Amount, Currency, Price, Quantity};
use crate::payments::Allocation;
use crate::usage::Rated;

pub use changing::{CannotCancel, CannotChange, Changing, InvoiceUpdate, Updated};
pub use filter::{InvoiceFilter, StatusFilter};
pub use making::{Made, Making, NewInvoice};
pub use open::{OpenInvoice, OpenTotals};
pub use pricing::{NewInvoiceCharge, NewInvoiceLine, PricedCharge, PricedLine, PricedLines, Totals};
pub use search::{InvoiceSearch, InvoiceState};

/// Of a number that a merchant chooses, and of the ids in its other systems.
pub const INVOICE_NUMBER_MAX: usize = 10;
pub const FOREIGN_ID_MAX: usize = 25;
pub const TEXT_MAX: usize = 255;
/// Invoices that one call may bring, lines of one, and charges of a line.
pub const INVOICES_MAX: usize = 1_000;
pub const LINES_MAX: usize = 1_000;

/// What is to be invoiced, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub currency: Currency,
    /// Of the first order in it.
    pub billing_period: BillingPeriod,
    /// The earliest of its plans' due dates.
    pub due_on: Date,
    pub lines: Vec<DraftLine>,
}

/// What becomes of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Invoice,
    /// More was given back than is owed: a credit of that amount to the customer, and no invoice.
    Credit(Amount),
    /// No invoice of 0.00; periods advance and usage counts as processed all the same.
    Nothing,
}

/// One order in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine {
    pub order: OrderId,
    pub text: String,
    pub period: Period,
    pub charges: Vec<DraftCharge>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftCharge {
    pub charge: ChargeId,
    pub order_line: OrderLineId,
    pub tier: TierId,
    pub text: String,
    pub kind: ChargeKind,
    pub accounting_code: Option<String>,
    pub period: Period,
    pub quantity: Quantity,
    pub unit_of_measure: Option<String>,
    /// A percentage where `is_percent`; the quantity is money then.
    pub unit_price: Price,
    pub is_percent: bool,
    pub amount: Amount,
    /// What the ledger books as tax: of an exclusive tax its amount, of an inclusive one what the prices contain.
    pub tax: Amount,
    /// The usage that is in it; their amounts sum to its own.
    pub activities: Vec<Rated>,
    pub explanation: String,
}

/// What a charge on an invoice is for. An order line is charged once per period and kind; usage is guarded by its
/// activities, and a tax by what it taxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeKind {
    /// A period that begins, or what is paid once with it.
    Advance,
    /// A period that is over.
    Arrears,
    Usage,
    /// Days that were billed and are given back; negative.
    Credit,
    Tax,
}

crate::names!(ChargeKind {
    Advance => "Advance",
    Arrears => "Arrears",
    Usage => "Usage",
    Credit => "Credit",
    Tax => "Tax",
});

impl FullInvoice {
    /// The part of the total that is tax.
    pub fn tax(&self) -> Amount {
        self.lines.iter().flat_map(|line| &line.charges).map(|charge| charge.tax).sum()
    }
}

impl DraftLine {
    pub fn total(&self) -> Amount {
        self.charges.iter().map(|charge| charge.amount).sum()
    }
}

impl Draft {
    pub fn total(&self) -> Amount {
        self.lines.iter().map(DraftLine::total).sum()
    }

    /// The part of the total that is tax; the rest is revenue.
    pub fn tax(&self) -> Amount {
        self.charges().map(|charge| charge.tax).sum()
    }

    pub fn net(&self) -> Amount {
        self.total() - self.tax()
    }

    pub fn charges(&self) -> impl Iterator<Item = &DraftCharge> {
        self.lines.iter().flat_map(|line| &line.charges)
    }

    /// The orders in it, each once, in their order.
    pub fn orders(&self) -> Vec<OrderId> {
        let mut orders = Vec::new();
        for line in &self.lines {
            if !orders.contains(&line.order) {
                orders.push(line.order);
            }
        }
        orders
    }

    pub fn outcome(&self) -> Outcome {
        let total = self.total();
        match total.cmp(&Amount::ZERO) {
            Ordering::Greater => Outcome::Invoice,
            Ordering::Equal => Outcome::Nothing,
            Ordering::Less => Outcome::Credit(-total),
        }
    }

    /// From the first day billed to the last.
    pub fn period(&self) -> Period {
        let start = self.lines.iter().map(|line| line.period.start).min();
        let end = self.lines.iter().map(|line| line.period.end).max();
        Period { start: start.expect("a draft has a line"), end: end.expect("a draft has a line") }
    }
}

/// The head of an invoice.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: InvoiceId,
    pub customer: CustomerId,
    /// All that the end user sees of it.
    pub number: String,
    /// Its ids in the merchant's other systems.
    pub crm_id: Option<String>,
    pub erp_id: Option<String>,
    pub status: InvoiceStatus,
    pub currency: Currency,
    pub billing_period: BillingPeriod,
    pub invoiced_on: Date,
    pub due_on: Date,
    pub period: Period,
    /// This invoice's new charges.
    pub total: Amount,
    /// What the customer owed before it.
    pub previous_balance: Amount,
    /// Applied so far.
    pub applied: Amount,
    /// Held by payments whose outcome is not known yet.
    pub reserved: Amount,
    pub notes: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Invoice {
    /// Still unpaid: what this invoice has in the customer's balance.
    pub fn outstanding(&self) -> Amount {
        if self.status.is_owed() { self.total - self.applied } else { Amount::ZERO }
    }

    /// What another payment may still take.
    pub fn payable(&self) -> Amount {
        self.outstanding() - self.reserved
    }

    pub fn is_open(&self) -> bool {
        self.status == InvoiceStatus::Outstanding
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.is_open() && self.due_on < today
    }

    /// The invoice after a payment that had reserved `amount` of it was received.
    pub fn apply(mut self, amount: Amount) -> Result<Invoice, CannotApply> {
        if !self.is_open() {
            return Err(CannotApply::NotOpen);
        }
        if !amount.is_positive() || amount > self.outstanding() {
            return Err(CannotApply::Amount);
        }
        self.applied += amount;
        if self.outstanding().is_zero() {
            self.status = InvoiceStatus::Paid;
        }
        assert!(self.applied <= self.total, "never more applied than owed");
        Ok(self)
    }

    /// The invoice after a payment that had paid `amount` of it was taken back: it is owed again.
    pub fn reopen(mut self, amount: Amount) -> Result<Invoice, CannotApply> {
        if !self.status.is_owed() {
            return Err(CannotApply::NotOpen);
        }
        if !amount.is_positive() || amount > self.applied {
            return Err(CannotApply::Amount);
        }
        self.applied = self.applied - amount;
        self.status = InvoiceStatus::Outstanding;
        Ok(self)
    }

    /// Holds `amount` for a payment on its way.
    pub fn reserve(mut self, amount: Amount) -> Result<Invoice, CannotApply> {
        if !self.is_open() {
            return Err(CannotApply::NotOpen);
        }
        if !amount.is_positive() || amount > self.payable() {
            return Err(CannotApply::Amount);
        }
        self.reserved += amount;
        Ok(self)
    }

    /// Gives back what a payment had held.
    pub fn release(mut self, amount: Amount) -> Invoice {
        assert!(amount <= self.reserved, "only what was reserved is released");
        self.reserved = self.reserved - amount;
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotApply {
    #[error("the invoice is not open")]
    NotOpen,
    #[error("the amount is not within what the invoice still owes")]
    Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvoiceStatus {
    /// Unpaid, or paid in part.
    Outstanding,
    Paid,
    Cancelled,
    /// Being edited: nobody owes it yet, and it is not in the ledger.
    Draft,
    /// It could not be made. Only the system says so; nobody owes it.
    Error,
    /// A later invoice took over its balance: what is owed is owed there, and this one is closed.
    CarriedOver,
}

crate::names!(InvoiceStatus {
    Outstanding => "Outstanding",
    Paid => "Paid",
    Cancelled => "Cancelled",
    Draft => "Draft",
    Error => "Error",
    CarriedOver => "CarriedOver",
});

impl InvoiceStatus {
    /// Whether its customer is shown it and told of it.
    pub fn is_for_customers(self) -> bool {
        match self {
            InvoiceStatus::Draft | InvoiceStatus::Error => false,
            InvoiceStatus::Outstanding
            | InvoiceStatus::Paid
            | InvoiceStatus::Cancelled
            | InvoiceStatus::CarriedOver => true,
        }
    }

    /// Whether its total was booked and stays booked.
    pub fn is_owed(self) -> bool {
        match self {
            InvoiceStatus::Outstanding | InvoiceStatus::Paid => true,
            InvoiceStatus::Cancelled | InvoiceStatus::Draft | InvoiceStatus::Error | InvoiceStatus::CarriedOver => {
                false
            }
        }
    }
}

/// An invoice with everything in it, as it is shown.
#[derive(Clone, Debug)]
pub struct FullInvoice {
    pub head: Invoice,
    pub orders: Vec<OrderId>,
    pub lines: Vec<InvoiceLine>,
    pub allocations: Vec<Allocation>,
}

#[derive(Clone, Debug)]
pub struct InvoiceLine {
    pub id: InvoiceLineId,
    pub position: i64,
    pub text: String,
    pub period: Period,
    pub charges: Vec<InvoiceCharge>,
}

#[derive(Clone, Debug)]
pub struct InvoiceCharge {
    pub id: InvoiceChargeId,
    pub position: i64,
    pub charge: Option<ChargeId>,
    pub order_line: Option<OrderLineId>,
    pub tier: Option<TierId>,
    pub text: String,
    pub kind: ChargeKind,
    pub accounting_code: Option<String>,
    /// The day of what happened on one.
    pub charged_on: Option<Date>,
    pub period: Period,
    pub quantity: Quantity,
    pub unit_of_measure: Option<String>,
    pub unit_price: Price,
    pub is_percent: bool,
    pub amount: Amount,
    /// What the ledger booked as tax.
    pub tax: Amount,
    pub explanation: String,
}
