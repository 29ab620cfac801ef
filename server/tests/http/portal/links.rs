//! Links that a merchant mints become sessions, once (`api.md` §8.1).

use crate::harness::fixtures::JOHN;
use crate::harness::{Browser, Server, join_all};

/// Links that open nothing any more, of a customer with a page to sign in at.
async fn used_and_late(server: &Server) -> [String; 2] {
    server.john().await;
    let more = "&loginUrl=https://shop.example/login";
    let used = server.link(JOHN, more).await;
    server.browser().open(&used).await.is(200);
    let late = server.link(JOHN, more).await;
    server.advance("2011-09-20T12:31:00Z").await;
    [used, late]
}

on_both! {
    async fn a_link_leads_through_a_redirect_to_the_balance_and_the_invoice(server: Server) {
        server.john().await;
        let browser = server.browser();
        let opened = browser.get(&server.link(JOHN, "").await).await;
        opened.is(303);
        assert_eq!(opened.answer.header("cache-control"), "no-store");
        let cookies: Vec<&str> =
            opened.answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(
            cookies.iter().any(|cookie| cookie.ends_with("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")),
            "{cookies:?}"
        );
        let home = browser.get(&opened.location()).await;
        home.is(200).says("$60.50").says("1019").says("Bill Joseph");
        assert_eq!(home.text(".figure"), "$60.50");
        let invoice = browser.get(&home.attribute("a.row-link", "href").map(|href| home.root() + &href).unwrap()).await;
        invoice.is(200).says("Invoice 1019").says("Monthly fee").says("$60.50");
    }

    async fn a_link_opened_again_serves_its_own_browser_and_nobody_else(server: Server) {
        server.john().await;
        let link = server.link(JOHN, "").await;
        let browser = server.browser();
        let home = browser.open(&link).await;
        home.is(200);
        let again = browser.get(&link).await;
        again.is(303);
        assert_eq!(again.location(), home.path);
        let to_invoice = server.link(JOHN, "&page=invoice&invoiceNumber=1019").await;
        let invoice = browser.open(&to_invoice).await;
        assert_eq!(browser.get(&to_invoice).await.is(303).location(), invoice.path);
        for other in [server.browser(), server.browser().refusing_cookies()] {
            let page = other.get(&link).await;
            page.is(410).says("already used");
            assert!(!page.answer.text().contains("60.50") && !page.answer.text().contains("Bill Joseph"));
            assert!(page.answer.header("set-cookie").is_empty());
        }
        browser.get(&home.path).await.is(200);
    }

    async fn with_a_login_url_a_used_or_late_link_leads_there(server: Server) {
        for link in used_and_late(&server).await {
            let page = server.browser().get(&link).await;
            assert!(matches!(page.answer.status, 302 | 303), "{}", page.answer.status);
            assert_eq!(page.location(), "https://shop.example/login");
        }
    }

    async fn in_a_frame_it_is_said_there_and_the_way_leads_out(server: Server) {
        let links = used_and_late(&server).await;
        for (link, says) in links.into_iter().zip(["already used", "too old"]) {
            let browser = server.browser();
            let page = browser.send(browser.call("GET", &link).header("sec-fetch-dest", "iframe")).await;
            page.is(410).says(says);
            assert_eq!(page.attribute("main a", "href").unwrap(), "https://shop.example/login");
            assert_eq!(page.attribute("main a", "target").unwrap(), "_top");
            assert_eq!(page.attribute("script", "data-event").unwrap(), "over", "the merchant's page is told");
            let alone = browser.send(browser.call("GET", &link).header("sec-fetch-dest", "document")).await;
            assert_eq!(alone.is(303).location(), "https://shop.example/login");
        }
    }

    async fn a_link_is_good_for_half_an_hour_of_the_organizations_clock(server: Server) {
        server.john().await;
        let (good, late) = (server.link(JOHN, "").await, server.link(JOHN, "").await);
        server.wall.advance_seconds(24 * 60 * 60);
        server.advance("2011-09-20T12:29:59Z").await;
        server.browser().open(&good).await.is(200).says("$60.50");
        server.advance("2011-09-20T12:31:00Z").await;
        let page = server.browser().get(&late).await;
        page.is(410).says("too old");
        assert!(!page.answer.text().contains("60.50"));
    }

    async fn whoever_only_looks_ahead_does_not_use_a_link_up(server: Server) {
        server.john().await;
        let link = server.link(JOHN, "").await;
        let browser = server.browser();
        browser.send(browser.call("HEAD", &link)).await.is(200);
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
        ] {
            let page = browser.send(browser.call("GET", &link).header(name, value)).await;
            assert!(page.answer.status >= 400, "{name}: {}", page.answer.status);
        }
        assert!(browser.cookies().is_empty());
        browser.open(&link).await.is(200).says("$60.50");
    }

    async fn c_sso_08_a_token_with_one_character_changed_is_unknown(server: Server) {
        server.john().await;
        let link = server.link(JOHN, "").await;
        let (start, token) = link.split_at(link.len() - 32);
        for at in [0, 15, 31] {
            let other = if token.as_bytes()[at] == b'a' { "b" } else { "a" };
            let changed = format!("{start}{}{other}{}", &token[..at], &token[at + 1..]);
            server.browser().get(&changed).await.is(404);
        }
        for wrong in [format!("{start}{}", token.to_uppercase()), format!("{link}0"), format!("{start}x"), format!("{start}%00")] {
            if wrong != link {
                server.browser().get(&wrong).await.is(404);
            }
        }
        server.browser().open(&link).await.is(200);
    }

    async fn c_sso_09_a_token_works_on_its_own_host_only(server: Server) {
        server.rival().await;
        server.john().await;
        let link = server.link(JOHN, "").await;
        let path = link[link.find("/widget").unwrap()..].to_owned();
        for (host, status) in [("rival.localhost", 404), ("nobody.localhost", 404), ("localhost", 404)] {
            Browser::new(&server, host).get(&path).await.is(status);
        }
        server.browser().open(&path).await.is(200).says("$60.50");
    }

    async fn of_fifty_that_open_a_link_at_once_one_gets_a_session(server: Server) {
        server.john().await;
        let link = server.link(JOHN, "").await;
        let browsers: Vec<Browser<'_>> = (0..50).map(|_| server.browser()).collect();
        let pages = join_all(browsers.iter().map(|browser| browser.get(&link))).await;
        let sessions = pages.iter().filter(|page| page.answer.status == 303).count();
        let refused = pages.iter().filter(|page| page.answer.status == 410).count();
        assert_eq!((sessions, refused), (1, 49));
        assert_eq!(server.stored().await["sessions"].len(), 1);
    }

    async fn minting_again_does_not_kill_earlier_links(server: Server) {
        server.john().await;
        let (first, second) = (server.link(JOHN, "").await, server.link(JOHN, "").await);
        server.browser().open(&second).await.is(200);
        server.browser().open(&first).await.is(200);
    }

    async fn a_link_may_lead_to_another_first_page(server: Server) {
        server.john().await;
        for (more, title) in [
            ("&page=invoices", "Invoices"),
            ("&page=payments", "Payments"),
            ("&page=account", "Account"),
            ("&page=invoice&invoiceNumber=1019", "Invoice 1019"),
            ("&invoiceNumber=1019", "Invoice 1019"),
            ("&page=makePayment&invoiceNumber=1019", "Make a payment"),
            ("&page=orders", "Orders"),
            ("&page=paymentPlan", "Payment plan"),
        ] {
            let page = server.browser().open(&server.link(JOHN, more).await).await;
            assert_eq!(page.is(200).text("main h1"), title, "{more}");
        }
    }

    async fn guesses_of_links_are_throttled_by_address(server: Server) {
        server.john().await;
        let browser = server.browser();
        for n in 0..60 {
            browser.get(&format!("/widget/customerHome/{n:032x}")).await.is(404);
        }
        let page = browser.get(&format!("/widget/customerHome/{:032x}", 99)).await;
        page.is(429);
        assert!(!page.answer.header("retry-after").is_empty());
    }
}
