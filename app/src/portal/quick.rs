//! Quick pay: one invoice is paid without a login, and nothing else is shown (`api.md` §8.2).

use std::sync::Arc;

use billing::portal::{CannotPay, NewMethod};
use billing::quick_pay::Payer;
use billing::sessions::{Checkout, Flash, Paid};
use billing::{Error, Result};
use domain::checks::Problems;
use domain::money::Amount;
use domain::organizations::{Organization, PortalMethod};
use domain::payments::{FullPayment, PaymentStatus};
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form, complaint};
use crate::page::{Failure, Page};
use crate::portal::in_language;
use crate::portal::pay::Flow;
use crate::portal::pay::confirm::{Question, facts};
use crate::portal::pay::method::{refusal, summary};
use crate::portal::payments::one::{Ending, what_and_how};
use crate::portal::wallet::{self, MethodFields};
use crate::ui::{
    Bare, Empty, Facts, Field, Icon, Input, PrintButton, Problems as Complaint, ResultPage, TokenField,
    back_to_merchant, badge, payment_badge,
};

/// Who pays one invoice: the right to, and what the short session keeps.
#[derive(Clone)]
pub struct Quick {
    pub payer: Payer,
    pub texts: Texts,
    pub form_token: String,
    pub flash: Option<Flash>,
    pub checkout: Option<Checkout>,
    /// The number of the payment that was made.
    pub payment: Option<String>,
}

/// What an action comes to.
pub struct QuickAnswer {
    pub answer: Answer,
    /// The number of a payment that was made.
    pub payment: Option<String>,
}

impl From<Answer> for QuickAnswer {
    fn from(answer: Answer) -> QuickAnswer {
        QuickAnswer { answer, payment: None }
    }
}

/// Who has not said yet which invoice.
#[derive(Clone)]
pub struct QuickEntry {
    pub org: Arc<Organization>,
    pub texts: Texts,
    pub form_token: String,
    /// The last attempt was refused.
    pub failed: bool,
    /// As it was typed then.
    pub number: Option<String>,
}

/// The way in: which invoice, and what it owes.
pub fn entry(entry: QuickEntry) -> Page {
    let (t, org) = (entry.texts, entry.org.name.clone());
    let is_wrong = entry.failed;
    Page::new(t, format!("{} · {org}", t.quick_pay()), move || entry_view(entry, org)).wrong(is_wrong)
}

fn entry_view(entry: QuickEntry, org: String) -> impl IntoView {
    let t = entry.texts;
    let login = in_language(t, &entry.org, "login");
    let refused_by = entry.failed.then_some("refusal");
    let invoice = Input {
        is_literal: true,
        length_max: Some(64),
        refused_by,
        ..Input::text("number", t.invoice_number_label(), "off")
    };
    let balance = Input {
        is_decimal: true,
        length_max: Some(40),
        hint: Some(t.exact_balance_hint()),
        refused_by,
        ..Input::text("balance", t.exact_balance(), "off")
    };
    let values = entry.number.map(|number| vec![("number".to_owned(), number)]).unwrap_or_default();
    let typed = Flash { values, ..Flash::default() };
    let refused = entry.failed.then(|| {
        view! {
            <div class="alert alert-error" role="alert" id="refusal"><Icon name="alert"/><p>{t.quick_pay_refused()}</p></div>
        }
    });
    view! {
        <Bare t org>
            <div class="narrow">
                <h1>{t.quick_pay_title()}</h1>
                <p class="page-intro">{t.quick_pay_intro()}</p>
                <form class="entrance-form" method="post">
                    {refused}
                    <TokenField token=entry.form_token/>
                    <Field input=invoice flash=Some(typed)/>
                    <Field input=balance flash=None/>
                    <button class="button button-primary button-large button-wide">{t.go_on()}</button>
                </form>
                <p class="entrance-links"><a href=login>{t.sign_in_instead()}</a></p>
            </div>
        </Bare>
    }
}

/// A page of the short session; each stands beside the others.
pub async fn load(quick: Quick, page: &str) -> Page {
    let (t, org) = (quick.texts, quick.payer.org().clone());
    let loaded = match page {
        "card" => method_page(quick, PortalMethod::Card).await,
        "bank" => method_page(quick, PortalMethod::Ach).await,
        "confirm" => Ok(confirm_page(quick)),
        "receipt" => receipt_page(quick).await,
        _ => Err(Error::NotFound("page")),
    };
    loaded.unwrap_or_else(|error| {
        let failure = Failure::of(t, &error);
        let (status, title) = (failure.status, format!("{} · {}", failure.title, org.name));
        Page::new(t, title, move || failed_view(t, &org, failure)).with_status(status)
    })
}

