//! The seed file: applied twice it changes nothing, a bad one changes nothing at all.

use billing::keys::{KeyRing, Resealed, reseal};
use billing::secrets::Vault;
use domain::payments::Processor;
use testkit::clock::timestamp;
use testkit::dump::{differences, dump};
use testkit::organization::{ACME, RIVAL};
use testkit::scene::WALL;
use testkit::scenes;

use crate::refusal;

const NOTHING: Vec<String> = Vec::new();

/// Why a file is refused.
fn problems(text: &str) -> Vec<String> {
    let problems = billing::seed::parse(text, timestamp(WALL)).map(drop).expect_err("the file is bad");
    problems.iter().map(|problem| problem.message.clone()).collect()
}

/// The line of ACME that begins with this, from 1.
fn line(of: &str) -> usize {
    1 + ACME.lines().position(|line| line.starts_with(of)).unwrap()
}

scenes! {
    async fn a_file_applied_twice_changes_nothing(scene: Scene) {
        scene.rival().await;
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        scene.advance("2011-10-05T00:00:00Z").await.unwrap();
        let before = dump(&scene.db, &["updated_at"]).await;
        assert!(before["staff"].len() == 3 && before["charges"].len() == 5 && before["tiers"].len() == 6);
        for _ in 0..2 {
            scene.clock.advance_seconds(60);
            scene.seed(ACME).await.unwrap();
            scene.seed(RIVAL).await.unwrap();
        }
        assert_eq!(differences(&before, &dump(&scene.db, &["updated_at"]).await), NOTHING);
    }

    async fn a_changed_file_updates_what_it_names_and_deletes_nothing(scene: Scene) {
        let plan = ACME.find("[[organization.plan]]").unwrap();
        let second = ACME.rfind("[[organization.plan]]").unwrap();
        let rules = ACME.find("[[organization.overdue_rule]]").unwrap();
        let before = dump(&scene.db, &[]).await;
        scene.seed(&format!("{}{}", &ACME[..plan], &ACME[second..rules])).await.unwrap();
        let after = dump(&scene.db, &[]).await;
        for table in ["plans", "charges", "tiers", "overdue_rules", "callbacks", "staff"] {
            assert_eq!(before[table].len(), after[table].len(), "{table}");
        }
        scene.seed(&ACME.replace("price = \"165.00\"", "price = \"170.00\"").replace("Acme Hosting", "Acme Inc")).await.unwrap();
        assert_eq!(scene.organization("acme").await.name, "Acme Inc");
        let john = scene.customer("JOHNDOE001").await;
        assert_eq!(scene.invoice(john).await.head.total.0, 6233, "170 × 11/30 = 62.333…");
        scene.check().await;
    }

    async fn a_smaller_number_of_tiers_replaces_the_larger(scene: Scene) {
        let tiers = ACME.find("tiers = [").unwrap();
        let end = tiers + ACME[tiers..].find('\n').unwrap();
        let one = "tiers = [ { units_from = 0, price = \"0.10\" } ]";
        scene.seed(&format!("{}{one}{}", &ACME[..tiers], &ACME[end..])).await.unwrap();
        assert_eq!(dump(&scene.db, &[]).await["tiers"].len(), 4);
    }

    async fn a_refused_file_stores_nothing_even_of_its_good_part(scene: Scene) {
        let before = dump(&scene.db, &["updated_at"]).await;
        let live = ACME.replace("mode = \"test\"\n", "").replace("clock = \"2011-09-20T12:00:00Z\"\n", "");
        let message = refusal(scene.seed(&format!("{RIVAL}{live}")).await);
        assert!(message.contains("mode of acme can't be changed"), "{message}");
        assert_eq!(differences(&before, &dump(&scene.db, &["updated_at", "next"]).await).iter()
            .filter(|line| !line.starts_with("id_blocks") && !line.starts_with("counters")).count(), 0);
        assert!(!dump(&scene.db, &[]).await["organizations"].iter().any(|row| row.contains("rival")));
    }

    async fn an_account_of_the_address_service_stays_as_it_is_and_where_no_file_speaks_of_it(scene: Scene) {
        scene.seed(&with_avalara("")).await.unwrap();
        let before = dump(&scene.db, &["updated_at"]).await;
        assert!(before["avalara_accounts"][0].contains("|https://rest.avatax.com"), "{before:?}");
        assert!(!before["avalara_accounts"][0].contains("9F8E7D6C"), "sealed");
        scene.seed(&with_avalara("")).await.unwrap();
        assert_eq!(differences(&before, &dump(&scene.db, &["updated_at"]).await), NOTHING);
        scene.seed(ACME).await.unwrap();
        assert_eq!(dump(&scene.db, &[]).await["avalara_accounts"], before["avalara_accounts"]);
        scene.seed(&with_avalara("").replace("9F8E7D6C", "00000000")).await.unwrap();
        assert_ne!(dump(&scene.db, &[]).await["avalara_accounts"], before["avalara_accounts"]);
    }

    async fn an_account_with_a_processor_is_sealed_and_stays_where_no_file_speaks_of_it(scene: Scene) {
        let seeded = async |text: &str| {
            scene.seed(text).await.unwrap();
            dump(&scene.db, &["updated_at"]).await
        };
        let with_stripe = live(STRIPE);
        let first = seeded(&with_stripe).await;
        let shown = first["processor_accounts"].concat();
        assert!(shown.contains("|https://api.stripe.com|") && !shown.contains("sk_live"), "{shown}");
        assert_eq!(differences(&first, &seeded(&with_stripe).await), NOTHING);
        assert_eq!(differences(&first, &seeded(&live("")).await), NOTHING);
        let other = seeded(&with_stripe.replace("whsec_1", "whsec_2")).await;
        assert_ne!(other["processor_accounts"], first["processor_accounts"], "another secret");
        let shop = scene.organization("shop").await;
        let account = scene.billing.processor_account(shop.id, Processor::Stripe).await.unwrap().unwrap();
        let event_key = account.credentials.event_key.as_ref().map(|key| key.expose().to_owned());
        assert_eq!((account.credentials.key.expose(), event_key.as_deref()), ("sk_live_1", Some("whsec_2")));
        // With another processor the first one's account stays: it is asked for what it took.
        let both = seeded(&live(AUTHORIZE_NET)).await["processor_accounts"].len();
        let chosen = scene.organization("shop").await.processor;
        assert_eq!((both, chosen, shop.processor), (2, Some(Processor::AuthorizeNet), Some(Processor::Stripe)));
        assert!(scene.billing.processor_account(shop.id, Processor::Stripe).await.unwrap().is_some());
        assert!(scene.billing.processor_account(scene.org, Processor::Stripe).await.unwrap().is_none());
        let organization = scene.organization("shop").await;
        assert!(scene.billing.processor(&organization).await.unwrap().is_some());
        scene.seed(&live(AUTHORIZE_NET).replace("login-1", "login-2")).await.unwrap();
        let changed = scene.billing.processor_account(shop.id, Processor::AuthorizeNet).await.unwrap().unwrap();
        assert_eq!(changed.credentials.login, "login-2");
    }

    async fn an_account_with_a_processor_is_sealed_anew_with_a_new_key(scene: Scene) {
        scene.seed(&live(STRIPE)).await.unwrap();
        let shop = scene.organization("shop").await.id;
        let with_keys = |ring| {
            let mut billing = scene.process();
            billing.vault = std::sync::Arc::new(Vault::with_ring(ring));
            billing
        };
        let first = KeyRing::new(testkit::scene::VAULT_KEY);
        let rotated = with_keys(first.with(&[8; 32]));
        // The callback of acme has a secret, too.
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed { secrets: 2, unreadable: 0 });
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed::default());
        let alone = with_keys(KeyRing::new([8; 32]));
        let account = alone.processor_account(shop, Processor::Stripe).await.unwrap().unwrap();
        assert_eq!(account.credentials.key.expose(), "sk_live_1");
        assert!(scene.billing.processor_account(shop, Processor::Stripe).await.is_err());
        assert_eq!(reseal(&with_keys(first)).await.unwrap(), Resealed { secrets: 0, unreadable: 2 });
    }

    async fn keys_of_sign_in_tokens_are_sealed_once_and_anew_with_a_new_key(scene: Scene) {
        let with_key = |text: &str| format!("{ACME}\n[[organization.sso_key]]\n{text}\n");
        let shared = with_key("kid = \"shop\"\nalgorithm = \"HS256\"\nsecret = \"a-secret-of-acme-that-is-long-enough\"");
        scene.seed(&shared).await.unwrap();
        let before = dump(&scene.db, &["updated_at"]).await;
        scene.seed(&shared).await.unwrap();
        scene.seed(ACME).await.unwrap();
        let after = dump(&scene.db, &["updated_at"]).await;
        assert_eq!((&before["sso_keys"], &before["audit"]), (&after["sso_keys"], &after["audit"]), "what is the same stays");
        assert!(before["sso_keys"].len() == 1 && !before["sso_keys"][0].contains("a-secret"), "{before:?}");
        let mut rotated = scene.process();
        let ring = KeyRing::new(testkit::scene::VAULT_KEY).with(&[8; 32]);
        rotated.vault = std::sync::Arc::new(Vault::with_ring(ring));
        // The callback of acme has a secret, too.
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed { secrets: 2, unreadable: 0 });
        assert_eq!(reseal(&rotated).await.unwrap(), Resealed::default());
    }

    async fn a_key_that_is_none_is_told_with_its_line(scene: Scene) {
        let good = "kid = \"shop\"\nalgorithm = \"HS256\"\nsecret = \"a-secret-of-acme-that-is-long-enough\"";
        for (from, to, says) in [
            ("\"shop\"", "\"a b\"", "sso_key.kid must have 1 to 100"),
            ("HS256", "HS512", "sso_key.algorithm must be one of HS256, RS256, EdDSA"),
            ("HS256", "EdDSA", "sso_key.secret is only for HS256; EdDSA has a public_key"),
            ("a-secret-of-acme-that-is-long-enough", "short", "sso_key.secret must have 32 to 512"),
            ("secret = ", "public_key = ", "sso_key.public_key is not for HS256"),
            ("secret = ", "expires_at = \"soon\"\nsecret = ", "sso_key.expires_at must be a time in UTC"),
        ] {
            let text = format!("{ACME}\n[[organization.sso_key]]\n{}\n", good.replace(from, to));
            let found = problems(&text);
            assert!(found.len() == 1 && found[0].contains(says) && found[0].starts_with("line "), "{to}: {found:?}");
        }
        let twice = format!("{ACME}\n[[organization.sso_key]]\n{good}\n[[organization.sso_key]]\n{good}\n");
        assert!(problems(&twice)[0].contains("sso_key.kid appears twice"));
        assert_eq!(dump(&scene.db, &[]).await["sso_keys"], Vec::<String>::new());
    }

    async fn products_have_a_sku_of_their_own(scene: Scene) {
        let product = |text: &str| ACME.replacen("[[organization.plan]]", &format!("{text}\n[[organization.plan]]"), 1);
        let described = product("[[organization.product]]\nname = \"Hosting\"\nsku = \"H-1\"\nnotes = \"N\"");
        for _ in 0..2 {
            scene.seed(&described).await.unwrap();
        }
        let found = async || {
            let mut conn = scene.db.read().await.unwrap();
            store::plans::find_product(&mut conn, scene.org, "Hosting").await.unwrap().unwrap()
        };
        let hosting = found().await;
        assert_eq!((hosting.sku.as_str(), hosting.notes.as_deref()), ("H-1", Some("N")));
        scene.seed(ACME).await.unwrap();
        assert_eq!(found().await.sku, "H-1", "what a file does not describe stays");
        let taken = product("[[organization.product]]\nname = \"Mail\"\nsku = \"H-1\"");
        assert!(refusal(scene.seed(&taken).await).contains("sku H-1 of product Mail is another product's already"));
        let twice = product("[[organization.product]]\nname = \"A\"\n[[organization.product]]\nname = \"B\"\nsku = \"A\"");
        assert!(problems(&twice)[0].contains("sku appears twice"));
    }

    async fn a_linked_plan_must_be_there(scene: Scene) {
        let linked = |code: &str| fixed(&format!("linked_contract_offering = \"{code}\""), "");
        scene.seed(&linked("WHITE-LBL-A")).await.unwrap();
        let before = dump(&scene.db, &["updated_at"]).await;
        let message = refusal(scene.seed(&linked("NO-SUCH")).await);
        let expected = format!("line {}: linked_contract_offering NO-SUCH is no plan's", line("contract_code = \"FIXED-10\""));
        assert!(message.contains(&expected), "{message}");
        assert_eq!(differences(&before, &dump(&scene.db, &["updated_at"]).await).iter()
            .filter(|line| !line.starts_with("id_blocks")).count(), 0);
    }

    async fn the_clock_of_an_organization_that_is_there_stays(scene: Scene) {
        scene.advance("2012-01-01T00:00:00Z").await.unwrap();
        scene.seed(ACME).await.unwrap();
        let now = billing::clock::now(&scene.billing, scene.org).await.unwrap();
        assert_eq!(now.to_wire(), "2012-01-01T00:00:00Z");
    }
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let text = ACME.replace("locale = \"en_US\"", "localle = \"en_US\"");
    let problems = problems(&text);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with(&format!("line {}: ", line("locale"))), "{problems:?}");
    assert!(problems[0].contains("localle"), "{problems:?}");
}

