//! Customers: create, find.

use domain::access::Actor;
use domain::checks::Problems;
use domain::contacts::{Address, Contact, NewContact};
use domain::customers::{Customer, CustomerStatus, Financials, NewCustomer};
use domain::events::EventType;
use domain::ids::{AddressId, ContactId, CustomerId, OrganizationId};
use domain::organizations::Terms;

pub use crate::addresses::AddressVerdict;
use crate::{Billing, Error, Result, Unit, View, addresses};

/// A new customer, and what the address check had to say where it is on.
#[derive(Debug)]
pub struct Created {
    pub customer: Customer,
    pub address: AddressVerdict,
}

/// A customer by id or by the merchant's own reference, as an address names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerKey {
    pub id: Option<CustomerId>,
    pub ext_customer_ref: Option<String>,
}

impl CustomerKey {
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.ext_customer_ref.is_none()
    }
}

/// Creates a customer with its contacts.
pub async fn create(billing: &Billing, org: OrganizationId, actor: &Actor, new: NewCustomer) -> Result<Created> {
    let hashes = hash_passwords(billing, &new).await?;
    let address = addresses::check_new(billing, org, &new).await?;
    let (new, hashes, address) = (&new, &hashes, &address);
    billing
        .unit(org, actor, async |unit| {
            check(unit, new).await?;
            Ok(Created { customer: insert(unit, new, hashes).await?, address: address.clone() })
        })
        .await
}

/// The billing contact's and the sales contact's. Hashes take long: before the transaction.
pub(crate) async fn hash_passwords(billing: &Billing, new: &NewCustomer) -> Result<[Option<String>; 2]> {
    Ok([hash(billing, Some(&new.billing_contact)).await?, hash(billing, new.sales_contact.as_ref()).await?])
}

async fn hash(billing: &Billing, contact: Option<&NewContact>) -> Result<Option<String>> {
    match contact.and_then(|contact| contact.login.as_ref()) {
        Some(login) => billing.passwords.hash(&login.password).await.map(Some),
        None => Ok(None),
    }
}

/// After [`check`].
pub(crate) async fn insert(unit: &mut Unit, new: &NewCustomer, hashes: &[Option<String>; 2]) -> Result<Customer> {
    let customer = build(unit, new).await?;
    let passwords = [hashes[0].as_deref(), hashes[1].as_deref()];
    let inserted = store::customers::insert(&mut unit.tx, unit.org.id, &customer, passwords).await;
    inserted.map_err(|error| duplicate(error, new))?;
    unit.count(customer.id, customer.status, 1);
    unit.happened(EventType::NewCustomer, customer.id, customer.id.0).await?;
    Ok(customer)
}

/// What only the organization and its other customers can tell.
pub(crate) async fn check(unit: &mut Unit, new: &NewCustomer) -> Result<()> {
    let mut problems = Problems::new();
    if let Some(currency) = new.currency {
        problems.extend(unit.org.check_currency(currency));
    }
    if let Some(reference) = &new.ext_customer_ref
        && store::customers::find_id(&mut unit.tx, unit.org.id, reference).await?.is_some()
    {
        problems.extend(taken("extCustomerRef"));
    }
    let mut usernames = Vec::new();
    for (contact, place) in
        [(Some(&new.billing_contact), "billingContact"), (new.sales_contact.as_ref(), "salesContact")]
    {
        let Some(login) = contact.and_then(|contact| contact.login.as_ref()) else { continue };
        let exists = store::customers::username_exists(&mut unit.tx, unit.org.id, &login.username).await?;
        if exists || usernames.contains(&&login.username) {
            problems.extend(taken(&format!("{place}/username")));
        }
        usernames.push(&login.username);
    }
    problems.result(()).map_err(Error::from)
}

pub(crate) fn taken(field: &str) -> Problems {
    // Of one customer, each contact has a name of its own.
    let whom = if field.ends_with("username") { "contact" } else { "customer" };
    Problems::one(field, format!("{field} is already used by another {whom}; it must be unique."))
}

/// Two at the same time: both found the value free, one of them was first.
fn duplicate(error: store::Error, new: &NewCustomer) -> Error {
    if !store::is_unique_violation(&error) {
        return error.into();
    }
    let constraint = store::constraint(&error).unwrap_or_default();
    let field = if constraint.contains("username") && new.billing_contact.login.is_some() {
        "billingContact/username"
    } else {
        "extCustomerRef"
    };
    Error::Invalid(taken(field))
}

async fn build(unit: &mut Unit, new: &NewCustomer) -> Result<Customer> {
    let billing_contact = build_contact(unit, &new.billing_contact).await?;
    let sales_contact = match &new.sales_contact {
        Some(contact) => Some(build_contact(unit, contact).await?),
        None => None,
    };
    Ok(Customer {
        id: unit.id(CustomerId).await?,
        name: new.name.clone(),
        status: new.status.unwrap_or(CustomerStatus::Active),
        ext_customer_ref: new.ext_customer_ref.clone(),
        crm_customer_id: new.crm_customer_id.clone(),
        erp_customer_id: new.erp_customer_id.clone(),
        locale: new.locale.clone().unwrap_or_else(|| unit.org.locale.clone()),
        is_business_account: new.is_business_account,
        terms: Terms {
            value: new.payment_terms_value.unwrap_or(unit.org.terms.value),
            units: new.payment_terms_units.unwrap_or(unit.org.terms.units),
        },
        currency: new.currency.unwrap_or(unit.org.currency),
        billing_contact,
        sales_contact,
        financials_id: unit.id(|id| id).await?,
        financials: Financials::default(),
        created_at: unit.now,
        updated_at: unit.now,
    })
}

pub(crate) async fn build_contact(unit: &mut Unit, new: &NewContact) -> Result<Contact> {
    Ok(Contact {
        id: unit.id(ContactId).await?,
        username: new.login.as_ref().map(|login| login.username.clone()),
        account_locked: new.account_locked,
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        email_primary: new.email_primary.clone(),
        work_phone: new.work_phone.clone(),
        cell_phone: new.cell_phone.clone(),
        address: Address { id: unit.id(AddressId).await?, fields: new.address.clone() },
    })
}

/// The customer that a key names. Both parts given must agree (`api.md` §1.4).
pub async fn resolve(view: &mut View, key: &CustomerKey) -> Result<CustomerId> {
    let by_reference = match &key.ext_customer_ref {
        Some(reference) => {
            let found = store::customers::find_id(&mut view.conn, view.org.id, reference).await?;
            Some(found.ok_or(Error::NotFound("customer"))?)
        }
        None => None,
    };
    match (key.id, by_reference) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("extCustomerRef", "extCustomerRef names another customer than the id does."))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::invalid(
            "extCustomerRef",
            "The customer is missing: give its id in the path, or extCustomerRef in the query.",
        )),
    }
}

pub async fn get(view: &mut View, id: CustomerId) -> Result<Customer> {
    store::customers::find(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("customer"))
}

/// For change: nobody else bills or pays for this customer until the unit ends.
pub(crate) async fn lock(unit: &mut Unit, id: CustomerId) -> Result<Customer> {
    if !store::customers::lock(&mut unit.tx, unit.org.id, id).await? {
        return Err(Error::NotFound("customer"));
    }
    store::customers::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("customer"))
}
