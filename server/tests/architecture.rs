//! The house rules that a compiler can't see: which crate may know which, and how long, plain and tidy files are.
//! Each test names every offender as `path:line`. The reasons stand in `docs/ARCHITECTURE.md` and `docs/STYLE.md`.

use std::{
    collections::BTreeMap,
    env, fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Command,
};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use serde_json::Value;
use syn::{Attribute, ImplItemFn, Item, ItemFn, TraitItemFn, spanned::Spanned, visit::Visit};

const FUNCTION_LINES_MAX: usize = 50;
const FILE_LINES_MAX: usize = 400;

/// Crate, the crates of ours it may use, and the crates of others that it must not use.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str]);

/// An arrow that is not listed is forbidden.
const RULES: [Rule; 10] = [
    ("domain", &[], &["axum", "leptos", "quick-xml", "rand", "reqwest", "serde_json", "tokio", "tracing"]),
    ("documents", &["domain"], &["axum", "leptos", "quick-xml", "reqwest", "sqlx", "tokio"]),
    ("wire", &["domain"], &["axum", "leptos", "reqwest", "sqlx", "tokio"]),
    ("dbx", &[], &["axum", "leptos", "quick-xml", "reqwest", "rust_decimal"]),
    ("store", &["dbx", "domain"], &["axum", "leptos", "quick-xml", "reqwest"]),
    (
        "billing",
        &["store", "wire", "domain", "documents", "texts"],
        &["axum", "leptos", "leptos_axum", "quick-xml", "reqwest", "sqlx"],
    ),
    ("texts", &["domain"], &["axum", "leptos", "quick-xml", "reqwest", "sqlx", "tokio"]),
    ("app", &["billing", "domain", "texts"], &["quick-xml", "reqwest", "sqlx"]),
    ("server", &["app", "billing", "wire", "store", "dbx", "domain", "texts"], &["quick-xml", "sqlx"]),
    ("testkit", &["app", "billing", "dbx", "documents", "domain", "server", "store", "wire"], &[]),
];

/// Not part of the product: they may use everything, and nothing may use them.
const TOOLS: [&str; 2] = ["bench", "xtask"];

/// The only crate that is for tests alone.
const FOR_TESTS: &str = "testkit";

/// Where SQL may stand: its two homes, and what only tests and measures.
const MAY_HOLD_SQL: [&str; 4] = ["crates/store", "crates/dbx", "crates/testkit", "crates/bench"];

#[test]
fn crates_know_only_the_crates_that_the_architecture_lists() {
    let packages = packages();
    let mut offenders = Vec::new();
    for (name, dependencies) in &packages {
        if TOOLS.contains(&name.as_str()) {
            continue;
        }
        let Some((_, allowed, _)) = RULES.iter().find(|(rule, ..)| rule == name) else {
            offenders.push(format!("{name}: no rule says which crates it may use"));
            continue;
        };
        for dependency in dependencies.iter().filter(|dependency| packages.contains_key(&dependency.name)) {
            let known = allowed.contains(&dependency.name.as_str());
            let tool = TOOLS.contains(&dependency.name.as_str());
            if tool || !known && !dependency.for_tests {
                offenders.push(format!("{name} → {}", dependency.name));
            }
        }
    }
    refuse("arrows that the architecture does not list", &offenders);
}

#[test]
fn the_test_kit_is_only_ever_a_dev_dependency() {
    let mut packages = packages();
    packages.retain(|name, _| !TOOLS.contains(&name.as_str()));
    packages.retain(|_, dependencies| dependencies.iter().any(|it| it.name == FOR_TESTS && !it.for_tests));
    refuse("crates that use testkit outside their tests", &packages.into_keys().collect::<Vec<_>>());
}

