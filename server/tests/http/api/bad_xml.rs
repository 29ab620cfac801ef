//! Bodies that are no documents, or not the right ones (`api.md` §1.6, §1.10).

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::harness::fixtures::plain_customer_xml;

const POSTS: [&str; 3] = ["/rest/customers", "/rest/orders?extCustomerRef=JOHN&generateInvoice=true", "/rest/payments"];

on_both! {
    async fn what_is_no_xml_is_refused_with_the_parsers_message(server: Server) {
        server.plain_customer("JOHN").await;
        for path in POSTS {
            for body in ["<customer>", "<a></b>", "plain", "<a/><b/>", "<a>&nbsp;</a>", "{\"name\":\"John\"}", "<a b/>"] {
                let messages = server.refuses(400, server.post(path, body)).await;
                assert!(messages[0].starts_with("org.xml.sax.SAXParseException: "), "{body}: {messages:?}");
            }
            for body in ["", "  \n "] {
                assert_eq!(server.refuses(400, server.post(path, body)).await, ["Premature end of file."]);
            }
            server.refuses(400, server.post(path, vec![b'<', 0xff, 0xfe, b'>'])).await;
        }
    }

    async fn c_err_05_a_doctype_is_refused_and_reads_no_file(server: Server) {
        let body = "<!DOCTYPE customer [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>".to_owned()
            + &plain_customer_xml("JOHN").replace("Bill Joseph", "&x;");
        let messages = server.refuses(400, server.post("/rest/customers", body)).await;
        assert!(!messages.concat().contains("root:"), "{messages:?}");
        let plain = format!("<!DOCTYPE customer>{}", plain_customer_xml("JOHN"));
        server.refuses(400, server.post("/rest/customers", plain)).await;
    }

    async fn c_err_06_a_billion_laughs_are_refused_at_once(server: Server) {
        let mut body = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
        for n in 1..10 {
            let before = if n == 1 { "&lol;".to_owned() } else { format!("&lol{};", n - 1) };
            write!(body, "<!ENTITY lol{n} \"{}\">", before.repeat(10)).unwrap();
        }
        let body = body + "]>" + &plain_customer_xml("JOHN").replace("Bill Joseph", "&lol9;");
        let start = Instant::now();
        server.refuses(400, server.post("/rest/customers", body)).await;
        assert!(start.elapsed() < Duration::from_secs(2));
    }

    async fn c_err_07_a_body_of_two_mebibytes_is_413(server: Server) {
        server.plain_customer("JOHN").await;
        let body = plain_customer_xml("BIG").replace("Bill Joseph", &"x".repeat(2 * 1024 * 1024));
        for path in POSTS {
            server.refuses(413, server.post(path, body.clone())).await;
        }
        // And the server goes on.
        server.get("/rest/customer?extCustomerRef=JOHN").gives(200).await;
    }

    async fn nesting_and_elements_without_end_are_refused(server: Server) {
        let deep = "<a>".repeat(70) + &"</a>".repeat(70);
        server.refuses(400, server.post("/rest/customers", deep)).await;
        let many = format!("<customer>{}</customer>", "<a/>".repeat(60_000));
        server.refuses(400, server.post("/rest/customers", many)).await;
    }

    async fn c_err_08_a_wrong_root_is_refused(server: Server) {
        server.plain_customer("JOHN").await;
        for (path, root) in POSTS.into_iter().zip(["invoice", "customer", "subscriptionOrder"]) {
            let messages = server.refuses(400, server.post(path, format!("<{root}/>"))).await;
            assert!(messages[0].starts_with("The root element must be "), "{messages:?}");
        }
        server.refuses(400, server.post("/rest/testClock?action=advance", "<now/>")).await;
    }

    async fn c_err_09_three_faults_give_three_messages(server: Server) {
        let body = "<customer><status>Nope</status><extCustomerRef>X</extCustomerRef></customer>";
        let messages = server.refuses(400, server.post("/rest/customers", body)).await;
        assert_eq!(messages.len(), 3, "{messages:?}");
        for field in ["name", "status", "billingContact"] {
            assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
        }
        server.get("/rest/customer?extCustomerRef=X").send().await.refused(404);
    }

    async fn c_err_18_and_c_err_19_any_text_comes_back_as_it_was_sent(server: Server) {
        for (reference, name) in [("UNI", "Zoë Łukasz 山田"), ("ESC", "A & B <Ltd> \"x\" 'y'"), ("EMO", "🦀 e\u{301}")] {
            let escaped = name.replace('&', "&amp;").replace('<', "&lt;");
            let body = plain_customer_xml(reference).replace("Bill Joseph", &escaped);
            let customer = server.post("/rest/customers", body).gives(201).await;
            assert_eq!(customer.at("name"), name);
            let again = server.get(&format!("/rest/customer/{}", customer.id())).gives(200).await;
            assert_eq!(again.at("name").as_bytes(), name.as_bytes());
        }
    }

    async fn other_encodings_comments_order_and_unknown_elements_are_read(server: Server) {
        let body = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_owned()
            + &plain_customer_xml("LATIN").replace("Bill Joseph", "Zoe\u{308}");
        let body = body.replace("e\u{308}", "\u{eb}");
        let latin: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert_eq!(server.post("/rest/customers", latin).gives(201).await.at("name"), "Zoë");
        let body = "<customer id=\"7\"><!-- hello --><billingContact><lastName>B</lastName><emailPrimary> a@b.example\
                    </emailPrimary><firstName>A</firstName><mood>good</mood></billingContact><shoeSize>9</shoeSize>\
                    <customerFinancials><outstandingBalance>999</outstandingBalance></customerFinancials>\
                    <dateCreated>1999-01-01</dateCreated><name> \n A B </name></customer>";
        let customer = server.post("/rest/customers", body).gives(201).await;
        assert_ne!(customer.id(), 7);
        customer.has(&[
            ("name", "A B"),
            ("billingContact/emailPrimary", "a@b.example"),
            ("customerFinancials/outstandingBalance", "0.00"),
            ("dateCreated", "2011-09-20"),
        ]);
    }
}