fn failed_view(t: Texts, org: &Organization, failure: Failure) -> impl IntoView + use<> {
    let messages = failure.messages.into_iter().map(|text| view! { <p class="result-note">{text}</p> }).collect_view();
    let reference = failure.reference.map(|reference| view! { <p class="reference">{t.reference(reference)}</p> });
    let again = to_entry(t, org);
    view! {
        <Bare t org=org.name.clone()>
            <ResultPage icon="invoice" code=t.error_code(failure.status.as_u16()) title=failure.title>
                {messages}
                {reference}
                {again}
            </ResultPage>
        </Bare>
    }
}

fn to_entry(t: Texts, org: &Organization) -> impl IntoView + use<> {
    let entry = entry_of(t, org);
    view! { <div class="cluster cluster-wide"><a class="button button-primary" href=entry>{t.pay_another_invoice()}</a></div> }
}

/// Where it began, as a page of the short session leads there.
fn entry_of(t: Texts, org: &Organization) -> String {
    in_language(t, org, "../../quickPay")
}

fn page_name(kind: PortalMethod) -> &'static str {
    match kind {
        PortalMethod::Card => "card",
        PortalMethod::Ach => "bank",
    }
}

/// The first page of a session: the first kind of method that is taken.
pub fn first(payer: &Payer) -> &'static str {
    if payer.takes(PortalMethod::Card) { "card" } else { "bank" }
}

async fn method_page(mut quick: Quick, kind: PortalMethod) -> Result<Page> {
    if !quick.payer.takes(kind) {
        return Err(Error::NotFound("page"));
    }
    let (t, org) = (quick.texts, quick.payer.org().clone());
    let flash = quick.flash.take();
    let is_wrong = flash.as_ref().is_some_and(|flash| flash.is_error);
    let title = format!("{} · {}", wallet::title(t, kind), org.name);
    let paying = match quick.payer.paying().await {
        Ok(paying) => paying,
        Err(CannotPay::Failed(error)) => return Err(error),
        // Paid meanwhile, by whomever.
        Err(_) => return Ok(Page::new(t, title, move || nothing_due(t, &org))),
    };
    let page = Page::new(t, title, move || {
        let summary = summary(t, &org.name, &paying);
        let form = method_form(&quick, kind, flash);
        view! {
            <Bare t org=org.name.clone()>
                <Flow t step=1>
                    <div class="checkout">{summary}{form}</div>
                </Flow>
            </Bare>
        }
    });
    let page = page.wrong(is_wrong);
    Ok(if kind == PortalMethod::Card { page.with_islands() } else { page })
}

fn method_form(quick: &Quick, kind: PortalMethod, flash: Option<Flash>) -> impl IntoView + use<> {
    let t = quick.texts;
    let entry = entry_of(t, quick.payer.org());
    let kinds = [(PortalMethod::Card, t.step_card()), (PortalMethod::Ach, t.bank_account())];
    let offered: Vec<_> = kinds.into_iter().filter(|(kind, _)| quick.payer.takes(*kind)).collect();
    let link = |(other, label): &(PortalMethod, &'static str)| {
        view! { <a href=page_name(*other) aria-current=(*other == kind).then_some("page")>{*label}</a> }
    };
    let ways = (offered.len() > 1).then(|| {
        view! { <nav class="ways" aria-label=t.pay_with()>{offered.iter().map(link).collect_view()}</nav> }
    });
    view! {
        <div class="checkout-form">
            {ways}
            <form class="checkout-form" method="post" autocomplete="on" novalidate>
                {flash.clone().map(|flash| view! { <Complaint flash/> })}
                <TokenField token=quick.form_token.clone()/>
                <h2>{wallet::title(t, kind)}</h2>
                <MethodFields t kind flash/>
                <p class="field-hint">{t.quick_pay_closes()}</p>
                <div class="checkout-actions">
                    <button class="button button-primary button-large">{t.go_on()}</button>
                    <a class="button button-large" href=entry>{t.cancel()}</a>
                </div>
            </form>
        </div>
    }
}

fn nothing_due(t: Texts, org: &Organization) -> impl IntoView + use<> {
    let again = to_entry(t, org);
    view! {
        <Bare t org=org.name.clone()>
            <Empty icon="check" title=t.nothing_to_pay_title() text=t.paid_already()/>
            {again}
        </Bare>
    }
}

fn confirm_page(quick: Quick) -> Page {
    let (t, org) = (quick.texts, quick.payer.org().name.clone());
    let title = format!("{} · {org}", t.confirm_the_payment());
    Page::new(t, title, move || {
        let currency = quick.payer.invoice.currency;
        let question = t.you_pay_merchant(&org);
        let content = match quick.checkout {
            Some(checkout) => {
                let (token, back) = (quick.form_token, first(&quick.payer).to_owned());
                let sum = t.money(currency, Amount(checkout.amount_minor));
                let facts = facts(t, currency, &checkout);
                view! {
                    <Flow t step=2>
                        <Question t token question sum facts back/>
                        <p class="field-hint">{t.quick_pay_closes()}</p>
                    </Flow>
                }
                .into_any()
            }
            None => view! {
                <Empty icon="card" title=t.nothing_to_confirm() text=t.nothing_to_confirm_text()/>
                {to_entry(t, quick.payer.org())}
            }
            .into_any(),
        };
        view! { <Bare t org>{content}</Bare> }
    })
}

