//! Writing a checked seed file into the database.

use domain::access::Actor;
use domain::checks::Problems;
use domain::contacts::Password;
use domain::ids::{OrganizationId, StaffId};
use domain::organizations::Organization;
use store::Tx;
use store::avalara_accounts::Account;
use store::numbers::{self, Counter};
use store::organizations::Callback;
use store::processor_accounts;
use store::staff::{Credentials, NewStaff};

use super::{SeedBranding, SeedCallback, SeedOrganization, SeedStaff, plans};
use crate::addresses::LICENSE_KEY_PLACE;
use crate::ports::{AvalaraAccount, ProcessorAccount};
use crate::sso_keys::NewKey;
use crate::{Billing, Error, Result, Unit, branding, processors, sso_keys};

/// Where the secret of a callback is kept.
pub const CALLBACK_PLACE: &str = "callbacks/secret";
const FIRST_PAYMENT_NUMBER: i64 = 1001;

pub async fn organization(billing: &Billing, seed: &SeedOrganization) -> Result<()> {
    let organization = find_or_insert(billing, seed).await?;
    let staff = staff_changes(billing, organization.id, &seed.staff).await?;
    billing
        .unit(organization.id, &Actor::System, async |unit| {
            store::organizations::save(&mut unit.tx, &organization, &seed.settings, unit.wall).await?;
            for change in &staff {
                save_staff(unit, change).await?;
            }
            plans::save(unit, seed).await?;
            for rule in &seed.overdue_rules {
                store::dunning::save_rule(&mut unit.tx, unit.org.id, rule).await?;
            }
            for callback in &seed.callbacks {
                save_callback(billing, unit, callback).await?;
            }
            if let Some(avalara) = &seed.avalara {
                save_avalara(billing, unit, avalara).await?;
            }
            if let Some(processor) = &seed.processor {
                save_processor(billing, unit, processor).await?;
            }
            save_sso_keys(billing, unit, &seed.sso_keys).await?;
            save_branding(unit, &seed.branding).await?;
            Ok(())
        })
        .await
}

/// What only the database can tell: an organization stays live, or in test mode.
pub async fn check_mode(billing: &Billing, seed: &SeedOrganization) -> Result<()> {
    let wanted = &seed.organization;
    let found = store::organizations::find_by_subdomain(&mut billing.db.read().await?, &wanted.subdomain).await?;
    match found.filter(|found| found.is_test() != wanted.is_test()) {
        Some(_) => {
            let message = format!("mode of {} can't be changed once it is there.", wanted.subdomain);
            Err(Error::Invalid(Problems::one("mode", message)))
        }
        None => Ok(()),
    }
}

/// The organization as the file wants it, under the id that it has.
async fn find_or_insert(billing: &Billing, seed: &SeedOrganization) -> Result<Organization> {
    let wanted = &seed.organization;
    let mut conn = billing.db.read().await?;
    if let Some(found) = store::organizations::find_by_subdomain(&mut conn, &wanted.subdomain).await? {
        return Ok(Organization { id: found.id, mode: found.mode, ..wanted.clone() });
    }
    drop(conn);
    billing.ids.ensure(&billing.db).await?;
    let id = billing.ids.take().ok_or_else(|| Error::bug("no id after a block of them was fetched"))?;
    let new = Organization { id: OrganizationId(id), ..wanted.clone() };
    let now = billing.clock.now();
    let inserted = &new;
    billing
        .db
        .transact(async |tx: &mut Tx| {
            store::organizations::insert(tx, inserted, &seed.settings, now).await?;
            numbers::start(tx, inserted.id, Counter::Invoice, seed.invoice_number_start).await?;
            numbers::start(tx, inserted.id, Counter::Order, seed.order_number_start).await?;
            numbers::start(tx, inserted.id, Counter::Payment, FIRST_PAYMENT_NUMBER).await?;
            Ok::<(), Error>(())
        })
        .await?;
    Ok(new)
}

/// A member that is new or different, with the hash of the password.
#[derive(Clone)]
struct StaffChange {
    found: Option<StaffId>,
    wanted: SeedStaff,
    password_hash: String,
    is_new_password: bool,
}

/// Hashes take long, so this is before the transaction; a password that is right already keeps its hash.
async fn staff_changes(billing: &Billing, org: OrganizationId, wanted: &[SeedStaff]) -> Result<Vec<StaffChange>> {
    let mut changes = Vec::new();
    for staff in wanted {
        let found = store::staff::find(&mut billing.db.read().await?, org, &staff.username).await?;
        let is_new_password = !knows_password(billing, found.as_ref(), &staff.password).await?;
        let is_same = |found: &Credentials| found.role == staff.role && found.email == staff.email;
        if is_new_password || !found.as_ref().is_some_and(is_same) {
            let password_hash = billing.passwords.hash(&staff.password).await?;
            let found = found.map(|found| found.id);
            changes.push(StaffChange { found, wanted: staff.clone(), password_hash, is_new_password });
        }
    }
    Ok(changes)
}

