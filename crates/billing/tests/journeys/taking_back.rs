//! Refunds, cancelled payments, credits and debits: what becomes of invoices and balances.

use billing::credits::CreditRequest;
use billing::payments::{Method, PayRequest, cancel};
use billing::refunds::{RefundRequest, refund};
use billing::{Error, Result, credits};
use domain::access::Actor;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, PaymentId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payments::{FullPayment, PaymentStatus, PaymentType, RequestKind};
use testkit::scene::{amount_by_card, by_card};
use testkit::{Scene, Script, scenes};

use crate::refusal;

pub fn of(payment: PaymentId) -> RefundRequest {
    RefundRequest {
        payment,
        customer: None,
        amount: None,
        currency: None,
        applies_house_credit: false,
        effective_on: None,
    }
}

async fn give_back(scene: &Scene, request: RefundRequest) -> Result<FullPayment> {
    refund(&scene.billing, scene.org, &Actor::System, &request).await
}

async fn bounce(scene: &Scene, payment: PaymentId) -> Result<FullPayment> {
    scene.billing.unit(scene.org, &Actor::System, async |unit| cancel(unit, payment).await).await
}

async fn credit(scene: &Scene, customer: CustomerId, amount: &str) -> Result<FullPayment> {
    let amount = amount.parse().unwrap();
    let request = &CreditRequest { customer, amount, currency: None, notes: None };
    scene.billing.unit(scene.org, &Actor::System, async |unit| credits::create(unit, request).await).await
}

/// A customer whose invoice of 60.50 was paid by card.
async fn paid(scene: &Scene) -> (CustomerId, InvoiceId, PaymentId) {
    let john = scene.customer("JOHNDOE001").await;
    let invoice = scene.invoice(john).await.head.id;
    let payment = scene.pay(by_card(&[invoice])).await.unwrap().head.id;
    (john, invoice, payment)
}

async fn owed(scene: &Scene, invoice: InvoiceId) -> (InvoiceStatus, Amount) {
    let head = scene.find_invoice(invoice).await.head;
    (head.status, head.outstanding())
}

const OPEN: (InvoiceStatus, Amount) = (InvoiceStatus::Outstanding, Amount(6050));
const PAID: (InvoiceStatus, Amount) = (InvoiceStatus::Paid, Amount(0));

