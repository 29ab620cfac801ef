//! Contacts of a customer and addresses (`api.md` §2.2). A password comes in and never goes out.

use domain::contacts::{
    Address, AddressFields, Contact, NAME_MAX, NewContact, NewLogin, Password, TEXT_MAX, USERNAME_MAX, USERNAME_MIN,
    is_email,
};
use domain::countries;

use crate::reader::Reader;
use crate::writer::Writer;

/// Longer is no safer, and hashing takes time.
const PASSWORD_MAX: usize = 255;

/// A contact to be made, from its element.
pub fn read_from(contact: &Reader<'_>) -> Option<NewContact> {
    let login = login(contact);
    let account_locked = contact.boolean("accountLocked").or(false);
    let first_name = contact.required_text("firstName", NAME_MAX);
    let last_name = contact.required_text("lastName", NAME_MAX);
    let email_primary = contact.required("emailPrimary", contact.parsed("emailPrimary", email));
    let work_phone = contact.text("workPhone", TEXT_MAX).value();
    let cell_phone = contact.text("cellPhone", TEXT_MAX).value();
    let address = read_address(contact, "address").unwrap_or_default();
    Some(NewContact {
        login,
        account_locked,
        first_name: first_name?,
        last_name: last_name?,
        email_primary: email_primary?,
        work_phone,
        cell_phone,
        address,
    })
}

/// The address in the child `name`.
pub fn read_address(parent: &Reader<'_>, name: &str) -> Option<AddressFields> {
    let address = parent.child(name).value()?;
    let text = |name| address.text(name, TEXT_MAX).value();
    Some(AddressFields {
        street1: text("street1"),
        street2: text("street2"),
        city: text("city"),
        state: text("state"),
        zip: text("zip"),
        country: text("country"),
        country_code: address.parsed("countryCode", country_code).value(),
    })
}

/// A contact in a document of its own.
pub fn write(name: &str, contact: &Contact) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, name, contact);
    writer.finish()
}

/// `name` is `billingContact` or `salesContact`.
pub fn write_into(writer: &mut Writer, name: &str, contact: &Contact) {
    writer.object(name, contact.id, |writer| {
        writer.optional_text("username", contact.username.as_deref());
        writer.boolean("accountLocked", contact.account_locked);
        writer.text("firstName", &contact.first_name);
        writer.text("lastName", &contact.last_name);
        writer.text("emailPrimary", &contact.email_primary);
        writer.optional_text("workPhone", contact.work_phone.as_deref());
        writer.optional_text("cellPhone", contact.cell_phone.as_deref());
        write_address(writer, &contact.address);
    });
}

fn write_address(writer: &mut Writer, address: &Address) {
    let fields = &address.fields;
    writer.object("address", address.id, |writer| {
        writer.optional_text("street1", fields.street1.as_deref());
        writer.optional_text("street2", fields.street2.as_deref());
        writer.optional_text("city", fields.city.as_deref());
        writer.optional_text("state", fields.state.as_deref());
        writer.optional_text("zip", fields.zip.as_deref());
        writer.optional_text("country", fields.country.as_deref());
        writer.optional_text("countryCode", fields.country_code.as_deref());
    });
}

/// Name and password come together or not at all.
fn login(contact: &Reader<'_>) -> Option<NewLogin> {
    let username = contact.parsed("username", username).value();
    let password = contact.parsed("passwd", password).value();
    for (given, missing) in [("username", "passwd"), ("passwd", "username")] {
        if contact.is_given(given) && !contact.is_given(missing) {
            contact.wrong(missing, format_args!("is required together with {given}"));
        }
    }
    Some(NewLogin { username: username?, password: password? })
}

pub(crate) fn username(text: &str) -> Result<String, String> {
    if (USERNAME_MIN..=USERNAME_MAX).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(format!("must have {USERNAME_MIN} to {USERNAME_MAX} characters"))
    }
}

pub(crate) fn password(text: &str) -> Result<Password, String> {
    let password = Password::new(text);
    if password.is_strong() && text.chars().count() <= PASSWORD_MAX {
        Ok(password)
    } else {
        Err(format!(
            "must have 8 to {PASSWORD_MAX} characters with an upper-case letter, a lower-case letter and a digit"
        ))
    }
}

pub(crate) fn email(text: &str) -> Result<String, &'static str> {
    is_email(text).then(|| text.to_owned()).ok_or("must be an e-mail address like ann@example.com")
}

pub(crate) fn country_code(text: &str) -> Result<String, &'static str> {
    let is_known = countries::alpha3(text).is_some();
    is_known
        .then(|| text.to_owned())
        .ok_or("must be the code of a country in ISO 3166-1, two or three letters like US or USA")
}
