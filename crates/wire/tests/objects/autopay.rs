//! Methods on file as they are read and written.

use domain::ids::{CustomerId, PaymentMethodId};
use domain::payment_methods::{NewMethod, PaymentMethod, Secret, Shown};
use domain::payments::MethodType;
use domain::wallet::{AccountType, Brand, Expiry};
use proptest::prelude::*;
use wire::autopay;
use wire::payment_methods::TYPE_SENTENCE;

use crate::samples::{element, lines, messages, payment, zone};

/// Seed 002, section 4.1.7, word for word.
const SEED: &str = "<autopay>
<paymentMethodDTO type=\"CreditCard\">
<creditCardPaymentMethod>
<autopayPreference>1</autopayPreference>
<cardNumber>4111111111111111</cardNumber>
<expiry>2010-12-31</expiry>
<cardType>Visa</cardType>
<cardholderName>John Villanova</cardholderName>
<cvv>1234</cvv>
<billingAddress>
<street1>9872 Central St</street1>
<city>Anytown</city>
<state>AK</state>
<zip>11001</zip>
<country>USA</country>
</billingAddress>
</creditCardPaymentMethod>
</paymentMethodDTO>
</autopay>";

const CARD: &str = "paymentMethodDTO/creditCardPaymentMethod";
const ACH: &str = "paymentMethodDTO/achPaymentMethod";

fn read(xml: &str) -> NewMethod {
    autopay::read(&element(xml)).unwrap_or_else(|problems| panic!("{xml}: {problems}"))
}

fn wrong(xml: &str) -> Vec<String> {
    messages(autopay::read(&element(xml)))
}

fn of(kind: &str, name: &str, inside: &str) -> String {
    format!("<autopay><paymentMethodDTO type=\"{kind}\"><{name}>{inside}</{name}></paymentMethodDTO></autopay>")
}

fn ach(inside: &str) -> String {
    of("ACH", "achPaymentMethod", inside)
}

#[test]
fn the_sample_of_the_seed_is_read_with_everything_in_it() {
    let NewMethod { preference, secret: Secret::Card(card) } = read(SEED) else { panic!("no card") };
    assert_eq!((preference, card.expiry), (1, Expiry { year: 2010, month: 12 }));
    assert_eq!(card.number.expose(), "4111111111111111");
    assert_eq!(card.cvv.unwrap().expose(), "1234");
    assert_eq!(card.holder.as_deref(), Some("John Villanova"));
    assert_eq!(card.billing_address.unwrap().street1.as_deref(), Some("9872 Central St"));
}

#[test]
fn c_pay_m08_a_preference_that_is_missing_is_the_first_and_a_misspelt_one_counts() {
    assert_eq!(read(&SEED.replace("<autopayPreference>1</autopayPreference>", "")).preference, 1);
    for spelling in ["autopayPreference", "autopayPreferance"] {
        let xml = SEED.replace("autopayPreference", spelling);
        for (text, preference) in [("1", 1), ("2", 2), (" 3 ", 3), ("", 1)] {
            assert_eq!(read(&xml.replace(">1<", &format!(">{text}<"))).preference, preference, "{spelling}");
        }
        for text in ["0", "4", "-1", "one", "1.0", "9999999999999999999"] {
            let expected = format!("{CARD}/{spelling} must be a whole number from 1 to 3.");
            assert_eq!(wrong(&xml.replace(">1<", &format!(">{text}<"))), [expected], "{text}");
        }
    }
}

#[test]
fn the_type_may_stand_in_three_places() {
    let child = SEED.replace(" type=\"CreditCard\">", "><type>CreditCard</type>");
    let nested = SEED.replace(" type=\"CreditCard\">", "><paymentMethod><type>CreditCard</type></paymentMethod>");
    for xml in [child, nested] {
        assert_eq!(read(&xml).secret.method_type(), MethodType::CreditCard, "{xml}");
    }
}

