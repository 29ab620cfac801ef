//! Designed cases that no other test is named after; each once, as it stands in the list.

use crate::harness::fixtures::{customer_xml, plain_customer_xml, with};
use crate::harness::{Call, Server};

const SALES: &str = "<salesContact><firstName>Sal</firstName><lastName>Ship</lastName>\
                     <emailPrimary>sal@example.com</emailPrimary></salesContact>";

impl Server {
    async fn references_of(&self, query: &str) -> Vec<String> {
        let list = self.get(&format!("/rest/customers?format=xml{query}")).gives(200).await;
        assert_eq!(list.0.name, "list");
        list.all("customer/extCustomerRef")
    }

    pub async fn transitions(&self) -> usize {
        self.get("/rest/customers/transitions?format=xml").gives(200).await.count("customerTransition")
    }

    /// Refused, naming the field at the beginning of a message.
    async fn refuses_field(&self, call: Call<'_>, field: &str) {
        let messages = self.refuses(400, call).await;
        assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
    }
}

on_both! {
    async fn c_cus_13_an_unknown_currency_is_refused(server: Server) {
        let body = customer_xml("bj444", "bill0004").replace("\"USD\"", "\"XXX\"");
        server.refuses_field(server.post("/rest/customers?format=xml", body), "currency").await;
    }

    async fn c_cus_18_a_reference_of_51_characters_is_refused_and_of_50_taken(server: Server) {
        let body = with(&plain_customer_xml("x"), "extCustomerRef", &"é".repeat(51));
        server.refuses_field(server.post("/rest/customers?format=xml", body), "extCustomerRef").await;
        let longest = "é".repeat(50);
        let id = server.post("/rest/customers", plain_customer_xml(&longest)).gives(201).await.id();
        let found = server.get(&format!("/rest/customer?extCustomerRef={longest}")).gives(200).await;
        assert_eq!((found.id(), found.at("extCustomerRef")), (id, longest));
    }

    async fn c_con_07_a_second_sales_contact_is_refused(server: Server) {
        let id = server.plain_customer("CRM392").await;
        for path in [format!("/rest/customer/{id}/salesContact?format=xml"), "/rest/customer/salesContact?extCustomerRef=CRM392".to_owned()] {
            if path.contains(&id.to_string()) {
                server.post(&path, SALES).gives(201).await;
            }
            let messages = server.refuses(400, server.post(&path, SALES)).await;
            assert!(messages[0].contains("salesContact") && messages[0].contains("PUT"), "{messages:?}");
        }
    }

    async fn c_con_15_a_billing_contact_keeps_its_address_when_the_new_one_is_nonsense(server: Server) {
        server.plain_customer("CRM392").await;
        let path = "/rest/customer/billingContact?format=xml&extCustomerRef=CRM392";
        let body = "<billingContact><workPhone>1</workPhone><emailPrimary>nonsense</emailPrimary></billingContact>";
        server.refuses_field(server.call("PUT", path).body(body), "emailPrimary must be an e-mail address").await;
        let contact = server.get(path).gives(200).await;
        contact.has(&[("emailPrimary", "Bill@bmontgomery.com"), ("workPhone", "324 555 879")]);
    }

    async fn c_con_19_the_billing_contact_can_not_be_deleted(server: Server) {
        let id = server.plain_customer("CRM392").await;
        let path = format!("/rest/customer/{id}/billingContact");
        server.refuses(405, server.call("DELETE", &path)).await;
        server.get(&path).gives(200).await.has(&[("lastName", "Joseph")]);
    }

    async fn c_lst_07_at_most_none_is_an_empty_list(server: Server) {
        server.plain_customer("P001").await;
        let answer = server.get("/rest/customers?format=xml&max=0").send().await;
        answer.xml(200);
        assert!(answer.text().ends_with("<list/>"), "{}", answer.text());
        assert_eq!(answer.header("x-total-count"), "1");
    }

    async fn c_lst_08_a_page_is_cut_by_whole_numbers_from_zero(server: Server) {
        for (query, field) in [("max=-1", "max"), ("offset=-1", "offset"), ("max=ten", "max"), ("max=99999999999999999999", "max")] {
            server.refuses_field(server.get(&format!("/rest/customers?format=xml&{query}")), field).await;
        }
    }

    async fn c_lst_09_a_page_has_at_most_500(server: Server) {
        for part in 0..3 {
            let members: String = (0..170).map(|n| plain_customer_xml(&format!("L{part}-{n}"))).collect();
            server.post("/rest/customers", format!("<list>{members}</list>")).gives(201).await;
        }
        let answer = server.get("/rest/customers?format=xml&max=100000").send().await;
        assert_eq!(answer.xml(200).count("customer"), 500);
        assert_eq!((answer.header("x-total-count"), answer.header("x-max")), ("510".to_owned(), "500".to_owned()));
        assert_eq!(server.references_of("&offset=500&max=100000").await.len(), 10);
    }

    async fn c_lst_11_an_unknown_status_is_refused_with_the_known_ones(server: Server) {
        let messages = server.refuses(400, server.get("/rest/customers?format=xml&status=Nope")).await;
        assert!(messages[0].starts_with("status must be one of Active, Overdue1"), "{messages:?}");
    }

    async fn c_lst_13_a_search_does_not_mind_the_case(server: Server) {
        for reference in ["P007", "P008"] {
            server.plain_customer(reference).await;
        }
        assert_eq!(server.references_of("&search=p007").await, ["P007"]);
        assert_eq!(server.references_of("&search=P007").await, ["P007"]);
    }

    async fn c_lst_25_a_time_of_eleven_digits_is_refused(server: Server) {
        let call = server.get("/rest/customers?format=xml&createStartTime=20101231120");
        server.refuses_field(call, "createStartTime must be a time").await;
    }

    async fn c_lst_26_a_range_that_ends_before_it_starts_is_empty(server: Server) {
        server.plain_customer("P001").await;
        let both = "&createStartTime=201109210000&createEndTime=201109190000";
        assert_eq!(server.references_of(both).await, Vec::<String>::new());
        assert_eq!(server.references_of(&both.replace("create", "update")).await, Vec::<String>::new());
    }

    async fn c_blk_04_an_empty_list_makes_nobody(server: Server) {
        for body in ["<list/>", "<customers/>", "<list> </list>"] {
            let messages = server.refuses(400, server.post("/rest/customers?format=xml", body)).await;
            assert!(messages[0].contains("at least one customer"), "{messages:?}");
        }
    }

    async fn c_act_04_two_actions_at_once_are_refused(server: Server) {
        let id = server.plain_customer("JOHN").await;
        let path = format!("/rest/customer/{id}?format=xml&action=suspend&actionName=activate");
        server.refuses_field(server.post(&path, ""), "action and actionName").await;
        server.get(&format!("/rest/customer/{id}")).gives(200).await.has(&[("status", "Active")]);
    }

    async fn c_act_06_without_an_action_nothing_is_done(server: Server) {
        let id = server.plain_customer("JOHN").await;
        server.refuses_field(server.post(&format!("/rest/customer/{id}?format=xml"), ""), "action is required").await;
    }

    async fn c_act_08_suspending_twice_is_one_transition(server: Server) {
        let id = server.plain_customer("JOHN").await;
        let before = server.transitions().await;
        for _ in 0..2 {
            let suspended = server.post(&format!("/rest/customer/{id}?format=xml&actionName=suspend"), "").gives(200).await;
            suspended.has(&[("status", "Suspended1")]);
        }
        assert_eq!(server.transitions().await, before + 1);
    }

    async fn c_trn_10_days_ago_is_a_whole_number_from_zero(server: Server) {
        for days in ["-1", "x", "1.5"] {
            let call = server.get(&format!("/rest/customers/transitions?format=xml&endDate=2011-09-20&daysAgo={days}"));
            server.refuses_field(call, "daysAgo must be a whole number").await;
        }
    }

    async fn c_trn_11_days_that_end_before_they_start_are_an_empty_list(server: Server) {
        let id = server.plain_customer("JOHN").await;
        server.post(&format!("/rest/customer/{id}?action=suspend"), "").gives(200).await;
        let path = "/rest/customers/transitions?format=xml&startDate=2011-09-21&endDate=2011-09-20";
        assert_eq!(server.get(path).gives(200).await.count("customerTransition"), 0);
        assert_eq!(server.transitions().await, 1);
    }
}
