//! The portal over HTTP: sessions open pages, forms become actions, and each answer is private.

mod answers;
mod entrance;
mod files;
mod forgotten;
mod keeping;
mod quick;

use std::sync::Arc;

use app::{Answer, Asked, Event, Form, Frame, Notice, Portal, Surroundings};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use billing::portal::Me;
use billing::secrets::{Purpose, hex, same};
use billing::sessions::{CameFrom, Look, Stage};
use domain::ids::ContactId;
use domain::organizations::Organization;
use futures_util::StreamExt;
use texts::Texts;

use self::answers::{
    after, ancestors, failed, failed_in, notice, notice_in, private, redirect, texts_in, with_cookies,
};
use crate::organization;
use crate::security::{client_address, is_own};
use crate::session::{self, Closed, Opened, PortalSession};
use crate::state::State;
use crate::throttle::Who;

pub use quick::{MISSES_MINUTES, MISSES_PER_INVOICE};

const FORM_BYTES_MAX: usize = 64 * 1024;
/// A browser shows the answer only once all that it sends is taken; of more than this it sees a broken connection.
const DRAINED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Failed attempts per minute and address (`operations.md` §7).
pub const FAILURES_PER_MINUTE: u32 = 60;

/// Every route of the portal.
pub fn router() -> Router<State> {
    let page = || -> MethodRouter<State> { get(show).post(act) };
    Router::new()
        .route("/widget/login", get(entrance::show_login).post(entrance::log_in))
        .route("/widget/passkey", get(entrance::to_login).post(entrance::log_in_by_passkey))
        .route("/widget/forgotPassword", get(forgotten::show_password).post(forgotten::ask_password))
        .route("/widget/forgotUsername", get(forgotten::show_username).post(forgotten::ask_username))
        .route("/widget/resetPassword", get(forgotten::show_reset).post(forgotten::reset))
        .route("/widget/quickPay", get(quick::show_entry).post(quick::enter))
        .route("/widget/q/{key}/{page}", get(quick::show).post(quick::act))
        .route("/widget/signedOut", get(entrance::show_signed_out))
        .route("/widget/customerHome/{token}", get(entrance::open_link))
        .route("/widget/sso", get(entrance::to_login).post(entrance::open_token))
        .route("/widget/s/{key}/keep", post(keeping::keep))
        .route("/widget/s/{key}/invoices/{number}/pdf", get(files::pdf))
        .route("/widget/s/{key}/invoices/{number}/csv", get(files::csv))
        .route("/widget/s/{key}/{page}", page())
        .route("/widget/s/{key}/{page}/{part}", page())
        .route("/widget", get(entrance::to_login))
        .route("/widget/{*path}", get(entrance::to_login))
}

type Refused = Box<Response>;

/// The organization at the host; without one there is no portal.
async fn organization(state: &State, request: &Parts) -> Result<Arc<Organization>, Refused> {
    match organization::find(state, &request.headers).await {
        Ok(Some(entry)) => Ok(entry.organization),
        Ok(None) => Err(Box::new(notice(state, None, Notice::NotFound))),
        Err(error) => Err(Box::new(failed_in(state, Texts::of(None), None, error))),
    }
}

/// Opens the session that stands in the address; without it, the way back to where customers sign in.
async fn open(state: &State, key: &str, request: &Parts) -> Result<(Arc<Organization>, PortalSession), Refused> {
    let org = organization(state, request).await?;
    match session::open(state, &org, key, request).await {
        Ok(Opened::Session(session)) => match app::detour(session.data.standing.stage, below(key, &request.uri)) {
            Some(to) => Err(Box::new(redirect(&format!("/widget/s/{key}/{to}")))),
            None => Ok((org, *session)),
        },
        Ok(Opened::Closed(closed)) => Err(Box::new(way_back(state, &org, (key, &request.uri), closed))),
        Err(error) => Err(Box::new(failed(state, &org, error))),
    }
}

/// Back to the page that was asked for: through the login, or through the merchant.
fn way_back(state: &State, org: &Organization, (key, uri): (&str, &Uri), closed: Closed) -> Response {
    let Closed { from: CameFrom { login_url, locale }, is_merchants, chosen } = closed;
    let page = match below(key, uri) {
        // There is nothing left to confirm: what was chosen is chosen again.
        "pay/confirm" => again(&chosen),
        // The second step leads to a page itself.
        page if page.starts_with("secondFactor?") => Asked::of(uri).get("next").unwrap_or("home").to_owned(),
        page => page.to_owned(),
    };
    let texts = texts_in(locale.as_deref(), org);
    if login_url.is_none() && !is_merchants {
        return entrance::back_to(texts, org, &entrance::login_for(&page));
    }
    let page = Some(page).filter(|page| app::is_page(page));
    notice_in(state, texts, Some(org), Notice::SessionOver { login_url, page })
}

/// Where these invoices are chosen; without them, where they are too many for an address.
fn again(chosen: &[String]) -> String {
    Some(app::ui::query("pay", chosen)).filter(|page| app::is_page(page)).unwrap_or_else(|| "pay".to_owned())
}

/// What of an address stands below the session's root, its query included.
fn below<'u>(key: &str, uri: &'u Uri) -> &'u str {
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    address.split_once(&format!("/{key}/")).map_or("", |(_, page)| page)
}

/// Of the session, the customer, the organization.
fn texts(org: &Organization, session: &PortalSession) -> Texts {
    let locales =
        [session.data.look.locale.as_deref(), Some(session.account.locale.as_str()), Some(org.locale.as_str())];
    Texts::of(locales.into_iter().flatten())
}

