//! The HTML page is safe, standalone and readable by assistive technology.

use documents::{
    Charge, CreatedAt, Customer, InvoiceDocument, Organization, Payment, Section, StatusKind, Total, Words,
};

fn page(invoice: &InvoiceDocument) -> String {
    documents::html(invoice).expect("rendered")
}

#[test]
fn it_says_what_the_invoice_says() {
    let page = page(&InvoiceDocument::sample());
    for expected in
        ["1019", "Zoë Łukasz 山田", "€60.50", "−€15.00", "11 of 30 days", "Due 15 October 2026", "4 × €12.50"]
    {
        assert!(page.contains(expected), "{expected} is missing");
    }
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"));
}

#[test]
fn every_text_is_escaped() {
    const ATTACK: &str = "\"><script>alert(1)</script><img src=x onerror='a'>";
    let text = || ATTACK.to_owned();
    let charge = Charge {
        description: text(),
        period: text(),
        quantity: text(),
        unit_price: text(),
        amount: text(),
        explanation: Some(text()),
    };
    let invoice = InvoiceDocument {
        locale: text(),
        words: Words { invoice: text(), description: text(), thank_you: text(), ..Words::default() },
        organization: Organization {
            name: text(),
            address_lines: vec![text()],
            email: text(),
            accent_colour: Some("red;}</style><script>".into()),
        },
        customer: Customer { name: text(), address_lines: vec![text()], email: text(), reference: text() },
        number: text(),
        title: text(),
        status: text(),
        status_kind: StatusKind::Overdue,
        invoice_date: text(),
        due_date: text(),
        due_by: text(),
        billing_period: text(),
        amount_due: text(),
        sections: vec![Section { title: text(), period: "other".into(), charges: vec![charge] }],
        totals: vec![Total { label: text(), amount: text(), emphasis: true }],
        payments: vec![Payment { date: text(), method: text(), number: text(), amount: text() }],
        notes: Some(text()),
        created_at: CreatedAt::default(),
    };
    let page = page(&invoice);
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("<img"), "{page}");
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("&#60;script&#62;"));
    assert!(page.contains("<html lang=\"en\""), "a locale that is no tag is not used");
}

#[test]
fn it_loads_nothing_and_runs_nothing() {
    let page = page(&InvoiceDocument::sample());
    for forbidden in ["<script", "<link", "<img", "@import", "url(", "http:", "https:", " on", "javascript:"] {
        let found = page.find(forbidden).map(|at| &page[at..]);
        let harmless = forbidden == " on" && !page.contains(" onload") && !page.contains(" onclick");
        assert!(found.is_none() || harmless, "{forbidden}");
    }
    assert!(documents::CONTENT_SECURITY_POLICY.starts_with("default-src 'none'"));
}

#[test]
fn tables_name_their_columns_and_rows() {
    let page = page(&InvoiceDocument::sample());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    assert!(page.contains("<th scope=\"col\">Description</th>"));
    assert!(page.contains("<th scope=\"row\"><bdi>Team plan"));
    assert!(page.contains("<th scope=\"rowgroup\" colspan=\"4\">"));
    for header in page.split("<th").skip(1).filter(|rest| !rest.starts_with("ead")) {
        assert!(header.starts_with(" scope="), "{}", &header[..40]);
    }
}

#[test]
fn a_paid_invoice_asks_for_nothing() {
    let paid = InvoiceDocument { status_kind: StatusKind::Paid, status: "Paid".into(), ..InvoiceDocument::sample() };
    let page = page(&paid);
    assert!(page.contains("class=\"badge paid\">Paid<"));
    assert!(!page.contains("Due 15 October 2026"));
}

#[test]
fn columns_without_a_value_are_left_out() {
    let mut invoice = InvoiceDocument::sample();
    for charge in invoice.sections.iter_mut().flat_map(|section| &mut section.charges) {
        charge.quantity.clear();
    }
    let page = page(&invoice);
    assert!(!page.contains(">Quantity<"));
    assert!(page.contains("colspan=\"3\""));
}
