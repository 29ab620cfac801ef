//! What must hold for any bytes at all, whatever they are read as: no panic, and every refusal a short list of
//! sentences that repeat nothing of the input.

use domain::checks::Problems;
use wire::element::{Element, Limits};
use wire::reader::PROBLEMS_MAX;

/// No sentence of ours is longer.
const MESSAGE_BYTES_MAX: usize = 1000;
/// Stands in no sentence and in no name.
const MARK: &str = "⟨secret⟩";

/// An XML body, read as what the address says it is.
pub fn object<T>(bytes: &[u8], read: impl Fn(&Element) -> Result<T, Problems>) {
    let Ok(mut element) = Element::parse(bytes, Limits::DEFAULT) else { return };
    if let Err(problems) = read(&element) {
        refusal(&problems);
    }
    mark(&mut element);
    if let Err(problems) = read(&element) {
        refusal(&problems);
    }
}

/// A refusal can be told, and tells nobody a password.
pub fn refusal(problems: &Problems) {
    let count = problems.iter().count();
    assert!((1..=PROBLEMS_MAX + 1).contains(&count), "{count} problems");
    for problem in problems {
        let message = &problem.message;
        assert!(!message.is_empty() && message.len() <= MESSAGE_BYTES_MAX, "{message}");
        assert!(!message.contains(MARK), "{message} repeats the input");
    }
    let answer = wire::status::refused(problems);
    Element::parse(answer.as_bytes(), Limits::DEFAULT).expect("an answer is well-formed");
}

/// Makes every text one that can be told from our own words.
fn mark(element: &mut Element) {
    let values = element.attributes.iter_mut().map(|(_, value)| value).chain([&mut element.text]);
    for value in values.filter(|value| !value.is_empty()) {
        value.push_str(MARK);
    }
    element.children.iter_mut().for_each(mark);
}
