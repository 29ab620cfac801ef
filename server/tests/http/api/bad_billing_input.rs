//! Bad input at a glance (`api.md` appendix B), of orders, usage and invoices: a table for each row of it. Every refusal
//! names what is wrong, and nothing is stored.

use super::bad_input::{NOT_SUPPORTED, row};
use crate::harness::Server;
use crate::harness::fixtures::{JOHN, fixed, invoice_xml, order_xml, white_label, with, without};

const USAGE: &str = "<list><activity><priceCode>PAGES</priceCode><quantity>1</quantity></activity></list>";
const ORDERS: &str = "POST /rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";

impl Server {
    /// John with an order that was never invoiced, another that was, and the invoice; their ids.
    async fn billed(&self) -> (i64, i64, i64) {
        self.plain_customer(JOHN).await;
        let pages = order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("PAGES", "1")]);
        let unbilled = self.post("/rest/orders?extCustomerRef=JOHNDOE001", pages).gives(201).await.id();
        let billed = self.post("/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true", fixed()).gives(201).await;
        (unbilled, billed.id(), billed.at("invoices/invoice/@id").parse().unwrap())
    }
}

on_both! {
    async fn row_all_of_bodies_of_billing(server: Server) {
        let (order, _, invoice) = server.billed().await;
        for (request, root) in [
            (ORDERS.to_owned(), "subscriptionOrder"),
            (format!("PUT /rest/order/{order}"), "subscriptionOrder"),
            ("POST /rest/changeOrder".to_owned(), "changeOrder"),
            ("POST /rest/invoices?extCustomerRef=JOHNDOE001".to_owned(), "invoice"),
            (format!("PUT /rest/invoice/{invoice}"), "invoice"),
            ("POST /rest/activities".to_owned(), "list"),
            (format!("POST /rest/order/{order}/activities"), "list"),
        ] {
            let must = "The root element must be ";
            server.refuses_rows(vec![
                row("malformed", &request, format!("<{root}>"), 400, "org.xml.sax.SAXParseException: "),
                row("empty", &request, "", 400, "Premature end of file."),
                row("JSON", &request, "{\"name\":\"Ann\"}", 400, "Content is not allowed in prolog"),
                row("wrong root", &request, "<customer/>", 400, must),
                row("DOCTYPE", &request, format!("<!DOCTYPE {root}><{root}/>"), 400, "DOCTYPE is not allowed"),
            ]).await;
            let limit = if request.ends_with("activities") { 5 } else { 1 } * 1024 * 1024;
            let large = format!("<{root}>{}</{root}>", " ".repeat(limit));
            server.refuses_rows(vec![row("too large", &request, large, 413, &format!("at most {limit} bytes"))]).await;
            let (method, path) = request.split_once(' ').unwrap();
            let sign = if path.contains('?') { '&' } else { '?' };
            let call = server.call(method, &format!("{path}{sign}format=pdf")).body(format!("<{root}/>"));
            assert!(server.refuses(400, call).await[0].starts_with("format must be"), "{request}");
        }
    }

    async fn row_all_of_orders_and_invoices_that_are_not_here(server: Server) {
        server.rival().await;
        server.billed().await;
        server.post("/rest/customers", crate::harness::fixtures::plain_customer_xml("R")).rival().gives(201).await;
        let of_rival = order_xml("RIVAL-20", &[("FLAT", "1")]);
        let foreign = server.post("/rest/orders?extCustomerRef=R&generateInvoice=true", of_rival).rival().gives(201).await;
        let (order, invoice) = (foreign.id().to_string(), foreign.at("invoices/invoice/@id"));
        for (order, invoice) in [("999999999", "999999999"), ("abc", "abc"), (order.as_str(), invoice.as_str())] {
            server.refuses_rows(vec![
                row("order", &format!("GET /rest/order/{order}"), "", 404, "order not found"),
                row("order", &format!("PUT /rest/order/{order}"), "<subscriptionOrder/>", 404, "order not found"),
                row("order", &format!("DELETE /rest/order/{order}"), "", 404, "order not found"),
                row("order", &format!("POST /rest/order/{order}?action=suspend"), "", 404, "order not found"),
                row("order", &format!("POST /rest/order/{order}?action=generateInvoice"), "", 404, "order not found"),
                row("usage", &format!("POST /rest/order/{order}/activities"), USAGE, 404, "order not found"),
                row("invoice", &format!("GET /rest/invoice/{invoice}"), "", 404, "invoice not found"),
                row("invoice", &format!("GET /rest/invoice/{invoice}?format=pdf"), "", 404, "invoice not found"),
                row("invoice", &format!("PUT /rest/invoice/{invoice}"), "<invoice/>", 404, "invoice not found"),
                row("invoice", &format!("DELETE /rest/invoice/{invoice}"), "", 404, "invoice not found"),
            ]).await;
        }
    }

    async fn row_orders(server: Server) {
        let (_, billed, _) = server.billed().await;
        let good = white_label();
        let inside = |more: &str| good.replace("<contractCode>", &format!("{more}<contractCode>"));
        let twice = order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("MNTHLY", "1")]);
        server.refuses_rows(vec![
            row("no contractCode", ORDERS, without(&good, "contractCode"), 400, "contractCode is required"),
            row("contractCode", ORDERS, with(&good, "contractCode", "NOPE"), 400, "contractCode"),
            row("priceCode", ORDERS, with(&good, "priceCode", "NOPE"), 400, "priceCode"),
            row("no priceCode", ORDERS, without(&good, "priceCode"), 400, "priceCode is required"),
            row("a priceCode twice", ORDERS, twice, 400, "priceCode"),
            row("no quantity", ORDERS, without(&good, "quantity"), 400, "quantity is required"),
            row("quantity 0", ORDERS, with(&good, "quantity", "0"), 400, "quantity must be greater than 0"),
            row("quantity -1", ORDERS, with(&good, "quantity", "-1"), 400, "quantity must be greater than 0"),
            row("quantity x", ORDERS, with(&good, "quantity", "x"), 400, "quantity must be"),
            row("no lines", ORDERS, with(&good, "startDate", "2011-09-20").replace(&good[good.find("<orderLineItems>").unwrap()..], "</subscriptionOrder>"), 400, "orderLineItems"),
            row("startDate", ORDERS, with(&good, "startDate", "2011-02-30"), 400, "startDate must be a date"),
            row("endDate", ORDERS, inside("<endDate>2011-09-19</endDate>"), 400, "endDate"),
            row("duplicate number", ORDERS, inside("<orderNumber>1008</orderNumber>"), 400, "orderNumber is already used"),
            row("bulk PUT", "PUT /rest/orders", "<list/>", 405, NOT_SUPPORTED),
            row("bulk DELETE", "DELETE /rest/orders", "", 405, NOT_SUPPORTED),
            row("no customer", "POST /rest/orders", good.clone(), 400, "customer"),
            row("unknown customer", "POST /rest/orders?extCustomerRef=NOBODY", good.clone(), 404, "customer not found"),
            row("delete when invoiced", &format!("DELETE /rest/order/{billed}"), "", 400, "it was billed"),
            row("nothing to bill", &format!("POST /rest/order/{billed}?action=generateInvoice"), "", 400, "nothing to invoice"),
            row("unknown action", &format!("POST /rest/order/{billed}?action=explode"), "", 400, "action must be one of"),
            row("two actions", &format!("POST /rest/order/{billed}?action=suspend&actionName=cancel"), "", 400, "name different operations"),
            row("usage PUT", &format!("PUT /rest/order/{billed}/activities"), USAGE, 405, NOT_SUPPORTED),
            row("usage DELETE", &format!("DELETE /rest/order/{billed}/activities"), "", 405, NOT_SUPPORTED),
            row("usage PUT", "PUT /rest/activities", USAGE, 405, NOT_SUPPORTED),
            row("usage DELETE", "DELETE /rest/activities", "", 405, NOT_SUPPORTED),
        ]).await;
    }

    async fn row_invoices(server: Server) {
        let (_, _, invoice) = server.billed().await;
        let made = "POST /rest/invoices?extCustomerRef=JOHNDOE001";
        let one = format!("/rest/invoice/{invoice}");
        server.refuses_rows(vec![
            row("no number", "GET /rest/invoice", "", 400, "invoiceNumber"),
            row("no number", "PUT /rest/invoice", "<invoice/>", 400, "invoiceNumber"),
            row("no number", "DELETE /rest/invoice", "", 400, "invoiceNumber"),
            row("two numbers", "GET /rest/invoice?invoiceNo=1&invoiceNumber=2", "", 400, "name different invoices"),
            row("bad date", "GET /rest/invoices?startDate=2011-02-30", "", 400, "startDate must be a date"),
            row("bad date", "GET /rest/invoices?endDate=20110920", "", 400, "endDate must be a date"),
            row("bad date", "GET /rest/invoices?dueBefore=x", "", 400, "dueBefore must be a date"),
            row("bad status", "GET /rest/invoices?status=Open", "", 400, "status must be one of"),
            row("bad format", &format!("GET {one}?format=json"), "", 400, "format must be one of xml, pdf, html"),
            row("bulk PUT", "PUT /rest/invoices", "<list/>", 405, NOT_SUPPORTED),
            row("bulk DELETE", "DELETE /rest/invoices", "", 405, NOT_SUPPORTED),
            row("no line", made, "<invoice/>", 400, "invoiceLineItems"),
            row("no customer", "POST /rest/invoices", invoice_xml(""), 400, "customer"),
            row("unknown customer", "POST /rest/invoices?extCustomerRef=NOBODY", invoice_xml(""), 404, "customer not found"),
            row("number taken", made, invoice_xml("<invoiceNumber>1019</invoiceNumber>"), 400, "invoiceNumber is already used"),
            row("totals", made, invoice_xml("<currentAmountDue>60.48</currentAmountDue>"), 400, "currentAmountDue"),
            row("payments", made, invoice_xml("<invoicePayments><invoicePayment/></invoicePayments>"), 400, "invoicePayments"),
            row("suspendOrders", &format!("DELETE {one}?suspendOrders=perhaps"), "", 400, "suspendOrders must be true or false"),
        ]).await;
        server.call("DELETE", &one).gives(200).await;
        server.refuses_rows(vec![
            row("edit of a cancelled one", &format!("PUT {one}"), "<invoice><invoiceNotes>n</invoiceNotes></invoice>", 400, "Cancelled"),
            row("cancelled again", &format!("DELETE {one}"), "", 400, "already Cancelled"),
        ]).await;
    }

    async fn row_plans(server: Server) {
        server.refuses_rows(vec![
            row("no key", "GET /rest/plan", "", 400, "contractCode"),
            row("unknown", "GET /rest/plan?contractCode=NOPE", "", 404, "plan not found"),
            row("unknown", "GET /rest/plan/999999999", "", 404, "plan not found"),
            row("paging", "GET /rest/plans?max=-1", "", 400, "max must be a whole number"),
            row("verb", "POST /rest/plans", "<list/>", 405, NOT_SUPPORTED),
            row("verb", "PUT /rest/plan/1", "<contractOffering/>", 405, NOT_SUPPORTED),
            row("verb", "DELETE /rest/plan/1", "", 405, NOT_SUPPORTED),
        ]).await;
    }
}
