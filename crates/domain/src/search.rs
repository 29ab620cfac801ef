//! What a customer is found by: any part of its name, reference, contacts' names, e-mail addresses and user names, in
//! any case.
//!
//! Each place in such a text is a *part*: its next ten characters as one number, six bits each. Whoever has the term
//! at some place has a part there that begins as the term does, and the numbers of those are a range. So a search is
//! one range of an index, whatever the term.

use std::collections::BTreeSet;

use crate::contacts::Contact;
use crate::customers::Customer;

/// Characters of a part.
pub const PART_LENGTH: usize = 10;
/// Of a term; no text that is searched is longer.
pub const TERM_MAX: usize = 255;
/// Places at which a long term is tried, to find where it is rarest.
const WINDOWS_MAX: usize = 8;

const BITS: usize = 6;
/// Those that have a number of their own, from 1; 0 is the end of the text.
const KNOWN: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyz0123456789 @.-_+'&,/()#:;!*=%$\"?~|<>";
/// All the others share one: what has such is looked at again.
const OTHER: i64 = 63;
const SEPARATOR: char = '\n';

/// The texts of one customer, folded, each on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText(String);

impl SearchText {
    pub fn of(customer: &Customer) -> SearchText {
        let mut lines = BTreeSet::from([fold(&customer.name)]);
        lines.extend(customer.ext_customer_ref.as_deref().map(fold));
        for contact in [Some(&customer.billing_contact), customer.sales_contact.as_ref()].into_iter().flatten() {
            lines.extend(of_contact(contact).map(fold));
        }
        SearchText(lines.into_iter().collect::<Vec<_>>().join(&SEPARATOR.to_string()))
    }

    /// As it was stored.
    pub fn stored(text: String) -> SearchText {
        SearchText(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part at every place.
    pub fn parts(&self) -> BTreeSet<i64> {
        let mut parts = BTreeSet::new();
        for line in self.0.split(SEPARATOR) {
            let codes: Vec<i64> = line.chars().map(code).collect();
            parts.extend((0..codes.len()).map(|place| part(&codes[place..])));
        }
        parts
    }
}

fn of_contact(contact: &Contact) -> impl Iterator<Item = &str> {
    [&contact.first_name, &contact.last_name, &contact.email_primary]
        .into_iter()
        .chain(&contact.username)
        .map(String::as_str)
}

/// The parts that begin as a term does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartRange {
    pub first: i64,
    pub last: i64,
}

/// What is searched for, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term(String);

impl Term {
    /// `None` when nothing is searched for.
    pub fn new(text: &str) -> Option<Term> {
        let folded = fold(text.trim());
        (!folded.is_empty()).then_some(Term(folded))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a part in the range is proof; else the text has to be looked at.
    pub fn is_decided_by_parts(&self) -> bool {
        self.0.chars().count() <= PART_LENGTH && self.0.chars().all(|character| code(character) != OTHER)
    }

    /// Who has the term has a part in each of these.
    pub fn ranges(&self) -> Vec<PartRange> {
        let codes: Vec<i64> = self.0.chars().map(code).collect();
        let last = codes.len().saturating_sub(PART_LENGTH);
        let mut starts: Vec<usize> = (0..last).step_by(PART_LENGTH).take(WINDOWS_MAX - 1).collect();
        starts.push(last);
        starts.into_iter().map(|start| range(&codes[start..])).collect()
    }
}

fn range(codes: &[i64]) -> PartRange {
    let first = part(codes);
    let free = PART_LENGTH.saturating_sub(codes.len()) * BITS;
    PartRange { first, last: first | ((1 << free) - 1) }
}

fn part(codes: &[i64]) -> i64 {
    let code_at = |place: usize| codes.get(place).copied().unwrap_or(0);
    (0..PART_LENGTH).fold(0, |part, place| part << BITS | code_at(place))
}

fn code(character: char) -> i64 {
    let place = KNOWN.iter().position(|known| char::from(*known) == character);
    place.and_then(|place| i64::try_from(place + 1).ok()).unwrap_or(OTHER)
}

/// Without case, a character at a time, so that a part of a text folds to a part of the folded text.
fn fold(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c });
    // Up first: ß and ς are small letters whose capitals are those of others.
    plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(text: &SearchText, term: &Term) -> bool {
        let parts = text.parts();
        let in_range = |range: &PartRange| parts.range(range.first..=range.last).next().is_some();
        let all = term.ranges().iter().all(in_range);
        let any = term.ranges().first().is_some_and(in_range);
        assert!(all || !text.as_str().contains(term.as_str()), "{term:?} has its parts in {text:?}");
        any && (term.is_decided_by_parts() || text.as_str().contains(term.as_str()))
    }

    fn text(lines: &[String]) -> SearchText {
        SearchText(lines.iter().map(|line| fold(line)).collect::<Vec<_>>().join("\n"))
    }

    proptest! {
        #[test]
        fn a_term_is_found_where_it_is_and_nowhere_else(
            lines in prop::collection::vec("[ -~äßςΣ山]{0,24}|[ab]{0,24}", 1..4),
            given in "[ -~äßςΣ山]{1,14}|[ab]{1,14}",
        ) {
            let Some(term) = Term::new(&given) else { return Ok(()) };
            let expected = lines.iter().any(|line| fold(line).contains(&fold(given.trim())));
            prop_assert_eq!(finds(&text(&lines), &term), expected);
        }

        #[test]
        fn every_part_of_a_text_is_found_in_either_case(line in "\\PC{1,40}", start in 0_usize..40, length in 1_usize..40) {
            let part: String = line.chars().skip(start).take(length).collect();
            for given in [part.clone(), part.chars().flat_map(char::to_uppercase).collect()] {
                if let Some(term) = Term::new(&given) {
                    prop_assert!(finds(&text(std::slice::from_ref(&line)), &term), "{:?} in {:?}", given, line);
                }
            }
        }
    }

    #[test]
    fn a_term_does_not_reach_from_one_text_into_the_next() {
        let both = text(&["John".to_owned(), "Doe".to_owned()]);
        for term in ["ohn", "JOHN", "doe", "n"] {
            assert!(finds(&both, &Term::new(term).unwrap()), "{term}");
        }
        for term in ["johndoe", "ndo", "n\nd", "n d"] {
            assert!(!finds(&both, &Term::new(term).unwrap()), "{term}");
        }
    }

    #[test]
    fn short_terms_of_usual_characters_need_no_second_look() {
        for (term, is_decided) in [("p007", true), ("a@b.example", false), ("ann@ex.com", true), ("zoë", false)] {
            assert_eq!(Term::new(term).unwrap().is_decided_by_parts(), is_decided, "{term}");
        }
        assert_eq!(Term::new(" \t"), None);
    }

    #[test]
    fn a_very_long_term_has_a_bounded_number_of_ranges() {
        assert_eq!(Term::new(&"x".repeat(TERM_MAX)).unwrap().ranges().len(), WINDOWS_MAX);
        assert_eq!(Term::new("abcdefghijk").unwrap().ranges().len(), 2);
        assert_eq!(Term::new("abcdefghij").unwrap().ranges().len(), 1);
    }
}
