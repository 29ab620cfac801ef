//! Answers in the form that was asked for, refusals too (`api.md` §9.5).

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use billing::Error;
use domain::checks::Problems;
use serde::Serialize;
use wire::element::ParseError;
use wire::unipay::Unreadable;

use super::negotiation::{Format, Unanswerable};
use crate::api::reply::Refusal;

/// A request that is not done, with every reason and its field.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    errors: Vec<Reason>,
    header: Option<(HeaderName, HeaderValue)>,
}

#[derive(Debug, Serialize)]
struct Reason {
    field: Option<String>,
    message: String,
}

#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    errors: &'a [Reason],
}

impl Refused {
    fn new(status: StatusCode, message: impl Into<String>) -> Refused {
        Refused { status, errors: vec![Reason { field: None, message: message.into() }], header: None }
    }

    pub fn unknown_media_type() -> Refused {
        let message = "Content-Type must be application/json, text/xml, application/xml or \
                       application/x-www-form-urlencoded.";
        Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    pub fn no_such_path() -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "There is no such path.")
    }

    pub fn no_such_method() -> Refused {
        Refusal::method_not_allowed().into()
    }

    pub fn answer(&self, format: Format) -> Response {
        let messages = self.errors.iter().map(|error| error.message.as_str());
        let body = match format {
            Format::Json => json(&Failure { success: false, errors: &self.errors }),
            Format::Xml => wire::status::failure(messages),
            Format::Query => {
                let mut text = form_urlencoded::Serializer::new(String::new());
                text.append_pair("success", "false");
                for message in messages {
                    text.append_pair("error", message);
                }
                text.finish()
            }
        };
        let mut response = answer(self.status, format, body);
        if let Some((name, value)) = self.header.clone() {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

pub fn answer(status: StatusCode, format: Format, body: String) -> Response {
    let headers = [(CONTENT_TYPE, format.content_type()), (CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and lists of them are always JSON")
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        let field = refusal.field().map(str::to_owned);
        let (status, messages, header) = refusal.into_parts();
        let errors = messages.into_iter().map(|message| Reason { field: field.clone(), message }).collect();
        Refused { status, errors, header }
    }
}

impl From<Problems> for Refused {
    fn from(problems: Problems) -> Refused {
        let reason = |problem: &domain::checks::Problem| Reason {
            field: Some(problem.field.clone()).filter(|field| !field.is_empty()),
            message: problem.message.clone(),
        };
        Refused { status: StatusCode::BAD_REQUEST, errors: problems.iter().map(reason).collect(), header: None }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        match error {
            Error::Invalid(problems) => problems.into(),
            other => Refusal::from(other).into(),
        }
    }
}

impl From<ParseError> for Refused {
    fn from(error: ParseError) -> Refused {
        Refusal::from(error).into()
    }
}

impl From<Unreadable> for Refused {
    fn from(reason: Unreadable) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, reason.0)
    }
}

impl From<Unanswerable> for Refused {
    fn from(reason: Unanswerable) -> Refused {
        match reason {
            Unanswerable::UnknownFormat => Problems::one("format", "format must be one of json, xml, query.").into(),
            Unanswerable::NotAcceptable => {
                Refused::new(StatusCode::NOT_ACCEPTABLE, "A list can be had as json or xml only.")
            }
        }
    }
}
