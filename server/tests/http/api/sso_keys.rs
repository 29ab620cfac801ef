//! Keys that a merchant signs its own tokens with: registered, listed, removed.

const SECRET: &str = "a-secret-of-acme-that-is-long-enough";
const ED_PUBLIC: &str = include_str!("../portal/keys/ed25519.pub.pem");
const ED_PRIVATE: &str = include_str!("../portal/keys/ed25519.pem");
const RSA_PUBLIC: &str = include_str!("../portal/keys/rsa.pub.pem");
const SHORT_RSA: &str = include_str!("../portal/keys/rsa-1024.pub.pem");

fn key(kid: &str, algorithm: &str, inside: &str) -> String {
    format!("<ssoKey><kid>{kid}</kid><algorithm>{algorithm}</algorithm>{inside}</ssoKey>")
}

fn shared(kid: &str) -> String {
    key(kid, "HS256", &format!("<secret>{SECRET}</secret>"))
}

on_both! {
    async fn keys_are_listed_by_name_without_what_they_are(server: Server) {
        server.post("/rest/widget/keys", shared("b")).gives(201).await.has(&[
            ("kid", "b"), ("algorithm", "HS256"), ("expiresAt", ""), ("createdAt", "2011-09-20T12:00:00Z"),
        ]);
        let inside = format!("<publicKey>{ED_PUBLIC}</publicKey><expiresAt>2012-01-01T00:00:00Z</expiresAt>");
        server.post("/rest/widget/keys", key("a", "EdDSA", &inside)).gives(201).await;
        server.rival().await;
        let list = server.get("/rest/widget/keys").send().await;
        let text = list.is(200).text();
        assert!(text.contains("<kid>a</kid><algorithm>EdDSA</algorithm><expiresAt>2012-01-01T00:00:00Z</expiresAt>"), "{text}");
        assert!(!text.contains(SECRET) && !text.contains("MCow") && text.find(">a<") < text.find(">b<"), "{text}");
        assert!(!server.get("/rest/widget/keys").rival().send().await.text().contains("kid"));
        server.call("DELETE", "/rest/widget/keys?kid=a").gives(200).await.has(&[("success", "true")]);
        assert!(!server.get("/rest/widget/keys").send().await.text().contains(">a<"));
        let stored = format!("{:?}", server.stored().await);
        assert!(!stored.contains(SECRET), "a secret is stored sealed");
        if let Some(file) = server.database_file() {
            assert!(!file.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
        }
    }

    async fn a_key_that_is_none_is_refused_with_what_is_allowed(server: Server) {
        server.post("/rest/widget/keys", shared("taken")).gives(201).await;
        let public = |text: &str| format!("<publicKey>{text}</publicKey>");
        let cases = [
            ("<ssoKey/>".to_owned(), "kid is required."),
            (key("a", "none", ""), "algorithm must be one of HS256, RS256, EdDSA."),
            (key("a", "hs256", ""), "algorithm must be one of"),
            (key("a b", "HS256", &format!("<secret>{SECRET}</secret>")), "kid must have 1 to 100"),
            (shared("taken"), "kid is used by another key"),
            (key("a", "HS256", ""), "secret is required for HS256."),
            (key("a", "HS256", "<secret>short</secret>"), "secret must have 32 to 512"),
            (key("a", "HS256", &format!("<secret>{SECRET} {SECRET}</secret>")), "secret must have 32 to 512"),
            (key("a", "HS256", &public(RSA_PUBLIC)), "publicKey is not for HS256"),
            (key("a", "RS256", &format!("<secret>{SECRET}</secret>")), "secret is only for HS256"),
            (key("a", "RS256", ""), "publicKey is required for RS256."),
            (key("a", "RS256", &public("x")), "publicKey must be an RSA public key"),
            (key("a", "RS256", &public(ED_PUBLIC)), "publicKey must be an RSA public key"),
            (key("a", "RS256", &public(SHORT_RSA)), "publicKey must have 2048 to 4096 bits."),
            (key("a", "EdDSA", &public(RSA_PUBLIC)), "publicKey must be an Ed25519 public key"),
            (key("a", "EdDSA", &public(ED_PRIVATE)), "publicKey must be the public half"),
            (key("a", "EdDSA", &public(r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#)), "publicKey must be the public half"),
            (key("a", "EdDSA", &public(r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#)), "publicKey must be an Ed25519"),
            (key("a", "EdDSA", &public(r#"{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#)), "publicKey must be an Ed25519"),
            (key("a", "RS256", &public(r#"{"kty":"RSA","alg":"RS512","n":"AQ","e":"AQAB"}"#)), "publicKey must be a JWK whose alg is RS256"),
            (key("a", "HS256", &format!("<secret>{SECRET}</secret><expiresAt>2011-09-20T12:00:00Z</expiresAt>")), "expiresAt must be in the future."),
            (key("a", "HS256", &format!("<secret>{SECRET}</secret><expiresAt>tomorrow</expiresAt>")), "expiresAt must be a time in UTC"),
        ];
        for (body, says) in cases {
            let messages = server.refuses(400, server.post("/rest/widget/keys", body.clone())).await;
            assert!(messages.iter().any(|message| message.starts_with(says)), "{body}: {messages:?}");
            assert!(!format!("{messages:?}").contains(SECRET), "no message repeats a secret");
        }
        server.refuses(400, server.call("DELETE", "/rest/widget/keys")).await;
        server.refuses(404, server.call("DELETE", "/rest/widget/keys?kid=nobody")).await;
        server.refuses(404, server.call("DELETE", "/rest/widget/keys?kid=%00")).await;
    }

    async fn there_are_twenty_keys_at_most(server: Server) {
        for n in 0..20 {
            server.post("/rest/widget/keys", shared(&format!("key-{n}"))).gives(201).await;
        }
        server.refuses(400, server.post("/rest/widget/keys", shared("one-more"))).await;
        server.call("DELETE", "/rest/widget/keys?kid=key-7").gives(200).await;
        server.post("/rest/widget/keys", shared("one-more")).gives(201).await;
    }
}
