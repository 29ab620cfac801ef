//! Changing a customer's status: the one way to do it, whatever causes it (`api.md` §2.7).

use std::collections::BTreeMap;

use domain::access::Actor;
use domain::customers::{Customer, CustomerStatus};
use domain::events::EventType;
use domain::ids::{CustomerId, OrganizationId, TransitionId};
use domain::transitions::{CustomerAction, Days, Transition};
use store::Page;

use crate::{Billing, Error, Result, Unit, View, access, customers};

/// Does it; a second time changes nothing.
pub async fn act(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: CustomerId,
    action: CustomerAction,
) -> Result<Customer> {
    let work = async |unit: &mut Unit| {
        let customer = customers::lock(unit, id).await?;
        change_status(unit, &customer, action.status()).await
    };
    billing.unit(org, actor, work).await
}

/// The customer with its new status, with the transition and the event of it. Nothing is written when the status
/// stays. The customer was locked in this unit, so that what was read is what is changed.
pub async fn change_status(unit: &mut Unit, customer: &Customer, status: CustomerStatus) -> Result<Customer> {
    if customer.status == status {
        return Ok(customer.clone());
    }
    let changed = Customer { status, updated_at: unit.now, ..customer.clone() };
    unit.count(customer.id, customer.status, -1);
    unit.count(customer.id, status, 1);
    store::transitions::save_status(&mut unit.tx, unit.org.id, &changed).await?;
    let transition = Transition {
        id: unit.id(TransitionId).await?,
        customer: customer.id,
        previous_status: customer.status,
        new_status: status,
        transitioned_on: unit.today,
        created_at: unit.now,
    };
    store::transitions::insert(&mut unit.tx, unit.org.id, &transition).await?;
    if !status.may_enter_portal() {
        access::end_all(unit, customer.id).await?;
    }
    unit.happened(EventType::CustomerStatusChange, customer.id, transition.id.0).await?;
    Ok(changed)
}

/// Transitions with their customers, as these are now.
#[derive(Debug)]
pub struct Listed {
    pub transitions: Vec<(Transition, Customer)>,
    pub total: i64,
}

pub async fn list(view: &mut View, days: Days, page: Page) -> Result<Listed> {
    let (found, total) = store::transitions::list(&mut view.conn, view.org.id, days, page).await?;
    let mut ids: Vec<CustomerId> = found.iter().map(|transition| transition.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers = store::customer_lists::all(&mut view.conn, view.org.id, &ids).await?;
    let customers: BTreeMap<CustomerId, Customer> =
        customers.into_iter().map(|customer| (customer.id, customer)).collect();
    let with_customer = |transition: Transition| {
        let customer = customers.get(&transition.customer)?.clone();
        Some((transition, customer))
    };
    Ok(Listed { transitions: found.into_iter().filter_map(with_customer).collect(), total })
}

/// One with its customer.
pub async fn get(view: &mut View, id: TransitionId) -> Result<(Transition, Customer)> {
    let found = store::transitions::find(&mut view.conn, view.org.id, id).await?;
    let transition = found.ok_or(Error::NotFound("transition"))?;
    let customer = customers::get(view, transition.customer).await?;
    Ok((transition, customer))
}
