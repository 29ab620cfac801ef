//! Payment plans of customers.

use dbx::{Conn, Result, Tx, q};
use domain::dates::{Date, TimeUnit, Timestamp};
use domain::ids::{CustomerId, OrganizationId, PaymentPlanId};
use domain::money::{Amount, Currency};
use domain::payment_plans::{Frequency, PaymentPlan};

#[derive(sqlx::FromRow)]
struct Row {
    id: PaymentPlanId,
    customer_id: CustomerId,
    sequence: i64,
    currency: Currency,
    charge_amount: Amount,
    charge_only_if_balance_owed: bool,
    start_on: Date,
    total_installments: i64,
    remaining_installments: i64,
    frequency_value: i64,
    frequency_units: TimeUnit,
    is_enabled: bool,
    is_offered: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for PaymentPlan {
    fn from(row: Row) -> PaymentPlan {
        PaymentPlan {
            id: row.id,
            customer: row.customer_id,
            sequence: row.sequence,
            currency: row.currency,
            charge_only_if_balance_owed: row.charge_only_if_balance_owed,
            charge_amount: row.charge_amount,
            start_on: row.start_on,
            frequency: Frequency { value: row.frequency_value, units: row.frequency_units },
            total_installments: row.total_installments,
            remaining_installments: row.remaining_installments,
            is_enabled: row.is_enabled,
            is_offered: row.is_offered,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The customer's last plan, enabled or not: those before it are over.
pub async fn current(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Option<PaymentPlan>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT id, customer_id, sequence, currency, charge_amount, charge_only_if_balance_owed, start_on,
                total_installments, remaining_installments, frequency_value, frequency_units, is_enabled, is_offered,
                created_at, updated_at
         FROM payment_plans WHERE org_id = $1 AND customer_id = $2 ORDER BY sequence DESC LIMIT 1",
        org,
        customer
    )
    .fetch_optional()
    .await?;
    Ok(row.map(PaymentPlan::from))
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &PaymentPlan) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO payment_plans (org_id, id, customer_id, sequence, currency, charge_amount,
            charge_only_if_balance_owed, start_on, next_payment_on, total_installments, remaining_installments,
            frequency_value, frequency_units, is_enabled, is_offered, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        org,
        new.id,
        new.customer,
        new.sequence,
        new.currency,
        new.charge_amount,
        new.charge_only_if_balance_owed,
        new.start_on,
        new.next_payment_on(),
        new.total_installments,
        new.remaining_installments,
        new.frequency.value,
        new.frequency.units,
        new.is_enabled,
        new.is_offered,
        new.created_at,
        new.updated_at
    )
    .execute()
    .await
}

/// Everything that can change.
pub async fn save(tx: &mut Tx, org: OrganizationId, plan: &PaymentPlan) -> Result<u64> {
    q!(
        tx,
        "UPDATE payment_plans SET charge_amount = $3, charge_only_if_balance_owed = $4, start_on = $5,
            next_payment_on = $6, total_installments = $7, remaining_installments = $8, frequency_value = $9,
            frequency_units = $10, is_enabled = $11, is_offered = $12, updated_at = $13
         WHERE org_id = $1 AND id = $2",
        org,
        plan.id,
        plan.charge_amount,
        plan.charge_only_if_balance_owed,
        plan.start_on,
        plan.next_payment_on(),
        plan.total_installments,
        plan.remaining_installments,
        plan.frequency.value,
        plan.frequency.units,
        plan.is_enabled,
        plan.is_offered,
        plan.updated_at
    )
    .execute()
    .await
}
