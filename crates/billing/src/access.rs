//! Access to an account, as those who have it see and keep it: where they are signed in, and how that ends.

use domain::customers::Customer;
use domain::dates::Timestamp;
use domain::ids::{ContactId, CustomerId, SessionId};
use store::sessions::NONE;

pub use store::sessions::ListedSession;

use crate::mails::access::{Access, tell};
use crate::portal::Me;
use crate::sessions::Client;
use crate::{Billing, Error, Result, Unit, View};

/// A contact has come in: who reads its mail is told when that was on another device than before. Devices are told
/// apart by browser and system and not by a cookie, which browsers refuse in the merchant's frame: there every sign-in
/// would be one on a new device, and nobody would read those mails any more.
pub(crate) async fn entered(
    billing: &Billing,
    unit: &mut Unit,
    (customer, contact): (CustomerId, ContactId),
    client: &Client,
) -> Result<()> {
    let (org, now) = (unit.org.id, unit.now);
    let known = store::known_devices::remember(&mut unit.tx, org, contact, client.device, now).await?;
    unit.audit("signed in", &format!("contact {contact}")).await?;
    if known.any && !known.this {
        let customer = found(unit, customer).await?;
        tell(billing, unit, &customer, Access::NewDevice(client)).await?;
    }
    Ok(())
}

pub(crate) async fn found(unit: &mut Unit, id: CustomerId) -> Result<Customer> {
    let found = store::customers::find(&mut unit.tx, unit.org.id, id).await?;
    found.ok_or_else(|| Error::bug("a contact without its customer"))
}

/// Where a customer is signed in, the session used last on top.
pub async fn sessions(view: &mut View, customer: CustomerId, now: Timestamp) -> Result<Vec<ListedSession>> {
    Ok(store::sessions::list(&mut view.conn, view.org.id, customer, now).await?)
}

/// Ends a session, whosever it is: for the merchant.
pub async fn end_session(unit: &mut Unit, id: SessionId) -> Result<()> {
    let customer = store::sessions::customer_of(&mut unit.tx, unit.org.id, id, unit.now).await?;
    end_one(unit, customer.ok_or(Error::NotFound("session"))?, id).await
}

async fn end_one(unit: &mut Unit, customer: CustomerId, id: SessionId) -> Result<()> {
    if store::sessions::end(&mut unit.tx, unit.org.id, customer, id, unit.now).await? == 0 {
        return Err(Error::NotFound("session"));
    }
    unit.audit("ended a session", &format!("session {id} of customer {customer}")).await
}

impl Me {
    pub async fn sessions(&self) -> Result<Vec<ListedSession>> {
        sessions(&mut self.view().await?, self.id(), self.billing.now(&self.org)).await
    }

    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        self.billing.unit(self.org.id, &self.actor(), async |unit| end_one(unit, self.id(), id).await).await
    }

    /// Ends all but the one that it is asked from.
    pub async fn end_other_sessions(&self, but: SessionId) -> Result<()> {
        self.billing
            .unit(self.org.id, &self.actor(), async |unit| {
                let (org, now) = (unit.org.id, unit.now);
                if store::sessions::end_others(&mut unit.tx, org, self.id(), but, now).await? > 0 {
                    unit.audit("ended all other sessions", &format!("customer {}", self.id())).await?;
                }
                Ok(())
            })
            .await
    }
}

/// The customer may not enter any more: all its sessions end with the right to have them.
pub(crate) async fn end_all(unit: &mut Unit, customer: CustomerId) -> Result<()> {
    store::sessions::end_others(&mut unit.tx, unit.org.id, customer, NONE, unit.now).await?;
    Ok(())
}

/// The contact's way in has changed: what it opened before is closed, but for `but`.
pub(crate) async fn end_of_contact(
    unit: &mut Unit,
    (customer, contact): (CustomerId, ContactId),
    but: SessionId,
) -> Result<()> {
    store::sessions::end_of_contact(&mut unit.tx, unit.org.id, (customer, contact), but, unit.now).await?;
    Ok(())
}
