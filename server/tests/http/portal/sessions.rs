//! Sessions: what opens one, what does not, and when it ends (`api.md` §8.1).

use testkit::organization::ACME;

use crate::harness::fixtures::{JOHN, fixed};
use crate::harness::{Browser, Engine, Server};

on_both! {
    async fn once_the_cookie_has_come_back_the_key_alone_opens_nothing(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        home.is(200);
        for stranger in [server.browser(), server.browser().refusing_cookies()] {
            let page = stranger.get(&home.path).await;
            refused(&page);
            let pdf = stranger.get(&format!("{}invoices/1019/pdf", home.root())).await;
            refused(&pdf);
        }
        let forged = browser.cookies().into_keys().next().unwrap();
        for value in ["", "00000000000000000000000000000000"] {
            let call = server.browser().call("GET", &home.path).header("cookie", &format!("{forged}={value}"));
            refused(&server.browser().send(call).await);
        }
        browser.get(&home.path).await.is(200);
    }

    async fn c_prt_13_where_the_cookie_is_refused_the_key_carries_the_session(server: Server) {
        server.john().await;
        let browser = server.browser().refusing_cookies();
        let home = browser.open(&server.link(JOHN, "").await).await;
        home.is(200).says("$60.50");
        for link in ["Invoices", "Payments", "Account", "Home"] {
            browser.get(&home.link(link)).await.is(200);
        }
        let out = browser.submit_and_follow(&home, "form.signed-in", &[]).await;
        out.is(200).says("signed out");
        refused(&browser.get(&home.path).await);
    }

    async fn a_wrong_cookie_from_the_start_opens_nothing(server: Server) {
        server.john().await;
        let browser = server.browser();
        let opened = browser.get(&server.link(JOHN, "").await).await;
        let name = browser.cookies().into_keys().next().unwrap();
        let call = server.browser().call("GET", &opened.location()).header("cookie", &format!("{name}=wrong"));
        refused(&server.browser().send(call).await);
        browser.get(&opened.location()).await.is(200);
    }

    async fn c_sso_15_two_customers_in_one_browser_never_mix(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        server.order("JANE", fixed()).await;
        let browser = server.browser();
        let (link_john, link_jane) = (server.link(JOHN, "").await, server.link("JANE", "").await);
        let john = browser.open(&link_john).await;
        let jane = browser.open(&link_jane).await;
        assert_eq!(browser.cookies().len(), 2);
        for _ in 0..2 {
            let page = browser.get(&john.path).await;
            page.is(200).says("$60.50");
            assert!(!page.words().contains("$10.00"));
            let page = browser.get(&jane.path).await;
            page.is(200).says("$10.00");
            assert!(!page.words().contains("$60.50"));
        }
        // The form of one is no form of the other.
        let paths = (jane.root(), john.root());
        let call = browser.form(&john, "form.signed-in", &[]);
        browser.send(call).await.is(303);
        refused(&browser.get(&paths.1).await);
        browser.get(&jane.path).await.is(200);
    }

    async fn c_sso_16_what_belongs_to_another_customer_is_not_there(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        let other = server.order("JANE", fixed()).await;
        let payment = crate::harness::fixtures::payment_xml("", &[other.id], crate::harness::fixtures::APPROVES);
        let paid = server.post("/rest/payments", payment).gives(201).await.at("paymentNumber");
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for path in [
            format!("invoices/{}", other.number),
            format!("invoices/{}/pdf", other.number),
            format!("payments/{paid}"),
            "invoices/4711".to_owned(),
            "invoices/4711/pdf".to_owned(),
            "invoices/%00".to_owned(),
            "invoices/%00/pdf".to_owned(),
            "payments/%00".to_owned(),
            "payments/4711".to_owned(),
            "nosuchpage".to_owned(),
            "nosuchpage/deeper".to_owned(),
            "invoices?page=2".to_owned(),
        ] {
            let page = browser.get(&format!("{}{path}", home.root())).await;
            let expected = if path.contains('?') { 200 } else { 404 };
            assert!(matches!(page.answer.status, status if status == expected || status == 404), "{path}");
            assert!(!page.words().contains("10.00"), "{path}: {}", page.words());
        }
        let page = browser.get(&format!("{}pay/card?invoice={}", home.root(), other.number)).await;
        assert_eq!(page.answer.status, 400);
        browser.get(&home.path).await.is(200);
    }

    async fn a_session_works_on_its_own_host_only(server: Server) {
        server.rival().await;
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let rival = Browser::new(&server, "rival.localhost");
        for cookie in browser.cookies() {
            let call = rival.call("GET", &home.path).header("cookie", &format!("{}={}", cookie.0, cookie.1));
            refused(&rival.send(call).await);
        }
    }

    async fn half_an_hour_of_rest_ends_a_session(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        // For who has no script that would ask before.
        home.says("signed out after 30 minutes without opening a page, and after 8 hours");
        for to in ["2011-09-20T12:29:00Z", "2011-09-20T12:58:00Z", "2011-09-20T13:27:00Z"] {
            server.advance(to).await;
            browser.get(&home.path).await.is(200);
        }
        server.wall.advance_seconds(24 * 60 * 60);
        browser.get(&home.path).await.is(200);
        server.advance("2011-09-20T13:58:00Z").await;
        refused(&browser.get(&home.path).await);
    }

    async fn eight_hours_end_a_session_however_it_is_used(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for minutes in (20..480).step_by(20) {
            server.advance(&format!("2011-09-20T{:02}:{:02}:00Z", 12 + minutes / 60, minutes % 60)).await;
            browser.get(&home.path).await.is(200);
        }
        server.advance("2011-09-20T20:01:00Z").await;
        refused(&browser.get(&home.path).await);
    }

    async fn a_session_that_is_over_shows_the_way_back(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&loginUrl=https://shop.example/login").await).await;
        server.advance("2011-09-20T12:31:00Z").await;
        let page = browser.get(&home.path).await;
        page.is(410).says("session is over");
        assert_eq!(page.link("Sign in"), "https://shop.example/login");
        assert_eq!(page.attribute("main a", "rel").as_deref(), Some("noreferrer"));
        assert!(!page.answer.text().contains("60.50"));
    }

    async fn whose_session_is_over_or_ended_hears_so_in_the_own_language(server: Server) {
        server.john().await;
        let more = "&loginUrl=https://shop.example/login&locale=de";
        let browser = server.browser();
        let link = server.link(JOHN, more).await;
        let home = browser.open(&link).await;
        home.is(200).says("Mein Konto");
        let again = server.browser();
        let used = again.send(again.call("GET", &link).header("sec-fetch-dest", "iframe")).await;
        used.is(410).says("Dieser Link");
        let out = browser.submit(&home, "form.signed-in", &[]).await;
        browser.open(&out.location()).await.is(200).says("Sie sind abgemeldet");
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, more).await).await;
        server.advance("2011-09-20T12:31:00Z").await;
        browser.get(&home.path).await.is(410).says("Ihre Sitzung");
    }

    async fn signing_out_ends_the_session_at_once(server: Server) {
        server.john().await;
        let browser = server.browser();
        let link = server.link(JOHN, "").await;
        let home = browser.open(&link).await;
        let kept = browser.cookies();
        let out = browser.submit(&home, "form.signed-in", &[]).await;
        out.is(303);
        assert!(browser.cookies().is_empty(), "the cookie is cleared");
        browser.open(&out.location()).await.is(200).says("You are signed out");
        refused(&browser.get(&home.path).await);
        for (name, value) in kept {
            let call = browser.call("GET", &home.path).header("cookie", &format!("{name}={value}"));
            refused(&browser.send(call).await);
        }
        browser.get(&link).await.is(410);
    }

    async fn signing_out_leads_to_where_the_customer_came_from(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "&loginUrl=https://shop.example/login").await).await;
        let out = browser.submit(&home, "form.signed-in", &[]).await;
        let (status, last) = (out.answer.status, out.location());
        assert_eq!((status, last.split('?').next()), (303, Some("/widget/signedOut")));
        let page = browser.open(&last).await;
        assert_eq!(page.is(200).link("Sign in again"), "https://shop.example/login");
        assert_eq!(page.attribute("main a", "target").as_deref(), Some("_top"));
        assert_eq!(browser.get(&home.path).await.answer.status, 303);
        // Nobody else makes a page of ours that leads somewhere.
        let forged = browser.open(&last.replace("shop", "evil")).await;
        assert_eq!(forged.is(200).attribute("main a", "href").as_deref(), Some("login"));
    }

    async fn without_a_session_everything_leads_to_the_login(server: Server) {
        let browser = server.browser();
        for path in ["/widget", "/widget/invoices", "/widget/s/x/home", "/widget/s/00000000000000000000000000000000/home"] {
            let page = browser.get(path).await;
            assert_eq!((page.answer.status, page.location().as_str()), (303, "/widget/login"), "{path}");
        }
        server.browser().open("/widget").await.is(200).says("Sign in");
    }

    async fn in_production_the_cookie_has_its_prefix_and_everything_is_https(engine: Engine) {
        let server = Server::configured(engine, testkit::organization::ACME, |config| server::config::Config {
            dev: false,
            ..config
        })
        .await;
        server.john().await;
        let link = server.link(JOHN, "").await;
        let path = link.strip_prefix("https://acme.localhost").expect("links are https");
        let page = server.browser().get(path).await;
        let cookies: Vec<&str> = page.answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        assert!(cookies.len() == 1 && cookies[0].starts_with("__Host-bs_"), "{cookies:?}");
        assert!(page.answer.header("strict-transport-security").starts_with("max-age="));
    }
}

#[tokio::test]
async fn a_session_that_is_out_of_reach_is_an_outage_and_no_defect() {
    let server = Server::with(Engine::Postgres, ACME).await;
    server.john().await;
    let browser = server.browser();
    let home = browser.open(&server.link(JOHN, "").await).await;
    testkit::outages::lose(&server.db).await;
    browser.get(&home.path).await.is(503).says("Please try again in a minute");
}

/// To the login, or a notice; in any case nothing of the account.
#[track_caller]
fn refused(page: &crate::harness::browser::Page) {
    assert!(matches!(page.answer.status, 303 | 404 | 410), "{}: {}", page.path, page.answer.status);
    if page.answer.status == 303 {
        assert!(page.location().starts_with("/widget/login"), "{}", page.location());
    }
    let text = page.answer.text();
    assert!(!text.contains("60.50") && !text.contains("Bill Joseph") && !text.starts_with("%PDF"), "{text}");
}
