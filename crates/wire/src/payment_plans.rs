//! Payment plans (`api.md` §2.8).

use domain::checks::Problems;
use domain::dates::{Date, TimeUnit};
use domain::payment_plans::{FREQUENCY_MAX, INSTALLMENTS_MAX, PaymentPlan, PlanStatus};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::element::Element;
use crate::fields;
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;

/// What a body says of a plan; `None` leaves what is there. Without `id` all but the switches are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPlanRequest {
    /// Of the plan that is meant to be changed.
    pub id: Option<i64>,
    pub charge_only_if_balance_owed: Option<bool>,
    /// How many decimals it may have depends on the currency.
    pub charge_amount: Option<Decimal>,
    pub start_on: Option<Date>,
    pub total_installments: Option<i64>,
    pub frequency_value: Option<i64>,
    pub frequency_units: Option<TimeUnit>,
    pub is_enabled: Option<bool>,
    /// `status` says Offered: the customer is to be asked first.
    pub is_offered: bool,
}

/// A plan to be made or, where the body has an id, to be changed.
pub fn read(plan: &Element) -> Result<PaymentPlanRequest, Problems> {
    reader::expect_root(plan, &["paymentPlan"])?;
    reader::read(plan, |plan| Some(read_from(plan, plan.has("id") || plan.element().attribute("id").is_some())))
}

/// A change, with or without an id.
pub fn read_change(plan: &Element) -> Result<PaymentPlanRequest, Problems> {
    reader::expect_root(plan, &["paymentPlan"])?;
    reader::read(plan, |plan| Some(read_from(plan, true)))
}

fn read_from(plan: &Reader<'_>, is_change: bool) -> PaymentPlanRequest {
    let is_enabled = switch(plan, "isEnabled");
    let is_offered = plan.parsed("status", str::parse).value() == Some(PlanStatus::Offered);
    if is_offered && is_enabled == Some(true) {
        plan.wrong_sentence("status", "status Offered and isEnabled true exclude each other: enabled, it is accepted.");
    }
    PaymentPlanRequest {
        id: plan.id().value(),
        charge_only_if_balance_owed: switch(plan, "chargeOnlyIfBalanceOwed"),
        charge_amount: given(plan, is_change, "chargeAmount", fields::positive(plan, "chargeAmount")),
        start_on: given(plan, is_change, "startDate", plan.date("startDate")).map(Date),
        total_installments: count(plan, is_change, "totalNumberOfInstallments", INSTALLMENTS_MAX),
        frequency_value: count(plan, is_change, "frequencyValue", FREQUENCY_MAX),
        frequency_units: given(plan, is_change, "frequencyUnits", plan.parsed("frequencyUnits", str::parse)),
        is_enabled,
        is_offered,
    }
}

fn given<T>(plan: &Reader<'_>, is_change: bool, name: &str, field: Field<T>) -> Option<T> {
    if is_change { plan.not_cleared(name, field) } else { plan.required(name, field) }
}

fn count(plan: &Reader<'_>, is_change: bool, name: &str, max: i64) -> Option<i64> {
    given(plan, is_change, name, plan.integer(name, 1..=max))
}

/// Emptied it is what it is by default: on.
fn switch(plan: &Reader<'_>, name: &str) -> Option<bool> {
    match plan.boolean(name) {
        Field::Value(value) => Some(value),
        Field::Cleared => Some(true),
        Field::Absent => None,
    }
}

pub fn write(plan: &PaymentPlan, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(1024);
    writer.object("paymentPlan", plan.id, |writer| {
        writer.boolean("chargeOnlyIfBalanceOwed", plan.charge_only_if_balance_owed);
        writer.value("chargeAmount", plan.currency.format(plan.charge_amount));
        writer.date("startDate", plan.start_on.0);
        writer.optional_date("nextPaymentDate", plan.next_payment_on().map(|date| date.0));
        writer.value("totalNumberOfInstallments", plan.total_installments);
        writer.value("remainingInstallments", plan.remaining_installments);
        writer.value("frequencyValue", plan.frequency.value);
        writer.value("frequencyUnits", plan.frequency.units);
        writer.boolean("isEnabled", plan.is_enabled);
        writer.value("status", plan.status());
        fields::write_stamps(writer, plan.created_at, plan.updated_at, zone);
    });
    writer.finish()
}
