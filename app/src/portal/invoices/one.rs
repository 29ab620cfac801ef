//! One invoice: what it is for, what became of it, and what can be done with it.

use askama::Template;
use billing::Result;
use billing::portal::InvoiceView;
use domain::customers::Customer;
use domain::dates::Date;
use domain::invoices::{Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency};
use domain::payments::Payment;
use leptos::prelude::*;
use texts::Texts;

use super::ONE;
use crate::guard::Portal;
use crate::page::Page;
use crate::portal::mailing::{ACTION, MAIL};
use crate::portal::payments::{columns, payment_row};
use crate::ui::{
    Badge, BusyNote, Column, Fact, Facts, Icon, Markup, PrintButton, Table, TokenField, day, invoice_badge,
    invoice_page, query,
};

pub async fn load(portal: Portal, number: &str) -> Result<Page> {
    let seen = portal.me.invoice(number).await?;
    let title = portal.texts.invoice_number(&seen.invoice.head.number);
    Ok(Page::signed_in(portal, ONE, &title, move |portal| one_view(portal, &seen)))
}

fn one_view(portal: &Portal, seen: &InvoiceView) -> impl IntoView + use<> {
    let t = portal.texts;
    let head = &seen.invoice.head;
    let title = t.invoice_number(&head.number);
    let badge = invoice_badge(t, head, seen.today);
    let actions = actions(portal, seen);
    let document = document(portal, seen);
    view! {
        <a class="back-link" href=ONE.to("invoices")><Icon name="back" class="icon icon-directed"/>" "{t.invoices()}</a>
        <div class="page-head">
            <div class="page-title">
                <h1>{title}</h1>
                <Badge status=badge/>
            </div>
            <div class="cluster cluster-wide">{actions}</div>
        </div>
        {document}
    }
}

fn actions(portal: &Portal, seen: &InvoiceView) -> impl IntoView + use<> {
    let t = portal.texts;
    let head = &seen.invoice.head;
    let file = |kind: &str| ONE.to(&format!("{}/{kind}", invoice_page(&head.number)));
    let pays = portal.me.org.portal.allow_payments && head.is_open() && head.payable().is_positive();
    let pay = pays.then(|| {
        let link = ONE.to(&query("pay", std::slice::from_ref(&head.number)));
        view! { <a class="button button-primary" href=link>{t.pay_amount(t.money(head.currency, head.payable()))}</a> }
    });
    let has_address = !seen.customer.billing_contact.email_primary.is_empty();
    let mail = has_address.then(|| {
        view! {
            <form method="post">
                <TokenField token=portal.form_token.clone()/>
                <button class="button" name=ACTION value=MAIL><Icon name="mail"/>" "{t.mail_to_me()}</button>
            </form>
        }
    });
    view! {
        {pay}
        // The answer says that it is a file. With `download` here, browsers would ask for it without the cookies of
        // a frame, and in a tab of its own it would have none of them either.
        <a class="button" href=file("pdf") data-file><Icon name="download"/>" "{t.download_pdf()}</a>
        <a class="button" href=file("csv") data-file><Icon name="table"/>" "{t.download_csv()}</a>
        {mail}
        <PrintButton t/>
        <BusyNote text=t.file_being_made()/>
    }
}

fn document(portal: &Portal, seen: &InvoiceView) -> impl IntoView + use<> {
    let t = portal.texts;
    let head = &seen.invoice.head;
    let currency = head.currency;
    let (label, figure) = match head.status {
        InvoiceStatus::Paid => (t.paid_in_full(), head.total),
        InvoiceStatus::Cancelled => (t.status_cancelled(), head.total),
        InvoiceStatus::Outstanding | InvoiceStatus::Draft | InvoiceStatus::Error | InvoiceStatus::CarriedOver => {
            (t.balance_due(), head.outstanding())
        }
    };
    let is_late = head.is_overdue(seen.today) && head.payable().is_positive();
    let state_class = if is_late { "balance-note late" } else { "balance-note" };
    let rows =
        seen.invoice.lines.iter().flat_map(|line| line.charges.iter().map(move |c| charge_row(t, currency, line, c)));
    let rows = rows.collect();
    let shows_payments = !seen.payments.is_empty();
    let tax = seen.invoice.tax();
    let mut totals = Vec::new();
    if !tax.is_zero() {
        totals.extend([(t.net(), sum(t, currency, head.total - tax)), (t.tax(), sum(t, currency, tax))]);
    }
    totals.extend([(t.total(), sum(t, currency, head.total)), (t.payments(), sum(t, currency, -head.applied))]);
    let charge_columns = [
        Column::text(t.column_description()),
        Column::number(t.column_quantity()),
        Column::number(t.column_unit_price()),
        Column::amount(t.column_amount()),
    ];
    view! {
        <article class="card document" aria-label=t.invoice_number(&head.number)>
            <header class="document-head">
                <div class="document-due">
                    <p class="figure-label">{label}</p>
                    <p class="figure">{t.money(currency, figure)}</p>
                    <p class=state_class>{state(t, seen)}</p>
                </div>
                <Facts class="facts-across" facts=dates(t, head, &seen.customer)/>
            </header>
            {parties(t, &portal.me.org.name, &seen.customer)}
            <Table caption=t.lines_of_invoice() columns=charge_columns rows/>
            <dl class="facts facts-ends document-totals">
                {totals.into_iter().map(|(label, sum)| view! { <div><dt>{label}</dt><dd>{sum}</dd></div> }).collect_view()}
                <div class="facts-total"><dt>{t.balance_due()}</dt><dd>{sum(t, currency, head.outstanding())}</dd></div>
            </dl>
            {shows_payments.then(|| payments(t, &seen.payments))}
            {head.notes.clone().map(|notes| view! { <p class="document-note" dir="auto">{notes}</p> })}
        </article>
    }
}

