//! Where a method is kept for automatic payments: first, second or third choice.

use billing::portal::OnFile;
use billing::sessions::Flash;
use domain::organizations::CardSaving;
use domain::payment_methods::PREFERENCES;
use leptos::prelude::*;
use texts::Texts;

use crate::ui::{Choice, Input, Select};

/// A place, and what is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub number: i64,
    /// `Visa •••• 1111`
    pub holds: Option<String>,
}

pub fn places(t: Texts, methods: &[OnFile]) -> Vec<Place> {
    let holds = |number: i64| {
        let found = methods.iter().find(|on_file| on_file.method.preference == number);
        found.map(|on_file| t.method(&on_file.method.context()))
    };
    PREFERENCES.map(|number| Place { number, holds: holds(number) }).collect()
}

impl Place {
    pub fn label(&self, t: Texts) -> String {
        let choice = match self.number {
            1 => t.first_choice(),
            2 => t.second_choice(),
            _ => t.third_choice(),
        };
        match &self.holds {
            Some(method) => t.choice_replaces(choice, method),
            None => choice.to_owned(),
        }
    }
}

/// Whether and where a method is kept; nothing where the merchant keeps none. `wanted`: the place that a link names.
#[component]
pub fn KeepSelect(
    t: Texts,
    saving: CardSaving,
    places: Vec<Place>,
    wanted: Option<i64>,
    flash: Option<Flash>,
) -> impl IntoView {
    if saving == CardSaving::Never {
        return ().into_any();
    }
    let typed = flash.as_ref().and_then(|flash| flash.value("place")).map(str::to_owned);
    let free = places.iter().find(|place| place.holds.is_none()).map_or(1, |place| place.number);
    let default = wanted.or_else(|| (saving == CardSaving::Force).then_some(free)).map(|place| place.to_string());
    let chosen = typed.or(default).unwrap_or_default();
    let none = (saving == CardSaving::Offer).then(|| Choice::new("", t.keep_not(), chosen.is_empty()));
    let kept = places.into_iter().map(|place| {
        let number = place.number.to_string();
        let is_chosen = number == chosen;
        Choice::new(number, place.label(t), is_chosen)
    });
    let choices: Vec<Choice> = none.into_iter().chain(kept).collect();
    let hint = if saving == CardSaving::Force { t.keep_forced_hint() } else { t.keep_hint() };
    let input = Input { hint: Some(hint), ..Input::text("place", t.keep_for_autopay(), "off") };
    view! { <Select input options=choices flash/> }.into_any()
}
