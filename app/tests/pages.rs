//! Pages as a browser gets them, rendered for customers of a merchant on a database of its own.
#![cfg(feature = "ssr")]

use app::{Asked, Assets, Form, IslandScripts, PasskeyRequest, Portal, Surroundings, Visitor, act};
use axum::body::{Body, to_bytes};
use billing::passkeys::Site;
use billing::portal::Me;
use billing::sessions::{Checkout, CheckoutMethod, Flash, Look, Standing};
use domain::customers::Account;
use domain::ids::{CustomerId, SessionId};
use domain::organizations::Organization;
use http::{Response, StatusCode};
use leptos::prelude::LeptosOptions;
use testkit::{Scene, Script, scenes};
use texts::Texts;

const BODY_BYTES_MAX: usize = 1 << 20;

/// A page, and what came with it.
struct Page {
    status: StatusCode,
    policy: String,
    html: String,
}

impl Page {
    #[track_caller]
    fn shows(&self, texts: &[&str]) -> &Page {
        for text in texts {
            assert!(self.html.contains(text), "{text:?} is not in {}", self.html);
        }
        self
    }

    #[track_caller]
    fn lacks(&self, texts: &[&str]) -> &Page {
        for text in texts {
            assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
        }
        self
    }
}

fn assets() -> Assets {
    let options = LeptosOptions::builder().output_name("app").build();
    let islands = Some(IslandScripts::new(options.clone()));
    Assets { css: "/pkg/app.1234.css".to_owned(), islands, options }
}

async fn portal(scene: &Scene, customer: CustomerId) -> Portal {
    let org = scene.organization("acme").await;
    let mut view = scene.billing.view(&org).await.expect("a view");
    let customer = billing::customers::get(&mut view, customer).await.expect("a customer");
    let me = Me::new(scene.billing.clone(), org, Account::from(&customer), None).expect("may enter");
    let texts = Texts::of([me.org.locale.as_str()]);
    Portal {
        me,
        texts,
        form_token: "token-1".to_owned(),
        look: Look::default(),
        flash: None,
        checkout: None,
        session: SessionId(1),
        standing: Standing::default(),
        client: testkit::scene::CLIENT.clone(),
        site: Site { host: "acme.localhost".to_owned(), origin: "http://acme.localhost".to_owned() },
    }
}

const SHOP: &str = "https://shop.example";

async fn open(portal: &Portal, page: &str) -> Page {
    open_with(&assets(), portal, page).await
}

async fn open_with(assets: &Assets, portal: &Portal, page: &str) -> Page {
    let address = format!("/widget/s/k/{page}").parse().expect("the path is good");
    let around = Surroundings::of(&portal.me.org, portal.look.css_url.clone(), SHOP.to_owned());
    let page = app::load(portal.clone(), &Asked::of(&address)).await;
    read(app::render(page, around, assets).await).await
}

async fn enter(visitor: &Visitor, page: app::Page) -> Page {
    let around = Surroundings::of(&visitor.org, None, SHOP.to_owned());
    read(app::render(page, around, &assets()).await).await
}

async fn read(response: Response<Body>) -> Page {
    let policy =
        response.headers().get("content-security-policy").map(|value| value.to_str().expect("it is ASCII").to_owned());
    let status = response.status();
    let body = to_bytes(response.into_body(), BODY_BYTES_MAX).await.expect("the body is short");
    Page { status, policy: policy.unwrap_or_default(), html: String::from_utf8(body.to_vec()).expect("it is UTF-8") }
}

