//! `/rest/widget/sessions`: where a customer is signed in, and the end of it; `/rest/widget/secondFactor`: help for whom
//! has lost it. Ours; other systems have nothing like it.

use axum::extract::Path;
use billing::{access, customers, mails, second_factors};
use domain::ids::SessionId;
use wire::sessions::{self as xml, Session};
use wire::status;

use super::input::{Api, path_id};
use super::reply::{Refusal, Reply};

pub async fn list(api: Api) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut view = api.billing.view(org).await?;
    let customer = customers::resolve(&mut view, &api.params.customer_key()?).await?;
    // That it is there, too.
    let customer = customers::get(&mut view, customer).await?.id;
    let found = access::sessions(&mut view, customer, api.billing.now(org)).await?;
    let shown: Vec<Session> = found
        .into_iter()
        .map(|session| Session {
            id: session.id,
            customer,
            contact: session.contact_id,
            device: mails::device(session.device),
            address: session.address,
            started_at: session.started_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
        })
        .collect();
    Ok(Reply::ok(xml::write(&shown)))
}

pub async fn end(api: Api, Path(id): Path<String>) -> Result<Reply, Refusal> {
    let id = SessionId(path_id(&id, "session")?);
    api.unit(async |unit| access::end_session(unit, id).await, |()| Reply::ok(status::success())).await
}

pub async fn remove_factors(api: Api) -> Result<Reply, Refusal> {
    let key = api.params.customer_key()?;
    let customer = customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?;
    let billing = &api.billing;
    let work = async |unit: &mut billing::Unit| second_factors::remove_all(billing, unit, customer).await;
    api.unit(work, |()| Reply::ok(status::success())).await
}
