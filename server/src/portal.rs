//! The portal over HTTP: links and logins become sessions, sessions open pages, forms become actions.

use std::sync::Arc;

use app::{Answer, Form, Frame, Notice, Portal, Visitor};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use billing::portal::Me;
use billing::secrets::{Purpose, hex, same};
use billing::sessions::{self, Credential, NewSession, Redeemed};
use domain::contacts::Password;
use domain::ids::{ContactId, CustomerId};
use domain::organizations::Organization;

use crate::organization;
use crate::security::{client_address, is_own, is_prefetch};
use crate::session::{self, Opened, PortalSession};
use crate::state::State;
use crate::throttle::Who;
use crate::tokens;

const FORM_BYTES_MAX: usize = 64 * 1024;
/// Failed attempts per minute and address (`operations.md` §7).
pub const FAILURES_PER_MINUTE: u32 = 60;
/// A login form is good for one to two hours.
const LOGIN_FORM_SECONDS: i64 = 3600;

/// Every route of the portal.
pub fn router() -> Router<State> {
    let page = || -> MethodRouter<State> { get(show).post(act) };
    Router::new()
        .route("/widget/login", get(show_login).post(log_in))
        .route("/widget/signedOut", get(show_signed_out))
        .route("/widget/customerHome/{token}", get(open_link))
        .route("/widget/sso", post(open_token))
        .route("/widget/s/{key}/invoices/{number}/pdf", get(pdf))
        .route("/widget/s/{key}/{page}", page())
        .route("/widget/s/{key}/{page}/{part}", page())
        .route("/widget", get(to_login))
        .route("/widget/{*path}", get(to_login))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}

type Refused = Box<Response>;

/// The organization at the host; without one there is no portal.
async fn organization(state: &State, request: &Parts) -> Result<Arc<Organization>, Refused> {
    match organization::find(state, &request.headers).await {
        Ok(Some(entry)) => Ok(entry.organization),
        Ok(None) => Err(Box::new(notice(state, None, Notice::NotFound))),
        Err(error) => Err(Box::new(failed(state, error))),
    }
}

/// A page without session.
fn notice(state: &State, org: Option<&Organization>, notice: Notice) -> Response {
    let status = notice.status();
    let html = app::notice(org.map(|org| org.name.as_str()), &state.assets, notice);
    let policy = app::content_security_policy(&ancestors(org), None);
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (CONTENT_SECURITY_POLICY, policy)];
    private((status, headers, html).into_response())
}

fn failed(state: &State, error: billing::Error) -> Response {
    let shown = match error {
        billing::Error::NotFound(_) => Notice::NotFound,
        billing::Error::Denied => Notice::Forbidden,
        billing::Error::Unavailable(cause) => {
            tracing::warn!(%cause, "portal not available");
            Notice::Unavailable
        }
        error => {
            let reference = billing::secrets::random_token();
            tracing::error!(%error, reference, "portal failed");
            Notice::Failed { reference }
        }
    };
    notice(state, None, shown)
}

/// Who may frame the portal of an organization.
fn ancestors(org: Option<&Organization>) -> String {
    match org {
        Some(org) if !org.embed_origins.is_empty() => org.embed_origins.join(" "),
        _ => "'none'".to_owned(),
    }
}

