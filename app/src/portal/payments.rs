//! The list of payments, and one of them.

pub mod one;

use askama::Template;
use billing::Result;
use billing::portal::Listed;
use domain::money::Amount;
use domain::payments::{Payment, PaymentSearch, PaymentState, PaymentSummary};
use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::mailing::RECEIPT;
use crate::portal::search::{Search, SearchForm};
use crate::ui::{Column, Empty, Markup, Pager, Place, Tab, Table, badge, pair, payment_badge, payment_page};

pub const LIST: Place = Place::new(Tab::Payments, "payments");
pub const ONE: Place = Place::new(Tab::Payments, "payments/:number");

/// Of a payment that was just made: its page, shown even where the merchant shows no payments.
pub fn receipt_page(portal: &Portal, number: &str) -> String {
    let page = payment_page(number);
    if portal.me.org.portal.show_payments {
        return page;
    }
    format!("{page}?{}", pair(RECEIPT, &portal.me.receipt_pass(number)).trim_end_matches('&'))
}

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let t = portal.texts;
    let search = Search::<PaymentState>::of(asked);
    let wanted = PaymentSearch { state: search.state, effective: search.days };
    let payments = portal.me.payments(wanted, asked.page()).await?;
    if search.wrong.is_empty() {
        return Ok(Page::signed_in(portal, LIST, t.payments(), move |portal| list_view(portal, &search, &payments)));
    }
    let page = Page::signed_in(portal, LIST, t.payments(), move |portal| refused_view(portal, &search));
    Ok(page.wrong(true).with_status(StatusCode::BAD_REQUEST))
}

/// Nothing is looked for before it is clear what.
fn refused_view(portal: &Portal, search: &Search<PaymentState>) -> impl IntoView + use<> {
    let form = form(portal, search);
    view! {
        <div class="page-head"><h1>{portal.texts.payments()}</h1></div>
        {form}
    }
}

fn form(portal: &Portal, search: &Search<PaymentState>) -> impl IntoView + use<> {
    let t = portal.texts;
    let today = portal.me.billing.today(&portal.me.org);
    let wrong = search.wrong.iter().map(|(field, wrong)| (*field, wrong.message(t, today))).collect();
    let label = |state: PaymentState| match state {
        PaymentState::Paid => t.status_paid(),
        PaymentState::Pending => t.status_pending(),
        PaymentState::Failed => t.state_failed(),
        PaymentState::Refunded => t.status_refunded(),
        PaymentState::Cancelled => t.state_taken_back(),
        PaymentState::Credit => t.state_credit(),
    };
    let states = PaymentState::ALL.iter().map(|state| (state.as_str(), label(*state))).collect();
    view! { <SearchForm t place=LIST typed=search.typed.clone() states wrong/> }
}

/// Of a table of [`payment_row`]s.
pub fn columns(t: Texts) -> [Column; 5] {
    [
        Column::text(t.column_payment()),
        Column::text(t.column_date()),
        Column::text(t.column_method()),
        Column::text(t.column_status()),
        Column::amount(t.column_amount()),
    ]
}

fn list_view(portal: &Portal, search: &Search<PaymentState>, payments: &Listed<Payment>) -> impl IntoView + use<> {
    let t = portal.texts;
    let &Listed { ref rows, extent, .. } = payments;
    let is_new = rows.is_empty() && search.is_open();
    let form = (!is_new).then(|| form(portal, search));
    let list = if is_new {
        view! { <Empty icon="card" title=t.no_payments() text=t.payments_appear()/> }.into_any()
    } else if rows.is_empty() {
        view! { <Empty icon="search" title=t.nothing_found() text=t.find_more_payments()/> }.into_any()
    } else {
        let rows = rows.iter().map(|payment| payment_row(t, LIST, &payment.summary(), payment.amount)).collect();
        view! {
            <Table caption=t.payments_newest_first() columns=columns(t) rows/>
            <Pager t place=LIST of=extent query=search.query()/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>{t.payments()}</h1></div>
        {form}
        {list}
    }
}

/// Rows of a table with [`columns`].
pub fn payment_rows(t: Texts, place: Place, payments: &[PaymentSummary]) -> Vec<Markup> {
    payments.iter().map(|payment| payment_row(t, place, payment, payment.amount)).collect()
}

#[derive(Template)]
#[template(path = "payment_row.html")]
struct Row<'a> {
    t: Texts,
    link: String,
    number: &'a str,
    date: String,
    method: String,
    badge: Markup,
    amount: String,
}

/// `part`: all of the payment, or what one invoice got of it.
pub fn payment_row(t: Texts, place: Place, payment: &PaymentSummary, part: Amount) -> Markup {
    Markup::written(&Row {
        t,
        link: place.to(&payment_page(&payment.number)),
        number: &payment.number,
        date: t.date(payment.effective_on),
        method: t.method(&payment.method_context),
        badge: badge(payment_badge(t, payment)),
        amount: t.money(payment.currency, part),
    })
}