#[test]
fn every_bad_value_is_told_with_its_line_and_its_field() {
    for (good, bad, field) in [
        ("subdomain = \"acme\"", "subdomain = \"Acme!\"", "subdomain"),
        ("subdomain = \"acme\"", "subdomain = \"www\"", "subdomain"),
        ("name = \"Acme Hosting\"", "name = \" \"", "name"),
        ("currency = \"USD\"", "currency = \"XXX\"", "currency"),
        ("time_zone = \"UTC\"", "time_zone = \"Mars/Olympus\"", "time_zone"),
        ("locale = \"en_US\"", "locale = \"english\"", "locale"),
        ("mode = \"test\"", "mode = \"tset\"", "mode"),
        ("clock = \"2011-09-20T12:00:00Z\"", "clock = \"yesterday\"", "clock"),
        ("payment_terms_value = 30", "payment_terms_value = -1", "payment_terms_value"),
        ("payment_terms_units = \"Days\"", "payment_terms_units = \"Fortnights\"", "payment_terms_units"),
        ("invoice_number_start = 1019", "invoice_number_start = 0", "invoice_number_start"),
        ("embed_origins = [", "embed_origins = [\"https://a.example/path\", ", "embed_origins"),
        ("notifications = [", "notifications = [\"newMoon\", ", "notifications"),
        ("page_url = \"https", "page_url = \"javascript", "page_url"),
        ("page_url = \"https", "success_url = \"javascript", "success_url"),
        ("password = \"Correct-Horse-7\"", "password = \"short\"", "password"),
        ("role = \"ROLE_API\"", "role = \"ROLE_ROOT\"", "role"),
        ("email = \"dev@acme.example\"", "email = \"nobody\"", "email"),
        ("billing_period = \"Monthly\"", "billing_period = \"Sometimes\"", "billing_period"),
        ("billing_alignment = \"Next", "billing_alignment = \"Previous", "billing_alignment"),
        ("charge_type = \"RecurringCharge\"", "charge_type = \"RecurringJoy\"", "charge_type"),
        ("price = \"165.00\"", "price = \"cheap\"", "price"),
        ("price = \"165.00\"", "price = \"-1\"", "price"),
        ("tiers = [ { units_from = 0, units_to = 100", "tiers = [ { units_from = 0, units_to = 200", "tiers"),
        ("days_late = 15", "days_late = 0", "days_late"),
        ("days_late = 15", "customer_group = \"friends\"\ndays_late = 15", "customer_group"),
        ("url = \"http://127.0.0.1:8098/hook\"", "url = \"http://10.0.0.1/hook\"", "callback.url"),
        ("events = [", "events = [\"newMoon\", ", "callback.events"),
    ] {
        assert!(ACME.contains(good), "{good}");
        let problems = problems(&ACME.replacen(good, bad, 1));
        let expected = format!("line {}: {field} ", line(good));
        assert!(problems.iter().any(|problem| problem.starts_with(&expected)), "{bad}: {problems:?}");
    }
}

