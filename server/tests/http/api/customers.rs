//! Creating and finding customers (`api.md` §2.1 to §2.5).

use testkit::organization::ACME;

use crate::harness::fixtures::{PASSWORD, customer_xml, plain_customer_xml, with, without};
use crate::harness::{Server, join_all};

on_both! {
    async fn a_customer_comes_back_as_it_was_sent_except_its_password(server: Server) {
        let created = server.post("/rest/customers?format=xml", customer_xml("bj444", "bill0004")).send().await;
        let customer = created.xml(201);
        customer.has(&[
            ("name", "Bill Joseph"),
            ("status", "Active"),
            ("extCustomerRef", "bj444"),
            ("locale", "en_US"),
            ("isBusinessAccount", "false"),
            ("paymentTermsValue", "30"),
            ("paymentTermsUnits", "Days"),
            ("currency/@id", "USD"),
            ("billingContact/username", "bill0004"),
            ("billingContact/accountLocked", "false"),
            ("billingContact/emailPrimary", "Bill@bmontgomery.com"),
            ("billingContact/workPhone", "324 555 879"),
            ("billingContact/address/countryCode", "usa"),
            ("dateCreated", "2011-09-20"),
            ("lastUpdated", "2011-09-20"),
        ]);
        let by_id = server.get(&format!("/rest/customer/{}", customer.id())).send().await;
        assert_eq!(by_id.text(), created.text());
        assert_eq!(server.get("/rest/customer?extCustomerRef=bj444").send().await.text(), created.text());
        assert!(!created.text().contains(PASSWORD) && !created.text().contains("passwd"), "{}", created.text());
        assert!(!created.text().contains("PaymentMethod"), "{}", created.text());
    }

    async fn c_cus_14_and_c_cus_17_what_is_left_out_has_the_organizations_defaults(server: Server) {
        let body = "<customer><name>A</name><billingContact><firstName>A</firstName><lastName>B</lastName>\
                    <emailPrimary>a@b.example</emailPrimary></billingContact></customer>";
        let customer = server.post("/rest/customers", body).gives(201).await;
        customer.has(&[
            ("status", "Active"),
            ("locale", "en_US"),
            ("paymentTermsValue", "30"),
            ("paymentTermsUnits", "Days"),
            ("currency/@id", "USD"),
            ("isBusinessAccount", "false"),
            ("extCustomerRef", ""),
            ("billingContact/username", ""),
            ("billingContact/accountLocked", "false"),
        ]);
        assert_eq!(customer.count("salesContact"), 0);
        // References may be absent any number of times.
        server.post("/rest/customers", body).gives(201).await;
    }

    async fn a_sales_contact_is_kept_too(server: Server) {
        let sales = "<salesContact><firstName>Sal</firstName><lastName>Ship</lastName>\
                     <emailPrimary>sal@example.com</emailPrimary></salesContact></customer>";
        let body = plain_customer_xml("SAL").replace("</customer>", sales);
        let id = server.post("/rest/customers", body).gives(201).await.id();
        server.get(&format!("/rest/customer/{id}")).gives(200).await.has(&[("salesContact/firstName", "Sal")]);
    }

    async fn c_cus_09_a_reference_is_used_once(server: Server) {
        server.customer("bj444", "bill0004").await;
        let messages = server.refuses(400, server.post("/rest/customers", customer_xml("bj444", "bill0005"))).await;
        assert!(messages[0].contains("extCustomerRef"), "{messages:?}");
    }

    async fn c_cus_10_a_username_is_used_once(server: Server) {
        server.customer("bj444", "bill0004").await;
        let messages = server.refuses(400, server.post("/rest/customers", customer_xml("bj445", "bill0004"))).await;
        assert!(messages[0].contains("username"), "{messages:?}");
        server.get("/rest/customer?extCustomerRef=bj445").send().await.refused(404);
    }

    async fn another_organization_may_use_the_same_reference_and_username(server: Server) {
        server.rival().await;
        let own = server.customer("bj444", "bill0004").await;
        let other = server.post("/rest/customers", customer_xml("bj444", "bill0004")).rival().gives(201).await.id();
        assert_ne!(own, other);
        assert_eq!(server.get("/rest/customer?extCustomerRef=bj444").rival().gives(200).await.id(), other);
    }

    async fn c_blk_15_of_twenty_creates_at_once_one_wins(server: Server) {
        let calls = (0..20).map(|_| server.post("/rest/customers", plain_customer_xml("RACE")).send());
        let answers = join_all(calls).await;
        let mut made = 0;
        for answer in &answers {
            match answer.status {
                201 => made += 1,
                _ => assert!(answer.refused(400)[0].contains("extCustomerRef"), "{}", answer.text()),
            }
        }
        assert_eq!(made, 1);
        let rows = server.stored().await["customers"].len();
        assert_eq!(rows, 1);
    }

    async fn what_is_wrong_with_a_customer_is_refused_by_name_and_not_stored(server: Server) {
        let good = customer_xml("bj444", "bill0004");
        let long = "x".repeat(51);
        let too_long_name = "x".repeat(256);
        for (field, body) in [
            ("currency", good.replace("\"USD\"", "\"XXX\"")),
            ("currency", good.replace("\"USD\"", "\"EUR\"")),
            ("currency", good.replace("\"USD\"", "\"usd1\"")),
            ("extCustomerRef", with(&good, "extCustomerRef", &long)),
            ("name", without(&good, "name")),
            ("name", with(&good, "name", "  ")),
            ("name", with(&good, "name", &too_long_name)),
            ("status", with(&good, "status", "active")),
            ("locale", with(&good, "locale", "english")),
            ("isBusinessAccount", with(&good, "isBusinessAccount", "maybe")),
            ("paymentTermsValue", with(&good, "paymentTermsValue", "-1")),
            ("paymentTermsValue", with(&good, "paymentTermsValue", "ten")),
            ("paymentTermsUnits", with(&good, "paymentTermsUnits", "Fortnights")),
            ("billingContact", without(&good, "billingContact")),
            ("billingContact/firstName", without(&good, "firstName")),
            ("billingContact/lastName", without(&good, "lastName")),
            ("billingContact/emailPrimary", without(&good, "emailPrimary")),
            ("billingContact/emailPrimary", with(&good, "emailPrimary", "nonsense")),
            ("billingContact/username", with(&good, "username", "bill")),
            ("billingContact/username", without(&good, "username")),
            ("billingContact/passwd", without(&good, "passwd")),
            ("billingContact/passwd", with(&good, "passwd", "Short1")),
            ("billingContact/passwd", with(&good, "passwd", "alllowercase1")),
            ("billingContact/passwd", with(&good, "passwd", "NoDigitsHere")),
        ] {
            let messages = server.refuses(400, server.post("/rest/customers", body)).await;
            assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
            assert!(!messages.concat().contains("Sachx") && !messages.concat().contains("alllower"), "{messages:?}");
        }
        server.post("/rest/customers", good).gives(201).await;
    }

    async fn where_addresses_are_checked_a_good_one_gives_200(engine: Engine) {
        let server = Server::with(engine, &checked()).await;
        let customer = server.post("/rest/customers", plain_customer_xml("GOOD")).gives(200).await;
        customer.has(&[("extCustomerRef", "GOOD")]);
    }

    async fn where_addresses_are_checked_a_doubtful_one_gives_a_warning_and_the_customer(engine: Engine) {
        let server = Server::with(engine, &checked()).await;
        let body = with(&plain_customer_xml("cus1001"), "street1", "INVALID Road 1");
        let warning = server.post("/rest/customers", body).gives(201).await;
        assert_eq!((warning.0.name.as_str(), warning.at("success").as_str()), ("status", "True"));
        let id = warning.at("customer/@id");
        warning.has(&[("customer/id", &id), ("customer/extCustomerRef", "cus1001")]);
        assert_eq!(warning.count("errors/error"), 1);
        server.get(&format!("/rest/customer/{id}")).gives(200).await.has(&[("extCustomerRef", "cus1001")]);
    }

    async fn c_cus_41_where_addresses_are_checked_a_fault_is_still_an_error(engine: Engine) {
        let server = Server::with(engine, &checked()).await;
        let body = without(&customer_xml("bj444", "bill0004"), "billingContact");
        server.refuses(400, server.post("/rest/customers", body)).await;
    }
}

fn checked() -> String {
    ACME.replace("mode = \"test\"", "mode = \"test\"\naddress_validation = \"test\"")
}
