//! What can be done with an invoice or a receipt: read, taken along, mailed; and only by whom it is for.

use testkit::organization::ACME;

use crate::harness::browser::Page;
use crate::harness::fixtures::{APPROVES, CASH, JOHN, fixed, payment_by, payment_xml};
use crate::harness::{Call, Server};

const MAIL: &[(&str, &str)] = &[("action", "mail")];
const FORM: &str = "main form[method=post]";

impl Server {
    async fn mails_queued(&self) -> usize {
        self.stored_but_sending().await["mails"].len()
    }
}

fn token(page: &Page) -> String {
    page.attribute("input[name=form_token]", "value").unwrap()
}

on_both! {
    async fn an_invoice_says_in_words_what_became_of_it(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let state = async |number: &str| {
            let page = browser.get(&format!("{}invoices/{number}", home.root())).await;
            page.is(200).text(".document-due .balance-note")
        };
        assert_eq!(state("1019").await, "Due September 20, 2011");
        server.post("/rest/payments", payment_by("20", &[first.id], CASH)).gives(201).await;
        assert_eq!(state("1019").await, "Due September 20, 2011 $20.00 of $60.50 is paid.");
        server.post("/rest/payments", payment_xml("", &[first.id], APPROVES)).gives(201).await;
        assert_eq!(state("1019").await, "Paid on September 20, 2011. Nothing is left to pay.");
        server.call("DELETE", &format!("/rest/invoice/{}", second.id)).send().await.is(200);
        assert_eq!(state("1020").await, "This invoice was cancelled. You owe nothing on it.");
        server.order(JOHN, fixed()).await;
        server.advance("2011-10-21T00:00:00Z").await;
        let late = server.browser();
        let page = late.open(&server.link(JOHN, "&page=invoice&invoiceNumber=1021").await).await;
        page.is(200).says("It was due on September 20, 2011.");
    }

    async fn an_invoices_lines_are_taken_along_as_a_table(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let invoice = browser.get(&format!("{}invoices/1019", home.root())).await;
        let table = browser.get(&invoice.link("Download lines (CSV)")).await;
        table.is(200);
        assert_eq!(table.answer.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(table.answer.header("content-disposition"), "attachment; filename=\"invoice-1019.csv\"");
        assert_eq!(table.answer.header("cache-control"), "no-store");
        assert_eq!(
            table.answer.text(),
            "\u{feff}Invoice,Order,Description,From,To,Quantity,Unit,Unit price,Amount,Tax,Currency,Explanation\r\n\
             1019,White label hosting,Monthly fee,2011-09-20,2011-09-30,1,,165.00,60.50,0.00,USD,\
             165.00 × 1 × 11/30 days = 60.50\r\n"
        );
    }

    async fn an_invoice_and_a_receipt_are_mailed_to_the_billing_contact(server: Server) {
        let invoice = server.john().await;
        server.post("/rest/payments", payment_xml("", &[invoice.id], APPROVES)).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for (n, path) in ["invoices/1019", "payments/1001"].into_iter().enumerate() {
            let page = browser.get(&format!("{}{path}", home.root())).await;
            let done = browser.submit_and_follow(&page, FORM, MAIL).await;
            assert_eq!(done.text("[role=status] .alert-title"), "It is on its way to Bill@bmontgomery.com.");
            assert_eq!((done.path.as_str(), server.mails_queued().await), (page.path.as_str(), n + 1));
            // Said once, sent once.
            assert_eq!(browser.get(&done.path).await.count("[role=status]"), 0);
            let other = browser.submit(&page, FORM, &[("action", "burn")]).await;
            other.is(404);
        }
        let page = browser.get(&format!("{}invoices/1019", home.root())).await;
        for _ in 2..10 {
            browser.submit(&page, FORM, MAIL).await.is(303);
        }
        let refused = server.stores_nothing_but_sessions(browser.form(&page, FORM, MAIL)).await;
        assert_eq!(refused.status, 303);
        browser.get(&page.path).await.says("You have asked for many mails in the last hour");
        assert_eq!(server.mails_queued().await, 10);
    }

    async fn nobody_mails_or_takes_along_what_is_of_others(server: Server) {
        let invoice = server.john().await;
        server.post("/rest/payments", payment_xml("", &[invoice.id], APPROVES)).gives(201).await;
        server.plain_customer("JANE").await;
        let jane = server.browser();
        let home = jane.open(&server.link("JANE", "").await).await;
        let body = format!("form_token={}&action=mail", token(&home));
        for path in ["invoices/1019", "invoices/4711", "payments/1001", "payments/4711", "invoices/", "payments/%00"] {
            let call = jane.call("POST", &format!("{}{path}", home.root())).body(body.clone());
            let page = server.stores_nothing(async || jane.send(call.clone()).await).await;
            assert!(matches!(page.answer.status, 404 | 405), "{path}: {}", page.answer.status);
        }
        for path in ["invoices/1019/csv", "invoices/4711/csv", "invoices/1019/pdf", "invoices/1019/xml"] {
            jane.get(&format!("{}{path}", home.root())).await.is(if path.ends_with("xml") { 303 } else { 404 });
        }
        let without_token = jane.call("POST", &format!("{}invoices/1019", home.root())).body("action=mail");
        jane.send(without_token).await.is(403);
    }

    async fn a_profile_that_shows_no_payments_shows_only_the_receipt_of_what_was_just_paid(engine: Engine) {
        let hidden = "[organization.portal]\nshow_payments = false";
        let server = Server::with(engine, &ACME.replace("[organization.portal]", hidden)).await;
        let invoice = server.john().await;
        server.order(JOHN, fixed()).await;
        server.post("/rest/payments", payment_xml("", &[invoice.id], APPROVES)).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        assert!(!home.words().contains("Last payment") && !home.words().contains("Recent payments"));
        let paid = browser.get(&format!("{}invoices/1019", home.root())).await;
        paid.is(200).says("Nothing is left to pay.");
        assert!(!paid.words().contains("Visa") && paid.count("#payments") == 0, "{}", paid.words());
        for path in ["payments", "payments?status=paid", "payments/1001", "payments/1001?receipt=0"] {
            browser.get(&format!("{}{path}", home.root())).await.is(404);
        }
        let mail = browser.call("POST", &format!("{}payments/1001", home.root()));
        browser.send(mail.body(format!("form_token={}&action=mail", token(&home)))).await.is(404);
        let enter = browser.get(&format!("{}pay/card?invoice=1020", home.root())).await;
        let card = [("cardholder", "J D"), ("card_number", APPROVES), ("expiry", "12/35"), ("security_code", "123")];
        let confirm = browser.submit_and_follow(&enter, "form.checkout-form", &card).await;
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        receipt.is(200).says("Payment received").says("1020");
        browser.get(&receipt.path).await.is(200);
        browser.get(&receipt.path.replace("1002", "1001")).await.is(404);
        let mailed = browser.submit_and_follow(&receipt, FORM, MAIL).await;
        mailed.is(200).says("It is on its way to").says("Payment received");
    }
}

impl Server {
    /// The session keeps what is to be said.
    async fn stores_nothing_but_sessions(&self, call: Call<'_>) -> crate::harness::Answer {
        let stored = async || {
            let mut stored = self.stored_but_sending().await;
            stored.remove("sessions");
            stored
        };
        let before = stored().await;
        let answer = call.send().await;
        let differences = testkit::dump::differences(&before, &stored().await);
        assert!(differences.is_empty(), "stored although refused: {differences:#?}");
        answer
    }
}
