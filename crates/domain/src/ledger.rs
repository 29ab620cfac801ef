//! The double entry behind every balance: entries of one posting sum to zero.
//!
//! | Posting | Debit | Credit |
//! | --- | --- | --- |
//! | invoice | Receivable | Revenue, Tax |
//! | invoice cancelled | Revenue, Tax | Receivable |
//! | payment | Cash | Receivable |
//! | payment cancelled, refund | Receivable | Cash |
//! | credit | Credit | Receivable |
//! | write-off | WriteOff | Receivable |
//!
//! A draft whose total is negative is posted as an invoice of its negative parts: revenue and tax shrink, and so does
//! what the customer owes. A negative credit is a debit: the customer owes more.

use crate::money::Amount;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Account {
    /// What the customer owes; negative when it has paid ahead.
    Receivable,
    Revenue,
    Cash,
    /// Granted without money: house credits.
    Credit,
    /// Collected for the tax office.
    Tax,
    /// Given up.
    WriteOff,
}

crate::names!(Account {
    Receivable => "Receivable",
    Revenue => "Revenue",
    Cash => "Cash",
    Credit => "Credit",
    Tax => "Tax",
    WriteOff => "WriteOff",
});

/// One side of a posting; positive is debit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub account: Account,
    pub amount: Amount,
}

/// An invoice without tax was issued: the customer owes, revenue is booked.
pub fn invoiced(amount: Amount) -> [Entry; 2] {
    posting(Account::Receivable, Account::Revenue, amount)
}

/// An invoice was issued: the customer owes both, revenue and tax are booked apart. What is zero is left out.
pub fn invoiced_with_tax(net: Amount, tax: Amount) -> Vec<Entry> {
    balanced([(Account::Receivable, net + tax), (Account::Revenue, -net), (Account::Tax, -tax)])
}

/// It was cancelled: everything back.
pub fn invoice_cancelled(net: Amount, tax: Amount) -> Vec<Entry> {
    invoiced_with_tax(-net, -tax)
}

/// A payment was received: cash came in, the customer owes less.
pub fn paid(amount: Amount) -> [Entry; 2] {
    posting(Account::Cash, Account::Receivable, amount)
}

/// It bounced, or was charged back: the customer owes again.
pub fn payment_cancelled(amount: Amount) -> [Entry; 2] {
    posting(Account::Receivable, Account::Cash, amount)
}

/// `amount`, which is positive, was paid back: the customer owes again, unless a credit is granted as well.
pub fn refunded(amount: Amount) -> [Entry; 2] {
    posting(Account::Receivable, Account::Cash, amount)
}

/// A house credit: the customer owes less, and nothing was paid.
pub fn credited(amount: Amount) -> [Entry; 2] {
    posting(Account::Credit, Account::Receivable, amount)
}

/// A debt that nobody expects any more.
pub fn written_off(amount: Amount) -> [Entry; 2] {
    posting(Account::WriteOff, Account::Receivable, amount)
}

fn posting(debit: Account, credit: Account, amount: Amount) -> [Entry; 2] {
    let entries = [Entry { account: debit, amount }, Entry { account: credit, amount: -amount }];
    assert_balanced(&entries);
    entries
}

fn balanced(parts: [(Account, Amount); 3]) -> Vec<Entry> {
    let entries = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
    let entries: Vec<Entry> = entries.map(|(account, amount)| Entry { account, amount }).collect();
    assert_balanced(&entries);
    entries
}

fn assert_balanced(entries: &[Entry]) {
    assert!(entries.iter().map(|e| e.amount).sum::<Amount>().is_zero(), "a posting sums to zero");
}
