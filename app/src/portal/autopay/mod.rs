//! Automatic payments: what is on file in its order, and what is charged to it next.

pub mod method;
pub mod remove;

use billing::portal::{Autopay, CannotKeep, MethodState, Next, OnFile};
use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::ids::PaymentMethodId;
use domain::organizations::PortalMethod;
use domain::payment_methods::PREFERENCES;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::pay::method::detail;
use crate::portal::wallet::{self, places};
use crate::ui::{Badge, Empty, Icon, Place, Status, Tab, TokenField};

pub const HERE: Place = Place::new(Tab::Account, "autopay");

pub async fn load(portal: Portal) -> Result<Page> {
    let autopay = portal.me.autopay().await?;
    let title = portal.texts.autopay();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &autopay)))
}

fn content(portal: &Portal, autopay: &Autopay) -> impl IntoView + use<> {
    let t = portal.texts;
    let list = if autopay.methods.is_empty() {
        view! { <Empty icon="card" title=t.no_methods() text=t.no_methods_text() nested=true/> }.into_any()
    } else {
        let last = autopay.methods.last().map_or(1, |on_file| on_file.method.preference);
        let rows = autopay.methods.iter().map(|on_file| row(portal, autopay, on_file, last)).collect_view();
        view! { <ol class="methods">{rows}</ol> }.into_any()
    };
    view! {
        <div class="page-head">
            <div>
                <h1>{t.autopay()}</h1>
                <p class="page-intro">{t.autopay_intro(&portal.me.org.name)}</p>
            </div>
        </div>
        <section class="card card-tinted next-charge" aria-labelledby="next">
            <h2 class="figure-label" id="next">{t.what_happens_next()}</h2>
            {next(portal, autopay)}
        </section>
        <section class="section" aria-labelledby="methods">
            <div class="section-head"><h2 id="methods">{t.methods_on_file()}</h2></div>
            {list}
            {adding(portal, autopay)}
            {(!autopay.methods.is_empty()).then(|| view! { <p class="muted">{off(t, autopay)}</p> })}
        </section>
    }
}

fn off(t: Texts, autopay: &Autopay) -> &'static str {
    if autopay.keeps_one { t.autopay_stays_on() } else { t.autopay_off_hint() }
}

fn next(portal: &Portal, autopay: &Autopay) -> impl IntoView + use<> {
    let t = portal.texts;
    let currency = portal.me.account.currency;
    let first = autopay.methods.iter().find(|on_file| on_file.state.is_tried());
    let first = first.map(|on_file| t.method(&on_file.method.context())).unwrap_or_default();
    let (figure, text) = match autopay.next {
        Next::Nothing => (None, t.next_nothing().to_owned()),
        Next::Suspended => (None, t.next_suspended().to_owned()),
        Next::Stopped => (None, t.next_stopped().to_owned()),
        Next::NextInvoice => (None, t.next_invoice(first)),
        Next::Charge(charge) => (Some(t.money(currency, charge.amount)), t.next_charge(t.day(charge.on), first)),
        Next::Installment(charge) if charge.amount.is_zero() => (None, t.next_installment_free(t.day(charge.on))),
        Next::Installment(charge) => {
            (Some(t.money(currency, charge.amount)), t.next_installment(t.day(charge.on), first))
        }
    };
    let plan = matches!(autopay.next, Next::Installment(_));
    view! {
        {figure.map(|figure| view! { <p class="figure">{figure}</p> })}
        <p>{text}</p>
        {plan.then(|| view! { <p><a href=HERE.to("plan")>{t.see_payment_plan()}</a></p> })}
    }
}

