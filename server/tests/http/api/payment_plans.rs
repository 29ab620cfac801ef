//! Payment plans: every verb under every address (`api.md` §2.8).

use crate::harness::fixtures::{payment_plan_xml, with, without};
use crate::harness::{Call, Server, join_all};

/// Without what only the time of the answer decides.
async fn shown(call: Call<'_>, status: u16) -> String {
    call.send().await.is(status).text()
}

on_both! {
    async fn a_plan_is_made_read_changed_and_switched_off(server: Server) {
        let id = server.plain_customer("bj444").await;
        let address = format!("/rest/customers/paymentPlan?format=xml&id={id}");
        server.get(&address).send().await.refused(404);
        let made = server.post(&address, payment_plan_xml()).gives(201).await;
        assert_eq!(made.0.name, "paymentPlan");
        made.has(&[
            ("chargeOnlyIfBalanceOwed", "true"),
            ("chargeAmount", "199.00"),
            ("startDate", "2016-11-01"),
            ("nextPaymentDate", "2016-11-01"),
            ("totalNumberOfInstallments", "4"),
            ("remainingInstallments", "4"),
            ("frequencyValue", "1"),
            ("frequencyUnits", "Months"),
            ("isEnabled", "true"),
        ]);
        let got = shown(server.get(&format!("/rest/customers/{id}/paymentPlan?format=xml")), 200).await;
        assert_eq!(server.call("PUT", &address).body(got.clone()).send().await.is(200).text(), got, "as it was got");
        let half = "<paymentPlan><chargeAmount>50</chargeAmount><remainingInstallments>1</remainingInstallments></paymentPlan>";
        let changed = server.call("PUT", &address).body(half).gives(200).await;
        assert_eq!(changed.id(), made.id());
        changed.has(&[("chargeAmount", "50.00"), ("totalNumberOfInstallments", "4"), ("remainingInstallments", "4")]);
        let done = server.call("DELETE", &address).gives(200).await;
        assert_eq!((done.0.name.as_str(), done.at("success").as_str()), ("status", "true"));
        server.get(&address).gives(200).await.has(&[("isEnabled", "false"), ("chargeAmount", "50.00")]);
        server.call("DELETE", &address).gives(200).await;
        let types: Vec<String> = server.stored().await["events"].iter().filter(|row| row.contains("paymentPlanChanged")).cloned().collect();
        assert_eq!(types.len(), 3, "made, changed, switched off; what changes nothing is no event: {types:?}");
        let next = server.post(&address, payment_plan_xml()).gives(201).await;
        assert_ne!(next.id(), made.id());
        server.get(&address).gives(200).await.has(&[("isEnabled", "true"), ("chargeAmount", "199.00")]);
    }

    async fn v48_to_v55_every_form_of_the_address_leads_to_the_same_plan(server: Server) {
        let id = server.plain_customer("bj444").await;
        let mut forms = Vec::new();
        for root in ["/rest/customers", "/rest/customer", "/rest_v1/customers", "/customer"] {
            forms.push(format!("{root}/{id}/paymentPlan"));
            for query in [format!("id={id}"), format!("customerId={id}"), "extCustomerRef=bj444".to_owned()] {
                forms.push(format!("{root}/paymentPlan?format=xml&{query}"));
            }
        }
        for form in &forms {
            let made = server.post(form, payment_plan_xml()).gives(201).await.id();
            for other in &forms {
                assert_eq!(server.get(other).gives(200).await.id(), made, "{form} {other}");
            }
            server.call("PUT", form).body("<paymentPlan><frequencyUnits>Weeks</frequencyUnits></paymentPlan>").gives(200).await;
            server.call("DELETE", form).gives(200).await;
            server.get(form).gives(200).await.has(&[("isEnabled", "false"), ("frequencyUnits", "Weeks")]);
        }
    }

    async fn c_pln_15_bad_values_are_refused_by_name_and_not_stored(server: Server) {
        let id = server.plain_customer("bj444").await;
        let address = format!("/rest/customers/paymentPlan?id={id}");
        let good = payment_plan_xml();
        for (field, body) in [
            ("chargeAmount", with(&good, "chargeAmount", "0")),
            ("chargeAmount", with(&good, "chargeAmount", "-1")),
            ("chargeAmount", with(&good, "chargeAmount", "1.005")),
            ("chargeAmount", without(&good, "chargeAmount")),
            ("startDate", with(&good, "startDate", "2016-02-30")),
            ("startDate", without(&good, "startDate")),
            ("totalNumberOfInstallments", with(&good, "totalNumberOfInstallments", "0")),
            ("totalNumberOfInstallments", without(&good, "totalNumberOfInstallments")),
            ("frequencyValue", with(&good, "frequencyValue", "0")),
            ("frequencyValue", with(&good, "frequencyValue", "1.5")),
            ("frequencyUnits", with(&good, "frequencyUnits", "Fortnights")),
            ("id", good.replace("<paymentPlan>", "<paymentPlan id=\"1\">")),
            ("The root element", good.replace("paymentPlan>", "plan>")),
            ("org.xml.sax.SAXParseException", "<paymentPlan>".to_owned()),
        ] {
            let messages = server.refuses(400, server.post(&address, body)).await;
            assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
        }
        server.get(&address).send().await.refused(404);
        server.refuses(404, server.call("PUT", &address).body(good.clone())).await;
        server.refuses(404, server.call("DELETE", &address)).await;
        server.post(&address, good.clone()).gives(201).await;
        let messages = server.refuses(400, server.call("PUT", &address).body(with(&good, "frequencyValue", "0"))).await;
        assert!(messages[0].starts_with("frequencyValue"), "{messages:?}");
    }

    async fn c_pln_17_and_c_pln_18_a_second_plan_is_refused_unless_it_is_the_first_changed(server: Server) {
        let id = server.plain_customer("bj444").await;
        let address = format!("/rest/customers/paymentPlan?id={id}");
        let first = server.post(&address, payment_plan_xml()).gives(201).await.id();
        server.refuses(400, server.post(&address, payment_plan_xml())).await;
        let body = with(&payment_plan_xml(), "chargeAmount", "75.00");
        let named = body.replace("<paymentPlan>", &format!("<paymentPlan id=\"{first}\">"));
        let changed = server.post(&address, named).gives(200).await;
        assert_eq!((changed.id(), changed.at("chargeAmount").as_str()), (first, "75.00"));
        let other = body.replace("<paymentPlan>", &format!("<paymentPlan id=\"{}\">", first + 1));
        server.refuses(400, server.post(&address, other)).await;
        let rows = server.stored().await["payment_plans"].len();
        assert_eq!(rows, 1);
    }

    async fn of_many_plans_sent_at_once_one_is_made(server: Server) {
        let id = server.plain_customer("bj444").await;
        let address = format!("/rest/customers/{id}/paymentPlan");
        let answers = join_all((0..10).map(|_| server.post(&address, payment_plan_xml()).send())).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1);
        assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 400)));
    }

    async fn c_pln_23_the_customer_must_be_named_and_be_one(server: Server) {
        let (bill, jane) = (server.plain_customer("bj444").await, server.plain_customer("JANE").await);
        for address in [
            "/rest/customers/paymentPlan".to_owned(),
            "/rest/customer/paymentPlan?id=&extCustomerRef=".to_owned(),
            format!("/rest/customers/paymentPlan?id={bill}&extCustomerRef=JANE"),
            format!("/rest/customers/paymentPlan?id={bill}&customerId={jane}"),
            format!("/rest/customers/{bill}/paymentPlan?id={jane}"),
            format!("/rest/customers/{bill}/paymentPlan?format=pdf"),
        ] {
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let call = server.call(method, &address);
                let call = if matches!(method, "POST" | "PUT") { call.body(payment_plan_xml()) } else { call };
                server.refuses(400, call).await;
            }
        }
        for address in ["/rest/customers/999999/paymentPlan", "/rest/customers/abc/paymentPlan", "/rest/customers/paymentPlan?extCustomerRef=NOBODY"] {
            server.refuses(404, server.post(address, payment_plan_xml())).await;
            server.get(address).send().await.refused(404);
        }
        assert_eq!(server.call("PATCH", &format!("/rest/customers/{bill}/paymentPlan")).send().await.status, 405);
        server.post(&format!("/rest/customers/{bill}/paymentPlan?id={bill}&extCustomerRef=bj444"), payment_plan_xml()).gives(201).await;
    }

    async fn a_plan_counts_in_the_customers_currency(engine: Engine) {
        let seed = testkit::organization::ACME.replace("currency = \"USD\"", "currency = \"USD\"\ncurrencies = [\"JPY\"]");
        let server = Server::with(engine, &seed).await;
        let customer = crate::harness::fixtures::plain_customer_xml("YEN").replace("id=\"USD\"", "id=\"JPY\"");
        let id = server.post("/rest/customers", customer).gives(201).await.id();
        let address = format!("/rest/customers/{id}/paymentPlan");
        server.refuses(400, server.post(&address, with(&payment_plan_xml(), "chargeAmount", "199.50"))).await;
        server.post(&address, payment_plan_xml()).gives(201).await.has(&[("chargeAmount", "199")]);
    }

    async fn a_plan_holds_the_customers_currency_until_it_is_switched_off(engine: Engine) {
        let seed = testkit::organization::ACME.replace("currency = \"USD\"", "currency = \"USD\"\ncurrencies = [\"JPY\"]");
        let server = Server::with(engine, &seed).await;
        let id = server.plain_customer("ANN").await;
        let (customer, plan) = (format!("/rest/customer/{id}"), format!("/rest/customers/{id}/paymentPlan"));
        server.post(&plan, payment_plan_xml()).gives(201).await;
        let yen = "<customer><currency id=\"JPY\"/></customer>";
        let messages = server.refuses(400, server.call("PUT", &customer).body(yen)).await;
        assert!(messages[0].starts_with("currency can't be changed"), "{messages:?}");
        server.call("DELETE", &plan).gives(200).await;
        server.call("PUT", &customer).body(yen).gives(200).await.has(&[("currency/@id", "JPY")]);
        // 199 dollars are not 199 yen.
        let on = "<paymentPlan><chargeAmount>199</chargeAmount><isEnabled>true</isEnabled></paymentPlan>";
        let messages = server.refuses(400, server.call("PUT", &plan).body(on)).await;
        assert!(messages[0].contains("another currency"), "{messages:?}");
        server.call("DELETE", &plan).gives(200).await;
        server.post(&plan, with(&payment_plan_xml(), "chargeAmount", "199")).gives(201).await.has(&[("chargeAmount", "199")]);
    }
}
