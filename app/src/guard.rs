//! Who a page is for, and what it is made with.

use std::sync::Arc;

use billing::passkeys::{self, Ceremony, Site};
use billing::portal::Me;
use billing::sessions::{Checkout, Client, Flash, Look, Standing};
use domain::ids::SessionId;
use domain::organizations::Organization;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::*;
use texts::Texts;

use crate::ui::Markup;

/// A signed-in page's visitor: the right to see it, and what the session keeps.
#[derive(Clone)]
pub struct Portal {
    pub me: Me,
    pub texts: Texts,
    pub form_token: String,
    pub look: Look,
    pub flash: Option<Flash>,
    pub checkout: Option<Checkout>,
    /// Its own, by the id that others see.
    pub session: SessionId,
    pub standing: Standing,
    pub client: Client,
    pub site: Site,
}

/// The visitor of a page without session.
#[derive(Clone)]
pub struct Visitor {
    pub org: Arc<Organization>,
    pub texts: Texts,
    pub form_token: String,
    /// The last attempt to log in was refused.
    pub failed: bool,
    /// The page to come back to once signed in.
    pub next: Option<String>,
    /// A new password was just chosen.
    pub changed: bool,
    pub passkey: PasskeyRequest,
}

/// What a page's script asks the browser for a passkey with.
#[derive(Clone)]
pub struct PasskeyRequest {
    pub challenge: String,
    pub host: String,
}

impl PasskeyRequest {
    pub fn of(portal: &Portal, ceremony: Ceremony) -> PasskeyRequest {
        let challenge = passkeys::challenge(&portal.me.billing, &portal.me.org, ceremony);
        PasskeyRequest { challenge, host: portal.site.host.clone() }
    }
}

/// The files that pages refer to.
#[derive(Clone)]
pub struct Assets {
    /// `/pkg/app.<hash>.css`
    pub css: String,
    /// Where the islands' code was built.
    pub islands: Option<IslandScripts>,
    pub options: LeptosOptions,
}

/// What brings islands to life, as Leptos writes it: made once, for Leptos reads the names of the files from the disk
/// each time. Every page puts its own nonce into it.
#[derive(Clone)]
pub struct IslandScripts {
    html: Arc<str>,
    /// Stands for the nonce of a page.
    nonce: Arc<str>,
}

impl IslandScripts {
    pub fn new(options: LeptosOptions) -> IslandScripts {
        Owner::new().with(|| {
            provide_nonce();
            let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
            let html = view! { <HydrationScripts options islands=true/> }.to_html();
            IslandScripts { html: html.into(), nonce: nonce.into() }
        })
    }

    pub(crate) fn with_nonce(&self, nonce: &str) -> Markup {
        Markup::finished(self.html.replace(&*self.nonce, nonce))
    }
}
