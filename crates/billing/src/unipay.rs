//! Customers by way of the UniPay-compatible API: the same customers, with an account and a code (`api.md` §9).

use domain::access::Actor;
use domain::checks::Problems;
use domain::customers::NewCustomer;
use domain::ids::{CustomerId, OrganizationId};
use domain::unipay::{NewProfile, ProfileChange};
use store::Page;
pub use store::customer_find::{Criteria, Found};

use crate::{Billing, Error, Result, Unit, View, customer_updates, customers};

/// Creates a customer; one without an e-mail address is a customer here.
pub async fn create(billing: &Billing, org: OrganizationId, actor: &Actor, new: NewProfile) -> Result<Found> {
    let created = billing.unit(org, actor, async |unit| insert(unit, new.clone()).await).await;
    created.map_err(by_code)
}

async fn insert(unit: &mut Unit, new: NewProfile) -> Result<Found> {
    let account_id = check(unit, &new).await?;
    let new = NewCustomer::from(new);
    customers::check(unit, &new).await?;
    let id = customers::insert(unit, &new, &[None, None]).await?.id;
    store::customer_find::set_account(&mut unit.tx, unit.org.id, id, account_id).await?;
    let found = store::customer_find::get(&mut unit.tx, unit.org.id, id).await?;
    found.ok_or_else(|| Error::bug("the customer is not there, although it was just made"))
}

/// Changes a customer; `id` as [`get`] finds it.
pub async fn modify(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    change: ProfileChange,
) -> Result<Found> {
    billing.unit(org, actor, async |unit| update(unit, id, change.clone()).await).await
}

async fn update(unit: &mut Unit, id: CustomerId, change: ProfileChange) -> Result<Found> {
    let current = customers::lock(unit, id).await?;
    let org = unit.org.id;
    let found = store::customer_find::get(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("customer"))?;
    check_unchanged(&found, &change)?;
    customer_updates::change(unit, id, change.of(&current)).await?;
    store::customer_find::get(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("customer"))
}

/// What is given once may be repeated, not changed.
fn check_unchanged(found: &Found, change: &ProfileChange) -> Result<()> {
    let mut problems = Problems::new();
    let code = Some(found.code());
    for (field, is_same) in [
        ("code", change.code.optional(code.as_ref()) == code),
        ("accountId", change.account_id.optional(found.account_id.as_ref()) == found.account_id),
    ] {
        if !is_same {
            problems.add(field, format!("{field} can't be changed; leave it out or repeat it."));
        }
    }
    problems.result(()).map_err(Error::from)
}

/// The account that the customer gets.
async fn check(unit: &mut Unit, new: &NewProfile) -> Result<i64> {
    let mut problems = Problems::new();
    let of_organization = store::customer_find::account(&mut unit.tx, unit.org.id).await?;
    match (new.account_id, of_organization) {
        (Some(given), Some(known)) if given != known => {
            problems.add("accountId", "accountId must be the merchant account of this organization.");
        }
        (None, None) => problems.add("accountId", "accountId is required."),
        _ => {}
    }
    if let Some(code) = &new.code
        && is_taken(unit, code).await?
    {
        problems.extend(taken());
    }
    problems.result(new.account_id.or(of_organization).unwrap_or_default()).map_err(Error::from)
}

/// A customer without a reference of its own has its id as code.
async fn is_taken(unit: &mut Unit, code: &str) -> Result<bool> {
    if store::customers::find_id(&mut unit.tx, unit.org.id, code).await?.is_some() {
        return Ok(true);
    }
    let Some(id) = id_in(code) else { return Ok(false) };
    let found = store::customer_find::get(&mut unit.tx, unit.org.id, id).await?;
    Ok(found.is_some_and(|found| found.ext_customer_ref.is_none()))
}

fn taken() -> Problems {
    Problems::one("code", "code is already used by another customer; it must be unique.")
}

/// Of two at the same time the second learns it from the database, by the name that the reference has there.
fn by_code(error: Error) -> Error {
    match error {
        Error::Invalid(problems) if problems.iter().any(|problem| problem.field == "extCustomerRef") => {
            Error::Invalid(taken())
        }
        other => other,
    }
}

pub async fn find(view: &mut View, by: &Criteria, page: Page) -> Result<Vec<Found>> {
    Ok(store::customer_find::find(&mut view.conn, view.org.id, by, page).await?)
}

/// The customer with this id, else the one with this code.
pub async fn get(view: &mut View, id_or_code: &str) -> Result<Found> {
    if let Some(id) = id_in(id_or_code)
        && let Some(found) = store::customer_find::get(&mut view.conn, view.org.id, id).await?
    {
        return Ok(found);
    }
    let id = store::customers::find_id(&mut view.conn, view.org.id, id_or_code).await?;
    let id = id.ok_or(Error::NotFound("customer"))?;
    store::customer_find::get(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("customer"))
}

/// The id that a text is, written as ids are written.
fn id_in(text: &str) -> Option<CustomerId> {
    text.parse().ok().filter(|id: &i64| id.to_string() == text).map(CustomerId)
}
