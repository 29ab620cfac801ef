//! What the customer has ordered, and what of it was used. Only to be read.

use askama::Template;
use billing::portal::{Listed, OrderView, UsageRow, UsedSoFar};
use billing::{Error, Result};
use domain::dates::{BillingPeriod, Date};
use domain::invoices::DraftCharge;
use domain::money::Currency;
use domain::orders::{Order, OrderLine, OrderStatus, OrderSummary};
use domain::plans::{Charge, ChargeType, Plan, Tier};
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::ui::{
    Badge, Column, Empty, Fact, Facts, Icon, Markup, Pager, Place, Tab, Table, badge, day, invoice_page, order_badge,
    order_page,
};

pub const LIST: Place = Place::new(Tab::Orders, "orders");
pub const ONE: Place = Place::new(Tab::Orders, "orders/:number");

pub async fn list(portal: Portal, asked: &Asked) -> Result<Page> {
    let orders = portal.me.orders(asked.page()).await?;
    if orders.rows.is_empty() && orders.extent.total > 0 {
        return Err(Error::NotFound("page"));
    }
    let title = portal.texts.orders();
    Ok(Page::signed_in(portal, LIST, title, move |portal| list_view(portal, &orders)))
}

fn list_view(portal: &Portal, orders: &Listed<OrderSummary>) -> impl IntoView + use<> {
    let t = portal.texts;
    let &Listed { ref rows, extent, .. } = orders;
    let list = if rows.is_empty() {
        let text = t.orders_appear(&portal.me.org.name);
        view! { <Empty icon="invoice" title=t.no_orders() text/> }.into_any()
    } else {
        let rows = rows.iter().map(|order| list_row(t, order)).collect();
        let columns = [
            Column::text(t.order_plan()),
            Column::text(t.order()),
            Column::text(t.order_start()),
            Column::text(t.order_next_billing()),
            Column::text(t.column_status()),
        ];
        view! {
            <Table caption=t.orders_newest_first() columns rows/>
            <Pager t place=LIST of=extent query=String::new()/>
        }
        .into_any()
    };
    view! {
        <div class="page-head"><h1>{t.orders()}</h1></div>
        {list}
    }
}

#[derive(Template)]
#[template(path = "order_row.html")]
struct Row<'a> {
    t: Texts,
    link: String,
    order: &'a OrderSummary,
    start: String,
    next: String,
    badge: Markup,
}

fn list_row(t: Texts, order: &OrderSummary) -> Markup {
    let next = next_billing(order.status, order.next_billable_on).map_or_else(|| "–".to_owned(), |day| t.date(day));
    let (link, start) = (LIST.to(&order_page(&order.number)), t.date(order.start_on));
    Markup::written(&Row { t, link, order, start, next, badge: badge(order_badge(t, order.status)) })
}

/// One that is stopped is billed at most for what it used before.
fn next_billing(status: OrderStatus, next_billable_on: Option<Date>) -> Option<Date> {
    next_billable_on.filter(|_| matches!(status, OrderStatus::Active | OrderStatus::Provisioning))
}

pub async fn one(portal: Portal, number: &str, asked: &Asked) -> Result<Page> {
    let seen = portal.me.order(number, asked.page()).await?;
    if seen.activities.rows.is_empty() && seen.activities.extent.total > 0 {
        return Err(Error::NotFound("page"));
    }
    let title = portal.texts.order_number(number);
    Ok(Page::signed_in(portal, ONE, &title, move |portal| one_view(portal, &seen)))
}

