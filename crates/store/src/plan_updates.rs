//! Writing products and plans. What bills differently afterwards is kept by `plan_versions` first.

use dbx::{Json, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{ChargeId, OrganizationId, PlanId, ProductId};
use domain::money::Price;
use domain::plans::{Charge, Plan, Product, Tier};

/// Inserts or updates a product by its name; gives the id it has.
pub async fn save_product(tx: &mut Tx, org: OrganizationId, product: &Product) -> Result<ProductId> {
    q!(
        tx,
        "INSERT INTO products (org_id, id, name, sku, notes, invoice_text) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (org_id, name) DO UPDATE SET sku = excluded.sku, notes = excluded.notes,
            invoice_text = excluded.invoice_text
         RETURNING id",
        org,
        product.id,
        &product.name,
        &product.sku,
        &product.notes,
        &product.invoice_text
    )
    .scalar()
    .await
}

/// Inserts or updates the plan itself, by its contract code; gives the id it has.
pub async fn save(tx: &mut Tx, org: OrganizationId, plan: &Plan, now: Timestamp) -> Result<PlanId> {
    let found: Option<PlanId> =
        q!(tx, "SELECT id FROM plans WHERE org_id = $1 AND contract_code = $2", org, &plan.contract_code)
            .scalar_optional()
            .await?;
    let id = match found {
        Some(id) => id,
        None => insert(tx, org, plan, now).await?,
    };
    set_terms(tx, org, id, plan).await?;
    set_texts(tx, org, id, plan, now).await?;
    Ok(id)
}

async fn insert(tx: &mut Tx, org: OrganizationId, plan: &Plan, now: Timestamp) -> Result<PlanId> {
    q!(
        tx,
        "INSERT INTO plans (org_id, id, product_id, contract_code, name, invoice_text, billing_period,
            billing_alignment, due_value, due_units, is_auto_renew, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        org,
        plan.id,
        plan.product,
        &plan.contract_code,
        &plan.name,
        &plan.invoice_text,
        plan.billing_period,
        plan.billing_alignment,
        plan.due.value,
        plan.due.units,
        plan.is_auto_renew,
        now
    )
    .execute()
    .await?;
    Ok(plan.id)
}

/// How it bills.
async fn set_terms(tx: &mut Tx, org: OrganizationId, id: PlanId, plan: &Plan) -> Result<u64> {
    q!(
        tx,
        "UPDATE plans SET billing_period = $3, billing_alignment = $4, due_value = $5, due_units = $6,
            is_auto_renew = $7, initial_term_value = $8, initial_term_units = $9, renewal_term_value = $10,
            renewal_term_units = $11, order_type = $12, number_of_installments = $13, interest_rate = $14,
            fixed_charges_reduce_payoff = $15
         WHERE org_id = $1 AND id = $2",
        org,
        id,
        plan.billing_period,
        plan.billing_alignment,
        plan.due.value,
        plan.due.units,
        plan.is_auto_renew,
        plan.initial_term.map(|term| term.value),
        plan.initial_term.map(|term| term.units),
        plan.renewal_term.map(|term| term.value),
        plan.renewal_term.map(|term| term.units),
        plan.order_type,
        plan.number_of_installments,
        plan.interest_rate.map(Price),
        plan.fixed_charges_reduce_payoff
    )
    .execute()
    .await
}

/// What it is called, and when it is sold.
async fn set_texts(tx: &mut Tx, org: OrganizationId, id: PlanId, plan: &Plan, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE plans SET product_id = $3, name = $4, notes = $5, invoice_text = $6, start_on = $7, end_on = $8,
            accounting_code = $9, use_accounting_code_for_each_installment = $10, linked_contract_code = $11,
            updated_at = $12
         WHERE org_id = $1 AND id = $2",
        org,
        id,
        plan.product,
        &plan.name,
        &plan.notes,
        &plan.invoice_text,
        plan.start_on,
        plan.end_on,
        &plan.accounting_code,
        plan.use_accounting_code_for_each_installment,
        &plan.linked_contract_code,
        now
    )
    .execute()
    .await
}

/// Inserts or updates a charge by its price code, with its tiers; gives the id it has.
pub async fn save_charge(tx: &mut Tx, org: OrganizationId, plan: PlanId, charge: &Charge) -> Result<ChargeId> {
    let id: ChargeId = q!(
        tx,
        "INSERT INTO charges (org_id, id, plan_id, position, price_code, notes, invoice_text, accounting_code,
            charge_type, pricing_type, min_quantity, standard_quantity, max_quantity, is_prepaid, is_prorated,
            is_mandatory, is_penalty, is_separate_invoice, is_tax, tax, tax_codes, unit_of_measure)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         ON CONFLICT (org_id, plan_id, price_code) DO UPDATE SET position = excluded.position, notes = excluded.notes,
            invoice_text = excluded.invoice_text, accounting_code = excluded.accounting_code,
            charge_type = excluded.charge_type, pricing_type = excluded.pricing_type,
            min_quantity = excluded.min_quantity, standard_quantity = excluded.standard_quantity,
            max_quantity = excluded.max_quantity, is_prepaid = excluded.is_prepaid, is_prorated = excluded.is_prorated,
            is_mandatory = excluded.is_mandatory, is_penalty = excluded.is_penalty,
            is_separate_invoice = excluded.is_separate_invoice, is_tax = excluded.is_tax, tax = excluded.tax,
            tax_codes = excluded.tax_codes, unit_of_measure = excluded.unit_of_measure
         RETURNING id",
        org,
        charge.id,
        plan,
        charge.position,
        &charge.price_code,
        &charge.notes,
        &charge.invoice_text,
        &charge.accounting_code,
        charge.charge_type,
        charge.pricing_type,
        charge.min_quantity,
        charge.standard_quantity,
        charge.max_quantity,
        charge.is_prepaid,
        charge.is_prorated,
        charge.is_mandatory,
        charge.is_penalty,
        charge.is_separate_invoice,
        charge.is_tax(),
        charge.tax,
        Json(&charge.tax_codes),
        &charge.unit_of_measure
    )
    .scalar()
    .await?;
    save_tiers(tx, org, id, &charge.tiers).await?;
    Ok(id)
}

async fn save_tiers(tx: &mut Tx, org: OrganizationId, charge: ChargeId, tiers: &[Tier]) -> Result<()> {
    for (position, tier) in (1i64..).zip(tiers) {
        q!(
            tx,
            "INSERT INTO tiers (org_id, id, charge_id, position, units_from, units_to, price, percent, is_overage,
                currency)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (org_id, charge_id, position) DO UPDATE SET units_from = excluded.units_from,
                units_to = excluded.units_to, price = excluded.price, percent = excluded.percent,
                is_overage = excluded.is_overage, currency = excluded.currency",
            org,
            tier.id,
            charge,
            position,
            tier.units_from,
            tier.units_to,
            tier.price,
            tier.percent.map(Price),
            tier.is_overage,
            tier.currency
        )
        .execute()
        .await?;
    }
    let count = i64::try_from(tiers.len()).unwrap_or(i64::MAX);
    q!(tx, "DELETE FROM tiers WHERE org_id = $1 AND charge_id = $2 AND position > $3", org, charge, count)
        .execute()
        .await
        .map(drop)
}
