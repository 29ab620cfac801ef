//! Every address of customers that the vendors' documentation prints (`api.md` §12), as it is printed.

use serde_json::json;
use testkit::organization::ACME;

use crate::harness::fixtures::{APPROVES, card_on_file, fixed, payment_plan_xml, payment_xml, plain_customer_xml};
use crate::harness::{Answer, Server};

/// (number, pattern, status, root of the answer)
const PATTERNS: &[(u8, &str, u16, &str)] = &[
    (7, "POST /customer?format=xml", 201, "customer"),
    (8, "POST /customer/894/salesContact?format=xml", 201, "salesContact"),
    (9, "POST /customer/salesContact?format=xml& extCustomerRef=CRM392", 201, "salesContact"),
    (12, "PUT /customer /894/salesContact?format=xml", 200, "salesContact"),
    (13, "PUT /customer/salesContact?format=xml& extCustomerRef=CRM392", 200, "salesContact"),
    (16, "DELETE /customer /894/salesContact?format=xml", 200, "status"),
    (17, "DELETE /customer /salesContact?format=xml& extCustomerRef=CRM392", 200, "status"),
    (21, "GET /rest/customer/[id]?format=xml", 200, "customer"),
    (22, "GET /rest/customer? format=xml&extCustomerRef=[code]", 200, "customer"),
    (23, "GET /rest/customer/[id]/salesContact?format=xml", 200, "salesContact"),
    (24, "GET /rest/customer/salesContact?format=xml&extCustomerRef=[code]", 200, "salesContact"),
    (25, "GET /rest/customer/[id]/billingContact? format=xml", 200, "billingContact"),
    (26, "GET /rest/customer/billingContact?format=xml&extCustomerRef=[code]", 200, "billingContact"),
    (27, "GET /rest/customers?format=xml&search=[searchTerm]", 200, "list"),
    (
        28,
        "GET /rest/customers? format=xml&offset=[n]&max=[m]&status=[statusValue]&createStartTime=[YYYYMMDDHHmm]\
         &createEndTime=[YYYYMMDDHHmm]&updateStartTime=[YYYYMMDDHHmm]&updateEndTime=[YYYYMMDDHHmm]",
        200,
        "list",
    ),
    (29, "POST /rest/customers?format=xml", 201, "customer"),
    (30, "PUT /rest/customer/[id]?format=xml", 200, "customer"),
    (31, "PUT /rest/customer? format=xml&extCustomerRef=[code]", 200, "customer"),
    (32, "PUT /rest/customer/[id]/salesContact?format=xml", 200, "salesContact"),
    (33, "PUT /rest/customer/ [id]/billingContact?format=xml", 200, "billingContact"),
    (34, "PUT /rest/customer/salesContact?format=xml&extCustomerRef=[code]", 200, "salesContact"),
    (35, "PUT /rest/customer/billingContact?format=xml&extCustomerRef=[code]", 200, "billingContact"),
    (36, "DELETE /rest/customer/[id]?format=xml", 200, "status"),
    (37, "DELETE /rest/customer? format=xml&extCustomerRef=[code]", 200, "status"),
    (38, "PUT /rest/customer/[id]/autopay?format=xml&validate=true", 200, "status"),
    (39, "PUT /rest/customer/autopay?format=xml&extCustomerRef=[code]&validate=true", 200, "status"),
    (40, "POST /rest/customers?format=xml", 201, "customer"),
    (41, "GET /rest/customer/[customerId]/autopay", 200, "list"),
    (42, "POST /rest/customer/[id]?format=xml&actionName=[command]", 200, "customer"),
    (43, "POST /rest/customer?format=xml&extCustomerRef= [code]&actionName=[command]", 200, "customer"),
    (44, "POST /rest/customers? format=xml&actionName=addCustomerAndOrder", 201, "addCustomerAndOrderResponse"),
    (45, "GET /rest/customers/transitions?format=xml", 200, "list"),
    (46, "GET /rest/customers/transitions?format=xml&startDate=[date1]&endDate=[date2]", 200, "list"),
    (47, "GET /rest/customers/transitions?format=xml&endDate=[date]&daysAgo=30", 200, "list"),
    (48, "POST /rest/customers/paymentPlan?format=xml&id=[customerId]", 201, "paymentPlan"),
    (49, "POST /rest/customers/paymentPlan?format=xml&extCustomerRef=[extCustomerRef]", 201, "paymentPlan"),
    (50, "GET /rest/customers/[customerId]/paymentPlan?format=xml", 200, "paymentPlan"),
    (51, "GET /rest/customers/paymentPlan?format=xml&extCustomerRef=[extCustomerRef]", 200, "paymentPlan"),
    (52, "PUT /rest/customers/paymentPlan?format=xml&id=[customerId]", 200, "paymentPlan"),
    (53, "PUT /rest/customers/paymentPlan?format=xml&extCustomerRef=[extCustomerRef]", 200, "paymentPlan"),
    (54, "DELETE /rest/customers/paymentPlan?format=xml&id=[customerId]", 200, "status"),
    (55, "DELETE /rest/customers/paymentPlan?format=xml&extCustomerRef=[extCustomerRef]", 200, "status"),
    (56, "POST /rest/customers/notification", 200, "response"),
];

