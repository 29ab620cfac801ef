//! The daily run over HTTP and by hand: worked, watched, paused, repeated (`operations.md` §1, `docs/api.md`).

use std::process::{Command, Output};

use testkit::organization::ACME;
use testkit::scene::VAULT_KEY;

use crate::harness::Server;
use crate::harness::fixtures::{
    APPROVES, DECLINES, JOHN, card_on_file, payment_plan_xml, payment_xml, white_label, with,
};

/// `blusynergy run` beside the serving program.
fn run(server: &Server, arguments: &[&str]) -> Output {
    // The key that the serving one has in its memory.
    std::fs::write(&server.config.secret_key_file, VAULT_KEY).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_blusynergy"));
    command.arg("run").args(arguments).current_dir(server.data_dir()).env_clear();
    command.env("BLUSYNERGY_DATABASE_URL", server.db.url()).env("BLUSYNERGY_DATA_DIR", server.data_dir());
    command.env("BLUSYNERGY_SECRET_KEY_FILE", &server.config.secret_key_file).output().unwrap()
}

/// What it said, and how it ended.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = if output.status.success() { &output.stdout } else { &output.stderr };
    (output.status.code(), String::from_utf8_lossy(text).into_owned())
}

/// A customer with a card on file and an order that the next run bills.
async fn payer(server: &Server, reference: &str, card: &str) {
    server.plain_customer(reference).await;
    let autopay = format!("/rest/customer/autopay?extCustomerRef={reference}");
    server.call("PUT", &autopay).body(card_on_file(card)).gives(200).await;
    server.post(&format!("/rest/orders?extCustomerRef={reference}"), white_label()).gives(201).await;
}

