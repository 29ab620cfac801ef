//! The list of invoices, and one of them.

use billing::display::{date, period};
use billing::portal::{InvoiceView, Listed};
use billing::{Error, Result};
use domain::customers::Customer;
use domain::dates::Date;
use domain::invoices::{Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency};
use domain::payments::Payment;
use leptos::prelude::*;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::payments::payment_row;
use crate::ui::{
    Badge, Column, Day, Empty, Facts, Icon, Pager, Place, Tab, Table, amount, invoice_badge, invoice_page, price, query,
};

pub const LIST: Place = Place::new(Tab::Invoices, "invoices");
pub const ONE: Place = Place::new(Tab::Invoices, "invoices/:number");

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let invoices = portal.me.invoices(asked.page()).await?;
    if invoices.rows.is_empty() && invoices.total > 0 {
        return Err(Error::NotFound("page"));
    }
    Ok(Page::signed_in(portal, LIST, "Invoices", move |portal| list_view(portal, &invoices)))
}

const LIST_COLUMNS: &[Column] = &[
    Column::text("Invoice"),
    Column::text("Issued"),
    Column::text("Due"),
    Column::text("Status"),
    Column::amount("Amount"),
];

fn list_view(portal: &Portal, invoices: &Listed<Invoice>) -> impl IntoView + use<> {
    let &Listed { ref rows, page, pages, total, today } = invoices;
    let list = if rows.is_empty() {
        let text = format!("Your first invoice appears here as soon as {} issues it.", portal.me.org.name);
        view! { <Empty icon="invoice" title="No invoices yet" text/> }.into_any()
    } else {
        let rows = rows.iter().map(|invoice| list_row(invoice, today)).collect();
        view! {
            <Table caption="Invoices, newest first" columns=LIST_COLUMNS rows/>
            <Pager place=LIST page pages total/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>"Invoices"</h1></div>
        {list}
    }
}

fn list_row(invoice: &Invoice, today: Date) -> AnyView {
    let number = invoice.number.clone();
    let late = if invoice.is_overdue(today) { "cell-date late" } else { "cell-date" };
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                <a class="row-link" href=LIST.to(&invoice_page(&number))><span class="visually-hidden">"Invoice "</span>{number.clone()}</a>
            </td>
            <td role="cell" class="cell-date" data-label="Issued">{date(invoice.invoiced_on)}</td>
            <td role="cell" class=late data-label="Due">{date(invoice.due_on)}</td>
            <td role="cell" class="cell-status"><Badge status=invoice_badge(invoice, today)/></td>
            <td role="cell" class="cell-amount">{amount(invoice.currency, invoice.total)}</td>
        </tr>
    }
    .into_any()
}

pub async fn one(portal: Portal, number: &str) -> Result<Page> {
    let seen = portal.me.invoice(number).await?;
    let title = format!("Invoice {}", seen.invoice.head.number);
    Ok(Page::signed_in(portal, ONE, &title, move |portal| one_view(portal, &seen)))
}

