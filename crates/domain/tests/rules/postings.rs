//! Every posting sums to zero, and what is undone leaves nothing.

use std::collections::HashMap;

use domain::ledger::{
    Account, Entry, credited, invoice_cancelled, invoiced, invoiced_with_tax, paid, payment_cancelled, refunded,
    written_off,
};
use domain::money::Amount;
use proptest::prelude::*;

use crate::samples::config;

fn balances(entries: impl IntoIterator<Item = Entry>) -> HashMap<Account, i64> {
    let mut balances = HashMap::new();
    for entry in entries {
        *balances.entry(entry.account).or_default() += entry.amount.0;
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_posting_sums_to_zero(net in any::<i32>(), tax in any::<i32>()) {
        let (net, tax) = (Amount(net.into()), Amount(tax.into()));
        let pairs = [invoiced(net), paid(net), payment_cancelled(net), refunded(net), credited(net), written_off(net)];
        let postings = pairs.into_iter().map(Vec::from).chain([invoiced_with_tax(net, tax), invoice_cancelled(net, tax)]);
        for posting in postings {
            prop_assert_eq!(posting.iter().map(|entry| entry.amount).sum::<Amount>(), Amount::ZERO);
        }
    }

    #[test]
    fn what_is_cancelled_leaves_nothing(net in any::<i32>(), tax in any::<i32>()) {
        let (net, tax) = (Amount(net.into()), Amount(tax.into()));
        prop_assert!(balances([invoiced_with_tax(net, tax), invoice_cancelled(net, tax)].concat()).is_empty());
        prop_assert!(balances([paid(net), payment_cancelled(net)].concat()).is_empty());
    }

    #[test]
    fn an_invoice_is_settled_by_cash_credit_and_write_off_together(
        parts in [0..100_000i64, 0..100_000, 0..100_000], tax in 0..1_000i64
    ) {
        let [cash, credit, lost] = parts;
        let total = cash + credit + lost;
        let mut entries = invoiced_with_tax(Amount(total - tax), Amount(tax));
        entries.extend(paid(Amount(cash)));
        entries.extend(credited(Amount(credit)));
        entries.extend(written_off(Amount(lost)));
        let balances = balances(entries);
        prop_assert_eq!(balances.get(&Account::Receivable), None);
        prop_assert_eq!(balances.get(&Account::Tax).copied().unwrap_or_default(), -tax);
        prop_assert_eq!(balances.get(&Account::WriteOff).copied().unwrap_or_default(), lost);
    }
}

#[test]
fn the_signs_are_the_bookkeepers() {
    let of = |entries: &[Entry]| entries.iter().map(|e| (e.account, e.amount.0)).collect::<Vec<_>>();
    let invoice = [(Account::Receivable, 6587), (Account::Revenue, -6050), (Account::Tax, -537)];
    assert_eq!(of(&invoiced_with_tax(Amount(6050), Amount(537))), invoice);
    assert_eq!(of(&invoiced_with_tax(Amount(6050), Amount::ZERO)), of(&invoiced(Amount(6050))));
    assert_eq!(of(&paid(Amount(5))), [(Account::Cash, 5), (Account::Receivable, -5)]);
    assert_eq!(of(&refunded(Amount(5))), [(Account::Receivable, 5), (Account::Cash, -5)]);
    assert_eq!(of(&credited(Amount(5))), [(Account::Credit, 5), (Account::Receivable, -5)]);
    assert_eq!(of(&written_off(Amount(5))), [(Account::WriteOff, 5), (Account::Receivable, -5)]);
}
