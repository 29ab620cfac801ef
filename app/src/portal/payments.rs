//! The list of payments, and one of them: a receipt, a refusal, or "being confirmed".

use billing::display::{context, date, method};
use billing::portal::{Listed, PaymentView};
use billing::{Error, Result};
use domain::money::Amount;
use domain::payments::{Payment, PaymentStatus, PaymentSummary};
use leptos::prelude::*;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::ui::{
    Badge, Column, Day, Empty, Facts, Icon, Pager, PaymentKind, Place, ResultPage, Tab, Table, amount, invoice_page,
    payment_badge, payment_page, query,
};

pub const LIST: Place = Place::new(Tab::Payments, "payments");
pub const ONE: Place = Place::new(Tab::Payments, "payments/:number");

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let payments = portal.me.payments(asked.page()).await?;
    if payments.rows.is_empty() && payments.total > 0 {
        return Err(Error::NotFound("page"));
    }
    Ok(Page::signed_in(portal, LIST, "Payments", move |_| list_view(&payments)))
}

pub const COLUMNS: &[Column] = &[
    Column::text("Payment"),
    Column::text("Date"),
    Column::text("Method"),
    Column::text("Status"),
    Column::amount("Amount"),
];

fn list_view(payments: &Listed<Payment>) -> impl IntoView + use<> {
    let &Listed { ref rows, page, pages, total, .. } = payments;
    let list = if rows.is_empty() {
        let text = "Payments you make appear here with their receipts.";
        view! { <Empty icon="card" title="No payments yet" text/> }.into_any()
    } else {
        view! {
            <Table caption="Payments, newest first" columns=COLUMNS rows=rows.iter().map(|payment| payment_row(LIST, &payment.summary(), payment.amount)).collect()/>
            <Pager place=LIST page pages total/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>"Payments"</h1></div>
        {list}
    }
}

/// Rows of a table with [`COLUMNS`].
pub fn payment_rows(place: Place, payments: &[PaymentSummary]) -> Vec<AnyView> {
    payments.iter().map(|payment| payment_row(place, payment, payment.amount)).collect()
}

/// `part`: all of the payment, or what one invoice got of it.
pub fn payment_row(place: Place, payment: &PaymentSummary, part: Amount) -> AnyView {
    let link = place.to(&payment_page(&payment.number));
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                <a class="row-link" href=link><span class="visually-hidden">"Payment "</span>{payment.number.clone()}</a>
            </td>
            <td role="cell" class="cell-date">{date(payment.effective_on)}</td>
            <td role="cell">{context(&payment.method_context)}</td>
            <td role="cell" class="cell-status"><Badge status=payment_badge(payment)/></td>
            <td role="cell" class="cell-amount">{amount(payment.currency, part)}</td>
        </tr>
    }
    .into_any()
}

pub async fn one(portal: Portal, number: &str) -> Result<Page> {
    let seen = portal.me.payment(number).await?;
    let title = Ending::of(&seen.payment.head).title;
    Ok(Page::signed_in(portal, ONE, title, move |portal| one_view(portal, &seen)))
}

/// How a payment ended, in the words of its page.
struct Ending {
    icon: &'static str,
    class: &'static str,
    title: &'static str,
    note: &'static str,
}

const PENDING: &str = "result result-pending";

impl Ending {
    fn of(payment: &Payment) -> Ending {
        match PaymentKind::of(&payment.summary()) {
            PaymentKind::Payment => Ending::of_payment(payment.status),
            PaymentKind::Refund => Ending::of_refund(payment.status),
            PaymentKind::Returned => Ending {
                icon: "back",
                class: "result",
                title: "A payment was returned",
                note: "It did not go through after all. What it had paid is due again.",
            },
            PaymentKind::Credit => Ending {
                icon: "check",
                class: "result result-success",
                title: "You received a credit",
                note: "You owe that much less.",
            },
            PaymentKind::Debit => {
                Ending { icon: "back", class: "result", title: "A charge was added", note: "You owe that much more." }
            }
        }
    }

    fn of_refund(status: PaymentStatus) -> Ending {
        let of = |icon, class, title, note| Ending { icon, class, title, note };
        match status {
            PaymentStatus::Pending => of(
                "clock",
                PENDING,
                "Your refund is being confirmed",
                "The bank has not answered yet. We ask until we know.",
            ),
            PaymentStatus::Declined | PaymentStatus::Error => {
                of("cross", "result", "The refund could not be made", "Nothing was paid back.")
            }
            PaymentStatus::Paid | PaymentStatus::Cancelled | PaymentStatus::Refunded => {
                of("back", "result result-success", "You were refunded", "The money is on its way back to you.")
            }
        }
    }

    fn of_payment(status: PaymentStatus) -> Ending {
        let of = |icon, class, title, note| Ending { icon, class, title, note };
        match status {
            PaymentStatus::Paid => {
                of("check", "result result-success", "Payment received", "Thank you for your payment.")
            }
            PaymentStatus::Declined => of(
                "cross",
                "result result-declined",
                "Your card was declined",
                "Nothing was charged. Check the card details, use another card, or ask your bank.",
            ),
            PaymentStatus::Error => of(
                "cross",
                "result result-declined",
                "The payment could not be made",
                "Nothing was charged. Please try again, or use another card.",
            ),
            PaymentStatus::Pending => of(
                "clock",
                PENDING,
                "Your payment is being confirmed",
                "The bank has not answered yet. Please don’t pay again: we ask until we know.",
            ),
            PaymentStatus::Cancelled => {
                of("cross", "result", "This payment was cancelled", "It pays nothing any more.")
            }
            PaymentStatus::Refunded => of("back", "result", "This payment was refunded", "You get the money back."),
        }
    }
}