fn row(portal: &Portal, autopay: &Autopay, on_file: &OnFile, last: i64) -> impl IntoView + use<> {
    let t = portal.texts;
    let method = &on_file.method;
    let name = t.method(&method.context());
    let choice = match method.preference {
        1 => t.first_choice(),
        2 => t.second_choice(),
        _ => t.third_choice(),
    };
    let badge = match on_file.state {
        MethodState::Good => None,
        MethodState::ExpiresSoon => Some(Status { label: t.expires_soon(), class: "outstanding" }),
        MethodState::Expired => Some(Status { label: t.expired(), class: "overdue" }),
        MethodState::Refused => Some(Status { label: t.status_declined(), class: "declined" }),
        MethodState::NotCharged => Some(Status { label: t.not_charged(), class: "cancelled" }),
    };
    let kind = on_file.kind().filter(|kind| autopay.may_keep && portal.me.takes(*kind));
    let replace = kind.map(|kind| {
        let link = HERE.to(&format!("{}?place={}", method::page(kind), method.preference));
        view! { <a class="button button-small" href=link aria-label=t.replace_method(&name)>{t.replace()}</a> }
    });
    let remove = HERE.to(&format!("autopay/remove?method={}", method.id));
    let place = method.preference;
    let up =
        (place > *PREFERENCES.start()).then(|| mover(portal, on_file, place - 1, (t.earlier(), t.move_earlier(&name))));
    let down = (place < last).then(|| mover(portal, on_file, place + 1, (t.later(), t.move_later(&name))));
    view! {
        <li class="method">
            <Icon name="card"/>
            <div>
                <p class="choice-title">{name.clone()}" "{badge.map(|status| view! { <Badge status/> })}</p>
                <p class="choice-detail">{choice}{detail(t, on_file).map(|text| format!(" · {text}"))}</p>
            </div>
            <div class="cluster">
                {up}
                {down}
                {replace}
                <a class="button button-small" href=remove aria-label=t.remove_method(&name)>{t.remove()}</a>
            </div>
        </li>
    }
}

fn mover(portal: &Portal, on_file: &OnFile, to: i64, (label, said): (&'static str, String)) -> impl IntoView + use<> {
    let token = portal.form_token.clone();
    view! {
        <form method="post">
            <TokenField token/>
            <input type="hidden" name="method" value=on_file.method.id.to_string()/>
            <input type="hidden" name="to" value=to.to_string()/>
            <button class="button button-small" aria-label=said>{label}</button>
        </form>
    }
}

fn adding(portal: &Portal, autopay: &Autopay) -> Option<impl IntoView + use<>> {
    let t = portal.texts;
    let free = places(t, &autopay.methods).into_iter().find(|place| place.holds.is_none())?;
    let link = move |kind: PortalMethod, label: &'static str| {
        let link = HERE.to(&format!("{}?place={}", method::page(kind), free.number));
        view! { <a class="button" href=link>{label}</a> }
    };
    let me = portal.me.clone();
    let takes = |kind| autopay.may_keep && me.takes(kind);
    let card = takes(PortalMethod::Card).then(|| link(PortalMethod::Card, t.add_card()));
    let account = takes(PortalMethod::Ach).then(|| link(PortalMethod::Ach, t.add_bank_account()));
    Some(view! { <div class="cluster cluster-wide methods-add">{card}{account}</div> })
}

/// Puts a method earlier or later.
pub async fn change_place(portal: &Portal, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let number = |name: &str| form.get(name).and_then(|number| number.parse::<i64>().ok());
    let (Some(id), Some(to)) = (number("method"), number("to")) else {
        return Ok(Answer::to(HERE.page).saying(refusal(portal, &CannotKeep::Gone)?));
    };
    match portal.me.move_method(PaymentMethodId(id), to).await {
        Ok(()) => Ok(Answer::to(HERE.page).saying(done(t.method_moved()))),
        Err(why) => Ok(Answer::to(HERE.page).saying(refusal(portal, &why)?)),
    }
}

/// What was done.
pub fn done(title: &str) -> Flash {
    Flash { is_error: false, title: title.to_owned(), ..Flash::default() }
}

/// Why nothing is kept, moved or removed; what failed is no such thing.
pub fn refusal(portal: &Portal, why: &CannotKeep) -> Result<Flash> {
    let t = portal.texts;
    let (field, text) = match why {
        CannotKeep::IsLast => ("", t.last_method_stays().to_owned()),
        CannotKeep::Gone => ("", t.method_gone().to_owned()),
        CannotKeep::Pay(why) => wallet::why(t, portal.me.account.currency, why)
            .ok_or_else(|| Error::bug(format!("a failure was to be told as a refusal: {why:?}")))?,
    };
    Ok(complaint(t.nothing_changed(), &Problems::one(field, text)))
}
