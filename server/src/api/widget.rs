//! `/rest/widget/start`: a link that lets one customer into the portal (`api.md` §8.1).

use axum::response::{IntoResponse, Response};
use billing::customers;
use billing::sessions::{self, LinkRequest, Wishes};
use domain::checks::Problems;

use super::input::Api;
use super::reply::{Refusal, Reply, document};
use crate::state::State;
use crate::tokens;

pub async fn start(axum::extract::State(state): axum::extract::State<State>, api: Api) -> Result<Response, Refusal> {
    // Here the default is plain text (found F13).
    let format = api.params.format(&["text", "xml"])?;
    let request = link_request(&api)?;
    let org = &api.access.org;
    let customer = customers::resolve(&mut api.billing.view(org).await?, &api.params.customer_key()?).await?;
    let request = &request;
    let minted = api
        .billing
        .unit(org.id, &api.access.actor(), async |unit| sessions::mint(unit, customer, request).await)
        .await?;
    let url = format!("{}/widget/customerHome/{}", state.public_url(&org.subdomain), minted.token);
    Ok(match format {
        "xml" => {
            let token = tokens::mint(&state, org, customer, &minted)?;
            Reply::ok(wire::widget::write(&minted.token, &url, minted.expires_at, Some(&token))).into_response()
        }
        _ => document("text/text", url, &[]),
    })
}

fn link_request(api: &Api) -> Result<LinkRequest, Refusal> {
    let params = &api.params;
    let navigation = params.get("showNavigation").map(|text| wire::reader::boolean("showNavigation", text));
    let (show_navigation, wrong) = match navigation.transpose() {
        Ok(show_navigation) => (show_navigation, None),
        Err(problem) => (None, Some(problem)),
    };
    let wishes = Wishes {
        css_url: params.owned("cssURL"),
        login_url: params.owned("loginUrl"),
        success_url: params.owned("successURL"),
        page: params.owned("page"),
        invoice_number: params.owned("invoiceNumber"),
        locale: params.owned("locale"),
        show_navigation,
    };
    let checked = LinkRequest::check(&api.access.org, wishes);
    match (checked, wrong) {
        (Ok(request), None) => Ok(request),
        (Ok(_), Some(wrong)) => Err(Problems::one(&wrong.field, wrong.message).into()),
        (Err(mut problems), wrong) => {
            if let Some(wrong) = wrong {
                problems.add(&wrong.field, wrong.message);
            }
            Err(problems.into())
        }
    }
}