/// With addresses checked by Avalara, and more lines about it.
fn with_avalara(more: &str) -> String {
    let table = format!("[organization.avalara]\naccount = \"2000001234\"\nlicense_key = \"9F8E7D6C\"\n{more}\n");
    ACME.replace("locale = \"en_US\"", "locale = \"en_US\"\naddress_validation = \"avalara\"").replacen(
        "[[organization.staff]]",
        &format!("{table}\n[[organization.staff]]"),
        1,
    )
}

#[test]
fn the_address_service_needs_an_account_that_fits() {
    let table = with_avalara("").find("[organization.avalara]").unwrap();
    let end = with_avalara("").find("[[organization.staff]]").unwrap();
    let without = format!("{}{}", &with_avalara("")[..table], &with_avalara("")[end..]);
    let line = line("locale") + 1;
    assert_eq!(
        problems(&without),
        [format!(
            "line {line}: address_validation \"avalara\" needs the table [organization.avalara] with account and license_key"
        )]
    );
    for (good, bad, field) in [
        ("2000001234", "20:01", "avalara.account"),
        ("2000001234", " ", "avalara.account"),
        ("9F8E7D6C", "schlüssel", "avalara.license_key"),
        ("", "url = \"http://rest.avatax.com\"", "avalara.url"),
        ("", "url = \"https://10.0.0.1\"", "avalara.url"),
        ("", "url = \"https://rest.avatax.com?x=1\"", "avalara.url"),
    ] {
        let text = if good.is_empty() { with_avalara(bad) } else { with_avalara("").replace(good, bad) };
        let problems = problems(&text);
        assert!(problems.len() == 1 && problems[0].contains(&format!(": {field} must")), "{bad}: {problems:?}");
    }
    assert!(problems(&with_avalara("uri = \"x\""))[0].contains("uri"));
    assert!(billing::seed::parse(&with_avalara("url = \"http://127.0.0.1:9/base/\""), timestamp(WALL)).is_ok());
}

