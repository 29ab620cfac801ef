//! Changing customers: what is absent stays, what is there and empty goes (`api.md` §1.9, §2.4).

use domain::access::Actor;
use domain::changes::{Change, ContactChange, CustomerChange};
use domain::checks::Problems;
use domain::contacts::{Contact, NewContact};
use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{CustomerId, OrganizationId};
use store::customers::ContactKind;
use store::sessions::NONE;

use crate::addresses::{AddressVerdict, check_changed};
use crate::customers::{build_contact, lock, taken};
use crate::transitions::change_status;
use crate::{Billing, Error, Result, Unit};

/// A customer as it is now, and what the address check had to say about a new address where it is on.
#[derive(Debug)]
pub struct Updated {
    pub customer: Customer,
    pub address: AddressVerdict,
}

/// A change on its way into a unit.
struct Request {
    id: CustomerId,
    change: CustomerChange,
    /// Of the new passwords, the billing contact's and the sales contact's.
    hashes: [Option<String>; 2],
    /// What the customer must be like for the change to make sense.
    permits: fn(&Customer) -> Result<()>,
    address: AddressVerdict,
}

/// Changes a customer and its contacts; a sales contact is made if there is none.
pub async fn update(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    change: CustomerChange,
) -> Result<Updated> {
    let request = request(billing, org, (id, change), |_| Ok(())).await?;
    billing.unit(org, actor, async |unit| apply(unit, &request).await).await
}

/// The same for a customer that changes itself, which is written down.
pub(crate) async fn update_own(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    change: CustomerChange,
) -> Result<Updated> {
    let request = request(billing, org, (id, change), |_| Ok(())).await?;
    let work = async |unit: &mut Unit| {
        let before = lock(unit, id).await?;
        let updated = apply(unit, &request).await?;
        if updated.customer != before {
            unit.audit("changed by the customer", &format!("customer {id}")).await?;
        }
        Ok(updated)
    };
    billing.unit(org, actor, work).await
}

/// Changes the sales contact, which must be there.
pub async fn update_sales_contact(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    change: ContactChange,
) -> Result<Updated> {
    let change = CustomerChange { sales_contact: Change::To(change), ..CustomerChange::default() };
    let request = request(billing, org, (id, change), has_sales_contact).await?;
    billing.unit(org, actor, async |unit| apply(unit, &request).await).await
}

/// Adds the sales contact, which must not be there.
pub async fn add_sales_contact(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    new: NewContact,
) -> Result<Updated> {
    let change = CustomerChange { sales_contact: Change::To(new.into()), ..CustomerChange::default() };
    let request = request(billing, org, (id, change), has_no_sales_contact).await?;
    billing.unit(org, actor, async |unit| apply(unit, &request).await).await
}

pub async fn remove_sales_contact(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
) -> Result<Updated> {
    let change = CustomerChange { sales_contact: Change::Clear, ..CustomerChange::default() };
    let request = request(billing, org, (id, change), has_sales_contact).await?;
    billing.unit(org, actor, async |unit| apply(unit, &request).await).await
}

/// Removes a customer that was never invoiced and never paid, with everything that belongs to it.
pub async fn delete(billing: &Billing, org: OrganizationId, actor: &Actor, id: CustomerId) -> Result<()> {
    billing.unit(org, actor, async |unit| remove(unit, id).await).await
}

async fn remove(unit: &mut Unit, id: CustomerId) -> Result<()> {
    let customer = lock(unit, id).await?;
    if store::customer_updates::has_history(&mut unit.tx, unit.org.id, id).await? {
        return Err(Error::refused("The customer has invoices or payments and can't be deleted; suspend it instead."));
    }
    let deleted = store::customer_updates::delete(&mut unit.tx, unit.org.id, id).await;
    deleted.map_err(|error| {
        if store::is_foreign_key_violation(&error) {
            return Error::Conflict("The customer was used meanwhile; try again.".to_owned());
        }
        error.into()
    })?;
    unit.count(id, customer.status, -1);
    unit.audit("deleted", &format!("customer {id}")).await
}

fn has_sales_contact(customer: &Customer) -> Result<()> {
    customer.sales_contact.as_ref().map(drop).ok_or(Error::NotFound("salesContact"))
}

fn has_no_sales_contact(customer: &Customer) -> Result<()> {
    match customer.sales_contact {
        Some(_) => Err(Error::refused("The customer has a salesContact already; change it with PUT.")),
        None => Ok(()),
    }
}

/// The same for use cases that have a unit already; a new password and a check of addresses have no place in it.
pub(crate) async fn change(unit: &mut Unit, id: CustomerId, change: CustomerChange) -> Result<Updated> {
    let address = AddressVerdict::NotChecked;
    apply(unit, &Request { id, change, hashes: [None, None], permits: |_| Ok(()), address }).await
}

/// Hashes and address services take long: before the transaction.
async fn request(
    billing: &Billing,
    org: OrganizationId,
    (id, change): (CustomerId, CustomerChange),
    permits: fn(&Customer) -> Result<()>,
) -> Result<Request> {
    let sales_contact = change.sales_contact.optional(None);
    let hashes = [hash(billing, change.billing_contact.as_ref()).await?, hash(billing, sales_contact.as_ref()).await?];
    let address = check_changed(billing, org, (id, &change), permits).await?;
    Ok(Request { id, change, hashes, permits, address })
}

async fn hash(billing: &Billing, change: Option<&ContactChange>) -> Result<Option<String>> {
    match change.map(|change| &change.password) {
        Some(Change::To(password)) => billing.passwords.hash(password).await.map(Some),
        Some(Change::Keep | Change::Clear) | None => Ok(None),
    }
}

