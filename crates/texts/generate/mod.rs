//! From Fluent's files to Rust: `locales/<language>/<area>.ftl`, one method a message. Of Fluent's syntax, text,
//! `{ $variable }` and a choice by a number's plural category are understood; the rest is refused.

mod read;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use read::Message;

/// The language that all others are held to.
const FIRST: &str = "en";

/// Languages, and which plural categories a choice by a number has to tell apart (CLDR).
const LANGUAGES: [(&str, &[&str]); 10] = [
    ("en", &["one"]),
    ("de", &["one"]),
    ("fr", &["one"]),
    ("es", &["one"]),
    ("pt", &["one"]),
    ("it", &["one"]),
    ("nl", &["one"]),
    ("pl", &["one", "few", "many"]),
    ("ja", &[]),
    ("ar", &["one", "two", "few", "many"]),
];

/// The messages of one language by their name.
type Messages = BTreeMap<String, Message>;

/// The code of all methods, or everything that is wrong.
pub fn methods(locales: &Path) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let mut languages = Vec::new();
    for (language, categories) in LANGUAGES {
        let messages = messages(&locales.join(language), &mut problems);
        for (name, message) in &messages {
            message.check(categories).unwrap_or_else(|what| problems.push(format!("{language}: `{name}` {what}")));
        }
        languages.push((language, messages));
    }
    let first = languages.iter().find(|(language, _)| *language == FIRST).map(|(_, messages)| messages.clone());
    let first = first.unwrap_or_default();
    for (language, messages) in &languages {
        compare(language, &first, messages, &mut problems);
    }
    if problems.is_empty() { Ok(write::code(&first, &languages)) } else { Err(problems) }
}

/// What stands in the files of a folder.
fn messages(folder: &Path, problems: &mut Vec<String>) -> Messages {
    let mut messages = Messages::new();
    let Ok(entries) = fs::read_dir(folder) else {
        problems.push(format!("{}: the folder is missing", folder.display()));
        return messages;
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        match fs::read_to_string(&file).map_err(|error| vec![error.to_string()]).and_then(|text| read::messages(&text))
        {
            Ok(found) => {
                for (name, message) in found {
                    if messages.insert(name.clone(), message).is_some() {
                        problems.push(format!("{}: `{name}` is there twice", file.display()));
                    }
                }
            }
            Err(errors) => problems.extend(errors.iter().map(|error| format!("{}: {error}", file.display()))),
        }
    }
    messages
}

/// The same messages with the same variables.
fn compare(language: &str, first: &Messages, messages: &Messages, problems: &mut Vec<String>) {
    for (name, message) in first {
        match messages.get(name) {
            None => problems.push(format!("{language}: `{name}` is missing")),
            Some(other) if other.variables() != message.variables() => problems.push(format!(
                "{language}: `{name}` has the variables {:?} instead of {:?}",
                other.variables(),
                message.variables()
            )),
            Some(_) => {}
        }
    }
    for name in messages.keys().filter(|name| !first.contains_key(*name)) {
        problems.push(format!("{language}: `{name}` is not in {FIRST}"));
    }
}
