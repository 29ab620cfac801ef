//! What the language of a document says about it.

/// `None`: it could not be a tag.
pub fn tag(locale: &str) -> Option<&str> {
    let tag = locale.trim();
    let plausible = tag.len() >= 2
        && tag.len() <= 35
        && tag.starts_with(|first: char| first.is_ascii_alphabetic())
        && tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    plausible.then_some(tag)
}

pub fn is_right_to_left(tag: &str) -> bool {
    let language = tag.split('-').next().unwrap_or_default();
    ["ar", "fa", "he", "ur"].into_iter().any(|known| known.eq_ignore_ascii_case(language))
}

/// For `dir`.
pub fn direction(tag: &str) -> &'static str {
    if is_right_to_left(tag) { "rtl" } else { "ltr" }
}
