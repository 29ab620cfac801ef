//! Staff members and API users: letting them in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::access::{Actor, FAILED_LOGINS_MAX, LOCK_SECONDS, Role};
use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::ids::StaffId;
use domain::organizations::Organization;
use store::staff::{Attempts, Credentials};

use crate::organizations::Entry;
use crate::secrets::Purpose;
use crate::{Billing, Error, Result};

/// How long a verified password is believed without computing its hash again.
const BELIEVED: Duration = Duration::from_mins(1);
const BELIEVED_MAX: usize = 10_000;

/// The right to use the API of one organization.
#[derive(Clone, Debug)]
pub struct ApiAccess {
    pub org: Arc<Organization>,
    pub staff: StaffId,
}

impl ApiAccess {
    pub fn actor(&self) -> Actor {
        Actor::Api(self.staff)
    }
}

#[derive(Clone, Copy)]
struct Believed {
    staff: StaffId,
    role: Role,
    at: Instant,
    /// The state of the staff table that it was verified against.
    staff_changed_at: Option<Timestamp>,
}

/// Credentials that were right a moment ago, by a keyed hash of them: not one password is in it.
#[derive(Default)]
pub(crate) struct Verified(Mutex<HashMap<[u8; 32], Believed>>);

impl Verified {
    fn find(&self, key: &[u8; 32], staff_changed_at: Option<Timestamp>) -> Option<Believed> {
        let believed = *self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key)?;
        (believed.at.elapsed() < BELIEVED && believed.staff_changed_at == staff_changed_at).then_some(believed)
    }

    fn keep(&self, key: [u8; 32], believed: Believed) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= BELIEVED_MAX {
            all.clear();
        }
        all.insert(key, believed);
    }

    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Why somebody is not let in.
#[derive(Debug)]
pub enum NoAccess {
    /// Unknown, wrong password or locked: the same for all.
    Unknown,
    /// Known, but without the role.
    Role,
    Failed(Error),
}

impl From<Error> for NoAccess {
    fn from(error: Error) -> NoAccess {
        NoAccess::Failed(error)
    }
}

/// Lets an API user in: right password, not locked, `ROLE_API` (`api.md` §1.2).
pub async fn api_access(
    billing: &Billing,
    entry: &Entry,
    username: &str,
    password: &Password,
) -> std::result::Result<ApiAccess, NoAccess> {
    let org = &entry.organization;
    let parts = [&org.id.0.to_be_bytes()[..], username.as_bytes(), password.expose().as_bytes()];
    let key = billing.vault.derive(Purpose::Credentials, &parts);
    let believed = if let Some(believed) = billing.verified.find(&key, entry.staff_changed_at) {
        believed
    } else {
        let credentials = verify(billing, org, username, password).await?.ok_or(NoAccess::Unknown)?;
        let (staff, role) = (credentials.id, credentials.role);
        let believed = Believed { staff, role, at: Instant::now(), staff_changed_at: entry.staff_changed_at };
        billing.verified.keep(key, believed);
        believed
    };
    match believed.role {
        Role::Api => Ok(ApiAccess { org: org.clone(), staff: believed.staff }),
        Role::Admin | Role::Staff => Err(NoAccess::Role),
    }
}

/// The member with this password, unless locked. Counts what fails, locks after five.
async fn verify(
    billing: &Billing,
    org: &Arc<Organization>,
    username: &str,
    password: &Password,
) -> Result<Option<Credentials>> {
    let found = store::staff::find(&mut billing.view(org).await?.conn, org.id, username).await?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    let right = billing.passwords.verify(password, hash).await?;
    if found.is_none() {
        return Ok(None);
    }
    // As it is by now: others may have guessed while the hash was computed.
    let found = store::staff::find(&mut billing.view(org).await?.conn, org.id, username).await?;
    let Some(found) = found else { return Ok(None) };
    if is_locked(found.locked_until, billing.clock.now()) || found.suspended_at.is_some() {
        return Ok(None);
    }
    if right && found.failed_logins == 0 {
        return Ok(Some(found));
    }
    let enters = record(billing, org, &found, right).await?;
    Ok(enters.then_some(found))
}

/// Counts the attempt. Tells whether it lets the member in.
async fn record(billing: &Billing, org: &Organization, found: &Credentials, right: bool) -> Result<bool> {
    let wall = billing.clock.now();
    let (enters, locks) = billing
        .unit(org.id, &Actor::System, async |unit| {
            let before = store::staff::lock_attempts(&mut unit.tx, unit.org.id, found.id).await?;
            if is_locked(before.locked_until, wall) {
                return Ok((false, false));
            }
            let attempts = next_attempts(before.failed, right, wall);
            store::staff::record_attempts(&mut unit.tx, unit.org.id, found.id, attempts).await?;
            if attempts.locked_until.is_some() {
                store::staff::touch(&mut unit.tx, unit.org.id, found.id, wall).await?;
                unit.audit("locked after wrong passwords", &format!("staff {}", found.id)).await?;
            }
            Ok((right, attempts.locked_until.is_some()))
        })
        .await?;
    if locks {
        billing.forget();
    }
    Ok(enters)
}

pub(crate) fn is_locked(until: Option<Timestamp>, wall: Timestamp) -> bool {
    until.is_some_and(|until| until > wall)
}

/// How attempts stand after one more (`operations.md` §7).
pub(crate) fn next_attempts(failed: i64, right: bool, wall: Timestamp) -> Attempts {
    let failed = if right { 0 } else { failed + 1 };
    if failed >= FAILED_LOGINS_MAX {
        return Attempts { failed: 0, locked_until: Some(wall.add_seconds(LOCK_SECONDS)) };
    }
    Attempts { failed, locked_until: None }
}
