//! What the vendor's documentation prints of customers, sent word for word (seeds 002 and 004).

use testkit::organization::ACME;

use crate::harness::Server;
use crate::harness::fixtures::{APPROVES, JOHN, card_on_file, fixed, plain_customer_xml};

const CUSTOMER: &str = r#"<customer>
<name>Bill Joseph</name>
<status>Active</status>
<extCustomerRef>bj444</extCustomerRef>
<locale>en_US</locale>
<isBusinessAccount>false</isBusinessAccount>
<paymentTermsValue>30</paymentTermsValue>
<paymentTermsUnits>Days</paymentTermsUnits>
<currency id="USD"/>
<billingContact>
<username>bill0004</username>
<passwd>Sachxwe001</passwd>
<firstName>Bill</firstName>
<lastName>Joseph</lastName>
<emailPrimary> Bill@bmontgomery.com</emailPrimary>
<workPhone>324 555 879</workPhone>
<address>
<street1>43 Main Av</street1>
<city>Chicago</city>
<state>IL</state>
<zip>12345</zip>
<country>United States</country>
<countryCode>usa</countryCode>
</address>
</billingContact>
</customer>"#;

const CUSTOMER_AND_ORDER: &str = "<addCustomerAndOrder>
<customer>
...
</customer>
<subscriptionOrders>
<subscriptionOrder>
... <!-- first order -->
<subscriptionOrder>
<subscriptionOrder>
... <!-- second order (Optional) -->
<subscriptionOrder>
<subscriptionOrders>
</addCustomerAndOrder>";

const PAYMENT_PLAN: &str = "<paymentPlan>
<chargeAmount>199.00</chargeAmount> <!-- this is the periodic installment amount -->
<startDate>2016-11-01</startDate> <!-- the date on which to process the 1st installment -->
<totalNumberOfInstallments>4</totalNumberOfInstallments> <!-- the number of installments -->
<!-- the periodic interval at which the installments are to be charged -->
<frequencyValue>1</frequencyValue>
<frequencyUnits>Months</frequencyUnits> <!-- options are Days | Weeks | Months | Quarters | Years -->
</paymentPlan>";

const PAYMENT_PLAN_READ: &str = r#"<paymentPlan id="123">
<chargeOnlyIfBalanceOwed>true</chargeOnlyIfBalanceOwed>
<chargeAmount>199.00</chargeAmount>
<startDate>2016-11-01</startDate>
<nextPaymentDate>2016-12-01</nextPaymentDate>
<totalNumberOfInstallments>4</totalNumberOfInstallments>
<remainingInstallments>3</remainingInstallments>
<frequencyValue>1</frequencyValue>
<frequencyUnits>Months</frequencyUnits>
<isEnabled>true</isEnabled>
</paymentPlan>"#;

const SEND_EMAIL: &str = "<sendEmail>
<eventType>EVENTNAME</eventType>
<!-- either the objectId or the objectNumber must be specified -->
<objectId><objectId>
<objectRef>INV1001</objectRef>
<!-- the customer number or Id can be optionally sent to validate that the object is associated with this customer -->
<customerRef>CUS1001</customerRef>
<customerId>CUS1001</customerId>
</sendEmail>";

