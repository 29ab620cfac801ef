//! The fixed words of a document, so that a caller can put them in any language.

/// Labels; the default is English.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub period: String,
    pub quantity: String,
    pub unit_price: String,
    pub amount: String,
    /// For callers that build totals.
    pub previous_balance: String,
    /// For callers that build totals.
    pub subtotal: String,
    /// For callers that build totals.
    pub total: String,
    /// For callers that build totals.
    pub paid: String,
    pub amount_due: String,
    /// `{date}` is replaced.
    pub due_by: String,
    pub payments: String,
    pub payment_date: String,
    pub payment_method: String,
    pub payment_number: String,
    pub notes: String,
    /// `{page}` and `{pages}` are replaced.
    pub page_of_pages: String,
    pub thank_you: String,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            invoice: "Invoice".into(),
            invoice_number: "Invoice number".into(),
            invoice_date: "Invoice date".into(),
            due_date: "Due date".into(),
            billing_period: "Billing period".into(),
            from: "From".into(),
            bill_to: "Bill to".into(),
            reference: "Reference".into(),
            description: "Description".into(),
            period: "Period".into(),
            quantity: "Quantity".into(),
            unit_price: "Unit price".into(),
            amount: "Amount".into(),
            previous_balance: "Previous balance".into(),
            subtotal: "Subtotal".into(),
            total: "Total".into(),
            paid: "Paid".into(),
            amount_due: "Amount due".into(),
            due_by: "Due {date}".into(),
            payments: "Payments".into(),
            payment_date: "Date".into(),
            payment_method: "Method".into(),
            payment_number: "Payment number".into(),
            notes: "Notes".into(),
            page_of_pages: "Page {page} of {pages}".into(),
            thank_you: "Thank you for your business.".into(),
        }
    }
}
