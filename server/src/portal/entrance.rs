//! Ways into the portal: a link or a token that the merchant got, or user name and password.

use std::net::IpAddr;
use std::sync::Arc;

use app::{Event, Form, Frame, Notice, Page, PasskeyRequest, Surroundings, Visitor};
use axum::extract::{Path, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use billing::passkeys::{self, Ceremony};
use billing::secrets::{Purpose, hex, same};
use billing::sessions::{self, CameFrom, Client, Credential, NewSession, Redeemed};
use billing::sso::Presented;
use domain::contacts::Password;
use domain::organizations::Organization;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use texts::Texts;

use super::answers::{ancestors, failed, notice, notice_in, private, redirect, texts_in, too_many, with_cookies};
use super::{Refused, organization, read_form};
use crate::security::{client, client_address, is_framed, is_own, is_prefetch};
use crate::session::{self, Opened};
use crate::state::State;
use crate::throttle::Who;
use crate::tokens::{self, Read};

/// A login form is good for one to two hours.
const LOGIN_FORM_SECONDS: i64 = 3600;

pub(super) async fn to_login() -> Response {
    redirect("/widget/login")
}

/// GET: a link that a merchant minted becomes a session, once.
pub(super) async fn open_link(
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
    let client = client_of(&state, &request);
    let redeemed = sessions::redeem(&state.billing, org.id, Credential::Token(&token), &client).await;
    enter(&state, &org, &request, redeemed).await
}

/// POST: the same with a token that we or the merchant signed, sent into the frame by the merchant's page. It comes
/// from another site by design; the token is what lets it in.
pub(super) async fn open_token(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let Some(form) = read_form(body).await else { return notice(&state, Some(&org), Notice::TooLarge) };
    let client = client_of(&state, &request);
    let mut redeemed = redeem(&state, &org, form.get("token").unwrap_or_default(), &client).await;
    // Who is let in again goes on where the session was over.
    if let (Ok(Redeemed::Session(new)), Some(next)) =
        (&mut redeemed, form.get("next").filter(|next| app::is_page(next)))
    {
        next.clone_into(&mut new.page);
    }
    enter(&state, &org, &request, redeemed).await
}

async fn redeem(state: &State, org: &Arc<Organization>, token: &str, client: &Client) -> billing::Result<Redeemed> {
    match tokens::read(state, org, token).await? {
        Read::Good(Presented::Link(id)) => sessions::redeem(&state.billing, org.id, Credential::Id(id), client).await,
        Read::Good(Presented::Merchant(token)) => sessions::redeem_signed(&state.billing, org.id, &token, client).await,
        Read::Over { from } => Ok(Redeemed::Expired { from }),
        Read::Unknown => Ok(Redeemed::Unknown),
    }
}

pub(super) async fn enter(
    state: &State,
    org: &Arc<Organization>,
    request: &Parts,
    redeemed: billing::Result<Redeemed>,
) -> Response {
    match redeemed {
        Ok(Redeemed::Session(new)) => start(state, &new),
        Ok(Redeemed::Used { key, page, from }) => reopen(state, org, request, (&key, &page, from)).await,
        Ok(Redeemed::Expired { from }) => {
            back(state, (org, request), from, |login_url| Notice::LinkExpired { login_url })
        }
        Ok(Redeemed::Unknown) => {
            let refused = count_failure(state, org, request);
            refused.unwrap_or_else(|| notice(state, Some(org), Notice::NotFound))
        }
        // Only a token that is signed as it should be gets here: who made it can read what is wrong.
        Err(billing::Error::Invalid(problems)) => notice(state, Some(org), Notice::TokenWrong { problems }),
        Err(error) => failed(state, org, error),
    }
}

/// Where customers sign in at the merchant's. Not at once in a frame, which would show that page within itself: there it
/// is left to the merchant's page, which hears of it, and to the customer.
fn back(
    state: &State,
    (org, request): (&Organization, &Parts),
    CameFrom { login_url, locale }: CameFrom,
    why: fn(Option<String>) -> Notice,
) -> Response {
    match login_url {
        Some(login_url) if !is_framed(&request.headers) => redirect(&login_url),
        login_url => {
            let texts = texts_in(locale.as_deref(), org);
            notice_in(state, texts, Some(org), why(login_url))
        }
    }
}

/// A used link leads only the browser that used it to its session.
pub(super) async fn reopen(
    state: &State,
    org: &Arc<Organization>,
    request: &Parts,
    (key, page, from): (&str, &str, CameFrom),
) -> Response {
    match session::open(state, org, key, request).await {
        Ok(Opened::Session(session)) if session.data.is_bound => redirect(&format!("/widget/s/{key}/{page}")),
        Ok(_) => back(state, (org, request), from, |login_url| Notice::LinkUsed { login_url }),
        Err(error) => failed(state, org, error),
    }
}

pub(super) fn start(state: &State, new: &NewSession) -> Response {
    let response = redirect(&format!("/widget/s/{}/{}", new.key, new.page));
    with_cookies(response, &session::set_cookies(state, &new.key, &new.cookie))
}

pub(super) fn count_failure(state: &State, org: &Organization, request: &Parts) -> Option<Response> {
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    state.failures.count(Who::Address(address)).err().map(|seconds| too_many(state, org, seconds))
}

pub(super) async fn show_login(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    visit(state, request, app::login).await
}

pub(super) async fn show_signed_out(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
) -> Response {
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let asked = query.get("login").zip(query.get("check")).map(|(url, check)| (url.to_owned(), check.to_owned()));
    let keys = state.clone();
    let page = move |visitor: Visitor| {
        let login = asked.filter(|(url, check)| same(check, &login_check(&keys, &visitor.org, url)));
        app::signed_out(&visitor, login.map(|(url, _)| url))
    };
    visit_telling(state, request, Some(Event::SignedOut), page).await
}

/// The last page, with the way back to where the customer came from. Not at once there: Chromium follows no form out of
/// the portal, and a frame would show the merchant's page within itself.
pub(super) fn signed_out_for(state: &State, org: &Organization, spoken: Texts, login_url: Option<&str>) -> String {
    let page = format!("/widget/signedOut?locale={}", spoken.tag());
    let Some(url) = login_url else { return page };
    let check = login_check(state, org, url);
    format!("{page}&login={}&check={check}", utf8_percent_encode(url, NON_ALPHANUMERIC))
}

/// Nobody but us can make a page that leads to an address.
fn login_check(state: &State, org: &Organization, url: &str) -> String {
    hex(&state.billing.vault.derive(Purpose::Form, &[b"signed out", org.subdomain.as_bytes(), url.as_bytes()])[..16])
}

/// A page without session.
pub(super) async fn visit(state: State, request: Request, page: impl FnOnce(Visitor) -> Page) -> Response {
    visit_telling(state, request, None, page).await
}

/// The same, and what the merchant's page hears of it.
async fn visit_telling(
    state: State,
    request: Request,
    event: Option<Event>,
    page: impl FnOnce(Visitor) -> Page,
) -> Response {
    let (request, _) = request.into_parts();
    let org = match organization(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let around = Surroundings::of(&org, None, ancestors(Some(&org))).with_frame(Frame::of(&org).telling(event));
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    let challenge = passkeys::challenge(&state.billing, &org, Ceremony::SignIn);
    let visitor = Visitor {
        texts: texts_in(query.get("locale"), &org),
        form_token: login_token(&state, &org, 0),
        failed: query.get("failed").is_some(),
        changed: query.get("changed").is_some(),
        next: query.get("next").filter(|page| app::is_page(page)).map(str::to_owned),
        passkey: PasskeyRequest { challenge, host: state.host(&org.subdomain) },
        org,
    };
    private(app::render(page(visitor), around, &state.assets).await)
}

/// The login that leads back to a page of a session that is over.
pub(super) fn login_for(page: &str) -> String {
    // Home is where it leads by itself.
    if page != "home" && app::is_page(page) {
        format!("/widget/login?next={}", utf8_percent_encode(page, NON_ALPHANUMERIC))
    } else {
        "/widget/login".to_owned()
    }
}

fn refused_login(next: Option<&str>) -> String {
    let login = next.map_or("/widget/login".to_owned(), login_for);
    format!("{login}{}failed", if login.contains('?') { '&' } else { '?' })
}

/// What makes a login form ours; `age` counts hours back.
pub(super) fn login_token(state: &State, org: &Organization, age: i64) -> String {
    let hour = state.billing.clock.now().as_seconds() / LOGIN_FORM_SECONDS - age;
    hex(&state.billing.vault.derive(Purpose::Form, &[b"login", org.subdomain.as_bytes(), &hour.to_be_bytes()])[..16])
}

/// Back to a page without session, in the language that was spoken.
pub(super) fn back_to(texts: Texts, org: &Organization, page: &str) -> Response {
    redirect(&app::in_language(texts, org, page))
}

/// POST: user name and password become a session. Whatever is wrong with them, the answer is the same.
pub(super) async fn log_in(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let Posted { org, texts, form, client, address } = match posted(&state, request).await {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let username = form.get("username").unwrap_or_default();
    let password = Password::new(form.raw("password").unwrap_or_default());
    let next = form.get("next").filter(|page| app::is_page(page));
    match sessions::log_in(&state.billing, &org, (username, &password), &client).await {
        Ok(Some(new)) => start(&state, &NewSession { page: next.unwrap_or(&new.page).to_owned(), ..new }),
        Ok(None) => {
            // The limit is told by the next attempt: this one is answered as any other.
            let _ = state.failures.count(Who::Address(address));
            back_to(texts, &org, &refused_login(next))
        }
        Err(error) => failed(&state, &org, error),
    }
}

/// POST: what a passkey has signed becomes a session. Whatever is wrong with it, the answer is the same.
pub(super) async fn log_in_by_passkey(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
) -> Response {
    let Posted { org, texts, form, client, address } = match posted(&state, request).await {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let (site, answer) = (state.site(&org.subdomain), app::ui::assertion(&form));
    let next = form.get("next").filter(|page| app::is_page(page));
    match passkeys::log_in(&state.billing, &org, (&site, &answer), &client).await {
        Ok(Some(new)) => start(&state, &NewSession { page: next.unwrap_or(&new.page).to_owned(), ..new }),
        Ok(None) => {
            let _ = state.failures.count(Who::Address(address));
            back_to(texts, &org, &refused_login(next))
        }
        Err(error) => failed(&state, &org, error),
    }
}

/// What a form of a page without session brings.
pub(super) struct Posted {
    pub org: Arc<Organization>,
    /// In the language of the page that sent it.
    pub texts: Texts,
    pub form: Form,
    pub client: Client,
    pub address: IpAddr,
}

/// Of our own page, with its token, from an address that has not failed too often.
pub(super) async fn posted(state: &State, request: Request) -> Result<Posted, Refused> {
    let (request, body) = request.into_parts();
    let org = organization(state, &request).await?;
    if !is_own(&request.method, &request.headers) {
        return Err(Box::new(notice(state, Some(&org), Notice::Forbidden)));
    }
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    if let Err(seconds) = state.failures.check(Who::Address(address)) {
        return Err(Box::new(too_many(state, &org, seconds)));
    }
    let form = read_form(body).await.ok_or_else(|| Box::new(notice(state, Some(&org), Notice::TooLarge)))?;
    let token = form.get("form_token").unwrap_or_default();
    let texts = texts_in(Form::parse(request.uri.query().unwrap_or_default().as_bytes()).get("locale"), &org);
    if ![0, 1].iter().any(|age| same(token, &login_token(state, &org, *age))) {
        let back = match request.uri.path() {
            "/widget/login" | "/widget/passkey" => form.get("next").map_or("/widget/login".to_owned(), login_for),
            path => path.to_owned(),
        };
        let back = app::in_language(texts, &org, &back);
        return Err(Box::new(notice_in(state, texts, Some(&org), Notice::FormTooOld { back })));
    }
    let client = client_of(state, &request);
    Ok(Posted { org, texts, form, client, address })
}

pub(super) fn client_of(state: &State, request: &Parts) -> Client {
    client(&request.headers, &request.extensions, &state.config.trusted_proxies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_back_to_where_somebody_was() {
        assert_eq!(login_for("pay/card?invoice=1"), "/widget/login?next=pay%2Fcard%3Finvoice%3D1");
        assert_eq!(login_for("home"), "/widget/login");
        assert_eq!(login_for("nowhere"), "/widget/login");
    }
}
