//! Paying in three steps: choose invoices, enter a card, confirm. The address says what is chosen,
//! the session keeps the card's token; nothing is charged before the last step.

pub mod card;
pub mod choose;
pub mod confirm;

use leptos::prelude::*;
use texts::Texts;

/// The frame of each step; `step` counts from 0.
#[component]
fn Flow(t: Texts, step: usize, children: Children) -> impl IntoView {
    let item = |(n, label): (usize, &'static str)| {
        let done = (n < step).then(|| view! { <span class="visually-hidden">", "{t.step_done()}</span> });
        let class = done.is_some().then_some("step-done");
        view! { <li class=class aria-current=(n == step).then_some("step")><span>{label}{done}</span></li> }
    };
    view! {
        <div class="flow">
            <h1 class="visually-hidden">{t.make_a_payment()}</h1>
            <ol class="steps" aria-label=t.steps()>{[t.invoices(), t.step_card(), t.step_confirm()].into_iter().enumerate().map(item).collect_view()}</ol>
            {children()}
        </div>
    }
}
