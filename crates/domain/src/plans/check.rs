//! What a plan must look like to be sold: every problem at once, each with its place (`api.md` §3).

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Charge, ChargeType, OrderType, Plan, PricingType, Product, Tax, Tier};
use crate::checks::Problems;
use crate::money::{Currency, Quantity, within_bounds};
use crate::organizations::Terms;

/// Names, codes and texts of products, plans and charges.
pub const TEXT_MAX: usize = 50;
pub const NOTES_MAX: usize = 255;
/// Tax codes of one charge.
pub const TAX_CODES_MAX: usize = 20;
/// Decimals of a price, a quantity, and of an interest rate or percentage.
pub const PRICE_SCALE_MAX: u32 = 10;
pub const QUANTITY_SCALE_MAX: u32 = 6;
pub const RATE_SCALE_MAX: u32 = 4;
pub const PERCENT_MAX: i64 = 1_000;

pub fn check_product(product: &Product) -> Problems {
    let mut problems = Problems::new();
    required(&mut problems, "name", &product.name);
    required(&mut problems, "sku", &product.sku);
    optional(&mut problems, "notes", product.notes.as_deref(), NOTES_MAX);
    optional(&mut problems, "invoiceText", product.invoice_text.as_deref(), TEXT_MAX);
    problems
}

/// Everything that keeps the plan from being sold. A charge's problems begin with its place: `contractCharge[2]`.
pub fn check(plan: &Plan) -> Problems {
    let mut problems = Problems::new();
    texts(&mut problems, plan);
    terms(&mut problems, plan);
    installments(&mut problems, plan);
    charges(&mut problems, plan);
    taxes(&mut problems, plan);
    for (number, charge) in (1..).zip(&plan.charges) {
        problems.extend(check_charge(charge).prefixed(&format!("contractCharge[{number}]")));
    }
    problems
}

fn texts(problems: &mut Problems, plan: &Plan) {
    required(problems, "name", &plan.name);
    required(problems, "contractCode", &plan.contract_code);
    required(problems, "invoiceText", &plan.invoice_text);
    optional(problems, "notes", plan.notes.as_deref(), NOTES_MAX);
    optional(problems, "accountingCode", plan.accounting_code.as_deref(), TEXT_MAX);
    optional(problems, "linkedContractOffering", plan.linked_contract_code.as_deref(), TEXT_MAX);
    if plan.linked_contract_code.as_ref() == Some(&plan.contract_code) {
        problems.add("linkedContractOffering", "linkedContractOffering must name another plan.");
    }
}

fn terms(problems: &mut Problems, plan: &Plan) {
    if plan.start_on.zip(plan.end_on).is_some_and(|(start, end)| end < start) {
        problems.add("endDate", "endDate must not be before startDate.");
    }
    if plan.due.value < 0 {
        problems.add("dueDateValue", "dueDateValue must be at least 0.");
    }
    let at_least_one = |term: Option<Terms>| term.is_none_or(|term| term.value >= 1);
    if !at_least_one(plan.initial_term) {
        problems.add("initialTermValue", "initialTermValue must be at least 1.");
    }
    if !at_least_one(plan.renewal_term) {
        problems.add("renewalTermValue", "renewalTermValue must be at least 1.");
    }
    if plan.renewal_term.is_some() && (plan.initial_term.is_none() || !plan.is_auto_renew) {
        problems.add("renewalTermValue", "renewalTermValue needs initialTermValue and isAutoRenew.");
    }
}

fn installments(problems: &mut Problems, plan: &Plan) {
    match (plan.order_type, plan.number_of_installments) {
        (OrderType::Installment, Some(1..)) | (OrderType::Subscription, None) => {}
        (OrderType::Installment, _) => {
            problems.add("numberOfInstallments", "numberOfInstallments must be at least 1 with orderType Installment.");
        }
        (OrderType::Subscription, Some(_)) => {
            problems.add("numberOfInstallments", "numberOfInstallments is only for orderType Installment.");
        }
    }
    if plan.interest_rate.is_some_and(|rate| !is_rate(rate)) {
        problems.add("interestRate", rate_message("interestRate"));
    }
}

