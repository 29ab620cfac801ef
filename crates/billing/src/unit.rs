//! A transaction as a value, and the handle that opens it.

use std::sync::Arc;

use domain::access::Actor;
use domain::dates::{Date, Timestamp};
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, OrganizationId};
use domain::ledger::Entry;
use domain::organizations::Organization;
use store::ids::{Ids, Spare};
use store::ledger::{Posting, Row};
use store::{Conn, Db, Retriable, Tx};

use crate::idempotency::Request;
use crate::organizations::Directory;
use crate::passwords::Passwords;
use crate::ports::{AddressCheck, Clock, Connect, Gateway};
use crate::secrets::Vault;
use crate::staff::Verified;
use crate::{Error, Result};
use tokio::sync::Notify;

/// Attempts at a transaction that the database asks to repeat.
const ATTEMPTS_MAX: usize = 5;

/// Everything that use cases need. Cheap to clone.
#[derive(Clone)]
pub struct Billing {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Of organizations in test mode.
    pub gateway: Arc<dyn Gateway>,
    /// To the processors of live organizations.
    pub connect: Arc<dyn Connect>,
    pub avalara: Arc<dyn AddressCheck>,
    pub vault: Arc<Vault>,
    pub passwords: Arc<Passwords>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) verified: Arc<Verified>,
    pub(crate) mail_queued: Arc<Notify>,
    /// The API request that is being carried out, if it may be sent again.
    pub(crate) request: Option<Arc<Request>>,
}

/// What a [`Billing`] is put together from.
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Of organizations in test mode.
    pub gateway: Arc<dyn Gateway>,
    /// To the processors of live organizations.
    pub connect: Arc<dyn Connect>,
    /// Asked where `address_validation` is `avalara`.
    pub avalara: Arc<dyn AddressCheck>,
    pub vault: Vault,
    pub passwords: Passwords,
}

impl Billing {
    pub fn new(parts: Parts) -> Billing {
        Billing {
            db: parts.db,
            clock: parts.clock,
            gateway: parts.gateway,
            connect: parts.connect,
            avalara: parts.avalara,
            vault: Arc::new(parts.vault),
            passwords: Arc::new(parts.passwords),
            ids: Arc::default(),
            directory: Arc::default(),
            verified: Arc::default(),
            mail_queued: Arc::default(),
            request: None,
        }
    }

    /// Runs `work` in one transaction: all of it is kept, or none. Repeated when the database asks for it.
    pub async fn unit<T>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Unit) -> Result<T> + Clone,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            self.ids.ensure(&self.db).await?;
            let mut unit = self.begin(org, actor).await?;
            let worked = self.attempt(&mut unit, work.clone()).await;
            let has_mail = unit.has_mail;
            let outcome = match worked {
                Ok(value) => unit.tx.commit().await.map(|()| value).map_err(Error::from),
                Err(error) => Err(error),
            };
            match outcome {
                Err(error) if error.retriable() && attempt < ATTEMPTS_MAX => attempt += 1,
                outcome => {
                    if outcome.is_ok() {
                        self.committed(has_mail);
                    }
                    return outcome;
                }
            }
        }
    }

    /// What `work` would come to, with nothing of it stored: its transaction is rolled back. It takes no key.
    pub async fn preview<T>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Unit) -> Result<T> + Clone,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            self.ids.ensure(&self.db).await?;
            let mut unit = self.begin(org, actor).await?;
            match work.clone()(&mut unit).await {
                Err(error) if error.retriable() && attempt < ATTEMPTS_MAX => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    fn committed(&self, has_mail: bool) {
        if let Some(request) = &self.request {
            request.committed();
        }
        if has_mail {
            self.mail_queued.notify_one();
        }
    }

    /// Ends when this process has queued a mail since the last time: whoever sends need not wait for the next look.
    pub async fn mail_queued(&self) {
        self.mail_queued.notified().await;
    }

    /// The key of the request is taken first: two at the same time wait for each other here, before any effect.
    async fn attempt<T>(&self, unit: &mut Unit, work: impl AsyncFnOnce(&mut Unit) -> Result<T>) -> Result<T> {
        if let Some(request) = &self.request {
            request.claim(unit).await?;
        }
        work(unit).await
    }

    async fn begin(&self, org: OrganizationId, actor: &Actor) -> Result<Unit> {
        let mut tx = self.db.begin().await?;
        let organization = store::organizations::get(&mut tx, org).await?;
        let wall = self.clock.now();
        Ok(Unit {
            now: organization.now(wall),
            today: organization.today(wall),
            wall,
            org: organization,
            actor: *actor,
            tx,
            ids: self.ids.clone(),
            spare: Spare::default(),
            has_mail: false,
        })
    }

    /// Something to read with.
    pub async fn view(&self, org: &Arc<Organization>) -> Result<View> {
        Ok(View { conn: self.db.read().await?, org: org.clone() })
    }

    /// The organization's present time.
    pub fn now(&self, org: &Organization) -> Timestamp {
        org.now(self.clock.now())
    }

    pub fn today(&self, org: &Organization) -> Date {
        org.today(self.clock.now())
    }
}

/// One transaction: who does what, when, for which organization.
pub struct Unit {
    pub tx: Tx,
    /// As it stands within the transaction.
    pub org: Organization,
    pub actor: Actor,
    /// Of the organization's clock.
    pub now: Timestamp,
    pub today: Date,
    /// For what the wall clock decides: locks and jobs (`operations.md` §4).
    pub wall: Timestamp,
    ids: Arc<Ids>,
    spare: Spare,
    /// A mail was queued in it.
    pub(crate) has_mail: bool,
}

impl Unit {
    /// A new id; `unit.id(CustomerId)`.
    pub async fn id<T>(&mut self, kind: impl FnOnce(i64) -> T) -> Result<T> {
        let id = match self.ids.take() {
            Some(id) => id,
            None => self.spare.take(&mut self.tx).await?,
        };
        Ok(kind(id))
    }

    /// Many new ids.
    pub(crate) async fn take_ids(&mut self, count: usize) -> Result<Vec<i64>> {
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count {
            ids.push(self.id(|id| id).await?);
        }
        Ok(ids)
    }

    /// Records what happened, with its effect. What customers are told of by mail goes through
    /// [`crate::mails::happened`].
    pub async fn happened(&mut self, event_type: EventType, customer: CustomerId, object: i64) -> Result<EventId> {
        let id = self.id(EventId).await?;
        let event = store::events::Event { id, event_type, customer, object };
        store::events::insert(&mut self.tx, self.org.id, event, self.now).await?;
        Ok(id)
    }

    /// Books one posting in the ledger.
    pub(crate) async fn post(&mut self, of: Posting, entries: &[Entry]) -> Result<()> {
        let mut rows = Vec::new();
        for entry in entries {
            rows.push(Row { id: self.id(|id| id).await?, of, entry: *entry });
        }
        store::ledger::post(&mut self.tx, self.org.id, &rows).await?;
        Ok(())
    }

    pub async fn audit(&mut self, action: &str, object: &str) -> Result<()> {
        let id = self.id(|id| id).await?;
        let actor = format!("{:?}", self.actor);
        let record = store::audit::Record { actor: &actor, action, object };
        store::audit::insert(&mut self.tx, self.org.id, id, &record, self.wall).await?;
        Ok(())
    }
}

/// A connection to read with, for one organization.
pub struct View {
    pub conn: Conn,
    pub org: Arc<Organization>,
}
