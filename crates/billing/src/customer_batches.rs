//! Several customers at once, and a customer with its orders: all of it or nothing (`api.md` §2.4).

use domain::access::Actor;
use domain::checks::Problems;
use domain::customers::{Customer, NewCustomer};
use domain::ids::OrganizationId;
use domain::orders::NewOrder;

use crate::addresses::{check_all, check_new};
use crate::customers::{Created, check, hash_passwords, insert};
use crate::orders::{Invoicing, Placed, place};
use crate::{Billing, Error, Result, Unit};

/// Customers of one request; their passwords are hashed one after another.
pub const CUSTOMERS_MAX: usize = 1_000;

/// A customer, and the hashes of its contacts' passwords.
type Prepared = (NewCustomer, [Option<String>; 2]);

/// Creates all of them, in one transaction. Each problem begins with its customer, `customer[2]: `, counted from 1.
pub async fn create(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    new: Vec<NewCustomer>,
) -> Result<Vec<Created>> {
    if new.len() > CUSTOMERS_MAX {
        return Err(Error::invalid("list", format!("list may hold at most {CUSTOMERS_MAX} customers.")));
    }
    let addresses = check_all(billing, org, &new).await?;
    let mut prepared = Vec::with_capacity(new.len());
    for customer in new {
        let hashes = hash_passwords(billing, &customer).await?;
        prepared.push((customer, hashes));
    }
    let (prepared, addresses) = (&prepared, &addresses);
    let work = async |unit: &mut Unit| {
        let created = insert_all(unit, prepared).await?.into_iter().zip(addresses.clone());
        Ok(created.map(|(customer, address)| Created { customer, address }).collect::<Vec<_>>())
    };
    billing.unit(org, actor, work).await
}

/// Goes on after a problem, so that all are found: also two customers of the list with one reference.
async fn insert_all(unit: &mut Unit, new: &[Prepared]) -> Result<Vec<Customer>> {
    let (mut customers, mut problems) = (Vec::with_capacity(new.len()), Problems::new());
    for (index, (new, hashes)) in new.iter().enumerate() {
        let place = format!("customer[{}]", index + 1);
        match check(unit, new).await {
            Ok(()) => {
                customers.push(insert(unit, new, hashes).await.map_err(|error| prefixed(error, &place))?);
            }
            Err(Error::Invalid(found)) => problems.extend(found.prefixed(&place)),
            Err(error) => return Err(error),
        }
    }
    problems.result(customers).map_err(Error::from)
}

/// Creates a customer and places its orders, in one transaction.
pub async fn create_with_orders(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    customer: NewCustomer,
    orders: Vec<NewOrder>,
) -> Result<(Created, Vec<Placed>)> {
    let hashes = hash_passwords(billing, &customer).await?;
    let address = check_new(billing, org, &customer).await?;
    let prepared = (customer, hashes);
    let (prepared, orders, address) = (&prepared, &orders, &address);
    let work = async |unit: &mut Unit| {
        let (customer, placed) = insert_with_orders(unit, prepared, orders).await?;
        Ok((Created { customer, address: address.clone() }, placed))
    };
    billing.unit(org, actor, work).await
}

async fn insert_with_orders(
    unit: &mut Unit,
    (new, hashes): &Prepared,
    orders: &[NewOrder],
) -> Result<(Customer, Vec<Placed>)> {
    check(unit, new).await.map_err(|error| prefixed(error, "customer"))?;
    let customer = insert(unit, new, hashes).await.map_err(|error| prefixed(error, "customer"))?;
    let mut placed = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        let outcome = place(unit, customer.id, order, Invoicing::Later).await;
        placed.push(outcome.map_err(|error| prefixed(error, &format!("subscriptionOrder[{}]", index + 1)))?);
    }
    Ok((customer, placed))
}

pub(crate) fn prefixed(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(problems) => Error::Invalid(problems.prefixed(place)),
        Error::Refused(message) => Error::Refused(format!("{place}: {message}")),
        other => other,
    }
}