#[test]
fn crates_stay_away_from_what_is_not_their_business() {
    let packages = packages();
    let mut offenders = Vec::new();
    for (name, _, forbidden) in RULES {
        for dependency in packages[name].iter().filter(|dependency| !dependency.for_tests) {
            // `domain` has column types behind a feature; nothing but `store` turns it on.
            let column_types = name == "domain" && dependency.name == "sqlx" && !dependency.optional;
            if column_types || forbidden.contains(&dependency.name.as_str()) {
                offenders.push(format!("{name} → {}", dependency.name));
            }
        }
    }
    refuse("crates of others where they don't belong", &offenders);
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    let offenders = offenders(&rust_files(), |source| {
        if source.text.starts_with("//! ") { vec![] } else { vec![(1, "no //! on the first line".to_owned())] }
    });
    refuse("files that don't say what they are for", &offenders);
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let offenders = offenders(&product_files(), |source| {
        let mut functions = Functions::default();
        functions.visit_file(&source.syntax);
        functions.long
    });
    refuse(&format!("functions of more than {FUNCTION_LINES_MAX} lines"), &offenders);
}

#[test]
fn no_file_is_too_long_to_know() {
    let offenders = offenders(&product_files(), |source| {
        let tests: usize = test_lines(&source.syntax).iter().map(|lines| lines.end() - lines.start() + 1).sum();
        let lines = source.text.lines().count() - tests;
        if lines <= FILE_LINES_MAX { vec![] } else { vec![(1, format!("{lines} lines"))] }
    });
    refuse(&format!("files of more than {FILE_LINES_MAX} lines, tests apart"), &offenders);
}

#[test]
fn sql_is_written_in_the_store_and_nowhere_else() {
    let mut files = product_files();
    files.retain(|file| !MAY_HOLD_SQL.iter().any(|home| file.starts_with(home)));
    let offenders = offenders(&files, |source| {
        let tests = test_lines(&source.syntax);
        let mut found = found_in(&source.text, sql_at);
        found.retain(|(line, _)| !tests.iter().any(|lines| lines.contains(line)));
        found
    });
    refuse("SQL texts outside the store", &offenders);
}

#[test]
fn no_lint_is_allowed_and_no_test_ignored() {
    let offenders = offenders(&rust_files(), |source| found_in(&source.text, silencing_at));
    refuse("lints allowed (use #[expect(…, reason = …)]) or tests ignored", &offenders);
}

