//! Refunds, cancelled payments and credits over the API (`api.md` §6.2, §6.4).

use crate::harness::fixtures::{APPROVES, CASH, DECLINES, JOHN, fixed, payment_by, payment_xml};
use crate::harness::{Server, Xml, join_all};

const OF_JOHN: &str = "/rest/payments?extCustomerRef=JOHNDOE001";
const CREDITS: &str = "/rest/credits?extCustomerRef=JOHNDOE001";

fn refund_xml(payment: i64, more: &str) -> String {
    format!("<refund><payment id=\"{payment}\"/>{more}</refund>")
}

fn credit_xml(amount: &str) -> String {
    format!("<credit><amount>{amount}</amount><notes>For the trouble</notes></credit>")
}

impl Server {
    /// (what is wrong, address, body, status, part of a message)
    async fn refuses_posts(&self, rows: &[(&str, &str, String, u16, &str)]) {
        for (what, address, body, status, part) in rows {
            let messages = self.refuses(*status, self.post(address, body.clone())).await;
            assert!(messages.iter().any(|message| message.contains(part)), "{what}: {messages:?}");
        }
    }

    /// John's invoice of 60.50, paid by a card; the invoice and the payment.
    async fn paid(&self) -> (i64, Xml) {
        let invoice = self.john().await;
        let payment = self.post(OF_JOHN, payment_xml("", &[invoice.id], APPROVES)).gives(201).await;
        (invoice.id, payment)
    }
}

