//! A message as it stands in a file.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub comment: Option<String>,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Variable(String),
    /// By the plural category of a number. The last one is for all others.
    Choice {
        number: String,
        variants: Vec<(String, Vec<Part>)>,
    },
}

/// What a method takes for a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
}

impl Message {
    /// In the order of the alphabet.
    pub fn variables(&self) -> BTreeMap<String, Kind> {
        let mut variables = BTreeMap::new();
        collect(&self.parts, &mut variables);
        variables
    }

    /// The plain text of a message without variables.
    pub fn text(&self) -> Option<String> {
        self.parts.iter().map(|part| if let Part::Text(text) = part { Some(text.as_str()) } else { None }).collect()
    }

    /// Whether its choices name what the language tells apart.
    pub fn check(&self, categories: &[&str]) -> Result<(), String> {
        for part in &self.parts {
            let Part::Choice { number, variants } = part else { continue };
            for category in categories {
                if !variants.iter().any(|(key, _)| key == category) {
                    return Err(format!("does not say what it is for [{category}] of {number}"));
                }
            }
        }
        Ok(())
    }
}

fn collect(parts: &[Part], variables: &mut BTreeMap<String, Kind>) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Variable(name) => {
                variables.entry(name.clone()).or_insert(Kind::Text);
            }
            Part::Choice { number, variants } => {
                variables.insert(number.clone(), Kind::Number);
                for (_, parts) in variants {
                    collect(parts, variables);
                }
            }
        }
    }
}

/// Every message of a file, by its name.
pub fn messages(text: &str) -> Result<Vec<(String, Message)>, Vec<String>> {
    let resource =
        parser::parse(text).map_err(|(_, errors)| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let mut messages = Vec::new();
    let mut errors = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let name = message.id.name;
                let comment = message.comment.map(|comment| comment.content.join(" "));
                let parts = message.value.as_ref().ok_or_else(|| "has no text".to_owned()).and_then(parts);
                match parts {
                    Ok(parts) if message.attributes.is_empty() => {
                        messages.push((name.to_owned(), Message { comment, parts }));
                    }
                    Ok(_) => errors.push(format!("`{name}` has attributes")),
                    Err(what) => errors.push(format!("`{name}` {what}")),
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(term) => errors.push(format!("the term `-{}` is not understood", term.id.name)),
            Entry::Junk { content } => errors.push(format!("not understood: {content}")),
        }
    }
    if errors.is_empty() { Ok(messages) } else { Err(errors) }
}

fn parts(pattern: &Pattern<&str>) -> Result<Vec<Part>, String> {
    pattern.elements.iter().map(part).collect()
}

fn part(element: &PatternElement<&str>) -> Result<Part, String> {
    match element {
        PatternElement::TextElement { value } => Ok(Part::Text(value.replace('\n', " "))),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => Ok(Part::Variable(id.name.to_owned())),
            InlineExpression::StringLiteral { value } => Ok(Part::Text((*value).to_owned())),
            _ => Err("holds more than text, variables and choices".to_owned()),
        },
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            let InlineExpression::VariableReference { id } = selector else {
                return Err("chooses by something else than a variable".to_owned());
            };
            let mut chosen = Vec::new();
            for variant in variants {
                let VariantKey::Identifier { name } = variant.key else {
                    return Err("chooses by a number instead of a plural category".to_owned());
                };
                if variant.default != (name == "other") {
                    return Err("must have *[other] for all other numbers".to_owned());
                }
                chosen.push((name.to_owned(), parts(&variant.value)?));
            }
            chosen.sort_by_key(|(key, _)| key == "other");
            Ok(Part::Choice { number: id.name.to_owned(), variants: chosen })
        }
    }
}
