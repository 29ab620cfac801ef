//! Everything about signing in on one page.

use billing::access::ListedSession;
use billing::{Error, Result};
use domain::contacts::Contact;
use domain::devices::Device;
use domain::ids::SessionId;
use leptos::prelude::*;
use texts::Texts;

use super::{authenticator, changes, passkeys, place};
use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Place, TokenField};

pub const HERE: Place = place("security");

pub async fn load(portal: Portal) -> Result<Page> {
    let t = portal.texts;
    let contact = match portal.me.contact {
        Some(_) => Some(portal.me.profile().await?.billing_contact),
        None => None,
    };
    let sessions = portal.me.sessions().await?;
    let second = authenticator::summary(&portal).await?;
    let keys = passkeys::summary(&portal).await?;
    Ok(Page::signed_in(portal, HERE, t.security(), move |portal| {
        let sign_in = contact.map(|contact| sign_in(t, &contact));
        view! {
            <div class="page-head"><h1>{t.security()}</h1></div>
            {sign_in}
            {second}
            {keys}
            {signed_in(portal, sessions)}
        }
    }))
}

/// A part of the page: what it is about, and its lines.
#[component]
pub(super) fn Part(id: &'static str, title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="account-section" aria-labelledby=id>
            <div>
                <h2 id=id>{title}</h2>
                <p>{text}</p>
            </div>
            {children()}
        </section>
    }
}

fn sign_in(t: Texts, contact: &Contact) -> impl IntoView + use<> {
    let username = contact.username.clone().unwrap_or_default();
    let email = contact.email_primary.clone();
    view! {
        <Part id="sign-in" title=t.sign_in_data() text=t.sign_in_data_text()>
            <ul class="settings">
                <Setting name=t.username() note=username to=changes::USERNAME.page action=t.change()/>
                <Setting name=t.password() note="••••••••" to=changes::PASSWORD.page action=t.change()/>
                <Setting name=t.email_address() note=email to=changes::EMAIL.page action=t.change()/>
            </ul>
        </Part>
    }
}

/// A line with a link to where it is changed.
#[component]
pub(super) fn Setting(
    name: &'static str,
    #[prop(into)] note: String,
    to: &'static str,
    action: &'static str,
) -> impl IntoView {
    view! {
        <li class="setting">
            <div>
                <p class="setting-name">{name}</p>
                <p class="setting-note">{note}</p>
            </div>
            <a class="button button-small" href=HERE.to(to)>
                {action}<span class="visually-hidden">{format!(": {name}")}</span>
            </a>
        </li>
    }
}

fn signed_in(portal: &Portal, sessions: Vec<ListedSession>) -> impl IntoView + use<> {
    let t = portal.texts;
    let has_others = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| row(portal, &session)).collect_view();
    let token = portal.form_token.clone();
    let others = has_others.then(|| {
        view! {
            <form method="post">
                <TokenField token/>
                <input type="hidden" name="end" value="others"/>
                <button class="button">{t.sessions_end_others()}</button>
            </form>
        }
    });
    view! {
        <Part id="sessions" title=t.sessions() text=t.sessions_text()>
            <div class="stack">
                <ul class="settings">{rows}</ul>
                {others}
            </div>
        </Part>
    }
}

fn row(portal: &Portal, session: &ListedSession) -> impl IntoView + use<> {
    let (t, zone) = (portal.texts, &portal.me.org.time_zone);
    let shown = device(t, session.device);
    let is_this = session.id == portal.session;
    let since = t.session_since(t.moment(session.started_at, zone));
    let seen = (!is_this).then(|| t.session_seen(t.moment(session.seen_at, zone)));
    let through = session.contact_id.is_none().then(|| t.session_through(&portal.me.org.name));
    let address = (!session.address.is_empty()).then(|| session.address.clone());
    let note = [Some(since), seen, through, address].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let end = if is_this {
        view! { <span class="badge badge-active">{t.session_this()}</span> }.into_any()
    } else {
        let token = portal.form_token.clone();
        view! {
            <form method="post">
                <TokenField token/>
                <input type="hidden" name="end" value=session.id.to_string()/>
                <button class="button button-small">
                    {t.sign_out()}<span class="visually-hidden">{format!(": {shown}")}</span>
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="setting">
            <div>
                <p class="setting-name">{shown.clone()}</p>
                <p class="setting-note">{note}</p>
            </div>
            {end}
        </li>
    }
}

/// `Firefox on Windows`
fn device(t: Texts, device: Device) -> String {
    match (device.browser.as_str(), device.system.as_str()) {
        ("", "") => t.device_unknown().to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (browser, system) => t.device_on(browser, system),
    }
}

/// Ends one of the sessions, or all others.
pub async fn act(portal: &Portal, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    match form.get("end") {
        Some("others") => {
            portal.me.end_other_sessions(portal.session).await?;
            Ok(changes::done(t.sessions_others_ended()))
        }
        Some(id) => {
            let id = id.parse().map(SessionId).map_err(|_| Error::NotFound("session"))?;
            match portal.me.end_session(id).await {
                // Whoever wanted it to end has what was wanted.
                Ok(()) | Err(Error::NotFound(_)) => Ok(changes::done(t.session_ended())),
                Err(error) => Err(error),
            }
        }
        None => Err(Error::NotFound("page")),
    }
}
