//! Step 3: what exactly is charged, to whom, with what. Only this charges.

use billing::portal::CannotPay;
use billing::sessions::{Checkout, CheckoutMethod, Flash, Paid};
use billing::{Error, Result};
use domain::money::{Amount, Currency};
use leptos::prelude::*;
use texts::Texts;

use crate::forms::Answer;
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::pay::Flow;
use crate::portal::pay::method::refusal;
use crate::portal::payments::receipt_page;
use crate::ui::{BusyNote, Empty, Fact, Facts, Place, Tab, TokenField, query};

pub const HERE: Place = Place::new(Tab::Home, "pay/confirm");

pub fn load(portal: Portal) -> Result<Page> {
    if !portal.me.may_pay() {
        return Err(Error::NotFound("page"));
    }
    let content = move |portal: &Portal| match &portal.checkout {
        Some(checkout) => question(portal, checkout).into_any(),
        None => nothing(portal.texts).into_any(),
    };
    let title = portal.texts.confirm_the_payment();
    Ok(Page::signed_in(portal, HERE, title, content))
}

fn question(portal: &Portal, checkout: &Checkout) -> impl IntoView + use<> {
    let t = portal.texts;
    let token = portal.form_token.clone();
    let currency = portal.me.account.currency;
    let question = t.you_pay_merchant(&portal.me.org.name);
    let back = HERE.to(&query("pay", &checkout.invoices));
    let sum = t.money(currency, Amount(checkout.amount_minor));
    let facts = facts(t, currency, checkout);
    view! {
        <Flow t step=2>
            <Question t token question sum facts back/>
        </Flow>
    }
}

/// What is confirmed by a press. Also of who pays without a login.
#[component]
pub fn Question(
    t: Texts,
    token: String,
    question: String,
    sum: String,
    facts: Vec<Fact>,
    back: String,
) -> impl IntoView {
    view! {
        <form class="card confirm" method="post">
            <TokenField token/>
            <h2 class="figure-label">{question}</h2>
            <p class="figure">{sum.clone()}</p>
            <Facts class="facts facts-ends" facts/>
            <BusyNote text=t.payment_being_confirmed()/>
            <div class="checkout-actions">
                <button class="button button-primary button-large">{t.pay_amount(sum)}</button>
                <a class="button button-large" href=back>{t.back()}</a>
            </div>
        </form>
    }
}

/// Invoices that are named; more are counted.
const NAMED_MAX: usize = 12;

pub fn facts(t: Texts, currency: Currency, checkout: &Checkout) -> Vec<Fact> {
    let mut facts = vec![(t.column_method(), t.method(checkout.method.context()).into())];
    if let CheckoutMethod::New { expiry: Some((year, month)), .. } = &checkout.method {
        facts.push((t.card_expires(), format!("{month:02}/{:02}", year % 100).into()));
    }
    match checkout.invoices.as_slice() {
        [] => {}
        [one] => facts.push((t.column_invoice(), one.as_str().into())),
        many if many.len() <= NAMED_MAX => facts.push((t.invoices(), many.join(", ").into())),
        many => facts.push((t.invoices(), t.number(i64::try_from(many.len()).unwrap_or(i64::MAX)).into())),
    }
    let rest = Amount(checkout.due_minor - checkout.amount_minor);
    if rest.is_positive() {
        facts.push((t.still_due_after(), t.money(currency, rest).into()));
    } else if !rest.is_zero() {
        facts.push((t.kept_as_credit(), t.money(currency, -rest).into()));
    }
    if let CheckoutMethod::New { keep: Some(place), .. } = &checkout.method {
        facts.push((t.autopay(), choice(t, *place).into()));
    }
    facts.push((t.charged(), t.now_once().into()));
    facts
}

fn choice(t: Texts, place: i64) -> &'static str {
    match place {
        1 => t.saved_as_first_choice(),
        2 => t.saved_as_second_choice(),
        _ => t.saved_as_third_choice(),
    }
}

fn nothing(t: Texts) -> impl IntoView {
    view! {
        <h1 class="visually-hidden">{t.make_a_payment()}</h1>
        <Empty icon="card" title=t.nothing_to_confirm() text=t.nothing_to_confirm_text()/>
        <div class="cluster cluster-wide">
            <a class="button button-primary" href=HERE.to("pay")>{t.choose_what_to_pay()}</a>
        </div>
    }
}

/// Pays what was shown.
pub async fn confirm(portal: &Portal) -> Result<Answer> {
    let t = portal.texts;
    let Some(checkout) = &portal.checkout else {
        return Ok(Answer::to("pay").saying(just_paid(t)).keeping(None));
    };
    match portal.me.confirm(checkout).await {
        Ok(payment) => {
            let receipt = Answer::to(receipt_page(portal, &payment.head.number));
            Ok(receipt.keeping(None).telling(Paid::of(&payment.head)))
        }
        Err(CannotPay::Failed(error)) => Err(error),
        // The method must be entered again.
        Err(why) => Ok(Answer::to("pay").saying(refusal(t, portal.me.account.currency, &why)?).keeping(None)),
    }
}

fn just_paid(t: Texts) -> Flash {
    Flash {
        is_error: true,
        title: t.payment_not_made().to_owned(),
        messages: vec![(String::new(), t.just_paid().to_owned())],
        values: Vec::new(),
    }
}
