//! Plans with their charges and tiers.

use std::collections::HashMap;

use dbx::{Conn, Result, Tx, q};
use domain::dates::{BillingAlignment, BillingPeriod, TimeUnit, Timestamp};
use domain::ids::{ChargeId, OrganizationId, PlanId, ProductId, TierId};
use domain::money::{Price, Quantity};
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, Plan, PricingType, Tier};

#[derive(sqlx::FromRow)]
struct PlanRow {
    id: PlanId,
    contract_code: String,
    name: String,
    invoice_text: String,
    billing_period: BillingPeriod,
    billing_alignment: BillingAlignment,
    due_value: i64,
    due_units: TimeUnit,
    is_auto_renew: bool,
}

#[derive(sqlx::FromRow)]
struct ChargeRow {
    id: ChargeId,
    position: i64,
    price_code: String,
    invoice_text: String,
    accounting_code: Option<String>,
    charge_type: ChargeType,
    pricing_type: PricingType,
    standard_quantity: Option<Quantity>,
    max_quantity: Option<Quantity>,
    is_prepaid: bool,
    is_prorated: bool,
    is_mandatory: bool,
    unit_of_measure: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TierRow {
    id: TierId,
    charge_id: ChargeId,
    units_from: Quantity,
    units_to: Option<Quantity>,
    price: Price,
    is_overage: bool,
}

pub async fn find_by_code(conn: &mut Conn, org: OrganizationId, contract_code: &str) -> Result<Option<Plan>> {
    let id: Option<PlanId> =
        q!(conn, "SELECT id FROM plans WHERE org_id = $1 AND contract_code = $2", org, contract_code)
            .scalar_optional()
            .await?;
    match id {
        Some(id) => find(conn, org, id).await,
        None => Ok(None),
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, id: PlanId) -> Result<Option<Plan>> {
    let row: Option<PlanRow> = q!(
        conn,
        "SELECT id, contract_code, name, invoice_text, billing_period, billing_alignment, due_value, due_units,
                is_auto_renew
         FROM plans WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .fetch_optional()
    .await?;
    let Some(row) = row else { return Ok(None) };
    let charges = charges(conn, org, id).await?;
    Ok(Some(Plan {
        id: row.id,
        invoice_text: row.invoice_text,
        due: Terms { value: row.due_value, units: row.due_units },
        is_auto_renew: row.is_auto_renew,
        charges,
        // What has no column yet is at its default.
        ..Plan::new(&row.contract_code, &row.name, row.billing_period, row.billing_alignment)
    }))
}

async fn charges(conn: &mut Conn, org: OrganizationId, plan: PlanId) -> Result<Vec<Charge>> {
    let rows: Vec<ChargeRow> = q!(
        conn,
        "SELECT id, position, price_code, invoice_text, accounting_code, charge_type, pricing_type, standard_quantity,
                max_quantity, is_prepaid, is_prorated, is_mandatory, unit_of_measure
         FROM charges WHERE org_id = $1 AND plan_id = $2 ORDER BY position, id",
        org,
        plan
    )
    .fetch_all()
    .await?;
    let mut tiers = tiers(conn, org, plan).await?;
    let charge = |row: ChargeRow| Charge {
        tiers: tiers.remove(&row.id).unwrap_or_default(),
        id: row.id,
        position: row.position,
        invoice_text: row.invoice_text,
        accounting_code: row.accounting_code,
        standard_quantity: row.standard_quantity,
        max_quantity: row.max_quantity,
        is_prepaid: row.is_prepaid,
        is_prorated: row.is_prorated,
        is_mandatory: row.is_mandatory,
        unit_of_measure: row.unit_of_measure,
        ..Charge::new(&row.price_code, row.charge_type, row.pricing_type)
    };
    Ok(rows.into_iter().map(charge).collect())
}

async fn tiers(conn: &mut Conn, org: OrganizationId, plan: PlanId) -> Result<HashMap<ChargeId, Vec<Tier>>> {
    let rows: Vec<TierRow> = q!(
        conn,
        "SELECT t.id, t.charge_id, t.units_from, t.units_to, t.price, t.is_overage
         FROM tiers t JOIN charges c ON c.org_id = t.org_id AND c.id = t.charge_id
         WHERE c.org_id = $1 AND c.plan_id = $2 ORDER BY t.charge_id, t.position",
        org,
        plan
    )
    .fetch_all()
    .await?;
    let mut by_charge: HashMap<ChargeId, Vec<Tier>> = HashMap::new();
    for row in rows {
        let tier =
            Tier { id: row.id, is_overage: row.is_overage, ..Tier::new(row.units_from, row.units_to, row.price) };
        by_charge.entry(row.charge_id).or_default().push(tier);
    }
    Ok(by_charge)
}

/// The product of that name, made where there is none; `id` is the new one's.
pub async fn product(tx: &mut Tx, org: OrganizationId, name: &str, id: ProductId) -> Result<ProductId> {
    q!(
        tx,
        "INSERT INTO products (org_id, id, name) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, name) DO UPDATE SET name = excluded.name RETURNING id",
        org,
        id,
        name
    )
    .scalar()
    .await
}

/// Inserts or updates the plan itself, by its contract code; gives the id it has.
pub async fn save(
    tx: &mut Tx,
    org: OrganizationId,
    plan: &Plan,
    (product, notes): (ProductId, Option<&str>),
    now: Timestamp,
) -> Result<PlanId> {
    q!(
        tx,
        "INSERT INTO plans (org_id, id, product_id, contract_code, name, notes, invoice_text, billing_period,
            billing_alignment, due_value, due_units, is_auto_renew, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
         ON CONFLICT (org_id, contract_code) DO UPDATE SET product_id = excluded.product_id, name = excluded.name,
            notes = excluded.notes, invoice_text = excluded.invoice_text, billing_period = excluded.billing_period,
            billing_alignment = excluded.billing_alignment, due_value = excluded.due_value,
            due_units = excluded.due_units, is_auto_renew = excluded.is_auto_renew, updated_at = excluded.updated_at
         RETURNING id",
        org,
        plan.id,
        product,
        &plan.contract_code,
        &plan.name,
        notes,
        &plan.invoice_text,
        plan.billing_period,
        plan.billing_alignment,
        plan.due.value,
        plan.due.units,
        plan.is_auto_renew,
        now
    )
    .scalar()
    .await
}

/// Inserts or updates a charge by its price code, with its tiers; gives the id it has.
/// `extra` is (separate invoice, tax).
pub async fn save_charge(
    tx: &mut Tx,
    org: OrganizationId,
    plan: PlanId,
    charge: &Charge,
    extra: (bool, bool),
) -> Result<ChargeId> {
    let id: ChargeId = q!(
        tx,
        "INSERT INTO charges (org_id, id, plan_id, position, price_code, invoice_text, accounting_code, charge_type,
            pricing_type, standard_quantity, max_quantity, is_prepaid, is_prorated, is_mandatory, is_separate_invoice,
            is_tax, unit_of_measure)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (org_id, plan_id, price_code) DO UPDATE SET position = excluded.position,
            invoice_text = excluded.invoice_text, accounting_code = excluded.accounting_code,
            charge_type = excluded.charge_type, pricing_type = excluded.pricing_type,
            standard_quantity = excluded.standard_quantity, max_quantity = excluded.max_quantity,
            is_prepaid = excluded.is_prepaid, is_prorated = excluded.is_prorated, is_mandatory = excluded.is_mandatory,
            is_separate_invoice = excluded.is_separate_invoice, is_tax = excluded.is_tax,
            unit_of_measure = excluded.unit_of_measure
         RETURNING id",
        org,
        charge.id,
        plan,
        charge.position,
        &charge.price_code,
        &charge.invoice_text,
        &charge.accounting_code,
        charge.charge_type,
        charge.pricing_type,
        charge.standard_quantity,
        charge.max_quantity,
        charge.is_prepaid,
        charge.is_prorated,
        charge.is_mandatory,
        extra.0,
        extra.1,
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
            "INSERT INTO tiers (org_id, id, charge_id, position, units_from, units_to, price, is_overage)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (org_id, charge_id, position) DO UPDATE SET units_from = excluded.units_from,
                units_to = excluded.units_to, price = excluded.price, is_overage = excluded.is_overage",
            org,
            tier.id,
            charge,
            position,
            tier.units_from,
            tier.units_to,
            tier.price,
            tier.is_overage
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
