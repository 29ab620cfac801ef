//! Every field of a customer, in and out (`api.md` §2.1 to §2.3, §1.9): created, read, changed, emptied, left alone.

use std::collections::BTreeMap;

use testkit::organization::ACME;
use wire::element::Element;

use crate::harness::fixtures::{CASH, DECLINES, JOHN, fixed, payment_by, payment_xml, plain_customer_xml};
use crate::harness::{Server, Xml};

/// What comes of a field that is sent empty.
enum Emptied {
    /// It is required.
    Refused,
    To(&'static str),
}
use Emptied::{Refused, To};

/// (field, as it is made, as it is changed, as it is emptied)
const FIELDS: &[(&str, &str, &str, Emptied)] = &[
    ("name", "Lee & <Sons> \"GmbH\" 山田", "Ann's", Refused),
    ("status", "Overdue2", "Suspended3", Refused),
    ("extCustomerRef", "A/1 b&c", "no. 7", To("")),
    ("crmCustomerId", "crm-123456789012345678901", "crm", To("")),
    ("erpCustomerId", "erp", "9", To("")),
    ("locale", "de_DE", "fr_CA", To("en_US")),
    ("isBusinessAccount", "true", "false", To("false")),
    ("paymentTermsValue", "0", "9999", To("30")),
    ("paymentTermsUnits", "Quarters", "Weeks", To("Days")),
    ("currency", "EUR", "GBP", To("USD")),
];

const CONTACT: &[(&str, &str, &str, Emptied)] = &[
    ("accountLocked", "true", "false", To("false")),
    ("firstName", "Zoë", "Ann", Refused),
    ("lastName", "Łukasz", "Lee", Refused),
    ("emailPrimary", "zoe@example.com", "ann+1@sub.example.org", Refused),
    ("workPhone", "324 555 879", "+49 (0)30 1234", To("")),
    ("cellPhone", "1", "2", To("")),
    ("address/street1", "43 Main Av", "1 \"High\" St", To("")),
    ("address/street2", "Suite 7", "Dept. B", To("")),
    ("address/city", "Chicago", "Köln", To("")),
    ("address/state", "IL", "Nordrhein-Westfalen", To("")),
    ("address/zip", "12345", "50667", To("")),
    ("address/country", "United States", "Deutschland", To("")),
    ("address/countryCode", "usa", "DE", To("")),
];

const CONTACTS: [&str; 2] = ["billingContact", "salesContact"];

/// The element at `path` with this text, in its parents.
fn nested(path: &str, text: &str) -> String {
    let mut xml = if path == "currency" {
        if text.is_empty() { "<currency/>".to_owned() } else { format!("<currency id=\"{text}\"/>") }
    } else {
        let name = path.rsplit('/').next().unwrap();
        let mut escaped = Element::new(name);
        text.clone_into(&mut escaped.text);
        escaped.to_xml().split_once("?>").unwrap().1.to_owned()
    };
    for parent in path.split('/').rev().skip(1) {
        xml = format!("<{parent}>{xml}</{parent}>");
    }
    xml
}

/// With every field set.
fn full() -> String {
    let fields = FIELDS.iter().map(|(path, text, ..)| nested(path, text)).collect::<String>();
    let contact = |place: &str| {
        let (address, other): (Vec<_>, Vec<_>) = CONTACT.iter().partition(|field| field.0.starts_with("address/"));
        let address = address.iter().map(|field| nested(&field.0["address/".len()..], field.1)).collect::<String>();
        let other = other.iter().map(|field| nested(field.0, field.1)).collect::<String>();
        format!("<{place}>{other}<address>{address}</address></{place}>")
    };
    format!("<customer>{fields}{}{}</customer>", contact("billingContact"), contact("salesContact"))
}

/// Every text and id of a document by its path.
fn flat(xml: &Xml) -> BTreeMap<String, String> {
    fn walk(element: &Element, path: &str, found: &mut BTreeMap<String, String>) {
        for (name, value) in &element.attributes {
            found.insert(format!("{path}@{name}"), value.clone());
        }
        for child in &element.children {
            let path = format!("{path}/{}", child.name).trim_start_matches('/').to_owned();
            if child.children.is_empty() {
                let key = child.attribute("id").filter(|_| child.name == "currency");
                found.insert(path.clone(), key.unwrap_or(&child.text).to_owned());
            }
            walk(child, &path, found);
        }
    }
    let mut found = BTreeMap::new();
    walk(&xml.0, "", &mut found);
    found.retain(|path, _| path != "currency@id");
    found
}

/// Every field with its path from the customer.
fn all_fields() -> Vec<(String, &'static str, &'static str, &'static Emptied)> {
    let own = FIELDS.iter().map(|(path, made, changed, emptied)| ((*path).to_owned(), *made, *changed, emptied));
    let of_contacts = CONTACTS.iter().flat_map(|place| {
        CONTACT.iter().map(move |(path, made, changed, emptied)| (format!("{place}/{path}"), *made, *changed, emptied))
    });
    own.chain(of_contacts).collect()
}

fn three_currencies() -> String {
    ACME.replacen("currency = \"USD\"", "currency = \"USD\"\ncurrencies = [\"EUR\", \"GBP\"]", 1)
}

on_both! {
    async fn a_customer_with_every_field_comes_back_with_every_field(engine: Engine) {
        let server = Server::with(engine, &three_currencies()).await;
        let made = server.post("/rest/customers", full()).send().await;
        let shown = flat(&made.xml(201));
        for (path, text, ..) in all_fields() {
            assert_eq!(shown.get(&path).map(String::as_str), Some(text), "{path}");
        }
        let id = &shown["@id"];
        assert_eq!(server.get(&format!("/rest/customer/{id}")).send().await.text(), made.text());
        let inside = made.text().split_once("?>").unwrap().1.to_owned();
        assert!(server.get("/rest/customers").send().await.text().contains(&inside));
        let stored = server.stored().await;
        let sent_back = server.call("PUT", &format!("/rest/customer/{id}")).body(made.text()).send().await;
        assert_eq!(sent_back.is(200).text(), made.text());
        assert_eq!(testkit::dump::differences(&stored, &server.stored().await), Vec::<String>::new());
    }

    async fn each_field_is_changed_emptied_or_left_alone_by_itself(engine: Engine) {
        let server = Server::with(engine, &three_currencies()).await;
        let made = server.post("/rest/customers", full()).gives(201).await;
        let path = format!("/rest/customer/{}", made.id());
        let before = flat(&made);
        for (field, text, other, emptied) in all_fields() {
            let put = |text: &str| server.call("PUT", &path).body(format!("<customer>{}</customer>", nested(&field, text)));
            let with = |text: &str| {
                let mut all = before.clone();
                all.insert(field.clone(), text.to_owned());
                all
            };
            assert_eq!(flat(&put(other).gives(200).await), with(other), "{field} changed");
            match emptied {
                Refused => {
                    let messages = server.refuses(400, put("")).await;
                    assert!(messages[0].starts_with(&field) && messages[0].contains("required"), "{field}: {messages:?}");
                }
                To(default) => assert_eq!(flat(&put("").gives(200).await), with(default), "{field} emptied"),
            }
            assert_eq!(flat(&put(text).gives(200).await), before, "{field} as it was");
            assert_eq!(flat(&server.get(&path).gives(200).await), before, "{field} as it is stored");
        }
    }

    async fn the_fields_of_a_contact_are_the_same_by_its_own_address(engine: Engine) {
        let server = Server::with(engine, &three_currencies()).await;
        let made = server.post("/rest/customers", full()).gives(201).await;
        for place in CONTACTS {
            let path = format!("/rest/customer/{}/{place}", made.id());
            let before = flat(&server.get(&path).gives(200).await);
            for (field, text, other, emptied) in CONTACT {
                let put = |text: &str| server.call("PUT", &path).body(format!("<{place}>{}</{place}>", nested(field, text)));
                let mut changed = before.clone();
                changed.insert((*field).to_owned(), (*other).to_owned());
                assert_eq!(flat(&put(other).gives(200).await), changed, "{place}/{field} changed");
                if let To(default) = emptied {
                    changed.insert((*field).to_owned(), (*default).to_owned());
                    assert_eq!(flat(&put("").gives(200).await), changed, "{place}/{field} emptied");
                }
                assert_eq!(flat(&put(text).gives(200).await), before, "{place}/{field} as it was");
            }
        }
    }

    async fn what_is_owed_follows_from_invoices_and_payments_alone(server: Server) {
        let id = server.plain_customer(JOHN).await;
        let check = async |expected: [&str; 9]| {
            let customer = server.get(&format!("/rest/customer/{id}")).gives(200).await;
            let names = [
                "outstandingBalance", "previousBalance", "currentBalance", "lastPaymentAmount", "lastPaymentDate",
                "lastInvoiceAmount", "lastInvoicedDate", "lifetimePayments", "lifetimeValue",
            ];
            let found = names.map(|name| customer.at(&format!("customerFinancials/{name}")));
            assert_eq!(found, expected);
        };
        check(["0.00", "0.00", "0.00", "0.00", "", "0.00", "", "0.00", "0.00"]).await;
        let first = server.order(JOHN, crate::harness::fixtures::white_label()).await;
        let day = "2011-09-20";
        check(["60.50", "0.00", "60.50", "0.00", "", "60.50", day, "0.00", "60.50"]).await;
        server.post("/rest/payments", payment_xml("60.50", &[first.id], DECLINES)).gives(201).await;
        check(["60.50", "0.00", "60.50", "0.00", "", "60.50", day, "0.00", "60.50"]).await;
        server.advance("2011-09-22T12:00:00Z").await;
        server.post("/rest/payments", payment_by("20.00", &[first.id], CASH)).gives(201).await;
        check(["40.50", "0.00", "60.50", "20.00", "2011-09-22", "60.50", day, "20.00", "60.50"]).await;
        let order = fixed().replace("2011-09-20", "2011-09-22");
        server.order(JOHN, order).await;
        check(["50.50", "40.50", "10.00", "20.00", "2011-09-22", "10.00", "2011-09-22", "20.00", "70.50"]).await;
        let claimed = "<customer><customerFinancials><outstandingBalance>0.00</outstandingBalance></customerFinancials></customer>";
        server.call("PUT", &format!("/rest/customer/{id}")).body(claimed).gives(200).await;
        check(["50.50", "40.50", "10.00", "20.00", "2011-09-22", "10.00", "2011-09-22", "20.00", "70.50"]).await;
    }

    async fn days_are_those_of_the_organizations_clock_in_its_zone(engine: Engine) {
        // Noon in Greenwich is midnight, and so the next day, in Auckland.
        let server = Server::with(engine, &ACME.replace("time_zone = \"UTC\"", "time_zone = \"Pacific/Auckland\"")).await;
        let id = server.plain_customer(JOHN).await;
        let path = format!("/rest/customer/{id}");
        server.get(&path).gives(200).await.has(&[("dateCreated", "2011-09-21"), ("lastUpdated", "2011-09-21")]);
        server.advance("2011-09-22T13:00:00Z").await;
        server.call("PUT", &path).body("<customer><name>B</name></customer>").gives(200).await;
        server.get(&path).gives(200).await.has(&[("dateCreated", "2011-09-21"), ("lastUpdated", "2011-09-23")]);
        server.advance("2011-09-24T13:00:00Z").await;
        server.post(&format!("{path}?action=suspend"), "").gives(200).await.has(&[("lastUpdated", "2011-09-25")]);
        server.advance("2011-09-26T13:00:00Z").await;
        server.call("PUT", &format!("{path}/billingContact")).body("<billingContact><cellPhone>1</cellPhone></billingContact>").gives(200).await;
        server.get(&path).gives(200).await.has(&[("dateCreated", "2011-09-21"), ("lastUpdated", "2011-09-27")]);
    }

    async fn every_list_tells_how_much_there_is(server: Server) {
        let made: String = (0..3).map(|n| plain_customer_xml(&format!("L{n}"))).collect();
        server.post("/rest/customers", format!("<list>{made}</list>")).gives(201).await;
        for n in 0..3 {
            server.post(&format!("/rest/customer?extCustomerRef=L{n}&action=suspend"), "").gives(200).await;
        }
        for path in ["/rest/customers?offset=1&max=1", "/rest/customers/transitions?offset=1&max=1"] {
            let answer = server.get(path).send().await;
            assert_eq!(answer.xml(200).0.children.len(), 1, "{path}");
            let headers = ["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name));
            assert_eq!(headers, ["3", "1", "1"], "{path}");
        }
    }
}
