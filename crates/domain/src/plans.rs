//! What is sold: products, plans, their charges and price tiers (`api.md` §3).
//!
//! A field that no rule here asks is carried: interest rate, accounting codes, the linked plan, whether a charge is a
//! penalty. [`check`] says what a plan must look like; everything else in this crate relies on it.

mod check;

use rust_decimal::Decimal;

use crate::dates::{BillingAlignment, BillingPeriod, Date, Period};
use crate::ids::{ChargeId, PlanId, ProductId, TierId};
use crate::money::{Currency, Price, Quantity};
use crate::organizations::Terms;

pub use check::{
    NOTES_MAX, PERCENT_MAX, PRICE_SCALE_MAX, QUANTITY_SCALE_MAX, RATE_SCALE_MAX, TAX_CODES_MAX, TEXT_MAX, check,
    check_product,
};

/// What plans are of (`ProductOffering`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    pub sku: String,
    pub notes: Option<String>,
    pub invoice_text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    pub product: ProductId,
    pub contract_code: String,
    pub name: String,
    pub notes: Option<String>,
    pub invoice_text: String,
    /// When it may be ordered: from the first day to the last, both included.
    pub start_on: Option<Date>,
    pub end_on: Option<Date>,
    pub billing_period: BillingPeriod,
    pub billing_alignment: BillingAlignment,
    /// When its invoices are due.
    pub due: Terms,
    /// Without it an order is complete at the end of its initial term.
    pub is_auto_renew: bool,
    /// How long an order runs at first; without one it has no term and nothing to renew.
    pub initial_term: Option<Terms>,
    /// And each time it is renewed; the initial term where this is absent.
    pub renewal_term: Option<Terms>,
    pub order_type: OrderType,
    /// Periods that an installment order is billed for.
    pub number_of_installments: Option<i64>,
    pub interest_rate: Option<Decimal>,
    pub fixed_charges_reduce_payoff: bool,
    pub accounting_code: Option<String>,
    pub use_accounting_code_for_each_installment: bool,
    /// Contract code of another plan.
    pub linked_contract_code: Option<String>,
    /// By position.
    pub charges: Vec<Charge>,
}

impl Plan {
    /// A plan with the defaults of `operations.md` §3 and no charges yet.
    pub fn new(contract_code: &str, name: &str, period: BillingPeriod, alignment: BillingAlignment) -> Plan {
        Plan {
            id: PlanId(0),
            product: ProductId(0),
            contract_code: contract_code.to_owned(),
            name: name.to_owned(),
            notes: None,
            invoice_text: name.to_owned(),
            start_on: None,
            end_on: None,
            billing_period: period,
            billing_alignment: alignment,
            due: Terms::AT_ONCE,
            is_auto_renew: true,
            initial_term: None,
            renewal_term: None,
            order_type: OrderType::Subscription,
            number_of_installments: None,
            interest_rate: None,
            fixed_charges_reduce_payoff: false,
            accounting_code: None,
            use_accounting_code_for_each_installment: false,
            linked_contract_code: None,
            charges: Vec::new(),
        }
    }

    pub fn charge(&self, id: ChargeId) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.id == id)
    }

    pub fn charge_by_code(&self, price_code: &str) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.price_code == price_code)
    }

    /// Whether an order may start on that day.
    pub fn is_sold_on(&self, date: Date) -> bool {
        self.start_on.is_none_or(|first| first <= date) && self.end_on.is_none_or(|last| date <= last)
    }

    /// Whether orders of both are billed alike. What is only shown may differ, and when it is sold.
    pub fn bills_like(&self, other: &Plan) -> bool {
        let terms = |plan: &Plan| {
            let mut plan = Plan { charges: Vec::new(), notes: None, start_on: None, end_on: None, ..plan.clone() };
            plan.product = ProductId(0);
            plan.name.clear();
            plan.linked_contract_code = None;
            plan
        };
        let charges = |plan: &Plan| -> Vec<Charge> {
            plan.charges.iter().map(|charge| Charge { notes: None, ..charge.clone() }).collect()
        };
        terms(self) == terms(other) && charges(self) == charges(other)
    }

    /// The plan with the prices of one currency only; `None` when a charge has no price in it. A tier that names no
    /// currency is priced in the organization's `own`; a percentage is one in any.
    pub fn in_currency(&self, currency: Currency, own: Currency) -> Option<Plan> {
        let mut plan = self.clone();
        for charge in &mut plan.charges {
            charge.tiers.retain(|tier| match tier.currency {
                Some(named) => named == currency,
                None => currency == own || tier.percent.is_some(),
            });
            if charge.tiers.is_empty() {
                return None;
            }
        }
        Some(plan)
    }

    /// The initial or renewal term that `date` lies in, of an order that started on `start`. Counted from the end of
    /// the initial term, never from the term before.
    pub fn term(&self, start: Date, date: Date) -> Option<Period> {
        let initial = self.initial_term?;
        let renewal = self.renewal_term.unwrap_or(initial);
        let first_end = initial.after(start, 1);
        if date < first_end {
            return Some(Period { start, end: first_end });
        }
        let mut renewed = 0;
        while renewal.after(first_end, renewed + 1) <= date && renewed < RENEWALS_MAX {
            renewed += 1;
        }
        Some(Period { start: renewal.after(first_end, renewed), end: renewal.after(first_end, renewed + 1) })
    }
}

