//! The one way a page comes to be: everything it shows is read first, then it is rendered at once. What goes wrong
//! becomes a status and a page that says so; the cause stays in the log.

use std::pin::Pin;

use any_spawner::Executor;
use axum::body::{Body, to_bytes};
use axum::response::{Html, IntoResponse};
use billing::secrets::random_token;
use billing::{Error, branding};
use domain::branding::{Logo, Theme};
use domain::organizations::Organization;
use futures_util::{Stream, StreamExt};
use http::{HeaderValue, Request, Response, StatusCode, Uri, header::CONTENT_SECURITY_POLICY};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use percent_encoding::percent_decode_str;
use texts::{Language, Texts};

use crate::forms::Form;
use crate::frame::Frame;
use crate::guard::{Assets, IslandScripts, Portal};
use crate::ui::{BrandLogo, Document, Layout, Markup, Place};

/// What is asked for: a page below a session, and the query of its address.
pub struct Asked {
    path: Vec<String>,
    query: Form,
}

/// Of `/widget/s/<key>/home`, before the page.
const SEGMENTS_ABOVE_PAGE: usize = 3;

impl Asked {
    pub fn of(uri: &Uri) -> Asked {
        let segments = uri.path().split('/').skip(1 + SEGMENTS_ABOVE_PAGE);
        let path = segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect();
        Asked { path, query: Form::parse(uri.query().unwrap_or_default().as_bytes()) }
    }

    /// The segments of the page's path.
    pub fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Which part of a list, from 1.
    pub fn page(&self) -> i64 {
        self.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)
    }

    /// What is asked for by name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// What the address says behind its question mark.
    pub fn query(&self) -> &Form {
        &self.query
    }

    /// A number of it.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.query.get(name).and_then(|number| number.parse().ok())
    }
}

/// A page whose content is there; only its HTML is not.
pub struct Page {
    texts: Texts,
    status: StatusCode,
    title: String,
    is_wrong: bool,
    has_islands: bool,
    script: Option<&'static str>,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Page {
    pub fn new<V: IntoView + 'static>(texts: Texts, title: String, view: impl FnOnce() -> V + Send + 'static) -> Page {
        Page {
            texts,
            status: StatusCode::OK,
            title,
            is_wrong: false,
            has_islands: false,
            script: None,
            view: Box::new(move || view().into_any()),
        }
    }

    /// A signed-in page.
    pub fn signed_in<V: IntoView + 'static>(
        portal: Portal,
        place: Place,
        title: &str,
        content: impl FnOnce(&Portal) -> V + Send + 'static,
    ) -> Page {
        let title = format!("{title} · {}", portal.me.org.name);
        Page::new(portal.texts, title, move || {
            let content = content(&portal);
            view! { <Layout portal place>{content}</Layout> }
        })
    }

    /// Parts of it come alive in the browser.
    pub fn with_islands(self) -> Page {
        Page { has_islands: true, ..self }
    }

    /// A file of ours runs in it.
    pub fn with_script(self, script: &'static str) -> Page {
        Page { script: Some(script), ..self }
    }

    /// What was asked for was refused, if `is_wrong`: the title says so first, for who hears it.
    pub fn wrong(self, is_wrong: bool) -> Page {
        Page { is_wrong: self.is_wrong || is_wrong, ..self }
    }

    pub fn with_status(self, status: StatusCode) -> Page {
        Page { status, ..self }
    }
}

/// What stands around a page, whoever it is for.
pub struct Surroundings {
    /// The merchant's, after ours.
    stylesheets: Vec<String>,
    theme: Theme,
    logo: Option<Logo>,
    /// A stylesheet of the merchant's, when the merchant's page has chosen it for this session.
    css_url: Option<String>,
    /// Who may frame the page: the value of `frame-ancestors`.
    ancestors: String,
    frame: Frame,
}

impl Surroundings {
    pub fn of(org: &Organization, css_url: Option<String>, ancestors: String) -> Surroundings {
        let stylesheets = stylesheets(org, css_url.as_ref());
        let (theme, logo) = (org.branding.theme, org.branding.logo.clone());
        Surroundings { stylesheets, theme, logo, css_url, ancestors, frame: Frame::of(org) }
    }

