//! A status in one word, coloured by what it asks for.

use billing::documents;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::invoices::Invoice;
use domain::payments::PaymentStatus;
use leptos::prelude::*;

/// What it says, and the class for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    pub label: &'static str,
    pub class: &'static str,
}

#[component]
pub fn Badge(status: Status) -> impl IntoView {
    view! { <span class=format!("badge badge-{}", status.class)>{status.label}</span> }
}

/// Pending: all that it still owes is held by payments on their way.
pub fn invoice_badge(invoice: &Invoice, today: Date) -> Status {
    if invoice.is_open() && !invoice.payable().is_positive() {
        return Status { label: "Pending", class: "pending" };
    }
    let (label, _) = documents::status(invoice, today);
    let class = match label {
        "Overdue" => "overdue",
        "Outstanding" => "outstanding",
        "Paid" => "paid",
        _ => "cancelled",
    };
    Status { label, class }
}

pub fn payment_badge(status: PaymentStatus) -> Status {
    let (label, class) = match status {
        PaymentStatus::Pending => ("Pending", "pending"),
        PaymentStatus::Paid => ("Paid", "paid"),
        PaymentStatus::Declined => ("Declined", "declined"),
        PaymentStatus::Error => ("Failed", "error"),
        PaymentStatus::Cancelled => ("Cancelled", "cancelled"),
        PaymentStatus::Refunded => ("Refunded", "cancelled"),
    };
    Status { label, class }
}

pub fn customer_badge(status: CustomerStatus) -> Status {
    let (label, class) = match status {
        CustomerStatus::Active => ("Active", "active"),
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => ("Overdue", "overdue"),
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 => {
            ("Suspended", "suspended")
        }
        CustomerStatus::InActive1 | CustomerStatus::InActive2 => ("Closed", "cancelled"),
    };
    Status { label, class }
}