async fn receipt_page(quick: Quick) -> Result<Page> {
    let (t, org) = (quick.texts, quick.payer.org().name.clone());
    let number = quick.payment.as_deref().ok_or(Error::NotFound("payment"))?;
    let payment = quick.payer.payment(number).await?;
    let ending = Ending::of(t, &payment.head);
    Ok(Page::new(t, format!("{} · {org}", ending.title), move || receipt(&quick, org, &payment, ending)))
}

fn receipt(quick: &Quick, org: String, payment: &FullPayment, ending: Ending) -> impl IntoView + use<> {
    let t = quick.texts;
    let entry = entry_of(t, quick.payer.org());
    let head = &payment.head;
    let sum = t.money(head.currency, head.amount);
    let mut facts = what_and_how(t, &org, payment);
    facts.push((t.column_invoice(), quick.payer.invoice.number.as_str().into()));
    facts.push((t.column_status(), badge(payment_badge(t, &head.summary()))));
    let again = matches!(head.status, PaymentStatus::Declined | PaymentStatus::Error)
        .then(|| view! { <a class="button button-primary" href=first(&quick.payer)>{t.try_another_method()}</a> });
    let check = (head.status == PaymentStatus::Pending)
        .then(|| view! { <a class="button button-primary" href="receipt">{t.check_again()}</a> });
    let is_paid = head.status == PaymentStatus::Paid;
    let back = quick.payer.org().portal.success_url.clone().filter(|_| is_paid);
    let back = back.map(|url| back_to_merchant(t, url, &org));
    let figure = is_paid.then(|| view! { <p class="figure">{sum}</p> });
    let print = is_paid.then(|| view! { <PrintButton t/> });
    view! {
        <Bare t org>
            <ResultPage icon=ending.icon class=ending.class title=ending.title>
                {figure}
                <p class="result-note">{ending.note}</p>
                <Facts class="facts facts-ends" facts/>
                <div class="cluster cluster-wide">
                    {again}
                    {check}
                    {back}
                    <a class="button" href=entry>{t.pay_another_invoice()}</a>
                    {print}
                </div>
            </ResultPage>
        </Bare>
    }
}

/// Does what a form of the short session asks for.
pub async fn act(quick: &Quick, page: &str, form: &Form) -> Result<QuickAnswer> {
    match page {
        "card" => enter(quick, PortalMethod::Card, form).await.map(QuickAnswer::from),
        "bank" => enter(quick, PortalMethod::Ach, form).await.map(QuickAnswer::from),
        "confirm" => confirm(quick).await,
        _ => Err(Error::NotFound("page")),
    }
}

async fn enter(quick: &Quick, kind: PortalMethod, form: &Form) -> Result<Answer> {
    let (t, payer) = (quick.texts, &quick.payer);
    let here = page_name(kind);
    let secret = match wallet::read(t, kind, form, payer.today()) {
        Ok(secret) => secret,
        Err(problems) => return Ok(Answer::to(here).saying(wallet::again(t, form, &problems))),
    };
    match payer.check_out(NewMethod { secret, keep: None }).await {
        Ok(checkout) => Ok(Answer::to("confirm").keeping(Some(checkout))),
        Err(CannotPay::Failed(Error::Unavailable(cause))) => {
            tracing::warn!(%cause, "method not kept");
            let flash = complaint(t.method_not_checked(), &Problems::one("", t.nothing_charged_try_again()));
            Ok(Answer::to(here).saying(Flash { values: wallet::remembered(form), ..flash }))
        }
        Err(CannotPay::Failed(error)) => Err(error),
        Err(why) => {
            let flash = refusal(t, payer.invoice.currency, &why)?;
            Ok(Answer::to(here).saying(Flash { values: wallet::remembered(form), ..flash }))
        }
    }
}

async fn confirm(quick: &Quick) -> Result<QuickAnswer> {
    let Some(checkout) = &quick.checkout else {
        // A second press, after the first has paid.
        return Ok(Answer::to(if quick.payment.is_some() { "receipt" } else { "confirm" }).into());
    };
    match quick.payer.confirm(checkout).await {
        Ok(payment) => {
            let answer = Answer::to("receipt").keeping(None).telling(Paid::of(&payment.head));
            Ok(QuickAnswer { answer, payment: Some(payment.head.number) })
        }
        Err(CannotPay::Failed(error)) => Err(error),
        Err(why) => {
            let flash = refusal(quick.texts, quick.payer.invoice.currency, &why)?;
            Ok(Answer::to(first(&quick.payer)).saying(flash).keeping(None).into())
        }
    }
}
