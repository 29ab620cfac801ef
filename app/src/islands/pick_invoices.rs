//! Choosing invoices to pay, with the total as it changes. Without script the same boxes and the
//! same button work; the total then comes with the next page.

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

/// An invoice to choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Choice {
    pub number: String,
    /// `Invoice 1019`
    pub title: String,
    /// `Outstanding`, and the badge's class for it.
    pub status: String,
    pub badge: String,
    pub due: String,
    pub amount: String,
    pub amount_minor: i64,
    pub is_chosen: bool,
}

/// What stands around the choices, in the customer's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Labels {
    pub question: String,
    /// `Selected invoices`, before their number.
    pub selected: String,
    /// `Another amount`, instead of them.
    pub other: String,
    pub go_on: String,
    pub update: String,
    /// Where the page is that shows the total.
    pub update_page: String,
}

/// How to write an amount of the invoices' currency; the same fields as the server's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoneyFormat {
    /// Before the digits: `$`
    pub positive: String,
    /// The same below zero: `-$`
    pub negative: String,
    /// Behind the digits: ` €`
    pub after: String,
    pub group: String,
    pub decimal: String,
    /// Numbers with fewer digits before the decimal separator are not grouped.
    pub grouped_from: usize,
    /// Digits behind the decimal separator.
    pub scale: u32,
}

