//! Forgotten passwords and user names (`api.md` §8.2). Whoever asks gets the same answer after the same work, whether
//! there is such a contact or not: what is asked for is written down, and a job answers by mail.

use std::sync::Arc;

use domain::access::{Actor, Forgotten};
use domain::contacts::Password;
use domain::customers::Customer;
use domain::dates::Timestamp;
use domain::events::EventType;
use domain::ids::{ContactId, ForgottenId, JobId, OrganizationId};
use domain::organizations::Organization;
use domain::passwords::{WeakPassword, check_chosen};
use store::Conn;
use store::customers::Credentials;
use store::forgotten::{Asked, Reset};
use store::jobs::NewJob;
use store::sessions::NONE;

use crate::jobs::ANSWER_FORGOTTEN;
use crate::mails::access::{Access, tell};
use crate::secrets::{random_token, token_hash};
use crate::{Billing, Result, Unit, access, customers};

/// By the organization's clock.
pub const RESET_SECONDS: i64 = 60 * 60;
/// Mails to one contact in an hour of the wall clock: whoever asks for more annoys somebody.
const RESETS_AN_HOUR_MAX: i64 = 5;
const HOUR_SECONDS: i64 = 60 * 60;
const REMEMBERED_SECONDS: i64 = 24 * HOUR_SECONDS;
/// Characters of what is asked for that are kept; no name and no address is longer.
const ASKED_MAX: usize = 254;

/// Takes what somebody has forgotten. `page`: where a link in a mail is to lead.
pub async fn ask(billing: &Billing, org: OrganizationId, kind: Forgotten, (asked, page): (&str, &str)) -> Result<()> {
    let asked: String = asked.trim().chars().take(ASKED_MAX).collect();
    billing
        .unit(org, &Actor::System, async |unit| {
            let id = unit.id(ForgottenId).await?;
            let new = Asked { id, kind, asked: asked.clone(), page: page.to_owned() };
            store::forgotten::insert(&mut unit.tx, unit.org.id, &new, unit.wall).await?;
            let job = NewJob { id: unit.id(JobId).await?, kind: ANSWER_FORGOTTEN, object_id: id.0, run_at: unit.wall };
            store::jobs::insert(&mut unit.tx, unit.org.id, job, unit.wall).await?;
            Ok(())
        })
        .await
}

/// Answers by mail, if there is somebody to answer. What was asked for is forgotten with it.
pub(crate) async fn answer(billing: &Billing, org: OrganizationId, id: ForgottenId) -> Result<bool> {
    billing
        .unit(org, &Actor::System, async |unit| {
            if let Some(asked) = store::forgotten::find(&mut unit.tx, unit.org.id, id).await? {
                match asked.kind {
                    Forgotten::Password => send_link(billing, unit, &asked).await?,
                    Forgotten::Username => send_usernames(billing, unit, &asked).await?,
                }
                store::forgotten::delete(&mut unit.tx, unit.org.id, id).await?;
            }
            store::jobs::finish(&mut unit.tx, unit.org.id, ANSWER_FORGOTTEN, id.0).await?;
            Ok(true)
        })
        .await
}

/// Each link ends those from before.
async fn send_link(billing: &Billing, unit: &mut Unit, asked: &Asked) -> Result<()> {
    let found = store::customers::find_credentials(&mut unit.tx, unit.org.id, &asked.asked).await?;
    let Some(found) = found.filter(may_reset) else { return Ok(()) };
    let (org, wall) = (unit.org.id, unit.wall);
    store::forgotten::sweep_resets(&mut unit.tx, org, found.id, wall.add_seconds(-REMEMBERED_SECONDS)).await?;
    let since = wall.add_seconds(-HOUR_SECONDS);
    if store::forgotten::count_resets(&mut unit.tx, org, found.id, since).await? >= RESETS_AN_HOUR_MAX {
        return unit.audit("asked for too many new passwords", &format!("contact {}", found.id)).await;
    }
    let customer = access::found(unit, found.customer_id).await?;
    if customer.billing_contact.email_primary.is_empty() {
        return Ok(());
    }
    store::forgotten::end_resets(&mut unit.tx, org, found.id, unit.now).await?;
    let token = random_token();
    let expires_at = unit.now.add_seconds(RESET_SECONDS);
    let reset = Reset { contact_id: found.id, expires_at, used_at: None, asked_at: wall };
    store::forgotten::insert_reset(&mut unit.tx, org, &token_hash(&token), &reset).await?;
    unit.audit("was sent a link for a new password", &format!("contact {}", found.id)).await?;
    let link = with_tracking_id(&asked.page, &token);
    tell(billing, unit, &customer, Access::Reset { link: &link }).await
}

