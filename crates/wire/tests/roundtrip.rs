//! What is written is read back the same, for every tree.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use wire::element::{Element, Limits};
use wire::writer::Writer;

fn read(xml: &str) -> Element {
    Element::parse(xml.as_bytes(), Limits::DEFAULT).expect("what is written is well-formed")
}

#[test]
fn names_of_people_and_companies_survive_byte_for_byte() {
    for name in ["Zoë Łukasz 山田", "A & B <Ltd>", "\"Quotes\" 'n' ]]> more", "a\tb\r\nc", "😀 \u{85}\u{2028}\u{fffd}"]
    {
        let mut writer = Writer::new();
        writer.element("customer", |customer| {
            customer.attribute("alias", name);
            customer.text("name", name);
            customer.value("displayed", name);
        });
        let customer = read(&writer.finish());
        assert_eq!(customer.attribute("alias"), Some(name));
        assert_eq!(customer.child("name").unwrap().text, name);
        assert_eq!(customer.child("displayed").unwrap().text, name);
    }
}

#[test]
fn a_document_is_written_as_the_reference_shows_it() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><customer id=\"366\"><name>John Doe</name><crmCustomerId/>\
               <currency id=\"USD\"/><billingContact id=\"501\"><username>jdoe001</username></billingContact></customer>";
    assert_eq!(read(xml).to_xml(), xml);
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z_é山][A-Za-z0-9_.é山-]{0,12}"
}

/// Any legal characters, without white space around, which reading takes away.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec!['&', '<', '>', '"', '\'', '\n', '\t', '\r', ' ', ']', 'ë', '山']);
    let legal = |characters: Vec<char>| {
        characters.into_iter().filter(|character| is_legal(*character)).collect::<String>().trim().to_owned()
    };
    vec(prop_oneof![any::<char>(), special], 0..20).prop_map(legal)
}

fn is_legal(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    btree_map(name(), text(), 0..4).prop_map(|map| map.into_iter().filter(|(name, _)| name != "xmlns").collect())
}

fn tree() -> impl Strategy<Value = Element> {
    let leaf = (name(), attributes(), text()).prop_map(|(name, attributes, text)| Element {
        name,
        attributes,
        text,
        children: Vec::new(),
    });
    leaf.prop_recursive(6, 64, 6, |inner| {
        (name(), attributes(), text(), vec(inner, 0..6)).prop_map(|(name, attributes, text, children)| Element {
            name,
            attributes,
            children,
            text,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_was_written_gives_the_same_tree(tree in tree()) {
        let xml = tree.to_xml();
        prop_assert!(read(&xml) == tree, "{xml}");
    }

    #[test]
    fn any_text_at_all_is_written_well_formed(characters in vec(any::<char>(), 0..60)) {
        let text: String = characters.into_iter().collect();
        let mut writer = Writer::new();
        writer.element("r", |r| {
            r.attribute("a", &text);
            r.text("t", &text);
        });
        let again = read(&writer.finish());
        let legal: String = text.chars().filter(|character| is_legal(*character)).collect();
        prop_assert_eq!(again.attribute("a"), Some(legal.as_str()));
        prop_assert_eq!(&again.child("t").unwrap().text, legal.trim());
    }
}
