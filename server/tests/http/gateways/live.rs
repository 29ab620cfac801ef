//! A live merchant: charged by Stripe, and told by its events what became of what was not known.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use testkit::conformance::Outage;
use testkit::organization::ACME;

use super::authorize_service::{AuthorizeService, LOGIN, TRANSACTION_KEY};
use super::local_stripe::{KEY, LocalStripe};
use crate::harness::fixtures::JOHN;
use crate::harness::{Answer, Engine, Server, Xml};

const EVENT_KEY: &str = "whsec_Rk9yVGhlVGVzdHM";
const PATIENCE: Duration = Duration::from_secs(30);

struct Shop {
    server: Server,
    stripe: LocalStripe,
}

/// `acme`, live.
fn live() -> String {
    let live = ACME.replace("mode = \"test\"\nclock = \"2011-09-20T12:00:00Z\"", "mode = \"live\"");
    live.replace("notifications = [", "notifications = [] # ")
}

/// With an account of Stripe.
fn with_stripe(url: &str) -> String {
    with_processor(&format!("kind = \"stripe\"\nsecret_key = \"{KEY}\"\nurl = \"{url}\""))
}

/// With one of Authorize.Net.
fn with_authorize_net(url: &str) -> String {
    let keys = format!("login_id = \"{LOGIN}\"\ntransaction_key = \"{TRANSACTION_KEY}\"");
    with_processor(&format!("kind = \"authorize_net\"\n{keys}\nurl = \"{url}\""))
}

fn with_processor(lines: &str) -> String {
    let table = format!("[organization.processor]\n{lines}\nwebhook_secret = \"{EVENT_KEY}\"\n\n");
    live().replacen("[[organization.staff]]", &format!("{table}[[organization.staff]]"), 1)
}

fn card_xml(amount: &str, number: &str) -> String {
    format!(
        "<payment><customer><extCustomerRef>{JOHN}</extCustomerRef></customer><amount>{amount}</amount>\
         <paymentMethodDTO type=\"CreditCard\"><creditCardPaymentMethod><cardNumber>{number}</cardNumber>\
         <expiry>2035-12-31</expiry><cvv>123</cvv></creditCardPaymentMethod></paymentMethodDTO></payment>"
    )
}

const GOOD: &str = "4242424242424242";
const DECLINED: &str = "4000000000000002";

impl Shop {
    async fn open(engine: Engine) -> Shop {
        let wall: domain::dates::Timestamp = testkit::scene::WALL.parse().unwrap();
        let stripe = LocalStripe::start(wall.0.as_second());
        let server = Server::with(engine, &live()).await;
        server.plain_customer(JOHN).await;
        let refused = server.post("/rest/payments", card_xml("60.50", GOOD)).send().await;
        assert!(refused.is(400).text().contains("no payment processor"), "it has no account yet");
        server.seed(&with_stripe(&stripe.url)).await;
        Shop { server, stripe }
    }

    async fn pay(&self, amount: &str, number: &str) -> Xml {
        self.server.post("/rest/payments", card_xml(amount, number)).gives(201).await
    }

    async fn status(&self, payment: i64) -> String {
        self.server.get(&format!("/rest/payment/{payment}")).gives(200).await.at("status")
    }

