//! What the customer owes, and since when: the first page.

mod next_charge;

use askama::Template;
use billing::Result;
use billing::portal::Home;
use domain::customers::{Account, CustomerStatus};
use domain::dates::Date;
use domain::invoices::{InvoiceState, OpenInvoice, OpenTotals};
use domain::money::Amount;
use domain::payment_plans::PlanStatus;
use domain::payments::PaymentSummary;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::invoices::InvoiceRow;
use crate::portal::payments::{columns, payment_rows};
use crate::portal::search::STATUS;
use crate::ui::{
    Column, Fact, Icon, Markup, Place, Tab, badge, customer_badge, day, empty, facts_list, invoice_page, link,
    open_badge, query, table,
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
    let is_new = totals.count == 0 && account.balances.last_invoiced_on.is_none();
    let paid = (show_payments && !(is_new && payments.is_empty())).then(|| recent_payments(t, payments));
    let invoices = if is_new {
        let text = t.first_invoice_appears(&portal.me.org.name);
        let list = empty("invoice", t.no_invoices(), text, true);
        Markup::written(&ListSection { id: "open", title: t.invoices(), all: None, list, more: None })
    } else {
        let rows: Vec<Markup> = open.iter().map(|invoice| open_row(portal, invoice, today)).collect();
        let has_more = totals.count > i64::try_from(rows.len()).unwrap_or(i64::MAX);
        open_invoices(t, rows, has_more.then_some(totals.count))
    };
    view! {
        <h1 class="visually-hidden">{t.my_account()}</h1>
        {notice(t, account, home)}
        {autopay.as_ref().and_then(|autopay| next_charge::problem(t, account, autopay))}
        {plan_notice(t, home.plan)}
        {balance(portal, home)}
        {invoices}
        {paid.unwrap_or_default()}
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

#[derive(Template)]
#[template(path = "balance.html")]
struct Balance {
    t: Texts,
    label: &'static str,
    figure: String,
    is_late: bool,
    note: String,
    pay: Option<String>,
    autopay: Markup,
    facts: Markup,
}

fn balance(portal: &Portal, home: &Home) -> Markup {
    let t = portal.texts;
    let account = &portal.me.account;
    let owed = account.balances.outstanding_balance;
    let is_credit = owed < Amount::ZERO;
    let pays = portal.me.may_pay() && home.totals.payable.is_positive();
    let autopay = home.autopay.as_ref().and_then(|autopay| next_charge::plan(t, account, &home.totals, autopay));
    Markup::written(&Balance {
        t,
        label: if is_credit { t.in_credit() } else { t.balance_due() },
        figure: t.money(account.currency, if is_credit { -owed } else { owed }),
        is_late: home.totals.overdue_count > 0,
        note: note(t, account, &home.totals),
        pay: pays.then(|| HERE.to("pay")),
        autopay: autopay.map(Markup::of).unwrap_or_default(),
        facts: facts_list("facts-across", facts(portal, &home.totals)),
    })
}

fn note(t: Texts, account: &Account, totals: &OpenTotals) -> String {
    match totals.first_due_on {
        Some(first) if totals.overdue_count > 0 => {
            t.amount_overdue_since(t.money(account.currency, totals.overdue), t.day(first))
        }
        Some(first) => t.due_on(t.day(first)),
        None if account.balances.outstanding_balance < Amount::ZERO => t.paid_ahead().to_owned(),
        None => t.nothing_due().to_owned(),
    }
}

fn facts(portal: &Portal, totals: &OpenTotals) -> Vec<Fact> {
    let t = portal.texts;
    let account = &portal.me.account;
    let balances = &account.balances;
    let happened = |sum, on: Option<Date>| match on {
        Some(on) => t.amount_on_date(t.money(account.currency, sum), t.day(on)).into(),
        None => t.none_yet().into(),
    };
    let mut facts = vec![
        (t.account_status(), badge(customer_badge(t, account.status))),
        (t.last_invoice(), happened(balances.last_invoice_amount, balances.last_invoiced_on)),
    ];
    // Where nothing is late, the day stands below the balance.
    if let Some(next) = totals.next_due_on.filter(|_| totals.overdue_count > 0) {
        facts.insert(1, (t.next_due(), day(t, next)));
    }
    if portal.me.org.portal.show_payments {
        facts.push((t.last_payment(), happened(balances.last_payment_amount, balances.last_payment_on)));
    }
    facts.push((t.autopay(), link(&HERE.to("autopay"), t.manage())));
    facts
}

/// A list with its heading; `all`: what leads to all of it; `more`: the same below, where not all is shown.
#[derive(Template)]
#[template(path = "list_section.html")]
struct ListSection {
    id: &'static str,
    title: &'static str,
    all: Option<Markup>,
    list: Markup,
    more: Option<(String, String)>,
}

/// `count`: of all, where not all are shown.
fn open_invoices(t: Texts, rows: Vec<Markup>, count: Option<i64>) -> Markup {
    let list = if rows.is_empty() {
        empty("check", t.everything_paid(), t.new_invoices_appear().to_owned(), true)
    } else {
        let columns = [
            Column::text(t.column_invoice()),
            Column::text(t.column_due()),
            Column::text(t.column_status()),
            Column::amount(t.column_balance()),
            Column::action(t.column_action()),
        ];
        table(t.open_invoices(), &columns, rows)
    };
    let more = count.map(|count| {
        let open = HERE.to(&format!("invoices?{STATUS}={}", InvoiceState::Open));
        (open, t.all_open_invoices(t.number(count)))
    });
    let all = Some(link(&HERE.to("invoices"), t.all_invoices()));
    Markup::written(&ListSection { id: "open", title: t.open_invoices(), all, list, more })
}

#[derive(Template)]
#[template(
    source = r#"<a class="button button-small" href="{{ to }}" aria-label="{{ label }}">{{ t.pay() }}</a>"#,
    ext = "html"
)]
struct Pay {
    t: Texts,
    to: String,
    label: String,
}

fn open_row(portal: &Portal, invoice: &OpenInvoice, today: Date) -> Markup {
    let t = portal.texts;
    let number = &invoice.number;
    let pays = portal.me.may_pay() && invoice.payable.is_positive();
    let pay = pays.then(|| {
        let to = HERE.to(&query("pay", std::slice::from_ref(number)));
        Markup::written(&Pay { t, to, label: t.pay_invoice_number(number) })
    });
    Markup::written(&InvoiceRow {
        t,
        link: HERE.to(&invoice_page(number)),
        number,
        issued: None,
        is_late: invoice.is_overdue(today),
        due: t.date(invoice.due_on),
        badge: badge(open_badge(t, invoice, today)),
        amount: t.money(invoice.currency, invoice.outstanding),
        action: Some(pay.unwrap_or_default()),
    })
}

fn recent_payments(t: Texts, payments: &[PaymentSummary]) -> Markup {
    let list = if payments.is_empty() {
        empty("card", t.no_payments(), t.payments_appear().to_owned(), true)
    } else {
        table(t.recent_payments(), &columns(t), payment_rows(t, HERE, payments))
    };
    let all = Some(link(&HERE.to("payments"), t.all_payments()));
    Markup::written(&ListSection { id: "paid", title: t.recent_payments(), all, list, more: None })
}
