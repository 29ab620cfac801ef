//! What the customer owes, and since when: the first page.

use billing::Result;
use billing::portal::Home;
use domain::customers::{Account, CustomerStatus};
use domain::dates::Date;
use domain::invoices::OpenInvoice;
use domain::money::Amount;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::payments::{columns, payment_rows};
use crate::ui::{
    Badge, Column, Empty, Facts, Icon, Place, Tab, Table, customer_badge, invoice_page, open_badge, query,
};

pub const HERE: Place = Place::new(Tab::Home, "home");

pub async fn load(portal: Portal) -> Result<Page> {
    let home = portal.me.home().await?;
    let title = portal.texts.my_account();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, home)))
}

fn content(portal: &Portal, home: Home) -> impl IntoView + use<> {
    let Home { open, payments, today } = home;
    let t = portal.texts;
    let account = &portal.me.account;
    let show_payments = portal.me.org.portal.show_payments;
    let is_new = open.is_empty() && account.financials.last_invoiced_on.is_none();
    let paid = (show_payments && !(is_new && payments.is_empty())).then(|| {
        let rows = payment_rows(t, HERE, &payments);
        view! { <RecentPayments t rows/> }
    });
    let invoices = if is_new {
        let text = t.first_invoice_appears(&portal.me.org.name);
        view! {
            <section class="section" aria-labelledby="open">
                <div class="section-head"><h2 id="open">{t.invoices()}</h2></div>
                <Empty icon="invoice" title=t.no_invoices() text nested=true/>
            </section>
        }
        .into_any()
    } else {
        let rows = open.iter().map(|invoice| open_row(portal, invoice, today)).collect();
        view! { <OpenInvoices t rows/> }.into_any()
    };
    view! {
        <h1 class="visually-hidden">{t.my_account()}</h1>
        {notice(t, account, &open, today)}
        {balance(portal, &open, today)}
        {invoices}
        {paid}
    }
}

fn notice(t: Texts, account: &Account, open: &[OpenInvoice], today: Date) -> Option<impl IntoView + use<>> {
    let late: Vec<&str> = open.iter().filter(|i| i.is_overdue(today)).map(|i| i.number.as_str()).collect();
    let (count, numbers) = (i64::try_from(late.len()).unwrap_or(i64::MAX), late.join(", "));
    let (title, text) = match account.status {
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 if late.is_empty() => {
            (t.overdue_title(), t.overdue_pay_due().to_owned())
        }
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
            (t.overdue_title(), t.overdue_pay_invoices(count, numbers))
        }
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 if late.is_empty() => {
            (t.suspended_title(), t.suspended_pay_due().to_owned())
        }
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 => {
            (t.suspended_title(), t.suspended_pay_invoices(count, numbers))
        }
        CustomerStatus::Active | CustomerStatus::InActive1 | CustomerStatus::InActive2 => return None,
    };
    Some(view! {
        <div class="alert alert-warning" role="status">
            <Icon name="alert"/>
            <div>
                <h2 class="alert-title">{title}</h2>
                <p>{text}</p>
            </div>
        </div>
    })
}

fn balance(portal: &Portal, open: &[OpenInvoice], today: Date) -> impl IntoView + use<> {
    let t = portal.texts;
    let account = &portal.me.account;
    let owed = account.financials.outstanding_balance;
    let is_credit = owed < Amount::ZERO;
    let label = if is_credit { t.in_credit() } else { t.balance_due() };
    let figure = t.money(account.currency, if is_credit { -owed } else { owed });
    let is_late = open.iter().any(|invoice| invoice.is_overdue(today));
    let note_class = if is_late { "balance-note late" } else { "balance-note" };
    let pays = portal.me.org.portal.allow_payments && open.iter().any(|invoice| invoice.payable.is_positive());
    let pay = view! { <a class="button button-primary button-large" href=HERE.to("pay")>{portal.texts.pay_now()}</a> };
    view! {
        <section class="card balance" aria-labelledby="balance">
            <div class="balance-due">
                <div>
                    <h2 class="figure-label" id="balance">{label}</h2>
                    <p class="figure">{figure}</p>
                    <p class=note_class>{note(t, account, open, today)}</p>
                </div>
                {pays.then_some(pay)}
            </div>
            <Facts class="facts-across" facts=facts(portal)/>
        </section>
    }
}