    /// Waits for the janitor of the serving program.
    async fn settled(&self, payment: i64) -> String {
        let settled = async {
            loop {
                let status = self.status(payment).await;
                if status != "Pending" {
                    return status;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.expect("the janitor asks at once")
    }

    /// When what is to be done.
    async fn jobs(&self) -> Vec<String> {
        self.server.stored().await.remove("jobs").unwrap_or_default()
    }

    /// An event with a right signature.
    async fn told(&self, event: &str) -> Answer {
        self.signed(event, event, EVENT_KEY).await
    }

    async fn signed(&self, sent: &str, signed: &str, key: &str) -> Answer {
        let time = billing::ports::Clock::now(&*self.server.wall).0.as_second();
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{time}.{signed}").as_bytes());
        let digest = billing::secrets::hex(&mac.finalize().into_bytes());
        let call = self.server.post("/gateway/stripe", sent.to_owned()).anonymous();
        call.header("stripe-signature", &format!("t={time},v1={digest}")).send().await
    }

    async fn quarantined(&self) -> Vec<String> {
        let list = self.server.get("/rest/gatewayEvents").gives(200).await;
        let (ids, reasons) = (list.all("gatewayEvent/eventId"), list.all("gatewayEvent/reason"));
        ids.iter().zip(&reasons).map(|(id, reason)| format!("{id}: {reason}")).collect()
    }

    async fn organization(&self) -> i64 {
        self.server.billing.organization("acme").await.unwrap().unwrap().organization.id.0
    }
}

fn event(id: &str, event_type: &str, (amount, currency): (&str, &str), key: &str, org: i64) -> String {
    format!(
        "{{\"id\":\"{id}\",\"type\":\"{event_type}\",\"data\":{{\"object\":{{\"id\":\"pi_1\",\"amount\":{amount},\
         \"currency\":\"{currency}\",\"metadata\":{{\"key\":\"{key}\",\"organization\":\"{org}\"}}}}}}}}"
    )
}

on_both! {
    async fn a_live_merchant_is_paid_through_its_own_processor(engine: Engine) {
        let shop = Shop::open(engine).await;
        let paid = shop.pay("60.50", GOOD).await;
        paid.has(&[("status", "Paid"), ("paymentProcessor/name", "Stripe"), ("processorResult/isSuccess", "true")]);
        let declined = shop.pay("10.00", DECLINED).await;
        declined.has(&[("status", "Declined"), ("processorResult/errorCode", "card_declined")]);
        assert_eq!(shop.stripe.moved().await, 6050);
        // In the same file: no key, no card.
        let stored = format!("{:?}", shop.server.stored().await);
        for secret in [KEY, EVENT_KEY, GOOD, DECLINED] {
            assert!(!stored.contains(secret), "{secret} is stored");
        }
    }

    async fn a_card_on_file_is_checked_and_kept_by_the_processor(engine: Engine) {
        let shop = Shop::open(engine).await;
        let autopay = |number: &str| format!(
            "<autopay><paymentMethodDTO type=\"CreditCard\"><creditCardPaymentMethod><cardNumber>{number}</cardNumber>\
             <expiry>2035-12-31</expiry><cvv>123</cvv></creditCardPaymentMethod></paymentMethodDTO></autopay>"
        );
        let path = format!("/rest/customer/autopay?extCustomerRef={JOHN}");
        shop.server.call("PUT", &format!("{path}&validate=true")).body(autopay(GOOD)).send().await.is(200);
        for query in ["&validate=true", ""] {
            let answer = shop.server.call("PUT", &format!("{path}{query}")).body(autopay(DECLINED)).send().await;
            assert_eq!(answer.status, 400, "{}", answer.text());
        }
        assert_eq!(shop.stripe.moved().await, 0);
    }

    async fn an_event_has_the_processor_asked_at_once(engine: Engine) {
        let shop = Shop::open(engine).await;
        shop.stripe.next("lose_answer").await;
        let pending = shop.pay("60.50", GOOD).await;
        pending.has(&[("status", "Pending")]);
        assert_eq!(shop.jobs().await.len(), 1, "its minute is not over");
        let org = shop.organization().await;
        let told = event("evt_1", "payment_intent.succeeded", ("6050", "usd"), &format!("payment-{}", pending.id()), org);
        shop.told(&told).await.is(200);
        assert_eq!(shop.settled(pending.id()).await, "Paid");
        // A second time, and from elsewhere: nothing happens.
        let before = shop.server.stored().await;
        shop.told(&told).await.is(200);
        assert_eq!(testkit::dump::differences(&before, &shop.server.stored().await), [""; 0]);
        assert_eq!((shop.jobs().await.len(), shop.stripe.moved().await), (0, 6050));
        assert_eq!(shop.quarantined().await, [""; 0]);
    }

    async fn a_payment_is_asked_for_where_it_was_taken_even_after_the_processor_was_changed(engine: Engine) {
        let shop = Shop::open(engine).await;
        shop.stripe.next("lose_answer").await;
        let pending = shop.pay("60.50", GOOD).await;
        let other = AuthorizeService::start();
        shop.server.seed(&with_authorize_net(&other.url)).await;
        let new = shop.pay("10.00", GOOD).await;
        new.has(&[("status", "Paid"), ("paymentProcessor/name", "Authorize.Net"), ("processorResult/avsCode", "Y")]);
        shop.server.wall.advance_seconds(61);
        assert_eq!(shop.settled(pending.id()).await, "Paid");
        let path = format!("/rest/payment/{}", pending.id());
        shop.server.get(&path).gives(200).await.has(&[("paymentProcessor/name", "Stripe")]);
        assert_eq!((shop.stripe.moved().await, other.moved()), (6050, 1000));
    }

    async fn an_event_of_authorize_net_has_it_asked_too(engine: Engine) {
        let server = Server::with(engine, &live()).await;
        server.plain_customer(JOHN).await;
        let service = AuthorizeService::start();
        server.seed(&with_authorize_net(&service.url)).await;
        service.next(Outage::AnswerLost);
        let pending = server.post("/rest/payments", card_xml("60.50", GOOD)).gives(201).await;
        pending.has(&[("status", "Pending"), ("paymentProcessor/name", "Authorize.Net")]);
        let told = async |id: &str, amount: &str, key: &str| {
            let event = format!(
                "{{\"notificationId\":\"{id}\",\"eventType\":\"net.authorize.payment.authcapture.created\",\
                 \"eventDate\":\"2026-01-05T09:00:00.0Z\",\"webhookId\":\"w\",\"payload\":{{\"responseCode\":1,\
                 \"authCode\":\"5KL3QK\",\"avsResponse\":\"Y\",\"authAmount\":{amount},\
                 \"invoiceNumber\":\"payment-{}\",\"entityName\":\"transaction\",\"id\":\"40000000000\"}}}}",
                pending.id()
            );
            let mut mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).unwrap();
            mac.update(event.as_bytes());
            let digest = billing::secrets::hex(&mac.finalize().into_bytes()).to_ascii_uppercase();
            let call = server.post("/gateway/authorize-net", event).anonymous();
            call.header("x-anet-signature", &format!("sha512={digest}")).send().await
        };
        let before = server.stored().await;
        told("n-1", "60.5", "whsec_other").await.is(400);
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), [""; 0]);
        told("n-2", "60.51", EVENT_KEY).await.is(200);
        assert_eq!(server.stored().await["jobs"], before["jobs"], "another amount brings nothing forward");
        told("n-3", "60.5", EVENT_KEY).await.is(200);
        let paid = async {
            let path = format!("/rest/payment/{}", pending.id());
            while server.get(&path).gives(200).await.at("status") == "Pending" {
                tokio::task::yield_now().await;
            }
            server.get(&path).gives(200).await
        };
        let paid = tokio::time::timeout(PATIENCE, paid).await.expect("the janitor asks at once");
        paid.has(&[("status", "Paid"), ("processorResult/transactionId", "40000000000")]);
        let stored = format!("{:?}", server.stored().await);
        for secret in [LOGIN, TRANSACTION_KEY, EVENT_KEY, GOOD] {
            assert!(!stored.contains(secret), "{secret} is stored");
        }
    }

