//! Every route against everybody who may not use it. A route without a line here fails the build.

use std::collections::BTreeSet;
use std::path::Path;

use testkit::organization::{ACME, API_PASSWORD, API_USER, RIVAL_PASSWORD, RIVAL_USER, STAFF_PASSWORD, STAFF_USER};

use crate::harness::fixtures::{
    APPROVES, CASH, JOHN, card_on_file, fixed, invoice_xml, order_xml, payment_by, payment_plan_xml, payment_xml,
    plain_customer_xml, white_label,
};
use crate::harness::{Browser, Call, Server};

const SSO_KEY: &str = "<ssoKey><kid>key-1</kid><algorithm>HS256</algorithm>\
     <secret>a-secret-of-acme-that-is-long-enough</secret></ssoKey>";
const CREDIT: &str = "<credit><amount>1</amount></credit>";

/// What is put there.
fn looks_of(path: &str) -> Vec<u8> {
    match path {
        "/rest/branding/logo" => crate::portal::branding::png(40, 20),
        "/rest/branding/stylesheet" => b":root { --radius: 4px }".to_vec(),
        _ => b"<branding><accent>#14675b</accent></branding>".to_vec(),
    }
}

fn refund_xml(payment: i64) -> String {
    format!("<refund><payment id=\"{payment}\"/></refund>")
}

/// What an object of `acme` is to the other merchant's API user, at that merchant's own host.
#[derive(Clone, Copy)]
enum Foreign {
    /// As good as not there.
    Refused(u16),
    /// No object is named.
    Nothing,
}

use Foreign::{Nothing, Refused};

