//! Bytes to a tree: what is accepted is within the limits and written so that it is read back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::element::{Element, Limits, ParseError};

const LIMITS: Limits = Limits { bytes: 4096, depth: 8, elements: 32, attributes: 8, name_length: 32 };
/// Escapes lengthen what is written.
const WRITTEN: Limits = Limits { bytes: 1024 * 1024, ..LIMITS };

fuzz_target!(|bytes: &[u8]| {
    match Element::parse(bytes, LIMITS) {
        Ok(element) => {
            assert!(
                bytes.len() <= LIMITS.bytes && depth(&element) <= LIMITS.depth && count(&element) <= LIMITS.elements
            );
            let written = element.to_xml();
            let again = Element::parse(written.as_bytes(), WRITTEN).expect("what we write is well-formed");
            assert!(again == element, "read back from {written}");
        }
        Err(ParseError::Malformed(message)) => assert!(message.contains("Line "), "{message}"),
        Err(ParseError::TooLarge { limit_bytes }) => assert!(bytes.len() > limit_bytes),
        Err(ParseError::Empty) => {}
    }
});

fn depth(element: &Element) -> usize {
    1 + element.children.iter().map(depth).max().unwrap_or_default()
}

fn count(element: &Element) -> usize {
    assert!(element.attributes.len() <= LIMITS.attributes && element.name.len() <= LIMITS.name_length);
    1 + element.children.iter().map(count).sum::<usize>()
}