    async fn an_event_that_lies_is_not_believed(engine: Engine) {
        let shop = Shop::open(engine).await;
        shop.stripe.next("lose").await;
        let pending = shop.pay("60.50", GOOD).await;
        let key = format!("payment-{}", pending.id());
        let told = event("evt_1", "payment_intent.succeeded", ("6050", "usd"), &key, shop.organization().await);
        shop.told(&told).await.is(200);
        assert_eq!(shop.settled(pending.id()).await, "Error");
        assert_eq!(shop.stripe.moved().await, 0);
    }

    async fn what_fits_no_payment_is_quarantined_and_never_applied(engine: Engine) {
        let shop = Shop::open(engine).await;
        shop.stripe.next("lose_answer").await;
        let pending = shop.pay("60.50", GOOD).await;
        let declined = shop.pay("10.00", DECLINED).await;
        let paid = shop.pay("20.00", GOOD).await;
        let (org, key) = (shop.organization().await, format!("payment-{}", pending.id()));
        let before = shop.jobs().await;
        let succeeded = |id: &str, money, key: &str, org| event(id, "payment_intent.succeeded", money, key, org);
        for told in [
            succeeded("evt_1", ("6051", "usd"), &key, org),
            succeeded("evt_2", ("6050", "eur"), &key, org),
            succeeded("evt_3", ("6050", ""), &key, org),
            succeeded("evt_4", ("60.5", "usd"), &key, org),
            succeeded("evt_5", ("6050", "usd"), "payment-1", org),
            succeeded("evt_6", ("6050", "usd"), "invoice-7", org),
            succeeded("evt_7", ("6050", "usd"), &key, org + 1),
            succeeded("evt_8", ("1000", "usd"), &format!("payment-{}", declined.id()), org),
            event("evt_9", "charge.dispute.created", ("6050", "usd"), &key, org),
            event("evt_a", "payment_intent.canceled", ("2000", "usd"), &format!("payment-{}", paid.id()), org),
        ] {
            shop.told(&told).await.is(200);
        }
        assert_eq!(shop.quarantined().await, [
            "evt_1: Its amount is not the payment's.",
            "evt_2: Its currency is not the payment's.",
            "evt_3: Its currency is not the payment's.",
            "evt_4: Its amount is not the payment's.",
            "evt_5: There is no such payment.",
            "evt_6: There is no such payment.",
            "evt_7: It names no payment of ours.",
            "evt_8: The payment failed, and now the processor charged it.",
            "evt_9: Money was moved that nobody here asked for.",
            "evt_a: The payment is paid, and now the processor says that it failed.",
        ]);
        assert_eq!((shop.jobs().await, shop.status(pending.id()).await.as_str()), (before, "Pending"));
        assert_eq!(shop.status(declined.id()).await, "Declined");
        shop.told(&event("evt_b", "customer.created", ("0", "usd"), &key, org)).await.is(200);
        assert_eq!(shop.quarantined().await.len(), 10, "nothing depends on it");
    }

