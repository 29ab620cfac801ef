//! What the customer owes, and since when: the first page.

use billing::Result;
use billing::display::date;
use billing::portal::Home;
use domain::customers::{Account, CustomerStatus};
use domain::dates::Date;
use domain::invoices::OpenInvoice;
use domain::money::Amount;
use leptos::prelude::*;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::payments::payment_rows;
use crate::ui::{
    Badge, Column, Day, Empty, Facts, Icon, Place, Tab, Table, amount, customer_badge, invoice_page, open_badge, query,
};

pub const HERE: Place = Place::new(Tab::Home, "home");

pub async fn load(portal: Portal) -> Result<Page> {
    let home = portal.me.home().await?;
    Ok(Page::signed_in(portal, HERE, "My account", move |portal| content(portal, home)))
}

fn content(portal: &Portal, home: Home) -> impl IntoView + use<> {
    let Home { open, payments, today } = home;
    let account = &portal.me.account;
    let show_payments = portal.me.org.portal.show_payments;
    let is_new = open.is_empty() && account.financials.last_invoiced_on.is_none();
    let paid = (show_payments && !(is_new && payments.is_empty())).then(|| {
        let rows = payment_rows(HERE, &payments);
        view! { <RecentPayments rows/> }
    });
    let invoices = if is_new {
        let text = format!("Your first invoice appears here as soon as {} issues it.", portal.me.org.name);
        view! {
            <section class="section" aria-labelledby="open">
                <div class="section-head"><h2 id="open">"Invoices"</h2></div>
                <Empty icon="invoice" title="No invoices yet" text nested=true/>
            </section>
        }
        .into_any()
    } else {
        let rows = open.iter().map(|invoice| open_row(portal, invoice, today)).collect();
        view! { <OpenInvoices rows/> }.into_any()
    };
    view! {
        <h1 class="visually-hidden">"My account"</h1>
        {notice(account, &open, today)}
        {balance(portal, &open, today)}
        {invoices}
        {paid}
    }
}

fn notice(account: &Account, open: &[OpenInvoice], today: Date) -> Option<impl IntoView + use<>> {
    let (title, effect) = match account.status {
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
            ("Your account is overdue", "so that your service goes on")
        }
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 => {
            ("Your account is suspended", "to have your service restored")
        }
        CustomerStatus::Active | CustomerStatus::InActive1 | CustomerStatus::InActive2 => return None,
    };
    let late: Vec<&str> = open.iter().filter(|i| i.is_overdue(today)).map(|i| i.number.as_str()).collect();
    let what = match late.as_slice() {
        [] => "what is due".to_owned(),
        [one] => format!("the overdue invoice {one}"),
        many => format!("the overdue invoices {}", many.join(", ")),
    };
    Some(view! {
        <div class="alert alert-warning" role="status">
            <Icon name="alert"/>
            <div>
                <h2 class="alert-title">{title}</h2>
                <p>{format!("Pay {what} {effect}.")}</p>
            </div>
        </div>
    })
}

fn balance(portal: &Portal, open: &[OpenInvoice], today: Date) -> impl IntoView + use<> {
    let account = &portal.me.account;
    let owed = account.financials.outstanding_balance;
    let is_credit = owed < Amount::ZERO;
    let label = if is_credit { "In credit" } else { "Balance due" };
    let figure = amount(account.currency, if is_credit { -owed } else { owed });
    let pays = portal.me.org.portal.allow_payments && open.iter().any(|invoice| invoice.payable.is_positive());
    let pay = view! { <a class="button button-primary button-large" href=HERE.to("pay")>"Pay now"</a> };
    view! {
        <section class="card balance" aria-labelledby="balance">
            <div class="balance-due">
                <div>
                    <h2 class="figure-label" id="balance">{label}</h2>
                    <p class="figure">{figure}</p>
                    <p class="balance-note">{note(account, open, today)}</p>
                </div>
                {pays.then_some(pay)}
            </div>
            <Facts class="facts-across" facts=facts(portal)/>
        </section>
    }
}

