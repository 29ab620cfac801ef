//! What a seed file says of the world outside: who is told of events, who is asked about addresses.

use domain::contacts::Password;
use domain::events::EventType;
use domain::organizations::AddressValidation;
use domain::payments::Processor;
use toml::Spanned;

use super::Checker;
use crate::checks::is_allowed_callback;
use crate::ports::{AvalaraAccount, ProcessorAccount, ProcessorCredentials};
use crate::seed::{SeedCallback, file};

const STRIPE_URL: &str = "https://api.stripe.com";
const AUTHORIZE_NET_URL: &str = "https://api.authorize.net";
const SECRET_MAX: usize = 255;

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
            url: avalara
                .url
                .as_ref()
                .map_or_else(|| AVALARA_URL.to_owned(), |url| self.service_url(url, "avalara.url")),
        })
    }

    pub(super) fn processor(&mut self, org: &file::Organization) -> Option<ProcessorAccount> {
        let table = org.processor.as_ref()?;
        if org.mode.as_ref().is_some_and(|mode| mode.get_ref() == "test") {
            self.wrong(
                table.span(),
                "processor",
                "is only for mode = \"live\": in test mode the Test Processor charges",
            );
            return None;
        }
        let given = table.get_ref();
        let (processor, standard) = match given.kind.get_ref().as_str() {
            "stripe" => (Processor::Stripe, STRIPE_URL),
            "authorize_net" => (Processor::AuthorizeNet, AUTHORIZE_NET_URL),
            _ => {
                self.wrong(given.kind.span(), "processor.kind", "must be one of stripe, authorize_net");
                return None;
            }
        };
        let credentials = self.processor_credentials(table, processor);
        let url = given.url.as_ref().map(|url| self.service_url(url, "processor.url"));
        Some(ProcessorAccount { processor, url: url.unwrap_or_else(|| standard.to_owned()), credentials })
    }

    /// Each kind has keys of its own; one of another kind is a mistake.
    fn processor_credentials(
        &mut self,
        table: &Spanned<file::Processor>,
        processor: Processor,
    ) -> ProcessorCredentials {
        let given = table.get_ref();
        let is_stripe = processor == Processor::Stripe;
        let [secret_key, login_id, transaction_key] = [
            ("processor.secret_key", &given.secret_key, is_stripe),
            ("processor.login_id", &given.login_id, !is_stripe),
            ("processor.transaction_key", &given.transaction_key, !is_stripe),
        ]
        .map(|(field, value, is_wanted)| match value {
            Some(value) if is_wanted => self.secret(value, field),
            Some(value) => {
                self.wrong(value.span(), field, &format!("is no key of kind = \"{processor}\""));
                String::new()
            }
            None if is_wanted => {
                self.wrong(table.span(), field, &format!("is missing; kind = \"{processor}\" needs it"));
                String::new()
            }
            None => String::new(),
        });
        let event_key = given.webhook_secret.as_ref().map(|value| self.secret(value, "processor.webhook_secret"));
        ProcessorCredentials {
            login: login_id,
            key: Password::new(if is_stripe { secret_key } else { transaction_key }),
            event_key: event_key.map(Password::new),
        }
    }

    /// What fits into a header.
    fn secret(&mut self, value: &file::Text, field: &str) -> String {
        let text = value.get_ref().trim();
        if text.is_empty() || text.len() > SECRET_MAX || !text.chars().all(|c| c.is_ascii_graphic()) {
            let what = format!("must have 1 to {SECRET_MAX} printable ASCII characters and no blank");
            self.wrong(value.span(), field, &what);
        }
        text.to_owned()
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

    fn service_url(&mut self, url: &file::Text, field: &str) -> String {
        let base = url.get_ref().trim_end_matches('/');
        let is_base = is_allowed_callback(base) && !base.contains(['?', '#']);
        if !is_base {
            let what = "must be https and public, or http on loopback, without ? and #";
            self.wrong(url.span(), field, what);
        }
        base.to_owned()
    }
}
