//! A mail says the same in both forms, and shows no text as markup.

use documents::{MailDocument, Organization, mail_html, mail_text};

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
        facts: vec![("Amount due".to_owned(), "$60.50".to_owned()), ("Due".to_owned(), "Oct 20, 2011".to_owned())],
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
    assert!(text.contains("Open your account: https://acme.example/account?a=1&b=2"), "{text}");
    assert!(text.contains("Hello Zoë <b>,") && text.contains("Acme & Sons"), "{text}");
    assert!(text.contains("\nAmount due: $60.50\nDue: Oct 20, 2011\n"), "{text}");
    let bare = mail_text(&MailDocument { link: None, facts: Vec::new(), ..mail() }).unwrap();
    assert!(!bare.contains("account"), "{bare}");
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
