//! What happened, for whoever asked to be told (`api.md` §7).

/// Recorded in the same transaction as its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    NewCustomer,
    CustomerUpdated,
    CustomerStatusChange,
    NewOrder,
    OrderStatusChange,
    NewInvoice,
    InvoiceCancelled,
    PaymentReceived,
    PaymentFailed,
    PaymentRefunded,
    CreditApplied,
    PaymentPlanChanged,
}

impl EventType {
    /// What a merchant may have its customers told of by mail (`operations.md` §3, `notifications`).
    pub const MAILED: [EventType; 3] = [EventType::NewInvoice, EventType::NewOrder, EventType::PaymentReceived];
}

crate::names!(EventType {
    NewCustomer => "newCustomer",
    CustomerUpdated => "customerUpdated",
    CustomerStatusChange => "customerStatusChange",
    NewOrder => "newOrder",
    OrderStatusChange => "orderStatusChange",
    NewInvoice => "newInvoice",
    InvoiceCancelled => "invoiceCancelled",
    PaymentReceived => "paymentReceived",
    PaymentFailed => "paymentFailed",
    PaymentRefunded => "paymentRefunded",
    CreditApplied => "creditApplied",
    PaymentPlanChanged => "paymentPlanChanged",
});
