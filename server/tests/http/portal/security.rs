//! How a customer signs in, changed in the portal, and where it is signed in.

use crate::harness::Browser;
use crate::harness::browser::Page;
use crate::harness::fixtures::{JOHN, PASSWORD, customer_xml};

const NEW: &str = "correct horse";

async fn enter(browser: &Browser<'_>, username: &str, password: &str) -> Page {
    let page = browser.open("/widget/login").await;
    browser.submit_and_follow(&page, "form", &[("username", username), ("password", password)]).await
}

async fn go(browser: &Browser<'_>, from: &Page, page: &str) -> Page {
    browser.open(&format!("{}{page}", from.root())).await
}

/// The page behind the question for the current password.
async fn confirm(browser: &Browser<'_>, home: &Page, page: &str) -> Page {
    let asked = go(browser, home, page).await;
    asked.is(200).says("type your current password once more");
    browser.submit_and_follow(&asked, "main form", &[("current_password", PASSWORD)]).await
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";

/// Signs in with this user agent; the session's home.
async fn enter_with(browser: &Browser<'_>, agent: &str) -> Page {
    let page = browser.open("/widget/login").await;
    let fields = [("username", "jdoe001"), ("password", PASSWORD)];
    let entered = browser.send(browser.form(&page, "form", &fields).header("user-agent", agent)).await;
    entered.is(303);
    browser.send(browser.call("GET", &entered.location()).header("user-agent", agent)).await
}

on_both! {
    async fn a_password_is_changed_after_the_current_one_was_asked_for(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let (browser, other) = (server.browser(), server.browser());
        let home = enter(&browser, "jdoe001", PASSWORD).await;
        let elsewhere = enter(&other, "jdoe001", PASSWORD).await;
        let asked = go(&browser, &home, "security/password").await;
        let wrong = browser.submit_and_follow(&asked, "main form", &[("current_password", "Wrong-1234")]).await;
        wrong.is(200).says("not your current password");
        // Not even a form of before leads around it.
        let token = wrong.attribute("main input[name=form_token]", "value").unwrap();
        let body = format!("form_token={token}&new_password=correct+horse&repeated_password=correct+horse");
        let call = browser.call("POST", &wrong.path).header("content-type", "application/x-www-form-urlencoded");
        browser.send(call.body(body)).await.is(303);
        let form = confirm(&browser, &home, "security/password").await;
        let fields = [("new_password", "password"), ("repeated_password", "password")];
        let again = browser.submit_and_follow(&form, "main form", &fields).await;
        again.is(200).says("Many people have this password");
        let fields = [("new_password", NEW), ("repeated_password", NEW)];
        let done = browser.submit_and_follow(&again, "main form", &fields).await;
        done.is(200).says("Your password is changed");
        assert_eq!(other.get(&elsewhere.path).await.location(), "/widget/login");
        browser.get(&home.path).await.is(200);
        enter(&server.browser(), "jdoe001", PASSWORD).await.says("not right");
        enter(&server.browser(), "jdoe001", NEW).await.is(200).says("My account");
        assert_eq!(server.letters(1, "Your password is changed").await.len(), 1);
        let stored = server.stored().await;
        assert!(stored["audit"].iter().any(|row| row.contains("changed the password")));
    }

    async fn the_question_is_asked_again_after_five_minutes_and_guessing_locks(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let home = enter(&browser, "jdoe001", PASSWORD).await;
        confirm(&browser, &home, "security/email").await.says("Where invoices");
        server.advance("2011-09-20T12:04:59Z").await;
        go(&browser, &home, "security/username").await.says("What you type to sign in");
        server.advance("2011-09-20T12:05:00Z").await;
        let asked = go(&browser, &home, "security/username").await;
        for _ in 0..5 {
            browser.submit_and_follow(&asked, "main form", &[("current_password", "Wrong-1234")]).await.is(200);
        }
        let locked = browser.submit_and_follow(&asked, "main form", &[("current_password", PASSWORD)]).await;
        locked.says("not your current password");
        enter(&server.browser(), "jdoe001", PASSWORD).await.says("not right");
        server.wall.advance_seconds(15 * 60);
        browser.submit_and_follow(&asked, "main form", &[("current_password", PASSWORD)]).await.says("What you type");
    }

    async fn user_name_and_address_change_and_both_addresses_are_told(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        server.post("/rest/customers", customer_xml("JANE", "janedoe1")).gives(201).await;
        let browser = server.browser();
        let home = enter(&browser, "jdoe001", PASSWORD).await;
        let form = confirm(&browser, &home, "security/username").await;
        assert_eq!(form.attribute("#username", "value").as_deref(), Some("jdoe001"));
        for (name, why) in [("janedoe1", "is taken"), ("short", "6 to 100 characters"), ("", "6 to 100 characters")] {
            let again = browser.submit_and_follow(&form, "main form", &[("username", name)]).await;
            again.is(200).says(why);
            assert_eq!(again.attribute("#username", "value").as_deref(), Some(name));
            assert_eq!(again.attribute("#username", "aria-describedby").as_deref(), Some("username-error"));
        }
        let done = browser.submit_and_follow(&form, "main form", &[("username", "johnny01")]).await;
        done.is(200).says("Your user name is changed").says("johnny01");
        let form = go(&browser, &home, "security/email").await;
        browser.submit_and_follow(&form, "main form", &[("email", "nonsense")]).await.says("like ann@example.com");
        let done = browser.submit_and_follow(&form, "main form", &[("email", "new@example.com")]).await;
        done.is(200).says("new@example.com");
        let letters = server.letters(3, "Your email address is changed").await;
        let mut to: Vec<&str> = letters.iter().filter_map(|mail| mail.lines().find(|line| line.starts_with("To: "))).collect();
        to.sort_unstable();
        assert!(to.len() == 2 && to[0].contains("Bill@bmontgomery.com") && to[1].contains("new@example.com"), "{to:?}");
        enter(&server.browser(), "johnny01", PASSWORD).await.says("My account");
    }

    async fn whom_the_merchant_lets_in_changes_nothing_of_the_sign_in(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let overview = go(&browser, &home, "security").await;
        assert!(!overview.is(200).words().contains("jdoe001"));
        for page in ["password", "username", "email", "authenticator", "passkeys", "codes"] {
            let refused = go(&browser, &home, &format!("security/{page}")).await;
            // Codes are shown only to who has just made them.
            refused.is(403).says(if page == "codes" { "You can’t do this" } else { "Sign in with your password first" });
            let token = home.attribute("input[name=form_token]", "value").unwrap();
            for fields in ["current_password=Sachxwe001", "username=johnny01&email=a%40b.example"] {
                let call = browser.call("POST", &format!("{}security/{page}", home.root()));
                let call = call.header("content-type", "application/x-www-form-urlencoded");
                browser.send(call.body(format!("form_token={token}&{fields}"))).await.is(403);
            }
        }
        enter(&server.browser(), "jdoe001", PASSWORD).await.says("My account");
    }

    async fn a_customer_sees_where_it_is_signed_in_and_ends_it(server: Server) {
        let id = server.customer(JOHN, "jdoe001").await;
        let (one, two, three) = (server.browser(), server.browser(), server.browser());
        let first = enter_with(&one, FIREFOX).await;
        let second = enter_with(&two, SAFARI).await;
        let third = three.open(&server.link(JOHN, "").await).await;
        let list = one.send(one.call("GET", &format!("{}security", first.root())).header("user-agent", FIREFOX)).await;
        assert_eq!(list.count(".account-section[aria-labelledby=sessions] .setting"), 3);
        list.says("Firefox on Linux").says("Safari on iPhone").says("through Acme Hosting");
        list.says("Since Sep 20, 2011, 12:00 PM · 127.0.0.1").says("This device");
        for secret in one.cookies().values().chain(two.cookies().values()) {
            assert!(!list.answer.text().contains(secret.as_str()));
        }
        assert!(!list.answer.text().contains(second.root().trim_end_matches('/')));
        // A new device is told of; the first one, and the same again, are not.
        enter_with(&server.browser(), FIREFOX).await.is(200);
        let letters = server.letters(1, "New sign-in").await;
        assert!(letters.len() == 1 && letters[0].contains("Safari on iPhone"), "{letters:?}");

        let sessions = server.get(&format!("/rest/widget/sessions?customerId={id}")).gives(200).await;
        assert_eq!(sessions.count("session"), 4);
        let devices = sessions.all("session/device");
        let at = devices.iter().position(|device| device == "Safari on iPhone").unwrap();
        assert_eq!(sessions.all("session/isSingleSignOn").iter().filter(|is| *is == "true").count(), 1);
        assert_eq!(sessions.all("session/startTime")[at], "2011-09-20T12:00:00Z");
        let path = format!("/rest/widget/sessions/{}", sessions.all("session/@id")[at]);
        server.call("DELETE", &path).send().await.is(200);
        server.call("DELETE", &path).send().await.refused(404);
        assert_eq!(two.get(&second.path).await.location(), "/widget/login");
        let done = one.submit_and_follow(&list, "form:has(input[value=others])", &[]).await;
        done.is(200).says("You are signed out everywhere else");
        assert_eq!(done.count(".account-section[aria-labelledby=sessions] .setting"), 1);
        three.get(&third.path).await.is(410).says("Your session is over");
        // What belongs to others is not there.
        server.post("/rest/customers", customer_xml("JANE", "janedoe1")).gives(201).await;
        let jane = server.browser();
        let janes = jane.open(&server.link("JANE", "").await).await;
        let left = server.get(&format!("/rest/widget/sessions?customerId={id}")).gives(200).await;
        let token = janes.attribute("input[name=form_token]", "value").unwrap();
        let call = jane.call("POST", &format!("{}security", janes.root()));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        jane.send(call.body(format!("form_token={token}&end={}", left.at("session/@id")))).await.is(303);
        one.get(&first.path).await.is(200);
    }

    async fn what_takes_the_right_to_enter_ends_the_sessions(server: Server) {
        let id = server.customer(JOHN, "jdoe001").await;
        let put = async |body: &str| {
            let body = format!("<customer>{body}</customer>");
            server.call("PUT", &format!("/rest/customer/{id}")).body(body).gives(200).await;
        };
        for (ends, change) in [
            (false, "<billingContact><firstName>Will</firstName></billingContact>"),
            (true, "<billingContact><passwd>Sachxwe002</passwd></billingContact>"),
            (true, "<billingContact><accountLocked>true</accountLocked></billingContact>"),
        ] {
            put(&format!("<billingContact><passwd>{PASSWORD}</passwd><accountLocked>false</accountLocked></billingContact>")).await;
            let browser = server.browser();
            let home = enter(&browser, "jdoe001", PASSWORD).await;
            home.is(200);
            put(change).await;
            assert_eq!(browser.get(&home.path).await.answer.status == 303, ends, "{change}");
        }
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&loginUrl=https://shop.example/login").await).await;
        put("<status>InActive1</status>").await;
        put("<status>Active</status>").await;
        let over = browser.get(&home.path).await;
        assert_eq!(over.is(410).link("Sign in"), "https://shop.example/login");
    }
    async fn a_refusal_knows_the_language_and_the_merchant(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&locale=de_AT").await).await;
        let token = home.attribute("input[name=form_token]", "value").unwrap();
        let call = browser.call("POST", &format!("{}security/password", home.root()));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let refused = browser.send(call.body(format!("form_token={token}&new_password=x"))).await;
        refused.is(403).says("Das ist nicht erlaubt").says("Acme Hosting");
        assert_eq!(refused.attribute("html", "lang").as_deref(), Some("de-AT"));
    }
}