#[test]
fn messages_between_frames_name_the_origin_they_are_for() {
    let mut files = Vec::new();
    for folder in ["public", "style", "app/src", "server/src", "crates/billing"] {
        files_below(&root().join(folder), &mut files);
    }
    let mut offenders = Vec::new();
    for file in files {
        // Fonts and pictures are no text.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for (start, call) in text.match_indices("postMessage(") {
            let arguments = until_closed(&text[start + call.len()..]);
            if ["'*'", "\"*\"", "`*`"].iter().any(|anyone| arguments.contains(anyone)) {
                let line = text[..start].matches('\n').count() + 1;
                offenders.push(format!("{}:{line}", file.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    refuse("messages to whoever listens ('*')", &offenders);
}

// What cargo knows.

struct Dependency {
    name: String,
    for_tests: bool,
    optional: bool,
}

/// Our crates and what each asks for itself.
fn packages() -> BTreeMap<String, Vec<Dependency>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    packages.map(|package| (text(&package["name"]), dependencies(package))).collect()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
    dependencies
        .map(|dependency| Dependency {
            name: text(&dependency["name"]),
            for_tests: dependency["kind"] == "dev",
            optional: dependency["optional"] == true,
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

// Files and their syntax.

struct Source {
    text: String,
    syntax: syn::File,
}

/// At run time, not `env!()`: a shared target folder may hold the test of another clone.
fn root() -> PathBuf {
    let server = env::var_os("CARGO_MANIFEST_DIR").expect("cargo or nextest runs this");
    Path::new(&server).parent().expect("server lies in the workspace").to_owned()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        let skipped = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
        if path.is_dir() && !skipped {
            files_below(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

/// Every Rust file, relative to the root.
fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["app", "crates", "server", "xtask"] {
        files_below(&root().join(folder), &mut files);
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    assert!(files.len() > 10, "the sources were not found");
    files.sort();
    files.iter().map(|file| file.strip_prefix(root()).expect("below the root").to_owned()).collect()
}

/// Those that are not only tests.
fn product_files() -> Vec<PathBuf> {
    let mut files = rust_files();
    files.retain(|file| !file.iter().any(|part| part == "tests" || part == "benches" || part == "tests.rs"));
    files
}

fn offenders(files: &[PathBuf], check: impl Fn(&Source) -> Vec<(usize, String)>) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files {
        let text = fs::read_to_string(root().join(file)).expect("a readable text");
        match syn::parse_file(&text) {
            Ok(syntax) => {
                let found = check(&Source { text, syntax });
                offenders.extend(found.iter().map(|(line, what)| format!("{}:{line} {what}", file.display())));
            }
            Err(error) => offenders.push(format!("{}:{} {error}", file.display(), error.span().start().line)),
        }
    }
    offenders
}

fn refuse(what: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{} {what}:\n  {}", offenders.len(), offenders.join("\n  "));
}

/// The lines of what is compiled for tests only.
fn test_lines(file: &syn::File) -> Vec<RangeInclusive<usize>> {
    let items = file.items.iter().filter(|item| attributes(item).iter().any(is_for_tests));
    items.map(|item| item.span().start().line..=item.span().end().line).collect()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, `#[test]`, `#[tokio::test]`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last().map(|segment| segment.ident.to_string());
    match last.as_deref() {
        Some("test") => true,
        Some("cfg") => attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test"),
        _ => false,
    }
}

/// Functions that are too long, from `fn` to the closing brace.
#[derive(Default)]
struct Functions {
    long: Vec<(usize, String)>,
}

impl Functions {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let (first, last) = (signature.span().start().line, body.span().end().line);
        let count = last - first + 1;
        if count > FUNCTION_LINES_MAX {
            self.long.push((first, format!("{}: {count} lines", signature.ident)));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_for_tests) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

// Tokens: what stands inside macros is seen too.

/// Every place at which `look` sees something, with its line.
fn found_in(text: &str, look: fn(&[TokenTree], usize) -> Option<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut streams: Vec<TokenStream> = vec![text.parse().expect("what syn could read")];
    while let Some(stream) = streams.pop() {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            found.extend(look(&tokens, index).map(|what| (token.span().start().line, what)));
            if let TokenTree::Group(group) = token
                // A documentation comment is the attribute `#[doc = "…"]`.
                && !(is_attribute(&tokens, index, group) && first_word(group) == "doc")
            {
                streams.push(group.stream());
            }
        }
    }
    found.sort();
    found
}

/// The macro that makes statements, or a text that begins like one.
fn sql_at(tokens: &[TokenTree], index: usize) -> Option<String> {
    match &tokens[index] {
        TokenTree::Ident(name) if name == "q" && tokens.get(index + 1).is_some_and(|next| is_punct(next, '!')) => {
            Some("q!".to_owned())
        }
        TokenTree::Literal(literal) => {
            let text = syn::parse_str::<syn::LitStr>(&literal.to_string()).ok()?.value();
            let words: Vec<&str> = text.split_whitespace().take(4).collect();
            let statement = matches!(
                words[..],
                ["SELECT", _, ..] | ["INSERT", "INTO", ..] | ["DELETE", "FROM", ..] | ["UPDATE", _, "SET", ..]
            );
            statement.then(|| words.join(" "))
        }
        _ => None,
    }
}

/// `#[allow(…)]`, `#![allow(…)]`, `#[cfg_attr(…, allow(…))]`, `#[ignore]`.
fn silencing_at(tokens: &[TokenTree], index: usize) -> Option<String> {
    let TokenTree::Group(group) = &tokens[index] else { return None };
    if !is_attribute(tokens, index, group) {
        return None;
    }
    let inner: String = group.stream().to_string().split_whitespace().collect();
    match first_word(group).as_str() {
        "allow" | "ignore" => Some(inner),
        "cfg_attr" if inner.contains("allow(") || inner.contains("ignore") => Some(inner),
        _ => None,
    }
}

fn is_attribute(tokens: &[TokenTree], index: usize, group: &Group) -> bool {
    let before = |distance: usize, character| index >= distance && is_punct(&tokens[index - distance], character);
    group.delimiter() == Delimiter::Bracket && (before(1, '#') || before(1, '!') && before(2, '#'))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn first_word(group: &Group) -> String {
    group.stream().into_iter().next().map(|token| token.to_string()).unwrap_or_default()
}

/// What stands before the parenthesis that closes the one just opened.
fn until_closed(text: &str) -> &str {
    let mut open = 1;
    for (index, character) in text.char_indices() {
        match character {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[..index];
        }
    }
    text
}
