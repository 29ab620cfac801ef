//! XML text, written straight into one `String`.
//!
//! What must hold: the text is well-formed whatever the values are. Names are ours and are trusted.

use std::fmt::{self, Display, Write};

use jiff::civil::Date;
use rust_decimal::Decimal;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A customer with both contacts fits without growing.
const CAPACITY: usize = 4096;

pub struct Writer {
    xml: String,
    /// Where the name of each open element stands in `xml`.
    open: Vec<(usize, usize)>,
    /// The start tag of the innermost element still lacks its `>`.
    in_tag: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Writer::new()
    }
}

impl Writer {
    pub fn new() -> Writer {
        Writer::with_capacity(CAPACITY)
    }

    /// For lists and for very small answers.
    pub fn with_capacity(bytes: usize) -> Writer {
        let mut xml = String::with_capacity(bytes.max(DECLARATION.len()));
        xml.push_str(DECLARATION);
        Writer { xml, open: Vec::with_capacity(8), in_tag: false }
    }

    /// The document; every element has ended.
    pub fn finish(self) -> String {
        assert!(self.open.is_empty(), "an element was started and not ended");
        self.xml
    }

    /// `<name>…</name>` with what `inside` writes, or `<name/>`.
    pub fn element(&mut self, name: &str, inside: impl FnOnce(&mut Writer)) {
        self.start(name);
        inside(self);
        self.end();
    }

    /// `<name id="366">…</name>`
    pub fn object(&mut self, name: &str, id: impl Display, inside: impl FnOnce(&mut Writer)) {
        self.start(name);
        self.attribute("id", id);
        inside(self);
        self.end();
    }

    /// `<customer id="366"/>`: another object, by its id alone.
    pub fn reference(&mut self, name: &str, id: impl Display) {
        self.object(name, id, |_| ());
    }

    pub fn optional_reference(&mut self, name: &str, id: Option<impl Display>) {
        match id {
            Some(id) => self.reference(name, id),
            None => self.empty(name),
        }
    }

    pub fn start(&mut self, name: &str) {
        self.close_tag();
        self.xml.push('<');
        self.open.push((self.xml.len(), name.len()));
        self.xml.push_str(name);
        self.in_tag = true;
    }

    /// Only directly after `start`.
    pub fn attribute(&mut self, name: &str, value: impl Display) {
        assert!(self.in_tag, "attributes are written before the content");
        self.xml.push(' ');
        self.xml.push_str(name);
        self.xml.push_str("=\"");
        write!(Escaping { xml: &mut self.xml, escape: in_attribute }, "{value}").expect("a String takes all");
        self.xml.push('"');
    }

    /// Text inside the open element.
    pub fn content(&mut self, text: &str) {
        if !text.is_empty() {
            self.close_tag();
            escape(&mut self.xml, text, in_text);
        }
    }

    pub fn end(&mut self) {
        let (start, length) = self.open.pop().expect("an element was ended that was not started");
        if self.in_tag {
            self.xml.push_str("/>");
            self.in_tag = false;
        } else {
            self.xml.push_str("</");
            self.xml.extend_from_within(start..start + length);
            self.xml.push('>');
        }
    }

    /// `<name>text</name>`; an empty text is null.
    pub fn text(&mut self, name: &str, text: &str) {
        self.start(name);
        self.content(text);
        self.end();
    }

    pub fn optional_text(&mut self, name: &str, text: Option<&str>) {
        self.text(name, text.unwrap_or_default());
    }

    /// `<name/>`: null, or an empty collection.
    pub fn empty(&mut self, name: &str) {
        self.text(name, "");
    }

    /// Numbers, states, amounts: whatever shows itself as the wire wants it.
    pub fn value(&mut self, name: &str, value: impl Display) {
        self.start(name);
        self.shown(value);
        self.end();
    }

    pub fn optional_value(&mut self, name: &str, value: Option<impl Display>) {
        match value {
            Some(value) => self.value(name, value),
            None => self.empty(name),
        }
    }

    pub fn boolean(&mut self, name: &str, value: bool) {
        self.text(name, if value { "true" } else { "false" });
    }

