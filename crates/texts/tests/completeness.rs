//! What stops the build: a text that a language lacks, or that says something else there.

#[path = "../generate/mod.rs"]
mod generate;

use std::fs;
use std::path::Path;

use texts::Texts;

const LANGUAGES: [&str; 10] = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "ar"];

/// The complaints about a folder `name` with the same text in all languages, but for those that are given.
fn complaints(name: &str, common: &str, others: &[(&str, &str)]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for language in LANGUAGES {
        let text = others.iter().find(|(other, _)| *other == language).map_or(common, |(_, text)| text);
        fs::create_dir_all(folder.join(language)).expect("a folder of ours");
        fs::write(folder.join(language).join("area.ftl"), text).expect("a folder of ours");
    }
    generate::methods(&folder).err().unwrap_or_default()
}

#[test]
fn a_text_that_a_language_lacks_stops_the_build() {
    assert!(complaints("same", "a = A\nb = B\n", &[]).is_empty());
    assert_eq!(complaints("missing", "a = A\nb = B\n", &[("pl", "a = A\n")]), ["pl: `b` is missing"]);
    assert_eq!(complaints("more", "a = A\n", &[("ja", "a = A\nb = B\n")]), ["ja: `b` is not in en"]);
}

#[test]
fn a_text_with_other_variables_stops_the_build() {
    let found = complaints("variables", "a = { $sum } due\n", &[("de", "a = { $summe } fällig\n")]);
    assert!(found.len() == 1 && found[0].starts_with("de: `a` has the variables"), "{found:?}");
}

#[test]
fn a_choice_names_every_plural_category_of_the_language() {
    let two = "a = { $n ->\n    [one] one\n   *[other] { $n }\n }\n";
    let found = complaints("choice", two, &[]);
    let expected = ["pl: `a` does not say what it is for [few] of n", "ar: `a` does not say what it is for [two] of n"];
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_understood_stops_the_build() {
    for (text, complaint) in [
        ("-brand = Acme\n", "the term `-brand` is not understood"),
        ("a = { other }\n", "`a` holds more than text, variables and choices"),
        ("a = A\na = B\n", "`a` is there twice"),
        ("a =\n    .title = A\n", "`a` has no text"),
    ] {
        let found = complaints("syntax", text, &[]);
        assert!(found.iter().any(|found| found.contains(complaint)), "{text:?}: {found:?}");
    }
    assert!(!generate::methods(Path::new("nowhere")).unwrap_err().is_empty());
}

#[test]
fn a_choice_follows_the_number() {
    let of = |locale, count| Texts::of([locale]).correct_fields(count);
    assert_eq!([of("en", 1), of("en", 2)], ["Please correct one field", "Please correct 2 fields"]);
    assert_eq!([of("pl", 1), of("pl", 3), of("pl", 5)], ["Popraw jedno pole", "Popraw 3 pola", "Popraw 5 pól"]);
    assert_eq!(of("ar", 2), "يرجى تصحيح حقلين");
    assert_eq!(of("ja", 1), "1か所を修正してください");
}
