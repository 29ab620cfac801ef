//! The portal in a merchant's page: what every answer says of frames, referrers, caches and cookies, what may stand in
//! addresses, and the script that merchants load (`product.md` §4.1, `api.md` §8.4).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use testkit::organization::ACME;

use crate::harness::fixtures::{JOHN, fixed};
use crate::harness::{Browser, Server};

const EMBED: &str = include_str!("../../../../public/embed.js");
const PORTAL: &str = include_str!("../../../../public/portal.js");
const EMBED_BYTES_MAX: usize = 4 * 1024;
const ANCESTORS: &str = "frame-ancestors https://www.acme.example http://127.0.0.1:8099";

#[test]
fn embed_js_is_at_most_four_kilobytes_compressed_and_needs_nothing_else() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(EMBED.as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap().len();
    assert!(bytes <= EMBED_BYTES_MAX, "{bytes} bytes");
    for word in ["import ", "require(", "http://", "https://", "eval(", "innerHTML"] {
        assert!(!EMBED.contains(word), "{word}");
    }
}

#[test]
fn e9_messages_go_to_one_origin_and_come_from_one_window() {
    for (script, target) in [(EMBED, "portal"), (PORTAL, "merchant")] {
        let sent: Vec<&str> = script.match_indices("postMessage(").map(|(at, _)| &script[at..]).collect();
        assert_eq!(sent.len(), 1, "every message goes through one function");
        assert!(
            sent[0].starts_with(&format!("postMessage({{ blusynergy: 1, type, ...details }}, {target})")),
            "{}",
            sent[0]
        );
        assert!(!script.contains("'*'") && !script.contains("\"*\""));
    }
    assert!(EMBED.contains("if (event.source !== frame.contentWindow || event.origin !== portal) return;"));
    assert!(PORTAL.contains("if (source !== window.parent || !ALLOWED.includes(origin)) return;"));
}

/// Below a session.
const PAGES: [&str; 22] = [
    "home",
    "invoices",
    "invoices/1019",
    "invoices/1019/pdf",
    "pay",
    "pay/card?invoice=1019",
    "pay/confirm",
    "payments",
    "payments/1",
    "orders",
    "orders/1007",
    "autopay",
    "autopay/card",
    "autopay/remove",
    "plan",
    "account",
    "account/details",
    "account/language",
    "security",
    "security/password",
    "secondFactor",
    "nosuchpage",
];
/// Without one.
const OPEN: [&str; 10] = [
    "/widget",
    "/widget/login",
    "/widget/forgotPassword",
    "/widget/forgotUsername",
    "/widget/resetPassword?trackingId=x",
    "/widget/quickPay",
    "/widget/q/00000000000000000000000000000000/card",
    "/widget/signedOut",
    "/widget/invoices",
    "/widget/customerHome/x",
];

/// Where and how each page of the portal is reached: with a session, without, and refused.
async fn every_page(server: &Server) -> Vec<crate::harness::browser::Page> {
    server.john().await;
    let browser = server.browser();
    let link = server.link(JOHN, "").await;
    let mut pages = vec![browser.get(&link).await];
    let home = browser.open(&link).await;
    for path in PAGES {
        pages.push(browser.get(&format!("{}{path}", home.root())).await);
    }
    pages.push(browser.submit(&home, "form.signed-in", &[("form_token", "x")]).await);
    pages.push(browser.send(browser.call("POST", &format!("{}keep", home.root()))).await);
    pages.push(home);
    let stranger = server.browser();
    for path in OPEN.into_iter().chain([link.as_str()]) {
        pages.push(stranger.get(path).await);
    }
    pages.push(super::tokens::post(&stranger, "x").await);
    pages
}

