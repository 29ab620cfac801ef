//! What a request changes of a customer: left alone, emptied, or set (`api.md` §1.9).

use crate::checks::Problems;
use crate::contacts::{Address, AddressFields, Contact, NewContact, NewLogin, Password};
use crate::customers::{Customer, CustomerStatus};
use crate::dates::TimeUnit;
use crate::money::Currency;
use crate::organizations::{Organization, Terms};

/// What is to become of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The request does not speak of it.
    #[default]
    Keep,
    /// It stands there, empty.
    Clear,
    To(T),
}

impl<T: Clone> Change<T> {
    pub fn is_keep(&self) -> bool {
        matches!(self, Change::Keep)
    }

    /// For a value that may be missing.
    pub fn optional(&self, current: Option<&T>) -> Option<T> {
        match self {
            Change::Keep => current.cloned(),
            Change::Clear => None,
            Change::To(value) => Some(value.clone()),
        }
    }

    /// For a value that has a default.
    pub fn or_default(&self, current: &T, default: &T) -> T {
        match self {
            Change::Keep => current.clone(),
            Change::Clear => default.clone(),
            Change::To(value) => value.clone(),
        }
    }

    /// For a value that must be there.
    fn required(&self, field: &str, current: &T, problems: &mut Problems) -> T {
        if matches!(self, Change::Clear) {
            problems.add(field, format!("{field} is required and may not be empty."));
        }
        self.or_default(current, current)
    }
}

/// What a request changes of a customer.
#[derive(Clone, Debug, Default)]
pub struct CustomerChange {
    pub name: Change<String>,
    pub status: Change<CustomerStatus>,
    pub ext_customer_ref: Change<String>,
    pub crm_customer_id: Change<String>,
    pub erp_customer_id: Change<String>,
    pub locale: Change<String>,
    pub is_business_account: Change<bool>,
    pub payment_terms_value: Change<i64>,
    pub payment_terms_units: Change<TimeUnit>,
    pub currency: Change<Currency>,
    pub billing_contact: Option<ContactChange>,
    /// Made if there is none; cleared: removed.
    pub sales_contact: Change<ContactChange>,
}

/// What a request changes of a contact.
#[derive(Clone, Debug, Default)]
pub struct ContactChange {
    /// Cleared: the contact has no login any more, and no password.
    pub username: Change<String>,
    pub password: Change<Password>,
    pub account_locked: Change<bool>,
    pub first_name: Change<String>,
    pub last_name: Change<String>,
    pub email_primary: Change<String>,
    pub work_phone: Change<String>,
    pub cell_phone: Change<String>,
    pub address: AddressChange,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressChange {
    pub street1: Change<String>,
    pub street2: Change<String>,
    pub city: Change<String>,
    pub state: Change<String>,
    pub zip: Change<String>,
    pub country: Change<String>,
    pub country_code: Change<String>,
}

/// A customer as a change leaves it.
#[derive(Clone, Debug)]
pub struct Changed {
    pub customer: Customer,
    /// It has no ids yet, so it is not part of the customer.
    pub new_sales_contact: Option<NewContact>,
}

impl CustomerChange {
    /// The customer with this change, or everything that is wrong with it.
    pub fn applied_to(&self, current: &Customer, organization: &Organization) -> Result<Changed, Problems> {
        let mut problems = Problems::new();
        let terms = organization.terms;
        let (sales_contact, new_sales_contact) = self.sales_contact(current.sales_contact.as_ref(), &mut problems);
        let customer = Customer {
            name: self.name.required("name", &current.name, &mut problems),
            status: self.status.required("status", &current.status, &mut problems),
            ext_customer_ref: self.ext_customer_ref.optional(current.ext_customer_ref.as_ref()),
            crm_customer_id: self.crm_customer_id.optional(current.crm_customer_id.as_ref()),
            erp_customer_id: self.erp_customer_id.optional(current.erp_customer_id.as_ref()),
            locale: self.locale.or_default(&current.locale, &organization.locale),
            is_business_account: self.is_business_account.or_default(&current.is_business_account, &false),
            terms: Terms {
                value: self.payment_terms_value.or_default(&current.terms.value, &terms.value),
                units: self.payment_terms_units.or_default(&current.terms.units, &terms.units),
            },
            currency: self.currency(current.currency, organization, &mut problems),
            billing_contact: match &self.billing_contact {
                Some(change) => change.applied_to(&current.billing_contact, "billingContact", &mut problems),
                None => current.billing_contact.clone(),
            },
            sales_contact,
            ..current.clone()
        };
        problems.result(Changed { customer, new_sales_contact })
    }

    fn currency(&self, current: Currency, organization: &Organization, problems: &mut Problems) -> Currency {
        let currency = self.currency.or_default(&current, &organization.currency);
        if currency != current {
            problems.extend(organization.check_currency(currency));
        }
        currency
    }

