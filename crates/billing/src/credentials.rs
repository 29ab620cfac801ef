//! What a contact signs in with, changed by the contact itself. Whoever only has the merchant's word for it has no
//! contact, and can do none of this; whoever has one is asked for the current password, or a passkey, first (product
//! survey E12).

use domain::access::Actor;
use domain::changes::{Change, ContactChange, CustomerChange};
use domain::contacts::{Password, USERNAME_MAX, USERNAME_MIN, is_email};
use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{ContactId, CustomerId, SessionId};
use domain::passwords::{WeakPassword, check_chosen};

use crate::mails::access::{Access, tell, tell_at};
use crate::portal::Me;
use crate::sessions::{Standing, count_attempt};
use crate::{Error, Result, Unit, access, customer_updates, customers};

/// Who confirmed by password or passkey stays believed this long, by the organization's clock.
pub const CONFIRMED_SECONDS: i64 = 5 * 60;

/// A contact that has signed in by itself: the right to change its sign-in, once it has confirmed that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub customer: CustomerId,
    pub contact: ContactId,
    /// The one that it is done in: it stays open.
    pub session: SessionId,
}

impl SignedIn {
    /// `Denied` for a session that the merchant's word has opened.
    pub fn new(me: &Me, session: SessionId) -> Result<SignedIn> {
        let contact = me.contact.ok_or(Error::Denied)?;
        Ok(SignedIn { customer: me.account.customer, contact, session })
    }

    pub(crate) fn actor(self) -> Actor {
        Actor::Portal { customer: self.customer, contact: Some(self.contact) }
    }
}

/// Whether password or passkey was asked for a moment ago.
pub fn is_confirmed(me: &Me, standing: &Standing) -> bool {
    let now = me.billing.now(&me.org).as_seconds();
    standing.confirmed_at.is_some_and(|at| at <= now && now < at + CONFIRMED_SECONDS)
}

/// Asks for the current password again. `None`: it is not right, or the contact is locked; counted as at the entrance.
pub async fn confirm(
    me: &Me,
    signed_in: SignedIn,
    standing: &Standing,
    password: &Password,
) -> Result<Option<Standing>> {
    let (billing, org) = (&me.billing, me.org.id);
    let found = store::customers::password_of(&mut billing.view(&me.org).await?.conn, org, signed_in.contact).await?;
    let right = billing.passwords.verify(password, found).await?;
    let confirmed = billing
        .unit(org, &signed_in.actor(), async |unit| {
            let confirmed = count_attempt(unit, signed_in.contact, right).await?;
            Ok(confirmed.then_some(unit.now.as_seconds()))
        })
        .await?;
    Ok(confirmed.map(|at| Standing { confirmed_at: Some(at), ..standing.clone() }))
}

/// Another password. All other sessions of the contact end.
pub async fn change_password(
    me: &Me,
    signed_in: SignedIn,
    password: &Password,
) -> Result<std::result::Result<(), WeakPassword>> {
    let (billing, org) = (&me.billing, me.org.id);
    let username = me.profile().await?.billing_contact.username.unwrap_or_default();
    if let Err(weak) = check_chosen(password, &username) {
        return Ok(Err(weak));
    }
    let hash = billing.passwords.hash(password).await?;
    let hash = hash.as_str();
    billing
        .unit(org, &signed_in.actor(), async |unit| {
            let customer = own(unit, signed_in).await?;
            store::customer_updates::save_password(&mut unit.tx, unit.org.id, signed_in.contact, Some(hash)).await?;
            store::forgotten::end_resets(&mut unit.tx, unit.org.id, signed_in.contact, unit.now).await?;
            access::end_of_contact(unit, (signed_in.customer, signed_in.contact), signed_in.session).await?;
            unit.happened(EventType::CustomerUpdated, customer.id, customer.id.0).await?;
            unit.audit("changed the password", &format!("contact {}", signed_in.contact)).await?;
            tell(billing, unit, &customer, Access::PasswordChanged).await
        })
        .await?;
    Ok(Ok(()))
}

/// Another user name. `Invalid`: its length is not right; `Conflict`: others have it.
pub async fn change_username(me: &Me, signed_in: SignedIn, username: &str) -> Result<()> {
    if !(USERNAME_MIN..=USERNAME_MAX).contains(&username.chars().count()) {
        let message = format!("must have {USERNAME_MIN} to {USERNAME_MAX} characters");
        return Err(Error::invalid("username", message));
    }
    let contact = ContactChange { username: Change::To(username.to_owned()), ..ContactChange::default() };
    let changed = change(me, signed_in, contact, Access::UsernameChanged { to: username }).await;
    changed.map_err(|error| match error {
        Error::Invalid(_) => Error::Conflict("the user name is taken".to_owned()),
        other => other,
    })
}

/// Another address for mails; whoever reads the one from before is told of it, too.
pub async fn change_email(me: &Me, signed_in: SignedIn, email: &str) -> Result<()> {
    if !is_email(email) {
        return Err(Error::invalid("email", "must be an e-mail address like ann@example.com"));
    }
    let contact = ContactChange { email_primary: Change::To(email.to_owned()), ..ContactChange::default() };
    change(me, signed_in, contact, Access::EmailChanged { to: email }).await
}

/// With mails to the address from before and to the one from now on.
async fn change(me: &Me, signed_in: SignedIn, contact: ContactChange, told: Access<'_>) -> Result<()> {
    let (billing, contact) = (&me.billing, &contact);
    billing
        .unit(me.org.id, &signed_in.actor(), async |unit| {
            let before = own(unit, signed_in).await?;
            let change = CustomerChange { billing_contact: Some(contact.clone()), ..CustomerChange::default() };
            let after = customer_updates::change(unit, before.id, change).await?.customer;
            if after.billing_contact == before.billing_contact {
                return Ok(());
            }
            unit.audit(told.action(), &format!("contact {}", signed_in.contact)).await?;
            let address = &before.billing_contact.email_primary;
            tell_at(billing, unit, (&after, address), told).await?;
            if after.billing_contact.email_primary != *address {
                tell(billing, unit, &after, told).await?;
            }
            Ok(())
        })
        .await
}

/// The customer, locked, if the contact is still its billing contact and may sign in.
pub(crate) async fn own(unit: &mut Unit, signed_in: SignedIn) -> Result<Customer> {
    let customer = customers::lock(unit, signed_in.customer).await?;
    let contact = &customer.billing_contact;
    if contact.id != signed_in.contact || contact.account_locked {
        return Err(Error::Denied);
    }
    Ok(customer)
}
