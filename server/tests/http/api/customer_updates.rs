//! Changing and deleting customers and their contacts (`api.md` §2.2, §2.4, §2.5).

use testkit::organization::ACME;

use crate::harness::fixtures::{PASSWORD, customer_xml, fixed, plain_customer_xml, with};
use crate::harness::{Call, Server};

const SALES: &str = "<salesContact><firstName>Sal</firstName><lastName>Ship</lastName>\
                     <emailPrimary>sal@example.com</emailPrimary></salesContact>";

impl Server {
    fn put(&self, path: &str, body: impl Into<Vec<u8>>) -> Call<'_> {
        self.call("PUT", path).body(body)
    }

    fn delete(&self, path: &str) -> Call<'_> {
        self.call("DELETE", path)
    }

    /// Refused as not supported, telling what is.
    async fn does_not_support(&self, method: &str, path: &str, allowed: &[&str]) {
        let answer = self.call(method, path).body("<list/>").send().await;
        answer.refused(405);
        let allow = answer.header("allow");
        assert!(allowed.iter().all(|allowed| allow.contains(allowed)), "{method} {path}: {allow}");
        assert!(!allow.contains(method), "{method} {path}: {allow}");
    }
}

on_both! {
    async fn v30_and_v31_a_partial_customer_changes_what_it_names(server: Server) {
        let id = server.customer("bj444", "bill0004").await;
        let path = format!("/rest/customer/{id}");
        server.advance("2011-09-22T12:00:00Z").await;
        let put = server.put(&format!("{path}?format=xml"), "<customer><name>Bill J.</name><crmCustomerId>c1</crmCustomerId></customer>");
        let changed = put.send().await;
        changed.xml(200).has(&[
            ("@id", &id.to_string()),
            ("name", "Bill J."),
            ("crmCustomerId", "c1"),
            ("extCustomerRef", "bj444"),
            ("billingContact/username", "bill0004"),
            ("dateCreated", "2011-09-20"),
            ("lastUpdated", "2011-09-22"),
        ]);
        assert_eq!(server.get(&path).send().await.text(), changed.text());
        let by_reference = server.put("/rest/customer?format=xml&extCustomerRef=bj444", "<customer><crmCustomerId/></customer>");
        by_reference.gives(200).await.has(&[("crmCustomerId", ""), ("name", "Bill J.")]);
    }

    async fn v30_a_whole_customer_sent_back_changes_nothing(server: Server) {
        let id = server.customer("bj444", "bill0004").await;
        let path = format!("/rest/customer/{id}");
        let before = server.get(&path).send().await.text();
        server.advance("2011-09-22T12:00:00Z").await;
        let stored = server.stored().await;
        assert_eq!(server.put(&path, before.clone()).send().await.text(), before);
        assert_eq!(testkit::dump::differences(&stored, &server.stored().await), Vec::<String>::new());
    }

    async fn c_cus_22_what_is_there_and_empty_is_cleared_or_the_default(server: Server) {
        server.customer("bj444", "bill0004").await;
        let body = "<customer><locale>de_DE</locale><paymentTermsValue>5</paymentTermsValue></customer>";
        server.put("/rest/customer?extCustomerRef=bj444", body).gives(200).await.has(&[("locale", "de_DE")]);
        let body = "<customer><locale/><paymentTermsValue/></customer>";
        let customer = server.put("/rest/customer?extCustomerRef=bj444", body).gives(200).await;
        customer.has(&[("locale", "en_US"), ("paymentTermsValue", "30"), ("name", "Bill Joseph")]);
    }

    async fn c_cus_25_a_reference_changes_to_a_free_one_only(server: Server) {
        server.plain_customer("bj444").await;
        server.plain_customer("bj445").await;
        let body = "<customer><name>X</name><extCustomerRef>bj445</extCustomerRef></customer>";
        let messages = server.refuses(400, server.put("/rest/customer?extCustomerRef=bj444", body)).await;
        assert!(messages[0].starts_with("extCustomerRef"), "{messages:?}");
        let free = "<customer><extCustomerRef>bj446</extCustomerRef></customer>";
        server.put("/rest/customer?extCustomerRef=bj444", free).gives(200).await;
        server.get("/rest/customer?extCustomerRef=bj444").send().await.refused(404);
    }

    async fn c_cus_26_what_only_goes_out_is_ignored(server: Server) {
        let id = server.plain_customer("bj444").await;
        let body = "<customer id=\"99\"><customerFinancials><outstandingBalance>999</outstandingBalance>\
                    </customerFinancials><dateCreated>2000-01-01</dateCreated></customer>";
        let customer = server.put(&format!("/rest/customer/{id}"), body).gives(200).await;
        customer.has(&[("@id", &id.to_string()), ("customerFinancials/outstandingBalance", "0.00"), ("dateCreated", "2011-09-20")]);
    }

    async fn c_cus_27_a_new_password_opens_the_portal_and_is_not_shown(server: Server) {
        server.customer("bj444", "bill0004").await;
        let body = "<customer><billingContact><passwd>Another-Pass-9</passwd></billingContact></customer>";
        let answer = server.put("/rest/customer?extCustomerRef=bj444", body).send().await;
        answer.xml(200);
        assert!(!answer.text().contains("Another") && !answer.text().contains("passwd"), "{}", answer.text());
        for (password, opens) in [(PASSWORD, false), ("Another-Pass-9", true)] {
            let browser = server.browser();
            let login = browser.open("/widget/login").await;
            let page = browser.submit(&login, "form", &[("username", "bill0004"), ("password", password)]).await;
            assert_eq!(page.answer.status == 303 && !page.location().contains("login"), opens, "{}", page.answer.status);
        }
    }

    async fn what_is_wrong_with_a_change_is_refused_by_name_and_not_stored(server: Server) {
        server.customer("bj444", "bill0004").await;
        server.customer("bj445", "bill0005").await;
        for (field, inside) in [
            ("name", "<name/>"),
            ("status", "<status>active</status>"),
            ("currency", "<currency id=\"EUR\"/>"),
            ("paymentTermsUnits", "<paymentTermsUnits>Fortnights</paymentTermsUnits>"),
            ("isBusinessAccount", "<isBusinessAccount>maybe</isBusinessAccount>"),
            ("billingContact", "<billingContact/>"),
            ("billingContact/emailPrimary", "<billingContact><emailPrimary/></billingContact>"),
            ("billingContact/username", "<billingContact><username>bill0005</username></billingContact>"),
            ("billingContact/passwd", "<billingContact><passwd>weak</passwd></billingContact>"),
            ("salesContact/lastName", "<salesContact><firstName>Sal</firstName></salesContact>"),
        ] {
            let body = format!("<customer><crmCustomerId>new</crmCustomerId>{inside}</customer>");
            let messages = server.refuses(400, server.put("/rest/customer?extCustomerRef=bj444", body)).await;
            assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
        }
        server.refuses(404, server.put("/rest/customer/999999999", "<customer/>")).await;
        server.refuses(404, server.put("/rest/customer/abc", "<customer/>")).await;
        server.refuses(400, server.put("/rest/customer", "<customer/>")).await;
        server.refuses(400, server.put("/rest/customer?extCustomerRef=bj444", "<salesContact/>")).await;
        server.refuses(400, server.put("/rest/customer?extCustomerRef=bj444", "<customer>")).await;
    }

    async fn where_addresses_are_checked_a_changed_one_is_too(engine: Engine) {
        let seed = ACME.replace("mode = \"test\"", "mode = \"test\"\naddress_validation = \"test\"");
        let server = Server::with(engine, &seed).await;
        let id = server.post("/rest/customers", plain_customer_xml("GOOD")).gives(200).await.id();
        let body = with(&plain_customer_xml("GOOD"), "street1", "INVALID Road 1");
        let warning = server.put(&format!("/rest/customer/{id}"), body).gives(201).await;
        warning.has(&[("success", "True"), ("customer/id", &id.to_string()), ("customer/extCustomerRef", "GOOD")]);
        let stored = server.get(&format!("/rest/customer/{id}")).gives(200).await;
        stored.has(&[("billingContact/address/street1", "INVALID Road 1")]);
        server.put(&format!("/rest/customer/{id}"), plain_customer_xml("GOOD")).gives(200).await;
    }

    async fn v8_to_v17_and_v23_to_v35_contacts_are_read_made_changed_and_removed_by_id_and_by_reference(server: Server) {
        let id = server.customer("CRM392", "bill0004").await;
        for (name, query) in [(format!("/rest/customer/{id}/"), "?format=xml"), ("/rest/customer/".to_owned(), "?format=xml&extCustomerRef=CRM392")] {
            let (sales, billing) = (format!("{name}salesContact{query}"), format!("{name}billingContact{query}"));
            server.get(&sales).send().await.refused(404);
            server.refuses(404, server.put(&sales, SALES)).await;
            server.refuses(404, server.delete(&sales)).await;
            let made = server.post(&sales, SALES).send().await;
            assert_eq!(made.xml(201).0.name, "salesContact");
            made.xml(201).has(&[("firstName", "Sal"), ("accountLocked", "false")]);
            assert_eq!(server.get(&sales).send().await.text(), made.text());
            // C-CON-07
            server.refuses(400, server.post(&sales, SALES)).await;
            let changed = server.put(&sales, "<salesContact><workPhone>1</workPhone></salesContact>").gives(200).await;
            changed.has(&[("@id", &made.xml(201).at("@id")), ("workPhone", "1"), ("lastName", "Ship")]);
            let changed = server.put(&billing, "<billingContact><cellPhone>2</cellPhone><workPhone/></billingContact>").send().await;
            changed.xml(200).has(&[("username", "bill0004"), ("cellPhone", "2"), ("workPhone", "")]);
            assert_eq!(server.get(&billing).send().await.text(), changed.text());
            // C-CON-15
            let bad = "<billingContact><cellPhone>3</cellPhone><emailPrimary>nonsense</emailPrimary></billingContact>";
            let messages = server.refuses(400, server.put(&billing, bad)).await;
            assert!(messages[0].starts_with("emailPrimary"), "{messages:?}");
            server.refuses(400, server.put(&billing, SALES)).await;
            server.delete(&sales).gives(200).await.has(&[("success", "true")]);
            server.get(&sales).send().await.refused(404);
            // C-CON-19
            server.does_not_support("POST", &billing, &["GET", "PUT"]).await;
            server.does_not_support("DELETE", &billing, &["GET", "PUT"]).await;
            server.get(&billing).gives(200).await;
        }
        server.get("/rest/customer/salesContact").send().await.refused(400);
        server.get("/rest/customer/billingContact?extCustomerRef=NOBODY").send().await.refused(404);
    }

    async fn v36_and_v37_a_deleted_customer_is_gone_and_its_reference_free(server: Server) {
        let id = server.customer("bj444", "bill0004").await;
        server.post("/rest/orders?extCustomerRef=bj444", fixed()).gives(201).await;
        server.link("bj444", "").await;
        let deleted = server.delete(&format!("/rest/customer/{id}?format=xml")).gives(200).await;
        assert_eq!((deleted.0.name.as_str(), deleted.at("success").as_str()), ("status", "true"));
        server.get(&format!("/rest/customer/{id}")).send().await.refused(404);
        server.refuses(404, server.delete(&format!("/rest/customer/{id}"))).await;
        server.customer("bj444", "bill0004").await;
        server.delete("/rest/customer?format=xml&extCustomerRef=bj444").gives(200).await;
        server.refuses(400, server.delete("/rest/customer")).await;
    }

    async fn c_cus_31_a_customer_with_an_invoice_is_not_deleted(server: Server) {
        server.john().await;
        let messages = server.refuses(400, server.delete("/rest/customer?extCustomerRef=JOHNDOE001")).await;
        assert!(messages[0].contains("suspend"), "{messages:?}");
        server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await;
    }

    async fn all_customers_are_neither_changed_nor_deleted_at_once(server: Server) {
        server.does_not_support("PUT", "/rest/customers", &["POST"]).await;
        server.does_not_support("DELETE", "/rest/customers", &["POST"]).await;
    }

    async fn a_list_of_customers_is_made_whole_or_not_at_all(server: Server) {
        for root in ["list", "customers"] {
            let two = format!("<{root}>{}{}</{root}>", plain_customer_xml(&format!("{root}-1")), customer_xml(&format!("{root}-2"), &format!("{root}user")));
            let made = server.post("/rest/customers?format=xml", two).gives(201).await;
            assert_eq!(made.0.name, "list");
            assert_eq!(made.all("customer/extCustomerRef"), [format!("{root}-1"), format!("{root}-2")]);
            assert_eq!(made.count("customer/billingContact"), 2);
        }
        let wrong = format!("<list>{}{}</list>", plain_customer_xml("NEW"), with(&plain_customer_xml("X"), "name", ""));
        let messages = server.refuses(400, server.post("/rest/customers", wrong)).await;
        assert!(messages.iter().all(|message| message.starts_with("customer[2]: name")), "{messages:?}");
        let taken = format!("<list>{}{}</list>", plain_customer_xml("NEW"), plain_customer_xml("list-1"));
        let messages = server.refuses(400, server.post("/rest/customers", taken)).await;
        assert!(messages[0].starts_with("customer[2]: extCustomerRef"), "{messages:?}");
        // C-BLK-04
        server.refuses(400, server.post("/rest/customers", "<list/>")).await;
        server.refuses(400, server.post("/rest/customer", "<list/>")).await;
    }

    async fn v44_a_customer_and_its_orders_are_made_in_one_call_that_is_on_its_way_out(server: Server) {
        let path = "/rest/customers?format=xml&actionName=addCustomerAndOrder";
        let both = |orders: String| format!("<addCustomerAndOrder>{}{orders}</addCustomerAndOrder>", plain_customer_xml("bj444"));
        let two = format!("<subscriptionOrders>{}{}</subscriptionOrders>", fixed(), fixed());
        for orders in [String::new(), "<subscriptionOrders/>".to_owned(), two.replacen("FIXED-10", "NOPE", 1)] {
            server.refuses(400, server.post(path, both(orders))).await;
        }
        server.refuses(400, server.post("/rest/customers?actionName=nosuch", both(two.clone()))).await;
        let answer = server.post(path, both(two)).send().await;
        assert_eq!(answer.header("deprecation"), "true");
        let made = answer.xml(201);
        assert_eq!(made.0.name, "addCustomerAndOrderResponse");
        made.has(&[("customer/extCustomerRef", "bj444")]);
        assert_eq!(made.all("subscriptionOrder/orderNumber"), ["1007", "1008"]);
        assert_eq!(made.all("subscriptionOrder/customer/@id"), vec![made.at("customer/@id"); 2]);
    }
}
