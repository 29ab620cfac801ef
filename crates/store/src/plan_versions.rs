//! Plans as they were before they changed, for the orders that were placed then.
//!
//! The tables of plans hold the present. Before a plan changes in what it bills, what it was is written down whole, once
//! for all orders of it, and never again touched. An order without a version has the plan as it is.

use std::collections::HashMap;

use dbx::{Conn, Json, Result, Sql, Tx, q};
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit, Timestamp};
use domain::ids::{ChargeId, OrganizationId, PlanId, PlanVersionId, ProductId, TierId};
use domain::money::{Currency, Price, Quantity};
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, OrderType, Plan, PricingType, Tax, Tier};
use serde::{Deserialize, Serialize};

use crate::among;
use crate::json::{self, Text};

pub async fn find(conn: &mut Conn, org: OrganizationId, id: PlanVersionId) -> Result<Option<Plan>> {
    let content: Option<Json<Content>> =
        q!(conn, "SELECT content FROM plan_versions WHERE org_id = $1 AND id = $2", org, id).scalar_optional().await?;
    Ok(content.map(|Json(content)| content.into()))
}

const MANY: Sql = among!("SELECT id, content FROM plan_versions WHERE org_id = $1 AND id", "");

pub async fn load(conn: &mut Conn, org: OrganizationId, ids: &[PlanVersionId]) -> Result<HashMap<PlanVersionId, Plan>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = json::ids(ids.iter().map(|id| id.0));
    let rows: Vec<(PlanVersionId, Json<Content>)> = q!(conn, MANY, org, ids).fetch_all().await?;
    Ok(rows.into_iter().map(|(id, Json(content))| (id, content.into())).collect())
}

/// Writes down what the plan was until now, and gives it to all its orders that had no version.
pub async fn keep(tx: &mut Tx, org: OrganizationId, id: PlanVersionId, was: &Plan, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO plan_versions (org_id, id, plan_id, content, created_at) VALUES ($1, $2, $3, $4, $5)",
        org,
        id,
        was.id,
        Json(Content::from(was)),
        now
    )
    .execute()
    .await?;
    q!(
        tx,
        "UPDATE orders SET plan_version_id = $3 WHERE org_id = $1 AND plan_id = $2 AND plan_version_id IS NULL",
        org,
        was.id,
        id
    )
    .execute()
    .await
}

/// A plan in JSON. A field that comes later needs `#[serde(default)]`: what is stored stays as it is.
#[derive(Serialize, Deserialize)]
struct Content {
    id: i64,
    product: i64,
    contract_code: String,
    name: String,
    notes: Option<String>,
    invoice_text: String,
    start_on: Option<Text<Date>>,
    end_on: Option<Text<Date>>,
    billing_period: Text<BillingPeriod>,
    billing_alignment: Text<BillingAlignment>,
    due: TermsContent,
    is_auto_renew: bool,
    initial_term: Option<TermsContent>,
    renewal_term: Option<TermsContent>,
    order_type: Text<OrderType>,
    number_of_installments: Option<i64>,
    interest_rate: Option<Text<Price>>,
    fixed_charges_reduce_payoff: bool,
    accounting_code: Option<String>,
    use_accounting_code_for_each_installment: bool,
    linked_contract_code: Option<String>,
    charges: Vec<ChargeContent>,
}

#[derive(Serialize, Deserialize)]
struct TermsContent {
    value: i64,
    units: Text<TimeUnit>,
}

#[derive(Serialize, Deserialize)]
struct ChargeContent {
    id: i64,
    position: i64,
    price_code: String,
    notes: Option<String>,
    invoice_text: String,
    accounting_code: Option<String>,
    charge_type: Text<ChargeType>,
    pricing_type: Text<PricingType>,
    min_quantity: Option<Text<Quantity>>,
    standard_quantity: Option<Text<Quantity>>,
    max_quantity: Option<Text<Quantity>>,
    is_prepaid: bool,
    is_prorated: bool,
    is_mandatory: bool,
    is_penalty: bool,
    is_separate_invoice: bool,
    tax: Option<Text<Tax>>,
    tax_codes: Vec<String>,
    unit_of_measure: Option<String>,
    tiers: Vec<TierContent>,
}

#[derive(Serialize, Deserialize)]
struct TierContent {
    id: i64,
    units_from: Text<Quantity>,
    units_to: Option<Text<Quantity>>,
    price: Text<Price>,
    percent: Option<Text<Price>>,
    is_overage: bool,
    currency: Option<Text<Currency>>,
}

impl From<&Plan> for Content {
    fn from(plan: &Plan) -> Content {
        Content {
            id: plan.id.0,
            product: plan.product.0,
            contract_code: plan.contract_code.clone(),
            name: plan.name.clone(),
            notes: plan.notes.clone(),
            invoice_text: plan.invoice_text.clone(),
            start_on: plan.start_on.map(Text),
            end_on: plan.end_on.map(Text),
            billing_period: Text(plan.billing_period),
            billing_alignment: Text(plan.billing_alignment),
            due: plan.due.into(),
            is_auto_renew: plan.is_auto_renew,
            initial_term: plan.initial_term.map(TermsContent::from),
            renewal_term: plan.renewal_term.map(TermsContent::from),
            order_type: Text(plan.order_type),
            number_of_installments: plan.number_of_installments,
            interest_rate: plan.interest_rate.map(|rate| Text(Price(rate))),
            fixed_charges_reduce_payoff: plan.fixed_charges_reduce_payoff,
            accounting_code: plan.accounting_code.clone(),
            use_accounting_code_for_each_installment: plan.use_accounting_code_for_each_installment,
            linked_contract_code: plan.linked_contract_code.clone(),
            charges: plan.charges.iter().map(ChargeContent::from).collect(),
        }
    }
}

