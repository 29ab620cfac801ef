//! What nobody should send: too much of it, and script where text belongs.

use testkit::organization::ACME;

use crate::harness::Browser;
use crate::harness::browser::{Page, selector};
use crate::harness::fixtures::{JOHN, PASSWORD};

const SCRIPT: &str = "\"'><script>alert(1)</script><b onclick=alert(2)>";
const CARD: &str = "form.checkout-form";

on_both! {
    async fn ten_megabytes_are_refused_by_a_clear_page_and_nothing_is_stored(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let at = |page: &str| format!("{}{page}", home.root());
        let forms = [
            ("/widget/login".to_owned(), "form", "username"),
            ("/widget/forgotPassword".to_owned(), "form", "username"),
            ("/widget/quickPay".to_owned(), "form", "number"),
            (at("account/details"), "form.form-card", "street1"),
            (at("pay/card?invoice=1019"), CARD, "cardholder"),
        ];
        let much = "x".repeat(10 * 1024 * 1024);
        for (path, form, field) in forms {
            let page = browser.get(&path).await;
            let before = server.stored().await;
            let refused = browser.submit(&page, form, &[(field, &much)]).await;
            refused.is(413).says("This is too much").says("Nothing was done or stored");
            assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new(), "{path}");
        }
        browser.get(&home.path).await.is(200);
    }

    async fn what_is_refused_of_a_session_is_told_in_its_language(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&locale=de_DE").await).await;
        let logout = "form.signed-in";
        browser.submit(&home, logout, &[("form_token", "wrong")]).await.is(403).says("Dieses Formular gilt nicht mehr");
        let cross = browser.form(&home, logout, &[]).header("sec-fetch-site", "cross-site");
        browser.send(cross).await.is(403).says("Das ist nicht erlaubt");
        browser.submit(&home, logout, &[("much", &"x".repeat(100_000))]).await.is(413).says("Das ist zu viel");
        let missing = browser.get(&format!("{}invoices/9999/pdf", home.root())).await;
        missing.is(404);
        assert!(!missing.words().contains("We can’t find"), "{}", missing.words());
    }

    async fn script_in_the_fields_of_signing_in_stays_text(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let login = [("username", "jdoe001"), ("password", PASSWORD)];
        let home = browser.submit_and_follow(&browser.get("/widget/login").await, "form", &login).await;
        let at = |page: &str| format!("{}{page}", home.root());
        let asked = browser.get(&at("security/email")).await;
        browser.submit_and_follow(&asked, "main form", &[("current_password", SCRIPT)]).await.says("This is not your current password");
        browser.submit_and_follow(&asked, "main form", &[("current_password", PASSWORD)]).await.is(200);
        let mut fields = 0;
        for page in ["password", "username", "email"] {
            fields += only_text(&browser, &at(&format!("security/{page}")), "main form").await;
        }
        assert_eq!(fields, 4);
        let offered = browser.get(&at("security/authenticator")).await;
        let begun = browser.submit_and_follow(&offered, "main form", &[]).await;
        is_harmless(&browser.submit_and_follow(&begun, "main form", &[("code", SCRIPT)]).await);
        is_harmless(&browser.get(&at("security")).await);
    }

    async fn script_in_any_text_field_stays_text(server: Server) {
        server.seed(&ACME.replace("[organization.portal]\n", "[organization.portal]\nfree_amount = true\n")).await;
        server.billing.forget();
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let at = |page: &str| format!("{}{page}", home.root());
        let mut fields = 0;
        for (path, form) in [
            ("/widget/login".to_owned(), "form"),
            ("/widget/forgotPassword".to_owned(), "form"),
            ("/widget/forgotUsername".to_owned(), "form"),
            ("/widget/quickPay".to_owned(), "form"),
            (at("invoices"), "form[role=search]"),
            (at("pay"), "main form"),
            (at("pay/card?invoice=1019"), CARD),
            (at("pay/bank?invoice=1019"), CARD),
            (at("autopay/card"), "main form"),
            (at("autopay/bank"), "main form"),
            (at("account/details"), "form.form-card"),
        ] {
            fields += only_text(&browser, &path, form).await;
        }
        let quick = quick_pay(&browser, "1019", "60.50").await;
        for page in ["card", "bank"] {
            fields += only_text(&browser, &quick.replace("card", page), CARD).await;
        }
        assert!(fields >= 33, "{fields} fields are few");
        // What was taken is text wherever it is shown.
        for path in ["home", "account", "account/details", "invoices/1019", "pay/card?invoice=1019"] {
            is_harmless(&browser.get(&at(path)).await);
        }
        assert_eq!(server.stored().await["payments"].len(), 0);
    }
}

/// Where an invoice is paid without a login.
async fn quick_pay(browser: &Browser<'_>, number: &str, balance: &str) -> String {
    let entry = browser.get("/widget/quickPay").await;
    browser.submit(&entry, "form", &[("number", number), ("balance", balance)]).await.is(303).location()
}

/// Types script into every text field of a form; how many there were.
async fn only_text(browser: &Browser<'_>, path: &str, form: &str) -> usize {
    let page = browser.get(path).await;
    let names: Vec<String> = page
        .is(200)
        .html()
        .select(&selector(&format!("{form} input")))
        .filter(|input| !matches!(input.value().attr("type"), Some("hidden" | "checkbox" | "radio")))
        .filter_map(|input| input.value().attr("name").map(str::to_owned))
        .collect();
    let mut fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), SCRIPT)).collect();
    fields.extend((form == "main form" && path.ends_with("/pay")).then_some(("how", "other")));
    let answer = browser.submit(&page, form, &fields).await;
    let shown = if answer.answer.status == 303 { browser.open(&answer.location()).await } else { answer };
    is_harmless(&shown);
    names.len()
}

#[track_caller]
fn is_harmless(page: &Page) {
    let runs = page.texts("script").iter().any(|script| script.contains("alert"));
    assert!(!runs && page.count("[onclick]") == 0, "{}", page.path);
}
