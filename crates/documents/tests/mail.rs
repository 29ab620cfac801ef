//! A mail says the same in both forms, and shows no text as markup.

use documents::{MailAmount, MailDocument, Organization, mail_html, mail_text};

fn mail() -> MailDocument {
    MailDocument {
        language: "en-US".to_owned(),
        organization: Organization {
            name: "Acme & Sons".to_owned(),
            accent_colour: Some("#0a7f33".to_owned()),
            ..Organization::default()
        },
        subject: "Invoice 1019".to_owned(),
        title: "Invoice 1019".to_owned(),
        greeting: "Hello Zoë <b>,".to_owned(),
        message: "Your invoice is attached.".to_owned(),
        amount: Some(MailAmount {
            label: "Amount due".to_owned(),
            value: "$60.50".to_owned(),
            note: "Due Oct 20, 2011".to_owned(),
        }),
        facts: vec![("Invoice".to_owned(), "1019".to_owned()), ("Total".to_owned(), "$60.50".to_owned())],
        link: Some(("Open your account".to_owned(), "https://acme.example/account?a=1&b=2".to_owned())),
        closing: "Thank you.".to_owned(),
    }
}

#[test]
fn both_forms_say_the_same() {
    let (html, text) = (mail_html(&mail()).unwrap(), mail_text(&mail()).unwrap());
    for words in ["Invoice 1019", "Your invoice is attached.", "Amount due", "$60.50", "Oct 20, 2011", "Thank you."] {
        assert!(html.contains(words), "{words}: {html}");
        assert!(text.contains(words), "{words}: {text}");
    }
}

const TEXT: &str = "\
Invoice 1019

Hello Zoë <b>,

Your invoice is attached.

Amount due: $60.50
Due Oct 20, 2011

Invoice: 1019
Total: $60.50

Open your account:
https://acme.example/account?a=1&b=2

Thank you.

Acme & Sons";

#[test]
fn the_text_is_read_as_it_is_written() {
    assert_eq!(mail_text(&mail()).unwrap(), TEXT);
}

#[test]
fn what_is_not_there_leaves_no_hole_in_the_text() {
    let without = |amount, link, facts| mail_text(&MailDocument { amount, link, facts, ..mail() }).unwrap();
    let cut = |parts: &[&str]| parts.iter().fold(TEXT.to_owned(), |text, part| text.replace(part, ""));
    let amount = "Amount due: $60.50\nDue Oct 20, 2011\n\n";
    let facts = "Invoice: 1019\nTotal: $60.50\n\n";
    let link = "Open your account:\nhttps://acme.example/account?a=1&b=2\n\n";
    assert_eq!(without(None, mail().link, mail().facts), cut(&[amount]));
    assert_eq!(without(mail().amount, None, mail().facts), cut(&[link]));
    assert_eq!(without(mail().amount, mail().link, Vec::new()), cut(&[facts]));
    assert_eq!(without(None, None, Vec::new()), cut(&[amount, facts, link]));
}

#[test]
fn no_text_becomes_markup_and_nothing_comes_from_outside() {
    let html = mail_html(&mail()).unwrap();
    assert!(!html.contains("<b>") && html.contains("#0a7f33") && html.contains("prefers-color-scheme: dark"), "{html}");
    for outside in ["<img", "<link", "<script", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    let attack = MailDocument {
        organization: Organization {
            accent_colour: Some("red;}</style><script>".to_owned()),
            ..Organization::default()
        },
        ..mail()
    };
    assert!(!mail_html(&attack).unwrap().contains("<script"));
}
