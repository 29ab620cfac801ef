//! The document around every page: head, header with navigation, main column, footer.

use billing::branding::logo_address;
use domain::branding::{Logo, Theme};
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::{Failure, Page};
use crate::ui::{Place, Problems, Tab, TokenField};

/// The text of a `<title>`, escaped: it is text to browsers, and Leptos' markers for child nodes would be seen in it.
pub struct Title(String);

impl From<String> for Title {
    fn from(text: String) -> Title {
        Title(html_escape::encode_text(&text).into_owned())
    }
}

/// The merchant's logo, where there is one: in the context of every page.
#[derive(Clone, Default)]
pub struct BrandLogo(pub Option<Logo>);

/// All of a page's HTML. `stylesheets`: the merchant's, after ours.
#[component]
pub fn Document(
    t: Texts,
    css: String,
    stylesheets: Vec<String>,
    theme: Theme,
    #[prop(into)] title: Title,
    script: AnyView,
    body: AnyView,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=t.tag() dir=t.direction()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.scheme()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css/>
                {stylesheets.into_iter().map(|href| view! { <link rel="stylesheet" href=href/> }).collect_view()}
                <title inner_html=title.0></title>
                {script}
            </head>
            <body class="portal">{body}</body>
        </html>
    }
}

/// A signed-in page.
#[component]
pub fn Layout(portal: Portal, place: Place, children: Children) -> impl IntoView {
    let org = portal.me.org.clone();
    let flash = portal.flash.clone();
    let t = portal.texts;
    let login_url = portal.look.login_url.clone();
    view! {
        <a class="skip-link" href="#main">{t.skip_to_content()}</a>
        <header class="portal-header">
            <a class="brand" href=place.to("home")><Brand org=org.name.clone()/></a>
            <form class="signed-in" method="post" action=place.to("logout")>
                <TokenField token=portal.form_token.clone()/>
                <span class="signed-in-name">{portal.me.account.name.clone()}</span>
                <button class="button button-quiet button-small">{t.sign_out()}</button>
            </form>
            {(!portal.look.hides_navigation).then(|| view! { <Tabs portal place/> })}
        </header>
        <main class="portal-main" id="main">
            {flash.map(|flash| view! { <Problems flash/> })}
            {children()}
        </main>
        <Footer t/>
        <SessionDialogs t login_url/>
    }
}

/// Opened by the page's script before the session ends, and when it has.
#[component]
fn SessionDialogs(t: Texts, login_url: Option<String>) -> impl IntoView {
    let href = login_url.unwrap_or_else(|| "/widget/login".to_owned());
    let target = (!href.starts_with('/')).then_some("_top");
    view! {
        <dialog class="dialog" id="session-warning" aria-labelledby="session-warning-title">
            <form method="dialog">
                <h2 id="session-warning-title">{t.session_warning_title()}</h2>
                <p>{t.session_warning_text()}</p>
                <p class="session-final-note">{t.session_final_text()}</p>
                <button class="button button-primary button-large button-wide">{t.stay_signed_in()}</button>
            </form>
        </dialog>
        <dialog class="dialog" id="session-over" aria-labelledby="session-over-title">
            <h2 id="session-over-title">{t.session_over_title()}</h2>
            <p>{t.session_over_text()}</p>
            <a class="button button-primary button-large button-wide" href=href target=target rel="noreferrer">
                {t.sign_in()}
            </a>
        </dialog>
    }
}

#[component]
fn Tabs(portal: Portal, place: Place) -> impl IntoView {
    let t = portal.texts;
    let item = |tab: Tab| {
        let current = (Some(tab) == place.tab).then(|| if place.page == tab.page() { "page" } else { "true" });
        view! { <li><a href=place.to(tab.page()) aria-current=current>{tab.label(t)}</a></li> }
    };
    let tabs = Tab::ALL.into_iter().filter(|tab| tab.is_offered(&portal.me)).map(item).collect_view();
    view! { <nav class="tabs" aria-label=t.my_account()><ul>{tabs}</ul></nav> }
}

/// A page without session.
#[component]
pub fn Bare(t: Texts, #[prop(into)] org: Option<String>, children: Children) -> impl IntoView {
    let brand = org.map(|org| view! { <span class="brand"><Brand org/></span> });
    view! {
        <a class="skip-link" href="#main">{t.skip_to_content()}</a>
        <header class="portal-header">{brand}</header>
        <main class="portal-main entrance" id="main">{children()}</main>
        <Footer t/>
    }
}

#[component]
fn Brand(org: String) -> impl IntoView {
    if let Some(BrandLogo(Some(logo))) = use_context::<BrandLogo>() {
        let src = logo_address(&logo);
        return view! { <img class="brand-logo" src=src alt=org width=logo.width height=logo.height/> }.into_any();
    }
    let mark = org.chars().next().map(|first| first.to_uppercase().to_string());
    view! {
        <span class="brand-mark" aria-hidden="true">{mark}</span>
        " "
        <span class="brand-name">{org}</span>
    }
    .into_any()
}

#[component]
fn Footer(t: Texts) -> impl IntoView {
    view! {
        <footer class="portal-footer">
            <span><img src="/favicon.svg" alt="" width="14" height="14"/>{t.powered_by()}</span>
        </footer>
    }
}

#[component]
pub fn Icon(name: &'static str, #[prop(default = "icon")] class: &'static str) -> impl IntoView {
    view! { <svg class=class aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
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

/// Where a list would be. `nested`: below a heading of its own.
#[component]
pub fn Empty(
    icon: &'static str,
    title: &'static str,
    #[prop(into)] text: String,
    #[prop(optional)] nested: bool,
) -> impl IntoView {
    let title = if nested { view! { <h3>{title}</h3> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() };
    view! {
        <div class="empty">
            <Icon name=icon/>
            {title}
            <p>{text}</p>
        </div>
    }
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
