//! The invoice as a PDF: first everything is placed on pages, then the pages are written.

mod canvas;
mod flow;
mod page;
mod styles;
mod table;

use crate::fonts::fonts;
use crate::invoice::InvoiceDocument;
use crate::{Error, colour};

use flow::Flow;

/// Lays out and writes the document.
pub fn render(invoice: &InvoiceDocument) -> Result<Vec<u8>, Error> {
    let fonts = fonts();
    let mut flow = Flow::new(fonts, colour::accent(&invoice.organization), running_head(invoice));
    page::letterhead(&mut flow, invoice);
    page::facts(&mut flow, invoice);
    page::parties(&mut flow, invoice);
    table::charges(&mut flow, invoice);
    page::totals(&mut flow, invoice);
    table::payments(&mut flow, invoice);
    page::notes(&mut flow, invoice);
    page::footers(&mut flow, invoice);
    flow.canvas.write(fonts, invoice)
}

/// What the second and later pages say at the top.
fn running_head(invoice: &InvoiceDocument) -> (String, String) {
    (invoice.organization.name.clone(), invoice.title())
}
