//! What every request can reach.

use std::sync::Arc;

use app::guard::Assets;
use axum::extract::FromRef;
use billing::Billing;
use leptos::prelude::LeptosOptions;

use crate::config::Config;
use crate::throttle::Throttle;

#[derive(Clone)]
pub struct State {
    pub billing: Billing,
    pub config: Arc<Config>,
    pub assets: Assets,
    /// The port that is really listened on.
    pub port: u16,
    /// Failed attempts at the portal, per address.
    pub failures: Arc<Throttle>,
    /// API requests, per user.
    pub requests: Arc<Throttle>,
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> LeptosOptions {
        state.assets.options.clone()
    }
}

impl State {
    /// The host that an organization answers at.
    pub fn host(&self, subdomain: &str) -> String {
        format!("{subdomain}.{}", self.config.base_domain)
    }

    pub fn public_url(&self, subdomain: &str) -> String {
        self.config.public_url(subdomain, self.port)
    }
}