fn one_view(portal: &Portal, seen: &OrderView) -> impl IntoView + use<> {
    let t = portal.texts;
    let OrderView { order, plan, used, activities } = seen;
    let lines = order.lines.iter().filter_map(|line| Some((line, plan.charge(line.charge)?)));
    let rows = lines.map(|(line, charge)| line_row(t, order.currency, plan, (line, charge))).collect();
    let columns =
        [Column::text(t.column_description()), Column::number(t.column_quantity()), Column::amount(t.order_price())];
    let used = used.as_ref().map(|used| used_view(t, order.currency, used));
    let history = (activities.extent.total > 0).then(|| history(t, plan, activities));
    view! {
        <a class="back-link" href=ONE.to("orders")><Icon name="back" class="icon icon-directed"/>" "{t.orders()}</a>
        <div class="page-head">
            <div>
                <h1>{plan.name.clone()}</h1>
                <p class="page-intro">{t.order_number(&order.number)}" "<Badge status=order_badge(t, order.status)/></p>
            </div>
        </div>
        <section class="card"><Facts class="facts-across" facts=facts(portal, order, plan)/></section>
        <section class="page-section" aria-labelledby="includes">
            <h2 id="includes">{t.order_includes()}</h2>
            <Table caption=t.order_includes() columns rows/>
        </section>
        {used}
        {history}
    }
}

fn facts(portal: &Portal, order: &Order, plan: &Plan) -> Vec<Fact> {
    let t = portal.texts;
    let day = |date| day(t, date);
    let mut facts =
        vec![(t.order_billed(), billed(t, plan.billing_period).into()), (t.order_start(), day(order.start_on))];
    facts.extend(next_billing(order.status, order.next_billable_on).map(|date| (t.order_next_billing(), day(date))));
    let runs = !matches!(order.status, OrderStatus::Canceled | OrderStatus::Superseded | OrderStatus::Complete);
    let today = portal.me.billing.today(&portal.me.org);
    let term = plan.term(order.start_on, today.max(order.start_on)).filter(|_| runs);
    let (label, end) = match (order.end_on, term) {
        (Some(end), _) => (t.order_end(), day(end)),
        (None, Some(term)) if plan.is_auto_renew => (t.order_renews(), day(term.end)),
        (None, Some(term)) => (t.order_end(), day(term.last_day())),
        (None, None) if runs => (t.order_end(), t.order_open_ended().into()),
        (None, None) => return facts,
    };
    facts.push((label, end));
    facts
}

fn line_row(t: Texts, currency: Currency, plan: &Plan, (line, charge): (&OrderLine, &Charge)) -> Markup {
    let when = match charge.charge_type {
        ChargeType::OneTime => t.order_once(),
        ChargeType::Recurring => billed(t, plan.billing_period),
        ChargeType::Usage => t.order_by_usage(),
    };
    let quantity = if charge.charge_type == ChargeType::Usage || charge.is_tax() {
        "–".to_owned()
    } else {
        with_unit(t.quantity(line.quantity), charge.unit_of_measure.as_deref())
    };
    let prices = charge.tiers.iter().map(|tier| view! { <div>{price(t, currency, charge, tier)}</div> }).collect_view();
    Markup::of(view! {
        <tr role="row">
            <td role="cell" class="cell-title">{charge.invoice_text.clone()}" "<span class="cell-detail">{when}</span></td>
            <td role="cell" class="number cell-number" data-label=t.column_quantity()>{quantity}</td>
            <td role="cell" class="cell-amount">{prices}</td>
        </tr>
    })
}

fn price(t: Texts, currency: Currency, charge: &Charge, tier: &Tier) -> String {
    let price = match tier.percent {
        Some(percent) => t.percent(&percent.normalize().to_string()),
        None => t.price(currency, tier.price),
    };
    if charge.tiers.len() < 2 { price } else { t.order_from_units(price, t.quantity(tier.units_from)) }
}

fn with_unit(quantity: String, unit: Option<&str>) -> String {
    match unit {
        Some(unit) => format!("{quantity} {unit}"),
        None => quantity,
    }
}

fn used_view(t: Texts, currency: Currency, used: &UsedSoFar) -> impl IntoView + use<> {
    let shown = if used.charges.is_empty() {
        view! { <p class="page-intro">{t.no_usage_yet()}</p> }.into_any()
    } else {
        let text = match used.billed_on {
            Some(day) => t.usage_billed_on(t.day(day)),
            None => t.usage_billed_soon().to_owned(),
        };
        let columns = [
            Column::text(t.column_description()),
            Column::text(t.column_period()),
            Column::number(t.column_quantity()),
            Column::amount(t.column_amount()),
        ];
        let rows = used.charges.iter().map(|charge| used_row(t, currency, charge)).collect();
        view! {
            <p class="page-intro">{text}</p>
            <Table caption=t.usage_so_far() columns rows/>
        }
        .into_any()
    };
    view! {
        <section class="page-section" aria-labelledby="usage">
            <h2 id="usage">{t.usage_so_far()}</h2>
            {shown}
        </section>
    }
}

