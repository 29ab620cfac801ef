//! Customers and contacts to be changed: absent stays, empty goes (`api.md` §1.9).

use domain::changes::{AddressChange, Change, ContactChange, CustomerChange};
use domain::checks::Problems;
use domain::contacts::{NAME_MAX, NewContact, TEXT_MAX};
use domain::customers::{EXT_CUSTOMER_REF_MAX, FOREIGN_ID_MAX};
use domain::money::Currency;

use crate::contacts::{self, country_code, email, password, username};
use crate::customers::{self, locale};
use crate::element::Element;
use crate::fields::{self, required_change as required};
use crate::reader::{self, Field, Reader};

impl<T> From<Field<T>> for Change<T> {
    fn from(field: Field<T>) -> Change<T> {
        match field {
            Field::Absent => Change::Keep,
            Field::Cleared => Change::Clear,
            Field::Value(value) => Change::To(value),
        }
    }
}

/// What a `<customer>` changes.
pub fn read(customer: &Element) -> Result<CustomerChange, Problems> {
    reader::expect_root(customer, &["customer"])?;
    reader::read(customer, |customer| Some(read_from(customer)))
}

fn read_from(customer: &Reader<'_>) -> CustomerChange {
    CustomerChange {
        name: required(customer, "name", customer.text("name", NAME_MAX)),
        status: required(customer, "status", customer.parsed("status", str::parse)),
        ext_customer_ref: customer.text("extCustomerRef", EXT_CUSTOMER_REF_MAX).into(),
        crm_customer_id: customer.text("crmCustomerId", FOREIGN_ID_MAX).into(),
        erp_customer_id: customer.text("erpCustomerId", FOREIGN_ID_MAX).into(),
        locale: customer.parsed("locale", locale).into(),
        is_business_account: customer.boolean("isBusinessAccount").into(),
        payment_terms_value: customer.integer("paymentTermsValue", 0..=customers::TERMS_MAX).into(),
        payment_terms_units: customer.parsed("paymentTermsUnits", str::parse).into(),
        currency: currency(customer),
        billing_contact: match required(customer, "billingContact", customer.child("billingContact")) {
            Change::To(contact) => Some(contact_from(&contact)),
            Change::Keep | Change::Clear => None,
        },
        sales_contact: customer.child("salesContact").map(|contact| contact_from(&contact)).into(),
    }
}

/// What a `<billingContact>` or `<salesContact>` changes.
pub fn read_contact(contact: &Element, name: &str) -> Result<ContactChange, Problems> {
    reader::expect_root(contact, &[name])?;
    reader::read(contact, |contact| Some(contact_from(contact)))
}

fn contact_from(contact: &Reader<'_>) -> ContactChange {
    ContactChange {
        username: contact.parsed("username", username).into(),
        password: contact.parsed("passwd", password).into(),
        account_locked: contact.boolean("accountLocked").into(),
        first_name: required(contact, "firstName", contact.text("firstName", NAME_MAX)),
        last_name: required(contact, "lastName", contact.text("lastName", NAME_MAX)),
        email_primary: required(contact, "emailPrimary", contact.parsed("emailPrimary", email)),
        work_phone: contact.text("workPhone", TEXT_MAX).into(),
        cell_phone: contact.text("cellPhone", TEXT_MAX).into(),
        address: match contact.child("address") {
            Field::Absent => AddressChange::default(),
            Field::Cleared => AddressChange::cleared(),
            Field::Value(address) => address_from(&address),
        },
    }
}

fn address_from(address: &Reader<'_>) -> AddressChange {
    let text = |name| address.text(name, TEXT_MAX).into();
    AddressChange {
        street1: text("street1"),
        street2: text("street2"),
        city: text("city"),
        state: text("state"),
        zip: text("zip"),
        country: text("country"),
        country_code: address.parsed("countryCode", country_code).into(),
    }
}

fn currency(customer: &Reader<'_>) -> Change<Currency> {
    match customer.reference("currency") {
        Field::Cleared => Change::Clear,
        Field::Absent | Field::Value(_) => fields::currency(customer).map_or(Change::Keep, Change::To),
    }
}

/// A contact to be made, in a document of its own.
pub fn read_new_contact(contact: &Element, name: &str) -> Result<NewContact, Problems> {
    reader::expect_root(contact, &[name])?;
    reader::read(contact, contacts::read_from)
}
