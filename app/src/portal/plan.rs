//! The payment plan: what is offered, how far it is, and each instalment with its date.

use billing::payment_plans::{Acceptance, CannotBegin};
use billing::portal::{Extent, InstallmentRow, PlanView};
use billing::{Error, Result};
use domain::checks::Problems;
use domain::dates::{TimeUnit, Timestamp};
use domain::ids::PaymentPlanId;
use domain::payment_plans::{CannotAccept, PaymentPlan, PlanStatus};
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Answer, Form, complaint};
use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::portal::autopay::done;
use crate::ui::{
    Badge, Column, Empty, Fact, Facts, Markup, Pager, Place, Status, Tab, Table, TokenField, amount, payment_page,
};

pub const HERE: Place = Place::new(Tab::Home, "plan");

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let seen = portal.me.plan(asked.number("page")).await?;
    let title = portal.texts.payment_plan();
    Ok(Page::signed_in(portal, HERE, title, move |portal| match &seen {
        Some(seen) => content(portal, seen).into_any(),
        None => nothing(portal).into_any(),
    }))
}

/// Whoever comes by a link of the merchant's finds out that there is none.
fn nothing(portal: &Portal) -> impl IntoView + use<> {
    let t = portal.texts;
    let text = t.no_payment_plan_text(&portal.me.org.name);
    view! {
        <div class="page-head"><h1>{t.payment_plan()}</h1></div>
        <Empty icon="clock" title=t.no_payment_plan() text/>
    }
}

fn content(portal: &Portal, seen: &PlanView) -> impl IntoView + use<> {
    let t = portal.texts;
    let plan = &seen.plan;
    let head = match plan.status() {
        PlanStatus::Offered => offer(portal, seen).into_any(),
        PlanStatus::Active | PlanStatus::Ended => progress(t, seen).into_any(),
    };
    view! {
        <div class="page-head">
            <div>
                <div class="page-title"><h1>{t.payment_plan()}</h1><Badge status=badge(t, plan)/></div>
                <p class="page-intro">{t.payment_plan_intro(&portal.me.org.name)}</p>
            </div>
        </div>
        {head}
        {installments(portal, seen)}
    }
}

fn badge(t: Texts, plan: &PaymentPlan) -> Status {
    match plan.status() {
        PlanStatus::Offered => Status { label: t.plan_offered(), class: "pending" },
        PlanStatus::Active => Status { label: t.status_active(), class: "active" },
        PlanStatus::Ended if plan.remaining_installments == 0 => Status { label: t.plan_completed(), class: "paid" },
        PlanStatus::Ended => Status { label: t.plan_ended(), class: "cancelled" },
    }
}

/// `every 2 weeks`
fn rhythm(t: Texts, plan: &PaymentPlan) -> String {
    let every = plan.frequency.value;
    match plan.frequency.units {
        TimeUnit::Days => t.every_days(every),
        TimeUnit::Weeks => t.every_weeks(every),
        TimeUnit::Months => t.every_months(every),
        TimeUnit::Quarters => t.every_quarters(every),
        TimeUnit::Years => t.every_years(every),
    }
}

fn terms(t: Texts, plan: &PaymentPlan) -> Vec<Fact> {
    let sum = t.money(plan.currency, plan.charge_amount);
    let last = t.day(plan.installment_on(plan.total_installments));
    vec![
        (t.installment(), amount(&sum)),
        (t.rhythm(), rhythm(t, plan).into()),
        (t.first_on(), t.day(plan.start_on).into()),
        (t.last_on(), last.into()),
        (t.installments(), t.number(plan.total_installments).into()),
    ]
}

/// What is offered, in full: the button says yes to exactly this.
fn offer(portal: &Portal, seen: &PlanView) -> impl IntoView + use<> {
    let t = portal.texts;
    let plan = &seen.plan;
    let rule = if plan.charge_only_if_balance_owed { t.charged_only_if_owed() } else { t.charged_always() };
    let is_late = plan.next_payment_on().is_none_or(|first| first < seen.today);
    let token = portal.form_token.clone();
    let terms_of = plan.updated_at.to_string();
    let id = plan.id.to_string();
    let way = if is_late {
        view! { <p class="muted">{t.offer_expired(&portal.me.org.name)}</p> }.into_any()
    } else if seen.has_method {
        view! {
            <div class="checkout-actions">
                <button class="button button-primary button-large">{t.accept_plan()}</button>
                <a class="button button-large" href=HERE.to("home")>{t.not_now()}</a>
            </div>
        }
        .into_any()
    } else {
        view! {
            <p class="muted">{t.plan_needs_method()}</p>
            <div class="checkout-actions">
                <a class="button button-primary button-large" href=HERE.to("autopay")>{t.autopay()}</a>
            </div>
        }
        .into_any()
    };
    view! {
        <form class="card confirm" method="post">
            <TokenField token/>
            <input type="hidden" name="plan" value=id/>
            <input type="hidden" name="terms" value=terms_of/>
            <h2>{t.plan_offer_title(&portal.me.org.name)}</h2>
            <p class="page-intro">{rule}</p>
            <Facts class="facts facts-ends" facts=terms(t, plan)/>
            {way}
        </form>
    }
}

