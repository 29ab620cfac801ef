//! The test clock (`operations.md` §4).

use testkit::organization::ACME;

use crate::harness::Server;
use crate::harness::fixtures::{APPROVES, JOHN, payment_xml, plain_customer_xml, white_label};

const ADVANCE: &str = "/rest/testClock?action=advance";

fn to(time: &str) -> String {
    format!("<testClock><now>{time}</now></testClock>")
}

on_both! {
    async fn the_clock_stands_until_it_is_moved(server: Server) {
        server.get("/rest/testClock").gives(200).await.has(&[("now", "2011-09-20T12:00:00Z")]);
        server.wall.advance_seconds(100_000);
        server.get("/rest/testClock?format=xml").gives(200).await.has(&[("now", "2011-09-20T12:00:00Z")]);
        let moved = server.post(ADVANCE, to("2011-09-20T18:30:00Z")).gives(200).await;
        assert_eq!((moved.0.name.as_str(), moved.at("now").as_str()), ("testClock", "2011-09-20T18:30:00Z"));
        server.get("/rest/testClock").gives(200).await.has(&[("now", "2011-09-20T18:30:00Z")]);
        // Standing still is no step back.
        server.post(ADVANCE, to("2011-09-20T18:30:00Z")).gives(200).await;
    }

    async fn what_lies_between_happens_in_order(server: Server) {
        let first = server.john().await;
        server.post("/rest/testClock?actionName=advance", to("2011-12-15T08:00:00Z")).gives(200).await;
        assert_eq!(server.balance(JOHN).await, "555.50");
        for (number, date, end, total) in [
            ("1020", "2011-10-01", "2011-10-31", "225.50"),
            ("1021", "2011-11-01", "2011-11-30", "390.50"),
            ("1022", "2011-12-01", "2011-12-31", "555.50"),
        ] {
            server.get(&format!("/rest/invoice?invoiceNumber={number}")).gives(200).await.has(&[
                ("invoiceDate", date),
                ("dateCreated", date),
                ("billingStartDate", date),
                ("billingEndDate", end),
                ("currentAmountDue", "165.00"),
                ("totalDue", total),
            ]);
        }
        server.get("/rest/invoice?invoiceNumber=1023").send().await.refused(404);
        server.invoice(first.id).await.has(&[("outstandingBalance", "60.50"), ("lastUpdated", "2011-09-20")]);
        let paid = server.post("/rest/payments", payment_xml("", &[first.id], APPROVES)).gives(201).await;
        paid.has(&[("effectiveDate", "2011-12-15"), ("dateCreated", "2011-12-15")]);
    }

    async fn each_organization_has_a_clock_of_its_own(server: Server) {
        server.rival().await;
        server.advance("2012-01-01T00:00:00Z").await;
        server.get("/rest/testClock").rival().gives(200).await.has(&[("now", "2011-09-20T12:00:00Z")]);
        let customer = server.post("/rest/customers", plain_customer_xml("R")).rival().gives(201).await;
        customer.has(&[("dateCreated", "2011-09-20")]);
        server.post("/rest/customers", plain_customer_xml("A")).gives(201).await.has(&[("dateCreated", "2012-01-01")]);
    }

    async fn what_can_not_be_is_refused_and_nothing_moves(server: Server) {
        server.john().await;
        for (path, body) in [
            (ADVANCE, to("2011-09-20T11:59:59Z")),
            (ADVANCE, to("2010-01-01T00:00:00Z")),
            (ADVANCE, to("2031-09-20T12:00:00Z")),
            (ADVANCE, to("tomorrow")),
            (ADVANCE, to("2011-10-01")),
            (ADVANCE, to("2011-13-01T00:00:00Z")),
            (ADVANCE, to("")),
            (ADVANCE, "<testClock/>".to_owned()),
            (ADVANCE, String::new()),
            ("/rest/testClock", to("2011-10-02T00:00:00Z")),
            ("/rest/testClock?action=rewind", to("2011-10-02T00:00:00Z")),
            ("/rest/testClock?action=advance&actionName=rewind", to("2011-10-02T00:00:00Z")),
        ] {
            server.refuses(400, server.post(path, body)).await;
        }
    }

    async fn a_live_organization_shows_the_wall_clock_and_moves_nothing(engine: Engine) {
        let live = ACME.replace("mode = \"test\"\nclock = \"2011-09-20T12:00:00Z\"\n", "mode = \"live\"\n");
        let server = Server::with(engine, &live).await;
        server.get("/rest/testClock").gives(200).await.has(&[("now", "2026-01-05T09:00:00Z")]);
        server.refuses(400, server.post(ADVANCE, to("2026-01-06T00:00:00Z"))).await;
    }

    async fn days_are_those_of_the_organizations_time_zone(engine: Engine) {
        let tokyo = ACME.replace("time_zone = \"UTC\"", "time_zone = \"Asia/Tokyo\"");
        let server = Server::with(engine, &tokyo).await;
        server.advance("2011-09-20T15:00:00Z").await;
        let customer = server.post("/rest/customers", plain_customer_xml(JOHN)).gives(201).await;
        customer.has(&[("dateCreated", "2011-09-21")]);
        server.order(JOHN, white_label()).await;
        server.advance("2011-09-30T14:59:59Z").await;
        assert_eq!(server.balance(JOHN).await, "60.50");
        server.advance("2011-09-30T15:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "225.50");
    }
}
