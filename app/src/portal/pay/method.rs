//! Step 2: with what. What is on file, a card, or a bank account: each has a page of its own, with the same things chosen.

use billing::portal::{CannotPay, Me, MethodState, NewMethod, OnFile, PayWith, Paying, Wish};
use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::ids::PaymentMethodId;
use domain::invoices::Invoice;
use domain::money::Currency;
use domain::organizations::{CardSaving, PortalMethod};
use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::pay::{Flow, choose, wish};
use crate::portal::wallet::{self, KeepPlace, KeepSelect, MethodFields, places};
use crate::ui::{Place, Problems as Complaint, Tab, TokenField, pay_page};

/// A way to pay, with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Saved,
    New(PortalMethod),
}

impl Way {
    const ALL: [Way; 3] = [Way::Saved, Way::New(PortalMethod::Card), Way::New(PortalMethod::Ach)];

    pub fn place(self) -> Place {
        Place::new(Tab::Home, self.page())
    }

    fn page(self) -> &'static str {
        match self {
            Way::Saved => "pay/saved",
            Way::New(PortalMethod::Card) => "pay/card",
            Way::New(PortalMethod::Ach) => "pay/bank",
        }
    }

    fn label(self, t: Texts) -> &'static str {
        match self {
            Way::Saved => t.saved_methods(),
            Way::New(PortalMethod::Card) => t.step_card(),
            Way::New(PortalMethod::Ach) => t.bank_account(),
        }
    }

    fn title(self, t: Texts) -> &'static str {
        match self {
            Way::Saved => t.saved_methods(),
            Way::New(kind) => wallet::title(t, kind),
        }
    }

    fn is_offered(self, me: &Me, has_saved: bool) -> bool {
        match self {
            Way::Saved => has_saved,
            Way::New(kind) => me.takes(kind),
        }
    }
}

/// The page that is shown first: what is on file, if there is something.
pub fn first(me: &Me, has_saved: bool) -> Option<&'static str> {
    Way::ALL.into_iter().find(|way| way.is_offered(me, has_saved)).map(Way::page)
}

pub async fn load(mut portal: Portal, way: Way, asked: &Asked) -> Result<Page> {
    let t = portal.texts;
    let wish = wish(t, portal.me.account.currency, asked.query());
    let on_file = portal.me.on_file_now().await?;
    let saved = portal.me.usable(&on_file);
    if !way.is_offered(&portal.me, !saved.is_empty()) {
        return Err(Error::NotFound("page"));
    }
    match portal.me.paying(&wish).await {
        Ok(paying) => {
            // Shown inside the form, where it belongs to the fields.
            let flash = portal.flash.take();
            let places = places(t, &on_file);
            Ok(page(portal, Shown { way, wish, paying, saved, places, flash }))
        }
        Err(CannotPay::Failed(error)) => Err(error),
        Err(why) => {
            let flash = refusal(t, portal.me.account.currency, &why)?;
            Ok(choose::page(portal, way.place(), &wish, Some(flash)).await?.with_status(StatusCode::BAD_REQUEST))
        }
    }
}

/// What the page is made of.
struct Shown {
    way: Way,
    wish: Wish,
    paying: Paying,
    saved: Vec<OnFile>,
    places: Vec<KeepPlace>,
    flash: Option<Flash>,
}