#[test]
fn c_pay_m11_a_type_that_is_missing_unknown_or_contradicting_gives_the_sentence() {
    for kind in ["ACH", "Token", "creditcard", "Bitcoin", ""] {
        assert_eq!(wrong(&SEED.replace("\"CreditCard\"", &format!("\"{kind}\""))), [TYPE_SENTENCE], "{kind}");
    }
    assert_eq!(wrong(&SEED.replace(" type=\"CreditCard\"", "")), [TYPE_SENTENCE]);
    assert_eq!(wrong(&SEED.replace("\"CreditCard\">", "\"CreditCard\"><type>ACH</type>")), [TYPE_SENTENCE]);
    assert_eq!(wrong("<autopay><paymentMethodDTO/></autopay>"), [TYPE_SENTENCE]);
}

#[test]
fn there_is_exactly_one_method() {
    assert_eq!(wrong("<autopay/>"), ["paymentMethodDTO is required."]);
    let none = wrong("<autopay><paymentMethodDTO type=\"Cash\"/></autopay>");
    assert!(none[0].starts_with("paymentMethodDTO must hold exactly one of creditCardPaymentMethod, "), "{none:?}");
    let two = wrong(&SEED.replace("</creditCardPaymentMethod>", "</creditCardPaymentMethod><cashPaymentMethod/>"));
    assert!(two[0].starts_with("paymentMethodDTO must hold exactly one of "), "{two:?}");
    let twice = SEED.replace("</paymentMethodDTO>", "</paymentMethodDTO><paymentMethodDTO type=\"Cash\"/>");
    assert_eq!(wrong(&twice), ["paymentMethodDTO appears twice; it may appear only once."]);
    assert_eq!(wrong("<payment/>"), ["The root element must be autopay."]);
}

#[test]
fn everything_that_is_wrong_with_a_card_is_told_at_once_and_none_of_it_repeated() {
    let bad = SEED
        .replace("4111111111111111", "4111111111111112")
        .replace("2010-12-31", "soon")
        .replace(">1234<", ">12345<")
        .replace(">1<", ">9<");
    let found = wrong(&bad);
    assert_eq!(
        found,
        [
            format!("{CARD}/autopayPreference must be a whole number from 1 to 3."),
            format!("{CARD}/cardNumber must be a card number: 12 to 19 digits with a right check digit."),
            format!("{CARD}/expiry must be a month written YYYY-MM-DD or YYYY-MM, for example 2030-12."),
            format!("{CARD}/cvv must have 3 or 4 digits."),
        ]
    );
    let contradicts = wrong(&SEED.replace(">Visa<", ">Amex<"));
    assert_eq!(contradicts, [format!("{CARD}/cardType contradicts cardNumber.")]);
    let empty = wrong(&of("CreditCard", "creditCardPaymentMethod", ""));
    assert_eq!(empty, [format!("{CARD} is required.")]);
}

#[test]
fn a_bank_account_is_read_and_checked() {
    let xml = ach("<autopayPreference>2</autopayPreference><routingNumber>021000021</routingNumber>\
         <accountNumber>12345678</accountNumber><accountType>Savings</accountType>\
         <accountHolderName>Bill Joseph</accountHolderName><bankName>First</bankName>");
    let NewMethod { preference, secret: Secret::BankAccount(account) } = read(&xml) else { panic!("no account") };
    assert_eq!((preference, account.account_type, account.routing.as_str()), (2, AccountType::Savings, "021000021"));
    assert_eq!(account.number.expose(), "12345678");
    let plain = ach("<routingNumber>021000021</routingNumber><accountNumber>1234</accountNumber>");
    assert!(
        matches!(read(&plain).secret, Secret::BankAccount(account) if account.account_type == AccountType::Checking)
    );
    let bad = ach(
        "<routingNumber>123456789</routingNumber><accountNumber>123</accountNumber><accountType>Gold</accountType>",
    );
    assert_eq!(
        wrong(&bad),
        [
            format!("{ACH}/routingNumber must be a routing number: 9 digits with a right check digit."),
            format!("{ACH}/accountNumber must have 4 to 17 digits."),
            format!("{ACH}/accountType must be one of Checking, Savings."),
        ]
    );
    assert_eq!(wrong(&ach("<bankName>First</bankName>")).len(), 2);
}

