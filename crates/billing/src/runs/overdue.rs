//! Customers who don't pay change their status, and back (`api.md` §2.7); the rules are `domain::dunning`'s.

use std::collections::HashSet;

use domain::access::Actor;
use domain::customers::{Customer, CustomerStatus};
use domain::dates::Date;
use domain::dunning::{self, Arrears, CustomerGroup, OverdueRule, Standing};
use domain::ids::CustomerId;
use domain::runs::Counts;
use store::dunning::Debtor;

use super::{FIRST, PAGE, Run};
use crate::{Result, Unit, View, customers, transitions};

/// Customers in one transaction.
const BATCH: usize = 100;

pub(super) async fn run(run: &mut Run<'_>) -> Result<()> {
    let rules = store::dunning::rules(&mut run.work.billing.db.read().await?, run.work.org.id).await?;
    if rules.is_empty() {
        return Ok(());
    }
    let mut after = FIRST;
    loop {
        let mut conn = run.work.billing.db.read().await?;
        let page = store::dunning::debtors(&mut conn, run.work.org.id, run.work.day, after, PAGE).await?;
        drop(conn);
        let Some(last) = page.last() else { break };
        after = last.customer;
        let moving: Vec<CustomerId> =
            page.iter().filter(|debtor| moves(&rules, debtor, run)).map(|it| it.customer).collect();
        serve(run, &moving).await?;
    }
    after = FIRST;
    loop {
        let mut conn = run.work.billing.db.read().await?;
        let page = store::dunning::recovered(&mut conn, run.work.org.id, run.work.day, after, PAGE).await?;
        drop(conn);
        let Some(last) = page.last() else { return Ok(()) };
        after = *last;
        serve(run, &page).await?;
    }
}

fn moves(rules: &[OverdueRule], debtor: &Debtor, run: &Run<'_>) -> bool {
    dunning::next(rules, debtor.standing, run.work.day).is_some()
}

pub(super) async fn serve(run: &mut Run<'_>, customers: &[CustomerId]) -> Result<()> {
    let failed = run.work.failed_before().await?;
    for batch in customers.chunks(BATCH) {
        let day = run.work.day;
        let work = async |unit: &mut Unit| step_all(unit, batch, day).await;
        let counts = match run.work.billing.unit(run.work.org.id, &Actor::System, work).await {
            Ok(transitions) => {
                for customer in batch {
                    run.work.forget(&failed, *customer).await?;
                }
                Counts { transitions, ..Counts::default() }
            }
            Err(_) => one_by_one(run, &failed, batch).await?,
        };
        run.served(batch.len(), counts).await?;
    }
    Ok(())
}

async fn one_by_one(run: &Run<'_>, failed: &HashSet<CustomerId>, customers: &[CustomerId]) -> Result<Counts> {
    let mut counts = Counts::default();
    for customer in customers {
        let day = run.work.day;
        let work = async |unit: &mut Unit| step_all(unit, &[*customer], day).await;
        counts += match run.work.billing.unit(run.work.org.id, &Actor::System, work).await {
            Ok(transitions) => {
                run.work.forget(failed, *customer).await?;
                Counts { transitions, ..Counts::default() }
            }
            Err(error) => run.work.keep(*customer, error).await?,
        };
    }
    Ok(counts)
}

/// Decided again now that they are locked; how many changed.
async fn step_all(unit: &mut Unit, customers: &[CustomerId], day: Date) -> Result<i64> {
    let rules = store::dunning::rules(&mut unit.tx, unit.org.id).await?;
    let mut changed = 0;
    for id in customers {
        let customer = customers::lock(unit, *id).await?;
        let arrears = store::dunning::arrears(&mut unit.tx, unit.org.id, *id, day).await?;
        if let Some(step) = dunning::next(&rules, standing(&customer, arrears), day) {
            transitions::change_status(unit, &customer, step.status).await?;
            changed += 1;
        }
    }
    Ok(changed)
}

fn standing(customer: &Customer, arrears: Arrears) -> Standing {
    let group = CustomerGroup::of(customer.is_business_account);
    Standing { group, status: customer.status, currency: customer.currency, arrears }
}

/// A change of status that the next run would make, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub debtor: Debtor,
    pub status: CustomerStatus,
    /// `None`: nothing is overdue any more.
    pub rule: Option<OverdueRule>,
    pub days_late: i64,
}

/// What the run of `day` would change if nothing was paid or billed until then, by customer.
pub async fn forecast(view: &mut View, day: Date) -> Result<Vec<Forecast>> {
    let rules = store::dunning::rules(&mut view.conn, view.org.id).await?;
    let mut forecasts = Vec::new();
    let mut after = FIRST;
    loop {
        let page = store::dunning::debtors(&mut view.conn, view.org.id, day, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.customer;
        forecasts.extend(page.iter().filter_map(|debtor| foreseen(&rules, debtor, day)));
    }
    after = FIRST;
    loop {
        let page = store::dunning::recovered(&mut view.conn, view.org.id, day, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        for id in page {
            let customer = customers::get(view, id).await?;
            let arrears = store::dunning::arrears(&mut view.conn, view.org.id, id, day).await?;
            let debtor = Debtor { customer: id, standing: standing(&customer, arrears) };
            forecasts.extend(foreseen(&rules, &debtor, day));
        }
    }
    forecasts.sort_by_key(|forecast| forecast.debtor.customer);
    forecasts.dedup_by_key(|forecast| forecast.debtor.customer);
    Ok(forecasts)
}

fn foreseen(rules: &[OverdueRule], debtor: &Debtor, day: Date) -> Option<Forecast> {
    let step = dunning::next(rules, debtor.standing, day)?;
    let days_late = debtor.standing.arrears.days_late(day);
    Some(Forecast { debtor: *debtor, status: step.status, rule: step.rule.cloned(), days_late })
}