fn used_row(t: Texts, currency: Currency, charge: &DraftCharge) -> Markup {
    let quantity = with_unit(t.quantity(charge.quantity), charge.unit_of_measure.as_deref());
    Markup::of(view! {
        <tr role="row">
            <td role="cell" class="cell-title">{charge.text.clone()}" "<span class="cell-detail">{t.explanation(&charge.explanation)}</span></td>
            <td role="cell" class="cell-date" data-label=t.column_period()>{t.period(charge.period)}</td>
            <td role="cell" class="number cell-number" data-label=t.column_quantity()>{quantity}</td>
            <td role="cell" class="cell-amount">{t.money(currency, charge.amount)}</td>
        </tr>
    })
}

fn history(t: Texts, plan: &Plan, activities: &Listed<UsageRow>) -> impl IntoView + use<> {
    let &Listed { ref rows, extent, .. } = activities;
    let columns = [
        Column::text(t.column_description()),
        Column::text(t.column_date()),
        Column::number(t.column_quantity()),
        Column::amount(t.column_amount()),
    ];
    let rows = rows.iter().map(|row| activity_row(t, plan, row)).collect();
    view! {
        <section class="page-section" aria-labelledby="history">
            <h2 id="history">{t.usage_history()}</h2>
            <Table caption=t.usage_newest_first() columns rows/>
            <Pager t place=ONE of=extent query=String::new()/>
        </section>
    }
}

fn activity_row(t: Texts, plan: &Plan, row: &UsageRow) -> Markup {
    let activity = &row.activity;
    let charge = plan.charge_by_code(&activity.price_code);
    let text = activity.invoice_text.clone().or_else(|| charge.map(|charge| charge.invoice_text.clone()));
    let text = text.unwrap_or_else(|| activity.price_code.clone());
    let unit = charge.and_then(|charge| charge.unit_of_measure.as_deref());
    let amount = match &activity.rated {
        Some(rated) => t.money(activity.currency, rated.amount),
        None => t.usage_not_billed().to_owned(),
    };
    let billed_by = row.invoice.as_ref().map(|number| {
        let link = ONE.to(&invoice_page(number));
        view! { " "<a class="cell-detail" href=link>{t.invoice_number(number)}</a> }
    });
    Markup::of(view! {
        <tr role="row">
            <td role="cell" class="cell-title">{text}{billed_by}</td>
            <td role="cell" class="cell-date" data-label=t.column_date()>{t.date(activity.charged_on)}</td>
            <td role="cell" class="number cell-number" data-label=t.column_quantity()>{with_unit(t.quantity(activity.quantity), unit)}</td>
            <td role="cell" class="cell-amount">{amount}</td>
        </tr>
    })
}

fn billed(t: Texts, period: BillingPeriod) -> &'static str {
    match period {
        BillingPeriod::Daily => t.billed_daily(),
        BillingPeriod::Weekly => t.billed_weekly(),
        BillingPeriod::BiWeekly => t.billed_two_weeks(),
        BillingPeriod::Monthly => t.billed_monthly(),
        BillingPeriod::Quarterly => t.billed_quarterly(),
        BillingPeriod::BiAnnual => t.billed_half_yearly(),
        BillingPeriod::Yearly => t.billed_yearly(),
        BillingPeriod::FiveYearly => t.billed_five_years(),
        BillingPeriod::TenYearly => t.billed_ten_years(),
        BillingPeriod::TwentyYearly => t.billed_twenty_years(),
        BillingPeriod::TwentyFiveYearly => t.billed_twenty_five_years(),
    }
}
