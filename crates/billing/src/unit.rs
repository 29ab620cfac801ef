//! A transaction as a value, and the handle that opens it.

use std::any::Any;
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::{Date, Timestamp};
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, OrganizationId};
use domain::ledger::Entry;
use domain::organizations::Organization;
use store::customer_counts::SLOTS;
use store::ids::{Ids, Spare};
use store::ledger::{Posting, Row};
use store::numbers::Ahead;
use store::{Conn, Db, Retriable, Tx};

use crate::Result;
use crate::idempotency::{Begun, Request};
use crate::organizations::Directory;
use crate::passwords::Passwords;
use crate::ports::{AddressCheck, Clock, Connect, Gateway};
use crate::secrets::Vault;
use crate::staff::Verified;
use crate::turns::Turns;
use tokio::sync::Notify;

/// Attempts at a transaction that the database asks to repeat.
const ATTEMPTS_MAX: usize = 5;

/// A processor that takes a second for an answer has charged a thousand customers in a minute.
pub const CHARGES_AT_ONCE: usize = 16;

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
    /// Customers of an organization about whom a run asks the processor at the same time.
    pub charges_at_once: usize,
    /// How a run sees to that.
    pub(crate) turns: Option<Arc<Turns>>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) payment_numbers: Arc<Ahead>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) verified: Arc<Verified>,
    pub(crate) mail_queued: Arc<Notify>,
    /// The organization whose job was done last.
    pub(crate) turn: Arc<AtomicI64>,
    /// What is taken for today, instead of what the clocks say.
    pub(crate) as_of: Option<Date>,
    /// The API request that is being carried out, if it may be sent again.
    pub(crate) request: Option<Arc<Request>>,
    pub(crate) begun: Arc<Begun>,
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
            charges_at_once: CHARGES_AT_ONCE,
            turns: None,
            ids: Arc::default(),
            payment_numbers: Arc::default(),
            directory: Arc::default(),
            verified: Arc::default(),
            mail_queued: Arc::default(),
            turn: Arc::default(),
            as_of: None,
            request: None,
            begun: Arc::default(),
        }
    }

    /// Runs `work` in one transaction: all of it is kept, or none. Repeated when the database asks for it.
    pub async fn unit<T: Any>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Unit) -> Result<T> + Clone,
    ) -> Result<T> {
        self.until_done(org, actor, async |unit| self.carry_out(unit, work.clone()).await).await
    }

    /// What `work` would come to, with nothing of it stored: its transaction is rolled back. It takes no key.
    pub async fn preview<T>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Unit) -> Result<T> + Clone,
    ) -> Result<T> {
        self.until_done(org, actor, async |mut unit| work.clone()(&mut unit).await).await
    }

    /// Attempts it in a transaction of its own each time, until the database does not ask to repeat it.
    async fn until_done<T>(
        &self,
        org: OrganizationId,
        actor: &Actor,
        attempt: impl AsyncFnOnce(Unit) -> Result<T> + Clone,
    ) -> Result<T> {
        let mut attempts = 1;
        loop {
            self.ids.ensure(&self.db).await?;
            match attempt.clone()(self.begin(org, actor).await?).await {
                Err(error) if error.retriable() && attempts < ATTEMPTS_MAX => attempts += 1,
                outcome => return outcome,
            }
        }
    }

    /// The key of the request is taken first: two at the same time wait for each other here, before any effect. Its
    /// answer is stored last.
    async fn carry_out<T: Any>(&self, mut unit: Unit, work: impl AsyncFnOnce(&mut Unit) -> Result<T>) -> Result<T> {
        let Some(request) = &self.request else {
            let value = work(&mut unit).await?;
            return self.commit(unit, value).await;
        };
        request.claim(&mut unit).await?;
        let value = work(&mut unit).await?;
        let kept = request.kept_of(&value);
        if let Some(kept) = &kept {
            request.keep(&mut unit, kept).await?;
        }
        let value = self.commit(unit, value).await?;
        request.committed(kept.as_ref());
        Ok(value)
    }

    async fn commit<T>(&self, mut unit: Unit, value: T) -> Result<T> {
        unit.save_counts().await?;
        let has_mail = unit.has_mail;
        unit.tx.commit().await?;
        if has_mail {
            self.mail_queued.notify_one();
        }
        Ok(value)
    }

    /// Ends when this process has queued a mail since the last time: whoever sends need not wait for the next look.
    pub async fn mail_queued(&self) {
        self.mail_queued.notified().await;
    }

    async fn begin(&self, org: OrganizationId, actor: &Actor) -> Result<Unit> {
        let mut tx = self.db.begin().await?;
        let organization = store::organizations::get(&mut tx, org).await?;
        let wall = self.clock.now();
        Ok(Unit {
            now: organization.now(wall),
            today: self.as_of.unwrap_or_else(|| organization.today(wall)),
            wall,
            org: organization,
            actor: *actor,
            tx,
            ids: self.ids.clone(),
            payment_numbers: self.payment_numbers.clone(),
            spare: Spare::default(),
            has_mail: false,
            counts: BTreeMap::new(),
            counts_slot: None,
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
        self.as_of.unwrap_or_else(|| org.today(self.clock.now()))
    }

    /// The same use cases on another day: dates are of that day, times are those of the clock.
    pub fn as_of(&self, day: Date) -> Billing {
        Billing { as_of: Some(day), ..self.clone() }
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
    payment_numbers: Arc<Ahead>,
    spare: Spare,
    /// A mail was queued in it.
    pub(crate) has_mail: bool,
    /// By how many customers each status grows, and where that is added.
    counts: BTreeMap<CustomerStatus, i64>,
    counts_slot: Option<i64>,
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

    /// The number of a payment that is to be made.
    pub(crate) async fn payment_number(&mut self) -> Result<i64> {
        Ok(self.payment_numbers.next(&mut self.tx, self.org.id).await?)
    }

    /// Many new ids.
    pub(crate) async fn take_ids(&mut self, count: usize) -> Result<Vec<i64>> {
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count {
            ids.push(self.id(|id| id).await?);
        }
        Ok(ids)
    }

    /// There is one customer more of this status, or one less (-1).
    pub(crate) fn count(&mut self, customer: CustomerId, status: CustomerStatus, change: i64) {
        *self.counts.entry(status).or_default() += change;
        self.counts_slot.get_or_insert(customer.0.rem_euclid(SLOTS));
    }

    /// Last of all, and in one order: two at the same time wait for each other's commit at most.
    async fn save_counts(&mut self) -> Result<()> {
        let Some(slot) = self.counts_slot else { return Ok(()) };
        for (status, change) in mem::take(&mut self.counts) {
            if change != 0 {
                store::customer_counts::add(&mut self.tx, self.org.id, status, slot, change).await?;
            }
        }
        Ok(())
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
