//! The invoice as a PDF: first everything is placed on pages, then the pages are written.

mod canvas;
mod flow;
mod page;
mod styles;
mod table;

use crate::Error;
use crate::fonts::fonts;
use crate::invoice::InvoiceDocument;

use flow::Flow;

/// Lays out and writes the document.
pub fn render(invoice: &InvoiceDocument) -> Result<Vec<u8>, Error> {
    let fonts = fonts();
    let mut flow = Flow::new(fonts, invoice);
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
