//! The signed token that a merchant's page posts into the frame instead of a link (`api.md` §8.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::harness::browser::Page;
use crate::harness::fixtures::JOHN;
use crate::harness::{Browser, Server, join_all};

/// As the merchant's page does: from another site, by design.
pub async fn post(browser: &Browser<'_>, token: &str) -> Page {
    post_for(browser, token, "").await
}

/// `next`: the page that is asked for.
pub async fn post_for(browser: &Browser<'_>, token: &str, next: &str) -> Page {
    let mut body = form_urlencoded::Serializer::new(format!("token={token}"));
    let call = browser.call("POST", "/widget/sso").body(body.append_pair("next", next).finish());
    let call = call.header("sec-fetch-site", "cross-site").header("origin", "https://www.acme.example");
    browser.send(call).await
}

impl Server {
    /// (link, token), which are one credential.
    async fn link_and_token(&self) -> (String, String) {
        let widget = self.get(&format!("/rest/widget/start?extCustomerRef={JOHN}&format=xml")).gives(200).await;
        (widget.at("url"), widget.at("token"))
    }
}

on_both! {
    async fn a_token_opens_the_session_that_its_link_would_have_opened(server: Server) {
        server.john().await;
        let (link, token) = server.link_and_token().await;
        let browser = server.browser();
        let opened = post(&browser, &token).await;
        opened.is(303);
        browser.open(&opened.location()).await.is(200).says("$60.50");
        for again in [server.browser().get(&link).await, post(&server.browser(), &token).await] {
            again.is(410);
            assert!(!again.answer.text().contains("60.50"));
        }
    }

    async fn a_link_that_is_used_uses_up_its_token(server: Server) {
        server.john().await;
        let (link, token) = server.link_and_token().await;
        server.browser().open(&link).await.is(200);
        post(&server.browser(), &token).await.is(410);
    }

    async fn of_twenty_that_post_a_token_at_once_one_gets_a_session(server: Server) {
        server.john().await;
        let (link, token) = server.link_and_token().await;
        let browsers: Vec<Browser<'_>> = (0..20).map(|_| server.browser()).collect();
        let posted = join_all(browsers.iter().map(|browser| post(browser, &token))).await;
        let opened = posted.iter().filter(|page| page.answer.status == 303).count();
        assert_eq!(opened, 1);
        server.browser().get(&link).await.is(410);
        assert_eq!(server.stored().await["sessions"].len(), 1);
    }

    async fn a_token_is_good_for_five_minutes_of_the_organizations_clock(server: Server) {
        server.john().await;
        let (link, token) = server.link_and_token().await;
        server.wall.advance_seconds(24 * 60 * 60);
        server.advance("2011-09-20T12:05:00Z").await;
        post(&server.browser(), &token).await.is(410).says("too old");
        server.browser().open(&link).await.is(200).says("$60.50");
    }

    async fn a_token_that_is_not_ours_is_unknown(server: Server) {
        server.rival().await;
        server.john().await;
        let (_, token) = server.link_and_token().await;
        let parts: Vec<&str> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let forged = URL_SAFE_NO_PAD.encode(claims.replace("\"sub\":\"", "\"sub\":\"1"));
        for wrong in [
            String::new(),
            "x".to_owned(),
            "a.b.c".to_owned(),
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{forged}.{}", parts[0], parts[2]),
            format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len())),
        ] {
            post(&server.browser(), &wrong).await.is(404);
        }
        post(&Browser::new(&server, "rival.localhost"), &token).await.is(404);
        post(&server.browser(), &token).await.is(303);
    }
}
