//! Tokens that a merchant signs with its own key, and no API call (`api.md` §8.1, `product.md` E1, E13, E15).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::tokens::{post, post_for};
use crate::harness::browser::Page;
use crate::harness::fixtures::{JOHN, plain_customer_xml, with};
use crate::harness::{Browser, Server, join_all};

/// Of RFC 8032 and of openssl: keys that nothing else is signed with.
const ED_PRIVATE: &str = include_str!("keys/ed25519.pem");
const ED_PUBLIC: &str = include_str!("keys/ed25519.pub.pem");
const RSA_PRIVATE: &[u8] = include_bytes!("keys/rsa.der");
const RSA_PUBLIC: &str = include_str!("keys/rsa.pub.pem");
const SECRET: &str = "a-secret-of-acme-that-is-long-enough";
/// The organization's clock: 2011-09-20T12:00:00Z.
const NOW: i64 = 1_316_520_000;

fn claims() -> Value {
    json!({ "sub": JOHN, "aud": "acme.localhost", "iat": NOW, "exp": NOW + 60, "jti": "token-1" })
}

/// The same with other claims; `null` takes one away.
fn with_claims(change: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn header(algorithm: Algorithm, kid: &str) -> Header {
    Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) }
}

/// By the shared secret, which is called `shared`.
fn signed(claims: &Value) -> String {
    encode(&header(Algorithm::HS256, "shared"), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn key_xml(kid: &str, algorithm: &str, inside: &str) -> String {
    format!("<ssoKey><kid>{kid}</kid><algorithm>{algorithm}</algorithm>{inside}</ssoKey>")
}

fn ed_der() -> EncodingKey {
    let base64: String = ED_PRIVATE.lines().filter(|line| !line.starts_with("---")).collect();
    EncodingKey::from_ed_der(&base64::engine::general_purpose::STANDARD.decode(base64).unwrap())
}

impl Server {
    async fn registers(&self, kid: &str, algorithm: &str, inside: &str) {
        self.post("/rest/widget/keys", key_xml(kid, algorithm, inside)).gives(201).await;
    }

    /// John, and the shared secret.
    async fn shared_key(&self) {
        self.john().await;
        self.registers("shared", "HS256", &format!("<secret>{SECRET}</secret>")).await;
    }

    async fn sessions(&self) -> usize {
        self.stored().await["sessions"].len()
    }
}

on_both! {
    async fn a_token_that_the_merchant_signed_opens_the_portal_by_each_kind_of_key(server: Server) {
        server.shared_key().await;
        server.registers("rsa-1", "RS256", &format!("<publicKey>{RSA_PUBLIC}</publicKey>")).await;
        server.registers("ed-1", "EdDSA", &format!("<publicKey>{ED_PUBLIC}</publicKey>")).await;
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig"}"#;
        server.registers("ed-jwk", "EdDSA", &format!("<publicKey>{jwk}</publicKey>")).await;
        let tokens = [
            signed(&claims()),
            encode(&header(Algorithm::RS256, "rsa-1"), &with_claims(&json!({ "jti": "2" })), &EncodingKey::from_rsa_der(RSA_PRIVATE)).unwrap(),
            encode(&header(Algorithm::EdDSA, "ed-1"), &with_claims(&json!({ "jti": "3" })), &ed_der()).unwrap(),
            encode(&header(Algorithm::EdDSA, "ed-jwk"), &with_claims(&json!({ "jti": "4" })), &ed_der()).unwrap(),
        ];
        for token in &tokens {
            let browser = server.browser();
            let opened = post(&browser, token).await;
            opened.is(303);
            assert!(!opened.location().contains(token), "no address has the token");
            browser.open(&opened.location()).await.is(200).says("$60.50");
        }
        // Whoever has a key's name still has no key.
        let by_another = encode(&header(Algorithm::EdDSA, "rsa-1"), &with_claims(&json!({ "jti": "5" })), &ed_der()).unwrap();
        post(&server.browser(), &by_another).await.is(404);
    }

    async fn of_fifty_that_post_a_merchants_token_at_once_one_gets_a_session(server: Server) {
        server.shared_key().await;
        let token = signed(&claims());
        let browsers: Vec<Browser<'_>> = (0..50).map(|_| server.browser()).collect();
        let pages = join_all(browsers.iter().map(|browser| post(browser, &token))).await;
        let count = |status: u16| pages.iter().filter(|page| page.answer.status == status).count();
        assert_eq!((count(303), count(410)), (1, 49));
        assert_eq!(server.sessions().await, 1);
        // The browser that has the session is led to it; it is no second one.
        let holder = pages.iter().position(|page| page.answer.status == 303).unwrap();
        browsers[holder].open(&pages[holder].location()).await.is(200);
        let again = post(&browsers[holder], &token).await;
        assert_eq!((again.answer.status, again.location()), (303, pages[holder].location()));
        // For as long as it would be good, and in another process just the same.
        server.advance("2011-09-20T12:00:59Z").await;
        post(&server.browser(), &token).await.is(410);
        assert_eq!(server.sessions().await, 1);
    }

    async fn a_token_is_signed_by_a_key_of_this_organization_in_its_one_way_or_is_unknown(server: Server) {
        server.shared_key().await;
        server.registers("rsa-1", "RS256", &format!("<publicKey>{RSA_PUBLIC}</publicKey>")).await;
        server.rival().await;
        let good = signed(&claims());
        let parts: Vec<&str> = good.split('.').collect();
        let with_header = |header: &str| format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header), parts[1], parts[2]);
        let secret = |secret: &[u8]| EncodingKey::from_secret(secret);
        // As if a public key were a secret: known to everybody.
        let confused = encode(&header(Algorithm::HS256, "rsa-1"), &claims(), &secret(RSA_PUBLIC.as_bytes())).unwrap();
        let mut critical = header(Algorithm::HS256, "shared");
        critical.crit = Some(vec!["exp".to_owned()]);
        for wrong in [
            String::new(),
            "a.b.c".to_owned(),
            with_header(r#"{"typ":"JWT","alg":"none","kid":"shared"}"#),
            format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"shared"}"#), parts[1]),
            with_header(r#"{"alg":"HS512","kid":"shared"}"#),
            with_header(r#"{"alg":"HS256"}"#),
            with_header(r#"{"alg":"HS256","kid":"shared\u0000"}"#),
            format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(with_claims(&json!({ "sub": "JANE" })).to_string()), parts[2]),
            confused,
            encode(&header(Algorithm::HS256, "other"), &claims(), &secret(SECRET.as_bytes())).unwrap(),
            encode(&header(Algorithm::HS256, "shared"), &claims(), &secret(b"a-secret-of-nobody-that-is-long-enough")).unwrap(),
            encode(&header(Algorithm::HS512, "shared"), &claims(), &secret(SECRET.as_bytes())).unwrap(),
            encode(&Header::new(Algorithm::HS256), &claims(), &secret(SECRET.as_bytes())).unwrap(),
            encode(&critical, &claims(), &secret(SECRET.as_bytes())).unwrap(),
            format!("{good}{}", "A".repeat(10_000)),
        ] {
            let page = post(&server.browser(), &wrong).await;
            assert_eq!(page.answer.status, 404, "{wrong}");
            assert!(page.answer.header("set-cookie").is_empty());
        }
        post(&Browser::new(&server, "rival.localhost"), &good).await.is(404);
        assert_eq!(server.sessions().await, 0);
        post(&server.browser(), &good).await.is(303);
    }

    async fn what_a_well_signed_token_must_not_say_is_told_and_nothing_is_used_up(server: Server) {
        server.shared_key().await;
        let gone = with(&plain_customer_xml("GONE"), "status", "InActive1");
        server.post("/rest/customers", gone).gives(201).await;
        let before = server.stored().await;
        for (change, status, says) in [
            (json!({ "aud": "rival.localhost" }), 400, "aud must be acme.localhost."),
            (json!({ "aud": null }), 400, "aud is required."),
            (json!({ "exp": null }), 400, "The claims must be"),
            (json!({ "jti": null }), 400, "Here: missing field `jti`."),
            (json!({ "jti": "" }), 400, "jti must have"),
            (json!({ "jti": 7 }), 400, "Here: invalid type: integer `7`, expected a string."),
            (json!({ "sub": null }), 400, "The claims must be"),
            (json!({ "iat": null }), 400, "The claims must be"),
            (json!({ "exp": "soon" }), 400, "The claims must be"),
            (json!({ "exp": NOW + 301 }), 400, "exp must be"),
            (json!({ "exp": NOW + 86_400 * 365 }), 400, "exp must be"),
            (json!({ "iat": NOW + 120, "exp": NOW + 180 }), 400, "iat must not be in the future."),
            (json!({ "nbf": NOW + 120 }), 400, "nbf must not be in the future."),
            (json!({ "iat": NOW - 61, "exp": NOW }), 410, "too old"),
            (json!({ "sub": "NOBODY" }), 400, "sub must be the extCustomerRef of a customer."),
            (json!({ "sub": "JOHN\u{0}" }), 400, "sub must be the extCustomerRef of a customer."),
            (json!({ "sub": "GONE" }), 410, "too old"),
            (json!({ "page": "admin" }), 400, "page must be one of"),
            (json!({ "locale": "klingon" }), 400, "locale must be"),
            (json!({ "showNavigation": "no" }), 400, "expected a boolean."),
            (json!({ "invoiceNumber": "" }), 400, "invoiceNumber must have"),
            (json!({ "cssURL": "https://evil.example/x.css" }), 400, "cssURL must be"),
            (json!({ "loginUrl": "javascript:alert(1)" }), 400, "loginUrl must be"),
            (json!({ "successURL": "//evil.example" }), 400, "successURL must be"),
        ] {
            let page = post(&server.browser(), &signed(&with_claims(&change))).await;
            assert_eq!(page.answer.status, status, "{change}: {}", page.words());
            page.says(says);
            assert!(!page.answer.text().contains("60.50"));
        }
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
        let back = with_claims(&json!({ "exp": NOW - 1, "loginUrl": "https://shop.example/login" }));
        let late = post(&server.browser(), &signed(&back)).await;
        assert_eq!((late.answer.status, late.location().as_str()), (303, "https://shop.example/login"));
    }

    async fn whoever_is_let_in_again_goes_on_where_the_session_was_over(server: Server) {
        server.shared_key().await;
        let browser = server.browser();
        let home = browser.open(&post(&browser, &signed(&claims())).await.location()).await;
        server.advance("2011-09-20T12:31:00Z").await;
        let told = |page: &Page| ["data-event", "data-page"].map(|name| page.attribute("script[src='/portal.js']", name));
        let over = browser.get(&format!("{}invoices?status=Open", home.root())).await;
        assert_eq!(told(over.is(410)), [Some("over".to_owned()), Some("invoices?status=Open".to_owned())]);
        let later = 31 * 60;
        for (jti, next, leads) in [("a", "invoices?status=Open", "invoices?status=Open"), ("b", "//evil.example", "home"), ("c", "", "home")] {
            let token = signed(&with_claims(&json!({ "jti": jti, "iat": NOW + later, "exp": NOW + later + 60 })));
            let page = post_for(&server.browser(), &token, next).await;
            assert_eq!(page.is(303).location().splitn(5, '/').nth(4), Some(leads), "{next}");
        }
    }

    async fn a_token_says_where_and_how_the_portal_begins(server: Server) {
        server.shared_key().await;
        let token = signed(&with_claims(&json!({
            "aud": ["https://elsewhere.example", "acme.localhost"], "iss": "https://www.acme.example", "nbf": NOW,
            "page": "makePayment", "invoiceNumber": "1019", "successURL": "https://www.acme.example/thanks",
            "locale": "de-CH", "cssURL": "https://www.acme.example/portal.css", "loginUrl": "https://www.acme.example/login",
            "showNavigation": false,
        })));
        let browser = server.browser();
        let opened = post(&browser, &token).await;
        let page = browser.open(&opened.location()).await;
        assert_eq!((page.path.rsplit('/').next(), page.count("nav")), (Some("pay?invoice=1019"), 0));
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("de-CH"));
        assert_eq!(page.attribute("link[href^='https:']", "href").as_deref(), Some("https://www.acme.example/portal.css"));
        assert!(page.answer.header("content-security-policy").contains("style-src 'self' https://www.acme.example;"));
    }

    async fn in_test_mode_a_merchant_may_sign_by_its_own_clock(server: Server) {
        server.shared_key().await;
        let wall: domain::dates::Timestamp = crate::harness::WALL.parse().unwrap();
        let wall = wall.as_seconds();
        let token = signed(&with_claims(&json!({ "iat": wall, "exp": wall + 60 })));
        post(&server.browser(), &token).await.is(303);
        server.advance("2011-09-20T20:00:00Z").await;
        post(&server.browser(), &token).await.is(410);
        server.wall.advance_seconds(61);
        post(&server.browser(), &token).await.is(410).says("too old");
    }

    async fn a_key_that_is_removed_or_over_opens_nothing_and_its_successor_does(server: Server) {
        server.shared_key().await;
        let next = "another-secret-of-acme-that-is-long-enough";
        let until = "<expiresAt>2011-09-20T12:01:00Z</expiresAt>";
        server.registers("next", "HS256", &format!("<secret>{next}</secret>{until}")).await;
        let by_next = |jti: &str| {
            let claims = with_claims(&json!({ "jti": jti, "exp": NOW + 120 }));
            encode(&header(Algorithm::HS256, "next"), &claims, &EncodingKey::from_secret(next.as_bytes())).unwrap()
        };
        post(&server.browser(), &signed(&claims())).await.is(303);
        post(&server.browser(), &by_next("a")).await.is(303);
        server.call("DELETE", "/rest/widget/keys?kid=shared").gives(200).await;
        post(&server.browser(), &signed(&with_claims(&json!({ "jti": "b" })))).await.is(404);
        post(&server.browser(), &by_next("c")).await.is(303);
        server.advance("2011-09-20T12:01:00Z").await;
        post(&server.browser(), &by_next("d")).await.is(404);
        server.call("DELETE", "/rest/widget/keys?kid=shared").send().await.refused(404);
    }
}
