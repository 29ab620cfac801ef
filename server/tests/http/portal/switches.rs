//! Every switch of the self-service profile hides what it forbids, and refuses it when a form asks for it all the same
//! (`api.md` §8.3).

use testkit::organization::ACME;

use crate::harness::browser::Page;
use crate::harness::fixtures::{APPROVES, JOHN, account_on_file, fixed};
use crate::harness::{Browser, Server};

const CARD: [(&str, &str); 4] =
    [("cardholder", "John Doe"), ("card_number", APPROVES), ("expiry", "12/35"), ("security_code", "123")];
const BANK: [(&str, &str); 4] = [
    ("account_holder", "John Doe"),
    ("account_type", "Checking"),
    ("routing_number", "021000021"),
    ("account_number", "12345678"),
];

impl Server {
    /// The profile with these lines besides.
    async fn profile(&self, lines: &str) {
        self.seed(&ACME.replace("[organization.portal]\n", &format!("[organization.portal]\n{lines}\n"))).await;
        self.billing.forget();
    }
}

/// John in the portal, with two invoices and a bank account on file.
struct Visit<'s> {
    server: &'s Server,
    browser: Browser<'s>,
    home: Page,
}

impl Visit<'_> {
    async fn status(&self, page: &str) -> u16 {
        self.get(page).await.answer.status
    }

    async fn get(&self, page: &str) -> Page {
        self.browser.get(&format!("{}{page}", self.home.root())).await
    }

    /// A form that no page has: its fields are made up, its token is right.
    async fn forge(&self, page: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.home.attribute("input[name=form_token]", "value").unwrap();
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("form_token", &token).extend_pairs(fields);
        let call = self.browser.call("POST", &format!("{}{page}", self.home.root()));
        let call = call.header("content-type", "application/x-www-form-urlencoded").body(body.finish());
        let answer = self.browser.send(call).await;
        if answer.answer.status == 303 { self.browser.open(&answer.location()).await } else { answer }
    }

    /// It is refused with these words, and neither money nor a method has moved.
    async fn refuses(&self, page: &str, fields: &[(&str, &str)], words: &str) {
        let before = self.kept().await;
        self.forge(page, fields).await.says(words);
        self.get("pay/confirm").await.says("There is nothing to confirm");
        assert_eq!(self.kept().await, before, "{page}");
    }

    /// There is no such page, for whatever verb.
    async fn lacks(&self, page: &str, fields: &[(&str, &str)]) {
        let before = self.kept().await;
        assert_eq!(self.status(page).await, 404, "{page}");
        let forged = self.forge(page, fields).await;
        assert!(matches!(forged.answer.status, 404 | 200), "{page}: {}", forged.answer.status);
        assert_eq!(self.kept().await, before, "{page}");
    }

    async fn kept(&self) -> (Vec<String>, Vec<String>) {
        let stored = self.server.stored().await;
        (stored["payments"].clone(), stored["payment_methods"].clone())
    }
}

fn and<'f>(fields: &[(&'f str, &'f str)], more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    [fields, more].concat()
}

