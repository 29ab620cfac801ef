//! What the customer owes, and since when: the first page.

mod next_charge;

use billing::Result;
use billing::portal::Home;
use domain::customers::{Account, CustomerStatus};
use domain::dates::Date;
use domain::invoices::{InvoiceState, OpenInvoice, OpenTotals};
use domain::money::Amount;
use domain::payment_plans::PlanStatus;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::payments::{columns, payment_rows};
use crate::portal::search::STATUS;
use crate::ui::{
    Badge, Column, Day, Empty, Facts, Icon, Place, Tab, Table, customer_badge, invoice_page, open_badge, query,
};

pub const HERE: Place = Place::new(Tab::Home, "home");

pub async fn load(portal: Portal) -> Result<Page> {
    let home = portal.me.home().await?;
    let title = portal.texts.my_account();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &home)))
}

fn content(portal: &Portal, home: &Home) -> impl IntoView + use<> {
    let &Home { ref totals, ref open, ref payments, ref autopay, plan: _, today } = home;
    let t = portal.texts;
    let account = &portal.me.account;
    let show_payments = portal.me.org.portal.show_payments;
    let is_new = totals.count == 0 && account.financials.last_invoiced_on.is_none();
    let paid = (show_payments && !(is_new && payments.is_empty())).then(|| {
        let rows = payment_rows(t, HERE, payments);
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
        let rows: Vec<AnyView> = open.iter().map(|invoice| open_row(portal, invoice, today)).collect();
        let has_more = totals.count > i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let count = has_more.then_some(totals.count);
        view! { <OpenInvoices t rows count/> }.into_any()
    };
    view! {
        <h1 class="visually-hidden">{t.my_account()}</h1>
        {notice(t, account, home)}
        {autopay.as_ref().and_then(|autopay| next_charge::problem(t, account, autopay))}
        {plan_notice(t, home.plan)}
        {balance(portal, home)}
        {invoices}
        {paid}
    }
}

/// Overdue invoices that are named; of more only the sum is told.
const NAMED_MAX: i64 = 3;

fn notice(t: Texts, account: &Account, home: &Home) -> Option<impl IntoView + use<>> {
    let OpenTotals { overdue_count: count, overdue, .. } = home.totals;
    let late = home.open.iter().filter(|invoice| invoice.is_overdue(home.today));
    let numbers = late.map(|invoice| invoice.number.as_str()).collect::<Vec<_>>().join(", ");
    let sum = t.money(account.currency, overdue);
    let (title, text) = match account.status {
        CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
            let text = match count {
                0 => t.overdue_pay_due().to_owned(),
                1..=NAMED_MAX => t.overdue_pay_invoices(count, numbers),
                _ => t.overdue_pay_amount(sum),
            };
            (t.overdue_title(), text)
        }
        CustomerStatus::Suspended1 | CustomerStatus::Suspended2 | CustomerStatus::Suspended3 => {
            let text = match count {
                0 => t.suspended_pay_due().to_owned(),
                1..=NAMED_MAX => t.suspended_pay_invoices(count, numbers),
                _ => t.suspended_pay_amount(sum),
            };
            (t.suspended_title(), text)
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

fn plan_notice(t: Texts, plan: Option<PlanStatus>) -> Option<impl IntoView + use<>> {
    let (title, link) = match plan {
        Some(PlanStatus::Offered) => (t.plan_waits(), t.see_offer()),
        Some(PlanStatus::Active) => (t.plan_runs(), t.see_payment_plan()),
        Some(PlanStatus::Ended) | None => return None,
    };
    Some(view! {
        <div class="alert" role="status">
            <Icon name="clock"/>
            <div>
                <h2 class="alert-title">{title}</h2>
                <p><a href=HERE.to("plan")>{link}</a></p>
            </div>
        </div>
    })
}

fn balance(portal: &Portal, home: &Home) -> impl IntoView + use<> {
    let t = portal.texts;
    let account = &portal.me.account;
    let owed = account.financials.outstanding_balance;
    let is_credit = owed < Amount::ZERO;
    let label = if is_credit { t.in_credit() } else { t.balance_due() };
    let figure = t.money(account.currency, if is_credit { -owed } else { owed });
    let note_class = if home.totals.overdue_count > 0 { "balance-note late" } else { "balance-note" };
    let pays = portal.me.may_pay() && home.totals.payable.is_positive();
    let pay = view! { <a class="button button-primary button-large" href=HERE.to("pay")>{t.pay_now()}</a> };
    let autopay = home.autopay.as_ref().and_then(|autopay| next_charge::plan(t, account, &home.totals, autopay));
    view! {
        <section class="card balance" aria-labelledby="balance">
            <div class="balance-due">
                <div>
                    <h2 class="figure-label" id="balance">{label}</h2>
                    <p class="figure">{figure}</p>
                    <p class=note_class>{note(t, account, &home.totals)}</p>
                </div>
                {pays.then_some(pay)}
            </div>
            {autopay}
            <Facts class="facts-across" facts=facts(portal, &home.totals)/>
        </section>
    }
}

fn note(t: Texts, account: &Account, totals: &OpenTotals) -> String {
    match totals.first_due_on {
        Some(first) if totals.overdue_count > 0 => {
            t.amount_overdue_since(t.money(account.currency, totals.overdue), t.day(first))
        }
        Some(first) => t.due_on(t.day(first)),
        None if account.financials.outstanding_balance < Amount::ZERO => t.paid_ahead().to_owned(),
        None => t.nothing_due().to_owned(),
    }
}

fn facts(portal: &Portal, totals: &OpenTotals) -> Vec<(&'static str, AnyView)> {
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
    // Where nothing is late, the day stands below the balance.
    if let Some(next) = totals.next_due_on.filter(|_| totals.overdue_count > 0) {
        facts.insert(1, (t.next_due(), view! { <Day t date=next/> }.into_any()));
    }
    if portal.me.org.portal.show_payments {
        facts.push((t.last_payment(), happened(financials.last_payment_amount, financials.last_payment_on)));
    }
    facts.push((t.autopay(), view! { <a href=HERE.to("autopay")>{t.manage()}</a> }.into_any()));
    facts
}

/// `count`: of all, where not all are shown.
#[component]
fn OpenInvoices(t: Texts, rows: Vec<AnyView>, count: Option<i64>) -> impl IntoView {
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
    let all = count.map(|count| {
        let link = HERE.to(&format!("invoices?{STATUS}={}", InvoiceState::Open));
        view! { <p class="section-more"><a class="button" href=link>{t.all_open_invoices(t.number(count))}</a></p> }
    });
    view! {
        <section class="section" aria-labelledby="open">
            <div class="section-head">
                <h2 id="open">{t.open_invoices()}</h2>
                <a href=HERE.to("invoices")>{t.all_invoices()}</a>
            </div>
            {list}
            {all}
        </section>
    }
}

fn open_row(portal: &Portal, invoice: &OpenInvoice, today: Date) -> AnyView {
    let t = portal.texts;
    let number = invoice.number.clone();
    let late = if invoice.is_overdue(today) { "cell-date late" } else { "cell-date" };
    let pays = portal.me.may_pay() && invoice.payable.is_positive();
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