impl MoneyFormat {
    /// `$1,234.50`
    pub fn text(&self, minor: i64) -> String {
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let digits = format!("{:0>width$}", minor.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let mut text = String::from(if minor < 0 { &self.negative } else { &self.positive });
        for (n, digit) in whole.chars().enumerate() {
            if whole.len() >= self.grouped_from && n > 0 && (whole.len() - n).is_multiple_of(3) {
                text.push_str(&self.group);
            }
            text.push(digit);
        }
        if scale > 0 {
            text.push_str(&self.decimal);
            text.push_str(fraction);
        }
        text.push_str(&self.after);
        text
    }

    /// What is typed as an amount, as far as it reads plainly. The server has the last word, and never another one.
    pub fn minor(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let text = text.strip_prefix(self.positive.trim()).unwrap_or(text);
        let text = text.strip_suffix(self.after.trim()).unwrap_or(text).trim();
        let mark = text.rfind(['.', ',']).filter(|at| self.is_mark(text, *at));
        let (whole, fraction) = mark.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let is_fraction = fraction.len() <= scale && fraction.is_empty() == mark.is_none();
        let whole = ungrouped(whole).filter(|_| is_fraction)?;
        let digits = format!("{whole}{fraction:0<scale$}");
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    }

    /// Whether the last point or comma begins the decimals: before three digits only where it does so in this language.
    fn is_mark(&self, text: &str, at: usize) -> bool {
        let (sign, other) = if text[at..].starts_with('.') { (".", ',') } else { (",", '.') };
        let is_known = self.decimal == sign || text.contains(other) || text.len() - at != 4;
        is_known && text.matches(sign).count() == 1
    }
}

/// Without what stands every three digits, if that is one sign.
fn ungrouped(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is_one_sign = signs.iter().all(|sign| *sign == signs[0] && ".,' \u{a0}\u{202f}".contains(*sign));
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let is_grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (is_one_sign && is_grouped && !groups[0].is_empty()).then(|| groups.concat())
}

/// The inside of the form. `is_fixed`: everything is paid at once, there is nothing to choose. `may_be_none`: an amount
/// can be paid without choosing; `typed`: what was asked for is another amount.
#[island]
pub fn PickInvoices(
    choices: Vec<Choice>,
    money: MoneyFormat,
    labels: Labels,
    is_fixed: bool,
    may_be_none: bool,
    typed: Option<String>,
) -> impl IntoView {
    let chosen = RwSignal::new(choices.iter().map(|choice| choice.is_chosen).collect::<Vec<_>>());
    let (count, total) = totals(&choices, chosen);
    // Only where script runs may the button refuse: elsewhere nothing would enable it again.
    let is_live = RwSignal::new(false);
    let typed = RwSignal::new(typed);
    let bar = NodeRef::<html::Div>::new();
    let boxes: Vec<NodeRef<html::Input>> = choices.iter().map(|_| NodeRef::new()).collect();
    let seen = boxes.clone();
    Effect::new(move |_| {
        // Boxes may have been used before this code arrived, or been restored by "Back".
        for (n, input) in seen.iter().enumerate() {
            if let Some(input) = input.get() {
                chosen.update(|chosen| chosen[n] = input.checked());
            }
        }
        if let Some(bar) = bar.get() {
            live::follow(&bar, typed);
        }
        is_live.set(true);
    });
    let rows = choices.into_iter().zip(boxes).enumerate();
    let rows =
        rows.map(|(n, (choice, input))| row(choice, is_fixed, input, move |is_on| chosen.update(|c| c[n] = is_on)));
    let update = update_button(&labels.update, &labels.update_page);
    let sum = sum((labels.selected, labels.other), money, (count, total), typed);
    view! {
        <fieldset>
            <legend class="section-head"><h2>{labels.question}</h2></legend>
            <ul class="choices">{rows.collect_view()}</ul>
        </fieldset>
        <div class="total-bar" node_ref=bar>
            {sum}
            <div class="cluster cluster-wide">
                <noscript inner_html=update></noscript>
                <button class="button button-primary button-large" disabled=move || is_live.get() && !may_be_none && count.get() == 0>
                    {labels.go_on}
                </button>
            </div>
        </div>
    }
}

/// How many are chosen, and what they come to.
fn totals(choices: &[Choice], chosen: RwSignal<Vec<bool>>) -> (Memo<usize>, Memo<i64>) {
    let amounts: Vec<i64> = choices.iter().map(|choice| choice.amount_minor).collect();
    let count = Memo::new(move |_| chosen.read().iter().filter(|is_chosen| **is_chosen).count());
    let total = Memo::new(move |_| {
        let chosen = chosen.read();
        amounts.iter().zip(chosen.iter()).filter(|(_, is_chosen)| **is_chosen).map(|(amount, _)| amount).sum::<i64>()
    });
    (count, total)
}

/// What is chosen and comes to, or the other amount.
fn sum(
    (selected, other): (String, String),
    money: MoneyFormat,
    (count, total): (Memo<usize>, Memo<i64>),
    typed: RwSignal<Option<String>>,
) -> impl IntoView {
    let label = move || match typed.get() {
        Some(_) => other.clone(),
        None => format!("{selected}: {}", count.get()),
    };
    let amount = move || match typed.get() {
        Some(text) => money.minor(&text).map_or_else(|| "–".to_owned(), |minor| money.text(minor)),
        None => money.text(total.get()),
    };
    view! {
        <p class="total-bar-sum" aria-live="polite">
            <span class="muted">{label}</span>
            <output class="amount">{amount}</output>
        </p>
    }
}

/// The page again, with what is chosen now and its total. As HTML: browsers that run script read it as text.
fn update_button(label: &str, page: &str) -> String {
    let label = label.replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<button class="button button-large" formaction="{page}">{label}</button>"#)
}

fn row(choice: Choice, is_fixed: bool, input: NodeRef<html::Input>, change: impl Fn(bool) + 'static) -> impl IntoView {
    // A disabled box is not sent with the form.
    let sent = is_fixed.then(|| view! { <input type="hidden" name="invoice" value=choice.number.clone()/> });
    view! {
        <li>
            <label class="choice">
                <input
                    class="check-box"
                    type="checkbox"
                    name="invoice"
                    value=choice.number.clone()
                    checked=choice.is_chosen
                    disabled=is_fixed
                    node_ref=input
                    on:change=move |event| change(event_target_checked(&event))
                />
                <span>
                    <span class="choice-title">
                        {choice.title}" "
                        <span class=format!("badge badge-{}", choice.badge)>{choice.status}</span>
                    </span>
                    <span class="choice-detail">{choice.due}</span>
                </span>
                <span class="amount">{choice.amount}</span>
            </label>
            {sent}
        </li>
    }
}

/// What touches the page.
mod live {
    use leptos::prelude::{RwSignal, Set};
    use leptos::wasm_bindgen::JsCast;
    use leptos::wasm_bindgen::closure::Closure;
    use leptos::web_sys::{Element, Event, HtmlInputElement};

    /// The other amount, which the server has put elsewhere into the form, as it is typed.
    pub fn follow(bar: &Element, typed: RwSignal<Option<String>>) {
        let Ok(Some(form)) = bar.closest("form") else { return };
        let Some(other) = input(&form, "[name=how][value=other]") else { return };
        let Some(amount) = input(&form, "[name=amount]") else { return };
        let read = move || typed.set(other.checked().then(|| amount.value()));
        // Where "Back" has restored it.
        read();
        let listener = Closure::<dyn FnMut(Event)>::new(move |_| read());
        let _ = form.add_event_listener_with_callback("input", listener.as_ref().unchecked_ref());
        // As long as the page.
        listener.forget();
    }

    fn input(form: &Element, css: &str) -> Option<HtmlInputElement> {
        form.query_selector(css).ok()??.dyn_into().ok()
    }
}
