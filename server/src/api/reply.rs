//! Answers: XML, and the one shape of a refusal (`api.md` §1.10, §1.11).

use axum::http::header::{ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use billing::Error;
use billing::idempotency::StoredAnswer;
use billing::secrets::random_token;
use domain::checks::Problems;
use wire::element::ParseError;
use wire::status;

const CONTENT: &str = "text/xml; charset=UTF-8";

/// XML with a status.
pub struct Reply {
    status: StatusCode,
    body: String,
}

impl Reply {
    pub fn ok(body: String) -> Reply {
        Reply { status: StatusCode::OK, body }
    }

    pub fn created(body: String) -> Reply {
        Reply { status: StatusCode::CREATED, body }
    }

    /// As it is kept for whoever sends the same request again.
    pub fn stored(self) -> StoredAnswer {
        StoredAnswer { status: self.status.as_u16(), content_type: CONTENT.to_owned(), body: self.body }
    }

    /// A refusal in a shape of its own.
    pub fn bad_request(body: String) -> Reply {
        Reply { status: StatusCode::BAD_REQUEST, body }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let headers = [(CONTENT_TYPE, CONTENT), (CACHE_CONTROL, "no-store")];
        (self.status, headers, self.body).into_response()
    }
}

/// A request that is not done, with every reason.
pub struct Refusal {
    status: StatusCode,
    /// Of the request, where it is about one.
    field: Option<Box<str>>,
    messages: Vec<String>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal { status, field: None, messages: vec![message.into()], header: None }
    }

    /// It is about this field.
    pub fn about(self, field: &str) -> Refusal {
        Refusal { field: Some(field.into()), ..self }
    }

    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// For answers in another form than XML.
    pub fn into_parts(self) -> (StatusCode, Vec<String>, Option<(HeaderName, HeaderValue)>) {
        (self.status, self.messages, self.header)
    }

    fn with(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Refusal {
        self.header = value.try_into().ok().map(|value| (name, value));
        self
    }

    pub fn bad_request(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn unauthorized() -> Refusal {
        let message = "User name or password is wrong, or the user may not use this organization.";
        Refusal::new(StatusCode::UNAUTHORIZED, message).with(WWW_AUTHENTICATE, "Basic realm=\"BluSynergy\"")
    }

    pub fn forbidden() -> Refusal {
        Refusal::new(StatusCode::FORBIDDEN, "The user needs the role ROLE_API for this.")
    }

    pub fn not_found(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, message)
    }

    pub fn method_not_allowed() -> Refusal {
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "This is not supported here; see the header Allow.")
    }

    pub fn too_large(limit_bytes: usize) -> Refusal {
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The body may have at most {limit_bytes} bytes."))
    }

    pub fn encoded() -> Refusal {
        let message = "Content-Encoding is not supported; send the body as it is.";
        Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
            .with(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
    }

    pub fn too_many(retry_seconds: u64) -> Refusal {
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests; try again later.");
        refusal.with(RETRY_AFTER, retry_seconds.to_string())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        match error {
            Error::NotFound(what) => Refusal::not_found(format!("{what} not found")),
            Error::Invalid(problems) => problems.into(),
            Error::Refused(message) => Refusal::bad_request(message),
            Error::Denied => Refusal::forbidden(),
            Error::Conflict(message) => Refusal::new(StatusCode::CONFLICT, message),
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "unavailable");
                let message = "Not available at the moment; try again.";
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message).with(RETRY_AFTER, "1")
            }
            Error::Bug(cause) => {
                let reference = random_token();
                tracing::error!(%cause, reference, "unexpected");
                let message = format!("Unexpected error; reference {reference}.");
                Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        }
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Refusal {
        let messages = problems.iter().map(|problem| problem.message.clone()).collect();
        Refusal { status: StatusCode::BAD_REQUEST, field: None, messages, header: None }
    }
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Refusal {
        match error {
            ParseError::TooLarge { limit_bytes } => Refusal::too_large(limit_bytes),
            error => Refusal::bad_request(error.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = status::failure(self.messages.iter().map(String::as_str));
        let mut response = Reply { status: self.status, body }.into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        debug_assert!(self.status != StatusCode::METHOD_NOT_ALLOWED || response.headers().get(ALLOW).is_none());
        response
    }
}

/// Anything but XML: a document.
pub fn document(content_type: &'static str, body: impl IntoResponse, extra: &[(HeaderName, String)]) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in extra {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name.clone(), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As when more long lists are asked for at once than there are connections to read with.
    #[test]
    fn who_waits_for_a_connection_in_vain_is_told_to_come_again() {
        let refusal = Refusal::from(Error::from(store::Error::PoolTimedOut)).into_response();
        assert_eq!(refusal.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refusal.headers()[RETRY_AFTER], "1");
    }
}
