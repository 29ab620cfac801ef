//! What a customer has mailed to the billing contact: an invoice with its PDF, or a receipt.

use domain::invoices::Invoice;
use domain::payments::Payment;

use super::{Me, as_key};
use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, customers};

/// Mails that a customer may ask for in an hour.
pub const MAILS_PER_HOUR: i64 = 10;
const HOUR_SECONDS: i64 = 60 * 60;

/// What came of asking for a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailed {
    /// It is on its way to this address.
    To(String),
    NoAddress,
    /// Too many were asked for in the last hour.
    TooMany,
}

/// What is to be mailed.
#[derive(Clone, Copy, Debug)]
enum Wanted<'w> {
    Invoice(&'w str),
    Receipt(&'w str),
}

impl Me {
    pub async fn mail_invoice(&self, number: &str) -> Result<Mailed> {
        self.mail(Wanted::Invoice(number)).await
    }

    /// `pass`: as in [`Me::payment`].
    pub async fn mail_receipt(&self, number: &str, pass: Option<&str>) -> Result<Mailed> {
        self.check_payment_is_shown(number, pass)?;
        self.mail(Wanted::Receipt(number)).await
    }

    async fn mail(&self, wanted: Wanted<'_>) -> Result<Mailed> {
        let work = async |unit: &mut Unit| {
            let customer = customers::lock(unit, self.id()).await?;
            let (invoice, payment);
            let subject = match wanted {
                Wanted::Invoice(number) => {
                    invoice = self.invoice_to_mail(unit, number).await?;
                    Subject::Invoice(&invoice)
                }
                Wanted::Receipt(number) => {
                    payment = self.payment_to_mail(unit, number).await?;
                    Subject::Payment(&payment)
                }
            };
            if customer.billing_contact.email_primary.is_empty() {
                return Ok(Mailed::NoAddress);
            }
            let since = unit.wall.add_seconds(-HOUR_SECONDS);
            let asked = store::mails::asked_for_since(&mut unit.tx, unit.org.id, customer.id, since).await?;
            if asked >= MAILS_PER_HOUR {
                return Ok(Mailed::TooMany);
            }
            let mail = mails::send(unit, &customer, subject).await?;
            store::mails::set_asked_for(&mut unit.tx, unit.org.id, mail, unit.wall).await?;
            unit.audit("asked for a mail", &wanted.object()).await?;
            Ok(Mailed::To(customer.billing_contact.email_primary))
        };
        self.billing.unit(self.org.id, &self.actor(), work).await
    }

    async fn invoice_to_mail(&self, unit: &mut Unit, number: &str) -> Result<Invoice> {
        let (org, conn) = (unit.org.id, &mut unit.tx);
        let id = store::invoices::find_id(conn, org, &as_key(number)).await?.ok_or(Error::NotFound("invoice"))?;
        let invoice = store::invoices::find(conn, org, id).await?;
        let is_own = |invoice: &Invoice| invoice.customer == self.id() && invoice.status.is_for_customers();
        invoice.filter(is_own).ok_or(Error::NotFound("invoice"))
    }

    /// Only what was received has a receipt.
    async fn payment_to_mail(&self, unit: &mut Unit, number: &str) -> Result<Payment> {
        let (org, conn) = (unit.org.id, &mut unit.tx);
        let id = store::payments::find_id(conn, org, &as_key(number)).await?.ok_or(Error::NotFound("payment"))?;
        let payment = store::payments::find(conn, org, id).await?;
        let is_own = |payment: &Payment| payment.customer == self.id() && payment.is_received();
        payment.filter(is_own).ok_or(Error::NotFound("payment"))
    }
}

impl Wanted<'_> {
    fn object(self) -> String {
        match self {
            Wanted::Invoice(number) => format!("invoice {number}"),
            Wanted::Receipt(number) => format!("payment {number}"),
        }
    }
}
