//! Payment plans: made, changed, switched off (`api.md` §2.8). What is due of one is the daily run's business.

use domain::customers::Customer;
use domain::dates::Timestamp;
use domain::events::EventType;
use domain::ids::{CustomerId, PaymentPlanId};
use domain::money::Amount;
use domain::payment_plans::{CannotAccept, Frequency, PaymentPlan, PaymentPlanChange, PlanStatus};
use rust_decimal::Decimal;
use wire::payment_plans::PaymentPlanRequest;

use crate::{Error, Result, Unit, View, customers};

const WHAT: &str = "paymentPlan";

/// A plan, and whether it is a new one.
#[derive(Debug)]
pub enum Saved {
    Created(PaymentPlan),
    Updated(PaymentPlan),
}

/// The customer's plan; also one that is over.
pub async fn get(view: &mut View, customer: CustomerId) -> Result<PaymentPlan> {
    customers::get(view, customer).await?;
    store::payment_plans::current(&mut view.conn, view.org.id, customer).await?.ok_or(Error::NotFound(WHAT))
}

/// A new plan, or the present one changed where its id is given. Two enabled ones are never there.
pub async fn save(unit: &mut Unit, customer: CustomerId, request: &PaymentPlanRequest) -> Result<Saved> {
    let customer = customers::lock(unit, customer).await?;
    let current = store::payment_plans::current(&mut unit.tx, unit.org.id, customer.id).await?;
    match (request.id, current) {
        (Some(_), Some(current)) => change(unit, &customer, current, request).await.map(Saved::Updated),
        (Some(_), None) => Err(no_such_id()),
        (None, Some(current)) if current.is_enabled => Err(Error::refused(format!(
            "The customer has an enabled payment plan, {}; send its id to change it, or delete it first.",
            current.id
        ))),
        (None, current) => {
            let sequence = current.map_or(1, |current| current.sequence + 1);
            create(unit, &customer, sequence, request).await.map(Saved::Created)
        }
    }
}

pub async fn update(unit: &mut Unit, customer: CustomerId, request: &PaymentPlanRequest) -> Result<PaymentPlan> {
    let customer = customers::lock(unit, customer).await?;
    let current = store::payment_plans::current(&mut unit.tx, unit.org.id, customer.id).await?;
    change(unit, &customer, current.ok_or(Error::NotFound(WHAT))?, request).await
}

/// Switches the plan off; it stays readable.
pub async fn disable(unit: &mut Unit, customer: CustomerId) -> Result<PaymentPlan> {
    let off = PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: None,
        charge_amount: None,
        start_on: None,
        total_installments: None,
        frequency_value: None,
        frequency_units: None,
        is_enabled: Some(false),
        is_offered: false,
    };
    update(unit, customer, &off).await
}

/// What a customer accepts: the plan as it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acceptance {
    pub plan: PaymentPlanId,
    /// When the terms that were shown were last changed.
    pub terms_of: Timestamp,
}

/// Why an offered plan does not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotBegin {
    Not(CannotAccept),
    /// The merchant has changed the terms since they were shown.
    Changed,
    /// There is nothing on file to charge it to.
    NoMethod,
}

/// Begins an offered plan, in the name of its customer. It is charged to what is on file.
pub(crate) async fn accept(
    unit: &mut Unit,
    customer: CustomerId,
    of: Acceptance,
) -> Result<Result<PaymentPlan, CannotBegin>> {
    let customer = customers::lock(unit, customer).await?;
    let current = store::payment_plans::current(&mut unit.tx, unit.org.id, customer.id).await?;
    let Some(current) = current.filter(|plan| plan.id == of.plan) else {
        return Ok(Err(CannotBegin::Not(CannotAccept::NotOffered)));
    };
    if current.status() == PlanStatus::Active {
        // Accepted before: said twice, it is one yes.
        return Ok(Ok(current));
    }
    if current.updated_at != of.terms_of || current.currency != customer.currency {
        return Ok(Err(CannotBegin::Changed));
    }
    let on_file = store::payment_methods::list(&mut unit.tx, unit.org.id, customer.id).await?;
    if !on_file.iter().any(|stored| stored.token.is_some() && stored.refused_on.is_none()) {
        return Ok(Err(CannotBegin::NoMethod));
    }
    let plan = match current.accepted(unit.today, unit.now) {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(CannotBegin::Not(why))),
    };
    store::payment_plans::save(&mut unit.tx, unit.org.id, &plan).await?;
    unit.happened(EventType::PaymentPlanChanged, customer.id, plan.id.0).await?;
    unit.audit("accepted a payment plan", &format!("payment plan {}", plan.id)).await?;
    Ok(Ok(plan))
}

async fn create(
    unit: &mut Unit,
    customer: &Customer,
    sequence: i64,
    request: &PaymentPlanRequest,
) -> Result<PaymentPlan> {
    let asked = asked(customer, request)?;
    let missing = || Error::bug("a new payment plan was read without all that it needs");
    let total = asked.total_installments.ok_or_else(missing)?;
    let plan = PaymentPlan {
        id: unit.id(PaymentPlanId).await?,
        customer: customer.id,
        sequence,
        currency: customer.currency,
        charge_only_if_balance_owed: asked.charge_only_if_balance_owed.unwrap_or(true),
        charge_amount: asked.charge_amount.ok_or_else(missing)?,
        start_on: asked.start_on.ok_or_else(missing)?,
        frequency: Frequency {
            value: asked.frequency_value.ok_or_else(missing)?,
            units: asked.frequency_units.ok_or_else(missing)?,
        },
        total_installments: total,
        remaining_installments: total,
        is_enabled: asked.is_enabled.unwrap_or(!asked.is_offered),
        is_offered: asked.is_offered,
        created_at: unit.now,
        updated_at: unit.now,
    };
    plan.check()?;
    store::payment_plans::insert(&mut unit.tx, unit.org.id, &plan).await?;
    unit.happened(EventType::PaymentPlanChanged, customer.id, plan.id.0).await?;
    Ok(plan)
}

async fn change(
    unit: &mut Unit,
    customer: &Customer,
    current: PaymentPlan,
    request: &PaymentPlanRequest,
) -> Result<PaymentPlan> {
    if request.id.is_some_and(|id| id != current.id.0) {
        return Err(no_such_id());
    }
    let changed = current.clone().changed(&asked(customer, request)?, unit.now)?;
    if changed != current {
        if current.currency != customer.currency {
            return Err(Error::refused(
                "The present payment plan is in another currency than the customer; make a new one.",
            ));
        }
        store::payment_plans::save(&mut unit.tx, unit.org.id, &changed).await?;
        unit.happened(EventType::PaymentPlanChanged, customer.id, changed.id.0).await?;
    }
    Ok(changed)
}

fn no_such_id() -> Error {
    Error::invalid("id", "id must be that of the customer's present payment plan.")
}

fn asked(customer: &Customer, request: &PaymentPlanRequest) -> Result<PaymentPlanChange> {
    let amount = |exact: Decimal| -> Result<Amount> {
        let amount = customer.currency.amount(exact);
        amount.map_err(|error| Error::invalid("chargeAmount", format!("chargeAmount {error}.")))
    };
    Ok(PaymentPlanChange {
        charge_only_if_balance_owed: request.charge_only_if_balance_owed,
        charge_amount: request.charge_amount.map(amount).transpose()?,
        start_on: request.start_on,
        total_installments: request.total_installments,
        frequency_value: request.frequency_value,
        frequency_units: request.frequency_units,
        is_enabled: request.is_enabled,
        is_offered: request.is_offered,
    })
}
