//! Step 2: the card. Its number and security code go to the processor and nowhere else: not into
//! the session, not back into the form, not into a message.

use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::contacts::NAME_MAX;
use domain::dates::Date;
use domain::invoices::Invoice;
use domain::money::Amount;
use domain::wallet::{Card, CardNumber, Expiry, SecurityCode};
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::{Asked, Failure, Page};
use crate::portal::pay::Flow;
use crate::ui::{Field, Icon, Input, Place, Problems as Complaint, Tab, TokenField, query};

pub const HERE: Place = Place::new(Tab::Home, "pay/card");

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let numbers = asked.invoices();
    match portal.me.chosen(&numbers).await {
        Ok(chosen) => Ok(form_page(portal, chosen)),
        Err(error @ Error::Invalid(_)) => {
            let t = portal.texts;
            let status = Failure::of(t, &error).status;
            let content = move |_: &Portal| nothing_chosen(t);
            Ok(Page::signed_in(portal, HERE, &t.error_title(t.choose_invoices()), content).with_status(status))
        }
        Err(error) => Err(error),
    }
}

fn form_page(mut portal: Portal, chosen: Vec<Invoice>) -> Page {
    // Shown inside the form, where it belongs to the fields.
    let flash = portal.flash.take();
    let t = portal.texts;
    let is_wrong = flash.as_ref().is_some_and(|flash| flash.is_error);
    let title = if is_wrong { t.error_title(t.card_details()) } else { t.card_details().to_owned() };
    Page::signed_in(portal, HERE, &title, move |portal| {
        let numbers: Vec<String> = chosen.iter().map(|invoice| invoice.number.clone()).collect();
        let summary = summary(t, &portal.me.org.name, &chosen);
        let token = portal.form_token.clone();
        view! {
            <Flow t step=1>
                <div class="checkout">
                    {summary}
                    <CardForm t token numbers flash/>
                </div>
            </Flow>
        }
    })
}

fn summary(t: Texts, org: &str, chosen: &[Invoice]) -> impl IntoView + use<> {
    let total: Amount = chosen.iter().map(Invoice::payable).sum();
    let row = |invoice: &Invoice| {
        let sum = t.money(invoice.currency, invoice.payable());
        view! { <div><dt>{t.invoice_number(&invoice.number)}</dt><dd><span class="amount">{sum}</span></dd></div> }
    };
    let total = chosen.first().map(|first| t.money(first.currency, total));
    view! {
        <aside class="card card-tinted checkout-summary" aria-labelledby="summary">
            <h2 class="figure-label" id="summary">{t.you_pay_merchant(org)}</h2>
            <p class="figure">{total}</p>
            <dl class="facts facts-ends">{chosen.iter().map(row).collect_view()}</dl>
        </aside>
    }
}