const STRIPE: &str = "kind = \"stripe\"\nsecret_key = \"sk_live_1\"\nwebhook_secret = \"whsec_1\"\n";
const AUTHORIZE_NET: &str = "kind = \"authorize_net\"\nlogin_id = \"login-1\"\ntransaction_key = \"key-1\"\n";

/// A live merchant, with an account with a processor where one is given.
fn live(processor: &str) -> String {
    let table = if processor.is_empty() { String::new() } else { format!("[organization.processor]\n{processor}") };
    format!("[[organization]]\nsubdomain = \"shop\"\nname = \"Shop\"\ncurrency = \"USD\"\n{table}")
}

#[test]
fn the_account_with_a_processor_has_the_keys_of_its_kind() {
    for good in [STRIPE, AUTHORIZE_NET, "kind = \"stripe\"\nsecret_key = \"k\"\nurl = \"http://127.0.0.1:9\"\n"] {
        assert!(billing::seed::parse(&live(good), timestamp(WALL)).is_ok(), "{good}");
    }
    for (bad, expected) in [
        ("kind = \"test\"", "line 6: processor.kind must be one of stripe, authorize_net"),
        ("kind = \"stripe\"", "line 5: processor.secret_key is missing; kind = \"stripe\" needs it"),
        (
            "kind = \"authorize_net\"\nlogin_id = \"l\"",
            "line 5: processor.transaction_key is missing; kind = \"authorize_net\" needs it",
        ),
        (
            "kind = \"stripe\"\nsecret_key = \"k\"\nlogin_id = \"l\"",
            "line 8: processor.login_id is no key of kind = \"stripe\"",
        ),
        (
            "kind = \"stripe\"\nsecret_key = \"k k\"",
            "line 7: processor.secret_key must have 1 to 255 printable ASCII characters and no blank",
        ),
        (
            "kind = \"stripe\"\nsecret_key = \"k\"\nurl = \"http://api.stripe.com\"",
            "line 8: processor.url must be https and public, or http on loopback, without ? and #",
        ),
    ] {
        assert_eq!(problems(&live(bad)), [expected], "{bad}");
    }
    let test = live(STRIPE).replacen("currency", "mode = \"test\"\ncurrency", 1);
    let expected = "line 6: processor is only for mode = \"live\": in test mode the Test Processor charges";
    assert_eq!(problems(&test), [expected]);
    assert!(problems(&live("kind = \"stripe\"\nsecret_key = \"k\"\npassword = \"x\""))[0].contains("password"));
}

