//! Quick pay: one invoice, without a login, and nothing else (`api.md` §8.2).

use testkit::organization::ACME;

use crate::harness::Browser;
use crate::harness::browser::Page;
use crate::harness::fixtures::{APPROVES, DECLINES, JOHN, fixed};

const FORM: &str = "form.checkout-form";
const REFUSAL: &str = "We found no invoice with this number and this balance";

fn card(number: &str) -> [(&str, &str); 4] {
    [("cardholder", "Ann Other"), ("card_number", number), ("expiry", "12/35"), ("security_code", "123")]
}

/// What comes of a number and a balance.
async fn ask(browser: &Browser<'_>, number: &str, balance: &str) -> Page {
    let entry = browser.get("/widget/quickPay").await;
    browser.submit_and_follow(&entry, "form", &[("number", number), ("balance", balance)]).await
}

/// But for the nonce, which is another on every page.
fn without_nonce(page: &Page) -> String {
    page.answer.text().replace(&page.attribute("script", "nonce").unwrap(), "")
}

on_both! {
    async fn an_invoice_is_paid_by_whoever_knows_its_number_and_balance(server: Server) {
        let invoice = server.john().await;
        server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let login = browser.get("/widget/login").await;
        browser.get(&login.link("Pay an invoice without signing in")).await.is(200).says("Exact balance due");
        let enter = ask(&browser, " 1019 ", "60,50").await;
        enter.is(200).says("You pay Acme Hosting").says("$60.50").says("Invoice 1019");
        let wrong = browser.submit_and_follow(&enter, FORM, &[("card_number", "4111111111111112")]).await;
        assert_eq!(wrong.count("[aria-invalid=true]"), 4, "{}", wrong.words());
        assert!(!wrong.answer.text().contains("4111"));
        let refused = browser.submit_and_follow(&wrong, FORM, &card(DECLINES)).await;
        let refused = browser.submit_and_follow(&refused, "form.confirm", &[]).await;
        refused.says("Your payment was declined");
        let enter = browser.get(&refused.link("Try another method")).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        confirm.says("You pay Acme Hosting").says("Visa •••• 1111").says("1019").says("$60.50");
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        receipt.says("Payment received").says("$60.50").says("1019");
        assert!(!receipt.words().contains("Back to Acme Hosting"), "the merchant has no page for it");
        // The merchant's page around it hears of it, once.
        let told = |page: &Page| ["data-event", "data-payment", "data-amount"].map(|name| page.attribute("script[src='/portal.js']", name));
        let number = receipt.attribute("script[src='/portal.js']", "data-payment");
        assert_eq!(told(&receipt), [Some("paid".to_owned()), number.clone(), Some("60.50".to_owned())]);
        assert!(number.is_some_and(|number| receipt.words().contains(&number)));
        assert_eq!(told(&browser.get(&receipt.path).await), [None, None, None]);
        server.invoice(invoice.id).await.has(&[("status", "Paid")]);
        assert_eq!(server.balance(JOHN).await, "10.00");
        // The same once more leads to the same receipt.
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
        assert_eq!(server.stored().await["payments"].len(), 2, "one was declined");
        for page in [&enter, &confirm, &receipt] {
            let text = page.answer.text();
            assert!(!text.contains("1020") && !text.contains("Bill Joseph") && !text.contains(APPROVES), "{text}");
        }
        // Paid: neither here nor there is anything left to pay.
        browser.get(&enter.path).await.says("There is nothing to pay");
        ask(&browser, "1019", "60.50").await.says(REFUSAL);
        assert_eq!(server.stored().await["payment_methods"].len(), 0);
        // By a bank account.
        let bank = browser.get(&ask(&browser, "1020", "$10.00").await.link("Bank account")).await;
        let account = [("account_holder", "Ann"), ("account_type", "Checking"), ("routing_number", "021000021"),
            ("account_number", "556677889900")];
        let confirm = browser.submit_and_follow(&bank, FORM, &account).await;
        let thanks = "[organization.portal]\nsuccess_url = \"https://www.acme.example/thanks\"";
        server.seed(&ACME.replace("[organization.portal]", thanks)).await;
        server.billing.forget();
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        assert_eq!(receipt.says("Payment received").link("Back to Acme Hosting"), "https://www.acme.example/thanks");
        assert_eq!(server.balance(JOHN).await, "0.00");
        assert!(!format!("{:?}", server.stored().await).contains("556677889900"));
    }

    async fn whatever_is_wrong_the_answer_is_the_same_and_five_times_is_enough(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        server.order("JANE", fixed()).await;
        let browser = server.browser();
        let mut answers = Vec::new();
        for (number, balance) in [("1019", "60.51"), ("1019", "x"), ("1019", ""), ("1019", "1e9"), ("1019", "10.00")] {
            let page = ask(&browser, number, balance).await;
            answers.push(without_nonce(page.says(REFUSAL)));
        }
        let nobody = without_nonce(&ask(&browser, "7777", "60.50").await);
        answers.push(nobody.replace("7777", "1019"));
        // The sixth is right, and comes too late.
        answers.push(without_nonce(&ask(&browser, "1019", "60.50").await));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "an answer differs");
        // Of another invoice nothing was asked yet.
        ask(&browser, "1020", "10.00").await.says("$10.00");
        ask(&browser, "<script>alert(1)</script>", "60.50").await.says(REFUSAL);
        let entry = browser.get("/widget/quickPay").await;
        let page = browser.submit(&entry, "form", &[("form_token", ""), ("number", "1020"), ("balance", "10.00")]).await;
        page.is(403).says("Nothing was done");
        let call = browser.form(&entry, "form", &[("number", "1020"), ("balance", "10.00")]);
        browser.send(call.header("origin", "https://evil.example")).await.is(403);
    }

    async fn its_session_opens_nothing_but_its_own_pages(server: Server) {
        server.john().await;
        server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let enter = ask(&browser, "1019", "60.50").await;
        let key = enter.path.split('/').nth(3).unwrap().to_owned();
        for page in ["home", "invoices", "invoices/1020", "payments", "account", "pay", "autopay", "plan"] {
            let page = browser.get(&format!("/widget/s/{key}/{page}")).await;
            assert!(page.answer.status == 303 && page.location().starts_with("/widget/login"), "{}", page.path);
        }
        for page in ["home", "invoices", "1020"] {
            browser.get(&format!("/widget/q/{key}/{page}")).await.is(404);
        }
        // A session of the portal opens no page here.
        let home = browser.open(&server.link(JOHN, "").await).await;
        let other = home.path.split('/').nth(3).unwrap().to_owned();
        assert_eq!(browser.get(&format!("/widget/q/{other}/card")).await.is(303).location(), "/widget/quickPay");
        // Its cookie has come back: the address alone opens nothing.
        assert_eq!(server.browser().get(&enter.path).await.is(303).location(), "/widget/quickPay");
        let token = server.browser();
        let forged = token.call("POST", &enter.path).body("form_token=");
        assert_eq!(token.send(forged).await.is(303).location(), "/widget/quickPay");
        let page = browser.submit(&enter, FORM, &[("form_token", "0")]).await;
        assert_eq!(page.is(403).link("Back to the page"), enter.path);
        server.advance("2011-09-20T12:21:00Z").await;
        assert_eq!(browser.get(&enter.path).await.is(303).location(), "/widget/quickPay");
    }

    async fn its_session_lasts_twenty_minutes_from_its_last_use_and_two_hours_in_all(server: Server) {
        server.john().await;
        let browser = server.browser();
        let enter = ask(&browser, "1019", "60.50").await;
        enter.says("stays open for 20 minutes");
        for minute in (15..120).step_by(15) {
            server.advance(&format!("2011-09-20T{:02}:{:02}:00Z", 12 + minute / 60, minute % 60)).await;
            browser.get(&enter.path).await.is(200);
        }
        server.advance("2011-09-20T14:00:30Z").await;
        assert_eq!(browser.get(&enter.path).await.is(303).location(), "/widget/quickPay");
        let enter = ask(&browser, "1019", "60.50").await;
        server.advance("2011-09-20T14:20:31Z").await;
        assert_eq!(browser.get(&enter.path).await.is(303).location(), "/widget/quickPay");
    }
}
