//! Step 3: what exactly is charged, with which card. Only this charges.

use billing::display::context;
use billing::sessions::{Checkout, Flash};
use billing::{Error, Result};
use domain::money::Amount;
use leptos::prelude::*;

use crate::forms::Answer;
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::pay::Flow;
use crate::ui::{Empty, Facts, Place, Tab, TokenField, amount, payment_page, query};

pub const HERE: Place = Place::new(Tab::Home, "pay/confirm");

pub fn load(portal: Portal) -> Result<Page> {
    if !portal.me.org.portal.allow_payments {
        return Err(Error::NotFound("page"));
    }
    let content = move |portal: &Portal| match &portal.checkout {
        Some(checkout) => question(portal, checkout).into_any(),
        None => nothing().into_any(),
    };
    Ok(Page::signed_in(portal, HERE, "Confirm the payment", content))
}

fn question(portal: &Portal, checkout: &Checkout) -> impl IntoView + use<> {
    let org = portal.me.org.name.clone();
    let token = portal.form_token.clone();
    let sum = amount(portal.me.account.currency, Amount(checkout.amount_minor));
    let label = if checkout.invoices.len() == 1 { "Invoice" } else { "Invoices" };
    let expiry = format!("{:02}/{:02}", checkout.expiry_month, checkout.expiry_year % 100);
    let facts = vec![
        ("Card", context(&checkout.context).into_any()),
        ("Expires", expiry.into_any()),
        (label, checkout.invoices.join(", ").into_any()),
        ("Charged", "Now, once".into_any()),
    ];
    let back = HERE.to(&query("pay/card", &checkout.invoices));
    view! {
        <Flow step=2>
            <form class="card confirm" method="post">
                <TokenField token/>
                <h2 class="figure-label">{format!("You pay {org}")}</h2>
                <p class="figure">{sum.clone()}</p>
                <Facts class="facts facts-ends" facts/>
                <div class="checkout-actions">
                    <button class="button button-primary button-large">{format!("Pay {sum}")}</button>
                    <a class="button button-large" href=back>"Back"</a>
                </div>
            </form>
        </Flow>
    }
}

fn nothing() -> impl IntoView {
    let text = "If you have just paid, look at your payments. Otherwise choose what to pay.";
    view! {
        <h1 class="visually-hidden">"Make a payment"</h1>
        <Empty icon="card" title="There is nothing to confirm" text/>
        <div class="cluster cluster-wide">
            <a class="button button-primary" href=HERE.to("pay")>"Choose what to pay"</a>
        </div>
    }
}

/// Pays what was shown.
pub async fn confirm(portal: &Portal) -> Result<Answer> {
    let Some(checkout) = &portal.checkout else {
        return Ok(back("If you have just paid, your payment is among your payments."));
    };
    match portal.me.confirm(checkout).await {
        Ok(payment) => Ok(Answer::to(payment_page(&payment.head.number)).keeping(None)),
        Err(Error::Conflict(message) | Error::Refused(message)) => Ok(back(&message)),
        Err(Error::Invalid(_)) => Ok(back("What was chosen is paid already, or being paid right now.")),
        Err(error) => Err(error),
    }
}

/// To the start; the card must be entered again.
fn back(message: &str) -> Answer {
    let flash = Flash {
        is_error: true,
        title: "This payment was not made".to_owned(),
        messages: vec![(String::new(), message.to_owned())],
        values: Vec::new(),
    };
    Answer::to("pay").saying(flash).keeping(None)
}
