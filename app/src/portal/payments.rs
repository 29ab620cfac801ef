//! The list of payments, and one of them: a receipt, a refusal, or "being confirmed".

use billing::portal::{Listed, PaymentView};
use billing::{Error, Result};
use domain::money::Amount;
use domain::payments::{Payment, PaymentStatus, PaymentSummary};
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::ui::{
    Badge, Column, Day, Empty, Facts, Icon, Pager, PaymentKind, Place, ResultPage, Tab, Table, invoice_page,
    payment_badge, payment_page, query,
};

pub const LIST: Place = Place::new(Tab::Payments, "payments");
pub const ONE: Place = Place::new(Tab::Payments, "payments/:number");

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let payments = portal.me.payments(asked.page()).await?;
    if payments.rows.is_empty() && payments.total > 0 {
        return Err(Error::NotFound("page"));
    }
    let title = portal.texts.payments();
    Ok(Page::signed_in(portal, LIST, title, move |portal| list_view(portal.texts, &payments)))
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

fn list_view(t: Texts, payments: &Listed<Payment>) -> impl IntoView + use<> {
    let &Listed { ref rows, page, pages, total, .. } = payments;
    let list = if rows.is_empty() {
        view! { <Empty icon="card" title=t.no_payments() text=t.payments_appear()/> }.into_any()
    } else {
        let rows = rows.iter().map(|payment| payment_row(t, LIST, &payment.summary(), payment.amount)).collect();
        view! {
            <Table caption=t.payments_newest_first() columns=columns(t) rows/>
            <Pager t place=LIST page pages total/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>{t.payments()}</h1></div>
        {list}
    }
}

/// Rows of a table with [`columns`].
pub fn payment_rows(t: Texts, place: Place, payments: &[PaymentSummary]) -> Vec<AnyView> {
    payments.iter().map(|payment| payment_row(t, place, payment, payment.amount)).collect()
}

/// `part`: all of the payment, or what one invoice got of it.
pub fn payment_row(t: Texts, place: Place, payment: &PaymentSummary, part: Amount) -> AnyView {
    let link = place.to(&payment_page(&payment.number));
    view! {
        <tr role="row">
            <td role="cell" class="cell-title">
                <a class="row-link" href=link><span class="visually-hidden">{t.column_payment()}" "</span>{payment.number.clone()}</a>
            </td>
            <td role="cell" class="cell-date">{t.date(payment.effective_on)}</td>
            <td role="cell">{t.method(&payment.method_context)}</td>
            <td role="cell" class="cell-status"><Badge status=payment_badge(t, payment)/></td>
            <td role="cell" class="cell-amount">{t.money(payment.currency, part)}</td>
        </tr>
    }
    .into_any()
}

pub async fn one(portal: Portal, number: &str) -> Result<Page> {
    let seen = portal.me.payment(number).await?;
    let title = Ending::of(portal.texts, &seen.payment.head).title;
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
const SUCCESS: &str = "result result-success";
const DECLINED: &str = "result result-declined";

impl Ending {
    fn of(t: Texts, payment: &Payment) -> Ending {
        let of = |icon, class, title, note| Ending { icon, class, title, note };
        match PaymentKind::of(&payment.summary()) {
            PaymentKind::Payment => Ending::of_payment(t, payment.status),
            PaymentKind::Refund => Ending::of_refund(t, payment.status),
            PaymentKind::Returned => of("back", "result", t.returned_title(), t.returned_note()),
            PaymentKind::Credit => of("check", SUCCESS, t.credit_title(), t.credit_note()),
            PaymentKind::Debit => of("back", "result", t.charge_title(), t.charge_note()),
        }
    }

    fn of_refund(t: Texts, status: PaymentStatus) -> Ending {
        let of = |icon, class, title, note| Ending { icon, class, title, note };
        match status {
            PaymentStatus::Pending => of("clock", PENDING, t.refund_pending_title(), t.refund_pending_note()),
            PaymentStatus::Declined | PaymentStatus::Error => {
                of("cross", "result", t.refund_failed_title(), t.refund_failed_note())
            }
            PaymentStatus::Paid | PaymentStatus::Cancelled | PaymentStatus::Refunded => {
                of("back", SUCCESS, t.refund_title(), t.refund_note())
            }
        }
    }

    fn of_payment(t: Texts, status: PaymentStatus) -> Ending {
        let of = |icon, class, title, note| Ending { icon, class, title, note };
        match status {
            PaymentStatus::Paid => of("check", SUCCESS, t.payment_received_title(), t.payment_received_note()),
            PaymentStatus::Declined => of("cross", DECLINED, t.declined_title(), t.declined_note()),
            PaymentStatus::Error => of("cross", DECLINED, t.payment_failed_title(), t.payment_failed_note()),
            PaymentStatus::Pending => of("clock", PENDING, t.payment_pending_title(), t.payment_pending_note()),
            PaymentStatus::Cancelled => of("cross", "result", t.payment_cancelled_title(), t.payment_cancelled_note()),
            PaymentStatus::Refunded => of("back", "result", t.payment_refunded_title(), t.payment_refunded_note()),
        }
    }
}

fn one_view(portal: &Portal, seen: &PaymentView) -> impl IntoView + use<> {
    let t = portal.texts;
    let payment = &seen.payment.head;
    let ending = Ending::of(t, payment);
    let figure = (payment.status == PaymentStatus::Paid)
        .then(|| view! { <p class="figure">{t.money(payment.currency, payment.amount)}</p> });
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
    let t = portal.texts;
    let payment = &seen.payment.head;
    let sum = t.money(payment.currency, payment.amount);
    let is_receipt = is_receipt(payment);
    let mut facts = if is_receipt {
        vec![
            (t.receipt(), payment.number.clone().into_any()),
            (t.column_date(), view! { <Day t date=payment.effective_on/> }.into_any()),
            (t.paid_to(), portal.me.org.name.clone().into_any()),
        ]
    } else {
        vec![(t.column_amount(), view! { <span class="amount">{sum}</span> }.into_any())]
    };
    let with = if is_receipt { t.paid_with() } else { t.column_method() };
    facts.push((with, t.method(&payment.method_context).into_any()));
    facts.extend(reason(seen).map(|reason| (t.reason(), reason.into_any())));
    let link = |(n, (number, _)): (usize, &(String, Amount))| {
        view! { {(n > 0).then_some(", ")}<a href=ONE.to(&invoice_page(number))>{number.clone()}</a> }
    };
    match seen.invoices.len() {
        0 => {}
        1 => facts.push((t.column_invoice(), seen.invoices.iter().enumerate().map(link).collect_view().into_any())),
        _ => facts.push((t.invoices(), seen.invoices.iter().enumerate().map(link).collect_view().into_any())),
    }
    facts.push((t.column_status(), view! { <Badge status=payment_badge(t, &payment.summary())/> }.into_any()));
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
    let t = portal.texts;
    let home = |class| view! { <a class=class href=ONE.to("home")>{t.back_to_home()}</a> };
    let payment = &seen.payment.head;
    if PaymentKind::of(&payment.summary()) != PaymentKind::Payment {
        return home("button button-primary").into_any();
    }
    match payment.status {
        PaymentStatus::Paid => paid_ways(portal, seen).into_any(),
        PaymentStatus::Declined | PaymentStatus::Error if portal.me.org.portal.allow_payments => {
            let numbers: Vec<String> = seen.invoices.iter().map(|(number, _)| number.clone()).collect();
            let again = if numbers.is_empty() { "pay".to_owned() } else { query("pay/card", &numbers) };
            let again = view! { <a class="button button-primary" href=ONE.to(&again)>{t.try_another_method()}</a> };
            view! { {again}{home("button")} }.into_any()
        }
        PaymentStatus::Pending => {
            let here = ONE.to(&payment_page(&payment.number));
            view! { <a class="button button-primary" href=here>{t.check_again()}</a>{home("button")} }.into_any()
        }
        PaymentStatus::Declined | PaymentStatus::Error | PaymentStatus::Cancelled | PaymentStatus::Refunded => {
            home("button button-primary").into_any()
        }
    }
}

fn paid_ways(portal: &Portal, seen: &PaymentView) -> impl IntoView + use<> {
    let t = portal.texts;
    let back = match portal.look.success_url.clone() {
        Some(url) => {
            let label = t.back_to_merchant(&portal.me.org.name);
            view! { <a class="button button-primary" href=url rel="noreferrer" target="_top">{label}</a> }.into_any()
        }
        None => view! { <a class="button button-primary" href=ONE.to("home")>{t.back_to_home()}</a> }.into_any(),
    };
    let pdf = match seen.invoices.as_slice() {
        [(number, _)] => Some(ONE.to(&format!("{}/pdf", invoice_page(number)))),
        _ => None,
    };
    let pdf = pdf.map(|link| view! { <a class="button" href=link><Icon name="download"/>" "{t.invoice_pdf()}</a> });
    view! { {back}{pdf} }
}
