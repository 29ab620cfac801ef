//! Whether addresses can be found (`api.md` §2.4). Asked before the transaction that stores them: no answer keeps an
//! address from being stored, and the service takes its time.

use domain::changes::{Change, CustomerChange};
use domain::contacts::{AddressFields, Password};
use domain::customers::{Customer, NewCustomer};
use domain::ids::{CustomerId, OrganizationId};
use domain::organizations::AddressValidation;
use futures_util::future::join_all;

use crate::ports::{AddressCheck, AddressQuestion, Answering, AvalaraAccount, CannotCheck};
use crate::{Billing, Result};

/// Where the licence key of an account is kept.
pub(crate) const LICENSE_KEY_PLACE: &str = "avalara_accounts/license_key";
/// Addresses of one request that are asked for at the same time.
const AT_ONCE: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressVerdict {
    /// The organization does not have addresses checked, or no address is new.
    NotChecked,
    Valid,
    /// What is stored is stored all the same (`api.md` §2.4).
    Invalid(Vec<String>),
}

impl AddressVerdict {
    /// What is doubtful, one message each.
    pub fn messages(&self) -> &[String] {
        match self {
            AddressVerdict::NotChecked | AddressVerdict::Valid => &[],
            AddressVerdict::Invalid(messages) => messages,
        }
    }
}

/// Asks nobody.
struct Off;

impl AddressCheck for Off {
    fn check<'a>(&'a self, _: AddressQuestion<'a>) -> Answering<'a, Result<AddressVerdict, CannotCheck>> {
        Box::pin(async { Ok(AddressVerdict::NotChecked) })
    }
}

/// The deterministic check of test set-ups: it does not find streets that begin with `INVALID`.
struct TestStreets;

impl AddressCheck for TestStreets {
    fn check<'a>(&'a self, question: AddressQuestion<'a>) -> Answering<'a, Result<AddressVerdict, CannotCheck>> {
        let street = question.address.street1.as_deref().unwrap_or_default();
        let verdict = if street.starts_with("INVALID") {
            let message = "An exact street name match could not be found for address/street1.";
            AddressVerdict::Invalid(vec![message.to_owned()])
        } else {
            AddressVerdict::Valid
        };
        Box::pin(async { Ok(verdict) })
    }
}

/// An address that is new, and the contact it is of.
type NewAddress = (Place, AddressFields);

#[derive(Clone, Copy)]
enum Place {
    Billing,
    Sales,
}

/// The addresses of a new customer.
pub(crate) async fn check_new(billing: &Billing, org: OrganizationId, new: &NewCustomer) -> Result<AddressVerdict> {
    let mut verdicts = check_all(billing, org, std::slice::from_ref(new)).await?;
    Ok(verdicts.pop().unwrap_or(AddressVerdict::NotChecked))
}

/// A verdict for each of many new customers. Once the service gives no answer, it is asked for no more of them.
pub(crate) async fn check_all(
    billing: &Billing,
    org: OrganizationId,
    new: &[NewCustomer],
) -> Result<Vec<AddressVerdict>> {
    let checker = Checker::of(billing, org).await?;
    let mut verdicts = Vec::with_capacity(new.len());
    let mut answers = true;
    for some in new.chunks(AT_ONCE) {
        if !answers {
            break;
        }
        for verdict in join_all(some.iter().map(|new| checker.check(new_addresses(new)))).await {
            answers &= verdict.is_some();
            verdicts.push(verdict.unwrap_or(AddressVerdict::Valid));
        }
    }
    verdicts.resize(new.len(), AddressVerdict::Valid);
    Ok(verdicts)
}

/// The addresses that a change makes other than they are; `permits` tells of what customer it makes sense.
pub(crate) async fn check_changed(
    billing: &Billing,
    org: OrganizationId,
    (id, change): (CustomerId, &CustomerChange),
    permits: fn(&Customer) -> Result<()>,
) -> Result<AddressVerdict> {
    if !names_address(change) {
        return Ok(AddressVerdict::NotChecked);
    }
    let checker = Checker::of(billing, org).await?;
    if checker.validation == AddressValidation::Off {
        return Ok(AddressVerdict::NotChecked);
    }
    let mut conn = billing.db.read().await?;
    let current = store::customers::find(&mut conn, org, id).await?;
    drop(conn);
    // One that is not there is refused where it would be changed.
    let Some(current) = current.filter(|current| permits(current).is_ok()) else {
        return Ok(AddressVerdict::NotChecked);
    };
    let changed = changed_addresses(change, &current);
    if changed.is_empty() {
        return Ok(AddressVerdict::NotChecked);
    }
    Ok(checker.check(changed).await.unwrap_or(AddressVerdict::Valid))
}

