//! The one way a page comes to be: load, then view. What goes wrong becomes a status and a page
//! that says so; the cause stays in the log.

use std::pin::Pin;

use any_spawner::Executor;
use axum::body::Body;
use billing::{Error, Result};
use futures_util::{Stream, StreamExt};
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_SECURITY_POLICY};
use leptos::{either::Either, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use crate::guard::{Assets, Frame, Portal};
use crate::ui::Place;
use crate::{portal, ui};

/// A signed-in page that needs no script. Read the context before the first await of `load`.
pub fn page<V: IntoView + 'static>(
    place: Place,
    load: impl Future<Output = Result<V>> + Send + 'static,
) -> impl IntoView {
    with_policy(None);
    loaded(place, load)
}

/// A signed-in page with islands.
pub fn page_with_islands<V: IntoView + 'static>(
    place: Place,
    load: impl Future<Output = Result<V>> + Send + 'static,
) -> impl IntoView {
    let assets = use_context::<Assets>().filter(|assets| assets.has_wasm);
    with_policy(assets.as_ref().and_then(|_| use_nonce()).map(|nonce| nonce.to_string()).as_deref());
    let scripts = assets.map(|assets| view! { <HydrationScripts options=assets.options islands=true/> });
    view! {
        {loaded(place, load)}
        {scripts}
    }
}

/// Sets the page's content security policy. A nonce permits the islands' code and nothing else.
pub fn with_policy(nonce: Option<&str>) {
    let (Some(response), Some(frame)) = (use_context::<ResponseOptions>(), use_context::<Frame>()) else { return };
    let css_url = use_context::<Portal>().and_then(|portal| portal.look.css_url);
    let policy = policy(&frame.ancestors, nonce, css_url.as_deref());
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    response.insert_header(CONTENT_SECURITY_POLICY, policy);
}

/// What a page may load: nothing from elsewhere, and script only by its nonce.
pub fn content_security_policy(frame: &str, nonce: Option<&str>) -> String {
    policy(frame, nonce, None)
}

fn policy(frame: &str, nonce: Option<&str>, css_url: Option<&str>) -> String {
    let css = css_url.and_then(https_origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    let script = nonce.map_or("'none'".to_owned(), |nonce| format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"));
    format!(
        "default-src 'none'; script-src {script}; style-src 'self'{css}; font-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frame}"
    )
}

/// `https://host:port` of an absolute address. Anything that could say more in a policy is refused.
fn https_origin(url: &str) -> Option<String> {
    let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    (!host.is_empty() && host.chars().all(is_host)).then(|| format!("https://{host}"))
}

fn loaded<V: IntoView + 'static>(
    place: Place,
    load: impl Future<Output = Result<V>> + Send + 'static,
) -> impl IntoView {
    let response = use_context::<ResponseOptions>();
    let portal = use_context::<Portal>();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load.await {
                    Ok(view) => Either::Left(view),
                    Err(error) => {
                        let failure = Failure::of(&error);
                        if let Some(response) = response {
                            response.set_status(failure.status);
                        }
                        Either::Right(ui::failed_page(portal, place, failure))
                    }
                }
            })}
        </Suspense>
    }
}

/// An error as a page shows it.
pub struct Failure {
    pub status: StatusCode,
    pub title: String,
    pub messages: Vec<String>,
    /// Found in the log beside the cause.
    pub reference: Option<String>,
}

impl Failure {
    pub fn of(error: &Error) -> Failure {
        let of = |status, title: &str, messages: &[&str]| Failure {
            status,
            title: title.to_owned(),
            messages: messages.iter().map(|message| (*message).to_owned()).collect(),
            reference: None,
        };
        match error {
            Error::NotFound(_) => of(StatusCode::NOT_FOUND, portal::NOT_FOUND.0, &[portal::NOT_FOUND.1]),
            Error::Invalid(problems) => {
                let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
                of(StatusCode::BAD_REQUEST, "This does not work yet", &messages)
            }
            Error::Refused(message) => of(StatusCode::BAD_REQUEST, "This is not possible", &[message]),
            Error::Denied => of(StatusCode::FORBIDDEN, portal::FORBIDDEN.0, &[portal::FORBIDDEN.1]),
            Error::Conflict(message) => of(StatusCode::CONFLICT, "Something has changed", &[message]),
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "page not available");
                of(StatusCode::SERVICE_UNAVAILABLE, portal::UNAVAILABLE.0, &[portal::UNAVAILABLE.1])
            }
            Error::Bug(cause) => {
                let reference = billing::secrets::random_token()[..12].to_owned();
                tracing::error!(%cause, reference, "page failed");
                let failed = of(StatusCode::INTERNAL_SERVER_ERROR, portal::FAILED.0, &[portal::FAILED.1]);
                Failure { reference: Some(reference), ..failed }
            }
        }
    }
}

type Chunks = Pin<Box<dyn Stream<Item = String> + Send>>;

/// The handler of every page. Leptos' own ends each page with inline scripts for its resources;
/// here only a page whose islands come alive has them: all others need no script.
pub fn render(
    context: impl Fn() + Clone + Send + 'static,
    assets: Assets,
    request: Request<Body>,
) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>> {
    let provide = {
        let assets = assets.clone();
        move || {
            context();
            provide_context(assets.clone());
        }
    };
    // Whoever was first has set it; tokio is the only one here.
    let _ = Executor::init_tokio();
    leptos_axum::handle_response_inner(provide, move || portal::shell(assets), request, whole)
}

fn whole<V: IntoView + 'static>(
    app: V,
    resources: Box<dyn FnOnce() -> Chunks + Send>,
    _supports_out_of_order: bool,
) -> Pin<Box<dyn Future<Output = Chunks> + Send>> {
    Box::pin(async move {
        let html = app.to_html_stream_in_order().collect::<String>().await;
        let has_script = html.contains("<script type=\"module\"");
        let html = futures_util::stream::once(async move { html });
        if has_script { Box::pin(html.chain(resources())) as Chunks } else { Box::pin(html) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_is_allowed_only_by_a_nonce() {
        let none = content_security_policy("'none'", None);
        assert!(none.contains("script-src 'none';") && none.ends_with("frame-ancestors 'none'"), "{none}");
        let some = content_security_policy("https://shop.example", Some("abc"));
        assert!(some.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"), "{some}");
        assert!(some.ends_with("frame-ancestors https://shop.example"), "{some}");
    }

    #[test]
    fn a_stylesheet_from_elsewhere_adds_its_origin_and_nothing_more() {
        let style =
            |url| policy("'none'", None, Some(url)).split("; ").find(|d| d.starts_with("style")).map(str::to_owned);
        assert_eq!(
            style("https://cdn.shop.example:8443/a/b.css?v=1").unwrap(),
            "style-src 'self' https://cdn.shop.example:8443"
        );
        for local in [
            "/css/widget.css",
            "http://shop.example/a.css",
            "https://",
            "https://a b/c",
            "https://a;script-src *",
            "https://u@h/",
        ] {
            assert_eq!(style(local).unwrap(), "style-src 'self'", "{local}");
        }
    }

    #[test]
    fn a_defect_shows_a_reference_and_not_its_cause() {
        let failure = Failure::of(&Error::bug("no such column: secret"));
        assert_eq!(failure.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(failure.reference.map(|reference| reference.len()), Some(12));
        assert!(!failure.messages.concat().contains("secret"));
    }
}