scenes! {
    async fn a_refund_voids_and_the_invoice_is_owed_again(scene: Scene) {
        let (john, invoice, payment) = paid(&scene).await;
        let refund = give_back(&scene, of(payment)).await.unwrap();
        let head = &refund.head;
        assert_eq!((head.status, head.payment_type, head.amount), (PaymentStatus::Paid, PaymentType::Refund, Amount(-6050)));
        assert_eq!((head.reverses, head.balance), (Some(payment), Amount::ZERO));
        assert_eq!(refund.result.unwrap().request, RequestKind::Void);
        let original = scene.find_payment(payment).await;
        assert_eq!((original.head.status, original.allocations.len()), (PaymentStatus::Refunded, 0));
        assert_eq!(owed(&scene, invoice).await, OPEN);
        let financials = scene.find_customer(john).await.financials;
        assert_eq!((financials.outstanding_balance, financials.lifetime_payments), (Amount(6050), Amount::ZERO));
        assert_eq!(scene.gateway.given_back(), Amount(6050));
        scene.check().await;
        // The invoice is paid again by another payment.
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(owed(&scene, invoice).await, PAID);
        scene.check().await;
    }

    async fn where_it_is_too_late_to_void_it_is_refunded_and_both_answers_are_kept(scene: Scene) {
        let (_, _, payment) = paid(&scene).await;
        scene.gateway.next(Script::Decline);
        let refund = give_back(&scene, of(payment)).await.unwrap();
        assert_eq!((refund.head.status, refund.result.unwrap().request), (PaymentStatus::Paid, RequestKind::Refund));
        let mut conn = scene.db.read().await.unwrap();
        let kept = store::processor_results::list(&mut conn, scene.org, refund.head.id).await.unwrap();
        assert_eq!(kept.iter().map(|one| one.request).collect::<Vec<_>>(), [RequestKind::Void, RequestKind::Refund]);
        drop(conn);
        scene.check().await;
    }

    async fn a_refund_that_is_declined_changes_nothing_and_may_be_tried_again(scene: Scene) {
        let (john, invoice, payment) = paid(&scene).await;
        scene.gateway.next(Script::Decline);
        scene.gateway.next(Script::Decline);
        let refund = give_back(&scene, of(payment)).await.unwrap();
        assert_eq!(refund.head.status, PaymentStatus::Declined);
        assert_eq!((owed(&scene, invoice).await, scene.balance(john).await), (PAID, Amount::ZERO));
        scene.check().await;
        assert_eq!(give_back(&scene, of(payment)).await.unwrap().head.status, PaymentStatus::Paid);
        scene.check().await;
    }

    async fn c_pay_36_a_payment_is_refunded_once(scene: Scene) {
        let (_, _, payment) = paid(&scene).await;
        give_back(&scene, of(payment)).await.unwrap();
        let again = refusal(give_back(&scene, of(payment)).await);
        assert_eq!(again, "Payment 1001 can't be refunded: it is Refunded, and only what is Paid is taken back.");
        assert_eq!(scene.gateway.gifts_back(), 1);
        scene.check().await;
    }

    parallel async fn of_two_refunds_at_once_one_gives_back(scene: Scene) {
        let (john, _, payment) = paid(&scene).await;
        let (one, other) = tokio::join!(give_back(&scene, of(payment)), give_back(&scene, of(payment)));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!((scene.gateway.gifts_back(), scene.balance(john).await), (1, Amount(6050)));
        scene.check().await;
    }

    async fn a_refund_with_house_credit_leaves_the_invoice_paid(scene: Scene) {
        let (john, invoice, payment) = paid(&scene).await;
        let request = RefundRequest { applies_house_credit: true, ..of(payment) };
        give_back(&scene, request).await.unwrap();
        assert_eq!((owed(&scene, invoice).await, scene.balance(john).await), (PAID, Amount::ZERO));
        let applied = scene.find_invoice(invoice).await.allocations;
        let credit = scene.find_payment(applied[0].payment).await.head;
        assert_eq!((credit.payment_type, credit.amount), (PaymentType::Credit, Amount(6050)));
        scene.check().await;
    }

    async fn what_was_paid_too_much_goes_back_with_the_rest(scene: Scene) {
        let (john, first, _) = paid(&scene).await;
        let payment = scene.pay(amount_by_card(john, "100")).await.unwrap().head;
        assert_eq!((payment.balance, scene.balance(john).await), (Amount(10_000), Amount(-10_000)));
        let second = scene.invoice(john).await.head;
        assert_eq!((second.status, scene.balance(john).await), (InvoiceStatus::Paid, Amount(-3950)), "credit is used first");
        give_back(&scene, of(payment.id)).await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(6050));
        assert_eq!((owed(&scene, first).await, owed(&scene, second.id).await), (PAID, OPEN));
        scene.check().await;
    }

    async fn only_what_a_processor_took_is_refunded_exactly_and_on_a_day_that_can_be(scene: Scene) {
        let (john, _, payment) = paid(&scene).await;
        let invoice = scene.invoice(john).await.head.id;
        let cash = scene.pay(PayRequest { method: Method::Cash, ..by_card(&[invoice]) }).await.unwrap().head.id;
        let message = refusal(give_back(&scene, of(cash)).await);
        assert!(message.contains("it was paid by Cash; only card and ACH"), "{message}");
        let wrong = RefundRequest { amount: Some("60".parse().unwrap()), ..of(payment) };
        assert!(refusal(give_back(&scene, wrong).await).ends_with("a refund is exactly what was paid, 60.50."));
        let jane = scene.customer("JANE").await;
        let foreign = RefundRequest { customer: Some(jane), ..of(payment) };
        assert!(refusal(give_back(&scene, foreign).await).starts_with("payment names a payment"));
        let euros = RefundRequest { currency: Some("EUR".parse().unwrap()), ..of(payment) };
        assert!(refusal(give_back(&scene, euros).await).starts_with("currency EUR"));
        for day in [Date::new(2011, 9, 19), Date::new(2011, 9, 21)] {
            let request = RefundRequest { effective_on: Some(day), ..of(payment) };
            assert!(refusal(give_back(&scene, request).await).starts_with("effectiveDate must be from"), "{day}");
        }
        let nothing = give_back(&scene, of(PaymentId(999_999))).await;
        assert!(matches!(nothing, Err(Error::NotFound("payment"))), "{nothing:?}");
        let given = credit(&scene, john, "5").await.unwrap().head.id;
        assert!(refusal(give_back(&scene, of(given)).await).contains("it is a Credit"));
        assert_eq!(scene.gateway.given_back(), Amount::ZERO);
        scene.check().await;
    }

    async fn a_refund_on_an_earlier_day_is_booked_there(scene: Scene) {
        let (_, _, payment) = paid(&scene).await;
        scene.advance("2011-09-25T12:00:00Z").await.unwrap();
        let day = Date::new(2011, 9, 22);
        let refund = give_back(&scene, RefundRequest { effective_on: Some(day), ..of(payment) }).await.unwrap();
        assert_eq!(refund.head.effective_on, day);
        scene.check().await;
    }

    async fn a_refund_whose_answer_was_lost_is_found_by_the_janitor(scene: Scene) {
        for (scripts, ends) in [
            (&[Script::ApproveAndTimeOut][..], PaymentStatus::Paid),
            (&[Script::Decline, Script::ApproveAndTimeOut][..], PaymentStatus::Paid),
            // Too late to void, and then nobody asked: the merchant may try again.
            (&[Script::DeclineAndTimeOut][..], PaymentStatus::Error),
            (&[Script::Decline, Script::DeclineAndTimeOut][..], PaymentStatus::Declined),
        ] {
            let john = scene.customer(&format!("{ends} {}", scripts.len())).await;
            let invoice = scene.invoice(john).await.head.id;
            let payment = scene.pay(by_card(&[invoice])).await.unwrap().head.id;
            for script in scripts {
                scene.gateway.next(*script);
            }
            let refund = give_back(&scene, of(payment)).await.unwrap().head;
            assert_eq!(refund.status, PaymentStatus::Pending, "{scripts:?}");
            assert!(refusal(give_back(&scene, of(payment)).await).contains("is being refunded already"));
            assert!(refusal(bounce(&scene, payment).await).contains("is being refunded already"));
            assert_eq!(owed(&scene, invoice).await, PAID, "{scripts:?}");
            scene.check().await;
            scene.settle().await;
            assert_eq!(scene.find_payment(refund.id).await.head.status, ends, "{scripts:?}");
            let expected = if ends == PaymentStatus::Paid { OPEN } else { PAID };
            assert_eq!(owed(&scene, invoice).await, expected, "{scripts:?}");
            scene.check().await;
        }
    }

    async fn a_refund_that_never_arrived_may_be_tried_again(scene: Scene) {
        let (_, invoice, payment) = paid(&scene).await;
        scene.gateway.next(Script::LoseRequest);
        let refund = give_back(&scene, of(payment)).await.unwrap().head;
        scene.settle().await;
        assert_eq!(scene.find_payment(refund.id).await.head.status, PaymentStatus::Error);
        assert_eq!(owed(&scene, invoice).await, PAID);
        assert_eq!(give_back(&scene, of(payment)).await.unwrap().head.status, PaymentStatus::Paid);
        assert_eq!(scene.gateway.gifts_back(), 1);
        scene.check().await;
    }

    async fn a_payment_that_bounced_is_cancelled_and_its_invoice_owed_again(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let check = Method::Check { number: Some("55".to_owned()) };
        let payment = scene.pay(PayRequest { method: check, ..by_card(&[invoice]) }).await.unwrap().head.id;
        let cancelled = bounce(&scene, payment).await.unwrap();
        assert_eq!((cancelled.head.status, cancelled.allocations.len()), (PaymentStatus::Cancelled, 0));
        assert_eq!((owed(&scene, invoice).await, scene.balance(john).await), (OPEN, Amount(6050)));
        let mut conn = scene.db.read().await.unwrap();
        let (all, _) = store::payments::list(&mut conn, scene.org, john, store::Page { offset: 0, max: 9 }).await.unwrap();
        drop(conn);
        let back = all.iter().find(|one| one.reverses == Some(payment)).unwrap();
        assert_eq!((back.amount, back.status, back.payment_type), (Amount(-6050), PaymentStatus::Paid, PaymentType::Payment));
        for again in [payment, back.id] {
            assert!(refusal(bounce(&scene, again).await).contains("can't be cancelled"));
        }
        assert!(refusal(give_back(&scene, of(payment)).await).contains("it is Cancelled"));
        assert_eq!(scene.gateway.calls(), 0, "nobody is asked");
        scene.check().await;
    }

    async fn a_credit_pays_the_oldest_invoice_first_and_a_debit_raises_what_is_owed(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let first = scene.invoice(john).await.head.id;
        let second = scene.invoice(john).await.head.id;
        let given = credit(&scene, john, "70").await.unwrap();
        let parts: Vec<_> = given.allocations.iter().map(|part| (part.invoice, part.amount, part.balance)).collect();
        assert_eq!(parts, [(first, Amount(6050), Amount(950)), (second, Amount(950), Amount(0))]);
        assert!(given.result.is_none() && !given.head.is_processed_by_billing_run);
        assert_eq!(scene.balance(john).await, Amount(5100));
        let debit = credit(&scene, john, "-10").await.unwrap();
        assert_eq!((debit.head.amount, debit.head.balance), (Amount(-1000), Amount(-1000)));
        assert_eq!(scene.balance(john).await, Amount(6100));
        scene.check().await;
        for wrong in ["0", "0.00", "0.001", "1.234"] {
            assert!(refusal(credit(&scene, john, wrong).await).starts_with("amount"), "{wrong}");
        }
        assert!(refusal(credit(&scene, john, "-999999999999.99").await).contains("out of range"));
    }

    async fn what_is_left_of_a_payment_pays_the_next_invoice_but_not_what_a_debit_asks_for(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.pay(amount_by_card(john, "50")).await.unwrap();
        credit(&scene, john, "20").await.unwrap();
        credit(&scene, john, "-30").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(-4000));
        let invoice = scene.invoice(john).await;
        assert_eq!((invoice.head.outstanding(), invoice.allocations.len()), (Amount(2050), 1));
        assert_eq!((invoice.allocations[0].amount, invoice.allocations[0].balance), (Amount(4000), Amount(1000)));
        assert_eq!(scene.balance(john).await, Amount(2050));
        scene.check().await;
    }

    async fn a_payment_and_an_invoice_may_meet_twice(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        scene.gateway.next(Script::DeclineAndTimeOut);
        let held = PayRequest { amount: Some("10.50".parse().unwrap()), ..by_card(&[invoice]) };
        scene.pay(held).await.unwrap();
        let most = scene.pay(amount_by_card(john, "60")).await.unwrap().head;
        assert_eq!(most.balance, Amount(1000), "10.50 are held by the other");
        scene.settle().await;
        assert_eq!(owed(&scene, invoice).await, (InvoiceStatus::Outstanding, Amount(1050)));
        let next = scene.invoice(john).await.head;
        assert_eq!(owed(&scene, invoice).await, (InvoiceStatus::Outstanding, Amount(50)), "the oldest first");
        assert_eq!(next.outstanding(), Amount(6050));
        scene.check().await;
    }
}
