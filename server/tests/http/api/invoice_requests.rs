//! Invoices that merchants make (`api.md` §5.2): their body, their customer, their number.

use std::collections::BTreeSet;

use crate::harness::fixtures::{JOHN, fixed, invoice_xml, plain_customer_xml};
use crate::harness::{Server, join_all};

const INVOICES: &str = "/rest/invoices?extCustomerRef=JOHNDOE001";

impl Server {
    /// A made invoice of 60.50; its id.
    pub async fn made(&self, more: &str) -> i64 {
        self.post(INVOICES, invoice_xml(more)).gives(201).await.id()
    }
}

on_both! {
    async fn a_merchants_invoice_is_booked_shown_and_numbered(server: Server) {
        let id = server.plain_customer(JOHN).await;
        let more = "<crmInvoiceId>crm-1</crmInvoiceId><erpInvoiceId>erp-1</erpInvoiceId><invoiceNotes>Thanks</invoiceNotes>";
        let made = server.post(INVOICES, invoice_xml(more)).gives(201).await;
        made.has(&[
            ("invoiceNumber", "1019"),
            ("crmInvoiceId", "crm-1"),
            ("erpInvoiceId", "erp-1"),
            ("status", "Outstanding"),
            ("customer/@id", &id.to_string()),
            ("currentAmountDue", "60.50"),
            ("totalDue", "60.50"),
            ("outstandingBalance", "60.50"),
            ("invoiceNotes", "Thanks"),
            ("invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge/chargeDate", "2011-09-19"),
            ("invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge/amount", "60.50"),
        ]);
        assert_eq!(server.invoice(made.id()).await.0, made.0, "it is what it was answered to be");
        assert_eq!(server.balance(JOHN).await, "60.50");
        let own = server.post("/rest/invoice", invoice_xml(&format!(
            "<invoiceNumber>INV2001</invoiceNumber><customer id=\"{id}\"/>"
        )));
        own.gives(201).await.has(&[("invoiceNumber", "INV2001"), ("totalDue", "121.00")]);
        assert_eq!(server.order(JOHN, fixed()).await.number, "1020", "a chosen number takes none of ours");
    }

    async fn the_customer_is_named_by_any_of_its_ids_and_all_must_agree(server: Server) {
        let ids = "<customer><crmCustomerId>C1</crmCustomerId>";
        let john = plain_customer_xml(JOHN).replace("<customer>", &format!("{ids}<erpCustomerId>E1</erpCustomerId>"));
        let john = server.post("/rest/customers", john).gives(201).await.id().to_string();
        let jane = server.plain_customer("JANE").await;
        for named in ["<crmCustomerId>C1</crmCustomerId>", "<erpCustomerId>E1</erpCustomerId>",
            "<extCustomerRef>JOHNDOE001</extCustomerRef>",
            "<crmCustomerId>C1</crmCustomerId><extCustomerRef>JOHNDOE001</extCustomerRef>"] {
            server.post("/rest/invoices", invoice_xml(named)).gives(201).await.has(&[("customer/@id", &john)]);
        }
        server.post(&format!("/rest/invoices?customerId={john}"), invoice_xml("")).gives(201).await;
        server.stores_nothing(async || {
            for named in ["", "<crmCustomerId>C2</crmCustomerId>", "<extCustomerRef>NOBODY</extCustomerRef>",
                "<crmCustomerId>C1</crmCustomerId><extCustomerRef>JANE</extCustomerRef>"] {
                server.refuses(400, server.post("/rest/invoices", invoice_xml(named))).await;
            }
            server.refuses(404, server.post("/rest/invoices?extCustomerRef=NOBODY", invoice_xml(""))).await;
            let other = server.post(&format!("/rest/invoices?customerId={jane}"), invoice_xml("<crmCustomerId>C1</crmCustomerId>"));
            server.refuses(400, other).await;
        }).await;
        let twin = plain_customer_xml("TWIN").replace("<customer>", ids);
        server.post("/rest/customers", twin).gives(201).await;
        let messages = server.refuses(400, server.post("/rest/invoices", invoice_xml("<crmCustomerId>C1</crmCustomerId>"))).await;
        assert_eq!(messages, ["crmCustomerId names more than one customer."]);
    }

    async fn what_is_wrong_with_an_invoice_is_told_and_nothing_is_stored(server: Server) {
        server.plain_customer(JOHN).await;
        server.made("<invoiceNumber>7</invoiceNumber>").await;
        server.stores_nothing(async || {
            for (more, field) in [
                ("<invoiceNumber>7</invoiceNumber>", "invoiceNumber"),
                ("<invoiceNumber>12345678901</invoiceNumber>", "invoiceNumber"),
                ("<crmInvoiceId>12345678901234567890123456</crmInvoiceId>", "crmInvoiceId"),
                ("<erpInvoiceId>12345678901234567890123456</erpInvoiceId>", "erpInvoiceId"),
                ("<status>Paid</status>", "status"),
                ("<currency id=\"EUR\"/>", "currency"),
                ("<invoiceDate>2011-02-30</invoiceDate>", "invoiceDate"),
                ("<invoiceDate>2011-09-20</invoiceDate><dueDate>2011-09-19</dueDate>", "dueDate"),
                ("<currentAmountDue>60.48</currentAmountDue>", "currentAmountDue"),
                ("<paymentsAndAdjustments>1.00</paymentsAndAdjustments>", "paymentsAndAdjustments"),
                ("<invoicePayments><invoicePayment/></invoicePayments>", "invoicePayments"),
            ] {
                let messages = server.refuses(400, server.post(INVOICES, invoice_xml(more))).await;
                assert!(messages.iter().any(|message| message.starts_with(field)), "{more}: {messages:?}");
            }
            for body in ["<invoice/>", "<invoice><invoiceLineItems/></invoice>", "<customer/>", "<list/>",
                "<list><invoice/></list>", "<invoice>", ""] {
                server.refuses(400, server.post(INVOICES, body)).await;
            }
            let (good, bad) = (invoice_xml(""), invoice_xml("<invoiceNumber>7</invoiceNumber>"));
            let messages = server.refuses(400, server.post(INVOICES, format!("<list>{good}{bad}</list>"))).await;
            assert_eq!(messages, ["invoice[2]: invoiceNumber is already used by another invoice; it must be unique."]);
            let twice = invoice_xml("<invoiceNumber>8</invoiceNumber>").repeat(2);
            server.refuses(400, server.post(INVOICES, format!("<list>{twice}</list>"))).await;
            let many = "<invoice/>".repeat(1_001);
            server.refuses(400, server.post(INVOICES, format!("<list>{many}</list>"))).await;
            server.refuses(400, server.post(&format!("{INVOICES}&action=pay"), invoice_xml(""))).await;
        }).await;
        server.made("").await;
        assert_eq!(server.get("/rest/invoices?invoiceNumber=1019").gives(200).await.count("invoice"), 1, "no gap");
    }

    async fn twenty_at_once_have_numbers_without_a_gap_past_one_that_was_chosen(server: Server) {
        server.plain_customer(JOHN).await;
        server.made("<invoiceNumber>1025</invoiceNumber>").await;
        let server = &server;
        let made = join_all((0..20).map(|number| async move {
            if number % 4 == 3 {
                let order = format!("/rest/orders?extCustomerRef={JOHN}&generateInvoice=true");
                server.post(&order, fixed()).gives(201).await.at("invoices/invoice/invoiceNumber")
            } else {
                server.post(INVOICES, invoice_xml("")).gives(201).await.at("invoiceNumber")
            }
        })).await;
        let numbers: BTreeSet<i64> = made.iter().map(|number| number.parse().unwrap()).collect();
        let expected: BTreeSet<i64> = (1019..=1039).filter(|number| *number != 1025).collect();
        assert_eq!(numbers, expected);
        assert_eq!(server.balance(JOHN).await, "1018.00");
    }

    async fn a_draft_is_not_owed_nor_shown_to_its_customer_until_it_is_issued(server: Server) {
        server.plain_customer(JOHN).await;
        let draft = server.made("<status>Draft</status>").await;
        server.invoice(draft).await.has(&[("status", "Draft"), ("outstandingBalance", "0.00"), ("currentAmountDue", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "0.00");
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let pages = ["home", "invoices", "pay"].map(|page| format!("{}{page}", home.root()));
        for page in &pages {
            let text = browser.get(page).await.answer.text();
            assert!(!text.contains("60.50") && !text.contains("1019"), "{page}: {text}");
        }
        for path in ["invoices/1019", "invoices/1019/pdf"] {
            browser.get(&format!("{}{path}", home.root())).await.is(404);
        }
        let body = "<invoice><status>Outstanding</status></invoice>";
        let issued = server.call("PUT", &format!("/rest/invoice/{draft}")).body(body).gives(200).await;
        issued.has(&[("status", "Outstanding"), ("outstandingBalance", "60.50")]);
        assert_eq!(server.balance(JOHN).await, "60.50");
        for page in &pages {
            let text = browser.get(page).await.answer.text();
            assert!(text.contains("60.50"), "{page}: {text}");
        }
        browser.get(&format!("{}invoices/1019", home.root())).await.is(200);
    }
}
