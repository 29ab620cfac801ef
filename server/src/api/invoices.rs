//! `/rest/invoice` (`api.md` §5.2): as XML, as HTML, as PDF.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use axum::response::{IntoResponse, Response};
use billing::documents::{self, Explained};
use billing::invoice_updates::{self, Orders};
use billing::invoices::{self, InvoiceKey};
use domain::ids::InvoiceId;
use domain::invoices::FullInvoice;
use wire::invoices as xml;
use wire::status;

use super::input::{Api, Xml, path_id};
use super::reply::{Refusal, Reply, document};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Response, Refusal> {
    let format = api.params.format(&["xml", "pdf", "html"])?;
    let explained = if api.params.boolean("explain")? { Explained::Yes } else { Explained::No };
    let key = key(&api, id)?;
    let org = &api.access.org;
    let mut view = api.billing.view(org).await?;
    if format == "xml" {
        let invoice = invoices::get(&mut view, &key).await?;
        let body = match explained {
            Explained::Yes => xml::write_explained(&invoice, &org.time_zone),
            Explained::No => xml::write(&invoice, &org.time_zone),
        };
        return Ok(Reply::ok(body).into_response());
    }
    let shown = documents::invoice(&mut view, &key, api.billing.today(org), explained).await?;
    drop(view);
    if format == "html" {
        let policy = documents::CONTENT_SECURITY_POLICY.to_owned();
        let page = documents::render_html(&shown)?;
        return Ok(document("text/html; charset=UTF-8", page, &[(CONTENT_SECURITY_POLICY, policy)]));
    }
    let name = format!("inline; filename=\"invoice-{}.pdf\"", shown.number);
    let pdf = documents::render_pdf(shown).await?;
    Ok(document("application/pdf", pdf, &[(CONTENT_DISPOSITION, name)]))
}

pub async fn update(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let change = wire::invoice_updates::read(&body)?;
    let zone = api.zone();
    let render = move |updated: &FullInvoice| Reply::ok(xml::write(updated, &zone));
    api.answers_with(&render);
    Ok(render(&invoice_updates::update(&api.billing, api.access.org.id, &api.access.actor(), id, &change).await?))
}

/// Cancels it: the row stays.
pub async fn cancel(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let orders = if api.params.boolean("suspendOrders")? { Orders::AreSuspended } else { Orders::Stay };
    let id = resolve(&api, id).await?;
    let render = |_: &FullInvoice| Reply::ok(status::success());
    api.answers_with(&render);
    Ok(render(&invoice_updates::cancel(&api.billing, api.access.org.id, &api.access.actor(), id, orders).await?))
}

async fn resolve(api: &Api, id: Option<Path<String>>) -> Result<InvoiceId, Refusal> {
    api.params.format(&["xml"])?;
    let key = key(api, id)?;
    let mut view = api.billing.view(&api.access.org).await?;
    Ok(invoices::resolve(&mut view, &key).await?)
}

fn key(api: &Api, id: Option<Path<String>>) -> Result<InvoiceKey, Refusal> {
    let id = id.map(|Path(id)| path_id(&id, "invoice").map(InvoiceId)).transpose()?;
    Ok(InvoiceKey { id, number: number(api)? })
}

/// By either spelling; both must agree.
fn number(api: &Api) -> Result<Option<String>, Refusal> {
    match (api.params.get("invoiceNumber"), api.params.get("invoiceNo")) {
        (Some(one), Some(other)) if one != other => {
            Err(Refusal::bad_request("invoiceNumber and invoiceNo name different invoices."))
        }
        (one, other) => Ok(one.or(other).map(str::to_owned)),
    }
}
