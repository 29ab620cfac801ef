//! What a reader, a search and an archive get out of the PDF.

use documents::{Charge, InvoiceDocument, Section};
use lopdf::{Document, Object};

fn read(invoice: &InvoiceDocument) -> Document {
    let bytes = documents::pdf(invoice).expect("rendered");
    assert!(bytes.starts_with(b"%PDF-"));
    Document::load_mem(&bytes).expect("a valid PDF")
}

/// The text of a page (from 1); the extractor puts a blank at each change of font, so runs of blanks count as one.
fn page_text(document: &Document, page: u32) -> String {
    document.extract_text(&[page]).expect("extractable").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(invoice: &InvoiceDocument) -> String {
    let document = read(invoice);
    (1..=page_count(&document)).map(|page| page_text(&document, page)).collect()
}

fn page_count(document: &Document) -> u32 {
    u32::try_from(document.get_pages().len()).expect("few")
}

fn with_charges(count: usize, make: impl Fn(usize) -> Charge) -> InvoiceDocument {
    let charges = (1..=count).map(make).collect();
    let section = Section { title: "Usage".into(), charges, ..Section::default() };
    InvoiceDocument { sections: vec![section], payments: Vec::new(), ..InvoiceDocument::sample() }
}

fn numbered(number: usize) -> Charge {
    Charge { description: format!("Line <{number}>"), amount: format!("{number}.00"), ..Charge::default() }
}

fn info(document: &Document, key: &[u8]) -> String {
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).expect("document information");
    let value = document.get_dictionary(info).and_then(|info| info.get(key)).expect("entry");
    lopdf::decode_text_string(value).expect("text")
}

#[test]
fn number_name_and_amounts_can_be_searched_and_copied() {
    let text = text(&InvoiceDocument::sample());
    for expected in [
        "1019",
        "Zoë Łukasz 山田",
        "ul. Żółta 7/3",
        "€60.50",
        "€165.00",
        "−€15.00",
        "€245.30",
        "Outstanding",
        "15 October 2026",
        "11 of 30 days",
        "Visa ending in 4242",
        "JOHNDOE001",
        "Reverse charge",
    ] {
        assert!(text.contains(expected), "{expected} is missing in: {text}");
    }
}

#[test]
fn the_sample_fits_one_page() {
    let document = read(&InvoiceDocument::sample());
    assert_eq!(page_count(&document), 1);
    assert!(page_text(&document, 1).contains("Page 1 of 1"));
}

#[test]
fn the_same_invoice_gives_the_same_bytes_and_another_date_does_not() {
    let invoice = InvoiceDocument::sample();
    let first = documents::pdf(&invoice).expect("rendered");
    assert_eq!(first, documents::pdf(&invoice.clone()).expect("rendered"));
    let mut later = invoice;
    later.created_at.second += 1;
    assert_ne!(first, documents::pdf(&later).expect("rendered"));
}

#[test]
fn title_author_language_and_date_are_in_the_metadata() {
    let document = read(&InvoiceDocument { locale: "de-AT".into(), ..InvoiceDocument::sample() });
    assert_eq!(info(&document, b"Title"), "Invoice 1019");
    assert_eq!(info(&document, b"Author"), "Northwind Cloud GmbH");
    assert!(info(&document, b"CreationDate").starts_with("D:20261001063000"));
    let catalog = document.catalog().expect("catalog");
    assert_eq!(lopdf::decode_text_string(catalog.get(b"Lang").expect("language")).expect("text"), "de-AT");
    assert!(catalog.has(b"StructTreeRoot"), "not tagged");
}

#[test]
fn all_fonts_are_embedded_as_subsets() {
    let document = read(&InvoiceDocument::sample());
    let descriptors: Vec<_> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| dictionary.has_type(b"FontDescriptor"))
        .collect();
    assert_eq!(descriptors.len(), 3);
    for descriptor in descriptors {
        assert!(descriptor.has(b"FontFile2") || descriptor.has(b"FontFile3"), "{descriptor:?}");
        let name = descriptor.get(b"FontName").and_then(Object::as_name).expect("name");
        assert_eq!(name.get(6), Some(&b'+'), "not a subset: {}", String::from_utf8_lossy(name));
    }
}

#[test]
fn a_long_invoice_has_all_lines_once_and_a_head_on_each_page() {
    let document = read(&with_charges(1000, numbered));
    let pages = page_count(&document);
    assert!(pages > 10, "{pages}");
    let mut all = String::new();
    for page in 1..=pages {
        let text = page_text(&document, page);
        assert!(text.contains(&format!("Page {page} of {pages}")), "{text}");
        assert!(page == pages || text.contains("Description"), "no head on page {page}");
        all.push_str(&text);
    }
    for number in 1..=1000 {
        assert_eq!(all.matches(&format!("Line <{number}>")).count(), 1, "line {number}");
    }
}

