//! Who a request to the API turns out to be from, and which objects it names: for the log, and for those who look for
//! what belongs to other organizations.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::http::StatusCode;
use domain::ids::{OrganizationId, StaffId};

use crate::state::State;

/// Filled in on the way by whoever learns it.
#[derive(Clone, Debug, Default)]
pub struct Caller(Arc<Learned>);

#[derive(Debug, Default)]
struct Learned {
    user: OnceLock<(OrganizationId, StaffId)>,
    named: Mutex<Vec<i64>>,
}

impl Caller {
    pub fn is(&self, org: OrganizationId, staff: StaffId) {
        // A request has one caller; the first word stands.
        let _ = self.0.user.set((org, staff));
    }

    pub fn staff(&self) -> Option<StaffId> {
        self.0.user.get().map(|(_, staff)| *staff)
    }

    /// The request names an object by its id.
    pub fn names(&self, id: i64) {
        self.0.named.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }

    /// An object that a parameter of the path or the query names, if it is one of those.
    pub fn names_by(&self, parameter: &str, value: &str) {
        let is_id = parameter == "id" || parameter.ends_with("Id") && parameter != "accountId";
        if let (true, Ok(id)) = (is_id, value.parse()) {
            self.names(id);
        }
    }

    /// To be called with the status of the answer. That it can't be counted changes no answer.
    pub async fn answered(&self, state: &State, status: StatusCode) {
        let Some((org, staff)) = self.0.user.get() else { return };
        let named = std::mem::take(&mut *self.0.named.lock().unwrap_or_else(PoisonError::into_inner));
        if named.is_empty() || !matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST) {
            return;
        }
        if let Err(error) = billing::probes::missed(&state.billing, *org, *staff, named).await {
            tracing::error!(%error, "a look-up of what is not there could not be counted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_by_parameters_that_are_ids() {
        let caller = Caller::default();
        for (parameter, value) in [
            ("id", "1"),
            ("customerId", "+2"),
            ("accountId", "3"),
            ("offset", "4"),
            ("id", "JOHN"),
            ("extCustomerRef", "5"),
        ] {
            caller.names_by(parameter, value);
        }
        assert_eq!(*caller.0.named.lock().unwrap(), [1, 2]);
    }
}
