//! Minting links into the portal (`api.md` §8.1).

use crate::harness::fixtures::{JOHN, plain_customer_xml, with};

const START: &str = "/rest/widget/start?extCustomerRef=JOHNDOE001";

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

on_both! {
    async fn c_sso_10_a_link_is_one_line_of_text(server: Server) {
        let john = server.plain_customer(JOHN).await;
        let mut links = Vec::new();
        for query in [
            format!("extCustomerRef={JOHN}"),
            format!("customerId={john}"),
            format!("customerId={john}&extCustomerRef={JOHN}&format=text"),
            format!("customerId={john}&cssURL=/css/widget.css&loginUrl=https://myapp.com/mylogin&showNavigation=false"),
        ] {
            let answer = server.get(&format!("/rest/widget/start?{query}")).send().await;
            answer.is(200);
            assert_eq!(answer.header("content-type"), "text/text");
            let start = format!("http://acme.localhost:{}/widget/customerHome/", server.address.port());
            let link = answer.text();
            assert!(link.strip_prefix(&start).is_some_and(is_token), "{link}");
            links.push(link);
        }
        links.sort();
        links.dedup();
        assert_eq!(links.len(), 4, "every link is another");
    }

    async fn c_sso_02_a_link_as_xml_tells_when_it_ends(server: Server) {
        server.plain_customer(JOHN).await;
        let widget = server.get(&format!("{START}&format=xml")).gives(200).await;
        let id = widget.at("@id");
        assert!(widget.0.name == "widget" && is_token(&id), "{id}");
        assert!(widget.at("url").ends_with(&format!("/widget/customerHome/{id}")));
        widget.has(&[("expiresAt", "2011-09-20T12:30:00Z")]);
    }

    async fn c_sso_11_without_customer_400_and_with_an_unknown_one_404(server: Server) {
        server.rival().await;
        let foreign = server.post("/rest/customers", plain_customer_xml("R")).rival().gives(201).await.id();
        server.refuses(400, server.get("/rest/widget/start")).await;
        server.refuses(400, server.get("/rest/widget/start?format=xml")).await;
        for query in ["extCustomerRef=NOBODY", "customerId=1", "customerId=abc", &format!("customerId={foreign}")] {
            server.refuses(404, server.get(&format!("/rest/widget/start?{query}"))).await;
        }
    }

    async fn c_sso_12_addresses_that_are_not_safe_are_refused(server: Server) {
        server.plain_customer(JOHN).await;
        for (name, value) in [
            ("cssURL", "javascript:alert(1)"),
            ("cssURL", "https://evil.example/x.css"),
            ("cssURL", "//evil.example/x.css"),
            ("cssURL", "data:text/css,x"),
            ("cssURL", "/css/../../etc/passwd"),
            ("cssURL", "/css/%22onload"),
            ("loginUrl", "javascript:alert(1)"),
            ("loginUrl", "/relative"),
            ("loginUrl", "ftp://shop.example/"),
            ("loginUrl", "https://"),
            ("loginUrl", "https://shop.example/%0d%0aSet-Cookie:a=b"),
            ("successURL", "javascript:alert(1)"),
            ("page", "admin"),
            ("showNavigation", "maybe"),
        ] {
            let messages = server.refuses(400, server.get(&format!("{START}&{name}={value}"))).await;
            assert!(messages[0].starts_with(name), "{name}={value}: {messages:?}");
        }
        let all = format!("{START}&cssURL=x&loginUrl=y&successURL=z&page=p&showNavigation=n&format=xml");
        assert_eq!(server.refuses(400, server.get(&all)).await.len(), 5);
    }

    async fn a_customer_who_is_gone_gets_no_link(server: Server) {
        for (status, answer) in [("InActive1", 400), ("InActive2", 400), ("Suspended1", 200), ("Overdue2", 200)] {
            let body = with(&plain_customer_xml(status), "status", status);
            server.post("/rest/customers", body).gives(201).await;
            server.get(&format!("/rest/widget/start?extCustomerRef={status}")).send().await.is(answer);
        }
    }
}
