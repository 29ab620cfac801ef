//! Instalments of payment plans are charged, one a day (`api.md` §2.8).

use domain::access::Actor;
use domain::ids::CustomerId;
use domain::money::Amount;
use domain::payment_plans::PaymentPlan;
use domain::payments::{FullPayment, Installment, PaymentStatus};
use domain::runs::Counts;

use super::Work;
use crate::autopay::{self, Request, RunOf};
use crate::{Error, Result, Unit, collections, customers};

pub(super) async fn charge(work: &Work<'_>, customer: CustomerId) -> Result<Counts> {
    let Some((plan, amount)) = due(work, customer).await? else { return Ok(Counts::default()) };
    if amount.is_zero() {
        let (id, day) = (plan.id, work.day);
        let use_up = async |unit: &mut Unit| {
            customers::lock(unit, customer).await?;
            let installment = Installment { plan: id, number: plan.used_installments() + 1 };
            collections::use_up(unit, customer, installment, day).await
        };
        work.billing.unit(work.org.id, &Actor::System, use_up).await?;
        return Ok(Counts { installments: 1, ..Counts::default() });
    }
    let installment = Installment { plan: plan.id, number: plan.used_installments() + 1 };
    let request = Request {
        customer,
        amount: None,
        invoices: Vec::new(),
        run: Some(RunOf { run_on: work.day, installment: Some(installment) }),
    };
    let attempts = autopay::charge(work.billing, &work.org, &Actor::System, request).await?;
    Ok(counts(&attempts))
}

fn counts(attempts: &[FullPayment]) -> Counts {
    match attempts.last().map(|attempt| attempt.head.status) {
        Some(PaymentStatus::Paid) => Counts { installments: 1, ..Counts::default() },
        Some(PaymentStatus::Declined) => Counts { declined: 1, ..Counts::default() },
        _ => Counts::default(),
    }
}

/// The plan whose instalment is to be charged now, and how much that is; zero: it is used without a charge.
async fn due(work: &Work<'_>, customer: CustomerId) -> Result<Option<(PaymentPlan, Amount)>> {
    let (org, day) = (work.org.id, work.day);
    let mut conn = work.billing.db.read().await?;
    let plan = store::payment_plans::current(&mut conn, org, customer).await?;
    let is_due = |plan: &PaymentPlan| plan.is_enabled && plan.next_payment_on().is_some_and(|due| due <= day);
    let Some(plan) = plan.filter(is_due) else { return Ok(None) };
    let attempts = store::collections::attempts(&mut conn, org, customer, day).await?;
    let is_settled = attempts.iter().any(|status| matches!(status, PaymentStatus::Paid | PaymentStatus::Pending));
    if is_settled || store::collections::is_installment_pending(&mut conn, org, customer, plan.id).await? {
        return Ok(None);
    }
    let owed = store::financials::get(&mut conn, org, customer).await?.outstanding_balance;
    let on_its_way = store::collections::pending(&mut conn, org, customer).await?;
    drop(conn);
    let of_customer = customers::get(&mut work.billing.view(&work.org).await?, customer).await?;
    if of_customer.currency != plan.currency {
        return Err(Error::refused("The payment plan is in another currency than the customer; make a new one."));
    }
    let amount = plan.charge(owed - on_its_way);
    Ok(Some((plan, amount)))
}
