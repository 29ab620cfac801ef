//! Every address of orders, usage, invoices and payments that the vendors' documentation prints (`api.md` §12), as it is
//! printed, but for the ids.

use crate::harness::fixtures::{JOHN, invoice_xml, order_xml, payment_xml, white_label};
use crate::harness::{Answer, Server};

/// (number, pattern, status, root of the answer). `345` and `341` are an order, `234` an invoice, `INV2001` its number,
/// `12345` a payment.
const PATTERNS: &[(u8, &str, u16, &str)] = &[
    (1, "GET /invoices/", 200, "list"),
    (1, "POST /invoices/", 201, "invoice"),
    (1, "PUT /invoices/", 405, "status"),
    (1, "DELETE /invoices/", 405, "status"),
    (2, "GET /payment/12345", 200, "payment"),
    (3, "GET /invoice/234?format=xml", 200, "invoice"),
    (5, "GET /invoice?format=xml& invoiceNo=INV2001", 200, "invoice"),
    (6, "GET /invoices?format=xml& startDate=2009-12-01& endDate=2011-12-31", 200, "list"),
    (6, "GET /invoices?format=xml& startDate=2009-12-01& endDate=2009-12-31", 200, "list"),
    (10, "POST /order/345/activities?format=xml", 201, "list"),
    (11, "PUT /invoice/234?format=xml", 200, "invoice"),
    (14, "PUT /order/345/activities?format=xml", 405, "status"),
    (15, "DELETE /order/345?format=xml", 200, "status"),
    (18, "DELETE /order/345/activities?format=xml", 405, "status"),
    (19, "POST /order/345?format=xml& action=suspend", 200, "subscriptionOrder"),
    (20, "POST /order/345?format=xml& action=generateInvoice", 200, "invoice"),
    (57, "POST /orders?format=xml&extCustomerRef=JOHNDOE001&generateInvoice=true", 201, "subscriptionOrder"),
    (58, "POST /payments?format=xml&extCustomerRef=JOHNDOE001", 201, "payment"),
];

const USAGE: &str = "<list><activity><priceCode>PAGES</priceCode><quantity>1</quantity></activity></list>";

impl Server {
    /// Sends a pattern about an order, an invoice and a payment of its own.
    async fn send_billing_pattern(&self, pattern: &str, prefix: &str) -> Answer {
        let (method, address) = pattern.split_once(' ').unwrap();
        let pages = order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("PAGES", "1")]);
        let order = self.post("/rest/orders?extCustomerRef=JOHNDOE001", pages).gives(201).await.id();
        let invoice = self.order(JOHN, white_label()).await;
        let payment =
            self.post("/rest/payments?extCustomerRef=JOHNDOE001", payment_xml("1.00", &[], "4111111111111111"));
        let payment = payment.gives(201).await.id();
        let mut address = address.replace("& ", "&%20");
        for (printed, own) in [("345", order), ("234", invoice.id), ("12345", payment)] {
            address = address.replace(&format!("/{printed}"), &format!("/{own}"));
        }
        let address = address.replace("INV2001", &invoice.number);
        let body = match (method, address.split('?').next().unwrap()) {
            ("POST", "/invoices/") => invoice_xml(&format!("<extCustomerRef>{JOHN}</extCustomerRef>")),
            ("POST", "/orders") => white_label(),
            ("POST", "/payments") => payment_xml("1.00", &[], "4111111111111111"),
            ("POST", path) if path.ends_with("/activities") => USAGE.to_owned(),
            ("PUT", path) if path.starts_with("/invoice/") => {
                "<invoice><invoiceNotes>n</invoiceNotes></invoice>".to_owned()
            }
            _ => String::new(),
        };
        self.call(method, &format!("{prefix}{address}")).body(body).send().await
    }
}

on_both! {
    async fn v1_to_v20_v57_and_v58_every_printed_address_of_billing_is_answered_under_all_three_prefixes(server: Server) {
        server.plain_customer(JOHN).await;
        for (number, pattern, status, root) in PATTERNS {
            for prefix in ["/rest", "/rest_v1", ""] {
                let answer = server.send_billing_pattern(pattern, prefix).await;
                assert_eq!(answer.status, *status, "V{number} {}: {}", answer.what, answer.text());
                if *status == 405 {
                    answer.refused(405);
                    assert!(!answer.header("allow").is_empty(), "V{number} {}", answer.what);
                } else {
                    assert_eq!(answer.xml(*status).0.name, *root, "V{number} {}", answer.what);
                }
            }
        }
    }

    async fn v4_a_printed_address_of_a_document_is_answered_under_all_three_prefixes(server: Server) {
        let invoice = server.john().await.id;
        for prefix in ["/rest", "/rest_v1", ""] {
            let answer = server.get(&format!("{prefix}/invoice/{invoice}?format=pdf")).send().await;
            assert!(answer.is(200).body.starts_with(b"%PDF-"), "{}", answer.what);
            assert_eq!(answer.header("content-type"), "application/pdf");
        }
    }
}