/// Renewals that are looked through: more than daily ones of 25 years.
const RENEWALS_MAX: i64 = 10_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub id: ChargeId,
    pub position: i64,
    pub price_code: String,
    pub notes: Option<String>,
    pub invoice_text: String,
    pub accounting_code: Option<String>,
    pub charge_type: ChargeType,
    pub pricing_type: PricingType,
    /// Least that may be ordered; of usage, least that is billed for a period.
    pub min_quantity: Option<Quantity>,
    /// Ordered where the order does not say, of a mandatory charge.
    pub standard_quantity: Option<Quantity>,
    /// Most that may be ordered; of usage, most that is billed for a period.
    pub max_quantity: Option<Quantity>,
    /// Billed at the start of a period, not after its end. Usage never is, whatever stands here.
    pub is_prepaid: bool,
    pub is_prorated: bool,
    pub is_mandatory: bool,
    pub is_penalty: bool,
    /// Its own invoice, apart from the order's other charges.
    pub is_separate_invoice: bool,
    /// `isTax`: a percentage of the order's other charges.
    pub tax: Option<Tax>,
    /// Of a tax: it applies to charges that share a code, or to all when it has none.
    pub tax_codes: Vec<String>,
    pub unit_of_measure: Option<String>,
    /// At least one; a flat price is a single tier without end. For several currencies: the tiers of each.
    pub tiers: Vec<Tier>,
}

impl Charge {
    /// A charge with the defaults of `operations.md` §3 and no price yet.
    pub fn new(price_code: &str, charge_type: ChargeType, pricing_type: PricingType) -> Charge {
        Charge {
            id: ChargeId(0),
            position: 1,
            price_code: price_code.to_owned(),
            notes: None,
            invoice_text: price_code.to_owned(),
            accounting_code: None,
            charge_type,
            pricing_type,
            min_quantity: None,
            standard_quantity: None,
            max_quantity: None,
            is_prepaid: true,
            is_prorated: false,
            is_mandatory: false,
            is_penalty: false,
            is_separate_invoice: false,
            tax: None,
            tax_codes: Vec::new(),
            unit_of_measure: None,
            tiers: Vec::new(),
        }
    }

    pub fn is_tax(&self) -> bool {
        self.tax.is_some()
    }

    /// Billed before its period, not after it.
    pub fn is_in_advance(&self) -> bool {
        match self.charge_type {
            ChargeType::OneTime | ChargeType::Recurring => self.is_prepaid,
            ChargeType::Usage => false,
        }
    }

    /// Whether this tax applies to `other`. Nothing is taxed by what is no tax, and no tax is taxed.
    pub fn taxes(&self, other: &Charge) -> bool {
        let shares = self.tax_codes.is_empty() || self.tax_codes.iter().any(|code| other.tax_codes.contains(code));
        self.is_tax() && !other.is_tax() && shares
    }

    /// What is ordered of a mandatory charge that the order does not name.
    pub fn default_quantity(&self) -> Quantity {
        self.standard_quantity.or(self.min_quantity).unwrap_or(Quantity::ONE)
    }

    /// The units of `used` that are billed: no fewer than the minimum, no more than the maximum.
    pub fn billable(&self, used: Quantity) -> Quantity {
        let least = self.min_quantity.map_or(used, |min| used.max(min));
        self.max_quantity.map_or(least, |max| least.min(max))
    }
}

/// What a range of units costs each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    pub id: TierId,
    pub units_from: Quantity,
    /// Included; `None` is without end.
    pub units_to: Option<Quantity>,
    /// Zero where there is a percentage.
    pub price: Price,
    /// Instead of a price: the quantity is money, for example a turnover, and this part of it is owed.
    /// Of a tax: the part of the other charges.
    pub percent: Option<Decimal>,
    /// Priced apart: also with VolumePricing only the units beyond the tier before cost this.
    pub is_overage: bool,
    /// `None`: the organization's own.
    pub currency: Option<Currency>,
}

impl Tier {
    pub fn new(units_from: Quantity, units_to: Option<Quantity>, price: Price) -> Tier {
        Tier { id: TierId(0), units_from, units_to, price, percent: None, is_overage: false, currency: None }
    }

    /// The only tier of a flat price.
    pub fn flat(price: Price) -> Tier {
        Tier::new(Quantity::default(), None, price)
    }

    /// The only tier of a flat percentage.
    pub fn percentage(percent: Decimal) -> Tier {
        Tier { percent: Some(percent), ..Tier::flat(Price::default()) }
    }

    /// What one unit costs, in major units.
    pub fn rate(self) -> Decimal {
        self.percent.map_or(self.price.0, |percent| percent / Decimal::ONE_HUNDRED)
    }
}

/// Whether prices contain the tax already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tax {
    /// Added to the other charges.
    Exclusive,
    /// Contained in the other charges: it is shown, and adds nothing.
    Inclusive,
}

crate::names!(Tax { Exclusive => "Exclusive", Inclusive => "Inclusive" });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderType {
    /// Until it ends.
    Subscription,
    /// A fixed number of periods.
    Installment,
}

crate::names!(OrderType { Subscription => "Subscription", Installment => "Installment" });

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
