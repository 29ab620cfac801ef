//! Paying with accounts and tokens, keeping what was paid with, and charging what is on file (`api.md` §6.2, §6.3).

use crate::harness::Server;
use crate::harness::fixtures::{
    APPROVES, DECLINES, JOHN, account_on_file, card_on_file, fixed, payment_by, payment_xml, plain_customer_xml,
    white_label, with, without,
};

const OF_JOHN: &str = "/rest/payments?extCustomerRef=JOHNDOE001";
const AUTOPAY: &str = "/rest/payments/autopay?extCustomerRef=JOHNDOE001";
const ON_FILE: &str = "/rest/customer/autopay?extCustomerRef=JOHNDOE001";

fn account(number: &str, more: &str) -> String {
    format!(
        "<paymentMethodDTO type=\"ACH\"><achPaymentMethod>{more}<routingNumber>021000021</routingNumber>\
         <accountNumber>{number}</accountNumber></achPaymentMethod></paymentMethodDTO>"
    )
}

fn token(token: &str, more: &str) -> String {
    format!(
        "<paymentMethodDTO type=\"Token\"><tokenPaymentMethod>{more}<token>{token}</token></tokenPaymentMethod>\
         </paymentMethodDTO>"
    )
}

/// Kept in the place if it pays.
fn kept(place: &str, card: &str, invoice: i64) -> String {
    let preference = format!("<autopayPreference>{place}</autopayPreference><cardNumber>");
    payment_xml("", &[invoice], card).replace("<cardNumber>", &preference)
}

/// Of autopay, which has no method.
fn wanted(amount: &str, invoices: &[i64]) -> String {
    payment_by(amount, invoices, "")
}

impl Server {
    /// `1 Visa: 1111` and so on.
    async fn on_file(&self) -> Vec<String> {
        let list = self.get(ON_FILE).gives(200).await;
        let places = list.all("autopay/autopayPreference");
        places.iter().zip(list.all("autopay/paymentMethodContext")).map(|(at, what)| format!("{at} {what}")).collect()
    }
}

