//! Searches as they are read and the Customer object as it is shown in its three forms (`api.md` §9.2, appendix A.5).

use std::fmt;

use billing::unipay::{Criteria, Found};
use domain::checks::Problems;
use domain::contacts::NAME_MAX;
use domain::unipay;
use jiff::tz::TimeZone;
use serde::ser::{Serialize, SerializeMap, Serializer};
use store::Page;
use wire::element::Element;
use wire::reader::{self, Reader};
use wire::unipay::{FIELDS, INTEGER_MAX};
use wire::writer::Writer;

use super::negotiation::Format;
use super::reply;
use crate::api::input::Params;

const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 1000;

/// What to look for, and which part of it.
pub fn criteria(params: &Params) -> Result<(Criteria, Page), Problems> {
    let mut given = Element::new("find");
    let names = FIELDS.iter().filter(|name| **name != "code").chain(&["offset", "limit"]);
    for name in names {
        let texts = params.all(name).map(str::to_owned);
        given.children.extend(texts.map(|text| Element { text, ..Element::new(name) }));
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

/// Whether a field of the customer is shown with just this text.
pub fn shows(found: &Found, zone: &TimeZone) -> impl Fn(&str, &str) -> bool {
    let shown = Shown::of(found, zone);
    move |name, text| shown.given().any(|(of, value)| of == name && value.to_string() == text)
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
