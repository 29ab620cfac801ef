//! The test clock: it stands still until it is moved, and what lies between happens in order.

use domain::access::Actor;
use domain::dates::{Date, Timestamp};
use domain::ids::OrganizationId;
use domain::organizations::{Mode, Organization};

use crate::runs::{FIRST, Watch};
use crate::{Billing, Error, Result, runs};

/// The farthest jump: ten years.
const JUMP_DAYS_MAX: i64 = 3_653;

/// The organization's present time, as it is stored now.
pub async fn now(billing: &Billing, org: OrganizationId) -> Result<Timestamp> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    Ok(billing.now(&organization))
}

/// Moves the clock to `to`, after everything that would have happened until then has happened, day by day.
pub async fn advance(billing: &Billing, org: OrganizationId, actor: &Actor, to: Timestamp) -> Result<Timestamp> {
    let organization = store::organizations::get(&mut billing.db.read().await?, org).await?;
    let last = check(&organization, to)?;
    // Not where the clock stands: a day whose work was cut off has its midnight behind it already.
    while let Some(next) = next_day(billing, org, last).await? {
        // The clock stands at midnight while the day's work is done.
        set(billing, org, actor, next.midnight(&organization.time_zone)).await?;
        runs::day(billing, org, next, Watch::none()).await?;
    }
    set(billing, org, actor, to).await?;
    runs::done(billing, org, last).await?;
    Ok(to)
}

/// The last day whose midnight is reached.
fn check(organization: &Organization, to: Timestamp) -> Result<Date> {
    let Mode::Test { clock: from } = organization.mode else {
        return Err(Error::refused("Only an organization in test mode has a clock that can be moved."));
    };
    if to < from {
        return Err(Error::invalid("now", format!("now must not be before {}.", from.to_wire())));
    }
    let last = to.date_in(&organization.time_zone);
    if from.date_in(&organization.time_zone).days_until(last) > JUMP_DAYS_MAX {
        return Err(Error::invalid("now", "now must be at most ten years ahead."));
    }
    Ok(last)
}

/// The next day that has work to do, up to `last`. Days without any are skipped: ten years of them are quick.
async fn next_day(billing: &Billing, org: OrganizationId, last: Date) -> Result<Option<Date>> {
    let mut conn = billing.db.read().await?;
    let done = store::organizations::run_on(&mut conn, org).await?;
    let next = done.add_days(1);
    let mut due = vec![
        store::orders::next_billable_on(&mut conn, org).await?,
        store::collections::next_installment_on(&mut conn, org).await?,
        store::collections::next_due_on(&mut conn, org, done).await?,
        store::declines::next_on(&mut conn, org).await?.filter(|day| *day > done),
    ];
    let is_any = !store::activities::late(&mut conn, org, FIRST, 1).await?.is_empty()
        || !store::collections::with_due_invoice(&mut conn, org, next, FIRST, 1).await?.is_empty();
    due.push(is_any.then_some(next));
    let rules = store::dunning::rules(&mut conn, org).await?;
    for rule in rules.iter().filter(|rule| rule.is_enabled) {
        let due_on = store::dunning::next_due_on(&mut conn, org, done.add_days(-rule.days_late)).await?;
        due.push(due_on.map(|due_on| due_on.add_days(rule.days_late)));
    }
    if !rules.is_empty() && !store::dunning::recovered(&mut conn, org, next, FIRST, 1).await?.is_empty() {
        due.push(Some(next));
    }
    Ok(due.into_iter().flatten().min().map(|due| due.max(next)).filter(|next| *next <= last))
}

async fn set(billing: &Billing, org: OrganizationId, actor: &Actor, clock: Timestamp) -> Result<()> {
    let moved = billing
        .unit(org, actor, async |unit| {
            // Another call may have moved it farther meanwhile.
            if clock > unit.now {
                store::organizations::set_clock(&mut unit.tx, unit.org.id, clock).await?;
            }
            Ok(())
        })
        .await;
    billing.forget();
    moved
}
