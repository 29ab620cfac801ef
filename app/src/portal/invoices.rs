//! The list of invoices, and one of them.

pub mod one;

use askama::Template;
use billing::Result;
use billing::portal::Listed;
use domain::dates::Date;
use domain::invoices::{Invoice, InvoiceSearch, InvoiceState};
use http::StatusCode;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::search::{Search, SearchForm};
use crate::ui::{Column, Empty, Markup, Pager, Place, Tab, Table, badge, invoice_badge, invoice_page};

pub use one::lines;

pub const LIST: Place = Place::new(Tab::Invoices, "invoices");
pub const ONE: Place = Place::new(Tab::Invoices, "invoices/:number");

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let t = portal.texts;
    let search = Search::<InvoiceState>::of(asked);
    if !search.wrong.is_empty() {
        let page = Page::signed_in(portal, LIST, t.invoices(), move |portal| refused_view(portal, &search));
        return Ok(page.wrong(true).with_status(StatusCode::BAD_REQUEST));
    }
    let wanted = InvoiceSearch { number: search.number.clone(), state: search.state, invoiced: search.days };
    let invoices = portal.me.invoices(&wanted, asked.page()).await?;
    Ok(Page::signed_in(portal, LIST, t.invoices(), move |portal| list_view(portal, &search, &invoices)))
}

/// Nothing is looked for before it is clear what.
fn refused_view(portal: &Portal, search: &Search<InvoiceState>) -> impl IntoView + use<> {
    let form = form(portal, search);
    view! {
        <div class="page-head"><h1>{portal.texts.invoices()}</h1></div>
        {form}
    }
}

fn form(portal: &Portal, search: &Search<InvoiceState>) -> impl IntoView + use<> {
    let t = portal.texts;
    let today = portal.me.billing.today(&portal.me.org);
    let wrong = search.wrong.iter().map(|(field, wrong)| (*field, wrong.message(t, today))).collect();
    let label = |state: InvoiceState| match state {
        InvoiceState::Open => t.state_open(),
        InvoiceState::Overdue => t.status_overdue(),
        InvoiceState::Paid => t.status_paid(),
        InvoiceState::Cancelled => t.status_cancelled(),
    };
    let states = InvoiceState::ALL.iter().map(|state| (state.as_str(), label(*state))).collect();
    view! { <SearchForm t place=LIST typed=search.typed.clone() has_number=true states wrong/> }
}

fn list_view(portal: &Portal, search: &Search<InvoiceState>, invoices: &Listed<Invoice>) -> impl IntoView + use<> {
    let t = portal.texts;
    let &Listed { ref rows, extent, today } = invoices;
    let is_new = rows.is_empty() && search.is_open();
    let form = (!is_new).then(|| form(portal, search));
    let list = if is_new {
        let text = t.first_invoice_appears(&portal.me.org.name);
        view! { <Empty icon="invoice" title=t.no_invoices() text/> }.into_any()
    } else if rows.is_empty() {
        view! { <Empty icon="search" title=t.nothing_found() text=t.find_more_invoices()/> }.into_any()
    } else {
        let rows = rows.iter().map(|invoice| list_row(t, invoice, today)).collect();
        let columns = [
            Column::text(t.column_invoice()),
            Column::text(t.column_issued()),
            Column::text(t.column_due()),
            Column::text(t.column_status()),
            Column::amount(t.column_amount()),
        ];
        view! {
            <Table caption=t.invoices_newest_first() columns rows/>
            <Pager t place=LIST of=extent query=search.query()/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>{t.invoices()}</h1></div>
        {form}
        {list}
    }
}

/// A row of a table of invoices.
#[derive(Template)]
#[template(path = "invoice_row.html")]
pub struct InvoiceRow<'a> {
    pub t: Texts,
    pub link: String,
    pub number: &'a str,
    /// Where there is a column for it.
    pub issued: Option<String>,
    pub is_late: bool,
    pub due: String,
    pub badge: Markup,
    pub amount: String,
    /// Where there is a column for it.
    pub action: Option<Markup>,
}

fn list_row(t: Texts, invoice: &Invoice, today: Date) -> Markup {
    Markup::written(&InvoiceRow {
        t,
        link: LIST.to(&invoice_page(&invoice.number)),
        number: &invoice.number,
        issued: Some(t.date(invoice.invoiced_on)),
        is_late: invoice.is_overdue(today),
        due: t.date(invoice.due_on),
        badge: badge(invoice_badge(t, invoice, today)),
        amount: t.money(invoice.currency, invoice.total),
        action: None,
    })
}
