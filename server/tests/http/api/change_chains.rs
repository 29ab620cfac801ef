//! Orders that are changed again and again, and what cancelling and editing does to invoices of such, with tax and with
//! usage (`api.md` §4, §5.2).

use testkit::organization::ACME;

use crate::harness::fixtures::{JOHN, fixed, order_xml, without};
use crate::harness::{Engine, Server};

const CHARGE: &str = "invoiceLineItems/invoiceLineItem/invoiceLineItemCharges/invoiceLineItemCharge";
const PLANS: &str = "
[[organization.plan]]
contract_code = \"TAXED\"
name = \"Taxed\"
billing_period = \"Monthly\"
[[organization.plan.charge]]
price_code = \"FEE\"
charge_type = \"RecurringCharge\"
price = \"100.00\"
[[organization.plan.charge]]
price_code = \"CALLS\"
charge_type = \"UsageCharge\"
price = \"2.00\"
[[organization.plan.charge]]
price_code = \"VAT\"
charge_type = \"RecurringCharge\"
percent = \"19\"
is_tax = true
";

impl Server {
    async fn taxed(engine: Engine) -> Server {
        let seed =
            ACME.replacen("[[organization.overdue_rule]]", &format!("{PLANS}\n[[organization.overdue_rule]]"), 1);
        let server = Server::with(engine, &seed).await;
        server.plain_customer(JOHN).await;
        server
    }

    /// The order continues with so many of FIXED-10; the id of the new one.
    async fn changed_to(&self, order: i64, quantity: &str) -> i64 {
        let new = without(&order_xml("FIXED-10", &[("FLAT", quantity)]), "startDate");
        let new = new.replace("subscriptionOrder>", "newOrder>");
        let body = format!("<changeOrder><subscriptionOrder id=\"{order}\"/>{new}</changeOrder>");
        self.post("/rest_v1/changeOrder", body).gives(201).await.id()
    }

    async fn status_of(&self, order: i64) -> String {
        self.get(&format!("/rest/order/{order}")).gives(200).await.at("orderStatus")
    }

    async fn checked(&self) {
        testkit::invariants::check(&self.db, domain::ids::OrganizationId(1)).await;
    }
}

on_both! {
    async fn an_order_changed_twice_is_paid_by_its_days(server: Server) {
        server.plain_customer(JOHN).await;
        let path = "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";
        let first = server.post(path, fixed()).gives(201).await.id();
        server.advance("2011-09-30T12:00:00Z").await;
        let second = server.changed_to(first, "3").await;
        // 20 of 30 days: 6.67 given back, 20.00 for three.
        assert_eq!(server.balance(JOHN).await, "23.33");
        server.advance("2011-10-10T12:00:00Z").await;
        let third = server.changed_to(second, "1").await;
        // 10 days: 10.00 of the three given back, 3.33 for one.
        assert_eq!(server.balance(JOHN).await, "16.66");
        assert_eq!(server.status_of(first).await, "Superseded");
        assert_eq!(server.status_of(second).await, "Superseded");
        assert_eq!(server.status_of(third).await, "Active");
        server.advance("2011-10-20T12:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "26.66", "the billing day stays");
        server.checked().await;
    }

    async fn what_was_cancelled_in_a_chain_of_changes_is_not_given_back(server: Server) {
        server.plain_customer(JOHN).await;
        let path = "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";
        let first = server.post(path, fixed()).gives(201).await.id();
        server.advance("2011-09-30T12:00:00Z").await;
        let second = server.changed_to(first, "3").await;
        server.call("DELETE", "/rest/invoice?invoiceNumber=1020").gives(200).await;
        assert_eq!(server.balance(JOHN).await, "10.00");
        server.checked().await;
        server.advance("2011-10-10T12:00:00Z").await;
        let third = server.changed_to(second, "1").await;
        // 3.33 for ten days of one; of the three nothing is owed, so nothing comes back.
        assert_eq!(server.balance(JOHN).await, "13.33");
        server.advance("2011-10-20T12:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "23.33");
        assert_eq!(server.status_of(third).await, "Active");
        server.checked().await;
    }

    async fn a_taxed_invoice_is_changed_and_cancelled_with_its_tax(engine: Engine) {
        let server = Server::taxed(engine).await;
        let invoice = server.order(JOHN, order_xml("TAXED", &[("FEE", "1"), ("VAT", "1")])).await;
        assert_eq!(server.balance(JOHN).await, "119.00");
        let path = format!("/rest/invoice/{}", invoice.id);
        let xml = server.get(&path).send().await.text();
        let changed = server.call("PUT", &path).body(xml.replace("<amount>19.00</amount>", "<amount>7.00</amount>"));
        let changed = changed.gives(200).await;
        changed.has(&[("currentAmountDue", "107.00")]);
        assert_eq!(changed.all(&format!("{CHARGE}/amount")), ["100.00", "7.00"]);
        assert_eq!(server.balance(JOHN).await, "107.00");
        server.checked().await;
        server.call("DELETE", &path).gives(200).await;
        assert_eq!(server.balance(JOHN).await, "0.00");
        server.checked().await;
    }

    async fn an_invoice_with_usage_keeps_it_when_it_is_cancelled_and_refuses_another_amount(engine: Engine) {
        let server = Server::taxed(engine).await;
        let lines = [("FEE", "1"), ("CALLS", "1"), ("VAT", "1")];
        let order = server.post("/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true", order_xml("TAXED", &lines));
        let order = order.gives(201).await.id();
        let usage = "<list><activity><priceCode>CALLS</priceCode><quantity>5</quantity></activity></list>";
        server.post(&format!("/rest/order/{order}/activities"), usage).gives(201).await;
        server.advance("2011-10-20T12:00:00Z").await;
        // 100.00 and 10.00 with 19 %.
        assert_eq!(server.balance(JOHN).await, "249.90");
        let invoice = server.get("/rest/invoice?invoiceNumber=1020").gives(200).await;
        invoice.has(&[("currentAmountDue", "130.90")]);
        let path = format!("/rest/invoice/{}", invoice.id());
        let xml = server.get(&path).send().await.text();
        let other = xml.replacen("<amount>10.00</amount>", "<amount>8.00</amount>", 1);
        server.call("PUT", &path).body(other).send().await.is(400);
        server.checked().await;
        server.call("DELETE", &path).gives(200).await;
        assert_eq!(server.balance(JOHN).await, "119.00");
        let listed = server.get("/rest/activities?invoiceNumber=1020").gives(200).await;
        assert_eq!(listed.all("activity/status"), ["Processed"], "a cancelled invoice keeps its usage");
        server.advance("2011-11-20T12:00:00Z").await;
        server.checked().await;
    }
}
