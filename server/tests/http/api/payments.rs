//! Paying over the API (`api.md` §6).

use crate::harness::fixtures::{
    APPROVES, CASH, DECLINES, JOHN, fixed, invoice_xml, payment_by, payment_xml, white_label, with, without,
};
use crate::harness::join_all;

const OF_JOHN: &str = "/rest/payments?extCustomerRef=JOHNDOE001";

on_both! {
    async fn the_test_processor_answers_as_its_table_says(server: Server) {
        server.plain_customer(JOHN).await;
        for (card, status, success, error, avs, cvv) in [
            (APPROVES, "Paid", "true", "false", "Y", "Y"),
            ("5555555555554444", "Paid", "true", "false", "Y", "Y"),
            (DECLINES, "Declined", "false", "false", "Y", "Y"),
            ("4000000000000010", "Paid", "true", "false", "N", "Y"),
            ("4000000000000101", "Paid", "true", "false", "Y", "N"),
            ("4000000000000119", "Error", "false", "true", "Y", "Y"),
        ] {
            let invoice = server.order(JOHN, fixed()).await;
            let answer = server.post(OF_JOHN, payment_xml("10.00", &[invoice.id], card)).send().await;
            let payment = answer.xml(201);
            payment.has(&[
                ("status", status),
                ("amount", "10.00"),
                ("processorResult/isSuccess", success),
                ("processorResult/isError", error),
                ("processorResult/avsCode", avs),
                ("processorResult/cvvCode", cvv),
            ]);
            assert!(!answer.text().contains(card), "{}", answer.text());
            let owed = if status == "Paid" { ("Paid", "0.00") } else { ("Outstanding", "10.00") };
            server.invoice(invoice.id).await.has(&[("status", owed.0), ("outstandingBalance", owed.1)]);
        }
        assert_eq!(server.balance(JOHN).await, "20.00");
    }

    async fn c_pay_08_without_address_and_code_both_are_unsupported(server: Server) {
        let invoice = server.john().await;
        let body = without(&without(&payment_xml("60.50", &[invoice.id], APPROVES), "cvv"), "billingAddress");
        server.post(OF_JOHN, body).gives(201).await.has(&[
            ("status", "Paid"),
            ("processorResult/avsCode", "X"),
            ("processorResult/cvvCode", "X"),
        ]);
    }

    async fn c_pay_10_a_declined_payment_is_recorded_and_changes_nothing_else(server: Server) {
        let invoice = server.john().await;
        let payment = server.post(OF_JOHN, payment_xml("", &[invoice.id], DECLINES)).gives(201).await;
        payment.has(&[("status", "Declined"), ("amount", "60.50"), ("processorResult/isSuccess", "false")]);
        assert_eq!(payment.count("invoicePayments/invoicePayment"), 0);
        let read = server.get(&format!("/rest/payment/{}", payment.id())).gives(200).await;
        assert_eq!(read.at("status"), "Declined");
        server.invoice(invoice.id).await.has(&[("status", "Outstanding"), ("outstandingBalance", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "60.50");
        // Another attempt is free to succeed.
        server.post(OF_JOHN, payment_xml("", &[invoice.id], APPROVES)).gives(201).await.has(&[("status", "Paid")]);
    }

    async fn an_expired_card_is_declined(server: Server) {
        let invoice = server.john().await;
        let body = with(&payment_xml("", &[invoice.id], APPROVES), "expiry", "2011-08-31");
        let payment = server.post(OF_JOHN, body).send().await;
        assert!(matches!(payment.status, 201 | 400), "{}", payment.text());
        server.invoice(invoice.id).await.has(&[("status", "Outstanding")]);
    }

    async fn c_pay_19_and_c_pay_23_amount_and_customer_follow_from_the_invoice_and_the_root_may_be_its_action(server: Server) {
        let invoice = server.john().await;
        let body = without(&payment_xml("", &[invoice.id], APPROVES), "action")
            .replace("<payment>", "<processPayment>")
            .replace("</payment>", "</processPayment>");
        let payment = server.post("/rest/payments", body).gives(201).await;
        payment.has(&[("status", "Paid"), ("amount", "60.50"), ("balance", "0.00")]);
    }

    async fn c_pay_17_what_is_paid_too_much_stays_as_credit(server: Server) {
        let invoice = server.john().await;
        let payment = server.post(OF_JOHN, payment_xml("100.00", &[invoice.id], APPROVES)).gives(201).await;
        payment.has(&[("status", "Paid"), ("balance", "39.50"), ("invoicePayments/invoicePayment/amountApplied", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "-39.50");
        server.invoice(invoice.id).await.has(&[("status", "Paid")]);
    }

    async fn c_pay_18_without_invoice_the_oldest_due_is_paid_first(server: Server) {
        let first = server.john().await;
        server.advance("2011-09-22T12:00:00Z").await;
        let second = server.order(JOHN, with(&fixed(), "startDate", "2011-09-22")).await;
        let payment = server.post(OF_JOHN, payment_xml("65.00", &[], APPROVES)).gives(201).await;
        let path = "invoicePayments/invoicePayment";
        assert_eq!(payment.all(&format!("{path}/invoice/@id")), [first.id.to_string(), second.id.to_string()]);
        assert_eq!(payment.all(&format!("{path}/amountApplied")), ["60.50", "4.50"]);
        assert_eq!(payment.all(&format!("{path}/balance")), ["4.50", "0.00"]);
        server.invoice(first.id).await.has(&[("status", "Paid")]);
        server.invoice(second.id).await.has(&[("status", "Outstanding"), ("outstandingBalance", "5.50")]);
    }

    async fn named_invoices_are_paid_in_their_order(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        let payment = server.post(OF_JOHN, payment_xml("20", &[second.id, first.id], APPROVES)).gives(201).await;
        assert_eq!(payment.all("invoicePayments/invoicePayment/amountApplied"), ["10.00", "10.00"]);
        server.invoice(second.id).await.has(&[("status", "Paid")]);
    }

    async fn an_invoice_may_be_named_by_its_number(server: Server) {
        let invoice = server.john().await;
        let body = payment_xml("", &[], APPROVES)
            .replace("<invoices>", &format!("<invoices><invoice><invoiceNumber>{}</invoiceNumber></invoice>", invoice.number));
        server.post("/rest/payments", body).gives(201).await.has(&[("status", "Paid"), ("amount", "60.50")]);
    }

    async fn c_pay_21_the_amount_is_above_zero_with_two_decimals(server: Server) {
        let invoice = server.john().await;
        for amount in ["-5", "0", "0.00", "1.234", "abc", "1,50", "1e2", "999999999999999999"] {
            let messages = server.refuses(400, server.post(OF_JOHN, payment_xml(amount, &[invoice.id], APPROVES))).await;
            assert!(messages[0].starts_with("amount"), "{amount}: {messages:?}");
        }
        let messages = server.refuses(400, server.post(OF_JOHN, payment_xml("", &[], APPROVES))).await;
        assert!(messages[0].starts_with("amount"), "{messages:?}");
    }

    async fn c_err_17_a_wrong_card_number_is_refused_and_never_echoed(server: Server) {
        let invoice = server.john().await;
        for number in ["4111111111111112", "411111111111", "4111-1111-1111-111x", "99", "41111111111111111111111"] {
            let body = payment_xml("60.50", &[invoice.id], number);
            let messages = server.refuses(400, server.post(OF_JOHN, body)).await;
            assert!(messages[0].contains("cardNumber"), "{messages:?}");
            assert!(!messages.concat().contains(number) && !messages.concat().contains("9137"), "{messages:?}");
        }
        let good = payment_xml("60.50", &[invoice.id], APPROVES);
        for (field, body) in [
            ("cvv", with(&good, "cvv", "12")),
            ("cvv", with(&good, "cvv", "abcd")),
            ("expiry", with(&good, "expiry", "soon")),
            ("expiry", with(&good, "expiry", "2035-13")),
            ("expiry", without(&good, "expiry")),
            ("cardNumber", without(&good, "cardNumber")),
            ("cardType", good.replace("<expiry>", "<cardType>Amex</cardType><expiry>")),
        ] {
            let messages = server.refuses(400, server.post(OF_JOHN, body)).await;
            assert!(messages.iter().any(|message| message.contains(field)), "{field}: {messages:?}");
            assert!(!messages.concat().contains("4111"), "{messages:?}");
        }
    }

    async fn the_method_must_be_one_and_what_it_says_it_is(server: Server) {
        const SENTENCE: &str = "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check";
        let invoice = server.john().await;
        let good = payment_xml("60.50", &[invoice.id], APPROVES);
        for body in [
            good.replace(" type=\"CreditCard\"", ""),
            good.replace("type=\"CreditCard\"", "type=\"ACH\""),
            good.replace("type=\"CreditCard\"", "type=\"Gold\""),
        ] {
            let messages = server.refuses(400, server.post(OF_JOHN, body)).await;
            assert_eq!(messages, [SENTENCE]);
        }
        server.refuses(400, server.post(OF_JOHN, without(&good.replace(" type=\"CreditCard\"", ""), "paymentMethodDTO"))).await;
        server.refuses(400, server.post(OF_JOHN, good.replace("</paymentMethodDTO>", "<cashPaymentMethod/></paymentMethodDTO>"))).await;
        let nested = good
            .replace(" type=\"CreditCard\"", "")
            .replace("<creditCardPaymentMethod>", "<paymentMethod><type>CreditCard</type></paymentMethod><creditCardPaymentMethod>");
        server.post(OF_JOHN, nested).gives(201).await.has(&[("status", "Paid")]);
    }

    async fn c_pay_24_what_contradicts_the_address_is_refused(server: Server) {
        let invoice = server.john().await;
        let good = payment_xml("60.50", &[invoice.id], APPROVES);
        for body in [
            with(&good, "action", "processRefund"),
            with(&good, "action", "processCredit"),
            with(&good, "action", "steal"),
            good.replace("<payment>", "<refund>").replace("</payment>", "</refund>"),
            good.replace("<payment>", "<credit>").replace("</payment>", "</credit>"),
        ] {
            server.refuses(400, server.post(OF_JOHN, body)).await;
        }
    }

    async fn c_pay_28_cash_and_checks_are_paid_without_a_processor(server: Server) {
        let first = server.john().await;
        let payment = server.post(OF_JOHN, payment_by("60.50", &[first.id], CASH)).gives(201).await;
        payment.has(&[("status", "Paid"), ("paymentMethodType", "Cash"), ("isSystemPayment", "false")]);
        assert_eq!(payment.count("processorResult"), 0);
        server.invoice(first.id).await.has(&[("status", "Paid")]);
        let second = server.order(JOHN, fixed()).await;
        let check = "<paymentMethodDTO type=\"Check\"><checkPaymentMethod><checkNumber>55</checkNumber>\
                     </checkPaymentMethod></paymentMethodDTO>";
        let payment = server.post(OF_JOHN, payment_by("", &[second.id], check)).gives(201).await;
        payment.has(&[("status", "Paid"), ("paymentMethodType", "Check"), ("amount", "10.00")]);
        assert_eq!(payment.count("processorResult"), 0);
    }

    async fn an_invoice_that_is_not_the_customers_is_refused_and_nothing_is_charged(server: Server) {
        server.rival().await;
        let own = server.john().await;
        server.plain_customer("JANE").await;
        let janes = server.order("JANE", fixed()).await;
        for invoices in [&[janes.id][..], &[own.id, janes.id], &[own.id, 4711], &[4711]] {
            server.refuses(400, server.post(OF_JOHN, payment_xml("10.00", invoices, APPROVES))).await;
        }
        server.refuses(400, server.post("/rest/payments", payment_xml("10", &[own.id, janes.id], APPROVES))).await;
        server.refuses(400, server.post("/rest/payments", payment_xml("10", &[own.id], APPROVES)).rival()).await;
        server.refuses(400, server.post("/rest/payments", payment_xml("10", &[], APPROVES))).await;
        server.refuses(404, server.post("/rest/payments?extCustomerRef=NOBODY", payment_xml("10", &[], APPROVES))).await;
        server.refuses(404, server.post(OF_JOHN, payment_xml("10", &[], APPROVES)).rival()).await;
    }

    async fn an_invoice_that_is_paid_is_refused_and_nothing_is_charged(server: Server) {
        let invoice = server.john().await;
        let body = payment_xml("60.50", &[invoice.id], APPROVES);
        server.post(OF_JOHN, body.clone()).gives(201).await;
        let messages = server.refuses(400, server.post(OF_JOHN, body)).await;
        assert!(messages[0].contains("already paid"), "{messages:?}");
    }

    async fn row_payments_a_cancelled_invoice_and_a_draft_are_refused_and_nothing_is_charged(server: Server) {
        let cancelled = server.john().await;
        server.call("DELETE", &format!("/rest/invoice/{}", cancelled.id)).body(String::new()).gives(200).await;
        let address = "/rest/invoices?extCustomerRef=JOHNDOE001";
        let draft = server.post(address, invoice_xml("<status>Draft</status>")).gives(201).await.id();
        for (invoice, status) in [(cancelled.id, "Cancelled"), (draft, "Draft")] {
            for amount in ["", "10.00"] {
                let messages = server.refuses(400, server.post(OF_JOHN, payment_xml(amount, &[invoice], APPROVES))).await;
                assert!(messages[0].contains(&format!("is {status}; it can't be paid")), "{messages:?}");
            }
        }
    }

    async fn several_invoices_are_paid_at_once_and_each_says_what_remains(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        let payment = server.post(OF_JOHN, payment_xml("", &[first.id, second.id], APPROVES)).gives(201).await;
        payment.has(&[("amount", "70.50"), ("balance", "0.00")]);
        assert_eq!(payment.all("invoicePayments/invoicePayment/amountApplied"), ["60.50", "10.00"]);
        assert_eq!(payment.all("invoicePayments/invoicePayment/balance"), ["10.00", "0.00"]);
        let twice = payment_xml("", &[first.id, first.id], APPROVES);
        let messages = server.refuses(400, server.post(OF_JOHN, twice)).await;
        assert!(messages[0].contains("is named twice"), "{messages:?}");
        let messages = server.refuses(400, server.post(OF_JOHN, payment_by("1", &[], ""))).await;
        assert_eq!(messages, ["paymentMethodDTO is required."]);
    }

    async fn another_currency_than_the_customers_is_refused(server: Server) {
        let invoice = server.john().await;
        let body = payment_xml("60.50", &[invoice.id], APPROVES).replace("<invoices>", "<currency id=\"EUR\"/><invoices>");
        let messages = server.refuses(400, server.post(OF_JOHN, body.clone())).await;
        assert!(messages[0].starts_with("currency"), "{messages:?}");
        server.post(OF_JOHN, body.replace("EUR", "USD")).gives(201).await;
    }

    async fn c_pay_39_of_two_payments_at_once_one_is_charged(server: Server) {
        server.plain_customer(JOHN).await;
        for _ in 0..5 {
            let invoice = server.order(JOHN, white_label()).await;
            let body = payment_xml("60.50", &[invoice.id], APPROVES);
            let answers = join_all((0..2).map(|_| server.post(OF_JOHN, body.clone()).send())).await;
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert!(statuses == [201, 400] || statuses == [201, 409], "{statuses:?}");
            server.invoice(invoice.id).await.has(&[("status", "Paid"), ("paymentsAndAdjustments", "60.50")]);
        }
        assert_eq!(server.balance(JOHN).await, "0.00");
        let charged = server.stored().await;
        let book = charged.iter().find(|(table, _)| table.starts_with("test_processor")).unwrap();
        assert_eq!(book.1.len(), 5, "{book:?}");
    }

    async fn a_payment_of_another_organization_is_unknown(server: Server) {
        server.rival().await;
        let invoice = server.john().await;
        let id = server.post(OF_JOHN, payment_xml("", &[invoice.id], APPROVES)).gives(201).await.id();
        server.get(&format!("/rest/payment/{id}")).rival().send().await.refused(404);
        server.get(&format!("/rest/payment/{id}?format=pdf")).send().await.refused(400);
    }
}
