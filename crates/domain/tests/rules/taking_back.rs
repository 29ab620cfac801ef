//! What of a customer's credit goes to its invoices, and which payments are taken back.

use domain::customers::Financials;
use domain::dates::Date;
use domain::ids::{CustomerId, PaymentId};
use domain::invoices::{CannotApply, Invoice, InvoiceStatus};
use domain::money::Amount;
use domain::payments::{CannotReverse, MethodType, Payment, PaymentStatus, PaymentType, Processor, use_credit};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::samples::{config, invoice, noon};

/// A paid payment of 60.50 with a balance.
fn payment(id: i64, balance: i64) -> Payment {
    Payment {
        id: PaymentId(id),
        customer: CustomerId(1),
        number: id.to_string(),
        status: PaymentStatus::Paid,
        payment_type: PaymentType::Payment,
        method_type: MethodType::CreditCard,
        method_context: "Visa: 1111".to_owned(),
        currency: "USD".parse().unwrap(),
        amount: Amount(6050),
        balance: Amount(balance),
        effective_on: Date::new(2011, 9, 20),
        is_system_payment: true,
        processor: Some(Processor::Test),
        is_processed_by_billing_run: false,
        collection: None,
        reverses: None,
        grants_credit: false,
        notes: None,
        created_at: noon(),
        updated_at: noon(),
    }
}

#[test]
fn the_oldest_credit_goes_to_the_oldest_invoice() {
    let uses = use_credit(&[payment(1, 70), payment(2, 50)], &[invoice(7, 60), invoice(8, 40), invoice(9, 100)]);
    let shown: Vec<_> =
        uses.iter().map(|u| (u.payment.0, u.part.invoice.0, u.part.amount.0, u.part.balance.0)).collect();
    assert_eq!(shown, [(1, 7, 60, 10), (1, 8, 10, 0), (2, 8, 30, 20), (2, 9, 20, 0)]);
}

#[test]
fn a_debit_keeps_credit_from_being_used() {
    assert!(use_credit(&[payment(1, 70), payment(2, -70)], &[invoice(7, 60)]).is_empty());
    let uses = use_credit(&[payment(1, 70), payment(2, -20), payment(3, 5)], &[invoice(7, 60)]);
    assert_eq!(uses.iter().map(|used| used.part.amount.0).collect::<Vec<_>>(), [55]);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_more_credit_is_used_than_there_is_nor_than_invoices_take(
        balances in vec(-500..1_000i64, 0..6), totals in vec(1..1_000i64, 0..6)
    ) {
        let payments: Vec<Payment> = (1..).zip(&balances).map(|(id, balance)| payment(id, *balance)).collect();
        let invoices: Vec<Invoice> = (1..).zip(&totals).map(|(id, total)| invoice(id, *total)).collect();
        let uses = use_credit(&payments, &invoices);
        let used: i64 = uses.iter().map(|used| used.part.amount.0).sum();
        let credit: i64 = balances.iter().sum();
        prop_assert_eq!(used, credit.max(0).min(totals.iter().sum()));
        for payment in &payments {
            let of_this: Vec<_> = uses.iter().filter(|used| used.payment == payment.id).collect();
            let taken: i64 = of_this.iter().map(|used| used.part.amount.0).sum();
            prop_assert!(taken <= payment.balance.0.max(0));
            if let Some(last) = of_this.last() {
                prop_assert_eq!(last.part.balance.0, payment.balance.0 - taken);
            }
        }
        for invoice in &invoices {
            let got: Amount = uses.iter().filter(|used| used.part.invoice == invoice.id).map(|used| used.part.amount).sum();
            prop_assert!(got <= invoice.payable());
        }
    }
}

#[test]
fn an_invoice_is_owed_again_when_its_payment_is_taken_back() {
    let paid = invoice(1, 100).apply(Amount(100)).unwrap();
    let open = paid.clone().reopen(Amount(40)).unwrap();
    assert_eq!((open.status, open.outstanding()), (InvoiceStatus::Outstanding, Amount(40)));
    for wrong in [Amount(0), Amount(-1), Amount(101)] {
        assert_eq!(paid.clone().reopen(wrong).unwrap_err(), CannotApply::Amount);
    }
    let cancelled = Invoice { status: InvoiceStatus::Cancelled, ..paid };
    assert_eq!(cancelled.reopen(Amount(40)).unwrap_err(), CannotApply::NotOpen);
}

#[test]
fn only_a_paid_payment_of_a_processor_is_refunded_and_only_whole() {
    let good = payment(1, 0);
    for amount in [None, Some(Amount(6050))] {
        assert_eq!(good.check_refundable(amount), Ok(()));
    }
    assert_eq!(good.check_refundable(Some(Amount(6049))), Err(CannotReverse::Amount));
    for method_type in [MethodType::Ach, MethodType::Token] {
        assert_eq!(Payment { method_type, ..good.clone() }.check_refundable(None), Ok(()));
    }
    for method_type in [MethodType::Cash, MethodType::Check] {
        let by_hand = Payment { method_type, is_system_payment: false, ..good.clone() };
        assert_eq!(by_hand.check_refundable(None), Err(CannotReverse::Method(method_type)));
        assert_eq!(by_hand.check_cancellable(), Ok(()));
    }
    let elsewhere = Payment { is_system_payment: false, ..good.clone() };
    assert_eq!(elsewhere.check_refundable(None), Err(CannotReverse::Elsewhere));
    for status in PaymentStatus::ALL.iter().copied().filter(|status| *status != PaymentStatus::Paid) {
        let other = Payment { status, ..good.clone() };
        assert_eq!(other.check_refundable(None), Err(CannotReverse::Status(status)));
        assert_eq!(other.check_cancellable(), Err(CannotReverse::Status(status)));
    }
    for payment_type in [PaymentType::Credit, PaymentType::Refund] {
        let other = Payment { payment_type, ..good.clone() };
        assert_eq!(other.check_cancellable(), Err(CannotReverse::Type(payment_type)));
    }
    let back = Payment { reverses: Some(PaymentId(9)), ..good };
    assert_eq!(back.check_cancellable(), Err(CannotReverse::Reversal));
}

#[test]
fn what_was_taken_back_is_owed_and_not_paid() {
    let paid = Financials::default().paid(Amount(60), Date::new(2011, 9, 20));
    let after = paid.unpaid(Amount(60));
    assert_eq!((after.outstanding_balance, after.lifetime_payments), (Amount::ZERO, Amount::ZERO));
    assert_eq!(after.last_payment_amount, Amount(60), "that it was made is not forgotten");
}
