//! What customers may change of themselves in the portal: how their billing contact is called, its phones and its
//! address. E-mail address and login are not among it: they are for who has proved to be the contact.

use crate::changes::{AddressChange, Change, ContactChange};
use crate::contacts::{AddressFields, Contact, NAME_MAX, TEXT_MAX};
use crate::countries::alpha3;
use crate::wallet::holds_card_number;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DetailField {
    FirstName,
    LastName,
    WorkPhone,
    CellPhone,
    Street1,
    Street2,
    Zip,
    City,
    State,
    CountryCode,
}

crate::names!(DetailField {
    FirstName => "firstName",
    LastName => "lastName",
    WorkPhone => "workPhone",
    CellPhone => "cellPhone",
    Street1 => "street1",
    Street2 => "street2",
    Zip => "zip",
    City => "city",
    State => "state",
    CountryCode => "countryCode",
});

impl DetailField {
    pub fn is_required(self) -> bool {
        matches!(self, DetailField::FirstName | DetailField::LastName)
    }

    pub fn length_max(self) -> usize {
        if self.is_required() { NAME_MAX } else { TEXT_MAX }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong,
    NoCountry,
    /// The number of a payment card: it belongs nowhere but where something is paid.
    CardNumber,
}

/// Values as they are typed; an empty one is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details([String; DetailField::ALL.len()]);

impl Details {
    pub fn read(value: impl Fn(DetailField) -> String) -> Details {
        let mut details = Details::default();
        for (place, field) in details.0.iter_mut().zip(DetailField::ALL) {
            *place = one_line(&value(*field));
        }
        details
    }

    pub fn of(contact: &Contact) -> Details {
        let AddressFields { street1, street2, city, state, zip, country_code, .. } = &contact.address.fields;
        let or_none = |value: &Option<String>| value.clone().unwrap_or_default();
        Details::read(|field| match field {
            DetailField::FirstName => contact.first_name.clone(),
            DetailField::LastName => contact.last_name.clone(),
            DetailField::WorkPhone => or_none(&contact.work_phone),
            DetailField::CellPhone => or_none(&contact.cell_phone),
            DetailField::Street1 => or_none(street1),
            DetailField::Street2 => or_none(street2),
            DetailField::Zip => or_none(zip),
            DetailField::City => or_none(city),
            DetailField::State => or_none(state),
            DetailField::CountryCode => or_none(country_code),
        })
    }

    pub fn get(&self, field: DetailField) -> &str {
        let place = DetailField::ALL.iter().position(|other| *other == field);
        place.map_or("", |place| &self.0[place])
    }

    /// What the contact becomes by them, or everything that is wrong. `country_name`: how an invoice names the country.
    pub fn change(
        &self,
        current: &Contact,
        country_name: impl Fn(&str) -> Option<String>,
    ) -> Result<ContactChange, Vec<(DetailField, Wrong)>> {
        let wrong: Vec<_> = DetailField::ALL.iter().filter_map(|field| Some((*field, self.wrong(*field)?))).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let value = |field| match self.get(field) {
            "" => Change::Clear,
            text => Change::To(text.to_owned()),
        };
        let (country_code, country) = self.country(current, country_name);
        Ok(ContactChange {
            first_name: value(DetailField::FirstName),
            last_name: value(DetailField::LastName),
            work_phone: value(DetailField::WorkPhone),
            cell_phone: value(DetailField::CellPhone),
            address: AddressChange {
                street1: value(DetailField::Street1),
                street2: value(DetailField::Street2),
                city: value(DetailField::City),
                state: value(DetailField::State),
                zip: value(DetailField::Zip),
                country,
                country_code,
            },
            ..ContactChange::default()
        })
    }

    fn wrong(&self, field: DetailField) -> Option<Wrong> {
        let text = self.get(field);
        if text.is_empty() {
            return field.is_required().then_some(Wrong::Missing);
        }
        if text.chars().count() > field.length_max() {
            return Some(Wrong::TooLong);
        }
        if holds_card_number(text) {
            return Some(Wrong::CardNumber);
        }
        (field == DetailField::CountryCode && alpha3(text).is_none()).then_some(Wrong::NoCountry)
    }

    /// Code and name of the country. Both stay as they are as long as the same country is meant.
    fn country(&self, current: &Contact, name: impl Fn(&str) -> Option<String>) -> (Change<String>, Change<String>) {
        let chosen = self.get(DetailField::CountryCode);
        let before = current.address.fields.country_alpha3();
        match alpha3(chosen) {
            after if after == before => (Change::Keep, Change::Keep),
            None => (Change::Clear, Change::Clear),
            Some(_) => (Change::To(chosen.to_owned()), name(chosen).map_or(Change::Clear, Change::To)),
        }
    }
}

/// A field has one line: breaks and other control characters become blanks.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
