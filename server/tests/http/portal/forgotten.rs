//! Forgotten passwords and user names (`api.md` §8.2), as a browser without script sees it.

use testkit::organization::ACME;

use crate::harness::Server;
use crate::harness::browser::Page;
use crate::harness::fixtures::{JOHN, PASSWORD, white_label};

const PAGE: &str = "https://www.acme.example/account?trackingId=";

on_both! {
    async fn c_prt_05_a_mail_leads_through_the_merchants_page_to_a_new_password(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.order(JOHN, white_label()).await;
        let browser = server.browser();
        let login = browser.open("/widget/login").await;
        let forgot = browser.open(&login.link("Forgot your password?")).await;
        let known = browser.submit_and_follow(&forgot, "form", &[("username", "jdoe001")]).await;
        known.is(200).says("Look into your mail");
        let unknown = browser.submit_and_follow(&forgot, "form", &[("username", "nobody01")]).await;
        // But for the nonce, which is another on every page.
        let text = |page: &Page| page.answer.text().replace(&page.attribute("script", "nonce").unwrap(), "");
        assert_eq!(text(&unknown), text(&known), "nobody learns who is known");
        let letters = server.letters(1, "Choose a new password").await;
        assert_eq!(letters.len(), 1);
        let (_, rest) = letters[0].split_once(PAGE).expect("the merchant's page, with the tracking id");
        // What the merchant's page passes into the frame.
        let address = format!("/widget/resetPassword?trackingId={}", &rest[..32]);
        for _ in 0..2 {
            browser.open(&address).await.is(200).says("Choose a new password");
        }
        let page = browser.open(&address).await;
        for (new, again, why) in [
            ("short", "short", "at least 8 characters"),
            ("correct horse", "correct house", "not the same"),
            ("JDOE001", "JDOE001", "at least 8 characters"),
            ("password1", "password1", "Many people have this password"),
        ] {
            let fields = [("new_password", new), ("repeated_password", again)];
            let refused = browser.submit_and_follow(&page, "form", &fields).await;
            refused.is(200);
            assert!(refused.text(".alert").contains(why), "{}", refused.text(".alert"));
        }
        let new = [("new_password", "correct horse"), ("repeated_password", "correct horse")];
        let login = browser.submit_and_follow(&page, "form", &new).await;
        login.is(200).says("Your new password is saved");
        let over = browser.submit_and_follow(&page, "form", &new).await;
        over.is(410).says("This link is over");
        browser.open(&address).await.is(410);
        let old = [("username", "jdoe001"), ("password", PASSWORD)];
        browser.submit_and_follow(&login, "form", &old).await.says("not right");
        let right = [("username", "jdoe001"), ("password", "correct horse")];
        browser.submit_and_follow(&login, "form", &right).await.is(200).says("$60.50");
    }

    async fn without_a_page_of_the_merchant_the_link_leads_to_ours(engine: Engine) {
        let seed = ACME.replace("page_url = ", "# ").replace("notifications = [", "notifications = [] # ");
        let server = Server::with(engine, &seed).await;
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let page = browser.open("/widget/forgotUsername").await;
        browser.submit_and_follow(&page, "form", &[("email", "Bill@bmontgomery.com")]).await.says("Look into your mail");
        let letters = server.letters(1, "Your user name").await;
        assert!(letters[0].contains("Username: jdoe001"), "{}", letters[0]);
        let page = browser.open("/widget/forgotPassword").await;
        browser.submit_and_follow(&page, "form", &[("username", "jdoe001")]).await.is(200);
        let letters = server.letters(2, "Choose a new password").await;
        let ours = format!("http://acme.localhost:{}/widget/resetPassword?trackingId=", server.address.port());
        assert!(letters[0].contains(&ours), "{}", letters[0]);
    }

    async fn asking_and_guessing_count_and_forms_are_ours_or_nothing(server: Server) {
        let browser = server.browser();
        let page = browser.open("/widget/forgotPassword").await;
        browser.send(browser.form(&page, "form", &[("form_token", "wrong")])).await.is(403);
        let cross = browser.form(&page, "form", &[]).header("sec-fetch-site", "cross-site");
        browser.send(cross).await.is(403);
        let token = page.attribute("input[name=form_token]", "value").unwrap();
        for n in 0..60 {
            let call = if n % 2 == 0 {
                browser.form(&page, "form", &[("username", "nobody01")])
            } else {
                let body = format!("form_token={token}&new_password=correct+horse&repeated_password=correct+horse");
                let call = browser.call("POST", &format!("/widget/resetPassword?trackingId={n:032}")).body(body);
                call.header("content-type", "application/x-www-form-urlencoded")
            };
            browser.send(call).await.is(303);
        }
        browser.submit(&page, "form", &[("username", "nobody01")]).await.is(429);
        browser.open("/widget/resetPassword?trackingId=../../x%0d%0aSet-Cookie:a=b").await.is(410);
    }
}