async fn apply(unit: &mut Unit, request: &Request) -> Result<Updated> {
    let before = lock(unit, request.id).await?;
    (request.permits)(&before)?;
    let changed = request.change.applied_to(&before, &unit.org)?;
    let mut after = changed.customer;
    if let Some(new) = &changed.new_sales_contact {
        after.sales_contact = Some(build_contact(unit, new).await?);
    }
    check(unit, &before, &after).await?;
    let address = request.address.clone();
    let has_password = request.hashes.iter().any(Option::is_some);
    if after == before && !has_password {
        return Ok(Updated { customer: before, address });
    }
    after.updated_at = unit.now;
    let is_more_than_status =
        has_password || Customer { status: after.status, updated_at: unit.now, ..before.clone() } != after;
    if is_more_than_status {
        let saved = save(unit, [&before, &after], &request.hashes).await;
        saved.map_err(|error| duplicate(error, &before, &after))?;
        unit.happened(EventType::CustomerUpdated, after.id, after.id.0).await?;
    }
    change_status(unit, &before, after.status).await?;
    Ok(Updated { customer: after, address })
}

/// What only the customer's past and the other customers can tell.
async fn check(unit: &mut Unit, before: &Customer, after: &Customer) -> Result<()> {
    let mut problems = Problems::new();
    let org = unit.org.id;
    if after.currency != before.currency && is_settled(unit, after.id).await? {
        let message = "currency can't be changed once the customer has orders, invoices, payments or a payment plan.";
        problems.add("currency", message);
    }
    if let Some(reference) =
        after.ext_customer_ref.as_ref().filter(|_| after.ext_customer_ref != before.ext_customer_ref)
        && store::customers::find_id(&mut unit.tx, org, reference).await?.is_some()
    {
        problems.extend(taken("extCustomerRef"));
    }
    let [billing, sales] = new_usernames(before, after);
    for (username, other, place) in [(billing, None, "billingContact"), (sales, billing, "salesContact")] {
        let Some(username) = username else { continue };
        if other == Some(username) || store::customers::username_exists(&mut unit.tx, org, username).await? {
            problems.extend(taken(&format!("{place}/username")));
        }
    }
    problems.result(()).map_err(Error::from)
}

/// Whether anything counts in the customer's currency.
async fn is_settled(unit: &mut Unit, id: CustomerId) -> Result<bool> {
    let (tx, org) = (&mut unit.tx, unit.org.id);
    Ok(store::customer_updates::has_history(tx, org, id).await?
        || store::customer_updates::has_orders(tx, org, id).await?
        || store::payment_plans::current(tx, org, id).await?.is_some_and(|plan| plan.is_enabled))
}

/// The names that the billing and the sales contact did not have before.
fn new_usernames<'c>(before: &Customer, after: &'c Customer) -> [Option<&'c str>; 2] {
    let username = |contact: Option<&'c Contact>| contact.and_then(|contact| contact.username.as_deref());
    let new = |before: Option<&Contact>, after| {
        username(after).filter(|new| before.is_none_or(|before| before.username.as_deref() != Some(*new)))
    };
    [
        new(Some(&before.billing_contact), Some(&after.billing_contact)),
        new(before.sales_contact.as_ref(), after.sales_contact.as_ref()),
    ]
}

/// Two at the same time: both found the value free, one of them was first.
fn duplicate(error: store::Error, before: &Customer, after: &Customer) -> Error {
    if !store::is_unique_violation(&error) {
        return error.into();
    }
    let is_username = store::constraint(&error).unwrap_or_default().contains("username");
    let field = match new_usernames(before, after) {
        [Some(_), _] if is_username => "billingContact/username",
        _ if is_username => "salesContact/username",
        _ => "extCustomerRef",
    };
    Error::Invalid(taken(field))
}

async fn save(unit: &mut Unit, [before, after]: [&Customer; 2], hashes: &[Option<String>; 2]) -> store::Result<()> {
    store::customer_updates::save(&mut unit.tx, unit.org.id, after).await?;
    store::customer_search::index(&mut unit.tx, unit.org.id, after).await?;
    let billing = [&before.billing_contact, &after.billing_contact];
    save_contact(unit, billing, hashes[0].as_deref()).await?;
    let is_locked = after.billing_contact.account_locked && !before.billing_contact.account_locked;
    if hashes[0].is_some() || is_locked || after.billing_contact.username.is_none() {
        let (org, of) = (unit.org.id, (after.id, after.billing_contact.id));
        store::sessions::end_of_contact(&mut unit.tx, org, of, NONE, unit.now).await?;
    }
    let (tx, org) = (&mut unit.tx, unit.org.id);
    match (&before.sales_contact, &after.sales_contact) {
        (Some(before), Some(after)) => save_contact(unit, [before, after], hashes[1].as_deref()).await,
        (Some(contact), None) => store::customer_updates::delete_contact(tx, org, contact.id).await.map(drop),
        (None, Some(_)) => {
            let hash = hashes[1].as_deref();
            store::customers::insert_contact(tx, org, after, ContactKind::Sales, hash).await.map(drop)
        }
        (None, None) => Ok(()),
    }
}

async fn save_contact(unit: &mut Unit, [before, after]: [&Contact; 2], hash: Option<&str>) -> store::Result<()> {
    let org = unit.org.id;
    if after != before {
        store::customer_updates::save_contact(&mut unit.tx, org, after, unit.now).await?;
    }
    // Without a name there is no login, so no password either.
    let loses_login = before.username.is_some() && after.username.is_none();
    if hash.is_some() || loses_login {
        store::customer_updates::save_password(&mut unit.tx, org, after.id, hash).await?;
    }
    Ok(())
}
