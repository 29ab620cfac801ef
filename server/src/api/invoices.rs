//! `/rest/invoice` (`api.md` §5.2): as XML, as HTML, as PDF.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use axum::response::{IntoResponse, Response};
use billing::documents;
use billing::invoices::{self, InvoiceKey};
use domain::ids::InvoiceId;
use wire::invoices as xml;

use super::input::{Api, path_id};
use super::reply::{Refusal, Reply, document};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Response, Refusal> {
    let format = api.params.format(&["xml", "pdf", "html"])?;
    let key = InvoiceKey {
        id: id.map(|Path(id)| path_id(&id, "invoice").map(InvoiceId)).transpose()?,
        number: number(&api)?,
    };
    let org = &api.access.org;
    let mut view = api.billing.view(org).await?;
    if format == "xml" {
        let invoice = invoices::get(&mut view, &key).await?;
        return Ok(Reply::ok(xml::write(&invoice, &org.time_zone)).into_response());
    }
    let shown = documents::invoice(&mut view, &key, api.billing.today(org)).await?;
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

/// By either spelling; both must agree.
fn number(api: &Api) -> Result<Option<String>, Refusal> {
    match (api.params.get("invoiceNumber"), api.params.get("invoiceNo")) {
        (Some(one), Some(other)) if one != other => {
            Err(Refusal::bad_request("invoiceNumber and invoiceNo name different invoices."))
        }
        (one, other) => Ok(one.or(other).map(str::to_owned)),
    }
}
