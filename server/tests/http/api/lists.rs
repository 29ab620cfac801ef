//! Lists of customers, what is done with one, and how their statuses changed (`api.md` §1.7, §1.8, §2.4, §2.7).

use testkit::organization::ACME;

use crate::harness::fixtures::{customer_xml, plain_customer_xml, with};
use crate::harness::{Answer, Server};

impl Server {
    /// The references of a list, with what its headers say of it.
    async fn listed(&self, query: &str) -> (Vec<String>, String) {
        let answer = self.get(&format!("/rest/customers?format=xml{query}")).send().await;
        let xml = answer.xml(200);
        assert_eq!(xml.0.name, "list");
        (xml.all("customer/extCustomerRef"), paging(&answer))
    }

    async fn references(&self, query: &str) -> Vec<String> {
        self.listed(query).await.0
    }
}

/// Total, offset and max.
fn paging(answer: &Answer) -> String {
    ["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name)).join(" ")
}

fn numbered(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(|number| format!("P{number:03}")).collect()
}

on_both! {
    async fn c_lst_customers_are_listed_by_id_in_pages_by_status_and_by_search(server: Server) {
        for reference in numbered(1..=60) {
            let body = plain_customer_xml(&reference);
            let body = if reference.as_str() <= "P010" { with(&body, "status", "Overdue1") } else { body };
            server.post("/rest/customers", body).gives(201).await;
        }
        server.rival().await;
        assert_eq!(server.listed("").await, (numbered(1..=50), "60 0 50".to_owned()));
        assert_eq!(server.listed("&offset=50").await, (numbered(51..=60), "60 50 50".to_owned()));
        assert_eq!(server.listed("&offset=5&max=2").await, (numbered(6..=7), "60 5 2".to_owned()));
        assert_eq!(server.listed("&offset=60").await, (Vec::<String>::new(), "60 60 50".to_owned()));
        // C-LST-07
        let empty = server.get("/rest/customers?max=0").send().await;
        assert!(empty.is(200).text().ends_with("<list/>"), "{}", empty.text());
        assert_eq!(paging(&empty), "60 0 0");
        // C-LST-09
        assert_eq!(server.listed("&max=100000").await, (numbered(1..=60), "60 0 500".to_owned()));
        assert_eq!(server.listed("&status=Overdue1").await, (numbered(1..=10), "10 0 50".to_owned()));
        // C-LST-13
        assert_eq!(server.listed("&search=p007").await, (numbered(7..=7), "1 0 50".to_owned()));
        assert_eq!(server.references("&search=P05&status=Active&max=3&offset=1").await, numbered(51..=53));
        assert_eq!(server.references("&search=p05&status=Overdue1").await, Vec::<String>::new());
        let rivals = server.get("/rest/customers").rival().send().await;
        assert_eq!((rivals.xml(200).count("customer"), paging(&rivals)), (0, "0 0 50".to_owned()));
        for alias in ["/rest_v1/customers", "/customers", "/rest/customers/"] {
            assert_eq!(server.get(alias).gives(200).await.count("customer"), 50, "{alias}");
        }
    }

    async fn a_listed_customer_is_what_retrieving_it_gives(server: Server) {
        let id = server.customer("bj444", "bill0004").await;
        let one = server.get(&format!("/rest/customer/{id}")).send().await.text();
        for term in ["BILL+JO", "bj444", "bill", "joseph", "bmontgomery.com", "BILL0004"] {
            let list = server.get(&format!("/rest/customers?search={term}")).send().await.text();
            let inside = one.split_once("?>").unwrap().1;
            assert!(list.contains(&format!("<list>{inside}</list>")), "{term}: {list}");
        }
        for term in ["chicago", "324", "bill%25", "%00", "%27%20OR%201=1"] {
            assert_eq!(server.references(&format!("&search={term}")).await, Vec::<String>::new(), "{term}");
        }
        assert_eq!(server.references("&search=").await, ["bj444"], "nothing is searched for");
    }

    async fn c_lst_20_times_are_of_the_organizations_zone_and_whole_minutes(engine: Engine) {
        let zone = ACME.replace("time_zone = \"UTC\"", "time_zone = \"America/New_York\"");
        let server = Server::with(engine, &zone.replace("2011-09-20T12:00:00Z", "2011-09-20T14:30:45Z")).await;
        server.plain_customer("X").await;
        server.advance("2011-09-20T15:00:00Z").await;
        server.plain_customer("Y").await;
        let both = ["X", "Y"];
        for (query, found) in [
            ("&createEndTime=201109201030", &both[..1]),
            ("&createEndTime=201109201029", &[]),
            ("&createStartTime=201109201030", &both[..]),
            ("&createStartTime=201109201031", &both[1..]),
            ("&createStartTime=201109201030&createEndTime=201109201030", &both[..1]),
            ("&createStartTime=201109201100", &both[1..]),
            ("&createStartTime=201109201101", &[]),
            // C-LST-26
            ("&createStartTime=201109201100&createEndTime=201109201030", &[]),
            ("&updateStartTime=201109201030&updateEndTime=201109201059", &both[..1]),
            ("&updateEndTime=209912312359", &both[..]),
        ] {
            assert_eq!(server.references(query).await, found, "{query}");
        }
        server.post("/rest/customer?extCustomerRef=X&action=suspend", "").gives(200).await;
        assert_eq!(server.references("&updateStartTime=201109201100").await, both);
        assert_eq!(server.references("&updateStartTime=201109201100&status=Suspended1").await, both[..1]);
    }

    async fn what_is_wrong_with_a_list_is_told_by_name_and_all_at_once(server: Server) {
        // C-LST-08, C-LST-11, C-LST-25
        for (query, named) in [
            ("max=-1", "max"),
            ("max=ten", "max"),
            ("max=1.5", "max"),
            ("offset=-1", "offset"),
            ("offset=x", "offset"),
            ("status=Nope", "status"),
            ("status=active", "status"),
            ("createStartTime=20101231120", "createStartTime"),
            ("createEndTime=201013011200", "createEndTime"),
            ("updateStartTime=2010-12-31", "updateStartTime"),
            ("updateEndTime=201012312460", "updateEndTime"),
            ("format=pdf", "format"),
        ] {
            let messages = server.get(&format!("/rest/customers?{query}")).send().await.refused(400);
            assert!(messages.len() == 1 && messages[0].starts_with(&format!("{named} ")), "{query}: {messages:?}");
        }
        let long = "x".repeat(256);
        let all = format!("/rest/customers?max=-1&offset=x&status=Nope&createEndTime=1&search={long}");
        assert_eq!(server.get(&all).send().await.refused(400).len(), 5);
        let all = "/rest/customers/transitions?max=-1&startDate=1&endDate=2011-02-30&daysAgo=x";
        assert_eq!(server.get(all).send().await.refused(400).len(), 4);
        // C-TRN-10
        for query in ["daysAgo=-1", "daysAgo=x", "startDate=2011-09-01&daysAgo=-1", "startDate=20110901", "endDate=x"] {
            server.get(&format!("/rest/customers/transitions?{query}")).send().await.refused(400);
        }
        server.call("DELETE", "/rest/customers/transitions").send().await.refused(405);
        server.call("PUT", "/rest/customers").send().await.refused(405);
    }

    async fn a_customer_is_suspended_and_activated_by_either_form_and_either_word(server: Server) {
        let id = server.plain_customer("JOHN").await;
        for (path, status) in [
            (format!("/rest/customer/{id}?format=xml&actionName=suspend"), "Suspended1"),
            (format!("/rest/customer/{id}?action=suspend"), "Suspended1"),
            ("/rest/customer?format=xml&extCustomerRef=JOHN&actionName=activate".to_owned(), "Active"),
            ("/rest/customer?extCustomerRef=JOHN&action=suspend&actionName=suspend".to_owned(), "Suspended1"),
            (format!("/customer/{id}?extCustomerRef=JOHN&action=activate"), "Active"),
        ] {
            let done = server.post(&path, "").gives(200).await;
            done.has(&[("@id", &id.to_string()), ("status", status), ("billingContact/firstName", "Bill")]);
        }
        server.post(&format!("/rest/customer/{id}?action=suspend"), "<any/>").gives(200).await;
        // C-ACT-08: suspended twice was one transition.
        let listed = server.get("/rest/customers/transitions").gives(200).await;
        assert_eq!(listed.all("customerTransition/newStatus"), ["Suspended1", "Active", "Suspended1", "Active", "Suspended1"]);
    }

    async fn what_is_no_action_is_refused_and_changes_nothing(server: Server) {
        let id = server.plain_customer("JOHN").await;
        server.plain_customer("JANE").await;
        for (status, path, body) in [
            // C-ACT-04, C-ACT-06
            (400, format!("/rest/customer/{id}?action=suspend&actionName=activate"), ""),
            (400, format!("/rest/customer/{id}"), ""),
            (400, format!("/rest/customer/{id}?action="), ""),
            (400, format!("/rest/customer/{id}?action=explode"), ""),
            (400, format!("/rest/customer/{id}?action=suspend"), "<open>"),
            (400, format!("/rest/customer/{id}?action=suspend&format=pdf"), ""),
            (400, format!("/rest/customer/{id}?action=suspend&extCustomerRef=JANE"), ""),
            (400, "/rest/customer?action=suspend".to_owned(), ""),
            (400, "/rest/customer?extCustomerRef=JOHN&action=suspend".to_owned(), "{}"),
            (400, "/rest/customer".to_owned(), ""),
            (400, "/rest/customers?action=suspend".to_owned(), "<customer/>"),
            (404, "/rest/customer?extCustomerRef=NOBODY&action=suspend".to_owned(), ""),
            (404, "/rest/customer/999999?action=suspend".to_owned(), ""),
            (404, "/rest/customer/john?action=suspend".to_owned(), ""),
        ] {
            let messages = server.refuses(status, server.post(&path, body)).await;
            assert!(!messages[0].is_empty(), "{path}");
        }
    }

    async fn transitions_are_listed_with_their_customers_by_days_of_which_some_are_meant_when_none_are_given(server: Server) {
        let id = server.post("/rest/customers", customer_xml("JRICH", "jrich001")).gives(201).await.id();
        let act = |action| server.post(&format!("/rest/customer/{id}?action={action}"), "");
        act("suspend").gives(200).await;
        server.advance("2011-10-20T12:00:00Z").await;
        act("activate").gives(200).await;
        server.advance("2011-10-21T12:00:00Z").await;
        act("suspend").gives(200).await;
        let all = [("2011-09-20", "Active", "Suspended1"), ("2011-10-20", "Suspended1", "Active"), ("2011-10-21", "Active", "Suspended1")];
        for (query, found, headers) in [
            ("", &all[1..], "2 0 50"),
            ("&endDate=2011-10-20", &all[..2], "2 0 50"),
            ("&startDate=2011-09-20", &all[..], "3 0 50"),
            ("&startDate=2011-09-21&endDate=2011-10-20", &all[1..2], "1 0 50"),
            ("&endDate=2011-10-20&daysAgo=30", &all[..2], "2 0 50"),
            ("&endDate=2011-10-20&daysAgo=29", &all[1..2], "1 0 50"),
            ("&daysAgo=0", &all[2..], "1 0 50"),
            ("&startDate=2011-09-20&endDate=2011-10-21&daysAgo=0", &all[..], "3 0 50"),
            ("&startDate=2011-09-20&offset=1&max=1", &all[1..2], "3 1 1"),
            ("&startDate=2011-09-20&max=0", &[], "3 0 0"),
            // C-TRN-11
            ("&startDate=2011-10-21&endDate=2011-10-20", &[], "0 0 50"),
            ("&daysAgo=9999999999", &all[..], "3 0 50"),
        ] {
            let answer = server.get(&format!("/rest/customers/transitions?format=xml{query}")).send().await;
            let xml = answer.xml(200);
            let of = |name: &str| xml.all(&format!("customerTransition/{name}"));
            let (days, before, after) = (of("dateTransitioned"), of("previousStatus"), of("newStatus"));
            let listed: Vec<(&str, &str, &str)> =
                days.iter().zip(&before).zip(&after).map(|((day, before), after)| (&**day, &**before, &**after)).collect();
            assert_eq!(listed, found, "{query}");
            assert_eq!(paging(&answer), headers, "{query}");
            assert_eq!(of("customer/@id"), vec![id.to_string(); found.len()]);
            assert_eq!(of("customer/extCustomerRef"), vec!["JRICH"; found.len()]);
            assert_eq!(of("customer/billingContact/username"), vec!["jrich001"; found.len()]);
        }
        server.rival().await;
        let rivals = server.get("/rest/customers/transitions").rival().gives(200).await;
        assert_eq!(rivals.count("customerTransition"), 0);
    }
}
