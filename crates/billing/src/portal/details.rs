//! What customers change of themselves: contact, address and language.

use domain::changes::{Change, CustomerChange};
use domain::details::{DetailField, Details, Wrong};

use super::Me;
use crate::addresses::AddressVerdict;
use crate::customer_updates::{Updated, update_own};
use crate::{Error, Result};

/// What came of a change of details.
#[derive(Debug)]
pub enum Changed {
    /// With what is doubtful about the address.
    Done(AddressVerdict),
    /// Nothing was stored.
    Wrong(Vec<(DetailField, Wrong)>),
}

impl Me {
    /// `country_name`: how an invoice names a country of which the code is given.
    pub async fn change_details(
        &self,
        details: &Details,
        country_name: impl Fn(&str) -> Option<String>,
    ) -> Result<Changed> {
        let current = self.profile().await?.billing_contact;
        let contact = match details.change(&current, country_name) {
            Ok(contact) => contact,
            Err(wrong) => return Ok(Changed::Wrong(wrong)),
        };
        let change = CustomerChange { billing_contact: Some(contact), ..CustomerChange::default() };
        Ok(Changed::Done(self.change(change).await?.address))
    }

    /// What pages, documents and mails are written in from now on.
    pub async fn change_language(&self, locale: &str) -> Result<()> {
        if !texts::LOCALES.contains(&locale) {
            return Err(Error::invalid("locale", "locale must be one of those that are offered."));
        }
        let change = CustomerChange { locale: Change::To(locale.to_owned()), ..CustomerChange::default() };
        self.change(change).await.map(drop)
    }

    async fn change(&self, change: CustomerChange) -> Result<Updated> {
        update_own(&self.billing, self.org.id, &self.actor(), self.id(), change).await
    }
}
