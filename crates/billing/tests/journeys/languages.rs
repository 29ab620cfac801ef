//! What customers are sent is in their language, and nothing English is left in it.

use std::collections::BTreeSet;
use std::fs;

use billing::documents::{self, Explained};
use billing::invoices::InvoiceKey;
use domain::customers::NewCustomer;
use testkit::scene::{by_card, new_customer};
use testkit::scenes;

use crate::mails::{Postman, deliver};

const LOCALES: [&str; 10] = ["en_US", "de_DE", "fr_FR", "es_ES", "pt_BR", "it_IT", "nl_NL", "pl_PL", "ja_JP", "ar_EG"];

/// Names of the merchant, the customer and what is sold: they are the same everywhere.
const NAMES: &str = "Acme Hosting John Doe White label Monthly fee Visa JOHNDOE example com johndoe Main account https";

const INVOICE: &str = "\
Rechnung 1020

Guten Tag John Doe,

Ihre Rechnung ist als PDF angehängt.

Fälliger Betrag: 60,50 $
Fällig am 20.09.2011

Rechnung: 1020
Datum: 20.09.2011
Abrechnungszeitraum: 20.09.2011 – 30.09.2011
Gesamt: 60,50 $

Ihr Konto öffnen:
https://www.acme.example/account

Sie erhalten diese E-Mail, weil Sie Kunde von Acme Hosting sind.

Acme Hosting";

/// Words that a language has in what is sent.
fn vocabulary(locale: &str) -> BTreeSet<String> {
    let language = locale.split('_').next().unwrap();
    let areas = ["common", "documents", "invoices", "mails", "methods", "orders", "payments"];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../texts/locales");
    let texts = areas.map(|area| fs::read_to_string(format!("{folder}/{language}/{area}.ftl")).unwrap());
    let said =
        texts.iter().flat_map(|text| text.lines()).map(|line| line.split_once(" = ").map_or(line, |(_, said)| said));
    said.flat_map(|said| words(&without(said, '{', '}'))).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 3);
    words.map(str::to_lowercase).collect()
}

/// Leaves out what stands between two marks.
fn without(text: &str, from: char, to: char) -> String {
    let parts = text.split(from).enumerate();
    let outside = parts.map(|(n, part)| if n == 0 { part } else { part.split_once(to).map_or("", |(_, rest)| rest) });
    outside.collect::<Vec<_>>().join(" ")
}

/// English words in a text of another language.
fn english_in(text: &str, locale: &str) -> Vec<String> {
    let (english, own, names) = (vocabulary("en_US"), vocabulary(locale), words(NAMES));
    words(text)
        .into_iter()
        .filter(|word| english.contains(word) && !own.contains(word) && !names.contains(word))
        .collect()
}

scenes! {
    async fn every_mail_and_document_is_in_the_language_of_the_customer(scene: Scene) {
        for locale in LOCALES {
            let new = NewCustomer { locale: Some(locale.to_owned()), ..new_customer(locale) };
            let customer = scene.create(scene.org, new).await.unwrap();
            let invoice = scene.invoice(customer).await.head.id;
            scene.pay(by_card(&[invoice])).await.unwrap();
            let postman = Postman::default();
            deliver(&scene, &postman).await;
            let letters = postman.letters();
            assert_eq!(letters.len(), 3, "{locale}");
            let (tag, direction) = (locale.replace('_', "-"), if locale == "ar_EG" { "rtl" } else { "ltr" });
            let language = locale.split('_').next().unwrap();
            for letter in &letters {
                if locale != "en_US" {
                    assert_eq!(english_in(&format!("{} {}", letter.subject, letter.text), locale), [""; 0], "{}", letter.text);
                }
                let is_tagged = [tag.as_str(), language].iter().any(|tag| letter.html.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")));
                assert!(is_tagged, "{}", letter.html);
            }
            if locale == "de_DE" {
                assert_eq!(letters[1].text.replace('\u{a0}', " "), INVOICE);
            }
            let view = &mut scene.billing.view(&scene.organization("acme").await).await.unwrap();
            let key = InvoiceKey { id: Some(invoice), number: None };
            let today = scene.billing.today(&view.org);
            let document = documents::invoice(view, &key, today, Explained::Yes).await.unwrap();
            let page = documents::render_html(&document).unwrap();
            let shown = without(page.split_once("</style>").unwrap().1, '<', '>');
            if locale != "en_US" {
                assert_eq!(english_in(&shown, locale), [""; 0], "{shown}");
            }
            assert!(page.contains(&format!("dir=\"{direction}\"")), "{locale}");
            assert!(documents::render_pdf(document).await.unwrap().starts_with(b"%PDF-"));
        }
        scene.check().await;
    }

    async fn a_language_that_is_not_spoken_here_is_the_organizations(scene: Scene) {
        scene.seed(&testkit::organization::ACME.replace("en_US", "fr_FR")).await.unwrap();
        for (locale, expected) in [("sv_SE", "Facture"), ("de_DE", "Rechnung")] {
            let new = NewCustomer { locale: Some(locale.to_owned()), ..new_customer(locale) };
            let customer = scene.create(scene.org, new).await.unwrap();
            scene.invoice(customer).await;
            let postman = Postman::default();
            deliver(&scene, &postman).await;
            assert!(postman.letters()[1].subject.starts_with(expected), "{locale}");
        }
    }
}
