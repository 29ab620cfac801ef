//! Mails that go out by themselves (`operations.md` §3), and that the merchant's program asks for (`api.md` §2.9): what
//! is queued, what is sent, and what is refused.

use testkit::organization::ACME;

use crate::harness::fixtures::{CASH, DECLINES, JOHN, fixed, payment_by, payment_xml};
use crate::harness::mails::subject;
use crate::harness::{Call, Server};

const ADDRESS: &str = "/rest/customers/notification";

fn send_email(event: &str, rest: &str) -> String {
    format!("<sendEmail><eventType>{event}</eventType>{rest}</sendEmail>")
}

impl Server {
    fn notify(&self, event: &str, rest: &str) -> Call<'_> {
        self.post(ADDRESS, send_email(event, rest))
    }

    /// The message of a refusal, which has a root of its own here, and has stored nothing.
    async fn refuses_mail(&self, call: Call<'_>) -> String {
        let response = self.stores_nothing(async || call.gives(400).await).await;
        assert_eq!((response.0.name.as_str(), response.at("success").as_str()), ("response", "false"));
        response.at("message")
    }

    /// From now on customers are told of everything.
    async fn enable(&self) {
        self.seed(ACME).await;
    }
}

on_both! {
    async fn whatever_happens_is_mailed_by_itself_and_what_the_clock_brings_at_once_after_it(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        let invoice = server.john().await;
        server.post("/rest/payments", payment_xml("", &[invoice.id], DECLINES)).gives(201).await;
        server.post("/rest/payments", payment_by("60.50", &[invoice.id], CASH)).gives(201).await;
        server.advance("2011-12-01T00:00:00Z").await;
        let mails = server.mails(6).await;
        let told = ["Invoice 1019", "Invoice 1020", "Invoice 1021", "Invoice 1022", "Order 1007", "Payment 1002"];
        assert_eq!(mails.len(), told.len());
        for (mail, what) in mails.iter().zip(told) {
            assert!(subject(mail).contains(what), "{what}: {}", subject(mail));
            assert_eq!(mail.contains("application/pdf"), what.starts_with("Invoice"), "{what}");
        }
        // By the organization's clock, not by the wall clock of 2026.
        let dates = ["20 Sep 2011", "01 Oct 2011", "01 Nov 2011", "01 Dec 2011"];
        assert!(mails.iter().zip(dates).all(|(mail, date)| mail.contains(&format!(", {date} "))), "{mails:?}");
    }

    async fn an_invoice_goes_out_with_its_document(server: Server) {
        let invoice = server.john().await;
        server.enable().await;
        let rest = format!("<objectRef>{}</objectRef><customerRef>{JOHN}</customerRef>", invoice.number);
        let response = server.notify("newInvoice", &rest).gives(200).await;
        assert_eq!(response.0.name, "response");
        response.has(&[("success", "true"), ("message", "Mail Send successfully")]);
        let mails = server.mails(1).await;
        assert_eq!(mails.len(), 1);
        for expected in [
            "Message-ID: <mail-", "@acme.localhost>", "Bill Joseph", "<Bill@bmontgomery.com>", "Acme Hosting",
            "application/pdf", "invoice-1019.pdf", "text/plain", "text/html", "Invoice 1019", "$60.50",
        ] {
            assert!(mails[0].contains(expected), "{expected}: {}", &mails[0][..mails[0].len().min(3000)]);
        }
        // `%PDF-1.` in Base64.
        assert!(mails[0].contains("JVBERi0xL"), "the document is attached");
    }

    async fn an_order_and_a_payment_go_out_by_id_or_number(server: Server) {
        let invoice = server.john().await;
        let payment = server.post("/rest/payments", payment_by("60.50", &[invoice.id], CASH)).gives(201).await;
        server.enable().await;
        // The vendor's sample has a reference where an id belongs.
        let customer = format!("<customerId>{JOHN}</customerId>");
        server.notify("newOrder", &format!("<objectRef>1007</objectRef>{customer}")).gives(200).await;
        let both = format!("<objectId>{}</objectId><objectRef>{}</objectRef>", payment.id(), payment.at("paymentNumber"));
        server.notify("paymentReceived", &format!("{both}{customer}")).gives(200).await;
        let mails = server.mails(2).await.concat();
        for expected in ["Order 1007", "White label A", "We have received your payment.", "$60.50", "Paid with: Cash"] {
            assert!(mails.contains(expected), "{expected}: {mails}");
        }
        assert!(!mails.contains("application/pdf"));
    }

    async fn every_call_is_a_mail_and_each_mail_is_one_file(server: Server) {
        let invoice = server.john().await;
        let customer = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        let rest = format!("<objectId>{}</objectId><customerId>{customer}</customerId>", invoice.id);
        server.enable().await;
        for _ in 0..3 {
            server.notify("newInvoice", &rest).gives(200).await;
        }
        assert_eq!(server.mails(3).await.len(), 3);
    }

    async fn c_ntf_12_what_does_not_fit_together_is_refused_and_no_mail_is_written(server: Server) {
        let first = server.john().await;
        let second = server.order(JOHN, fixed()).await;
        server.plain_customer("JANE").await;
        let declined = server.post("/rest/payments", payment_xml("", &[second.id], DECLINES)).gives(201).await.id();
        server.enable().await;
        let john = format!("<customerRef>{JOHN}</customerRef>");
        let of_first = format!("<objectId>{}</objectId>", first.id);
        for (what, event, rest) in [
            ("different objects", "newInvoice", format!("{of_first}<objectRef>{}</objectRef>{john}", second.number)),
            ("not found", "newInvoice", format!("{of_first}<objectRef>9999</objectRef>{john}")),
            ("not found", "newInvoice", format!("<objectRef>9999</objectRef>{john}")),
            ("not found", "newInvoice", format!("<objectId>{declined}</objectId>{john}")),
            ("not found", "newOrder", format!("<objectRef>1</objectRef>{john}")),
            ("not found", "newInvoice", format!("{of_first}<customerRef>NOBODY</customerRef>")),
            ("not found", "newInvoice", format!("{of_first}<customerId>NOBODY</customerId>")),
            ("does not belong", "newInvoice", format!("{of_first}<customerRef>JANE</customerRef>")),
            ("same customer", "newInvoice", format!("{of_first}{john}<customerId>JANE</customerId>")),
            ("customerId or customerRef is required", "newInvoice", of_first.clone()),
            ("objectId or objectRef is required", "newInvoice", john.clone()),
            ("objectId must be a whole number", "newInvoice", format!("<objectId>x</objectId>{john}")),
            ("Declined", "paymentReceived", format!("<objectId>{declined}</objectId>{john}")),
            ("eventType must be one of", "NewInvoice", format!("{of_first}{john}")),
            ("eventType must be one of", "newCustomer", format!("{of_first}{john}")),
            ("eventType is required", "", format!("{of_first}{john}")),
        ] {
            let message = server.refuses_mail(server.notify(event, &rest)).await;
            assert!(message.contains(what), "{what}: {message}");
        }
        let message = server.refuses_mail(server.post(ADDRESS, "<mail/>")).await;
        assert!(message.contains("sendEmail"), "{message}");
        // The vendor's sample, which is malformed.
        let sample = "<sendEmail><eventType>EVENTNAME</eventType><objectId><objectId></sendEmail>";
        server.refuses(400, server.post(ADDRESS, sample)).await;
        assert_eq!(server.get(ADDRESS).send().await.status, 405);
        assert!(server.stored().await["mails"].is_empty());
    }

    async fn a_customer_without_an_address_gets_no_mail(server: Server) {
        let ann = r#"{"accountId": 7, "code": "ANN", "firstName": "Ann", "lastName": "Lee"}"#;
        let made = server.call("PUT", "/api/v01/customers").header("content-type", "application/json").body(ann);
        assert_eq!(made.send().await.status, 201);
        server.enable().await;
        let invoice = server.order("ANN", fixed()).await;
        let rest = format!("<objectId>{}</objectId><customerRef>ANN</customerRef>", invoice.id);
        let message = server.refuses_mail(server.notify("newInvoice", &rest)).await;
        assert!(message.contains("no e-mail address"), "{message}");
        assert!(server.stored().await["mails"].is_empty(), "nor any by itself");
    }

    async fn nothing_of_another_merchant_is_mailed(server: Server) {
        server.rival().await;
        let invoice = server.john().await;
        let seed = testkit::organization::RIVAL.replace("mode = \"test\"", "mode = \"test\"\nnotifications = [\"newInvoice\"]");
        server.seed(&seed).await;
        let rest = format!("<objectId>{}</objectId><customerRef>{JOHN}</customerRef>", invoice.id);
        let message = server.refuses_mail(server.notify("newInvoice", &rest).rival()).await;
        assert!(message.contains("not found"), "{message}");
    }

    async fn an_event_that_is_switched_off_is_not_mailed(engine: Engine) {
        let seed = ACME.replace("notifications = [\"newInvoice\", ", "notifications = [");
        let server = Server::with(engine, &seed).await;
        let invoice = server.john().await;
        let rest = format!("<objectId>{}</objectId><customerRef>{JOHN}</customerRef>", invoice.id);
        let message = server.refuses_mail(server.notify("newInvoice", &rest)).await;
        assert!(message.contains("not enabled"), "{message}");
        server.notify("newOrder", &format!("<objectRef>1007</objectRef><customerRef>{JOHN}</customerRef>")).gives(200).await;
    }
}
