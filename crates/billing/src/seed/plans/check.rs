//! Whether the products and plans of a seed file make sense: how they are written here, what they mean in
//! `domain::plans::check`.

use domain::checks::Problem;
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit};
use domain::ids::ProductId;
use domain::money::{Currency, Price, Quantity, within_bounds};
use domain::organizations::Terms;
use domain::plans::{
    Charge, ChargeType, NOTES_MAX, OrderType, Plan, PricingType, Product, TEXT_MAX, Tax, Tier, check, check_product,
};
use rust_decimal::Decimal;
use toml::Spanned;

use crate::seed::SeedPlan;
use crate::seed::check::Checker;
use crate::seed::file::{self, Number, Text};

const START_DATE: BillingAlignment = BillingAlignment::StartDate;

impl Checker<'_> {
    pub fn products(&mut self, org: &file::Organization) -> Vec<Product> {
        self.unique(org.product.iter().map(|product| &product.name), "product.name");
        self.unique(org.product.iter().map(|product| product.sku.as_ref().unwrap_or(&product.name)), "sku");
        org.product.iter().map(|product| self.product(product)).collect()
    }

    fn product(&mut self, product: &file::Product) -> Product {
        let name = self.text(&product.name, "product.name", TEXT_MAX);
        let checked = Product {
            id: ProductId(0),
            sku: self.optional(product.sku.as_ref(), "sku", TEXT_MAX).unwrap_or_else(|| name.clone()),
            notes: self.optional(product.notes.as_ref(), "notes", NOTES_MAX),
            invoice_text: self.optional(product.invoice_text.as_ref(), "invoice_text", TEXT_MAX),
            name,
        };
        debug_assert!(!self.problems.is_empty() || check_product(&checked).is_empty(), "both check the same");
        checked
    }

    pub fn plan(&mut self, plan: &file::Plan, currencies: &[Currency]) -> SeedPlan {
        let before = self.problems.iter().count();
        self.unique(plan.charge.iter().map(|c| &c.price_code), "price_code");
        if plan.charge.is_empty() {
            self.wrong(plan.contract_code.span(), "plan", "must have at least one charge");
        }
        let name = self.text(&plan.name, "name", TEXT_MAX);
        let product = self.optional(plan.product.as_ref(), "product", TEXT_MAX);
        let mut checked = self.terms(plan, &name);
        checked.charges =
            (1i64..).zip(&plan.charge).map(|(position, charge)| self.charge(position, charge, currencies)).collect();
        if self.problems.iter().count() == before {
            self.meaning(plan, &checked);
        }
        let line = self.line(plan.contract_code.span());
        SeedPlan { product: product.unwrap_or(name), plan: checked, line }
    }

    /// The plan without its charges.
    fn terms(&mut self, plan: &file::Plan, name: &str) -> Plan {
        let invoice_text = self.optional(plan.invoice_text.as_ref(), "invoice_text", TEXT_MAX);
        let contract_code = self.text(&plan.contract_code, "contract_code", TEXT_MAX);
        let billing_period = self.named(Some(&plan.billing_period), "billing_period", BillingPeriod::Monthly);
        let billing_alignment = self.named(plan.billing_alignment.as_ref(), "billing_alignment", START_DATE);
        let linked = plan.linked_contract_offering.as_ref();
        Plan {
            notes: self.optional(plan.notes.as_ref(), "notes", NOTES_MAX),
            invoice_text: invoice_text.unwrap_or_else(|| name.to_owned()),
            start_on: self.date(plan.start_date.as_ref(), "start_date"),
            end_on: self.date(plan.end_date.as_ref(), "end_date"),
            due: Terms {
                value: self.at_least(&plan.due_date_value, "due_date_value", 0),
                units: self.named(plan.due_date_units.as_ref(), "due_date_units", TimeUnit::Days),
            },
            is_auto_renew: plan.is_auto_renew,
            initial_term: self.term("initial_term", plan.initial_term_value.as_ref(), plan.initial_term_units.as_ref()),
            renewal_term: self.term("renewal_term", plan.renewal_term_value.as_ref(), plan.renewal_term_units.as_ref()),
            order_type: self.named(plan.order_type.as_ref(), "order_type", OrderType::Subscription),
            number_of_installments: plan.number_of_installments,
            interest_rate: plan.interest_rate.as_ref().map(|rate| self.decimal(rate, "interest_rate")),
            fixed_charges_reduce_payoff: plan.fixed_charges_reduce_payoff,
            accounting_code: self.optional(plan.accounting_code.as_ref(), "accounting_code", TEXT_MAX),
            use_accounting_code_for_each_installment: plan.use_accounting_code_for_each_installment,
            linked_contract_code: self.optional(linked, "linked_contract_offering", TEXT_MAX),
            ..Plan::new(&contract_code, name, billing_period, billing_alignment)
        }
    }

    /// Value and units come together.
    fn term(&mut self, field: &str, value: Option<&Spanned<i64>>, units: Option<&Text>) -> Option<Terms> {
        match (value, units) {
            (Some(value), Some(units)) => Some(Terms {
                value: self.at_least(value, &format!("{field}_value"), 1),
                units: self.named(Some(units), &format!("{field}_units"), TimeUnit::Months),
            }),
            (None, None) => None,
            (Some(value), None) => {
                self.wrong(value.span(), &format!("{field}_value"), &format!("needs {field}_units"));
                None
            }
            (None, Some(units)) => {
                self.wrong(units.span(), &format!("{field}_units"), &format!("needs {field}_value"));
                None
            }
        }
    }

    fn charge(&mut self, position: i64, charge: &file::Charge, currencies: &[Currency]) -> Charge {
        let pricing_type = self.named(charge.pricing_type.as_ref(), "pricing_type", PricingType::Flat);
        let code = self.text(&charge.price_code, "price_code", TEXT_MAX);
        let invoice_text = self.optional(charge.invoice_text.as_ref(), "invoice_text", TEXT_MAX);
        let charge_type = self.named(Some(&charge.charge_type), "charge_type", ChargeType::Recurring);
        Charge {
            position: charge.position.as_ref().map_or(position, |given| self.at_least(given, "position", 1)),
            notes: self.optional(charge.notes.as_ref(), "notes", NOTES_MAX),
            invoice_text: invoice_text.unwrap_or_else(|| code.clone()),
            accounting_code: self.optional(charge.accounting_code.as_ref(), "accounting_code", TEXT_MAX),
            min_quantity: self.quantity(charge.min_quantity.as_ref(), "min_quantity"),
            standard_quantity: self.quantity(charge.standard_quantity.as_ref(), "standard_quantity"),
            max_quantity: self.quantity(charge.max_quantity.as_ref(), "max_quantity"),
            is_prepaid: charge.is_prepaid.unwrap_or(true),
            is_prorated: charge.is_prorated,
            is_mandatory: charge.is_mandatory,
            is_penalty: charge.is_penalty,
            is_separate_invoice: charge.is_separate_invoice,
            tax: self.tax(charge),
            tax_codes: charge.tax_codes.clone(),
            unit_of_measure: self.optional(charge.unit_of_measure.as_ref(), "unit_of_measure", TEXT_MAX),
            tiers: self.tiers(charge, pricing_type, currencies),
            ..Charge::new(&code, charge_type, pricing_type)
        }
    }

    /// `is_tax` alone is an exclusive one.
    fn tax(&mut self, charge: &file::Charge) -> Option<Tax> {
        match (&charge.tax, charge.is_tax) {
            (Some(tax), Some(false)) => {
                self.wrong(tax.span(), "tax", "contradicts is_tax = false");
                None
            }
            (Some(tax), _) => Some(self.named(Some(tax), "tax", Tax::Exclusive)),
            (None, is_tax) => is_tax.unwrap_or(false).then_some(Tax::Exclusive),
        }
    }

    /// One of price, prices and percent for a flat price; tiers for the others.
    fn tiers(&mut self, charge: &file::Charge, pricing: PricingType, currencies: &[Currency]) -> Vec<Tier> {
        let flat = [charge.price.is_some(), charge.prices.is_some(), charge.percent.is_some()];
        let flat = flat.into_iter().filter(|given| *given).count();
        match (pricing, flat, &charge.tiers) {
            (PricingType::Flat, 1, None) => self.flat(charge, currencies),
            (PricingType::Tiered | PricingType::Volume, 0, Some(tiers)) if !tiers.get_ref().is_empty() => {
                let checked: Vec<Tier> = tiers.get_ref().iter().map(|tier| self.tier(tier, currencies)).collect();
                self.check_order(tiers, &checked);
                checked
            }
            (PricingType::Flat, ..) => {
                let what = "(or prices, or percent) is needed once with FlatPricing, and tiers are not allowed";
                self.wrong(charge.price_code.span(), "price", what);
                Vec::new()
            }
            (PricingType::Tiered | PricingType::Volume, ..) => {
                let what = "are needed with TieredPricing and VolumePricing, and price, prices, percent not allowed";
                self.wrong(charge.price_code.span(), "tiers", what);
                Vec::new()
            }
        }
    }

    fn flat(&mut self, charge: &file::Charge, currencies: &[Currency]) -> Vec<Tier> {
        let mut tiers = Vec::new();
        tiers.extend(charge.price.as_ref().map(|price| Tier::flat(self.price(price))));
        tiers.extend(charge.percent.as_ref().map(|percent| Tier::percentage(self.decimal(percent, "percent"))));
        if let Some(prices) = &charge.prices {
            if prices.get_ref().is_empty() {
                self.wrong(prices.span(), "prices", "must have a price for at least one currency");
            }
            for (code, price) in prices.get_ref() {
                let currency = Some(self.sold_in(&Spanned::new(price.span(), code.clone()), currencies));
                tiers.push(Tier { currency, ..Tier::flat(self.price(price)) });
            }
        }
        tiers
    }

    fn sold_in(&mut self, code: &Text, currencies: &[Currency]) -> Currency {
        let currency = self.currency(code);
        if !currencies.contains(&currency) {
            self.wrong(code.span(), "currency", "must be among the organization's currencies");
        }
        currency
    }

    /// Of each currency: each tier begins behind the one before, and only the last may be without end.
    fn check_order(&mut self, given: &Spanned<Vec<file::Tier>>, tiers: &[Tier]) {
        let follows = |n: usize, tier: &Tier| {
            let before = tiers[..n].iter().rev().find(|before| before.currency == tier.currency);
            before.is_none_or(|before| before.units_to.is_some_and(|end| end < tier.units_from))
        };
        let rising = tiers.iter().enumerate().all(|(n, tier)| follows(n, tier));
        let own = tiers.iter().all(|tier| tier.units_to.is_none_or(|end| tier.units_from <= end));
        if !rising || !own {
            self.wrong(given.span(), "tiers", "must follow one another: units_from beyond the units_to before it");
        }
    }

    fn tier(&mut self, tier: &file::Tier, currencies: &[Currency]) -> Tier {
        if tier.price.is_some() == tier.percent.is_some() {
            self.wrong(tier.units_from.span(), "tiers", "must each have price or percent, and not both");
        }
        let units_from = self.quantity(Some(&tier.units_from), "units_from").unwrap_or_default();
        let units_to = self.quantity(tier.units_to.as_ref(), "units_to");
        let price = tier.price.as_ref().map(|price| self.price(price)).unwrap_or_default();
        Tier {
            percent: tier.percent.as_ref().map(|percent| self.decimal(percent, "percent")),
            is_overage: tier.is_overage,
            currency: tier.currency.as_ref().map(|code| self.sold_in(code, currencies)),
            ..Tier::new(units_from, units_to, price)
        }
    }

    fn price(&mut self, price: &Text) -> Price {
        let parsed = Decimal::from_str_exact(price.get_ref()).ok();
        let good = parsed.filter(|price| within_bounds(*price) && !price.is_sign_negative() && price.scale() <= 10);
        if good.is_none() {
            self.wrong(price.span(), "price", "must be an amount such as \"165.00\"");
        }
        Price(good.unwrap_or_default())
    }

    fn decimal(&mut self, number: &Text, field: &str) -> Decimal {
        let parsed = Decimal::from_str_exact(number.get_ref()).ok();
        if parsed.is_none() {
            self.wrong(number.span(), field, "must be a number such as \"2.9\"");
        }
        parsed.unwrap_or_default()
    }

    fn quantity(&mut self, number: Option<&Spanned<Number>>, field: &str) -> Option<Quantity> {
        let number = number?;
        let parsed = match number.get_ref() {
            Number::Whole(whole) => Some(Decimal::from(*whole)),
            Number::Text(text) => Decimal::from_str_exact(text).ok(),
        };
        let good = parsed.filter(|value| within_bounds(*value) && !value.is_sign_negative() && value.scale() <= 6);
        if good.is_none() {
            self.wrong(number.span(), field, "must be a quantity such as 100 or \"0.5\"");
        }
        Some(Quantity(good.unwrap_or_default()))
    }

    fn date(&mut self, date: Option<&Text>, field: &str) -> Option<Date> {
        let date = date?;
        let parsed = date.get_ref().parse().ok();
        if parsed.is_none() {
            self.wrong(date.span(), field, "must be a date such as \"2026-01-31\"");
        }
        parsed
    }

    /// What is well written may still make no plan.
    fn meaning(&mut self, written: &file::Plan, plan: &Plan) {
        for problem in &check(plan) {
            let charge = number_in(problem, "contractCharge").and_then(|number| written.charge.get(number - 1));
            let span = charge.map_or(written.contract_code.span(), |charge| match &charge.tiers {
                Some(tiers) if problem.field.contains("ricingTier") => tiers.span(),
                _ => charge.price_code.span(),
            });
            let of = charge.map_or(String::new(), |charge| format!("{}: ", charge.price_code.get_ref()));
            let message = in_words_of_the_file(&problem.message);
            self.problems.add(&problem.field, format!("line {}: {of}{message}", self.line(span)));
        }
    }
}

