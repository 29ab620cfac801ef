//! What a hostile or broken document may cost, and what it is answered.

use proptest::prelude::*;
use wire::element::{Element, Limits, ParseError};

const SMALL: Limits = Limits { bytes: 10_000, depth: 4, elements: 6, attributes: 3, name_length: 8 };

fn parse(document: impl AsRef<[u8]>) -> Result<Element, ParseError> {
    Element::parse(document.as_ref(), Limits::DEFAULT)
}

fn text(document: impl AsRef<[u8]>) -> String {
    parse(document).expect("the document is well-formed").text
}

/// The sentence of a refusal that clients know by its beginning.
fn malformed(document: impl AsRef<[u8]>) -> String {
    match parse(&document) {
        Err(error @ ParseError::Malformed(_)) => {
            let message = error.to_string();
            message.strip_prefix("org.xml.sax.SAXParseException: ").expect("clients know it by this").to_owned()
        }
        other => panic!("{other:?} for {}", String::from_utf8_lossy(document.as_ref())),
    }
}

fn accepts(document: &str) -> bool {
    Element::parse(document.as_bytes(), SMALL).is_ok()
}

fn nested(depth: usize) -> String {
    format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
}

#[test]
fn bytes_are_limited_and_answered_as_too_large() {
    let of = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
    for limits in [SMALL, Limits::DEFAULT, Limits::ACTIVITIES] {
        assert!(Element::parse(of(limits.bytes).as_bytes(), limits).is_ok());
        let refused = Element::parse(of(limits.bytes + 1).as_bytes(), limits);
        assert_eq!(refused, Err(ParseError::TooLarge { limit_bytes: limits.bytes }));
    }
}

#[test]
fn depth_is_limited() {
    assert!(accepts(&nested(4)));
    assert!(!accepts(&nested(5)));
    assert!(accepts("<a><a><a><a/></a></a></a>"));
    assert!(!accepts("<a><a><a><a><a/></a></a></a></a>"));
    assert!(parse(nested(64)).is_ok());
    assert_eq!(malformed(nested(65)), "Elements may nest at most 64 deep. Line 1.");
}

#[test]
fn elements_are_limited() {
    assert!(accepts(&format!("<r>{}</r>", "<a/>".repeat(5))));
    assert!(!accepts(&format!("<r>{}</r>", "<a/>".repeat(6))));
    assert!(parse(format!("<r>{}</r>", "<a/>".repeat(49_999))).is_ok());
    assert!(malformed(format!("<r>{}</r>", "<a/>".repeat(50_000))).starts_with("At most 50000 elements"));
}

#[test]
fn attributes_are_limited() {
    let of = |count: usize| {
        let attributes: Vec<String> = (0..count).map(|n| format!(" a{n}='x'")).collect();
        format!("<r{}/>", attributes.concat())
    };
    assert!(accepts(&of(3)));
    assert!(!accepts(&of(4)));
    assert!(parse(of(64)).is_ok());
    assert!(malformed(of(65)).starts_with("An element may have at most 64 attributes."));
    assert!(malformed(of(60_000)).starts_with("An element may have at most 64 attributes."));
}

#[test]
fn names_are_limited() {
    let of = |length: usize| "n".repeat(length);
    assert!(accepts(&format!("<{}/>", of(8))));
    assert!(!accepts(&format!("<{}/>", of(9))));
    assert!(accepts(&format!("<r {}='1'/>", of(8))));
    assert!(!accepts(&format!("<r {}='1'/>", of(9))));
    assert!(malformed(format!("<{}/>", of(500_000))).starts_with("A name may have at most 256 bytes."));
}

#[test]
fn a_million_nested_elements_are_refused_early() {
    let limits = Limits { bytes: usize::MAX, ..Limits::DEFAULT };
    let refused = Element::parse("<a>".repeat(1_000_000).as_bytes(), limits).unwrap_err();
    assert!(refused.to_string().contains("nest at most 64"));
}

#[test]
fn one_huge_attribute_is_read_and_one_huge_text() {
    let value = "&amp;".repeat(200_000);
    let read = parse(format!("<r a='{value}'/>")).unwrap();
    assert_eq!(read.attribute("a").map(str::len), Some(200_000));
    assert_eq!(text(format!("<r>{value}</r>")).len(), 200_000);
    assert!(malformed(format!("<r a='{}", "x".repeat(1_000_000))).starts_with("XML document structures must"));
}

