//! What becomes of orders: found, listed, changed, acted on, continued by others; and previews of it (`api.md` §4).

use crate::harness::Server;
use crate::harness::fixtures::{JOHN, fixed, order_xml, white_label, with};

const BILLED: &str = "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";
const UNBILLED: &str = "/rest/orders?extCustomerRef=JOHNDOE001";

fn numbered(number: &str) -> String {
    fixed().replace("<contractCode>", &format!("<orderNumber>{number}</orderNumber><contractCode>"))
}

fn update(inside: &str) -> String {
    format!("<subscriptionOrder>{inside}</subscriptionOrder>")
}

fn change(order: i64, inside: &str, new: &str) -> String {
    let new = new.replace("<startDate>2011-09-20</startDate>", "").replace("subscriptionOrder>", "newOrder>");
    format!("<changeOrder><subscriptionOrder id=\"{order}\"/>{inside}{new}</changeOrder>")
}

/// Without what a preview may say otherwise: ids.
fn masked(xml: &str) -> String {
    let mut parts = xml.split(" id=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (id, rest) = part.split_once('"').unwrap_or_default();
        let id = if id.bytes().all(|byte| byte.is_ascii_digit()) { "…" } else { id };
        format!("{text} id=\"{id}\"{rest}")
    })
}

impl Server {
    async fn order_numbers(&self, query: &str) -> Vec<String> {
        self.get(&format!("/rest/orders?{query}")).gives(200).await.all("subscriptionOrder/orderNumber")
    }

    /// The same bytes from the preview, which stores nothing, and from the call.
    async fn is_as_previewed(&self, path: &str, body: &str, status: u16) {
        let sign = if path.contains('?') { '&' } else { '?' };
        let preview = self.post(&format!("{path}{sign}preview=true"), body).header("idempotency-key", "K");
        let previewed = self.stores_nothing(async || preview.clone().send().await).await;
        let real = self.post(path, body).send().await;
        assert_eq!((previewed.status, real.status), (200, status), "{}", real.text());
        assert_eq!(masked(&previewed.text()), masked(&real.text()));
        assert!(real.text().contains("<invoiceNumber>"), "{}", real.text());
    }
}

