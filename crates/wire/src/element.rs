//! Bytes to a bounded tree of elements, and back.
//!
//! What must hold for any bytes at all: no panic, linear time, memory in proportion to the limits, nothing fetched,
//! no entity of the document's own, and no content of the document in a message except names of elements.

use std::fmt;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::characters::{is_legal, is_name};
use crate::encoding;
use crate::writer::Writer;

/// An element without namespaces: prefixes of elements are cut off, attributes that have one are dropped, because
/// they belong to somebody else.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// All text that stands directly in the element, without white space around it.
    pub text: String,
}

/// What a document may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bytes: usize,
    /// How deep elements nest; the root is at 1.
    pub depth: usize,
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one name.
    pub name_length: usize,
}

impl Limits {
    pub const DEFAULT: Limits =
        Limits { bytes: 1024 * 1024, depth: 64, elements: 50_000, attributes: 64, name_length: 256 };
    /// Usage records come in bulk.
    pub const ACTIVITIES: Limits = Limits { bytes: 5 * 1024 * 1024, ..Limits::DEFAULT };
}

/// Why bytes are not a document we read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The one problem of this kind that is answered with 413.
    #[error("The body is too large; at most {limit_bytes} bytes are accepted.")]
    TooLarge { limit_bytes: usize },
    /// There is no element. Clients compare the text.
    #[error("Premature end of file.")]
    Empty,
    /// A sentence with its line. Clients compare the beginning.
    #[error("org.xml.sax.SAXParseException: {0}")]
    Malformed(String),
}

impl Element {
    pub fn new(name: &str) -> Element {
        Element { name: name.to_owned(), ..Element::default() }
    }

    /// The root element of a document.
    pub fn parse(bytes: &[u8], limits: Limits) -> Result<Element, ParseError> {
        if bytes.len() > limits.bytes {
            return Err(ParseError::TooLarge { limit_bytes: limits.bytes });
        }
        let source = encoding::decode(bytes).map_err(|message| malformed_at(&message, 1))?;
        if source.chars().all(is_white) {
            return Err(ParseError::Empty);
        }
        if let Some((at, _)) = source.char_indices().find(|(_, character)| !is_legal(*character)) {
            return Err(malformed_at(ILLEGAL_CHARACTER, line(&source, at)));
        }
        Tree::new(limits).read(&source)
    }

    /// The first child with this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Neither attributes nor children nor text.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.children.is_empty() && self.text.is_empty()
    }

    /// The element as a document.
    pub fn to_xml(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    pub fn write(&self, writer: &mut Writer) {
        writer.start(&self.name);
        for (name, value) in &self.attributes {
            writer.attribute(name, value);
        }
        writer.content(&self.text);
        for child in &self.children {
            child.write(writer);
        }
        writer.end();
    }
}

/// Names only: the texts may be passwords and card numbers, and a log is where `Debug` ends up.
impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name)?;
        f.debug_list().entries(&self.children).finish()
    }
}

const ILLEGAL_CHARACTER: &str = "An invalid XML character was found; control characters are not allowed.";
const DOCTYPE: &str = "DOCTYPE is not allowed.";
const IN_PROLOG: &str = "Content is not allowed in prolog.";
const IN_TRAILING_SECTION: &str = "Content is not allowed in trailing section.";
const SECOND_ROOT: &str = "The markup in the document following the root element must be well-formed.";
const UNCLOSED: &str = "XML document structures must start and end within the same entity.";
const DECLARATION_NOT_FIRST: &str =
    "The processing instruction target matching \"[xX][mM][lL]\" is not allowed; the XML declaration comes first.";
const BAD_NAME: &str = "The name of an element or attribute is not a valid XML name.";
const BAD_ATTRIBUTE: &str = "Attributes must be written name=\"value\", each name once.";
const BAD_REFERENCE: &str = "The entity was referenced, but not declared; \
     only lt, gt, amp, apos, quot and numbers of allowed characters are known.";
const UNCLOSED_REFERENCE: &str = "A reference that starts with '&' must end with ';'; write '&' as '&amp;'.";

/// What went wrong, before its line is known.
type Fault = std::borrow::Cow<'static, str>;

/// The tree while it grows.
struct Tree {
    limits: Limits,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn new(limits: Limits) -> Tree {
        Tree { limits, open: Vec::new(), root: None, elements: 0 }
    }

    fn read(mut self, source: &str) -> Result<Element, ParseError> {
        let mut reader = Reader::from_str(source);
        reader.config_mut().check_comments = true;
        loop {
            let start = offset(reader.buffer_position());
            match reader.read_event() {
                Ok(Event::Eof) => return self.finish(line(source, source.len())),
                Ok(Event::Decl(_)) if start > 0 => {
                    return Err(malformed_at(DECLARATION_NOT_FIRST, line(source, start)));
                }
                Ok(event) => self.event(event).map_err(|fault| malformed_at(&fault, line(source, start)))?,
                Err(error) => {
                    let at = offset(reader.error_position());
                    return Err(malformed_at(&self.describe(&error), line(source, at)));
                }
            }
        }
    }

