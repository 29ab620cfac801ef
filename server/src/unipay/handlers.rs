//! Create, find, load and modify (`api.md` §9.3).

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use billing::idempotency::StoredAnswer;
use billing::unipay::Found;
use billing::{Error, unipay};

use super::input::{Caller, fields};
use super::negotiation::{ALL, Format};
use super::object;
use super::reply::Refused;
use crate::api::input::Api;

pub async fn create(caller: Caller, request: Request) -> Response {
    let api = &caller.api;
    let work = async |format| {
        let new = wire::unipay::new(&fields(request).await?)?;
        let render = shown(api, StatusCode::CREATED, format);
        let created = unipay::create(&api.billing, api.access.org.id, &api.access.actor(), new).await?;
        Ok(render(&created))
    };
    caller.answers(&ALL, work).await
}

/// How a customer that was made or changed is answered; under an `Idempotency-Key` the answer is stored with it.
fn shown(api: &Api, status: StatusCode, format: Format) -> impl Fn(&Found) -> (StatusCode, String) + 'static {
    let zone = api.zone();
    let render = move |found: &Found| (status, object::one(found, &zone, format));
    let stored = render.clone();
    api.billing.answers_with(move |found| {
        let (status, body) = stored(found);
        StoredAnswer { status: status.as_u16(), content_type: format.content_type().to_owned(), body }
    });
    render
}

pub async fn find(caller: Caller) -> Response {
    let org = &caller.api.access.org;
    let work = async |format| {
        let (criteria, page) = object::criteria(&caller.api.params)?;
        let mut view = caller.api.billing.view(org).await?;
        let found = unipay::find(&mut view, &criteria, page).await?;
        Ok((StatusCode::OK, object::list(&found, &org.time_zone, format)))
    };
    caller.answers(&[Format::Json, Format::Xml], work).await
}

pub async fn load(caller: Caller, id: Id) -> Response {
    let org = &caller.api.access.org;
    let work = async |format| {
        let id = named(id)?;
        let mut view = caller.api.billing.view(org).await?;
        let found = unipay::get(&mut view, &id).await?;
        Ok((StatusCode::OK, object::one(&found, &org.time_zone, format)))
    };
    caller.answers(&ALL, work).await
}

pub async fn modify(caller: Caller, id: Id, request: Request) -> Response {
    let access = &caller.api.access;
    let billing = &caller.api.billing;
    let work = async |format| {
        let id = named(id)?;
        let found = unipay::get(&mut billing.view(&access.org).await?, &id).await?;
        let given = fields(request).await?.without_unchanged(object::shows(&found, &access.org.time_zone));
        let change = wire::unipay::change(&given)?;
        let render = shown(&caller.api, StatusCode::OK, format);
        let modified = unipay::modify(billing, access.org.id, &access.actor(), found.id, change).await?;
        Ok(render(&modified))
    };
    caller.answers(&ALL, work).await
}

/// What an address names; some of them are no text at all.
type Id = Result<Path<String>, PathRejection>;

/// An action that nobody knows looks like an id. No text of ours has a NUL, and PostgreSQL takes none.
fn named(id: Id) -> Result<String, Refused> {
    match id {
        Ok(Path(id)) if id.starts_with('~') => Err(Refused::no_such_path()),
        Ok(Path(id)) if !id.contains('\0') => Ok(id),
        Ok(_) | Err(_) => Err(Error::NotFound("customer").into()),
    }
}
