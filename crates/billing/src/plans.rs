//! Plans as they are now: finding them. They are written by the seed file.

use domain::ids::PlanId;
use store::Page;
pub use store::plans::{Charges, Stored};

use crate::{Error, Result, View};

/// A plan by id or by contract code, as an address names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanKey {
    pub id: Option<PlanId>,
    pub contract_code: Option<String>,
}

pub async fn get(view: &mut View, key: &PlanKey, charges: Charges) -> Result<Stored> {
    let id = resolve(view, key).await?;
    let found = store::plans::load(&mut view.conn, view.org.id, &[id], charges).await?;
    found.into_iter().next().ok_or(Error::NotFound("plan"))
}

/// A page by id, and how many there are in all.
pub async fn list(view: &mut View, page: Page, charges: Charges) -> Result<(Vec<Stored>, i64)> {
    Ok(store::plans::list(&mut view.conn, view.org.id, page, charges).await?)
}

async fn resolve(view: &mut View, key: &PlanKey) -> Result<PlanId> {
    let by_code = match &key.contract_code {
        Some(code) => {
            let found = store::plans::find_id(&mut view.conn, view.org.id, code).await?;
            Some(found.ok_or(Error::NotFound("plan"))?)
        }
        None => None,
    };
    match (key.id, by_code) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("contractCode", "contractCode names another plan than the id does."))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::invalid(
            "contractCode",
            "The plan is missing: give its id in the path, or contractCode in the query.",
        )),
    }
}