fn note(t: Texts, account: &Account, open: &[OpenInvoice], today: Date) -> String {
    let late: Amount = open.iter().filter(|i| i.is_overdue(today)).map(|i| i.outstanding).sum();
    match open.first() {
        Some(first) if late.is_positive() => {
            t.amount_overdue_since(t.money(account.currency, late), t.day(first.due_on))
        }
        Some(first) => t.due_on(t.day(first.due_on)),
        None if account.financials.outstanding_balance < Amount::ZERO => t.paid_ahead().to_owned(),
        None => t.nothing_due().to_owned(),
    }
}

fn facts(portal: &Portal) -> Vec<(&'static str, AnyView)> {
    let t = portal.texts;
    let account = &portal.me.account;
    let financials = &account.financials;
    let happened = |sum, on: Option<Date>| match on {
        Some(on) => t.amount_on_date(t.money(account.currency, sum), t.day(on)).into_any(),
        None => t.none_yet().into_any(),
    };
    let mut facts = vec![
        (t.account_status(), view! { <Badge status=customer_badge(t, account.status)/> }.into_any()),
        (t.last_invoice(), happened(financials.last_invoice_amount, financials.last_invoiced_on)),
    ];
    if portal.me.org.portal.show_payments {
        facts.push((t.last_payment(), happened(financials.last_payment_amount, financials.last_payment_on)));
    }
    facts
}

#[component]
fn OpenInvoices(t: Texts, rows: Vec<AnyView>) -> impl IntoView {
    let list = if rows.is_empty() {
        view! { <Empty icon="check" title=t.everything_paid() text=t.new_invoices_appear() nested=true/> }.into_any()
    } else {
        let columns = [
            Column::text(t.column_invoice()),
            Column::text(t.column_due()),
            Column::text(t.column_status()),
            Column::amount(t.column_balance()),
            Column::action(t.column_action()),
        ];
        view! { <Table caption=t.open_invoices() columns rows/> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="open">
            <div class="section-head">
                <h2 id="open">{t.open_invoices()}</h2>
                <a href=HERE.to("invoices")>{t.all_invoices()}</a>
            </div>
            {list}
        </section>
    }
}

fn open_row(portal: &Portal, invoice: &OpenInvoice, today: Date) -> AnyView {
    let t = portal.texts;
    let number = invoice.number.clone();
    let late = if invoice.is_overdue(today) { "cell-date late" } else { "cell-date" };
    let pays = portal.me.org.portal.allow_payments && invoice.payable.is_positive();
    let pay = pays.then(|| {
        let link = HERE.to(&query("pay", std::slice::from_ref(&number)));
        view! { <a class="button button-small" href=link aria-label=t.pay_invoice_number(&number)>{t.pay()}</a> }
    });
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                <a class="row-link" href=HERE.to(&invoice_page(&number))><span class="visually-hidden">{t.column_invoice()}" "</span>{number.clone()}</a>
            </td>
            <td role="cell" class=late data-label=t.column_due()>{t.date(invoice.due_on)}</td>
            <td role="cell" class="cell-status"><Badge status=open_badge(t, invoice, today)/></td>
            <td role="cell" class="cell-amount">{t.money(invoice.currency, invoice.outstanding)}</td>
            <td role="cell" class="cell-action">{pay}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn RecentPayments(t: Texts, rows: Vec<AnyView>) -> impl IntoView {
    let list = if rows.is_empty() {
        view! { <Empty icon="card" title=t.no_payments() text=t.payments_appear() nested=true/> }.into_any()
    } else {
        view! { <Table caption=t.recent_payments() columns=columns(t) rows/> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="paid">
            <div class="section-head">
                <h2 id="paid">{t.recent_payments()}</h2>
                <a href=HERE.to("payments")>{t.all_payments()}</a>
            </div>
            {list}
        </section>
    }
}
