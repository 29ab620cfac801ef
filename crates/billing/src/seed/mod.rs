//! The seed file: a merchant's catalog as code (`operations.md` §3). Checked whole, then applied;
//! applied twice it changes nothing, and it never deletes.

mod apply;
mod check;
mod file;
mod plans;

pub(crate) use apply::CALLBACK_PLACE;

use domain::access::Role;
use domain::checks::Problems;
use domain::contacts::Password;
use domain::dunning::OverdueRule;
use domain::organizations::Organization;
use domain::plans::{Plan, Product};

use crate::branding::{BrandingChange, LogoFile, StylesheetFile};
use crate::ports::{AvalaraAccount, ProcessorAccount};
use crate::sso_keys::NewKey;
use crate::{Billing, Result};

/// A seed file without mistakes.
#[derive(Clone, Debug)]
pub struct Seed {
    pub organizations: Vec<SeedOrganization>,
}

#[derive(Clone, Debug)]
pub struct SeedOrganization {
    /// With id 0: it gets its own, or the one it has.
    pub organization: Organization,
    pub invoice_number_start: i64,
    pub order_number_start: i64,
    pub settings: store::organizations::Settings,
    pub staff: Vec<SeedStaff>,
    pub products: Vec<Product>,
    pub plans: Vec<SeedPlan>,
    pub overdue_rules: Vec<OverdueRule>,
    pub callbacks: Vec<SeedCallback>,
    pub avalara: Option<AvalaraAccount>,
    /// Who charges for it from now on.
    pub processor: Option<ProcessorAccount>,
    pub sso_keys: Vec<NewKey>,
    pub branding: SeedBranding,
    /// A file beside the seed file.
    pub stylesheet_file: Option<String>,
}

/// How the portal looks. What is not named stays.
#[derive(Clone, Debug, Default)]
pub struct SeedBranding {
    pub change: BrandingChange,
    /// Files beside the seed file, for whoever reads files.
    pub logo_file: Option<String>,
    pub stylesheet_file: Option<String>,
    /// What was read from them.
    pub logo: Option<LogoFile>,
    pub stylesheet: Option<StylesheetFile>,
}

#[derive(Clone, Debug)]
pub struct SeedStaff {
    pub username: String,
    pub password: Password,
    pub role: Role,
    pub email: Option<String>,
}

#[derive(Clone, Debug)]
pub struct SeedPlan {
    /// The name of its product.
    pub product: String,
    pub plan: Plan,
    /// Where the file has it, from 1.
    pub line: usize,
}

#[derive(Clone, Debug)]
pub struct SeedCallback {
    pub url: String,
    pub secret: Option<String>,
    pub events: String,
}

/// Reads and checks a file; every problem says its line.
pub fn parse(text: &str, now: domain::dates::Timestamp) -> Result<Seed, Problems> {
    let file = file::read(text)?;
    check::check(&file, text, now)
}

/// Makes the database as the file says.
pub async fn apply(billing: &Billing, seed: &Seed) -> Result<()> {
    // All of it is refused before any of it is written.
    for organization in &seed.organizations {
        apply::check_mode(billing, organization).await?;
    }
    for organization in &seed.organizations {
        apply::organization(billing, organization).await?;
    }
    billing.forget();
    Ok(())
}