    fn finish(self, line: usize) -> Result<Element, ParseError> {
        match self.root {
            Some(root) => Ok(root),
            None if self.open.is_empty() => Err(ParseError::Empty),
            None => Err(malformed_at(UNCLOSED, line)),
        }
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::Empty(tag) => {
                self.start(&tag)?;
                self.end();
                Ok(())
            }
            Event::End(_) => {
                self.end();
                Ok(())
            }
            Event::Text(text) if text.contains("]]>") => {
                Err("The character sequence \"]]>\" must not appear in content.".into())
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) if self.open.is_empty() => self.text_outside(&text.xml10_content(), true),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference),
            Event::DocType(_) => Err(DOCTYPE.into()),
            Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
                Err(DECLARATION_NOT_FIRST.into())
            }
            Event::PI(_) | Event::Comment(_) | Event::Decl(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        if self.root.is_some() {
            return Err(SECOND_ROOT.into());
        }
        let limits = self.limits;
        if self.open.len() >= limits.depth {
            return Err(format!("Elements may nest at most {} deep.", limits.depth).into());
        }
        if self.elements >= limits.elements {
            return Err(format!("At most {} elements are accepted.", limits.elements).into());
        }
        self.elements += 1;
        let (_, name) = checked_name(tag.name().0, limits)?;
        let attributes = attributes(tag, limits)?;
        self.open.push(Element { name: name.to_owned(), attributes, ..Element::default() });
        Ok(())
    }

    fn end(&mut self) {
        let mut element = self.open.pop().expect("quick-xml refuses an end tag without its start tag");
        trim(&mut element.text);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                Ok(())
            }
            None => self.text_outside(text, false),
        }
    }

    fn text_outside(&self, text: &str, is_markup: bool) -> Result<(), Fault> {
        match &self.root {
            _ if !is_markup && text.chars().all(is_white) => Ok(()),
            Some(_) => Err(IN_TRAILING_SECTION.into()),
            None => Err(IN_PROLOG.into()),
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Fault> {
        let character = match reference.resolve_char_ref() {
            Ok(Some(character)) if is_legal(character) => character,
            Ok(None) => predefined(reference).ok_or(BAD_REFERENCE)?,
            Ok(Some(_)) | Err(_) => return Err(BAD_REFERENCE.into()),
        };
        match self.open.last_mut() {
            Some(element) => {
                element.text.push(character);
                Ok(())
            }
            None => self.text_outside("", true),
        }
    }

    /// Our words for what the tokenizer found; its own repeat the document.
    fn describe(&self, error: &XmlError) -> Fault {
        match error {
            XmlError::IllFormed(IllFormedError::MismatchedEndTag { .. }) => {
                // The tokenizer has closed the element already, this tree has not.
                let name = self.open.last().map_or("", |element| &element.name);
                format!("The element type \"{name}\" must be terminated by the matching end-tag \"</{name}>\".").into()
            }
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(_)) if self.root.is_none() => IN_PROLOG.into(),
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(_)) => SECOND_ROOT.into(),
            XmlError::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                "The string \"--\" is not permitted within comments.".into()
            }
            XmlError::IllFormed(IllFormedError::MissingDoctypeName)
            | XmlError::Syntax(SyntaxError::UnclosedDoctype) => DOCTYPE.into(),
            XmlError::IllFormed(IllFormedError::UnclosedReference) => UNCLOSED_REFERENCE.into(),
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => {
                "The markup in the document must be well-formed; after '<!' only comments and CDATA are known.".into()
            }
            XmlError::Syntax(_) => UNCLOSED.into(),
            _ => "The document is not well-formed.".into(),
        }
    }
}

fn attributes(tag: &BytesStart<'_>, limits: Limits) -> Result<Vec<(String, String)>, Fault> {
    let mut kept = Vec::new();
    if !are_separated(tag.attributes_raw()) {
        return Err(BAD_ATTRIBUTE.into());
    }
    for (count, attribute) in tag.attributes().enumerate() {
        // Counted before it is looked at, because every attribute is compared with those before it.
        if count >= limits.attributes {
            return Err(format!("An element may have at most {} attributes.", limits.attributes).into());
        }
        let attribute = attribute.map_err(|_| BAD_ATTRIBUTE)?;
        let (prefix, name) = checked_name(attribute.key.0, limits)?;
        if attribute.value.contains('<') {
            return Err("The value of an attribute must not contain the '<' character.".into());
        }
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| BAD_REFERENCE)?;
        if !value.chars().all(is_legal) {
            return Err(BAD_REFERENCE.into());
        }
        if prefix.is_none() && name != "xmlns" {
            kept.push((name.to_owned(), value.into_owned()));
        }
    }
    Ok(kept)
}

/// Whether white space stands before every attribute, which the tokenizer does not ask for.
fn are_separated(raw: &str) -> bool {
    let mut quote = None;
    let mut after_value = false;
    for character in raw.chars() {
        match quote {
            Some(open) if open == character => (quote, after_value) = (None, true),
            Some(_) => {}
            None if after_value && !is_white(character) => return false,
            None => {
                after_value = false;
                quote = Some(character).filter(|character| matches!(character, '"' | '\''));
            }
        }
    }
    true
}

/// Prefix and local part.
fn checked_name(name: &str, limits: Limits) -> Result<(Option<&str>, &str), Fault> {
    if name.len() > limits.name_length {
        return Err(format!("A name may have at most {} bytes.", limits.name_length).into());
    }
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    if prefix.is_none_or(is_name) && is_name(local) { Ok((prefix, local)) } else { Err(BAD_NAME.into()) }
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
    let leading = text.len() - text.trim_start().len();
    text.drain(..leading);
}

fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Lines are counted from 1.
fn line(source: &str, at: usize) -> usize {
    let before = &source.as_bytes()[..at.min(source.len())];
    before.split(|byte| *byte == b'\n').count()
}

fn malformed_at(message: &str, line: usize) -> ParseError {
    ParseError::Malformed(format!("{message} Line {line}."))
}
