//! What a customer changes of itself in the portal.

use domain::changes::{Change, ContactChange};
use domain::contacts::{Address, AddressFields, Contact};
use domain::details::{DetailField, Details, Wrong};
use domain::ids::{AddressId, ContactId};

fn contact(country_code: Option<&str>, country: Option<&str>) -> Contact {
    let text = |text: &str| Some(text.to_owned());
    Contact {
        id: ContactId(1),
        username: text("johndoe"),
        account_locked: false,
        first_name: "John".to_owned(),
        last_name: "Doe".to_owned(),
        email_primary: "johndoe@example.com".to_owned(),
        work_phone: text("+1 555 0100"),
        cell_phone: None,
        address: Address {
            id: AddressId(1),
            fields: AddressFields {
                street1: text("43 Main Av"),
                country: country.map(str::to_owned),
                country_code: country_code.map(str::to_owned),
                ..AddressFields::default()
            },
        },
    }
}

fn with(details: &Details, changed: &[(DetailField, &str)]) -> Details {
    Details::read(|field| {
        let value = changed.iter().find(|(other, _)| *other == field).map(|(_, value)| *value);
        value.unwrap_or_else(|| details.get(field)).to_owned()
    })
}

fn change(current: &Contact, changed: &[(DetailField, &str)]) -> Result<ContactChange, Vec<(DetailField, Wrong)>> {
    with(&Details::of(current), changed).change(current, |code| Some(format!("Land {code}")))
}

#[test]
fn login_and_email_are_never_touched() {
    let ContactChange { username, password, account_locked, email_primary, .. } =
        change(&contact(None, None), &[]).unwrap();
    assert!(username.is_keep() && account_locked.is_keep() && email_primary.is_keep());
    assert!(matches!(password, Change::Keep));
}

#[test]
fn what_is_emptied_goes_and_what_is_typed_is_one_line() {
    let changed =
        [(DetailField::WorkPhone, "  "), (DetailField::City, " Wien\r\nBcc: x \u{7}"), (DetailField::Street2, "")];
    let change = change(&contact(None, None), &changed).unwrap();
    assert_eq!(change.work_phone, Change::Clear);
    assert_eq!(change.address.city, Change::To("Wien Bcc: x".to_owned()));
    assert_eq!(change.address.street1, Change::To("43 Main Av".to_owned()));
    assert_eq!(change.address.street2, Change::Clear);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let long = "ü".repeat(256);
    let changed =
        [(DetailField::FirstName, " "), (DetailField::City, long.as_str()), (DetailField::CountryCode, "Atlantis")];
    let wrong = [
        (DetailField::FirstName, Wrong::Missing),
        (DetailField::City, Wrong::TooLong),
        (DetailField::CountryCode, Wrong::NoCountry),
    ];
    assert_eq!(change(&contact(None, None), &changed).unwrap_err(), wrong);
    assert!(change(&contact(None, None), &[(DetailField::City, &long[2..])]).is_ok(), "255 characters are allowed");
}

#[test]
fn a_country_keeps_the_name_it_has_until_another_is_chosen() {
    let country = |current: &Contact, code: &str| {
        let address = change(current, &[(DetailField::CountryCode, code)]).unwrap().address;
        (address.country_code, address.country)
    };
    let to = |text: &str| Change::To(text.to_owned());
    let austrian = contact(Some("AUT"), Some("Republik Österreich"));
    assert_eq!(country(&austrian, "at"), (Change::Keep, Change::Keep));
    assert_eq!(country(&austrian, "DE"), (to("DE"), to("Land DE")));
    assert_eq!(country(&austrian, ""), (Change::Clear, Change::Clear));
    let by_name = contact(None, Some("Österreich"));
    assert_eq!(country(&by_name, ""), (Change::Keep, Change::Keep), "a name without a code stays");
    assert_eq!(country(&by_name, "AT"), (to("AT"), to("Land AT")));
}
