//! What pages show, and the headers that they carry (`api.md` §8.3, §8.4).

use testkit::organization::ACME;

use crate::harness::Server;
use crate::harness::browser::Page;
use crate::harness::fixtures::{APPROVES, CASH, JOHN, fixed, payment_by, payment_xml};

on_both! {
    async fn c_sso_14_every_page_may_be_framed_by_the_merchant_and_is_kept_by_nobody(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let mut pages = vec![browser.open("/widget/login").await, browser.get("/widget/signedOut").await];
        for path in ["home", "invoices", "invoices/1019", "invoices/4711", "pay", "pay/card?invoice=1019", "pay/card",
            "pay/confirm", "payments", "payments/4711", "orders", "orders/1007", "account", "account/details", "account/language",
            "nosuchpage"]
        {
            pages.push(browser.get(&format!("{}{path}", home.root())).await);
        }
        pages.push(browser.get("/widget/customerHome/00000000000000000000000000000000").await);
        let out = browser.call("POST", &format!("{}logout", home.root())).body("form_token=x");
        pages.push(browser.send(out).await);
        for page in &pages {
            framed_by(page, "https://www.acme.example http://127.0.0.1:8099");
        }
        let pdf = browser.get(&format!("{}invoices/1019/pdf", home.root())).await;
        assert_eq!(pdf.is(200).answer.header("cache-control"), "no-store");
        assert_eq!(pdf.answer.header("x-frame-options"), "");
    }

    async fn without_embed_origins_nobody_may_frame(engine: Engine) {
        let seed = without_line(ACME, "embed_origins");
        let server = Server::with(engine, &seed).await;
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        framed_by(&home, "'none'");
        framed_by(&browser.open("/widget/login").await, "'none'");
    }

    async fn a_host_without_organization_has_no_portal(server: Server) {
        for host in ["nobody.localhost", "localhost", "acme.example"] {
            let browser = crate::harness::Browser::new(&server, host);
            framed_by(browser.get("/widget/login").await.is(404), "'none'");
        }
    }

    async fn pages_run_one_small_script_but_the_one_with_an_island(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for path in ["home", "invoices", "invoices/1019", "payments", "account"] {
            let page = browser.get(&format!("{}{path}", home.root())).await;
            assert_eq!(page.count("script"), 1, "{path}");
            let policy = page.answer.header("content-security-policy");
            let nonce = page.attribute("script", "nonce").expect("a page has its own script");
            assert!(policy.contains(&format!("script-src 'nonce-{nonce}';")), "{path}: {policy}");
        }
        let page = browser.get(&format!("{}pay", home.root())).await;
        let policy = page.answer.header("content-security-policy");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }

    async fn the_merchant_may_bring_the_navigation(server: Server) {
        server.john().await;
        let with = server.browser().open(&server.link(JOHN, "").await).await;
        assert_eq!((with.count("nav.tabs"), with.texts("nav.tabs a").len()), (1, 5));
        let browser = server.browser();
        let without = browser.open(&server.link(JOHN, "&showNavigation=false").await).await;
        assert_eq!(without.is(200).count("nav"), 0);
        assert_eq!(browser.get(&format!("{}invoices", without.root())).await.is(200).count("nav.tabs"), 0);
    }

    async fn the_merchants_stylesheet_is_linked(server: Server) {
        server.john().await;
        let page = server.browser().open(&server.link(JOHN, "&cssURL=/css/widget.css").await).await;
        assert_eq!(page.count("link[rel=stylesheet][href='/css/widget.css']"), 1);
    }

    async fn lists_show_what_there_is_newest_first(server: Server) {
        let first = server.john().await;
        server.order(JOHN, fixed()).await;
        server.post("/rest/payments", payment_xml("", &[first.id], APPROVES)).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        assert_eq!(home.text(".figure"), "$10.00");
        let invoices = browser.get(&home.link("Invoices")).await;
        assert_eq!(invoices.texts("td.cell-amount"), ["$10.00", "$60.50"]);
        let status = invoices.texts("td.cell-status");
        assert_eq!(status[1], "Paid");
        let payments = browser.get(&home.link("Payments")).await;
        assert_eq!(payments.texts("td.cell-amount"), ["$60.50"]);
        payments.says("Visa");
        let account = browser.get(&home.link("Account")).await;
        account.is(200).says("Bill Joseph").says("Bill@bmontgomery.com").says("43 Main Av").says(JOHN);
    }

    async fn a_new_customer_sees_that_there_is_nothing_yet(server: Server) {
        server.plain_customer(JOHN).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        home.is(200).says("$0.00").says("No invoices yet");
        for page in ["Invoices", "Payments", "Account"] {
            browser.get(&home.link(page)).await.is(200);
        }
        browser.get(&format!("{}pay", home.root())).await.is(200).says("There is nothing to pay");
    }

    async fn an_invoice_can_be_downloaded_as_pdf(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let invoice = browser.get(&format!("{}invoices/1019", home.root())).await;
        let pdf = browser.get(&invoice.link("Download PDF")).await;
        assert!(pdf.is(200).answer.body.starts_with(b"%PDF-"));
        assert_eq!(pdf.answer.header("content-type"), "application/pdf");
        assert!(pdf.answer.header("content-disposition").contains("invoice-1019.pdf"));
    }

    async fn words_of_others_are_text_on_every_page(server: Server) {
        let evil = "&lt;script&gt;alert(1)&lt;/script&gt;";
        let body = crate::harness::fixtures::plain_customer_xml(JOHN).replace("Bill Joseph", evil).replace("Chicago", evil);
        server.post("/rest/customers", body).gives(201).await;
        server.order(JOHN, fixed()).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for path in ["home", "invoices", "invoices/1019", "account"] {
            let page = browser.get(&format!("{}{path}", home.root())).await;
            assert_eq!(page.is(200).count("script"), page.count("script[src='/portal.js']"), "{path}");
            page.says("<script>alert(1)</script>");
        }
    }

    async fn the_front_page_leads_to_the_login(server: Server) {
        let browser = server.browser();
        let front = browser.get("/").await;
        front.is(200).says("Acme Hosting");
        browser.open(&front.link("Sign in to My Account")).await.is(200).says("Sign in");
        framed_by(&front, "'none'");
        let nobody = crate::harness::Browser::new(&server, "localhost").get("/").await;
        nobody.is(200);
        assert!(!nobody.words().contains("Acme"));
        for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
            assert_eq!(server.get(path).anonymous().host("localhost").send().await.is(200).text(), text);
        }
        for path in ["/nosuchfile", "/pkg/hash.txt", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/css/none.css"] {
            server.get(path).anonymous().send().await.is(404);
        }
    }

    async fn refunds_credits_debits_and_returned_payments_are_called_what_they_are(server: Server) {
        let invoice = server.john().await;
        let make = async |address: &str, body: String| server.post(address, body).gives(201).await.id();
        let of_john = format!("/rest/payments?extCustomerRef={JOHN}");
        let credits = format!("/rest/credits?extCustomerRef={JOHN}");
        let refunded = make(&of_john, payment_xml("", &[invoice.id], APPROVES)).await;
        make("/rest/refunds", format!("<refund><payment id=\"{refunded}\"/></refund>")).await;
        let cash = make(&of_john, payment_by("10", &[], CASH)).await;
        server.post(&format!("/rest/payment/{cash}?action=cancel"), String::new()).gives(200).await;
        for amount in ["5", "-5"] {
            make(&credits, format!("<credit><amount>{amount}</amount></credit>")).await;
        }
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let list = browser.get(&format!("{}payments", home.root())).await;
        for (number, title, badge) in [
            ("1001", "This payment was refunded", "Refunded"),
            ("1002", "You were refunded", "Refund"),
            ("1003", "This payment was cancelled", "Cancelled"),
            ("1004", "A payment was returned", "Returned"),
            ("1005", "You received a credit", "Credit"),
            ("1006", "A charge was added", "Charge"),
        ] {
            list.is(200).says(badge);
            let page = browser.get(&format!("{}payments/{number}", home.root())).await;
            page.is(200).says(title);
            page.says(badge);
            for wrong in ["Thank you", "Paid with", "Try another method", "Receipt"] {
                assert!(!page.words().contains(wrong), "{number}: {}", page.words());
            }
        }
    }

    async fn profiles_hide_and_refuse_what_they_do_not_offer(engine: Engine) {
        let closed = "[organization.portal]\nallow_payments = false\nshow_payments = false";
        let server = Server::with(engine, &ACME.replace("[organization.portal]", closed)).await;
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        home.is(200).says("$60.50");
        assert!(!home.words().contains("Pay now") && !home.texts("nav.tabs a").contains(&"Payments".to_owned()));
        for path in ["pay", "pay/card?invoice=1019", "pay/confirm", "payments", "payments/1001"] {
            browser.get(&format!("{}{path}", home.root())).await.is(404);
        }
        let token = home.attribute("input[name=form_token]", "value").unwrap();
        let body = format!(
            "form_token={token}&invoice=1019&cardholder=J&card_number={APPROVES}&expiry=12%2F35&security_code=123"
        );
        let call = browser.call("POST", &format!("{}pay/card?invoice=1019", home.root())).body(body);
        browser.send(call).await.is(404);
    }
}

/// Who may frame it, and the other headers of every page.
#[track_caller]
fn framed_by(page: &Page, origins: &str) {
    let policy = page.answer.header("content-security-policy");
    assert!(policy.ends_with(&format!("frame-ancestors {origins}")), "{}: {policy}", page.path);
    for (name, value) in [
        ("x-frame-options", ""),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.answer.header(name), value, "{} of {}", name, page.path);
    }
}

fn without_line(text: &str, start: &str) -> String {
    text.lines().filter(|line| !line.starts_with(start)).collect::<Vec<_>>().join("\n")
}
