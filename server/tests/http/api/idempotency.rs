//! `Idempotency-Key` (`api.md` §1.9).

use testkit::organization::ACME;

use crate::harness::fixtures::{
    APPROVES, CASH, JOHN, card_on_file, fixed, invoice_xml, order_xml, payment_by, payment_plan_xml, payment_xml,
    plain_customer_xml, white_label, without,
};
use crate::harness::{Call, Server};

const KEY: &str = "idempotency-key";

fn under<'s>(key: &str, call: Call<'s>) -> Call<'s> {
    call.header(KEY, key)
}

on_both! {
    async fn the_same_request_is_answered_again_and_done_once(server: Server) {
        let call = under("k-1", server.post("/rest/customers", plain_customer_xml("JOHN")));
        let first = call.clone().send().await;
        assert_eq!((first.status, first.header("idempotency-replayed").as_str()), (201, ""));
        let before = server.stored().await;
        let second = call.clone().send().await;
        assert_eq!((second.status, second.header("idempotency-replayed").as_str()), (201, "true"));
        assert_eq!(second.text(), first.text());
        assert_eq!(second.header("content-type"), first.header("content-type"));
        assert_eq!(server.stored().await, before, "a repetition stores nothing");
    }

    async fn another_request_under_the_key_is_refused(server: Server) {
        under("k-1", server.post("/rest/customers", plain_customer_xml("JOHN"))).gives(201).await;
        for other in [
            server.post("/rest/customers", plain_customer_xml("JANE")),
            server.post("/rest/customer", plain_customer_xml("JOHN")),
            server.post("/rest/customers?format=xml", plain_customer_xml("JOHN")),
        ] {
            let messages = server.refuses(400, under("k-1", other)).await;
            assert!(messages[0].contains("used for another request"), "{messages:?}");
        }
    }

    async fn a_refusal_is_answered_again_too(server: Server) {
        let call = under("k-1", server.post("/rest/customers", "<customer/>".to_owned()));
        let first = call.clone().send().await;
        let second = call.send().await;
        assert_eq!((first.status, second.status), (400, 400));
        assert_eq!((second.text(), second.header("idempotency-replayed").as_str()), (first.text(), "true"));
    }

    async fn a_key_belongs_to_one_user_and_one_organization(server: Server) {
        server.rival().await;
        under("k-1", server.post("/rest/customers", plain_customer_xml("JOHN"))).gives(201).await;
        let rival = under("k-1", server.post("/rest/customers", plain_customer_xml("JANE")));
        let rival = rival.host("rival.localhost");
        let rival = rival.user(testkit::organization::RIVAL_USER, testkit::organization::RIVAL_PASSWORD);
        let answer = rival.send().await;
        assert_eq!((answer.status, answer.header("idempotency-replayed").as_str()), (201, ""));
    }

    async fn a_bad_key_is_refused_and_nothing_is_done(server: Server) {
        for key in ["", "   ", &"k".repeat(256)] {
            let messages = server.refuses(400, under(key, server.post("/rest/customers", plain_customer_xml("J")))).await;
            assert!(messages[0].contains("1 to 255"), "{messages:?}");
        }
        under(&"k".repeat(255), server.post("/rest/customers", plain_customer_xml("J"))).gives(201).await;
    }

    async fn whoever_is_not_known_learns_nothing_of_a_key(server: Server) {
        let call = under("k-1", server.post("/rest/customers", plain_customer_xml("JOHN")));
        call.clone().gives(201).await;
        call.anonymous().send().await.refused(401);
    }

    async fn every_call_that_has_an_effect_stores_its_answer_with_it(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        let calls = of_customers().into_iter().chain(of_business());
        for (number, (method, path, body, status)) in calls.enumerate() {
            let mut call = under(&format!("all-{number}"), server.call(method, path).body(body));
            if path.starts_with("/api") {
                call = call.header("content-type", "application/json");
            }
            let first = call.clone().send().await;
            assert_eq!(first.status, status, "{}: {}", first.what, first.text());
            let before = server.stored_but_sending().await;
            let second = call.send().await;
            assert_eq!((second.status, second.text()), (first.status, first.text()), "{}", first.what);
            assert_eq!(second.header("idempotency-replayed"), "true", "{}", first.what);
            assert_eq!(second.header("content-type"), first.header("content-type"), "{}", first.what);
            assert_eq!(server.stored_but_sending().await, before, "{}", first.what);
        }
    }

    async fn reading_needs_no_key_and_heeds_none(server: Server) {
        let john = server.plain_customer("JOHN").await;
        for _ in ["first", "again"] {
            let answer = under("k-1", server.get(&format!("/rest/customer/{john}"))).send().await;
            assert_eq!((answer.status, answer.header("idempotency-replayed").as_str()), (200, ""));
        }
    }

    /// C-PAY-40
    async fn a_payment_under_one_key_is_charged_once(server: Server) {
        let invoice = server.john().await;
        let pay = server.post("/rest/payments", payment_xml("60.50", &[invoice.id], APPROVES));
        let first = under("pay-1", pay.clone()).send().await.xml(201).id();
        let second = under("pay-1", pay).send().await.xml(201).id();
        assert_eq!(first, second);
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn at_the_same_time_it_is_done_once(server: Server) {
        server.plain_customer(JOHN).await;
        let place = || {
            let path = format!("/rest/orders?extCustomerRef={JOHN}&generateInvoice=true");
            under("order-1", server.post(&path, white_label())).send()
        };
        let answers = tokio::join!(place(), place(), place(), place(), place(), place());
        let answers = <[_; 6]>::from(answers);
        let done: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert!(!done.is_empty());
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
        assert_eq!(done.iter().map(|answer| answer.text()).collect::<std::collections::BTreeSet<_>>().len(), 1);
        assert_eq!(server.balance(JOHN).await, "60.50");
        assert_eq!(place().await.header("idempotency-replayed"), "true");
    }

    async fn after_thirty_days_a_key_is_free_again(server: Server) {
        let call = |name: &str| under("k-1", server.post("/rest/customers", plain_customer_xml(name)));
        call("JOHN").gives(201).await;
        server.advance("2011-10-20T00:00:00Z").await;
        server.refuses(400, call("JANE")).await;
        server.advance("2011-10-21T00:00:00Z").await;
        call("JANE").gives(201).await;
    }
}

/// Method, address, body and the status of the first answer.
type Sent = (&'static str, &'static str, String, u16);

fn of_customers() -> Vec<Sent> {
    let contact = "<firstName>A</firstName><lastName>B</lastName><emailPrimary>a@b.example</emailPrimary>";
    let sales = format!("<salesContact>{contact}</salesContact>");
    let billing = "<billingContact><cellPhone>1</cellPhone></billingContact>";
    let customers = format!("<list>{}{}</list>", plain_customer_xml("A"), plain_customer_xml("B"));
    let with_orders = format!(
        "<addCustomerAndOrder>{}<subscriptionOrders>{}</subscriptionOrders></addCustomerAndOrder>",
        plain_customer_xml("C"),
        white_label()
    );
    vec![
        ("POST", "/rest/customers", plain_customer_xml(JOHN), 201),
        ("POST", "/rest/customers", customers, 201),
        ("POST", "/rest/customers?action=addCustomerAndOrder", with_orders, 201),
        ("PUT", "/rest/customer?extCustomerRef=A", "<customer><name>Ann</name></customer>".to_owned(), 200),
        ("PUT", "/rest/customer/billingContact?extCustomerRef=A", billing.to_owned(), 200),
        ("POST", "/rest/customer/salesContact?extCustomerRef=A", sales.clone(), 201),
        ("PUT", "/rest/customer/salesContact?extCustomerRef=A", sales, 200),
        ("DELETE", "/rest/customer/salesContact?extCustomerRef=A", String::new(), 200),
        ("POST", "/rest/customer?extCustomerRef=A&action=suspend", String::new(), 200),
        ("DELETE", "/rest/customer?extCustomerRef=B", String::new(), 200),
        ("PUT", "/rest/customer/autopay?extCustomerRef=A", card_on_file(APPROVES), 200),
        ("DELETE", "/rest/customer/autopay?extCustomerRef=A&autopayPreference=1", String::new(), 200),
        ("POST", "/rest/customers/paymentPlan?extCustomerRef=A", payment_plan_xml(), 201),
        ("PUT", "/rest/customers/paymentPlan?extCustomerRef=A", payment_plan_xml(), 200),
        ("DELETE", "/rest/customers/paymentPlan?extCustomerRef=A", String::new(), 200),
    ]
}

/// Of John, whose order is 1008.
fn of_business() -> Vec<Sent> {
    let usage = "<list><activity><priceCode>PAGES</priceCode><quantity>1</quantity></activity></list>";
    let pages = order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("PAGES", "1")]);
    let mail = format!(
        "<sendEmail><eventType>newInvoice</eventType><objectRef>1019</objectRef><customerRef>{JOHN}</customerRef></sendEmail>"
    );
    let change = format!(
        "<changeOrder><orderNumber>1008</orderNumber><effectiveDate>2011-09-20</effectiveDate><newOrder>{}</newOrder></changeOrder>",
        without(&fixed(), "startDate")
    );
    let unipay = r#"{"accountId": 1, "firstName": "Ann", "lastName": "Lee", "code": "U"}"#;
    vec![
        ("POST", "/rest/orders?extCustomerRef=JOHNDOE001", pages, 201),
        ("POST", "/rest/order/activities?orderNumber=1008", usage.to_owned(), 201),
        ("POST", "/rest/order?orderNumber=1008&action=generateInvoice", String::new(), 200),
        ("POST", "/rest/customers/notification", mail, 200),
        (
            "PUT",
            "/rest/order?orderNumber=1008",
            "<subscriptionOrder><notes>n</notes></subscriptionOrder>".to_owned(),
            200,
        ),
        ("POST", "/rest/order?orderNumber=1008&action=suspend", String::new(), 200),
        ("POST", "/rest/order?orderNumber=1008&action=activate", String::new(), 200),
        ("POST", "/rest/changeOrder", change, 201),
        ("POST", "/rest/orders?extCustomerRef=JOHNDOE001", format!("<list>{}</list>", fixed()), 201),
        ("DELETE", "/rest/order?orderNumber=1010", String::new(), 200),
        ("POST", "/rest/invoices?extCustomerRef=JOHNDOE001", invoice_xml("<invoiceNumber>M-1</invoiceNumber>"), 201),
        (
            "POST",
            "/rest/invoices?extCustomerRef=JOHNDOE001",
            format!("<list>{}</list>", invoice_xml("<invoiceNumber>M-2</invoiceNumber>")),
            201,
        ),
        ("PUT", "/rest/invoice?invoiceNumber=M-1", "<invoice><invoiceNotes>n</invoiceNotes></invoice>".to_owned(), 200),
        ("DELETE", "/rest/invoice?invoiceNumber=M-2", String::new(), 200),
        ("POST", "/rest/payments?extCustomerRef=JOHNDOE001", payment_xml("1.00", &[], APPROVES), 201),
        ("POST", "/rest/payments?extCustomerRef=JOHNDOE001", payment_by("1.00", &[], CASH), 201),
        ("PUT", "/api/v01/customers", unipay.to_owned(), 201),
        ("POST", "/api/v01/customers/U", r#"{"lastName": "Ray"}"#.to_owned(), 200),
    ]
}
