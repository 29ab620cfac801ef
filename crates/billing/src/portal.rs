//! What a signed-in customer sees and does. Every read goes through the session's customer: an
//! object of somebody else does not exist.

mod details;
mod files;
mod home;
mod lists;
mod mailing;
mod orders;
mod receipts;

use std::sync::Arc;

use domain::access::Actor;
use domain::customers::{Account, Customer};
use domain::dates::Date;
use domain::ids::{ContactId, CustomerId};
use domain::invoices::{FullInvoice, Invoice};
use domain::money::Amount;
use domain::organizations::Organization;
use domain::payments::{FullPayment, MethodType, Payment};
use domain::wallet::{Card, Expiry, GatewayToken};

use crate::documents;
use crate::invoices::InvoiceKey;
use crate::payments::{self, Method, PayRequest};
use crate::sessions::{CHECKOUT_PLACE, Checkout};
use crate::{Billing, Error, Result, View, customers, invoices};

pub use details::Changed;
pub use home::{Autopay, Home, Next};
pub use lists::{COUNTED_MAX, Extent, Listed, ROWS};
pub use mailing::{MAILS_PER_HOUR, Mailed};
pub use orders::{OrderView, UsedSoFar};
pub use receipts::PaymentView;

use lists::rows;

/// The right to see and pay for one customer.
#[derive(Clone)]
pub struct Me {
    pub billing: Billing,
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
    pub fn new(billing: Billing, org: Arc<Organization>, account: Account, contact: Option<ContactId>) -> Result<Me> {
        if account.status.may_enter_portal() { Ok(Me { billing, org, account, contact }) } else { Err(Error::Denied) }
    }

    pub(crate) fn id(&self) -> CustomerId {
        self.account.customer
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Portal { customer: self.id(), contact: self.contact }
    }

    fn today(&self) -> Date {
        self.billing.today(&self.org)
    }

    pub(crate) async fn view(&self) -> Result<View> {
        self.billing.view(&self.org).await
    }

    pub async fn customer(&self) -> Result<Customer> {
        customers::get(&mut self.view().await?, self.id()).await
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

    /// What can be paid now, oldest due date first. Refused where the merchant takes no payments here.
    pub async fn payable(&self) -> Result<Vec<Invoice>> {
        if !self.org.portal.allow_payments {
            return Err(Error::NotFound("page"));
        }
        let mut view = self.view().await?;
        let mut open = store::invoices::open(&mut view.conn, self.org.id, self.id()).await?;
        open.retain(|invoice| invoice.payable().is_positive());
        Ok(open)
    }

    /// The chosen ones of the payable invoices. Where everything must be paid, that is what is chosen.
    pub async fn chosen(&self, numbers: &[String]) -> Result<Vec<Invoice>> {
        let mut payable = self.payable().await?;
        if !self.org.portal.pay_all {
            payable.retain(|invoice| numbers.contains(&invoice.number));
        }
        if payable.is_empty() {
            return Err(Error::invalid("invoice", "Choose at least one invoice to pay."));
        }
        Ok(payable)
    }

    /// Has the processor keep the card, so that it can be shown for confirmation without its number.
    pub async fn check_out(&self, numbers: &[String], card: &Card) -> Result<Checkout> {
        let chosen = self.chosen(numbers).await?;
        if card.expiry.is_past(self.today()) {
            return Err(Error::invalid("expiry", "This card has expired."));
        }
        // Where there is none, nothing is payable here.
        let gateway = self.billing.processor(&self.org).await?.ok_or(Error::NotFound("page"))?;
        let token = gateway.tokenize(card).await?;
        Ok(Checkout {
            token_sealed: self.billing.vault.seal(CHECKOUT_PLACE, &token)?,
            context: card.context(),
            expiry_year: card.expiry.year,
            expiry_month: card.expiry.month,
            invoices: chosen.iter().map(|invoice| invoice.number.clone()).collect(),
            amount_minor: chosen.iter().map(Invoice::payable).sum::<Amount>().0,
        })
    }

    /// Pays what was confirmed. Refused when what is due has changed since it was shown.
    pub async fn confirm(&self, checkout: &Checkout) -> Result<FullPayment> {
        let chosen = self.chosen(&checkout.invoices).await?;
        let due: Amount = chosen.iter().map(Invoice::payable).sum();
        if due.0 != checkout.amount_minor || chosen.len() != checkout.invoices.len() {
            return Err(Error::Conflict("What is due has changed. Please check it and pay again.".to_owned()));
        }
        let token = self.billing.vault.open(CHECKOUT_PLACE, &checkout.token_sealed);
        let token = token.ok_or_else(|| Error::Conflict("Please enter your card again.".to_owned()))?;
        let currency = chosen[0].currency;
        let by_id = |invoice: &Invoice| InvoiceKey { id: Some(invoice.id), number: None };
        let request = PayRequest {
            customer: Some(self.id()),
            amount: Some(currency.decimal(due)),
            currency: Some(currency),
            invoices: chosen.iter().map(by_id).collect(),
            method: Method::Token {
                method_type: MethodType::CreditCard,
                token: GatewayToken::new(&token),
                context: checkout.context.clone(),
                expiry: Some(Expiry { year: checkout.expiry_year, month: checkout.expiry_month }),
            },
            keep: None,
            generate_invoice: false,
        };
        payments::pay(&self.billing, self.org.id, &self.actor(), request).await
    }
}

/// No number has a NUL, and PostgreSQL takes none: as U+FFFD it finds nothing.
fn as_key(number: &str) -> String {
    number.replace('\0', "\u{fffd}")
}
