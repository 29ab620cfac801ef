//! Addresses checked by AvaTax (`api.md` §2.4): a small one answers here.

use std::net::TcpListener;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::organization::ACME;

use crate::address_service::{ACCOUNT, AddressService, DOUBT, LICENSE_KEY, Says, checked_at};
use crate::harness::fixtures::{plain_customer_xml, with, without};
use crate::harness::{Call, Engine, Server, Xml};

/// Long enough for a service that answers, however busy the machine is.
const PATIENT: Duration = Duration::from_mins(1);
/// For a service that never does.
const IMPATIENT: Duration = Duration::from_millis(50);

const SALES: &str = "<salesContact><firstName>Sal</firstName><lastName>Ship</lastName>\
    <emailPrimary>sal@example.com</emailPrimary><address><street1>1 Ship Rd</street1></address></salesContact>";

async fn checked(engine: Engine, says: Says) -> (Server, AddressService) {
    let service = AddressService::that(says);
    (Server::asking(engine, &service.checks(ACME), PATIENT).await, service)
}

/// The warning of a customer that is there all the same.
async fn warned(call: Call<'_>, reference: &str) -> Xml {
    let warning = call.gives(201).await;
    assert_eq!((warning.0.name.as_str(), warning.at("success").as_str()), ("status", "True"));
    warning.has(&[("customer/id", &warning.at("customer/@id")), ("customer/extCustomerRef", reference)]);
    warning
}

