//! How a payment is made: the `paymentMethodDTO` (`api.md` §2.6). Card numbers and security codes come in, never go
//! out, and stand in no message.

use domain::contacts::{NAME_MAX, TEXT_MAX};
use domain::payments::MethodType;
use domain::wallet::{Brand, Card, CardNumber, Expiry, SecurityCode};

use crate::contacts;
use crate::reader::{Field, Reader};

/// Clients compare this sentence, which is older than `Token`.
pub const TYPE_SENTENCE: &str =
    "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check";

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one to a request")]
pub enum Method {
    Card {
        card: Card,
        /// Keep the card in this place, 1 to 3.
        autopay_preference: Option<u8>,
    },
    Cash,
    Check {
        number: Option<String>,
    },
}

/// The method in the child `paymentMethodDTO` of `parent`.
pub fn read_from(parent: &Reader<'_>) -> Option<Method> {
    let dto = match parent.child("paymentMethodDTO") {
        Field::Value(dto) => dto,
        Field::Cleared => {
            parent.wrong_sentence("paymentMethodDTO", TYPE_SENTENCE);
            return None;
        }
        Field::Absent => return None,
    };
    match method_type(&dto)? {
        MethodType::CreditCard => {
            let inside = dto.child(element_of(MethodType::CreditCard)).value();
            let autopay_preference = inside.and_then(|card| preference(&card));
            card(&dto).map(|card| Method::Card { card, autopay_preference })
        }
        MethodType::Cash => Some(Method::Cash),
        MethodType::Check => Some(check(&dto)),
        method @ (MethodType::Ach | MethodType::Token | MethodType::Credit) => {
            dto.wrong(element_of(method), "is not supported yet");
            None
        }
    }
}

/// The type of the method inside, which what is said of it must not contradict.
pub(crate) fn method_type(dto: &Reader<'_>) -> Option<MethodType> {
    let stated = stated_type(dto);
    let inner = inner_type(dto);
    if stated.is_none() || inner.is_some() && inner != stated {
        dto.wrong_sentence("paymentMethod/type", TYPE_SENTENCE);
    }
    inner
}

pub(crate) fn element_of(method: MethodType) -> &'static str {
    match method {
        MethodType::CreditCard => "creditCardPaymentMethod",
        MethodType::Ach => "achPaymentMethod",
        MethodType::Token => "tokenPaymentMethod",
        MethodType::Check => "checkPaymentMethod",
        MethodType::Cash => "cashPaymentMethod",
        MethodType::Credit => "credit",
    }
}

/// What the attribute `type`, the child `type` and `paymentMethod/type` say, if they say one thing that exists.
fn stated_type(dto: &Reader<'_>) -> Option<MethodType> {
    let element = dto.element();
    let children = |name| element.children.iter().filter(move |child| child.name == name);
    let nested = children("paymentMethod").flat_map(|method| &method.children).filter(|child| child.name == "type");
    let texts = children("type").chain(nested).map(|child| child.text.as_str());
    let mut stated = element.attribute("type").map(str::trim).into_iter().chain(texts).filter(|text| !text.is_empty());
    let first = stated.next()?;
    stated.all(|other| other == first).then(|| first.parse().ok()).flatten()
}

/// The type of the one method that is inside.
fn inner_type(dto: &Reader<'_>) -> Option<MethodType> {
    let methods = || MethodType::ALL.iter().copied().filter(|method| *method != MethodType::Credit);
    let of_child = |name: &str| methods().find(|method| element_of(*method) == name);
    let mut inside = dto.element().children.iter().filter_map(|child| of_child(&child.name));
    let first = inside.next();
    if first.is_none() || inside.next().is_some() {
        let names = methods().map(element_of).collect::<Vec<_>>().join(", ");
        dto.wrong("", format_args!("must hold exactly one of {names}"));
        return None;
    }
    first
}

pub(crate) fn card(dto: &Reader<'_>) -> Option<Card> {
    let name = element_of(MethodType::CreditCard);
    let method = dto.required(name, dto.child(name))?;
    let number = method.required("cardNumber", method.parsed("cardNumber", card_number));
    let expiry = method.required("expiry", method.parsed("expiry", expiry));
    card_type(&method, number.as_ref());
    let cvv = method.parsed("cvv", |text| SecurityCode::parse(text).ok_or("must have 3 or 4 digits")).value();
    let holder = method.text("cardholderName", NAME_MAX).value();
    let billing_address = contacts::read_address(&method, "billingAddress");
    Some(Card { number: number?, expiry: expiry?, cvv, holder, billing_address })
}

fn check(dto: &Reader<'_>) -> Method {
    let check = dto.child(element_of(MethodType::Check)).value();
    Method::Check { number: check.and_then(|check| check.text("checkNumber", TEXT_MAX).value()) }
}

/// The brand follows from the number; what is said of it must not contradict.
fn card_type(method: &Reader<'_>, number: Option<&CardNumber>) {
    if brand(method).zip(number).is_some_and(|(brand, number)| brand != number.brand()) {
        method.wrong("cardType", "contradicts cardNumber");
    }
}

pub(crate) fn brand(method: &Reader<'_>) -> Option<Brand> {
    let brands = [Brand::Visa, Brand::MasterCard, Brand::Amex, Brand::Discover].map(|brand| (brand.as_str(), brand));
    method.one_of("cardType", &brands).value()
}

/// Also in the misspelling that is in use.
pub(crate) fn preference(method: &Reader<'_>) -> Option<u8> {
    let right = method.integer("autopayPreference", 1..=3).value();
    let misspelt = method.integer("autopayPreferance", 1..=3).value();
    if right.zip(misspelt).is_some_and(|(one, other)| one != other) {
        method.wrong("autopayPreference", "is given twice, which must agree");
    }
    right.or(misspelt)
}

fn card_number(text: &str) -> Result<CardNumber, &'static str> {
    CardNumber::parse(text).map_err(|_| "must be a card number: 12 to 19 digits with a right check digit")
}

pub(crate) fn expiry(text: &str) -> Result<Expiry, &'static str> {
    Expiry::parse(text).ok_or("must be a month written YYYY-MM-DD or YYYY-MM, for example 2030-12")
}