fn page(portal: Portal, shown: Shown) -> Page {
    let t = portal.texts;
    let Shown { way, wish, paying, saved, places, flash } = shown;
    let is_wrong = flash.as_ref().is_some_and(|flash| flash.is_error);
    let content = move |portal: &Portal| {
        let offered: Vec<Way> =
            Way::ALL.into_iter().filter(|way| way.is_offered(&portal.me, !saved.is_empty())).collect();
        let token = portal.form_token.clone();
        let fields = match way {
            Way::Saved => view! { <SavedFields t saved flash=flash.clone()/> }.into_any(),
            Way::New(kind) => {
                let saving = portal.me.org.portal.card_saving;
                view! { <NewFields t kind saving places flash=flash.clone()/> }.into_any()
            }
        };
        let summary = summary(t, &portal.me.org.name, &paying);
        let ways = ways(t, way, &offered, &wish);
        let wished = hidden(&portal.me, &wish);
        view! {
            <Flow t step=1>
                <div class="checkout">
                    {summary}
                    <div class="checkout-form">
                        {ways}
                        <form class="checkout-form" method="post" autocomplete="on" novalidate>
                            {flash.map(|flash| view! { <Complaint flash/> })}
                            <TokenField token/>
                            {wished}
                            <h2>{way.title(t)}</h2>
                            {fields}
                            <div class="checkout-actions">
                                <button class="button button-primary button-large">{t.go_on()}</button>
                                <a class="button button-large" href=way.place().to(&pay_page("pay", &wish))>{t.back()}</a>
                            </div>
                        </form>
                    </div>
                </div>
            </Flow>
        }
    };
    let page = Page::signed_in(portal, way.place(), way.title(t), content).wrong(is_wrong);
    if way == Way::New(PortalMethod::Card) { page.with_islands() } else { page }
}

/// Where all is paid at once, no invoice needs to be named, however many there are.
fn hidden(me: &Me, wish: &Wish) -> impl IntoView + use<> {
    let named = if me.org.portal.pay_all { &[] } else { wish.invoices.as_slice() };
    let invoice = |number: &String| view! { <input type="hidden" name="invoice" value=number.clone()/> };
    view! {
        {named.iter().map(invoice).collect_view()}
        {wish.amount.clone().map(|amount| view! { <input type="hidden" name="amount" value=amount/> })}
    }
}

fn ways(t: Texts, here: Way, offered: &[Way], wish: &Wish) -> Option<impl IntoView + use<>> {
    let link = |way: &Way| {
        let current = (*way == here).then_some("page");
        view! { <a href=here.place().to(&pay_page(way.page(), wish)) aria-current=current>{way.label(t)}</a> }
    };
    (offered.len() > 1).then(|| {
        view! { <nav class="ways" aria-label=t.pay_with()>{offered.iter().map(link).collect_view()}</nav> }
    })
}

/// Rows of a summary; more invoices are counted.
const ROWS_MAX: usize = 12;

pub fn summary(t: Texts, org: &str, paying: &Paying) -> impl IntoView + use<> {
    let currency = paying.currency;
    let fact = move |label: String, sum| {
        view! { <div><dt>{label}</dt><dd><span class="amount">{t.money(currency, sum)}</span></dd></div> }
    };
    let row = |invoice: &Invoice| fact(t.invoice_number(&invoice.number), invoice.payable());
    let rows: Vec<_> = if paying.invoices.len() > ROWS_MAX {
        vec![fact(t.invoices().to_owned(), paying.due)]
    } else {
        paying.invoices.iter().map(row).collect()
    };
    let rest = paying.due - paying.amount;
    let other = match () {
        () if rest.is_positive() => Some(fact(t.still_due_after().to_owned(), rest)),
        () if rest.is_zero() => None,
        () => Some(fact(t.kept_as_credit().to_owned(), -rest)),
    };
    view! {
        <aside class="card card-tinted checkout-summary" aria-labelledby="summary">
            <h2 class="figure-label" id="summary">{t.you_pay_merchant(org)}</h2>
            <p class="figure">{t.money(currency, paying.amount)}</p>
            <dl class="facts facts-ends">{rows}{other}</dl>
        </aside>
    }
}

