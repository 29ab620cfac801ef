//! A status in one word, coloured by what it asks for.

use askama::Template;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::invoices::{Invoice, InvoiceStatus, OpenInvoice};
use domain::orders::OrderStatus;
use domain::payments::{PaymentStatus, PaymentSummary, PaymentType};
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;
use texts::Texts;

use crate::ui::Markup;

/// What it says, and the class for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    pub label: &'static str,
    pub class: &'static str,
}

#[derive(Template)]
#[template(source = r#"<span class="badge badge-{{ status.class }}">{{ status.label }}</span>"#, ext = "html")]
struct Written {
    status: Status,
}

pub fn badge(status: Status) -> Markup {
    Markup::written(&Written { status })
}

#[component]
pub fn Badge(status: Status) -> impl IntoView {
    badge(status).into_render()
}

/// Pending: all that it still owes is held by payments on their way.
pub fn invoice_badge(t: Texts, invoice: &Invoice, today: Date) -> Status {
    let (label, class) = match invoice.status {
        InvoiceStatus::Outstanding => return open(t, invoice.payable().is_positive(), invoice.is_overdue(today)),
        InvoiceStatus::Paid => (t.status_paid(), "paid"),
        InvoiceStatus::Cancelled => (t.status_cancelled(), "cancelled"),
        InvoiceStatus::CarriedOver => (t.status_carried_over(), "cancelled"),
        InvoiceStatus::Draft | InvoiceStatus::Error => (t.status_draft(), "cancelled"),
    };
    Status { label, class }
}

pub fn open_badge(t: Texts, invoice: &OpenInvoice, today: Date) -> Status {
    open(t, invoice.payable.is_positive(), invoice.is_overdue(today))
}

fn open(t: Texts, is_payable: bool, is_overdue: bool) -> Status {
    let (label, class) = match (is_payable, is_overdue) {
        (false, _) => (t.status_pending(), "pending"),
        (true, true) => (t.status_overdue(), "overdue"),
        (true, false) => (t.status_outstanding(), "outstanding"),
    };
    Status { label, class }
}

pub fn order_badge(t: Texts, status: OrderStatus) -> Status {
    let (label, class) = match status {
        OrderStatus::Draft => (t.order_draft(), "cancelled"),
        OrderStatus::Provisioning => (t.order_provisioning(), "pending"),
        OrderStatus::Active => (t.order_active(), "active"),
        OrderStatus::Suspended => (t.order_suspended(), "suspended"),
        OrderStatus::Complete => (t.order_complete(), "cancelled"),
        OrderStatus::Superseded => (t.order_superseded(), "cancelled"),
        OrderStatus::Canceled => (t.order_canceled(), "cancelled"),
    };
    Status { label, class }
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

pub fn payment_badge(t: Texts, payment: &PaymentSummary) -> Status {
    let (label, class) = match (payment.status, PaymentKind::of(payment)) {
        (PaymentStatus::Pending, _) => (t.status_pending(), "pending"),
        (PaymentStatus::Paid, PaymentKind::Payment) => (t.status_paid(), "paid"),
        (PaymentStatus::Paid, PaymentKind::Returned) => (t.status_returned(), "cancelled"),
        (PaymentStatus::Paid, PaymentKind::Refund) => (t.status_refund(), "cancelled"),
        (PaymentStatus::Paid, PaymentKind::Credit) => (t.status_credit(), "paid"),
        (PaymentStatus::Paid, PaymentKind::Debit) => (t.status_charge(), "outstanding"),
        (PaymentStatus::Declined, _) => (t.status_declined(), "declined"),
        (PaymentStatus::Error, _) => (t.status_failed(), "error"),
        (PaymentStatus::Cancelled, _) => (t.status_cancelled(), "cancelled"),
        (PaymentStatus::Refunded, _) => (t.status_refunded(), "cancelled"),
    };
    Status { label, class }
}

pub fn customer_badge(t: Texts, status: CustomerStatus) -> Status {
    let (label, class) = match status {
        CustomerStatus::Active => (t.status_active(), "active"),
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
            (t.status_account_overdue(), "overdue")
        }
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 => {
            (t.status_suspended(), "suspended")
        }
        CustomerStatus::InActive1 | CustomerStatus::InActive2 => (t.status_closed(), "cancelled"),
    };
    Status { label, class }
}