fn portal(state: &State, org: &Arc<Organization>, key: &str, session: &PortalSession) -> Result<Portal, Refused> {
    let data = &session.data;
    let is_open = data.standing.stage == Stage::Open;
    let me = Me::new(state.billing.clone(), org.clone(), session.account.clone(), data.contact.map(ContactId));
    Ok(Portal {
        me: me.map_err(|_| Box::new(notice(state, Some(org), Notice::Forbidden)))?,
        texts: texts(org, session),
        form_token: form_token(state, key),
        look: Look { hides_navigation: data.look.hides_navigation || !is_open, ..data.look.clone() },
        flash: data.flash.clone(),
        checkout: data.checkout.clone(),
        session: session.id,
        standing: data.standing.clone(),
        client: session.client.clone(),
        site: state.site(&org.subdomain),
    })
}

/// Bound to the session: another session's forms are not ours.
fn form_token(state: &State, key: &str) -> String {
    hex(&state.billing.vault.derive(Purpose::Form, &[b"session", key.as_bytes()])[..16])
}

/// By which a page's script knows that it is the same customer's.
fn customer_mark(state: &State, customer: i64) -> String {
    hex(&state.billing.vault.derive(Purpose::Form, &[b"customer", &customer.to_be_bytes()])[..8])
}

/// GET: a page of a session.
async fn show(
    axum::extract::State(state): axum::extract::State<State>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    let key = parameter(&path, "key");
    let (org, mut session) = match open(&state, key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let portal = match portal(&state, &org, key, &session) {
        Ok(portal) => portal,
        Err(refused) => return *refused,
    };
    // What is shown once is forgotten before it is shown.
    session.data.flash = None;
    let paid = session.data.paid.take().map(Event::Paid);
    let customer = customer_mark(&state, session.data.customer);
    let frame = Frame::of_session(&org, customer, session.ends_in()).telling(paid);
    let around = Surroundings::of(&org, portal.look.css_url.clone(), ancestors(Some(&org))).with_frame(frame);
    if let Err(error) = session.keep().await {
        return failed_in(&state, portal.texts, Some(&org), error);
    }
    let asked = Asked::of(&request.uri);
    let page = app::load(portal, &asked).await;
    private(app::render(page, around, &state.assets).await)
}

fn parameter<'p>(path: &'p [(String, String)], name: &str) -> &'p str {
    path.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
}

/// Where something can be guessed.
fn is_guarded(page: &str) -> bool {
    page == "secondFactor" || page.starts_with("security")
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
    let refused = |why| notice_in(&state, texts(&org, &session), Some(&org), why);
    if !is_own(&request.method, &request.headers) {
        return refused(Notice::Forbidden);
    }
    let Some(form) = read_form(body).await else { return refused(Notice::TooLarge) };
    if !same(form.get("form_token").unwrap_or_default(), &form_token(&state, &key)) {
        let page = if page == "logout" { "home" } else { below(&key, &request.uri) };
        return refused(Notice::FormTooOld { back: format!("/widget/s/{key}/{page}") });
    }
    let portal = match portal(&state, &org, &key, &session) {
        Ok(portal) => portal,
        Err(refused) => return *refused,
    };
    let address = client_address(&request.headers, &request.extensions, &state.config.trusted_proxies);
    if let (true, Err(seconds)) = (is_guarded(&page), state.failures.check(Who::Address(address))) {
        return after(seconds, refused(Notice::TooMany));
    }
    match Box::pin(app::act(&portal, &page, &form)).await {
        Ok(answer) => {
            if answer.has_failed {
                // The limit is told by the next attempt: this one is answered as any other.
                let _ = state.failures.count(Who::Address(address));
            }
            follow(&state, (&org, &key), session, answer).await
        }
        Err(billing::Error::NotFound(_)) => refused(Notice::NotFound),
        Err(error) => failed_in(&state, portal.texts, Some(&org), error),
    }
}

async fn follow(
    state: &State,
    (org, key): (&Organization, &str),
    mut session: PortalSession,
    answer: Answer,
) -> Response {
    let spoken = texts(org, &session);
    if answer.end {
        let target = entrance::signed_out_for(state, org, spoken, session.data.look.login_url.as_deref());
        let response = match session.end().await {
            Ok(()) => redirect(&target),
            Err(error) => return failed_in(state, spoken, Some(org), error),
        };
        return with_cookies(response, &session::clear_cookies(state, key));
    }
    session.data.flash = answer.flash;
    session.data.paid = answer.paid;
    if let Some(checkout) = answer.checkout {
        session.data.checkout = checkout;
    }
    if let Some(standing) = answer.standing {
        session.data.standing = standing;
    }
    if answer.locale.is_some() {
        session.data.look.locale = answer.locale;
    }
    match session.keep().await {
        Ok(()) => redirect(&format!("/widget/s/{key}/{}", answer.to)),
        Err(error) => failed_in(state, spoken, Some(org), error),
    }
}

/// Nothing, if it is too large or does not come whole.
async fn read_form(body: Body) -> Option<Form> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        length += chunk.len();
        if length <= FORM_BYTES_MAX {
            kept.extend_from_slice(&chunk);
        } else if length > DRAINED_BYTES_MAX {
            return None;
        }
    }
    (length <= FORM_BYTES_MAX).then(|| Form::parse(&kept))
}
