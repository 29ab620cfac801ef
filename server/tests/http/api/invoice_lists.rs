//! `GET /rest/invoices` (`api.md` §5.2).

use crate::harness::fixtures::{APPROVES, JOHN, fixed, invoice_xml, payment_xml, white_label};
use crate::harness::{Answer, Server};

impl Server {
    /// The numbers of a list, with what its headers say of it.
    async fn invoices_listed(&self, query: &str) -> (Vec<String>, String) {
        let answer = self.get(&format!("/rest/invoices?format=xml&{query}")).send().await;
        let xml = answer.xml(200);
        assert_eq!(xml.0.name, "list");
        (xml.all("invoice/invoiceNumber"), paging(&answer))
    }

    async fn numbers(&self, query: &str) -> String {
        self.invoices_listed(query).await.0.join(" ")
    }

    /// An invoice of `reference` with this number, of this day.
    async fn dated(&self, reference: &str, number: &str, day: &str) {
        let more =
            format!("<invoiceNumber>{number}</invoiceNumber><invoiceDate>{day}</invoiceDate><dueDate>{day}</dueDate>");
        self.post(&format!("/rest/invoices?extCustomerRef={reference}"), invoice_xml(&more)).gives(201).await;
    }
}

fn paging(answer: &Answer) -> String {
    ["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name)).join(" ")
}

on_both! {
    async fn c_inv_08_a_list_by_status_and_customer_has_only_those(server: Server) {
        let paid = server.john().await;
        server.post("/rest/payments", payment_xml("", &[paid.id], APPROVES)).gives(201).await;
        server.order(JOHN, fixed()).await;
        server.plain_customer("JANE").await;
        server.order("JANE", fixed()).await;
        server.post("/rest/invoices?extCustomerRef=JANE", invoice_xml("<status>Draft</status>")).gives(201).await;
        assert_eq!(server.numbers(&format!("status=Outstanding&extCustomerRef={JOHN}")).await, "1020");
        assert_eq!(server.numbers("status=Outstanding").await, "1021 1020");
        assert_eq!(server.numbers("status=unpaid").await, "1021 1020");
        assert_eq!(server.numbers("status=Paid").await, "1019");
        assert_eq!(server.numbers("status=Draft").await, "1022");
        assert_eq!(server.numbers("status=Cancelled").await, "");
        assert_eq!(server.numbers("extCustomerRef=JANE").await, "1022 1021");
        assert_eq!(server.numbers("extCustomerRef=NOBODY").await, "");
        server.rival().await;
        assert_eq!(server.get("/rest/invoices").rival().gives(200).await.count("invoice"), 0);
    }

    async fn c_inv_09_a_page_has_fifty_invoices_when_nobody_says_how_many(server: Server) {
        server.plain_customer(JOHN).await;
        let list: String = (0..60).map(|_| invoice_xml("")).collect();
        let made = server.post(&format!("/rest/invoices?extCustomerRef={JOHN}"), format!("<list>{list}</list>"));
        assert_eq!(made.gives(201).await.count("invoice"), 60);
        let (numbers, paging) = server.invoices_listed("").await;
        assert_eq!((numbers.len(), paging.as_str()), (50, "60 0 50"));
        assert_eq!((numbers[0].as_str(), numbers[49].as_str()), ("1078", "1029"), "newest first");
        assert_eq!(server.numbers("offset=58").await, "1020 1019");
        assert_eq!(server.invoices_listed("max=0").await, (Vec::new(), "60 0 0".to_owned()));
        assert_eq!(server.invoices_listed("max=501").await.1, "60 0 500");
        for alias in ["/rest_v1/invoices", "/invoices", "/invoices/", "/rest/invoices/"] {
            assert_eq!(server.get(alias).gives(200).await.count("invoice"), 50, "{alias}");
        }
    }

    async fn days_include_both_ends_and_one_alone_leaves_the_other_open(server: Server) {
        server.plain_customer(JOHN).await;
        for (number, day) in [("A", "2011-08-31"), ("B", "2011-09-01"), ("C", "2011-09-30"), ("D", "2011-10-01")] {
            server.dated(JOHN, number, day).await;
        }
        for (query, numbers) in [
            ("startDate=2011-09-01&endDate=2011-09-30", "C B"),
            ("startDate=2011-09-30", "D C"),
            ("endDate=2011-09-01", "B A"),
            ("startDate=2011-09-30&endDate=2011-09-01", ""),
            ("startDate=2012-01-01", ""),
            ("dueBefore=2011-09-30", "B A"),
            ("dueBefore=2011-10-01", "C B A"),
            ("invoiceNumber=C", "C"),
            ("invoiceNo=C", "C"),
            ("invoiceNumber=C&endDate=2011-09-01", ""),
            ("updatedSince=2011-09-20", "D C B A"),
            ("updatedSince=2011-09-21", ""),
        ] {
            assert_eq!(server.numbers(query).await, numbers, "{query}");
        }
    }

    async fn invoices_of_a_list_are_whole(server: Server) {
        server.plain_customer(JOHN).await;
        let john = server.order(JOHN, white_label().replace("<startDate>", "<orderNumber>O1</orderNumber><startDate>")).await;
        server.post("/rest/payments", payment_xml("10.00", &[john.id], APPROVES)).gives(201).await;
        let order = server.get(&format!("/rest/invoice/{}", john.id)).gives(200).await.at("ordersIncluded/subscriptionOrder/@id");
        server.dated(JOHN, "M", "2011-09-20").await;
        let list = server.get("/rest/invoices").send().await.is(200).text();
        for id in [john.id, server.get("/rest/invoice?invoiceNo=M").gives(200).await.id()] {
            let alone = server.get(&format!("/rest/invoice/{id}")).send().await.text();
            let alone = alone.split_once("?>").map_or(alone.as_str(), |(_, rest)| rest).trim().to_owned();
            assert!(list.contains(&alone), "{alone} is not in {list}");
        }
        assert_eq!(server.get("/rest/invoices?orderNumber=4711").gives(200).await.count("invoice"), 0);
        let of_order = server.get("/rest/invoices?orderNumber=O1").gives(200).await;
        assert_eq!(of_order.all("invoice/ordersIncluded/subscriptionOrder/@id"), [order]);
    }

    async fn every_wrong_parameter_of_a_list_is_told_at_once(server: Server) {
        let wrong = "startDate=2011-02-30&endDate=x&status=open&customerId=abc&dueBefore=1&updatedSince=y&offset=-1&max=z";
        let messages = server.refuses(400, server.get(&format!("/rest/invoices?{wrong}"))).await;
        for name in ["startDate", "endDate", "status", "customerId", "dueBefore", "updatedSince", "offset", "max"] {
            assert!(messages.iter().any(|message| message.starts_with(name)), "{name}: {messages:?}");
        }
        assert_eq!(messages.len(), 8);
        server.refuses(400, server.get("/rest/invoices?format=pdf")).await;
    }

    async fn invoices_are_neither_changed_nor_deleted_in_bulk(server: Server) {
        for method in ["PUT", "DELETE"] {
            let answer = server.call(method, "/rest/invoices").send().await;
            answer.refused(405);
            let allow = answer.header("allow");
            assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
        }
    }
}
