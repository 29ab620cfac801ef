//! A status in one word, coloured by what it asks for.

use billing::documents;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::invoices::{Invoice, OpenInvoice};
use domain::payments::{PaymentStatus, PaymentSummary, PaymentType};
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

pub fn open_badge(invoice: &OpenInvoice, today: Date) -> Status {
    if !invoice.payable.is_positive() {
        return Status { label: "Pending", class: "pending" };
    }
    if invoice.is_overdue(today) {
        return Status { label: "Overdue", class: "overdue" };
    }
    Status { label: "Outstanding", class: "outstanding" }
}

/// What a row among the payments is to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentKind {
    Payment,
    /// The other side of a payment that bounced.
    Returned,
    Refund,
    Credit,
    Debit,
}

impl PaymentKind {
    pub fn of(payment: &PaymentSummary) -> PaymentKind {
        match payment.payment_type {
            PaymentType::Payment if payment.is_reversal => PaymentKind::Returned,
            PaymentType::Payment => PaymentKind::Payment,
            PaymentType::Refund => PaymentKind::Refund,
            PaymentType::Credit if payment.amount.is_positive() => PaymentKind::Credit,
            PaymentType::Credit => PaymentKind::Debit,
        }
    }
}

pub fn payment_badge(payment: &PaymentSummary) -> Status {
    let (label, class) = match (payment.status, PaymentKind::of(payment)) {
        (PaymentStatus::Pending, _) => ("Pending", "pending"),
        (PaymentStatus::Paid, PaymentKind::Payment) => ("Paid", "paid"),
        (PaymentStatus::Paid, PaymentKind::Returned) => ("Returned", "cancelled"),
        (PaymentStatus::Paid, PaymentKind::Refund) => ("Refund", "cancelled"),
        (PaymentStatus::Paid, PaymentKind::Credit) => ("Credit", "paid"),
        (PaymentStatus::Paid, PaymentKind::Debit) => ("Charge", "outstanding"),
        (PaymentStatus::Declined, _) => ("Declined", "declined"),
        (PaymentStatus::Error, _) => ("Failed", "error"),
        (PaymentStatus::Cancelled, _) => ("Cancelled", "cancelled"),
        (PaymentStatus::Refunded, _) => ("Refunded", "cancelled"),
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