on_both! {
    async fn the_printed_customer_is_made_and_comes_back_in_every_field(server: Server) {
        let made = server.post("/rest/customers?format=xml", CUSTOMER).send().await;
        let customer = made.xml(201);
        for line in CUSTOMER.lines() {
            let Some((name, rest)) = line.trim_start_matches('<').split_once('>') else { continue };
            let Some((text, _)) = rest.split_once("</") else { continue };
            let shown = [name.to_owned(), format!("billingContact/{name}"), format!("billingContact/address/{name}")]
                .iter()
                .flat_map(|path| customer.all(path))
                .collect::<Vec<_>>();
            let expected = if name == "passwd" { vec![] } else { vec![text.trim().to_owned()] };
            assert_eq!(shown, expected, "{name}");
        }
        assert_eq!(server.get(&format!("/rest/customer/{}?format=xml", customer.id())).send().await.text(), made.text());
        let again = server.refuses(400, server.post("/rest/customers?format=xml", CUSTOMER)).await;
        assert_eq!(again.len(), 2, "reference and username are taken: {again:?}");
    }

    async fn the_printed_batch_is_malformed_and_makes_nobody(server: Server) {
        let path = "/rest/customers?format=xml&actionName=addCustomerAndOrder";
        let messages = server.refuses(400, server.post(path, CUSTOMER_AND_ORDER)).await;
        assert!(messages[0].starts_with("org.xml.sax.SAXParseException: "), "{messages:?}");
        let sales = "<salesContact><firstName>S</firstName><lastName>S</lastName><emailPrimary>s@s.example</emailPrimary></salesContact></customer>";
        let meant = CUSTOMER_AND_ORDER
            .replace("<customer>\n...\n</customer>", &plain_customer_xml("bj444").replace("</customer>", sales))
            .replace("<subscriptionOrder>\n... <!-- first order -->\n<subscriptionOrder>", &fixed())
            .replace("<subscriptionOrder>\n... <!-- second order (Optional) -->\n<subscriptionOrder>", &fixed())
            .replace("<subscriptionOrders>\n</addCustomerAndOrder>", "</subscriptionOrders>\n</addCustomerAndOrder>");
        let made = server.post(path, meant).gives(201).await;
        assert_eq!(made.0.children.iter().map(|child| child.name.as_str()).collect::<Vec<_>>(), ["customer", "subscriptionOrder", "subscriptionOrder"]);
        made.has(&[("customer/salesContact/firstName", "S")]);
        assert_eq!(made.all("subscriptionOrder/contractCode"), ["FIXED-10", "FIXED-10"]);
    }

    async fn the_printed_payment_plan_is_made_and_read_as_printed_and_sent_back(server: Server) {
        let id = server.plain_customer("bj444").await;
        let address = format!("/rest/customers/paymentPlan?format=xml&id={id}");
        let made = server.post(&address, PAYMENT_PLAN).gives(201).await;
        let printed = wire::element::Element::parse(PAYMENT_PLAN_READ.as_bytes(), wire::element::Limits::DEFAULT).unwrap();
        let names = |element: &wire::element::Element| element.children.iter().map(|child| child.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&made.0)[..9], names(&printed)[..]);
        let of = |plan: i64| PAYMENT_PLAN_READ.replace("123", &plan.to_string());
        let another = server.refuses(400, server.call("PUT", &address).body(of(made.id() + 1))).await;
        assert!(another[0].starts_with("id must be that of the customer's present payment plan"), "{another:?}");
        let same = server.call("PUT", &address).body(of(made.id())).gives(200).await;
        // What has been paid is ours to say.
        same.has(&[("chargeAmount", "199.00"), ("remainingInstallments", "4"), ("nextPaymentDate", "2016-11-01")]);
    }

    async fn the_printed_mail_is_malformed_and_as_it_was_meant_it_is_sent(engine: Engine) {
        let server = Server::with(engine, ACME).await;
        let path = "/rest/customers/notification";
        let messages = server.refuses(400, server.post(path, SEND_EMAIL)).await;
        assert!(messages[0].starts_with("org.xml.sax.SAXParseException: "), "{messages:?}");
        server.plain_customer("CUS1001").await;
        let number = server.order("CUS1001", fixed()).await.number;
        let meant = SEND_EMAIL.replace("<objectId><objectId>", "<objectId></objectId>").replace("INV1001", &number);
        let refused = server.post(path, meant.clone()).gives(400).await;
        assert_eq!(refused.0.name, "response");
        assert!(refused.at("message").starts_with("eventType must be one of newInvoice"), "{}", refused.at("message"));
        let sent = server.post(path, meant.replace("EVENTNAME", "newInvoice")).gives(200).await;
        sent.has(&[("success", "true"), ("message", "Mail Send successfully")]);
    }

    async fn no_method_on_file_is_ever_part_of_a_customer(server: Server) {
        let id = server.plain_customer(JOHN).await;
        server.call("PUT", &format!("/rest/customer/{id}/autopay")).body(card_on_file(APPROVES)).gives(200).await;
        server.post(&format!("/rest/customer/{id}?action=suspend"), "").gives(200).await;
        for path in [
            format!("/rest/customer/{id}"),
            format!("/rest/customer/{id}/billingContact"),
            "/rest/customers".to_owned(),
            "/rest/customers/transitions".to_owned(),
            format!("/api/v01/customers/{id}"),
        ] {
            let text = server.get(&path).send().await.is(200).text();
            for secret in ["PaymentMethod", "autopay", "1111", "Visa"] {
                assert!(!text.contains(secret), "{secret} in {path}: {text}");
            }
        }
    }

    async fn a_search_of_the_unipay_api_gives_the_first_hundred(server: Server) {
        let members: String = (0..101).map(|n| plain_customer_xml(&format!("U{n:03}"))).collect();
        server.post("/rest/customers", format!("<list>{members}</list>")).gives(201).await;
        let found = |query: &'static str| {
            let call = server.get(&format!("/api/v01/customers{query}"));
            async move { serde_json::from_slice::<Vec<serde_json::Value>>(&call.send().await.is(200).body).unwrap() }
        };
        let first = found("").await;
        assert_eq!((first.len(), &first[0]["code"], &first[99]["code"]), (100, &"U000".into(), &"U099".into()));
        assert_eq!(found("?offset=100").await.len(), 1);
        assert_eq!(found("?limit=1000").await.len(), 101);
    }
}