on_both! {
    async fn an_address_that_is_found_gives_200_and_the_service_is_asked_as_it_wants_to_be(engine: Engine) {
        let (server, service) = checked(engine, Says::Found).await;
        let body = plain_customer_xml("GOOD").replace("</street1>", "</street1><street2>Suite 7</street2>");
        server.post("/rest/customers", body).gives(200).await.has(&[("extCustomerRef", "GOOD")]);
        let [asked] = &service.asked()[..] else { panic!("{:?}", service.asked()) };
        assert!(asked.head.starts_with("POST /api/v2/addresses/resolve HTTP/1.1\r\n"), "{}", asked.head);
        let credentials = format!("authorization: Basic {}\r\n", STANDARD.encode(format!("{ACCOUNT}:{LICENSE_KEY}")));
        assert!(asked.head.contains(&credentials), "{}", asked.head);
        assert_eq!(
            asked.body,
            "{\"line1\":\"43 Main Av\",\"line2\":\"Suite 7\",\"city\":\"Chicago\",\"region\":\"IL\",\
             \"postalCode\":\"12345\",\"country\":\"usa\"}"
        );
    }

    async fn a_doubtful_address_gives_a_warning_and_the_customer(engine: Engine) {
        let (server, service) = checked(engine, Says::Doubtful).await;
        let warning = warned(server.post("/rest/customers", plain_customer_xml("cus1001")), "cus1001").await;
        assert_eq!(warning.all("errors/error"), [DOUBT], "hints are none");
        let id = warning.at("customer/@id");
        server.get(&format!("/rest/customer/{id}")).gives(200).await.has(&[("extCustomerRef", "cus1001")]);
        service.now(Says::NotCoded);
        let warning = warned(server.post("/rest/customers", plain_customer_xml("cus1002")), "cus1002").await;
        assert_eq!(warning.all("errors/error"), ["The address could not be found."]);
    }

    async fn a_changed_address_is_checked_and_one_that_stays_is_not(engine: Engine) {
        let (server, service) = checked(engine, Says::Found).await;
        let id = server.post("/rest/customers", plain_customer_xml("C")).gives(200).await.id();
        let (path, contact) = (format!("/rest/customer/{id}"), format!("/rest/customer/{id}/billingContact"));
        service.now(Says::Doubtful);
        // As it is, sent back whole; and changes that do not speak of it.
        server.call("PUT", &path).body(plain_customer_xml("C")).gives(200).await;
        server.call("PUT", &path).body("<customer><name>Other</name></customer>").gives(200).await;
        server.call("PUT", &contact).body("<billingContact><workPhone>1</workPhone></billingContact>").gives(200).await;
        assert_eq!(service.asked().len(), 1);
        let moved = with(&plain_customer_xml("C"), "street1", "1 Nowhere");
        warned(server.call("PUT", &path).body(moved), "C").await;
        server.get(&path).gives(200).await.has(&[("billingContact/address/street1", "1 Nowhere")]);
        let city = "<billingContact><address><city>Atlantis</city></address></billingContact>";
        warned(server.call("PUT", &contact).body(city), "C").await;
        assert!(service.asked()[2].body.contains("\"line1\":\"1 Nowhere\",\"line2\":null,\"city\":\"Atlantis\""));
        let sales = format!("/rest/customer/{id}/salesContact");
        let warning = warned(server.post(&sales, SALES), "C").await;
        assert_eq!(warning.all("errors/error"), [format!("salesContact: {DOUBT}")]);
        service.now(Says::Found);
        let back = "<salesContact><address><street1>2 Ship Rd</street1></address></salesContact>";
        server.call("PUT", &sales).body(back).gives(200).await.has(&[("address/street1", "2 Ship Rd")]);
        assert_eq!(service.asked().len(), 5);
    }

    async fn a_service_that_has_no_answer_counts_as_content(engine: Engine) {
        let (server, service) = checked(engine, Says::Found).await;
        let status = |line| Says::Text(line);
        // What is said with such a status is no doubt.
        for (reference, says) in [
            ("garbage", status("HTTP/1.1 200 OK\nconnection: close\ncontent-length: 6\n\n<html>")),
            ("empty", status("HTTP/1.1 200 OK\nconnection: close\ncontent-length: 2\n\n{}")),
            ("list", status("HTTP/1.1 200 OK\nconnection: close\ncontent-length: 2\n\n[]")),
            ("cut", status("HTTP/1.1 200 OK\nconnection: close\ncontent-length: 500\n\n{\"messages\":[")),
            ("401", status("HTTP/1.1 401 Unauthorized\nconnection: close\ncontent-length: 32\n\n{\"resolutionQuality\":\"NotCoded\"}")),
            ("503", status("HTTP/1.1 503 Busy\nconnection: close\ncontent-length: 32\n\n{\"resolutionQuality\":\"NotCoded\"}")),
            ("redirect", status("HTTP/1.1 307 Elsewhere\nlocation: /other\nconnection: close\ncontent-length: 32\n\n{\"resolutionQuality\":\"NotCoded\"}")),
            ("no HTTP", status("SSH-2.0-OpenSSH_9.9\n")),
            ("long", Says::TooMuch),
        ] {
            service.now(says);
            let before = service.asked().len();
            server.post("/rest/customers", plain_customer_xml(reference)).gives(200).await;
            assert_eq!(service.asked().len(), before + 1, "{reference}");
        }
    }

    async fn a_service_that_is_silent_counts_as_content(engine: Engine) {
        let service = AddressService::that(Says::Nothing);
        let server = Server::asking(engine, &service.checks(ACME), IMPATIENT).await;
        server.post("/rest/customers", plain_customer_xml("SLOW")).gives(200).await;
        assert_eq!(service.asked().len(), 1);
    }

    async fn a_service_that_is_down_counts_as_content(engine: Engine) {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let server = Server::asking(engine, &checked_at(ACME, &format!("http://{closed}")), PATIENT).await;
        server.post("/rest/customers", plain_customer_xml("DOWN")).gives(200).await;
    }

    async fn other_countries_and_empty_addresses_are_not_asked_for(engine: Engine) {
        let (server, service) = checked(engine, Says::Doubtful).await;
        let abroad = with(&plain_customer_xml("DE"), "countryCode", "deu");
        server.post("/rest/customers", abroad).gives(200).await;
        let start = plain_customer_xml("NONE").find("<address>").unwrap();
        let end = plain_customer_xml("NONE").find("</address>").unwrap();
        let nowhere = format!("{}{}", &plain_customer_xml("NONE")[..start], &plain_customer_xml("NONE")[end + 10..]);
        server.post("/rest/customers", nowhere).gives(200).await;
        assert!(service.asked().is_empty());
    }

    async fn in_a_list_each_doubt_names_its_customer(engine: Engine) {
        let (server, service) = checked(engine, Says::Doubtful).await;
        let abroad = with(&plain_customer_xml("A"), "countryCode", "deu");
        let list = format!("<list>{abroad}{}</list>", plain_customer_xml("B"));
        let made = server.post("/rest/customers", list).gives(201).await;
        assert_eq!(made.all("customer/extCustomerRef"), ["A", "B"]);
        assert_eq!(made.all("errors/error"), [format!("customer[2]: {DOUBT}")]);
        let order = crate::harness::fixtures::fixed();
        let both = format!(
            "<addCustomerAndOrder>{}<subscriptionOrders>{order}</subscriptionOrders></addCustomerAndOrder>",
            plain_customer_xml("C")
        );
        let made = server.post("/rest/customers?actionName=addCustomerAndOrder", both).gives(201).await;
        assert_eq!(made.all("errors/error"), [DOUBT]);
        // A service that is out of order is not asked a thousand times.
        service.now(Says::Text("HTTP/1.1 503 Busy\nconnection: close\ncontent-length: 0\n\n"));
        let before = service.asked().len();
        let many: Vec<String> = (0..40).map(|n| plain_customer_xml(&format!("M{n}"))).collect();
        let made = server.post("/rest/customers", format!("<list>{}</list>", many.concat())).gives(201).await;
        assert_eq!((made.count("customer"), made.count("errors")), (40, 0));
        assert!(service.asked().len() - before <= 8, "{}", service.asked().len() - before);
    }

    async fn c_cus_41_a_fault_is_an_error_and_nobody_is_asked(engine: Engine) {
        let (server, service) = checked(engine, Says::Doubtful).await;
        server.refuses(400, server.post("/rest/customers", without_contact("X"))).await;
        assert!(service.asked().is_empty());
    }
}

fn without_contact(reference: &str) -> String {
    let whole = plain_customer_xml(reference);
    let start = whole.find("<billingContact>").unwrap();
    let end = whole.find("</billingContact>").unwrap() + "</billingContact>".len();
    let cut = format!("{}{}", &whole[..start], &whole[end..]);
    assert_eq!(without(&cut, "status").matches("Contact").count(), 0);
    cut
}
