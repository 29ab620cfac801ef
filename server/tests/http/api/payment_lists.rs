//! Lists of payments, credits and refunds (`api.md` §6.2, §1.8).

use crate::harness::Server;
use crate::harness::fixtures::{APPROVES, CASH, DECLINES, JOHN, fixed, payment_by, payment_xml};

const OF_JOHN: &str = "/rest/payments?extCustomerRef=JOHNDOE001";

/// Ids, and the number of John's invoice.
struct Made {
    first: String,
    declined: String,
    cash: String,
    credit: String,
    refund: String,
    invoice: String,
}

impl Server {
    /// John pays 60.50 on the 20th, which is refunded on the 25th; Jane, who owes 10.00, is declined, pays in cash, and
    /// gets a credit.
    async fn payments_of_two(&self) -> Made {
        let invoice = self.john().await;
        self.plain_customer("JANE").await;
        let jane = self.order("JANE", fixed()).await;
        let pay = async |address: &str, body: String| self.post(address, body).gives(201).await.id().to_string();
        let first = pay(OF_JOHN, payment_xml("", &[invoice.id], APPROVES)).await;
        self.advance("2011-09-25T12:00:00Z").await;
        let declined = pay("/rest/payments", payment_xml("", &[jane.id], DECLINES)).await;
        let cash = pay("/rest/payments", payment_by("", &[jane.id], CASH)).await;
        let credit =
            pay("/rest/credits?extCustomerRef=JANE", "<credit><amount>10.00</amount></credit>".to_owned()).await;
        let refund = pay("/rest/refunds", format!("<refund><payment id=\"{first}\"/></refund>")).await;
        Made { first, declined, cash, credit, refund, invoice: invoice.number }
    }
}

on_both! {
    async fn lists_show_their_type_newest_first_by_every_filter(server: Server) {
        let made = server.payments_of_two().await;
        let Made { first, declined, cash, credit, refund, invoice } = &made;
        let id = server.get("/rest/customer?extCustomerRef=JANE").gives(200).await.id();
        let (of_jane, by_number) = (format!("customerId={id}"), format!("invoiceNumber={invoice}"));
        let all = [cash.as_str(), declined, first];
        let none: &[&str] = &[];
        for (address, expected) in [
            ("payments", &all[..]),
            ("credits", &[credit.as_str()]),
            ("refunds", &[refund.as_str()]),
            ("payments?paymentType=Refund", &[refund.as_str()]),
            ("refunds?paymentType=Credit", &[credit.as_str()]),
            ("payments?status=Declined", &all[1..2]),
            ("payments?status=Refunded", &all[2..]),
            ("payments?status=Paid", &all[..1]),
            ("payments?status=Pending", none),
            ("payments?amount=10.00", &all[..2]),
            ("payments?amount=10", &all[..2]),
            ("payments?amount=60.50", &all[2..]),
            ("payments?amount=0.001", none),
            ("refunds?amount=-60.50", &[refund.as_str()]),
            ("refunds?amount=60.50", none),
            (&format!("payments?{of_jane}"), &all[..2]),
            ("payments?extCustomerRef=JOHNDOE001", &all[2..]),
            ("payments?extCustomerRef=NOBODY", none),
            ("payments?customerId=4711", none),
            (&format!("payments?{by_number}"), &all[2..]),
            (&format!("refunds?{by_number}"), &[refund.as_str()]),
            ("payments?invoiceNumber=4711", none),
            ("payments?startDate=2011-09-21", &all[..2]),
            ("payments?endDate=2011-09-20", &all[2..]),
            ("payments?startDate=2011-09-20&endDate=2011-09-25", &all[..]),
            ("payments?startDate=2011-09-25&endDate=2011-09-20", none),
            ("payments?max=1", &all[..1]),
            ("payments?offset=1&max=1", &all[1..2]),
            ("payments?offset=3", none),
            ("payments?max=0", none),
            ("payments?max=501", &all[..]),
        ] {
            let list = server.get(&format!("/rest/{address}")).gives(200).await;
            assert_eq!(list.all("payment/@id"), expected, "{address}");
        }
    }

    async fn a_list_tells_its_page_and_shows_each_payment_whole(server: Server) {
        let Made { first, .. } = server.payments_of_two().await;
        let answer = server.get("/rest/payments?offset=1&max=1").send().await;
        let headers = ["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name));
        assert_eq!(headers, ["3", "1", "1"]);
        let whole = server.get("/rest/payments?status=Refunded").gives(200).await;
        let alone = server.get(&format!("/rest/payment/{first}")).gives(200).await;
        assert_eq!(format!("{:?}", whole.0.children[0]), format!("{:?}", alone.0));
        assert_eq!(whole.at("payment/processorResult/processorRequestType"), "sale");
    }

    async fn what_is_asked_wrongly_is_refused(server: Server) {
        let all_wrong = "status=paid&amount=x&customerId=y&startDate=1&endDate=2&max=-1&offset=z&paymentType=Gift";
        for list in ["payments", "credits", "refunds"] {
            let messages = server.refuses(400, server.get(&format!("/rest/{list}?{all_wrong}"))).await;
            for (field, message) in ["offset", "max", "customerId", "amount", "paymentType", "status", "startDate", "endDate"].iter().zip(&messages) {
                assert!(message.starts_with(field), "{field}: {messages:?}");
            }
            server.refuses(400, server.get(&format!("/rest/{list}?format=pdf"))).await;
        }
    }

    async fn another_organizations_payments_are_in_no_list(server: Server) {
        server.rival().await;
        let invoice = server.john().await;
        server.post(OF_JOHN, payment_xml("", &[invoice.id], APPROVES)).gives(201).await;
        for address in ["/rest/payments", OF_JOHN, &format!("/rest/payments?invoiceNumber={}", invoice.number)] {
            assert_eq!(server.get(address).rival().gives(200).await.count("payment"), 0, "{address}");
        }
        assert_eq!(server.get(&format!("/rest/payments?extCustomerRef={JOHN}")).gives(200).await.count("payment"), 1);
    }
}