/// The 2 of `contractCharge[2]/priceCode`.
fn number_in(problem: &Problem, list: &str) -> Option<usize> {
    let rest = problem.field.strip_prefix(list)?.strip_prefix('[')?;
    rest.split(']').next()?.parse().ok()
}

/// The API's names of what the file calls otherwise.
const NAMES: &[(&str, &str)] = &[
    ("accountingCode", "accounting_code"),
    ("chargeType", "charge_type"),
    ("contractCharges", "charge"),
    ("contractCode", "contract_code"),
    ("dueDateValue", "due_date_value"),
    ("endDate", "end_date"),
    ("initialTermValue", "initial_term_value"),
    ("interestRate", "interest_rate"),
    ("invoiceText", "invoice_text"),
    ("isAutoRenew", "is_auto_renew"),
    ("isOverage", "is_overage"),
    ("isSeparateInvoice", "is_separate_invoice"),
    ("linkedContractOffering", "linked_contract_offering"),
    ("maxQuantity", "max_quantity"),
    ("minQuantity", "min_quantity"),
    ("numberOfInstallments", "number_of_installments"),
    ("orderType", "order_type"),
    ("priceCode", "price_code"),
    ("pricingTiers", "tiers"),
    ("renewalTermValue", "renewal_term_value"),
    ("standardQuantity", "standard_quantity"),
    ("startDate", "start_date"),
    ("taxCodes", "tax_codes"),
    ("unitOfMeasure", "unit_of_measure"),
    ("unitsFrom", "units_from"),
    ("unitsTo", "units_to"),
];

/// Without the place that the line tells already.
fn in_words_of_the_file(message: &str) -> String {
    let sentence = message.rsplit("]: ").next().unwrap_or(message);
    NAMES.iter().fold(sentence.to_owned(), |text, (wire, file)| text.replace(wire, file))
}