#[test]
fn a_row_is_never_split_across_pages() {
    let tall = |number| Charge {
        description: format!("<{number}> {} <end {number}>", "word ".repeat(150)),
        ..numbered(number)
    };
    let document = read(&with_charges(40, tall));
    let pages: Vec<String> = (1..=page_count(&document)).map(|page| page_text(&document, page)).collect();
    assert!(pages.len() > 3);
    for number in 1..=40 {
        let whole = |page: &&String| page.contains(&format!("<{number}>")) && page.contains(&format!("<end {number}>"));
        assert_eq!(pages.iter().filter(whole).count(), 1, "row {number}");
    }
}

#[test]
fn a_section_title_is_not_left_alone_at_the_foot_of_a_page() {
    for before in 8..26 {
        let mut invoice = with_charges(before, numbered);
        invoice.sections.push(Section {
            title: "Second part".into(),
            charges: vec![numbered(777)],
            ..Section::default()
        });
        let document = read(&invoice);
        let together = (1..=page_count(&document))
            .map(|page| page_text(&document, page))
            .any(|page| page.contains("Second part") && page.contains("Line <777>"));
        assert!(together, "after {before} lines");
    }
}

#[test]
fn a_row_taller_than_a_page_goes_on_without_losing_text() {
    let words = (0..4000).map(|word| format!("[{word}]")).collect::<Vec<_>>().join(" ");
    let text = text(&with_charges(1, |number| Charge { explanation: Some(words.clone()), ..numbered(number) }));
    for word in [0, 1, 999, 2500, 3999] {
        assert_eq!(text.matches(&format!("[{word}]")).count(), 1, "{word}");
    }
}

#[test]
fn large_amounts_and_endless_words_are_kept_whole() {
    let amount = "−$123,456,789,012,345.67";
    let mut invoice = with_charges(1, |_| Charge {
        description: "Ж".repeat(3000),
        quantity: "9".repeat(90),
        unit_price: amount.into(),
        amount: amount.into(),
        ..Charge::default()
    });
    invoice.amount_due = amount.into();
    invoice.totals[0].amount = amount.into();
    let text = text(&invoice);
    assert_eq!(text.matches(amount).count(), 4);
    assert_eq!(text.matches('Ж').count(), 3000);
    assert!(text.replace(' ', "").contains(&"9".repeat(90)));
}

#[test]
fn no_text_makes_it_fail() {
    for odd in [
        "",
        " ",
        "\n\n",
        "\u{0}\u{7}\u{1b}[31m",
        "🦀👩‍👩‍👧",
        "שלום עולם",
        "العربية",
        "हिन्दी",
        "e\u{301}\u{302}\u{303}",
        "\u{202e}abc\u{202c}",
        "\u{fdd0}\u{10ffff}\u{fffd}",
        "김철수",
        "\u{1112}\u{1161}\u{11ab}",
        "が\u{3099}",
        "\u{301}",
        "\u{200b}\u{feff}",
        "ﬁ",
        "\t\ta\tb",
    ] {
        let mut invoice = InvoiceDocument::sample();
        invoice.customer.name = odd.into();
        invoice.organization.name = odd.into();
        invoice.organization.accent_colour = Some(odd.into());
        invoice.number = odd.into();
        invoice.locale = odd.into();
        invoice.status = odd.into();
        invoice.amount_due = odd.into();
        invoice.words.invoice = odd.into();
        invoice.words.amount = odd.into();
        invoice.sections[0].title = odd.into();
        invoice.sections[0].charges[0].description = odd.repeat(300);
        invoice.totals[0].label = odd.repeat(50);
        invoice.notes = Some(odd.repeat(100));
        read(&invoice);
        documents::html(&invoice).expect("rendered");
    }
}

#[test]
fn what_no_font_has_is_visibly_replaced() {
    let mut invoice = InvoiceDocument::sample();
    invoice.customer.name = "Crab 🦀 Ltd".into();
    let bytes = documents::pdf(&invoice).expect("rendered");
    invoice.customer.name = "Crab  Ltd".into();
    assert!(text(&invoice).contains("Crab"));
    assert_ne!(bytes, documents::pdf(&invoice).expect("rendered"));
}

#[test]
fn an_empty_invoice_is_still_a_document() {
    assert_eq!(page_count(&read(&InvoiceDocument::default())), 1);
}
