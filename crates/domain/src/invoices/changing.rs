//! What may still become of an invoice: edited while nobody paid, cancelled while nobody paid (`api.md` §5.2).

use super::changed_lines::{fixed, is_same, tax, unknown_ids};
use super::making::check_dates;
use super::pricing::{one_day, price};
use super::{FullInvoice, Invoice, InvoiceStatus, NewInvoiceLine, PricedLines};
use crate::changes::Change;
use crate::checks::Problems;
use crate::dates::{Date, Period};
use crate::ids::{CustomerId, InvoiceId};
use crate::money::{Amount, Currency};

/// What a request says of an invoice that exists.
#[derive(Clone, Debug, Default)]
pub struct InvoiceUpdate {
    pub due_on: Option<Date>,
    pub notes: Change<String>,
    pub crm_id: Change<String>,
    pub erp_id: Change<String>,
    pub invoiced_on: Option<Date>,
    /// Either day alone leaves the other.
    pub starts_on: Option<Date>,
    /// The last day, included.
    pub ends_on: Option<Date>,
    /// Draft to Outstanding issues it.
    pub status: Option<InvoiceStatus>,
    /// The whole collection; `None` leaves what is there. The invoice's sums are computed again, whatever the request
    /// says of them: who sends the whole invoice back sends the old ones.
    pub lines: Option<Vec<NewInvoiceLine>>,
    // The rest may be sent back, not changed.
    pub id: Option<InvoiceId>,
    pub number: Option<String>,
    pub customer: Option<CustomerId>,
    pub ext_customer_ref: Option<String>,
    pub currency: Option<Currency>,
}

