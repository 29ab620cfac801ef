//! With what a contact has signed in before.

use dbx::{Result, Tx, q};
use domain::dates::Timestamp;
use domain::devices::Device;
use domain::ids::{ContactId, OrganizationId};

/// Whether the contact has signed in before with anything, and with this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub any: bool,
    pub this: bool,
}

/// Remembers a device; what was known before it.
pub async fn remember(
    tx: &mut Tx,
    org: OrganizationId,
    contact: ContactId,
    device: Device,
    now: Timestamp,
) -> Result<Known> {
    let known: Vec<(Device,)> =
        q!(tx, "SELECT device FROM known_devices WHERE org_id = $1 AND contact_id = $2 ORDER BY device", org, contact)
            .fetch_all()
            .await?;
    q!(
        tx,
        "INSERT INTO known_devices (org_id, contact_id, device, seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id, contact_id, device) DO UPDATE SET seen_at = excluded.seen_at",
        org,
        contact,
        device,
        now
    )
    .execute()
    .await?;
    Ok(Known { any: !known.is_empty(), this: known.contains(&(device,)) })
}
