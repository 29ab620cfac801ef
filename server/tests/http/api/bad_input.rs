//! Bad input at a glance (`api.md` appendix B, §2.5 to §2.9): a table for each row of it. Every refusal names what is
//! wrong and says what is allowed, and nothing is stored.

use testkit::organization::ACME;

use crate::harness::fixtures::{
    APPROVES, DECLINES, JOHN, account_on_file, card_on_file, customer_xml, fixed, payment_plan_xml, plain_customer_xml,
    with, without,
};
use crate::harness::{Call, Server};

/// (what is wrong, method, address, body, status, part of a message)
pub type Row<'r> = (&'r str, &'r str, String, String, u16, &'r str);

impl Server {
    pub async fn refuses_rows(&self, rows: Vec<Row<'_>>) {
        for (what, method, path, body, status, part) in rows {
            let messages = self.refuses(status, self.call(method, &path).body(body)).await;
            assert!(messages.iter().any(|message| message.contains(part)), "{what}: {messages:?}");
        }
    }

    async fn refuses_mail_with(&self, what: &str, call: Call<'_>, part: &str) {
        let before = self.stored().await;
        let refused = call.gives(400).await;
        assert_eq!((refused.0.name.as_str(), refused.at("success").as_str()), ("response", "false"), "{what}");
        assert!(refused.at("message").contains(part), "{what}: {}", refused.at("message"));
        let differences = testkit::dump::differences(&before, &self.stored().await);
        assert!(differences.is_empty(), "{what}: {differences:#?}");
    }
}

pub fn row<'r>(what: &'r str, request: &'r str, body: impl Into<String>, status: u16, part: &'r str) -> Row<'r> {
    let (method, path) = request.split_once(' ').unwrap();
    (what, method, path.to_owned(), body.into(), status, part)
}

const NOT_HERE: &str = "customer not found";
const STATUSES: &str = "status must be one of Active, Overdue1, Overdue2, Overdue3, Suspended1, Suspended2, Suspended3, \
                        InActive1, InActive2";
const UNITS: &str = "paymentTermsUnits must be one of Days, Weeks, Months, Quarters, Years";
const COUNTRY: &str = "countryCode must be the code of a country in ISO 3166-1, two or three letters like US or USA";
const STRONG: &str = "passwd must have 8 to 255 characters with an upper-case letter, a lower-case letter and a digit";
/// (field of a payment plan, value, part of the message)
const PLAN_VALUES: &[(&str, &str, &str)] = &[
    ("chargeAmount", "0", "chargeAmount must be greater than 0"),
    ("chargeAmount", "-1", "chargeAmount must be greater than 0"),
    ("chargeAmount", "1.005", "chargeAmount"),
    ("chargeAmount", "1e3", "chargeAmount must be a decimal number"),
    ("chargeAmount", "1000000000000", "chargeAmount must be at most 999999999999.99"),
    ("startDate", "2016-02-30", "startDate must be a date"),
    ("totalNumberOfInstallments", "0", "totalNumberOfInstallments must be a whole number from 1"),
    ("totalNumberOfInstallments", "1.5", "totalNumberOfInstallments must be a whole number from 1"),
    ("totalNumberOfInstallments", "99999999999999999999", "totalNumberOfInstallments must be a whole number from 1"),
    ("frequencyValue", "0", "frequencyValue must be a whole number from 1"),
    ("frequencyValue", "x", "frequencyValue must be a whole number from 1"),
    ("frequencyUnits", "months", "frequencyUnits must be one of Days, Weeks, Months, Quarters, Years"),
];
pub const NOT_SUPPORTED: &str = "not supported here; see the header Allow";

