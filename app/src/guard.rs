//! What the server puts into the context of a page, and who may see one.

use std::sync::Arc;

use billing::portal::Me;
use billing::sessions::{Checkout, Flash, Look};
use billing::{Error, Result};
use domain::organizations::Organization;
use leptos::prelude::*;

/// A signed-in page's visitor: the right to see it, and what the session keeps.
#[derive(Clone)]
pub struct Portal {
    pub me: Me,
    pub form_token: String,
    pub look: Look,
    pub flash: Option<Flash>,
    pub checkout: Option<Checkout>,
}

/// The visitor of a page without session.
#[derive(Clone)]
pub struct Visitor {
    pub org: Arc<Organization>,
    pub form_token: String,
    /// The last attempt to log in was refused.
    pub failed: bool,
}

/// The files that pages refer to.
#[derive(Clone)]
pub struct Assets {
    /// `/pkg/app.<hash>.css`
    pub css: String,
    /// The islands' code was built.
    pub has_wasm: bool,
    pub options: LeptosOptions,
}

/// Who may frame a page: the value of `frame-ancestors`.
#[derive(Clone)]
pub struct Frame {
    pub ancestors: String,
}

/// Call it before the first await. The server redirects before a page without session is rendered.
pub fn signed_in() -> Result<Portal> {
    use_context().ok_or(Error::NotFound("session"))
}

pub fn visitor() -> Result<Visitor> {
    use_context().ok_or(Error::NotFound("page"))
}