fn note(account: &Account, open: &[OpenInvoice], today: Date) -> AnyView {
    let late: Amount = open.iter().filter(|i| i.is_overdue(today)).map(|i| i.outstanding).sum();
    match open.first() {
        Some(first) if late.is_positive() => {
            let late = format!("{} is overdue", amount(account.currency, late));
            view! { <span class="late"><strong>{late}</strong></span>" since "<Day date=first.due_on/> }.into_any()
        }
        Some(first) => view! { "Due "<Day date=first.due_on/> }.into_any(),
        None if account.financials.outstanding_balance < Amount::ZERO => {
            "You have paid ahead. There is nothing to pay.".into_any()
        }
        None => "There is nothing to pay.".into_any(),
    }
}

fn facts(portal: &Portal) -> Vec<(&'static str, AnyView)> {
    let account = &portal.me.account;
    let financials = &account.financials;
    let happened = |sum, on: Option<Date>| match on {
        Some(on) => view! { {amount(account.currency, sum)}" on "<Day date=on/> }.into_any(),
        None => "None yet".into_any(),
    };
    let mut facts = vec![
        ("Account status", view! { <Badge status=customer_badge(account.status)/> }.into_any()),
        ("Last invoice", happened(financials.last_invoice_amount, financials.last_invoiced_on)),
    ];
    if portal.me.org.portal.show_payments {
        facts.push(("Last payment", happened(financials.last_payment_amount, financials.last_payment_on)));
    }
    facts
}

const OPEN_COLUMNS: &[Column] = &[
    Column::text("Invoice"),
    Column::text("Due"),
    Column::text("Status"),
    Column::amount("Balance"),
    Column::action("Action"),
];

#[component]
fn OpenInvoices(rows: Vec<AnyView>) -> impl IntoView {
    let list = if rows.is_empty() {
        view! { <Empty icon="check" title="Everything is paid" text="New invoices appear here." nested=true/> }
            .into_any()
    } else {
        view! { <Table caption="Open invoices" columns=OPEN_COLUMNS rows/> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="open">
            <div class="section-head">
                <h2 id="open">"Open invoices"</h2>
                <a href=HERE.to("invoices")>"All invoices"</a>
            </div>
            {list}
        </section>
    }
}

fn open_row(portal: &Portal, invoice: &OpenInvoice, today: Date) -> AnyView {
    let number = invoice.number.clone();
    let late = if invoice.is_overdue(today) { "cell-date late" } else { "cell-date" };
    let pays = portal.me.org.portal.allow_payments && invoice.payable.is_positive();
    let pay = pays.then(|| {
        let link = HERE.to(&query("pay", std::slice::from_ref(&number)));
        view! {
            <a class="button button-small" href=link>"Pay"<span class="visually-hidden">{format!(" invoice {number}")}</span></a>
        }
    });
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                <a class="row-link" href=HERE.to(&invoice_page(&number))><span class="visually-hidden">"Invoice "</span>{number.clone()}</a>
            </td>
            <td role="cell" class=late data-label="Due">{date(invoice.due_on)}</td>
            <td role="cell" class="cell-status"><Badge status=open_badge(invoice, today)/></td>
            <td role="cell" class="cell-amount">{amount(invoice.currency, invoice.outstanding)}</td>
            <td role="cell" class="cell-action">{pay}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn RecentPayments(rows: Vec<AnyView>) -> impl IntoView {
    let list = if rows.is_empty() {
        let text = "Payments you make appear here with their receipts.";
        view! { <Empty icon="card" title="No payments yet" text nested=true/> }.into_any()
    } else {
        let columns = crate::portal::payments::COLUMNS;
        view! { <Table caption="Recent payments" columns rows/> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="paid">
            <div class="section-head">
                <h2 id="paid">"Recent payments"</h2>
                <a href=HERE.to("payments")>"All payments"</a>
            </div>
            {list}
        </section>
    }
}
