//! The document around every page: head, header with navigation, main column, footer.

use askama::Template;
use billing::branding::logo_address;
use domain::branding::{Logo, Theme};
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos::tachys::view::IntoRender;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Failure, Page};
use crate::ui::{Markup, Place, Problems, Tab, token_field};

/// The merchant's logo, where there is one: in the context of every page.
#[derive(Clone, Default)]
pub struct BrandLogo(pub Option<Logo>);

/// What stands before the body of a page.
#[derive(Template)]
#[template(path = "document.html")]
struct Head {
    t: Texts,
    css: String,
    stylesheets: Vec<String>,
    scheme: &'static str,
    title: String,
    script: Markup,
}

/// All of a page's HTML. `stylesheets`: the merchant's, after ours.
#[component]
pub fn Document(
    t: Texts,
    css: String,
    stylesheets: Vec<String>,
    theme: Theme,
    title: String,
    script: Markup,
    body: AnyView,
) -> impl IntoView {
    let scheme = theme.scheme();
    let head = Markup::written(&Head { t, css, stylesheets, scheme, title, script });
    (head.into_render(), body, InertElement::new("</body></html>"))
}

/// What stands before the content of a signed-in page, and is open when it begins.
#[derive(Template)]
#[template(path = "layout_top.html")]
struct Top<'a> {
    t: Texts,
    home: String,
    logout: String,
    brand: Markup,
    token: Markup,
    name: &'a str,
    tabs: Vec<Link>,
}

struct Link {
    href: String,
    label: &'static str,
    current: Option<&'static str>,
}

/// What stands behind it: the footer, and the dialogs that the page's script opens before the session ends, and when it
/// has.
#[derive(Template)]
#[template(path = "layout_end.html")]
struct End {
    t: Texts,
    footer: Markup,
    way_in: String,
}

/// A signed-in page.
#[component]
pub fn Layout(portal: Portal, place: Place, children: Children) -> impl IntoView {
    let t = portal.texts;
    // Who signed in here comes back to the same page by asking for it again.
    let way_in = if portal.me.contact.is_some() { "" } else { "/widget/login" };
    let way_in = portal.look.login_url.clone().unwrap_or_else(|| way_in.to_owned());
    let top = Markup::written(&Top {
        t,
        home: place.to("home"),
        logout: place.to("logout"),
        brand: brand(&portal.me.org.name),
        token: token_field(portal.form_token.as_str()),
        name: &portal.me.account.name,
        tabs: if portal.look.hides_navigation { Vec::new() } else { tabs(&portal, place) },
    });
    let flash = portal.flash.map(|flash| view! { <Problems flash/> });
    let end = Markup::written(&End { t, footer: footer(t), way_in });
    (top.into_render(), flash, children(), end.into_render())
}

fn tabs(portal: &Portal, place: Place) -> Vec<Link> {
    let link = |tab: Tab| {
        let current = (Some(tab) == place.tab).then(|| if place.page == tab.page() { "page" } else { "true" });
        Link { href: place.to(tab.page()), label: tab.label(portal.texts), current }
    };
    Tab::ALL.into_iter().filter(|tab| tab.is_offered(&portal.me)).map(link).collect()
}

/// A page without session.
#[component]
pub fn Bare(t: Texts, #[prop(into)] org: Option<String>, children: Children) -> impl IntoView {
    let brand = org.map(|org| view! { <span class="brand">{brand(&org)}</span> });
    view! {
        <a class="skip-link" href="#main">{t.skip_to_content()}</a>
        <header class="portal-header">{brand}</header>
        <main class="portal-main entrance" id="main">{children()}</main>
        {footer(t)}
    }
}

#[derive(Template)]
#[template(path = "brand.html")]
struct Brand<'a> {
    org: &'a str,
    mark: String,
    /// Address, width and height.
    logo: Option<(String, i64, i64)>,
}

fn brand(org: &str) -> Markup {
    let logo = use_context::<BrandLogo>().and_then(|logo| logo.0);
    let mark = org.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    Markup::written(&Brand { org, mark, logo: logo.map(|logo| (logo_address(&logo), logo.width, logo.height)) })
}

#[derive(Template)]
#[template(path = "footer.html")]
struct Foot {
    t: Texts,
}

fn footer(t: Texts) -> Markup {
    Markup::written(&Foot { t })
}

#[derive(Template)]
#[template(path = "icon.html")]
struct Drawn {
    name: &'static str,
    class: &'static str,
}

#[component]
pub fn Icon(name: &'static str, #[prop(default = "icon")] class: &'static str) -> impl IntoView {
    Markup::written(&Drawn { name, class }).into_render()
}

pub fn icon(name: &'static str) -> Markup {
    Markup::written(&Drawn { name, class: "icon" })
}

/// Out of the frame, to where the merchant wants a customer who has paid.
pub fn back_to_merchant(t: Texts, url: String, org: &str) -> impl IntoView + use<> {
    let label = t.back_to_merchant(org);
    view! { <a class="button button-primary" href=url rel="noreferrer" target="_top">{label}</a> }
}

/// Prints the page, also in a frame, where the browser's own way would print what is around it. Shown by the page's
/// script: without that, nothing would answer it.
#[component]
pub fn PrintButton(t: Texts) -> impl IntoView {
    view! { <button class="button" type="button" data-print hidden><Icon name="print"/>" "{t.print_page()}</button> }
}

/// What the page's script says while something takes its time.
#[component]
pub fn BusyNote(text: &'static str) -> impl IntoView {
    view! { <p class="busy-note" aria-live="polite" data-text=text></p> }
}

/// A result or a notice: one thing to know, and where to go from there.
#[component]
pub fn ResultPage(
    icon: &'static str,
    #[prop(default = "result")] class: &'static str,
    #[prop(optional, into)] code: Option<String>,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=class aria-labelledby="result">
            <span class="result-mark"><Icon name=icon/></span>
            {code.map(|code| view! { <p class="result-code">{code}</p> })}
            <h1 id="result">{title}</h1>
            {children()}
        </section>
    }
}

#[derive(Template)]
#[template(path = "empty.html")]
struct Nothing {
    icon: Markup,
    title: &'static str,
    text: String,
    nested: bool,
}

/// Where a list would be. `nested`: below a heading of its own.
#[component]
pub fn Empty(
    icon: &'static str,
    title: &'static str,
    #[prop(into)] text: String,
    #[prop(optional)] nested: bool,
) -> impl IntoView {
    empty(icon, title, text, nested).into_render()
}

pub fn empty(name: &'static str, title: &'static str, text: String, nested: bool) -> Markup {
    Markup::written(&Nothing { icon: icon(name), title, text, nested })
}

/// What is shown instead of a page that failed.
pub fn failed_page(portal: Portal, place: Place, failure: Failure) -> Page {
    let (status, title) = (failure.status, failure.title.clone());
    let content = move |portal: &Portal| {
        let t = portal.texts;
        let messages =
            failure.messages.iter().map(|text| view! { <p class="result-note">{text.clone()}</p> }).collect_view();
        let reference = failure.reference.map(|reference| view! { <p class="reference">{t.reference(reference)}</p> });
        let icon = if failure.status.is_server_error() { "bang" } else { "invoice" };
        let code = t.error_code(failure.status.as_u16());
        view! {
            <ResultPage icon code title=failure.title>
                {messages}
                {reference}
                <div class="cluster cluster-wide">
                    <a class="button button-primary" href=place.to("home")>{t.back_to_home()}</a>
                </div>
            </ResultPage>
        }
    };
    Page::signed_in(portal, place, &title, content).with_status(status)
}