fn one_view(portal: &Portal, seen: &PaymentView) -> impl IntoView + use<> {
    let payment = &seen.payment.head;
    let ending = Ending::of(payment);
    let figure = (payment.status == PaymentStatus::Paid)
        .then(|| view! { <p class="figure">{amount(payment.currency, payment.amount)}</p> });
    let facts = facts(portal, seen);
    let ways = ways(portal, seen);
    view! {
        <ResultPage icon=ending.icon class=ending.class title=ending.title>
            {figure}
            <p class="result-note">{ending.note}</p>
            <Facts class="facts facts-ends" facts/>
            <div class="cluster cluster-wide">{ways}</div>
        </ResultPage>
    }
}

fn facts(portal: &Portal, seen: &PaymentView) -> Vec<(&'static str, AnyView)> {
    let payment = &seen.payment.head;
    let sum = amount(payment.currency, payment.amount);
    let is_receipt = is_receipt(payment);
    let mut facts = if is_receipt {
        vec![
            ("Receipt", payment.number.clone().into_any()),
            ("Date", view! { <Day date=payment.effective_on/> }.into_any()),
            ("Paid to", portal.me.org.name.clone().into_any()),
        ]
    } else {
        vec![("Amount", view! { <span class="amount">{sum}</span> }.into_any())]
    };
    let with = if is_receipt { "Paid with" } else { "Method" };
    facts.push((with, method(payment).into_any()));
    facts.extend(reason(seen).map(|reason| ("Reason", reason.into_any())));
    let link = |(n, (number, _)): (usize, &(String, Amount))| {
        view! { {(n > 0).then_some(", ")}<a href=ONE.to(&invoice_page(number))>{number.clone()}</a> }
    };
    match seen.invoices.len() {
        0 => {}
        1 => facts.push(("Invoice", seen.invoices.iter().enumerate().map(link).collect_view().into_any())),
        _ => facts.push(("Invoices", seen.invoices.iter().enumerate().map(link).collect_view().into_any())),
    }
    facts.push(("Status", view! { <Badge status=payment_badge(&payment.summary())/> }.into_any()));
    facts
}

/// The customer paid, and that stands.
fn is_receipt(payment: &Payment) -> bool {
    payment.status == PaymentStatus::Paid && PaymentKind::of(&payment.summary()) == PaymentKind::Payment
}

/// Why a processor said no, in its words.
fn reason(seen: &PaymentView) -> Option<String> {
    let is_refused = matches!(seen.payment.head.status, PaymentStatus::Declined | PaymentStatus::Error);
    let answer = &seen.payment.result.as_ref().filter(|_| is_refused)?.answer;
    [&answer.error_message, &answer.status_message].into_iter().find(|text| !text.is_empty()).cloned()
}

fn ways(portal: &Portal, seen: &PaymentView) -> AnyView {
    let home = |class| view! { <a class=class href=ONE.to("home")>"Back to home"</a> };
    let payment = &seen.payment.head;
    if PaymentKind::of(&payment.summary()) != PaymentKind::Payment {
        return home("button button-primary").into_any();
    }
    match payment.status {
        PaymentStatus::Paid => paid_ways(portal, seen).into_any(),
        PaymentStatus::Declined | PaymentStatus::Error if portal.me.org.portal.allow_payments => {
            let numbers: Vec<String> = seen.invoices.iter().map(|(number, _)| number.clone()).collect();
            let again = if numbers.is_empty() { "pay".to_owned() } else { query("pay/card", &numbers) };
            let again = view! { <a class="button button-primary" href=ONE.to(&again)>"Try another card"</a> };
            view! { {again}{home("button")} }.into_any()
        }
        PaymentStatus::Pending => {
            let here = ONE.to(&payment_page(&payment.number));
            view! { <a class="button button-primary" href=here>"Check again"</a>{home("button")} }.into_any()
        }
        PaymentStatus::Declined | PaymentStatus::Error | PaymentStatus::Cancelled | PaymentStatus::Refunded => {
            home("button button-primary").into_any()
        }
    }
}

fn paid_ways(portal: &Portal, seen: &PaymentView) -> impl IntoView + use<> {
    let back = match portal.look.success_url.clone() {
        Some(url) => {
            let label = format!("Back to {}", portal.me.org.name);
            view! { <a class="button button-primary" href=url rel="noreferrer" target="_top">{label}</a> }.into_any()
        }
        None => view! { <a class="button button-primary" href=ONE.to("home")>"Back to home"</a> }.into_any(),
    };
    let pdf = match seen.invoices.as_slice() {
        [(number, _)] => Some(ONE.to(&format!("{}/pdf", invoice_page(number)))),
        _ => None,
    };
    let pdf = pdf.map(|link| view! { <a class="button" href=link><Icon name="download"/>" Invoice PDF"</a> });
    view! { {back}{pdf} }
}
