//! Who keeps looking for what belongs to other organizations is locked (`api.md` §1.1).
//!
//! From the time that a refusal takes nobody learns whether somebody else has such an id: every id that is not the
//! organization's own costs the same statements, whether it counts or not.

use domain::access::Actor;
use domain::ids::{OrganizationId, StaffId};
use store::probes::Miss;

use crate::{Billing, Result, Unit};

const WINDOW_SECONDS: i64 = 60 * 60;
/// Ids of one request that are looked at.
const IDS_MAX: usize = 100;

/// Counts those of the ids, which a refused request of an API user named, that belong to others. Over the
/// organization's limit within an hour, the user is locked until it gets another password.
pub async fn missed(billing: &Billing, org: OrganizationId, staff: StaffId, mut ids: Vec<i64>) -> Result<()> {
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(IDS_MAX);
    let mut misses = Vec::new();
    let mut conn = billing.db.read().await?;
    for id in ids {
        if !store::probes::is_own(&mut conn, org, id).await? {
            misses.push(id);
        }
    }
    drop(conn);
    if misses.is_empty() {
        return Ok(());
    }
    let misses = &misses;
    let suspends = billing.unit(org, &Actor::Api(staff), async |unit| count(unit, staff, misses).await).await?;
    if suspends {
        tracing::warn!(org = org.0, staff = staff.0, "an API user is locked: it probes other organizations");
        billing.forget();
    }
    Ok(())
}

async fn count(unit: &mut Unit, staff: StaffId, misses: &[i64]) -> Result<bool> {
    let over = unit.wall.add_seconds(-WINDOW_SECONDS);
    let mut is_too_many = false;
    for id in misses {
        let miss = Miss { id: *id, now: unit.wall, over };
        is_too_many |= store::probes::count(&mut unit.tx, unit.org.id, staff, miss).await?;
    }
    let suspends = is_too_many && store::staff::suspend(&mut unit.tx, unit.org.id, staff, unit.wall).await? > 0;
    if suspends {
        unit.audit("locked for probing other organizations", &format!("staff {staff}")).await?;
    }
    Ok(suspends)
}
