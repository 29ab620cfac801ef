//! The second factor and passkeys, with an authenticator app and an authenticator of our own in place of real ones.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};
use testkit::organization::ACME;
use totp_rs::{Builder, Secret};

use crate::harness::browser::Page;
use crate::harness::fixtures::{JOHN, PASSWORD};
use crate::harness::{Browser, Server};

async fn enter(browser: &Browser<'_>) -> Page {
    let page = browser.open("/widget/login").await;
    browser.submit_and_follow(&page, "form", &[("username", "jdoe001"), ("password", PASSWORD)]).await
}

async fn go(browser: &Browser<'_>, from: &Page, page: &str) -> Page {
    browser.open(&format!("{}{page}", from.root())).await
}

async fn confirm(browser: &Browser<'_>, home: &Page, page: &str) -> Page {
    let asked = go(browser, home, page).await;
    browser.submit_and_follow(&asked, "main form", &[("current_password", PASSWORD)]).await
}

/// The code that an app with this key shows now.
fn code(server: &Server, key: &str) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "").to_uppercase()).unwrap();
    let seconds = server.billing.clock.now().as_seconds();
    Builder::new().with_secret(secret).build().unwrap().generate(u64::try_from(seconds).unwrap()).to_string()
}

/// From the page that offers it to the recovery codes: the key, and the page with the codes.
async fn set_up(server: &Server, browser: &Browser<'_>, page: &Page) -> (String, Page) {
    let begun = browser.submit_and_follow(page, "main form", &[]).await;
    begun.is(200);
    assert_eq!(begun.count("svg.qr path"), 1);
    let key = begun.text(".secret");
    browser.submit_and_follow(&begun, "main form", &[("code", "000000")]).await.says("This code is not right");
    (key.clone(), browser.submit_and_follow(&begun, "main form", &[("code", &code(server, &key))]).await)
}

