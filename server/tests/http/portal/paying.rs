//! Paying by card in the portal, without script (`api.md` §8.3).

use crate::harness::browser::Page;
use crate::harness::fixtures::{APPROVES, CASH, DECLINES, JOHN, PASSWORD, fixed, payment_by, white_label};
use crate::harness::{Browser, Server, join_all};

const FORM: &str = "form.checkout-form";

fn card(number: &str) -> [(&str, &str); 4] {
    [("cardholder", "John Doe"), ("card_number", number), ("expiry", "12/35"), ("security_code", "123")]
}

on_both! {
    async fn an_invoice_is_paid_in_three_steps_and_is_paid_everywhere(server: Server) {
        let invoice = server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let choose = browser.get(&home.link("Pay now")).await;
        choose.is(200).says("Invoice 1019").says("$60.50");
        let enter = browser.submit(&choose, "main form", &[]).await;
        enter.is(200).says("$60.50");
        let confirm = browser.submit_and_follow(&enter, FORM, &card("4111 1111 1111 1111")).await;
        confirm.is(200).says("Visa").says("1111").says("$60.50");
        // Nothing has happened until it is confirmed.
        server.invoice(invoice.id).await.has(&[("status", "Outstanding")]);
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        receipt.is(200).says("Payment received").says("$60.50").says("1019");
        for page in [&choose, &enter, &confirm, &receipt] {
            assert!(!page.answer.text().contains(APPROVES) && !page.answer.text().contains("4111 1111"));
        }
        server.invoice(invoice.id).await.has(&[("status", "Paid"), ("outstandingBalance", "0.00")]);
        assert_eq!(server.balance(JOHN).await, "0.00");
        browser.get(&home.path).await.is(200).says("$0.00").says("Everything is paid");
        browser.get(&format!("{}invoices/1019", home.root())).await.says("Paid");
        // The receipt stands still when it is loaded again.
        browser.get(&receipt.path).await.is(200).says("Payment received");
    }

    async fn only_what_is_chosen_is_paid(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        assert_eq!(home.text(".figure"), "$70.50");
        let enter = browser.get(&format!("{}pay/card?invoice={}", home.root(), second.number)).await;
        enter.says("$10.00");
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("$10.00");
        server.invoice(second.id).await.has(&[("status", "Paid")]);
        server.invoice(first.id).await.has(&[("status", "Outstanding")]);
        let nothing = browser.get(&format!("{}pay/card", home.root())).await;
        nothing.is(400).says("Choose at least one invoice");
    }

    async fn what_is_wrong_stands_at_its_field_and_the_number_nowhere(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        for (field, value, message) in [
            ("card_number", "4111 1111 1111 1112", "without typing errors"),
            ("card_number", "", "Enter the card number"),
            ("card_number", "1234", "without typing errors"),
            ("expiry", "08/11", "has expired"),
            ("expiry", "13/35", "month and year"),
            ("expiry", "", "month and year"),
            ("security_code", "12", "3 or 4 digits"),
            ("security_code", "12345", "3 or 4 digits"),
            ("cardholder", "", "name on the card"),
            ("cardholder", "4111 1111 1111 1111", "without numbers"),
        ] {
            let mut fields = card("4111 1111 1111 1111");
            fields.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value;
            let page = browser.submit_and_follow(&enter, FORM, &fields).await;
            assert!(page.text(&format!("#{field}-error")).contains(message), "{field}: {}", page.words());
            let input = format!("input[name={field}]");
            assert_eq!(page.attribute(&input, "aria-invalid").as_deref(), Some("true"), "{field}");
            let described = page.attribute(&input, "aria-describedby").unwrap_or_default();
            assert!(described.split(' ').any(|id| id == format!("{field}-error")), "{field}: {described}");
            assert_eq!(page.count(&format!("[role=alert] a[href='#{field}']")), 1, "{field}");
            assert_eq!(page.count("[aria-invalid=true]"), 1, "{field}");
            assert!(page.text("title").starts_with("Error"), "{field}");
            let text = page.answer.text();
            assert!(!text.contains("4111") && !text.contains("12345"), "{field}: {text}");
            for secret in ["card_number", "security_code"] {
                let kept = page.attribute(&format!("input[name={secret}]"), "value");
                assert!(kept.is_none_or(|value| value.is_empty()), "{field}");
            }
            // Told once; and the invoice is still chosen.
            assert_eq!(browser.get(&page.path).await.count("[aria-invalid=true]"), 0);
            page.says("Invoice 1019");
        }
        let page = browser.submit_and_follow(&enter, FORM, &[("expiry", "08/11"), ("card_number", "99")]).await;
        assert_eq!(page.count("[aria-invalid=true]"), 4);
        assert_eq!(page.attribute("input[name=expiry]", "value").as_deref(), Some("08/11"));
        assert_eq!(server.stored().await["payments"].len(), 0);
    }

    async fn a_declined_card_is_told_and_another_may_be_tried(server: Server) {
        let invoice = server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let refused = pay(&browser, &home, "1019", DECLINES).await;
        refused.is(200).says("Your payment was declined").says("Nothing was charged");
        assert!(!refused.answer.text().contains(DECLINES));
        server.invoice(invoice.id).await.has(&[("status", "Outstanding")]);
        let choose = browser.get(&refused.link("Try another method")).await;
        let enter = browser.submit(&choose, "main form", &[]).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
        server.invoice(invoice.id).await.has(&[("status", "Paid")]);
        browser.get(&format!("{}payments", home.root())).await.says("Declined").says("Paid");
    }

    async fn the_processor_breaks_and_nothing_is_charged(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        pay(&browser, &home, "1019", "4000000000000119").await.is(200).says("The payment could not be made");
        assert_eq!(server.balance(JOHN).await, "60.50");
    }

    async fn paying_the_same_again_charges_nothing(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
        // The confirmation once more, as "back" and a second press do.
        let again = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        assert!(!again.words().contains("Payment received"), "{}", again.words());
        let again = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        assert!(!again.words().contains("Payment received"), "{}", again.words());
        let page = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        page.is(400);
        assert_eq!(server.stored().await["payments"].len(), 1);
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn two_presses_at_once_charge_once(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        let presses = join_all((0..4).map(|_| browser.submit(&confirm, "form.confirm", &[]))).await;
        for press in &presses {
            press.is(303);
        }
        assert_eq!(server.balance(JOHN).await, "0.00");
        let stored = server.stored().await;
        let book = stored.iter().find(|(table, _)| table.starts_with("test_processor")).unwrap();
        assert_eq!((book.1.len(), stored["payments"].len()), (1, 1));
    }

    async fn what_has_changed_since_it_was_shown_is_not_charged(server: Server) {
        let invoice = server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        server.post("/rest/payments", payment_by("20.50", &[invoice.id], CASH)).gives(201).await;
        let page = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        page.says("This payment was not made");
        assert_eq!(server.balance(JOHN).await, "40.00");
        pay(&browser, &home, "1019", APPROVES).await.says("$40.00");
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn a_session_that_ends_in_the_middle_leads_back_to_where_it_was(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.order(JOHN, white_label()).await;
        let browser = server.browser();
        let login = [("username", "jdoe001"), ("password", PASSWORD)];
        let home = browser.submit_and_follow(&browser.get("/widget/login").await, "form", &login).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        server.advance("2011-09-20T12:31:00Z").await;
        let before = server.stored().await;
        let over = browser.submit(&enter, FORM, &card(APPROVES)).await;
        over.is(303);
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
        let again = browser.open(&over.location()).await;
        let refused = browser.submit_and_follow(&again, "form", &[("username", "jdoe001"), ("password", "wrong")]).await;
        let back = browser.submit_and_follow(&refused, "form", &login).await;
        assert!(back.path.ends_with("/pay/card?invoice=1019"), "{}", back.path);
        let confirm = browser.submit_and_follow(&back, FORM, &card(APPROVES)).await;
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
    }

    async fn what_was_about_to_be_confirmed_is_chosen_again_by_signing_in_again(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.order(JOHN, white_label()).await;
        server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let login = [("username", "jdoe001"), ("password", PASSWORD)];
        let home = browser.submit_and_follow(&browser.get("/widget/login").await, "form", &login).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1020", home.root())).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        server.advance("2011-09-20T12:31:00Z").await;
        let over = browser.submit(&confirm, "form.confirm", &[]).await;
        let sign_in = browser.open(&over.is(303).location()).await;
        // Also by a login page that is too old by now.
        let old = browser.submit(&sign_in, "form", &[("form_token", "old")]).await;
        assert_eq!(old.is(403).link("Back to the page"), over.location());
        let back = browser.submit_and_follow(&sign_in, "form", &login).await;
        assert!(back.is(200).path.ends_with("/pay?invoice=1020"), "{}", back.path);
        // Whoever has been given the address by somebody learns nothing of what was chosen.
        let of_other = server.browser().get(&confirm.path).await;
        assert_eq!(of_other.is(303).location(), "/widget/login?next=pay");
        assert_eq!(server.stored().await["payments"].len(), 0);
    }

    async fn c_prt_12_a_form_without_its_token_does_nothing(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let other = browser.open(&server.link(JOHN, "").await).await;
        let foreign = other.attribute("input[name=form_token]", "value").unwrap();
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &card(APPROVES)).await;
        let before = server.stored().await;
        for token in ["", "00000000000000000000000000000000", &foreign] {
            for (page, form) in [(&home, "form.signed-in"), (&enter, FORM), (&confirm, "form.confirm")] {
                let mut fields = card(APPROVES).to_vec();
                fields.push(("form_token", token));
                browser.submit(page, form, &fields).await.is(403);
            }
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://www.acme.example"),
            ("origin", "http://rival.localhost"),
            ("origin", "null"),
        ] {
            for (page, form) in [(&home, "form.signed-in"), (&confirm, "form.confirm")] {
                browser.send(browser.form(page, form, &[]).header(name, value)).await.is(403);
            }
        }
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
    }

    async fn a_post_to_what_is_no_form_is_not_found(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let token = home.attribute("input[name=form_token]", "value").unwrap();
        for path in ["home", "invoices", "nosuchpage", "pay/nosuchpage", "invoices/1019"] {
            let call = browser.call("POST", &format!("{}{path}", home.root())).body(format!("form_token={token}"));
            browser.send(call).await.is(404);
        }
        let call = browser.call("PUT", &home.path);
        browser.send(call).await.is(405);
    }

    async fn a_foreign_invoice_can_not_be_paid(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        let janes = server.order("JANE", white_label()).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let enter = browser.get(&format!("{}pay/card?invoice=1019", home.root())).await;
        let mut fields = card(APPROVES).to_vec();
        fields.push(("invoice", &janes.number));
        let page = browser.submit_and_follow(&enter, FORM, &fields).await;
        assert!(page.path.ends_with(&format!("/pay?invoice={}", janes.number)), "{}", page.path);
        server.invoice(janes.id).await.has(&[("status", "Outstanding")]);
        browser.get(&format!("{}pay/confirm", home.root())).await.says("There is nothing to confirm");
    }

    async fn after_paying_the_merchants_page_is_one_step_away(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&successURL=https://shop.example/thanks").await).await;
        let receipt = pay(&browser, &home, "1019", APPROVES).await;
        assert_eq!(receipt.link("Back to Acme Hosting"), "https://shop.example/thanks");
    }

    async fn a_suspended_customer_can_pay(server: Server) {
        let body = crate::harness::fixtures::plain_customer_xml(JOHN);
        server.post("/rest/customers", body).gives(201).await;
        server.order(JOHN, white_label()).await;
        server.set_status(JOHN, "Suspended1").await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        home.says("Your account is suspended");
        pay(&browser, &home, "1019", APPROVES).await.says("Payment received");
    }

    async fn a_customer_who_is_gone_has_no_portal_any_more(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let unused = server.link(JOHN, "").await;
        server.set_status(JOHN, "InActive1").await;
        let page = browser.get(&home.path).await;
        assert!(!page.words_or_empty().contains("60.50"), "a session of a customer who is gone goes on");
        let page = server.browser().open(&unused).await;
        assert!(!page.words_or_empty().contains("60.50"), "a link of a customer who is gone opens");
    }
}

/// All three steps; the last page.
async fn pay(browser: &Browser<'_>, home: &Page, invoice: &str, number: &str) -> Page {
    let enter = browser.get(&format!("{}pay/card?invoice={invoice}", home.root())).await;
    let confirm = browser.submit_and_follow(&enter, FORM, &card(number)).await;
    browser.submit_and_follow(&confirm, "form.confirm", &[]).await
}

impl Server {
    /// The API can't change a customer yet.
    async fn set_status(&self, reference: &str, status: &str) {
        let sql = format!("UPDATE customers SET status = '{status}' WHERE ext_customer_ref = '{reference}'");
        // Leaked: only a text of the program can be run.
        let sql: &'static str = sql.leak();
        let changed = self.db.transact(async |tx: &mut store::Tx| tx.build(sql).build().execute().await).await;
        assert_eq!(changed.unwrap(), 1);
    }
}

impl Page {
    fn words_or_empty(&self) -> String {
        self.texts("body").concat()
    }
}
