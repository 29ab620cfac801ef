//! Placing orders (`api.md` §4).

use crate::harness::fixtures::{JOHN, fixed, order_xml, white_label, with};

const PATH: &str = "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";

on_both! {
    async fn an_order_without_invoice_invoices_nothing(server: Server) {
        server.plain_customer(JOHN).await;
        let order = server.post("/rest/orders?extCustomerRef=JOHNDOE001", white_label()).gives(201).await;
        order.has(&[("orderStatus", "Active"), ("totalLifetimeValue", "0.00"), ("isAutoPay", "true")]);
        assert_eq!(order.count("invoices/invoice"), 0);
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn c_ord_11_the_customer_may_stand_in_the_body_or_be_named_by_id(server: Server) {
        let john = server.plain_customer(JOHN).await.to_string();
        for (query, inside) in [
            (String::new(), format!("<customer id=\"{john}\"/>")),
            (String::new(), format!("<extCustomerRef>{JOHN}</extCustomerRef>")),
            (format!("?customerId={john}"), String::new()),
            (format!("?extCustomerRef={JOHN}&customerId={john}"), format!("<customer id=\"{john}\"/>")),
        ] {
            let body = white_label().replace("<contractCode>", &format!("{inside}<contractCode>"));
            let order = server.post(&format!("/rest/orders{query}"), body).gives(201).await;
            order.has(&[("customer/@id", &john)]);
        }
    }

    async fn c_ord_10_without_customer_it_is_refused(server: Server) {
        server.plain_customer(JOHN).await;
        server.refuses(400, server.post("/rest/orders?generateInvoice=true", white_label())).await;
    }

    async fn two_customers_are_refused(server: Server) {
        server.plain_customer(JOHN).await;
        let jane = server.plain_customer("JANE").await;
        let body = white_label().replace("<contractCode>", &format!("<customer id=\"{jane}\"/><contractCode>"));
        server.refuses(400, server.post(PATH, body)).await;
    }

    async fn an_unknown_customer_and_a_foreign_one_are_404(server: Server) {
        server.rival().await;
        server.plain_customer(JOHN).await;
        let foreign = server
            .post("/rest/customers", crate::harness::fixtures::plain_customer_xml("RIV"))
            .rival()
            .gives(201)
            .await
            .id();
        for path in [
            "/rest/orders?extCustomerRef=NOBODY&generateInvoice=true".to_owned(),
            "/rest/orders?customerId=1".to_owned(),
            "/rest/orders?customerId=abc".to_owned(),
            format!("/rest/orders?customerId={foreign}&generateInvoice=true"),
            "/rest/orders?extCustomerRef=RIV".to_owned(),
        ] {
            server.refuses(404, server.post(&path, white_label())).await;
        }
        let body = white_label().replace("<contractCode>", &format!("<customer id=\"{foreign}\"/><contractCode>"));
        server.refuses(404, server.post("/rest/orders", body)).await;
    }

    async fn what_is_wrong_with_an_order_is_refused_by_name_and_not_stored(server: Server) {
        server.rival().await;
        server.plain_customer(JOHN).await;
        let good = white_label();
        let line = "<orderLineItem><quantity>1</quantity><priceCode>MNTHLY</priceCode></orderLineItem>";
        for (field, body) in [
            ("contractCode", with(&good, "contractCode", "NOPE")),
            ("contractCode", with(&good, "contractCode", "RIVAL-20")),
            ("contractCode", with(&good, "contractCode", "white-lbl-a")),
            ("contractCode", with(&good, "contractCode", "")),
            ("priceCode", order_xml("WHITE-LBL-A", &[("NOPE", "1")])),
            ("priceCode", order_xml("WHITE-LBL-A", &[("FLAT", "1")])),
            ("orderLineItems/orderLineItem", good.replace("</orderLineItems>", &format!("{line}</orderLineItems>"))),
            ("orderLineItems", good.replace(&good[good.find("<orderLineItems>").unwrap()..], "</subscriptionOrder>")),
            ("orderLineItems", order_xml("WHITE-LBL-A", &[])),
            ("startDate", with(&good, "startDate", "2011-02-30")),
            ("startDate", with(&good, "startDate", "20.09.2011")),
            ("endDate", good.replace("</startDate>", "</startDate><endDate>2011-09-19</endDate>")),
            ("endDate", good.replace("<startDate>2011-09-20</startDate>", "<endDate>2011-09-19</endDate>")),
            ("orderStatus", good.replace("<contractCode>", "<orderStatus>Nope</orderStatus><contractCode>")),
            ("isAutoPay", good.replace("<contractCode>", "<isAutoPay>maybe</isAutoPay><contractCode>")),
        ] {
            let messages = server.refuses(400, server.post(PATH, body)).await;
            assert!(messages.iter().any(|message| message.starts_with(field)), "{field}: {messages:?}");
        }
        let messages = server.refuses(400, server.post(&PATH.replace("true", "perhaps"), good)).await;
        assert!(messages[0].starts_with("generateInvoice"), "{messages:?}");
    }

    async fn c_ord_08_a_quantity_is_a_number_above_zero(server: Server) {
        server.plain_customer(JOHN).await;
        for quantity in ["0", "-1", "abc", "", "0.0000001", "1,5", "1e400", "NaN", "99999999999999999999999999999"] {
            let messages = server.refuses(400, server.post(PATH, order_xml("FIXED-10", &[("FLAT", quantity)]))).await;
            assert!(messages[0].contains("quantity"), "{quantity}: {messages:?}");
        }
    }

    async fn an_invoice_out_of_bounds_is_refused_with_its_order(server: Server) {
        server.plain_customer(JOHN).await;
        let much = order_xml("FIXED-10", &[("FLAT", "999999999999")]);
        server.refuses(400, server.post(PATH, much)).await;
    }

    async fn c_ord_26_several_charges_make_one_invoice(server: Server) {
        server.plain_customer(JOHN).await;
        let order = server.post(PATH, order_xml("FIXED-10", &[("FLAT", "3"), ("SETUP", "1")])).gives(201).await;
        order.has(&[("invoices/invoice/outstandingBalance", "55.00"), ("totalLifetimeValue", "55.00")]);
        assert_eq!(server.balance(JOHN).await, "55.00");
    }

    async fn an_order_number_is_used_once(server: Server) {
        server.plain_customer(JOHN).await;
        let body = white_label().replace("<contractCode>", "<orderNumber>WEB-7</orderNumber><contractCode>");
        server.post(PATH, body.clone()).gives(201).await.has(&[("orderNumber", "WEB-7")]);
        let messages = server.refuses(400, server.post(PATH, body)).await;
        assert!(messages[0].starts_with("orderNumber"), "{messages:?}");
        server.post(PATH, white_label()).gives(201).await.has(&[("orderNumber", "1007")]);
    }

    async fn what_starts_later_waits_and_is_not_invoiced(server: Server) {
        server.plain_customer(JOHN).await;
        let order = server.post(PATH, with(&white_label(), "startDate", "2011-10-01")).gives(201).await;
        order.has(&[("orderStatus", "Provisioning"), ("startDate", "2011-10-01"), ("nextBillableDate", "2011-10-01")]);
        assert_eq!(order.count("invoices/invoice"), 0);
        assert_eq!(server.balance(JOHN).await, "0.00");
        server.advance("2011-10-01T00:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "165.00");
    }

    async fn what_started_earlier_is_caught_up_on_one_invoice(server: Server) {
        server.plain_customer(JOHN).await;
        let order = server.post(PATH, with(&fixed(), "startDate", "2011-07-25")).gives(201).await;
        order.has(&[("invoices/invoice/currentAmountDue", "20.00"), ("nextBillableDate", "2011-09-25")]);
    }

    async fn a_customer_who_is_not_billed_gets_no_invoice_and_no_order(server: Server) {
        let body = with(&crate::harness::fixtures::plain_customer_xml(JOHN), "status", "Suspended1");
        server.post("/rest/customers", body).gives(201).await;
        server.refuses(400, server.post(PATH, white_label())).await;
    }
}