on_both! {
    async fn an_app_is_set_up_asked_for_at_the_entrance_and_taken_away(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let home = enter(&browser).await;
        go(&browser, &home, "security/authenticator").await.says("type your current password once more");
        let page = confirm(&browser, &home, "security/authenticator").await;
        let (key, kept) = set_up(&server, &browser, &page).await;
        let codes = kept.is(200).texts(".codes li");
        assert_eq!(codes.len(), 10);
        browser.submit_and_follow(&kept, "main form", &[]).await.says("On: you are asked for a code");
        go(&browser, &home, "security/codes").await.is(404);

        let other = server.browser();
        let asked = enter(&other).await;
        asked.is(200).says("Type the code that your app shows").says("stays open for 30 minutes");
        assert!(!asked.words().contains("Bill Joseph"), "nothing is said of the customer");
        for page in ["home", "invoices", "security", "security/password", "invoices/1019/pdf"] {
            let led = other.get(&format!("{}{page}", asked.root())).await;
            let next = format!("?next={}", page.replace('/', "%2F"));
            let wanted = asked.path.clone() + if page == "home" { "" } else { &next };
            assert_eq!((led.answer.status, led.location()), (303, wanted), "{page}");
        }
        other.submit_and_follow(&asked, "main form", &[("code", "000000")]).await.says("was used before");
        server.wall.advance_seconds(30);
        let now = code(&server, &key);
        other.submit_and_follow(&asked, "main form", &[("code", &now)]).await.says("My account");
        let again = server.browser();
        let asked = enter(&again).await;
        again.submit_and_follow(&asked, "main form", &[("code", &now)]).await.says("was used before");
        again.submit_and_follow(&asked, "main form", &[("code", &codes[3])]).await.says("My account");
        // The page that was asked for comes after both steps, whatever went wrong in between.
        let third = server.browser();
        let login = third.get("/widget/login?next=account%2Fdetails").await;
        let asked = third.submit_and_follow(&login, "form", &[("username", "jdoe001"), ("password", PASSWORD)]).await;
        let asked = third.submit_and_follow(&asked, "main form", &[("code", "000000")]).await;
        let details = third.submit_and_follow(&asked, "main form", &[("code", &codes[4])]).await;
        assert!(details.is(200).path.ends_with("/account/details"), "{}", details.path);
        // The merchant's word needs no code.
        server.browser().open(&server.link(JOHN, "").await).await.says("My account");

        let page = go(&browser, &home, "security/authenticator").await;
        page.says("Left: 8");
        let overview = browser.submit_and_follow(&page, "form:has(input[value=remove])", &[]).await;
        overview.says("The app is removed").says("Off: your password alone");
        enter(&server.browser()).await.says("My account");
        for (about, count) in
            [("authenticator app was added", 1), ("recovery code was used", 2), ("second step was removed", 1)]
        {
            assert_eq!(server.letters(4, about).await.len(), count, "{about}");
        }
    }

    async fn where_it_is_required_nothing_opens_before_it_is_set_up(engine: Engine) {
        let seed = ACME.replace("[organization.portal]", "[organization.portal]\nsecond_factor = \"required\"");
        let server = Server::with(engine, &seed.replace("notifications = [", "notifications = [] # ")).await;
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let page = enter(&browser).await;
        page.is(200).says("Acme Hosting asks all customers for a second step");
        assert_eq!(page.count("nav.tabs"), 0);
        for other in ["home", "invoices", "security", "security/email"] {
            let led = browser.get(&format!("{}{other}", page.root())).await;
            assert_eq!((led.answer.status, led.location()), (303, page.path.clone()), "{other}");
        }
        let (_, codes) = set_up(&server, &browser, &page).await;
        let overview = browser.submit_and_follow(&codes, "main form", &[]).await;
        overview.says("On: you are asked for a code");
        let asked = confirm(&browser, &overview, "security/authenticator").await;
        assert_eq!(asked.count("form:has(input[value=remove])"), 0);
        let token = asked.attribute("main input[name=form_token]", "value").unwrap();
        let call = browser.call("POST", &asked.path).header("content-type", "application/x-www-form-urlencoded");
        assert!(browser.send(call.body(format!("form_token={token}&do=remove"))).await.answer.status >= 400);
        server.browser().open(&server.link(JOHN, "").await).await.says("My account");
        // Who has lost it asks the merchant.
        enter(&server.browser()).await.says("Type the code");
        let lost = format!("/rest/widget/secondFactor?extCustomerRef={JOHN}");
        server.call("DELETE", &lost).send().await.is(200);
        server.call("DELETE", &lost).send().await.is(200);
        enter(&server.browser()).await.says("asks all customers for a second step");
    }

    #[expect(clippy::too_many_lines, reason = "one key through everything that may go wrong with it")]
    async fn a_passkey_signs_in_without_name_and_password_and_only_as_asked(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let home = enter(&browser).await;
        let page = confirm(&browser, &home, "security/passkeys").await;
        page.is(200).says("You have none yet").says("must allow scripts");
        assert!(page.answer.header("content-security-policy").contains("'nonce-"));
        let mut phone = Authenticator::new(&server, 7);
        let add = async |browser: &Browser<'_>, page: &Page, name: &str, parts: [(&str, String); 2]| {
            let fields = [("name", name), (parts[0].0, &parts[0].1), (parts[1].0, &parts[1].1)];
            browser.submit_and_follow(page, "form[data-passkey=create]", &fields).await
        };
        let other_ceremony = phone.create("Zm9yZ2Vk");
        add(&browser, &page, "Phone", other_ceremony).await.says("could not be added");
        let parts = phone.create(&challenge(&page, "create"));
        add(&browser, &page, "", parts.clone()).await.says("1 to 50 characters");
        let done = add(&browser, &page, "My phone", parts.clone()).await;
        done.says("The passkey is added").says("My phone").says("added Sep 20, 2011");
        add(&browser, &page, "Again", parts).await.says("could not be added");
        phone.handle = done.attribute("form[data-passkey=create]", "data-user").unwrap();

        let stranger = server.browser();
        let login = stranger.open("/widget/login").await;
        let asked = challenge(&login, "get");
        let sign_in = async |browser: &Browser<'_>, fields: &[(&str, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.submit_and_follow(&login, "form[data-passkey=get]", &fields).await
        };
        for (what, change) in [
            ("another origin", Box::new(|a: &mut Authenticator| a.origin = "http://evil.example".to_owned()) as Box<dyn Fn(&mut Authenticator)>),
            ("another host", Box::new(|a: &mut Authenticator| a.host = "rival.localhost".to_owned())),
            ("not verified", Box::new(|a: &mut Authenticator| a.flags = 0x01)),
            ("somebody else's handle", Box::new(|a: &mut Authenticator| a.handle = "AAAA".to_owned())),
            ("another key", Box::new(|a: &mut Authenticator| a.key = SigningKey::from_slice(&[9; 32]).unwrap())),
            ("an unknown key", Box::new(|a: &mut Authenticator| a.id = vec![1; 16])),
        ] {
            let mut wrong = phone.clone();
            change(&mut wrong);
            let refused = sign_in(&stranger, &wrong.get(&asked)).await;
            assert!(refused.words().contains("not right. Please try again"), "{what}");
        }
        phone.count = 8;
        let right = phone.get(&asked);
        sign_in(&stranger, &right).await.is(200).says("My account");
        sign_in(&server.browser(), &right).await.says("not right");
        let copied = Authenticator { count: 1, ..phone.clone() };
        let fresh = challenge(&server.browser().open("/widget/login").await, "get");
        sign_in(&server.browser(), &copied.get(&fresh)).await.says("not right");
        // A lock after others' guesses does not hold it up.
        for _ in 0..5 {
            let page = browser.open("/widget/login").await;
            browser.submit(&page, "form", &[("username", "jdoe001"), ("password", "Wrong-1234")]).await.is(303);
        }
        enter(&server.browser()).await.says("not right");
        let fresh = challenge(&server.browser().open("/widget/login").await, "get");
        phone.count = 9;
        sign_in(&server.browser(), &phone.get(&fresh)).await.says("My account");
        server.wall.advance_seconds(3601);
        let page = go(&browser, &home, "security/passkeys").await;
        browser.submit_and_follow(&page, "form:has(input[name=remove])", &[]).await.says("The passkey is removed");
        let fresh = challenge(&server.browser().open("/widget/login").await, "get");
        phone.count = 12;
        let login = server.browser().open("/widget/login").await;
        let fields = phone.get(&fresh);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.browser().submit_and_follow(&login, "form[data-passkey=get]", &fields).await.says("not right");
        let audit = server.stored().await["audit"].join("\n");
        for action in ["added a passkey", "removed a passkey", "refused a passkey that was copied"] {
            assert!(audit.contains(action), "{action}");
        }
    }

    async fn a_passkey_confirms_a_change_in_place_of_the_password(server: Server) {
        server.customer(JOHN, "jdoe001").await;
        let browser = server.browser();
        let home = enter(&browser).await;
        let asked = go(&browser, &home, "security/password").await;
        assert_eq!(asked.count("form[data-passkey]"), 0, "who has no passkey is not asked for one");
        let page = confirm(&browser, &home, "security/passkeys").await;
        let mut phone = Authenticator::new(&server, 7);
        let made = phone.create(&challenge(&page, "create"));
        let fields = [("name", "My phone"), (made[0].0, &made[0].1), (made[1].0, &made[1].1)];
        let done = browser.submit_and_follow(&page, "form[data-passkey=create]", &fields).await;
        phone.handle = done.attribute("form[data-passkey=create]", "data-user").unwrap();
        server.advance("2011-09-20T12:05:00Z").await;

        let asked = go(&browser, &home, "security/password").await;
        asked.is(200).says("Confirm that it is you").says("Confirm with a passkey");
        let answer = async |answer: &[(&str, String)]| {
            let fields: Vec<(&str, &str)> = answer.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.submit_and_follow(&asked, "form[data-passkey=get]", &fields).await
        };
        let asked_for = challenge(&asked, "get");
        // What is signed for the entrance confirms nothing.
        let entrance = challenge(&server.browser().open("/widget/login").await, "get");
        answer(&phone.get(&entrance)).await.says("or type your password").says("Current password");
        let other = Authenticator { key: SigningKey::from_slice(&[9; 32]).unwrap(), ..phone.clone() };
        answer(&other.get(&asked_for)).await.says("or type your password");
        phone.count = 8;
        let right = phone.get(&asked_for);
        let form = answer(&right).await;
        form.is(200).says("You stay signed in here");
        server.advance("2011-09-20T12:10:00Z").await;
        answer(&right).await.says("or type your password");
        phone.count = 9;
        let fresh = challenge(&go(&browser, &home, "security/password").await, "get");
        answer(&phone.get(&fresh)).await.says("You stay signed in here");
        let fields = [("new_password", "correct horse"), ("repeated_password", "correct horse")];
        browser.submit_and_follow(&form, "main form", &fields).await.says("Your password is changed");

        // The merchant's word is not the customer's, with whatever key.
        let let_in = server.browser();
        let home = let_in.open(&server.link(JOHN, "").await).await;
        let token = home.attribute("input[name=form_token]", "value").unwrap();
        let call = let_in.call("POST", &format!("{}security/password", home.root()));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let_in.send(call.body(format!("form_token={token}&credential_id=AAAA"))).await.is(403);
    }
}

