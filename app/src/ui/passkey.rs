//! The form that a passkey answers. It is hidden until the page's script has seen that the browser knows passkeys.

use billing::passkeys::Assertion;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::Form;
use crate::guard::PasskeyRequest;
use crate::ui::{Icon, TokenField};

pub const PASSKEYS_SCRIPT: &str = "/passkeys.js";

/// What its button says, and what is said when nothing comes of it.
#[derive(Clone, Copy)]
pub struct PasskeyWords {
    button: &'static str,
    refusal: &'static str,
}

impl PasskeyWords {
    pub fn sign_in(t: Texts) -> PasskeyWords {
        PasskeyWords { button: t.passkey_sign_in(), refusal: t.passkey_refused() }
    }

    pub fn confirm(t: Texts) -> PasskeyWords {
        PasskeyWords { button: t.passkey_confirm(), refusal: t.passkey_confirm_refused() }
    }
}

/// Posts to `action`, a page's own address where there is none. `next`: the page that it leads to.
#[component]
pub fn PasskeyForm(
    words: PasskeyWords,
    token: String,
    request: PasskeyRequest,
    #[prop(optional)] action: Option<String>,
    #[prop(optional_no_strip)] next: Option<String>,
) -> impl IntoView {
    let PasskeyRequest { challenge, host } = request;
    let asked = challenge.clone();
    let parts = ["credential_id", "client_data", "authenticator_data", "signature", "user_handle"];
    let parts = parts.map(|name| view! { <input type="hidden" name=name/> });
    view! {
        <form class="entrance-form" method="post" action=action data-passkey="get" data-challenge=challenge data-rp=host hidden>
            <div class="alert alert-error" role="alert" data-problem hidden>
                <Icon name="alert"/>
                <p>{words.refusal}</p>
            </div>
            <TokenField token/>
            <input type="hidden" name="challenge" value=asked/>
            {parts.collect_view()}
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <button class="button button-large button-wide">{words.button}</button>
        </form>
    }
}

/// What such a form brings.
pub fn assertion(form: &Form) -> Assertion {
    let part = |name| form.get(name).unwrap_or_default().to_owned();
    Assertion {
        challenge: part("challenge"),
        credential_id: part("credential_id"),
        client_data: part("client_data"),
        authenticator_data: part("authenticator_data"),
        signature: part("signature"),
        user_handle: part("user_handle"),
    }
}
