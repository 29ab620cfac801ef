//! Products and plans of a seed file: written so that orders keep the price they were sold at.

mod check;

use domain::checks::Problems;
use domain::ids::{ChargeId, PlanId, PlanVersionId, ProductId, TierId};
use domain::plans::{Plan, Product};

use super::{SeedOrganization, SeedPlan};
use crate::{Error, Result, Unit};

/// Products first, because plans name them; what plans name of each other last.
pub async fn save(unit: &mut Unit, seed: &SeedOrganization) -> Result<()> {
    for product in &seed.products {
        let product = Product { id: unit.id(ProductId).await?, ..product.clone() };
        save_product(unit, &product).await?;
    }
    for plan in &seed.plans {
        save_plan(unit, plan).await?;
    }
    for plan in &seed.plans {
        check_linked(unit, plan).await?;
    }
    Ok(())
}

async fn save_product(unit: &mut Unit, product: &Product) -> Result<ProductId> {
    let saved = store::plan_updates::save_product(&mut unit.tx, unit.org.id, product).await;
    saved.map_err(|error| {
        if store::is_unique_violation(&error) {
            let message = format!("sku {} of product {} is another product's already.", product.sku, product.name);
            return Error::invalid("sku", message);
        }
        error.into()
    })
}

/// The product of that name, made where there is none.
async fn product(unit: &mut Unit, name: &str) -> Result<ProductId> {
    if let Some(found) = store::plans::find_product(&mut unit.tx, unit.org.id, name).await? {
        return Ok(found.id);
    }
    let id = unit.id(ProductId).await?;
    let new = Product { id, name: name.to_owned(), sku: name.to_owned(), notes: None, invoice_text: None };
    save_product(unit, &new).await
}

async fn save_plan(unit: &mut Unit, seed: &SeedPlan) -> Result<()> {
    let mut plan = seed.plan.clone();
    plan.product = product(unit, &seed.product).await?;
    let was = store::plans::find_by_code(&mut unit.tx, unit.org.id, &plan.contract_code).await?;
    plan.id = unit.id(PlanId).await?;
    let id = store::plan_updates::save(&mut unit.tx, unit.org.id, &plan, unit.wall).await?;
    for mut charge in plan.charges {
        charge.id = unit.id(ChargeId).await?;
        for tier in &mut charge.tiers {
            tier.id = unit.id(TierId).await?;
        }
        store::plan_updates::save_charge(&mut unit.tx, unit.org.id, id, &charge).await?;
    }
    match was {
        Some(was) => keep_version(unit, &was).await,
        None => Ok(()),
    }
}

/// Whoever ordered the plan as it was goes on with that, if it is not the same any more.
async fn keep_version(unit: &mut Unit, was: &Plan) -> Result<()> {
    let is = store::plans::find(&mut unit.tx, unit.org.id, was.id).await?;
    if is.is_some_and(|is| is.bills_like(was)) {
        return Ok(());
    }
    let version = unit.id(PlanVersionId).await?;
    store::plan_versions::keep(&mut unit.tx, unit.org.id, version, was, unit.wall).await?;
    Ok(())
}

async fn check_linked(unit: &mut Unit, seed: &SeedPlan) -> Result<()> {
    let Some(code) = &seed.plan.linked_contract_code else { return Ok(()) };
    if store::plans::find_id(&mut unit.tx, unit.org.id, code).await?.is_some() {
        return Ok(());
    }
    let message = format!("line {}: linked_contract_offering {code} is no plan's contract_code", seed.line);
    Err(Error::Invalid(Problems::one("linked_contract_offering", message)))
}
