//! Invoices changed and cancelled (`api.md` §5.2), and the figures that every format shows.

use lopdf::Document;

use crate::harness::fixtures::{APPROVES, JOHN, fixed, invoice_xml, payment_xml};
use crate::harness::{Call, Server};

const CHARGE: &str = "invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge";

impl Server {
    fn change(&self, id: i64, inside: &str) -> Call<'_> {
        self.call("PUT", &format!("/rest/invoice/{id}")).body(format!("<invoice>{inside}</invoice>"))
    }

    fn cancel(&self, id: i64) -> Call<'_> {
        self.call("DELETE", &format!("/rest/invoice/{id}"))
    }

    async fn pdf_text(&self, path: &str) -> String {
        let pdf = self.get(path).send().await;
        let pdf = Document::load_mem(&pdf.is(200).body).unwrap();
        let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
        pdf.extract_text(&pages).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

on_both! {
    async fn an_unpaid_invoice_changes_and_the_difference_is_owed(server: Server) {
        let invoice = server.john().await;
        let xml = server.get(&format!("/rest/invoice/{}", invoice.id)).send().await.text();
        let body = xml.replace("<amount>60.50</amount>", "<amount>50.00</amount>");
        let changed = server.call("PUT", "/rest/invoice?invoiceNumber=1019").body(body).gives(200).await;
        changed.has(&[("currentAmountDue", "50.00"), ("outstandingBalance", "50.00"), (&format!("{CHARGE}/amount"), "50.00")]);
        assert_eq!(changed.at(&format!("{CHARGE}/@id")), server.invoice(invoice.id).await.at(&format!("{CHARGE}/@id")));
        assert_eq!(server.balance(JOHN).await, "50.00");
        let order = server.get(&format!("/rest/customer?extCustomerRef={JOHN}")).gives(200).await;
        order.has(&[("customerFinancials/lifetimeValue", "50.00")]);
        let inside = "<dueDate>2011-12-31</dueDate><invoiceNotes>Late</invoiceNotes><crmInvoiceId>c</crmInvoiceId>";
        server.change(invoice.id, inside).gives(200).await
            .has(&[("dueDate", "2011-12-31"), ("invoiceNotes", "Late"), ("crmInvoiceId", "c"), ("currentAmountDue", "50.00")]);
        server.change(invoice.id, "<invoiceNotes/>").gives(200).await.has(&[("invoiceNotes", ""), ("dueDate", "2011-12-31")]);
        let again = server.get(&format!("/rest/invoice/{}", invoice.id)).send().await.text();
        server.call("PUT", "/rest/invoice?invoiceNo=1019").body(again).gives(200).await;
        assert_eq!(server.balance(JOHN).await, "50.00", "sent back as it was read, nothing changes");
    }

    async fn what_an_invoice_was_billed_for_and_what_is_paid_or_cancelled_does_not_change(server: Server) {
        let invoice = server.john().await;
        let xml = server.get(&format!("/rest/invoice/{}", invoice.id)).send().await.text();
        server.stores_nothing(async || {
            let moved = xml.replace("<billingStartDate>2011-09-20</billingStartDate>", "<billingStartDate>2011-09-21</billingStartDate>");
            server.refuses(400, server.call("PUT", "/rest/invoice?invoiceNo=1019").body(moved)).await;
            for inside in ["<invoiceNumber>1</invoiceNumber>", "<currency id=\"EUR\"/>", "<status>Paid</status>",
                "<status>Cancelled</status>", "<dueDate>2011-09-19</dueDate>", "<dueDate>x</dueDate>", "<dueDate/>",
                "<invoiceLineItems/>", "<extCustomerRef>JANE</extCustomerRef>",
                "<crmInvoiceId>12345678901234567890123456</crmInvoiceId>",
                "<invoiceLineItems><invoiceLineItem id=\"1\"><invoiceText>x</invoiceText><amount>1</amount></invoiceLineItem></invoiceLineItems>"] {
                server.refuses(400, server.change(invoice.id, inside)).await;
            }
            server.refuses(400, server.call("PUT", "/rest/invoice").body("<invoice/>")).await;
            server.refuses(404, server.change(4711, "")).await;
            server.refuses(404, server.call("PUT", "/rest/invoice?invoiceNo=4711").body("<invoice/>")).await;
            server.refuses(400, server.call("PUT", &format!("/rest/invoice/{}", invoice.id)).body("<invoice>")).await;
        }).await;
        server.post("/rest/payments", payment_xml("10.00", &[invoice.id], APPROVES)).gives(201).await;
        let lines = "<invoiceLineItems><invoiceLineItem><invoiceText>x</invoiceText><amount>1</amount></invoiceLineItem></invoiceLineItems>";
        server.refuses(400, server.change(invoice.id, lines)).await;
        server.refuses(400, server.change(invoice.id, "<invoiceDate>2011-09-19</invoiceDate>")).await;
        server.change(invoice.id, "<dueDate>2011-12-31</dueDate>").gives(200).await;
        let other = server.order(JOHN, fixed()).await;
        server.cancel(other.id).gives(200).await;
        server.refuses(400, server.change(other.id, "<invoiceNotes>x</invoiceNotes>")).await;
    }

    async fn c_inv_16_a_cancelled_invoice_stays_and_nobody_owes_it(server: Server) {
        let invoice = server.john().await;
        server.order(JOHN, fixed()).await;
        let order = server.invoice(invoice.id).await.at("ordersIncluded/subscriptionOrder/@id");
        assert_eq!(server.balance(JOHN).await, "70.50");
        let answer = server.call("DELETE", "/rest/invoice?invoiceNumber=1019").gives(200).await;
        answer.has(&[("success", "true")]);
        assert_eq!(server.balance(JOHN).await, "10.00");
        server.invoice(invoice.id).await.has(&[
            ("status", "Cancelled"), ("outstandingBalance", "0.00"), ("currentAmountDue", "60.50"),
            ("ordersIncluded/subscriptionOrder/@id", &order),
        ]);
        server.advance("2011-11-01T00:00:00Z").await;
        let later = server.get("/rest/invoices?startDate=2011-09-21").gives(200).await;
        assert!(!later.all("invoice/invoiceLineItems/invoiceLineItem/billingStartDate").contains(&"2011-09-20".to_owned()),
            "what was cancelled is not billed again by itself");
        assert!(later.count("invoice") > 0, "but the order goes on");
    }

    async fn c_inv_17_a_paid_invoice_and_a_cancelled_one_are_not_cancelled(server: Server) {
        let paid = server.john().await;
        server.post("/rest/payments", payment_xml("", &[paid.id], APPROVES)).gives(201).await;
        let in_part = server.order(JOHN, fixed()).await;
        server.post("/rest/payments", payment_xml("1.00", &[in_part.id], APPROVES)).gives(201).await;
        let cancelled = server.order(JOHN, fixed()).await;
        server.cancel(cancelled.id).gives(200).await;
        server.stores_nothing(async || {
            for id in [paid.id, in_part.id, cancelled.id] {
                server.refuses(400, server.cancel(id)).await;
            }
            server.refuses(404, server.cancel(4711)).await;
            server.refuses(400, server.call("DELETE", "/rest/invoice")).await;
            server.refuses(400, server.call("DELETE", &format!("/rest/invoice/{}?suspendOrders=perhaps", in_part.id))).await;
        }).await;
        server.refuses(400, server.post("/rest/payments", payment_xml("1", &[cancelled.id], APPROVES))).await;
    }

    async fn cancelling_with_its_orders_suspends_them_and_they_bill_no_more(server: Server) {
        let invoice = server.john().await;
        let path = format!("/rest/invoice/{}?suspendOrders=true", invoice.id);
        server.call("DELETE", &path).gives(200).await;
        server.advance("2011-11-02T00:00:00Z").await;
        assert_eq!(server.get("/rest/invoices").gives(200).await.count("invoice"), 1);
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn c_inv_19_every_format_shows_the_same_figures(server: Server) {
        let invoice = server.john().await;
        server.post("/rest/payments", payment_xml("10.25", &[invoice.id], APPROVES)).gives(201).await;
        server.post(&format!("/rest/invoices?extCustomerRef={JOHN}"), invoice_xml("")).gives(201).await;
        for number in ["1019", "1020"] {
            let path = |format: &str| format!("/rest/invoice?invoiceNo={number}&format={format}");
            let xml = server.get(&path("xml")).gives(200).await;
            let html = server.get(&path("html")).send().await.is(200).text();
            let pdf = server.pdf_text(&path("pdf")).await;
            for name in ["currentAmountDue", "outstandingBalance", "invoiceNumber", &format!("{CHARGE}/amount"), &format!("{CHARGE}/unitPrice")] {
                let figure = xml.at(name);
                assert!(html.contains(&figure), "{name} {figure} is not in {html}");
                assert!(pdf.contains(&figure), "{name} {figure} is not in {pdf}");
            }
            for text in ["Bill Joseph", "60.50"] {
                assert!(pdf.contains(text), "{text} is not in {pdf}");
            }
        }
    }

    async fn each_amount_is_explained_on_request(server: Server) {
        let invoice = server.john().await;
        let path = |format: &str| format!("/rest/invoice/{}?format={format}&explain=", invoice.id);
        let xml = server.get(&format!("{}true", path("xml"))).gives(200).await;
        let explanation = xml.at(&format!("{CHARGE}/explanation"));
        assert!(explanation.contains("11"), "{explanation}");
        let html = server.get(&format!("{}true", path("html"))).send().await.is(200).text();
        assert!(html.contains(&explanation), "{explanation} is not in {html}");
        let pdf = server.pdf_text(&format!("{}true", path("pdf"))).await;
        assert!(pdf.contains(&explanation), "{explanation} is not in {pdf}");
        for format in ["xml", "html"] {
            let text = server.get(&format!("{}false", path(format))).send().await.is(200).text();
            assert!(!text.contains(&explanation), "{text}");
        }
        assert!(!server.pdf_text(&format!("{}false", path("pdf"))).await.contains(&explanation));
        server.refuses(400, server.get(&format!("{}maybe", path("xml")))).await;
    }
}
