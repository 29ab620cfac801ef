//! How a payment is made: the `paymentMethodDTO` (`api.md` §2.6). Card numbers and security codes come in, never go
//! out, and stand in no message.

use domain::contacts::{NAME_MAX, TEXT_MAX};
use domain::payment_methods::{PREFERENCES, Secret};
use domain::payments::MethodType;
use domain::wallet::{
    AccountNumber, AccountType, BankAccount, Brand, Card, CardNumber, Expiry, GatewayToken, RoutingNumber, SecurityCode,
};

use crate::contacts;
use crate::reader::{Field, Reader};

/// Clients compare this sentence, which is older than `Token`.
pub const TYPE_SENTENCE: &str =
    "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check";

const TOKEN_MAX: usize = 255;

/// A method to pay with.
#[derive(Clone, Debug)]
pub struct Method {
    pub secret: Secret,
    /// Of a check.
    pub check_number: Option<String>,
    /// Keep the method in this place, 1 to 3.
    pub autopay_preference: Option<i64>,
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
    let method_type = method_type(&dto)?;
    let autopay_preference = preference(&dto, method_type);
    let check_number = if method_type == MethodType::Check { check_number(&dto) } else { None };
    Some(Method { secret: secret(&dto, method_type)?, check_number, autopay_preference })
}

/// What is inside, which is of this type.
pub(crate) fn secret(dto: &Reader<'_>, method_type: MethodType) -> Option<Secret> {
    match method_type {
        MethodType::CreditCard => card(dto).map(|card| Secret::Card(Box::new(card))),
        MethodType::Ach => account(dto).map(|account| Secret::BankAccount(Box::new(account))),
        MethodType::Token => token(dto),
        MethodType::Check => Some(Secret::Check),
        MethodType::Cash => Some(Secret::Cash),
        // Nothing that anybody has: it can't be inside.
        MethodType::Credit => None,
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

fn element_of(method: MethodType) -> &'static str {
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

fn card(dto: &Reader<'_>) -> Option<Card> {
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

fn account(dto: &Reader<'_>) -> Option<BankAccount> {
    let name = element_of(MethodType::Ach);
    let method = dto.required(name, dto.child(name))?;
    let routing = method.required("routingNumber", method.parsed("routingNumber", routing_number));
    let number = method.required("accountNumber", method.parsed("accountNumber", account_number));
    let types = [AccountType::Checking, AccountType::Savings].map(|one| (one.as_str(), one));
    let account_type = method.one_of("accountType", &types).or(AccountType::Checking);
    let holder = method.text("accountHolderName", NAME_MAX).value();
    let bank_name = method.text("bankName", TEXT_MAX).value();
    let billing_address = contacts::read_address(&method, "billingAddress");
    Some(BankAccount { routing: routing?, number: number?, account_type, holder, bank_name, billing_address })
}

fn token(dto: &Reader<'_>) -> Option<Secret> {
    let name = element_of(MethodType::Token);
    let method = dto.required(name, dto.child(name))?;
    let token = method.required_text("token", TOKEN_MAX);
    let brand = brand(&method);
    let expiry = method.parsed("expiry", expiry).value();
    Some(Secret::Token { token: GatewayToken::new(&token?), brand, expiry })
}

/// On file it is not kept, but it must be one that a payment could have.
pub(crate) fn check_number(dto: &Reader<'_>) -> Option<String> {
    let check = dto.child(element_of(MethodType::Check)).value();
    check.and_then(|check| check.text("checkNumber", TEXT_MAX).value())
}

fn routing_number(text: &str) -> Result<RoutingNumber, &'static str> {
    RoutingNumber::parse(text).ok_or("must be a routing number: 9 digits with a right check digit")
}

fn account_number(text: &str) -> Result<AccountNumber, &'static str> {
    AccountNumber::parse(text).ok_or("must have 4 to 17 digits")
}

/// The brand follows from the number; what is said of it must not contradict.
fn card_type(method: &Reader<'_>, number: Option<&CardNumber>) {
    if brand(method).zip(number).is_some_and(|(brand, number)| brand != number.brand()) {
        method.wrong("cardType", "contradicts cardNumber");
    }
}

fn brand(method: &Reader<'_>) -> Option<Brand> {
    let brands = [Brand::Visa, Brand::MasterCard, Brand::Amex, Brand::Discover].map(|brand| (brand.as_str(), brand));
    method.one_of("cardType", &brands).value()
}

/// Where it is to be kept: it says so, or what it is in does, as an empty method, such as cash, has no place for it.
pub(crate) fn preference(dto: &Reader<'_>, method_type: MethodType) -> Option<i64> {
    let inside = dto.child(element_of(method_type)).value().and_then(|method| stated_preference(&method));
    let beside = stated_preference(dto);
    if inside.zip(beside).is_some_and(|(inside, beside)| inside != beside) {
        dto.wrong("autopayPreference", "is given twice, which must agree");
    }
    inside.or(beside)
}

/// Also in the misspelling that is in use.
fn stated_preference(method: &Reader<'_>) -> Option<i64> {
    let right = method.integer("autopayPreference", PREFERENCES).value();
    let misspelt = method.integer("autopayPreferance", PREFERENCES).value();
    if right.zip(misspelt).is_some_and(|(one, other)| one != other) {
        method.wrong("autopayPreference", "is given twice, which must agree");
    }
    right.or(misspelt)
}

fn card_number(text: &str) -> Result<CardNumber, &'static str> {
    CardNumber::parse(text).map_err(|_| "must be a card number: 12 to 19 digits with a right check digit")
}

fn expiry(text: &str) -> Result<Expiry, &'static str> {
    Expiry::parse(text).ok_or("must be a month written YYYY-MM-DD or YYYY-MM, for example 2030-12")
}
