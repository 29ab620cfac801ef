//! Step 3: what exactly is charged, with which card. Only this charges.

use billing::sessions::{Checkout, Flash, Paid};
use billing::{Error, Result};
use domain::money::Amount;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::Answer;
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::pay::Flow;
use crate::portal::payments::receipt_page;
use crate::ui::{Empty, Facts, Place, Tab, TokenField, query};

pub const HERE: Place = Place::new(Tab::Home, "pay/confirm");

pub fn load(portal: Portal) -> Result<Page> {
    if !portal.me.org.portal.allow_payments {
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
    let sum = t.money(portal.me.account.currency, Amount(checkout.amount_minor));
    let label = if checkout.invoices.len() == 1 { t.column_invoice() } else { t.invoices() };
    let expiry = format!("{:02}/{:02}", checkout.expiry_month, checkout.expiry_year % 100);
    let facts = vec![
        (t.step_card(), t.method(&checkout.context).into_any()),
        (t.card_expires(), expiry.into_any()),
        (label, checkout.invoices.join(", ").into_any()),
        (t.charged(), t.now_once().into_any()),
    ];
    let back = HERE.to(&query("pay/card", &checkout.invoices));
    let question = t.you_pay_merchant(&portal.me.org.name);
    view! {
        <Flow t step=2>
            <form class="card confirm" method="post">
                <TokenField token/>
                <h2 class="figure-label">{question}</h2>
                <p class="figure">{sum.clone()}</p>
                <Facts class="facts facts-ends" facts/>
                <div class="checkout-actions">
                    <button class="button button-primary button-large">{t.pay_amount(sum)}</button>
                    <a class="button button-large" href=back>{t.back()}</a>
                </div>
            </form>
        </Flow>
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
        return Ok(back(t, t.just_paid()));
    };
    match portal.me.confirm(checkout).await {
        Ok(payment) => {
            let receipt = Answer::to(receipt_page(portal, &payment.head.number));
            Ok(receipt.keeping(None).telling(Paid::of(&payment.head)))
        }
        Err(Error::Conflict(_)) => Ok(back(t, t.due_has_changed())),
        Err(Error::Refused(_)) => Ok(back(t, t.refused_text())),
        Err(Error::Invalid(_)) => Ok(back(t, t.paid_already())),
        Err(error) => Err(error),
    }
}

/// To the start; the card must be entered again.
fn back(t: Texts, message: &str) -> Answer {
    let flash = Flash {
        is_error: true,
        title: t.payment_not_made().to_owned(),
        messages: vec![(String::new(), message.to_owned())],
        values: Vec::new(),
    };
    Answer::to("pay").saying(flash).keeping(None)
}
