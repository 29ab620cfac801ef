//! One style sheet out of the parts in `style/`: `main.css` names them by `@import`; without it, all in alphabetical
//! order. Plain CSS stays plain: only comments and needless white space go, nothing is rewritten.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

pub fn bundle(folder: &Path) -> Result<String> {
    let main = folder.join("main.css");
    let whole = if main.exists() { with_imports(&main)? } else { in_order(folder)? };
    Ok(compact(&whole))
}

/// The text of `main.css` with each `@import "part.css";` line replaced by the part.
fn with_imports(main: &Path) -> Result<String> {
    let text = fs::read_to_string(main)?;
    let mut whole = String::new();
    for (index, line) in text.lines().enumerate() {
        match imported(line) {
            Some(name) => {
                let part = main.with_file_name(name);
                ensure!(part != main, "style/main.css:{}: imports itself", index + 1);
                let content = fs::read_to_string(&part)
                    .with_context(|| format!("style/main.css:{}: no style/{name}", index + 1))?;
                ensure!(!content.lines().any(|line| imported(line).is_some()), "style/{name}: only main.css imports");
                whole.push_str(&content);
            }
            None => whole.push_str(line),
        }
        whole.push('\n');
    }
    Ok(whole)
}

fn in_order(folder: &Path) -> Result<String> {
    let mut parts: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?,
        Err(_) => Vec::new(),
    };
    parts.retain(|part| part.extension().is_some_and(|extension| extension == "css"));
    parts.sort();
    parts.iter().map(|part| Ok(fs::read_to_string(part)? + "\n")).collect()
}

/// The file that a line imports: `@import "x.css";` or `@import url("x.css");`.
fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?.trim();
    let rest = rest.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
    Some(rest.trim_matches(['"', '\'']).trim_start_matches("./"))
}

/// Strings and `url(…)` are copied as they are. Outside them comments go, and white space shrinks to one blank, or to
/// nothing next to a brace or after a semicolon or comma, where CSS never needs it.
fn compact(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        let taken = if rest.starts_with("/*") {
            comment(rest, &mut out)
        } else if next == '"' || next == '\'' {
            copied(rest, string_length(rest, next), &mut out)
        } else if !out.ends_with(is_name) && starts_url(rest) {
            copied(rest, rest.find(')').map_or(rest.len(), |end| end + 1), &mut out)
        } else if next.is_whitespace() {
            blank(rest, &mut out)
        } else {
            if next == '}' || next == '{' {
                out.truncate(out.trim_end_matches(' ').len());
            }
            copied(rest, next.len_utf8(), &mut out)
        };
        rest = &rest[taken..];
    }
    out.truncate(out.trim_end().len());
    out
}

fn copied(rest: &str, length: usize, out: &mut String) -> usize {
    out.push_str(&rest[..length]);
    length
}

/// A comment separates two names (`a/**/b`) but is no white space (`.a/**/.b` is one element): an empty one stays
/// where both sides are names.
fn comment(rest: &str, out: &mut String) -> usize {
    let length = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
    if out.ends_with(is_name) && rest[length..].starts_with(is_name) {
        out.push_str("/**/");
    }
    length
}

fn blank(rest: &str, out: &mut String) -> usize {
    if !out.is_empty() && !out.ends_with(['{', '}', ';', ',', ' ']) {
        out.push(' ');
    }
    rest.len() - rest.trim_start().len()
}

fn string_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        if !escaped && character == quote {
            return index + 1;
        }
        escaped = !escaped && character == '\\';
    }
    rest.len()
}

/// An address without quotes may hold what looks like a comment; one with quotes is a string like any other.
fn starts_url(rest: &str) -> bool {
    rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url("))
        && !rest[4..].trim_start().starts_with(['"', '\''])
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_needless_white_space_go() {
        let css =
            "/* tokens */\n:root {\n  --gap: 1rem;  /* room */\n  --none: ;\n}\n\n.a,\n.b > .c { margin: 0 auto }\n";
        assert_eq!(compact(css), ":root{--gap: 1rem;--none: ;}.a,.b > .c{margin: 0 auto}");
    }

    #[test]
    fn what_carries_meaning_stays() {
        for css in [
            r#".a::before{content: "/* not  a comment */ \" }"}"#,
            "a{background: url(data:image/svg+xml,/*x*/  y)}",
            "@media (min-width: 40rem) and (max-width: 60rem){a{width: calc(1px + 2px)}}",
            ".a .b{color: red}",
            "a :hover{color: red}",
        ] {
            assert_eq!(compact(css), css);
        }
    }

    #[test]
    fn a_comment_is_no_white_space() {
        assert_eq!(compact(".a/* x */.b{}"), ".a.b{}");
        assert_eq!(compact("a/* x */b{}"), "a/**/b{}");
        assert_eq!(compact(".a /* x */ .b{}"), ".a .b{}");
        assert_eq!(compact("a{}/* never closed"), "a{}");
    }

    #[test]
    fn imports_are_read_in_each_form() {
        assert_eq!(imported(r#"@import "tokens.css";"#), Some("tokens.css"));
        assert_eq!(imported("  @import url('./portal.css');"), Some("portal.css"));
        assert_eq!(imported(".a { color: red }"), None);
    }
}
