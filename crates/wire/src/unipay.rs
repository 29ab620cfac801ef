//! The UniPay-compatible Customer as it is given, in its three forms (`api.md` §9.2): JSON, XML attributes and form text.
//! Whatever the form, fields are read by the one reader, which finds every problem at once.

use domain::changes::Change;
use domain::checks::Problems;
use domain::contacts::{NAME_MAX, is_email};
use domain::countries;
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::unipay::{self, NewProfile, Profile, ProfileChange};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::characters::is_legal;
use crate::element::Element;
use crate::reader;

/// What may be given; all else is ignored, `id` and `createDate` among it.
pub const FIELDS: [&str; 12] = [
    "code",
    "accountId",
    "firstName",
    "lastName",
    "organizationName",
    "email",
    "phone",
    "street",
    "city",
    "state",
    "zipCode",
    "countryCode",
];

/// Some programs put it before everything; in XML it is understood as well.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The largest number that every JSON reader keeps exactly.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// Why a body holds no fields at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// The fields of a body as children of one element, and those that can't be texts at all.
pub struct Given {
    customer: Element,
    wrong: Vec<(String, &'static str)>,
}

impl Given {
    fn new() -> Given {
        Given { customer: Element::new("customer"), wrong: Vec::new() }
    }

    fn add(&mut self, name: &str, text: &str) {
        let text = text.trim();
        if !FIELDS.contains(&name) {
            return;
        }
        if text.chars().all(is_legal) {
            self.customer.children.push(Element { text: text.to_owned(), ..Element::new(name) });
        } else {
            self.wrong.push((name.to_owned(), "may not hold control characters"));
        }
    }

    /// Without what is sent back as it is shown: a customer of the XML API may have longer texts than may be given here.
    pub fn without_unchanged(mut self, is_shown: impl Fn(&str, &str) -> bool) -> Given {
        let is_single = |name: &str, all: &[Element]| all.iter().filter(|child| child.name == name).count() == 1;
        let all = std::mem::take(&mut self.customer.children);
        let is_unchanged = |child: &&Element| {
            child.children.is_empty() && is_shown(&child.name, &child.text) && is_single(&child.name, &all)
        };
        self.customer.children = all.iter().filter(|child| !is_unchanged(child)).cloned().collect();
        self
    }

    fn add_json(&mut self, name: &str, value: &Value) {
        let is_number = name == "accountId";
        match value {
            Value::Null => self.add(name, ""),
            Value::Number(number) if is_number => self.add(name, &number.to_string()),
            Value::String(text) if !is_number => self.add(name, text),
            _ if is_number => self.wrong.push((name.to_owned(), "must be a whole number")),
            _ if FIELDS.contains(&name) => self.wrong.push((name.to_owned(), "must be a text")),
            _ => {}
        }
    }
}

pub fn from_json(bytes: &[u8]) -> Result<Given, Unreadable> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let members: Members = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Unreadable(format!("The body must be a customer as a JSON object; it is not, at {place}."))
    })?;
    let mut given = Given::new();
    members.0.iter().for_each(|(name, value)| given.add_json(name, value));
    Ok(given)
}

/// `<customer firstName="Ann"/>`; elements instead of attributes are understood as well.
pub fn from_xml(customer: &Element) -> Result<Given, Problems> {
    reader::expect_root(customer, &["customer"])?;
    let mut given = Given::new();
    customer.attributes.iter().for_each(|(name, value)| given.add(name, value));
    let known = customer.children.iter().filter(|child| FIELDS.contains(&child.name.as_str()));
    given.customer.children.extend(known.cloned());
    Ok(given)
}

/// `firstName=Ann` or `object.firstName=Ann`.
pub fn from_query(bytes: &[u8]) -> Result<Given, Unreadable> {
    let malformed = || Unreadable("The body must be written name1=value1&name2=value2, in UTF-8.".to_owned());
    if bytes.trim_ascii().is_empty() || !are_pairs(bytes) {
        return Err(malformed());
    }
    let mut given = Given::new();
    for (name, value) in form_urlencoded::parse(bytes.trim_ascii()) {
        // What stands for bytes that were no UTF-8.
        if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
            return Err(malformed());
        }
        let name = name.trim();
        given.add(name.strip_prefix("object.").unwrap_or(name), &value);
    }
    Ok(given)
}

