//! Reading invoices, in three formats (`api.md` §5).

use rust_decimal::Decimal;

use crate::harness::fixtures::{JOHN, order_xml};

on_both! {
    async fn an_invoice_tells_everything_about_its_charges(server: Server) {
        let invoice = server.john().await;
        let xml = server.invoice(invoice.id).await;
        xml.has(&[
            ("invoiceNumber", "1019"),
            ("status", "Outstanding"),
            ("currency/@id", "USD"),
            ("billingPeriod", "Monthly"),
            ("invoiceDate", "2011-09-20"),
            ("dueDate", "2011-09-20"),
            ("billingStartDate", "2011-09-20"),
            ("billingEndDate", "2011-09-30"),
            ("currentAmountDue", "60.50"),
            ("totalDue", "60.50"),
            ("paymentsAndAdjustments", "0.00"),
            ("outstandingBalance", "60.50"),
            ("invoiceLineItems/invoiceLineItem/invoiceText", "White label hosting"),
        ]);
        let charge = "invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge";
        xml.has(&[
            (&format!("{charge}/invoiceText"), "Monthly fee"),
            (&format!("{charge}/billingStartDate"), "2011-09-20"),
            (&format!("{charge}/billingEndDate"), "2011-09-30"),
            (&format!("{charge}/quantity"), "1.00"),
            (&format!("{charge}/unitPrice"), "165.00"),
            (&format!("{charge}/amount"), "60.50"),
        ]);
        assert_eq!(xml.count("ordersIncluded/subscriptionOrder"), 1);
        assert_eq!(xml.count("invoicePayments/invoicePayment"), 0);
    }

    async fn an_invoice_is_found_by_its_number_in_both_spellings(server: Server) {
        let invoice = server.john().await;
        for query in ["invoiceNo=1019", "invoiceNumber=1019", "invoiceNo=1019&invoiceNumber=1019", "%20invoiceNo=1019"] {
            assert_eq!(server.get(&format!("/rest/invoice?format=xml&{query}")).gives(200).await.id(), invoice.id);
        }
        server.get(&format!("/rest/invoice/{}?invoiceNo=1019", invoice.id)).gives(200).await;
        server.refuses(400, server.get("/rest/invoice?invoiceNo=1019&invoiceNumber=1020")).await;
        server.order(JOHN, order_xml("FIXED-10", &[("FLAT", "1")])).await;
        server.refuses(400, server.get(&format!("/rest/invoice/{}?invoiceNo=1020", invoice.id))).await;
    }

    async fn an_invoice_as_pdf_is_a_named_document(server: Server) {
        let invoice = server.john().await;
        for path in [format!("/rest/invoice/{}?format=pdf", invoice.id), "/invoice?format=pdf&invoiceNo=1019".to_owned()] {
            let answer = server.get(&path).send().await;
            answer.is(200);
            assert!(answer.body.starts_with(b"%PDF-"), "{path}");
            assert_eq!(answer.header("content-type"), "application/pdf");
            assert_eq!(answer.header("content-disposition"), "inline; filename=\"invoice-1019.pdf\"");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }

    async fn an_invoice_as_html_is_a_page_without_script(server: Server) {
        let invoice = server.john().await;
        let answer = server.get(&format!("/rest/invoice/{}?format=html", invoice.id)).send().await;
        let html = answer.is(200).text();
        assert_eq!(answer.header("content-type"), "text/html; charset=UTF-8");
        for text in ["1019", "Bill Joseph", "60.50", "Acme Hosting", "Monthly fee"] {
            assert!(html.contains(text), "{text} is not in {html}");
        }
        assert!(!html.contains("<script"), "{html}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }

    async fn what_stands_in_a_name_is_text_in_html(server: Server) {
        let body = crate::harness::fixtures::plain_customer_xml("EVIL")
            .replace("Bill Joseph", "&lt;script&gt;alert(1)&lt;/script&gt;");
        server.post("/rest/customers", body).gives(201).await;
        let invoice = server.order("EVIL", order_xml("FIXED-10", &[("FLAT", "1")])).await;
        let html = server.get(&format!("/rest/invoice/{}?format=html", invoice.id)).send().await.is(200).text();
        assert!(!html.contains("<script"), "{html}");
    }

    async fn an_invoice_that_is_not_there_is_error_xml_in_every_format(server: Server) {
        for format in ["xml", "pdf", "html"] {
            for path in ["/rest/invoice/4711", "/rest/invoice/abc"] {
                server.get(&format!("{path}?format={format}")).send().await.refused(404);
            }
            server.get(&format!("/rest/invoice?invoiceNo=4711&format={format}")).send().await.refused(404);
        }
    }

    async fn c_inv_20_charges_add_up_to_the_cent(server: Server) {
        server.plain_customer(JOHN).await;
        let invoice = server.order(JOHN, order_xml("WHITE-LBL-A", &[("MNTHLY", "3.7")])).await;
        let xml = server.invoice(invoice.id).await;
        let amounts = xml.all("invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge/amount");
        let sum: Decimal = amounts.iter().map(|amount| amount.parse::<Decimal>().unwrap()).sum();
        assert_eq!(sum, xml.at("currentAmountDue").parse().unwrap());
        assert_eq!(server.balance(JOHN).await, xml.at("outstandingBalance"));
    }

    async fn numbers_follow_each_other_and_the_balance_carries_on(server: Server) {
        server.john().await;
        let second = server.order(JOHN, order_xml("FIXED-10", &[("FLAT", "1")])).await;
        assert_eq!(second.number, "1020");
        server.invoice(second.id).await.has(&[
            ("currentAmountDue", "10.00"),
            ("totalDue", "70.50"),
            ("outstandingBalance", "10.00"),
        ]);
    }
}
