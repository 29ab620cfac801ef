//! Payments: intent, outcome, allocation (`api.md` §6).

mod filter;
mod refusals;
mod reversals;
mod search;

use crate::dates::{Date, Timestamp};
use crate::ids::{AllocationId, CustomerId, InvoiceId, PaymentId, PaymentPlanId, ProcessorResultId};
use crate::invoices::Invoice;
use crate::money::{Amount, Currency};

pub use filter::PaymentFilter;
pub use refusals::Refusal;
pub use reversals::CannotReverse;
pub use search::{PaymentSearch, PaymentState};

/// Of what is written to a credit.
pub const NOTES_MAX: usize = 255;

#[derive(Clone, Debug)]
pub struct Payment {
    pub id: PaymentId,
    pub customer: CustomerId,
    pub number: String,
    pub status: PaymentStatus,
    pub payment_type: PaymentType,
    pub method_type: MethodType,
    /// `Visa: 1111`
    pub method_context: String,
    pub currency: Currency,
    pub amount: Amount,
    /// The part not applied to an invoice; of a debit all of it. What was taken back has none.
    pub balance: Amount,
    pub effective_on: Date,
    /// Taken by us through a processor, not elsewhere.
    pub is_system_payment: bool,
    /// Which one took it; asked about it even where the organization has another by now.
    pub processor: Option<Processor>,
    pub is_processed_by_billing_run: bool,
    /// Charged by the daily run.
    pub collection: Option<Collection>,
    /// The payment that this one takes back: a refund, or a payment that bounced.
    pub reverses: Option<PaymentId>,
    /// Of a refund: once it is paid back, the customer gets as much in credit.
    pub grants_credit: bool,
    pub notes: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Which day's work charged, and with which method. Stored once a customer, day and method: who runs the day again
/// charges nothing again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    pub run_on: Date,
    /// 1, 2 or 3.
    pub preference: i64,
    /// `None`: what was due.
    pub installment: Option<Installment>,
}

/// An instalment of a payment plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installment {
    pub plan: PaymentPlanId,
    /// From 1.
    pub number: i64,
}

/// Who charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Processor {
    /// Serves organizations in test mode, and no others: no money moves (`operations.md` §5).
    Test,
    Stripe,
    AuthorizeNet,
}

crate::names!(Processor { Test => "test", Stripe => "stripe", AuthorizeNet => "authorize_net" });

impl Processor {
    /// As shown with payments.
    pub const fn title(self) -> &'static str {
        match self {
            Processor::Test => "Test Processor",
            Processor::Stripe => "Stripe",
            Processor::AuthorizeNet => "Authorize.Net",
        }
    }
}

/// What a processor is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    Sale,
    /// Takes back a sale that is not settled yet.
    Void,
    /// Gives back what a sale took.
    Refund,
}

crate::names!(RequestKind { Sale => "sale", Void => "void", Refund => "refund" });

/// A payment as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSummary {
    pub number: String,
    pub status: PaymentStatus,
    pub payment_type: PaymentType,
    pub method_context: String,
    /// It takes another one back.
    pub is_reversal: bool,
    pub currency: Currency,
    pub amount: Amount,
    pub effective_on: Date,
}

impl Payment {
    /// The customer paid, and that stands.
    pub fn is_received(&self) -> bool {
        self.payment_type == PaymentType::Payment && self.status == PaymentStatus::Paid && self.reverses.is_none()
    }

    pub fn summary(&self) -> PaymentSummary {
        PaymentSummary {
            number: self.number.clone(),
            status: self.status,
            payment_type: self.payment_type,
            method_context: self.method_context.clone(),
            is_reversal: self.reverses.is_some(),
            currency: self.currency,
            amount: self.amount,
            effective_on: self.effective_on,
        }
    }
}

/// A payment with everything in it, as it is shown.
#[derive(Clone, Debug)]
pub struct FullPayment {
    pub head: Payment,
    pub result: Option<ProcessorResult>,
    pub allocations: Vec<Allocation>,
}

/// What a processor said; present only when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessorResult {
    pub id: ProcessorResultId,
    pub request: RequestKind,
    pub answer: Answer,
    pub created_at: Timestamp,
}

/// A processor's answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub verdict: Verdict,
    pub transaction_id: String,
    pub approval_code: String,
    pub status_message: String,
    pub error_code: String,
    pub error_message: String,
    pub avs: Match,
    pub cvv: Match,
    pub response_time_ms: i64,
}

