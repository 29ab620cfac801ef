//! What a seed file says of the world outside: who is told of events, who is asked about addresses.

use domain::contacts::Password;
use domain::events::EventType;
use domain::organizations::AddressValidation;

use super::Checker;
use crate::checks::is_allowed_callback;
use crate::ports::AvalaraAccount;
use crate::seed::{SeedCallback, file};

const AVALARA_URL: &str = "https://rest.avatax.com";
const CREDENTIAL_MAX: usize = 100;

impl Checker<'_> {
    pub(super) fn callback(&mut self, callback: &file::Callback) -> SeedCallback {
        if !is_allowed_callback(callback.url.get_ref()) {
            self.wrong(callback.url.span(), "callback.url", "must be https and public, or http on loopback");
        }
        for event in &callback.events {
            self.parsed::<EventType>(event, "callback.events", &format!("must be among {}", EventType::names()));
        }
        SeedCallback {
            url: callback.url.get_ref().clone(),
            secret: callback.secret.as_ref().map(|secret| secret.get_ref().clone()),
            events: callback.events.iter().map(|event| event.get_ref().as_str()).collect::<Vec<_>>().join(" "),
        }
    }

    pub(super) fn avalara(&mut self, org: &file::Organization) -> Option<AvalaraAccount> {
        if let (Some(validation), None) = (&org.address_validation, &org.avalara)
            && validation.get_ref() == AddressValidation::Avalara.as_str()
        {
            let what = "\"avalara\" needs the table [organization.avalara] with account and license_key";
            self.wrong(validation.span(), "address_validation", what);
        }
        let avalara = org.avalara.as_ref()?;
        Some(AvalaraAccount {
            account: self.credential(&avalara.account, "avalara.account"),
            license_key: Password::new(self.credential(&avalara.license_key, "avalara.license_key")),
            url: avalara.url.as_ref().map_or_else(|| AVALARA_URL.to_owned(), |url| self.service_url(url)),
        })
    }

    /// What fits into HTTP Basic, where a colon divides the two.
    fn credential(&mut self, value: &file::Text, field: &str) -> String {
        let text = value.get_ref().trim();
        let fits = text.chars().all(|c| c.is_ascii_graphic() && c != ':');
        if text.is_empty() || text.len() > CREDENTIAL_MAX || !fits {
            let what = format!("must have 1 to {CREDENTIAL_MAX} printable ASCII characters, no blank and no colon");
            self.wrong(value.span(), field, &what);
        }
        text.to_owned()
    }

    fn service_url(&mut self, url: &file::Text) -> String {
        let base = url.get_ref().trim_end_matches('/');
        let is_base = is_allowed_callback(base) && !base.contains(['?', '#']);
        if !is_base {
            let what = "must be https and public, or http on loopback, without ? and #";
            self.wrong(url.span(), "avalara.url", what);
        }
        base.to_owned()
    }
}
