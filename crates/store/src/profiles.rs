//! What a customer's account page shows of it: contacts and methods on file, in one statement.

use dbx::{Conn, Result, q};
use domain::contacts::Contact;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId};
use domain::payment_methods::Shown;
use domain::payments::MethodType;

use crate::corrupt;
use crate::customers::ContactRow;

/// What a customer is told of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The merchant's number of it.
    pub ext_customer_ref: Option<String>,
    pub created_at: Timestamp,
    pub billing_contact: Contact,
    pub sales_contact: Option<Contact>,
    /// `Visa: 1111`, in the order in which they are tried.
    pub methods: Vec<String>,
}

/// A contact with a method on file; each with each.
#[derive(sqlx::FromRow)]
struct Row {
    ext_customer_ref: Option<String>,
    created_at: Timestamp,
    #[sqlx(flatten)]
    contact: ContactRow,
    method_type: Option<MethodType>,
    brand: Option<String>,
    last_digits: Option<String>,
}

impl Row {
    fn method(&mut self) -> Option<String> {
        let shown = Shown { brand: self.brand.take(), last_digits: self.last_digits.take(), expiry: None };
        Some(shown.context(self.method_type?))
    }
}

pub async fn find(conn: &mut Conn, org: OrganizationId, customer: CustomerId) -> Result<Option<Profile>> {
    let rows: Vec<Row> = q!(
        conn,
        "SELECT c.ext_customer_ref, c.created_at, k.id AS contact_id, k.username, k.account_locked, k.first_name,
                k.last_name, k.email_primary, k.work_phone, k.cell_phone, k.address_id, k.street1, k.street2, k.city,
                k.state, k.zip, k.country, k.country_code, m.method_type, m.brand, m.last_digits
         FROM customers c
         JOIN contacts k ON k.org_id = c.org_id AND k.customer_id = c.id
         LEFT JOIN payment_methods m ON m.org_id = c.org_id AND m.customer_id = c.id
         WHERE c.org_id = $1 AND c.id = $2 ORDER BY k.kind, m.preference",
        org,
        customer
    )
    .fetch_all()
    .await?;
    profile(rows)
}

/// Of the rows of one customer: those of the billing contact, then those of the sales contact if there is one.
fn profile(rows: Vec<Row>) -> Result<Option<Profile>> {
    let mut rows = rows.into_iter();
    let Some(mut row) = rows.next() else { return Ok(None) };
    let mut profile = Profile {
        methods: row.method().into_iter().collect(),
        ext_customer_ref: row.ext_customer_ref,
        created_at: row.created_at,
        billing_contact: row.contact.into(),
        sales_contact: None,
    };
    for mut row in rows {
        if row.contact.contact_id == profile.billing_contact.id {
            profile.methods.extend(row.method());
            continue;
        }
        let id = row.contact.contact_id;
        if profile.sales_contact.get_or_insert_with(|| row.contact.into()).id != id {
            return Err(corrupt("a customer has at most two contacts"));
        }
    }
    Ok(Some(profile))
}
