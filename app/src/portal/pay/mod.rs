//! Paying in three steps: choose invoices or an amount, choose or enter a method, confirm. The address says what is
//! chosen, the session keeps the method's token; nothing is charged before the last step.

pub mod choose;
pub mod confirm;
pub mod method;

use billing::portal::Wish;
use domain::money::Currency;
use domain::typed_amounts::DecimalMark;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::Form;

/// What a form or an address asks to pay. `how=total`: what is chosen, whatever stands in the other field.
pub fn wish(t: Texts, currency: Currency, form: &Form) -> Wish {
    let is_total = form.get("how") == Some("total");
    let typed = form.get("amount").filter(|_| !is_total).map(|text| text.chars().take(AMOUNT_MAX).collect::<String>());
    let amount = match (form.get("how"), typed) {
        (Some("other"), typed) => Some(typed.unwrap_or_default()),
        (_, typed) => typed.filter(|text| !text.is_empty()),
    };
    Wish { invoices: form.all("invoice"), amount, mark: mark(t, currency) }
}

/// Characters of an amount that are looked at.
const AMOUNT_MAX: usize = 60;

pub fn mark(t: Texts, currency: Currency) -> DecimalMark {
    DecimalMark::of(&t.money_format(currency).decimal)
}

/// The frame of each step; `step` counts from 0.
#[component]
pub fn Flow(t: Texts, step: usize, children: Children) -> impl IntoView {
    let item = |(n, label): (usize, &'static str)| {
        let done = (n < step).then(|| view! { <span class="visually-hidden">", "{t.step_done()}</span> });
        let class = done.is_some().then_some("step-done");
        view! { <li class=class aria-current=(n == step).then_some("step")><span>{label}{done}</span></li> }
    };
    let steps = [t.invoices(), t.step_method(), t.step_confirm()];
    view! {
        <div class="flow">
            <h1 class="visually-hidden">{t.make_a_payment()}</h1>
            <ol class="steps" aria-label=t.steps()>{steps.into_iter().enumerate().map(item).collect_view()}</ol>
            {children()}
        </div>
    }
}
