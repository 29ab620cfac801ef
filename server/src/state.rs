//! What every request can reach.

use std::ops::Deref;
use std::sync::Arc;

use app::guard::Assets;
use axum::extract::FromRef;
use billing::Billing;
use billing::passkeys::Site;
use leptos::prelude::LeptosOptions;

use crate::config::Config;
use crate::throttle::Throttle;

/// Cloned for every request and every layer it passes: one pointer.
#[derive(Clone)]
pub struct State(Arc<Shared>);

pub struct Shared {
    pub billing: Arc<Billing>,
    pub config: Config,
    pub assets: Assets,
    /// The port that is really listened on.
    pub port: u16,
    /// Failed attempts at the portal, per address.
    pub failures: Throttle,
    /// Wrong balances at quick pay, per invoice.
    pub misses: Throttle,
    /// Events of processors without a good signature, per address.
    pub unsigned: Throttle,
    /// API requests, per user.
    pub requests: Throttle,
}

impl Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> LeptosOptions {
        state.assets.options.clone()
    }
}

impl State {
    pub fn new(shared: Shared) -> State {
        State(Arc::new(shared))
    }

    /// The host that an organization answers at.
    pub fn host(&self, subdomain: &str) -> String {
        format!("{subdomain}.{}", self.config.base_domain)
    }

    /// What passkeys are made for.
    pub fn site(&self, subdomain: &str) -> Site {
        Site { host: self.host(subdomain), origin: self.public_url(subdomain) }
    }

    pub fn public_url(&self, subdomain: &str) -> String {
        self.config.public_url(subdomain, self.port)
    }
}