async fn knows_password(billing: &Billing, found: Option<&Credentials>, password: &Password) -> Result<bool> {
    match found {
        Some(found) => billing.passwords.verify(password, Some(found.password_hash.clone())).await,
        None => Ok(false),
    }
}

async fn save_staff(unit: &mut Unit, change: &StaffChange) -> Result<()> {
    let id = match change.found {
        Some(id) => id,
        None => unit.id(StaffId).await?,
    };
    let new = NewStaff {
        id,
        username: change.wanted.username.clone(),
        password_hash: change.password_hash.clone(),
        role: change.wanted.role,
        email: change.wanted.email.clone(),
    };
    match change.found {
        Some(_) => store::staff::save(&mut unit.tx, unit.org.id, &new, unit.wall).await?,
        None => store::staff::insert(&mut unit.tx, unit.org.id, &new, unit.wall).await?,
    };
    if change.is_new_password {
        // Whoever has got to know the new one was let in again on purpose.
        store::staff::lift_suspension(&mut unit.tx, unit.org.id, id).await?;
        store::probes::forget(&mut unit.tx, unit.org.id, id).await?;
    }
    Ok(())
}

async fn save_callback(billing: &Billing, unit: &mut Unit, seed: &SeedCallback) -> Result<()> {
    let found = store::organizations::find_callback(&mut unit.tx, unit.org.id, &seed.url).await?;
    let sealed = found.as_ref().and_then(|found| found.secret_sealed.clone());
    let known = sealed.as_deref().and_then(|sealed| billing.vault.open(CALLBACK_PLACE, sealed));
    // Sealing gives another text every time: a secret that is the same stays as it is.
    let secret_sealed = match &seed.secret {
        secret if *secret == known => sealed,
        Some(secret) => Some(billing.vault.seal(CALLBACK_PLACE, secret)?),
        None => None,
    };
    let id = match found {
        Some(found) => found.id,
        None => unit.id(|id| id).await?,
    };
    let callback = Callback { id, url: seed.url.clone(), secret_sealed, events: seed.events.clone() };
    store::organizations::save_callback(&mut unit.tx, unit.org.id, &callback).await?;
    Ok(())
}

async fn save_branding(unit: &mut Unit, seed: &SeedBranding) -> Result<()> {
    branding::change(unit, &seed.change).await?;
    if let Some(logo) = &seed.logo {
        branding::set_logo(unit, Some(logo)).await?;
    }
    if let Some(stylesheet) = &seed.stylesheet {
        branding::set_stylesheet(unit, Some(stylesheet)).await?;
    }
    Ok(())
}

async fn save_sso_keys(billing: &Billing, unit: &mut Unit, keys: &[NewKey]) -> Result<()> {
    for key in keys {
        sso_keys::save(unit, &billing.vault, key).await?;
    }
    sso_keys::check_count(store::sso_keys::list(&mut unit.tx, unit.org.id).await?.len())
}

async fn save_avalara(billing: &Billing, unit: &mut Unit, seed: &AvalaraAccount) -> Result<()> {
    let sealed = store::avalara_accounts::find(&mut unit.tx, unit.org.id).await?.map(|found| found.license_key_sealed);
    let known = sealed.as_deref().and_then(|sealed| billing.vault.open(LICENSE_KEY_PLACE, sealed));
    let license_key_sealed = match sealed {
        Some(sealed) if known.as_deref() == Some(seed.license_key.expose()) => sealed,
        Some(_) | None => billing.vault.seal(LICENSE_KEY_PLACE, seed.license_key.expose())?,
    };
    let account = Account { account: seed.account.clone(), license_key_sealed, url: seed.url.clone() };
    store::avalara_accounts::save(&mut unit.tx, unit.org.id, &account).await?;
    Ok(())
}

async fn save_processor(billing: &Billing, unit: &mut Unit, seed: &ProcessorAccount) -> Result<()> {
    let (org, processor) = (unit.org.id, seed.processor);
    let found = processor_accounts::find(&mut unit.tx, org, processor).await?;
    let is_same = |found: &processor_accounts::Account| {
        let known = processors::open(&billing.vault, org, processor, &found.credentials_sealed);
        known.is_some_and(|known| known.is_same(&seed.credentials))
    };
    let credentials_sealed = match found {
        Some(found) if is_same(&found) => found.credentials_sealed,
        Some(_) | None => processors::seal(&billing.vault, org, seed)?,
    };
    let account = processor_accounts::Account { processor, url: seed.url.clone(), credentials_sealed };
    processor_accounts::save(&mut unit.tx, org, &account).await?;
    Ok(())
}
