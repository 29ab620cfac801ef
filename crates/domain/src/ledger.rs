//! The double entry behind every balance: entries of one posting sum to zero.

use crate::money::Amount;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Account {
    Receivable,
    Revenue,
    Cash,
}

crate::names!(Account { Receivable => "Receivable", Revenue => "Revenue", Cash => "Cash" });

/// One side of a posting; positive is debit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub account: Account,
    pub amount: Amount,
}

/// An invoice was issued: the customer owes, revenue is booked.
pub fn invoiced(amount: Amount) -> [Entry; 2] {
    posting(Account::Receivable, Account::Revenue, amount)
}

/// A payment was received: cash came in, the customer owes less.
pub fn paid(amount: Amount) -> [Entry; 2] {
    posting(Account::Cash, Account::Receivable, amount)
}

fn posting(debit: Account, credit: Account, amount: Amount) -> [Entry; 2] {
    let entries = [Entry { account: debit, amount }, Entry { account: credit, amount: -amount }];
    assert!(entries.iter().map(|e| e.amount).sum::<Amount>().is_zero(), "a posting sums to zero");
    entries
}
