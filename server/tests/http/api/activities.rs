//! Usage: uploaded, listed, and billed with its period (`api.md` §4, §4.1).

use crate::harness::fixtures::{JOHN, fixed, order_xml, white_label, with};
use crate::harness::{Server, Xml};

const ACTIVITIES: &str = "/rest/activities";

/// The fee of 165.00 a month, and pages: 100 are included, then 1.65 each.
fn pages() -> String {
    order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("PAGES", "1")])
}

fn pages_until(end: &str) -> String {
    pages().replace("<contractCode>", &format!("<endDate>{end}</endDate><contractCode>"))
}

/// Pages of John's order 1007.
fn used(quantity: &str, day: &str, reference: &str) -> String {
    format!(
        "<activity><extCustomerRef>{JOHN}</extCustomerRef><orderNumber>1007</orderNumber><priceCode>PAGES</priceCode>\
         <quantity>{quantity}</quantity><chargeDate>{day}</chargeDate><extRefId>{reference}</extRefId></activity>"
    )
}

fn list(activities: &[String]) -> String {
    format!("<list>{}</list>", activities.concat())
}

const ONE: &str = "<list><activity><priceCode>PAGES</priceCode><quantity>1</quantity></activity></list>";

impl Server {
    /// John, and his order 1007; its id. Invoice 1019 is made.
    async fn printing(&self, order: String) -> i64 {
        self.plain_customer(JOHN).await;
        let path = format!("/rest/orders?extCustomerRef={JOHN}&generateInvoice=true");
        self.post(&path, order).gives(201).await.id()
    }

    async fn upload(&self, activities: &[String]) -> Xml {
        self.post(ACTIVITIES, list(activities)).gives(201).await
    }

    async fn usage(&self, query: &str) -> Xml {
        self.get(&format!("{ACTIVITIES}{query}")).gives(200).await
    }

    async fn numbered(&self, number: &str) -> Xml {
        self.get(&format!("/rest/invoice?invoiceNumber={number}")).gives(200).await
    }

    /// (priceCode's text, amount) of an invoice's charges.
    async fn charges(&self, number: &str) -> Vec<String> {
        let invoice = self.numbered(number).await;
        let path = "invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge";
        let (texts, amounts) = (invoice.all(&format!("{path}/invoiceText")), invoice.all(&format!("{path}/amount")));
        assert_eq!(texts.len(), amounts.len());
        texts.into_iter().zip(amounts).map(|(text, amount)| format!("{text} {amount}")).collect()
    }

    /// A to C are billed, D and E not yet. B and E are Jane's, of her order 1008.
    async fn used_by_two(&self) {
        self.plain_customer("JANE").await;
        self.order("JANE", pages()).await;
        let janes = |quantity: &str, day: &str, reference: &str| {
            with(&with(&used(quantity, day, reference), "extCustomerRef", "JANE"), "orderNumber", "1008")
        };
        self.upload(&[used("150", "2011-09-21", "A"), janes("150", "2011-09-21", "B"), used("1", "2011-09-30", "C")])
            .await;
        self.advance("2011-10-02T00:00:00Z").await;
        self.upload(&[used("4", "2011-10-01", "D"), janes("5", "2011-10-02", "E")]).await;
    }

    /// (reference, status, unit price, amount) of all activities, in their order.
    async fn rated(&self) -> Vec<String> {
        let listed = self.usage("").await;
        let of = |name: &str| listed.all(&format!("activity/{name}"));
        let columns = [of("extRefId"), of("status"), of("unitPrice"), of("amount")];
        (0..listed.count("activity"))
            .map(|row| columns.each_ref().map(|column| column[row].clone()).join(" "))
            .collect()
    }
}