/// What became of it, in words.
fn state(t: Texts, seen: &InvoiceView) -> String {
    let head = &seen.invoice.head;
    match head.status {
        InvoiceStatus::Paid => match seen.payments.iter().map(|(payment, _)| payment.effective_on).max() {
            Some(day) => t.invoice_paid_on(t.day(day)),
            None => t.invoice_is_paid().to_owned(),
        },
        InvoiceStatus::Cancelled => t.invoice_is_cancelled().to_owned(),
        InvoiceStatus::CarriedOver => t.invoice_is_carried_over().to_owned(),
        InvoiceStatus::Outstanding | InvoiceStatus::Draft | InvoiceStatus::Error => open_state(t, head, seen.today),
    }
}

fn open_state(t: Texts, head: &Invoice, today: Date) -> String {
    let money = |amount| t.money(head.currency, amount);
    let due = t.day(head.due_on);
    let paid = (!head.applied.is_zero()).then(|| t.invoice_partly_paid(money(head.applied), money(head.total)));
    let held = (!head.reserved.is_zero()).then(|| t.invoice_being_paid(money(head.reserved)));
    let due = head
        .payable()
        .is_positive()
        .then(|| if head.is_overdue(today) { t.invoice_overdue_since(due) } else { t.due_on(due) });
    [due, paid, held].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn sum(t: Texts, currency: Currency, sum: Amount) -> impl IntoView {
    view! { <span class="amount">{t.money(currency, sum)}</span> }
}

fn dates(t: Texts, head: &Invoice, customer: &Customer) -> Vec<Fact> {
    let mut facts = vec![(t.column_issued(), day(t, head.invoiced_on)), (t.column_due(), day(t, head.due_on))];
    if let Some(reference) = &customer.ext_customer_ref {
        facts.push((t.customer_number(), reference.as_str().into()));
    }
    facts
}

fn parties(t: Texts, org: &str, customer: &Customer) -> impl IntoView + use<> {
    let contact = &customer.billing_contact;
    let mut to = vec![customer.name.clone()];
    to.extend(Some(contact.full_name()).filter(|name| *name != customer.name && !name.is_empty()));
    to.extend(contact.address.fields.lines());
    view! {
        <div class="parties">
            <section><h2>{t.from_merchant()}</h2><address>{org.to_owned()}</address></section>
            <section><h2>{t.bill_to()}</h2><address>{lines(to)}</address></section>
        </div>
    }
}

#[derive(Template)]
#[template(
    source = "{% for line in lines %}{% if !loop.first %}<br>{% endif %}<bdi>{{ line }}</bdi>{% endfor %}",
    ext = "html"
)]
struct Lines {
    lines: Vec<String>,
}

/// Lines of an address.
pub fn lines(lines: Vec<String>) -> Markup {
    Markup::written(&Lines { lines })
}

fn charge_row(t: Texts, currency: Currency, line: &InvoiceLine, charge: &InvoiceCharge) -> Markup {
    let explanation = (!charge.explanation.is_empty()).then(|| t.explanation(&charge.explanation));
    let unit_price = if charge.is_percent {
        t.percent(&charge.unit_price.format(currency))
    } else {
        t.price(currency, charge.unit_price)
    };
    let unit = charge.unit_of_measure.as_ref().map(|unit| format!(" {unit}"));
    Markup::of(view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                // The merchant's words run as they begin, whatever the page does.
                <bdi>{charge.text.clone()}</bdi>" "
                <span class="cell-detail"><bdi>{line.text.clone()}</bdi>" · "{t.period(charge.period)}</span>
                {explanation.map(|text| view! { " "<span class="cell-detail">{text}</span> })}
            </td>
            <td role="cell" class="number cell-number" data-label=t.column_quantity()>{t.quantity(charge.quantity)}{unit}</td>
            <td role="cell" class="number cell-number" data-label=t.column_unit_price()>{unit_price}</td>
            <td role="cell" class="cell-amount">{t.money(currency, charge.amount)}</td>
        </tr>
    })
}

fn payments(t: Texts, payments: &[(Payment, Amount)]) -> impl IntoView + use<> {
    let rows = payments.iter().map(|(payment, part)| payment_row(t, ONE, &payment.summary(), *part)).collect();
    view! {
        <section class="document-payments" aria-labelledby="payments">
            <h2 id="payments">{t.payments()}</h2>
            <Table caption=t.payments_of_invoice() columns=columns(t) rows/>
        </section>
    }
}