/// FIXED-10 with more said of it, or its charge FLAT.
fn fixed(plan: &str, charge: &str) -> String {
    let with_plan = ACME.replacen("name = \"Fixed 10\"", &format!("name = \"Fixed 10\"\n{plan}"), 1);
    with_plan.replacen("price_code = \"FLAT\"", &format!("price_code = \"FLAT\"\n{charge}"), 1)
}

#[test]
fn what_the_rules_of_plans_refuse_is_told_with_its_line_in_the_words_of_the_file() {
    for (plan, charge, expected) in [
        ("start_date = \"soon\"", "", "start_date must be a date"),
        ("start_date = \"2012-01-02\"\nend_date = \"2012-01-01\"", "", "end_date must not be before start_date."),
        ("initial_term_value = 1", "", "initial_term_value needs initial_term_units"),
        ("initial_term_units = \"Months\"", "", "initial_term_units needs initial_term_value"),
        ("initial_term_value = 0\ninitial_term_units = \"Months\"", "", "initial_term_value must be at least 1"),
        ("renewal_term_value = 1\nrenewal_term_units = \"Months\"", "", "renewal_term_value needs initial_term_value"),
        ("order_type = \"Gift\"", "", "order_type must be one of Subscription, Installment"),
        ("order_type = \"Installment\"", "", "number_of_installments must be at least 1"),
        ("number_of_installments = 3", "", "number_of_installments is only for order_type Installment."),
        ("interest_rate = \"2,5\"", "", "interest_rate must be a number"),
        ("interest_rate = \"1000.1\"", "", "interest_rate must be 0 to 1000"),
        ("linked_contract_offering = \"FIXED-10\"", "", "linked_contract_offering must name another plan."),
        ("", "tax = \"Included\"", "tax must be one of Exclusive, Inclusive"),
        ("", "is_tax = false\ntax = \"Inclusive\"", "tax contradicts is_tax = false"),
        ("", "is_tax = true", "FLAT: percent: a tax is one percentage, with FlatPricing."),
        ("", "tax_codes = [\"\"]", "FLAT: tax_codes must be at most 20 codes"),
        ("", "min_quantity = 3\nmax_quantity = 2", "FLAT: max_quantity must be at least min_quantity."),
        ("", "percent = \"2.9\"", "price (or prices, or percent) is needed once"),
        ("", "prices = { USD = \"1\" }", "price (or prices, or percent) is needed once"),
        ("", "position = 2", "position 2 must be unique in the plan."),
    ] {
        let text = fixed(plan, charge);
        let problems = problems(&text);
        assert_eq!(problems.len(), 1, "{plan}{charge}: {problems:?}");
        assert!(problems[0].contains(expected), "{plan}{charge}: {problems:?}");
        let (line, _) = problems[0].strip_prefix("line ").unwrap().split_once(": ").unwrap();
        let place = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        let is_there = ["FLAT", "FIXED-10", "Fixed 10", "date", "term", "type", "rate", "tax"].iter();
        assert!(is_there.clone().any(|word| place.contains(word)), "{place}: {problems:?}");
    }
}

