//! The customer's payment plan (`api.md` §2.8): what is offered, what is paid, what is to come.

use domain::dates::Date;
use domain::money::Amount;
use domain::payment_plans::PaymentPlan;
use store::collections::PaidInstallment;

use super::{Me, ROWS};
use crate::payment_plans::{self, Acceptance, CannotBegin};
use crate::{Result, Unit};

pub struct PlanView {
    pub plan: PaymentPlan,
    pub installments: Installments,
    /// What is owed now, without what is on its way.
    pub owed: Amount,
    /// Something on file can be charged.
    pub has_method: bool,
    pub today: Date,
}

/// A part of a plan's instalments.
pub struct Installments {
    pub rows: Vec<Row>,
    /// From 1.
    pub page: i64,
    pub pages: i64,
}

/// An instalment.
pub struct Row {
    /// From 1.
    pub number: i64,
    pub due_on: Date,
    pub is_used: bool,
    /// None of a used one: nothing was owed.
    pub paid: Option<PaidInstallment>,
}

impl Me {
    /// The customer's plan, if there is one; also one that is over. `page` counts from 1; without one, the part with the
    /// next instalment.
    pub async fn plan(&self, page: Option<i64>) -> Result<Option<PlanView>> {
        let (org, me) = (self.org.id, self.id());
        let mut view = self.view().await?;
        let Some(plan) = store::payment_plans::current(&mut view.conn, org, me).await? else { return Ok(None) };
        let pages = (plan.total_installments + ROWS - 1) / ROWS;
        let next = plan.used_installments().min(plan.total_installments - 1) / ROWS + 1;
        let page = page.unwrap_or(next).clamp(1, pages);
        let (first, last) = ((page - 1) * ROWS + 1, (page * ROWS).min(plan.total_installments));
        let paid = store::collections::paid_installments(&mut view.conn, org, me, plan.id, (first, last)).await?;
        let row = |number: i64| Row {
            number,
            due_on: plan.installment_on(number),
            is_used: number <= plan.used_installments(),
            paid: paid.iter().find(|paid| paid.installment == number).cloned(),
        };
        let rows = (first..=last).map(row).collect();
        let on_its_way = store::collections::pending(&mut view.conn, org, me).await?;
        let owed = self.account.balances.outstanding_balance - on_its_way;
        let on_file = store::payment_methods::list(&mut view.conn, org, me).await?;
        let has_method = on_file.iter().any(|stored| stored.token.is_some() && stored.refused_on.is_none());
        let installments = Installments { rows, page, pages };
        Ok(Some(PlanView { plan, installments, owed, has_method, today: self.today() }))
    }

    /// Begins the plan that is offered, on the terms that were shown.
    pub async fn accept_plan(&self, acceptance: Acceptance) -> Result<Result<PaymentPlan, CannotBegin>> {
        let me = self.id();
        let work = async |unit: &mut Unit| payment_plans::accept(unit, me, acceptance).await;
        self.billing.unit(self.org.id, &self.actor(), work).await
    }
}