/// Whether every part has its `=`, and every `%` its two digits.
fn are_pairs(bytes: &[u8]) -> bool {
    let has_value = |pair: &[u8]| pair.is_empty() || pair.contains(&b'=');
    let mut escapes = bytes.split(|byte| *byte == b'%').skip(1);
    bytes.split(|byte| *byte == b'&').all(has_value)
        && escapes.all(|rest| rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit))
}

/// A customer to be made.
pub fn new(given: &Given) -> Result<NewProfile, Problems> {
    reader::read(&given.customer, |customer| {
        given.wrong.iter().for_each(|(name, predicate)| customer.wrong(name, predicate));
        let code = customer.parsed("code", code).value();
        let account_id = customer.integer("accountId", 1..=INTEGER_MAX).value();
        let first_name = customer.required_text("firstName", NAME_MAX);
        let last_name = customer.required_text("lastName", NAME_MAX);
        let text = |name, max| customer.text(name, max).value();
        let organization_name = text("organizationName", NAME_MAX);
        let email = customer.parsed("email", email).value();
        let (phone, street) = (text("phone", unipay::PHONE_MAX), text("street", unipay::STREET_MAX));
        let (city, state) = (text("city", unipay::CITY_MAX), text("state", unipay::STATE_MAX));
        let zip_code = text("zipCode", unipay::ZIP_CODE_MAX);
        let country_code = customer.parsed("countryCode", country_code).value();
        let (first_name, last_name) = (first_name?, last_name?);
        let profile = Profile {
            first_name,
            last_name,
            organization_name,
            email,
            phone,
            street,
            city,
            state,
            zip_code,
            country_code,
        };
        Some(NewProfile { code, account_id, profile })
    })
}

/// What is to become of one: what is absent stays, what is there and empty goes.
pub fn change(given: &Given) -> Result<ProfileChange, Problems> {
    reader::read(&given.customer, |customer| {
        given.wrong.iter().for_each(|(name, predicate)| customer.wrong(name, predicate));
        let required = |name| {
            let field = customer.text(name, NAME_MAX);
            customer.not_cleared(name, field).map_or(Change::Keep, Change::To)
        };
        let text = |name, max| customer.text(name, max).into();
        Some(ProfileChange {
            code: text("code", EXT_CUSTOMER_REF_MAX),
            account_id: customer.integer("accountId", 1..=INTEGER_MAX).into(),
            first_name: required("firstName"),
            last_name: required("lastName"),
            organization_name: text("organizationName", NAME_MAX),
            email: customer.parsed("email", email).into(),
            phone: text("phone", unipay::PHONE_MAX),
            street: text("street", unipay::STREET_MAX),
            city: text("city", unipay::CITY_MAX),
            state: text("state", unipay::STATE_MAX),
            zip_code: text("zipCode", unipay::ZIP_CODE_MAX),
            country_code: customer.parsed("countryCode", country_code).into(),
        })
    })
}

fn code(text: &str) -> Result<String, String> {
    // An address that ends with it would name an action.
    if text.starts_with('~') || text.chars().count() > EXT_CUSTOMER_REF_MAX {
        return Err(format!("may have at most {EXT_CUSTOMER_REF_MAX} characters and not begin with ~"));
    }
    Ok(text.to_owned())
}

fn email(text: &str) -> Result<String, String> {
    if is_email(text) && text.chars().count() <= unipay::EMAIL_MAX {
        return Ok(text.to_owned());
    }
    Err(format!("must be an e-mail address like ann@example.com of at most {} characters", unipay::EMAIL_MAX))
}

fn country_code(text: &str) -> Result<String, &'static str> {
    let is_known = text.len() == 2 && countries::alpha3(text).is_some();
    is_known.then(|| text.to_owned()).ok_or("must be the code of a country in ISO 3166-1 in two letters like US")
}

/// The members of a JSON object, all of them: of two with one name, whichever we took, somebody meant the other.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
