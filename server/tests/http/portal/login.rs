//! Signing in with user name and password (`api.md` §8.2).

use crate::harness::Browser;
use crate::harness::browser::Page;
use crate::harness::fixtures::{JOHN, PASSWORD, customer_xml, white_label, with};

const REFUSAL: &str = "Username or password is not right. Please try again.";

on_both! {
    async fn the_right_password_opens_home_and_every_sign_in_is_a_new_session(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.order(JOHN, white_label()).await;
        let browser = server.browser();
        let home = log_in(&browser, "jdoe001", PASSWORD).await;
        home.is(200).says("$60.50").says("1019");
        let out = browser.submit_and_follow(&home, "form.signed-in", &[]).await;
        let again = browser.open(&out.link("Sign in again")).await;
        let again = browser.submit_and_follow(&again, "form", &[("username", " jdoe001 "), ("password", PASSWORD)]).await;
        again.is(200).says("$60.50");
        assert_ne!(again.root(), home.root());
        refused(&browser.get(&home.path).await);
    }

    async fn a_page_without_session_leads_on_in_its_language(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let login = browser.open("/widget/login?locale=de").await;
        let refused = browser.submit_and_follow(&login, "form", &[("username", "jdoe001"), ("password", "x")]).await;
        refused.is(200).says("Bitte versuchen Sie es erneut.");
        let password = browser.open(&refused.link("Passwort vergessen?")).await;
        let username = browser.open(&password.link("Benutzernamen vergessen?")).await;
        let sent = browser.submit_and_follow(&username, "form", &[("email", "a@example.com")]).await;
        let back = browser.open(&sent.link("Zurück zur Anmeldung")).await;
        back.is(200).says("Anmelden");
        let quick = browser.open(&back.link("Rechnung ohne Anmeldung bezahlen")).await;
        let refused = browser.submit_and_follow(&quick, "form", &[("number", "9"), ("balance", "1")]).await;
        assert!(refused.path.ends_with("locale=de"), "{}", refused.path);
        let signed_in = browser.submit_and_follow(&browser.open(&refused.link("Stattdessen anmelden")).await, "form",
            &[("username", "jdoe001"), ("password", PASSWORD)]).await;
        signed_in.is(200).says("Balance due");
        let plain = browser.open("/widget/login").await;
        assert!(!plain.answer.text().contains("locale="), "nobody has asked for another language");
    }

    async fn c_prt_04_whatever_is_wrong_the_answer_is_the_same(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let locked = customer_xml("LOCKED", "locked01").replace("<firstName>", "<accountLocked>true</accountLocked><firstName>");
        server.post("/rest/customers", locked).gives(201).await;
        let gone = with(&customer_xml("GONE", "goneaway"), "status", "InActive1");
        server.post("/rest/customers", gone).gives(201).await;
        server.rival().await;
        server.post("/rest/customers", customer_xml("RIV", "rivalman")).rival().gives(201).await;
        let mut pages = Vec::new();
        for (username, password) in [
            ("jdoe001", "Wrong-Pass-1"),
            ("jdoe001", "sachxwe001"),
            ("jdoe001", " Sachxwe001"),
            ("nobody01", PASSWORD),
            ("jdoe00%", PASSWORD),
            ("' OR 1=1 --", PASSWORD),
            ("jdoe001\0", PASSWORD),
            ("locked01", PASSWORD),
            ("goneaway", PASSWORD),
            ("rivalman", PASSWORD),
            ("api-acme", testkit::organization::API_PASSWORD),
            ("", ""),
            ("jdoe001", ""),
        ] {
            let browser = server.browser();
            let page = log_in(&browser, username, password).await;
            assert!(browser.cookies().is_empty(), "{username:?}");
            assert_eq!(page.text(".alert"), REFUSAL, "{username:?}");
            // But for what is random in every page.
            let challenge = page.attribute("form[data-passkey]", "data-challenge").unwrap();
            let nonce = page.attribute("script", "nonce").unwrap();
            let text = page.answer.text().replace(&challenge, "").replace(&nonce, "");
            pages.push((page.answer.status, page.path.clone(), text));
        }
        let first = pages[0].clone();
        assert!(pages.iter().all(|page| *page == first), "an answer differs");
        // Neither the name nor the password is filled in again.
        assert!(!first.2.contains("jdoe001"));
    }

    async fn a_suspended_customer_may_sign_in_and_see_why(server: Server) {
        let body = with(&customer_xml("SUS", "suspended1"), "status", "Suspended1");
        server.post("/rest/customers", body).gives(201).await;
        let home = log_in(&server.browser(), "suspended1", PASSWORD).await;
        home.is(200).says("suspended");
    }

    async fn five_wrong_passwords_lock_the_contact_for_a_quarter_of_an_hour(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        for _ in 0..5 {
            log_in(&browser, "jdoe001", "Wrong-Pass-1").await.says(REFUSAL);
        }
        log_in(&browser, "jdoe001", PASSWORD).await.says(REFUSAL);
        server.wall.advance_seconds(14 * 60 + 55);
        log_in(&browser, "jdoe001", PASSWORD).await.says(REFUSAL);
        server.wall.advance_seconds(10);
        log_in(&browser, "jdoe001", PASSWORD).await.is(200).says("My account");
    }

    async fn sixty_failures_a_minute_are_all_that_an_address_gets(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        for n in 0..60 {
            let name = format!("nobody{n:02}");
            browser.submit(&page, "form", &[("username", &name), ("password", "x")]).await.is(303);
        }
        let answer = browser.submit(&page, "form", &[("username", "jdoe001"), ("password", PASSWORD)]).await;
        answer.is(429).says("Too many attempts").says("Acme Hosting");
        assert!(!answer.answer.header("retry-after").is_empty());
    }

    async fn a_login_form_is_ours_or_nothing(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.rival().await;
        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        let fields = [("username", "jdoe001"), ("password", PASSWORD)];
        let rivals = Browser::new(&server, "rival.localhost").open("/widget/login").await;
        let foreign = rivals.attribute("input[name=form_token]", "value").unwrap();
        for token in ["", "wrong", &foreign] {
            let fields = [fields[0], fields[1], ("form_token", token)];
            browser.submit(&page, "form", &fields).await.is(403);
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            browser.send(browser.form(&page, "form", &fields).header(name, value)).await.is(403);
        }
        assert!(browser.cookies().is_empty());
        let call = browser.form(&page, "form", &fields).header("sec-fetch-site", "same-origin");
        browser.send(call).await.is(303);
    }

    async fn a_login_form_is_good_for_an_hour_and_not_for_three(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        let fields = [("username", "jdoe001"), ("password", PASSWORD)];
        server.wall.advance_seconds(3600);
        browser.submit(&page, "form", &fields).await.is(303);
        server.wall.advance_seconds(3600);
        browser.submit(&page, "form", &fields).await.is(403);
    }

    async fn a_form_without_end_is_refused(server: Server) {
        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        let long = "x".repeat(100_000);
        browser.submit(&page, "form", &[("username", &long)]).await.is(413);
    }
}

/// The page at the end.
async fn log_in(browser: &Browser<'_>, username: &str, password: &str) -> Page {
    let page = browser.open("/widget/login").await;
    browser.submit_and_follow(&page, "form", &[("username", username), ("password", password)]).await
}

#[track_caller]
fn refused(page: &Page) {
    assert_eq!((page.answer.status, page.location().as_str()), (303, "/widget/login"));
}
