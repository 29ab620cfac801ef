//! What a payment does to invoices and balances, and which payments are refused.

use billing::invoices::InvoiceKey;
use billing::payments::{Method, PayRequest};
use domain::customers::NewCustomer;
use domain::ids::InvoiceId;
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payments::PaymentStatus;
use testkit::scene::{amount_by_card, by_card, new_customer, new_order};
use testkit::{Script, scenes};

use crate::refusal;

scenes! {
    async fn a_declined_card_leaves_the_invoice_open(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        for (script, status) in [(Script::Decline, PaymentStatus::Declined), (Script::Error, PaymentStatus::Error)] {
            scene.gateway.next(script);
            let payment = scene.pay(by_card(&[invoice])).await.unwrap();
            assert_eq!((payment.head.status, payment.head.balance), (status, Amount::ZERO));
            assert!(payment.allocations.is_empty() && payment.result.is_some());
            let open = scene.find_invoice(invoice).await.head;
            assert_eq!((open.status, open.payable()), (InvoiceStatus::Outstanding, Amount(6050)));
            assert_eq!(scene.balance(john).await, Amount(6050));
        }
        assert_eq!(scene.pay(by_card(&[invoice])).await.unwrap().head.status, PaymentStatus::Paid, "a retry is welcome");
        assert_eq!(scene.gateway.charged(), Amount(6050));
        scene.check().await;
    }

    async fn what_is_paid_beyond_the_invoice_is_credit(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let request = PayRequest { amount: Some("100".parse().unwrap()), ..by_card(&[invoice]) };
        let payment = scene.pay(request).await.unwrap();
        assert_eq!((payment.head.amount, payment.head.balance), (Amount(10000), Amount(3950)));
        assert_eq!(payment.allocations[0].balance, Amount(3950));
        assert_eq!(scene.balance(john).await, Amount(-3950));
        assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        scene.check().await;
    }

    async fn the_oldest_invoice_is_paid_first(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let first = scene.invoice(john).await.head.id;
        scene.advance("2011-09-25T12:00:00Z").await.unwrap();
        let second = scene.invoice(john).await.head.id;
        let payment = scene.pay(amount_by_card(john, "70")).await.unwrap();
        let parts: Vec<_> = payment.allocations.iter().map(|part| (part.invoice, part.amount, part.balance)).collect();
        assert_eq!(parts, [(first, Amount(6050), Amount(950)), (second, Amount(950), Amount(0))]);
        assert_eq!(scene.find_invoice(first).await.head.status, InvoiceStatus::Paid);
        assert_eq!(scene.find_invoice(second).await.head.outstanding(), Amount(3300 - 950), "165 × 6/30 = 33");
        scene.check().await;
    }

    async fn invoices_are_paid_in_the_order_they_are_named(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let first = scene.invoice(john).await.head.id;
        let second = scene.invoice(john).await.head.id;
        let request = PayRequest { amount: Some("70".parse().unwrap()), ..by_card(&[second, first, second]) };
        let payment = scene.pay(request).await.unwrap();
        let parts: Vec<_> = payment.allocations.iter().map(|part| (part.invoice, part.amount)).collect();
        assert_eq!(parts, [(second, Amount(6050)), (first, Amount(950))]);
        scene.check().await;
    }

    async fn without_an_amount_all_that_the_invoices_owe_is_paid(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let first = scene.invoice(john).await.head.id;
        scene.pay(PayRequest { amount: Some("0.50".parse().unwrap()), ..by_card(&[first]) }).await.unwrap();
        let second = scene.invoice(john).await.head.id;
        let payment = scene.pay(by_card(&[first, second])).await.unwrap();
        assert_eq!(payment.head.amount, Amount(12050));
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn cash_is_paid_at_once_and_asks_no_processor(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let payment = scene.pay(PayRequest { method: Method::Cash, ..by_card(&[invoice]) }).await.unwrap();
        assert_eq!((payment.head.status, payment.head.is_system_payment), (PaymentStatus::Paid, false));
        assert_eq!((payment.result, scene.gateway.calls()), (None, 0));
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn an_invoice_that_is_not_the_customers_is_refused_and_nothing_charged(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let jane = scene.customer("JANE").await;
        let johns = scene.invoice(john).await.head.id;
        let janes = scene.invoice(jane).await.head.id;
        let rival = scene.rival().await;
        let unknown = refusal(scene.pay(by_card(&[InvoiceId(999_999)])).await);
        let foreign = PayRequest { customer: Some(jane), ..by_card(&[johns]) };
        let mixed = by_card(&[johns, janes]);
        let number = InvoiceKey { id: None, number: Some("9999".to_owned()) };
        let unnumbered = PayRequest { invoices: vec![number], ..by_card(&[]) };
        for request in [foreign, mixed, unnumbered] {
            assert_eq!(refusal(scene.pay(request).await), unknown, "the same whether it exists or not");
        }
        let elsewhere = billing::payments::pay(&scene.billing, rival, &domain::access::Actor::System, by_card(&[johns]));
        assert_eq!(refusal(elsewhere.await), unknown);
        assert_eq!(scene.gateway.calls(), 0);
        scene.check().await;
    }

    async fn a_paid_invoice_is_not_paid_again(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(refusal(scene.pay(by_card(&[invoice])).await), "Invoice 1019 is already paid.");
        assert_eq!(scene.gateway.charges(), 1);
        scene.check().await;
    }

    async fn a_senseless_amount_is_refused_and_nothing_charged(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        for (amount, why) in [
            ("0", "more than 0"),
            ("-1", "more than 0"),
            ("0.001", "at most 2 decimals"),
            ("1000000000000", "must be between"),
        ] {
            let request = PayRequest { amount: Some(amount.parse().unwrap()), ..by_card(&[invoice]) };
            let message = refusal(scene.pay(request).await);
            assert!(message.contains(why), "{amount}: {message}");
        }
        assert!(refusal(scene.pay(PayRequest { customer: Some(john), ..by_card(&[]) }).await).contains("amount is missing"));
        assert!(refusal(scene.pay(by_card(&[])).await).contains("customer is missing"));
        let euros = PayRequest { currency: Some("EUR".parse().unwrap()), ..by_card(&[invoice]) };
        assert!(refusal(scene.pay(euros).await).contains("EUR"));
        assert_eq!(scene.gateway.calls(), 0);
        scene.check().await;
    }

    async fn a_balance_stays_within_its_bounds(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.pay(amount_by_card(john, "999999999999.99")).await.unwrap();
        assert!(refusal(scene.pay(amount_by_card(john, "0.01")).await).contains("out of range"));
        scene.check().await;
    }

    async fn an_order_of_fixed_10_leaves_55_outstanding(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let order = new_order("FIXED-10", &[("FLAT", "3"), ("SETUP", "1")]);
        scene.place(john, order, billing::orders::Invoicing::Now).await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(5500));
        scene.check().await;
    }

    async fn a_customer_in_another_currency_is_refused_where_it_is_not_enabled(scene: Scene) {
        let new = NewCustomer { currency: Some("EUR".parse().unwrap()), ..new_customer("E") };
        assert!(refusal(scene.create(scene.org, new).await).contains("EUR is not enabled"));
    }
}