fn charges(problems: &mut Problems, plan: &Plan) {
    if plan.charges.iter().all(Charge::is_tax) {
        problems.add("contractCharges", "contractCharges must hold at least one charge that is not a tax.");
    }
    let mut codes = HashSet::new();
    let mut positions = HashSet::new();
    for charge in &plan.charges {
        if !codes.insert(&charge.price_code) {
            problems.add("priceCode", format!("priceCode {} must be unique in the plan.", charge.price_code));
        }
        if !positions.insert(charge.position) {
            problems.add("position", format!("position {} must be unique in the plan.", charge.position));
        }
    }
}

/// Each tax has something to tax, and its parts stay exact: a price contains one tax, or none.
fn taxes(problems: &mut Problems, plan: &Plan) {
    for tax in plan.charges.iter().filter(|charge| charge.is_tax()) {
        if !plan.charges.iter().any(|other| tax.taxes(other)) {
            problems.add("taxCodes", format!("taxCodes of {} must be codes of other charges.", tax.price_code));
        }
    }
    let on =
        |charge: &Charge, kind: Tax| plan.charges.iter().filter(|t| t.tax == Some(kind) && t.taxes(charge)).count();
    for charge in plan.charges.iter().filter(|charge| !charge.is_tax()) {
        let (inclusive, exclusive) = (on(charge, Tax::Inclusive), on(charge, Tax::Exclusive));
        if inclusive > 1 || inclusive > 0 && exclusive > 0 {
            let text = format!("{} may have one inclusive tax, or any number of exclusive ones.", charge.price_code);
            problems.add("isTax", text);
        }
    }
}

fn check_charge(charge: &Charge) -> Problems {
    let mut problems = Problems::new();
    required(&mut problems, "priceCode", &charge.price_code);
    required(&mut problems, "invoiceText", &charge.invoice_text);
    optional(&mut problems, "notes", charge.notes.as_deref(), NOTES_MAX);
    optional(&mut problems, "accountingCode", charge.accounting_code.as_deref(), TEXT_MAX);
    optional(&mut problems, "unitOfMeasure", charge.unit_of_measure.as_deref(), TEXT_MAX);
    if charge.position < 1 {
        problems.add("position", "position must be at least 1.");
    }
    if charge.tax_codes.len() > TAX_CODES_MAX || charge.tax_codes.iter().any(|code| !is_text(code, TEXT_MAX)) {
        let text = format!("taxCodes must be at most {TAX_CODES_MAX} codes of 1 to {TEXT_MAX} characters.");
        problems.add("taxCodes", text);
    }
    quantities(&mut problems, charge);
    if charge.is_tax() {
        tax(&mut problems, charge);
    }
    check_tiers(&mut problems, charge);
    problems
}

fn quantities(problems: &mut Problems, charge: &Charge) {
    let given = [
        ("minQuantity", charge.min_quantity),
        ("standardQuantity", charge.standard_quantity),
        ("maxQuantity", charge.max_quantity),
    ];
    let given: Vec<(&str, Quantity)> = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    for (name, value) in &given {
        if value.0 <= Decimal::ZERO || !is_quantity(*value) {
            problems.add(name, format!("{name} must be more than 0, with at most {QUANTITY_SCALE_MAX} decimals."));
        }
    }
    for pair in given.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
        problems.add(pair[1].0, format!("{} must be at least {}.", pair[1].0, pair[0].0));
    }
}

fn tax(problems: &mut Problems, charge: &Charge) {
    let is_percentage = charge.tiers.len() == 1 && charge.tiers[0].percent.is_some();
    if charge.pricing_type != PricingType::Flat || !is_percentage {
        problems.add("percent", "percent: a tax is one percentage, with FlatPricing.");
    }
    if charge.charge_type == ChargeType::Usage {
        problems.add("chargeType", "chargeType of a tax must not be UsageCharge.");
    }
    if charge.is_separate_invoice {
        problems.add("isSeparateInvoice", "isSeparateInvoice: a tax is on the invoice of what it taxes.");
    }
}

