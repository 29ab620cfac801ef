//! Passkeys: added with the browser's help, named, taken away.

use billing::credentials::SignedIn;
use billing::passkeys::{self, ALGORITHMS, Attestation, Ceremony, NAME_MAX, Passkey};
use billing::sessions::Flash;
use billing::{Error, Result};
use domain::checks::Problems;
use domain::ids::PasskeyId;
use leptos::prelude::*;
use texts::Texts;

use super::overview::{Part, Setting};
use super::{Change, confirm, guarded, only_by_password, place};
use crate::forms::{Answer, Form, complaint};
use crate::guard::{PasskeyRequest, Portal};
use crate::page::Page;
use crate::ui::{Field, Icon, Input, PASSKEYS_SCRIPT, Place, Problems as Complaint, TokenField};

pub const HERE: Place = place("security/passkeys");

/// Its part of the overview.
pub async fn summary(portal: &Portal) -> Result<Option<AnyView>> {
    let Some(contact) = portal.me.contact else { return Ok(None) };
    let t = portal.texts;
    let names: Vec<String> = portal.me.passkeys(contact).await?.into_iter().map(|passkey| passkey.name).collect();
    let note = if names.is_empty() { t.passkeys_none().to_owned() } else { names.join(", ") };
    let shown = view! {
        <Part id="passkeys" title=t.passkeys() text=t.passkeys_text()>
            <ul class="settings"><Setting name=t.passkeys() note to=HERE.page action=t.manage()/></ul>
        </Part>
    };
    Ok(Some(shown.into_any()))
}

pub async fn load(mut portal: Portal) -> Result<Page> {
    let Some(contact) = portal.me.contact else { return Ok(only_by_password(portal, HERE)) };
    let t = portal.texts;
    let all = portal.me.passkeys(contact).await?;
    let username = portal.me.profile().await?.billing_contact.username.unwrap_or_default();
    let flash = if confirm::is_done(&portal) { portal.flash.take() } else { None };
    let page = guarded(portal, HERE, t.passkeys(), move |portal| {
        let rows = all.iter().map(|passkey| row(portal, passkey)).collect_view();
        let list = if all.is_empty() {
            view! { <p>{t.passkeys_none()}</p> }.into_any()
        } else {
            view! { <ul class="settings">{rows}</ul> }.into_any()
        };
        let adding = adding(portal, &all, username, flash.clone());
        view! {
            <Change t place=HERE title=t.passkeys()>
                {flash.map(|flash| view! { <Complaint flash/> })}
                <p class="page-intro">{t.passkeys_text()}</p>
                {list}
                {adding}
                <noscript><p class="page-intro">{t.passkeys_need_script()}</p></noscript>
            </Change>
        }
    });
    Ok(page.await?.with_script(PASSKEYS_SCRIPT))
}

fn row(portal: &Portal, passkey: &Passkey) -> impl IntoView + use<> {
    let (t, zone, token) = (portal.texts, &portal.me.org.time_zone, portal.form_token.clone());
    let since = t.passkey_since(t.date(passkey.created_at.date_in(zone)));
    let used = passkey.used_at.map(|used| t.passkey_used(t.date(used.date_in(zone))));
    let note = [Some(since), used].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let name = passkey.name.clone();
    view! {
        <li class="setting">
            <div>
                <p class="setting-name">{name.clone()}</p>
                <p class="setting-note">{note}</p>
            </div>
            <form method="post">
                <TokenField token/>
                <input type="hidden" name="remove" value=passkey.id.to_string()/>
                <button class="button button-small">
                    {t.passkey_remove()}<span class="visually-hidden">{format!(": {name}")}</span>
                </button>
            </form>
        </li>
    }
}

fn adding(portal: &Portal, all: &[Passkey], username: String, flash: Option<Flash>) -> Option<AnyView> {
    let (t, me) = (portal.texts, &portal.me);
    let contact = me.contact?;
    let PasskeyRequest { challenge, host } = PasskeyRequest::of(portal, Ceremony::Add(contact));
    let asked = challenge.clone();
    let known = all.iter().map(|passkey| passkey.credential_id.as_str()).collect::<Vec<_>>().join(" ");
    let algorithms = ALGORITHMS.map(|algorithm| algorithm.to_string()).join(" ");
    let name = Input {
        length_max: u32::try_from(NAME_MAX).ok(),
        hint: Some(t.passkey_name_hint()),
        ..Input::text("name", t.passkey_name(), "off")
    };
    let form = view! {
        <form
            class="entrance-form"
            method="post"
            hidden
            data-passkey="create"
            data-challenge=challenge
            data-rp=host
            data-merchant=me.org.name.clone()
            data-user=passkeys::user_handle(me, contact)
            data-username=username
            data-algorithms=algorithms
            data-known=known
        >
            <div class="alert alert-error" role="alert" data-problem hidden>
                <Icon name="alert"/>
                <p>{t.passkey_not_added()}</p>
            </div>
            <TokenField token=portal.form_token.clone()/>
            <input type="hidden" name="challenge" value=asked/>
            <input type="hidden" name="client_data"/>
            <input type="hidden" name="attestation"/>
            <Field input=name flash/>
            <button class="button button-primary button-large">{t.passkey_add()}</button>
        </form>
    };
    Some(form.into_any())
}

pub async fn act(portal: &Portal, signed_in: SignedIn, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    if let Some(id) = form.get("remove") {
        let id = id.parse().map(PasskeyId).map_err(|_| Error::NotFound("passkey"))?;
        passkeys::remove(&portal.me, signed_in, id).await?;
        return Ok(said(t.passkey_removed()));
    }
    let part = |name| form.get(name).unwrap_or_default().to_owned();
    let (challenge, name) = (part("challenge"), part("name"));
    let answer = Attestation { challenge, client_data: part("client_data"), attestation: part("attestation") };
    let with = (&portal.standing, &portal.site);
    match passkeys::add(&portal.me, signed_in, with, (&name, &answer)).await {
        Ok(Some(standing)) => Ok(said(t.passkey_added()).standing(standing)),
        Ok(None) => Ok(wrong(t, "", t.passkey_not_added().to_owned())),
        Err(Error::Invalid(_)) => Ok(wrong(t, "name", t.passkey_name_wrong(NAME_MAX))),
        Err(error) => Err(error),
    }
}

fn said(title: &str) -> Answer {
    Answer::to(HERE.page).saying(Flash { title: title.to_owned(), ..Flash::default() })
}

fn wrong(t: Texts, field: &str, message: String) -> Answer {
    Answer::to(HERE.page).saying(complaint(t.correct_fields(1), &Problems::one(field, message)))
}
