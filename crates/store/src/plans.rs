//! Products and plans as they are now, with their charges and tiers.

use std::collections::HashMap;

use dbx::{Conn, Json, Result, Sql, Tx, q};
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit, Timestamp};
use domain::ids::{ChargeId, OrganizationId, PlanId, ProductId, TierId};
use domain::money::{Currency, Price, Quantity};
use domain::orders::Order;
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, OrderType, Plan, PricingType, Product, Tax, Tier};

use crate::{Page, among, json, plan_versions};

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: ProductId,
    name: String,
    sku: String,
    notes: Option<String>,
    invoice_text: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    id: PlanId,
    product_id: ProductId,
    contract_code: String,
    name: String,
    notes: Option<String>,
    invoice_text: String,
    start_on: Option<Date>,
    end_on: Option<Date>,
    billing_period: BillingPeriod,
    billing_alignment: BillingAlignment,
    due_value: i64,
    due_units: TimeUnit,
    is_auto_renew: bool,
    initial_term_value: Option<i64>,
    initial_term_units: Option<TimeUnit>,
    renewal_term_value: Option<i64>,
    renewal_term_units: Option<TimeUnit>,
    order_type: OrderType,
    number_of_installments: Option<i64>,
    interest_rate: Option<Price>,
    fixed_charges_reduce_payoff: bool,
    accounting_code: Option<String>,
    use_accounting_code_for_each_installment: bool,
    linked_contract_code: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ChargeRow {
    plan_id: PlanId,
    id: ChargeId,
    position: i64,
    price_code: String,
    notes: Option<String>,
    invoice_text: String,
    accounting_code: Option<String>,
    charge_type: ChargeType,
    pricing_type: PricingType,
    min_quantity: Option<Quantity>,
    standard_quantity: Option<Quantity>,
    max_quantity: Option<Quantity>,
    is_prepaid: bool,
    is_prorated: bool,
    is_mandatory: bool,
    is_penalty: bool,
    is_separate_invoice: bool,
    tax: Option<Tax>,
    tax_codes: Json<Vec<String>>,
    unit_of_measure: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TierRow {
    id: TierId,
    charge_id: ChargeId,
    units_from: Quantity,
    units_to: Option<Quantity>,
    price: Price,
    percent: Option<Price>,
    is_overage: bool,
    currency: Option<Currency>,
}

pub async fn find_by_code(conn: &mut Conn, org: OrganizationId, contract_code: &str) -> Result<Option<Plan>> {
    match find_id(conn, org, contract_code).await? {
        Some(id) => find(conn, org, id).await,
        None => Ok(None),
    }
}

const SOLD: Sql = Sql {
    sqlite: "SELECT id FROM plans WHERE org_id = $1 AND contract_code = $2",
    postgres: "SELECT id FROM plans WHERE org_id = $1 AND contract_code = $2 FOR SHARE",
};

/// The plan to be ordered, which nobody changes until the transaction ends: the order is among those that keep it.
pub async fn lock_by_code(tx: &mut Tx, org: OrganizationId, contract_code: &str) -> Result<Option<Plan>> {
    let id: Option<PlanId> = q!(tx, SOLD, org, contract_code).scalar_optional().await?;
    match id {
        Some(id) => find(tx, org, id).await,
        None => Ok(None),
    }
}

pub async fn find_id(conn: &mut Conn, org: OrganizationId, contract_code: &str) -> Result<Option<PlanId>> {
    q!(conn, "SELECT id FROM plans WHERE org_id = $1 AND contract_code = $2", org, contract_code)
        .scalar_optional()
        .await
}

/// The plan as it is now.
pub async fn find(conn: &mut Conn, org: OrganizationId, id: PlanId) -> Result<Option<Plan>> {
    let plans = load(conn, org, &[id], Charges::Included).await?;
    Ok(plans.into_iter().next().map(|stored| stored.plan))
}

/// A plan, when it was made, and when it changed last.
#[derive(Clone, Debug)]
pub struct Stored {
    pub plan: Plan,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charges {
    Included,
    Left,
}

/// A page of the plans by id, and how many there are in all.
pub async fn list(conn: &mut Conn, org: OrganizationId, page: Page, charges: Charges) -> Result<(Vec<Stored>, i64)> {
    let total = q!(conn, "SELECT COUNT(*) FROM plans WHERE org_id = $1", org).scalar().await?;
    // Cast: SQLite plans a statement with a bare argument after LIMIT anew each time it runs.
    let ids: Vec<(PlanId,)> = q!(
        conn,
        "SELECT id FROM plans WHERE org_id = $1 ORDER BY id LIMIT CAST($2 AS BIGINT) OFFSET CAST($3 AS BIGINT)",
        org,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    let ids: Vec<PlanId> = ids.into_iter().map(|(id,)| id).collect();
    Ok((load(conn, org, &ids, charges).await?, total))
}

const PLANS: Sql = among!(
    "SELECT id, product_id, contract_code, name, notes, invoice_text, start_on, end_on, billing_period,
            billing_alignment, due_value, due_units, is_auto_renew, initial_term_value, initial_term_units,
            renewal_term_value, renewal_term_units, order_type, number_of_installments, interest_rate,
            fixed_charges_reduce_payoff, accounting_code, use_accounting_code_for_each_installment,
            linked_contract_code, created_at, updated_at
     FROM plans WHERE org_id = $1 AND id",
    "ORDER BY id"
);

/// These plans as they are now, by id.
pub async fn load(conn: &mut Conn, org: OrganizationId, ids: &[PlanId], charges: Charges) -> Result<Vec<Stored>> {
    let ids = json::ids(ids.iter().map(|id| id.0));
    let rows: Vec<PlanRow> = q!(conn, PLANS, org, &ids).fetch_all().await?;
    let mut charges = match charges {
        Charges::Included => charges_of(conn, org, &ids).await?,
        Charges::Left => HashMap::new(),
    };
    let stored = |row: PlanRow| {
        let charges = charges.remove(&row.id).unwrap_or_default();
        Stored { created_at: row.created_at, updated_at: row.updated_at, plan: row.with(charges) }
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// The plan that the order is billed by: as it was when the order was placed.
pub async fn of_order(conn: &mut Conn, org: OrganizationId, order: &Order) -> Result<Option<Plan>> {
    match order.plan_version {
        Some(version) => plan_versions::find(conn, org, version).await,
        None => find(conn, org, order.plan).await,
    }
}

pub async fn find_product(conn: &mut Conn, org: OrganizationId, name: &str) -> Result<Option<Product>> {
    let row: Option<ProductRow> =
        q!(conn, "SELECT id, name, sku, notes, invoice_text FROM products WHERE org_id = $1 AND name = $2", org, name)
            .fetch_optional()
            .await?;
    Ok(row.map(|row| Product {
        id: row.id,
        name: row.name,
        sku: row.sku,
        notes: row.notes,
        invoice_text: row.invoice_text,
    }))
}

impl PlanRow {
    fn with(self, charges: Vec<Charge>) -> Plan {
        let terms =
            |value: Option<i64>, units: Option<TimeUnit>| value.zip(units).map(|(value, units)| Terms { value, units });
        Plan {
            id: self.id,
            product: self.product_id,
            contract_code: self.contract_code,
            name: self.name,
            notes: self.notes,
            invoice_text: self.invoice_text,
            start_on: self.start_on,
            end_on: self.end_on,
            billing_period: self.billing_period,
            billing_alignment: self.billing_alignment,
            due: Terms { value: self.due_value, units: self.due_units },
            is_auto_renew: self.is_auto_renew,
            initial_term: terms(self.initial_term_value, self.initial_term_units),
            renewal_term: terms(self.renewal_term_value, self.renewal_term_units),
            order_type: self.order_type,
            number_of_installments: self.number_of_installments,
            interest_rate: self.interest_rate.map(|rate| rate.0),
            fixed_charges_reduce_payoff: self.fixed_charges_reduce_payoff,
            accounting_code: self.accounting_code,
            use_accounting_code_for_each_installment: self.use_accounting_code_for_each_installment,
            linked_contract_code: self.linked_contract_code,
            charges,
        }
    }
}

const CHARGES: Sql = among!(
    "SELECT plan_id, id, position, price_code, notes, invoice_text, accounting_code, charge_type, pricing_type,
            min_quantity, standard_quantity, max_quantity, is_prepaid, is_prorated, is_mandatory, is_penalty,
            is_separate_invoice, tax, tax_codes, unit_of_measure
     FROM charges WHERE org_id = $1 AND plan_id",
    "ORDER BY plan_id, position, id"
);

async fn charges_of(conn: &mut Conn, org: OrganizationId, plans: &str) -> Result<HashMap<PlanId, Vec<Charge>>> {
    let rows: Vec<ChargeRow> = q!(conn, CHARGES, org, plans).fetch_all().await?;
    let mut tiers = tiers_of(conn, org, plans).await?;
    let mut by_plan: HashMap<PlanId, Vec<Charge>> = HashMap::new();
    for row in rows {
        by_plan.entry(row.plan_id).or_default().push(Charge {
            tiers: tiers.remove(&row.id).unwrap_or_default(),
            id: row.id,
            position: row.position,
            price_code: row.price_code,
            notes: row.notes,
            invoice_text: row.invoice_text,
            accounting_code: row.accounting_code,
            charge_type: row.charge_type,
            pricing_type: row.pricing_type,
            min_quantity: row.min_quantity,
            standard_quantity: row.standard_quantity,
            max_quantity: row.max_quantity,
            is_prepaid: row.is_prepaid,
            is_prorated: row.is_prorated,
            is_mandatory: row.is_mandatory,
            is_penalty: row.is_penalty,
            is_separate_invoice: row.is_separate_invoice,
            tax: row.tax,
            tax_codes: row.tax_codes.0,
            unit_of_measure: row.unit_of_measure,
        });
    }
    Ok(by_plan)
}

const TIERS: Sql = among!(
    "SELECT t.id, t.charge_id, t.units_from, t.units_to, t.price, t.percent, t.is_overage, t.currency
     FROM tiers t JOIN charges c ON c.org_id = t.org_id AND c.id = t.charge_id
     WHERE c.org_id = $1 AND c.plan_id",
    "ORDER BY t.charge_id, t.position"
);

async fn tiers_of(conn: &mut Conn, org: OrganizationId, plans: &str) -> Result<HashMap<ChargeId, Vec<Tier>>> {
    let rows: Vec<TierRow> = q!(conn, TIERS, org, plans).fetch_all().await?;
    let mut by_charge: HashMap<ChargeId, Vec<Tier>> = HashMap::new();
    for row in rows {
        by_charge.entry(row.charge_id).or_default().push(Tier {
            id: row.id,
            units_from: row.units_from,
            units_to: row.units_to,
            price: row.price,
            percent: row.percent.map(|percent| percent.0),
            is_overage: row.is_overage,
            currency: row.currency,
        });
    }
    Ok(by_charge)
}
