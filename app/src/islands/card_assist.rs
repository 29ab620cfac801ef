//! Helps to type a card: groups of digits, its brand, the slash of the expiry date, and what is wrong before it is sent.
//! It takes hold of the fields that the server has made; without it they are the same fields.

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

/// What is said of a field that can't be right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardTexts {
    pub number: String,
    pub expiry: String,
    pub code: String,
}

#[island]
pub fn CardAssist(texts: CardTexts) -> impl IntoView {
    let anchor = NodeRef::<html::Span>::new();
    Effect::new(move |_| {
        if anchor.get().is_some() {
            live::assist(&texts);
        }
    });
    view! { <span hidden node_ref=anchor></span> }
}

const DIGITS_MAX: usize = 19;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// `Visa`; empty while it is not known.
fn brand(digits: &str) -> &'static str {
    let prefix = |n: usize| digits.get(..n).and_then(|prefix| prefix.parse::<u32>().ok()).unwrap_or(0);
    match (prefix(1), prefix(2), prefix(4)) {
        (4, _, _) => "Visa",
        (_, 51..=55, _) | (_, _, 2221..=2720) => "Mastercard",
        (_, 34 | 37, _) => "Amex",
        (_, 65, _) | (_, _, 6011) => "Discover",
        _ => "",
    }
}