on_both! {
    async fn row_all_of_bodies(server: Server) {
        let id = server.plain_customer("ANN").await;
        // (address, root that belongs there)
        let writing = [
            ("POST /rest/customers".to_owned(), "customer"),
            ("POST /rest/customer".to_owned(), "customer"),
            (format!("PUT /rest/customer/{id}"), "customer"),
            (format!("PUT /rest/customer/{id}/billingContact"), "billingContact"),
            (format!("POST /rest/customer/{id}/salesContact"), "salesContact"),
            (format!("PUT /rest/customer/{id}/autopay"), "autopay"),
            (format!("POST /rest/customers/paymentPlan?id={id}"), "paymentPlan"),
            (format!("PUT /rest/customers/paymentPlan?id={id}"), "paymentPlan"),
        ];
        for (request, root) in &writing {
            let must = format!("The root element must be {root}");
            server.refuses_rows(vec![
                row("malformed", request, format!("<{root}>"), 400, "org.xml.sax.SAXParseException: "),
                row("empty", request, "", 400, "Premature end of file."),
                row("JSON", request, "{\"name\":\"Ann\"}", 400, "Content is not allowed in prolog"),
                row("wrong root", request, "<invoice/>", 400, &must),
                row("DOCTYPE", request, format!("<!DOCTYPE {root}><{root}/>"), 400, "DOCTYPE is not allowed"),
                row("too large", request, format!("<{root}>{}</{root}>", " ".repeat(1024 * 1024)), 413, "at most 1048576 bytes"),
            ]).await;
            let (method, path) = request.split_once(' ').unwrap();
            let sign = if path.contains('?') { '&' } else { '?' };
            let call = server.call(method, &format!("{path}{sign}format=pdf")).body(format!("<{root}/>"));
            assert!(server.refuses(400, call).await[0].starts_with("format must be"), "{request}");
        }
    }

    async fn row_all_of_who_is_not_here(server: Server) {
        server.rival().await;
        let foreign = server.post("/rest/customers", plain_customer_xml("R")).rival().gives(201).await.id();
        for path in ["", "/billingContact", "/salesContact", "/autopay", "/paymentPlan"] {
            let root = match path { "" => "customer", path => path.trim_start_matches('/') };
            for (what, who, status) in [("unknown", "999999999".to_owned(), 404), ("foreign", foreign.to_string(), 404), ("no number", "abc".to_owned(), 404)] {
                for method in ["GET", "PUT", "DELETE"] {
                    if (path, method) == ("/billingContact", "DELETE") {
                        continue;
                    }
                    let body = match (root, method) {
                        (_, "GET" | "DELETE") => String::new(),
                        ("autopay", _) => card_on_file(APPROVES),
                        ("paymentPlan", _) => payment_plan_xml(),
                        _ => format!("<{root}/>"),
                    };
                    let request = format!("{method} /rest/customer/{who}{path}?autopayPreference=1");
                    server.refuses_rows(vec![row(what, &request, body.clone(), status, NOT_HERE)]).await;
                    let request = format!("{method} /rest/customer{path}?extCustomerRef=NOBODY&autopayPreference=1");
                    server.refuses_rows(vec![row(what, &request, body, 404, NOT_HERE)]).await;
                }
            }
        }
    }

    async fn row_all_of_parameters_and_verbs(server: Server) {
        server.refuses_rows(vec![
            row("bad format", "GET /rest/customers?format=json", "", 400, "format must be one of xml"),
            row("bad paging", "GET /rest/customers?max=ten", "", 400, "max must be a whole number from 0"),
            row("bad paging", "GET /rest/customers?offset=-1", "", 400, "offset must be a whole number from 0"),
            row("bad date", "GET /rest/customers?createStartTime=2011-09-20", "", 400, "createStartTime must be a time"),
            row("bad date", "GET /rest/customers?updateEndTime=201102290000", "", 400, "updateEndTime must be a time"),
            row("no such path", "GET /rest/customer/1/nosuchthing", "", 404, "no such path"),
            row("verb", "PATCH /rest/customer/1", "", 405, NOT_SUPPORTED),
            row("verb", "PATCH /rest/customers", "", 405, NOT_SUPPORTED),
            row("verb", "DELETE /rest/customers/transitions", "", 405, NOT_SUPPORTED),
        ]).await;
    }

    async fn row_customer_made(server: Server) {
        server.customer("ANN", "ann00001").await;
        let good = customer_xml("NEW", "new00001");
        let create = "POST /rest/customers";
        server.refuses_rows(vec![
            row("no billingContact", create, without(&good, "billingContact"), 400, "billingContact is required"),
            row("no name", create, without(&good, "name"), 400, "name is required"),
            row("no first name", create, without(&good, "firstName"), 400, "billingContact/firstName is required"),
            row("no last name", create, without(&good, "lastName"), 400, "billingContact/lastName is required"),
            row("no email", create, without(&good, "emailPrimary"), 400, "billingContact/emailPrimary is required"),
            row("two emails", create, with(&good, "emailPrimary", "a@b.example,c@d.example"), 400, "must be an e-mail address"),
            row("bad email", create, with(&good, "emailPrimary", "nonsense"), 400, "must be an e-mail address"),
            row("duplicate reference", create, with(&good, "extCustomerRef", "ANN"), 400, "extCustomerRef is already used by another customer"),
            row("duplicate username", create, with(&good, "username", "ann00001"), 400, "billingContact/username is already used"),
            row("status", create, with(&good, "status", "Gone"), 400, STATUSES),
            row("currency", create, good.replace("USD", "XXX"), 400, "currency must be"),
            row("currency not enabled", create, good.replace("USD", "EUR"), 400, "currency EUR is not enabled; enabled are USD"),
            row("units", create, with(&good, "paymentTermsUnits", "days"), 400, UNITS),
            row("locale", create, with(&good, "locale", "english"), 400, "locale must be a language and a country written like en_US"),
            row("boolean", create, with(&good, "isBusinessAccount", "yes"), 400, "isBusinessAccount must be true or false"),
            row("integer", create, with(&good, "paymentTermsValue", "1.5"), 400, "paymentTermsValue must be a whole number from 0"),
            row("long reference", create, with(&good, "extCustomerRef", &"x".repeat(51)), 400, "extCustomerRef may have at most 50 characters"),
            row("long name", create, with(&good, "name", &"x".repeat(256)), 400, "name may have at most 255 characters"),
            row("weak password", create, with(&good, "passwd", "Short1"), 400, STRONG),
            row("short username", create, with(&good, "username", "ann"), 400, "username must have 6 to 100 characters"),
            row("username alone", create, without(&good, "passwd"), 400, "passwd is required together with username"),
            row("country", create, with(&good, "countryCode", "1"), 400, COUNTRY),
            row("unknown country", create, with(&good, "countryCode", "xx"), 400, COUNTRY),
            row("unknown country of three letters", create, with(&good, "countryCode", "XKX"), 400, COUNTRY),
            row("action", "POST /rest/customers?action=explode", good.clone(), 400, "There is no such action"),
        ]).await;
    }

    async fn row_customer_changed(server: Server) {
        let id = server.plain_customer("ANN").await;
        server.plain_customer("BEN").await;
        server.john().await;
        let put = format!("PUT /rest/customer/{id}");
        let change = |inside: &str| format!("<customer>{inside}</customer>");
        server.refuses_rows(vec![
            row("PUT name", &put, change("<name/>"), 400, "name is required and may not be empty"),
            row("PUT no billingContact", &put, change("<billingContact/>"), 400, "billingContact is required and may not be empty"),
            row("PUT duplicate", &put, change("<extCustomerRef>BEN</extCustomerRef>"), 400, "extCustomerRef is already used"),
            row("PUT long crm", &put, change(&format!("<crmCustomerId>{}</crmCustomerId>", "x".repeat(26))), 400, "crmCustomerId may have at most 25 characters"),
            row("PUT long erp", &put, change(&format!("<erpCustomerId>{}</erpCustomerId>", "x".repeat(26))), 400, "erpCustomerId may have at most 25 characters"),
            row("PUT status", &put, change("<status>Gone</status>"), 400, STATUSES),
            row("PUT currency", &put, change("<currency id=\"EUR\"/>"), 400, "currency EUR is not enabled; enabled are USD"),
            row("PUT units", &put, change("<paymentTermsUnits>x</paymentTermsUnits>"), 400, UNITS),
            row("PUT locale", &put, change("<locale>xx</locale>"), 400, "locale must be"),
            row("PUT password", &put, change("<billingContact><passwd>weak</passwd></billingContact>"), 400, STRONG),
            row("PUT twice", &put, change("<name>A</name><name>B</name>"), 400, "name appears twice"),
            row("currency of one with orders", "PUT /rest/customer?extCustomerRef=JOHNDOE001", change("<currency id=\"EUR\"/>"), 400, "currency"),
        ]).await;
    }

    async fn row_customer_named_and_acted_on(server: Server) {
        let id = server.plain_customer("ANN").await;
        server.plain_customer("BEN").await;
        server.john().await;
        server.refuses_rows(vec![
            row("delete with history", "DELETE /rest/customer?extCustomerRef=JOHNDOE001", "", 400, "suspend it instead"),
            row("no key", "GET /rest/customer", "", 400, "extCustomerRef"),
            row("no key", "DELETE /rest/customer", "", 400, "extCustomerRef"),
            row("two keys", &format!("GET /rest/customer/{id}?extCustomerRef=BEN"), "", 400, "extCustomerRef names another customer"),
            row("unknown action", &format!("POST /rest/customer/{id}?action=explode"), "", 400, "action must be one of suspend, activate"),
            row("two actions", &format!("POST /rest/customer/{id}?action=suspend&actionName=activate"), "", 400, "action and actionName name different operations"),
            row("no action", &format!("POST /rest/customer/{id}"), "", 400, "action is required: suspend, activate"),
            row("bulk PUT", "PUT /rest/customers", "<list/>", 405, NOT_SUPPORTED),
            row("bulk DELETE", "DELETE /rest/customers", "", 405, NOT_SUPPORTED),
            row("POST billingContact", &format!("POST /rest/customer/{id}/billingContact"), "<billingContact/>", 405, NOT_SUPPORTED),
            row("DELETE billingContact", &format!("DELETE /rest/customer/{id}/billingContact"), "", 405, NOT_SUPPORTED),
        ]).await;
    }

    async fn row_autopay(server: Server) {
        let id = server.plain_customer(JOHN).await;
        let put = format!("PUT /rest/customer/{id}/autopay");
        let validate = format!("{put}?validate=true");
        let delete = format!("DELETE /rest/customer/{id}/autopay");
        let card = card_on_file(APPROVES);
        let sentence = "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check";
        let typed = |kind: &str| card.replace(" type=\"CreditCard\"", kind);
        let one = "must hold exactly one of creditCardPaymentMethod, achPaymentMethod, tokenPaymentMethod";
        let method = "creditCardPaymentMethod><cashPaymentMethod/></paymentMethodDTO";
        server.refuses_rows(vec![
            row("no type", &put, typed(""), 400, sentence),
            row("unknown type", &put, typed(" type=\"Bitcoin\""), 400, sentence),
            row("contradicting type", &put, typed(" type=\"ACH\""), 400, sentence),
            row("two types", &put, typed(" type=\"CreditCard\"><type>ACH</type").replace("</type<", "</type><").replace("</type>>", "</type>"), 400, sentence),
            row("no DTO", &put, "<autopay/>", 400, "paymentMethodDTO is required"),
            row("empty DTO", &put, "<autopay><paymentMethodDTO/></autopay>", 400, sentence),
            row("zero methods", &put, "<autopay><paymentMethodDTO type=\"Cash\"/></autopay>", 400, one),
            row("two methods", &put, card.replace("creditCardPaymentMethod></paymentMethodDTO", method), 400, one),
            row("preference 0", &put, with(&card, "autopayPreference", "0"), 400, "autopayPreference must be a whole number from 1 to 3"),
            row("preference 4", &put, with(&card, "autopayPreference", "4"), 400, "autopayPreference must be a whole number from 1 to 3"),
            row("preference x", &put, with(&card, "autopayPreference", "x"), 400, "autopayPreference must be a whole number from 1 to 3"),
            row("check digit", &put, with(&card, "cardNumber", "4111111111111112"), 400, "cardNumber must be a card number: 12 to 19 digits"),
            row("short number", &put, with(&card, "cardNumber", "41111111111"), 400, "cardNumber must be a card number"),
            row("no number", &put, without(&card, "cardNumber"), 400, "cardNumber is required"),
            row("no expiry", &put, without(&card, "expiry"), 400, "expiry is required"),
            row("bad expiry", &put, with(&card, "expiry", "2035-13"), 400, "expiry must be a month written YYYY-MM-DD or YYYY-MM"),
            row("bad cvv", &put, with(&card, "cvv", "12"), 400, "cvv must have 3 or 4 digits"),
            row("brand", &put, card.replace("<cardholderName>", "<cardType>Amex</cardType><cardholderName>"), 400, "cardType contradicts cardNumber"),
            row("unknown brand", &put, card.replace("<cardholderName>", "<cardType>Diners</cardType><cardholderName>"), 400, "cardType must be one of Visa, MasterCard, Amex, Discover"),
            row("routing", &put, account_on_file("123456789", "12345678"), 400, "routingNumber must be a routing number: 9 digits"),
            row("account", &put, account_on_file("021000021", "123"), 400, "accountNumber must have 4 to 17 digits"),
            row("account type", &put, account_on_file("021000021", "12345678").replace("Checking", "Gold"), 400, "accountType must be one of Checking, Savings"),
            row("no token", &put, "<autopay><paymentMethodDTO type=\"Token\"><tokenPaymentMethod><cardType>Visa</cardType></tokenPaymentMethod></paymentMethodDTO></autopay>", 400, "token is required"),
            row("failed validation", &validate, card_on_file(DECLINES), 400, "was not accepted by the processor"),
            row("expired, validated", &validate, with(&card, "expiry", "2010-12-31"), 400, "expired"),
            row("validate", &format!("{put}?validate=maybe"), card.clone(), 400, "validate must be true or false"),
            row("no preference", &delete, "", 400, "autopayPreference is required: 1, 2 or 3"),
            row("preference", &format!("{delete}?autopayPreference=4"), "", 400, "autopayPreference must be a whole number from 1 to 3"),
            row("nothing there", &format!("{delete}?autopayPreference=1"), "", 404, "not found"),
            row("no customer", "PUT /rest/customer/autopay", card.clone(), 400, "extCustomerRef"),
            row("unknown customer", "PUT /rest/customer/999999999/autopay", card.clone(), 404, NOT_HERE),
            row("verb", &format!("PATCH /rest/customer/{id}/autopay"), "", 405, NOT_SUPPORTED),
        ]).await;
        assert!(server.get(&format!("/rest/customer/{id}/autopay")).gives(200).await.0.children.is_empty());
    }

    async fn row_transitions(server: Server) {
        let path = "GET /rest/customers/transitions";
        let rows = [
            ("startDate=2011-02-30", "startDate must be a date"),
            ("startDate=20110920", "startDate must be a date"),
            ("endDate=tomorrow", "endDate must be a date"),
            ("endDate=0000-00-00", "endDate must be a date"),
            ("daysAgo=-1", "daysAgo must be a whole number from 0"),
            ("daysAgo=x", "daysAgo must be a whole number from 0"),
            ("daysAgo=1.5", "daysAgo must be a whole number from 0"),
            ("startDate=2011-09-01&daysAgo=x", "daysAgo must be a whole number from 0"),
            ("max=-1", "max must be a whole number from 0"),
            ("offset=x", "offset must be a whole number from 0"),
            ("format=pdf", "format must be one of xml"),
        ];
        for (query, part) in rows {
            server.refuses_rows(vec![row(query, &format!("{path}?{query}"), "", 400, part)]).await;
        }
        for verb in ["POST", "PUT", "DELETE"] {
            let request = format!("{verb} /rest/customers/transitions");
            server.refuses_rows(vec![row("verb", &request, "<list/>", 405, NOT_SUPPORTED)]).await;
        }
    }

    async fn row_payment_plan(server: Server) {
        let id = server.plain_customer("ANN").await;
        let of_ann = format!("/rest/customers/paymentPlan?id={id}");
        let (post, put) = (format!("POST {of_ann}"), format!("PUT {of_ann}"));
        let good = payment_plan_xml();
        server.refuses_rows(vec![
            row("no plan", &format!("GET {of_ann}"), "", 404, "not found"),
            row("no plan", &put, good.clone(), 404, "not found"),
            row("no plan", &format!("DELETE {of_ann}"), "", 404, "not found"),
        ]).await;
        for (field, value, part) in PLAN_VALUES {
            server.refuses_rows(vec![row(field, &post, with(&good, field, value), 400, part)]).await;
        }
        for field in ["chargeAmount", "startDate", "totalNumberOfInstallments", "frequencyValue", "frequencyUnits"] {
            let part = format!("{field} is required");
            server.refuses_rows(vec![row(field, &post, without(&good, field), 400, &part)]).await;
        }
        let switch = |name: &str| good.replace("</paymentPlan>", &format!("<{name}>maybe</{name}></paymentPlan>"));
        server.refuses_rows(vec![
            row("switch", &post, switch("isEnabled"), 400, "isEnabled must be true or false"),
            row("switch", &post, switch("chargeOnlyIfBalanceOwed"), 400, "chargeOnlyIfBalanceOwed must be true or false"),
        ]).await;
        server.call("POST", &of_ann).body(good.clone()).gives(201).await;
        for (field, value, part) in PLAN_VALUES {
            server.refuses_rows(vec![row(field, &put, with(&good, field, value), 400, part)]).await;
        }
        server.refuses_rows(vec![
            row("second plan", &post, good.clone(), 400, "plan"),
            row("another plan", &put, good.replace("<paymentPlan>", "<paymentPlan id=\"1\">"), 400, "id "),
            row("emptied", &put, with(&good, "chargeAmount", ""), 400, "chargeAmount is required and may not be empty"),
            row("no key", "POST /rest/customers/paymentPlan", good.clone(), 400, "The customer is missing"),
            row("no key", "GET /rest/customers/paymentPlan", "", 400, "The customer is missing"),
            row("no key", "DELETE /rest/customers/paymentPlan", "", 400, "The customer is missing"),
            row("unknown customer", "POST /rest/customers/paymentPlan?id=999999999", good.clone(), 404, NOT_HERE),
            row("unknown customer", "PUT /rest/customers/paymentPlan?extCustomerRef=NOBODY", good.clone(), 404, NOT_HERE),
            row("action", &format!("POST {of_ann}&action=explode"), good.clone(), 400, "no such action"),
        ]).await;
    }

    async fn row_notification(server: Server) {
        let invoice = server.john().await;
        let other = server.order(JOHN, fixed()).await;
        server.plain_customer("JANE").await;
        // From now on customers are told.
        server.seed(ACME).await;
        let path = "/rest/customers/notification";
        let body = |inside: &str| format!("<sendEmail>{inside}</sendEmail>");
        let event = "<eventType>newInvoice</eventType>";
        let object = format!("<objectId>{}</objectId>", invoice.id);
        let john = format!("<customerRef>{JOHN}</customerRef>");
        for (what, inside, part) in [
            ("nothing", String::new(), "eventType is required. objectId or objectRef is required. customerId or customerRef is required."),
            ("no event", format!("{object}{john}"), "eventType is required"),
            ("case of the event", format!("<eventType>NewInvoice</eventType>{object}{john}"), "eventType must be one of newInvoice, newOrder, paymentReceived"),
            ("no object", format!("{event}{john}"), "objectId or objectRef is required"),
            ("object is no number", format!("{event}<objectId>INV1</objectId>{john}"), "objectId must be a whole number"),
            ("unknown object", format!("{event}<objectRef>INV1</objectRef>{john}"), "not found"),
            ("two objects", format!("{event}{object}<objectRef>{}</objectRef>{john}", other.number), "different objects"),
            ("no customer", format!("{event}{object}"), "customerId or customerRef is required"),
            ("unknown customer", format!("{event}{object}<customerId>CUS1001</customerId>"), "not found"),
            ("another's", format!("{event}{object}<customerRef>JANE</customerRef>"), "does not belong"),
            ("two customers", format!("{event}{object}{john}<customerId>JANE</customerId>"), "must name the same customer"),
        ] {
            server.refuses_mail_with(what, server.post(path, body(&inside)), part).await;
        }
        server.refuses_mail_with("wrong root", server.post(path, "<mail/>"), "The root element must be sendEmail").await;
        let format = server.post(&format!("{path}?format=pdf"), body(&format!("{event}{object}{john}")));
        server.refuses_mail_with("format", format, "format must be xml").await;
        server.refuses_rows(vec![
            row("malformed", &format!("POST {path}"), "<sendEmail>", 400, "org.xml.sax.SAXParseException: "),
            row("empty", &format!("POST {path}"), "", 400, "Premature end of file."),
            row("verb", &format!("GET {path}"), "", 405, NOT_SUPPORTED),
        ]).await;
        assert!(server.stored().await["mails"].is_empty());
    }

    async fn row_widget_start(server: Server) {
        let id = server.plain_customer("ANN").await;
        server.post("/rest/customers", with(&plain_customer_xml("GONE"), "status", "InActive1")).gives(201).await;
        let start = format!("GET /rest/widget/start?customerId={id}");
        let both = format!("{start}&extCustomerRef=GONE");
        server.refuses_rows(vec![
            row("no customer key", "GET /rest/widget/start", "", 400, "extCustomerRef"),
            row("two customers", &both, "", 400, "extCustomerRef names another customer"),
            row("unknown customer", "GET /rest/widget/start?customerId=999999999", "", 404, NOT_HERE),
            row("unknown customer", "GET /rest/widget/start?extCustomerRef=NOBODY", "", 404, NOT_HERE),
            row("inactive customer", "GET /rest/widget/start?extCustomerRef=GONE", "", 400, "InActive1"),
            row("POST", "POST /rest/widget/start?extCustomerRef=ANN", "", 405, NOT_SUPPORTED),
        ]).await;
        for (query, part) in [
            ("cssURL=javascript:alert(1)", "cssURL must be a path on this host"),
            ("cssURL=https://evil.example/x.css", "cssURL must be a path on this host"),
            ("cssURL=//evil.example/x.css", "cssURL must be a path on this host"),
            ("loginUrl=javascript:alert(1)", "loginUrl must be an absolute http or https address"),
            ("loginUrl=/relative", "loginUrl must be an absolute http or https address"),
            ("page=admin", "page must be one of"),
            ("showNavigation=2", "showNavigation must be true or false"),
            ("format=pdf", "format must be one of text, xml"),
        ] {
            server.refuses_rows(vec![row(query, &format!("{start}&{query}"), "", 400, part)]).await;
        }
    }

    async fn row_unipay(server: Server) {
        let id = server.plain_customer("ANN").await;
        let customers = "/api/v01/customers";
        let long = |length: usize| "x".repeat(length);
        let new = |more: &str| format!("<customer accountId=\"7\" firstName=\"Ann\" lastName=\"Lee\" {more}/>");
        let (missing, one) = ("<customer accountId=\"7\"/>", format!("{customers}/{id}"));
        for (what, method, path, body, status, part) in [
            ("missing", "PUT", customers, missing.to_owned(), 400, "firstName is required"),
            ("missing", "PUT", customers, missing.to_owned(), 400, "lastName is required"),
            ("no account", "PUT", customers, new("").replace(" accountId=\"7\"", ""), 400, "accountId is required"),
            ("over-long", "PUT", customers, new(&format!("organizationName=\"{}\"", long(256))), 400, "organizationName may have at most 255 characters"),
            ("over-long", "PUT", customers, new(&format!("phone=\"{}\"", long(16))), 400, "phone may have at most 15 characters"),
            ("over-long", "POST", &one, format!("<customer city=\"{}\"/>", long(51)), 400, "city may have at most 50 characters"),
            ("bad integer", "PUT", customers, new("").replace("\"7\"", "\"x\""), 400, "accountId must be a whole number"),
            ("bad integer", "GET", "/api/v01/customers?limit=x", String::new(), 400, "limit must be a whole number"),
            ("bad integer", "GET", "/api/v01/customers?offset=-1", String::new(), 400, "offset must be a whole number"),
            ("malformed", "PUT", customers, "<customer".to_owned(), 400, "org.xml.sax.SAXParseException: "),
            ("malformed", "POST", &one, String::new(), 400, "Premature end of file."),
            ("duplicate code", "PUT", customers, new("code=\"ANN\""), 400, "code is already used by another customer"),
            ("changed code", "POST", &one, "<customer code=\"BEN\"/>".to_owned(), 400, "code can't be changed"),
            ("no id", "GET", "/api/v01/customers/999999999", String::new(), 404, NOT_HERE),
            ("no id", "POST", "/api/v01/customers/nobody", "<customer/>".to_owned(), 404, NOT_HERE),
            ("unknown action", "GET", "/api/v01/customers/~destroy", String::new(), 404, "no such path"),
            ("POST collection", "POST", customers, new(""), 405, NOT_SUPPORTED),
            ("PUT element", "PUT", &one, new(""), 405, NOT_SUPPORTED),
            ("DELETE element", "DELETE", &one, String::new(), 405, NOT_SUPPORTED),
        ] {
            let sign = if path.contains('?') { '&' } else { '?' };
            let call = server.call(method, &format!("{path}{sign}format=xml")).header("content-type", "text/xml").body(body);
            let messages = server.refuses(status, call).await;
            assert!(messages.iter().any(|message| message.contains(part)), "{what}: {messages:?}");
        }
    }
}
