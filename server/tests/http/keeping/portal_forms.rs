//! The same of what customers type into the forms of the portal, and of what lets them in.

use reqwest::redirect::Policy;

use super::*;

/// Typed into forms, and never written down.
const NEW_PASSWORD: &str = "Battery-Staple-83";
const WRONG_PASSWORD: &str = "Wrong-Donkey-47";
const CODE: &str = "9137";

/// A browser without script, whose session's key, cookie and form tokens are kept apart to be looked for.
struct Visitor<'s> {
    serving: &'s mut Serving,
    client: reqwest::Client,
    /// Below the session's key.
    root: String,
    cookie: String,
    secrets: Vec<String>,
}

impl Visitor<'_> {
    fn new(serving: &mut Serving) -> Visitor<'_> {
        let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Visitor { serving, client, root: String::new(), cookie: String::new(), secrets: Vec::new() }
    }

    async fn ask(&mut self, method: &str, path: &str, body: String) -> (u16, String, String) {
        let url = format!("http://{}{path}", self.serving.address);
        let request = self.client.request(method.parse().unwrap(), url).header("host", "acme.localhost");
        let request =
            request.header("cookie", &self.cookie).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.timeout(Duration::from_mins(1)).body(body).send().await.unwrap();
        let status = answer.status().as_u16();
        let head = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (location, cookie) = (head("location").unwrap_or_default(), head("set-cookie"));
        if let Some(cookie) = cookie.and_then(|cookie| cookie.split(';').next().map(str::to_owned)) {
            self.secrets.extend(cookie.split_once('=').map(|(_, value)| value.to_owned()));
            self.cookie = cookie;
        }
        let text = answer.text().await.unwrap();
        self.serving.said.push_str(&text);
        (status, location, text)
    }

    /// Opened by what leads to a session: its key is a secret from then on.
    fn enters(&mut self, location: &str) {
        let key =
            location.strip_prefix("/widget/s/").and_then(|rest| rest.split('/').next()).expect(location).to_owned();
        self.root = format!("/widget/s/{key}/");
        self.secrets.push(key);
    }

    /// Fills the form of a page in.
    async fn fills(&mut self, page: &str, fields: &[(&str, &str)]) -> String {
        let path = if page.starts_with('/') { page.to_owned() } else { format!("{}{page}", self.root) };
        let (status, _, html) = self.ask("GET", &path, String::new()).await;
        assert_eq!(status, 200, "{page}");
        let main = html.split("<main").nth(1).unwrap_or_default();
        let hidden = main.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|input| {
            let (name, rest) = input.split_once("\" value=\"")?;
            Some((name, rest.split('"').next()?))
        });
        let hidden: Vec<(&str, &str)> = hidden.collect();
        let token = hidden.iter().find(|(name, _)| *name == "form_token").map(|(_, token)| (*token).to_owned());
        let token = token.unwrap_or_else(|| panic!("{page} has a form: {main}"));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(hidden).extend_pairs(fields).finish();
        let (status, location, text) = self.ask("POST", &path, body).await;
        assert_eq!(status, 303, "{page}: {text}");
        self.secrets.push(token);
        location
    }
}

fn card(number: &str) -> [(&str, &str); 4] {
    [("cardholder", "John Doe"), ("card_number", number), ("expiry", "12/35"), ("security_code", CODE)]
}

const BANK: [(&str, &str); 4] = [
    ("account_holder", "John Doe"),
    ("account_type", "Checking"),
    ("routing_number", "021000021"),
    ("account_number", ACCOUNT),
];

/// Through every form that is told a secret; the secrets of the sessions.
async fn walk(serving: &mut Serving) -> Vec<String> {
    let john = customer_xml(JOHN, "jdoe001");
    assert_eq!(serving.send("POST", "/rest/customers", &john).await, 201);
    let order = "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true";
    assert_eq!(serving.send("POST", order, &white_label()).await, 201);
    assert_eq!(serving.send("GET", "/rest/widget/start?extCustomerRef=JOHNDOE001", "").await, 200);
    let link = serving.said.rsplit("/widget/customerHome/").next().unwrap_or_default().trim().to_owned();
    let mut visitor = Visitor::new(serving);
    let (status, location, _) = visitor.ask("GET", &format!("/widget/customerHome/{link}"), String::new()).await;
    assert_eq!(status, 303);
    visitor.secrets.push(link);
    visitor.enters(&location);
    let (_, _, home) = visitor.ask("GET", &location, String::new()).await;
    let number =
        home.split("href=\"invoices/").nth(1).and_then(|rest| rest.split('"').next()).expect("an invoice is open");
    for card_number in [BAD_NUMBER, DECLINES, APPROVES] {
        visitor.fills(&format!("pay/card?invoice={number}"), &card(card_number)).await;
    }
    visitor.fills("pay/confirm", &[]).await;
    visitor.fills("autopay/card", &[&card(APPROVES)[..], &[("place", "1")]].concat()).await;
    visitor.fills("autopay/bank", &[&BANK[..], &[("place", "2")]].concat()).await;
    visitor.cookie.clear();
    let login = |password| [("username", "jdoe001"), ("password", password)];
    visitor.fills("/widget/login", &login(WRONG_PASSWORD)).await;
    let location = visitor.fills("/widget/login", &login(PASSWORD)).await;
    visitor.enters(&location);
    visitor.fills("security/password", &[("current_password", WRONG_PASSWORD)]).await;
    visitor.fills("security/password", &[("current_password", PASSWORD)]).await;
    let new = [("new_password", NEW_PASSWORD), ("repeated_password", NEW_PASSWORD)];
    visitor.fills("security/password", &new).await;
    visitor.secrets
}

on_both! {
    async fn what_customers_type_and_what_lets_them_in_is_in_no_log_no_page_and_no_database(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let program = Program::new(&db);
        program.seed();
        let mut serving = program.serve();
        let secrets = walk(&mut serving).await;
        let said = serving.stop();
        let log = fs::read(program.log()).unwrap();
        let stored = testkit::dump::dump(&db, &[]).await;
        assert_eq!((stored["payments"].len(), stored["payment_methods"].len()), (1, 2), "it ran");
        let stored = format!("{stored:?}");
        assert!(holds(&log, "/widget/s/{key}/{page}") && said.contains("1111"), "it ran");
        for (what, bytes) in [("a page", said.as_bytes()), ("the log", &log[..]), ("the database", stored.as_bytes())] {
            assert_free(what, bytes);
            for typed in [NEW_PASSWORD, WRONG_PASSWORD] {
                assert!(!holds(bytes, typed), "{typed} is in {what}");
            }
        }
        // Keys, cookies, links and form tokens stand in pages; nowhere else.
        assert!(secrets.len() > 12, "{secrets:?}");
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            assert!(!holds(&log, secret) && !stored.contains(secret), "{secret}");
        }
    }
}