on_both! {
    #[expect(clippy::too_many_lines, reason = "one walk over all switches, with one server")]
    async fn each_switch_of_the_profile_hides_and_refuses(server: Server) {
        server.john().await;
        server.order(JOHN, fixed()).await;
        let on_file = server.call("PUT", "/rest/customer/autopay?extCustomerRef=JOHNDOE001");
        on_file.body(account_on_file("021000021", "12345678")).gives(200).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let visit = Visit { server: &server, browser, home };
        let method = visit.get("autopay").await.attribute("input[name=method], a[href*='method=']", "href");
        let method = method.and_then(|link| link.rsplit('=').next().map(str::to_owned)).unwrap();
        let one = [("invoice", "1019")];
        // First what is forbidden below: with everything allowed it is there.
        for page in ["pay", "pay/card?invoice=1019", "pay/saved?invoice=1019", "pay/bank?invoice=1019", "autopay/card"] {
            assert_eq!(visit.status(page).await, 200, "{page}");
        }

        server.profile("allow_payments = false").await;
        for page in ["pay", "pay/confirm"] {
            assert_eq!(visit.status(page).await, 404, "{page}");
        }
        for (page, fields) in [("pay/card", CARD), ("pay/bank", BANK), ("autopay/card", CARD), ("autopay/bank", BANK)] {
            visit.lacks(page, &and(&fields, &[("invoice", "1019"), ("place", "2")])).await;
        }
        visit.lacks("pay/saved", &[("invoice", "1019"), ("method", &method)]).await;
        let home = visit.get("home").await;
        assert_eq!(home.count("a[href=pay], a[href^='pay?']"), 0);
        visit.browser.get("/widget/quickPay").await.is(404);
        assert!(!visit.browser.get("/widget/login").await.answer.text().contains("quickPay"));

        server.profile("show_payments = false").await;
        assert_eq!(visit.status("payments").await, 404);
        assert!(!visit.get("home").await.words().contains("Recent payments"));

        server.profile("methods = [\"card\"]").await;
        assert!(!visit.get("pay/card?invoice=1019").await.answer.text().contains("pay/bank"));
        for (page, fields) in [("pay/bank", BANK), ("autopay/bank", BANK)] {
            visit.lacks(page, &and(&fields, &[("invoice", "1019"), ("place", "2")])).await;
        }
        visit.refuses("pay/bank", &and(&BANK, &one), "This kind of method is not taken here").await;
        // The account on file is one of them.
        visit.refuses("pay/saved", &and(&one, &[("method", &method)]), "This kind of method is not taken here").await;
        server.profile("methods = [\"ach\"]").await;
        visit.refuses("pay/card", &and(&CARD, &one), "This kind of method is not taken here").await;

        server.profile("free_amount = false").await;
        assert!(!visit.get("pay").await.answer.text().contains("name=\"amount\""));
        for (amount, words) in [("20", "is paid in full here"), ("100", "More than what is due")] {
            visit.get(&format!("pay/card?invoice=1019&amount={amount}")).await.is(400).says(words);
            visit.refuses("pay/card", &and(&CARD, &[("invoice", "1019"), ("amount", amount)]), words).await;
        }

        server.profile("pay_all = true\nfree_amount = true").await;
        let all = visit.get("pay/card?invoice=1019").await;
        assert_eq!(all.text(".checkout-summary .figure"), "$70.50");
        visit.refuses("pay/card", &and(&CARD, &[("invoice", "1019"), ("amount", "60.50")]), "is paid in full here").await;

        server.profile("card_saving = \"never\"").await;
        assert!(!visit.get("pay/card?invoice=1019").await.answer.text().contains("name=\"place\""));
        visit.refuses("pay/card", &and(&CARD, &[("invoice", "1019"), ("place", "2")]), "can’t be saved").await;
        visit.lacks("autopay/card", &and(&CARD, &[("place", "2")])).await;
        server.profile("card_saving = \"force\"").await;
        visit.refuses("pay/card", &and(&CARD, &one), "can’t be saved").await;
        for place in ["0", "4", "x", "-1"] {
            visit.refuses("pay/card", &and(&CARD, &[("invoice", "1019"), ("place", place)]), "can’t be saved").await;
        }

        server.profile("allow_autopay_off = false").await;
        let question = visit.get(&format!("autopay/remove?method={method}")).await;
        question.says("can’t be removed");
        assert_eq!(question.count("form.confirm button"), 0);
        visit.refuses("autopay/remove", &[("method", &method)], "can’t be removed").await;

        // With the switch back it is removed.
        server.profile("allow_autopay_off = true").await;
        visit.forge("autopay/remove", &[("method", &method)]).await.says("The method was removed");
        assert_eq!(server.stored().await["payment_methods"].len(), 0);
    }
}
