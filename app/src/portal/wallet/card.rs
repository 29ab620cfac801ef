//! A card.

use billing::sessions::Flash;
use domain::checks::Problems;
use domain::dates::Date;
use domain::wallet::{Card, CardNumber, Expiry, SecurityCode};
use leptos::prelude::*;
use texts::Texts;

use super::holder;
use crate::forms::Form;
use crate::islands::{CardAssist, CardTexts};
use crate::ui::{Field, Input};

#[component]
pub fn CardFields(t: Texts, flash: Option<Flash>) -> impl IntoView {
    let [holder, number, expiry, code] = inputs(t);
    let texts = CardTexts {
        number: t.card_number_wrong().to_owned(),
        expiry: t.expiry_wrong().to_owned(),
        code: t.security_code_wrong().to_owned(),
    };
    view! {
        <Field input=holder flash=flash.clone()/>
        <Field input=number flash=flash.clone()/>
        <div class="field-row">
            <Field input=expiry flash=flash.clone()/>
            <Field input=code flash/>
        </div>
        <CardAssist texts/>
    }
}

fn inputs(t: Texts) -> [Input; 4] {
    let holder = Input { length_max: Some(255), ..Input::text("cardholder", t.name_on_card(), "cc-name") };
    let number = Input {
        is_number: true,
        length_max: Some(23),
        icon: Some("card"),
        ..Input::text("card_number", t.card_number(), "cc-number")
    };
    let expiry = Input {
        is_number: true,
        length_max: Some(7),
        placeholder: Some(t.expiry_format()),
        ..Input::text("expiry", t.expiry_date(), "cc-exp")
    };
    let code = Input {
        is_number: true,
        length_max: Some(4),
        hint: Some(t.security_code_hint()),
        ..Input::text("security_code", t.security_code(), "cc-csc")
    };
    [holder, number, expiry, code]
}

/// The card, or everything that is wrong with it.
pub fn read(t: Texts, form: &Form, today: Date) -> Result<Card, Problems> {
    let mut problems = Problems::new();
    let holder = holder(t, form, "cardholder", &mut problems);
    let text = form.get("card_number").unwrap_or_default();
    let number = CardNumber::parse(text).ok();
    if number.is_none() {
        let message = if text.is_empty() { t.card_number_missing() } else { t.card_number_wrong() };
        problems.add("card_number", message);
    }
    let expiry = Expiry::parse(form.get("expiry").unwrap_or_default());
    match expiry {
        None => problems.add("expiry", t.expiry_wrong()),
        Some(expiry) if expiry.is_past(today) => problems.add("expiry", t.card_expired()),
        Some(_) => {}
    }
    let code = SecurityCode::parse(form.get("security_code").unwrap_or_default());
    if code.is_none() {
        problems.add("security_code", t.security_code_wrong());
    }
    match (number, expiry, code) {
        (Some(number), Some(expiry), Some(code)) => {
            let holder = Some(holder.to_owned());
            problems.result(Card { number, expiry, cvv: Some(code), holder, billing_address: None })
        }
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::wallet::again;

    const TODAY: Date = Date::new(2026, 9, 20);

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes())
    }

    fn read(form: &Form) -> Result<Card, Problems> {
        super::read(Texts::english(), form, TODAY)
    }

    #[test]
    fn a_right_card_is_read() {
        let form = form("cardholder=John+Doe&card_number=4111+1111+1111+1111&expiry=09%2F26&security_code=123");
        let card = read(&form).unwrap();
        assert_eq!(card.context(), "Visa: 1111");
        assert_eq!((card.expiry, card.holder.as_deref()), (Expiry { year: 2026, month: 9 }, Some("John Doe")));
    }

    #[test]
    fn every_problem_is_told_at_once_and_no_secret_with_it() {
        let form = form("cardholder=&card_number=4111111111111112&expiry=08%2F26&security_code=12&invoice=1019");
        let flash = again(Texts::english(), &form, &read(&form).unwrap_err());
        let fields: Vec<&str> = flash.messages.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["cardholder", "card_number", "expiry", "security_code"]);
        assert!(flash.is_error);
        assert_eq!(flash.values, [("cardholder".to_owned(), String::new()), ("expiry".to_owned(), "08/26".to_owned())]);
        assert!(!format!("{flash:?}").contains("4111"), "{flash:?}");
    }

    #[test]
    fn a_card_number_in_the_wrong_field_is_not_kept() {
        for field in ["cardholder", "expiry"] {
            let form = form(&format!("{field}=4111+1111+1111+1111"));
            let problems = read(&form).unwrap_err();
            assert!(problems.iter().any(|problem| problem.field == field));
            let flash = again(Texts::english(), &form, &problems);
            assert!(!format!("{flash:?}").contains("1111"), "{flash:?}");
        }
    }

    #[test]
    fn an_empty_number_is_asked_for() {
        let problems = read(&form("")).unwrap_err();
        let message = problems.iter().find(|problem| problem.field == "card_number").unwrap();
        assert_eq!(message.message, Texts::english().card_number_missing());
    }
}
