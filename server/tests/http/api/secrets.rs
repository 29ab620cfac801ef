//! Card numbers, security codes and passwords come in and are never seen again: neither in an answer nor at rest.

use crate::harness::fixtures::{APPROVES, DECLINES, JOHN, PASSWORD, customer_xml, fixed, payment_xml, white_label};
use testkit::organization::{ACME, API_PASSWORD, STAFF_PASSWORD};

/// The code must not turn up by chance.
const CODE: &str = "9137";
const ACCOUNT: &str = "556677889900";

on_both! {
    #[expect(clippy::too_many_lines, reason = "one run through everything that takes a secret")]
    async fn c_pay_m26_no_answer_and_nothing_stored_holds_a_secret(server: Server) {
        let mut said = Vec::new();
        let mut note = |answer: &crate::harness::Answer| {
            said.push(format!("{:?}{}", answer.headers, answer.text()));
        };
        note(&server.post("/rest/customers", customer_xml(JOHN, "jdoe001")).send().await);
        note(&server.post("/rest/customers", customer_xml(JOHN, "jdoe001")).send().await);
        note(&server.post("/rest/customers", customer_xml("X", "jd")).send().await);
        let path = format!("/rest/orders?extCustomerRef={JOHN}&generateInvoice=true");
        note(&server.post(&path, white_label()).send().await);
        let first = server.get("/rest/invoice?invoiceNumber=1019").gives(200).await.id();
        note(&server.post("/rest/payments", payment_xml("", &[first], DECLINES)).send().await);
        note(&server.post("/rest/payments", payment_xml("1.234", &[first], APPROVES)).send().await);
        note(&server.post("/rest/payments", payment_xml("", &[first], "4111111111111112")).send().await);
        note(&server.post("/rest/payments", payment_xml("", &[first], APPROVES)).send().await);
        note(&server.get(&format!("/rest/invoice/{first}?format=html")).send().await);
        server.order(JOHN, fixed()).await;

        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        note(&browser.submit(&page, "form", &[("username", "jdoe001"), ("password", "Wrong-Pass-77")]).await.answer);
        let page = browser.open("/widget/login").await;
        let home = browser.submit(&page, "form", &[("username", "jdoe001"), ("password", PASSWORD)]).await;
        note(&home.answer);
        let home = browser.open(&home.location()).await;
        note(&home.answer);
        let card = browser.open(&format!("{}pay/card?invoice=1020", home.root())).await;
        for (holder, number, expiry) in [
            ("John Doe", "4111111111111112", "12/35"),
            ("4111 1111 1111 1111", APPROVES, "12/35"),
            ("John Doe", APPROVES, "4111111111111111"),
            ("John Doe", APPROVES, "12/35"),
        ] {
            let fields = [
                ("cardholder", holder),
                ("card_number", number),
                ("expiry", expiry),
                ("security_code", CODE),
            ];
            let page = browser.submit(&card, "form[method=post].checkout-form", &fields).await;
            note(&page.answer);
            note(&browser.open(&page.location()).await.answer);
        }
        let accounts = [("Ann", "021000021", ACCOUNT), (ACCOUNT, "021000021", ACCOUNT), ("Ann", ACCOUNT, "12")];
        for page in ["pay/bank?invoice=1020", "autopay/bank?place=2"] {
            let form = browser.open(&format!("{}{page}", home.root())).await;
            for (holder, routing, account) in accounts {
                let fields = [("account_holder", holder), ("routing_number", routing), ("account_number", account)];
                let page = browser.submit(&form, "main form[method=post]", &fields).await;
                note(&page.answer);
                note(&browser.open(&page.location()).await.answer);
            }
        }
        let keep = browser.open(&format!("{}autopay/card", home.root())).await;
        for (holder, number) in [(APPROVES, APPROVES), ("John Doe", DECLINES), ("John Doe", APPROVES)] {
            let fields =
                [("cardholder", holder), ("card_number", number), ("expiry", "12/35"), ("security_code", CODE)];
            let page = browser.submit(&keep, "main form[method=post]", &fields).await;
            note(&page.answer);
            note(&browser.open(&page.location()).await.answer);
        }
        let card = browser.open(&format!("{}pay/card?invoice=1020", home.root())).await;
        let fields =
            [("cardholder", "John Doe"), ("card_number", APPROVES), ("expiry", "12/35"), ("security_code", CODE)];
        let confirm = browser.submit_and_follow(&card, "form[method=post].checkout-form", &fields).await;
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        receipt.says("Payment received");
        note(&receipt.answer);

        let said = said.concat();
        let stored = format!("{:?}", server.stored().await);
        let file = server.database_file().unwrap_or_default();
        let secrets = [APPROVES, "4111111111111112", DECLINES, "4111 1111", PASSWORD, API_PASSWORD, STAFF_PASSWORD];
        for secret in secrets.into_iter().chain(["Wrong-Pass-77", "s3cret", ACCOUNT]) {
            assert!(!said.contains(secret), "{secret} is in an answer");
            assert!(!stored.contains(secret), "{secret} is in the database");
            assert!(!holds(&file, secret), "{secret} is in the file of the database");
        }
        for code in [format!(">{CODE}<"), format!("\"{CODE}\""), format!("|{CODE}|")] {
            assert!(!said.contains(&code) && !stored.contains(&code), "{code} is there");
        }
        let key = home.root();
        let key = key.trim_end_matches('/').rsplit('/').next().unwrap();
        assert!(!stored.contains(key), "the session's key is in the database");
        assert!(ACME.contains(API_PASSWORD), "what is looked for was really used");
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