on_both! {
    async fn e4_no_page_of_the_portal_is_kept_or_told_to_others(server: Server) {
        for page in every_page(&server).await {
            assert_eq!(page.answer.header("cache-control"), "no-store", "{}", page.path);
            assert_eq!(page.answer.header("referrer-policy"), "no-referrer", "{}", page.path);
            assert_eq!(page.answer.header("x-content-type-options"), "nosniff", "{}", page.path);
            assert_eq!(page.answer.header("cross-origin-opener-policy"), "same-origin", "{}", page.path);
        }
    }

    async fn e8_c_sso_14_only_listed_origins_frame_the_portal_and_nobody_frames_anything_else(server: Server) {
        for page in every_page(&server).await {
            assert!(page.answer.header("x-frame-options").is_empty(), "{}", page.path);
            let is_html = page.answer.header("content-type").starts_with("text/html");
            let policy = page.answer.header("content-security-policy");
            assert!(!is_html || policy.ends_with(ANCESTORS), "{}: {policy}", page.path);
            assert!(!is_html || !policy.contains('*') && policy.contains("form-action 'self'; base-uri 'none'"), "{policy}");
        }
        // Who lists nobody is framed by nobody.
        server.rival().await;
        let rival = Browser::new(&server, "rival.localhost").get("/widget/login").await;
        assert!(rival.answer.header("content-security-policy").ends_with("frame-ancestors 'none'"));
        let front = server.browser().get("/").await;
        assert!(front.answer.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    }

    async fn c_prt_14_what_is_no_part_of_the_portal_is_framed_by_nobody(server: Server) {
        for path in ["/", "/admin", "/admin/customers", "/rest/customers", "/rest_v1/plans", "/api/v01/customers", "/healthz", "/css/x.css", "/nosuch"] {
            let answer = server.browser().get(path).await.answer;
            assert!(answer.header("content-security-policy").ends_with("frame-ancestors 'none'"), "{path}");
            let answer = server.get(path).send().await;
            assert!(answer.header("content-security-policy").ends_with("frame-ancestors 'none'"), "{path}");
        }
    }

    async fn e6_a_session_has_one_cookie_for_frames_of_its_own_and_of_nobody_else(server: Server) {
        server.john().await;
        let opened = server.browser().get(&server.link(JOHN, "").await).await;
        let cookies: Vec<&str> = opened.answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        let (pair, attributes) = cookies[0].split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; Secure; SameSite=None; Partitioned");
        let (name, value) = pair.split_once('=').unwrap();
        assert!(name.starts_with("bs_") && value.len() == 32, "{pair}");
        let key = opened.location().split('/').nth(3).unwrap().to_owned();
        assert!(!cookies.concat().contains(&key), "neither secret tells the other");
        // Development only: for clients that send nothing secure over plain HTTP.
        assert!(cookies[1..].iter().all(|cookie| cookie.ends_with("Path=/; HttpOnly; SameSite=Lax")), "{cookies:?}");
    }

    async fn e3_no_secret_stands_in_an_address_after_the_first(server: Server) {
        server.john().await;
        let widget = server.get(&format!("/rest/widget/start?extCustomerRef={JOHN}&format=xml")).gives(200).await;
        let (link, token) = (widget.at("url"), widget.at("token"));
        let browser = server.browser();
        let opened = super::tokens::post(&browser, &token).await;
        let code = link.rsplit('/').next().unwrap();
        let home = browser.open(&opened.location()).await;
        for text in [opened.location(), home.answer.text(), format!("{:?}", home.answer.headers)] {
            assert!(!text.contains(code) && !text.contains(&token), "{text}");
        }
        assert!(!format!("{:?}", server.stored().await).contains(code), "only its hash is stored");
    }

    async fn e13_where_the_portal_leads_to_is_checked_whoever_asks_for_it(server: Server) {
        server.john().await;
        let anywhere = [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "///evil.example",
            "/\\evil.example", "\\\\evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
            "https://", "https://?x", "https://:443/", "http://user@evil.example", "https://www.acme.example@evil.example/",
            "https://www.acme.example:x@evil.example/", "https://www.acme.example\\@evil.example/",
            "https://www.acme.example\\.evil.example/", "https://www.acme.example%2f@evil.example/", "https://ev\u{ef}l.example/",
            "https://evil.example/%0d%0aSet-Cookie:a=b\r\nX: y", "https://evil.example/\u{0}", "https://evil.example/ x",
            "https://evil.example/\"><script>", "ftp://www.acme.example/", "file:///etc/passwd", "www.acme.example", "/relative", "",
        ];
        for (name, wrong) in ["loginUrl", "successURL", "cssURL"].iter().flat_map(|name| anywhere.map(|wrong| (*name, wrong))) {
            if wrong.is_empty() || name == "cssURL" && wrong == "/relative" {
                continue;
            }
            let query: String = form_urlencoded::byte_serialize(wrong.as_bytes()).collect();
            let path = format!("/rest/widget/start?extCustomerRef={JOHN}&{name}={query}");
            let answer = server.get(&path).send().await;
            assert_eq!(answer.status, 400, "{name}={wrong}");
        }
        // Plain http only where the portal may be framed from; a stylesheet only from there.
        for (name, url, status) in [
            ("successURL", "https://thanks.example/?a=1&b=2#c", 200),
            ("successURL", "http://thanks.example/", 400),
            ("successURL", "http://127.0.0.1:8099/thanks", 200),
            ("successURL", "http://127.0.0.1:8099.evil.example/", 400),
            ("successURL", "http://127.0.0.1:80990/", 400),
            ("loginUrl", "http://myapp.com/mylogin", 200),
            ("loginUrl", "https://myapp.com/mylogin", 200),
            ("cssURL", "https://www.acme.example/portal.css", 200),
            ("cssURL", "https://WWW.acme.example/portal.css", 200),
            ("cssURL", "https://www.acme.example:444/portal.css", 400),
            ("cssURL", "https://www.acme.example.evil.example/portal.css", 400),
            ("cssURL", "http://127.0.0.1:8099/portal.css", 400),
            ("cssURL", "/css/widget.css", 200),
        ] {
            let query: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
            let answer = server.get(&format!("/rest/widget/start?extCustomerRef={JOHN}&{name}={query}")).send().await;
            assert_eq!(answer.status, status, "{name}={url}: {}", answer.text());
        }
    }

    async fn the_merchants_own_success_url_is_offered_where_the_session_has_none(server: Server) {
        let thanks = "success_url = \"https://www.acme.example/thanks\"";
        server.seed(&ACME.replace("[organization.portal]", &format!("[organization.portal]\n{thanks}"))).await;
        server.billing.forget();
        server.john().await;
        server.order(JOHN, fixed()).await;
        let card = [("cardholder", "John Doe"), ("card_number", "4111111111111111"), ("expiry", "12/35"), ("security_code", "123")];
        for (more, leads) in [("", "https://www.acme.example/thanks"), ("&successURL=https://acme.example/1020", "https://acme.example/1020")] {
            let browser = server.browser();
            let home = browser.open(&server.link(JOHN, more).await).await;
            let invoice = if more.is_empty() { "1019" } else { "1020" };
            let enter = browser.get(&format!("{}pay/card?invoice={invoice}", home.root())).await;
            let confirm = browser.submit_and_follow(&enter, "form.checkout-form", &card).await;
            let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
            assert_eq!(receipt.link("Back to Acme Hosting"), leads);
        }
    }

    async fn a_payment_leads_back_to_the_merchant(server: Server) {
        server.john().await;
        let more = "&page=makePayment&invoiceNumber=1019&successURL=https%3A%2F%2Fwww.acme.example%2Fthanks%3Fa%3D1";
        let browser = server.browser();
        let choose = browser.open(&server.link(JOHN, more).await).await;
        let root = choose.root();
        let card = browser.get(&format!("{root}pay/card?invoice=1019")).await;
        let fields = [("cardholder", "John Doe"), ("card_number", "4111111111111111"), ("expiry", "12/35"), ("security_code", "123")];
        let confirm = browser.submit_and_follow(&card, "form.checkout-form", &fields).await;
        let receipt = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        assert_eq!(receipt.link("Back to Acme Hosting"), "https://www.acme.example/thanks?a=1");
        assert_eq!(receipt.attribute("a[target=_top]", "rel").as_deref(), Some("noreferrer"));
        let told = |page: &crate::harness::browser::Page| ["data-event", "data-payment", "data-amount", "data-currency"]
            .map(|name| page.attribute("script[src='/portal.js']", name).unwrap_or_default());
        assert_eq!(told(&receipt), ["paid", "1001", "60.50", "USD"]);
        // Once.
        assert_eq!(told(&browser.get(&receipt.path).await), ["", "", "", ""]);
    }

    async fn e10_a_session_goes_on_by_a_fresh_token_for_the_same_customer_and_the_same_browser(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        browser.get(&home.path).await.is(200);
        let form_token = home.attribute("input[name=form_token]", "value").unwrap();
        let token = async |reference: &str| {
            server.get(&format!("/rest/widget/start?extCustomerRef={reference}&format=xml")).gives(200).await.at("token")
        };
        let keep = async |browser: &Browser<'_>, token: &str, form_token: &str| {
            let body = format!("form_token={form_token}&token={token}");
            browser.send(browser.call("POST", &format!("{}keep", home.root())).body(body)).await.answer
        };
        // Used, it lasts as long as it did; the script is told how long that is.
        let used = browser.send(browser.call("POST", &format!("{}keep", home.root())).body(format!("form_token={form_token}"))).await;
        assert_eq!((used.answer.status, used.answer.text().as_str()), (200, "{\"endsIn\":1800}"));
        // Eight hours and more, and over by now.
        server.advance("2011-09-20T23:00:00Z").await;
        browser.get(&home.path).await.is(410).says("session is over");
        let (johns, janes) = (token(JOHN).await, token("JANE").await);
        assert_eq!(keep(&browser, &johns, "wrong").await.status, 403);
        let cross = browser.call("POST", &format!("{}keep", home.root())).body(format!("form_token={form_token}&token={johns}"));
        browser.send(cross.header("sec-fetch-site", "cross-site")).await.is(403);
        assert_eq!(keep(&browser, &janes, &form_token).await.status, 403, "another customer");
        assert_eq!(keep(&browser, "x", &form_token).await.status, 403);
        assert_eq!(keep(&server.browser(), &johns, &form_token).await.status, 403, "another browser");
        browser.get(&home.path).await.is(410);
        assert_eq!(keep(&browser, &johns, &form_token).await.status, 200);
        browser.get(&home.path).await.is(200).says("$60.50");
        assert_eq!(keep(&browser, &johns, &form_token).await.status, 403, "used once");
        super::tokens::post(&server.browser(), &johns).await.is(410);
        // Nobody's refusal used Jane's up.
        super::tokens::post(&server.browser(), &janes).await.is(303);
        // Who has signed out stays out.
        browser.submit(&home, "form.signed-in", &[]).await.is(303);
        assert_eq!(keep(&browser, &token(JOHN).await, &form_token).await.status, 403);
    }

    async fn a_session_that_was_ended_is_not_begun_anew_by_any_token(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let form_token = home.attribute("input[name=form_token]", "value").unwrap();
        let sessions = server.get(&format!("/rest/widget/sessions?extCustomerRef={JOHN}")).gives(200).await;
        server.call("DELETE", &format!("/rest/widget/sessions/{}", sessions.at("session/@id"))).gives(200).await;
        let token = server.get(&format!("/rest/widget/start?extCustomerRef={JOHN}&format=xml")).gives(200).await.at("token");
        let body = format!("form_token={form_token}&token={token}");
        browser.send(browser.call("POST", &format!("{}keep", home.root())).body(body)).await.is(403);
        // The merchant's page hears of it: whoever it lets in gets a session of its own.
        let over = browser.get(&home.path).await;
        assert_eq!(over.is(410).attribute("script[src='/portal.js']", "data-event").as_deref(), Some("over"));
        // The token was not used up.
        super::tokens::post(&server.browser(), &token).await.is(303);
    }

    async fn a_session_of_a_password_is_not_prolonged_by_the_merchant(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let page = browser.open("/widget/login").await;
        let fields = [("username", "jdoe001"), ("password", crate::harness::fixtures::PASSWORD)];
        let home = browser.submit_and_follow(&page, "form", &fields).await;
        let form_token = home.attribute("input[name=form_token]", "value").unwrap();
        let token = server.get(&format!("/rest/widget/start?extCustomerRef={JOHN}&format=xml")).gives(200).await.at("token");
        let body = format!("form_token={form_token}&token={token}");
        browser.send(browser.call("POST", &format!("{}keep", home.root())).body(body)).await.is(403);
        browser.get(&home.path).await.is(200);
    }
}