#[test]
fn tokens_checks_and_cash_are_read() {
    let inside = "<autopayPreference>3</autopayPreference><token>tok-1</token><cardType>Visa</cardType>\
        <expiry>2030-12</expiry>";
    let token = read(&of("Token", "tokenPaymentMethod", inside));
    let Secret::Token { token: text, brand, expiry } = &token.secret else { panic!("no token") };
    assert_eq!((token.preference, text.expose(), *brand), (3, "tok-1", Some(Brand::Visa)));
    assert_eq!(*expiry, Some(Expiry { year: 2030, month: 12 }));
    let missing = wrong(&of("Token", "tokenPaymentMethod", "<cardType>Visa</cardType>"));
    assert_eq!(missing, ["paymentMethodDTO/tokenPaymentMethod/token is required."]);
    let check = "<checkNumber>12</checkNumber><autopayPreference>2</autopayPreference>";
    let check = read(&of("Check", "checkPaymentMethod", check));
    assert_eq!((check.preference, check.secret.method_type()), (2, MethodType::Check));
    let cash = read("<autopay><paymentMethodDTO type=\"Cash\"><cashPaymentMethod/></paymentMethodDTO></autopay>");
    assert_eq!((cash.preference, cash.secret.method_type()), (1, MethodType::Cash));
}

#[test]
fn the_list_shows_what_may_be_shown() {
    let made = payment().head.created_at;
    let method = |id, preference, method_type, shown| PaymentMethod {
        id: PaymentMethodId(id),
        customer: CustomerId(366),
        preference,
        method_type,
        shown,
        created_at: made,
        updated_at: made,
    };
    let visa = Shown {
        brand: Some("Visa".to_owned()),
        last_digits: Some("1111".to_owned()),
        expiry: Some(Expiry { year: 2010, month: 12 }),
    };
    let methods = [method(5, 1, MethodType::CreditCard, visa), method(6, 2, MethodType::Cash, Shown::default())];
    let today = domain::dates::Date::new(2011, 9, 20);
    insta::assert_snapshot!(lines(&autopay::write(&methods, today, &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <list>
    <autopay id="5">
    <autopayPreference>1</autopayPreference>
    <paymentMethodType>CreditCard</paymentMethodType>
    <paymentMethodContext>Visa: 1111</paymentMethodContext>
    <isExpired>true</isExpired>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </autopay>
    <autopay id="6">
    <autopayPreference>2</autopayPreference>
    <paymentMethodType>Cash</paymentMethodType>
    <paymentMethodContext>Cash</paymentMethodContext>
    <isExpired>false</isExpired>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </autopay>
    </list>
    "#);
    assert!(autopay::write(&[], today, &zone()).ends_with("<list/>"));
}

proptest! {
    #[test]
    fn no_message_and_no_debug_output_repeats_a_number(number in "[0-9]{4,25}", holder in "[0-9]{12,19}") {
        let card = SEED.replace("4111111111111111", &number).replace("John Villanova", &holder).replace(">Visa<", "><");
        let account = ach(&format!("<routingNumber>021000021</routingNumber><accountNumber>{number}</accountNumber>"));
        for xml in [card, account] {
            match autopay::read(&element(&xml)) {
                Ok(new) => {
                    let text = format!("{new:?}").replace(&format!("{holder:?}"), "").replace("021000021", "");
                    prop_assert!(!text.contains(&number), "{}", text);
                }
                Err(problems) => prop_assert!(number.len() < 12 || !problems.to_string().contains(&number)),
            }
        }
    }
}