#[component]
fn SavedFields(t: Texts, saved: Vec<OnFile>, flash: Option<Flash>) -> impl IntoView {
    let typed = flash.as_ref().and_then(|flash| flash.value("method")).map(str::to_owned);
    let radio = |(n, on_file): (usize, &OnFile)| {
        let id = on_file.method.id.to_string();
        let is_chosen = typed.as_ref().map_or(n == 0, |typed| *typed == id);
        view! {
            <label class="choice">
                <input class="check-box" type="radio" name="method" value=id checked=is_chosen/>
                <span>
                    <span class="choice-title">{t.method(&on_file.method.context())}</span>
                    {detail(t, on_file).map(|text| view! { <span class="choice-detail">{text}</span> })}
                </span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="visually-hidden">{t.saved_methods()}</legend>
            <div class="choices">{saved.iter().enumerate().map(radio).collect_view()}</div>
        </fieldset>
    }
}

/// When it expires; and what was said of it.
pub fn detail(t: Texts, on_file: &OnFile) -> Option<String> {
    let expiry = on_file.method.shown.expiry.map(|expiry| format!("{:02}/{:02}", expiry.month, expiry.year % 100));
    match (on_file.state, expiry) {
        (MethodState::Refused, _) => Some(t.method_was_declined().to_owned()),
        (MethodState::Expired, Some(expiry)) => Some(t.expired_on(expiry)),
        (_, Some(expiry)) => Some(t.expires_on(expiry)),
        (_, None) => None,
    }
}

#[component]
fn NewFields(
    t: Texts,
    kind: PortalMethod,
    saving: CardSaving,
    places: Vec<KeepPlace>,
    flash: Option<Flash>,
) -> impl IntoView {
    view! {
        <MethodFields t kind flash=flash.clone()/>
        <KeepSelect t saving places wanted=None flash/>
    }
}

/// Has the processor keep the method, and goes on to the confirmation.
pub async fn enter(portal: &Portal, way: Way, form: &Form) -> Result<Answer> {
    let (t, me) = (portal.texts, &portal.me);
    let wish = wish(t, me.account.currency, form);
    let with = match with(t, me, way, form) {
        Ok(with) => with,
        Err(problems) => {
            return Ok(Answer::to(pay_page(way.page(), &wish)).saying(wallet::again(t, form, &problems)));
        }
    };
    match me.check_out(&wish, with).await {
        Ok(checkout) => Ok(Answer::to("pay/confirm").keeping(Some(checkout))),
        Err(CannotPay::Failed(Error::Unavailable(cause))) => {
            tracing::warn!(%cause, "method not kept");
            let problems = Problems::one("", t.nothing_charged_try_again());
            let flash = complaint(t.method_not_checked(), &problems);
            let flash = Flash { values: wallet::remembered(form), ..flash };
            Ok(Answer::to(pay_page(way.page(), &wish)).saying(flash))
        }
        Err(CannotPay::Failed(error)) => Err(error),
        Err(why) => {
            let flash = Flash { values: wallet::remembered(form), ..refusal(t, me.account.currency, &why)? };
            let page = match why {
                CannotPay::Typed(_) | CannotPay::Amount(_) | CannotPay::Changed => "pay",
                CannotPay::NotTaken | CannotPay::MethodGone => {
                    let saved = me.usable(&me.on_file_now().await?);
                    first(me, !saved.is_empty()).unwrap_or("pay")
                }
                _ => way.page(),
            };
            Ok(Answer::to(pay_page(page, &wish)).saying(flash))
        }
    }
}

fn with(t: Texts, me: &Me, way: Way, form: &Form) -> Result<PayWith, Problems> {
    match way {
        Way::Saved => {
            let id = form.get("method").and_then(|id| id.parse().ok()).map(PaymentMethodId);
            id.map(PayWith::OnFile).ok_or_else(|| Problems::one("", t.choose_a_method()))
        }
        Way::New(kind) => {
            let secret = wallet::read(t, kind, form, me.today());
            let keep = match form.get("place").filter(|place| !place.is_empty()) {
                None => Ok(None),
                Some(place) => place.parse().map(Some).map_err(|_| Problems::one("place", t.method_not_kept())),
            };
            Ok(PayWith::New(NewMethod { secret: secret?, keep: keep? }))
        }
    }
}

/// Why nothing goes on, as a flash; what failed is no such thing.
pub fn refusal(t: Texts, currency: Currency, why: &CannotPay) -> Result<Flash> {
    let Some((field, text)) = wallet::why(t, currency, why) else {
        return Err(Error::bug(format!("a failure was to be told as a refusal: {why:?}")));
    };
    let title = match why {
        CannotPay::Amount(_) | CannotPay::Typed(_) => t.check_your_choice(),
        _ => t.payment_not_made(),
    };
    Ok(complaint(title, &Problems::one(field, text)))
}