fn names_address(change: &CustomerChange) -> bool {
    let billing = change.billing_contact.as_ref().is_some_and(|contact| !contact.address.is_keep());
    let sales = matches!(&change.sales_contact, Change::To(contact) if !contact.address.is_keep());
    billing || sales
}

fn new_addresses(new: &NewCustomer) -> Vec<NewAddress> {
    let sales = new.sales_contact.as_ref().map(|contact| (Place::Sales, contact.address.clone()));
    [Some((Place::Billing, new.billing_contact.address.clone())), sales].into_iter().flatten().collect()
}

fn changed_addresses(change: &CustomerChange, current: &Customer) -> Vec<NewAddress> {
    let nothing = AddressFields::default();
    let sales_now = current.sales_contact.as_ref().map_or(&nothing, |contact| &contact.address.fields);
    let sales = match &change.sales_contact {
        Change::To(contact) => Some((Place::Sales, sales_now, contact)),
        Change::Keep | Change::Clear => None,
    };
    let billing_now = &current.billing_contact.address.fields;
    let billing = change.billing_contact.as_ref().map(|contact| (Place::Billing, billing_now, contact));
    let changed = |(place, now, contact): (Place, &AddressFields, &domain::changes::ContactChange)| {
        let then = contact.address.applied_to(now);
        (then != *now).then_some((place, then))
    };
    [billing, sales].into_iter().flatten().filter_map(changed).collect()
}

/// How an organization has its addresses checked.
struct Checker<'b> {
    org: OrganizationId,
    validation: AddressValidation,
    service: &'b dyn AddressCheck,
    account: Option<AvalaraAccount>,
}

impl Checker<'_> {
    async fn of(billing: &Billing, org: OrganizationId) -> Result<Checker<'_>> {
        let mut conn = billing.db.read().await?;
        let validation = store::avalara_accounts::validation(&mut conn, org).await?;
        let account = match validation {
            AddressValidation::Avalara => store::avalara_accounts::find(&mut conn, org).await?,
            AddressValidation::Off | AddressValidation::Test => None,
        };
        let open = |found: store::avalara_accounts::Account| {
            let license_key = billing.vault.open(LICENSE_KEY_PLACE, &found.license_key_sealed)?;
            Some(AvalaraAccount { account: found.account, license_key: Password::new(license_key), url: found.url })
        };
        let service: &dyn AddressCheck = match validation {
            AddressValidation::Off => &Off,
            AddressValidation::Test => &TestStreets,
            AddressValidation::Avalara => &*billing.avalara,
        };
        Ok(Checker { org, validation, service, account: account.and_then(open) })
    }

    /// `None`: no answer, which is logged here.
    async fn check(&self, addresses: Vec<NewAddress>) -> Option<AddressVerdict> {
        let mut all = match self.validation {
            AddressValidation::Off => AddressVerdict::NotChecked,
            AddressValidation::Test | AddressValidation::Avalara => AddressVerdict::Valid,
        };
        // There is nothing to be found of an address that is empty.
        for (place, address) in addresses.iter().filter(|(_, address)| *address != AddressFields::default()) {
            let question = AddressQuestion { address, account: self.account.as_ref() };
            match self.service.check(question).await {
                Ok(verdict) => all = joined(all, verdict, *place),
                Err(CannotCheck(reason)) => {
                    tracing::warn!(org = self.org.0, reason, "addresses can't be checked and count as valid");
                    return None;
                }
            }
        }
        Some(all)
    }
}

/// Both verdicts in one; messages on the sales contact's address say so.
fn joined(first: AddressVerdict, second: AddressVerdict, place: Place) -> AddressVerdict {
    let AddressVerdict::Invalid(messages) = second else { return first };
    let named = messages.into_iter().map(|message| match place {
        Place::Billing => message,
        Place::Sales => format!("salesContact: {message}"),
    });
    AddressVerdict::Invalid(first.messages().iter().cloned().chain(named).collect())
}
