//! What a signed-in customer sees and does. Every read goes through the session's customer: an
//! object of somebody else does not exist.

mod autopay;
mod details;
mod files;
mod home;
mod lists;
mod mailing;
mod orders;
mod paying;
mod plan;
mod receipts;

use std::sync::Arc;

use domain::access::Actor;
use domain::customers::{Account, Customer};
use domain::dates::Date;
use domain::ids::{ContactId, CustomerId};
use domain::invoices::FullInvoice;
use domain::money::Amount;
use domain::organizations::Organization;
use domain::payments::Payment;

use crate::documents;
use crate::invoices::InvoiceKey;
use crate::{Billing, Error, Result, View, customers, invoices};

pub use autopay::{Autopay, CannotKeep, MethodState, Next, OnFile};
pub(crate) use paying::Keeping;
pub use paying::{CannotPay, NewMethod, PayWith, Paying, Wish};
pub use plan::{Installments, PlanView, Row as InstallmentRow};

pub use details::Changed;
pub use home::{Coming, FirstOnFile, Home};
pub use lists::{COUNTED_MAX, Extent, Listed, ROWS};
pub use mailing::{MAILS_PER_HOUR, Mailed};
pub use orders::{OrderView, UsageRow, UsedSoFar};
pub use receipts::PaymentView;
pub use store::profiles::Profile;

use lists::rows;

/// The right to see and pay for one customer.
#[derive(Clone)]
pub struct Me {
    pub billing: Arc<Billing>,
    pub org: Arc<Organization>,
    pub account: Account,
    /// `None`: let in by the merchant.
    pub contact: Option<ContactId>,
}

pub struct InvoiceView {
    pub invoice: FullInvoice,
    pub customer: Customer,
    /// None where the merchant shows no payments.
    pub payments: Vec<(Payment, Amount)>,
    pub today: Date,
}

impl Me {
    /// Whoever is gone has no portal any more, however long the session lasts.
    pub fn new(
        billing: impl Into<Arc<Billing>>,
        org: Arc<Organization>,
        account: Account,
        contact: Option<ContactId>,
    ) -> Result<Me> {
        if !account.status.may_enter_portal() {
            return Err(Error::Denied);
        }
        Ok(Me { billing: billing.into(), org, account, contact })
    }

    pub(crate) fn id(&self) -> CustomerId {
        self.account.customer
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Portal { customer: self.id(), contact: self.contact }
    }

    pub fn today(&self) -> Date {
        self.billing.today(&self.org)
    }

    pub(crate) async fn view(&self) -> Result<View> {
        self.billing.view(&self.org).await
    }

    pub async fn profile(&self) -> Result<Profile> {
        let found = store::profiles::find(&mut self.view().await?.conn, self.org.id, self.id()).await?;
        found.ok_or(Error::NotFound("customer"))
    }

    pub async fn invoice(&self, number: &str) -> Result<InvoiceView> {
        let mut view = self.view().await?;
        let customer = customers::get(&mut view, self.id()).await?;
        let invoice = self.own_invoice(&mut view, number).await?;
        let shows_payments = self.org.portal.show_payments;
        let payments = if shows_payments { documents::payments(&mut view, &invoice).await? } else { Vec::new() };
        Ok(InvoiceView { invoice, customer, payments, today: self.today() })
    }

    async fn own_invoice(&self, view: &mut View, number: &str) -> Result<FullInvoice> {
        let key = InvoiceKey { id: None, number: Some(as_key(number)) };
        let invoice = invoices::get(view, &key).await?;
        let is_shown = invoice.head.status.is_for_customers();
        if invoice.head.customer == self.id() && is_shown { Ok(invoice) } else { Err(Error::NotFound("invoice")) }
    }
}

/// No number has a NUL, and PostgreSQL takes none: as U+FFFD it finds nothing.
fn as_key(number: &str) -> String {
    number.replace('\0', "\u{fffd}")
}
