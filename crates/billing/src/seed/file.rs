//! The seed file as it is written. Unknown keys are mistakes.

use std::collections::BTreeMap;

use domain::checks::Problems;
use serde::Deserialize;
use toml::Spanned;

pub type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub organization: Vec<Organization>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub subdomain: Text,
    pub name: Text,
    pub currency: Text,
    pub currencies: Option<Vec<Text>>,
    #[serde(default = "utc")]
    pub time_zone: Text,
    pub locale: Option<Text>,
    pub mode: Option<Text>,
    pub clock: Option<Text>,
    pub address_validation: Option<Text>,
    #[serde(default = "thirty")]
    pub payment_terms_value: Spanned<i64>,
    pub payment_terms_units: Option<Text>,
    #[serde(default = "first_number")]
    pub invoice_number_start: Spanned<i64>,
    #[serde(default = "first_number")]
    pub order_number_start: Spanned<i64>,
    #[serde(default)]
    pub embed_origins: Vec<Text>,
    #[serde(default)]
    pub notifications: Vec<Text>,
    pub account_id: Option<i64>,
    #[serde(default = "hundred")]
    pub probe_limit: Spanned<i64>,
    pub retry_days: Option<Spanned<Vec<i64>>>,
    #[serde(default)]
    pub portal: Portal,
    #[serde(default)]
    pub branding: Branding,
    pub avalara: Option<Avalara>,
    pub processor: Option<Spanned<Processor>>,
    #[serde(default)]
    pub sso_key: Vec<Spanned<SsoKey>>,
    #[serde(default)]
    pub staff: Vec<Staff>,
    #[serde(default)]
    pub product: Vec<Product>,
    #[serde(default)]
    pub plan: Vec<Plan>,
    #[serde(default)]
    pub overdue_rule: Vec<OverdueRule>,
    #[serde(default)]
    pub callback: Vec<Callback>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    pub allow_payments: Option<bool>,
    pub show_payments: Option<bool>,
    pub methods: Option<Spanned<Vec<Text>>>,
    pub free_amount: Option<bool>,
    pub pay_all: Option<bool>,
    pub card_saving: Option<Text>,
    pub allow_autopay_off: Option<bool>,
    pub second_factor: Option<Text>,
    pub page_url: Option<Text>,
    pub success_url: Option<Text>,
    pub stylesheet: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    pub accent: Option<Text>,
    pub radius: Option<Spanned<i64>>,
    pub font: Option<Text>,
    pub theme: Option<Text>,
    /// Files beside the seed file.
    pub logo: Option<Text>,
    pub stylesheet: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Avalara {
    pub account: Text,
    pub license_key: Text,
    pub url: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processor {
    pub kind: Text,
    /// Of Stripe.
    pub secret_key: Option<Text>,
    /// Of Authorize.Net.
    pub login_id: Option<Text>,
    pub transaction_key: Option<Text>,
    pub webhook_secret: Option<Text>,
    pub url: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsoKey {
    pub kid: Text,
    pub algorithm: Text,
    /// Of HS256.
    pub secret: Option<Text>,
    /// Of the others.
    pub public_key: Option<Text>,
    pub expires_at: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub username: Text,
    pub password: Text,
    pub role: Text,
    pub email: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub name: Text,
    pub sku: Option<Text>,
    pub notes: Option<Text>,
    pub invoice_text: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub contract_code: Text,
    pub name: Text,
    pub product: Option<Text>,
    pub notes: Option<Text>,
    pub invoice_text: Option<Text>,
    pub start_date: Option<Text>,
    pub end_date: Option<Text>,
    pub billing_period: Text,
    pub billing_alignment: Option<Text>,
    #[serde(default = "zero")]
    pub due_date_value: Spanned<i64>,
    pub due_date_units: Option<Text>,
    #[serde(default = "yes")]
    pub is_auto_renew: bool,
    pub initial_term_value: Option<Spanned<i64>>,
    pub initial_term_units: Option<Text>,
    pub renewal_term_value: Option<Spanned<i64>>,
    pub renewal_term_units: Option<Text>,
    pub order_type: Option<Text>,
    pub number_of_installments: Option<i64>,
    pub interest_rate: Option<Text>,
    #[serde(default)]
    pub fixed_charges_reduce_payoff: bool,
    pub accounting_code: Option<Text>,
    #[serde(default)]
    pub use_accounting_code_for_each_installment: bool,
    pub linked_contract_offering: Option<Text>,
    #[serde(default)]
    pub charge: Vec<Charge>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    pub price_code: Text,
    pub notes: Option<Text>,
    pub invoice_text: Option<Text>,
    pub accounting_code: Option<Text>,
    pub charge_type: Text,
    pub pricing_type: Option<Text>,
    pub position: Option<Spanned<i64>>,
    pub price: Option<Text>,
    /// A price for each currency, by its code.
    pub prices: Option<Spanned<BTreeMap<String, Text>>>,
    pub percent: Option<Text>,
    pub tiers: Option<Spanned<Vec<Tier>>>,
    pub min_quantity: Option<Spanned<Number>>,
    pub standard_quantity: Option<Spanned<Number>>,
    pub max_quantity: Option<Spanned<Number>>,
    pub is_prepaid: Option<bool>,
    #[serde(default)]
    pub is_prorated: bool,
    #[serde(default)]
    pub is_mandatory: bool,
    #[serde(default)]
    pub is_penalty: bool,
    #[serde(default)]
    pub is_separate_invoice: bool,
    pub is_tax: Option<bool>,
    pub tax: Option<Text>,
    #[serde(default)]
    pub tax_codes: Vec<String>,
    pub unit_of_measure: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    pub units_from: Spanned<Number>,
    pub units_to: Option<Spanned<Number>>,
    pub price: Option<Text>,
    pub percent: Option<Text>,
    #[serde(default)]
    pub is_overage: bool,
    pub currency: Option<Text>,
}

/// A quantity: `100`, or `"0.5"` where it has a fraction.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueRule {
    pub customer_group: Option<Text>,
    pub days_late: Spanned<i64>,
    pub status: Text,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub min_amount: Option<Text>,
    pub min_invoices: Option<Spanned<i64>>,
    pub message: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    pub url: Text,
    pub secret: Option<Text>,
    pub events: Vec<Text>,
}

fn utc() -> Text {
    Spanned::new(0..0, "UTC".to_owned())
}
fn thirty() -> Spanned<i64> {
    Spanned::new(0..0, 30)
}
fn hundred() -> Spanned<i64> {
    Spanned::new(0..0, 100)
}
fn zero() -> Spanned<i64> {
    Spanned::new(0..0, 0)
}
fn first_number() -> Spanned<i64> {
    Spanned::new(0..0, 1001)
}
fn yes() -> bool {
    true
}

pub fn read(text: &str) -> Result<File, Problems> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        Problems::one("seed", format!("line {}: {}", line(text, start), error.message()))
    })
}

/// The line that a position is on, from 1.
pub fn line(text: &str, position: usize) -> usize {
    1 + text.as_bytes().iter().take(position).filter(|byte| **byte == b'\n').count()
}
