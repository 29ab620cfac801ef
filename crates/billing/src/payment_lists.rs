//! Lists of payments, credits and refunds (`api.md` §6.2), and one of a type.

use domain::ids::PaymentId;
use domain::payments::{FullPayment, PaymentFilter, PaymentType};
use rust_decimal::Decimal;
use store::Page;

use crate::customers::{self, CustomerKey};
use crate::{Error, Result, View, payments};

/// What is asked for by names and figures that outsiders know.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub customer: CustomerKey,
    /// In major units of whatever currency.
    pub amount: Option<Decimal>,
}

/// A page, newest first, and how many there are in all. A customer that is not there has none.
pub async fn list(
    view: &mut View,
    mut filter: PaymentFilter,
    asked: &Asked,
    page: Page,
) -> Result<(Vec<FullPayment>, i64)> {
    if !asked.customer.is_empty() {
        filter.customer = match customers::resolve(view, &asked.customer).await {
            Ok(customer) => Some(customer),
            Err(Error::NotFound(_)) => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
    }
    filter.amounts = asked.amount.map(|amount| {
        let currencies = view.org.currencies.iter();
        currencies.filter_map(|currency| Some((*currency, currency.amount(amount).ok()?))).collect()
    });
    Ok(store::payment_lists::list(&mut view.conn, view.org.id, &filter, page).await?)
}

/// A payment that must be of the type (`api.md` §6.2).
pub async fn get(view: &mut View, id: PaymentId, payment_type: PaymentType) -> Result<FullPayment> {
    let what = match payment_type {
        PaymentType::Payment => "payment",
        PaymentType::Credit => "credit",
        PaymentType::Refund => "refund",
    };
    match payments::get(view, id).await {
        Ok(payment) if payment.head.payment_type == payment_type => Ok(payment),
        Ok(_) | Err(Error::NotFound(_)) => Err(Error::NotFound(what)),
        Err(error) => Err(error),
    }
}
