//! Allocation and reservation: nothing is paid twice, and nothing beyond what is owed.

use domain::invoices::{Invoice, InvoiceStatus};
use domain::money::Amount;
use domain::payments::allocate;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::samples::{config, invoice};

/// Invoices of which a part is applied and a part reserved already.
fn any_invoices() -> impl Strategy<Value = Vec<Invoice>> {
    let any = (1..100_000i64, 0..=100i64, 0..=100i64);
    vec(any, 0..8).prop_map(|all| {
        let invoices = (1i64..).zip(all).map(|(id, (total, applied, reserved))| {
            let applied = total * applied / 100;
            let reserved = (total - applied) * reserved / 100;
            let status = if applied == total { InvoiceStatus::Paid } else { InvoiceStatus::Outstanding };
            Invoice { status, applied: Amount(applied), reserved: Amount(reserved), ..invoice(id, total) }
        });
        invoices.collect()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_more_is_allocated_than_was_paid_nor_than_an_invoice_takes(amount in 0..500_000i64, invoices in any_invoices()) {
        let parts = allocate(Amount(amount), &invoices);
        let allocated: Amount = parts.iter().map(|part| part.amount).sum();
        let payable: Amount = invoices.iter().map(Invoice::payable).sum();
        prop_assert_eq!(allocated, Amount(amount).min(payable), "as much as possible, and no more");
        for part in &parts {
            let of = invoices.iter().find(|invoice| invoice.id == part.invoice).unwrap();
            prop_assert!(part.amount.is_positive() && part.amount <= of.payable());
        }
        let mut rest = Amount(amount);
        for part in &parts {
            rest = rest - part.amount;
            prop_assert_eq!(part.balance, rest, "what remains of the payment");
        }
    }

    #[test]
    fn an_earlier_invoice_is_filled_before_a_later_one_gets_anything(
        amount in 0..500_000i64, invoices in any_invoices()
    ) {
        let parts = allocate(Amount(amount), &invoices);
        let position = |part: &domain::payments::Part| invoices.iter().position(|i| i.id == part.invoice).unwrap();
        let positions: Vec<usize> = parts.iter().map(position).collect();
        prop_assert!(positions.is_sorted_by(|a, b| a < b), "each once, in order");
        if let Some(last) = positions.last() {
            for earlier in &invoices[..*last] {
                let got: Amount = parts.iter().filter(|p| p.invoice == earlier.id).map(|p| p.amount).sum();
                prop_assert_eq!(got, earlier.payable());
            }
        }
    }

    #[test]
    fn whatever_is_done_to_an_invoice_it_is_never_promised_more_than_its_total(
        total in 1..10_000i64, steps in vec((0..4u8, 0..12_000i64), 1..40)
    ) {
        let mut now = invoice(1, total);
        let mut held: Vec<Amount> = Vec::new();
        for (step, amount) in steps {
            let amount = Amount(amount);
            match step {
                0 => {
                    let fits = now.is_open() && amount.is_positive() && amount <= now.payable();
                    let reserved = now.clone().reserve(amount);
                    prop_assert_eq!(reserved.is_ok(), fits);
                    if let Ok(reserved) = reserved {
                        held.push(amount);
                        now = reserved;
                    }
                }
                1 => if let Some(amount) = held.pop() { now = now.release(amount) },
                2 => if let Some(amount) = held.pop() {
                    now = now.release(amount).apply(amount).expect("what was reserved can be applied");
                },
                _ => if amount <= now.payable() && let Ok(applied) = now.clone().apply(amount) { now = applied },
            }
            prop_assert!(now.applied + now.reserved <= now.total && now.reserved >= Amount::ZERO);
            prop_assert_eq!(now.reserved, held.iter().copied().sum::<Amount>());
            prop_assert_eq!(now.status == InvoiceStatus::Paid, now.applied == now.total);
            prop_assert_eq!(now.outstanding(), now.total - now.applied);
        }
    }
}

#[test]
fn a_paid_or_cancelled_invoice_takes_nothing() {
    for status in [InvoiceStatus::Paid, InvoiceStatus::Cancelled, InvoiceStatus::Draft] {
        let closed = Invoice { status, ..invoice(1, 100) };
        assert!(closed.clone().reserve(Amount(1)).is_err() && closed.clone().apply(Amount(1)).is_err(), "{status}");
    }
    assert_eq!(Invoice { status: InvoiceStatus::Cancelled, ..invoice(1, 100) }.outstanding(), Amount::ZERO);
}

#[test]
fn nothing_negative_is_reserved_or_applied() {
    for amount in [Amount(0), Amount(-1), Amount(101)] {
        assert!(invoice(1, 100).reserve(amount).is_err() && invoice(1, 100).apply(amount).is_err(), "{amount:?}");
    }
}
