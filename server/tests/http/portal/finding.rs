//! Finding invoices and payments again: by number, status and period, page by page, and what can't be understood.

use crate::harness::browser::{Browser, Page};
use crate::harness::fixtures::{APPROVES, CASH, DECLINES, JOHN, fixed, payment_by, payment_xml};

const FORM: &str = "form.filter";

async fn found(browser: &Browser<'_>, list: &Page, fields: &[(&str, &str)]) -> Vec<String> {
    let page = browser.send(browser.form(list, FORM, fields)).await;
    page.is(200).texts("td.cell-title a")
}

/// A page that says what is wrong with which field, and keeps what was typed.
#[track_caller]
fn refuses(page: &Page, field: &str, typed: &str, message: &str) {
    page.is(400);
    assert!(page.text(&format!("#{field}-error")).contains(message), "{}", page.words());
    assert_eq!(page.count(&format!("[role=alert] a[href='#{field}']")), 1);
    let (input, option) = (format!("input[name={field}]"), format!("select[name={field}] option[selected]"));
    let kept = page.attribute(&input, "value").or_else(|| page.attribute(&option, "value"));
    assert_eq!(kept.as_deref(), Some(typed));
    assert_eq!(page.count("td"), 0, "nothing was looked for");
    assert!(page.text("title").starts_with("Error: "));
}

on_both! {
    async fn invoices_are_found_by_number_status_and_period(server: Server) {
        let first = server.john().await;
        for _ in 0..21 {
            server.order(JOHN, fixed()).await;
        }
        server.post("/rest/payments", payment_xml("", &[first.id], APPROVES)).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        // Home shows the ten that are due first, and leads to all.
        assert_eq!(home.count("section:has(#open) tbody tr"), 10);
        let open = browser.get(&home.link("All 21 open invoices")).await;
        open.is(200).says("1–20 of 21");
        assert_eq!(open.attribute("select option[selected]", "value").as_deref(), Some("open"));
        let rest = browser.get(&open.link("Older")).await;
        assert_eq!((rest.texts("td.cell-title a"), rest.count("td.cell-status .badge-outstanding")), (vec!["Invoice 1020".to_owned()], 1));
        rest.says("21–21 of 21");

        let list = browser.get(&home.link("Invoices")).await;
        assert_eq!(found(&browser, &list, &[("number", "1019")]).await, ["Invoice 1019"]);
        assert_eq!(found(&browser, &list, &[("number", "104")]).await, ["Invoice 1040"]);
        assert_eq!(found(&browser, &list, &[("status", "paid")]).await, ["Invoice 1019"]);
        assert_eq!(found(&browser, &list, &[("number", "10"), ("status", "open"), ("from", "2011-09-20"), ("to", "2011-09-20")]).await.len(), 20);
        let nothing = browser.send(browser.form(&list, FORM, &[("number", "9"), ("status", "overdue")])).await;
        nothing.is(200).says("Nothing matches").says("Try fewer characters of the number");
        assert_eq!(nothing.attribute("#number", "value").as_deref(), Some("9"));
        browser.get(&nothing.link("Show all")).await.is(200).says("1–20 of 22");
        browser.get(&format!("{}invoices?status=open&page=3", home.root())).await.is(404);
        server.advance("2011-10-21T00:00:00Z").await;
        let list = browser.open(&server.link(JOHN, "&page=invoices").await).await;
        assert_eq!(found(&browser, &list, &[("status", "overdue"), ("number", "1040")]).await, ["Invoice 1040"]);
    }

    async fn what_can_not_be_understood_is_said_at_its_field_and_kept(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for list in ["invoices", "payments"] {
            let at = async |query: &str| browser.get(&format!("{}{list}?{query}", home.root())).await;
            refuses(&at("status=bogus").await, "status", "bogus", "Choose a status from the list");
            refuses(&at("from=yesterday&to=2011-09-30").await, "from", "yesterday", "Write it as 2011-09-20");
            refuses(&at("from=2011-09-30&to=2011-09-01").await, "to", "2011-09-01", "The last day is before the first");
            let evil = at("from=%3Cscript%3E&status=%22%3E%3Cb%3E&number=%00%27").await;
            refuses(&evil, "from", "<script>", "This is not a date");
            assert_eq!((evil.count("main script"), evil.count("main b")), (0, 0));
            at("from=&to=&status=&number=&page=x").await.is(200);
        }
        let odd = browser.get(&format!("{}invoices?number=%00&page=-9", home.root())).await;
        odd.is(200).says("Nothing matches");
    }

    async fn payments_are_found_by_what_became_of_them(server: Server) {
        let invoice = server.john().await;
        let of_john = format!("/rest/payments?extCustomerRef={JOHN}");
        let make = async |body: String| server.post(&of_john, body).gives(201).await.id();
        make(payment_xml("", &[invoice.id], DECLINES)).await;
        make(payment_xml("", &[invoice.id], APPROVES)).await;
        let cash = make(payment_by("10", &[], CASH)).await;
        server.post(&format!("/rest/payment/{cash}?action=cancel"), String::new()).gives(200).await;
        let credit = "<credit><amount>5</amount></credit>";
        server.post(&format!("/rest/credits?extCustomerRef={JOHN}"), credit).gives(201).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let list = browser.get(&home.link("Payments")).await;
        for (status, numbers) in [
            ("", vec!["1005", "1004", "1003", "1002", "1001"]),
            ("paid", vec!["1002"]),
            ("failed", vec!["1001"]),
            ("cancelled", vec!["1004", "1003"]),
            ("credit", vec!["1005"]),
            ("pending", vec![]),
            ("refunded", vec![]),
        ] {
            let numbers: Vec<String> = numbers.iter().map(|number| format!("Payment {number}")).collect();
            assert_eq!(found(&browser, &list, &[("status", status)]).await, numbers, "{status}");
        }
        assert_eq!(found(&browser, &list, &[("to", "2011-09-19")]).await, Vec::<String>::new());
        // The processor's own words are for the merchant.
        let declined = browser.get(&format!("{}payments/1001", home.root())).await;
        declined.is(200).says("Your payment was declined").says("The bank gave no reason").says("Invoice1019");
        assert!(!declined.words().contains("This transaction has been declined"), "{}", declined.words());
        let returned = browser.get(&format!("{}payments/1004", home.root())).await;
        let original = browser.get(&returned.is(200).says("Original payment").link("1003")).await;
        original.is(200).says("Taken back by1004");
    }
}
