//! What programs send that nobody thought of: each has one clear answer, and nothing half stored.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::fixtures::{customer_xml, fixed, plain_customer_xml, with};
use crate::harness::{Server, join_all};

impl Server {
    /// The answer to bytes that no client library would send.
    async fn raw(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // `api-acme` and its password.
        let known = "Authorization: Basic YXBpLWFjbWU6Q29ycmVjdC1Ib3JzZS03\r\nConnection: close\r\n\r\n";
        stream.write_all(format!("{head}\r\n{known}").as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

on_both! {
    async fn a_parameter_that_is_given_twice_must_say_the_same(server: Server) {
        let ann = server.plain_customer("ANN").await;
        server.plain_customer("BEN").await;
        for (path, field) in [
            ("/rest/customer?extCustomerRef=ANN&extCustomerRef=BEN", "extCustomerRef"),
            ("/rest/customer?extCustomerRef=&extCustomerRef=ANN", "extCustomerRef"),
            ("/rest/customers?max=1&max=2", "max"),
            ("/rest/customers?format=xml&format=json", "format"),
            ("/rest/widget/start?extCustomerRef=ANN&extCustomerRef=BEN", "extCustomerRef"),
        ] {
            let messages = server.refuses(400, server.get(path)).await;
            assert_eq!(messages, [format!("{field} is given twice, which must agree.")], "{path}");
        }
        server.refuses(400, server.call("DELETE", "/rest/customer?extCustomerRef=ANN&extCustomerRef=BEN")).await;
        for twice in ["limit=1&limit=2", "format=json&format=xml", "format=json&format="] {
            server.get(&format!("/api/v01/customers?{twice}")).send().await.is(400);
        }
        let same = server.get("/rest/customer?extCustomerRef=ANN&%20extCustomerRef=%20ANN&_=1").gives(200).await;
        assert_eq!(same.id(), ann);
        let many = format!("/rest/customers?{}", "a=1&".repeat(101));
        server.refuses(400, server.get(&many)).await;
    }

    async fn a_parameter_that_is_no_utf_8_is_refused_by_name(server: Server) {
        server.plain_customer("Zoë").await;
        for (path, field) in [("/rest/customer?extCustomerRef=Zo%EB", "extCustomerRef"), ("/rest/customers?search=%FF", "search")] {
            let messages = server.refuses(400, server.get(path)).await;
            assert!(messages[0].starts_with(&format!("{field} must be text in UTF-8")), "{messages:?}");
        }
        server.get("/rest/customer?extCustomerRef=Zo%C3%AB").gives(200).await;
        assert_eq!(server.get("/rest/customers?search=%00").gives(200).await.count("customer"), 0);
    }

    async fn a_reference_may_hold_whatever_an_address_can_encode(server: Server) {
        for (reference, encoded) in [("A/1", "A%2F1"), ("a&b=c", "a%26b%3Dc"), ("50%", "50%25"), ("#?+ ;", "%23%3F%2B%20%3B"), ("..", "..")] {
            let escaped = reference.replace('&', "&amp;");
            let id = server.post("/rest/customers", plain_customer_xml(&escaped)).gives(201).await.id();
            let found = server.get(&format!("/rest/customer?extCustomerRef={encoded}")).gives(200).await;
            assert_eq!((found.id(), found.at("extCustomerRef").as_str()), (id, reference.trim()), "{reference}");
            server.call("DELETE", &format!("/rest/customer?extCustomerRef={encoded}")).gives(200).await;
        }
    }

    async fn ids_are_written_as_numbers(server: Server) {
        let id = server.plain_customer("ANN").await;
        for wrong in [format!("%2B{id}"), format!("+{id}"), format!("-{id}"), format!("{id}.0"), format!("0x{id:x}"), "9".repeat(19), "9".repeat(5000)] {
            server.refuses(404, server.get(&format!("/rest/customer/{wrong}"))).await;
            server.refuses(404, server.call("DELETE", &format!("/rest/customer/{wrong}"))).await;
            server.refuses(404, server.get(&format!("/rest/widget/start?customerId={}", wrong.replace('+', "%2B")))).await;
        }
        let body = format!("<customer id=\"{}\"><name>Ann B.</name></customer>", "9".repeat(50));
        server.call("PUT", &format!("/rest/customer/{id}")).body(body).gives(200).await.has(&[("name", "Ann B.")]);
    }

    async fn a_compressed_body_is_refused_as_such(server: Server) {
        for (method, path, encoding) in [
            ("POST", "/rest/customers", "gzip"),
            ("PUT", "/rest/customer?extCustomerRef=ANN", "br"),
            ("POST", "/rest/customers", "identity, deflate"),
        ] {
            let call = server.call(method, path).header("content-encoding", encoding).body(vec![0x1f, 0x8b, 8, 0]);
            let messages = server.refuses(415, call).await;
            assert!(messages[0].starts_with("Content-Encoding"), "{messages:?}");
        }
        let unipay = server.call("PUT", "/api/v01/customers").header("content-encoding", "gzip").body("{}").send().await;
        assert_eq!(unipay.is(415).header("accept-encoding"), "identity");
        let plain = server.post("/rest/customers", plain_customer_xml("ANN")).header("content-encoding", "Identity");
        plain.gives(201).await;
    }

    async fn a_body_in_chunks_is_read_and_one_in_broken_chunks_is_refused(server: Server) {
        let head = "POST /rest/customers HTTP/1.1\r\nHost: acme.localhost\r\nTransfer-Encoding: chunked";
        let body = plain_customer_xml("CHUNKS");
        let (one, two) = body.split_at(100);
        let chunks = format!("{:x}\r\n{one}\r\n{:X}\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
        let answer = server.raw(head, chunks.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        let before = server.stored().await;
        let answer = server.raw(head, b"zz\r\n<customer/>\r\n0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("could not be read to its end"), "{answer}");
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
    }

    async fn who_waits_for_a_go_ahead_gets_it(server: Server) {
        let body = plain_customer_xml("WAITS");
        let head = format!("POST /rest/customers HTTP/1.1\r\nHost: acme.localhost\r\nExpect: 100-continue\r\nContent-Length: {}", body.len());
        let answer = server.raw(&head, body.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 100 ") && answer.contains("HTTP/1.1 201 "), "{answer}");
    }

    async fn two_hosts_are_no_host(server: Server) {
        server.rival().await;
        for hosts in ["Host: acme.localhost\r\nHost: rival.localhost", "Host: rival.localhost\r\nHost: acme.localhost"] {
            let answer = server.raw(&format!("GET /rest/customers HTTP/1.1\r\n{hosts}"), b"").await;
            assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        }
    }

    async fn a_text_where_elements_belong_is_refused_and_not_lost(server: Server) {
        let id = server.customer("ANN", "ann00001").await;
        let path = format!("/rest/customer/{id}");
        for (field, body) in [
            ("billingContact/address", "<customer><billingContact><address>43 Main Av</address></billingContact></customer>"),
            ("billingContact", "<customer><billingContact>Ann Lee</billingContact></customer>"),
            ("salesContact", "<customer><salesContact>none</salesContact></customer>"),
            ("customer", "<customer>Ann Lee</customer>"),
        ] {
            let messages = server.refuses(400, server.call("PUT", &path).body(body)).await;
            assert_eq!(messages, [format!("{field} must hold elements, not a text.")]);
        }
        let new = plain_customer_xml("NEW");
        let flat = format!("{}<address>43 Main Av</address>{}", &new[..new.find("<address>").unwrap()], &new[new.find("</address>").unwrap() + 10..]);
        server.refuses(400, server.post("/rest/customers", flat)).await;
        // A key may stand for its object.
        let short = new.replace("<currency id=\"USD\"/>", "<currency>USD</currency>");
        server.post("/rest/customers", short).gives(201).await;
        let order = fixed().replace("</subscriptionOrder>", &format!("<customer>{id}</customer></subscriptionOrder>"));
        server.post("/rest/orders", order).gives(201).await;
    }

    async fn an_id_of_somebody_else_in_a_body_changes_nobody_else(server: Server) {
        let ann = server.post("/rest/customers", plain_customer_xml("ANN")).gives(201).await;
        let ben = server.post("/rest/customers", plain_customer_xml("BEN")).gives(201).await;
        let (contact, address) = (ben.at("billingContact/@id"), ben.at("billingContact/address/@id"));
        let body = format!(
            "<customer id=\"{}\"><billingContact id=\"{contact}\"><firstName>Eve</firstName><address id=\"{address}\">\
             <city>Rome</city></address></billingContact></customer>",
            ben.id()
        );
        let changed = server.call("PUT", &format!("/rest/customer/{}", ann.id())).body(body).gives(200).await;
        changed.has(&[
            ("@id", &ann.id().to_string()),
            ("billingContact/@id", &ann.at("billingContact/@id")),
            ("billingContact/firstName", "Eve"),
            ("billingContact/address/city", "Rome"),
        ]);
        let same = server.get(&format!("/rest/customer/{}", ben.id())).gives(200).await;
        assert_eq!(same.0.to_xml(), ben.0.to_xml());
    }

    async fn changes_of_one_customer_at_the_same_time_are_all_kept(server: Server) {
        let id = server.plain_customer("ANN").await;
        let fields = ["crmCustomerId", "erpCustomerId", "name"];
        let contacts = ["workPhone", "cellPhone", "lastName"];
        let puts = fields.iter().map(|field| format!("<customer><{field}>{field}</{field}></customer>")).chain(
            contacts.iter().map(|field| format!("<customer><billingContact><{field}>{field}</{field}></billingContact></customer>")),
        );
        let path = format!("/rest/customer/{id}");
        let answers = join_all(puts.map(|body| server.call("PUT", &path).body(body).send())).await;
        for answer in &answers {
            answer.xml(200);
        }
        let customer = server.get(&path).gives(200).await;
        for field in fields {
            assert_eq!(customer.at(field), field);
        }
        for field in contacts {
            assert_eq!(customer.at(&format!("billingContact/{field}")), field);
        }
    }

    async fn of_two_customers_who_want_one_reference_at_the_same_time_one_gets_it(server: Server) {
        let ids = [server.plain_customer("ANN").await, server.plain_customer("BEN").await];
        let body = "<customer><extCustomerRef>ONE</extCustomerRef></customer>";
        let calls = (0..10).map(|n| server.call("PUT", &format!("/rest/customer/{}", ids[n % 2])).body(body).send());
        let answers = join_all(calls).await;
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert!(answer.refused(400)[0].starts_with("extCustomerRef"), "{}", answer.text());
        }
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    }

    async fn a_customer_is_deleted_or_orders_but_not_both(server: Server) {
        for round in 0..3 {
            let id = server.plain_customer(&format!("R{round}")).await;
            let path = format!("/rest/orders?customerId={id}&generateInvoice=true");
            let calls = (0..8).map(|n| match n % 4 {
                3 => server.call("DELETE", &format!("/rest/customer/{id}")).send(),
                _ => server.post(&path, fixed()).send(),
            });
            let answers = join_all(calls).await;
            let is_there = server.get(&format!("/rest/customer/{id}")).send().await.status == 200;
            for answer in &answers {
                let expected: &[u16] = match (answer.what.starts_with("DELETE"), is_there) {
                    (true, true) => &[400, 409],
                    (true, false) => &[200, 404, 409],
                    (false, true) => &[201, 409],
                    (false, false) => &[404, 409],
                };
                assert!(expected.contains(&answer.status), "{}: {} {}", answer.what, answer.status, answer.text());
            }
        }
    }

    async fn a_cash_method_finds_its_place_beside_its_empty_element(server: Server) {
        let id = server.plain_customer("ANN").await;
        let path = format!("/rest/customer/{id}/autopay");
        let put = |inside: &str| {
            let body = format!("<autopay><paymentMethodDTO type=\"Cash\">{inside}</paymentMethodDTO></autopay>");
            server.call("PUT", &path).body(body)
        };
        put("<autopayPreference>2</autopayPreference><cashPaymentMethod/>").gives(200).await;
        put("<cashPaymentMethod><autopayPreference>3</autopayPreference></cashPaymentMethod>").gives(200).await;
        assert_eq!(server.get(&path).gives(200).await.all("autopay/autopayPreference"), ["2", "3"]);
        for (inside, what) in [
            ("<autopayPreference>4</autopayPreference><cashPaymentMethod/>", "from 1 to 3"),
            ("<autopayPreference>1</autopayPreference><cashPaymentMethod><autopayPreference>2</autopayPreference></cashPaymentMethod>", "must agree"),
        ] {
            let messages = server.refuses(400, put(inside)).await;
            assert!(messages[0].contains("autopayPreference") && messages[0].contains(what), "{messages:?}");
        }
        let long = format!("<autopay><paymentMethodDTO type=\"Check\"><checkPaymentMethod><checkNumber>{}</checkNumber></checkPaymentMethod></paymentMethodDTO></autopay>", "1".repeat(256));
        let messages = server.refuses(400, server.call("PUT", &path).body(long)).await;
        assert!(messages[0].contains("checkNumber"), "{messages:?}");
    }

    async fn marks_sections_and_references_of_xml_are_read_as_xml_says(server: Server) {
        let body = plain_customer_xml("MARK");
        let marked = [b"\xef\xbb\xbf", body.as_bytes()].concat();
        server.post("/rest/customers", marked).gives(201).await;
        let utf_16: Vec<u8> = std::iter::once('\u{feff}').chain(with(&body, "extCustomerRef", "WIDE").chars())
            .flat_map(|c| u16::try_from(u32::from(c)).unwrap().to_le_bytes()).collect();
        server.post("/rest/customers", utf_16).gives(201).await;
        let section = with(&body, "extCustomerRef", "SECTION").replace("Bill Joseph", "<![CDATA[A & <B>]]> &#67;&#x44;");
        server.post("/rest/customers", section).gives(201).await.has(&[("name", "A & <B> CD")]);
        let spaces = with(&body, "extCustomerRef", "SPACES").replace("<customer>", "<c:customer xmlns:c=\"urn:x\" xmlns=\"urn:y\">").replace("</customer>", "</c:customer>");
        server.post("/rest/customers", spaces).gives(201).await;
        for wrong in ["&#0;", "&#x1F;", "&#xFFFF;", "&nbsp;", "&"] {
            let body = with(&body, "extCustomerRef", "WRONG").replace("Bill Joseph", wrong);
            server.refuses(400, server.post("/rest/customers", body)).await;
        }
    }

    async fn what_may_be_done_at_an_address_is_told_and_its_head_has_no_body(server: Server) {
        let id = server.plain_customer("ANN").await;
        for (path, allowed) in [
            ("/rest/customers".to_owned(), "GET,HEAD,POST"),
            (format!("/rest/customer/{id}"), "GET,HEAD,POST,PUT,DELETE"),
            ("/rest/customers/notification".to_owned(), "POST"),
        ] {
            let answer = server.call("OPTIONS", &path).send().await;
            answer.refused(405);
            let mut told: Vec<_> = answer.header("allow").split(',').map(str::to_owned).collect();
            let mut expected: Vec<_> = allowed.split(',').map(str::to_owned).collect();
            told.sort();
            expected.sort();
            assert_eq!(told, expected, "{path}");
        }
        let head = server.call("HEAD", "/rest/customers?max=1").send().await;
        assert_eq!((head.is(200).body.len(), head.header("x-total-count")), (0, "1".to_owned()));
        server.call("HEAD", "/rest/customer/999999999").send().await.is(404);
        for path in ["/rest/customers//", "/rest//customers", "/rest/customers%2F", "/rest/customers;a=b", "/rest/./customers%00"] {
            server.refuses(404, server.get(path)).await;
        }
    }

    async fn a_very_long_address_is_answered(server: Server) {
        let messages = server.refuses(400, server.get(&format!("/rest/customers?search={}", "x".repeat(60_000)))).await;
        assert_eq!(messages, ["search may have at most 255 characters."]);
        server.refuses(404, server.get(&format!("/rest/customer?extCustomerRef={}", "x".repeat(60_000)))).await;
let head = format!("GET /rest/customers?search={} HTTP/1.1\r\nHost: acme.localhost", "x".repeat(70_000));
        let answer = server.raw(&head, b"").await;
        assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
    }

    async fn what_the_unipay_api_shows_may_be_sent_back_to_it(server: Server) {
        let body = customer_xml("LONG", "long0001").replace("324 555 879", "324 555 879 ext. 12345").replace("IL", "Illinois");
        server.post("/rest/customers", body).gives(201).await;
        let path = "/api/v01/customers/LONG";
        let shown = server.get(path).send().await.is(200).text();
        for (format, content_type) in [("json", "application/json"), ("xml", "text/xml"), ("query", "application/x-www-form-urlencoded")] {
            let shown = server.get(&format!("{path}?format={format}")).send().await.is(200).text();
            let stored = server.stored().await;
            let modified = server.post(path, shown.clone()).header("content-type", content_type).send().await;
            assert_eq!(modified.is(200).text(), shown);
            assert_eq!(testkit::dump::differences(&stored, &server.stored().await), Vec::<String>::new());
        }
        let changed = shown.replace("Illinois", "Ohio");
        let refused = server.post(path, changed).header("content-type", "application/json").send().await;
        assert!(refused.is(400).text().contains("state may have at most 3 characters"), "{}", refused.text());
        let twice = "{\"firstName\":\"Bill\",\"firstName\":\"Eve\"}";
        server.post(path, twice).header("content-type", "application/json").send().await.is(400);
        let marked = "\u{feff}{\"lastName\":\"Ray\"}";
        let modified = server.post(path, marked).header("content-type", "application/json").send().await;
        assert!(modified.is(200).text().contains("\"Ray\""));
        for find in ["~find", "%7Efind", "%7efind/"] {
            server.get(&format!("/api/v01/customers/{find}?limit=1")).send().await.is(200);
        }
    }
}
