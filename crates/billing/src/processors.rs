//! Who charges for an organization: the Test Processor in test mode, else the processor that its account is with. The
//! account is opened when somebody is to be asked, outside any transaction.

use std::sync::Arc;

use domain::contacts::Password;
use domain::ids::OrganizationId;
use domain::organizations::Organization;
use domain::payments::Processor;
use serde::{Deserialize, Serialize};
use store::processor_accounts::Account;

use crate::ports::{Gateway, ProcessorAccount, ProcessorCredentials};
use crate::secrets::Vault;
use crate::{Billing, Error, Result};

impl Billing {
    /// Who charges for an organization now; `None`: nobody does.
    pub async fn processor(&self, organization: &Organization) -> Result<Option<Arc<dyn Gateway>>> {
        match organization.processor {
            Some(processor) => self.processor_of(organization.id, processor).await.map(Some),
            None => Ok(None),
        }
    }

    /// The one that took a payment, whichever the organization has now.
    pub async fn processor_of(&self, org: OrganizationId, processor: Processor) -> Result<Arc<dyn Gateway>> {
        if processor == Processor::Test {
            return Ok(self.gateway.clone());
        }
        let account = self.processor_account(org, processor).await?;
        let account = account.ok_or_else(|| Error::bug(format!("there is no account with {}", processor.title())))?;
        let gateway = self.connect.connect(&account);
        gateway.ok_or_else(|| Error::bug(format!("there is no way to {}", processor.title())))
    }

    /// An organization's account with a processor, opened.
    pub async fn processor_account(
        &self,
        org: OrganizationId,
        processor: Processor,
    ) -> Result<Option<ProcessorAccount>> {
        let found = store::processor_accounts::find(&mut self.db.read().await?, org, processor).await?;
        let Some(Account { url, credentials_sealed, .. }) = found else { return Ok(None) };
        let credentials = open(&self.vault, org, processor, &credentials_sealed);
        let credentials =
            credentials.ok_or_else(|| Error::bug(format!("no key opens the account with {}", processor.title())))?;
        Ok(Some(ProcessorAccount { processor, url, credentials }))
    }
}

/// The place that credentials are sealed for.
pub(crate) fn place(org: OrganizationId, processor: Processor) -> String {
    format!("account of organization {org} with {processor}")
}

/// As they are sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    login: String,
    key: String,
    event_key: Option<String>,
}

pub(crate) fn seal(vault: &Vault, org: OrganizationId, account: &ProcessorAccount) -> Result<String> {
    let ProcessorCredentials { login, key, event_key } = &account.credentials;
    let sealed = Sealed {
        login: login.clone(),
        key: key.expose().to_owned(),
        event_key: event_key.as_ref().map(|key| key.expose().to_owned()),
    };
    let text = serde_json::to_string(&sealed).expect("texts are always JSON");
    vault.seal(&place(org, account.processor), &text)
}

pub(crate) fn open(
    vault: &Vault,
    org: OrganizationId,
    processor: Processor,
    sealed: &str,
) -> Option<ProcessorCredentials> {
    let text = vault.open(&place(org, processor), sealed)?;
    let Sealed { login, key, event_key } = serde_json::from_str(&text).ok()?;
    Some(ProcessorCredentials { login, key: Password::new(key), event_key: event_key.map(Password::new) })
}
