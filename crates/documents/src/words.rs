//! The fixed words of a document, in the reader's language.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub invoice: String,
    pub invoice_number: String,
    pub invoice_date: String,
    pub due_date: String,
    pub billing_period: String,
    pub from: String,
    pub bill_to: String,
    pub reference: String,
    pub description: String,
    pub quantity: String,
    pub unit_price: String,
    pub amount: String,
    pub total: String,
    pub amount_due: String,
    pub payments: String,
    pub payment_date: String,
    pub payment_method: String,
    pub payment_number: String,
    pub notes: String,
    /// `{page}` and `{pages}` are replaced: only the layout knows them.
    pub page_of_pages: String,
    pub thank_you: String,
}
