//! The customer portal: its pages, the document around them, and which action a form posts to.
//! The organization's server mounts it; every page below a session's path is for one customer.

mod account;
mod home;
mod invoices;
mod login;
mod notices;
mod pay;
mod payments;

use billing::{Error, Result};
use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{SsrMode, path};

use crate::forms::{Answer, Form};
use crate::guard::{Assets, Portal, Visitor};
use crate::page::page;
use crate::ui::{Document, Place, Tab, language};

pub(crate) use notices::{FAILED, FORBIDDEN, NOT_FOUND, UNAVAILABLE};
pub use notices::{Notice, notice};

/// Every page. Forms post to their own page's address, so there are no other routes.
#[component]
pub fn PortalApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=missing>
                <Route path=path!("/widget/login") view=login::LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/signedOut") view=login::SignedOutPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/home") view=home::HomePage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/invoices") view=invoices::InvoicesPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/invoices/:number") view=invoices::InvoicePage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/pay") view=pay::ChoosePage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/pay/card") view=pay::CardPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/pay/confirm") view=pay::ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/payments") view=payments::PaymentsPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/payments/:number") view=payments::PaymentPage ssr=SsrMode::Async/>
                <Route path=path!("/widget/s/:key/account") view=account::AccountPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// The HTML document, in the context of the page's visitor.
pub fn shell(assets: Assets) -> impl IntoView {
    let portal = use_context::<Portal>();
    let org = portal.as_ref().map(|portal| portal.me.org.clone());
    let org = org.or_else(|| use_context::<Visitor>().map(|visitor| visitor.org));
    let chosen = portal.and_then(|portal| portal.look.css_url);
    let stylesheet = chosen.or_else(|| org.as_ref().and_then(|org| org.portal.stylesheet.clone()));
    let lang = language(org.as_deref());
    let head = view! { <MetaTags/> }.into_any();
    let body = view! { <PortalApp/> }.into_any();
    view! { <Document lang assets stylesheet head body/> }
}

/// Does what a form asks for. The server has checked the form's token and keeps what is answered.
pub async fn act(portal: &Portal, page: &str, form: &Form) -> Result<Answer> {
    match page {
        "pay/card" => pay::enter_card(portal, form).await,
        "pay/confirm" => pay::confirm(portal).await,
        "logout" => Ok(Answer { end: true, ..Answer::to(SIGNED_OUT) }),
        _ => Err(Error::NotFound("page")),
    }
}

/// From a session's root, `/widget/s/<key>/`.
const SIGNED_OUT: &str = "../../signedOut";

/// Where there is no page, below a session or not.
fn missing() -> impl IntoView {
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let is_deep = path.trim_matches('/').split('/').count() > SEGMENTS_ABOVE_PAGE + 1;
    let place = Place::new(Tab::Home, if is_deep { "missing/page" } else { "missing" });
    page(place, async { Err::<(), _>(Error::NotFound("page")) })
}

/// Of `/widget/s/<key>/home`.
const SEGMENTS_ABOVE_PAGE: usize = 3;

/// A part of the page's path. Read it before the first await.
fn param(name: &str) -> String {
    use_params_map().read_untracked().get(name).unwrap_or_default()
}

fn query_page() -> i64 {
    let page = use_query_map().read_untracked().get("page");
    page.and_then(|page| page.parse().ok()).unwrap_or(1)
}

fn query_invoices() -> Vec<String> {
    use_query_map().read_untracked().get_all("invoice").unwrap_or_default()
}
