//! Which organization answers at a host: asked with every request, so kept for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::dates::Timestamp;
use domain::organizations::Organization;

use crate::{Billing, Result};

/// What another process changed is seen after this at the latest (`operations.md` §1: within 1 s).
const FRESH: Duration = Duration::from_millis(500);
/// Names asked for that are remembered; more of them, and all are forgotten.
const ENTRIES_MAX: usize = 10_000;

/// An organization as it was a moment ago.
#[derive(Clone, Debug)]
pub struct Entry {
    pub organization: Arc<Organization>,
    /// The newest change of a staff member: credentials verified before it are verified again.
    pub staff_changed_at: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub(crate) struct Directory(Mutex<HashMap<String, (Instant, Option<Entry>)>>);

enum Kept {
    Known(Option<Entry>),
    Nothing,
}

impl Directory {
    /// What is kept and fresh; a name without organization is kept too.
    fn find(&self, subdomain: &str) -> Kept {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match entries.get(subdomain) {
            Some((read_at, entry)) if read_at.elapsed() < FRESH => Kept::Known(entry.clone()),
            _ => Kept::Nothing,
        }
    }

    fn keep(&self, subdomain: &str, entry: Option<Entry>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        entries.insert(subdomain.to_owned(), (Instant::now(), entry));
    }

    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Billing {
    /// The organization at a subdomain (in lower case); `None` where there is none.
    pub async fn organization(&self, subdomain: &str) -> Result<Option<Entry>> {
        if let Kept::Known(entry) = self.directory.find(subdomain) {
            return Ok(entry);
        }
        // By itself: what is rarely done takes no room in what every request does.
        Box::pin(self.read_organization(subdomain)).await
    }

    async fn read_organization(&self, subdomain: &str) -> Result<Option<Entry>> {
        let mut conn = self.db.read().await?;
        let entry = match store::organizations::find_by_subdomain(&mut conn, subdomain).await? {
            Some(mut organization) => {
                // Without a processor the portal takes no payments, whatever the settings say.
                organization.portal.allow_payments &= organization.has_processor();
                let staff_changed_at = store::staff::changed_at(&mut conn, organization.id).await?;
                Some(Entry { organization: Arc::new(organization), staff_changed_at })
            }
            None => None,
        };
        self.directory.keep(subdomain, entry.clone());
        Ok(entry)
    }

    /// Drops what is kept of organizations and credentials: something of them has changed.
    pub fn forget(&self) {
        self.directory.forget();
        self.verified.forget();
    }
}