/// In the groups in which the number stands on its card.
fn grouped(digits: &str) -> String {
    let ends: &[usize] = if brand(digits) == "Amex" { &[4, 10] } else { &[4, 8, 12, 16] };
    let mut text = String::new();
    for (n, digit) in digits.chars().take(DIGITS_MAX).enumerate() {
        if ends.contains(&n) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// As long as a number of its brand is.
fn is_complete(digits: &str) -> bool {
    digits.len() >= if brand(digits) == "Amex" { 15 } else { 16 }
}

fn is_number(digits: &str) -> bool {
    let value = |(n, digit): (usize, char)| {
        let value = digit.to_digit(10).unwrap_or_default();
        match (n % 2 == 1, value) {
            (true, 5..) => value * 2 - 9,
            (true, _) => value * 2,
            (false, _) => value,
        }
    };
    let sum: u32 = digits.chars().rev().enumerate().map(value).sum();
    (12..=DIGITS_MAX).contains(&digits.len()) && sum.is_multiple_of(10)
}

/// `09/26` of what was typed; the slash comes by itself while `is_typing`, not while something is deleted.
fn expiry(text: &str, is_typing: bool) -> String {
    // Written in another order: left alone.
    if text.contains('-') {
        return text.to_owned();
    }
    let mut digits = digits(text);
    if digits.starts_with(|first: char| ('2'..='9').contains(&first)) {
        digits.insert(0, '0');
    }
    digits.truncate(6);
    match digits.get(2..) {
        Some("") if is_typing => format!("{digits}/"),
        Some(year) if !year.is_empty() => format!("{}/{year}", &digits[..2]),
        _ => digits,
    }
}

fn is_expiry(text: &str) -> bool {
    if text.contains('-') {
        return true;
    }
    let digits = digits(text);
    let month = digits.get(..2).and_then(|month| month.parse::<u32>().ok());
    matches!(digits.len(), 4 | 6) && month.is_some_and(|month| (1..=12).contains(&month))
}

/// Where the caret belongs after so many digits.
fn caret(text: &str, digits_before: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen == digits_before {
            return at;
        }
        seen += usize::from(c.is_ascii_digit());
    }
    text.len()
}

/// What touches the page.
mod live {
    use leptos::wasm_bindgen::JsCast;
    use leptos::wasm_bindgen::closure::Closure;
    use leptos::web_sys::{Document, Element, Event, HtmlInputElement, window};

    use super::{CardTexts, brand, caret, digits, expiry, grouped, is_complete, is_expiry, is_number};

    pub fn assist(texts: &CardTexts) {
        let Some(document) = window().and_then(|window| window.document()) else { return };
        number(&document, texts.number.clone());
        expiry_date(&document, texts.expiry.clone());
        code(&document, texts.code.clone());
    }

    fn number(document: &Document, wrong: String) {
        let Some(input) = field(document, "card_number") else { return };
        let page = document.clone();
        let typed = move |input: &HtmlInputElement| {
            let text = input.value();
            let at = input.selection_start().ok().flatten().and_then(|at| usize::try_from(at).ok());
            let before = digits(text.get(..at.unwrap_or(text.len())).unwrap_or(&text)).len();
            let number = digits(&text);
            let shown = grouped(&number);
            if shown != text {
                input.set_value(&shown);
                let at = u32::try_from(caret(&shown, before)).unwrap_or_default();
                let _ = input.set_selection_range(at, at);
            }
            show_brand(&page, brand(&number));
            if is_number(&number) {
                say(&page, input, None);
            } else if is_complete(&number) {
                say(&page, input, Some(&wrong));
            }
        };
        // What the browser has filled in before.
        if !input.value().is_empty() {
            typed(&input);
        }
        on(&input, "input", typed.clone());
        on(&input, "change", typed);
    }

    fn expiry_date(document: &Document, wrong: String) {
        let Some(input) = field(document, "expiry") else { return };
        let length = std::cell::Cell::new(input.value().len());
        let page = document.clone();
        on(&input, "input", move |input| {
            let text = input.value();
            let shown = expiry(&text, text.len() > length.get());
            if shown != text {
                input.set_value(&shown);
            }
            length.set(shown.len());
            if is_expiry(&shown) {
                say(&page, input, None);
            }
        });
        let page = document.clone();
        on(&input, "change", move |input| {
            let text = input.value();
            let is_wrong = !text.is_empty() && !is_expiry(&text);
            say(&page, input, is_wrong.then_some(wrong.as_str()));
        });
    }

    fn code(document: &Document, wrong: String) {
        let Some(input) = field(document, "security_code") else { return };
        let page = document.clone();
        on(&input, "change", move |input| {
            let text = input.value();
            let is_right = matches!(text.len(), 3 | 4) && digits(&text).len() == text.len();
            say(&page, input, (!text.is_empty() && !is_right).then_some(wrong.as_str()));
        });
    }

    fn field(document: &Document, id: &str) -> Option<HtmlInputElement> {
        document.get_element_by_id(id)?.dyn_into().ok()
    }

    fn on(input: &HtmlInputElement, event: &str, act: impl Fn(&HtmlInputElement) + 'static) {
        let target = input.clone();
        let listener = Closure::<dyn FnMut(Event)>::new(move |_| act(&target));
        let _ = input.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        // As long as the page.
        listener.forget();
    }

    /// Beside the number, for eyes; the number says it to everybody else.
    fn show_brand(document: &Document, brand: &str) {
        if let Some(input) = document.get_element_by_id("card_number")
            && let Some(parent) = input.parent_element()
        {
            let _ = if brand.is_empty() {
                parent.remove_attribute("data-brand")
            } else {
                parent.set_attribute("data-brand", brand)
            };
        }
    }

    /// Says what is wrong with a field, or that nothing is.
    fn say(document: &Document, input: &HtmlInputElement, wrong: Option<&str>) {
        let id = format!("{}-error", input.id());
        let found = document.get_element_by_id(&id);
        match (wrong, found) {
            (Some(text), Some(message)) => message.set_text_content(Some(text)),
            (Some(text), None) => add(document, input, &id, text),
            (None, Some(message)) => message.remove(),
            (None, None) => {}
        }
        let described = input.get_attribute("aria-describedby").unwrap_or_default();
        let mut ids: Vec<&str> = described.split(' ').filter(|other| !other.is_empty() && *other != id).collect();
        if wrong.is_some() {
            ids.push(&id);
        }
        let _ = if wrong.is_some() {
            input.set_attribute("aria-invalid", "true")
        } else {
            input.remove_attribute("aria-invalid")
        };
        let _ = input.set_attribute("aria-describedby", &ids.join(" "));
    }

    fn add(document: &Document, input: &HtmlInputElement, id: &str, text: &str) {
        let parts = document.create_element("p").ok().zip(input.closest(".field").ok().flatten());
        let Some((message, parent)): Option<(Element, Element)> = parts else { return };
        message.set_id(id);
        message.set_class_name("field-error");
        message.set_text_content(Some(text));
        // Heard as it appears: nobody has sent anything that would be answered.
        let _ = message.set_attribute("role", "alert");
        let _ = parent.append_child(&message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_grouped_as_on_its_card() {
        for (typed, shown, sign) in [
            ("4111111111111111", "4111 1111 1111 1111", "Visa"),
            ("411", "411", "Visa"),
            ("41111", "4111 1", "Visa"),
            ("378282246310005", "3782 822463 10005", "Amex"),
            ("5555555555554444", "5555 5555 5555 4444", "Mastercard"),
            ("6011111111111117", "6011 1111 1111 1117", "Discover"),
            ("62000000000000000039", "6200 0000 0000 0000 003", ""),
            ("", "", ""),
        ] {
            assert_eq!((grouped(typed).as_str(), brand(typed)), (shown, sign));
        }
    }

    #[test]
    fn a_wrong_digit_is_seen_once_the_number_is_complete() {
        assert!(is_number("4111111111111111") && is_number("378282246310005"));
        assert!(!is_number("4111111111111112") && !is_number("411111111111") && !is_number(""));
        assert!(is_complete("4111111111111112") && !is_complete("411111111111111") && is_complete("378282246310006"));
    }

    #[test]
    fn the_slash_of_an_expiry_comes_by_itself_and_can_be_deleted() {
        for (typed, is_typing, shown) in [
            ("0", true, "0"),
            ("09", true, "09/"),
            ("09", false, "09"),
            ("9", true, "09/"),
            ("09/2", true, "09/2"),
            ("0926", true, "09/26"),
            ("09 / 2026", true, "09/2026"),
            ("2030-12", true, "2030-12"),
            ("", false, ""),
        ] {
            assert_eq!(expiry(typed, is_typing), shown, "{typed}");
        }
        assert!(is_expiry("09/26") && is_expiry("09/2026") && !is_expiry("13/26") && !is_expiry("09/2"));
    }

    #[test]
    fn the_caret_stays_behind_its_digit() {
        assert_eq!((caret("4111 1", 4), caret("4111 1", 5), caret("4111 1", 0), caret("", 3)), (4, 6, 0, 0));
    }
}
