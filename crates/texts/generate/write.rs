//! Methods in Rust: text without variables is constant, the rest is put together without looking anything up.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Messages;
use super::read::{Kind, Message, Part};

pub fn code(first: &Messages, languages: &[(&str, Messages)]) -> String {
    let mut code = String::from("impl Texts {\n");
    for (name, message) in first {
        let translations: Vec<(&str, &Message)> =
            languages.iter().filter_map(|(language, messages)| Some((*language, messages.get(name)?))).collect();
        method(&mut code, name, message, &translations);
    }
    code.push_str("}\n");
    code
}

fn method(code: &mut String, name: &str, message: &Message, translations: &[(&str, &Message)]) {
    let example: String = message.parts.iter().map(example).collect();
    push(code, &format!("    /// {example}\n"));
    if let Some(comment) = &message.comment {
        push(code, &format!("    ///\n    /// {comment}\n"));
    }
    let name = name.replace('-', "_");
    let variables = message.variables();
    if variables.is_empty() {
        push(code, &format!("    pub fn {name}(self) -> &'static str {{\n        match self.language {{\n"));
        for (language, message) in translations {
            let text = message.text().unwrap_or_default();
            push(code, &format!("            Language::{} => {text:?},\n", variant(language)));
        }
        push(code, "        }\n    }\n\n");
        return;
    }
    let parameters: String = variables.iter().map(|(name, kind)| parameter(name, *kind)).collect();
    push(code, &format!("    pub fn {name}(self{parameters}) -> String {{\n        let mut text = String::new();\n"));
    push(code, "        match self.language {\n");
    for (language, message) in translations {
        push(code, &format!("            Language::{} => {{\n", variant(language)));
        for part in &message.parts {
            statement(code, part, &variables);
        }
        push(code, "            }\n");
    }
    push(code, "        }\n        text\n    }\n\n");
}

fn parameter(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Text => format!(", {}: impl Display", identifier(name)),
        Kind::Number => format!(", {}: i64", identifier(name)),
    }
}

fn statement(code: &mut String, part: &Part, variables: &BTreeMap<String, Kind>) {
    match part {
        Part::Text(text) => push(code, &format!("                text.push_str({text:?});\n")),
        Part::Variable(name) => {
            let shown = match variables.get(name) {
                Some(Kind::Number) => format!("self.number({})", identifier(name)),
                Some(Kind::Text) | None => identifier(name),
            };
            push(code, &format!("                add(&mut text, &{shown});\n"));
        }
        Part::Choice { number, variants } => {
            push(code, &format!("                match self.plural({}) {{\n", identifier(number)));
            for (key, parts) in variants {
                let pattern = if key == "other" { "_".to_owned() } else { format!("PluralCategory::{}", title(key)) };
                push(code, &format!("                {pattern} => {{\n"));
                for part in parts {
                    statement(code, part, variables);
                }
                push(code, "                }\n");
            }
            push(code, "                }\n");
        }
    }
}

/// For the documentation of a method.
fn example(part: &Part) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::Variable(name) => format!("`{name}`"),
        Part::Choice { variants, .. } => {
            variants.last().map(|(_, parts)| parts.iter().map(example).collect()).unwrap_or_default()
        }
    }
}

fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

fn variant(language: &str) -> &'static str {
    match language {
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "pt" => "Portuguese",
        "it" => "Italian",
        "nl" => "Dutch",
        "pl" => "Polish",
        "ja" => "Japanese",
        "ar" => "Arabic",
        _ => "English",
    }
}

fn title(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn push(code: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = code.write_str(line);
}