on_both! {
    async fn usage_is_taken_and_shown(server: Server) {
        let order = server.printing(pages()).await;
        let customer = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        let by_ids = format!(
            "<activity><customer id=\"{customer}\"/><order id=\"{order}\"/><priceCode>PAGES</priceCode>\
             <quantity>0.5</quantity><invoiceText>Letters</invoiceText></activity>"
        );
        let taken = server.upload(&[used("12.25", "2011-09-28", "U-1"), by_ids]).await;
        assert_eq!((taken.0.name.as_str(), taken.count("activity")), ("list", 2));
        assert_eq!(taken.all("activity/chargeDate"), ["2011-09-28", "2011-09-20"], "today, where it is not said");
        assert_eq!(taken.all("activity/quantity"), ["12.25", "0.50"]);
        assert_eq!(taken.all("activity/extRefId"), ["U-1", ""]);
        assert_eq!(taken.all("activity/invoiceText"), ["", "Letters"]);
        for (path, expected) in [("status", "Unbilled"), ("unitPrice", ""), ("amount", ""), ("dateCreated", "2011-09-20")] {
            assert_eq!(taken.all(&format!("activity/{path}")), [expected, expected], "{path}");
        }
        assert_eq!(taken.all("activity/customer@id"), [customer.to_string(), customer.to_string()]);
        assert_eq!(taken.all("activity/order@id"), [order.to_string(), order.to_string()]);
        let batches = taken.all("activity/activityBatch@id");
        assert_eq!(batches[0], batches[1]);
        // By day, then by id.
        let listed = server.usage("").await;
        let mut ids = taken.all("activity@id");
        ids.reverse();
        assert_eq!(listed.all("activity@id"), ids);
    }

    async fn v10_v14_v18_usage_of_one_order_in_every_spelling(server: Server) {
        let order = server.printing(pages()).await;
        for path in [
            format!("/order/{order}/activities?format=xml"),
            format!("/rest/order/{order}/activities"),
            format!("/rest_v1/order/{order}/activities/"),
            "/rest/order/activities?orderNumber=1007".to_owned(),
            "/order/activities?orderNumber=1007".to_owned(),
            format!("/rest/order/{order}/activities?orderNumber=1007"),
        ] {
            let taken = server.post(&path, ONE).gives(201).await;
            assert_eq!(taken.at("activity/order@id"), order.to_string(), "{path}");
            for method in ["PUT", "DELETE"] {
                let answer = server.call(method, &path).body(ONE).send().await;
                answer.refused(405);
                assert_eq!(answer.header("allow"), "POST", "{method} {path}");
            }
        }
        for path in ["/activities", "/rest/activities", "/rest_v1/activities/"] {
            for method in ["PUT", "DELETE"] {
                let answer = server.call(method, path).body("<list/>").send().await;
                answer.refused(405);
                assert_eq!(answer.header("allow"), "GET,HEAD,POST", "{method} {path}");
            }
        }
    }

    async fn usage_of_an_order_that_is_not_there_or_of_another_is_refused(server: Server) {
        let order = server.printing(pages()).await;
        for (path, status) in [
            (format!("/order/{}/activities", order + 100_000), 404),
            ("/order/abc/activities".to_owned(), 404),
            ("/rest/order/activities?orderNumber=9".to_owned(), 404),
            ("/rest/order/activities".to_owned(), 400),
            (format!("/order/{order}/activities?orderNumber=9"), 404),
            (format!("/order/{order}/activities?format=json"), 400),
            (format!("/order/{order}/activities?action=suspend"), 400),
        ] {
            server.refuses(status, server.post(&path, ONE)).await;
        }
        server.rival().await;
        let foreign = server.post(&format!("/rest/order/{order}/activities"), ONE).rival();
        server.refuses(404, foreign).await;
        for other in ["<orderNumber>1008</orderNumber>", "<extCustomerRef>JANE</extCustomerRef>"] {
            let body = ONE.replace("<priceCode>", &format!("{other}<priceCode>"));
            server.refuses(400, server.post(&format!("/order/{order}/activities"), body)).await;
        }
    }

    async fn an_upload_that_is_sent_again_is_answered_and_stored_once(server: Server) {
        server.printing(pages()).await;
        let both = [used("1", "2011-09-20", "U-1"), used("2", "2011-09-21", "U-2")];
        let first = server.upload(&both).await;
        let again = server.stores_nothing(async || server.upload(&both).await).await;
        assert_eq!(again.0, first.0);
        // With something new among it, and without the day, which is as good as the one that it got.
        let undated = used("1", "2011-09-20", "U-1").replace("<chargeDate>2011-09-20</chargeDate>", "");
        let more = server.upload(&[used("3", "2011-09-22", "U-3"), undated]).await;
        assert_eq!(more.all("activity/extRefId"), ["U-3", "U-1"]);
        assert_eq!(more.all("activity@id")[1], first.all("activity@id")[0]);
        // Long after it was billed, too.
        server.advance("2011-10-05T00:00:00Z").await;
        let late = server.stores_nothing(async || server.upload(&both).await).await;
        assert_eq!(late.all("activity/status"), ["Processed", "Processed"]);
        for other in [
            used("1.5", "2011-09-20", "U-1"),
            used("1", "2011-09-21", "U-1"),
            with(&used("1", "2011-09-20", "U-1"), "priceCode", "MNTHLY"),
            used("1", "2011-09-20", "U-1").replace("<extRefId>", "<invoiceText>Other</invoiceText><extRefId>"),
            used("1", "2011-09-20", "U-1").replace("<extRefId>", "<chargeEndDate>2011-09-20</chargeEndDate><extRefId>"),
        ] {
            let call = server.post(ACTIVITIES, list(&[used("9", "2011-09-20", "NEW"), other]));
            let messages = server.refuses(400, call).await;
            assert_eq!(messages, ["activity[2]: extRefId U-1 is already used by an activity with other content."]);
        }
        let twice = server.post(ACTIVITIES, list(&[used("9", "2011-09-20", "X"), used("9", "2011-09-20", "X")]));
        let messages = server.refuses(400, twice).await;
        assert_eq!(messages, ["activity[2]: extRefId is given to another activity of the list; it must be unique."]);
        // Another merchant's references are its own.
        assert_eq!(server.usage("").await.count("activity"), 3);
    }

    async fn the_same_request_under_a_key_is_stored_once_though_it_has_no_references(server: Server) {
        server.printing(pages()).await;
        let body = list(&[used("1", "2011-09-20", "")]);
        let call = server.post(ACTIVITIES, body).header("idempotency-key", "usage-1");
        let first = call.clone().send().await;
        let second = call.send().await;
        assert_eq!((first.status, second.status), (201, 201));
        assert_eq!((second.text(), second.header("idempotency-replayed").as_str()), (first.text(), "true"));
        assert_eq!(server.usage("").await.count("activity"), 1);
    }

    async fn whatever_is_wrong_is_told_of_each_activity_and_nothing_is_stored(server: Server) {
        server.printing(pages_until("2011-10-15")).await;
        server.rival().await;
        server.plain_customer("JANE").await;
        server.order("JANE", white_label()).await;
        let draft = pages().replace("<contractCode>", "<orderStatus>Draft</orderStatus><contractCode>");
        server.post("/rest/orders?extCustomerRef=JOHNDOE001", draft).gives(201).await;
        let good = || used("1", "2011-09-20", "");
        for (wrong, says) in [
            (with(&good(), "quantity", "0"), "quantity must be greater than 0."),
            (with(&good(), "quantity", "-1"), "quantity must be greater than 0."),
            (with(&good(), "quantity", "many"), "quantity must be"),
            (with(&good(), "quantity", "1.1234567"), "quantity may have at most 6 decimals."),
            (with(&good(), "quantity", "1000000000000"), "quantity must be at most 999999999999.99."),
            (with(&good(), "quantity", ""), "quantity is required."),
            (with(&good(), "priceCode", ""), "priceCode is required."),
            (with(&good(), "priceCode", "FAXES"), "priceCode must be that of a line of the order."),
            (with(&good(), "priceCode", "FLAT"), "priceCode must be that of a line of the order."),
            (with(&good(), "priceCode", "MNTHLY"), "priceCode must be that of a usage charge."),
            (with(&good(), "orderNumber", "77"), "order must name an order, by its id, its orderNumber, or both."),
            (with(&good(), "orderNumber", "1008"), "customer must be the customer of the order."),
            (with(&good(), "orderNumber", "1009"), "order must not be a Draft: what is used of it is not charged."),
            (with(&good(), "orderNumber", ""), "order is required, with its id or orderNumber."),
            (with(&good(), "extCustomerRef", "JANE"), "customer must be the customer of the order."),
            (with(&good(), "extCustomerRef", "NOBODY"), "customer must be the customer of the order."),
            (with(&good(), "extCustomerRef", ""), "customer is required, with its id or extCustomerRef."),
            (with(&good(), "chargeDate", "2011-09-19"), "chargeDate must be a day on which the order runs; 2011-09-19 is not."),
            (with(&good(), "chargeDate", "2011-10-16"), "chargeDate must be a day on which the order runs; 2011-10-16 is not."),
            (with(&good(), "chargeDate", "2011-02-30"), "chargeDate must be"),
            (with(&good(), "chargeDate", "yesterday"), "chargeDate must be"),
            (good().replace("<extRefId>", "<chargeEndDate>2011-09-19</chargeEndDate><extRefId>"), "chargeEndDate must not be before chargeDate."),
            (with(&good(), "extRefId", &"x".repeat(51)), "extRefId may have at most 50 characters."),
        ] {
            let messages = server.refuses(400, server.post(ACTIVITIES, list(&[good(), wrong.clone()]))).await;
            let expected = format!("activity[2]: {says}");
            assert!(messages[0].starts_with(&expected), "{wrong}\n{messages:?}, not {expected}");
        }
        let two = list(&[with(&good(), "priceCode", "FAXES"), good(), with(&good(), "orderNumber", "77")]);
        assert_eq!(server.refuses(400, server.post(ACTIVITIES, two)).await.len(), 2, "every one is told");
        for body in ["", "<list/>", "<list></list>", "<activity/>", "<orders/>", "<list><order/></list>", "<list>", "[]"] {
            server.refuses(400, server.post(ACTIVITIES, body)).await;
        }
        server.refuses(400, server.post("/rest/activities?action=undo", list(&[good()]))).await;
        let foreign = server.post(ACTIVITIES, list(&[good()])).rival();
        server.refuses(400, foreign).await;
    }

    async fn a_thousand_come_at_once_and_no_more_in_five_megabytes(server: Server) {
        server.printing(pages()).await;
        let all: Vec<String> = (0..1001).map(|n| used("1", "2011-09-20", &format!("U-{n}"))).collect();
        let messages = server.refuses(400, server.post(ACTIVITIES, list(&all))).await;
        assert_eq!(messages, ["list may hold at most 1000 activity elements."]);
        // More than other calls take.
        let padded = format!("{}{}", list(&all[..1000]), " ".repeat(4 * 1024 * 1024));
        let answer = server.post(ACTIVITIES, padded.clone()).header("idempotency-key", "all").send().await;
        answer.is(201);
        assert_eq!(answer.text().matches("</activity>").count(), 1000);
        let page = server.get("/rest/activities?max=1000&offset=950").send().await;
        let totals = ["x-total-count", "x-offset", "x-max"].map(|name| page.header(name));
        assert_eq!(totals, ["1000", "950", "100"], "at most 100 a call");
        assert_eq!(page.xml(200).count("activity"), 50);
        let too_large = format!("{}{}", list(&all[..1]), " ".repeat(6 * 1024 * 1024));
        server.refuses(413, server.post(ACTIVITIES, too_large.clone())).await;
        server.refuses(413, server.post("/rest/order/activities?orderNumber=1007", too_large)).await;
        server.refuses(413, server.post("/rest/customers", padded)).await;
    }

    async fn lists_are_cut_by_everything_together(server: Server) {
        server.printing(pages()).await;
        server.used_by_two().await;
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        let billed = server.numbered("1021").await;
        let of_john = billed.at("customer/@id") == john.to_string();
        let (johns, janes) = if of_john { ("1021", "1022") } else { ("1022", "1021") };
        for (query, expected) in [
            (String::new(), "ABCDE"),
            ("?max=2".to_owned(), "AB"),
            ("?max=2&offset=3".to_owned(), "DE"),
            ("?offset=9".to_owned(), ""),
            ("?max=0".to_owned(), ""),
            ("?extCustomerRef=JANE".to_owned(), "BE"),
            (format!("?customerId={john}"), "ACD"),
            (format!("?customerId={john}&extCustomerRef=JANE"), ""),
            ("?extCustomerRef=NOBODY".to_owned(), ""),
            ("?customerId=1".to_owned(), ""),
            ("?orderNumber=1008".to_owned(), "BE"),
            ("?orderNumber=1008&extCustomerRef=JOHNDOE001".to_owned(), ""),
            ("?orderNumber=77".to_owned(), ""),
            (format!("?invoiceNumber={johns}"), "AC"),
            (format!("?invoiceNumber={janes}"), "B"),
            (format!("?invoiceNumber={janes}&orderNumber=1007"), ""),
            ("?invoiceNumber=1019".to_owned(), ""),
            ("?invoiceNumber=4711".to_owned(), ""),
            ("?priceCode=PAGES".to_owned(), "ABCDE"),
            ("?priceCode=PAGES&max=1".to_owned(), "A"),
            ("?priceCode=MNTHLY".to_owned(), ""),
            ("?priceCode=NOSUCH".to_owned(), ""),
            ("?beginDate=2011-09-30".to_owned(), "CDE"),
            ("?endDate=2011-09-30".to_owned(), "ABC"),
            ("?beginDate=2011-09-30&endDate=2011-10-01".to_owned(), "CD"),
            ("?beginDate=2011-10-01&endDate=2011-09-30".to_owned(), ""),
            (format!("?max=50&offset=0&extCustomerRef=JOHNDOE001&customerId={john}&orderNumber=1007&invoiceNumber={johns}\
                &priceCode=PAGES&beginDate=2011-09-21&endDate=2011-09-29"), "A"),
        ] {
            let answer = server.get(&format!("{ACTIVITIES}{query}")).send().await;
            assert_eq!(answer.xml(200).all("activity/extRefId").concat(), expected, "{query}");
            if !["max", "offset"].iter().any(|name| query.contains(name)) {
                assert_eq!(answer.header("x-total-count"), expected.len().to_string(), "{query}");
            }
        }
        server.rival().await;
        let foreign = server.get(&format!("{ACTIVITIES}?customerId={john}")).rival().gives(200).await;
        assert_eq!(foreign.count("activity"), 0);
    }

    async fn a_list_that_is_asked_for_wrongly_is_refused(server: Server) {
        for query in [
            "max=-1", "max=many", "offset=-1", "offset=1.5", "customerId=JOHN", "customerId=0", "beginDate=20110901",
            "endDate=2011-02-30", "beginDate=never", "format=json", "format=pdf",
        ] {
            let messages = server.refuses(400, server.get(&format!("{ACTIVITIES}?{query}"))).await;
            let name = query.split('=').next().unwrap_or_default();
            assert!(messages[0].contains(name), "{query}: {messages:?}");
        }
    }

    async fn usage_is_billed_with_the_next_fee_and_what_comes_late_with_the_one_after(server: Server) {
        server.printing(pages()).await;
        server.upload(&[used("80", "2011-09-20", "A"), used("70", "2011-09-30", "B"), used("30", "2011-10-01", "C")]).await;
        server.advance("2011-09-30T23:59:59Z").await;
        assert!(server.rated().await.iter().all(|activity| activity.ends_with(" Unbilled  ")));
        server.advance("2011-10-01T00:00:00Z").await;
        assert_eq!(server.charges("1020").await, ["Printed pages 82.50", "Monthly fee 165.00"]);
        server.numbered("1020").await.has(&[("invoiceDate", "2011-10-01"), ("currentAmountDue", "247.50")]);
        let rated = server.rated().await;
        assert_eq!(rated, ["A Processed 0.00 0.00", "B Processed 1.1785714286 82.50", "C Unbilled  "]);
        // Ten pages of September, told in October: as if they had been there in time.
        server.upload(&[used("10", "2011-09-25", "D"), used("80", "2011-10-31", "E")]).await;
        server.advance("2011-11-01T00:00:00Z").await;
        let charges = server.charges("1021").await;
        assert_eq!(charges, ["Printed pages 16.50", "Printed pages 16.50", "Monthly fee 165.00"]);
        assert_eq!(server.usage("?invoiceNumber=1021").await.all("activity/amount"), ["16.50", "0.00", "16.50"]);
        server.advance("2011-12-01T00:00:00Z").await;
        assert_eq!(server.charges("1022").await, ["Monthly fee 165.00"]);
        assert_eq!(server.usage("").await.count("activity"), 5);
    }

    async fn usage_that_costs_nothing_makes_no_invoice_and_is_processed(server: Server) {
        server.printing(pages_until("2011-09-30")).await;
        server.upload(&[used("100", "2011-09-30", "A")]).await;
        server.advance("2011-10-05T00:00:00Z").await;
        server.get("/rest/invoice?invoiceNumber=1020").send().await.refused(404);
        assert_eq!(server.rated().await, ["A Processed 0.00 0.00"]);
        // The order is complete; what it used before may come all the same, and is billed by the next run.
        server.upload(&[used("2", "2011-09-21", "B")]).await;
        let after = server.post(ACTIVITIES, list(&[used("1", "2011-10-01", "C")]));
        server.refuses(400, after).await;
        server.advance("2011-10-06T00:00:00Z").await;
        assert_eq!(server.charges("1020").await, ["Printed pages 3.30"]);
        server.advance("2011-12-01T00:00:00Z").await;
        server.get("/rest/invoice?invoiceNumber=1021").send().await.refused(404);
        assert_eq!(server.rated().await, ["B Processed 1.65 3.30", "A Processed 0.00 0.00"]);
    }

    async fn a_day_at_a_time_or_all_at_once_bills_the_same_and_nothing_twice(engine: Engine) {
        let mut outcomes = Vec::new();
        for by_day in [true, false] {
            let server = Server::start(engine).await;
            server.printing(pages_until("2011-11-20")).await;
            server.upload(&[
                used("99.5", "2011-09-29", "A"), used("1.3", "2011-09-30", "B"), used("120", "2011-10-31", "C"),
                used("101", "2011-11-20", "D"),
            ]).await;
            if by_day {
                for (month, days) in [("09", 21..=30), ("10", 1..=31), ("11", 1..=30)] {
                    for day in days {
                        server.advance(&format!("2011-{month}-{day:02}T09:00:00Z")).await;
                    }
                }
            }
            server.advance("2011-12-02T00:00:00Z").await;
            let mut invoices = Vec::new();
            for number in ["1020", "1021", "1022"] {
                invoices.push(server.charges(number).await);
            }
            server.get("/rest/invoice?invoiceNumber=1023").send().await.refused(404);
            outcomes.push((invoices, server.rated().await, server.balance(JOHN).await));
        }
        let expected = [
            vec!["Printed pages 1.32".to_owned(), "Monthly fee 165.00".to_owned()],
            vec!["Printed pages 33.00".to_owned(), "Monthly fee 110.00".to_owned()],
            vec!["Printed pages 1.65".to_owned()],
        ];
        assert_eq!(outcomes[0].0, expected);
        assert_eq!(outcomes[0], outcomes[1]);
    }

    async fn who_orders_no_pages_can_not_use_any(server: Server) {
        server.plain_customer(JOHN).await;
        server.order(JOHN, fixed()).await;
        server.refuses(400, server.post(ACTIVITIES, list(&[used("1", "2011-09-20", "")]))).await;
    }
}