fn check_tiers(problems: &mut Problems, charge: &Charge) {
    if charge.tiers.is_empty() {
        problems.add("pricingTiers", "pricingTiers must hold at least one tier.");
    }
    for (number, tier) in (1..).zip(&charge.tiers) {
        problems.extend(check_tier(tier).prefixed(&format!("pricingTier[{number}]")));
    }
    let mut currencies: Vec<Option<Currency>> = Vec::new();
    for tier in &charge.tiers {
        if !currencies.contains(&tier.currency) {
            currencies.push(tier.currency);
        }
    }
    for currency in currencies {
        let tiers: Vec<&Tier> = charge.tiers.iter().filter(|tier| tier.currency == currency).collect();
        check_ranges(problems, charge.pricing_type, &tiers);
    }
}

fn check_tier(tier: &Tier) -> Problems {
    let mut problems = Problems::new();
    if !is_quantity(tier.units_from) || !tier.units_to.is_none_or(|end| is_quantity(end) && tier.units_from <= end) {
        let text = format!("unitsTo must not be before unitsFrom; both 0 or more, {QUANTITY_SCALE_MAX} decimals.");
        problems.add("unitsTo", text);
    }
    let price = tier.price.0;
    if price.is_sign_negative() || !within_bounds(price) || price.normalize().scale() > PRICE_SCALE_MAX {
        problems.add("price", format!("price must be 0 or more, with at most {PRICE_SCALE_MAX} decimals."));
    }
    if tier.percent.is_some_and(|percent| !is_rate(percent)) {
        problems.add("percent", rate_message("percent"));
    }
    if tier.percent.is_some() && !price.is_zero() {
        problems.add("percent", "percent and price exclude each other.");
    }
    problems
}

/// The ranges of one currency follow one another: no whole unit in two of them, or in none.
fn check_ranges(problems: &mut Problems, pricing: PricingType, tiers: &[&Tier]) {
    let (first, last) = (tiers[0], tiers[tiers.len() - 1]);
    if first.units_from.0 > Decimal::ONE {
        problems.add("unitsFrom", "unitsFrom of the first tier must be 0 or 1.");
    }
    for pair in tiers.windows(2) {
        let follows = pair[0]
            .units_to
            .is_some_and(|end| end < pair[1].units_from && pair[1].units_from.0 <= end.0 + Decimal::ONE);
        if !follows {
            let text = format!(
                "unitsFrom {} must follow the unitsTo of the tier before, at most 1 later.",
                pair[1].units_from
            );
            problems.add("unitsFrom", text);
        }
    }
    if first.is_overage {
        problems.add("isOverage", "isOverage: the first tier is not beyond another.");
    }
    match pricing {
        PricingType::Flat if tiers.len() > 1 || last.units_to.is_some() => {
            problems.add("pricingTiers", "pricingTiers: a flat price is one tier without unitsTo.");
        }
        PricingType::Flat | PricingType::Tiered | PricingType::Volume => {}
    }
}

fn is_text(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max
}

fn required(problems: &mut Problems, field: &str, text: &str) {
    if !is_text(text, TEXT_MAX) {
        problems.add(field, format!("{field} must have 1 to {TEXT_MAX} characters."));
    }
}

fn optional(problems: &mut Problems, field: &str, text: Option<&str>, max: usize) {
    if text.is_some_and(|text| !is_text(text, max)) {
        problems.add(field, format!("{field} must have 1 to {max} characters."));
    }
}

fn is_quantity(quantity: Quantity) -> bool {
    let value = quantity.0;
    !value.is_sign_negative() && within_bounds(value) && value.normalize().scale() <= QUANTITY_SCALE_MAX
}

fn is_rate(rate: Decimal) -> bool {
    (Decimal::ZERO..=Decimal::from(PERCENT_MAX)).contains(&rate) && rate.normalize().scale() <= RATE_SCALE_MAX
}

fn rate_message(field: &str) -> String {
    format!("{field} must be 0 to {PERCENT_MAX}, with at most {RATE_SCALE_MAX} decimals.")
}