/// (method, route, address, foreign); `{customer}` and the like are ids of `acme`'s objects.
const API: &[(&str, &str, &str, Foreign)] = &[
    ("GET", "/rest/runs", "/rest/runs", Nothing),
    ("POST", "/rest/runs", "/rest/runs?action=retry", Nothing),
    ("GET", "/rest/runs/failures", "/rest/runs/failures", Nothing),
    ("GET", "/rest/runs/preview", "/rest/runs/preview", Nothing),
    ("GET", "/rest/jobs", "/rest/jobs", Nothing),
    ("POST", "/rest/jobs", "/rest/jobs?action=retry", Nothing),
    ("GET", "/rest/gatewayEvents", "/rest/gatewayEvents", Nothing),
    ("POST", "/rest/customers", "/rest/customers", Nothing),
    ("GET", "/rest/customers", "/rest/customers", Nothing),
    ("GET", "/rest/customers/transitions", "/rest/customers/transitions", Nothing),
    ("POST", "/rest/customer/{id}", "/rest/customer/{customer}?action=activate", Refused(404)),
    ("POST", "/rest/customer", "/rest/customer", Nothing),
    ("GET", "/rest/customer", "/rest/customer?extCustomerRef=JOHNDOE001", Refused(404)),
    ("GET", "/rest/customer/{id}", "/rest/customer/{customer}", Refused(404)),
    ("PUT", "/rest/customer/autopay", "/rest/customer/autopay?extCustomerRef=JOHNDOE001&validate=true", Refused(404)),
    ("POST", "/rest/customer/autopay", "/rest/customer/autopay?extCustomerRef=JOHNDOE001", Refused(404)),
    ("GET", "/rest/customer/autopay", "/rest/customer/autopay?extCustomerRef=JOHNDOE001", Refused(404)),
    (
        "DELETE",
        "/rest/customer/autopay",
        "/rest/customer/autopay?extCustomerRef=JOHNDOE001&autopayPreference=1",
        Refused(404),
    ),
    ("PUT", "/rest/customer/{id}/autopay", "/rest/customer/{customer}/autopay?validate=true", Refused(404)),
    ("POST", "/rest/customer/{id}/autopay", "/rest/customer/{customer}/autopay", Refused(404)),
    ("GET", "/rest/customer/{id}/autopay", "/rest/customer/{customer}/autopay", Refused(404)),
    ("DELETE", "/rest/customer/{id}/autopay", "/rest/customer/{customer}/autopay?autopayPreference=1", Refused(404)),
    ("POST", "/rest/customers/paymentPlan", "/rest/customers/paymentPlan?id={customer}", Refused(404)),
    ("GET", "/rest/customers/paymentPlan", "/rest/customers/paymentPlan?id={customer}", Refused(404)),
    ("PUT", "/rest/customers/paymentPlan", "/rest/customers/paymentPlan?id={customer}", Refused(404)),
    ("DELETE", "/rest/customers/paymentPlan", "/rest/customers/paymentPlan?id={customer}", Refused(404)),
    ("POST", "/rest/customers/{id}/paymentPlan", "/rest/customers/{customer}/paymentPlan", Refused(404)),
    ("GET", "/rest/customers/{id}/paymentPlan", "/rest/customers/{customer}/paymentPlan", Refused(404)),
    ("PUT", "/rest/customers/{id}/paymentPlan", "/rest/customers/{customer}/paymentPlan", Refused(404)),
    ("DELETE", "/rest/customers/{id}/paymentPlan", "/rest/customers/{customer}/paymentPlan", Refused(404)),
    ("POST", "/rest/customer/paymentPlan", "/rest/customer/paymentPlan?id={customer}", Refused(404)),
    ("GET", "/rest/customer/paymentPlan", "/rest/customer/paymentPlan?id={customer}", Refused(404)),
    ("PUT", "/rest/customer/paymentPlan", "/rest/customer/paymentPlan?id={customer}", Refused(404)),
    ("DELETE", "/rest/customer/paymentPlan", "/rest/customer/paymentPlan?id={customer}", Refused(404)),
    ("POST", "/rest/customer/{id}/paymentPlan", "/rest/customer/{customer}/paymentPlan", Refused(404)),
    ("GET", "/rest/customer/{id}/paymentPlan", "/rest/customer/{customer}/paymentPlan", Refused(404)),
    ("PUT", "/rest/customer/{id}/paymentPlan", "/rest/customer/{customer}/paymentPlan", Refused(404)),
    ("DELETE", "/rest/customer/{id}/paymentPlan", "/rest/customer/{customer}/paymentPlan", Refused(404)),
    ("PUT", "/rest/customer", "/rest/customer?extCustomerRef=JOHNDOE001", Refused(404)),
    ("PUT", "/rest/customer/{id}", "/rest/customer/{customer}", Refused(404)),
    ("GET", "/rest/customer/billingContact", "/rest/customer/billingContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("PUT", "/rest/customer/billingContact", "/rest/customer/billingContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("GET", "/rest/customer/{id}/billingContact", "/rest/customer/{customer}/billingContact", Refused(404)),
    ("PUT", "/rest/customer/{id}/billingContact", "/rest/customer/{customer}/billingContact", Refused(404)),
    ("POST", "/rest/customer/salesContact", "/rest/customer/salesContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("GET", "/rest/customer/salesContact", "/rest/customer/salesContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("PUT", "/rest/customer/salesContact", "/rest/customer/salesContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("DELETE", "/rest/customer/salesContact", "/rest/customer/salesContact?extCustomerRef=JOHNDOE001", Refused(404)),
    ("POST", "/rest/customer/{id}/salesContact", "/rest/customer/{customer}/salesContact", Refused(404)),
    ("GET", "/rest/customer/{id}/salesContact", "/rest/customer/{customer}/salesContact", Refused(404)),
    ("PUT", "/rest/customer/{id}/salesContact", "/rest/customer/{customer}/salesContact", Refused(404)),
    ("DELETE", "/rest/customer/{id}/salesContact", "/rest/customer/{customer}/salesContact", Refused(404)),
    ("DELETE", "/rest/customer", "/rest/customer?extCustomerRef=UNUSED", Refused(404)),
    ("DELETE", "/rest/customer/{id}", "/rest/customer/{unused}", Refused(404)),
    ("POST", "/rest/orders", "/rest/orders?customerId={customer}&generateInvoice=true", Refused(404)),
    ("GET", "/rest/orders", "/rest/orders", Nothing),
    ("GET", "/rest/order", "/rest/order?orderNumber=OPEN", Refused(404)),
    ("GET", "/rest/order/{id}", "/rest/order/{order}", Refused(404)),
    ("PUT", "/rest/order", "/rest/order?orderNumber=OPEN", Refused(404)),
    ("PUT", "/rest/order/{id}", "/rest/order/{order}", Refused(404)),
    ("POST", "/rest/order", "/rest/order?orderNumber=OPEN&action=activate", Refused(404)),
    ("POST", "/rest/order/{id}", "/rest/order/{order}?action=generateInvoice", Refused(404)),
    ("POST", "/rest/changeOrder", "/rest/changeOrder", Refused(404)),
    ("DELETE", "/rest/order", "/rest/order?orderNumber=UNBILLED-1", Refused(404)),
    ("DELETE", "/rest/order/{id}", "/rest/order/{unbilled}", Refused(404)),
    ("GET", "/rest/activities", "/rest/activities?customerId={customer}", Nothing),
    ("POST", "/rest/activities", "/rest/activities", Refused(400)),
    ("POST", "/rest/order/activities", "/rest/order/activities?orderNumber=1011", Refused(404)),
    ("POST", "/rest/order/{id}/activities", "/rest/order/{printed}/activities", Refused(404)),
    ("GET", "/rest/invoice", "/rest/invoice?invoiceNumber=1019", Refused(404)),
    ("GET", "/rest/invoice/{id}", "/rest/invoice/{invoice}?format=pdf", Refused(404)),
    ("GET", "/rest/plan", "/rest/plan?contractCode=WHITE-LBL-A", Refused(404)),
    ("GET", "/rest/plan/{id}", "/rest/plan/{plan}", Refused(404)),
    ("GET", "/rest/plans", "/rest/plans", Nothing),
    ("GET", "/rest/invoices", "/rest/invoices?extCustomerRef=JOHNDOE001", Nothing),
    ("POST", "/rest/invoices", "/rest/invoices?extCustomerRef=JOHNDOE001", Refused(404)),
    ("POST", "/rest/invoice", "/rest/invoice?customerId={customer}", Refused(404)),
    ("PUT", "/rest/invoice", "/rest/invoice?invoiceNo=1020", Refused(404)),
    ("PUT", "/rest/invoice/{id}", "/rest/invoice/{invoice}", Refused(404)),
    ("DELETE", "/rest/invoice", "/rest/invoice?invoiceNumber=1021", Refused(404)),
    ("DELETE", "/rest/invoice/{id}", "/rest/invoice/{unpaid}?suspendOrders=true", Refused(404)),
    ("POST", "/rest/payments", "/rest/payments", Refused(400)),
    ("GET", "/rest/payments", "/rest/payments?customerId={customer}", Nothing),
    ("POST", "/rest/payments/autopay", "/rest/payments/autopay", Refused(400)),
    ("GET", "/rest/credits", "/rest/credits?customerId={customer}", Nothing),
    ("POST", "/rest/credits", "/rest/credits?customerId={customer}", Refused(404)),
    ("GET", "/rest/credit/{id}", "/rest/credit/{credit}", Refused(404)),
    ("GET", "/rest/payment/{id}", "/rest/payment/{payment}", Refused(404)),
    ("POST", "/rest/payment/{id}", "/rest/payment/{cash}?action=cancel", Refused(404)),
    ("GET", "/rest/refunds", "/rest/refunds?customerId={customer}", Nothing),
    ("POST", "/rest/refunds", "/rest/refunds", Refused(404)),
    ("POST", "/rest/refunds/autopay", "/rest/refunds/autopay", Refused(404)),
    ("GET", "/rest/refund/{id}", "/rest/refund/{refund}", Refused(404)),
    ("GET", "/rest/widget/start", "/rest/widget/start?customerId={customer}", Refused(404)),
    ("DELETE", "/rest/widget/secondFactor", "/rest/widget/secondFactor?customerId={customer}", Refused(404)),
    ("GET", "/rest/widget/sessions", "/rest/widget/sessions?customerId={customer}", Refused(404)),
    ("DELETE", "/rest/widget/sessions/{id}", "/rest/widget/sessions/{session}", Refused(404)),
    ("POST", "/rest/widget/keys", "/rest/widget/keys", Nothing),
    ("GET", "/rest/widget/keys", "/rest/widget/keys", Nothing),
    ("DELETE", "/rest/widget/keys", "/rest/widget/keys?kid=key-1", Refused(404)),
    ("GET", "/rest/branding", "/rest/branding", Nothing),
    ("PUT", "/rest/branding", "/rest/branding", Nothing),
    ("PUT", "/rest/branding/logo", "/rest/branding/logo", Nothing),
    ("DELETE", "/rest/branding/logo", "/rest/branding/logo", Nothing),
    ("PUT", "/rest/branding/stylesheet", "/rest/branding/stylesheet", Nothing),
    ("DELETE", "/rest/branding/stylesheet", "/rest/branding/stylesheet", Nothing),
    ("GET", "/rest/testClock", "/rest/testClock", Nothing),
    ("POST", "/rest/testClock", "/rest/testClock?action=advance", Nothing),
    ("GET", "/api/v01/customers", "/api/v01/customers?format=xml", Nothing),
    ("PUT", "/api/v01/customers", "/api/v01/customers?format=xml", Nothing),
    ("GET", "/api/v01/customers/~find", "/api/v01/customers/~find?format=xml", Nothing),
    ("PUT", "/api/v01/customers/~create", "/api/v01/customers/~create?format=xml", Nothing),
    ("GET", "/api/v01/customers/{id}", "/api/v01/customers/{customer}?format=xml", Refused(404)),
    ("POST", "/api/v01/customers/{id}", "/api/v01/customers/{customer}?format=xml", Refused(404)),
    ("GET", "/api/v01/customers/{id}/~load", "/api/v01/customers/{customer}/~load?format=xml", Refused(404)),
    ("POST", "/api/v01/customers/{id}/~modify", "/api/v01/customers/{customer}/~modify?format=xml", Refused(404)),
    ("ANY", "/api", "/api?format=xml", Nothing),
    ("ANY", "/api/{*path}", "/api/nosuchthing?format=xml", Nothing),
    ("ANY", "/rest", "/rest", Nothing),
    ("ANY", "/rest/{*path}", "/rest/nosuchthing", Nothing),
    // Last: its mail is sent in the background, which changes what is stored.
    ("POST", "/rest/customers/notification", "/rest/customers/notification", Nothing),
];

/// What a portal route is to somebody without the session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Open to all: it shows nothing of anybody.
    Open,
    /// Only the session in the path opens it.
    Session,
    /// The same of the session of quick pay.
    Quick,
}

/// (method, route, address below the session's root or of its own, guard)
const PORTAL: &[(&str, &str, &str, Guard)] = &[
    ("GET", "/widget/login", "/widget/login", Guard::Open),
    ("POST", "/widget/login", "/widget/login", Guard::Open),
    ("GET", "/widget/passkey", "/widget/passkey", Guard::Open),
    ("POST", "/widget/passkey", "/widget/passkey", Guard::Open),
    ("GET", "/widget/forgotPassword", "/widget/forgotPassword", Guard::Open),
    ("POST", "/widget/forgotPassword", "/widget/forgotPassword", Guard::Open),
    ("GET", "/widget/forgotUsername", "/widget/forgotUsername", Guard::Open),
    ("POST", "/widget/forgotUsername", "/widget/forgotUsername", Guard::Open),
    ("GET", "/widget/resetPassword", "/widget/resetPassword", Guard::Open),
    ("POST", "/widget/resetPassword", "/widget/resetPassword", Guard::Open),
    ("GET", "/widget/signedOut", "/widget/signedOut", Guard::Open),
    ("GET", "/widget/quickPay", "/widget/quickPay", Guard::Open),
    ("POST", "/widget/quickPay", "/widget/quickPay", Guard::Open),
    ("GET", "/widget/q/{key}/{page}", "{quick}", Guard::Quick),
    ("POST", "/widget/q/{key}/{page}", "{quick}", Guard::Quick),
    ("GET", "/widget/customerHome/{token}", "{link}", Guard::Session),
    ("GET", "/widget/sso", "/widget/sso", Guard::Open),
    ("POST", "/widget/sso", "/widget/sso", Guard::Session),
    ("POST", "/widget/s/{key}/keep", "keep", Guard::Session),
    ("GET", "/widget/s/{key}/invoices/{number}/pdf", "invoices/1019/pdf", Guard::Session),
    ("GET", "/widget/s/{key}/invoices/{number}/csv", "invoices/1019/csv", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "home", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "invoices", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "payments", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "orders", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "account", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "pay", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "security", Guard::Session),
    ("POST", "/widget/s/{key}/{page}", "security", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "security/password", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "security/password", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "security/authenticator", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "security/authenticator", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "security/passkeys", Guard::Session),
    ("POST", "/widget/s/{key}/{page}", "secondFactor", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "autopay", Guard::Session),
    ("POST", "/widget/s/{key}/{page}", "autopay", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "plan", Guard::Session),
    ("POST", "/widget/s/{key}/{page}", "plan", Guard::Session),
    ("GET", "/widget/s/{key}/{page}", "nosuchpage", Guard::Session),
    ("POST", "/widget/s/{key}/{page}", "logout", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "invoices/1019", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "payments/1001", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "pay/card?invoice=1019", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "pay/saved?invoice=1019", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "pay/bank?invoice=1019", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "autopay/card", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "autopay/bank", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "autopay/remove?method=1", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "pay/saved", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "pay/bank", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "autopay/card", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "autopay/bank", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "autopay/remove", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "pay/confirm", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "orders/1007", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "account/details", Guard::Session),
    ("GET", "/widget/s/{key}/{page}/{part}", "account/language", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "account/details", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "account/language", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "invoices/1019", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "payments/1001", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "pay/card", Guard::Session),
    ("POST", "/widget/s/{key}/{page}/{part}", "pay/confirm", Guard::Session),
    ("GET", "/widget", "/widget", Guard::Open),
    ("GET", "/widget/{*path}", "/widget/invoices", Guard::Open),
];

/// The rest of the router: open to all, and each has its own tests.
const OPEN: &[&str] = &[
    "/",
    "/css/{name}",
    "/brand/{name}",
    "/healthz",
    "/readyz",
    "/api/v01/openapi.json",
    // By the signature of a processor.
    "/gateway/stripe",
    "/gateway/authorize-net",
];

#[test]
fn every_route_has_a_line() {
    let known: BTreeSet<(&str, &str)> =
        API.iter().map(|line| (line.0, line.1)).chain(PORTAL.iter().map(|line| (line.0, line.1))).collect();
    let mut count = 0;
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let found = routes(&source);
        count += found.len();
        let missing: Vec<_> =
            found.iter().filter(|route| !known.contains(*route) && !OPEN.contains(&route.1)).collect();
        assert!(missing.is_empty(), "routes without a line: {missing:?}");
    }
    assert!(count >= known.len(), "{count} routes are found, {} are known", known.len());
}

/// The program's files, but for the demo, which is a merchant's server and not ours.
fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("demo") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            // A long route is broken over lines.
            found.push(std::fs::read_to_string(path).unwrap().replace(".route(\n            \"", ".route(\""));
        }
    }
    found
}