scenes! {
    async fn a_new_customer_finds_an_empty_home(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let page = open(&portal(&scene, customer).await, "home").await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows(&["$0.00", "There is nothing to pay.", "No invoices yet", "John Doe", "<html lang=\"en-US\" dir=\"ltr\">"]);
        page.lacks(&["Pay now", "type=\"module\""]);
        only_its_own_script(&page);
        assert!(page.policy.ends_with("frame-ancestors https://shop.example"), "{}", page.policy);
    }

    async fn home_shows_what_is_owed_and_leads_to_paying_it(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let page = open(&portal(&scene, customer).await, "home").await;
        page.shows(&["$60.50", "Outstanding", "Pay now", "href=\"pay\"", &format!("href=\"pay?invoice={number}\"")]);
        page.shows(&[&format!("href=\"invoices/{number}\""), "value=\"token-1\"", "action=\"logout\""]);
    }

    async fn pages_speak_the_language_of_their_customer(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let english = portal(&scene, customer).await;
        for (locale, html, shown) in [
            ("de_DE", "<html lang=\"de-DE\" dir=\"ltr\">", ["Offener Betrag", "60,50\u{a0}$", "Offene Rechnungen"]),
            ("fr", "<html lang=\"fr\" dir=\"ltr\">", ["Solde dû", "60,50\u{a0}$", "Factures à payer"]),
            ("ja_JP", "<html lang=\"ja\" dir=\"ltr\">", ["お支払い残高", "$60.50", "未払いの請求書"]),
            ("ar", "<html lang=\"ar\" dir=\"rtl\">", ["الرصيد المستحق", "60.50\u{a0}$", "الفواتير المستحقة"]),
        ] {
            let portal = Portal { texts: Texts::of([locale]), ..english.clone() };
            open(&portal, "home").await.shows(&[html]).shows(&shown).lacks(&["Balance", "Invoices", "Outstanding"]);
            for page in ["invoices", &format!("invoices/{number}"), "payments", "account", "pay", "autopay", "autopay/bank", "missing"] {
                open(&portal, page).await.shows(&[html]).lacks(&[">Invoice", ">Payment", ">Amount", ">Due"]);
            }
        }
    }

    async fn an_invoice_shows_its_lines_and_how_they_came_about(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(customer).await;
        let number = &invoice.head.number;
        let page = open(&portal(&scene, customer).await, &format!("invoices/{number}")).await;
        page.shows(&["$60.50", "$165.00", "JOHNDOE001", &invoice.lines[0].charges[0].explanation]);
        page.shows(&[&format!("href=\"../invoices/{number}/pdf\""), "href=\"../home\"", "action=\"../logout\""]);
        page.shows(&[&format!("href=\"../pay?invoice={number}\"")]).lacks(&["type=\"module\""]);
    }

    async fn what_belongs_to_somebody_else_does_not_exist(scene: Scene) {
        let (one, other) = (scene.customer("ONE").await, scene.customer("OTHER").await);
        let number = scene.invoice(other).await.head.number;
        let portal = portal(&scene, one).await;
        for page in [format!("invoices/{number}"), "payments/1".into(), "nonsense".into(), "non/sense".into()] {
            let page = open(&portal, &page).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            page.shows(&["We can’t find this page", "Back to home"]).lacks(&[&number]);
        }
        open(&portal, "non/sense").await.shows(&["href=\"../home\""]);
    }

    async fn only_the_page_with_an_island_has_scripts_for_it(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let page = open(&portal(&scene, customer).await, "pay").await;
        page.shows(&["<leptos-island", "Selected invoices: 1<", "action=\"pay/card\"", &format!("value=\"{number}\" checked")]);
        let nonce = page.policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert_eq!(page.html.matches("<script").count(), page.html.matches(&format!("nonce=\"{nonce}\"")).count());
        page.shows(&["<script"]);
    }

    async fn where_no_islands_were_built_there_is_no_script_for_them(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        scene.invoice(customer).await;
        let portal = portal(&scene, customer).await;
        let assets = Assets { islands: None, ..assets() };
        let page = open_with(&assets, &portal, "pay").await;
        page.shows(&["Selected invoices: 1<", "Continue"]).lacks(&["type=\"module\"", "preload\" href=\"/pkg"]);
        only_its_own_script(&page);
        let mut free = portal.clone();
        std::sync::Arc::make_mut(&mut free.me.org).portal.free_amount = true;
        open_with(&assets, &free, "pay").await.shows(&["Another amount", "name=\"amount\""]);
        open_with(&assets, &free, "pay/card?amount=5").await.shows(&["$5.00", "card_number"]);
    }

    async fn a_merchant_that_wants_all_paid_offers_no_choice(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let mut portal = portal(&scene, customer).await;
        std::sync::Arc::make_mut(&mut portal.me.org).portal.pay_all = true;
        let hidden = format!("<input type=\"hidden\" name=\"invoice\" value=\"{number}\"");
        open(&portal, "pay?invoice=7").await.shows(&["disabled", &hidden]);
    }

    async fn a_card_is_entered_corrected_confirmed_and_charged(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let mut portal = portal(&scene, customer).await;
        let page = open(&portal, &format!("pay/card?invoice={number}")).await;
        page.shows(&["$60.50", "autocomplete=\"cc-number\"", &format!("name=\"invoice\" value=\"{number}\"")]);

        let typed = format!("invoice={number}&cardholder=John+Doe&expiry=12%2F35&security_code=123&card_number=");
        let wrong = Form::parse(format!("{typed}4111111111111112").as_bytes());
        let answer = act(&portal, "pay/card", &wrong).await.expect("it is answered");
        assert_eq!(answer.to, format!("pay/card?invoice={number}"));
        portal.flash = answer.flash;
        let page = open(&portal, &answer.to).await;
        page.shows(&["Please correct one field", "href=\"#card_number\"", "id=\"card_number-error\"", "value=\"12/35\""]);
        page.shows(&["aria-invalid=\"true\" aria-describedby=\"card_number-error\""]).lacks(&["4111111111111112"]);

        portal.flash = None;
        let right = Form::parse(format!("{typed}4111+1111+1111+1111").as_bytes());
        let answer = act(&portal, "pay/card", &right).await.expect("it is answered");
        assert_eq!((answer.to.as_str(), &answer.flash), ("pay/confirm", &None));
        assert!(!format!("{answer:?}").contains("41111111"));
        portal.checkout = answer.checkout.expect("the card is kept");
        open(&portal, "pay/confirm").await.shows(&["Pay $60.50", "Visa •••• 1111", &number]);

        let answer = act(&portal, "pay/confirm", &Form::parse(b"")).await.expect("it is answered");
        assert_eq!(answer.checkout, Some(None));
        portal.look.success_url = Some("https://shop.example/thanks".to_owned());
        let page = open(&portal, &answer.to).await;
        page.shows(&["Payment received", "$60.50", "https://shop.example/thanks", "rel=\"noreferrer\""]);
        let again = act(&portal, "pay/confirm", &Form::parse(b"")).await.expect("it is answered");
        assert_eq!((&again.to, again.checkout), (&answer.to, Some(None)), "sent twice, it is one payment");
        open(&portal, &format!("invoices/{number}")).await.shows(&["Paid in full", "-$60.50", "../payments/"]);
        open(&portal, "home").await.shows(&["Everything is paid", "Recent payments"]);
        open(&portal, "payments").await.shows(&["1–1 of 1"]);
        scene.check().await;
    }

    async fn each_ending_of_a_payment_says_what_to_do_next(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let mut portal = portal(&scene, customer).await;
        let endings = [
            (Script::Decline, ["Your payment was declined", "Try another method"]),
            (Script::Error, ["The payment could not be made", "Try another method"]),
            (Script::ApproveAndTimeOut, ["Your payment is being confirmed", "Check again"]),
        ];
        for (script, shown) in endings {
            let number = scene.invoice(customer).await.head.number;
            let card = "cardholder=John+Doe&expiry=12%2F35&security_code=123&card_number=4111111111111111";
            let card = Form::parse(format!("invoice={number}&{card}").as_bytes());
            let answer = act(&portal, "pay/card", &card).await.expect("the card is good");
            portal.checkout = answer.checkout.expect("the card is kept");
            scene.gateway.next(script);
            let answer = act(&portal, "pay/confirm", &Form::parse(b"")).await.expect("it is answered");
            let page = open(&portal, &answer.to).await;
            page.shows(&shown).lacks(&["Payment received", "Invoice PDF"]);
        }
        open(&portal, "invoices").await.shows(&["badge-pending"]);
    }

    async fn without_a_card_there_is_nothing_to_confirm(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let portal = portal(&scene, customer).await;
        open(&portal, "pay/confirm").await.shows(&["There is nothing to confirm", "href=\"../pay\""]);
        let answer = act(&portal, "pay/confirm", &Form::parse(b"")).await.expect("it is answered");
        assert_eq!(answer.to, "pay");
        assert!(act(&portal, "pay/other", &Form::parse(b"")).await.is_err());
        let page = open(&portal, "pay/card").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.shows(&["Choose at least one invoice to pay."]);
        open(&portal, "pay").await.shows(&["There is nothing to pay"]);
    }

    async fn what_was_due_has_changed_meanwhile(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let number = scene.invoice(customer).await.head.number;
        let mut portal = portal(&scene, customer).await;
        portal.checkout = Some(Checkout {
            key: "key".to_owned(),
            method: CheckoutMethod::OnFile { id: 1, context: "Visa: 1111".to_owned() },
            invoices: vec![number],
            due_minor: 1,
            amount_minor: 1,
        });
        let answer = act(&portal, "pay/confirm", &Form::parse(b"")).await.expect("it is answered");
        assert_eq!((answer.to.as_str(), answer.checkout), ("pay", Some(None)));
        portal.flash = answer.flash;
        open(&portal, "pay").await.shows(&["This payment was not made", "What is due has changed."]);
    }

    async fn switches_of_the_merchant_hide_and_refuse(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        scene.invoice(customer).await;
        let mut portal = portal(&scene, customer).await;
        portal.look.hides_navigation = true;
        portal.look.css_url = Some("https://cdn.shop.example/a.css".to_owned());
        let profile = &mut std::sync::Arc::make_mut(&mut portal.me.org).portal;
        (profile.allow_payments, profile.show_payments) = (false, false);
        let page = open(&portal, "home").await;
        page.lacks(&["Pay now", "class=\"tabs\"", "Recent payments", "href=\"pay"]);
        page.shows(&["<link rel=\"stylesheet\" href=\"https://cdn.shop.example/a.css\""]);
        assert!(page.policy.contains("style-src 'self' https://cdn.shop.example;"), "{}", page.policy);
        for refused in ["pay", "pay/saved", "pay/card", "pay/bank", "pay/confirm", "payments", "autopay/card"] {
            assert_eq!(open(&portal, refused).await.status, StatusCode::NOT_FOUND, "{refused}");
        }
    }

    async fn a_flash_is_text_and_nothing_else(scene: Scene) {
        let customer = scene.customer("JOHNDOE001").await;
        let mut portal = portal(&scene, customer).await;
        portal.flash = Some(Flash { title: "<script>alert(1)</script>".to_owned(), ..Flash::default() });
        open(&portal, "account").await.lacks(&["<script>"]).shows(&["&lt;script&gt;", "JOHNDOE001"]);
    }

    async fn the_login_page_gives_one_answer_to_every_failure(scene: Scene) {
        let org = scene.organization("acme").await;
        let passkey = PasskeyRequest { challenge: "challenge-1".to_owned(), host: "acme.localhost".to_owned() };
        let visitor = Visitor { org, texts: Texts::english(), form_token: "token-2".to_owned(), failed: false, changed: false, next: None, passkey };
        let failed = Visitor { failed: true, ..visitor.clone() };
        let page = enter(&visitor, app::login(visitor.clone())).await;
        page.shows(&["value=\"token-2\"", "current-password"]).lacks(&["is not right"]);
        page.shows(&["<script type=\"module\" src=\"/passkeys.js\" nonce="]);
        assert!(page.policy.contains("frame-ancestors"), "{}", page.policy);
        let page = enter(&failed, app::login(failed.clone())).await;
        page.shows(&["Username or password is not right.", "<title>Error: Sign in"]);
    }

    async fn a_notice_is_a_whole_page(scene: Scene) {
        let org = Organization { name: "Daddy & Sons".to_owned(), ..(*scene.organization("acme").await).clone() };
        let (policy, html) = app::notice(Texts::english(), Some(&org), SHOP, &assets(), app::Notice::LinkUsed { login_url: None });
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en-US\" dir=\"ltr\">"), "{html}");
        assert!(html.contains("<title>This link was already used · Daddy &#38; Sons</title>"), "{html}");
        assert!(html.contains("This link was already used") && html.contains("data-event=\"over\""), "{html}");
        assert!(policy.ends_with(&format!("frame-ancestors {SHOP}")), "{policy}");
        let failed = app::Notice::Failed { reference: "7f3a".to_owned() };
        let (_, html) = app::notice(Texts::english(), None, "'none'", &assets(), failed);
        assert!(html.contains("Reference 7f3a") && html.contains("data-origins=\"\"") && !html.contains("data-event"), "{html}");
        let url = Some("https://shop.example/login".to_owned());
        let (_, html) = app::notice(Texts::english(), None, "'none'", &assets(), app::Notice::LinkExpired { login_url: url.clone() });
        assert!(html.contains("href=\"https://shop.example/login\" rel=\"noreferrer\" target=\"_top\""), "{html}");
        let (_, html) = app::notice(Texts::english(), None, "'none'", &assets(), app::Notice::SessionOver { login_url: url, page: None });
        assert!(html.contains("href=\"https://shop.example/login\" rel=\"noreferrer\" target=\"_top\""), "{html}");
    }
}

/// One script, allowed by the nonce of this page and no other.
#[track_caller]
fn only_its_own_script(page: &Page) {
    let nonce = page.policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(page.policy.contains(&format!("script-src 'nonce-{nonce}';")), "{}", page.policy);
    let scripts: Vec<&str> = page.html.split("<script").skip(1).collect();
    assert!(scripts.len() == 1 && scripts[0].starts_with(" src=\"/portal.js\""), "{scripts:?}");
    assert!(scripts[0].contains(&format!("nonce=\"{nonce}\"")), "{scripts:?}");
}
