//! The pre-paid scenario, call by call, as a merchant's program makes it.

use crate::harness::fixtures::{APPROVES, customer_xml, payment_xml, white_label, with};

on_both! {
    #[expect(clippy::too_many_lines, reason = "it is one story, told in its order")]
    async fn a_merchant_creates_a_customer_orders_is_paid_and_sees_it(server: Server) {
        let body = with(&customer_xml("JOHNDOE001", "jdoe001"), "name", "John Doe");
        let created = server.post("/rest/customers?format=xml", body).gives(201).await;
        created.has(&[("name", "John Doe"), ("customerFinancials/outstandingBalance", "0.00")]);
        let john = created.id();

        let order = server
            .post("/rest/orders?format=xml&extCustomerRef=JOHNDOE001&generateInvoice=true", white_label())
            .gives(201)
            .await;
        order.has(&[
            ("orderNumber", "1007"),
            ("orderStatus", "Active"),
            ("contractCode", "WHITE-LBL-A"),
            ("billingPeriod", "Monthly"),
            ("nextBillableDate", "2011-10-01"),
            ("totalLifetimeValue", "60.50"),
            ("orderLineItems/orderLineItem/priceCode", "MNTHLY"),
            ("orderLineItems/orderLineItem/quantity", "1.0"),
            ("invoices/invoice/invoiceNumber", "1019"),
            ("invoices/invoice/outstandingBalance", "60.50"),
            ("customer/@id", &john.to_string()),
        ]);
        let invoice: i64 = order.at("invoices/invoice/@id").parse().unwrap();

        let owed = server.get("/rest/customer?format=xml&extCustomerRef=JOHNDOE001").gives(200).await;
        owed.has(&[
            ("@id", &john.to_string()),
            ("customerFinancials/outstandingBalance", "60.50"),
            ("customerFinancials/lastInvoiceAmount", "60.50"),
            ("customerFinancials/lastInvoicedDate", "2011-09-20"),
        ]);

        let body = payment_xml("60.50", &[invoice], APPROVES);
        let paid = server.post("/rest/payments?format=xml&extCustomerRef=JOHNDOE001", body).gives(201).await;
        paid.has(&[
            ("status", "Paid"),
            ("amount", "60.50"),
            ("balance", "0.00"),
            ("effectiveDate", "2011-09-20"),
            ("paymentMethodType", "CreditCard"),
            ("paymentMethodContext", "Visa: 1111"),
            ("paymentProcessor/name", "Test Processor"),
            ("processorResult/isSuccess", "true"),
            ("processorResult/avsCode", "Y"),
            ("processorResult/cvvCode", "Y"),
            ("invoicePayments/invoicePayment/invoice/@id", &invoice.to_string()),
            ("invoicePayments/invoicePayment/amountApplied", "60.50"),
            ("invoicePayments/invoicePayment/balance", "0.00"),
        ]);

        server.invoice(invoice).await.has(&[
            ("status", "Paid"),
            ("outstandingBalance", "0.00"),
            ("paymentsAndAdjustments", "60.50"),
            ("invoicePayments/invoicePayment/payment/@id", &paid.id().to_string()),
        ]);
        let again = server.get(&format!("/rest/payment/{}", paid.id())).gives(200).await;
        assert_eq!(again.0.to_xml(), paid.0.to_xml());
        server.get(&format!("/rest/customer/{john}")).gives(200).await.has(&[
            ("customerFinancials/outstandingBalance", "0.00"),
            ("customerFinancials/lastPaymentAmount", "60.50"),
            ("customerFinancials/lastPaymentDate", "2011-09-20"),
            ("customerFinancials/lifetimePayments", "60.50"),
        ]);
    }

    async fn every_call_answers_under_all_three_prefixes_and_with_a_trailing_slash(server: Server) {
        for (n, prefix) in ["/rest", "/rest_v1", ""].into_iter().enumerate() {
            for slash in ["", "/"] {
                let reference = format!("REF{n}{}", slash.len());
                let path = |path: &str| format!("{prefix}{path}{slash}");
                let body = crate::harness::fixtures::plain_customer_xml(&reference);
                let created = if n == 0 { "/customers" } else { "/customer" };
                let customer = server.post(&path(created), body).gives(201).await.id();
                let orders = format!("{}?extCustomerRef={reference}&generateInvoice=true", path("/orders"));
                let order = server.post(&orders, white_label()).gives(201).await;
                let invoice: i64 = order.at("invoices/invoice/@id").parse().unwrap();
                let number = order.at("invoices/invoice/invoiceNumber");
                let payment = server.post(&path("/payments"), payment_xml("", &[invoice], APPROVES)).gives(201).await;
                for (path, root) in [
                    (path(&format!("/customer/{customer}")), "customer"),
                    (format!("{}?extCustomerRef={reference}", path("/customer")), "customer"),
                    (path(&format!("/invoice/{invoice}")), "invoice"),
                    (format!("{}?invoiceNo={number}", path("/invoice")), "invoice"),
                    (path(&format!("/payment/{}", payment.id())), "payment"),
                ] {
                    assert_eq!(server.get(&path).gives(200).await.0.name, root, "{path}");
                }
            }
        }
        for path in ["/rest/testClock/", "/rest_v1/testClock", "/rest_v1/testClock/"] {
            server.get(path).gives(200).await;
        }
        server.get("/rest_v1/widget/start/?extCustomerRef=REF00").send().await.is(200);
    }
}
