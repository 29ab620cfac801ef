//! Free amounts, what is on file, payment plans (`api.md` §8.3, §2.6, §2.8).

use testkit::organization::ACME;

use crate::harness::fixtures::{APPROVES, DECLINES, JOHN, payment_plan_xml, with};
use crate::harness::join_all;

const FORM: &str = "form.checkout-form";
const KEEP: &str = "form.entrance-form";

fn card(number: &str) -> [(&str, &str); 4] {
    [("cardholder", "John Doe"), ("card_number", number), ("expiry", "12/35"), ("security_code", "123")]
}

const BANK: [(&str, &str); 4] = [
    ("account_holder", "John Doe"),
    ("account_type", "Savings"),
    ("routing_number", "021-000-021"),
    ("account_number", "9988 7766 5544"),
];

on_both! {
    #[expect(clippy::too_many_lines, reason = "one journey from what is chosen to what is paid ahead")]
    async fn a_part_is_paid_with_an_account_that_is_saved_and_the_rest_with_that(server: Server) {
        server.seed(&ACME.replace("[organization.portal]\n", "[organization.portal]\nfree_amount = true\n")).await;
        server.billing.forget();
        let invoice = server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let choose = browser.get(&home.link("Pay now")).await;
        for (amount, words) in [
            ("", "Enter an amount."),
            ("0", "more than 0"),
            ("-5", "more than 0"),
            ("1e3", "in figures"),
            ("10.001", "at most 2 decimals"),
            ("999999999999999", "too large"),
            ("1000000", "at most $999,999.00"),
            ("<script>", "in figures"),
        ] {
            let page = browser.submit(&choose, "main form", &[("how", "other"), ("amount", amount)]).await;
            page.is(400).says(words);
            assert!(page.text("#amount-error").contains(words), "{amount}: {}", page.words());
            assert_eq!(page.attribute("input[name=amount]", "value").unwrap_or_default(), amount);
            // What was chosen is chosen still, and another try goes on.
            assert_eq!(page.count("input[name=invoice][checked]"), 1, "{amount}");
        }
        let enter = browser.submit(&choose, "main form", &[("how", "other"), ("amount", "20,50 $")]).await;
        enter.is(200).says("$20.50").says("Still to pay after this");
        let bank = browser.get(&enter.link("Bank account")).await;
        let wrong = browser.submit_and_follow(&bank, FORM, &[("account_number", "123")]).await;
        assert_eq!(wrong.count("[aria-invalid=true]"), 3, "{}", wrong.words());
        let fields = [&BANK[..], &[("place", "1")]].concat();
        let confirm = browser.submit_and_follow(&wrong, FORM, &fields).await;
        confirm.says("Savings account •••• 5544").says("$20.50").says("$40.00").says("Saved as first choice").says("Acme Hosting");
        let presses = join_all((0..4).map(|_| browser.submit(&confirm, "form.confirm", &[]))).await;
        let receipts: Vec<String> = presses.iter().map(|press| press.is(303).location()).collect();
        let receipt = receipts.iter().find(|page| page.contains("/payments/")).expect("one has paid").clone();
        browser.get(&receipt).await.says("Payment received").says("$20.50");
        assert_eq!((server.balance(JOHN).await.as_str(), server.stored().await["payments"].len()), ("40.00", 1));
        // "Back", and the same form again.
        let again = browser.submit_and_follow(&confirm, "form.confirm", &[]).await;
        assert!(!again.words().contains("Payment received"), "{}", again.words());

        let saved = browser.submit(&browser.get(&home.link("Pay now")).await, "main form", &[]).await;
        saved.says("Savings account •••• 5544").says("$40.00");
        let confirm = browser.submit_and_follow(&saved, FORM, &[]).await;
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received").says("$40.00");
        server.invoice(invoice.id).await.has(&[("status", "Paid")]);
        // Nothing is due: it can be paid ahead.
        let ahead = browser.get(&format!("{}pay", home.root())).await;
        let enter = browser.submit(&ahead, "main form", &[("amount", "1,000")]).await;
        let confirm = browser.submit_and_follow(&enter, FORM, &[]).await;
        confirm.says("Kept as your credit").says("$1,000.00");
        browser.submit_and_follow(&confirm, "form.confirm", &[]).await.says("Payment received");
        assert_eq!(server.balance(JOHN).await, "-1000.00");
        for secret in ["998877665544", "9988 7766 5544", "021000021", "021-000-021"] {
            assert!(!format!("{:?}", server.stored().await).contains(secret), "{secret}");
        }
    }

    async fn methods_are_added_ordered_replaced_and_removed(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let autopay = browser.get(&home.link("Manage")).await;
        autopay.says("Nothing is charged automatically").says("No methods yet");
        let add = browser.get(&autopay.link("Add a card")).await;
        let refused = browser.submit_and_follow(&add, KEEP, &card(DECLINES)).await;
        refused.says("It was not accepted").says("Nothing was changed");
        assert_eq!(refused.attribute("input[name=cardholder]", "value").as_deref(), Some("John Doe"));
        assert!(!refused.answer.text().contains(DECLINES));
        let expired = browser.submit_and_follow(&refused, KEEP, &[&card(APPROVES)[..], &[("expiry", "08/11")]].concat()).await;
        assert!(expired.text("#expiry-error").contains("expired"), "{}", expired.words());
        let fields = [&card(APPROVES)[..], &[("expiry", "10/11"), ("place", "1")]].concat();
        let list = browser.submit_and_follow(&expired, KEEP, &fields).await;
        list.says("The method was saved").says("Visa •••• 1111").says("Expires soon").says("First choice");
        list.says("$60.50").says("Charged to Visa •••• 1111 on September 21, 2011");
        let bank = browser.get(&list.link("Add a bank account")).await;
        let list = browser.submit_and_follow(&bank, KEEP, &[&BANK[..], &[("place", "2")]].concat()).await;
        let order = |page: &crate::harness::browser::Page| page.texts(".method .choice-title");
        assert!(order(&list)[0].starts_with("Visa") && order(&list)[1].starts_with("Savings"), "{:?}", order(&list));
        let list = browser.submit_and_follow(&list, ".method form", &[]).await;
        list.says("The order was changed");
        assert!(order(&list)[0].starts_with("Savings") && order(&list)[1].starts_with("Visa"), "{:?}", order(&list));
        let question = browser.get(&list.resolve(&list.attribute(".method:last-child a[href*=remove]", "href").unwrap())).await;
        question.says("Remove this method?").says("Visa •••• 1111").says("Acme Hosting");
        let list = browser.submit_and_follow(&question, "form.confirm", &[]).await;
        list.says("The method was removed");
        assert_eq!(order(&list).len(), 1);
        // Removed in another window: the question is asked again in vain.
        browser.get(&question.path).await.is(404);
        browser.submit_and_follow(&question, "form.confirm", &[]).await.says("not on file any more");
        server.advance("2011-09-21T12:00:00Z").await;
        assert_eq!(server.balance(JOHN).await, "0.00");
    }

    async fn an_offered_plan_is_read_accepted_and_followed(server: Server) {
        server.john().await;
        let plan = with(&with(&payment_plan_xml(), "chargeAmount", "20"), "startDate", "2011-09-21");
        let offered = plan.replace("</paymentPlan>", "<status>Offered</status></paymentPlan>");
        let address = "/rest/customers/paymentPlan?extCustomerRef=JOHNDOE001";
        server.post(address, offered).gives(201).await.has(&[("status", "Offered"), ("isEnabled", "false")]);
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let offer = browser.get(&home.says("A payment plan is offered to you").link("See the offer")).await;
        offer.says("Acme Hosting offers you").says("$20.00").says("every month").says("Save one first");
        assert_eq!(offer.count("form.confirm button"), 0);
        let accept = browser.submit_and_follow(&offer, "form.confirm", &[]).await;
        accept.says("The payment plan has not begun");
        let add = browser.get(&format!("{}autopay/card", home.root())).await;
        browser.submit_and_follow(&add, KEEP, &[&card(APPROVES)[..], &[("place", "1")]].concat()).await;
        let stale = browser.get(&offer.path).await;
        server.call("PUT", address).body("<paymentPlan><chargeAmount>25</chargeAmount></paymentPlan>").gives(200).await;
        // The clock of the organization stands still: another moment of change is another day.
        server.advance("2011-09-20T13:00:00Z").await;
        server.call("PUT", address).body("<paymentPlan><chargeAmount>30</chargeAmount></paymentPlan>").gives(200).await;
        let home = browser.open(&server.link(JOHN, "").await).await;
        let fresh = browser.get(&format!("{}plan", home.root())).await;
        let terms = stale.attribute("input[name=terms]", "value").unwrap();
        let changed = browser.submit_and_follow(&fresh, "form.confirm", &[("terms", &terms)]).await;
        changed.says("The offer has changed").says("$30.00");
        let accepted = browser.submit_and_follow(&changed, "form.confirm", &[]).await;
        accepted.says("Your payment plan has begun").says("0 of 4 installments done");
        server.get(address).gives(200).await.has(&[("status", "Active"), ("isEnabled", "true")]);
        server.advance("2011-09-21T00:00:00Z").await;
        let home = browser.open(&server.link(JOHN, "").await).await;
        let plan = browser.get(&home.says("You pay in installments").link("See the payment plan")).await;
        plan.says("1 of 4 installments done").says("Paid").says("$30.00 on October 21, 2011");
        let badges = (plan.count("tbody .badge-paid"), plan.count("tbody .badge-planned"));
        assert_eq!(badges, (1, 3), "what is to come is no warning");
        browser.get(&plan.resolve(&plan.attribute(".table a.row-link", "href").unwrap())).await.says("$30.00");
        browser.get(&format!("{}autopay", home.root())).await.says("Installment of your payment plan");
    }
}