#[test]
fn every_document_type_is_refused() {
    let laughs: Vec<String> =
        (1..10).map(|n| format!("<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10))).collect();
    let laughs = laughs.concat();
    for document in [
        "<!DOCTYPE customer><customer/>".to_owned(),
        "<!doctype customer><customer/>".to_owned(),
        "<!DOCTYPE customer".to_owned(),
        "<!DOCTYPE>".to_owned(),
        "<!-- a --> <!DOCTYPE a SYSTEM \"http://localhost/a.dtd\"><a/>".to_owned(),
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><name>&x;</name></a>".to_owned(),
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://localhost/\"> %p;]><a/>".to_owned(),
        format!("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol0 \"lol\">{laughs}]><lolz>&lol9;</lolz>"),
        format!("<!DOCTYPE r [<!ENTITY a \"{}\">]><r>{}</r>", "a".repeat(50_000), "&a;".repeat(50_000)),
    ] {
        assert_eq!(malformed(document), "DOCTYPE is not allowed. Line 1.");
    }
}

#[test]
fn only_the_five_entities_and_characters_by_number_are_known() {
    assert_eq!(text("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;</a>"), "<>&'\"A😀");
    assert_eq!(parse("<a b='&lt;&#10;&#x41;'/>").unwrap().attribute("b"), Some("<\nA"));
    for unknown in
        ["&nbsp;", "&x;", "&lol9;", "&#0;", "&#8;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#;", "&;", "&#+65;"]
    {
        assert!(malformed(format!("<a>{unknown}</a>")).starts_with("The entity was referenced"), "{unknown}");
        assert!(malformed(format!("<a b='{unknown}'/>")).starts_with("The entity was referenced"), "{unknown}");
    }
    for bare in ["<a>A & B</a>", "<a>&amp</a>", "<a>&"] {
        assert!(malformed(bare).contains("write '&' as '&amp;'"), "{bare}");
    }
}

#[test]
fn a_document_without_elements_ends_prematurely() {
    for document in ["", " ", "\r\n\t ", "\u{feff}", "\u{feff} \n", "<?xml version='1.0'?>", "<!-- only a comment -->"]
    {
        assert_eq!(parse(document).unwrap_err().to_string(), "Premature end of file.", "{document:?}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused_in_the_words_clients_know() {
    for (document, message) in [
        (r#"{"name":"Ann"}"#, "Content is not allowed in prolog. Line 1."),
        ("<a/>x", "Content is not allowed in trailing section. Line 1."),
        ("<a/>\n\n<![CDATA[]]>", "Content is not allowed in trailing section. Line 3."),
        ("&amp;<a/>", "Content is not allowed in prolog. Line 1."),
        ("<a/>&#32;", "Content is not allowed in trailing section. Line 1."),
        ("<a/><b/>", "The markup in the document following the root element must be well-formed. Line 1."),
        ("<a/></a>", "The markup in the document following the root element must be well-formed. Line 1."),
        ("</a>", "Content is not allowed in prolog. Line 1."),
        ("<a>\n<b>", "XML document structures must start and end within the same entity. Line 2."),
        ("<a", "XML document structures must start and end within the same entity. Line 1."),
        ("<a>\n<b>\n</c></a>", "The element type \"b\" must be terminated by the matching end-tag \"</b>\". Line 3."),
        ("<a>]]></a>", "The character sequence \"]]>\" must not appear in content. Line 1."),
        ("<a><!-- x -- y --></a>", "The string \"--\" is not permitted within comments. Line 1."),
        ("<a b='<'/>", "The value of an attribute must not contain the '<' character. Line 1."),
        ("<a\u{8}/>", "An invalid XML character was found; control characters are not allowed. Line 1."),
        ("<a>\n\u{ffff}</a>", "An invalid XML character was found; control characters are not allowed. Line 2."),
    ] {
        assert_eq!(malformed(document), message, "{document}");
    }
}

#[test]
fn attributes_and_names_are_checked() {
    for attributes in ["b", "b=c", "b='1' b='2'", "b='1'c='2'", "b="] {
        assert!(malformed(format!("<a {attributes}></a>")).starts_with("Attributes must be"), "{attributes}");
    }
    for name in ["1a", "-a", "a/b", "a:b:c", ":a", "a:", "a$", "\u{d7}"] {
        assert!(malformed(format!("<{name}></{name}>")).contains("not a valid XML name"), "{name}");
        assert!(malformed(format!("<a {name}='1'/>")).contains("not a valid XML name"), "{name}");
    }
    for late in [" <?xml version='1.0'?><a/>", "<a><?xml version='1.0'?></a>", "<a><?XML x?></a>"] {
        assert!(malformed(late).contains("the XML declaration comes first"), "{late}");
    }
}

#[test]
fn comments_instructions_and_prefixes_do_not_matter() {
    let read = parse(
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><?pi x?><!-- c -->\n\
         <s:customer xmlns:s='urn:x' xmlns='urn:y' id='5' xsi:nil='true'>\n\
         <s:name> Zoë <!-- c -->Łukasz <![CDATA[<山田> & ]]>&amp;<?pi?> </s:name ><e/></s:customer>\n<!-- end --><?pi?>",
    )
    .unwrap();
    assert_eq!(read.name, "customer");
    assert_eq!(read.attributes, [("id".to_owned(), "5".to_owned())]);
    assert_eq!(read.child("name").unwrap().text, "Zoë Łukasz <山田> & &");
    assert!(read.child("e").unwrap().is_empty());
}

#[test]
fn declared_encodings_are_honoured() {
    let declared = |encoding: &str, text: &[u8]| {
        let mut document = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>").into_bytes();
        document.extend_from_slice(text);
        document.extend_from_slice(b"</a>");
        document
    };
    assert_eq!(text(declared("utf-8", "Zoë".as_bytes())), "Zoë");
    for western in ["ISO-8859-1", "latin1", "Windows-1252"] {
        assert_eq!(text(declared(western, b"Zo\xeb \x80")), "Zoë €");
        assert!(malformed(declared(western, b"\x81")).contains("Invalid byte"));
    }
    assert_eq!(text(declared("US-ASCII", b"Zoe")), "Zoe");
    assert!(malformed(declared("US-ASCII", b"Zo\xeb")).contains("US-ASCII"));
    assert!(malformed(declared("UTF-8", b"Zo\xeb")).contains("Invalid byte sequence for UTF-8"));
    // Overlong forms hide markup from filters.
    assert!(malformed(declared("UTF-8", b"\xc0\xbcscript")).contains("Invalid byte sequence for UTF-8"));
    for unknown in ["UTF-7", "EBCDIC-CP-US", "UTF-32", "Shift_JIS", "x", ""] {
        assert!(malformed(declared(unknown, b"x")).contains("encoding"), "{unknown}");
    }
    assert!(malformed(declared("UTF-16", b"x")).contains("byte order mark"));
    assert!(malformed("<?xml version=\"1.0\" encoding=UTF-8?><a/>").contains("encoding=\"UTF-8\""));
}

#[test]
fn utf_16_needs_its_mark_and_no_mark_may_contradict_the_declaration() {
    let little = |document: &str| document.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let document = "\u{feff}<?xml version='1.0' encoding='UTF-16'?><a>Zoë 山田 😀</a>";
    let big: Vec<u8> = document.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little_bytes = little(document);
    assert_eq!(text(&little_bytes), "Zoë 山田 😀");
    assert_eq!(text(&big), "Zoë 山田 😀");
    assert!(malformed(&little_bytes[2..]).contains("does not begin with a byte order mark"));
    assert!(malformed(&big[2..]).contains("does not begin with a byte order mark"));
    assert!(malformed(&little_bytes[..little_bytes.len() - 1]).starts_with("Invalid byte sequence for UTF-16"));
    assert!(malformed([0xff, 0xfe, 0x00, 0xd8]).starts_with("Invalid byte sequence for UTF-16"));
    assert!(malformed([0xff, 0xfe, 0, 0, b'<', 0, 0, 0]).contains("not supported"));
    let contradiction = "\u{feff}<?xml version='1.0' encoding='latin1'?><a/>";
    assert!(malformed(little(contradiction)).contains("contradicts"));
    assert!(malformed(contradiction).contains("contradicts"));
    assert_eq!(text("\u{feff}<?xml version='1.0' encoding='UTF-8'?><a>Zoë</a>"), "Zoë");
}

#[test]
fn refusals_and_debug_do_not_show_what_the_document_says() {
    let secret = "4111111111111112";
    for document in [
        format!("<a><cardNumber>{secret}</cardNumbr></a>"),
        format!("<a><cardNumber>{secret}</{secret}></a>"),
        format!("<a cardNumber='{secret}"),
        format!("<a cardNumber='{secret}' {secret}/>"),
        format!("<a>&{secret};</a>"),
        format!("<a>&{secret}</a>"),
        format!("<{secret}/>"),
        format!("<a>{secret}"),
        secret.to_owned(),
        format!("<?xml version='1.0' encoding='{secret}'?><a/>"),
    ] {
        assert!(!malformed(&document).contains(secret), "{document}");
    }
    let shown = format!("{:?}", parse(format!("<a cvv='{secret}'><b>{secret}</b></a>")).unwrap());
    assert!(shown.contains("<b>") && !shown.contains(secret));
}

/// Bytes that look enough like XML to reach every branch.
fn nearly_xml() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &str = "< > / </ /> <a> </a> <a = ' \" b <!-- --> -- <![CDATA[ ]]> <? ?> <?xml version='1.0' \
                          encoding='latin1' <!DOCTYPE [ ] & ; #x &amp; &#65; &#13; : \u{feff} 山 \0 x:y xmlns";
    let known: Vec<&str> = PIECES.split(' ').chain([" ", " ", " a='1'", "\r\n", "</a>", "<a>"]).collect();
    let piece = prop_oneof![
        6 => prop::sample::select(known).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Element::parse(&bytes, SMALL);
    }

    #[test]
    fn near_misses_never_panic_and_what_is_read_can_be_written(bytes in nearly_xml(), wrapped in any::<bool>()) {
        let bytes = if wrapped { [b"<r>", bytes.as_slice(), b"</r>"].concat() } else { bytes };
        if let Ok(read) = Element::parse(&bytes, Limits::DEFAULT) {
            let again = Element::parse(read.to_xml().as_bytes(), Limits::DEFAULT);
            prop_assert!(again == Ok(read));
        }
    }
}