on_both! {
    async fn run_bills_and_charges_and_a_second_time_does_nothing(server: Server) {
        payer(&server, JOHN, APPROVES).await;
        payer(&server, "JANE", DECLINES).await;
        let (code, text) = said(&run(&server, &["--organization", "acme"]));
        let expected = "acme: 2011-09-20: 2 customers billed, 0 installments, 1 charged, 1 declined, 0 changes of status, 0 failed\n";
        assert_eq!((code, text.as_str()), (Some(0), expected));
        assert_eq!((server.balance(JOHN).await, server.balance("JANE").await), ("0.00".to_owned(), "60.50".to_owned()));
        let (code, text) = said(&run(&server, &[]));
        let nothing = "acme: 2011-09-20: 0 customers billed, 0 installments, 0 charged, 0 declined, 0 changes of status, 0 failed\n";
        assert_eq!((code, text.as_str()), (Some(0), nothing));
    }

    async fn run_works_another_day_without_moving_the_clock(server: Server) {
        payer(&server, JOHN, APPROVES).await;
        let (code, text) = said(&run(&server, &["--as-of", "2011-10-01"]));
        assert!(code == Some(0) && text.starts_with("acme: 2011-10-01: 1 customers billed"), "{text}");
        server.get("/rest/testClock").gives(200).await.has(&[("now", "2011-09-20T12:00:00Z")]);
        let invoice = server.get("/rest/invoice?invoiceNumber=1019").gives(200).await;
        invoice.has(&[("invoiceDate", "2011-10-01"), ("status", "Paid")]);
    }

    async fn run_says_what_is_wrong(server: Server) {
        let (code, text) = said(&run(&server, &["--organization", "nobody"]));
        assert!(code == Some(1) && text.contains("there is no organization nobody"), "{text}");
        for day in ["tomorrow", "2011-02-30", "20111001"] {
            assert_eq!(run(&server, &["--as-of", day]).status.code(), Some(2), "{day}");
        }
        server.seed("[[organization]]\nsubdomain = \"live\"\nname = \"Live\"\ncurrency = \"USD\"").await;
        let (code, text) = said(&run(&server, &["--organization", "live", "--as-of", "2999-01-01"]));
        assert!(code == Some(1) && text.contains("must not be after today"), "{text}");
    }

    async fn runs_are_listed_and_what_they_would_change_is_foretold(server: Server) {
        server.john().await;
        server.advance("2011-10-04T12:00:00Z").await;
        let runs = server.get("/rest/runs?max=1").gives(200).await;
        assert_eq!((runs.count("run"), runs.at("run/runDate").as_str()), (1, "2011-10-01"));
        runs.has(&[("run/state", "Done"), ("run/customersBilled", "1"), ("run/customersFailed", "0")]);
        let foretold = server.get("/rest/runs/preview").gives(200).await;
        let john = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id().to_string();
        foretold.has(&[
            ("customerTransition/customer@id", john.as_str()),
            ("customerTransition/dateTransitioned", "2011-10-05"),
            ("customerTransition/previousStatus", "Active"),
            ("customerTransition/newStatus", "Overdue1"),
            ("customerTransition/daysLate", "15"),
        ]);
        server.advance("2011-10-05T00:00:00Z").await;
        server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.has(&[("status", "Overdue1")]);
        assert_eq!(server.get("/rest/runs/preview").gives(200).await.count("customerTransition"), 0);
    }

    async fn c_trn_14_who_pays_while_overdue2_is_active_after_the_next_run(engine: Engine) {
        let rule = "\n[[organization.overdue_rule]]\ndays_late = 30\nstatus = \"Overdue2\"\n";
        let server = Server::with(engine, &format!("{ACME}{rule}")).await;
        let first = server.john().await;
        let status = async || server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.at("status");
        server.advance("2011-10-20T12:00:00Z").await;
        assert_eq!(status().await, "Overdue2");
        let second = server.get("/rest/invoice?invoiceNumber=1020").gives(200).await.id();
        server.post("/rest/payments", payment_xml("", &[first.id, second], APPROVES)).gives(201).await;
        assert_eq!((server.balance(JOHN).await, status().await), ("0.00".to_owned(), "Overdue2".to_owned()));
        let before = server.transitions().await;
        server.advance("2011-10-21T00:00:00Z").await;
        assert_eq!((status().await, server.transitions().await), ("Active".to_owned(), before + 1));
    }

    async fn paused_runs_refuse_the_clock_until_they_are_resumed(server: Server) {
        payer(&server, JOHN, APPROVES).await;
        server.post("/rest/runs?action=pause", "").gives(200).await;
        let body = "<testClock><now>2011-09-25T00:00:00Z</now></testClock>";
        let refused = server.post("/rest/testClock?action=advance", body).send().await.refused(409);
        assert!(refused.concat().contains("paused"), "{refused:?}");
        server.get("/rest/runs").gives(200).await.has(&[("run/state", "Paused")]);
        server.post("/rest/runs?action=resume", "").gives(200).await;
        server.advance("2011-09-25T00:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "0.00");
        for action in ["", "?action=stop"] {
            server.refuses(400, server.post(&format!("/rest/runs{action}"), "")).await;
        }
    }

    async fn whom_a_run_could_not_serve_is_listed_and_served_again_alone(server: Server) {
        server.john().await;
        let plan = with(&payment_plan_xml(), "startDate", "2011-09-21");
        server.post("/rest/customers/paymentPlan?extCustomerRef=JOHNDOE001", plan).gives(201).await;
        server.advance("2011-09-22T00:00:00Z").await;
        let failures = server.get("/rest/runs/failures").gives(200).await;
        failures.has(&[("runFailure/step", "Installments"), ("runFailure/runDate", "2011-09-22")]);
        assert!(failures.at("runFailure/reason").contains("no method on file"));
        server.call("PUT", "/rest/customer/autopay?extCustomerRef=JOHNDOE001").body(card_on_file(APPROVES)).gives(200).await;
        server.post("/rest/runs?action=retry", "").gives(200).await;
        assert_eq!(server.get("/rest/runs/failures").gives(200).await.count("runFailure"), 0);
        assert_eq!(server.balance(JOHN).await, "0.00");
        let jobs = server.get("/rest/jobs?max=5").send().await;
        let totals = ["x-total-count", "x-offset", "x-max"].map(|name| jobs.header(name));
        assert_eq!((jobs.xml(200).count("job"), totals.join(" ")), (0, "0 0 5".to_owned()));
    }
}

/// The seed says how customers who don't pay are treated; what makes no sense is refused.
#[test]
fn overdue_rules_are_checked() {
    for (rule, problem) in [
        ("days_late = 30\nstatus = \"Active\"", "status must be one that somebody comes to"),
        ("days_late = 0\nstatus = \"Overdue2\"", "days_late must be at least 1"),
        ("days_late = 30\nstatus = \"Overdue2\"\nmin_amount = \"-1\"", "min_amount must be an amount"),
        ("days_late = 30\nstatus = \"Overdue2\"\nmin_invoices = 0", "min_invoices must be at least 1"),
    ] {
        let seed = format!("{ACME}\n[[organization.overdue_rule]]\n{rule}\n");
        let now = testkit::clock::timestamp(testkit::scene::WALL);
        let problems = billing::seed::parse(&seed, now).unwrap_err().to_string();
        assert!(problems.contains(problem), "{problems}");
    }
}
