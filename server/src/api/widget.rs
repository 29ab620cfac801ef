//! `/rest/widget/start`: a link that lets one customer into the portal (`api.md` §8.1).

use axum::response::{IntoResponse, Response};
use billing::checks::{is_local_path, is_web_url};
use billing::customers;
use billing::sessions::{self, LinkRequest, Look, PAGES};
use domain::checks::Problems;

use super::input::{Api, Params};
use super::reply::{Refusal, Reply, document};
use crate::state::State;
use crate::tokens;

pub async fn start(axum::extract::State(state): axum::extract::State<State>, api: Api) -> Result<Response, Refusal> {
    // Here the default is plain text (found F13).
    let format = api.params.format(&["text", "xml"])?;
    let request = link_request(&api.params)?;
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

fn link_request(params: &Params) -> Result<LinkRequest, Refusal> {
    let mut problems = Problems::new();
    for name in ["loginUrl", "successURL"] {
        if params.get(name).is_some_and(|url| !is_web_url(url)) {
            problems.add(name, format!("{name} must be an absolute http or https address."));
        }
    }
    if params.get("cssURL").is_some_and(|url| !is_local_path(url)) {
        problems.add("cssURL", "cssURL must be a path on this host, such as /css/widget.css.");
    }
    if params.get("page").is_some_and(|page| !PAGES.iter().any(|(name, _)| *name == page)) {
        let names = PAGES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        problems.add("page", format!("page must be one of {names}."));
    }
    let navigation = match params.get("showNavigation") {
        None => Some(true),
        Some(text) => wire::reader::boolean("showNavigation", text).ok(),
    };
    if navigation.is_none() {
        problems.add("showNavigation", "showNavigation must be true or false.");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    Ok(LinkRequest {
        look: Look {
            css_url: params.owned("cssURL"),
            login_url: params.owned("loginUrl"),
            success_url: params.owned("successURL"),
            hides_navigation: navigation == Some(false),
            locale: None,
        },
        page: params.owned("page"),
        invoice_number: params.owned("invoiceNumber"),
    })
}
