//! Quick pay over HTTP: the way in, which is throttled by address and by invoice, and the pages of a short session under
//! `/widget/q/<key>/`. Such a key opens nothing else, and no other key opens these pages.

use std::sync::Arc;

use app::{Event, Form, Frame, Notice, Quick, QuickEntry, Surroundings};
use axum::extract::{Path, Request};
use axum::http::request::Parts;
use axum::response::Response;
use billing::quick_pay::{self, Data, Payer};
use billing::secrets::{Purpose, hex, same, token_hash};
use domain::organizations::Organization;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use texts::Texts;

use super::answers::{ancestors, failed, failed_in, notice, notice_in, private, redirect, texts_in, with_cookies};
use super::entrance::{Posted, back_to, login_token, posted};
use super::{Refused, organization, read_form};
use crate::security::is_own;
use crate::session::{cookie_of, set_cookies};
use crate::state::State;
use crate::throttle::Who;

/// Wrong balances for one invoice before none is right any more (`api.md` §8.2), within so many minutes.
pub const MISSES_PER_INVOICE: u32 = 5;
pub const MISSES_MINUTES: u64 = 15;

/// GET: which invoice?
pub(super) async fn show_entry(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let org = match offered(&state, &request).await {
        Ok(org) => org,
        Err(refused) => return *refused,
    };
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    let entry = QuickEntry {
        texts: texts_in(query.get("locale"), &org),
        form_token: login_token(&state, &org, 0),
        failed: query.get("failed").is_some(),
        number: query.get("number").map(str::to_owned),
        org: org.clone(),
    };
    let around = Surroundings::of(&org, None, ancestors(Some(&org)));
    let page = app::quick_entry(entry);
    private(app::render(page, around, &state.assets).await)
}

/// The organization, where one invoice can be paid without a login.
async fn offered(state: &State, request: &Parts) -> Result<Arc<Organization>, Refused> {
    let org = organization(state, request).await?;
    if quick_pay::is_offered(&org) { Ok(org) } else { Err(Box::new(notice(state, Some(&org), Notice::NotFound))) }
}

/// POST: number and balance become a session for this one invoice. Whatever is wrong with them, the answer is the same.
pub(super) async fn enter(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let Posted { org, texts, form, address, .. } = match posted(&state, request).await {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    if !quick_pay::is_offered(&org) {
        return notice(&state, Some(&org), Notice::NotFound);
    }
    let number = form.get("number").unwrap_or_default();
    let invoice = Who::Invoice(org.id.0, token_hash(number));
    let begun = match state.misses.check(invoice.clone()) {
        Ok(()) => quick_pay::begin(&state.billing, &org, number, form.get("balance").unwrap_or_default()).await,
        Err(_) => Ok(None),
    };
    match begun {
        Ok(Some(new)) => {
            let response = redirect(&format!("/widget/q/{}/{}", new.key, app::quick_first(&new.payer)));
            with_cookies(response, &set_cookies(&state, &new.key, &new.cookie))
        }
        Ok(None) => {
            // The limits are told by the next attempt: this one is answered as any other.
            let _ = (state.failures.count(Who::Address(address)), state.misses.count(invoice));
            back_to(texts, &org, &format!("/widget/quickPay?failed&number={}", typed(number)))
        }
        Err(error) => failed(&state, &org, error),
    }
}

/// As much of what was typed as an invoice number may have.
fn typed(number: &str) -> String {
    let number: String = number.chars().take(64).collect();
    utf8_percent_encode(&number, NON_ALPHANUMERIC).to_string()
}

/// Opens the session that stands in the address; without it, the way back to where it begins.
async fn open(state: &State, key: &str, request: &Parts) -> Result<Opened, Refused> {
    let org = offered(state, request).await?;
    let quick_pay::Opened { mut data, payer, moves } = match quick_pay::open(&state.billing, &org, key).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return Err(Box::new(redirect("/widget/quickPay"))),
        Err(error) => return Err(Box::new(failed(state, &org, error))),
    };
    // As with every session: once its cookie has come back, the key alone opens nothing.
    let cookies = cookie_of(state, key, &request.headers);
    let matches = cookies.iter().any(|value| same(&token_hash(value), &data.cookie_hash));
    if !matches && (data.is_bound || !cookies.is_empty()) {
        return Err(Box::new(redirect("/widget/quickPay")));
    }
    let is_changed = moves || (matches && !data.is_bound);
    data.is_bound |= matches;
    Ok(Opened { org, data, payer, is_changed })
}

struct Opened {
    org: Arc<Organization>,
    data: Data,
    payer: Payer,
    /// Its cookie has come back for the first time, or its end moves.
    is_changed: bool,
}

fn quick(state: &State, key: &str, data: &Data, payer: Payer) -> Quick {
    Quick {
        texts: Texts::of(payer.locales()),
        payer,
        form_token: form_token(state, key),
        flash: data.flash.clone(),
        checkout: data.checkout.clone(),
        payment: data.payment.clone(),
    }
}

fn form_token(state: &State, key: &str) -> String {
    hex(&state.billing.vault.derive(Purpose::Form, &[b"quick", key.as_bytes()])[..16])
}

/// GET: a page of the short session.
pub(super) async fn show(
    axum::extract::State(state): axum::extract::State<State>,
    Path((key, page)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    let Opened { org, mut data, payer, is_changed } = match open(&state, &key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let quick = quick(&state, &key, &data, payer);
    // What is shown once is forgotten before it is shown.
    let (flash, paid) = (data.flash.take(), data.paid.take());
    let is_changed = is_changed || flash.is_some() || paid.is_some();
    let frame = Frame::of(&org).telling(paid.map(Event::Paid));
    let around = Surroundings::of(&org, None, ancestors(Some(&org))).with_frame(frame);
    if is_changed && let Err(error) = quick_pay::keep(&state.billing, org.id, &key, &data).await {
        return failed_in(&state, quick.texts, Some(&org), error);
    }
    let page = app::quick_load(quick, &page).await;
    private(app::render(page, around, &state.assets).await)
}

/// POST: the form of a page. Answered by a redirect, so that reloading does nothing twice.
pub(super) async fn act(
    axum::extract::State(state): axum::extract::State<State>,
    Path((key, page)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (request, body) = request.into_parts();
    let Opened { org, mut data, payer, .. } = match open(&state, &key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let quick = quick(&state, &key, &data, payer);
    let refused = |why| notice_in(&state, quick.texts, Some(&org), why);
    if !is_own(&request.method, &request.headers) {
        return refused(Notice::Forbidden);
    }
    let Some(form) = read_form(body).await else { return refused(Notice::TooLarge) };
    if !same(form.get("form_token").unwrap_or_default(), &form_token(&state, &key)) {
        return refused(Notice::FormTooOld { back: format!("/widget/q/{key}/{page}") });
    }
    let answered = match app::quick_act(&quick, &page, &form).await {
        Ok(answered) => answered,
        Err(billing::Error::NotFound(_)) => return refused(Notice::NotFound),
        Err(error) => return failed_in(&state, quick.texts, Some(&org), error),
    };
    (data.flash, data.paid) = (answered.answer.flash, answered.answer.paid);
    if let Some(checkout) = answered.answer.checkout {
        data.checkout = checkout;
    }
    data.payment = answered.payment.or(data.payment);
    match quick_pay::keep(&state.billing, org.id, &key, &data).await {
        Ok(()) => redirect(&format!("/widget/q/{key}/{}", answered.answer.to)),
        Err(error) => failed_in(&state, quick.texts, Some(&org), error),
    }
}