on_both! {
    async fn accounts_and_tokens_pay_and_an_account_that_ends_in_0000_is_declined(server: Server) {
        server.plain_customer(JOHN).await;
        for (method, status, method_type, context) in [
            (account("12345678", ""), "Paid", "ACH", "Checking: 5678"),
            (account("12340000", ""), "Declined", "ACH", "Checking: 0000"),
            (token("test-approves-11", ""), "Paid", "Token", "Token"),
            (token("nonsense", ""), "Declined", "Token", "Token"),
        ] {
            let invoice = server.order(JOHN, fixed()).await.id;
            let answer = server.post(OF_JOHN, payment_by("", &[invoice], &method)).send().await;
            answer.xml(201).has(&[
                ("status", status),
                ("paymentMethodType", method_type),
                ("paymentMethodContext", context),
                ("isSystemPayment", "true"),
                ("processorResult/processorRequestType", "sale"),
            ]);
            assert!(!answer.text().contains("12345678") && !answer.text().contains("test-approves"), "{}", answer.text());
        }
        assert!(server.on_file().await.is_empty());
        // What an account paid is given back like what a card paid.
        let paid = server.get("/rest/payments?status=Paid").gives(200).await;
        for id in paid.all("payment/@id") {
            server.post("/rest/refunds", format!("<refund><payment id=\"{id}\"/></refund>")).gives(201).await;
        }
        assert_eq!(server.balance(JOHN).await, "40.00");
    }

    async fn a_method_that_pays_is_kept_where_the_payment_says(server: Server) {
        let invoice = server.john().await;
        let answer = server.post(OF_JOHN, kept("2", APPROVES, invoice.id)).send().await;
        answer.xml(201).has(&[("status", "Paid")]);
        assert_eq!(server.on_file().await, ["2 Visa: 1111"]);
        for (method, expected) in [
            (account("12345678", "<autopayPreference>1</autopayPreference>"), &["1 Checking: 5678", "2 Visa: 1111"][..]),
            (token("test-approves-11", "<autopayPreferance>2</autopayPreferance>"), &["1 Checking: 5678", "2 Token"]),
            (
                "<paymentMethodDTO type=\"Check\"><checkPaymentMethod><autopayPreference>3</autopayPreference>\
                 <checkNumber>9</checkNumber></checkPaymentMethod></paymentMethodDTO>".to_owned(),
                &["1 Checking: 5678", "2 Token", "3 Check"],
            ),
        ] {
            let invoice = server.order(JOHN, fixed()).await.id;
            server.post(OF_JOHN, payment_by("", &[invoice], &method)).gives(201).await.has(&[("status", "Paid")]);
            assert_eq!(server.on_file().await, expected);
        }
        let stored = format!("{:?}", server.stored().await);
        assert!(!stored.contains(APPROVES) && !stored.contains("12345678") && !stored.contains("test-approves"));
    }

    async fn c_pay_14_a_declined_payment_keeps_nothing(server: Server) {
        let invoice = server.john().await;
        server.post(OF_JOHN, kept("1", DECLINES, invoice.id)).gives(201).await.has(&[("status", "Declined")]);
        assert!(server.on_file().await.is_empty());
        let stored = server.stored().await;
        assert!(stored["methods_to_keep"].is_empty(), "and nothing waits");
        for place in ["0", "4", "x", "1.5"] {
            let messages = server.refuses(400, server.post(OF_JOHN, kept(place, APPROVES, invoice.id))).await;
            assert!(messages[0].contains("autopayPreference"), "{messages:?}");
        }
    }

    async fn what_is_on_file_is_charged_in_its_order(server: Server) {
        let invoice = server.john().await;
        server.call("PUT", ON_FILE).body(card_on_file(DECLINES)).gives(200).await;
        let second = account_on_file("021000021", "12345678")
            .replace("<routingNumber>", "<autopayPreference>2</autopayPreference><routingNumber>");
        server.call("PUT", ON_FILE).body(second).gives(200).await;
        let paid = server.post(AUTOPAY, wanted("", &[invoice.id])).gives(201).await;
        paid.has(&[
            ("status", "Paid"),
            ("amount", "60.50"),
            ("paymentMethodType", "ACH"),
            ("paymentMethodContext", "Checking: 5678"),
            ("isProcessedByBillingRun", "false"),
        ]);
        server.invoice(invoice.id).await.has(&[("status", "Paid")]);
        let all = server.get(OF_JOHN).gives(200).await;
        assert_eq!(all.all("payment/status"), ["Paid", "Declined"], "each attempt is a payment");
        // The first alone is declined, and that is the answer.
        server.call("DELETE", &format!("{ON_FILE}&autopayPreference=2")).gives(200).await;
        server.post(AUTOPAY, wanted("5.00", &[])).gives(201).await.has(&[("status", "Declined"), ("amount", "5.00")]);
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn c_pay_26_without_a_method_on_file_autopay_is_refused(server: Server) {
        let invoice = server.john().await;
        let messages = server.refuses(400, server.post(AUTOPAY, wanted("60.50", &[invoice.id]))).await;
        assert!(messages[0].starts_with("The customer has no method on file"), "{messages:?}");
        let cash = "<autopay><paymentMethodDTO type=\"Cash\"><cashPaymentMethod/></paymentMethodDTO></autopay>";
        server.call("PUT", ON_FILE).body(cash.to_owned()).gives(200).await;
        server.refuses(400, server.post(AUTOPAY, wanted("60.50", &[invoice.id]))).await;
    }

    async fn row_autopay_charges(server: Server) {
        let invoice = server.john().await;
        server.call("PUT", ON_FILE).body(card_on_file(APPROVES)).gives(200).await;
        server.plain_customer("JANE").await;
        let janes = server.order("JANE", fixed()).await.id;
        let good = wanted("60.50", &[invoice.id]);
        for (what, address, body, status, part) in [
            ("a method", AUTOPAY, payment_xml("1", &[invoice.id], APPROVES), 400, "paymentMethodDTO must not be given"),
            ("neither amount nor invoice", AUTOPAY, wanted("", &[]), 400, "amount is missing"),
            ("amount", AUTOPAY, wanted("0", &[invoice.id]), 400, "amount must be greater than 0"),
            ("too precise", AUTOPAY, wanted("1.234", &[invoice.id]), 400, "amount"),
            ("currency", AUTOPAY, good.replace("<invoices>", "<currency id=\"EUR\"/><invoices>"), 400, "currency EUR"),
            ("another's invoice", AUTOPAY, wanted("", &[janes]), 400, "invoices names an invoice"),
            ("unknown invoice", "/rest/payments/autopay", wanted("", &[4711]), 400, "invoices names an invoice"),
            ("nobody", "/rest/payments/autopay", wanted("1", &[]), 400, "The customer is missing"),
            ("unknown customer", "/rest/payments/autopay?extCustomerRef=NOBODY", good.clone(), 404, "customer not found"),
            ("contradiction", AUTOPAY, with(&good, "action", "processRefund"), 400, "contradict"),
            ("nothing to invoice", AUTOPAY, good.replace("<invoices>", "<generateInvoice>true</generateInvoice><invoices>"), 400, "nothing to invoice"),
            ("an action", "/rest/payments/autopay?action=cancel", good.clone(), 400, "no such action"),
        ] {
            let messages = server.refuses(status, server.post(address, body)).await;
            assert!(messages.iter().any(|message| message.contains(part)), "{what}: {messages:?}");
        }
        server.post("/rest/payments/autopay", without(&good, "action")).gives(201).await.has(&[("status", "Paid")]);
        let messages = server.refuses(400, server.post(AUTOPAY, good)).await;
        assert!(messages[0].contains("already paid"), "{messages:?}");
    }

    async fn a_payment_may_bill_the_customer_first(server: Server) {
        server.plain_customer(JOHN).await;
        let place = format!("/rest/orders?extCustomerRef={JOHN}");
        server.post(&place, white_label()).gives(201).await;
        server.post(&place, fixed()).gives(201).await;
        let bill_first = |xml: String| xml.replace("<invoices>", "<generateInvoice>true</generateInvoice><invoices>");
        let payment = server.post(OF_JOHN, bill_first(payment_xml("", &[], APPROVES))).gives(201).await;
        payment.has(&[("status", "Paid"), ("amount", "70.50"), ("balance", "0.00")]);
        let invoices = server.get(&format!("/rest/invoices?extCustomerRef={JOHN}")).gives(200).await;
        assert!(invoices.all("invoice/status").iter().all(|status| status == "Paid"));
        assert_eq!(server.balance(JOHN).await, "0.00");
        let messages = server.refuses(400, server.post(OF_JOHN, bill_first(payment_xml("1", &[], APPROVES)))).await;
        assert!(messages[0].contains("nothing to invoice"), "{messages:?}");
        // A decline leaves the invoice that was made.
        server.post(&place, fixed()).gives(201).await;
        let declined = server.post(OF_JOHN, bill_first(payment_xml("", &[], DECLINES))).gives(201).await;
        declined.has(&[("status", "Declined"), ("amount", "10.00")]);
        assert_eq!(server.balance(JOHN).await, "10.00");
        // By what is on file, the second method for the same invoices.
        server.call("PUT", ON_FILE).body(card_on_file(DECLINES)).gives(200).await;
        let second = card_on_file(APPROVES).replace("Preference>1<", "Preference>2<");
        server.call("PUT", ON_FILE).body(second).gives(200).await;
        server.post(&place, fixed()).gives(201).await;
        let paid = server.post(AUTOPAY, bill_first(wanted("", &[]))).gives(201).await;
        paid.has(&[("status", "Paid"), ("amount", "10.00"), ("paymentMethodContext", "Visa: 1111")]);
        assert_eq!(server.balance(JOHN).await, "10.00", "what was open before was not asked for");
    }

    async fn c_pay_40_under_a_key_what_is_on_file_is_charged_once(server: Server) {
        let invoice = server.john().await;
        server.call("PUT", ON_FILE).body(card_on_file(APPROVES)).gives(200).await;
        let call = server.post(AUTOPAY, wanted("", &[invoice.id])).header("idempotency-key", "a-1");
        let first = call.clone().gives(201).await.id();
        assert_eq!(call.gives(201).await.id(), first);
        let call = server.post(OF_JOHN, payment_xml("5", &[], APPROVES)).header("idempotency-key", "p-1");
        let first = call.clone().gives(201).await.id();
        assert_eq!(call.gives(201).await.id(), first);
        assert_eq!(server.get(OF_JOHN).gives(200).await.count("payment"), 2);
        assert_eq!(server.balance(JOHN).await, "-5.00");
    }

    async fn a_suspended_customer_is_not_billed_by_a_payment(server: Server) {
        let id = server.post("/rest/customers", plain_customer_xml(JOHN)).gives(201).await.id();
        server.post(&format!("/rest/orders?extCustomerRef={JOHN}"), fixed()).gives(201).await;
        server.post(&format!("/rest/customer/{id}?action=suspend"), String::new()).gives(200).await;
        let body = payment_xml("", &[], APPROVES).replace("<invoices>", "<generateInvoice>true</generateInvoice><invoices>");
        let messages = server.refuses(400, server.post(OF_JOHN, body)).await;
        assert!(messages[0].contains("nothing can be invoiced"), "{messages:?}");
    }
}
