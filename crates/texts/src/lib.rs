//! What customers read, in ten languages, and how these write numbers, money and dates (CLDR, by ICU4X).
//!
//! The texts stand in `locales/<language>/<area>.ftl` in Fluent's syntax. The build makes a method of each: `sign-in`
//! becomes [`Texts::sign_in`], `{ $variables }` become parameters in the order of the alphabet, and what a choice by
//! plural category is made of is a number. A text that a language lacks stops the build.

mod countries;
mod explanations;
mod formats;
mod language;
mod money;
mod payment_methods;

use std::fmt::{Display, Write};

use icu_plurals::PluralCategory;

pub use countries::Country;
pub use language::{LOCALES, Language, locale_name};
pub use money::MoneyFormat;

use formats::Formats;

/// The words and formats of one locale. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Texts {
    pub language: Language,
    formats: &'static Formats,
}

#[expect(clippy::complexity, clippy::pedantic, clippy::style, reason = "the build writes it")]
mod methods {
    use super::{Display, Language, PluralCategory, Texts, add};

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

impl Texts {
    /// Of the first locale (`de_AT`, `de-AT`, `de`) whose language is known; else English.
    pub fn of<'a>(locales: impl IntoIterator<Item = &'a str>) -> Texts {
        let known = locales.into_iter().find_map(|locale| Some((Language::of(locale)?, locale)));
        let (language, locale) = known.unwrap_or((Language::English, "en-US"));
        Texts { language, formats: Formats::of(language, locale) }
    }

    pub fn english() -> Texts {
        Texts::of([])
    }

    /// For `lang`: `de-AT`
    pub fn tag(self) -> &'static str {
        self.formats.tag()
    }

    /// For `dir`.
    pub fn direction(self) -> &'static str {
        if self.language.is_right_to_left() { "rtl" } else { "ltr" }
    }

    fn plural(self, number: i64) -> PluralCategory {
        self.formats.plural(number)
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.tag())
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Texts) -> bool {
        self.tag() == other.tag()
    }
}

impl Eq for Texts {}

fn add(text: &mut String, value: &impl Display) {
    // Writing to a string does not fail.
    let _ = write!(text, "{value}");
}