    /// `2026-01-31`
    pub fn date(&mut self, name: &str, date: Date) {
        self.value(name, format_args!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()));
    }

    pub fn optional_date(&mut self, name: &str, date: Option<Date>) {
        match date {
            Some(date) => self.date(name, date),
            None => self.empty(name),
        }
    }

    /// A price or quantity with at least `places` decimals: `1.0`, `60.50`. More are shown where it has more,
    /// because rounding is not for here.
    pub fn decimal(&mut self, name: &str, value: Decimal, places: u32) {
        let mut shown = value.normalize();
        if shown.scale() < places {
            shown.rescale(places);
        }
        self.value(name, shown);
    }

    fn shown(&mut self, value: impl Display) {
        // Whether there is content is known only once it is written.
        let was_in_tag = self.in_tag;
        self.close_tag();
        let before = self.xml.len();
        write!(Escaping { xml: &mut self.xml, escape: in_text }, "{value}").expect("a String takes all");
        if was_in_tag && self.xml.len() == before {
            self.xml.pop();
            self.in_tag = true;
        }
    }

    fn close_tag(&mut self) {
        if self.in_tag {
            self.xml.push('>');
            self.in_tag = false;
        }
    }
}

/// Escapes what a `Display` writes, without a `String` in between.
struct Escaping<'a> {
    xml: &'a mut String,
    escape: fn(u8) -> Option<&'static str>,
}

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.xml, text, self.escape);
        Ok(())
    }
}

/// Appends `text` so that it reads back the same, without the characters that XML cannot hold.
fn escape(xml: &mut String, text: &str, replace: fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    let mut kept = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let (instead, length) = match replace(byte) {
            Some(instead) => (instead, 1),
            // U+FFFE and U+FFFF are no characters.
            None if byte == 0xef && matches!(bytes[at..], [_, 0xbf, 0xbe | 0xbf, ..]) => ("", 3),
            None => continue,
        };
        xml.push_str(&text[kept..at]);
        xml.push_str(instead);
        kept = at + length;
    }
    xml.push_str(&text[kept..]);
}

fn in_text(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        // A bare one would be read back as a line feed.
        b'\r' => Some("&#13;"),
        b'\t' | b'\n' => None,
        0..0x20 => Some(""),
        _ => None,
    }
}

fn in_attribute(byte: u8) -> Option<&'static str> {
    match byte {
        b'"' => Some("&quot;"),
        // Bare white space in attributes is read back as spaces.
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        _ => in_text(byte),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn body(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::new();
        writer.element("r", write);
        writer.finish().strip_prefix(DECLARATION).expect("every document is declared").to_owned()
    }

    #[test]
    fn null_is_an_empty_element() {
        let xml = body(|r| {
            r.empty("errorCode");
            r.optional_text("notes", None);
            r.optional_value("count", None::<i64>);
            r.optional_date("endDate", None);
            r.value("name", "");
        });
        assert_eq!(xml, "<r><errorCode/><notes/><count/><endDate/><name/></r>");
    }

    #[test]
    fn values_are_written_as_the_wire_wants_them() {
        let xml = body(|r| {
            r.object("customer", 366, |customer| customer.reference("currency", "USD"));
            r.boolean("isAutoPay", true);
            r.date("startDate", date(2011, 9, 2));
            r.decimal("quantity", Decimal::ONE, 1);
            r.decimal("amount", Decimal::new(605, 1), 2);
            r.decimal("unitPrice", Decimal::new(12_345, 4), 2);
        });
        assert_eq!(
            xml,
            "<r><customer id=\"366\"><currency id=\"USD\"/></customer><isAutoPay>true</isAutoPay>\
             <startDate>2011-09-02</startDate><quantity>1.0</quantity><amount>60.50</amount>\
             <unitPrice>1.2345</unitPrice></r>"
        );
    }

    #[test]
    fn values_are_escaped_and_illegal_characters_dropped() {
        let xml = body(|r| {
            r.attribute("a", "\"\t<\n");
            r.text("t", "A & B <Ltd>\u{0}\u{b}\u{fffe}\u{ffff}\u{fffd}\r");
            r.value("v", "1 < 2 \u{1f}");
        });
        assert_eq!(xml, "<r a=\"&quot;&#9;&lt;&#10;\"><t>A &amp; B &lt;Ltd&gt;\u{fffd}&#13;</t><v>1 &lt; 2 </v></r>");
    }

    #[test]
    #[should_panic(expected = "not ended")]
    fn a_document_with_an_open_element_is_not_handed_out() {
        let mut writer = Writer::new();
        writer.start("customer");
        writer.finish();
    }
}