on_both! {
    async fn a_refund_gives_the_money_back_and_opens_the_invoice(server: Server) {
        let (invoice, payment) = server.paid().await;
        let body = refund_xml(payment.id(), "<amount>60.50</amount><applyHouseCredit>false</applyHouseCredit><effectiveDate/>");
        let refund = server.post("/rest/refunds", body).gives(201).await;
        refund.has(&[
            ("status", "Paid"),
            ("paymentType", "Refund"),
            ("amount", "-60.50"),
            ("balance", "0.00"),
            ("effectiveDate", "2011-09-20"),
            ("isSystemPayment", "true"),
            ("paymentMethodContext", "Visa: 1111"),
            ("processorResult/isSuccess", "true"),
            ("processorResult/processorRequestType", "void"),
            ("paymentProcessor/name", "Test Processor"),
            ("reversedPayment/@id", &payment.id().to_string()),
        ]);
        assert_eq!(refund.count("invoicePayments/invoicePayment"), 0);
        let read = server.get(&format!("/rest/refund/{}", refund.id())).gives(200).await;
        assert_eq!(read.at("amount"), "-60.50");
        let original = server.get(&format!("/rest/payment/{}", payment.id())).gives(200).await;
        original.has(&[("status", "Refunded"), ("amount", "60.50")]);
        server.invoice(invoice).await.has(&[("status", "Outstanding"), ("outstandingBalance", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "60.50");
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await;
        john.has(&[("customerFinancials/lifetimePayments", "0.00")]);
        // And it is paid anew.
        server.post(OF_JOHN, payment_xml("", &[invoice], APPROVES)).gives(201).await.has(&[("status", "Paid")]);
    }

    async fn c_pay_36_a_second_refund_is_refused(server: Server) {
        let (_, payment) = server.paid().await;
        server.post("/rest/refunds", refund_xml(payment.id(), "")).gives(201).await;
        let messages = server.refuses(400, server.post("/rest/refunds", refund_xml(payment.id(), ""))).await;
        assert!(messages[0].contains("it is Refunded"), "{messages:?}");
        server.refuses(400, server.post("/rest/refunds/autopay", refund_xml(payment.id(), ""))).await;
        assert_eq!(server.balance(JOHN).await, "60.50");
    }

    async fn of_two_refunds_at_once_one_is_made(server: Server) {
        let (_, payment) = server.paid().await;
        let body = refund_xml(payment.id(), "");
        let answers = join_all((0..2).map(|_| server.post("/rest/refunds", body.clone()).send())).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400]);
        assert_eq!(server.balance(JOHN).await, "60.50");
    }

    async fn c_pay_38_each_address_shows_its_type_only(server: Server) {
        let (_, payment) = server.paid().await;
        let refund = server.post("/rest/refunds", refund_xml(payment.id(), "")).gives(201).await.id();
        let credit = server.post(CREDITS, credit_xml("5")).gives(201).await.id();
        for (kind, id) in [("payment", payment.id()), ("refund", refund), ("credit", credit)] {
            for other in ["payment", "refund", "credit"] {
                let call = server.get(&format!("/rest/{other}/{id}"));
                if kind == other {
                    assert_eq!(call.gives(200).await.0.name, "payment", "one root for all three");
                } else {
                    let messages = server.refuses(404, call).await;
                    assert_eq!(messages, [format!("{other} not found")]);
                }
            }
        }
        for address in ["/rest/refund/abc", "/rest/credit/4711", "/rest/payment/abc"] {
            server.refuses(404, server.get(address)).await;
        }
    }

    async fn with_house_credit_the_invoice_stays_paid(server: Server) {
        let (invoice, payment) = server.paid().await;
        server.post("/rest/refunds", refund_xml(payment.id(), "<applyHouseCredit>true</applyHouseCredit>")).gives(201).await;
        server.invoice(invoice).await.has(&[("status", "Paid")]);
        assert_eq!(server.balance(JOHN).await, "0.00");
        let credits = server.get("/rest/credits?extCustomerRef=JOHNDOE001").gives(200).await;
        assert_eq!(credits.all("payment/amount"), ["60.50"]);
    }

    async fn a_refund_under_a_key_is_made_once(server: Server) {
        let (_, payment) = server.paid().await;
        let call = server.post("/rest/refunds", refund_xml(payment.id(), "")).header("idempotency-key", "r-1");
        let first = call.clone().gives(201).await.id();
        assert_eq!(call.gives(201).await.id(), first);
        let call = server.post(CREDITS, credit_xml("5")).header("idempotency-key", "c-1");
        let first = call.clone().gives(201).await.id();
        assert_eq!(call.gives(201).await.id(), first);
        assert_eq!(server.balance(JOHN).await, "55.50");
    }

    async fn a_payment_that_bounced_is_cancelled_once(server: Server) {
        let invoice = server.john().await;
        let payment = server.post(OF_JOHN, payment_by("", &[invoice.id], CASH)).gives(201).await.id();
        let address = format!("/rest/payment/{payment}");
        for (action, body) in [("?action=steal", ""), ("", ""), ("?action=cancel&actionName=suspend", ""), ("?action=cancel", "<x>")] {
            server.refuses(400, server.post(&format!("{address}{action}"), body.to_owned())).await;
        }
        let cancelled = server.post(&format!("{address}?actionName=cancel"), String::new()).gives(200).await;
        cancelled.has(&[("status", "Cancelled"), ("amount", "60.50"), ("balance", "0.00")]);
        server.invoice(invoice.id).await.has(&[("status", "Outstanding"), ("outstandingBalance", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "60.50");
        let listed = server.get(OF_JOHN).gives(200).await;
        assert_eq!(listed.all("payment/amount"), ["-60.50", "60.50"]);
        assert_eq!(listed.all("payment/status"), ["Paid", "Cancelled"]);
        server.refuses(400, server.post(&format!("{address}?action=cancel"), String::new())).await;
        server.refuses(404, server.post("/rest/payment/4711?action=cancel", String::new())).await;
        for method in ["PUT", "DELETE"] {
            let answer = server.call(method, &address).body(String::new()).send().await;
            assert_eq!(answer.header("allow"), "GET,HEAD,POST");
            answer.refused(405);
            let answer = server.call(method, "/rest/payments").body(String::new()).send().await;
            assert_eq!(answer.header("allow"), "GET,HEAD,POST");
            answer.refused(405);
        }
    }

    async fn a_credit_is_applied_to_the_oldest_invoice_and_a_debit_raises_what_is_owed(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        let credit = server.post(CREDITS, credit_xml("65.00")).gives(201).await;
        credit.has(&[
            ("status", "Paid"),
            ("paymentType", "Credit"),
            ("paymentMethodType", "Credit"),
            ("isSystemPayment", "false"),
            ("amount", "65.00"),
            ("balance", "0.00"),
            ("notes", "For the trouble"),
        ]);
        assert_eq!(credit.count("processorResult"), 0);
        let path = "invoicePayments/invoicePayment";
        assert_eq!(credit.all(&format!("{path}/invoice/@id")), [first.id.to_string(), second.id.to_string()]);
        assert_eq!(credit.all(&format!("{path}/amountApplied")), ["60.50", "4.50"]);
        assert_eq!(server.balance(JOHN).await, "5.50");
        let body = "<processCredit><customer><extCustomerRef>JOHNDOE001</extCustomerRef></customer>\
                    <amount>-10.00</amount></processCredit>";
        let debit = server.post("/rest/credits", body.to_owned()).gives(201).await;
        debit.has(&[("amount", "-10.00"), ("balance", "-10.00")]);
        assert_eq!(server.balance(JOHN).await, "15.50");
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await;
        john.has(&[("customerFinancials/lifetimePayments", "0.00")]);
    }

    async fn what_is_left_of_a_payment_pays_the_next_invoice(server: Server) {
        let first = server.john().await;
        let payment = server.post(OF_JOHN, payment_xml("65.00", &[first.id], APPROVES)).gives(201).await;
        payment.has(&[("balance", "4.50")]);
        let second = server.order(JOHN, fixed()).await;
        server.invoice(second.id).await.has(&[
            ("status", "Outstanding"),
            ("outstandingBalance", "5.50"),
            ("paymentsAndAdjustments", "4.50"),
            ("invoicePayments/invoicePayment/payment/@id", &payment.id().to_string()),
        ]);
        let payment = server.get(&format!("/rest/payment/{}", payment.id())).gives(200).await;
        payment.has(&[("balance", "0.00")]);
        assert_eq!(payment.all("invoicePayments/invoicePayment/amountApplied"), ["60.50", "4.50"]);
        assert_eq!(server.balance(JOHN).await, "5.50");
    }

    async fn row_refunds(server: Server) {
        server.rival().await;
        let (invoice, payment) = server.paid().await;
        let id = payment.id();
        let declined = {
            let open = server.order(JOHN, fixed()).await.id;
            server.post(OF_JOHN, payment_xml("", &[open], DECLINES)).gives(201).await.id()
        };
        let cash = server.post(OF_JOHN, payment_by("1.00", &[], CASH)).gives(201).await.id();
        server.plain_customer("JANE").await;
        server.refuses_posts(&[
            ("malformed", "/rest/refunds", "<refund>".to_owned(), 400, "SAXParseException"),
            ("root", "/rest/refunds", "<invoice/>".to_owned(), 400, "root element"),
            ("contradiction", "/rest/refunds", "<credit><payment id=\"1\"/></credit>".to_owned(), 400, "contradict"),
            ("contradiction", "/rest/refunds", refund_xml(id, "<action>processPayment</action>"), 400, "contradict"),
            ("contradiction", CREDITS, refund_xml(id, "<amount>1</amount>"), 400, "contradict"),
            ("action in the query", "/rest/refunds?action=cancel", refund_xml(id, ""), 400, "no such action"),
            ("no payment", "/rest/refunds", "<refund><amount>60.50</amount></refund>".to_owned(), 400, "payment is required"),
            ("no number", "/rest/refunds", "<refund><payment id=\"x\"/></refund>".to_owned(), 400, "payment/id must be"),
            ("unknown payment", "/rest/refunds", refund_xml(4711, ""), 404, "payment not found"),
            ("an invoice's id", "/rest/refunds", refund_xml(invoice, ""), 404, "payment not found"),
            ("unknown customer", "/rest/refunds?extCustomerRef=NOBODY", refund_xml(id, ""), 404, "customer not found"),
            ("another customer", "/rest/refunds?extCustomerRef=JANE", refund_xml(id, ""), 400, "the customer does not have"),
            ("part of it", "/rest/refunds", refund_xml(id, "<amount>60.49</amount>"), 400, "exactly what was paid, 60.50"),
            ("too much", "/rest/refunds", refund_xml(id, "<amount>60.51</amount>"), 400, "exactly what was paid"),
            ("too precise", "/rest/refunds", refund_xml(id, "<amount>60.501</amount>"), 400, "amount"),
            ("negative", "/rest/refunds", refund_xml(id, "<amount>-60.50</amount>"), 400, "amount must be greater than 0"),
            ("currency", "/rest/refunds", refund_xml(id, "<currency id=\"EUR\"/>"), 400, "currency EUR"),
            ("no boolean", "/rest/refunds", refund_xml(id, "<applyHouseCredit>si</applyHouseCredit>"), 400, "applyHouseCredit must be true or false"),
            ("no date", "/rest/refunds", refund_xml(id, "<effectiveDate>2011-02-30</effectiveDate>"), 400, "effectiveDate must be a date"),
            ("before it", "/rest/refunds", refund_xml(id, "<effectiveDate>2011-09-19</effectiveDate>"), 400, "from the day of the payment, 2011-09-20"),
            ("tomorrow", "/rest/refunds", refund_xml(id, "<effectiveDate>2011-09-21</effectiveDate>"), 400, "to today, 2011-09-20"),
            ("declined", "/rest/refunds", refund_xml(declined, ""), 400, "it is Declined"),
            ("cash", "/rest/refunds", refund_xml(cash, ""), 400, "only card and ACH payments"),
        ]).await;
        server.refuses(404, server.post("/rest/refunds", refund_xml(id, "")).rival()).await;
        for address in ["/rest/refunds", "/rest/credits", "/rest/refund/1", "/rest/credit/1", "/rest/refunds/autopay"] {
            for method in ["PUT", "DELETE"] {
                server.call(method, address).body(String::new()).send().await.refused(405);
            }
        }
    }

    async fn row_credits(server: Server) {
        server.john().await;
        server.refuses_posts(&[
            ("no amount", CREDITS, "<credit/>".to_owned(), 400, "amount is required"),
            ("0", CREDITS, credit_xml("0"), 400, "amount must not be 0"),
            ("0.00", CREDITS, credit_xml("0.00"), 400, "amount must not be 0"),
            ("too precise", CREDITS, credit_xml("1.005"), 400, "amount"),
            ("no number", CREDITS, credit_xml("1e3"), 400, "amount must be a decimal number"),
            ("too large", CREDITS, credit_xml("1000000000000"), 400, "amount must be between"),
            ("too large with the rest", CREDITS, credit_xml("-999999999999.99"), 400, "out of range"),
            ("currency", CREDITS, "<credit><amount>1</amount><currency id=\"EUR\"/></credit>".to_owned(), 400, "currency EUR"),
            ("long notes", CREDITS, format!("<credit><amount>1</amount><notes>{}</notes></credit>", "n".repeat(256)), 400, "notes"),
            ("no customer", "/rest/credits", credit_xml("1"), 400, "The customer is missing"),
            ("unknown customer", "/rest/credits?extCustomerRef=NOBODY", credit_xml("1"), 404, "customer not found"),
        ]).await;
    }
}
