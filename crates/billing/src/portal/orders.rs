//! What customers have ordered, and what they use. Nothing here changes anything.

use domain::activities::{ActivityFilter, FullActivity};
use domain::dates::Date;
use domain::ids::OrderLineId;
use domain::invoices::{ChargeKind, DraftCharge};
use domain::orders::{Order, OrderStatus, OrderSummary};
use domain::plans::{ChargeType, Plan};
use domain::usage::Usage;
use store::Page;

use super::{Listed, Me, ROWS, as_key, rows};
use crate::{Error, Result, View};

/// An order with the plan that it was sold by, its prices in the order's currency.
pub struct OrderView {
    pub order: Order,
    pub plan: Plan,
    /// Of a plan that bills usage.
    pub used: Option<UsedSoFar>,
    /// Newest first.
    pub activities: Listed<UsageRow>,
}

/// What was used once, and the number of the invoice that bills it.
pub struct UsageRow {
    pub activity: FullActivity,
    pub invoice: Option<String>,
}

/// Usage that is not billed yet, and what it would come to if nothing were added.
pub struct UsedSoFar {
    pub charges: Vec<DraftCharge>,
    /// `None`: with the next bill.
    pub billed_on: Option<Date>,
}

impl Me {
    /// Newest first; `page` counts from 1.
    pub async fn orders(&self, page: i64) -> Result<Listed<OrderSummary>> {
        let mut view = self.view().await?;
        let (orders, total) = store::order_summaries::list(&mut view.conn, self.org.id, self.id(), rows(page)).await?;
        Ok(self.listed(orders, page, total))
    }

    /// `page`: of its usage.
    pub async fn order(&self, number: &str, page: i64) -> Result<OrderView> {
        let mut view = self.view().await?;
        let (conn, org) = (&mut view.conn, self.org.id);
        let found = store::orders::find_numbered(conn, org, &as_key(number)).await?;
        let order = found.ok_or(Error::NotFound("order"))?;
        if order.customer != self.id() || order.status == OrderStatus::Draft {
            return Err(Error::NotFound("order"));
        }
        let plan = store::plans::of_order(conn, org, &order).await?;
        let plan = plan.and_then(|plan| plan.in_currency(order.currency, self.org.currency));
        let plan = plan.ok_or_else(|| Error::bug("an order without its plan"))?;
        let used = self.used(&mut view, &order, &plan).await?;
        let activities = self.activities(&mut view, &order, page).await?;
        Ok(OrderView { order, plan, used, activities })
    }

    /// What billing makes of the usage on the day when its period is over.
    async fn used(&self, view: &mut View, order: &Order, plan: &Plan) -> Result<Option<UsedSoFar>> {
        let is_usage = |line: &&domain::orders::OrderLine| {
            plan.charge(line.charge).is_some_and(|charge| charge.charge_type == ChargeType::Usage)
        };
        let lines: Vec<OrderLineId> = order.lines.iter().filter(is_usage).map(|line| line.id).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        let (conn, org) = (&mut view.conn, self.org.id);
        let mut activities = store::activities::unbilled(conn, org, &[self.id()]).await?.remove(&self.id());
        let activities = activities.get_or_insert_default();
        let used_on = activities.iter().map(|activity| activity.charged_on);
        let after = used_on.chain(order.end_on).fold(order.billed_until.previous(), Date::min);
        let billed = store::billed_charges::of_usage(conn, org, &lines, after).await?;
        let day = order.next_billable_on.unwrap_or_else(|| self.today());
        let due = order.due(plan, Usage { activities, billed: &billed }, day)?;
        let charges = due.lines.into_iter().flat_map(|line| line.charges);
        let charges = charges.filter(|charge| charge.kind == ChargeKind::Usage).collect();
        Ok(Some(UsedSoFar { charges, billed_on: order.next_billable_on.filter(|day| *day > self.today()) }))
    }

    /// The store has them oldest first: counted from the end.
    async fn activities(&self, view: &mut View, order: &Order, page: i64) -> Result<Listed<UsageRow>> {
        let filter = ActivityFilter { order: Some(order.id), ..ActivityFilter::default() };
        let (conn, org) = (&mut view.conn, self.org.id);
        let none = Page { offset: 0, max: 0 };
        let (_, total) = store::activity_lists::list(conn, org, &filter, none).await?;
        if total == 0 {
            return Ok(self.listed(Vec::new(), page, total));
        }
        let end = (total - rows(page).offset).max(0);
        let offset = (end - ROWS).max(0);
        let part = Page { offset, max: end - offset };
        let (found, _) = store::activity_lists::list(conn, org, &filter, part).await?;
        let ids: Vec<_> = found.iter().map(|activity| activity.id).collect();
        let mut invoices = store::activity_lists::invoices(conn, org, &ids).await?;
        let row = |activity: FullActivity| UsageRow { invoice: invoices.remove(&activity.id), activity };
        let rows = found.into_iter().rev().map(row).collect();
        Ok(self.listed(rows, page, total))
    }
}
