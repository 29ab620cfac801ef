//! What is sold: plans, their charges and price tiers (`api.md` §3).

use crate::dates::{BillingAlignment, BillingPeriod};
use crate::ids::{ChargeId, PlanId, TierId};
use crate::money::{Price, Quantity};
use crate::organizations::Terms;

#[derive(Clone, Debug)]
pub struct Plan {
    pub id: PlanId,
    pub contract_code: String,
    pub name: String,
    pub invoice_text: String,
    pub billing_period: BillingPeriod,
    pub billing_alignment: BillingAlignment,
    /// When its invoices are due.
    pub due: Terms,
    pub is_auto_renew: bool,
    /// By position.
    pub charges: Vec<Charge>,
}

impl Plan {
    pub fn charge(&self, id: ChargeId) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.id == id)
    }

    pub fn charge_by_code(&self, price_code: &str) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.price_code == price_code)
    }
}

#[derive(Clone, Debug)]
pub struct Charge {
    pub id: ChargeId,
    pub position: i64,
    pub price_code: String,
    pub invoice_text: String,
    pub accounting_code: Option<String>,
    pub charge_type: ChargeType,
    pub pricing_type: PricingType,
    pub standard_quantity: Option<Quantity>,
    pub max_quantity: Option<Quantity>,
    pub is_prepaid: bool,
    pub is_prorated: bool,
    pub is_mandatory: bool,
    pub unit_of_measure: Option<String>,
    /// At least one; a flat price is a single tier without end.
    pub tiers: Vec<Tier>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    pub id: TierId,
    pub units_from: Quantity,
    /// Included; `None` is without end.
    pub units_to: Option<Quantity>,
    pub price: Price,
    pub is_overage: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeType {
    OneTime,
    Recurring,
    Usage,
}

crate::names!(ChargeType { OneTime => "OneTimeCharge", Recurring => "RecurringCharge", Usage => "UsageCharge" });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PricingType {
    Flat,
    /// Each unit by the tier it lies in.
    Tiered,
    /// All units by the tier that is reached.
    Volume,
}

crate::names!(PricingType { Flat => "FlatPricing", Tiered => "TieredPricing", Volume => "VolumePricing" });