/// An invoice as an update leaves it.
#[derive(Clone, Debug)]
pub struct Updated {
    pub head: Invoice,
    /// The lines that replace those that are there, where something differs. Those with an id keep it.
    pub lines: Option<PricedLines>,
    /// What the customer owes more, or less, than before: to be posted.
    pub posted: Amount,
    /// The part of that which is tax.
    pub posted_tax: Amount,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changing {
    /// `dueDate` and `invoiceNotes`.
    Terms,
    /// What is owed, for what, and since when.
    Substance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotChange {
    #[error("the invoice is {0}")]
    Closed(InvoiceStatus),
    #[error("a payment is applied to the invoice; only dueDate and invoiceNotes may change")]
    Paid,
    #[error("a payment of the invoice is on its way; only dueDate and invoiceNotes may change")]
    BeingPaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotCancel {
    #[error("the invoice is already Cancelled")]
    Already,
    #[error("a payment is applied to the invoice")]
    Paid,
    #[error("a payment of the invoice is on its way")]
    BeingPaid,
    #[error("a later invoice took over its balance")]
    CarriedOver,
}

impl Invoice {
    pub fn may_change(&self, what: Changing) -> Result<(), CannotChange> {
        match (self.status, what) {
            (InvoiceStatus::Cancelled | InvoiceStatus::Error | InvoiceStatus::CarriedOver, _) => {
                Err(CannotChange::Closed(self.status))
            }
            (InvoiceStatus::Outstanding | InvoiceStatus::Paid | InvoiceStatus::Draft, Changing::Terms) => Ok(()),
            (InvoiceStatus::Outstanding | InvoiceStatus::Paid | InvoiceStatus::Draft, Changing::Substance) => {
                if self.applied.is_positive() || self.status == InvoiceStatus::Paid {
                    Err(CannotChange::Paid)
                } else if self.reserved.is_positive() {
                    Err(CannotChange::BeingPaid)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The invoice, cancelled. What it [had outstanding](Invoice::outstanding) before is posted back.
    pub fn cancelled(self) -> Result<Invoice, CannotCancel> {
        match self.status {
            InvoiceStatus::Cancelled => Err(CannotCancel::Already),
            InvoiceStatus::CarriedOver => Err(CannotCancel::CarriedOver),
            InvoiceStatus::Paid => Err(CannotCancel::Paid),
            InvoiceStatus::Outstanding | InvoiceStatus::Draft | InvoiceStatus::Error => {
                if self.applied.is_positive() {
                    Err(CannotCancel::Paid)
                } else if self.reserved.is_positive() {
                    Err(CannotCancel::BeingPaid)
                } else {
                    Ok(Invoice { status: InvoiceStatus::Cancelled, ..self })
                }
            }
        }
    }
}

impl InvoiceUpdate {
    /// The invoice with this update, or everything that is wrong with it.
    pub fn applied_to(&self, current: &FullInvoice, ext_customer_ref: Option<&str>) -> Result<Updated, Problems> {
        let before = &current.head;
        let mut problems = self.contradictions(before, ext_customer_ref);
        let mut head = before.clone();
        head.invoiced_on = self.invoiced_on.unwrap_or(before.invoiced_on);
        head.due_on = self.due_on.unwrap_or(before.due_on);
        head.notes = self.notes.optional(before.notes.as_ref());
        head.crm_id = self.crm_id.optional(before.crm_id.as_ref());
        head.erp_id = self.erp_id.optional(before.erp_id.as_ref());
        head.status = self.status(before, &mut problems);
        let lines = self.new_lines(current, head.invoiced_on, &mut problems);
        if let Some(lines) = &lines {
            head.total = lines.total;
            head.period = lines.period;
        }
        head.period = self.period(head.period, &mut problems);
        problems.extend(check_dates(head.invoiced_on, head.due_on));
        problems.extend(may_become(before, &head, lines.is_some()));
        let posted = head.outstanding() - before.outstanding();
        let owed_tax = |head: &Invoice, tax| if head.status.is_owed() { tax } else { Amount::ZERO };
        let tax = lines.as_ref().map_or(current.tax(), PricedLines::tax);
        let posted_tax = owed_tax(&head, tax) - owed_tax(before, current.tax());
        problems.result(Updated { head, lines, posted, posted_tax })
    }

    fn contradictions(&self, invoice: &Invoice, ext_customer_ref: Option<&str>) -> Problems {
        let mut problems = Problems::new();
        let is_other_customer = self.customer.is_some_and(|id| id != invoice.customer)
            || self.ext_customer_ref.as_deref().is_some_and(|given| ext_customer_ref != Some(given));
        for (field, differs) in [
            ("id", self.id.is_some_and(|id| id != invoice.id)),
            ("invoiceNumber", self.number.as_ref().is_some_and(|number| *number != invoice.number)),
            ("customer", is_other_customer),
            ("currency", self.currency.is_some_and(|currency| currency != invoice.currency)),
        ] {
            if differs {
                problems.add(field, format!("{field} of an invoice can't change."));
            }
        }
        problems
    }

    fn status(&self, before: &Invoice, problems: &mut Problems) -> InvoiceStatus {
        match self.status {
            None => before.status,
            Some(status) if status == before.status => status,
            Some(InvoiceStatus::Outstanding) if before.status == InvoiceStatus::Draft => InvoiceStatus::Outstanding,
            Some(
                status @ (InvoiceStatus::Outstanding
                | InvoiceStatus::Paid
                | InvoiceStatus::Cancelled
                | InvoiceStatus::Draft
                | InvoiceStatus::Error
                | InvoiceStatus::CarriedOver),
            ) => {
                let why = "payments pay it, DELETE cancels it, and only a Draft may be made Outstanding";
                problems.add("status", format!("status of this invoice can't be made {status}: {why}."));
                before.status
            }
        }
    }

    /// `None` where nothing differs from what is there: who sends back what was read changes nothing.
    fn new_lines(&self, current: &FullInvoice, day: Date, problems: &mut Problems) -> Option<PricedLines> {
        let given = self.lines.as_ref()?;
        problems.extend(unknown_ids(given, current));
        let mut lines = price(given, current.head.currency, day, problems)?;
        problems.extend(fixed(&lines.lines, &current.lines));
        tax(&mut lines.lines, &current.lines, current.head.currency);
        (!is_same(&lines.lines, &current.lines)).then_some(lines)
    }

    fn period(&self, current: Period, problems: &mut Problems) -> Period {
        let start = self.starts_on.unwrap_or(current.start);
        let end = self.ends_on.map_or(current.end, |last| last.add_days(1));
        if end <= start {
            problems.add("billingEndDate", "billingEndDate must not be before billingStartDate.");
            return one_day(start);
        }
        Period { start, end }
    }
}

fn may_become(before: &Invoice, after: &Invoice, has_lines: bool) -> Problems {
    let is_substance = has_lines
        || (before.invoiced_on, before.period, before.status) != (after.invoiced_on, after.period, after.status);
    // A cancelled invoice is refused whatever is asked of it.
    let asked = [(true, Changing::Terms), (is_substance, Changing::Substance)];
    let refused =
        asked.into_iter().filter(|(is_asked, _)| *is_asked).find_map(|(_, what)| before.may_change(what).err());
    match refused {
        Some(reason @ CannotChange::Closed(_)) => {
            Problems::one("status", format!("status: {reason}; it can't change."))
        }
        Some(reason @ (CannotChange::Paid | CannotChange::BeingPaid)) => {
            Problems::one("invoice", format!("invoice can't change: {reason}."))
        }
        None => Problems::new(),
    }
}