impl From<Content> for Plan {
    fn from(content: Content) -> Plan {
        Plan {
            id: PlanId(content.id),
            product: ProductId(content.product),
            contract_code: content.contract_code,
            name: content.name,
            notes: content.notes,
            invoice_text: content.invoice_text,
            start_on: content.start_on.map(|date| date.0),
            end_on: content.end_on.map(|date| date.0),
            billing_period: content.billing_period.0,
            billing_alignment: content.billing_alignment.0,
            due: content.due.into(),
            is_auto_renew: content.is_auto_renew,
            initial_term: content.initial_term.map(Terms::from),
            renewal_term: content.renewal_term.map(Terms::from),
            order_type: content.order_type.0,
            number_of_installments: content.number_of_installments,
            interest_rate: content.interest_rate.map(|rate| rate.0.0),
            fixed_charges_reduce_payoff: content.fixed_charges_reduce_payoff,
            accounting_code: content.accounting_code,
            use_accounting_code_for_each_installment: content.use_accounting_code_for_each_installment,
            linked_contract_code: content.linked_contract_code,
            charges: content.charges.into_iter().map(Charge::from).collect(),
        }
    }
}

impl From<Terms> for TermsContent {
    fn from(terms: Terms) -> TermsContent {
        TermsContent { value: terms.value, units: Text(terms.units) }
    }
}

impl From<TermsContent> for Terms {
    fn from(content: TermsContent) -> Terms {
        Terms { value: content.value, units: content.units.0 }
    }
}

impl From<&Charge> for ChargeContent {
    fn from(charge: &Charge) -> ChargeContent {
        ChargeContent {
            id: charge.id.0,
            position: charge.position,
            price_code: charge.price_code.clone(),
            notes: charge.notes.clone(),
            invoice_text: charge.invoice_text.clone(),
            accounting_code: charge.accounting_code.clone(),
            charge_type: Text(charge.charge_type),
            pricing_type: Text(charge.pricing_type),
            min_quantity: charge.min_quantity.map(Text),
            standard_quantity: charge.standard_quantity.map(Text),
            max_quantity: charge.max_quantity.map(Text),
            is_prepaid: charge.is_prepaid,
            is_prorated: charge.is_prorated,
            is_mandatory: charge.is_mandatory,
            is_penalty: charge.is_penalty,
            is_separate_invoice: charge.is_separate_invoice,
            tax: charge.tax.map(Text),
            tax_codes: charge.tax_codes.clone(),
            unit_of_measure: charge.unit_of_measure.clone(),
            tiers: charge.tiers.iter().map(TierContent::from).collect(),
        }
    }
}

impl From<ChargeContent> for Charge {
    fn from(content: ChargeContent) -> Charge {
        Charge {
            id: ChargeId(content.id),
            position: content.position,
            price_code: content.price_code,
            notes: content.notes,
            invoice_text: content.invoice_text,
            accounting_code: content.accounting_code,
            charge_type: content.charge_type.0,
            pricing_type: content.pricing_type.0,
            min_quantity: content.min_quantity.map(|quantity| quantity.0),
            standard_quantity: content.standard_quantity.map(|quantity| quantity.0),
            max_quantity: content.max_quantity.map(|quantity| quantity.0),
            is_prepaid: content.is_prepaid,
            is_prorated: content.is_prorated,
            is_mandatory: content.is_mandatory,
            is_penalty: content.is_penalty,
            is_separate_invoice: content.is_separate_invoice,
            tax: content.tax.map(|tax| tax.0),
            tax_codes: content.tax_codes,
            unit_of_measure: content.unit_of_measure,
            tiers: content.tiers.into_iter().map(Tier::from).collect(),
        }
    }
}

impl From<&Tier> for TierContent {
    fn from(tier: &Tier) -> TierContent {
        TierContent {
            id: tier.id.0,
            units_from: Text(tier.units_from),
            units_to: tier.units_to.map(Text),
            price: Text(tier.price),
            percent: tier.percent.map(|percent| Text(Price(percent))),
            is_overage: tier.is_overage,
            currency: tier.currency.map(Text),
        }
    }
}

impl From<TierContent> for Tier {
    fn from(content: TierContent) -> Tier {
        Tier {
            id: TierId(content.id),
            units_from: content.units_from.0,
            units_to: content.units_to.map(|quantity| quantity.0),
            price: content.price.0,
            percent: content.percent.map(|percent| percent.0.0),
            is_overage: content.is_overage,
            currency: content.currency.map(|currency| currency.0),
        }
    }
}
