//! `/rest/plan`, `/rest/plans`: read only, plans are the seed file's (`api.md` §3).

use axum::extract::Path;
use axum::response::Response;
use billing::plans::{self, Charges, PlanKey, Stored};
use domain::ids::PlanId;
use wire::plans as xml;

use super::input::{Api, path_id};
use super::lists::{self, Asked};
use super::reply::{Refusal, Reply};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let charges = charges(&api)?;
    let key = PlanKey {
        id: id.map(|Path(id)| path_id(&id, "plan").map(PlanId)).transpose()?,
        contract_code: api.params.owned("contractCode"),
    };
    let org = &api.access.org;
    let plan = plans::get(&mut api.billing.view(org).await?, &key, charges).await?;
    Ok(Reply::ok(xml::write(shown(&plan, charges), org.currency, &org.time_zone)))
}

pub async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let charges = charges(&api)?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let page = asked.result(page)?;
    let org = &api.access.org;
    let (plans, total) = plans::list(&mut api.billing.view(org).await?, page, charges).await?;
    let plans: Vec<xml::Shown<'_>> = plans.iter().map(|plan| shown(plan, charges)).collect();
    Ok(lists::reply(xml::write_list(&plans, org.currency, &org.time_zone), page, total))
}

/// `excludeCharges=1`, or a boolean like all others.
fn charges(api: &Api) -> Result<Charges, Refusal> {
    let is_excluded = match api.params.get("excludeCharges") {
        Some("1") => true,
        Some("0") => false,
        _ => api.params.boolean("excludeCharges")?,
    };
    Ok(if is_excluded { Charges::Left } else { Charges::Included })
}

fn shown(stored: &Stored, charges: Charges) -> xml::Shown<'_> {
    xml::Shown {
        plan: &stored.plan,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        has_charges: charges == Charges::Included,
    }
}
