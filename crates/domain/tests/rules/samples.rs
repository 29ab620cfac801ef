//! Plans, orders and invoices to reason about.

use domain::bill::{Bill, Request, bill};
use domain::dates::{BillingAlignment, BillingPeriod, Date, Period, Timestamp};
use domain::ids::{ChargeId, CustomerId, InvoiceId, OrderId, OrderLineId, PlanId, TierId};
use domain::invoices::{DraftLine, Invoice, InvoiceStatus};
use domain::money::{Amount, Currency, Price, Quantity};
use domain::orders::{Order, OrderLine, OrderStatus};
use domain::plans::{Charge, ChargeType, Plan, PricingType, Tier};
use domain::usage::Usage;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

/// Enough to find what is wrong, few enough that all of them take a second.
pub const CASES: u32 = 1_000;

pub fn config() -> ProptestConfig {
    ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

pub fn usd() -> Currency {
    currency("USD")
}

pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub fn period(start: Date, end: Date) -> Period {
    Period { start, end }
}

pub fn charge(id: i64, charge_type: ChargeType, flat: &str) -> Charge {
    let tiers = vec![tier(1, "0", None, price(flat))];
    let invoice_text = format!("Charge {id}");
    let unnamed = Charge::new(&format!("C{id}"), charge_type, PricingType::Flat);
    Charge { id: ChargeId(id), position: id, invoice_text, tiers, ..unnamed }
}

pub fn tier(id: i64, from: &str, to: Option<&str>, price: Price) -> Tier {
    Tier { id: TierId(id), ..Tier::new(quantity(from), to.map(quantity), price) }
}

pub fn plan(period: BillingPeriod, alignment: BillingAlignment, charges: Vec<Charge>) -> Plan {
    Plan { id: PlanId(1), charges, ..Plan::new("P", "Plan", period, alignment) }
}

/// One of each charge of the plan.
pub fn order(plan: &Plan, start_on: Date, end_on: Option<Date>) -> Order {
    let line = |charge: &Charge| OrderLine {
        id: OrderLineId(100 + charge.id.0),
        position: charge.position,
        charge: charge.id,
        price_code: charge.price_code.clone(),
        quantity: Quantity::ONE,
        lifetime_value: Amount::ZERO,
    };
    Order {
        id: OrderId(1),
        customer: CustomerId(1),
        plan: plan.id,
        plan_version: None,
        number: "1".into(),
        status: OrderStatus::Active,
        start_on,
        end_on,
        next_billable_on: Some(start_on),
        billed_until: start_on,
        anchor_on: None,
        change: None,
        pauses: Vec::new(),
        is_separate_invoice: false,
        currency: usd(),
        is_auto_pay: true,
        job_code: None,
        notes: None,
        invoice_notes: None,
        lifetime_value: Amount::ZERO,
        lines: plan.charges.iter().map(line).collect(),
        invoices: Vec::new(),
        created_at: noon(),
        updated_at: noon(),
    }
}

/// What orders owe, without usage.
pub fn bill_all(orders: &[(Order, Plan)], today: Date) -> Bill {
    bill_with(orders, &[], Usage::default(), today)
}

pub fn bill_with(orders: &[(Order, Plan)], credits: &[DraftLine], usage: Usage<'_>, today: Date) -> Bill {
    bill(&Request { orders, credits, usage, today, own_currency: usd() }).unwrap()
}

pub fn invoice(id: i64, total: i64) -> Invoice {
    let day = Date::new(2011, 9, 20);
    Invoice {
        id: InvoiceId(id),
        customer: CustomerId(1),
        number: id.to_string(),
        crm_id: None,
        erp_id: None,
        status: InvoiceStatus::Outstanding,
        currency: usd(),
        billing_period: BillingPeriod::Monthly,
        invoiced_on: day,
        due_on: day,
        period: period(day, day.add_days(1)),
        total: Amount(total),
        previous_balance: Amount::ZERO,
        applied: Amount::ZERO,
        reserved: Amount::ZERO,
        notes: None,
        created_at: noon(),
        updated_at: noon(),
    }
}

pub fn noon() -> Timestamp {
    "2011-09-20T12:00:00Z".parse().unwrap()
}

pub fn any_date() -> impl Strategy<Value = Date> {
    (0..36_500i64).prop_map(|days| Date::new(1980, 1, 1).add_days(days))
}

pub fn any_period() -> impl Strategy<Value = BillingPeriod> {
    select(BillingPeriod::ALL)
}

pub fn any_alignment() -> impl Strategy<Value = BillingAlignment> {
    select(BillingAlignment::ALL)
}

/// From 0 to 100 000, with up to four decimals.
pub fn any_price() -> impl Strategy<Value = Price> {
    (0..1_000_000_000i64).prop_map(|units| Price(Decimal::new(units, 4)))
}

pub fn any_quantity() -> impl Strategy<Value = Quantity> {
    (1..10_000_000i64).prop_map(|units| Quantity(Decimal::new(units, 3)))
}

pub fn any_currency() -> impl Strategy<Value = Currency> {
    select(vec![currency("USD"), currency("JPY"), currency("KWD")])
}
