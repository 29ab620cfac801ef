//! An invoice as a document: a PDF and a standalone HTML page, both from one [`InvoiceDocument`].
//!
//! Every value arrives as finished text: the caller formats money, dates and numbers for the reader's locale, so no
//! rule of billing and no arithmetic lives here. The same input gives the same bytes; there is no clock, no network
//! and no file access. Fonts are part of the program.

mod colour;
mod fonts;
mod html;
mod invoice;
mod language;
mod mail;
mod pdf;
mod sample;
mod text;
mod words;

pub use html::CONTENT_SECURITY_POLICY;
pub use invoice::{Charge, CreatedAt, Customer, InvoiceDocument, Organization, Payment, Section, StatusKind, Total};
pub use mail::{MailAmount, MailDocument, html as mail_html, text as mail_text};
pub use words::Words;

/// Why a document could not be made. None of these is caused by the content of an invoice.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the PDF could not be written: {0}")]
    Pdf(#[from] krilla::error::KrillaError),
    #[error("the HTML page could not be written: {0}")]
    Html(#[from] askama::Error),
}

/// The invoice as a tagged PDF on A4 with embedded font subsets.
pub fn pdf(invoice: &InvoiceDocument) -> Result<Vec<u8>, Error> {
    pdf::render(invoice)
}

/// The invoice as one HTML page without outside resources or script; serve it with [`CONTENT_SECURITY_POLICY`].
pub fn html(invoice: &InvoiceDocument) -> Result<String, Error> {
    html::render(invoice)
}