/// One mail, whatever the number of customers that get theirs at this address.
async fn send_usernames(billing: &Billing, unit: &mut Unit, asked: &Asked) -> Result<()> {
    let found = store::forgotten::usernames(&mut unit.tx, unit.org.id, &asked.asked).await?;
    let mut open = Vec::new();
    for (id, username) in found {
        let customer = access::found(unit, id).await?;
        if customer.status.may_enter_portal() && !customer.billing_contact.account_locked {
            open.push((customer, username));
        }
    }
    let names: Vec<String> = open.iter().map(|(_, username)| username.clone()).collect();
    let Some((first, _)) = open.first() else { return Ok(()) };
    unit.audit("was sent the user name", &format!("customer {}", first.id)).await?;
    tell(billing, unit, first, Access::Usernames(&names)).await
}

fn may_reset(found: &Credentials) -> bool {
    !found.account_locked && found.status.may_enter_portal()
}

/// The page with `trackingId` in its query, before a fragment.
fn with_tracking_id(page: &str, token: &str) -> String {
    let (before, fragment) = page.split_once('#').map_or((page, None), |(before, after)| (before, Some(after)));
    let sign = if before.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{before}{sign}trackingId={token}{fragment}")
}

/// Whether a new password can be chosen by this link. Asking uses nothing up.
pub async fn is_open(billing: &Billing, org: &Arc<Organization>, tracking_id: &str) -> Result<bool> {
    let now = billing.now(org);
    let mut view = billing.view(org).await?;
    Ok(owner(&mut view.conn, org.id, &token_hash(tracking_id), now).await?.is_some())
}

/// What choosing a new password comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    Done,
    Weak(WeakPassword),
    /// No such link, used, too old, or its contact may not sign in any more: the same for all.
    NoLink,
}

/// Gives the contact of a link its new password, unlocks it and ends its sessions. Only then is the link used up.
pub async fn choose(
    billing: &Billing,
    org: &Arc<Organization>,
    tracking_id: &str,
    password: &Password,
) -> Result<Chosen> {
    let link = token_hash(tracking_id);
    let found = owner(&mut billing.view(org).await?.conn, org.id, &link, billing.now(org)).await?;
    let Some((_, username)) = found else { return Ok(Chosen::NoLink) };
    if let Err(weak) = check_chosen(password, &username) {
        return Ok(Chosen::Weak(weak));
    }
    let hash = billing.passwords.hash(password).await?;
    let (link, hash) = (link.as_str(), hash.as_str());
    billing
        .unit(org.id, &Actor::System, async |unit| {
            // Again, as it is by now.
            let found = owner(&mut unit.tx, unit.org.id, link, unit.now).await?;
            let Some((customer, _)) = found else { return Ok(Chosen::NoLink) };
            let customer = customers::lock(unit, customer.id).await?;
            if !store::forgotten::use_reset(&mut unit.tx, unit.org.id, link, unit.now).await? {
                return Ok(Chosen::NoLink);
            }
            change(billing, unit, &customer, hash).await?;
            Ok(Chosen::Done)
        })
        .await
}

/// Whose link it is, with the user name; nobody's, when it leads nowhere any more.
async fn owner(
    conn: &mut Conn,
    org: OrganizationId,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<(Customer, String)>> {
    let found = store::forgotten::find_reset(conn, org, token_hash).await?;
    let Some(reset) = found.filter(|reset| reset.used_at.is_none() && reset.expires_at > now) else {
        return Ok(None);
    };
    let Some(id) = store::customers::customer_of_contact(conn, org, reset.contact_id).await? else { return Ok(None) };
    let found = store::customers::find(conn, org, id).await?;
    Ok(found.and_then(|customer| {
        let contact = &customer.billing_contact;
        let may = contact.id == reset.contact_id && !contact.account_locked && customer.status.may_enter_portal();
        let username = contact.username.clone().filter(|_| may)?;
        Some((customer, username))
    }))
}

async fn change(billing: &Billing, unit: &mut Unit, customer: &Customer, hash: &str) -> Result<()> {
    let contact: ContactId = customer.billing_contact.id;
    store::customer_updates::save_password(&mut unit.tx, unit.org.id, contact, Some(hash)).await?;
    store::forgotten::end_resets(&mut unit.tx, unit.org.id, contact, unit.now).await?;
    access::end_of_contact(unit, (customer.id, contact), NONE).await?;
    unit.happened(EventType::CustomerUpdated, customer.id, customer.id.0).await?;
    unit.audit("chose a new password by mail", &format!("contact {contact}")).await?;
    tell(billing, unit, customer, Access::PasswordChanged).await
}

#[cfg(test)]
mod tests {
    use super::with_tracking_id;

    #[test]
    fn the_tracking_id_goes_into_the_query_of_any_page() {
        for (page, link) in [
            ("https://shop.example/account", "https://shop.example/account?trackingId=ab"),
            ("https://shop.example/?page=account", "https://shop.example/?page=account&trackingId=ab"),
            ("https://shop.example/account#bills", "https://shop.example/account?trackingId=ab#bills"),
        ] {
            assert_eq!(with_tracking_id(page, "ab"), link);
        }
    }
}
