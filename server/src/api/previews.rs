//! `preview=true`: what a call that bills would answer, with nothing of it stored.

use std::any::Any;

use axum::extract::Request;
use axum::http::Method;
use billing::Unit;

use super::input::{Api, Params};
use super::reply::{Refusal, Reply};

/// Calls that know previews.
const ROUTES: [&str; 4] = ["/rest/orders", "/rest/order", "/rest/order/{id}", "/rest/changeOrder"];

/// Whether the call has its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Real,
    Previewed,
}

impl Effect {
    pub fn of(api: &Api) -> Result<Effect, Refusal> {
        Ok(if api.params.boolean("preview")? { Effect::Previewed } else { Effect::Real })
    }

    /// For calls that bill nothing, so that nobody takes one for a preview.
    pub fn only_real(api: &Api) -> Result<(), Refusal> {
        match Effect::of(api)? {
            Effect::Real => Ok(()),
            Effect::Previewed => Err(Refusal::bad_request("preview is for calls that make invoices.")),
        }
    }

    /// Does `work`, or only shows what it would come to, and answers by `render`.
    pub async fn carry_out<T: Any>(
        self,
        api: &Api,
        work: impl AsyncFnOnce(&mut Unit) -> billing::Result<T> + Clone,
        render: impl Fn(&T) -> Reply + Clone + Send + Sync + 'static,
    ) -> Result<Reply, Refusal> {
        match self {
            Effect::Real => api.unit(work, render).await,
            Effect::Previewed => Ok(render(&api.billing.preview(api.access.org.id, &api.access.actor(), work).await?)),
        }
    }

    /// The answer of a call that creates: a preview has created nothing.
    pub fn reply(self, xml: String) -> Reply {
        match self {
            Effect::Real => Reply::created(xml),
            Effect::Previewed => Reply::ok(xml),
        }
    }
}

/// Whether a request is a preview: nothing is done, so there is nothing to be done once.
pub fn is_preview(route: &str, request: &Request) -> bool {
    let params = Params::parse(request.uri().query().unwrap_or_default());
    *request.method() == Method::POST
        && ROUTES.contains(&route)
        && params.boolean("preview").is_ok_and(|is_preview| is_preview)
}