#[component]
fn CardForm(t: Texts, token: String, numbers: Vec<String>, flash: Option<Flash>) -> impl IntoView {
    let back = HERE.to(&query("pay", &numbers));
    let [holder, number, expiry, code] = inputs(t);
    let chosen = |number| view! { <input type="hidden" name="invoice" value=number/> };
    view! {
        <form class="checkout-form" method="post" autocomplete="on" novalidate>
            {flash.clone().map(|flash| view! { <Complaint flash/> })}
            <TokenField token/>
            {numbers.into_iter().map(chosen).collect_view()}
            <h2>{t.card_details()}</h2>
            <Field input=holder flash=flash.clone()/>
            <Field input=number flash=flash.clone()/>
            <div class="field-row">
                <Field input=expiry flash=flash.clone()/>
                <Field input=code flash/>
            </div>
            <p class="assurance">
                <Icon name="lock"/>
                " "
                <span>{t.card_assurance()}</span>
            </p>
            <div class="checkout-actions">
                <button class="button button-primary button-large">{t.go_on()}</button>
                <a class="button button-large" href=back>{t.back()}</a>
            </div>
        </form>
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

fn nothing_chosen(t: Texts) -> impl IntoView {
    view! {
        <Flow t step=0>
            <div class="alert alert-error" role="alert"><Icon name="alert"/><p>{t.choose_one()}</p></div>
            <a class="button button-primary" href=HERE.to("pay")>{t.choose_invoices()}</a>
        </Flow>
    }
}

/// Has the processor keep the card, and goes on to the confirmation.
pub async fn enter_card(portal: &Portal, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let numbers = form.all("invoice");
    let today = portal.me.billing.today(&portal.me.org);
    let card = match card(t, form, today) {
        Ok(card) => card,
        Err(problems) => return Ok(again(t, &numbers, form, &problems)),
    };
    match portal.me.check_out(&numbers, &card).await {
        Ok(checkout) => Ok(Answer::to("pay/confirm").keeping(Some(checkout))),
        Err(Error::Invalid(problems)) if problems.iter().any(|problem| problem.field == "invoice") => {
            let problems = Problems::one("", t.choose_one());
            Ok(Answer::to("pay").saying(complaint(t.nothing_chosen(), &problems)))
        }
        Err(Error::Invalid(problems)) => Ok(again(t, &numbers, form, &problems)),
        Err(Error::Unavailable(cause)) => {
            tracing::warn!(%cause, "card not kept");
            let problems = Problems::one("", t.nothing_charged_try_again());
            let flash = complaint(t.card_not_checked(), &problems);
            Ok(Answer::to(query("pay/card", &numbers)).saying(Flash { values: typed(form), ..flash }))
        }
        Err(error) => Err(error),
    }
}

/// The card, or everything that is wrong with it.
fn card(t: Texts, form: &Form, today: Date) -> Result<Card, Problems> {
    let mut problems = Problems::new();
    let holder = form.get("cardholder").unwrap_or_default();
    if holder.is_empty() {
        problems.add("cardholder", t.holder_missing());
    } else if holder.chars().count() > NAME_MAX || is_secret(holder) {
        problems.add("cardholder", t.holder_wrong());
    }
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

/// Back to the form, which tells what to correct.
fn again(t: Texts, numbers: &[String], form: &Form, problems: &Problems) -> Answer {
    let count = i64::try_from(problems.iter().count()).unwrap_or(i64::MAX);
    let flash = complaint(t.correct_fields(count), problems);
    Answer::to(query("pay/card", numbers)).saying(Flash { values: typed(form), ..flash })
}

/// What may be filled in again.
fn typed(form: &Form) -> Vec<(String, String)> {
    ["cardholder", "expiry"]
        .into_iter()
        .filter_map(|name| Some((name, form.get(name)?)))
        .filter(|(_, value)| !is_secret(value) && value.chars().count() <= NAME_MAX)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Looks like a card number in the wrong field: it must not be kept.
fn is_secret(text: &str) -> bool {
    const DIGITS_MAX: usize = 8;
    text.chars().filter(|c| c.is_numeric()).count() > DIGITS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::new(2026, 9, 20);

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes())
    }

    #[test]
    fn a_right_card_is_read() {
        let form = form("cardholder=John+Doe&card_number=4111+1111+1111+1111&expiry=09%2F26&security_code=123");
        let card = card(Texts::english(), &form, TODAY).unwrap();
        assert_eq!(card.context(), "Visa: 1111");
        assert_eq!((card.expiry, card.holder.as_deref()), (Expiry { year: 2026, month: 9 }, Some("John Doe")));
    }

    #[test]
    fn every_problem_is_told_at_once_and_no_secret_with_it() {
        let form = form("cardholder=&card_number=4111111111111112&expiry=08%2F26&security_code=12&invoice=1019");
        let problems = card(Texts::english(), &form, TODAY).unwrap_err();
        let answer = again(Texts::english(), &form.all("invoice"), &form, &problems);
        let flash = answer.flash.clone().unwrap();
        let fields: Vec<&str> = flash.messages.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["cardholder", "card_number", "expiry", "security_code"]);
        assert_eq!((answer.to.as_str(), flash.is_error), ("pay/card?invoice=1019", true));
        assert_eq!(flash.values, [("cardholder".to_owned(), String::new()), ("expiry".to_owned(), "08/26".to_owned())]);
        assert!(!format!("{answer:?}").contains("4111"), "{answer:?}");
    }

    #[test]
    fn a_card_number_in_the_wrong_field_is_not_kept() {
        for field in ["cardholder", "expiry"] {
            let form = form(&format!("{field}=4111+1111+1111+1111"));
            let problems = card(Texts::english(), &form, TODAY).unwrap_err();
            assert!(problems.iter().any(|problem| problem.field == field));
            let answer = again(Texts::english(), &[], &form, &problems);
            assert!(!format!("{answer:?}").contains("1111"), "{answer:?}");
        }
    }

    #[test]
    fn an_empty_number_is_asked_for() {
        let problems = card(Texts::english(), &form(""), TODAY).unwrap_err();
        let message = problems.iter().find(|problem| problem.field == "card_number").unwrap();
        assert_eq!(message.message, "Enter the card number.");
    }
}