/// (method, route) of a route table.
fn routes(source: &str) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(".route(\"") {
        let rest = &source[at + ".route(\"".len()..];
        let (route, rest) = rest.split_once('"').expect("the route's text ends");
        // Up to the next call on the router, which stands on a line of its own.
        let handlers = rest.split("\n        .").next().unwrap_or_default();
        let table = [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE"), (" any(", "ANY")];
        let before = found.len();
        found.extend(table.iter().filter(|(call, _)| handlers.contains(call)).map(|(_, method)| (*method, route)));
        if handlers.contains("page()") {
            found.extend([("GET", route), ("POST", route)]);
        }
        assert!(found.len() > before, "what answers at {route}?");
    }
    found
}

struct Objects {
    customer: i64,
    /// Never billed, so it can be deleted.
    unused: i64,
    invoice: i64,
    /// May be cancelled; so may the one that was made before it, 1021.
    unpaid: i64,
    payment: i64,
    /// Two that can be refunded, and one that was.
    refundable: [i64; 2],
    refund: i64,
    /// A payment in cash, which may bounce.
    cash: i64,
    credit: i64,
    plan: i64,
    /// An order of pages, which is 1011.
    printed: i64,
    order: i64,
    unbilled: i64,
    /// Of the portal, open.
    session: i64,
}

impl Objects {
    /// The address with ids instead of their names.
    fn in_place(&self, address: &str) -> String {
        address
            .replace("{customer}", &self.customer.to_string())
            .replace("{unused}", &self.unused.to_string())
            .replace("{invoice}", &self.invoice.to_string())
            .replace("{unpaid}", &self.unpaid.to_string())
            .replace("{payment}", &self.payment.to_string())
            .replace("{refund}", &self.refund.to_string())
            .replace("{cash}", &self.cash.to_string())
            .replace("{credit}", &self.credit.to_string())
            .replace("{plan}", &self.plan.to_string())
            .replace("{printed}", &self.printed.to_string())
            .replace("{order}", &self.order.to_string())
            .replace("{unbilled}", &self.unbilled.to_string())
            .replace("{session}", &self.session.to_string())
    }
}

impl Server {
    /// An object of each kind, one invoice still open.
    async fn objects(&self) -> Objects {
        self.rival().await;
        let paid = self.john().await;
        let payment = self.post("/rest/payments", payment_xml("", &[paid.id], APPROVES)).gives(201).await.id();
        let invoice = self.order(JOHN, fixed()).await.id;
        let customer = self.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await.id();
        self.order(JOHN, fixed()).await;
        let unpaid = self.order(JOHN, fixed()).await.id;
        let unused = self.plain_customer("UNUSED-1").await;
        self.plain_customer("UNUSED").await;
        let plan = self.get("/rest/plan?contractCode=WHITE-LBL-A").gives(200).await.id();
        let pages = order_xml("WHITE-LBL-A", &[("PAGES", "1")]);
        let printed = self.post(&format!("/rest/orders?extCustomerRef={JOHN}"), pages).gives(201).await.id();
        let unbilled = async |number: &str| {
            let number = format!("<orderNumber>{number}</orderNumber><contractCode>");
            let body = fixed().replace("<contractCode>", &number);
            self.post("/rest/orders?extCustomerRef=JOHNDOE001", body).gives(201).await.id()
        };
        let order = unbilled("OPEN").await;
        unbilled("UNBILLED-1").await;
        let unbilled = unbilled("UNBILLED-2").await;
        let pay = async |body: String| self.post("/rest/payments", body).gives(201).await.id();
        let by_card = payment_xml("1", &[invoice], APPROVES);
        let refundable = [pay(by_card.clone()).await, pay(by_card.clone()).await];
        let refund = refund_xml(pay(by_card).await);
        let refund = self.post("/rest/refunds", refund).gives(201).await.id();
        let cash = pay(payment_by("1", &[invoice], CASH)).await;
        let credit = self.post(&format!("/rest/credits?customerId={customer}"), CREDIT).gives(201).await.id();
        let on_file = card_on_file(APPROVES).replace("Preference>1<", "Preference>2<");
        self.call("PUT", &format!("/rest/customer/{customer}/autopay")).body(on_file).gives(200).await;
        self.browser().open(&self.link(JOHN, "").await).await.is(200);
        let session = self.get(&format!("/rest/widget/sessions?customerId={customer}")).gives(200).await;
        let session = session.at("session/@id").parse().unwrap();
        Objects {
            customer,
            unused,
            invoice,
            unpaid,
            payment,
            refundable,
            refund,
            cash,
            credit,
            plan,
            printed,
            order,
            unbilled,
            session,
        }
    }

    fn call_to(&self, method: &str, address: &str, objects: &Objects) -> Call<'_> {
        let path = objects.in_place(address);
        let call = self.call(if method == "ANY" { "GET" } else { method }, &path);
        match path.split('?').next().unwrap_or_default() {
            "/rest/payments/autopay" => call.body(payment_by("1", &[objects.invoice], "")),
            "/rest/refunds/autopay" => call.body(refund_xml(objects.refundable[1])),
            path if path.ends_with("/autopay") && matches!(method, "PUT" | "POST") => call.body(card_on_file(APPROVES)),
            plan if plan.ends_with("/paymentPlan") && method != "GET" => call.body(payment_plan_xml()),
            contact if contact.ends_with("Contact") && matches!(method, "POST" | "PUT") => {
                let name = contact.rsplit('/').next().unwrap_or_default();
                let inside = "<firstName>A</firstName><lastName>B</lastName><emailPrimary>a@b.example</emailPrimary>";
                call.body(format!("<{name}>{inside}</{name}>"))
            }
            unipay if unipay.starts_with("/api/") && matches!(method, "PUT" | "POST") => {
                let changed = if method == "PUT" { "accountId=\"7\" " } else { "" };
                let body = format!("<customer {changed}firstName=\"Ann\" lastName=\"Lee\"/>");
                call.header("content-type", "text/xml").body(body)
            }
            invoice if invoice.starts_with("/rest/invoice") && method == "POST" => call.body(invoice_xml("")),
            invoice if invoice.starts_with("/rest/invoice") && method == "PUT" => {
                call.body("<invoice><invoiceNotes>Thank you</invoiceNotes></invoice>")
            }
            order if order.starts_with("/rest/order") && method == "PUT" => {
                call.body("<subscriptionOrder><notes>Call first</notes></subscriptionOrder>")
            }
            looks if looks.starts_with("/rest/branding") && method == "PUT" => call.body(looks_of(looks)),
            _ if method == "PUT" => call.body("<customer><name>John</name></customer>"),
            _ if method != "POST" => call,
            "/rest/widget/keys" => call.body(SSO_KEY),
            "/rest/orders" => call.body(white_label()),
            used if used.ends_with("/activities") => call.body(format!(
                "<list><activity><extCustomerRef>{JOHN}</extCustomerRef><order id=\"{}\"/><priceCode>PAGES</priceCode>\
                 <quantity>1</quantity></activity></list>",
                objects.printed
            )),
            "/rest/changeOrder" => {
                let new = fixed().replace("<startDate>2011-09-20</startDate>", "").replace("subscriptionOrder", "newOrder");
                call.body(format!("<changeOrder><order id=\"{}\"/>{new}</changeOrder>", objects.order))
            }
            "/rest/customers/notification" => call.body(format!(
                "<sendEmail><eventType>newInvoice</eventType><objectId>{}</objectId><customerRef>{JOHN}</customerRef></sendEmail>",
                objects.invoice
            )),
            "/rest/credits" => call.body(CREDIT),
            "/rest/refunds" => call.body(refund_xml(objects.refundable[0])),
            "/rest/payments" => call.body(payment_xml("1", &[objects.invoice], APPROVES)),
            "/rest/testClock" => call.body("<testClock><now>2011-10-05T00:00:00Z</now></testClock>"),
            of_one if of_one.starts_with("/rest/customer/") || of_one.starts_with("/rest/order") => call,
            made => call.body(plain_customer_xml(made.trim_start_matches('/'))),
        }
    }
}

