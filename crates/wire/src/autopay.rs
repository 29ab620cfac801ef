//! Methods on file (`api.md` §2.6): `<autopay>` with one `paymentMethodDTO` comes in; what goes out is masked, in
//! elements of which none ends in `PaymentMethod`.

use domain::checks::Problems;
use domain::contacts::{NAME_MAX, TEXT_MAX};
use domain::dates::Date;
use domain::payment_methods::{NewMethod, PaymentMethod, Secret};
use domain::payments::MethodType;
use domain::wallet::{AccountNumber, AccountType, BankAccount, GatewayToken, RoutingNumber};
use jiff::tz::TimeZone;

use crate::element::Element;
use crate::payment_methods::{TYPE_SENTENCE, brand, card, element_of, expiry, method_type, preference};
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;
use crate::{contacts, fields};

const TOKEN_MAX: usize = 255;

/// Where a method is kept that does not say where.
const PREFERENCE_DEFAULT: i64 = 1;

pub fn read(autopay: &Element) -> Result<NewMethod, Problems> {
    reader::expect_root(autopay, &["autopay"])?;
    reader::read(autopay, |autopay| {
        let name = "paymentMethodDTO";
        let dto = match autopay.child(name) {
            Field::Cleared => {
                autopay.wrong_sentence(name, TYPE_SENTENCE);
                return None;
            }
            dto => autopay.required(name, dto)?,
        };
        let method_type = method_type(&dto)?;
        let preference = kept_at(&dto, method_type);
        let secret = match method_type {
            MethodType::CreditCard => card(&dto).map(|card| Secret::Card(Box::new(card))),
            MethodType::Ach => account(&dto).map(|account| Secret::BankAccount(Box::new(account))),
            MethodType::Token => token(&dto),
            MethodType::Check => Some(check(&dto)),
            MethodType::Cash => Some(Secret::Cash),
            // Nothing that anybody has: it can't be inside.
            MethodType::Credit => None,
        };
        Some(NewMethod { preference, secret: secret? })
    })
}

/// All methods of a customer, as far as they may be shown.
pub fn write(methods: &[PaymentMethod], today: Date, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(1024);
    writer.element("list", |list| {
        for method in methods {
            list.object("autopay", method.id, |autopay| {
                autopay.value("autopayPreference", method.preference);
                autopay.value("paymentMethodType", method.method_type);
                autopay.text("paymentMethodContext", &method.context());
                autopay.boolean("isExpired", method.is_expired(today));
                fields::write_stamps(autopay, method.created_at, method.updated_at, zone);
            });
        }
    });
    writer.finish()
}

/// Where the method says, or what it is in: an empty method, as cash is, has no place for it.
fn kept_at(dto: &Reader<'_>, method_type: MethodType) -> i64 {
    let inside = dto.child(element_of(method_type)).value().and_then(|method| preference(&method));
    let beside = preference(dto);
    if inside.zip(beside).is_some_and(|(inside, beside)| inside != beside) {
        dto.wrong("autopayPreference", "is given twice, which must agree");
    }
    inside.or(beside).map_or(PREFERENCE_DEFAULT, i64::from)
}

/// Its number is not kept, but must be one that a payment could have.
fn check(dto: &Reader<'_>) -> Secret {
    if let Field::Value(check) = dto.child(element_of(MethodType::Check)) {
        check.text("checkNumber", TEXT_MAX);
    }
    Secret::Check
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

fn routing_number(text: &str) -> Result<RoutingNumber, &'static str> {
    RoutingNumber::parse(text).ok_or("must be a routing number: 9 digits with a right check digit")
}

fn account_number(text: &str) -> Result<AccountNumber, &'static str> {
    AccountNumber::parse(text).ok_or("must have 4 to 17 digits")
}