    /// What the page's script knows of the session, and tells the merchant's page.
    pub fn with_frame(self, frame: Frame) -> Surroundings {
        Surroundings { frame, ..self }
    }

    fn policy(&self, nonce: &Nonce) -> HeaderValue {
        let policy = policy(&self.ancestors, nonce, self.css_url.as_deref());
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// What is chosen for the organization; the sheet that the merchant's page has chosen takes the place of its own.
pub(crate) fn stylesheets(org: &Organization, css_url: Option<&String>) -> Vec<String> {
    let own = css_url.or(org.portal.stylesheet.as_ref()).cloned();
    branding::stylesheets(&org.branding).into_iter().chain(own).collect()
}

/// What a page's scripts are allowed by.
pub enum Nonce {
    /// Only the script that every page has.
    Page(String),
    /// Islands, which load more of ours.
    Islands(String),
}

impl Nonce {
    pub fn new() -> Nonce {
        Nonce::Page(random_token())
    }

    pub(crate) fn value(&self) -> &str {
        match self {
            Nonce::Page(value) | Nonce::Islands(value) => value,
        }
    }
}

impl Default for Nonce {
    fn default() -> Nonce {
        Nonce::new()
    }
}

/// Renders a page. Only one whose islands come alive goes through Leptos' own machinery, which numbers what the browser
/// takes over and ends the page with scripts; all others need neither.
pub async fn render(page: Page, around: Surroundings, assets: &Assets) -> Response<Body> {
    if let (true, Some(islands)) = (page.has_islands, assets.islands.clone()) {
        return render_with_islands(page, around, (assets.clone(), islands)).await;
    }
    let nonce = Nonce::new();
    let (status, policy) = (page.status, around.policy(&nonce));
    let html = Owner::new().with(|| {
        let (src, value) = (page.script, nonce.value().to_owned());
        let script = src.map(|src| Markup::of(view! { <script type="module" src=src nonce=value></script> }));
        document(page, around, assets, &nonce, script).to_html()
    });
    (status, [(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

async fn render_with_islands(
    page: Page,
    around: Surroundings,
    (assets, islands): (Assets, IslandScripts),
) -> Response<Body> {
    // Whoever was first has set it; tokio is the only one here.
    let _ = Executor::init_tokio();
    let status = page.status;
    let app = move || {
        let nonce = use_nonce().map_or_else(Nonce::new, |nonce| Nonce::Islands(nonce.to_string()));
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.insert_header(CONTENT_SECURITY_POLICY, around.policy(&nonce));
        }
        let scripts = islands.with_nonce(nonce.value());
        document(page, around, &assets, &nonce, Some(scripts))
    };
    // Nothing in the page asks for the request: Leptos need not copy it.
    let response = leptos_axum::handle_response_inner(|| (), app, Request::new(Body::empty()), whole).await;
    in_one_piece(response, status).await
}

/// Leptos answers with a stream. All of the page is there: in one piece it has a length and is one packet or two.
async fn in_one_piece(response: Response<Body>, status: StatusCode) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    head.status = status;
    match to_bytes(body, usize::MAX).await {
        Ok(html) => Response::from_parts(head, html.into()),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn document(
    page: Page,
    around: Surroundings,
    assets: &Assets,
    nonce: &Nonce,
    scripts: Option<Markup>,
) -> impl IntoView + use<> {
    let Surroundings { stylesheets, theme, logo, frame, .. } = around;
    let t = page.texts;
    provide_context(BrandLogo(logo));
    let content = (page.view)();
    let body = view! { {content} {scripts.unwrap_or_default()} }.into_any();
    let script = frame.script(nonce.value());
    let title = if page.is_wrong { t.error_title(&page.title) } else { page.title };
    view! { <Document t css=assets.css.clone() stylesheets theme title script body/> }
}

/// What a page without scripts may load: nothing from elsewhere.
pub fn content_security_policy(frame: &str) -> String {
    of_scripts(frame, "'none'", "")
}

/// What a page may load: nothing from elsewhere, and script only by its nonce.
pub(crate) fn policy(frame: &str, nonce: &Nonce, css_url: Option<&str>) -> String {
    let css = css_url.and_then(https_origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    let script = match nonce {
        Nonce::Page(nonce) => format!("'nonce-{nonce}'"),
        Nonce::Islands(nonce) => format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
    };
    of_scripts(frame, &script, &css)
}

fn of_scripts(frame: &str, script: &str, css: &str) -> String {
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

/// An error as a page shows it.
pub struct Failure {
    pub status: StatusCode,
    pub title: String,
    pub messages: Vec<String>,
    /// Found in the log beside the cause.
    pub reference: Option<String>,
}

impl Failure {
    /// What the rules have to say is written for programs, in English; customers of other languages get the gist.
    pub fn of(t: Texts, error: &Error) -> Failure {
        let of = |status, title: &str, text: &str| Failure {
            status,
            title: title.to_owned(),
            messages: vec![text.to_owned()],
            reference: None,
        };
        let in_english =
            |message: &str, gist: &str| if t.language == Language::English { message } else { gist }.to_owned();
        match error {
            Error::NotFound(_) => of(StatusCode::NOT_FOUND, t.not_found_title(), t.not_found_text()),
            Error::Invalid(problems) => {
                let text = in_english(&problems.to_string(), t.invalid_text());
                of(StatusCode::BAD_REQUEST, t.invalid_title(), &text)
            }
            Error::Refused(message) => {
                of(StatusCode::BAD_REQUEST, t.refused_title(), &in_english(message, t.refused_text()))
            }
            Error::Denied => of(StatusCode::FORBIDDEN, t.forbidden_title(), t.forbidden_text()),
            Error::Conflict(message) => {
                of(StatusCode::CONFLICT, t.conflict_title(), &in_english(message, t.conflict_text()))
            }
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "page not available");
                of(StatusCode::SERVICE_UNAVAILABLE, t.unavailable_title(), t.unavailable_text())
            }
            Error::Bug(cause) => {
                let reference = billing::secrets::random_token()[..12].to_owned();
                tracing::error!(%cause, reference, "page failed");
                let failed = of(StatusCode::INTERNAL_SERVER_ERROR, t.failed_title(), t.failed_text());
                Failure { reference: Some(reference), ..failed }
            }
        }
    }
}

type Chunks = Pin<Box<dyn Stream<Item = String> + Send>>;

fn whole<V: IntoView + 'static>(
    app: V,
    resources: Box<dyn FnOnce() -> Chunks + Send>,
    _supports_out_of_order: bool,
) -> Pin<Box<dyn Future<Output = Chunks> + Send>> {
    let html = app.to_html();
    let html = futures_util::stream::once(async move { html });
    Box::pin(async move { Box::pin(html.chain(resources())) as Chunks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_is_allowed_only_by_a_nonce() {
        let none = content_security_policy("'none'");
        assert!(none.contains("script-src 'none';") && none.ends_with("frame-ancestors 'none'"), "{none}");
        let own = policy("https://shop.example", &Nonce::Page("abc".to_owned()), None);
        assert!(own.contains("script-src 'nonce-abc';"), "{own}");
        let islands = policy("https://shop.example", &Nonce::Islands("abc".to_owned()), None);
        assert!(islands.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"), "{islands}");
        assert!(islands.ends_with("frame-ancestors https://shop.example"), "{islands}");
    }

    #[test]
    fn a_stylesheet_from_elsewhere_adds_its_origin_and_nothing_more() {
        let style = |url| {
            let policy = policy("'none'", &Nonce::new(), Some(url));
            policy.split("; ").find(|d| d.starts_with("style")).map(str::to_owned)
        };
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
        let failure = Failure::of(Texts::english(), &Error::bug("no such column: secret"));
        assert_eq!(failure.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(failure.reference.map(|reference| reference.len()), Some(12));
        assert!(!failure.messages.concat().contains("secret"));
    }
}
