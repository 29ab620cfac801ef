//! What an invoice document shows, as finished text. An empty text means "leave it out".

use crate::language;
use crate::words::Words;

/// Everything on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceDocument {
    /// Language of the document as a BCP 47 tag, such as `en` or `de-AT`.
    pub locale: String,
    pub words: Words,
    pub organization: Organization,
    pub customer: Customer,
    pub number: String,
    /// "Invoice 1019".
    pub title: String,
    /// The status in the reader's language; `status_kind` chooses its colour.
    pub status: String,
    pub status_kind: StatusKind,
    pub invoice_date: String,
    pub due_date: String,
    /// "Due 15 October 2026".
    pub due_by: String,
    pub billing_period: String,
    /// What remains to be paid, shown large.
    pub amount_due: String,
    pub sections: Vec<Section>,
    pub totals: Vec<Total>,
    pub payments: Vec<Payment>,
    /// Free text below the totals; line breaks are kept.
    pub notes: Option<String>,
    /// Goes into the PDF's metadata; given by the caller, so that rendering is repeatable.
    pub created_at: CreatedAt,
}

/// Who sends the invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    pub name: String,
    pub address_lines: Vec<String>,
    pub email: String,
    /// `#rrggbb`; anything else falls back to the default accent.
    pub accent_colour: Option<String>,
}

/// Who receives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    pub name: String,
    pub address_lines: Vec<String>,
    pub email: String,
    pub reference: String,
}

/// Charges that belong together, usually those of one order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub period: String,
    pub charges: Vec<Charge>,
}

/// One line of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Charge {
    pub description: String,
    /// Shown only where it differs from the section's.
    pub period: String,
    pub quantity: String,
    pub unit_price: String,
    pub amount: String,
    /// How the amount came about, such as "11 of 30 days".
    pub explanation: Option<String>,
}

/// One line of the sum below the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub amount: String,
    pub emphasis: bool,
}

/// One payment received for this invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payment {
    pub date: String,
    pub method: String,
    pub number: String,
    pub amount: String,
}

/// What the status means, so that it gets a fitting colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatusKind {
    #[default]
    Draft,
    Outstanding,
    Overdue,
    Paid,
    Cancelled,
}

impl StatusKind {
    /// Whether the reader is expected to pay.
    pub fn is_open(self) -> bool {
        match self {
            Self::Outstanding | Self::Overdue => true,
            Self::Draft | Self::Paid | Self::Cancelled => false,
        }
    }
}

/// When the document was made, in UTC. Values out of range are clamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreatedAt {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl Default for CreatedAt {
    fn default() -> Self {
        Self { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
    }
}

impl InvoiceDocument {
    /// The language tag, or `en` where the given one could not be a tag.
    pub(crate) fn language(&self) -> &str {
        language::tag(&self.locale).unwrap_or("en")
    }

    pub(crate) fn is_right_to_left(&self) -> bool {
        language::is_right_to_left(self.language())
    }

    /// "Due 15 October 2026", where somebody is expected to pay.
    pub(crate) fn due_by(&self) -> Option<&str> {
        (self.status_kind.is_open() && !self.due_by.is_empty()).then_some(&self.due_by)
    }

    /// Labels and values of the strip below the title.
    pub(crate) fn facts(&self) -> Vec<(&str, &str)> {
        let words = &self.words;
        let all = [
            (&words.invoice_number, &self.number),
            (&words.invoice_date, &self.invoice_date),
            (&words.due_date, &self.due_date),
            (&words.billing_period, &self.billing_period),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| (label.as_str(), value.as_str()))
            .collect()
    }
}

impl Section {
    /// The period to print under a charge: none where the section's line already says it.
    pub(crate) fn own_period<'a>(&self, charge: &'a Charge) -> Option<&'a str> {
        let said = charge.period.is_empty() || charge.period == self.period;
        (!said).then_some(charge.period.as_str())
    }
}

impl Charge {
    /// "4 × €12.50", for where there is no room for two columns.
    pub(crate) fn calculation(&self) -> String {
        let parts = [self.quantity.as_str(), self.unit_price.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" × ")
    }
}

impl Organization {
    /// The first letter of the name.
    pub(crate) fn initial(&self) -> String {
        let first = self.name.chars().find(|letter| letter.is_alphanumeric());
        first.map(|letter| letter.to_uppercase().collect()).unwrap_or_default()
    }
}