fn progress(t: Texts, seen: &PlanView) -> impl IntoView + use<> {
    let plan = &seen.plan;
    let (used, total) = (plan.used_installments(), plan.total_installments);
    let next = plan.next_payment_on().filter(|_| plan.status() == PlanStatus::Active);
    let next = next.map(|on| {
        let on = on.max(seen.today.add_days(1));
        let amount = t.money(plan.currency, plan.charge(seen.owed));
        (t.next_installment_label(), t.amount_on_date(amount, t.day(on)).into())
    });
    let mut facts: Vec<Fact> = next.into_iter().collect();
    facts.push((t.still_owed(), t.money(plan.currency, seen.owed).into()));
    facts.extend(terms(t, plan));
    view! {
        <section class="card" aria-labelledby="progress">
            <h2 class="figure-label" id="progress">{t.installments_paid(t.number(total), t.number(used))}</h2>
            <progress class="progress" max=total.to_string() value=used.to_string() aria-labelledby="progress"></progress>
            <Facts class="facts facts-ends" facts/>
        </section>
    }
}

fn installments(portal: &Portal, seen: &PlanView) -> impl IntoView + use<> {
    let t = portal.texts;
    let columns = [
        Column::text(t.installment()),
        Column::text(t.column_date()),
        Column::text(t.column_status()),
        Column::amount(t.column_amount()),
    ];
    let rows = seen.installments.rows.iter().map(|row| table_row(portal, seen, row)).collect();
    let (page, pages) = (seen.installments.page, seen.installments.pages);
    let of = Extent { page, pages, total: seen.plan.total_installments, has_more: false };
    let pager = (pages > 1).then(|| view! { <Pager t place=HERE of query=String::new()/> });
    view! {
        <section class="section" aria-labelledby="installments">
            <div class="section-head"><h2 id="installments">{t.installments()}</h2></div>
            <Table caption=t.installments() columns rows/>
            {pager}
        </section>
    }
}

fn table_row(portal: &Portal, seen: &PlanView, row: &InstallmentRow) -> Markup {
    let t = portal.texts;
    let plan = &seen.plan;
    let status = match (&row.paid, row.is_used) {
        (Some(_), _) => Status { label: t.status_paid(), class: "paid" },
        (None, true) => Status { label: t.nothing_owed(), class: "cancelled" },
        (None, false) if plan.status() == PlanStatus::Ended => Status { label: t.plan_ended(), class: "cancelled" },
        (None, false) if row.due_on < seen.today => Status { label: t.status_overdue(), class: "overdue" },
        (None, false) => Status { label: t.installment_open(), class: "planned" },
    };
    let number = t.number(row.number);
    let title = match row.paid.as_ref().filter(|_| portal.me.org.portal.show_payments) {
        Some(paid) => {
            let link = HERE.to(&payment_page(&paid.number));
            view! { <a class="row-link" href=link><span class="visually-hidden">{t.installment()}" "</span>{number}</a> }
                .into_any()
        }
        None => number.into_any(),
    };
    let (on, amount) = match &row.paid {
        Some(paid) => (paid.effective_on, Some(paid.amount)),
        None => (row.due_on, (!row.is_used).then_some(plan.charge_amount)),
    };
    Markup::of(view! {
        <tr role="row">
            <td role="cell" class="cell-title">{title}</td>
            <td role="cell" class="cell-date">{t.date(on)}</td>
            <td role="cell" class="cell-status"><Badge status/></td>
            <td role="cell" class="cell-amount">{amount.map(|amount| t.money(plan.currency, amount))}</td>
        </tr>
    })
}

/// Says yes to the offer that was shown.
pub async fn accept(portal: &Portal, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let number = |name: &str| form.get(name).and_then(|number| number.parse::<i64>().ok());
    let terms_of = form.get("terms").and_then(|at| at.parse::<Timestamp>().ok());
    let acceptance = number("plan").zip(terms_of);
    let acceptance = acceptance.map(|(plan, terms_of)| Acceptance { plan: PaymentPlanId(plan), terms_of });
    let acceptance = acceptance.ok_or(Error::NotFound("payment plan"))?;
    let why = match portal.me.accept_plan(acceptance).await? {
        Ok(_) => return Ok(Answer::to(HERE.page).saying(done(t.plan_accepted()))),
        Err(CannotBegin::Changed) => t.plan_changed().to_owned(),
        Err(CannotBegin::NoMethod) => t.plan_needs_method().to_owned(),
        Err(CannotBegin::Not(CannotAccept::NotOffered)) => t.plan_not_offered().to_owned(),
        Err(CannotBegin::Not(CannotAccept::Expired)) => t.offer_expired(&portal.me.org.name),
    };
    Ok(Answer::to(HERE.page).saying(complaint(t.plan_not_begun(), &Problems::one("", why))))
}
