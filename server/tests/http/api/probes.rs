//! Looking for what belongs to other organizations (`api.md` §1.1): counted, and in the end locked.

use testkit::organization::{ACME, API_PASSWORD, API_USER, RIVAL};

use crate::harness::fixtures::{APPROVES, fixed, payment_xml, plain_customer_xml};
use crate::harness::{Call, Engine, Server};

const LIMIT: usize = 5;
const SECOND_USER: &str =
    "\n[[organization.staff]]\nusername = \"api-two\"\npassword = \"Second-Horse-9\"\nrole = \"ROLE_API\"\n";

fn limited(seed: &str) -> String {
    let seed = seed.replacen("mode = \"test\"", &format!("mode = \"test\"\nprobe_limit = {LIMIT}"), 1);
    seed.replacen("\n[[organization.plan]]", &format!("{SECOND_USER}\n[[organization.plan]]"), 1)
}

/// With a customer of the other merchant, and where it would be.
async fn with_foreign(engine: Engine) -> (Server, String) {
    let server = Server::with(engine, &limited(ACME)).await;
    server.rival().await;
    let id = server.post("/rest/customers", plain_customer_xml("R")).rival().gives(201).await.id();
    (server, format!("/rest/customer/{id}"))
}

fn own(server: &Server) -> Call<'_> {
    server.get("/rest/testClock")
}

impl Server {
    /// Looks for it so many times; each time there is nothing.
    async fn probe(&self, path: &str, times: usize) {
        for _ in 0..times {
            self.get(path).send().await.refused(404);
        }
    }

    async fn audited(&self, what: &str) -> usize {
        self.stored().await["audit"].iter().filter(|row| row.contains(what)).count()
    }
}

on_both! {
    async fn c_sec_15_who_keeps_looking_for_what_others_have_is_locked(engine: Engine) {
        let (server, foreign) = with_foreign(engine).await;
        server.probe(&foreign, LIMIT).await;
        own(&server).gives(200).await;
        assert_eq!(server.audited("locked for probing").await, 0);
        server.probe(&foreign, 1).await;
        let known = own(&server).send().await.refused(401);
        assert_eq!(server.audited("locked for probing").await, 1);
        assert_eq!(known, own(&server).user(API_USER, "wrong").send().await.refused(401), "as if it were not known");
        server.get(&foreign).send().await.refused(401);
        server.get("/api/v01/customers").send().await.is(401);
        // Time does not unlock, nor does the same file.
        server.wall.advance_seconds(25 * 60 * 60);
        server.seed(&limited(ACME)).await;
        own(&server).send().await.refused(401);
        own(&server).user("api-two", "Second-Horse-9").gives(200).await;
        own(&server).rival().gives(200).await;
        // Nor do another address or role.
        server.seed(&limited(ACME).replace("dev@acme.example", "ops@acme.example")).await;
        own(&server).send().await.refused(401);
        server.seed(&limited(ACME).replace(API_PASSWORD, "Another-Horse-9")).await;
        let again = |path: &str| server.get(path).user(API_USER, "Another-Horse-9");
        again("/rest/testClock").gives(200).await;
        again(&foreign).send().await.refused(404);
        again("/rest/testClock").gives(200).await;
    }

    async fn c_sec_15_every_way_of_naming_an_object_counts(engine: Engine) {
        let (server, foreign) = with_foreign(engine).await;
        let order = server.post("/rest/orders?extCustomerRef=R&generateInvoice=true", fixed_of_rival()).rival();
        let order = order.gives(201).await;
        let invoice: i64 = order.at("invoices/invoice/@id").parse().unwrap();
        let customer = foreign.rsplit('/').next().unwrap();
        let in_body = format!("<subscriptionOrder><customer id=\"{customer}\"/>{}", &fixed()["<subscriptionOrder>".len()..]);
        server.plain_customer("MINE").await;
        let mail = format!(
            "<sendEmail><eventType>newInvoice</eventType><objectId>{invoice}</objectId><customerRef>MINE</customerRef></sendEmail>"
        );
        let encoded = format!("/rest/customer/%3{customer}");
        for (statuses, call) in [
            ([404; 2], server.get(&format!("/rest/invoice/{invoice}?format=pdf"))),
            ([404; 2], server.get(&format!("/rest/customers/paymentPlan?id={customer}"))),
            ([404; 2], server.get(&encoded)),
            ([404; 2], server.post("/rest/orders", in_body)),
            ([400, 404], server.post("/rest/customers/notification", mail)),
            ([400, 404], server.post("/rest/payments", payment_xml("1.00", &[invoice], APPROVES))),
        ] {
            let answer = call.send().await;
            assert!(statuses.contains(&answer.status), "{}: {}", answer.what, answer.text());
        }
        own(&server).send().await.refused(401);
    }

    async fn c_sec_15_what_nobody_has_does_not_count(engine: Engine) {
        let (server, foreign) = with_foreign(engine).await;
        let mine = server.plain_customer("MINE").await;
        for _ in 0..3 * LIMIT {
            server.get("/rest/customer/999999999").send().await.refused(404);
            server.get(&format!("/rest/customer/{mine}/salesContact")).send().await.refused(404);
            server.get("/rest/customer?extCustomerRef=R").send().await.refused(404);
            // A code: that another merchant has such an id is chance.
            server.get(&foreign.replace("/rest/customer/", "/api/v01/customers/")).send().await.is(404);
        }
        // Neither does the other merchant's host, where the user is not known.
        for _ in 0..3 * LIMIT {
            server.get(&foreign).host("rival.localhost").send().await.refused(401);
        }
        server.probe(&foreign, LIMIT).await;
        own(&server).gives(200).await;
    }

    async fn c_sec_15_what_others_have_is_answered_as_what_nobody_has(engine: Engine) {
        let (server, foreign) = with_foreign(engine).await;
        let of_nobody = server.get("/rest/customer/999999999").send().await;
        let of_others = server.get(&foreign).send().await;
        assert_eq!((of_others.status, of_others.text()), (of_nobody.status, of_nobody.text()));
        let names = |answer: &crate::harness::Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&of_others), names(&of_nobody));
    }

    async fn c_sec_15_after_an_hour_the_count_begins_anew(engine: Engine) {
        let (server, foreign) = with_foreign(engine).await;
        server.probe(&foreign, LIMIT).await;
        server.wall.advance_seconds(60 * 60);
        server.probe(&foreign, LIMIT).await;
        own(&server).gives(200).await;
        server.wall.advance_seconds(59 * 60);
        server.probe(&foreign, 1).await;
        own(&server).send().await.refused(401);
    }

    async fn c_sec_15_the_other_merchants_user_is_counted_by_its_own_limit(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        server.seed(&limited(RIVAL)).await;
        let id = server.plain_customer("MINE").await;
        for _ in 0..=LIMIT {
            server.get(&format!("/rest/customer/{id}")).rival().send().await.refused(404);
        }
        own(&server).rival().send().await.refused(401);
        own(&server).gives(200).await;
    }
}

fn fixed_of_rival() -> String {
    crate::harness::fixtures::order_xml("RIVAL-20", &[("FLAT", "1")])
}
