//! One payment of the customer: what it was for, what the processor said, and its receipt.

use domain::ids::PaymentId;
use domain::money::Amount;
use domain::payments::FullPayment;

use super::{Me, as_key};
use crate::secrets::{Purpose, hex, same};
use crate::{Error, Result, View};

/// Invoices of one payment that are shown.
const INVOICES_MAX: i64 = 100;

pub struct PaymentView {
    pub payment: FullPayment,
    /// Numbers of the invoices that it was for, with the parts, whatever became of it.
    pub invoices: Vec<(String, Amount)>,
    /// There are more than are shown.
    pub has_more: bool,
    /// Number of the payment that it takes back.
    pub reverses: Option<String>,
    /// Number of what took it back, or is about to.
    pub reversed_by: Option<String>,
}

impl Me {
    /// `pass`: see [`Me::receipt_pass`]; without it only where the merchant shows payments.
    pub async fn payment(&self, number: &str, pass: Option<&str>) -> Result<PaymentView> {
        self.check_payment_is_shown(number, pass)?;
        let mut view = self.view().await?;
        let found = store::payments::full_numbered(&mut view.conn, self.org.id, &as_key(number)).await?;
        let payment = found.filter(|found| found.head.customer == self.id()).ok_or(Error::NotFound("payment"))?;
        let mut invoices =
            store::allocations::meant_for(&mut view.conn, self.org.id, payment.head.id, INVOICES_MAX + 1).await?;
        let shown = usize::try_from(INVOICES_MAX).unwrap_or(usize::MAX);
        let has_more = invoices.len() > shown;
        invoices.truncate(shown);
        let reverses = self.number_of(&mut view, payment.head.reverses).await?;
        let reversed_by = store::payments::reversal_number(&mut view.conn, self.org.id, payment.head.id).await?;
        Ok(PaymentView { payment, invoices, has_more, reverses, reversed_by })
    }

    pub(super) fn check_payment_is_shown(&self, number: &str, pass: Option<&str>) -> Result<()> {
        let is_shown = self.org.portal.show_payments || pass.is_some_and(|pass| same(pass, &self.receipt_pass(number)));
        if is_shown { Ok(()) } else { Err(Error::NotFound("payment")) }
    }

    async fn number_of(&self, view: &mut View, payment: Option<PaymentId>) -> Result<Option<String>> {
        let Some(id) = payment else { return Ok(None) };
        Ok(store::payments::find(&mut view.conn, self.org.id, id).await?.map(|payment| payment.number))
    }

    /// Lets whoever has just paid see the receipt, although the merchant shows no payments.
    pub fn receipt_pass(&self, number: &str) -> String {
        let (org, customer) = (self.org.id.0.to_be_bytes(), self.id().0.to_be_bytes());
        let parts: [&[u8]; 4] = [b"receipt", &org, &customer, number.as_bytes()];
        hex(&self.billing.vault.derive(Purpose::Form, &parts)[..16])
    }
}