fn challenge(page: &Page, ceremony: &str) -> String {
    page.attribute(&format!("form[data-passkey={ceremony}]"), "data-challenge").unwrap()
}

/// A phone, as the browser's script meets it.
#[derive(Clone)]
struct Authenticator {
    origin: String,
    host: String,
    key: SigningKey,
    id: Vec<u8>,
    handle: String,
    flags: u8,
    count: u32,
}

impl Authenticator {
    fn new(server: &Server, count: u32) -> Authenticator {
        Authenticator {
            origin: format!("http://acme.localhost:{}", server.address.port()),
            host: "acme.localhost".to_owned(),
            key: SigningKey::from_slice(&[7; 32]).unwrap(),
            id: vec![0x42; 16],
            handle: String::new(),
            flags: 0x05,
            count,
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let origin = &self.origin;
        format!("{{\"type\":\"webauthn.{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\"}}").into_bytes()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(self.host.as_bytes())[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    fn create(&self, challenge: &str) -> [(&'static str, String); 2] {
        let point = self.key.verifying_key().to_encoded_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let data = [&self.head(self.flags | 0x40)[..], &[0; 16], &[0, 16], &self.id, &cose].concat();
        let length = u8::try_from(data.len()).unwrap();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[length], &data].concat();
        [("client_data", text(&self.client_data("create", challenge))), ("attestation", text(&object))]
    }

    fn get(&self, challenge: &str) -> [(&'static str, String); 6] {
        let (client_data, data) = (self.client_data("get", challenge), self.head(self.flags));
        let signature: Signature = self.key.sign(&[&data[..], &Sha256::digest(&client_data)].concat());
        [
            ("challenge", challenge.to_owned()),
            ("credential_id", text(&self.id)),
            ("client_data", text(&client_data)),
            ("authenticator_data", text(&data)),
            ("signature", text(signature.to_der().as_bytes())),
            ("user_handle", self.handle.clone()),
        ]
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