on_both! {
    async fn no_call_of_the_api_works_for_who_may_not_make_it(server: Server) {
        let objects = server.objects().await;
        // With mails, so that asking for one is a call that works.
        server.seed(ACME).await;
        for (method, route, address, foreign) in API {
            let call = server.call_to(method, address, &objects);
            let before = server.stored_but_sending().await;
            for (who, call, status) in [
                ("nobody", call.clone().anonymous(), 401),
                ("who is unknown", call.clone().user("nobody", API_PASSWORD), 401),
                ("the other merchant's user", call.clone().user(RIVAL_USER, RIVAL_PASSWORD), 401),
                ("the own user at another host", call.clone().host("rival.localhost"), 401),
                ("the own user at no host", call.clone().host("localhost"), 401),
                ("who has another role", call.clone().user(STAFF_USER, STAFF_PASSWORD), 403),
            ] {
                let answer = call.send().await;
                assert_eq!(answer.status, status, "{method} {route} for {who}: {}", answer.text());
                answer.refused(status);
            }
            if let Refused(status) = foreign {
                let answer = call.clone().rival().send().await;
                assert_eq!(answer.status, *status, "{method} {route} with a foreign object: {}", answer.text());
                answer.refused(*status);
            }
            let differences = testkit::dump::differences(&before, &server.stored_but_sending().await);
            assert!(differences.is_empty(), "{method} {route}: {differences:#?}");
            call.clone().user(API_USER, "Wrong-Pass-1").send().await.refused(401);
            // The right one, so that the count begins again; every line is then a call that works.
            server.billing.forget();
            let answer = call.send().await;
            let expected = if *method == "ANY" { 404..405 } else { 200..202 };
            assert!(expected.contains(&answer.status), "{method} {route}: {} {}", answer.status, answer.text());
        }
    }

    async fn no_page_of_the_portal_opens_for_who_has_not_its_session(server: Server) {
        server.objects().await;
        server.plain_customer("JANE").await;
        server.order("JANE", fixed()).await;
        let john = server.browser();
        let link = server.link(JOHN, "").await;
        let home = john.open(&link).await;
        let jane = server.browser();
        jane.open(&server.link("JANE", "").await).await.is(200);
        let janes_home = jane.open(&server.link("JANE", "").await).await;
        let janes_token = janes_home.attribute("input[name=form_token]", "value").unwrap();
        let entry = john.get("/widget/quickPay").await;
        let quick = [("number", "1021"), ("balance", "10.00")];
        let quick = john.submit_and_follow(&entry, "form", &quick).await;
        quick.is(200).says("$10.00");
        for (method, route, address, guard) in PORTAL {
            let path = match *address {
                "{link}" => link.clone(),
                "{quick}" => quick.path.clone(),
                address if address.starts_with('/') => address.to_owned(),
                below => format!("{}{below}", home.root()),
            };
            let before = server.stored().await;
            let nobody = server.browser();
            let unframed = server.browser().refusing_cookies();
            for (who, browser) in [("nobody", &nobody), ("who keeps no cookies", &unframed), ("another customer", &jane)] {
                let call = browser.call(method, &path).body(format!("form_token={janes_token}&username=x&password=y"));
                let page = browser.send(call).await;
                let text = page.answer.text();
                assert!(!text.contains("Bill Joseph") && !text.contains("10.00"), "{method} {route} for {who}: {text}");
                let back = match guard {
                    Guard::Open => continue,
                    Guard::Session => "/widget/login",
                    Guard::Quick => "/widget/quickPay",
                };
                let refused = matches!(page.answer.status, 303 | 403 | 404 | 410);
                assert!(refused, "{method} {route} for {who}: {}", page.answer.status);
                assert!(page.answer.status != 303 || page.location().starts_with(back), "{method} {route} for {who}");
            }
            let differences = testkit::dump::differences(&before, &server.stored().await);
            assert!(differences.is_empty(), "{method} {route}: {differences:#?}");
        }
        john.get(&home.path).await.is(200);
    }

    async fn c4_reading_a_page_of_the_portal_changes_nothing(server: Server) {
        server.objects().await;
        let john = server.browser();
        let home = john.open(&server.link(JOHN, "").await).await;
        let entry = john.get("/widget/quickPay").await;
        let quick = john.submit_and_follow(&entry, "form", &[("number", "1021"), ("balance", "10.00")]).await;
        let before = server.stored().await;
        let mut shown = 0;
        for (_, _, address, _) in PORTAL.iter().filter(|(method, _, address, _)| *method == "GET" && *address != "{link}") {
            let path = match *address {
                "{quick}" => quick.path.clone(),
                address if address.starts_with('/') => address.to_owned(),
                below => format!("{}{below}", home.root()),
            };
            shown += usize::from(john.get(&path).await.answer.status == 200);
            let differences = testkit::dump::differences(&before, &server.stored().await);
            assert!(differences.is_empty(), "{path}: {differences:#?}");
        }
        assert!(shown >= 25, "only {shown} pages are shown");
    }

    async fn no_session_reaches_an_object_of_another_customer(server: Server) {
        server.objects().await;
        server.plain_customer("JANE").await;
        let jane = server.browser();
        let home = jane.open(&server.link("JANE", "").await).await;
        for (method, route, address, _) in PORTAL {
            if *method == "GET" && (address.contains("1019") || address.contains("1001")) {
                let page = jane.get(&format!("{}{address}", home.root())).await;
                assert!(matches!(page.answer.status, 400 | 404), "{method} {route}: {}", page.answer.status);
                assert!(!page.answer.text().contains("60.50"), "{method} {route}");
            }
        }
    }

    async fn routes_that_are_open_change_nothing_and_take_no_other_verb(server: Server) {
        let before = server.stored().await;
        let browser = Browser::new(&server, "acme.localhost");
        for path in OPEN {
            for method in ["POST", "PUT", "DELETE"] {
                let page = browser.send(browser.call(method, path)).await;
                assert!(matches!(page.answer.status, 404 | 405), "{method} {path}: {}", page.answer.status);
            }
        }
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
    }
}