on_both! {
    async fn an_order_is_found_by_id_and_by_number_under_every_prefix(server: Server) {
        server.rival().await;
        server.plain_customer(JOHN).await;
        let id = server.post(BILLED, numbered("WEB-7")).gives(201).await.id();
        for path in [
            format!("/rest/order/{id}"),
            "/rest/order?orderNumber=WEB-7".to_owned(),
            format!("/rest_v1/order/{id}?orderNumber=WEB-7"),
            format!("/order/{id}/"),
        ] {
            let order = server.get(&path).gives(200).await;
            order.has(&[("@id", &id.to_string()), ("orderNumber", "WEB-7"), ("orderLineItems/orderLineItem/quantity", "1.0")]);
            assert_eq!(order.count("invoices/invoice"), 1);
        }
        server.get("/rest/order").send().await.refused(400);
        server.get("/rest/order/abc").send().await.refused(404);
        server.get("/rest/order?orderNumber=NOPE").send().await.refused(404);
        server.get(&format!("/rest/order/{id}")).rival().send().await.refused(404);
        server.post(UNBILLED, numbered("WEB-8")).gives(201).await;
        server.get(&format!("/rest/order/{id}?orderNumber=WEB-8")).send().await.refused(400);
    }

    async fn orders_are_listed_newest_first_by_what_is_asked(server: Server) {
        let john = server.plain_customer(JOHN).await;
        server.plain_customer("JANE").await;
        server.post(UNBILLED, numbered("A")).gives(201).await;
        server.post("/rest/orders?extCustomerRef=JANE", numbered("B")).gives(201).await;
        server.post(UNBILLED, with(&numbered("C"), "startDate", "2011-10-05")).gives(201).await;
        for (query, found) in [
            ("", &["C", "B", "A"][..]),
            ("max=1&offset=1", &["B"]),
            ("max=0", &[]),
            ("status=Provisioning", &["C"]),
            ("extCustomerRef=JANE", &["B"]),
            (&format!("customerId={john}&status=Active"), &["A"]),
            (&format!("customerId={john}&extCustomerRef=JANE"), &[]),
            ("extCustomerRef=NOBODY", &[]),
            ("startDate=2011-09-21", &["C"]),
            ("endDate=2011-09-20", &["B", "A"]),
            ("startDate=2011-10-06&endDate=2011-10-01", &[]),
        ] {
            assert_eq!(server.order_numbers(query).await, found, "{query}");
        }
        assert_eq!(server.get("/rest/orders?max=2").send().await.header("x-total-count"), "3");
        let all = "/rest/orders?max=-1&offset=x&status=Nope&startDate=1&endDate=2011-02-30&customerId=abc";
        assert_eq!(server.get(all).send().await.refused(400).len(), 6);
        for method in ["PUT", "DELETE"] {
            let answer = server.call(method, "/rest/orders").send().await;
            answer.refused(405);
            assert!(answer.header("allow").contains("POST"), "{}", answer.header("allow"));
        }
    }

    async fn an_update_leaves_what_is_absent_clears_what_is_empty_and_moves_by_the_table(server: Server) {
        server.plain_customer(JOHN).await;
        let id = server.post(BILLED, numbered("A")).gives(201).await.id();
        server.post(UNBILLED, numbered("B")).gives(201).await;
        let path = format!("/rest/order/{id}");
        let put = |inside: &str| server.call("PUT", &path).body(update(inside));
        put("<notes>n</notes><endDate>2011-12-31</endDate>").gives(200).await.has(&[("endDate", "2011-12-31"), ("notes", "n")]);
        put("<endDate/>").gives(200).await.has(&[("endDate", ""), ("notes", "n")]);
        put("<orderStatus>Suspended</orderStatus>").gives(200).await.has(&[("orderStatus", "Suspended")]);
        let by_number = server.call("PUT", "/rest/order?orderNumber=A").body(update("<orderStatus>Active</orderStatus>"));
        by_number.gives(200).await.has(&[("orderStatus", "Active")]);
        let whole = server.get(&path).send().await.text();
        assert_eq!(server.call("PUT", &path).body(whole.clone()).send().await.is(200).text(), whole);
        for inside in [
            "<orderStatus>Complete</orderStatus>",
            "<orderStatus>Nope</orderStatus>",
            "<orderNumber>B</orderNumber>",
            "<endDate>2011-09-19</endDate>",
            "<startDate>2011-09-21</startDate>",
            "<contractCode>WHITE-LBL-A</contractCode>",
            "<orderLineItems><orderLineItem><priceCode>FLAT</priceCode><quantity>2</quantity></orderLineItem></orderLineItems>",
        ] {
            server.refuses(400, put(inside)).await;
        }
        server.refuses(404, server.call("PUT", "/rest/order/999999").body(update(""))).await;
        put("<orderStatus>Canceled</orderStatus>").gives(200).await.has(&[("orderStatus", "Canceled")]);
        assert_eq!(server.balance(JOHN).await, "10.00", "its invoice stays");
        server.refuses(400, put("<orderStatus>Active</orderStatus>")).await;
    }

    async fn an_order_is_deleted_until_it_has_an_invoice(server: Server) {
        server.plain_customer(JOHN).await;
        let billed = server.post(BILLED, fixed()).gives(201).await.id();
        let id = server.post(UNBILLED, fixed()).gives(201).await.id();
        server.post(UNBILLED, numbered("A")).gives(201).await;
        server.refuses(400, server.call("DELETE", &format!("/rest/order/{billed}"))).await;
        server.call("DELETE", &format!("/rest/order/{id}")).gives(200).await.has(&[("success", "true")]);
        server.call("DELETE", "/rest/order?orderNumber=A").gives(200).await;
        server.refuses(404, server.call("DELETE", &format!("/rest/order/{id}"))).await;
        assert_eq!(server.order_numbers("").await.len(), 1);
    }

    async fn c_ord_18_only_an_active_order_is_invoiced_by_an_action(server: Server) {
        server.plain_customer(JOHN).await;
        let id = server.post(UNBILLED, numbered("A")).gives(201).await.id();
        let path = |action: &str| format!("/rest/order/{id}?{action}");
        server.post(&path("action=suspend"), "").gives(200).await.has(&[("orderStatus", "Suspended")]);
        server.refuses(400, server.post(&path("action=generateInvoice"), "")).await;
        server.post("/rest/order?orderNumber=A&actionName=activate", "").gives(200).await.has(&[("orderStatus", "Active")]);
        server.is_as_previewed(&path("action=generateInvoice"), "", 200).await;
        server.refuses(400, server.post(&path("action=generateInvoice"), "")).await;
        for wrong in ["action=explode", "", "action=suspend&preview=true", "action=suspend&actionName=cancel"] {
            server.refuses(400, server.post(&path(wrong), "")).await;
        }
        server.post(&path("action=cancel"), "").gives(200).await.has(&[("orderStatus", "Canceled")]);
        server.refuses(400, server.post(&path("action=activate"), "")).await;
        server.refuses(404, server.post("/rest/order/999999?action=suspend", "")).await;
        let other = server.post(UNBILLED, fixed()).gives(201).await.id();
        server.post(&format!("/rest/customer?extCustomerRef={JOHN}&action=suspend"), "").gives(200).await;
        server.refuses(400, server.post(&format!("/rest/order/{other}?action=generateInvoice"), "")).await;
    }

    async fn many_orders_are_placed_all_or_none(server: Server) {
        server.plain_customer(JOHN).await;
        let list = format!("<list>{}{}</list>", numbered("A"), numbered("B"));
        let wrong = format!("<list>{}{}</list>", numbered("C"), order_xml("NOPE", &[("FLAT", "1")]));
        let messages = server.refuses(400, server.post(BILLED, wrong)).await;
        assert!(messages[0].starts_with("subscriptionOrder[2]"), "{messages:?}");
        server.is_as_previewed(BILLED, &list, 201).await;
        let placed = server.get("/rest/orders").gives(200).await;
        assert_eq!(placed.all("subscriptionOrder/orderNumber"), ["B", "A"]);
        assert_eq!(server.balance(JOHN).await, "20.00");
        server.post("/rest/order?extCustomerRef=JOHNDOE001", fixed()).gives(201).await;
    }

    async fn orders_placed_at_once_show_their_invoices_whole(server: Server) {
        server.plain_customer(JOHN).await;
        let list = format!("<list>{}{}</list>", numbered("A"), numbered("B"));
        let placed = server.post(BILLED, list).gives(201).await;
        assert_eq!(placed.all("subscriptionOrder/invoices/invoice/invoiceNumber"), ["1019", "1020"]);
        assert_eq!(placed.all("subscriptionOrder/invoices/invoice/outstandingBalance"), ["10.00", "10.00"]);
    }

    async fn an_order_with_its_invoice_is_as_it_was_previewed(server: Server) {
        server.plain_customer(JOHN).await;
        server.is_as_previewed(BILLED, &white_label(), 201).await;
    }

    async fn a_change_order_ends_one_order_and_begins_another_as_previewed(server: Server) {
        server.plain_customer(JOHN).await;
        let old = server.post(BILLED, fixed()).gives(201).await.id();
        server.advance("2011-09-30T12:00:00Z").await;
        let three = order_xml("FIXED-10", &[("FLAT", "3")]);
        for (status, body) in [
            (400, change(old, "<effectiveDate>2011-10-01</effectiveDate>", &three)),
            (400, change(old, "<effectiveDate>2011-09-19</effectiveDate>", &three)),
            (400, change(old, "", &order_xml("NOPE", &[("FLAT", "1")]))),
            (404, change(999_999, "", &three)),
        ] {
            server.refuses(status, server.post("/rest/changeOrder", body)).await;
        }
        server.is_as_previewed("/changeOrder", &change(old, "", &three), 201).await;
        server.get(&format!("/rest/order/{old}")).gives(200).await.has(&[("orderStatus", "Superseded")]);
        // 20 of 30 days: 6.67 given back, 20.00 for three.
        assert_eq!(server.balance(JOHN).await, "23.33");
        server.refuses(400, server.post("/rest_v1/changeOrder", change(old, "", &three))).await;
    }
}
