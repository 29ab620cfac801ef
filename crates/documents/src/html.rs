//! The invoice as one HTML page: a template, an embedded style sheet, nothing from outside.

use askama::Template;

use crate::colour::{self, Colour};
use crate::invoice::{InvoiceDocument, StatusKind};
use crate::{Error, language, words::Words};

/// Allows the page its own style sheet and nothing else; for the `Content-Security-Policy` header.
pub const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Fills the template.
pub fn render(invoice: &InvoiceDocument) -> Result<String, Error> {
    let accent = colour::accent(&invoice.organization);
    let page = Page { invoice, words: &invoice.words, accent, show: Columns::of(invoice) };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "invoice.html")]
struct Page<'a> {
    invoice: &'a InvoiceDocument,
    words: &'a Words,
    accent: Colour,
    show: Columns,
}

/// Which optional columns have a value somewhere.
struct Columns {
    quantity: bool,
    unit_price: bool,
}

impl Columns {
    fn of(invoice: &InvoiceDocument) -> Self {
        let charges = || invoice.sections.iter().flat_map(|section| &section.charges);
        Self {
            quantity: charges().any(|charge| !charge.quantity.is_empty()),
            unit_price: charges().any(|charge| !charge.unit_price.is_empty()),
        }
    }

    /// How many columns stand before the amount.
    fn before_amount(&self) -> usize {
        1 + usize::from(self.quantity) + usize::from(self.unit_price)
    }
}

impl Page<'_> {
    fn status_class(&self) -> &'static str {
        match self.invoice.status_kind {
            StatusKind::Draft => "draft",
            StatusKind::Outstanding => "outstanding",
            StatusKind::Overdue => "overdue",
            StatusKind::Paid => "paid",
            StatusKind::Cancelled => "cancelled",
        }
    }

    fn direction(&self) -> &'static str {
        language::direction(self.invoice.language())
    }
}
