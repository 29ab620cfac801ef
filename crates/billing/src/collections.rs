//! What follows from a payment that the daily run made: an instalment is used up, or the customer is asked again later.

use domain::customers::Customer;
use domain::dates::Date;
use domain::declines::{declined, is_hard};
use domain::events::EventType;
use domain::ids::CustomerId;
use domain::money::Amount;
use domain::payment_plans::PaymentPlan;
use domain::payments::{Answer, Collection, Installment, Payment, PaymentStatus};

use crate::{Result, Unit};

/// A payment has ended, in this unit; its customer is locked.
pub(crate) async fn settled(unit: &mut Unit, payment: &Payment, answer: Option<&Answer>) -> Result<()> {
    let Some(collection) = payment.collection else { return Ok(()) };
    match payment.status {
        PaymentStatus::Paid => {
            store::declines::delete(&mut unit.tx, unit.org.id, payment.customer).await?;
            match collection.installment {
                Some(installment) => use_up(unit, payment.customer, installment, collection.run_on).await,
                None => Ok(()),
            }
        }
        PaymentStatus::Declined => refused(unit, payment, collection, answer).await,
        PaymentStatus::Pending | PaymentStatus::Error | PaymentStatus::Cancelled | PaymentStatus::Refunded => Ok(()),
    }
}

async fn refused(unit: &mut Unit, payment: &Payment, of: Collection, answer: Option<&Answer>) -> Result<()> {
    let (org, customer) = (unit.org.id, payment.customer);
    if answer.is_some_and(|answer| is_hard(&answer.error_code)) {
        store::collections::refuse_method(&mut unit.tx, org, payment, of).await?;
    }
    if of.installment.is_some() {
        // It stays due, and is tried every day.
        return Ok(());
    }
    if store::collections::has_method_after(&mut unit.tx, org, customer, of.preference).await? {
        // The run goes on with that one, or the next run if this one was cut off or heard of it too late.
        return Ok(());
    }
    let before = store::declines::find(&mut unit.tx, org, customer).await?;
    let retry_days = store::declines::retry_days(&mut unit.tx, org).await?;
    let reason = answer.map_or("", |answer| answer.status_message.as_str());
    let decline = declined(before, customer, of.run_on, reason, &retry_days);
    store::declines::save(&mut unit.tx, org, &decline).await?;
    Ok(())
}

/// What an instalment comes to now that its customer is locked; zero when it is over already, or nothing is owed.
pub(crate) async fn due(unit: &mut Unit, customer: &Customer, installment: Installment) -> Result<Amount> {
    let org = unit.org.id;
    let plan = store::payment_plans::current(&mut unit.tx, org, customer.id).await?;
    let Some(plan) = plan.filter(|plan| plan.is_enabled && is_next(plan, installment)) else { return Ok(Amount::ZERO) };
    let on_its_way = store::collections::pending(&mut unit.tx, org, customer.id).await?;
    Ok(plan.charge(customer.financials.outstanding_balance - on_its_way))
}

fn is_next(plan: &PaymentPlan, installment: Installment) -> bool {
    plan.id == installment.plan && plan.used_installments() + 1 == installment.number && plan.remaining_installments > 0
}

/// One more instalment of the plan is over. A plan that was changed meanwhile keeps what it has.
pub(crate) async fn use_up(unit: &mut Unit, customer: CustomerId, installment: Installment, day: Date) -> Result<()> {
    let (org, now) = (unit.org.id, unit.now);
    let plan = store::payment_plans::current(&mut unit.tx, org, customer).await?;
    let Some(plan) = plan.filter(|plan| is_next(plan, installment)) else { return Ok(()) };
    let used = plan.used_one(now);
    store::payment_plans::save(&mut unit.tx, org, &used).await?;
    store::collections::set_plan_run_on(&mut unit.tx, org, used.id, day).await?;
    unit.happened(EventType::PaymentPlanChanged, customer, used.id.0).await?;
    Ok(())
}
