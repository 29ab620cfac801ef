//! An invoice to take along: as PDF, and its lines as a table.

use domain::invoices::{Invoice, InvoiceCharge, InvoiceLine};
use texts::Texts;
use wire::spreadsheet::{Cell, csv};

use super::{InvoiceView, Me};
use crate::{Result, documents};

impl Me {
    /// The invoice as a PDF, in the language of the session.
    pub async fn invoice_pdf(&self, t: Texts, number: &str) -> Result<Vec<u8>> {
        let InvoiceView { invoice, customer, payments, today } = self.invoice(number).await?;
        let document = documents::document(t, &self.org, (&customer, &invoice, &payments), today);
        documents::render_pdf(document).await
    }

    /// The invoice's lines as CSV, with headings in the language of the session.
    pub async fn invoice_csv(&self, t: Texts, number: &str) -> Result<Vec<u8>> {
        let invoice = self.invoice(number).await?.invoice;
        let rows = invoice.lines.iter().flat_map(|line| line.charges.iter().map(|of| row(t, &invoice.head, line, of)));
        Ok(csv(headings(t), rows.collect()))
    }
}

fn headings(t: Texts) -> [&'static str; 12] {
    [
        t.column_invoice(),
        t.table_order(),
        t.column_description(),
        t.search_from(),
        t.search_to(),
        t.column_quantity(),
        t.table_unit(),
        t.column_unit_price(),
        t.column_amount(),
        t.tax(),
        t.table_currency(),
        t.table_explanation(),
    ]
}

/// Both dates are billed days.
fn row(t: Texts, head: &Invoice, line: &InvoiceLine, charge: &InvoiceCharge) -> [Cell; 12] {
    let text = |text: &str| Cell::Text(text.to_owned());
    let money = |amount| Cell::Number(head.currency.format(amount));
    let price = charge.unit_price.format(head.currency);
    [
        text(&head.number),
        text(&line.text),
        text(&charge.text),
        Cell::Date(charge.period.start),
        Cell::Date(charge.period.last_day()),
        Cell::Number(charge.quantity.format(0)),
        text(charge.unit_of_measure.as_deref().unwrap_or_default()),
        Cell::Number(if charge.is_percent { format!("{price}%") } else { price }),
        money(charge.amount),
        money(charge.tax),
        text(head.currency.code()),
        Cell::Text(t.explanation(&charge.explanation)),
    ]
}
