//! Invoices: finding them. They are issued by `bills`.

use domain::ids::InvoiceId;
use domain::invoices::FullInvoice;

use crate::{Error, Result, View};

/// An invoice by id or by number, as an address names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceKey {
    pub id: Option<InvoiceId>,
    pub number: Option<String>,
}

pub async fn get(view: &mut View, key: &InvoiceKey) -> Result<FullInvoice> {
    let found = match key {
        InvoiceKey { id: None, number: Some(number) } => {
            store::invoices::full_numbered(&mut view.conn, view.org.id, number).await?
        }
        key => {
            let id = resolve(view, key).await?;
            store::invoices::full(&mut view.conn, view.org.id, id).await?
        }
    };
    found.ok_or(Error::NotFound("invoice"))
}

/// The id of the invoice that a key names.
pub async fn resolve(view: &mut View, key: &InvoiceKey) -> Result<InvoiceId> {
    let by_number = match &key.number {
        Some(number) => {
            let found = store::invoices::find_id(&mut view.conn, view.org.id, number).await?;
            Some(found.ok_or(Error::NotFound("invoice"))?)
        }
        None => None,
    };
    match (key.id, by_number) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("invoiceNumber", "invoiceNumber names another invoice than the id does."))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::invalid(
            "invoiceNumber",
            "The invoice is missing: give its id in the path, or invoiceNumber in the query.",
        )),
    }
}
