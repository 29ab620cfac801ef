//! A plan that can't be sold is refused with every reason.

use domain::checks::Problems;
use domain::dates::{BillingAlignment, BillingPeriod, Date, TimeUnit};
use domain::ids::ProductId;
use domain::money::Quantity;
use domain::orders::{NewOrder, NewOrderLine};
use domain::organizations::Terms;
use domain::plans::{Charge, ChargeType, OrderType, Plan, PricingType, Product, Tax, Tier, check, check_product};
use rust_decimal::Decimal;

use crate::bills::hosting;
use crate::samples::{charge, currency, plan, price, quantity, tier, usd};

fn with(charge: Charge) -> Plan {
    plan(BillingPeriod::Monthly, BillingAlignment::StartDate, vec![charge])
}

fn fields(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

#[track_caller]
fn refused(plan: &Plan, expected: &[&str]) {
    assert_eq!(fields(&check(plan)), expected, "{}", check(plan));
}

fn usage(tiers: Vec<Tier>) -> Charge {
    Charge { pricing_type: PricingType::Tiered, tiers, ..charge(1, ChargeType::Usage, "0") }
}

#[test]
fn plans_as_they_should_be_are_accepted() {
    refused(&hosting(), &[]);
    let last_bounded = usage(vec![tier(1, "1", Some("10.5"), price("1")), tier(2, "10.6", Some("20"), price("2"))]);
    refused(&with(last_bounded), &[]);
    let in_yen = Tier { currency: Some(currency("JPY")), ..tier(3, "0", None, price("1")) };
    refused(
        &with(Charge { tiers: vec![Tier::flat(price("1")), in_yen], ..charge(1, ChargeType::Recurring, "0") }),
        &[],
    );
}

#[test]
fn every_problem_of_a_plan_is_named() {
    let wrong = Plan {
        name: String::new(),
        contract_code: "x".repeat(51),
        invoice_text: " ".into(),
        notes: Some("n".repeat(256)),
        accounting_code: Some(String::new()),
        start_on: Some(Date::new(2012, 1, 1)),
        end_on: Some(Date::new(2011, 1, 1)),
        due: Terms { value: -1, units: TimeUnit::Days },
        renewal_term: Some(Terms { value: 0, units: TimeUnit::Months }),
        order_type: OrderType::Installment,
        interest_rate: Some(Decimal::new(1, 5)),
        charges: Vec::new(),
        ..hosting()
    };
    let expected = [
        "name",
        "contractCode",
        "invoiceText",
        "notes",
        "accountingCode",
        "endDate",
        "dueDateValue",
        "renewalTermValue",
        "renewalTermValue",
        "numberOfInstallments",
        "interestRate",
        "contractCharges",
    ];
    refused(&wrong, &expected);
    refused(&Plan { number_of_installments: Some(3), ..hosting() }, &["numberOfInstallments"]);
    refused(&Plan { linked_contract_code: Some("P".into()), ..hosting() }, &["linkedContractOffering"]);
}

#[test]
fn codes_and_positions_are_unique_in_a_plan() {
    let mut twice = hosting();
    twice.charges[1].price_code = twice.charges[0].price_code.clone();
    twice.charges[1].position = twice.charges[0].position;
    refused(&twice, &["priceCode", "position"]);
}

#[test]
fn every_problem_of_a_charge_is_named_with_its_place() {
    let wrong = Charge {
        price_code: String::new(),
        invoice_text: "x".repeat(51),
        position: 0,
        unit_of_measure: Some(String::new()),
        tax_codes: vec![String::new()],
        min_quantity: Some(quantity("5")),
        standard_quantity: Some(quantity("4")),
        max_quantity: Some(quantity("0")),
        tiers: Vec::new(),
        ..charge(1, ChargeType::Recurring, "1")
    };
    let expected = [
        "priceCode",
        "invoiceText",
        "unitOfMeasure",
        "position",
        "taxCodes",
        "maxQuantity",
        "standardQuantity",
        "maxQuantity",
        "pricingTiers",
    ];
    refused(&with(wrong), &expected.map(|field| format!("contractCharge[1]/{field}")).each_ref().map(String::as_str));
}

#[test]
fn tiers_follow_one_another_without_gap_or_overlap() {
    let of = |first_to: Option<&str>, second_from: &str| {
        with(usage(vec![tier(1, "0", first_to, price("1")), tier(2, second_from, None, price("2"))]))
    };
    refused(&of(Some("10"), "11"), &[]);
    refused(&of(Some("10"), "10.5"), &[]);
    for (to, from) in [(Some("10"), "10"), (Some("10"), "9"), (Some("10"), "11.1"), (Some("10"), "12"), (None, "11")] {
        refused(&of(to, from), &["contractCharge[1]/unitsFrom"]);
    }
    refused(&with(usage(vec![tier(1, "2", None, price("1"))])), &["contractCharge[1]/unitsFrom"]);
    let backwards = usage(vec![tier(1, "1", Some("0"), price("1"))]);
    refused(&with(backwards), &["contractCharge[1]/pricingTier[1]/unitsTo"]);
    let flat = Charge { tiers: vec![tier(1, "0", Some("10"), price("1"))], ..charge(1, ChargeType::Recurring, "1") };
    refused(&with(flat), &["contractCharge[1]/pricingTiers"]);
    let overage = Tier { is_overage: true, ..tier(1, "0", None, price("1")) };
    refused(&with(usage(vec![overage])), &["contractCharge[1]/isOverage"]);
}

#[test]
fn prices_and_percentages_have_bounds_and_exclude_each_other() {
    let of = |tier: Tier| with(Charge { tiers: vec![tier], ..charge(1, ChargeType::Recurring, "1") });
    for (wrong, field) in [
        (Tier::flat(price("-1")), "price"),
        (Tier::flat(price("0.00000000001")), "price"),
        (Tier::flat(price("1000000000000")), "price"),
        (Tier::percentage(Decimal::from(1001)), "percent"),
        (Tier::percentage(Decimal::new(-1, 0)), "percent"),
        (Tier { percent: Some(Decimal::ONE), ..Tier::flat(price("1")) }, "percent"),
    ] {
        refused(&of(wrong), &[&format!("contractCharge[1]/pricingTier[1]/{field}")]);
    }
}

#[test]
fn a_tax_is_one_percentage_of_something() {
    let tax = |id, kind| Charge {
        tax: Some(kind),
        tiers: vec![Tier::percentage(Decimal::TEN)],
        ..charge(id, ChargeType::Recurring, "0")
    };
    let of = |taxes: Vec<Charge>| {
        let mut plan = hosting();
        plan.charges.extend(taxes);
        plan
    };
    refused(&of(vec![tax(3, Tax::Exclusive), tax(4, Tax::Exclusive)]), &[]);
    refused(&of(vec![tax(3, Tax::Inclusive)]), &[]);
    refused(&of(vec![tax(3, Tax::Inclusive), tax(4, Tax::Exclusive)]), &["isTax", "isTax"]);
    refused(&of(vec![tax(3, Tax::Inclusive), tax(4, Tax::Inclusive)]), &["isTax", "isTax"]);
    refused(&of(vec![Charge { tax_codes: vec!["NONE".into()], ..tax(3, Tax::Exclusive) }]), &["taxCodes"]);
    let priced = Charge { tiers: vec![Tier::flat(price("1"))], ..tax(3, Tax::Exclusive) };
    refused(&of(vec![priced]), &["contractCharge[3]/percent"]);
    let odd = Charge { charge_type: ChargeType::Usage, is_separate_invoice: true, ..tax(3, Tax::Exclusive) };
    refused(&of(vec![odd]), &["contractCharge[3]/chargeType", "contractCharge[3]/isSeparateInvoice"]);
    refused(&with(tax(1, Tax::Exclusive)), &["contractCharges", "taxCodes"]);
}

#[test]
fn products_have_names() {
    let product = Product {
        id: ProductId(1),
        name: "Hosting".into(),
        sku: String::new(),
        notes: None,
        invoice_text: Some("x".repeat(51)),
    };
    assert_eq!(fields(&check_product(&product)), ["sku", "invoiceText"]);
}

#[test]
fn a_plan_has_prices_in_the_currencies_that_all_its_charges_have() {
    let mut plan = hosting();
    let euro = currency("EUR");
    assert!(plan.in_currency(euro, usd()).is_none());
    plan.charges[0].tiers.push(Tier { currency: Some(euro), ..Tier::flat(price("150.00")) });
    assert!(plan.in_currency(euro, usd()).is_none(), "the pages have none");
    plan.charges.truncate(1);
    let percentage = Charge {
        tiers: vec![Tier::percentage(Decimal::TEN)],
        tax: Some(Tax::Exclusive),
        ..charge(9, ChargeType::Recurring, "0")
    };
    plan.charges.push(percentage);
    let in_euro = plan.in_currency(euro, usd()).unwrap();
    assert_eq!(in_euro.charges[0].tiers, [Tier { currency: Some(euro), ..Tier::flat(price("150.00")) }]);
    assert_eq!(plan.in_currency(usd(), usd()).unwrap().charges[0].tiers.len(), 1);
}

fn ordered(plan: &Plan, lines: &[(&str, &str)]) -> Result<Vec<(String, Quantity)>, Vec<String>> {
    let line = |(code, units): &(&str, &str)| NewOrderLine { price_code: (*code).into(), quantity: quantity(units) };
    let new = NewOrder { contract_code: "P".into(), lines: lines.iter().map(line).collect(), ..NewOrder::default() };
    let checked = domain::orders::check(plan, &new, Date::new(2011, 9, 20));
    let checked = checked.map(|lines| lines.into_iter().map(|(c, q)| (c.price_code.clone(), q)).collect());
    checked.map_err(|problems| problems.iter().map(|problem| problem.field.clone()).collect())
}

#[test]
fn an_order_takes_what_it_names_and_what_it_must() {
    let mut plan = hosting();
    plan.charges[1].is_mandatory = true;
    plan.charges[1].standard_quantity = Some(quantity("7"));
    let both = vec![("C1".to_owned(), quantity("2")), ("C2".to_owned(), quantity("7"))];
    assert_eq!(ordered(&plan, &[("C1", "2")]), Ok(both));
    assert_eq!(ordered(&plan, &[("C9", "2")]), Err(vec!["priceCode".into()]));
    plan.charges[0].min_quantity = Some(quantity("2"));
    plan.charges[0].max_quantity = Some(quantity("3"));
    assert_eq!(ordered(&plan, &[("C1", "1")]), Err(vec!["quantity".into()]));
    assert_eq!(ordered(&plan, &[("C1", "3.5")]), Err(vec!["quantity".into()]));
    assert_eq!(ordered(&hosting(), &[]), Err(vec!["orderLineItems".into()]));
    plan.end_on = Some(Date::new(2011, 9, 19));
    assert_eq!(ordered(&plan, &[("C1", "2")]), Err(vec!["startDate".into()]));
}
