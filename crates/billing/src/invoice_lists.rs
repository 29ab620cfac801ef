//! Lists of invoices (`api.md` §5.2).

use domain::ids::OrderId;
use domain::invoices::{FullInvoice, InvoiceFilter};
use store::Page;

use crate::customers::{self, CustomerKey};
use crate::{Error, Result, View};

/// Whose invoices are asked for, by names that outsiders know.
#[derive(Clone, Debug, Default)]
pub struct Whose {
    pub customer: CustomerKey,
    pub order_number: Option<String>,
}

/// A page, newest first, and how many there are in all. A customer or order that is not there has no invoices.
pub async fn list(
    view: &mut View,
    mut filter: InvoiceFilter,
    whose: &Whose,
    page: Page,
) -> Result<(Vec<FullInvoice>, i64)> {
    if !whose.customer.is_empty() {
        filter.customer = match customers::resolve(view, &whose.customer).await {
            Ok(customer) => Some(customer),
            Err(Error::NotFound(_)) => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
    }
    if let Some(number) = &whose.order_number {
        let found: Option<OrderId> = store::orders::find_id(&mut view.conn, view.org.id, number).await?;
        let Some(order) = found else { return Ok((Vec::new(), 0)) };
        filter.order = Some(order);
    }
    Ok(store::invoice_lists::list(&mut view.conn, view.org.id, &filter, page).await?)
}
