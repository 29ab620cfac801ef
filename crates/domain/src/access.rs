//! Who acts, and what they may do.

use crate::ids::{ContactId, CustomerId, StaffId};

/// What a staff member may do (`api.md` §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Admin,
    Staff,
    /// "Web Service Programmatic (API) Access".
    Api,
}

crate::names!(Role { Admin => "ROLE_ADMIN", Staff => "ROLE_STAFF", Api => "ROLE_API" });

/// Who does something, for records and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A merchant's program, by its API user.
    Api(StaffId),
    /// A customer in the portal: by own login, or by a link that the merchant minted (no contact).
    Portal { customer: CustomerId, contact: Option<ContactId> },
    /// Jobs, runs and commands.
    System,
}

/// What a customer may have forgotten (`api.md` §8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    Password,
    Username,
}

crate::names!(Forgotten { Password => "password", Username => "username" });

/// Wrong passwords in a row before an account is locked, and for how long (`operations.md` §7).
pub const FAILED_LOGINS_MAX: i64 = 5;
pub const LOCK_SECONDS: i64 = 15 * 60;