const PREFIXES: [&str; 3] = ["/rest", "/rest_v1", ""];

/// What becomes of the blanks that are printed in an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    Dropped,
    /// Sent, url-encoded; those in the path are a slip of the printer and are not.
    InQuery,
    Everywhere,
}

/// A customer whom an address may name.
struct Named {
    id: i64,
    reference: String,
}

impl Named {
    fn fill(&self, pattern: &str) -> String {
        let mut address = pattern.to_owned();
        for (blank, value) in [
            ("894", self.id.to_string().as_str()),
            ("[id]", &self.id.to_string()),
            ("[customerId]", &self.id.to_string()),
            ("CRM392", &self.reference),
            ("[code]", &self.reference),
            ("[extCustomerRef]", &self.reference),
            ("[searchTerm]", &self.reference),
            ("[n]", "0"),
            ("[m]", "10"),
            ("[statusValue]", "Active"),
            ("StartTime=[YYYYMMDDHHmm]", "StartTime=201109200000"),
            ("EndTime=[YYYYMMDDHHmm]", "EndTime=201109202359"),
            ("[command]", "suspend"),
            ("[date1]", "2011-09-01"),
            ("[date2]", "2011-09-30"),
            ("[date]", "2011-09-30"),
        ] {
            address = address.replace(blank, value);
        }
        assert!(!address.contains('['), "{address}");
        address
    }

    /// The address under another prefix.
    fn address(&self, pattern: &str, prefix: &str, blanks: Blanks) -> String {
        let filled = self.fill(pattern);
        let (path, query) = filled.split_once('?').unwrap_or((&filled, ""));
        let path = path.replace(' ', if blanks == Blanks::Everywhere { "%20" } else { "" });
        let query = query.replace(' ', if blanks == Blanks::Dropped { "" } else { "%20" });
        let path = path.strip_prefix("/rest").unwrap_or(&path);
        format!("{prefix}{path}?{query}")
    }
}

impl Server {
    /// Sends a pattern about a customer of its own, who has or has not what the pattern is about.
    async fn send_pattern(&self, pattern: &str, reference: &str, prefix: &str, blanks: Blanks) -> Answer {
        let (method, address) = pattern.split_once(' ').unwrap();
        let named = Named { id: self.plain_customer(reference).await, reference: reference.to_owned() };
        let contact = |name: &str| {
            format!(
                "<{name}><firstName>A</firstName><lastName>B</lastName><emailPrimary>a@b.example</emailPrimary></{name}>"
            )
        };
        if address.contains("salesContact") && method != "POST" {
            self.post(&format!("/rest/customer/{}/salesContact", named.id), contact("salesContact")).gives(201).await;
        }
        if address.contains("paymentPlan") && method != "POST" {
            self.post(&format!("/rest/customers/{}/paymentPlan", named.id), payment_plan_xml()).gives(201).await;
        }
        let new = plain_customer_xml(&format!("{reference}-new"));
        let path = address.split('?').next().unwrap();
        let body = match (method, path.rsplit('/').next().unwrap()) {
            ("GET" | "DELETE", _) => String::new(),
            (_, "salesContact") => contact("salesContact"),
            (_, "billingContact") => contact("billingContact"),
            (_, "autopay") => card_on_file(APPROVES),
            (_, "paymentPlan") => payment_plan_xml(),
            (_, "notification") => {
                let invoice = self.order(reference, fixed()).await.id;
                let object = format!("<objectId>{invoice}</objectId><customerRef>{reference}</customerRef>");
                format!("<sendEmail><eventType>newInvoice</eventType>{object}</sendEmail>")
            }
            (_, "customers") if address.contains("addCustomerAndOrder") => {
                let orders = format!("<subscriptionOrders>{}</subscriptionOrders>", fixed());
                format!("<addCustomerAndOrder>{new}{orders}</addCustomerAndOrder>")
            }
            (_, "customers" | "customer") if method == "POST" && !address.contains("actionName") => new,
            ("PUT", _) => "<customer><name>Bill B.</name></customer>".to_owned(),
            _ => String::new(),
        };
        self.call(method, &named.address(address, prefix, blanks)).body(body).send().await
    }

