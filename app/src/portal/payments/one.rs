//! One payment: a receipt, a refusal, "being confirmed", or what was taken back.

use billing::Result;
use billing::portal::PaymentView;
use domain::money::Amount;
use domain::payments::{FullPayment, Payment, PaymentStatus, Refusal};
use leptos::prelude::*;
use texts::Texts;

use super::{ONE, receipt_page};
use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::mailing::{ACTION, MAIL, RECEIPT};
use crate::ui::{
    BusyNote, Fact, Facts, Icon, Markup, PaymentKind, PrintButton, ResultPage, TokenField, amount, back_to_merchant,
    badge, day, invoice_page, link, payment_badge, payment_page, query,
};

pub async fn load(portal: Portal, number: &str, asked: &Asked) -> Result<Page> {
    let seen = portal.me.payment(number, asked.get(RECEIPT)).await?;
    let title = Ending::of(portal.texts, &seen.payment.head).title;
    Ok(Page::signed_in(portal, ONE, title, move |portal| one_view(portal, &seen)))
}

/// How a payment ended, in the words of its page.
#[derive(Clone, Copy)]
pub struct Ending {
    pub icon: &'static str,
    pub class: &'static str,
    pub title: &'static str,
    pub note: &'static str,
}

const PENDING: &str = "result result-pending";
const SUCCESS: &str = "result result-success";
const DECLINED: &str = "result result-declined";

impl Ending {
    pub fn of(t: Texts, payment: &Payment) -> Ending {
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

fn facts(portal: &Portal, seen: &PaymentView) -> Vec<Fact> {
    let t = portal.texts;
    let mut facts = what_and_how(t, &portal.me.org.name, &seen.payment);
    facts.extend(invoices(portal, seen));
    let shows_payments = portal.me.org.portal.show_payments;
    let others = [(t.original_payment(), &seen.reverses), (t.taken_back_by(), &seen.reversed_by)];
    for (label, number) in others.into_iter().filter(|_| shows_payments) {
        facts.extend(number.as_ref().map(|number| (label, link(&ONE.to(&payment_page(number)), number))));
    }
    facts.push((t.column_status(), badge(payment_badge(t, &seen.payment.head.summary()))));
    facts
}

/// How much when by what means, and why not; of money that was received, what a receipt says.
pub fn what_and_how(t: Texts, merchant: &str, payment: &FullPayment) -> Vec<Fact> {
    let head = &payment.head;
    let date = (t.column_date(), day(t, head.effective_on));
    let is_receipt = head.is_received();
    let mut facts = if is_receipt {
        vec![(t.receipt(), head.number.as_str().into()), date, (t.paid_to(), merchant.into())]
    } else {
        // Above them where money has moved.
        let sum = t.money(head.currency, head.amount);
        let sum = (head.status != PaymentStatus::Paid).then(|| (t.column_amount(), amount(&sum)));
        sum.into_iter().chain([date]).collect()
    };
    let with = if is_receipt { t.paid_with() } else { t.column_method() };
    facts.push((with, t.method(&head.method_context).into()));
    facts.extend(reason(t, payment).map(|reason| (t.reason(), reason.into())));
    facts
}

/// The invoices that it was for; where there are several, what each got of it.
fn invoices(portal: &Portal, seen: &PaymentView) -> Option<Fact> {
    let t = portal.texts;
    let currency = seen.payment.head.currency;
    let link = |number: &str| link(&ONE.to(&invoice_page(number)), number);
    match seen.invoices.as_slice() {
        [] => None,
        [(number, _)] => Some((t.column_invoice(), link(number))),
        several => {
            let part = |(number, amount): &(String, Amount)| {
                view! { <li>{link(number)}" · "{t.money(currency, *amount)}</li> }
            };
            let others = seen.has_more.then(|| view! { <li>{t.and_others()}</li> });
            let list = view! { <ul>{several.iter().map(part).collect_view()}{others}</ul> };
            Some((t.invoices(), Markup::of(list)))
        }
    }
}

/// Why a processor said no.
fn reason(t: Texts, payment: &FullPayment) -> Option<&'static str> {
    let is_refused = matches!(payment.head.status, PaymentStatus::Declined | PaymentStatus::Error);
    let answer = &payment.result.as_ref().filter(|_| is_refused)?.answer;
    Some(match Refusal::of(answer) {
        Refusal::Funds => t.refused_funds(),
        Refusal::Expired => t.refused_expired(),
        Refusal::SecurityCode => t.refused_security_code(),
        Refusal::Address => t.refused_address(),
        Refusal::Number => t.refused_number(),
        Refusal::Limit => t.refused_limit(),
        Refusal::Kind => t.refused_kind(),
        Refusal::Unsaid => t.refused_unsaid(),
        Refusal::Technical => t.refused_technically(),
    })
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
            let again = query("pay", &numbers);
            let again = view! { <a class="button button-primary" href=ONE.to(&again)>{t.try_another_method()}</a> };
            view! { {again}{home("button")} }.into_any()
        }
        PaymentStatus::Pending => {
            let here = ONE.to(&receipt_page(portal, &payment.number));
            view! { <a class="button button-primary" href=here>{t.check_again()}</a>{home("button")} }.into_any()
        }
        PaymentStatus::Declined | PaymentStatus::Error | PaymentStatus::Cancelled | PaymentStatus::Refunded => {
            home("button button-primary").into_any()
        }
    }
}

fn paid_ways(portal: &Portal, seen: &PaymentView) -> impl IntoView + use<> {
    let t = portal.texts;
    let success_url = portal.look.success_url.as_ref().or(portal.me.org.portal.success_url.as_ref());
    let back = match success_url.cloned() {
        Some(url) => back_to_merchant(t, url, &portal.me.org.name).into_any(),
        None => view! { <a class="button button-primary" href=ONE.to("home")>{t.back_to_home()}</a> }.into_any(),
    };
    let pdf = match seen.invoices.as_slice() {
        [(number, _)] => Some(ONE.to(&format!("{}/pdf", invoice_page(number)))),
        _ => None,
    };
    let pdf =
        pdf.map(|link| view! { <a class="button" href=link data-file><Icon name="download"/>" "{t.invoice_pdf()}</a> });
    let mail = view! { <Mail portal=portal.clone() number=seen.payment.head.number.clone()/> };
    view! { {back}{mail}{pdf}<PrintButton t/><BusyNote text=t.file_being_made()/> }
}

#[component]
fn Mail(portal: Portal, number: String) -> impl IntoView {
    let pass = (!portal.me.org.portal.show_payments).then(|| portal.me.receipt_pass(&number));
    view! {
        <form method="post">
            <TokenField token=portal.form_token.clone()/>
            {pass.map(|pass| view! { <input type="hidden" name=RECEIPT value=pass/> })}
            <button class="button" name=ACTION value=MAIL><Icon name="mail"/>" "{portal.texts.mail_receipt()}</button>
        </form>
    }
}
