//! The text of a body: from the byte order mark and the XML declaration to a `str`, or why not.
//!
//! Only encodings that cannot hide markup are read: no UTF-7, no EBCDIC, no UTF-16 without its mark.

use std::borrow::Cow;

/// How far into the body the end of the XML declaration is looked for, in bytes.
const DECLARATION_BYTES: usize = 1024;

const ALLOWED: &str = "The encoding of the document is not supported; use UTF-8, UTF-16 with a byte order mark, ISO-8859-1, \
     windows-1252 or US-ASCII.";

const NO_MARK: &str = "The document seems to be UTF-16 but does not begin with a byte order mark.";

/// The body as text, without its byte order mark.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(ALLOWED.to_owned());
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return match declared(rest)?.as_deref() {
            None | Some("utf-8" | "utf8") => utf8(rest),
            Some(_) => Err("The encoding declaration contradicts the byte order mark, which says UTF-8.".to_owned()),
        };
    }
    if bytes.starts_with(b"<\0") || bytes.starts_with(b"\0<") {
        return Err(NO_MARK.to_owned());
    }
    match declared(bytes)?.as_deref() {
        None | Some("utf-8" | "utf8") => utf8(bytes),
        Some("us-ascii" | "ascii") => ascii(bytes),
        Some("iso-8859-1" | "latin1" | "iso_8859-1" | "l1" | "windows-1252" | "cp1252") => western(bytes),
        Some("utf-16" | "utf-16le" | "utf-16be") => Err(NO_MARK.to_owned()),
        Some(_) => Err(ALLOWED.to_owned()),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| format!("Invalid byte sequence for UTF-8 at byte {}.", error.valid_up_to() + 1))
}

fn ascii(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    if bytes.is_ascii() { utf8(bytes) } else { Err("Invalid byte for US-ASCII: it has 7 bits.".to_owned()) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, String> {
    let invalid = || "Invalid byte sequence for UTF-16.".to_owned();
    if !bytes.len().is_multiple_of(2) {
        return Err(invalid());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| invalid())?;
    match declared(text.as_bytes())?.as_deref() {
        None | Some("utf-16" | "utf-16le" | "utf-16be") => Ok(Cow::Owned(text)),
        Some(_) => Err("The encoding declaration contradicts the byte order mark, which says UTF-16.".to_owned()),
    }
}

/// What is declared as ISO-8859-1 is in truth windows-1252, as every browser knows: the bytes on which they
/// differ are control characters in the one, and the euro sign and quotation marks in the other.
fn western(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    const FROM_0X80: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
        '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let character = |byte: &u8| match byte {
        0x80..=0x9f => FROM_0X80[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    if bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)) {
        return Err("Invalid byte for windows-1252.".to_owned());
    }
    Ok(Cow::Owned(bytes.iter().map(character).collect()))
}

/// The encoding that the XML declaration names, in lower case. Every encoding read here spells the declaration
/// in ASCII, so it can be found before the encoding is known.
fn declared(bytes: &[u8]) -> Result<Option<String>, String> {
    let Some(rest) = bytes.strip_prefix(b"<?xml").filter(|rest| rest.first().is_some_and(u8::is_ascii_whitespace))
    else {
        return Ok(None);
    };
    let head = &rest[..rest.len().min(DECLARATION_BYTES)];
    let Some(end) = head.windows(2).position(|pair| pair == b"?>") else {
        return Err("The XML declaration must end with '?>'.".to_owned());
    };
    let declaration = std::str::from_utf8(&head[..end]).map_err(|_| ALLOWED.to_owned())?;
    let Some(at) = declaration.find("encoding") else {
        return Ok(None);
    };
    let value = declaration[at + "encoding".len()..].trim_start().strip_prefix('=').map(str::trim_start);
    let name = value.and_then(|value| quoted(value, '"').or_else(|| quoted(value, '\'')));
    match name {
        Some(name) if !name.is_empty() => Ok(Some(name.to_ascii_lowercase())),
        _ => Err("The encoding declaration must be written encoding=\"UTF-8\".".to_owned()),
    }
}

fn quoted(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.split_once(quote).map(|(inner, _)| inner)
}