impl Answer {
    /// What is known of a request that the processor did not get, and will not any more.
    pub fn never_received() -> Answer {
        const MESSAGE: &str = "The processor never received the request; no money moved.";
        Answer {
            verdict: Verdict::Error,
            transaction_id: String::new(),
            approval_code: String::new(),
            status_message: MESSAGE.to_owned(),
            error_code: "NEVER_RECEIVED".to_owned(),
            error_message: MESSAGE.to_owned(),
            avs: Match::Unsupported,
            cvv: Match::Unsupported,
            response_time_ms: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Approved,
    Declined,
    /// The processor could not decide; nothing was charged.
    Error,
}

crate::names!(Verdict { Approved => "Approved", Declined => "Declined", Error => "Error" });

/// Result of an address or security code check [seed 003].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    Yes,
    No,
    Unsupported,
}

crate::names!(Match { Yes => "Y", No => "N", Unsupported => "X" });

/// What is known after asking a processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Answered(Answer),
    /// Charged or not: nobody knows. Ask again by the key, never charge again.
    Unknown,
}

/// What a processor knows of a key when it is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    Answered(Answer),
    /// It never got the request, and will not any more.
    Never,
    /// It can't say yet.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Charged or not: not known yet.
    Pending,
    Paid,
    Declined,
    Error,
    Cancelled,
    Refunded,
}

crate::names!(PaymentStatus {
    Pending => "Pending",
    Paid => "Paid",
    Declined => "Declined",
    Error => "Error",
    Cancelled => "Cancelled",
    Refunded => "Refunded",
});

impl From<Verdict> for PaymentStatus {
    fn from(verdict: Verdict) -> PaymentStatus {
        match verdict {
            Verdict::Approved => PaymentStatus::Paid,
            Verdict::Declined => PaymentStatus::Declined,
            Verdict::Error => PaymentStatus::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentType {
    Payment,
    Refund,
    Credit,
}

crate::names!(PaymentType { Payment => "Payment", Refund => "Refund", Credit => "Credit" });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodType {
    CreditCard,
    Ach,
    Token,
    Check,
    Cash,
    /// No method: a credit moves no money.
    Credit,
}

crate::names!(MethodType {
    CreditCard => "CreditCard",
    Ach => "ACH",
    Token => "Token",
    Check => "Check",
    Cash => "Cash",
    Credit => "Credit",
});

/// A part of a payment for one invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    pub id: AllocationId,
    pub payment: PaymentId,
    pub invoice: InvoiceId,
    pub customer: CustomerId,
    pub amount: Amount,
    /// What remains of the payment after this (found F19).
    pub balance: Amount,
    pub created_at: Timestamp,
}

/// A part of a payment, before it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub invoice: InvoiceId,
    pub amount: Amount,
    /// What remains of the payment after this part.
    pub balance: Amount,
}

/// Spreads `amount` over `invoices` in their order, each up to what it can still take.
pub fn allocate(amount: Amount, invoices: &[Invoice]) -> Vec<Part> {
    let mut rest = amount;
    let mut parts = Vec::new();
    for invoice in invoices {
        let part = rest.min(invoice.payable());
        if part.is_positive() {
            rest = rest - part;
            parts.push(Part { invoice: invoice.id, amount: part, balance: rest });
        }
    }
    parts
}

/// What of an earlier payment goes to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub payment: PaymentId,
    pub part: Part,
}

/// Spreads what is left of `payments` over `invoices`: the oldest payment first, and never more than the customer has
/// in credit when its debits are counted.
pub fn use_credit(payments: &[Payment], invoices: &[Invoice]) -> Vec<Use> {
    let mut credit: Amount = payments.iter().map(|payment| payment.balance).sum();
    let mut payable: Vec<Amount> = invoices.iter().map(Invoice::payable).collect();
    let mut uses = Vec::new();
    for payment in payments {
        let mut balance = payment.balance;
        for (invoice, payable) in invoices.iter().zip(&mut payable) {
            let amount = balance.min(*payable).min(credit);
            if amount.is_positive() {
                balance = balance - amount;
                credit = credit - amount;
                *payable = *payable - amount;
                uses.push(Use { payment: payment.id, part: Part { invoice: invoice.id, amount, balance } });
            }
        }
    }
    uses
}