/// Nothing of the portal is kept by caches.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/widget/login"));
    private((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

fn with_cookies(mut response: Response, cookies: Vec<String>) -> Response {
    for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn to_login() -> Response {
    redirect("/widget/login")
}

/// GET: a link that a merchant minted becomes a session, once.
async fn open_link(
    axum::extract::State(state): axum::extract::State<State>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    // Whoever only looks ahead does not use the link up.
    if request.method == Method::HEAD {
        return private(StatusCode::OK.into_response());
    }
    if is_prefetch(&request.headers) {
        return private(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let redeemed = sessions::redeem(&state.billing, org.id, Credential::Token(&token)).await;
    enter(&state, &org, &request, redeemed).await
}

/// POST: the same with a token that we signed, sent into the frame by the merchant's page. It comes
/// from another site by design; the token is what lets it in.
async fn open_token(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let form = match read_form(body).await {
        Ok(form) => form,
        Err(refused) => return refused.into_response(),
    };
    let redeemed = match tokens::verify(&state, &org, form.get("token").unwrap_or_default()) {
        Some(id) => sessions::redeem(&state.billing, org.id, Credential::Id(id)).await,
        None => Ok(Redeemed::Unknown),
    };
    enter(&state, &org, &request, redeemed).await
}

async fn enter(
    state: &State,
    org: &Arc<Organization>,
    request: &Parts,
    redeemed: billing::Result<Redeemed>,
) -> Response {
    match redeemed {
        Ok(Redeemed::Session(new)) => start(state, &new),
        Ok(Redeemed::Used { key, login_url }) => reopen(state, org, request, (&key, login_url)).await,
        Ok(Redeemed::Expired { login_url: Some(login_url) }) => redirect(&login_url),
        Ok(Redeemed::Expired { login_url: None }) => notice(state, Some(org), Notice::LinkExpired),
        Ok(Redeemed::Unknown) => {
            let counted = count_failure(state, request);
            counted.err().unwrap_or_else(|| notice(state, Some(org), Notice::NotFound))
        }
        Err(error) => failed(state, error),
    }
}

/// A used link leads only the browser that used it to its session.
async fn reopen(
    state: &State,
    org: &Arc<Organization>,
    request: &Parts,
    (key, login_url): (&str, Option<String>),
) -> Response {
    match session::open(state, org, key, &request.headers).await {
        Ok(Opened::Session(session)) if session.data.is_bound => redirect(&format!("/widget/s/{key}/home")),
        Ok(_) => match login_url {
            Some(login_url) => redirect(&login_url),
            None => notice(state, Some(org), Notice::LinkUsed),
        },
        Err(error) => failed(state, error),
    }
}

fn start(state: &State, new: &NewSession) -> Response {
    let response = redirect(&format!("/widget/s/{}/{}", new.key, new.page));
    with_cookies(response, session::set_cookies(state, &new.key, &new.cookie))
}

fn count_failure(state: &State, request: &Parts) -> Result<(), Response> {
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    state.failures.count(Who::Address(address)).map_err(|seconds| too_many(state, seconds))
}

fn too_many(state: &State, seconds: u64) -> Response {
    let mut response = notice(state, None, Notice::TooMany);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

async fn show_login(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    visit(state, request).await
}

async fn show_signed_out(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    visit(state, request).await
}

/// A page without session, rendered by the app.
async fn visit(state: State, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let frame = Frame { ancestors: ancestors(Some(&org)) };
    let failed = request.uri.query().is_some_and(|query| query.contains("failed"));
    let visitor = Visitor { form_token: login_token(&state, &org, 0), org, failed };
    let context = move || {
        leptos::prelude::provide_context(visitor.clone());
        leptos::prelude::provide_context(frame.clone());
    };
    private(app::render(context, state.assets, Request::from_parts(request, body)).await)
}

/// What makes a login form ours; `age` counts hours back.
fn login_token(state: &State, org: &Organization, age: i64) -> String {
    let hour = state.billing.clock.now().as_seconds() / LOGIN_FORM_SECONDS - age;
    hex(&state.billing.vault.derive(Purpose::Form, &[b"login", org.subdomain.as_bytes(), &hour.to_be_bytes()])[..16])
}

/// POST: user name and password become a session. Whatever is wrong with them, the answer is the same.
async fn log_in(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    if !is_own(&request.method, &request.headers) {
        return notice(&state, Some(&org), Notice::Forbidden);
    }
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    if let Err(seconds) = state.failures.check(Who::Address(address)) {
        return too_many(&state, seconds);
    }
    let form = match read_form(body).await {
        Ok(form) => form,
        Err(refused) => return refused.into_response(),
    };
    let token = form.get("form_token").unwrap_or_default();
    if ![0, 1].iter().any(|age| same(token, &login_token(&state, &org, *age))) {
        return notice(&state, Some(&org), Notice::Forbidden);
    }
    let username = form.get("username").unwrap_or_default();
    let password = Password::new(form.raw("password").unwrap_or_default());
    match sessions::log_in(&state.billing, &org, username, &password).await {
        Ok(Some(new)) => start(&state, &new),
        Ok(None) => {
            // The limit is told by the next attempt: this one is answered as any other.
            let _ = state.failures.count(Who::Address(address));
            redirect("/widget/login?failed")
        }
        Err(error) => failed(&state, error),
    }
}

async fn read_form(body: Body) -> Result<Form, StatusCode> {
    let bytes = axum::body::to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    Ok(Form::parse(&bytes))
}

/// Opens the session that stands in the address; without it, the way back to where customers sign in.
async fn open(state: &State, key: &str, request: &Parts) -> Result<(Arc<Organization>, PortalSession), Refused> {
    let org = organization(state, request).await?;
    match session::open(state, &org, key, &request.headers).await {
        Ok(Opened::Session(session)) => Ok((org, *session)),
        Ok(Opened::Closed { login_url: Some(url) }) => {
            Err(Box::new(notice(state, Some(&org), Notice::SessionOver { login_url: Some(url) })))
        }
        Ok(Opened::Closed { login_url: None }) => Err(Box::new(redirect("/widget/login"))),
        Err(error) => Err(Box::new(failed(state, error))),
    }
}

fn portal(state: &State, org: &Arc<Organization>, key: &str, session: &PortalSession) -> Portal {
    let data = &session.data;
    let me = Me {
        billing: state.billing.clone(),
        org: org.clone(),
        customer: CustomerId(data.customer),
        contact: data.contact.map(ContactId),
    };
    Portal {
        me,
        form_token: form_token(state, key),
        look: data.look.clone(),
        flash: data.flash.clone(),
        checkout: data.checkout.clone(),
    }
}

/// Bound to the session: another session's forms are not ours.
fn form_token(state: &State, key: &str) -> String {
    hex(&state.billing.vault.derive(Purpose::Form, &[b"session", key.as_bytes()])[..16])
}

/// GET: a page of a session.
async fn show(
    axum::extract::State(state): axum::extract::State<State>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (request, body) = request.into_parts();
    let key = parameter(&path, "key");
    let (org, mut session) = match open(&state, key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let portal = portal(&state, &org, key, &session);
    let frame = Frame { ancestors: ancestors(Some(&org)) };
    let context = move || {
        leptos::prelude::provide_context(portal.clone());
        leptos::prelude::provide_context(frame.clone());
    };
    // What is shown once is forgotten before it is shown.
    session.data.flash = None;
    if let Err(error) = session.keep().await {
        return failed(&state, error);
    }
    private(app::render(context, state.assets, Request::from_parts(request, body)).await)
}

fn parameter<'p>(path: &'p [(String, String)], name: &str) -> &'p str {
    path.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
}

/// POST: the form of a page. Answered by a redirect, so that reloading does nothing twice.
async fn act(
    axum::extract::State(state): axum::extract::State<State>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (request, body) = request.into_parts();
    let key = parameter(&path, "key").to_owned();
    let page = match parameter(&path, "part") {
        "" => parameter(&path, "page").to_owned(),
        part => format!("{}/{part}", parameter(&path, "page")),
    };
    let (org, session) = match open(&state, &key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    if !is_own(&request.method, &request.headers) {
        return notice(&state, Some(&org), Notice::Forbidden);
    }
    let form = match read_form(body).await {
        Ok(form) => form,
        Err(refused) => return refused.into_response(),
    };
    if !same(form.get("form_token").unwrap_or_default(), &form_token(&state, &key)) {
        return notice(&state, Some(&org), Notice::Forbidden);
    }
    let portal = portal(&state, &org, &key, &session);
    match app::act(&portal, &page, &form).await {
        Ok(answer) => follow(&state, &key, session, answer).await,
        Err(billing::Error::NotFound(_)) => notice(&state, Some(&org), Notice::NotFound),
        Err(error) => failed(&state, error),
    }
}

async fn follow(state: &State, key: &str, mut session: PortalSession, answer: Answer) -> Response {
    if answer.end {
        let target = session.data.look.login_url.clone().unwrap_or_else(|| "/widget/signedOut".to_owned());
        let response = match session.end().await {
            Ok(()) => redirect(&target),
            Err(error) => return failed(state, error),
        };
        return with_cookies(response, session::clear_cookies(state, key));
    }
    session.data.flash = answer.flash;
    if let Some(checkout) = answer.checkout {
        session.data.checkout = checkout;
    }
    match session.keep().await {
        Ok(()) => redirect(&format!("/widget/s/{key}/{}", answer.to)),
        Err(error) => failed(state, error),
    }
}

/// GET: an invoice of the session's customer, as a file.
async fn pdf(
    axum::extract::State(state): axum::extract::State<State>,
    Path((key, number)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    let (org, session) = match open(&state, &key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let portal = portal(&state, &org, &key, &session);
    match portal.me.invoice_pdf(&number).await {
        Ok(pdf) => {
            let name = format!("inline; filename=\"invoice-{number}.pdf\"");
            let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
            private((headers, pdf).into_response())
        }
        Err(billing::Error::NotFound(_)) => notice(&state, Some(&org), Notice::NotFound),
        Err(error) => failed(&state, error),
    }
}
