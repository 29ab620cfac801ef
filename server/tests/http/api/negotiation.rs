//! Paths, verbs, formats and parameters (`api.md` §1.3 to §1.5, §1.11).

use crate::harness::fixtures::plain_customer_xml;

on_both! {
    async fn c_neg_04_without_format_it_is_xml(server: Server) {
        let john = server.plain_customer("JOHN").await;
        let answer = server.get(&format!("/rest/customer/{john}")).send().await;
        assert_eq!(answer.xml(200).0.name, "customer");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.text().starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{}", answer.text());
    }

    async fn c_neg_05_and_c_neg_06_another_format_is_refused_everywhere(server: Server) {
        let invoice = server.john().await;
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        for path in [
            format!("/rest/customer/{john}?format=json"),
            format!("/rest/customer/{john}?format=pdf"),
            format!("/rest/customer/{john}?format=XML"),
            format!("/rest/customer/{john}?format=html"),
            format!("/rest/invoice/{}?format=text", invoice.id),
            "/rest/testClock?format=json".to_owned(),
            format!("/rest/widget/start?customerId={john}&format=html"),
        ] {
            server.refuses(400, server.get(&path)).await;
        }
        for path in ["/rest/customers?format=json", "/rest/orders?extCustomerRef=JOHNDOE001&format=pdf"] {
            server.refuses(400, server.post(path, plain_customer_xml("JANE"))).await;
        }
        // What the sender accepts is not asked.
        server.get(&format!("/rest/customer/{john}")).header("accept", "application/json").gives(200).await;
        server.post("/rest/customers", plain_customer_xml("JIM")).header("content-type", "text/plain").gives(201).await;
    }

    async fn c_neg_10_blanks_around_names_and_values_of_parameters_do_not_count(server: Server) {
        let john = server.plain_customer("bj444").await;
        for query in [
            "format=xml&%20extCustomerRef=bj444",
            "+format+=+xml+&extCustomerRef=%20bj444%20",
            "%20format=xml&extCustomerRef+=bj444",
            "format=&extCustomerRef=bj444",
        ] {
            let found = server.get(&format!("/rest/customer?{query}")).gives(200).await;
            assert_eq!((found.id(), found.at("extCustomerRef")), (john, "bj444".to_owned()), "{query}");
        }
        server.get(&format!("/rest/customer/%20{john}")).send().await.refused(404);
    }

    async fn c_err_14_and_c_err_16_what_names_nothing_is_404(server: Server) {
        for path in [
            "/rest/customer/abc",
            "/rest/customer/1",
            "/rest/customer/0",
            "/rest/customer/-1",
            "/rest/customer/1e3",
            "/rest/customer/99999999999999999999999999",
            "/rest/customer/%00",
            "/rest/customer?extCustomerRef=nobody",
            "/rest/customer?extCustomerRef=%00",
            "/rest/invoice/abc",
            "/rest/invoice/1",
            "/rest/invoice?invoiceNumber=77",
            "/rest/payment/abc",
            "/rest/payment/1",
            "/rest/nosuchthing",
            "/rest/customer/1/nosuchthing",
            "/rest",
            "/rest/",
            "/rest_v1/nosuchthing",
            "/invoice/abc",
        ] {
            let answer = server.get(path).send().await;
            assert_eq!(answer.status, 404, "{path}: {}", answer.text());
            answer.refused(404);
        }
    }

    async fn a_wrong_verb_is_405_with_allow_and_the_error(server: Server) {
        for (method, path, allowed) in [
            ("PUT", "/rest/customers", &["POST"][..]),
            ("DELETE", "/rest/customers", &["POST"]),
            ("PUT", "/rest/orders", &["POST"]),
            ("DELETE", "/rest/orders", &["POST"]),
            ("PUT", "/rest/payments", &["POST"]),
            ("DELETE", "/rest/payments", &["POST"]),
            ("PUT", "/rest/payment/1", &["GET"]),
            ("DELETE", "/rest/payment/1", &["GET"]),
            ("POST", "/rest/widget/start", &["GET"]),
            ("DELETE", "/rest/testClock", &["GET", "POST"]),
            ("PATCH", "/rest/customer/1", &["GET"]),
            ("DELETE", "/customers/", &["POST"]),
        ] {
            let answer = server.call(method, path).send().await;
            answer.refused(405);
            let allow = answer.header("allow");
            for verb in allowed {
                assert!(allow.split(',').any(|given| given.trim() == *verb), "{method} {path}: Allow {allow:?}");
            }
            assert!(!allow.contains(method), "{method} {path}: Allow {allow:?}");
        }
    }

    async fn who_is_not_known_does_not_learn_which_paths_and_verbs_there_are(server: Server) {
        for (method, path) in [("GET", "/rest/nosuchthing"), ("PUT", "/rest/customers"), ("GET", "/rest")] {
            server.call(method, path).anonymous().send().await.refused(401);
        }
    }

    async fn head_is_answered_as_get_without_a_body(server: Server) {
        let john = server.plain_customer("JOHN").await;
        let answer = server.call("HEAD", &format!("/rest/customer/{john}")).send().await;
        answer.is(200);
        assert!(answer.body.is_empty());
    }

    async fn c_cus_34_and_c_cus_35_the_key_must_be_there_and_name_one_object(server: Server) {
        let ann = server.plain_customer("ANN").await;
        server.plain_customer("BEN").await;
        for path in ["/rest/customer", "/rest/customer?extCustomerRef=", "/rest/invoice", "/rest/invoice?format=pdf"] {
            server.refuses(400, server.get(path)).await;
        }
        server.get(&format!("/rest/customer/{ann}?extCustomerRef=ANN")).gives(200).await;
        server.refuses(400, server.get(&format!("/rest/customer/{ann}?extCustomerRef=BEN"))).await;
        server.get(&format!("/rest/customer/{ann}?extCustomerRef=NOBODY")).send().await.refused(404);
    }

    async fn an_action_that_is_not_there_is_refused(server: Server) {
        for path in [
            "/rest/customers?action=explode",
            "/rest/customers?actionName=explode",
            "/rest/customers?action=suspend&actionName=activate",
        ] {
            server.refuses(400, server.post(path, plain_customer_xml("JOHN"))).await;
        }
    }
}