    async fn what_waits_for_a_person_is_listed_page_by_page_to_its_organization(engine: Engine) {
        let shop = Shop::open(engine).await;
        let org = shop.organization().await;
        for (n, key) in ["payment-7", "password-1234", "payment-9"].into_iter().enumerate() {
            let told = event(&format!("evt_{n}"), "payment_intent.succeeded", ("6050", "usd"), key, org);
            shop.told(&told).await.is(200);
            shop.server.wall.advance_seconds(1);
        }
        let answer = shop.server.get("/rest/gatewayEvents?max=1").send().await;
        assert_eq!(["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name)), ["3", "0", "1"]);
        let at = domain::dates::Timestamp(billing::ports::Clock::now(&*shop.server.wall).0).add_seconds(-1);
        assert_eq!(answer.text().split_once("?>").unwrap().1.trim(), format!(
            "<list><gatewayEvent><processor>Stripe</processor><eventId>evt_2</eventId>\
             <eventType>payment_intent.succeeded</eventType><payment id=\"9\"/>\
             <reason>There is no such payment.</reason><receivedTime>{}</receivedTime></gatewayEvent></list>",
            at.to_wire()
        ));
        let rest = shop.server.get("/rest/gatewayEvents?offset=1").send().await;
        assert!(!rest.text().contains("1234"), "what the processor wrote is not repeated");
        let rest = rest.xml(200);
        assert_eq!(rest.all("gatewayEvent/eventId"), ["evt_1", "evt_0"]);
        assert_eq!(rest.all("gatewayEvent/payment@id"), ["7"]);
        shop.server.refuses(400, shop.server.get("/rest/gatewayEvents?max=-1")).await;
        shop.server.rival().await;
        let call = shop.server.get("/rest/gatewayEvents").rival();
        assert_eq!(call.gives(200).await.count("gatewayEvent"), 0);
    }

    async fn an_event_without_a_right_signature_changes_nothing(engine: Engine) {
        let shop = Shop::open(engine).await;
        shop.stripe.next("lose_answer").await;
        let pending = shop.pay("60.50", GOOD).await;
        let key = format!("payment-{}", pending.id());
        let good = event("evt_1", "payment_intent.succeeded", ("6050", "usd"), &key, shop.organization().await);
        let before = shop.server.stored().await;
        shop.signed(&good, &good, "whsec_other").await.is(400);
        shop.signed(&good, &good.replace("6050", "6051"), EVENT_KEY).await.is(400);
        let unsigned = |path: &str| shop.server.post(path, good.clone()).anonymous();
        unsigned("/gateway/stripe").send().await.is(400);
        unsigned("/gateway/stripe").header("stripe-signature", "t=1,v1=00").send().await.is(400);
        unsigned("/gateway/authorize-net").header("x-anet-signature", "sha512=00").send().await.is(404);
        for host in ["rival.localhost", "localhost"] {
            unsigned("/gateway/stripe").host(host).send().await.is(404);
        }
        for garbage in ["", "[]", "{\"id\":\"evt_1\"}", "\u{feff}{}"] {
            shop.told(garbage).await.is(400);
        }
        shop.told(&" ".repeat(256 * 1024 + 1)).await.is(413);
        let call = shop.server.get("/gateway/stripe").anonymous();
        call.send().await.is(405);
        assert_eq!(testkit::dump::differences(&before, &shop.server.stored().await), [""; 0]);
    }
    async fn who_cannot_sign_is_throttled_and_signed_events_never_are(engine: Engine) {
        let shop = Shop::open(engine).await;
        let org = shop.organization().await;
        let unsigned = async || shop.server.post("/gateway/stripe", "{}").anonymous().send().await;
        for _ in 0..60 {
            unsigned().await.is(400);
        }
        let refused = unsigned().await;
        assert!((1..=60).contains(&refused.is(429).header("retry-after").parse().unwrap()));
        shop.signed("{}", "{}", "whsec_other").await.is(429);
        shop.signed(&" ".repeat(256 * 1024 + 1), "", EVENT_KEY).await.is(429);
        for n in 0..61 {
            shop.told(&event(&format!("evt_{n}"), "customer.created", ("0", "usd"), "", org)).await.is(200);
        }
        shop.told("[]").await.is(400);
        let elsewhere = shop.server.post("/gateway/authorize-net", "{}").anonymous();
        elsewhere.send().await.is(404);
        let portal = shop.server.get("/widget/login").anonymous();
        portal.send().await.is(200);
    }
}
