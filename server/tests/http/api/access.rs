//! Who is let in, and who is not (`api.md` §1.1, §1.2).

use std::time::{Duration, Instant};

use testkit::organization::{ACME, API_PASSWORD, API_USER, RIVAL_PASSWORD, RIVAL_USER, STAFF_PASSWORD, STAFF_USER};

use crate::harness::fixtures::{PASSWORD, plain_customer_xml};
use crate::harness::{Call, Server};

/// Changes of another process are seen within a second; a machine that is busy gets more.
const SEEN_WITHIN: Duration = Duration::from_secs(10);

on_both! {
    async fn whoever_is_not_known_gets_401_and_the_same_answer(server: Server) {
        server.rival().await;
        let john = server.customer("JOHN", "johndoe").await;
        let path = format!("/rest/customer/{john}");
        let known = server.get(&path);
        known.clone().gives(200).await;
        let mut messages = Vec::new();
        for (what, call) in [
            ("nobody", known.clone().anonymous()),
            ("wrong password", known.clone().user(API_USER, "Correct-Horse-8")),
            ("password in another case", known.clone().user(API_USER, "correct-horse-7")),
            ("unknown user", known.clone().user("nobody", API_PASSWORD)),
            ("no password", known.clone().user(API_USER, "")),
            ("user of another organization", known.clone().user(RIVAL_USER, RIVAL_PASSWORD)),
            ("own user on another organization's host", known.clone().host("rival.localhost")),
            ("unknown host", known.clone().host("nobody.localhost")),
            ("no organization", known.clone().host("localhost")),
            ("deeper host", known.clone().host("www.acme.localhost")),
            ("another domain", known.clone().host("acme.example")),
            ("a customer's login", known.clone().user("johndoe", PASSWORD)),
            ("another scheme", known.clone().anonymous().header("authorization", "Bearer abc")),
            ("no base64", known.clone().anonymous().header("authorization", "Basic !!!")),
            ("no colon", known.clone().anonymous().header("authorization", "Basic YWJj")),
        ] {
            let answer = call.send().await;
            assert_eq!(answer.status, 401, "{what}");
            assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{what}");
            messages.push(answer.refused(401));
        }
        messages.dedup();
        assert_eq!(messages.len(), 1, "{messages:?}");
    }

    async fn c_sec_the_host_is_compared_without_case_and_port(server: Server) {
        let john = server.plain_customer("JOHN").await;
        server.get(&format!("/rest/customer/{john}")).host("AcMe.LOCALHOST").gives(200).await;
    }

    async fn without_the_role_it_is_403_for_reading_and_writing(server: Server) {
        let john = server.plain_customer("JOHN").await;
        server.get(&format!("/rest/customer/{john}")).user(STAFF_USER, STAFF_PASSWORD).send().await.refused(403);
        let create = server.post("/rest/customers", plain_customer_xml("JANE")).user(STAFF_USER, STAFF_PASSWORD);
        server.refuses(403, create).await;
    }

    async fn an_id_of_another_organization_is_as_unknown_as_any_other(server: Server) {
        server.rival().await;
        let invoice = server.john().await;
        let unknown = server.get("/rest/customer/999999999").send().await.refused(404);
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        let foreign = server.get(&format!("/rest/customer/{john}")).rival().send().await.refused(404);
        assert_eq!(foreign, unknown);
        server.get("/rest/customer?extCustomerRef=JOHNDOE001").rival().send().await.refused(404);
        let unknown = server.get("/rest/invoice/999999999").rival().send().await.refused(404);
        let foreign = server.get(&format!("/rest/invoice/{}", invoice.id)).rival().send().await.refused(404);
        assert_eq!(foreign, unknown);
        server.get("/rest/invoice?invoiceNumber=1019").rival().send().await.refused(404);
    }

    async fn five_wrong_passwords_lock_for_a_quarter_of_an_hour(server: Server) {
        let call = server.get("/rest/testClock");
        call.clone().gives(200).await;
        for _ in 0..5 {
            call.clone().user(API_USER, "wrong").send().await.refused(401);
        }
        // Also where the password was believed a moment ago.
        call.clone().send().await.refused(401);
        let locked = server.stored().await;
        let audit = locked.iter().find(|(table, _)| table.contains("audit")).unwrap();
        assert!(audit.1.iter().any(|row| row.contains("locked")), "{audit:?}");
        server.wall.advance_seconds(14 * 60 + 59);
        call.clone().send().await.refused(401);
        server.wall.advance_seconds(2);
        call.gives(200).await;
    }

    async fn four_wrong_passwords_and_a_right_one_start_the_count_again(server: Server) {
        let call = server.get("/rest/testClock");
        for _ in 0..2 {
            for _ in 0..4 {
                call.clone().user(API_USER, "wrong").send().await.refused(401);
            }
            server.process_seen(|| call.clone().user(API_USER, API_PASSWORD), 200).await;
        }
    }

    async fn a_password_changed_by_another_process_counts_at_once(server: Server) {
        let call = server.get("/rest/testClock");
        call.clone().gives(200).await;
        server.wall.advance_seconds(1);
        server.seed_elsewhere(&ACME.replace(API_PASSWORD, "Quite-New-11")).await;
        server.process_seen(|| call.clone(), 401).await;
        call.user(API_USER, "Quite-New-11").gives(200).await;
    }

    async fn a_role_taken_by_another_process_is_gone_at_once(server: Server) {
        let call = server.get("/rest/testClock");
        call.clone().gives(200).await;
        server.wall.advance_seconds(1);
        server.seed_elsewhere(&ACME.replacen("role = \"ROLE_API\"", "role = \"ROLE_STAFF\"", 1)).await;
        server.process_seen(|| call.clone(), 403).await;
    }

    async fn more_requests_than_allowed_in_a_minute_get_429(engine: Engine) {
        let server = Server::configured(engine, ACME, |config| server::config::Config {
            api_rate_per_minute: 5,
            ..config
        })
        .await;
        for _ in 0..5 {
            server.get("/rest/testClock").gives(200).await;
        }
        let answer = server.get("/rest/testClock").send().await;
        answer.refused(429);
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
}

impl Server {
    /// As `blusynergy seed` does beside the server.
    async fn seed_elsewhere(&self, text: &str) {
        server::seeding::apply(&self.config, &self.process(), text, self.data_dir()).await.unwrap();
    }

    /// Asks until the status is there.
    async fn process_seen<'a>(&self, call: impl Fn() -> Call<'a>, status: u16) {
        let start = Instant::now();
        loop {
            let answer = call().send().await;
            if answer.status == status {
                return;
            }
            assert!(start.elapsed() < SEEN_WITHIN, "still {} instead of {status}", answer.status);
        }
    }
}
