//! What a request brings: who sends it, in which form it wants its answer, and its fields.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use wire::element::{Element, Limits};
use wire::unipay::{self, Given};

use super::negotiation::{Format, Wishes, body_format};
use super::reply::{Refused, answer};
use crate::api::input::{Api, Params, read};
use crate::state::State;

/// The right to use the API, and the form of the answer.
pub struct Caller {
    pub api: Api,
    wishes: Wishes,
}

impl FromRequestParts<State> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Caller, Response> {
        let params = Params::parse(parts.uri.query().unwrap_or_default());
        let has_body = matches!(parts.method, Method::PUT | Method::POST);
        let wishes = Wishes::read(params.get("format"), &parts.headers, has_body);
        match Api::from_request_parts(parts, state).await {
            Ok(api) => Ok(Caller { api, wishes }),
            Err(refusal) => Err(Refused::from(refusal).answer(wishes.for_refusals())),
        }
    }
}

impl Caller {
    pub fn refuses(&self, refused: &Refused) -> Response {
        refused.answer(self.wishes.for_refusals())
    }

    /// Does `work`, which is told the form of its answer, one of `offered`, and writes the text of it.
    pub async fn answers(
        &self,
        offered: &[Format],
        work: impl AsyncFnOnce(Format) -> Result<(StatusCode, String), Refused>,
    ) -> Response {
        let outcome = match self.wishes.choose(offered) {
            Ok(format) => work(format).await.map(|(status, body)| answer(status, format, body)),
            Err(reason) => Err(reason.into()),
        };
        outcome.unwrap_or_else(|refused| self.refuses(&refused))
    }
}

/// The fields of a body, in whichever form it is. Without a `Content-Type` it is JSON.
pub async fn fields(request: Request) -> Result<Given, Refused> {
    let format = match body_format(request.headers()) {
        None => Format::Json,
        Some(known) => known.ok_or_else(Refused::unknown_media_type)?,
    };
    let bytes = read(request.into_body(), Limits::DEFAULT.bytes).await?;
    Ok(match format {
        Format::Json => unipay::from_json(&bytes)?,
        Format::Xml => unipay::from_xml(&Element::parse(&bytes, Limits::DEFAULT)?)?,
        Format::Query => unipay::from_query(&bytes)?,
    })
}
