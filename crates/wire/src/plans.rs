//! Plans (`api.md` §3). On the wire a plan is a `contractOffering`.

use domain::dates::Timestamp;
use domain::money::Currency;
use domain::organizations::Terms;
use domain::plans::{Charge, Plan, Tier};
use jiff::tz::TimeZone;

use crate::fields;
use crate::writer::Writer;

/// A plan with what is shown beside it.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'p> {
    pub plan: &'p Plan,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Without its charges where they were not asked for.
    pub has_charges: bool,
}

/// Bytes that one plan takes.
const PLAN_BYTES: usize = 4_096;

/// `currency` is the organization's: prices without one are in it.
pub fn write(plan: Shown<'_>, currency: Currency, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, plan, currency, zone);
    writer.finish()
}

pub fn write_list(plans: &[Shown<'_>], currency: Currency, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(PLAN_BYTES * (plans.len() + 1));
    writer.element("list", |writer| plans.iter().for_each(|plan| write_into(writer, *plan, currency, zone)));
    writer.finish()
}

fn write_into(writer: &mut Writer, shown: Shown<'_>, currency: Currency, zone: &TimeZone) {
    let plan = shown.plan;
    writer.object("contractOffering", plan.id, |writer| {
        writer.reference("productOffering", plan.product);
        writer.text("name", &plan.name);
        writer.text("contractCode", &plan.contract_code);
        writer.optional_text("notes", plan.notes.as_deref());
        writer.text("invoiceText", &plan.invoice_text);
        writer.optional_date("startDate", plan.start_on.map(|date| date.0));
        writer.optional_date("endDate", plan.end_on.map(|date| date.0));
        writer.value("billingAlignment", plan.billing_alignment);
        writer.value("billingPeriod", plan.billing_period);
        write_terms(writer, ["dueDateValue", "dueDateUnits"], Some(plan.due));
        writer.boolean("isAutoRenew", plan.is_auto_renew);
        write_terms(writer, ["initialTermValue", "initialTermUnits"], plan.initial_term);
        write_terms(writer, ["renewalTermValue", "renewalTermUnits"], plan.renewal_term);
        writer.value("orderType", plan.order_type);
        writer.optional_value("numberOfInstallments", plan.number_of_installments);
        writer.optional_value("interestRate", plan.interest_rate.map(|rate| rate.normalize()));
        writer.boolean("fixedChargesReducePayoff", plan.fixed_charges_reduce_payoff);
        writer.optional_text("accountingCode", plan.accounting_code.as_deref());
        writer.boolean("useAccountingCodeForEachInstallment", plan.use_accounting_code_for_each_installment);
        writer.optional_text("linkedContractOffering", plan.linked_contract_code.as_deref());
        if shown.has_charges {
            writer.element("contractCharges", |writer| {
                plan.charges.iter().for_each(|charge| write_charge(writer, charge, plan, currency));
            });
        }
        fields::write_stamps(writer, shown.created_at, shown.updated_at, zone);
    });
}

fn write_terms(writer: &mut Writer, [value, units]: [&str; 2], terms: Option<Terms>) {
    writer.optional_value(value, terms.map(|terms| terms.value));
    writer.optional_value(units, terms.map(|terms| terms.units));
}

fn write_charge(writer: &mut Writer, charge: &Charge, plan: &Plan, currency: Currency) {
    writer.object("contractCharge", charge.id, |writer| {
        writer.reference("contractOffering", plan.id);
        writer.value("position", charge.position);
        writer.text("priceCode", &charge.price_code);
        writer.optional_text("notes", charge.notes.as_deref());
        writer.text("invoiceText", &charge.invoice_text);
        writer.optional_text("accountingCode", charge.accounting_code.as_deref());
        writer.value("chargeType", charge.charge_type);
        writer.value("pricingType", charge.pricing_type);
        writer.optional_value("minQuantity", charge.min_quantity.map(|quantity| quantity.format(1)));
        writer.optional_value("standardQuantity", charge.standard_quantity.map(|quantity| quantity.format(1)));
        writer.optional_value("maxQuantity", charge.max_quantity.map(|quantity| quantity.format(1)));
        writer.boolean("isPrepaid", charge.is_prepaid);
        writer.boolean("isPenalty", charge.is_penalty);
        writer.boolean("isProrated", charge.is_prorated);
        writer.boolean("isTax", charge.is_tax());
        writer.optional_value("taxType", charge.tax);
        writer.boolean("isMandatory", charge.is_mandatory);
        writer.boolean("isSeparateInvoice", charge.is_separate_invoice);
        writer.optional_text("unitOfMeasure", charge.unit_of_measure.as_deref());
        writer.element("taxCodes", |writer| charge.tax_codes.iter().for_each(|code| writer.text("taxCode", code)));
        writer.element("pricingTiers", |writer| {
            charge.tiers.iter().for_each(|tier| write_tier(writer, tier, charge, currency));
        });
    });
}

/// With the currency that its price is in; a percentage is one in any.
fn write_tier(writer: &mut Writer, tier: &Tier, charge: &Charge, own: Currency) {
    let currency = tier.currency.or(Some(own).filter(|_| tier.percent.is_none()));
    writer.object("pricingTier", tier.id, |writer| {
        writer.reference("contractCharge", charge.id);
        writer.value("unitsFrom", tier.units_from.format(1));
        writer.optional_value("unitsTo", tier.units_to.map(|quantity| quantity.format(1)));
        let price = tier.percent.is_none().then(|| tier.price.format(currency.unwrap_or(own)));
        writer.optional_value("price", price);
        writer.optional_value("percent", tier.percent.map(|percent| percent.normalize()));
        writer.boolean("isOverage", tier.is_overage);
        writer.optional_reference("currency", currency);
    });
}
