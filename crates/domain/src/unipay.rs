//! A customer as the UniPay-compatible API has it, and what of that is which part of a customer (`api.md` §9.2, §9.4).

use crate::changes::{AddressChange, Change, ContactChange, CustomerChange};
use crate::contacts::{AddressFields, NAME_MAX, NewContact};
use crate::customers::{Customer, NewCustomer};

pub const EMAIL_MAX: usize = 100;
pub const PHONE_MAX: usize = 15;
pub const STREET_MAX: usize = 128;
pub const CITY_MAX: usize = 50;
pub const STATE_MAX: usize = 3;
pub const ZIP_CODE_MAX: usize = 10;

/// What may be given and changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    /// Only of a business.
    pub organization_name: Option<String>,
    /// May be missing here, and only here.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip_code: Option<String>,
    pub country_code: Option<String>,
}

/// A customer to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// The merchant's own reference; without one it is the id.
    pub code: Option<String>,
    pub account_id: Option<i64>,
    pub profile: Profile,
}

/// What is to become of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// As it is, or it is refused: it is given once.
    pub code: Change<String>,
    /// As the code.
    pub account_id: Change<i64>,
    pub first_name: Change<String>,
    pub last_name: Change<String>,
    pub organization_name: Change<String>,
    pub email: Change<String>,
    pub phone: Change<String>,
    pub street: Change<String>,
    pub city: Change<String>,
    pub state: Change<String>,
    pub zip_code: Change<String>,
    pub country_code: Change<String>,
}

impl ProfileChange {
    /// The same change of the customer as it is everywhere else.
    pub fn of(self, current: &Customer) -> CustomerChange {
        let name = self.name(current);
        let is_business_account = match self.organization_name {
            Change::Keep => Change::Keep,
            Change::Clear => Change::To(false),
            Change::To(_) => Change::To(true),
        };
        let email_primary = match self.email {
            // An address may be missing here.
            Change::Clear => Change::To(String::new()),
            other => other,
        };
        let address = AddressChange {
            street1: self.street,
            city: self.city,
            state: self.state,
            zip: self.zip_code,
            country_code: self.country_code,
            ..AddressChange::default()
        };
        let contact = ContactChange {
            first_name: self.first_name,
            last_name: self.last_name,
            email_primary,
            work_phone: self.phone,
            address,
            ..ContactChange::default()
        };
        CustomerChange { name, is_business_account, billing_contact: Some(contact), ..CustomerChange::default() }
    }

    /// A person's name follows the person, unless the merchant has called the customer something else.
    fn name(&self, current: &Customer) -> Change<String> {
        let contact = &current.billing_contact;
        let first_name = self.first_name.or_default(&contact.first_name, &contact.first_name);
        let last_name = self.last_name.or_default(&contact.last_name, &contact.last_name);
        let is_named_after_person = current.name == person(&contact.first_name, &contact.last_name);
        match &self.organization_name {
            Change::To(name) => Change::To(name.clone()),
            Change::Clear if current.is_business_account => Change::To(person(&first_name, &last_name)),
            Change::Clear | Change::Keep if !current.is_business_account && is_named_after_person => {
                Change::To(person(&first_name, &last_name))
            }
            Change::Clear | Change::Keep => Change::Keep,
        }
    }
}

impl Profile {
    /// The customer's name: the business, else the person.
    pub fn name(&self) -> String {
        match &self.organization_name {
            Some(name) => name.clone(),
            None => person(&self.first_name, &self.last_name),
        }
    }
}

/// "first last", within the length of a name.
pub fn person(first_name: &str, last_name: &str) -> String {
    let name: String = format!("{first_name} {last_name}").chars().take(NAME_MAX).collect();
    name.trim().to_owned()
}

impl From<NewProfile> for NewCustomer {
    fn from(new: NewProfile) -> NewCustomer {
        let name = new.profile.name();
        let profile = new.profile;
        NewCustomer {
            name,
            status: None,
            ext_customer_ref: new.code,
            crm_customer_id: None,
            erp_customer_id: None,
            locale: None,
            is_business_account: profile.organization_name.is_some(),
            payment_terms_value: None,
            payment_terms_units: None,
            currency: None,
            billing_contact: NewContact {
                login: None,
                account_locked: false,
                first_name: profile.first_name,
                last_name: profile.last_name,
                email_primary: profile.email.unwrap_or_default(),
                work_phone: profile.phone,
                cell_phone: None,
                address: AddressFields {
                    street1: profile.street,
                    street2: None,
                    city: profile.city,
                    state: profile.state,
                    zip: profile.zip_code,
                    country: None,
                    country_code: profile.country_code,
                },
            },
            sales_contact: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_within_the_length_of_a_name() {
        assert_eq!(person("Ann", "Lee"), "Ann Lee");
        assert_eq!(person(&"x".repeat(NAME_MAX), "Lee").chars().count(), NAME_MAX);
        assert_eq!(person(&"é".repeat(NAME_MAX - 1), "Lee").chars().count(), NAME_MAX - 1);
    }
}