    async fn answers_all_patterns(&self, blanks: Blanks) {
        for (number, pattern, status, root) in PATTERNS {
            for (at, prefix) in PREFIXES.into_iter().enumerate() {
                let answer = self.send_pattern(pattern, &format!("v{number}-{at}"), prefix, blanks).await;
                assert_eq!(answer.status, *status, "V{number} {}: {}", answer.what, answer.text());
                let xml = answer.xml(*status);
                assert_eq!(xml.0.name, *root, "V{number} {}", answer.what);
                if *root == "status" {
                    xml.has(&[("success", "true")]);
                }
            }
        }
    }
}

on_both! {
    async fn v7_to_v56_every_printed_address_of_customers_is_answered_under_all_three_prefixes(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        server.answers_all_patterns(Blanks::Dropped).await;
    }

    async fn c_url_03_the_printed_blanks_around_parameters_do_not_count(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        server.answers_all_patterns(Blanks::InQuery).await;
    }

    async fn blanks_in_a_path_name_nothing(server: Server) {
        for (number, pattern, ..) in PATTERNS {
            let path = pattern.split_once(' ').unwrap().1.split('?').next().unwrap();
            if path.contains(' ') {
                let answer = server.send_pattern(pattern, &format!("b{number}"), "/rest", Blanks::Everywhere).await;
                assert_eq!(answer.status, 404, "V{number} {}: {}", answer.what, answer.text());
                answer.refused(404);
            }
        }
    }

    async fn v2_and_v58_the_addresses_of_payments_are_answered_under_all_three_prefixes(server: Server) {
        server.john().await;
        for prefix in PREFIXES {
            for address in ["/payments?format=xml&extCustomerRef=JOHNDOE001", "/payments/?format=xml&%20extCustomerRef=JOHNDOE001"] {
                let payment = server.post(&format!("{prefix}{address}"), payment_xml("1.00", &[], APPROVES)).gives(201).await;
                payment.has(&[("status", "Paid"), ("paymentType", "Payment")]);
                let one = server.get(&format!("{prefix}/payment/{}", payment.id())).gives(200).await;
                assert_eq!(one.0.name, "payment");
            }
            for list in ["payments", "credits/", "refunds"] {
                assert_eq!(server.get(&format!("{prefix}/{list}")).gives(200).await.0.name, "list");
            }
            for (kind, id) in [("credit", 4711), ("refund", 4711)] {
                server.refuses(404, server.get(&format!("{prefix}/{kind}/{id}"))).await;
            }
        }
    }

    async fn v59_to_v61_the_addresses_of_the_unipay_api_are_answered(server: Server) {
        let body = json!({"accountId": 2001, "firstName": "Ann", "lastName": "Lee"}).to_string();
        for prefix in ["/api/v01/customers", "/api/v01/customers/"] {
            let put = server.call("PUT", prefix).header("content-type", "application/json").body(body.clone());
            let made: serde_json::Value = serde_json::from_slice(&put.send().await.is(201).body).unwrap();
            let list: serde_json::Value = serde_json::from_slice(&server.get(prefix).send().await.is(200).body).unwrap();
            assert!(list.as_array().unwrap().contains(&made), "{list}");
            let one = server.get(&format!("/api/v01/customers/{}", made["id"])).send().await;
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&one.is(200).body).unwrap(), made);
        }
    }
}
