//! Changing customers and their contacts.

use dbx::{Conn, Result, Tx, q};
use domain::contacts::Contact;
use domain::customers::Customer;
use domain::dates::Timestamp;
use domain::ids::{ContactId, CustomerId, OrganizationId};

use crate::customer_search;

/// Whether anything was ever ordered.
pub async fn has_orders(conn: &mut Conn, org: OrganizationId, id: CustomerId) -> Result<bool> {
    let found: Option<i64> = q!(
        conn,
        "SELECT id FROM orders WHERE org_id = $1 AND customer_id = $2 ORDER BY customer_id, id LIMIT 1",
        org,
        id
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

/// Whether anything was ever invoiced or paid.
pub async fn has_history(conn: &mut Conn, org: OrganizationId, id: CustomerId) -> Result<bool> {
    let invoiced: Option<i64> = q!(
        conn,
        "SELECT id FROM invoices WHERE org_id = $1 AND customer_id = $2 ORDER BY invoiced_on, id LIMIT 1",
        org,
        id
    )
    .scalar_optional()
    .await?;
    let paid: Option<i64> = q!(
        conn,
        "SELECT id FROM payments WHERE org_id = $1 AND customer_id = $2 ORDER BY effective_on, id LIMIT 1",
        org,
        id
    )
    .scalar_optional()
    .await?;
    Ok(invoiced.is_some() || paid.is_some())
}

/// Everything but the status, which has its own way.
pub async fn save(tx: &mut Tx, org: OrganizationId, customer: &Customer) -> Result<u64> {
    q!(
        tx,
        "UPDATE customers SET name = $3, ext_customer_ref = $4, crm_customer_id = $5, erp_customer_id = $6,
            locale = $7, is_business_account = $8, terms_value = $9, terms_units = $10, currency = $11, updated_at = $12
         WHERE org_id = $1 AND id = $2",
        org,
        customer.id,
        &customer.name,
        &customer.ext_customer_ref,
        &customer.crm_customer_id,
        &customer.erp_customer_id,
        &customer.locale,
        customer.is_business_account,
        customer.terms.value,
        customer.terms.units,
        customer.currency,
        customer.updated_at
    )
    .execute()
    .await
}

/// Everything but the password.
pub async fn save_contact(tx: &mut Tx, org: OrganizationId, contact: &Contact, now: Timestamp) -> Result<u64> {
    let address = &contact.address.fields;
    q!(
        tx,
        "UPDATE contacts SET username = $3, account_locked = $4, first_name = $5, last_name = $6, email_primary = $7,
            work_phone = $8, cell_phone = $9, street1 = $10, street2 = $11, city = $12, state = $13, zip = $14,
            country = $15, country_code = $16, country_alpha3 = $17, updated_at = $18
         WHERE org_id = $1 AND id = $2",
        org,
        contact.id,
        &contact.username,
        contact.account_locked,
        &contact.first_name,
        &contact.last_name,
        &contact.email_primary,
        &contact.work_phone,
        &contact.cell_phone,
        &address.street1,
        &address.street2,
        &address.city,
        &address.state,
        &address.zip,
        &address.country,
        &address.country_code,
        address.country_alpha3(),
        now
    )
    .execute()
    .await
}

/// Whoever guessed at the old password has guessed at nothing: the count begins again.
pub async fn save_password(tx: &mut Tx, org: OrganizationId, id: ContactId, hash: Option<&str>) -> Result<u64> {
    q!(
        tx,
        "UPDATE contacts SET password_hash = $3, failed_logins = 0, locked_until = NULL WHERE org_id = $1 AND id = $2",
        org,
        id,
        hash
    )
    .execute()
    .await
}

pub async fn delete_contact(tx: &mut Tx, org: OrganizationId, id: ContactId) -> Result<u64> {
    q!(tx, "DELETE FROM contacts WHERE org_id = $1 AND id = $2", org, id).execute().await
}

/// The customer with everything that goes with it. Invoices, payments and the ledger do not: with those it stays.
pub async fn delete(tx: &mut Tx, org: OrganizationId, id: CustomerId) -> Result<()> {
    customer_search::forget(tx, org, id).await?;
    q!(tx, "DELETE FROM customer_transitions WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM sessions WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM sso_links WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM events WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM activities WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM uninvoiced_charges WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(
        tx,
        "DELETE FROM order_lines
         WHERE org_id = $1 AND order_id IN (SELECT id FROM orders WHERE org_id = $1 AND customer_id = $2)",
        org,
        id
    )
    .execute()
    .await?;
    q!(tx, "DELETE FROM orders WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM contacts WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM customer_financials WHERE org_id = $1 AND customer_id = $2", org, id).execute().await?;
    q!(tx, "DELETE FROM customers WHERE org_id = $1 AND id = $2", org, id).execute().await.map(drop)
}
