//! Lists of customers, and the index that they are searched by.

use domain::access::Actor;
use domain::customers::Customer;
use domain::ids::CustomerId;
use store::Page;
pub use store::customer_lists::Filter;

use crate::{Billing, Error, Result, Unit, View, customers};

/// Customers in one transaction.
const BATCH: i64 = 100;

/// A page by id, and how many there are in all.
pub async fn list(view: &mut View, filter: &Filter, page: Page) -> Result<(Vec<Customer>, i64)> {
    Ok(store::customer_lists::list(&mut view.conn, view.org.id, filter, page).await?)
}

/// Makes some customers findable that were stored before there was a search; false when there are none left. Any
/// number of processes may do it at once, and again.
pub async fn index_some(billing: &Billing) -> Result<bool> {
    let mut conn = billing.db.read().await?;
    let pending = store::customer_search::pending(&mut conn, BATCH).await?;
    drop(conn);
    let Some((org, _)) = pending.first().copied() else { return Ok(false) };
    let ids: Vec<CustomerId> = pending.into_iter().filter(|(of, _)| *of == org).map(|(_, id)| id).collect();
    let ids = &ids;
    let work = async |unit: &mut Unit| {
        for id in ids {
            index(unit, *id).await?;
        }
        Ok(())
    };
    billing.unit(org, &Actor::System, work).await?;
    Ok(true)
}

async fn index(unit: &mut Unit, id: CustomerId) -> Result<()> {
    let org = unit.org.id;
    let customer = match customers::lock(unit, id).await {
        Ok(customer) => Some(customer),
        // Deleted since.
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    if store::customer_search::is_done(&mut unit.tx, org, id).await?
        && let Some(customer) = customer
    {
        store::customer_search::index(&mut unit.tx, org, &customer).await?;
    }
    Ok(())
}
