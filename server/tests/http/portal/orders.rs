//! What customers have ordered and used, to be read (`api.md` §8.3).

use crate::harness::fixtures::{JOHN, fixed, order_xml};

fn used(quantity: &str, day: &str) -> String {
    format!(
        "<activity><extCustomerRef>{JOHN}</extCustomerRef><orderNumber>1007</orderNumber><priceCode>PAGES</priceCode>\
         <quantity>{quantity}</quantity><chargeDate>{day}</chargeDate></activity>"
    )
}

on_both! {
    async fn orders_show_what_they_include_and_what_was_used_so_far(server: Server) {
        server.plain_customer(JOHN).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        browser.get(&format!("{}orders", home.root())).await.is(200).says("No orders yet");
        server.order(JOHN, order_xml("WHITE-LBL-A", &[("MNTHLY", "1"), ("PAGES", "1")])).await;
        server.order(JOHN, fixed()).await;
        let list = browser.get(&home.link("Orders")).await;
        assert_eq!(list.is(200).texts("tbody .cell-title").len(), 2);
        assert_eq!(list.texts("nav.tabs a[aria-current=page]"), ["Orders"]);
        let order = browser.get(&list.link("White label A")).await;
        order.is(200).says("Monthly fee").says("$165.00").says("October 1, 2011").says("Active");
        order.says("Nothing was used in this period yet.");
        // 100 pages are included, the rest is 1.65 each: as the invoice will say.
        let activities: Vec<String> = (1..=22).map(|n| used(if n == 1 { "100" } else { "1" }, "2011-09-21")).collect();
        server.post("/rest/activities", format!("<list>{}</list>", activities.concat())).gives(201).await;
        let order = browser.get(&order.path).await;
        order.says("121").says("$34.65").says("It is billed on October 1, 2011.");
        assert_eq!(order.texts("section[aria-labelledby=history] tbody tr").len(), 20);
        let older = browser.get(&format!("{}?page=2", order.path)).await;
        assert_eq!(older.is(200).texts("section[aria-labelledby=history] tbody tr").len(), 2);
        older.says("Not billed yet").says("21–22 of 22");
        assert_eq!(older.count("section[aria-labelledby=history] tbody a"), 0);
        browser.get(&format!("{}?page=3", order.path)).await.is(404);
        // The session is over by then.
        server.advance("2011-10-02T00:00:00Z").await;
        let home = browser.open(&server.link(JOHN, "").await).await;
        let order = browser.get(&format!("{}orders/1007", home.root())).await;
        order.says("Nothing was used in this period yet.").says("November 1, 2011");
        assert!(!order.words().contains("Not billed yet"), "{}", order.words());
        assert_eq!(order.texts("section[aria-labelledby=history] tbody a").len(), 20);
        let invoice = browser.get(&order.link("Invoice 1021")).await;
        invoice.is(200).says("$34.65");
    }

    async fn only_what_the_customer_has_ordered_is_there(server: Server) {
        server.john().await;
        server.plain_customer("JANE").await;
        server.order("JANE", fixed()).await;
        let draft = fixed().replace("<contractCode>", "<orderStatus>Draft</orderStatus><contractCode>");
        server.post("/rest/orders?extCustomerRef=JOHNDOE001", draft).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let list = browser.get(&format!("{}orders", home.root())).await;
        assert_eq!(list.is(200).texts("tbody .cell-title"), ["White label A"], "no draft, and nobody else's");
        for number in ["1008", "1009", "4711", "%00", "..%2Forders"] {
            browser.get(&format!("{}orders/{number}", home.root())).await.is(404);
        }
        browser.get(&format!("{}orders?page=2", home.root())).await.is(404);
    }
}
