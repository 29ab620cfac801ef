//! The UniPay-compatible API (`api.md` §9): the same customers as those of the XML API, as JSON, XML and form text.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::organization::{ACME, STAFF_PASSWORD, STAFF_USER};

use crate::harness::answer::Answer;
use crate::harness::fixtures::{customer_xml, plain_customer_xml, with};
use crate::harness::{Call, Server, join_all};

const CUSTOMERS: &str = "/api/v01/customers";
const FORM: &str = "application/x-www-form-urlencoded";

impl Answer {
    #[track_caller]
    fn json(&self, status: u16) -> Value {
        self.is(status);
        assert_eq!(self.header("content-type"), "application/json", "{}", self.what);
        assert_eq!(self.header("cache-control"), "no-store", "{}", self.what);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The fields that a refusal names; each has its message.
    #[track_caller]
    fn refused_fields(&self, status: u16) -> Vec<String> {
        let refusal = self.json(status);
        assert_eq!(refusal["success"], json!(false), "{refusal}");
        let errors = refusal["errors"].as_array().unwrap();
        assert!(!errors.is_empty() && errors.iter().all(|error| error["message"] != json!("")), "{refusal}");
        errors.iter().map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Server {
    fn put_json(&self, body: &Value) -> Call<'_> {
        self.call("PUT", CUSTOMERS).header("content-type", "application/json").body(body.to_string())
    }

    fn put_as(&self, content_type: &str, body: &str) -> Call<'_> {
        self.call("PUT", CUSTOMERS).header("content-type", content_type).body(body)
    }

    /// A customer of the account 2001.
    async fn unipay(&self, more: Value) -> Value {
        let mut body = json!({"accountId": 2001, "firstName": "Ann", "lastName": "Lee"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.put_json(&body).send().await.json(201)
    }

    /// The codes of the customers that are found.
    async fn codes(&self, query: &str) -> Vec<String> {
        let found = self.get(&format!("{CUSTOMERS}?{query}")).send().await.json(200);
        found.as_array().unwrap().iter().map(|customer| customer["code"].as_str().unwrap().to_owned()).collect()
    }

    async fn refuses_fields(&self, call: Call<'_>) -> Vec<String> {
        let before = self.stored().await;
        let fields = call.send().await.refused_fields(400);
        let differences = testkit::dump::differences(&before, &self.stored().await);
        assert!(differences.is_empty(), "stored although refused: {differences:#?}");
        fields
    }
}

/// With an account of its own.
fn with_account() -> String {
    ACME.replacen("order_number_start = 1007", "order_number_start = 1007\naccount_id = 2001", 1)
}

on_both! {
    async fn v59_what_is_created_is_what_is_loaded_in_all_three_forms(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let created = server.unipay(json!({
            "code": "C 1/a", "organizationName": "Lee & Co", "email": " ann@lee.example ", "phone": "555 1234",
            "street": "1 \"High\" St", "city": "Łódź", "state": "IL", "zipCode": "12345", "countryCode": "us",
            "id": 7, "createDate": "1999-01-01", "unknown": {"a": [1]},
        })).await;
        let id = created["id"].as_i64().unwrap();
        assert_eq!(created, json!({
            "id": id, "code": "C 1/a", "accountId": 2001, "createDate": "2011-09-20 12:00:00", "firstName": "Ann",
            "lastName": "Lee", "organizationName": "Lee & Co", "email": "ann@lee.example", "phone": "555 1234",
            "street": "1 \"High\" St", "city": "Łódź", "state": "IL", "zipCode": "12345", "countryCode": "us",
        }));
        for path in [format!("{CUSTOMERS}/{id}"), format!("{CUSTOMERS}/{id}/~load"), format!("{CUSTOMERS}/C%201%2Fa"), format!("{CUSTOMERS}/{id}/")] {
            assert_eq!(server.get(&path).send().await.json(200), created, "{path}");
        }
        let xml = server.get(&format!("{CUSTOMERS}/{id}?format=xml")).gives(200).await;
        let expected = format!(
            "<customer id=\"{id}\" code=\"C 1/a\" accountId=\"2001\" createDate=\"2011-09-20 12:00:00\" \
             firstName=\"Ann\" lastName=\"Lee\" organizationName=\"Lee &amp; Co\""
        );
        assert!(xml.0.to_xml().contains(&expected), "{}", xml.0.to_xml());
        assert_eq!(xml.at("@city"), "Łódź");
        let form = server.get(&format!("{CUSTOMERS}/{id}")).header("accept", FORM).send().await;
        assert_eq!(form.is(200).header("content-type"), FORM);
        let expected = format!(
            "id={id}&code=C+1%2Fa&accountId=2001&createDate=2011-09-20+12%3A00%3A00&firstName=Ann&lastName=Lee&\
             organizationName=Lee+%26+Co&email=ann%40lee.example&"
        );
        assert!(form.text().starts_with(&expected), "{}", form.text());
    }

    async fn v59_a_customer_is_created_from_xml_and_from_a_form_and_answered_alike(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let body = "<customer code='X1' firstName='Ann' lastName='Lee' id='99'/>";
        for content_type in ["text/xml", "application/xml; charset=utf-8"] {
            let body = body.replace("X1", content_type.split(';').next().unwrap());
            let xml = server.put_as(content_type, &body).send().await.xml(201);
            xml.has(&[("@firstName", "Ann"), ("@accountId", "2001")]);
            assert_ne!(xml.at("@id"), "99");
            assert_eq!(xml.all("@email"), Vec::<String>::new());
        }
        let children = "<customer><code>X3</code><firstName>Ann</firstName><lastName> Lee </lastName></customer>";
        server.put_as("text/xml", children).send().await.xml(201).has(&[("@lastName", "Lee"), ("@code", "X3")]);
        let answer = server.put_as(FORM, "code=F1&firstName=Ann+B&lastName=L%C3%A9e&phone=").send().await;
        assert!(answer.is(201).text().contains("firstName=Ann+B&lastName=L%C3%A9e"), "{}", answer.text());
        let form = "object.code=F2&object.accountId=2001&object.firstName=Ann&object.lastName=Lee";
        let created = server.put_as(FORM, form).header("accept", "application/json").send().await.json(201);
        assert_eq!((&created["code"], &created["email"]), (&json!("F2"), &json!(null)));
        let explicit = server.call("PUT", &format!("{CUSTOMERS}/~create?format=xml")).header("content-type", FORM);
        explicit.body("firstName=Ann&lastName=Lee").gives(201).await;
    }

    async fn the_code_is_the_id_where_none_is_given_and_an_id_is_never_taken_as_a_code(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let created = server.unipay(json!({})).await;
        let id = created["id"].to_string();
        assert_eq!(created["code"], json!(id));
        let xml = server.get(&format!("/rest/customer/{id}")).gives(200).await;
        xml.has(&[("extCustomerRef", ""), ("name", "Ann Lee"), ("isBusinessAccount", "false")]);
        let again = server.put_json(&json!({"firstName": "Ann", "lastName": "Lee", "code": id}));
        assert_eq!(server.refuses_fields(again).await, ["code"]);
    }

    async fn c_uni_22_a_code_is_used_once(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        server.unipay(json!({"code": "C1"})).await;
        server.plain_customer("C2").await;
        for code in ["C1", "C2"] {
            let again = server.put_json(&json!({"firstName": "Bob", "lastName": "Ray", "code": code}));
            assert_eq!(server.refuses_fields(again).await, ["code"]);
        }
        let call = || server.put_json(&json!({"firstName": "Bob", "lastName": "Ray", "code": "RACE"})).send();
        let answers = join_all((0..8).map(|_| call())).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(answer.refused_fields(400), ["code"]);
        }
    }

    async fn c_uni_32_it_is_the_same_customer_in_the_xml_api(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let created = server.unipay(json!({"code": "C1", "organizationName": "Lee & Co", "phone": "555"})).await;
        let xml = server.get("/rest/customer?extCustomerRef=C1").gives(200).await;
        assert_eq!(xml.id(), created["id"].as_i64().unwrap());
        xml.has(&[
            ("name", "Lee & Co"),
            ("isBusinessAccount", "true"),
            ("status", "Active"),
            ("billingContact/firstName", "Ann"),
            ("billingContact/lastName", "Lee"),
            ("billingContact/emailPrimary", ""),
            ("billingContact/workPhone", "555"),
        ]);
        let other = server.post("/rest/customers", customer_xml("bj444", "bill0004")).gives(201).await.id();
        let shown = server.get(&format!("{CUSTOMERS}/bj444")).send().await;
        assert_eq!(shown.json(200), json!({
            "id": other, "code": "bj444", "accountId": 2001, "createDate": "2011-09-20 12:00:00", "firstName": "Bill",
            "lastName": "Joseph", "organizationName": null, "email": "Bill@bmontgomery.com", "phone": "324 555 879",
            "street": "43 Main Av", "city": "Chicago", "state": "IL", "zipCode": "12345", "countryCode": "usa",
        }));
        assert!(!shown.text().contains("Sachxwe001") && !shown.text().contains("bill0004"));
    }

    async fn the_account_is_the_organizations_or_whatever_is_given(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let wrong = server.put_json(&json!({"firstName": "Ann", "lastName": "Lee", "accountId": 2002}));
        assert_eq!(server.refuses_fields(wrong).await, ["accountId"]);
        server.rival().await;
        let body = json!({"firstName": "Ann", "lastName": "Lee", "accountId": 77});
        assert_eq!(server.put_json(&body).rival().send().await.json(201)["accountId"], json!(77));
        let without = server.put_json(&json!({"firstName": "Ann", "lastName": "Lee"})).rival();
        assert_eq!(server.refuses_fields(without).await, ["accountId"]);
    }

    async fn a_country_is_found_by_two_letters_however_it_was_sent(server: Server) {
        for (reference, code) in [("A", "aut"), ("B", "at"), ("C", "deu")] {
            server.post("/rest/customers", with(&plain_customer_xml(reference), "countryCode", code)).gives(201).await;
        }
        assert_eq!(server.codes("countryCode=At").await, ["A", "B"]);
        let moved = "<billingContact><address><countryCode>swe</countryCode></address></billingContact>";
        server.call("PUT", "/rest/customer/billingContact?extCustomerRef=B").body(moved).gives(200).await;
        assert_eq!(server.codes("countryCode=At").await, ["A"]);
        assert_eq!(server.codes("countryCode=se").await, ["B"]);
    }

    async fn v60_find_combines_all_that_is_asked_for(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        server.unipay(json!({"code": "A", "firstName": "Ann", "lastName": "Lee", "city": "New York", "state": "NY",
            "street": "1 High St", "zipCode": "10001", "countryCode": "US", "email": "ann@lee.example", "phone": "555-1"})).await;
        server.unipay(json!({"code": "B", "firstName": "Joanna", "lastName": "Leeds", "organizationName": "100% Bread_"})).await;
        server.unipay(json!({"code": "C", "firstName": "Zoë", "lastName": "Ray", "organizationName": "Ann & Sons"})).await;
        server.plain_customer("D").await;
        for (query, codes) in [
            ("", &["A", "B", "C", "D"][..]),
            ("firstName=ann", &["A", "B"]),
            ("firstName=ANN&lastName=eds", &["B"]),
            ("firstName=zoë", &["C"]),
            ("lastName=lee&organizationName=bread", &["B"]),
            ("organizationName=ann", &["C"]),
            // Not a business: its name is no organization's.
            ("organizationName=bill", &[]),
            ("organizationName=%25", &["B"]),
            ("organizationName=_", &["B"]),
            ("firstName=%25", &[]),
            ("firstName=!", &[]),
            ("email=LEE.EX", &["A"]),
            ("phone=555-", &["A"]),
            ("street=high", &["A"]),
            ("city=york", &["A"]),
            ("state=ny", &["A"]),
            ("zipCode=100", &["A"]),
            ("countryCode=us", &["A", "D"]),
            ("accountId=2001", &["A", "B", "C", "D"]),
            ("accountId=200", &[]),
            ("limit=2", &["A", "B"]),
            ("offset=1&limit=2", &["B", "C"]),
            ("offset=9", &[]),
            ("limit=0", &[]),
            ("limit=1001", &["A", "B", "C", "D"]),
            ("limit=99999999999", &["A", "B", "C", "D"]),
            ("unknown=x&firstName=&+lastName+=+ray+", &["C"]),
            ("firstName=x%27%20OR%201=1--", &[]),
            ("firstName=%00", &[]),
        ] {
            assert_eq!(server.codes(query).await, codes, "{query}");
        }
        let explicit = server.get(&format!("{CUSTOMERS}/~find?lastName=leeds")).send().await.json(200);
        assert_eq!(explicit[0]["code"], json!("B"));
        let xml = server.get(&format!("{CUSTOMERS}?format=xml&firstName=ann")).gives(200).await;
        assert_eq!((xml.0.name.as_str(), xml.all("customer/@code")), ("customers", vec!["A".to_owned(), "B".to_owned()]));
        let none = server.get(&format!("{CUSTOMERS}?format=xml&firstName=nobody")).gives(200).await;
        assert_eq!((none.0.name.as_str(), none.count("customer")), ("customers", 0));
        server.rival().await;
        assert_eq!(server.get(CUSTOMERS).rival().send().await.json(200), json!([]));
    }

    async fn v61_modify_changes_what_is_named_and_nothing_else(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let created = server.unipay(json!({"code": "C1", "email": "ann@lee.example", "phone": "555", "city": "Chicago"})).await;
        let path = format!("{CUSTOMERS}/{}", created["id"]);
        let modify = |path: &str, body: Value| server.post(path, body.to_string()).header("content-type", "application/json");
        let mut expected = created.clone();
        expected["lastName"] = json!("Ray");
        expected["phone"] = json!(null);
        expected["email"] = json!(null);
        let change = json!({"lastName": "Ray", "phone": "", "email": null, "code": "C1", "accountId": 2001, "id": 5});
        assert_eq!(modify(&path, change).send().await.json(200), expected);
        assert_eq!(server.get(&path).send().await.json(200), expected);
        let xml = server.get("/rest/customer?extCustomerRef=C1").gives(200).await;
        xml.has(&[("name", "Ann Ray"), ("billingContact/emailPrimary", ""), ("billingContact/address/city", "Chicago")]);
        expected["organizationName"] = json!("Ray & Co");
        let by_code = modify(&format!("{CUSTOMERS}/C1/~modify"), json!({"organizationName": "Ray & Co"}));
        assert_eq!(by_code.send().await.json(200), expected);
        let xml = server.get("/rest/customer?extCustomerRef=C1").gives(200).await;
        xml.has(&[("name", "Ray & Co"), ("isBusinessAccount", "true")]);
        let form = server.post(&path, "object.organizationName=&city=Rome&state=").header("content-type", FORM);
        assert!(form.send().await.is(200).text().contains("city=Rome"));
        let xml = server.get("/rest/customer?extCustomerRef=C1").gives(200).await;
        xml.has(&[("name", "Ann Ray"), ("isBusinessAccount", "false"), ("billingContact/address/city", "Rome")]);
        let same = server.post(&path, "<customer/>").header("content-type", "text/xml").gives(200).await;
        same.has(&[("@city", "Rome"), ("@lastName", "Ray")]);
    }

    async fn v61_what_can_not_be_modified_is_refused_by_name(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let created = server.unipay(json!({"code": "C1"})).await;
        let path = format!("{CUSTOMERS}/{}", created["id"]);
        for (body, fields) in [
            (json!({"code": "C2"}), &["code"][..]),
            (json!({"code": null, "accountId": 2002}), &["code", "accountId"]),
            (json!({"firstName": "", "lastName": null}), &["firstName", "lastName"]),
            (json!({"firstName": "x".repeat(256), "state": 7, "email": "x"}), &["state", "firstName", "email"]),
        ] {
            let call = server.post(&path, body.to_string()).header("content-type", "application/json");
            assert_eq!(server.refuses_fields(call).await, fields, "{body}");
        }
        server.refuses_fields(server.post(&path, "")).await;
        server.post(&format!("{CUSTOMERS}/nobody"), "{}").send().await.refused_fields(404);
        server.rival().await;
        server.post(&path, "{}").rival().send().await.refused_fields(404);
    }

    async fn a_customer_that_the_merchant_named_keeps_its_name(server: Server) {
        let id = server.post("/rest/customers", with(&plain_customer_xml("D"), "name", "Dan's shop")).gives(201).await.id();
        let body = "{\"lastName\":\"Ray\",\"organizationName\":null}";
        server.post(&format!("{CUSTOMERS}/{id}"), body).send().await.json(200);
        let xml = server.get(&format!("/rest/customer/{id}")).gives(200).await;
        xml.has(&[("name", "Dan's shop"), ("billingContact/lastName", "Ray"), ("isBusinessAccount", "false")]);
    }

    async fn what_is_wrong_with_a_search_is_refused_by_name(server: Server) {
        let long = |length| "x".repeat(length);
        for (query, fields) in [
            ("offset=-1".to_owned(), &["offset"][..]),
            ("limit=-1&offset=x".to_owned(), &["offset", "limit"]),
            ("limit=1.0".to_owned(), &["limit"]),
            ("limit=99999999999999999999".to_owned(), &["limit"]),
            ("accountId=abc".to_owned(), &["accountId"]),
            ("offset=0&offset=1".to_owned(), &["offset"]),
            ("lastName=Lee&lastName=Lee".to_owned(), &["lastName"]),
            (format!("firstName={}", long(256)), &["firstName"]),
            (format!("lastName={}", long(256)), &["lastName"]),
            (format!("organizationName={}", long(256)), &["organizationName"]),
            (format!("email={}", long(101)), &["email"]),
            (format!("phone={}", long(16)), &["phone"]),
            (format!("street={}", long(129)), &["street"]),
            (format!("city={}", long(51)), &["city"]),
            (format!("state={}&zipCode={}", long(4), long(11)), &["state", "zipCode"]),
            (format!("countryCode={}", long(3)), &["countryCode"]),
            ("format=JSON".to_owned(), &["format"]),
        ] {
            let mut found = server.refuses_fields(server.get(&format!("{CUSTOMERS}?{query}"))).await;
            found.sort();
            let mut fields = fields.to_vec();
            fields.sort_unstable();
            assert_eq!(found, fields, "{query}");
        }
        let list = server.get(&format!("{CUSTOMERS}?format=query")).send().await;
        assert!(list.is(406).text().starts_with("success=false&error="), "{}", list.text());
        server.get(CUSTOMERS).header("accept", FORM).send().await.is(406);
    }

    async fn c_uni_17_what_is_wrong_with_a_customer_is_refused_by_name_and_not_stored(engine: Engine) {
        let server = Server::with(engine, &with_account()).await;
        let good = json!({"firstName": "Ann", "lastName": "Lee"});
        let long = |length| json!("x".repeat(length));
        for (field, value) in [
            ("firstName", long(256)),
            ("firstName", json!(null)),
            ("firstName", json!("  ")),
            ("firstName", json!(5)),
            ("firstName", json!("a\u{0}b")),
            ("firstName", json!({"a": 1})),
            ("lastName", long(256)),
            ("lastName", json!("")),
            ("organizationName", long(256)),
            ("email", json!("nonsense")),
            ("email", json!(format!("{}@b.example", "x".repeat(91)))),
            ("phone", long(16)),
            ("street", long(129)),
            ("city", long(51)),
            ("city", json!(["x"])),
            ("state", long(4)),
            ("zipCode", long(11)),
            ("zipCode", json!(12345)),
            ("countryCode", json!("usa")),
            ("countryCode", json!("1x")),
            ("countryCode", json!("xx")),
            ("accountId", json!("2001")),
            ("accountId", json!(2001.5)),
            ("accountId", json!(-1)),
            ("code", long(51)),
            ("code", json!("~find")),
        ] {
            let mut body = good.clone();
            body[field] = value.clone();
            assert_eq!(server.refuses_fields(server.put_json(&body)).await, [field], "{value}");
        }
        let missing = server.refuses_fields(server.put_json(&json!({"email": "x", "state": "long"}))).await;
        assert_eq!(missing, ["firstName", "lastName", "email", "state"]);
        let twice = server.put_as("application/json", r#"{"firstName":"A","firstName":"B","lastName":"L"}"#);
        assert_eq!(server.refuses_fields(twice).await, ["firstName"]);
        let twice = server.put_as(FORM, "firstName=A&object.firstName=B&lastName=L&format=query").header("accept", "application/json");
        assert_eq!(server.refuses_fields(twice).await, ["firstName"]);
        server.put_json(&good).send().await.json(201);
    }

    async fn a_body_that_is_malformed_is_refused_in_the_form_it_claims(server: Server) {
        for body in ["", "  ", "{", "[]", "null", "\"Ann\"", "{\"firstName\":\"A\",}", "{\"firstName\":\"\\ud800\"}", "<customer/>"] {
            server.refuses_fields(server.put_as("application/json", body)).await;
        }
        for body in [
            "",
            "<customer",
            "<client firstName='A' lastName='B'/>",
            "<!DOCTYPE customer [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><customer firstName='&x;' lastName='B'/>",
            "<customer firstName='A' firstName='B' lastName='C'/>",
            "<customer firstName='A' lastName='C'><firstName>B</firstName></customer>",
            "{\"firstName\":\"A\",\"lastName\":\"B\"}",
        ] {
            server.refuses(400, server.put_as("text/xml", body)).await;
        }
        for body in ["", "firstName", "firstName=%zz&lastName=B", "firstName=%ff&lastName=B", "firstName=%4"] {
            let answer = server.put_as(FORM, body).send().await;
            assert!(answer.is(400).text().starts_with("success=false&error="), "{}", answer.text());
        }
        server.put_as("text/plain", "{}").send().await.refused_fields(415);
        let large = format!("{{\"firstName\":\"{}\"}}", "x".repeat(1024 * 1024));
        server.put_as("application/json", &large).send().await.refused_fields(413);
    }

    async fn c_uni_26_and_c_uni_28_a_wrong_verb_is_405_with_allow_and_an_unknown_action_404(server: Server) {
        let id = server.plain_customer("D").await;
        for (method, path, allowed) in [
            ("POST", CUSTOMERS.to_owned(), "GET"),
            ("DELETE", CUSTOMERS.to_owned(), "PUT"),
            ("DELETE", format!("{CUSTOMERS}/{id}"), "GET"),
            ("PUT", format!("{CUSTOMERS}/{id}"), "GET"),
            ("GET", format!("{CUSTOMERS}/~create"), "PUT"),
            ("PUT", format!("{CUSTOMERS}/~find"), "GET"),
            ("POST", format!("{CUSTOMERS}/{id}/~load"), "GET"),
        ] {
            let answer = server.call(method, &path).send().await;
            answer.refused_fields(405);
            let allow = answer.header("allow");
            assert!(allow.contains(allowed) && !allow.contains(method), "{method} {path}: {allow}");
        }
        for (method, path) in [
            ("GET", format!("{CUSTOMERS}/~destroy")),
            ("PUT", format!("{CUSTOMERS}/~destroy")),
            ("POST", format!("{CUSTOMERS}/~load")),
            ("GET", format!("{CUSTOMERS}/{id}/~destroy")),
            ("GET", format!("{CUSTOMERS}/nobody")),
            ("GET", format!("{CUSTOMERS}/999999999")),
            ("GET", format!("{CUSTOMERS}/0{id}")),
            ("GET", format!("{CUSTOMERS}/%00")),
            ("GET", format!("{CUSTOMERS}/%ff")),
            ("GET", format!("{CUSTOMERS}/{id}/subscriptions")),
            ("GET", "/api/v01".to_owned()),
            ("GET", "/api".to_owned()),
        ] {
            server.call(method, &path).send().await.refused_fields(404);
        }
        server.get(&format!("{CUSTOMERS}/nobody?format=xml")).send().await.refused(404);
    }

    async fn who_may_not_use_the_api_is_told_so_in_the_form_it_asks_for(server: Server) {
        let anonymous = server.get(CUSTOMERS).anonymous().send().await;
        anonymous.refused_fields(401);
        assert!(anonymous.header("www-authenticate").starts_with("Basic realm="));
        server.get(&format!("{CUSTOMERS}?format=xml")).anonymous().send().await.refused(401);
        server.get(CUSTOMERS).user(STAFF_USER, STAFF_PASSWORD).send().await.refused_fields(403);
        server.rival().await;
        let id = server.post("/rest/customers", with(&plain_customer_xml("D"), "name", "Dan")).gives(201).await.id();
        server.get(&format!("{CUSTOMERS}/{id}")).rival().send().await.refused_fields(404);
        server.get(&format!("{CUSTOMERS}/D")).rival().send().await.refused_fields(404);
        let description = server.get("/api/v01/openapi.json").anonymous().send().await;
        assert_eq!(serde_json::from_slice::<Value>(&description.is(200).body).unwrap()["openapi"], json!("3.1.0"));
    }

    async fn what_may_be_empty_is_described_so(server: Server) {
        let description = server.get("/api/v01/openapi.json").send().await.is(200).body.clone();
        let description: Value = serde_json::from_slice(&description).unwrap();
        for schema in ["NewCustomer", "CustomerChange"] {
            for field in ["countryCode", "email"] {
                let pattern = &description["components"]["schemas"][schema]["properties"][field]["pattern"];
                assert!(pattern.as_str().unwrap().ends_with(")?$"), "{schema} {field} {pattern}");
            }
        }
        let body = json!({"accountId": 2001, "firstName": "Ann", "lastName": "Lee", "countryCode": "", "email": ""});
        server.put_json(&body).send().await.json(201);
    }
}

#[test]
fn the_description_knows_the_countries() {
    let description: Value = serde_json::from_str(include_str!("../../src/unipay/openapi.json")).unwrap();
    for schema in ["NewCustomer", "CustomerChange"] {
        let pattern = &description["components"]["schemas"][schema]["properties"]["countryCode"]["pattern"];
        let groups = pattern.as_str().unwrap().trim_start_matches("^([").trim_end_matches("])?$").split("]|[");
        let codes = groups.flat_map(|group| {
            let (first, second) = group.split_once("][").unwrap();
            first.chars().flat_map(|a| second.chars().map(move |b| format!("{a}{b}"))).collect::<Vec<_>>()
        });
        let letters = || ('A'..='Z').chain('a'..='z');
        let known = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
        let known = known.filter(|code| domain::countries::alpha3(code).is_some());
        assert_eq!(codes.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>(), "{schema}");
    }
}