fn one_view(portal: &Portal, seen: &InvoiceView) -> impl IntoView + use<> {
    let head = &seen.invoice.head;
    let title = format!("Invoice {}", head.number);
    let badge = invoice_badge(head, seen.today);
    let actions = actions(portal, head);
    let document = document(portal, seen);
    view! {
        <a class="back-link" href=ONE.to("invoices")><Icon name="back" class="icon icon-directed"/>" Invoices"</a>
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

fn actions(portal: &Portal, head: &Invoice) -> impl IntoView + use<> {
    let pdf = ONE.to(&format!("{}/pdf", invoice_page(&head.number)));
    let pays = portal.me.org.portal.allow_payments && head.is_open() && head.payable().is_positive();
    let pay = pays.then(|| {
        let link = ONE.to(&query("pay", std::slice::from_ref(&head.number)));
        view! { <a class="button button-primary" href=link>{format!("Pay {}", amount(head.currency, head.payable()))}</a> }
    });
    view! {
        {pay}
        // The answer says that it is a file. With `download` here, browsers would ask for it without the cookies of
        // a frame, and in a tab of its own it would have none of them either.
        <a class="button" href=pdf><Icon name="download"/>" Download PDF"</a>
    }
}

fn document(portal: &Portal, seen: &InvoiceView) -> impl IntoView + use<> {
    let head = &seen.invoice.head;
    let currency = head.currency;
    let (label, figure) = match head.status {
        InvoiceStatus::Paid => ("Paid in full", head.total),
        InvoiceStatus::Cancelled => ("Cancelled", head.total),
        InvoiceStatus::Outstanding | InvoiceStatus::Draft | InvoiceStatus::Error | InvoiceStatus::CarriedOver => {
            ("Balance due", head.outstanding())
        }
    };
    let rows =
        seen.invoice.lines.iter().flat_map(|line| line.charges.iter().map(move |c| charge_row(currency, line, c)));
    let rows = rows.collect();
    let shows_payments = portal.me.org.portal.show_payments && !seen.payments.is_empty();
    let tax = seen.invoice.tax();
    let mut totals = Vec::new();
    if !tax.is_zero() {
        totals.extend([("Net", sum(currency, head.total - tax)), ("Tax", sum(currency, tax))]);
    }
    totals.extend([("Total", sum(currency, head.total)), ("Payments", sum(currency, -head.applied))]);
    view! {
        <article class="card document" aria-label=format!("Invoice {}", head.number)>
            <header class="document-head">
                <div class="document-due">
                    <p class="figure-label">{label}</p>
                    <p class="figure">{amount(currency, figure)}</p>
                </div>
                <Facts class="facts-across" facts=dates(head, &seen.customer)/>
            </header>
            {parties(&portal.me.org.name, &seen.customer)}
            <Table caption="Lines of this invoice" columns=CHARGE_COLUMNS rows/>
            <dl class="facts facts-ends document-totals">
                {totals.into_iter().map(|(label, sum)| view! { <div><dt>{label}</dt><dd>{sum}</dd></div> }).collect_view()}
                <div class="facts-total"><dt>"Balance due"</dt><dd>{sum(currency, head.outstanding())}</dd></div>
            </dl>
            {shows_payments.then(|| payments(&seen.payments))}
            {head.notes.clone().map(|notes| view! { <p class="document-note">{notes}</p> })}
        </article>
    }
}

fn sum(currency: Currency, sum: Amount) -> impl IntoView {
    view! { <span class="amount">{amount(currency, sum)}</span> }
}

fn dates(head: &Invoice, customer: &Customer) -> Vec<(&'static str, AnyView)> {
    let mut facts = vec![
        ("Issued", view! { <Day date=head.invoiced_on/> }.into_any()),
        ("Due", view! { <Day date=head.due_on/> }.into_any()),
    ];
    if let Some(reference) = &customer.ext_customer_ref {
        facts.push(("Customer", reference.clone().into_any()));
    }
    facts
}

fn parties(org: &str, customer: &Customer) -> impl IntoView + use<> {
    let contact = &customer.billing_contact;
    let mut to = vec![customer.name.clone()];
    to.extend(Some(contact.full_name()).filter(|name| *name != customer.name && !name.is_empty()));
    to.extend(contact.address.fields.lines());
    view! {
        <div class="parties">
            <section><h2>"From"</h2><address>{org.to_owned()}</address></section>
            <section><h2>"Bill to"</h2><address>{lines(to)}</address></section>
        </div>
    }
}

/// Lines of an address.
pub fn lines(lines: Vec<String>) -> impl IntoView {
    let line = |(n, line): (usize, String)| view! { {(n > 0).then(|| view! { <br/> })}{line} };
    lines.into_iter().enumerate().map(line).collect_view()
}

const CHARGE_COLUMNS: &[Column] =
    &[Column::text("Description"), Column::number("Quantity"), Column::number("Unit price"), Column::amount("Amount")];

fn charge_row(currency: Currency, line: &InvoiceLine, charge: &InvoiceCharge) -> AnyView {
    let detail = format!("{} · {}", line.text, period(charge.period));
    let explanation = (!charge.explanation.is_empty()).then(|| charge.explanation.clone());
    let unit = charge.unit_of_measure.as_ref().map(|unit| format!(" {unit}"));
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                {charge.text.clone()}" "<span class="cell-detail">{detail}</span>
                {explanation.map(|text| view! { " "<span class="cell-detail">{text}</span> })}
            </td>
            <td role="cell" class="number cell-number" data-label="Quantity">{charge.quantity.format(0)}{unit}</td>
            <td role="cell" class="number cell-number" data-label="Unit price">{price(currency, charge.unit_price)}{charge.is_percent.then_some("%")}</td>
            <td role="cell" class="cell-amount">{amount(currency, charge.amount)}</td>
        </tr>
    }
    .into_any()
}

fn payments(payments: &[(Payment, Amount)]) -> impl IntoView + use<> {
    let rows = payments.iter().map(|(payment, part)| payment_row(ONE, &payment.summary(), *part)).collect();
    view! {
        <section class="document-payments" aria-labelledby="payments">
            <h2 id="payments">"Payments"</h2>
            <Table caption="Payments of this invoice" columns=crate::portal::payments::COLUMNS rows/>
        </section>
    }
}
