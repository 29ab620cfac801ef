//! The Customer object in its three forms (`api.md` §9.2, appendix A.5). Whatever the form, fields are read by the one
//! reader, which finds every problem at once.

use std::fmt;

use billing::unipay::{Criteria, Found};
use domain::changes::Change;
use domain::checks::Problems;
use domain::contacts::{NAME_MAX, is_email};
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::unipay::{self, NewProfile, Profile, ProfileChange};
use jiff::tz::TimeZone;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use store::Page;
use wire::characters::is_legal;
use wire::element::Element;
use wire::reader::{self, Field, Reader};
use wire::writer::Writer;

use super::negotiation::Format;
use super::reply::{self, Refused};
use crate::api::input::Params;

/// What may be given; all else is ignored, `id` and `createDate` among it.
const FIELDS: [&str; 12] = [
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
const INTEGER_MAX: i64 = (1 << 53) - 1;
const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 1000;

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
    pub fn without_unchanged(mut self, found: &Found, zone: &TimeZone) -> Given {
        let shown = Shown::of(found, zone);
        let is_shown =
            |text: &str, name: &str| shown.given().any(|(of, value)| of == name && value.to_string() == text);
        let is_single = |name: &str, all: &[Element]| all.iter().filter(|child| child.name == name).count() == 1;
        let all = std::mem::take(&mut self.customer.children);
        let is_unchanged = |child: &&Element| {
            child.children.is_empty() && is_shown(&child.text, &child.name) && is_single(&child.name, &all)
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

pub fn from_json(bytes: &[u8]) -> Result<Given, Refused> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let members: Members = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Refused::malformed(format!("The body must be a customer as a JSON object; it is not, at {place}."))
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
pub fn from_query(bytes: &[u8]) -> Result<Given, Refused> {
    let malformed = || Refused::malformed("The body must be written name1=value1&name2=value2, in UTF-8.");
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
        let text = |name, max| to_change(customer.text(name, max));
        Some(ProfileChange {
            code: text("code", EXT_CUSTOMER_REF_MAX),
            account_id: to_change(customer.integer("accountId", 1..=INTEGER_MAX)),
            first_name: required("firstName"),
            last_name: required("lastName"),
            organization_name: text("organizationName", NAME_MAX),
            email: to_change(customer.parsed("email", email)),
            phone: text("phone", unipay::PHONE_MAX),
            street: text("street", unipay::STREET_MAX),
            city: text("city", unipay::CITY_MAX),
            state: text("state", unipay::STATE_MAX),
            zip_code: text("zipCode", unipay::ZIP_CODE_MAX),
            country_code: to_change(customer.parsed("countryCode", country_code)),
        })
    })
}

fn to_change<T>(field: Field<T>) -> Change<T> {
    match field {
        Field::Absent => Change::Keep,
        Field::Cleared => Change::Clear,
        Field::Value(value) => Change::To(value),
    }
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
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| text.to_owned()).ok_or("must be a country code of ISO 3166 in two letters like US")
}

/// What to look for, and which part of it.
pub fn criteria(params: &Params) -> Result<(Criteria, Page), Problems> {
    let mut given = Element::new("find");
    let names = FIELDS.iter().filter(|name| **name != "code").chain(&["offset", "limit"]);
    for name in names {
        let text = params.get(name).map(str::to_owned);
        given.children.extend(text.map(|text| Element { text, ..Element::new(name) }));
    }
    reader::read(&given, |find| {
        let offset = find.integer("offset", 0..=INTEGER_MAX).or(0);
        let limit = find.integer("limit", 0..=i64::MAX).or(LIMIT_DEFAULT);
        Some((searched(find), Page { offset, max: limit.min(LIMIT_MAX) }))
    })
}

fn searched(find: &Reader<'_>) -> Criteria {
    let text = |name, max| find.text(name, max).value();
    Criteria {
        account_id: find.integer("accountId", 0..=INTEGER_MAX).value(),
        first_name: text("firstName", NAME_MAX),
        last_name: text("lastName", NAME_MAX),
        organization_name: text("organizationName", NAME_MAX),
        email: text("email", unipay::EMAIL_MAX),
        phone: text("phone", unipay::PHONE_MAX),
        street: text("street", unipay::STREET_MAX),
        city: text("city", unipay::CITY_MAX),
        state: text("state", unipay::STATE_MAX),
        zip: text("zipCode", unipay::ZIP_CODE_MAX),
        country_code: text("countryCode", 2),
    }
}

/// A customer as it is shown.
pub fn one(found: &Found, zone: &TimeZone, format: Format) -> String {
    let shown = Shown::of(found, zone);
    match format {
        Format::Json => reply::json(&shown),
        Format::Xml => {
            let mut writer = Writer::with_capacity(512);
            shown.write(&mut writer);
            writer.finish()
        }
        Format::Query => shown.to_query(),
    }
}

pub fn list(found: &[Found], zone: &TimeZone, format: Format) -> String {
    let shown = found.iter().map(|customer| Shown::of(customer, zone));
    if format == Format::Xml {
        let mut writer = Writer::with_capacity(64 + 400 * found.len());
        writer.element("customers", |writer| shown.for_each(|customer| customer.write(writer)));
        return writer.finish();
    }
    reply::json(&shown.collect::<Vec<_>>())
}

/// Names and values in their order. Only JSON shows what is missing.
struct Shown([(&'static str, Option<Scalar>); 14]);

enum Scalar {
    Integer(i64),
    Text(String),
}

impl Shown {
    fn of(found: &Found, zone: &TimeZone) -> Shown {
        let text = |text: &str| Some(Scalar::Text(text.to_owned())).filter(|_| !text.is_empty());
        let optional = |field: &Option<String>| text(field.as_deref().unwrap_or_default());
        let created = zone.to_datetime(found.created_at.0).strftime("%Y-%m-%d %H:%M:%S").to_string();
        Shown([
            ("id", Some(Scalar::Integer(found.id.0))),
            ("code", text(&found.code())),
            ("accountId", found.account_id.map(Scalar::Integer)),
            ("createDate", text(&created)),
            ("firstName", text(&found.first_name)),
            ("lastName", text(&found.last_name)),
            ("organizationName", text(if found.is_business_account { &found.name } else { "" })),
            ("email", text(&found.email_primary)),
            ("phone", optional(&found.work_phone)),
            ("street", optional(&found.street1)),
            ("city", optional(&found.city)),
            ("state", optional(&found.state)),
            ("zipCode", optional(&found.zip)),
            ("countryCode", optional(&found.country_code)),
        ])
    }

    fn given(&self) -> impl Iterator<Item = (&'static str, &Scalar)> {
        self.0.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)))
    }

    fn write(&self, writer: &mut Writer) {
        writer.start("customer");
        self.given().for_each(|(name, value)| writer.attribute(name, value));
        writer.end();
    }

    fn to_query(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.given() {
            text.append_pair(name, &value.to_string());
        }
        text.finish()
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Integer(number) => number.fmt(f),
            Scalar::Text(text) => text.fmt(f),
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match value {
                None => map.serialize_entry(name, &())?,
                Some(Scalar::Integer(number)) => map.serialize_entry(name, number)?,
                Some(Scalar::Text(text)) => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

/// The members of a JSON object, all of them: of two with one name, whichever we took, somebody meant the other.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