#[test]
fn prices_are_given_once_in_currencies_that_the_organization_has() {
    let priced = |instead: &str| ACME.replacen("price = \"10.00\"", instead, 1);
    for (instead, expected) in [
        ("prices = { EUR = \"9\" }", "currency must be among the organization's currencies"),
        ("prices = { USD = \"cheap\" }", "price must be an amount"),
        ("prices = {}", "prices must have a price for at least one currency"),
        ("percent = \"a lot\"", "percent must be a number"),
        ("pricing_type = \"VolumePricing\"\ntiers = [ { units_from = 0 } ]", "tiers must each have price or percent"),
        (
            "pricing_type = \"VolumePricing\"\ntiers = [ { units_from = 0, units_to = 2, price = \"1\" }, { units_from = 5, price = \"1\" } ]",
            "FLAT: units_from 5 must follow the units_to of the tier before",
        ),
    ] {
        let problems = problems(&priced(instead));
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{instead}: {problems:?}");
    }
    assert!(billing::seed::parse(&priced("percent = \"2.9\""), timestamp(WALL)).is_ok());
}

#[test]
fn what_must_be_unique_appears_once() {
    let twice = format!("{ACME}{ACME}");
    assert!(problems(&twice).iter().any(|problem| problem.contains("subdomain appears twice")));
    for (from, to) in [("staff-acme", "api-acme"), ("FIXED-10", "WHITE-LBL-A"), ("PAGES", "MNTHLY")] {
        assert!(problems(&ACME.replace(from, to)).iter().any(|problem| problem.contains("appears twice")), "{to}");
    }
    let rule = |group: &str| {
        format!("[[organization.overdue_rule]]\ncustomer_group = \"{group}\"\ndays_late = 15\nstatus = \"Overdue1\"\n")
    };
    let rules = |groups: [&str; 2]| format!("{ACME}{}", groups.map(rule).concat());
    assert!(billing::seed::parse(&rules(["businesses", "individuals"]), timestamp(WALL)).is_ok());
    for groups in [["everybody", "businesses"], ["individuals", "individuals"]] {
        let problems = problems(&rules(groups));
        assert!(problems.iter().any(|problem| problem.contains("days_late appears twice")), "{groups:?}");
    }
}

#[test]
fn all_problems_are_told_at_once_and_no_secret_is_among_them() {
    let text = ACME
        .replace("currency = \"USD\"", "currency = \"XXX\"")
        .replace("Correct-Horse-7", "short")
        .replace("price = \"10.00\"", "price = \"ten\"");
    let problems = problems(&text);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(!problems.concat().contains("short\""));
}