    /// What becomes of the one that is there, or the one to be made.
    fn sales_contact(
        &self,
        current: Option<&Contact>,
        problems: &mut Problems,
    ) -> (Option<Contact>, Option<NewContact>) {
        match (&self.sales_contact, current) {
            (Change::Keep, current) => (current.cloned(), None),
            (Change::Clear, _) => (None, None),
            (Change::To(change), Some(current)) => (Some(change.applied_to(current, "salesContact", problems)), None),
            (Change::To(change), None) => (None, change.to_new("salesContact", problems)),
        }
    }
}

impl ContactChange {
    fn applied_to(&self, current: &Contact, place: &str, problems: &mut Problems) -> Contact {
        let field = |name: &str| format!("{place}/{name}");
        self.check_login(current.username.is_some(), place, problems);
        Contact {
            id: current.id,
            username: self.username.optional(current.username.as_ref()),
            account_locked: self.account_locked.or_default(&current.account_locked, &false),
            first_name: self.first_name.required(&field("firstName"), &current.first_name, problems),
            last_name: self.last_name.required(&field("lastName"), &current.last_name, problems),
            email_primary: self.email_primary.required(&field("emailPrimary"), &current.email_primary, problems),
            work_phone: self.work_phone.optional(current.work_phone.as_ref()),
            cell_phone: self.cell_phone.optional(current.cell_phone.as_ref()),
            address: Address { id: current.address.id, fields: self.address.applied_to(&current.address.fields) },
        }
    }

    /// The contact to be made where there is none to change.
    fn to_new(&self, place: &str, problems: &mut Problems) -> Option<NewContact> {
        self.check_login(false, place, problems);
        let required = [
            ("firstName", self.first_name.optional(None)),
            ("lastName", self.last_name.optional(None)),
            ("emailPrimary", self.email_primary.optional(None)),
        ];
        for (name, value) in &required {
            if value.is_none() {
                let field = format!("{place}/{name}");
                problems.add(&field, format!("{field} is required."));
            }
        }
        let [(_, first_name), (_, last_name), (_, email_primary)] = required;
        let login = self.username.optional(None).zip(self.password.optional(None));
        Some(NewContact {
            login: login.map(|(username, password)| NewLogin { username, password }),
            account_locked: self.account_locked.or_default(&false, &false),
            first_name: first_name?,
            last_name: last_name?,
            email_primary: email_primary?,
            work_phone: self.work_phone.optional(None),
            cell_phone: self.cell_phone.optional(None),
            address: self.address.applied_to(&AddressFields::default()),
        })
    }

    /// Name and password are there together or not at all.
    fn check_login(&self, has_login: bool, place: &str, problems: &mut Problems) {
        let has_username = self.username.optional(has_login.then(String::new).as_ref()).is_some();
        let (has_password, is_given) = match self.password {
            Change::Keep => (has_login, false),
            Change::Clear => (false, false),
            Change::To(_) => (true, true),
        };
        let (missing, given) = match (has_username, has_password) {
            (true, false) => ("passwd", "username"),
            (false, true) if is_given => ("username", "passwd"),
            (true, true) | (false, true | false) => return,
        };
        let field = format!("{place}/{missing}");
        problems.add(&field, format!("{field} is required together with {given}."));
    }
}

/// A whole contact, every field set.
impl From<NewContact> for ContactChange {
    fn from(new: NewContact) -> ContactChange {
        let set = |value: Option<String>| value.map_or(Change::Clear, Change::To);
        let (username, password) = match new.login {
            Some(login) => (Change::To(login.username), Change::To(login.password)),
            None => (Change::Clear, Change::Clear),
        };
        let address = new.address;
        ContactChange {
            username,
            password,
            account_locked: Change::To(new.account_locked),
            first_name: Change::To(new.first_name),
            last_name: Change::To(new.last_name),
            email_primary: Change::To(new.email_primary),
            work_phone: set(new.work_phone),
            cell_phone: set(new.cell_phone),
            address: AddressChange {
                street1: set(address.street1),
                street2: set(address.street2),
                city: set(address.city),
                state: set(address.state),
                zip: set(address.zip),
                country: set(address.country),
                country_code: set(address.country_code),
            },
        }
    }
}

impl AddressChange {
    /// Every part emptied.
    pub fn cleared() -> AddressChange {
        AddressChange {
            street1: Change::Clear,
            street2: Change::Clear,
            city: Change::Clear,
            state: Change::Clear,
            zip: Change::Clear,
            country: Change::Clear,
            country_code: Change::Clear,
        }
    }

    pub fn is_keep(&self) -> bool {
        *self == AddressChange::default()
    }

    pub fn applied_to(&self, current: &AddressFields) -> AddressFields {
        AddressFields {
            street1: self.street1.optional(current.street1.as_ref()),
            street2: self.street2.optional(current.street2.as_ref()),
            city: self.city.optional(current.city.as_ref()),
            state: self.state.optional(current.state.as_ref()),
            zip: self.zip.optional(current.zip.as_ref()),
            country: self.country.optional(current.country.as_ref()),
            country_code: self.country_code.optional(current.country_code.as_ref()),
        }
    }
}
