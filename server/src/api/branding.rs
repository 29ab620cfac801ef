//! `/rest/branding`: how the portal looks, and the files for it.

use axum::Router;
use axum::body::Body;
use axum::routing::{get, put};
use billing::branding::{self, BrandingChange, LogoFile, StylesheetFile, css, logo, logo_address, stylesheets};
use billing::{Error, Unit};
use domain::branding::Branding;
use wire::branding as xml;

use super::input::{Api, Xml, read};
use super::reply::{Refusal, Reply};
use crate::state::State;

pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/branding/logo", put(put_logo).delete(delete_logo))
        .route("/rest/branding/stylesheet", put(put_stylesheet).delete(delete_stylesheet))
        .route("/rest/branding", get(show).put(change))
}

fn render(branding: &Branding) -> Reply {
    let logo = branding.logo.as_ref().map(logo_address);
    Reply::ok(xml::write(branding, logo.as_deref(), &stylesheets(branding)))
}

async fn show(api: Api) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    Ok(render(&api.access.org.branding))
}

/// Does it in one transaction; the next page has it.
async fn changed(
    api: &Api,
    work: impl AsyncFnOnce(&mut Unit) -> billing::Result<Branding> + Clone,
) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let reply = api.unit(work, render).await?;
    api.billing.forget();
    Ok(reply)
}

async fn change(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    let xml::BrandingRequest { accent, radius, font, theme } = xml::read(&body)?;
    let change = &BrandingChange { accent, radius, font, theme };
    changed(&api, async |unit: &mut Unit| branding::change(unit, change).await).await
}

async fn put_logo(api: Api, body: Body) -> Result<Reply, Refusal> {
    let file = &LogoFile::read_aside(read(body, logo::BYTES_MAX).await?).await?;
    changed(&api, async |unit: &mut Unit| branding::set_logo(unit, Some(file)).await).await
}

async fn delete_logo(api: Api) -> Result<Reply, Refusal> {
    changed(&api, async |unit: &mut Unit| branding::set_logo(unit, None).await).await
}

async fn put_stylesheet(api: Api, body: Body) -> Result<Reply, Refusal> {
    let file = StylesheetFile::read(&read(body, css::BYTES_MAX).await?);
    let file = &file.map_err(|what| Error::invalid("stylesheet", format!("The stylesheet {what}.")))?;
    changed(&api, async |unit: &mut Unit| branding::set_stylesheet(unit, Some(file)).await).await
}

async fn delete_stylesheet(api: Api) -> Result<Reply, Refusal> {
    changed(&api, async |unit: &mut Unit| branding::set_stylesheet(unit, None).await).await
}
